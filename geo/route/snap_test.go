package route_test

import (
	"context"
	"math"
	"testing"

	"github.com/paulmach/orb"

	"yizhan/geo"
	"yizhan/geo/route"
)

// TestIsland: the main network is preferred to a piece of street that nothing
// joins to it.
func TestIsland(t *testing.T) {
	s := courtSheet(nil)
	s.node(90, 100, 150)
	s.node(91, 140, 150)
	s.way(90, "residential", "孤路", nil, 90, 91)
	r, _ := s.router(t)
	as, err := ask(t, r, s.at(-118, -100), route.Target{Point: s.at(115, 149)})
	if err != nil {
		t.Fatal(err)
	}
	steps := as[0].Legs[0].Steps
	if got := steps[len(steps)-2].Street; got != "北街" {
		t.Errorf("leads to %q", got)
	}
}

// TestFragments: a start or an end beside a path that nothing joins to the
// streets is reached from the nearest street that leads on, however long that
// path is; but where both lie on it, it is what leads from one to the other.
func TestFragments(t *testing.T) {
	s := newSheet()
	s.node(1, 0, 0)
	s.node(2, 3000, 0)
	s.node(3, 3000, 9000)
	s.way(1, "residential", "大街", nil, 1, 2)
	s.way(2, "residential", "横街", nil, 2, 3)
	s.node(4, 0, 60)
	s.node(5, 2500, 60)
	s.way(3, "footway", "河岸", nil, 4, 5)
	r, n := s.router(t)
	for _, c := range []struct {
		name     string
		from, to orb.Point
		street   string
	}{
		{"start", s.at(20, 50), s.at(2990, 300), "大街"},
		{"end", s.at(2990, 300), s.at(20, 50), "大街"},
		{"both", s.at(20, 50), s.at(2400, 50), "河岸"},
	} {
		for _, m := range geo.Modes() {
			as, err := r.Route(context.Background(), route.Request{From: c.from, To: route.Target{Point: c.to}, Mode: m, Depart: at(12, 0)})
			if err != nil {
				t.Errorf("%s, %s: %v", c.name, m, err)
				continue
			}
			found := false
			for _, step := range as[0].Legs[0].Steps {
				found = found || step.Street == c.street
			}
			if !found {
				t.Errorf("%s, %s: not by %s", c.name, m, c.street)
			}
			checkApproach(t, n, as[0], at(12, 0))
			costs, err := r.Durations(context.Background(), c.from, m, at(12, 0), []orb.Point{c.to}, 0)
			if c.name != "start" && (err != nil || !costs[0].OK || costs[0].Duration-as[0].Duration > 0.01) {
				t.Errorf("%s, %s: %+v, the route %g s", c.name, m, costs, as[0].Duration)
			}
		}
	}
}

// TestBelowGround: what stands on a street is not reached from the tunnel
// beneath it, but what has nothing else near is.
func TestBelowGround(t *testing.T) {
	s := newSheet()
	s.node(1, 0, 0)
	s.node(2, 1000, 0)
	s.node(3, 1000, 30)
	s.node(4, 0, 30)
	s.node(5, -900, 30)
	s.way(1, "residential", "大街", nil, 1, 2)
	s.way(2, "service", "地下环路", geo.Tags{"tunnel": "yes", "layer": "-3"}, 2, 3, 4)
	s.way(3, "service", "隧道", geo.Tags{"tunnel": "yes"}, 4, 5)
	r, n := s.router(t)
	for _, c := range []struct {
		name     string
		from, to orb.Point
		metres   float64
	}{
		{"to a door above the tunnel", s.at(100, -3), s.at(500, 25), 430},
		{"from above the tunnel", s.at(500, 25), s.at(100, -3), 430},
		{"to the tunnel's end", s.at(100, -3), s.at(-900, 25), 2840},
	} {
		as, err := ask(t, r, c.from, route.Target{Point: c.to})
		if err != nil || math.Abs(as[0].Distance-c.metres) > 20 {
			t.Errorf("%s: %.0f m, want %.0f (%v)", c.name, as[0].Distance, c.metres, err)
			continue
		}
		checkApproach(t, n, as[0], at(12, 0))
	}
}

// TestOffTheMap: long stretches without a mapped way are no open road, and are
// told of.
func TestOffTheMap(t *testing.T) {
	s := courtSheet(map[string]geo.Tags{"w": {"access": "yes"}, "n": {}})
	s.building("深处", 90, -95)
	r, n := s.router(t)
	for _, c := range []struct {
		name   string
		from   orb.Point
		to     route.Target
		zh, en string
		first  string
	}{
		{"from afar", s.at(-550, 0), route.Target{Point: s.at(118, 60)},
			"起点离最近的道路 430 米，这一段没有路的数据", "The start is 430 m from the nearest street; that stretch is not mapped",
			"先朝最近的道路直走约 430 米，这一段没有路的数据"},
		{"to afar", s.at(118, 60), route.Target{Point: s.at(-550, 0)},
			"最后 430 米没有路的数据", "The last 430 m are not mapped", "沿东街向北出发"},
		{"through a gate", s.at(-550, 0), route.Target{Building: "深处"},
			"可以通行；起点离最近的道路 430 米，这一段没有路的数据；最后 100 米没有路的数据",
			"Open; the start is 430 m from the nearest street; that stretch is not mapped; the last 100 m are not mapped",
			"先朝最近的道路直走约 430 米，这一段没有路的数据"},
		{"a step off the street", s.at(-140, 0), route.Target{Point: s.at(118, 60)}, "一路可以通行", "Nothing in the way", "沿西街向北出发"},
	} {
		as, err := ask(t, r, c.from, c.to)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		want := geo.Unknown
		if c.name == "a step off the street" || c.name == "through a gate" {
			want = geo.Open
		}
		if as[0].Verdict != want || as[0].Reason != (geo.Text{Zh: c.zh, En: c.en}) {
			t.Errorf("%s: %s, %v", c.name, as[0].Verdict, as[0].Reason)
		}
		if got := as[0].Legs[0].Steps[0].Text.Zh; got != c.first {
			t.Errorf("%s: begins with %q", c.name, got)
		}
		checkApproach(t, n, as[0], at(12, 0))
		if c.name == "through a gate" && names(as) != "西门 open, 北门 unknown" {
			t.Errorf("%s: %s", c.name, names(as))
		}
	}
}
