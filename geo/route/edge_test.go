package route_test

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"github.com/paulmach/orb"

	"yizhan/geo"
	"yizhan/geo/route"
)

// ask routes on foot at noon.
func ask(t *testing.T, r *route.Router, from orb.Point, to route.Target) ([]route.Approach, error) {
	t.Helper()
	return r.Route(context.Background(), route.Request{From: from, To: to, Depart: at(12, 0), Limit: 5})
}

func wantError(t *testing.T, err error, code geo.Code, words string) {
	t.Helper()
	var e *geo.Error
	if !errors.As(err, &e) || e.Code != code || !strings.Contains(e.Message.En, words) || e.Message.Zh == "" {
		t.Errorf("error %v, want code %d with %q", err, code, words)
	}
}

// TestErrors: what cannot be answered says why, and what to do.
func TestErrors(t *testing.T) {
	s := courtSheet(map[string]geo.Tags{"n": {"locked": "yes"}, "s": {"opening_hours": "18:00-20:00"}})
	s.node(90, 400, 400)
	s.node(91, 480, 400)
	s.way(90, "residential", "孤路", nil, 90, 91)
	s.node(92, -700, 0)
	s.node(93, 700, -700)
	s.way(91, "residential", "长街", nil, 92, 37)
	s.way(92, "residential", "长街", nil, 34, 93)
	s.gate(94, 120, 300, "gate", "河门", geo.Tags{"opening_hours": "06:00-11:00"})
	s.node(95, 120, 900)
	s.way(93, "residential", "河边路", nil, 32, 94, 95)
	s.b.Compound(geo.Compound{ID: "nowhere", Name: "无界"})
	r, _ := s.router(t)
	start := s.at(-118, -100)
	far := s.at(0, 5000)

	_, err := ask(t, r, start, route.Target{Building: "no such"})
	wantError(t, err, geo.NotFound, `no "no such"`)
	_, err = ask(t, r, start, route.Target{Compound: "no such"})
	wantError(t, err, geo.NotFound, `no "no such"`)
	_, err = ask(t, r, start, route.Target{Compound: "nowhere"})
	wantError(t, err, geo.NotFound, "neither a perimeter nor a position")
	_, err = ask(t, r, far, route.Target{Point: start})
	wantError(t, err, geo.NotFound, "within 1.5 km")
	_, err = ask(t, r, start, route.Target{Point: far})
	wantError(t, err, geo.NotFound, "within 1.5 km")
	_, err = ask(t, r, start, route.Target{})
	wantError(t, err, geo.NotFound, "within 1.5 km")

	_, err = ask(t, r, start, route.Target{Point: s.at(118, 800)})
	wantError(t, err, geo.NotFound, "the way is shut (河门: Closed now, opens tomorrow 06:00)")

	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err = r.Route(ctx, route.Request{From: start, To: route.Target{Point: s.at(118, 100)}, Depart: at(12, 0)})
	wantError(t, err, geo.Timeout, "too long")
	_, err = r.Durations(ctx, start, geo.Foot, at(12, 0), []orb.Point{s.at(118, 100)}, 0)
	wantError(t, err, geo.Timeout, "too long")
}

// TestAllClosed: where every gate is shut, the closed gates are the answer:
// what they say, and when they open.
func TestAllClosed(t *testing.T) {
	s := courtSheet(map[string]geo.Tags{"n": {"locked": "yes"}, "s": {"opening_hours": "18:00-20:00"}})
	r, n := s.router(t)
	for _, to := range []route.Target{{Building: "3号楼"}, {Compound: "court"}, {Point: s.at(0, 50)}, {Place: "station", Point: s.at(0, 50)}} {
		as, err := ask(t, r, s.at(-118, -100), to)
		if err != nil || names(as) != "南门 closed, 北门 closed" {
			t.Fatalf("%+v: %s, %v", to, names(as), err)
		}
		if as[0].Reason.En != "Closed now, opens 18:00" || !as[0].Opens.Equal(at(18, 0)) || as[1].Reason.En != "Locked" || !as[1].Opens.IsZero() {
			t.Errorf("%v, opens %v; %v, opens %v", as[0].Reason, as[0].Opens, as[1].Reason, as[1].Opens)
		}
		for _, a := range as {
			checkApproach(t, n, a, at(12, 0))
		}
	}
}

// TestSamePlace: from a point to itself, to one beside it on the same street,
// and from inside a compound to that compound.
func TestSamePlace(t *testing.T) {
	s := courtSheet(map[string]geo.Tags{"n": {}})
	r, n := s.router(t)
	for _, m := range geo.Modes() {
		for _, to := range []route.Target{{Point: s.at(-118, 40)}, {Point: s.at(-118, 41)}, {Point: s.at(-121, 10)}} {
			as, err := r.Route(context.Background(), route.Request{From: s.at(-118, 40), To: to, Mode: m, Depart: at(12, 0)})
			if err != nil || len(as) != 1 || as[0].Gate != nil || as[0].Verdict != geo.Open {
				t.Fatalf("%v: %s %v", to, names(as), err)
			}
			checkApproach(t, n, as[0], at(12, 0))
		}
		as, err := r.Route(context.Background(), route.Request{From: s.at(3, 40), To: route.Target{Compound: "court"}, Mode: m, Depart: at(12, 0)})
		if err != nil || len(as) != 1 || as[0].Gate != nil {
			t.Fatalf("within: %s %v", names(as), err)
		}
	}
}

// TestNoThroughTraffic: nobody is led through a compound, a private way or a
// gate for callers that does not lead to the destination; but to the
// destination they are.
func TestNoThroughTraffic(t *testing.T) {
	distance := func(tags geo.Tags, inner geo.Tags, to orb.Point) float64 {
		s := newSheet()
		// A straight way of 300 m through a court with a gate at either end,
		// and 900 m around.
		s.node(1, -150, 0)
		s.gate(2, -50, 0, "gate", "西门", tags)
		s.gate(3, 50, 0, "gate", "东门", tags)
		s.node(4, 150, 0)
		s.node(5, -150, 300)
		s.node(6, 150, 300)
		s.way(1, "service", "", inner, 1, 2, 3, 4)
		s.way(2, "residential", "", nil, 1, 5, 6, 4)
		s.court("court", "院", -50, -50, 50, 50)
		r, _ := s.router(t)
		as, err := ask(t, r, s.at(-150, 0), route.Target{Point: to})
		if err != nil {
			t.Fatal(err)
		}
		return as[0].Distance
	}
	over, in := newSheet().at(150, 0), newSheet().at(0, 0)
	for _, c := range []struct {
		name        string
		gate, inner geo.Tags
		through     bool
	}{
		{"compound", geo.Tags{"access": "yes"}, nil, false},
		{"compound with a public way", geo.Tags{"access": "yes"}, geo.Tags{"foot": "permissive"}, true},
		{"public way behind gates for callers", geo.Tags{"access": "delivery"}, geo.Tags{"foot": "yes"}, false},
		{"private way", geo.Tags{"access": "yes"}, geo.Tags{"access": "private"}, false},
	} {
		want := 900.0
		if c.through {
			want = 300
		}
		if d := distance(c.gate, c.inner, over); d < want-2 || d > want+2 {
			t.Errorf("%s: through %.0f m, want %.0f", c.name, d, want)
		}
		if d := distance(c.gate, c.inner, in); d < 148 || d > 152 {
			t.Errorf("%s: into it %.0f m, want 150", c.name, d)
		}
	}
}

// TestPrivateDrive: a destination on a private drive is reached over it, with
// a word on registering; one that can only be reached through somebody else's
// drive as well.
func TestPrivateDrive(t *testing.T) {
	s := newSheet()
	for i, x := range []float64{0, 100, 200, 300} {
		s.node(int64(i+1), x, 0)
	}
	s.way(1, "residential", "大街", nil, 1, 2)
	s.way(2, "service", "", geo.Tags{"access": "private"}, 2, 3)
	s.way(3, "service", "", nil, 3, 4)
	r, _ := s.router(t)
	for _, x := range []float64{150, 280} {
		as, err := ask(t, r, s.at(0, 0), route.Target{Point: s.at(x, 2)})
		if err != nil || as[0].Verdict != geo.Permit {
			t.Errorf("%g: %s %v", x, names(as), err)
		}
	}
}

// TestWayHours: a way with hours is used within them, and one that a
// condition opens as well.
func TestWayHours(t *testing.T) {
	for _, tags := range []geo.Tags{{"opening_hours": "06:00-22:00"}, {"access": "no", "access:conditional": "yes @ (06:00-22:00)"}} {
		s := newSheet()
		s.node(1, 0, 0)
		s.node(2, 200, 0)
		s.node(3, 0, 200)
		s.node(4, 200, 200)
		s.way(1, "footway", "", tags, 1, 2)
		s.way(2, "residential", "", nil, 1, 3, 4, 2)
		r, _ := s.router(t)
		for hour, want := range map[int]float64{12: 200, 3: 600} {
			as, err := r.Route(context.Background(), route.Request{From: s.at(0, 0), To: route.Target{Point: s.at(200, 0)}, Depart: at(hour, 0)})
			if err != nil || as[0].Distance < want-2 || as[0].Distance > want+2 {
				t.Errorf("%v at %d:00: %v %v", tags, hour, as, err)
			}
		}
	}
}

// TestNested: to a building in the inner of two compounds the gates of the
// outer one are offered, and those of the inner one are passed; from the outer
// one only the inner gate is.
func TestNested(t *testing.T) {
	s := courtSheet(map[string]geo.Tags{"s": {"access": "yes"}, "w": {"access": "yes"}})
	s.court("yard", "家属院", -90, 40, -20, 95)
	s.gate(70, -20, 60, "gate", "内门", geo.Tags{"access": "permissive"})
	r, n := s.router(t)
	if b, _ := n.Building("3号楼"); b.Compound != "yard" {
		t.Fatalf("the building is in %q", b.Compound)
	}
	// The gate is mapped on the wall, where a path crosses it: it is that path's.
	if c, _ := n.Compound("yard"); len(c.Gates) != 1 {
		t.Errorf("gates of the yard: %v", c.Gates)
	}
	for _, c := range []struct {
		from  orb.Point
		first string
	}{{s.at(-118, -100), "西门"}, {s.at(-3, 10), ""}} {
		as, err := ask(t, r, c.from, route.Target{Building: "3号楼"})
		if err != nil {
			t.Fatal(err)
		}
		if c.first != "" && as[0].Gate.Name != c.first {
			t.Errorf("first %s", names(as))
		}
		if c.first == "" && as[0].Gate.Name != "内门" {
			t.Errorf("from the outer court by %s", as[0].Gate.ID)
		}
		checkApproach(t, n, as[0], at(12, 0))
	}
}

// TestUnmappedInside: a compound with gates and no ways inside is entered by
// its gates, straight on from there; one without gates ends on the street.
func TestUnmappedInside(t *testing.T) {
	s := newSheet()
	s.node(1, -200, -20)
	s.node(3, -150, -20)
	s.node(4, -150, -200)
	s.node(5, 150, -20)
	s.node(2, 200, -20)
	s.way(1, "residential", "大街", nil, 1, 3, 5, 2)
	s.way(2, "residential", "横街", nil, 3, 4)
	s.way(3, "residential", "直街", nil, 5, 4)
	s.court("a", "东院", 10, 0, 110, 100)
	s.gate(10, 60, 0, "gate", "南门", geo.Tags{"access": "yes"})
	s.building("1", 60, 80)
	s.node(6, -200, 190)
	s.node(7, 200, 190)
	s.way(4, "residential", "后街", nil, 6, 7)
	s.way(5, "residential", "西街", nil, 1, 6)
	s.court("c", "北院", 10, 200, 110, 300)
	s.gate(11, 60, 200, "gate", "南门", geo.Tags{"opening_hours": "06:00-22:00"})
	s.court("b", "西院", -110, 0, -10, 100)
	s.building("2", -60, 80)
	r, n := s.router(t)
	as, err := ask(t, r, s.at(-200, -20), route.Target{Building: "1"})
	if err != nil || names(as) != "南门 open" || !unmapped(as[0]) {
		t.Fatalf("%s %v", names(as), err)
	}
	checkApproach(t, n, as[0], at(12, 0))
	if d := as[0].Distance; d < 335 || d > 365 {
		t.Errorf("%.0f m", d)
	}
	for _, m := range geo.Modes() {
		for _, hour := range []int{3, 12} {
			q := route.Request{From: s.at(-200, -20), To: route.Target{Place: "station", Point: s.at(60, 280)}, Mode: m, Depart: at(hour, 0)}
			as, err = r.Route(context.Background(), q)
			costs, err2 := r.Durations(context.Background(), q.From, m, q.Depart, []orb.Point{q.To.Point}, 0)
			switch {
			case err != nil || err2 != nil || len(as) != 1:
				t.Fatalf("%s at %d:00: %s, %v %v", m, hour, names(as), err, err2)
			case hour == 3 && (as[0].Verdict != geo.Closed || !as[0].Opens.Equal(at(6, 0)) || costs[0].OK):
				t.Errorf("%s at %d:00: %s, opens %v; %+v", m, hour, names(as), as[0].Opens, costs[0])
			case hour == 12 && (as[0].Verdict != geo.Open || !costs[0].OK || math.Abs(costs[0].Duration-as[0].Duration) > 0.01 || math.Abs(costs[0].Distance-as[0].Distance) > 0.5):
				t.Errorf("%s at %d:00: %s %g s, %g m; %+v", m, hour, names(as), as[0].Duration, as[0].Distance, costs[0])
			}
		}
	}
	as, err = ask(t, r, s.at(-200, -20), route.Target{Building: "2"})
	if err != nil || len(as) != 1 || as[0].Gate != nil || as[0].Verdict != geo.Unknown || !strings.Contains(as[0].Reason.En, "No gate is known") {
		t.Fatalf("%s %v", names(as), err)
	}
	line := as[0].Legs[0].Line
	if d := geo.Distance(line[len(line)-1], s.at(-60, -20)); d > 1 {
		t.Errorf("ends %.0f m from the street in front", d)
	}
}

// TestToGate: a gate itself is a destination like a point of the street.
func TestToGate(t *testing.T) {
	s := courtSheet(map[string]geo.Tags{"w": {"locked": "yes"}})
	r, _ := s.router(t)
	as, err := ask(t, r, s.at(-118, -100), route.Target{Place: "osm:n23", Point: s.at(-100, 0)})
	if err != nil || len(as) != 1 || as[0].Distance > 125 {
		t.Fatalf("%s %v", names(as), err)
	}
	steps := as[0].Legs[0].Steps
	if got := steps[len(steps)-1].Text.En; got != "Arrive at West Gate" {
		t.Error(got)
	}
}

// TestParking: the bike is left in a bay near the gate.
func TestParking(t *testing.T) {
	s := courtSheet(map[string]geo.Tags{"w": {"access": "yes", "electric_bicycle": "no"}})
	bay := &geo.Place{ID: "bay", Kind: geo.KindParking, Name: "西街停车区", Point: s.at(-122, -40)}
	r, n := s.router(t, route.WithParking(func(p orb.Point, within float64) []*geo.Place {
		if geo.Distance(p, bay.Point) > within {
			return nil
		}
		return []*geo.Place{bay}
	}))
	as, err := r.Route(context.Background(), route.Request{From: s.at(-118, -100), To: route.Target{Building: "3号楼"}, Mode: geo.Ebike, Depart: at(12, 0)})
	if err != nil || len(as) != 1 || len(as[0].Legs) != 2 {
		t.Fatalf("%s %v", names(as), err)
	}
	checkApproach(t, n, as[0], at(12, 0))
	ride := as[0].Legs[0]
	if last := ride.Steps[len(ride.Steps)-1]; last.Text.Zh != "把车停在西街停车区旁" {
		t.Error(last.Text)
	}
	if end := ride.Line[len(ride.Line)-1]; geo.Distance(end, bay.Point) > 0.5 {
		t.Errorf("rides to %.0f m from the bay", geo.Distance(end, bay.Point))
	}
}

// TestNames: bare numbers are house numbers, and a bay is named in a language
// that the reader knows.
func TestNames(t *testing.T) {
	s := courtSheet(map[string]geo.Tags{"w": {"access": "yes", "electric_bicycle": "no"}})
	bay := &geo.Place{ID: "bay", Kind: geo.KindParking, Name: "听竹雅苑西门停车点", Point: s.at(-122, -40)}
	r, _ := s.router(t, route.WithParking(func(orb.Point, float64) []*geo.Place { return []*geo.Place{bay} }))
	for _, c := range []struct {
		name, zh, en string
		bay          map[string]string
		park         string
	}{
		{"4", "到达4号", "Arrive at no. 4", nil, "Park by the bike parking"},
		{"12A", "到达12A号", "Arrive at no. 12A", map[string]string{"en": "Bamboo Court bays"}, "Park by Bamboo Court bays"},
		{"5栋", "到达5栋", "Arrive at 5栋", nil, "Park by the bike parking"},
		{"7天酒店", "到达7天酒店", "Arrive at 7天酒店", nil, "Park by the bike parking"},
		{"", "到达3号楼", "Arrive at 3号楼", nil, "Park by the bike parking"},
	} {
		bay.Names = c.bay
		as, err := r.Route(context.Background(), route.Request{From: s.at(-118, -100), To: route.Target{Building: "3号楼", Name: c.name}, Mode: geo.Ebike, Depart: at(12, 0)})
		if err != nil || len(as) == 0 || len(as[0].Legs) != 2 {
			t.Fatalf("%s %v", names(as), err)
		}
		ride, walk := as[0].Legs[0].Steps, as[0].Legs[1].Steps
		if got := walk[len(walk)-1].Text; got != (geo.Text{Zh: c.zh, En: c.en}) {
			t.Errorf("%q: %v", c.name, got)
		}
		if got := ride[len(ride)-1].Text; got.En != c.park || got.Zh != "把车停在听竹雅苑西门停车点旁" {
			t.Errorf("%q: %v", c.name, got)
		}
	}
}

// TestDurations: bounds, and targets that cannot be reached.
func TestDurations(t *testing.T) {
	s := courtSheet(map[string]geo.Tags{"w": {"access": "yes"}, "s": {"access": "yes"}})
	r, _ := s.router(t)
	to := []orb.Point{s.at(-118, 0), s.at(118, 0), s.at(-40, 58), s.at(0, 9000), s.at(118, -60)}
	costs, err := r.Durations(context.Background(), s.at(-120, -120), geo.Foot, at(12, 0), to, 200)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []bool{true, false, false, false, false} {
		if want != costs[i].OK && i != 4 {
			t.Errorf("target %d: %+v", i, costs[i])
		}
	}
	costs, err = r.Durations(context.Background(), s.at(-120, -120), geo.Foot, at(12, 0), to, 0)
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range to {
		as, err := ask(t, r, s.at(-120, -120), route.Target{Point: p})
		if costs[i].OK != (err == nil) {
			t.Fatalf("target %d: %+v, %v", i, costs[i], err)
		}
		if err == nil && (as[0].Duration-costs[i].Duration > 0.01 || as[0].Distance-costs[i].Distance > 0.5) {
			t.Errorf("target %d: %+v, the route %g s, %g m", i, costs[i], as[0].Duration, as[0].Distance)
		}
	}
}

// TestConcurrent: many riders at once get what each gets alone.
func TestConcurrent(t *testing.T) {
	n := extract(t, "bupt-beijing")
	r := route.New(n, where)
	from := orb.Point{116.3490, 39.9642}
	buildings := n.Buildings()
	want := make([]float64, len(buildings))
	run := func(i int) float64 {
		as, err := r.Route(context.Background(), route.Request{From: from, To: route.Target{Building: buildings[i].ID}, Mode: geo.Modes()[i%3], Depart: at(12, 0)})
		if err != nil || len(as) == 0 {
			return -1
		}
		return as[0].Duration
	}
	for i := range buildings {
		want[i] = run(i)
	}
	var wg sync.WaitGroup
	for k := range 8 {
		wg.Go(func() {
			rng := rand.New(rand.NewPCG(uint64(k), 3))
			for range 100 {
				i := rng.IntN(len(buildings))
				if got := run(i); got != want[i] {
					t.Errorf("building %d: %g s, alone %g s", i, got, want[i])
				}
			}
		})
	}
	wg.Wait()
}
