package street

import (
	"sync/atomic"
	"time"

	"yizhan/geo"
	"yizhan/geo/hours"
)

// Passage is what a search needs to know of a barrier at a minute.
type Passage struct {
	Verdict geo.Verdict
	// Delay is the time that passing takes, in milliseconds.
	Delay uint32
	// Through says that one may pass to go on elsewhere, not only to call at
	// what lies behind.
	Through bool
}

// Rule is the compiled form of what stands at a barrier or on a way: what its
// tags say, and the closures that it is under. It is immutable but for a cache
// and safe for concurrent use.
//
// What holds at an instant is the first that applies: a closure that closes,
// a closure that opens, the entered record of the gate or of the one that it
// is part of, the tags of the map.
// A closing beats an opening, as who closes a street may know of a danger that
// who opened it did not.
type Rule struct {
	tags *tagRule
	// over is nil where there is no closure.
	over *overlay
	// entered says that the tags come from an entered record, hoursOnly that
	// only their hours do.
	entered, hoursOnly bool
}

// tagRule is the compiled form of tags.
type tagRule struct {
	kind  kind
	sched *hours.Schedule
	// own lists, for each mode, the tags that speak of it, the most specific
	// first; a conditional stands before the plain value of the same key.
	own      [geo.NumModes][]source
	general  []source // access
	delivery []source
	locked   []source
	// timed says that the rule changes with the hour, unread that a tag could
	// not be read.
	timed, unread bool
	// varies says that a conditional tag may change who is let in, not only
	// when.
	varies bool
	// keyed says that it is a door without anybody at it, which opens to a
	// card or a key.
	keyed bool
	// sun says that the hours may hang on the sun, and so on the place.
	sun bool
	// fixed is what a rule that is not timed gives.
	fixed [geo.NumModes]Passage
	// days caches what the tags say on an even and on an odd day.
	days [2]atomic.Pointer[timeline]
}

// source is one tag: a plain value, or a conditional one.
type source struct {
	value string
	cond  *hours.Conditional
}

func newRule(k kind, tags geo.Tags) *Rule {
	r := &Rule{tags: newTagRule(k, tags)}
	r.tags.sun = mentionsSun(tags)
	return r
}

// BarrierRule returns the rule of a barrier.
func (n *Network) BarrierRule(barrier uint32) *Rule { return n.barrierRules[barrier] }

// WayRule returns the rule of a street edge where it changes with the hour,
// nil where it does not.
func (n *Network) WayRule(edge uint32) *Rule {
	if n.edgeRule != nil {
		if i := n.edgeRule[edge]; i != 0 {
			return n.overRules[i-1]
		}
	}
	if r := n.wayRule[n.edgeWay[edge]]; r != None {
		return n.wayRules[r]
	}
	return nil
}

// WayVaries says whether what the tags of a street edge's way say changes with
// the hour, closures apart.
func (n *Network) WayVaries(edge uint32) bool { return n.wayRule[n.edgeWay[edge]] != None }

// Timed says whether the rule changes with the hour.
func (r *Rule) Timed() bool { return r.over != nil || r.tags.timed }

// Pass returns what a caller of a mode meets at an instant. It is the cheap
// form of At for searches.
func (r *Rule) Pass(m geo.Mode, t time.Time, where hours.Place) Passage {
	if r.over != nil {
		switch r.over.at(m, t.UnixMilli()) {
		case overClosed:
			return Passage{Verdict: geo.Closed}
		case overOpen:
			return r.tags.opened()
		}
	}
	if !r.tags.timed {
		return r.tags.fixed[m]
	}
	return r.tags.pass(m, t, where)
}

// opened is what one meets while a closure holds the barrier open.
func (r *tagRule) opened() Passage {
	return Passage{geo.Open, r.delay(decision{verdict: geo.Open}), true}
}

// Opens returns the first instant from t on at which a caller of a mode may
// pass: the end of the closures that it is under, or when the tags next let
// one in. It is false where none is known, within sixty changes of what the
// tags say after the day of t. It is cheap where it is asked about the same
// days again.
func (r *Rule) Opens(m geo.Mode, t time.Time, where hours.Place) (time.Time, bool) {
	if r.over == nil {
		return r.tags.opens(m, t, where)
	}
	for {
		ms := t.UnixMilli()
		state, until := r.over.span(m, ms)
		switch state {
		case overOpen:
			return t, true
		case overNone:
			// The tags rule until the next closure begins.
			if o, ok := r.tags.opens(m, t, where); ok && o.UnixMilli() < until {
				return o, true
			}
		}
		if until == endless {
			return time.Time{}, false
		}
		t = time.UnixMilli(until).In(t.Location())
	}
}

// Best returns a lower bound of what a caller of a mode meets at the instants
// from one to another, both included: the best verdict, the smallest delay of
// a passage that is not closed, and Through where that may hold at any moment.
// No Pass of the time between is better, and it is Closed only where all of
// them are.
//
// Beyond two days what tags say is not looked at, but taken for the best that
// there is.
func (r *Rule) Best(m geo.Mode, from, to time.Time, where hours.Place) Passage {
	return r.bound(m, from, to, where).Passage
}

// Steady says whether Pass is the same at all instants from one to another,
// both included, and so what Best gives. It is false where that is not looked
// at.
func (r *Rule) Steady(m geo.Mode, from, to time.Time, where hours.Place) bool {
	return r.bound(m, from, to, where).steady
}

func (r *Rule) bound(m geo.Mode, from, to time.Time, where hours.Place) bound {
	b := noBound
	if r.over == nil {
		r.tags.bound(&b, m, from, to, where)
		return b
	}
	zone, hi := from.Location(), to.UnixMilli()
	for from.UnixMilli() <= hi {
		state, until := r.over.span(m, from.UnixMilli())
		end := to
		if until <= hi {
			end = time.UnixMilli(until - 1).In(zone)
		}
		switch state {
		case overClosed:
			b.add(Passage{Verdict: geo.Closed})
		case overOpen:
			b.add(r.tags.opened())
		case overNone:
			r.tags.bound(&b, m, from, end, where)
		}
		if until > hi {
			break
		}
		from = time.UnixMilli(until).In(zone)
	}
	return b
}

// bound gathers the lower bound of passages.
type bound struct {
	Passage
	// steady says that all were alike, none that there were none yet.
	steady, none bool
}

var noBound = bound{steady: true, none: true}

func (b *bound) add(p Passage) {
	switch {
	case b.none:
		b.Passage, b.none = p, false
		return
	case b.Passage == p:
		return
	}
	b.steady = false
	switch {
	case p.Verdict == geo.Closed:
	case b.Verdict == geo.Closed:
		b.Passage = p
	default:
		b.Passage = Passage{min(b.Verdict, p.Verdict), min(b.Delay, p.Delay), b.Through || p.Through}
	}
}

// At returns what a caller of a mode meets at an instant, with the reason.
func (r *Rule) At(m geo.Mode, t time.Time, where hours.Place) Access {
	if where.Zone != nil {
		t = t.In(where.Zone)
	}
	if r.over == nil {
		return r.byRecord(r.tags.at(m, t, where), m, t, where)
	}
	state, until := r.over.span(m, t.UnixMilli())
	switch state {
	case overClosed:
		a := Access{Verdict: geo.Closed}
		a.Opens, _ = r.Opens(m, t, where)
		a.Reason = r.over.closedReason(m, t, until)
		return a
	case overOpen:
		p := r.tags.opened()
		return Access{Verdict: p.Verdict, Delay: float64(p.Delay) / 1000, Through: true, Reason: r.over.openReason(m, t, until)}
	}
	a := r.tags.at(m, t, where)
	switch {
	case a.Verdict == geo.Closed:
		// A closure may stand in the way of what the tags promise.
		if opens, _ := r.Opens(m, t, where); !opens.Equal(a.Opens) {
			a.Opens = opens
			a.Reason = r.tags.reason(r.tags.decide(m, t, where), m, t, where, opens)
		}
	case !a.Opens.IsZero() && r.over.at(m, a.Opens.UnixMilli()) == overClosed:
		a.Opens = time.Time{}
		a.Reason = r.tags.reason(r.tags.decide(m, t, where), m, t, where, a.Opens)
	}
	a = r.byRecord(a, m, t, where)
	if a.Verdict != geo.Closed && until != endless {
		a.Reason = r.over.soonReason(a.Reason, m, t, until)
	}
	return a
}

// byRecord says so where an access rests on an entered record. One that gave
// the hours only does not answer for what the map says beside them.
func (r *Rule) byRecord(a Access, m geo.Mode, t time.Time, where hours.Place) Access {
	if !r.entered {
		return a
	}
	if r.hoursOnly {
		switch c := r.tags.decide(m, t, where).cause; {
		case c == causeHours || c == causeUnread:
		case a.Verdict == geo.Closed:
			return a
		default:
			a.Reason = geo.Text{Zh: a.Reason.Zh + "（开放时间据登记资料）", En: a.Reason.En + " (hours by the entered record)"}
			return a
		}
	}
	a.Reason = geo.Text{Zh: "据登记资料，" + a.Reason.Zh, En: "By the entered record: " + lowerFirst(a.Reason.En)}
	return a
}

// lowerFirst writes a sentence as it stands after a colon.
func lowerFirst(s string) string {
	if s != "" && s[0] >= 'A' && s[0] <= 'Z' {
		return string(s[0]+'a'-'A') + s[1:]
	}
	return s
}
