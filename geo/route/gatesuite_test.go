package route_test

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"yizhan/geo"
	"yizhan/geo/route"
	"yizhan/geo/street"
)

// The gate suite: for every row of what may stand and be tagged at a gate, in
// every mode and at several hours, the way to a building behind it.

// TestSuiteSize: the suite has at least as many cases as were promised.
func TestSuiteSize(t *testing.T) {
	asked := len(geo.Modes()) * len(suiteHours)
	gates, ways := len(suiteRows())*asked, 2*len(suiteWays())*asked
	entered := 2 * len(enteredRows()) * asked
	closures := (len(closureSubjects()) + len(openings())) * len(closureModes()) * len(closureHours) * len(geo.Modes())
	n := gates + ways + entered + closures
	t.Logf("%d generated cases: %d of gates, %d of ways, %d of entered gates, %d of closures and openings", n, gates, ways, entered, closures)
	if n < 150 {
		t.Errorf("%d cases, want 150", n)
	}
}

// wallSheet lays out a compound with the gate under test, T, near the start,
// and, where round is set, one that is always open, O, a long way round:
//
//	6 ------------------- 5
//	|                +----O----+
//	|                |    15   |
//	|     1500 m     |    |  B |
//	|                |    12---14
//	|                |    11   |
//	|                +----T----+
//	4 ------------ 1 S -- 2 ------ 3
//
// With inner tags the way inside says who may use it; where barrier is "-"
// nothing is mapped at T.
func wallSheet(barrier string, tags, inner geo.Tags, round bool) sheet {
	s := newSheet()
	s.node(4, -700, 0)
	s.node(1, -10, 0)
	s.node(2, 0, 0)
	s.node(3, 200, 0)
	s.way(1, "residential", "前街", nil, 4, 1, 2, 3)
	s.court("court", "锦江花园", -100, 30, 100, 130)
	if barrier == "-" {
		s.node(10, 0, 30)
	} else {
		s.gate(10, 0, 30, barrier, "前门", tags)
	}
	s.node(11, 0, 40)
	s.node(12, 0, 80)
	s.node(14, 50, 80)
	s.way(10, "service", "", nil, 2, 10)
	s.way(11, "service", "", inner, 10, 11, 12)
	s.way(12, "service", "", nil, 12, 14)
	s.building("1号楼", 50, 90)
	if round {
		s.node(5, 0, 160)
		s.node(6, -700, 160)
		s.way(2, "residential", "后街", nil, 4, 6, 5)
		s.gate(15, 0, 130, "gate", "后门", geo.Tags{"access": "yes"})
		s.way(13, "service", "", nil, 5, 15, 12)
	}
	return s
}

var (
	frontGate = newSheet().at(0, 30)
	backGate  = newSheet().at(0, 130)
)

// passes says whether the legs of an approach lead over a point.
func passes(a route.Approach, p orb.Point) bool {
	for _, l := range a.Legs {
		for i := 1; i < len(l.Line); i++ {
			if beside(l.Line[i-1], l.Line[i], p) < 1 {
				return true
			}
		}
	}
	return false
}

// beside is the distance in metres of a point from a stretch between two.
func beside(a, b, p orb.Point) float64 {
	k := math.Cos(p[1] * math.Pi / 180)
	ax, ay, bx, by := (a[0]-p[0])*k, a[1]-p[1], (b[0]-p[0])*k, b[1]-p[1]
	dx, dy := bx-ax, by-ay
	f := 0.0
	if l := dx*dx + dy*dy; l > 0 {
		f = math.Min(1, math.Max(0, -(ax*dx+ay*dy)/l))
	}
	return math.Hypot(ax+f*dx, ay+f*dy) * geo.EarthRadius * math.Pi / 180
}

// minuteOf is an instant of the suite's Monday.
func minuteOf(minute int) time.Time { return at(0, 0).Add(time.Duration(minute) * time.Minute) }

// suiteCase is one question of the suite and what it wants.
type suiteCase struct {
	row    suiteRow
	mode   geo.Mode
	minute int
	// barrier and said are what the oracle is asked for: those of the gate, or
	// of the way where nothing is mapped on the wall.
	barrier string
	said    []statement
}

func (c suiteCase) String() string {
	return fmt.Sprintf("%s %q %v %s at %s", c.row.name, c.row.barrier, tagsOf(c.row.said), c.mode, clockOf(c.minute))
}

// TestSuiteGates runs every gate.
func TestSuiteGates(t *testing.T) {
	for _, row := range suiteRows() {
		tags := tagsOf(row.said)
		tags["barrier"] = row.barrier
		near, _ := wallSheet(row.barrier, tags, nil, true).router(t)
		only, n := wallSheet(row.barrier, tags, nil, false).router(t)
		for _, hour := range suiteHours {
			for _, m := range geo.Modes() {
				c := suiteCase{row, m, hour.minute, row.barrier, row.said}
				c.run(t, near, only, n)
			}
		}
	}
}

// TestSuiteWays runs every way: where it crosses the wall nothing is mapped.
func TestSuiteWays(t *testing.T) {
	for _, row := range suiteWays() {
		near, _ := wallSheet("-", nil, tagsOf(row.said), true).router(t)
		only, n := wallSheet("-", nil, tagsOf(row.said), false).router(t)
		for _, hour := range suiteHours {
			for _, m := range geo.Modes() {
				c := suiteCase{row, m, hour.minute, "", row.said}
				c.run(t, near, only, n)
			}
		}
	}
}

// TestSuiteWaysBehind: the gate is open to all, and the way behind it says who
// may use it and when. Where that shuts it, the way round is taken.
func TestSuiteWaysBehind(t *testing.T) {
	for _, row := range suiteWays() {
		near, _ := wallSheet("gate", geo.Tags{"access": "yes"}, tagsOf(row.said), true).router(t)
		for _, hour := range suiteHours {
			for _, m := range geo.Modes() {
				c := suiteCase{row, m, hour.minute, "path", row.said}
				ways, _ := manners("path", row.said, m, hour.minute)
				as := c.ask(t, near)
				if len(as) == 0 {
					continue
				}
				gate, other, want := frontGate, backGate, geo.Open
				if len(ways) == 0 {
					gate, other = backGate, frontGate
				} else if want = ways[0].verdict; len(ways) > 1 {
					want = min(want, ways[1].verdict)
				}
				if a := as[0]; !passes(a, gate) || passes(a, other) || a.Verdict != want {
					t.Errorf("%s: %s, want %s", c, names(as), want)
				}
			}
		}
	}
}

// run asks with a way round and without.
func (c suiteCase) run(t *testing.T, near, only *route.Router, n *street.Network) {
	t.Helper()
	ways, shut := manners(c.barrier, c.said, c.mode, c.minute)
	as := c.ask(t, near)
	front, back := -1, -1
	for i, a := range as {
		switch {
		case a.Gate == nil:
			t.Errorf("%s: an approach without a gate", c)
		case a.Gate.ID == "osm:n15":
			back = i
		default:
			front = i
		}
	}
	switch {
	case back < 0 || as[back].Verdict != geo.Open || !passes(as[back], backGate) || passes(as[back], frontGate):
		t.Errorf("%s: the gate round the corner: %s", c, names(as))
		return
	case len(ways) == 0 && front >= 0 && front < back:
		t.Errorf("%s: a closed gate comes first: %s", c, names(as))
	case len(ways) > 0 && (front != 0 || back != 1):
		t.Errorf("%s: the way round comes first: %s", c, names(as))
	}
	if front >= 0 {
		c.check(t, as[front], ways, shut)
	} else if c.row.barrier != "" {
		t.Errorf("%s: the gate is not offered: %s", c, names(as))
	}

	as = c.ask(t, only)
	if len(as) != 1 {
		t.Errorf("%s, alone: %s", c, names(as))
		return
	}
	if front < 0 { // a way that no mode may use at any hour is none, and its crossing no gate
		if a := as[0]; a.Gate != nil || a.Verdict == geo.Open || passes(a, newSheet().at(0, 40)) || !strings.Contains(a.Reason.Zh, "没有已知的门") || !strings.Contains(a.Reason.En, "No gate is known") {
			t.Errorf("%s, alone: %s, %v", c, names(as), a.Reason)
		}
		return
	}
	c.check(t, as[0], ways, shut)
	checkApproach(t, n, as[0], minuteOf(c.minute))
}

func (c suiteCase) ask(t *testing.T, r *route.Router) []route.Approach {
	t.Helper()
	as, err := r.Route(context.Background(), route.Request{
		From: newSheet().at(-10, 0), To: route.Target{Building: "1号楼"}, Mode: c.mode, Depart: minuteOf(c.minute), Limit: 5})
	if err != nil {
		t.Errorf("%s: %v", c, err)
	}
	return as
}

// check holds the approach by the gate under test against the oracle.
func (c suiteCase) check(t *testing.T, a route.Approach, ways []manner, shut refusal) {
	t.Helper()
	if len(ways) == 0 {
		c.wantWords(t, a, shut.outcome)
		if a.Verdict != geo.Closed || len(a.Legs) > 0 {
			t.Errorf("%s: %s by a way of %d legs, want it closed", c, a.Verdict, len(a.Legs))
		}
		switch {
		case shut.opens >= 0 && !a.Opens.Equal(minuteOf(shut.opens)):
			t.Errorf("%s: opens %v, want %s", c, a.Opens, clockOf(shut.opens))
		case shut.opens < 0 && !a.Opens.IsZero() && a.Opens.Before(minuteOf(c.minute+minutesOfDay)):
			t.Errorf("%s: opens %v", c, a.Opens)
		}
		return
	}
	if a.Verdict == geo.Closed || !passes(a, frontGate) || passes(a, backGate) {
		t.Errorf("%s: %s, %v, want a way through the gate", c, a.Verdict, a.Reason)
		return
	}
	if d := a.Distance; d < 140 || d > 160 {
		t.Errorf("%s: %.0f m, want 150", c, d)
	}
	mode := a.Legs[len(a.Legs)-1].Mode
	got, best := -1, 0
	for i, w := range ways {
		if w.mode == mode {
			got = i
		}
		if w.worth(c.mode, 60*w.wait) < ways[best].worth(c.mode, 60*ways[best].wait) {
			best = i
		}
	}
	if got < 0 {
		t.Errorf("%s: goes in %s, which is shut", c, mode)
		return
	}
	if lost := ways[got].worth(c.mode, 60*ways[got].wait) - ways[best].worth(c.mode, 60*ways[best].wait); lost > 30 {
		t.Errorf("%s: goes in %s, which costs %.0f s more", c, mode, lost)
	}
	if legs := 1 + b2i(mode != c.mode); len(a.Legs) != legs || a.Legs[0].Mode != c.mode {
		t.Errorf("%s: %d legs, want %d", c, len(a.Legs), legs)
	}
	w := ways[got]
	if a.Verdict != w.verdict {
		t.Errorf("%s: %s, want %s", c, a.Verdict, w.verdict)
	}
	c.wantWords(t, a, w.outcome)
	if (a.Wait > 0) != (w.wait > 0) || a.Wait > 60*float64(w.wait) {
		t.Errorf("%s: waits %.0f s, want %d min at most", c, a.Wait, w.wait)
	}
	if w.wait > 0 && (!a.Opens.Equal(minuteOf(c.minute+w.wait)) || !strings.Contains(a.Reason.Zh, "等") || !strings.Contains(a.Reason.En, "wait")) {
		t.Errorf("%s: %v, opens %v", c, a.Reason, a.Opens)
	}
}

func (c suiteCase) wantWords(t *testing.T, a route.Approach, o outcome) {
	t.Helper()
	if !strings.Contains(a.Reason.Zh, o.zh) || !strings.Contains(strings.ToLower(a.Reason.En), strings.ToLower(o.en)) {
		t.Errorf("%s: reason %q, %q, want %q, %q", c, a.Reason.Zh, a.Reason.En, o.zh, o.en)
	}
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}
