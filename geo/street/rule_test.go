package street

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"yizhan/geo"
	"yizhan/geo/hours"
)

var cst = time.FixedZone("CST", 8*3600)

// someHours are hours of every sort: plain, past midnight, by the sun, by
// season, by holiday, constant, of many changes, not to be told, and unread.
var someHours = []string{
	"", "24/7", "06:00-22:00", "Mo-Fr 08:00-18:00; Sa 09:00-12:00", "22:00-05:00", "sunrise-sunset", "dawn-dusk; PH off",
	"Apr-Sep 06:00-21:00; Oct-Mar 07:00-19:00", "Jul 01-Aug 31 off; 07:00-20:00", "Mo-Fr 09:00-11:30,14:00-17:00; SH off",
	"08:00+", "off", "2020", `Mo-Su "on call"`, "no hours at all", "PH 10:00-12:00; Mo-Sa 06:00-09:00,11:00-13:30,17:00-20:00",
}

var someConditions = []string{
	"", "no @ (22:00-06:00)", "yes @ (06:00-09:00,11:00-13:30)", "delivery @ (Mo-Fr 08:00-18:00); private @ (Sa-Su)",
	"no @ (wet)", "private @ (22:00-06:00 AND Mo-Fr)", "yes @ (sunrise-sunset)", "no @ (2026 Dec 24-2027 Jan 02)", "no @ nonsense )(",
}

var someWords = []string{"", "yes", "no", "private", "delivery", "dismount", "permit", "what"}

// drawTags makes up tags of a gate.
func drawTags(t *rapid.T) geo.Tags {
	tags := geo.Tags{}
	set := func(key string, from []string) {
		if v := rapid.SampledFrom(from).Draw(t, key); v != "" {
			tags[key] = v
		}
	}
	set("opening_hours", someHours)
	set("access", someWords)
	set("access:conditional", someConditions)
	set(rapid.SampledFrom([]string{"foot", "bicycle", "electric_bicycle", "delivery"}).Draw(t, "own"), someWords)
	set(rapid.SampledFrom([]string{"foot:conditional", "bicycle:conditional", "delivery:conditional", "locked:conditional"}).Draw(t, "when"), someConditions)
	set("locked", []string{"", "", "yes"})
	return tags
}

var zones = func() []*time.Location {
	list := []*time.Location{cst}
	for _, name := range []string{"Europe/Berlin", "America/Vancouver"} {
		if z, err := time.LoadLocation(name); err == nil {
			list = append(list, z)
		}
	}
	return list
}()

func drawWhere(t *rapid.T) hours.Place {
	return hours.Place{
		Point:    rapid.SampledFrom([]orb.Point{{116.35, 39.96}, {-123.1, 49.3}, {0, 0}}).Draw(t, "point"),
		Zone:     rapid.SampledFrom(zones).Draw(t, "zone"),
		Holidays: rapid.SampledFrom([]hours.Holidays{nil, hours.NoHolidays{}, hours.China()}).Draw(t, "holidays"),
	}
}

var someYear = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// drawTime picks a moment of a year; near picks one within two days of it.
func drawTime(t *rapid.T) time.Time {
	return someYear.Add(time.Duration(rapid.Int64Range(0, 366*24*60*60*1000).Draw(t, "time")) * time.Millisecond)
}

func near(t *rapid.T, at time.Time) time.Time {
	return at.Add(time.Duration(rapid.IntRange(-48*60, 48*60).Draw(t, "minutes")) * time.Minute)
}

// drawClosures makes up closures with ends around a moment.
func drawClosures(t *rapid.T, at time.Time) []geo.Closure {
	var list []geo.Closure
	for i := range rapid.IntRange(0, 5).Draw(t, "closures") {
		c := geo.Closure{ID: fmt.Sprint(i), Gate: "g", Opens: rapid.Bool().Draw(t, "opens"), Reason: rapid.SampledFrom([]string{"", "修路"}).Draw(t, "reason")}
		if rapid.Bool().Draw(t, "some") {
			c.Modes = []geo.Mode{geo.Mode(rapid.IntRange(0, geo.NumModes-1).Draw(t, "mode"))}
		}
		if rapid.IntRange(0, 3).Draw(t, "since ever") > 0 {
			c.From = near(t, at)
		}
		if rapid.IntRange(0, 3).Draw(t, "for ever") > 0 {
			c.To = near(t, at)
			if !c.From.IsZero() && !c.From.Before(c.To) {
				c.From, c.To = c.To, c.From.Add(time.Minute)
			}
		}
		list = append(list, c)
	}
	return list
}

func ruleUnder(barrier string, tags geo.Tags, list []geo.Closure) *Rule {
	r := NewRule(barrier, tags)
	if len(list) > 0 {
		sets := newClosureSets(list)
		set := closureSet(0)
		for i := range list {
			set = sets.with(set, i)
		}
		r.over = sets.overlay(set)
	}
	return r
}

// modelPass is what a rule gives, without caches and ready-made spans.
func modelPass(r *Rule, list []geo.Closure, m geo.Mode, t time.Time, where hours.Place) Passage {
	opens := false
	for i := range list {
		c := &list[i]
		if !c.Holds(m) || !c.From.IsZero() && t.Before(c.From) || !c.To.IsZero() && !t.Before(c.To) {
			continue
		}
		if !c.Opens {
			return Passage{Verdict: geo.Closed}
		}
		opens = true
	}
	if opens {
		return r.tags.opened()
	}
	return r.tags.passage(m, t, where)
}

// TestRulesAgainstModel: Pass, At, Opens, Best and Steady agree with what a
// rule gives minute by minute, whatever was asked before.
func TestRulesAgainstModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		barrier := rapid.SampledFrom([]string{"gate", "turnstile", "bollard", "security_control", "wall", ""}).Draw(t, "barrier")
		start := drawTime(t)
		list := drawClosures(t, start)
		r := ruleUnder(barrier, drawTags(t), list)
		where := drawWhere(t)
		for range 4 {
			m := geo.Mode(rapid.IntRange(0, geo.NumModes-1).Draw(t, "mode"))
			at := near(t, start)
			want := modelPass(r, list, m, at, where)
			if got := r.Pass(m, at, where); got != want {
				t.Fatalf("%v at %v: pass %+v, want %+v", m, at, got, want)
			}
			if !r.Timed() && want != r.Pass(m, near(t, start), where) {
				t.Fatalf("a rule that is not timed changes")
			}
			checkOpens(t, r, list, m, at, where)
			checkBest(t, r, list, m, at, where)
			checkAt(t, r, m, at, where)
		}
	})
}

// minute returns the first full minute after t.
func minute(t time.Time) time.Time { return t.Truncate(time.Minute).Add(time.Minute) }

func checkOpens(t *rapid.T, r *Rule, list []geo.Closure, m geo.Mode, at time.Time, where hours.Place) {
	got, ok := r.Opens(m, at, where)
	if ok && got.Before(at) {
		t.Fatalf("%v at %v opens before, at %v", m, at, got)
	}
	if ok && modelPass(r, list, m, got, where).Verdict == geo.Closed {
		t.Fatalf("%v at %v opens at %v, when it is closed", m, at, got)
	}
	// Closures begin and end at any millisecond, tags change by the minute.
	for u, n := at, 0; n < 60*24*3; u, n = minute(u), n+1 {
		if modelPass(r, list, m, u, where).Verdict == geo.Closed {
			continue
		}
		if !ok || got.After(u) {
			t.Fatalf("%v at %v: opens %v %v, but it is open at %v", m, at, got, ok, u)
		}
		return
	}
	if ok && got.Before(at.Add(60*24*3*time.Minute-time.Minute)) && modelPass(r, list, m, got, where).Verdict == geo.Closed {
		t.Fatalf("%v at %v: opens %v, closed for days", m, at, got)
	}
}

func checkBest(t *rapid.T, r *Rule, list []geo.Closure, m geo.Mode, from time.Time, where hours.Place) {
	to := from.Add(time.Duration(rapid.SampledFrom([]int{0, 1, 20, 90, 600, 1500, 4000}).Draw(t, "span")) * time.Minute)
	best, steady := r.Best(m, from, to, where), r.Steady(m, from, to, where)
	closed := true
	for u := from; !u.After(to); u = minute(u) {
		p := modelPass(r, list, m, u, where)
		if p.Verdict != geo.Closed {
			closed = false
			if best.Verdict > p.Verdict || best.Delay > p.Delay || p.Through && !best.Through {
				t.Fatalf("%v from %v to %v: best %+v, at %v it is %+v", m, from, to, best, u, p)
			}
		}
		if steady && p != best {
			t.Fatalf("%v from %v to %v: steadily %+v, at %v it is %+v", m, from, to, best, u, p)
		}
	}
	if best.Verdict == geo.Closed && !closed {
		t.Fatalf("%v from %v to %v: closed, but it is not", m, from, to)
	}
	if to.Equal(from) && (!steady || best != modelPass(r, list, m, from, where)) {
		t.Fatalf("%v at %v alone: best %+v, steady %v", m, from, best, steady)
	}
}

func checkAt(t *rapid.T, r *Rule, m geo.Mode, at time.Time, where hours.Place) {
	p, a := r.Pass(m, at, where), r.At(m, at, where)
	if a.Verdict != p.Verdict || a.Through != p.Through || a.Delay != float64(p.Delay)/1000 {
		t.Fatalf("%v at %v: pass %+v, access %+v", m, at, p, a)
	}
	if a.Reason.Zh == "" || a.Reason.En == "" {
		t.Fatalf("%v at %v: no reason for %+v", m, at, a)
	}
	if opens, _ := r.Opens(m, at, where); a.Verdict == geo.Closed && !opens.Equal(a.Opens) {
		t.Fatalf("%v at %v: opens %v, access says %v", m, at, opens, a.Opens)
	}
	if !a.Opens.IsZero() && r.Pass(m, a.Opens, where).Verdict == geo.Closed {
		t.Fatalf("%v at %v: closed at %v, when %q", m, at, a.Opens, a.Reason.En)
	}
}

// TestBestIsTight: where the hours are plain, the bound is not only one but
// the best one.
func TestBestIsTight(t *testing.T) {
	r := NewRule("gate", geo.Tags{"opening_hours": "06:00-22:00", "access": "yes"})
	where := hours.Place{Zone: cst}
	day := func(h int) time.Time { return time.Date(2026, 11, 23, h, 0, 0, 0, cst) }
	open := Passage{geo.Open, delayGate, true}
	for _, c := range []struct {
		from, to int
		want     Passage
		steady   bool
	}{
		{7, 21, open, true},
		{1, 5, Passage{Verdict: geo.Closed}, true},
		{1, 7, open, false},
		{21, 23, open, false},
		{23, 29, Passage{Verdict: geo.Closed}, true}, // over midnight
		{7, 8, open, true},
	} {
		got, steady := r.Best(geo.Foot, day(c.from), day(c.to), where), r.Steady(geo.Foot, day(c.from), day(c.to), where)
		if got != c.want || steady != c.steady {
			t.Errorf("from %d to %d: %+v steady %v, want %+v %v", c.from, c.to, got, steady, c.want, c.steady)
		}
	}
}

// TestClosureReasons: what is said to a person in front of a closed gate.
func TestClosureReasons(t *testing.T) {
	day := func(d, h int) time.Time { return time.Date(2026, 11, d, h, 0, 0, 0, cst) }
	now := day(23, 12) // a Monday
	tags := geo.Tags{"opening_hours": "06:00-22:00", "access": "yes"}
	shut := func(from, to time.Time, why string) geo.Closure {
		return geo.Closure{Gate: "g", From: from, To: to, Reason: why}
	}
	held := func(from, to time.Time, why string) geo.Closure {
		c := shut(from, to, why)
		c.Opens = true
		return c
	}
	var zero time.Time
	for _, c := range []struct {
		name   string
		list   []geo.Closure
		at     time.Time
		want   geo.Verdict
		zh, en string
		opens  time.Time
	}{
		{"none", nil, now, geo.Open, "可以通行，到 22:00", "Open until 22:00", zero},
		{"today", []geo.Closure{shut(day(23, 10), day(23, 15), "消防演习")}, now, geo.Closed, "临时封闭至 15:00：消防演习", "Closed until 15:00: 消防演习", day(23, 15)},
		{"for days", []geo.Closure{shut(zero, day(25, 8), "")}, now, geo.Closed, "临时封闭至周三 08:00", "Closed until Wednesday 08:00", day(25, 8)},
		{"for ever", []geo.Closure{shut(day(23, 10), zero, "修路")}, now, geo.Closed, "临时封闭，恢复时间未定：修路", "Closed until further notice: 修路", zero},
		{"into the night", []geo.Closure{shut(zero, day(24, 1), "修路")}, now, geo.Closed, "临时封闭至明天 01:00：修路", "Closed until tomorrow 01:00: 修路", day(24, 6)},
		{"one after the other", []geo.Closure{shut(zero, day(23, 14), "甲"), shut(day(23, 13), day(23, 16), "乙")}, now, geo.Closed, "临时封闭至 16:00：甲", "Closed until 16:00: 甲", day(23, 16)},
		{"the longer one", []geo.Closure{shut(zero, day(23, 14), "甲"), shut(zero, day(23, 16), "乙")}, now, geo.Closed, "临时封闭至 16:00：乙", "Closed until 16:00: 乙", day(23, 16)},
		{"held open at night", []geo.Closure{held(day(22, 20), day(24, 2), "夜市")}, day(23, 23), geo.Open, "临时开放至明天 02:00：夜市", "Open until tomorrow 02:00: 夜市", zero},
		{"held open for good", []geo.Closure{held(zero, zero, "")}, day(23, 23), geo.Open, "临时开放", "Open for the time being", zero},
		{"closing beats opening", []geo.Closure{held(zero, zero, "夜市"), shut(zero, day(23, 14), "检修")}, now, geo.Closed, "临时封闭至 14:00：检修", "Closed until 14:00: 检修", day(23, 14)},
		{"soon", []geo.Closure{shut(day(23, 20), day(24, 12), "检修")}, now, geo.Open, "可以通行，到 22:00；20:00 起临时封闭：检修", "Open until 22:00; closed from 20:00: 检修", zero},
		{"not soon", []geo.Closure{shut(day(25, 20), day(26, 12), "检修")}, now, geo.Open, "可以通行，到 22:00", "Open until 22:00", zero},
		{"the hours promise too much", []geo.Closure{shut(day(24, 5), day(24, 9), "检修")}, day(23, 23), geo.Closed, "此门明天 09:00 开，现在关闭", "Closed now, opens tomorrow 09:00", day(24, 9)},
		{"for others", []geo.Closure{{Gate: "g", Modes: []geo.Mode{geo.Ebike}}}, now, geo.Open, "可以通行，到 22:00", "Open until 22:00", zero},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := ruleUnder("gate", tags, c.list).At(geo.Foot, c.at, hours.Place{Zone: cst})
			if a.Verdict != c.want || a.Reason.Zh != c.zh || a.Reason.En != c.en || !a.Opens.Equal(c.opens) {
				t.Errorf("%v %q %q, opens %v", a.Verdict, a.Reason.Zh, a.Reason.En, a.Opens)
			}
		})
	}
}

// TestRulesAreRaceFree: one rule answers many at once, for different places
// and days; its cache never mixes them up.
func TestRulesAreRaceFree(t *testing.T) {
	r := NewRule("gate", geo.Tags{"opening_hours": "sunrise-sunset", "access": "yes"})
	var group sync.WaitGroup
	for g := range 8 {
		group.Go(func() {
			where := hours.Place{Point: orb.Point{float64(g), 40}, Zone: zones[g%len(zones)]}
			for i := range 200 {
				at := someYear.Add(time.Duration(i*37+g) * time.Hour)
				if got, want := r.Pass(geo.Foot, at, where), r.tags.passage(geo.Foot, at, where); got != want {
					t.Errorf("at %v: %+v, want %+v", at, got, want)
				}
				r.Opens(geo.Foot, at, where)
			}
		})
	}
	group.Wait()
}

// TestManyChanges: hours that change more often than a timeline keeps are
// still answered as they are.
func TestManyChanges(t *testing.T) {
	var spans []string
	for m := 0; m < 24*60; m += 4 {
		spans = append(spans, fmt.Sprintf("%02d:%02d-%02d:%02d", m/60, m%60, (m+2)/60, (m+2)%60))
	}
	r := NewRule("gate", geo.Tags{"opening_hours": strings.Join(spans[:150], ","), "access": "yes"})
	where := hours.Place{Zone: cst}
	for m := range 24 * 60 {
		at := time.Date(2026, 11, 23, 0, m, 0, 0, cst)
		if got, want := r.Pass(geo.Foot, at, where), r.tags.passage(geo.Foot, at, where); got != want {
			t.Fatalf("at %v: %+v, want %+v", at, got, want)
		}
	}
}

func BenchmarkOpens(b *testing.B) {
	where := hours.Place{Point: orb.Point{116.35, 39.96}, Zone: cst, Holidays: hours.China()}
	at := time.Date(2026, 11, 23, 23, 0, 0, 0, cst)
	for _, tags := range []geo.Tags{
		{"opening_hours": "06:00-22:00"},
		{"opening_hours": "Apr-Sep 06:00-21:00; Oct-Mar 07:00-19:00"},
		{"access": "private", "foot:conditional": "yes @ (06:00-09:00,11:00-13:30,17:00-20:00)", "bicycle": "no"},
	} {
		r := NewRule("gate", tags)
		for _, m := range []geo.Mode{geo.Foot, geo.Ebike} {
			b.Run(fmt.Sprint(tags, m, "/uncached"), func(b *testing.B) {
				for b.Loop() {
					r.tags.first(m, at, where, geo.Verdict.Passable)
				}
			})
			b.Run(fmt.Sprint(tags, m, "/cached"), func(b *testing.B) {
				for b.Loop() {
					r.Opens(m, at, where)
				}
			})
		}
	}
}

// TestRulesAllocateNothing: once its day is known, a rule can be asked in the
// inner loop of a search.
func TestRulesAllocateNothing(t *testing.T) {
	where := hours.Place{Zone: cst, Holidays: hours.China()}
	at := time.Date(2026, 11, 23, 23, 0, 0, 0, cst)
	r := ruleUnder("gate", geo.Tags{"opening_hours": "06:00-22:00"}, []geo.Closure{{Gate: "g", From: at.Add(time.Hour), To: at.Add(9 * time.Hour)}})
	if n := testing.AllocsPerRun(100, func() {
		r.Pass(geo.Foot, at, where)
		r.Opens(geo.Foot, at, where)
		r.Best(geo.Foot, at, at.Add(time.Hour), where)
		r.Steady(geo.Foot, at, at.Add(time.Hour), where)
	}); n > 0 {
		t.Errorf("%g allocations", n)
	}
}
