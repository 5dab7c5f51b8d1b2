package street

import (
	"math"
	"reflect"
	"sort"
	"strings"
	"sync/atomic"
	"time"

	"github.com/paulmach/orb"

	"yizhan/geo"
	"yizhan/geo/hours"
)

// timeline is what tags say through one day, counted from midnight UTC, so
// that a search that meets a gate again and again reads its hours once.
// Instants are Unix times in milliseconds.
//
// Days are fixed, and not spans around what was asked for, so that an answer
// never depends on what was asked before; two are kept, as a journey may run
// from one into the next.
type timeline struct {
	day int64
	// zone, holidays and, where the hours hang on the sun, point are those
	// that it was worked out for.
	zone     *time.Location
	holidays hours.Holidays
	point    orb.Point
	// steps[i] holds from its instant to that of the next one, the last one
	// until end: the end of the day, or earlier where there are too many
	// changes to keep.
	steps []step
	end   int64
	// later caches the first instant from end on at which one may pass: 0
	// where it was not asked for yet, never where none is known.
	later [geo.NumModes]atomic.Int64
}

type step struct {
	from int64
	pass [geo.NumModes]Passage
}

const (
	dayMillis = 24 * 60 * 60 * 1000
	// maxStep bounds the changes that a timeline keeps.
	maxStep = 100
	// probe is how far one looks where a conditional tag knows of no change:
	// it looks at two hundred changes of its conditions, of a minute at least.
	probe = 3 * time.Hour
)

// mentionsSun says whether hours may name sunrise, sunset, dawn or dusk. It
// takes a Sunday for the sun, which costs nothing but a little time.
func mentionsSun(tags geo.Tags) bool {
	for k, v := range tags {
		if !accessKey(k) {
			continue
		}
		v = strings.ToLower(v)
		for _, w := range [...]string{"sun", "dawn", "dusk", "日", "黎明", "黄昏"} {
			if strings.Contains(v, w) {
				return true
			}
		}
	}
	return false
}

// dayOf returns the day that an instant lies in.
func dayOf(ms int64) int64 {
	d := ms / dayMillis
	if ms%dayMillis < 0 {
		d--
	}
	return d
}

// timeline returns what the tags say on the day of an instant. Where the kept
// one is for another point, as for a park whose hours hang on the sun and hold
// for many ways, it is left there: another one is made where made says so, else
// nil is returned.
func (r *tagRule) timeline(ms int64, zone *time.Location, where hours.Place, made bool) *timeline {
	if where.Zone != nil {
		zone = where.Zone
	}
	day := dayOf(ms)
	slot := &r.days[day&1]
	if l := slot.Load(); l != nil && l.day == day && l.zone == zone && same(l.holidays, where.Holidays) {
		switch {
		case !r.sun || l.point == where.Point:
			return l
		case !made:
			return nil
		}
		return r.newTimeline(day, zone, where)
	}
	l := r.newTimeline(day, zone, where)
	slot.Store(l)
	return l
}

// same compares two calendars; those that cannot be compared differ.
func same(a, b hours.Holidays) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	return reflect.TypeOf(a).Comparable() && a == b
}

func (r *tagRule) newTimeline(day int64, zone *time.Location, where hours.Place) *timeline {
	where.Zone = zone
	l := &timeline{day: day, zone: zone, holidays: where.Holidays, point: where.Point, end: (day + 1) * dayMillis}
	end := time.UnixMilli(l.end).In(zone)
	for t := time.UnixMilli(day * dayMillis).In(zone); t.Before(end); {
		if len(l.steps) == maxStep {
			l.end, end = t.UnixMilli(), t
			break
		}
		s := step{from: t.UnixMilli()}
		for m := range s.pass {
			s.pass[m] = r.passage(geo.Mode(m), t, where)
		}
		if k := len(l.steps); k == 0 || l.steps[k-1].pass != s.pass {
			l.steps = append(l.steps, s)
		}
		next := r.nextChange(t, where)
		if until := t.Add(probe); r.varies && (next.IsZero() || next.After(until)) {
			next = until
		}
		if next.IsZero() {
			break
		}
		t = next
	}
	return l
}

// never is the instant of what does not happen.
const never = math.MinInt64

// afterwards returns the first instant from the end of a timeline on at which
// one may pass, never where none is known.
func (r *tagRule) afterwards(l *timeline, m geo.Mode) int64 {
	if at := l.later[m].Load(); at != 0 {
		return at
	}
	at := int64(never)
	where := hours.Place{Point: l.point, Zone: l.zone, Holidays: l.holidays}
	if t, ok := r.first(m, time.UnixMilli(l.end).In(l.zone), where, geo.Verdict.Passable); ok {
		at = t.UnixMilli()
	}
	l.later[m].Store(at)
	return at
}

// index returns the step that holds at an instant of the timeline.
func (l *timeline) index(ms int64) int {
	return sort.Search(len(l.steps), func(i int) bool { return l.steps[i].from > ms }) - 1
}

// pass is passage by the timeline.
func (r *tagRule) pass(m geo.Mode, t time.Time, where hours.Place) Passage {
	ms := t.UnixMilli()
	l := r.timeline(ms, t.Location(), where, false)
	if l == nil || ms >= l.end {
		return r.passage(m, t, where)
	}
	return l.steps[l.index(ms)].pass[m]
}

// opens returns the first instant from t on at which the tags let one pass.
func (r *tagRule) opens(m geo.Mode, t time.Time, where hours.Place) (time.Time, bool) {
	if !r.timed {
		if !r.fixed[m].Verdict.Passable() {
			return time.Time{}, false
		}
		return t, true
	}
	ms := t.UnixMilli()
	l := r.timeline(ms, t.Location(), where, false)
	if l == nil || ms >= l.end {
		return r.first(m, t, where, geo.Verdict.Passable)
	}
	for i := l.index(ms); i < len(l.steps); i++ {
		if !l.steps[i].pass[m].Verdict.Passable() {
			continue
		}
		if l.steps[i].from <= ms {
			return t, true
		}
		return time.UnixMilli(l.steps[i].from).In(l.zone), true
	}
	if at := r.afterwards(l, m); at != never {
		return time.UnixMilli(at).In(l.zone), true
	}
	return time.Time{}, false
}

// anything is the lower bound of all passages.
var anything = Passage{Verdict: geo.Open, Through: true}

// bound adds what the tags say from one instant to another to a lower bound.
func (r *tagRule) bound(b *bound, m geo.Mode, from, to time.Time, where hours.Place) {
	if !r.timed {
		b.add(r.fixed[m])
		return
	}
	lo, hi := from.UnixMilli(), to.UnixMilli()
	for range 2 {
		l := r.timeline(lo, from.Location(), where, true)
		if lo >= l.end {
			break
		}
		for i := l.index(lo); i < len(l.steps) && l.steps[i].from <= hi; i++ {
			b.add(l.steps[i].pass[m])
		}
		if hi < l.end || b.Verdict == geo.Closed && r.afterwards(l, m) > hi {
			return
		}
		lo = l.end
	}
	b.add(anything)
	b.steady = false
}
