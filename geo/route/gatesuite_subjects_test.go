package route_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"yizhan/geo"
	"yizhan/geo/route"
)

// to asks for a building at a minute of the suite's Monday.
func to(t *testing.T, r *route.Router, from orb.Point, building string, m geo.Mode, minute int) []route.Approach {
	t.Helper()
	as, err := r.Route(context.Background(), route.Request{
		From: from, To: route.Target{Building: building}, Mode: m, Depart: minuteOf(minute), Limit: 5})
	if err != nil {
		t.Fatal(err)
	}
	return as
}

// end is where an approach ends.
func end(a route.Approach) orb.Point {
	line := a.Legs[len(a.Legs)-1].Line
	return line[len(line)-1]
}

// legs names the modes of an approach's legs.
func legs(a route.Approach) string {
	var out []string
	for _, l := range a.Legs {
		out = append(out, l.Mode.String())
	}
	return strings.Join(out, " ")
}

// behindSheet is the case that other engines get wrong: a building 13 m behind
// the compound's wall, 23 m from the street outside, 32 m from the path
// inside. By the streets it is 310 m to that street; by the gate and the path
// it is 255 m to the building.
//
//	+-------------- street ---  y 120
//	|       +-----wall------+   y 110
//	|       |       B       |   y 97
//	|       |     --+--path |   y 65
//	|       |       |       |
//	|       +-------G-------+   y 0
//	+--S--------- street -----  y -10
//	x -104  0       60     120
func behindSheet(gate geo.Tags) sheet {
	s := newSheet()
	s.node(1, -104, -10)
	s.node(2, 60, -10)
	s.node(3, 200, -10)
	s.node(4, -104, 120)
	s.node(5, 200, 120)
	s.way(1, "residential", "南街", nil, 1, 2, 3)
	s.way(2, "residential", "西街", nil, 1, 4)
	s.way(3, "residential", "北街", nil, 4, 5)
	s.court("court", "锦江花园", 0, 0, 120, 110)
	s.gate(6, 60, 0, "gate", "南门", gate)
	s.node(7, 60, 65)
	s.node(8, 20, 65)
	s.node(9, 100, 65)
	s.way(4, "service", "", nil, 2, 6, 7)
	s.way(5, "footway", "", nil, 8, 7, 9)
	s.building("5号楼", 60, 97)
	return s
}

// TestSuiteBehindTheWall: 255 m through the gate, and not 310 m to the street
// outside; where the gate is locked there is no way, and no street will do.
func TestSuiteBehindTheWall(t *testing.T) {
	s := behindSheet(geo.Tags{"access": "private;delivery"})
	r, n := s.router(t)
	from := s.at(-88, -10)
	for _, m := range geo.Modes() {
		as := to(t, r, from, "5号楼", m, 12*60)
		if names(as) != "南门 open" || as[0].Distance < 254 || as[0].Distance > 256 || geo.Distance(end(as[0]), s.at(60, 97)) > 1 {
			t.Errorf("%s: %s, %.1f m", m, names(as), as[0].Distance)
		}
		checkApproach(t, n, as[0], minuteOf(12*60))
		out, err := r.Route(context.Background(), route.Request{From: from, To: route.Target{Point: s.at(60, 121)}, Mode: m, Depart: at(12, 0)})
		if err != nil || out[0].Distance < 309 || out[0].Distance > 313 {
			t.Errorf("%s: to the street outside %v, %v", m, out, err)
		}
	}
	r, _ = behindSheet(geo.Tags{"locked": "yes"}).router(t)
	for _, m := range geo.Modes() {
		if as := to(t, r, from, "5号楼", m, 12*60); names(as) != "南门 closed" || len(as[0].Legs) > 0 || as[0].Reason.En != "Locked" {
			t.Errorf("%s, locked: %s", m, names(as))
		}
	}
}

// TestSuiteEntrances: of several doors the one counts that is reached first,
// the gates and their hours included.
func TestSuiteEntrances(t *testing.T) {
	s := courtSheet(map[string]geo.Tags{"w": {"access": "yes", "opening_hours": "06:00-22:00"}, "e": {"access": "yes", "bicycle": "no"}})
	s.building("长楼", 0, 20,
		geo.Entrance{ID: "west", Point: s.at(-55, 5), Type: "main"},
		geo.Entrance{ID: "east", Point: s.at(48, 5), Type: "yes", Unit: "2"},
		geo.Entrance{ID: "fire", Point: s.at(-90, 2), Type: "emergency"})
	r, _ := s.router(t)
	west, east := s.at(-55, 5), s.at(48, 5)
	for _, c := range []struct {
		name   string
		from   orb.Point
		mode   geo.Mode
		minute int
		first  string
		door   orb.Point
	}{
		{"from the west by day", s.at(-118, 3), geo.Foot, 12 * 60, "西门", west},
		{"from the west at night", s.at(-118, 3), geo.Foot, 3 * 60, "东门", east},
		{"from the east", s.at(118, 3), geo.Foot, 12 * 60, "东门", east},
		{"by bicycle from the east: parks and walks", s.at(118, 3), geo.Bicycle, 12 * 60, "东门", east},
		{"by bicycle from the west: rides in", s.at(-118, 3), geo.Bicycle, 12 * 60, "西门", west},
		{"by bicycle from the west at night: round, parks and walks", s.at(-118, 3), geo.Bicycle, 3 * 60, "东门", east},
	} {
		as := to(t, r, c.from, "长楼", c.mode, c.minute)
		if len(as) != 2 || as[0].Gate.Name != c.first || geo.Distance(end(as[0]), c.door) > 1 {
			t.Errorf("%s: %s, ends %.0f m from the door", c.name, names(as), geo.Distance(end(as[0]), c.door))
		}
	}
}

// TestSuiteRide: an e-bike rides where it may, is pushed where riders get off,
// and is left at the gate where it may not go in.
func TestSuiteRide(t *testing.T) {
	for _, c := range []struct {
		name    string
		barrier string
		tags    geo.Tags
		inner   geo.Tags
		mode    geo.Mode
		legs    string
		say     string
	}{
		{"rides in", "gate", geo.Tags{"access": "yes"}, nil, geo.Ebike, "ebike", ""},
		{"rides in where e-bikes may", "gate", geo.Tags{"access": "yes", "bicycle": "no", "electric_bicycle": "yes"}, nil, geo.Ebike, "ebike", ""},
		{"bicycles may not there", "gate", geo.Tags{"access": "yes", "bicycle": "no", "electric_bicycle": "yes"}, nil, geo.Bicycle, "bicycle foot", "Park by Front Gate"},
		{"no e-bikes", "gate", geo.Tags{"access": "yes", "electric_bicycle": "no"}, nil, geo.Ebike, "ebike foot", "Park by Front Gate"},
		{"but bicycles", "gate", geo.Tags{"access": "yes", "electric_bicycle": "no"}, nil, geo.Bicycle, "bicycle", ""},
		{"no vehicles", "gate", geo.Tags{"access": "yes", "vehicle": "no"}, nil, geo.Bicycle, "bicycle foot", "Park by Front Gate"},
		{"a turnstile", "turnstile", nil, nil, geo.Ebike, "ebike foot", "Park by Front Gate"},
		{"for callers on foot", "gate", geo.Tags{"access": "no", "foot": "delivery"}, nil, geo.Ebike, "ebike foot", "Park by Front Gate"},
		{"riders get off", "gate", geo.Tags{"access": "yes", "bicycle": "dismount"}, nil, geo.Bicycle, "bicycle", ""},
		{"no riding inside", "gate", geo.Tags{"access": "yes"}, geo.Tags{"vehicle": "no"}, geo.Ebike, "ebike", "Get off and push"},
		{"on foot", "gate", geo.Tags{"access": "yes", "bicycle": "no"}, nil, geo.Foot, "foot", ""},
	} {
		s := wallSheet(c.barrier, c.tags, c.inner, false)
		r, n := s.router(t)
		as := to(t, r, s.at(-10, 0), "1号楼", c.mode, 12*60)
		if len(as) != 1 || legs(as[0]) != c.legs || as[0].Verdict != geo.Open {
			t.Errorf("%s: %s, %s, want %s", c.name, names(as), legs(as[0]), c.legs)
			continue
		}
		checkApproach(t, n, as[0], minuteOf(12*60))
		first := as[0].Legs[0]
		if len(as[0].Legs) == 2 && geo.Distance(first.Line[len(first.Line)-1], frontGate) > 1 {
			t.Errorf("%s: rides to %.0f m from the gate", c.name, geo.Distance(first.Line[len(first.Line)-1], frontGate))
		}
		said := ""
		for _, l := range as[0].Legs {
			for _, st := range l.Steps {
				said += st.Text.En + ". "
			}
		}
		if !strings.Contains(said, strings.ReplaceAll(c.say, "Front Gate", "前门")) {
			t.Errorf("%s: %s", c.name, said)
		}
	}
}

// TestSuiteNested: a yard within a compound. From the street the gates of the
// outer one are offered, and what stands at the inner one counts too.
func TestSuiteNested(t *testing.T) {
	for _, c := range []struct {
		name   string
		inner  geo.Tags
		minute int
		from   string // street or court
		want   string
		words  string
	}{
		{"both open", geo.Tags{"access": "yes"}, 12 * 60, "street", "西门 open, 南门 open", "Open"},
		{"the inner for callers", geo.Tags{"access": "delivery"}, 12 * 60, "street", "西门 open, 南门 open", "Open"},
		{"the inner wants a permit", geo.Tags{"access": "private"}, 12 * 60, "street", "西门 permit, 南门 permit", "register"},
		{"nothing known of the inner", nil, 12 * 60, "street", "西门 unknown, 南门 unknown", "内门 of 家属院: not known"},
		{"the inner by day", geo.Tags{"opening_hours": "06:00-22:00"}, 12 * 60, "street", "西门 open, 南门 open", "Open"},
		{"the inner opens soon", geo.Tags{"opening_hours": "06:00-22:00"}, 5*60 + 50, "court", "内门 open", "wait 10 min"},
		{"from the court", geo.Tags{"access": "private"}, 12 * 60, "court", "内门 permit", "register"},
		{"from the court, locked", geo.Tags{"locked": "yes"}, 12 * 60, "court", "内门 closed", "Locked"},
	} {
		s := courtSheet(map[string]geo.Tags{"s": {"access": "yes"}, "w": {"access": "yes"}})
		s.court("yard", "家属院", -90, 40, -20, 95)
		s.gate(70, -20, 60, "gate", "内门", c.inner)
		r, n := s.router(t)
		from := s.at(-118, -100)
		if c.from == "court" {
			from = s.at(-3, 10)
		}
		as := to(t, r, from, "3号楼", geo.Foot, c.minute)
		if names(as) != c.want || !strings.Contains(as[0].Reason.En, c.words) {
			t.Errorf("%s: %s, %v, want %s", c.name, names(as), as[0].Reason, c.want)
		}
		for _, a := range as {
			checkApproach(t, n, a, minuteOf(c.minute))
			if a.Verdict != geo.Closed && !passes(a, s.at(-20, 60)) {
				t.Errorf("%s: not by the inner gate", c.name)
			}
		}
	}
}

// TestSuiteSharedGate: a gate in the wall between two compounds belongs to
// both. It is passed by who comes from the other one, and is no way in from
// the street.
func TestSuiteSharedGate(t *testing.T) {
	draw := func(shared geo.Tags) sheet {
		s := newSheet()
		s.node(1, -200, -20)
		s.node(2, -50, -20)
		s.node(3, 50, -20)
		s.node(4, 200, -20)
		s.way(1, "residential", "大街", nil, 1, 2, 3, 4)
		s.court("left", "左院", -100, 0, 0, 100)
		s.court("right", "右院", 0, 0, 100, 100)
		s.gate(10, -50, 0, "gate", "左门", geo.Tags{"access": "yes"})
		s.gate(11, 50, 0, "gate", "右门", geo.Tags{"access": "yes", "opening_hours": "06:00-22:00"})
		s.gate(12, 0, 50, "gate", "中门", shared)
		s.node(13, -50, 50)
		s.node(14, 50, 50)
		s.way(2, "service", "", nil, 2, 10, 13)
		s.way(3, "service", "", nil, 3, 11, 14)
		s.way(4, "footway", "", nil, 13, 12, 14)
		s.building("右楼", 60, 55)
		s.building("左楼", -60, 55)
		return s
	}
	for _, c := range []struct {
		name   string
		shared geo.Tags
		from   string
		minute int
		want   string
	}{
		{"from the other one", geo.Tags{"access": "yes"}, "left", 12 * 60, "中门 open"},
		{"from the other one at night", geo.Tags{"access": "yes"}, "left", 3 * 60, "中门 open"},
		{"from the other one, with a permit", geo.Tags{"access": "residents"}, "left", 3 * 60, "中门 permit"},
		{"from the street by day", geo.Tags{"access": "yes"}, "street", 12 * 60, "右门 open"},
		{"from the other one, locked, by day", geo.Tags{"locked": "yes"}, "left", 12 * 60, "右门 open"},
	} {
		s := draw(c.shared)
		r, n := s.router(t)
		gate, _ := n.Gate("osm:n12")
		if len(gate.Gate.Compounds) != 2 {
			t.Fatalf("the gate between belongs to %v", gate.Gate.Compounds)
		}
		from := s.at(-45, 48)
		if c.from == "street" {
			from = s.at(0, -20)
		}
		as := to(t, r, from, "右楼", geo.Foot, c.minute)
		if len(as) == 0 || !strings.HasPrefix(names(as), c.want) {
			t.Errorf("%s: %s, want %s", c.name, names(as), c.want)
			continue
		}
		checkApproach(t, n, as[0], minuteOf(c.minute))
	}
}

// TestSuiteGap: a way through a wall where nothing is mapped is a gap: a gate
// of which nobody knows, which says so, and which an open one beats unless it
// saves a lot.
func TestSuiteGap(t *testing.T) {
	s := courtSheet(map[string]geo.Tags{"n": {"access": "yes"}})
	s.node(80, -100, 0)
	s.way(80, "footway", "", nil, 37, 80, 44)
	r, n := s.router(t)
	for _, m := range geo.Modes() {
		as := to(t, r, s.at(-118, 20), "3号楼", m, 12*60)
		if len(as) != 2 || as[0].Gate.Name != "北门" || as[1].Verdict != geo.Unknown || !as[1].Gate.Gate.Inferred || !passes(as[1], s.at(-100, 0)) ||
			!strings.Contains(as[1].Reason.En, "A way leads in") || !strings.Contains(as[1].Reason.Zh, "有路通入") {
			t.Errorf("%s: %s", m, names(as))
		}
		for _, a := range as {
			checkApproach(t, n, a, minuteOf(12*60))
		}
	}
}

// TestSuiteNoUsableGate: a compound that nobody gets into says why: no gate is
// known, or all of them are shut; a compound without a perimeter is no room.
func TestSuiteNoUsableGate(t *testing.T) {
	for _, c := range []struct {
		name   string
		tags   map[string]geo.Tags
		mode   geo.Mode
		minute int
		want   string
		zh, en string
	}{
		{"no gate at all", nil, geo.Foot, 12 * 60, "- unknown", "没有已知的门", "No gate is known"},
		{"a wall where the way leads in", map[string]geo.Tags{"n": {"barrier": "wall"}}, geo.Foot, 12 * 60, "北门 closed", "围墙", "wall"},
		{"locked", map[string]geo.Tags{"n": {"locked": "yes"}}, geo.Ebike, 12 * 60, "北门 closed", "上锁", "Locked"},
		{"for soldiers", map[string]geo.Tags{"n": {"access": "military"}}, geo.Foot, 12 * 60, "北门 closed", "不让行人", "No entry on foot"},
		{"closed at night", map[string]geo.Tags{"n": {"opening_hours": "06:00-22:00"}}, geo.Bicycle, 23 * 60, "北门 closed", "明天 06:00", "tomorrow 06:00"},
		{"the one that opens first comes first", map[string]geo.Tags{"n": {"opening_hours": "07:00-22:00"}, "s": {"opening_hours": "06:00-22:00"}, "w": {"locked": "yes"}},
			geo.Foot, 3 * 60, "南门 closed, 北门 closed, 西门 closed", "06:00", "opens 06:00"},
	} {
		s := courtSheet(c.tags)
		r, _ := s.router(t)
		as := to(t, r, s.at(-118, 100), "3号楼", c.mode, c.minute)
		if names(as) != c.want || !strings.Contains(as[0].Reason.Zh, c.zh) || !strings.Contains(as[0].Reason.En, c.en) {
			t.Errorf("%s: %s, %v, want %s", c.name, names(as), as[0].Reason, c.want)
		}
	}
	s := courtSheet(nil)
	s.b.Compound(geo.Compound{ID: "field", Name: "无墙园", Type: geo.Residential})
	r, n := s.router(t)
	if c, ok := n.Compound("field"); !ok || c.Gated {
		t.Errorf("a compound without a perimeter is gated: %v", c)
	}
	if _, err := r.Route(context.Background(), route.Request{From: s.at(-118, 100), To: route.Target{Compound: "field", Point: s.at(118, 0)}, Depart: at(12, 0)}); err != nil {
		t.Errorf("to a compound without a perimeter that has a position: %v", err)
	}
}

// TestSuiteSoon: a gate that opens within a quarter of an hour is offered with
// its wait; it is the first choice where that is quicker than the way round.
func TestSuiteSoon(t *testing.T) {
	s := wallSheet("gate", geo.Tags{"opening_hours": "06:00-22:00"}, nil, true)
	r, n := s.router(t)
	for _, c := range []struct {
		mode   geo.Mode
		minute int
		want   string
	}{
		{geo.Foot, 5*60 + 50, "前门 open, 后门 open"},
		{geo.Bicycle, 5*60 + 50, "后门 open, 前门 open"},
		{geo.Ebike, 5*60 + 50, "后门 open, 前门 open"},
		{geo.Ebike, 5*60 + 57, "前门 open, 后门 open"},
		{geo.Foot, 5*60 + 40, "后门 open, 前门 closed"},
		{geo.Ebike, 22*60 + 1, "后门 open, 前门 closed"},
	} {
		as := to(t, r, s.at(-10, 0), "1号楼", c.mode, c.minute)
		if names(as) != c.want {
			t.Errorf("%s at %s: %s, want %s", c.mode, clockOf(c.minute), names(as), c.want)
		}
		for _, a := range as {
			checkApproach(t, n, a, minuteOf(c.minute))
			if a.Gate.Name != "前门" {
				continue
			}
			opens := 6 * 60
			if c.minute > opens {
				opens += minutesOfDay
			}
			if !a.Opens.Equal(minuteOf(opens)) {
				t.Errorf("%s at %s: opens %v", c.mode, clockOf(c.minute), a.Opens)
			}
			if a.Verdict == geo.Closed {
				continue
			}
			// The wait ends when the gate opens: the way inside begins then.
			inside := a.Arrive.Sub(minuteOf(opens)).Seconds()
			if walk := 120 / (4.8 / 3.6); inside < 20 || inside > walk+25 {
				t.Errorf("%s at %s: %.0f s after opening", c.mode, clockOf(c.minute), inside)
			}
			if said := fmt.Sprintf("wait %d min", int(a.Wait+59)/60); !strings.Contains(a.Reason.En, said) {
				t.Errorf("%s at %s: %s, want %q", c.mode, clockOf(c.minute), a.Reason.En, said)
			}
		}
	}
}

// TestSuiteOrder: up to five ways in, the quickest first, risk counted; closed
// gates last, and of them the one that opens first.
func TestSuiteOrder(t *testing.T) {
	s := courtSheet(map[string]geo.Tags{
		"w": {"locked": "yes"}, "s": {"opening_hours": "18:00-20:00"}, "n": {"access": "private"}, "e": {"access": "yes"}})
	for i, g := range []struct {
		id   int64
		x    float64
		tags geo.Tags
	}{{90, -80, nil}, {91, -40, geo.Tags{"access": "delivery"}}, {92, 40, geo.Tags{"access": "yes"}}, {93, 80, geo.Tags{"opening_hours": "14:00-20:00"}}} {
		s.node(100+g.id, g.x, -120)
		s.gate(g.id, g.x, -100, "gate", fmt.Sprintf("%d门", i+1), g.tags)
		s.way(g.id, "service", "", nil, 100+g.id, g.id, 44)
	}
	s.way(99, "residential", "南便道", nil, 33, 190, 191, 36, 192, 193, 34)
	r, n := s.router(t)
	for _, m := range geo.Modes() {
		as := to(t, r, s.at(-118, -100), "3号楼", m, 12*60)
		got := names(as)
		if len(as) < 7 || as[0].Verdict != geo.Open {
			t.Fatalf("%s: %s", m, got)
		}
		open := 0
		for i, a := range as {
			checkApproach(t, n, a, minuteOf(12*60))
			if a.Verdict != geo.Closed {
				open++
				if open != i+1 {
					t.Errorf("%s: a closed gate before an open one: %s", m, got)
				}
			}
		}
		closed := as[open:]
		if open != 5 || len(closed) != 3 || !closed[0].Opens.Equal(at(14, 0)) || !closed[1].Opens.Equal(at(18, 0)) || closed[2].Gate.Name != "西门" {
			t.Errorf("%s: %s", m, got)
		}
		two, err := r.Route(context.Background(), route.Request{From: s.at(-118, -100), To: route.Target{Building: "3号楼"}, Mode: m, Depart: at(12, 0), Limit: 2})
		if err != nil || len(two) != 4 || two[0].Gate.ID != as[0].Gate.ID {
			t.Errorf("%s, two of them: %s, %v", m, names(two), err)
		}
	}
}
