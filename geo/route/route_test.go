package route_test

import (
	"context"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"yizhan/geo"
	"yizhan/geo/hours"
	"yizhan/geo/route"
	"yizhan/geo/street"
)

var update = flag.Bool("update", false, "write the golden files")

var beijing = time.FixedZone("CST", 8*3600)

func at(hour, minute int) time.Time { return time.Date(2026, 11, 23, hour, minute, 0, 0, beijing) }

func where(p orb.Point) hours.Place { return hours.Place{Point: p, Zone: beijing} }

// sheet draws networks in metres around a corner of Beijing.
type sheet struct{ b *street.Builder }

func newSheet() sheet {
	return sheet{street.NewBuilder(street.Options{WalledByHabit: func(orb.Point) bool { return false }})}
}

func (sheet) at(x, y float64) orb.Point {
	const metres = geo.EarthRadius * math.Pi / 180
	return orb.Point{116.35 + x/metres/math.Cos(39.96*math.Pi/180), 39.96 + y/metres}
}

func (s sheet) node(id int64, x, y float64) { s.b.Node(id, s.at(x, y)) }

func (s sheet) way(id int64, class, name string, tags geo.Tags, nodes ...int64) {
	s.b.Way(street.Way{ID: id, Class: class, Name: name, Nodes: nodes, Tags: tags})
}

func (s sheet) gate(id int64, x, y float64, barrier, name string, tags geo.Tags) {
	s.node(id, x, y)
	s.b.Barrier(id, geo.Place{ID: fmt.Sprintf("osm:n%d", id), Name: name, Point: s.at(x, y), Gate: &geo.Gate{Barrier: barrier, Tags: tags}})
}

func (s sheet) court(id, name string, x0, y0, x1, y1 float64) {
	s.b.Compound(geo.Compound{ID: id, Name: name, Type: geo.Residential, Walled: true,
		Perimeter: orb.MultiPolygon{{{s.at(x0, y0), s.at(x1, y0), s.at(x1, y1), s.at(x0, y1), s.at(x0, y0)}}}})
}

func (s sheet) building(id string, x, y float64, entrances ...geo.Entrance) {
	s.b.Building(geo.Building{ID: id, Name: id, Center: s.at(x, y), Entrances: entrances})
}

func (s sheet) router(t testing.TB, options ...route.Option) (*route.Router, *street.Network) {
	t.Helper()
	n, _, err := s.b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return route.New(n, where, options...), n
}

// court lays out a compound of 200 m by 200 m with a street around it, and
// gates that the case tags:
//
//	31 ----- North Street ----- 32
//	 |   +-----n(22)------+     |
//	 |   |      |         |     |
//	 |   |  41--42--43    |     |    the building stands near the north-west
//	 |   |      |         |     |    corner of the wall, 13 m behind it
//	 |   w(23)--44--45----e(24) |
//	 |   |      |         |     |
//	 |   +-----s(21)------+     |
//	33 ----- South Street ----- 34
func courtSheet(tags map[string]geo.Tags) sheet {
	s := newSheet()
	s.node(31, -120, 120)
	s.node(32, 120, 120)
	s.node(33, -120, -120)
	s.node(34, 120, -120)
	s.node(35, 0, 120)
	s.node(36, 0, -120)
	s.node(37, -120, 0)
	s.node(38, 120, 0)
	s.way(1, "residential", "北街", nil, 31, 35, 32)
	s.way(2, "residential", "南街", nil, 33, 36, 34)
	s.way(3, "residential", "西街", nil, 31, 37, 33)
	s.way(4, "residential", "东街", nil, 32, 38, 34)
	s.court("court", "锦江花园", -100, -100, 100, 100)
	s.node(42, 0, 60)
	s.node(41, -60, 60)
	s.node(43, 60, 60)
	s.node(44, 0, 0)
	s.node(45, 50, 0)
	s.way(10, "service", "", nil, 42, 44)
	s.way(11, "footway", "", nil, 41, 42, 43)
	s.way(12, "footway", "", nil, 44, 45)
	for i, g := range []struct {
		side        string
		name        string
		x, y        float64
		inner, wide int64
	}{{"s", "南门", 0, -100, 44, 36}, {"n", "北门", 0, 100, 42, 35}, {"w", "西门", -100, 0, 44, 37}, {"e", "东门", 100, 0, 45, 38}} {
		tag, ok := tags[g.side]
		if !ok {
			continue
		}
		id := int64(21 + i)
		barrier := "gate"
		if b := tag["barrier"]; b != "" {
			barrier = b
		}
		s.gate(id, g.x, g.y, barrier, g.name, tag)
		s.way(20+int64(i), "service", "", nil, g.wide, id, g.inner)
	}
	s.building("3号楼", -80, 87)
	return s
}

func names(as []route.Approach) string {
	var out []string
	for _, a := range as {
		name := "-"
		if a.Gate != nil {
			name = a.Gate.Name
		}
		out = append(out, name+" "+a.Verdict.String())
	}
	return strings.Join(out, ", ")
}

// TestGates: which gates lead to the building, and in which order, from the
// south-west corner of the streets.
func TestGates(t *testing.T) {
	open := geo.Tags{"access": "yes"}
	day := geo.Tags{"opening_hours": "06:00-22:00"}
	for _, c := range []struct {
		name string
		tags map[string]geo.Tags
		mode geo.Mode
		hour int
		want string
	}{
		{"the nearest open gate first", map[string]geo.Tags{"s": open, "n": open, "w": open, "e": open}, geo.Foot, 12, "西门 open, 南门 open, 北门 open, 东门 open"},
		{"a locked gate is last", map[string]geo.Tags{"s": open, "w": {"locked": "yes"}}, geo.Foot, 12, "南门 open, 西门 closed"},
		{"hours by day", map[string]geo.Tags{"s": open, "w": day}, geo.Foot, 12, "西门 open, 南门 open"},
		{"hours at night", map[string]geo.Tags{"s": open, "w": day}, geo.Foot, 3, "南门 open, 西门 closed"},
		{"hours at the minute of arrival", map[string]geo.Tags{"s": open, "w": {"opening_hours": "00:00-12:01"}}, geo.Foot, 12, "南门 open, 西门 closed"},
		{"private wants a permit", map[string]geo.Tags{"w": {"access": "private"}}, geo.Ebike, 12, "西门 permit"},
		{"permit costs a minute", map[string]geo.Tags{"s": open, "w": {"access": "private"}}, geo.Ebike, 12, "南门 open, 西门 permit"},
		{"delivery is open to a caller", map[string]geo.Tags{"w": {"access": "private;delivery"}}, geo.Ebike, 12, "西门 open"},
		{"no e-bikes: park and walk", map[string]geo.Tags{"w": {"access": "yes", "electric_bicycle": "no"}}, geo.Ebike, 12, "西门 open"},
		{"a turnstile: park and walk", map[string]geo.Tags{"w": {"barrier": "full-height_turnstile"}}, geo.Ebike, 12, "西门 open"},
		{"nothing tagged", map[string]geo.Tags{"w": {}, "s": {}}, geo.Foot, 12, "西门 unknown, 南门 unknown"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := courtSheet(c.tags)
			r, n := s.router(t)
			as, err := r.Route(context.Background(), route.Request{
				From: s.at(-118, -100), To: route.Target{Building: "3号楼"}, Mode: c.mode, Depart: at(c.hour, 0), Limit: 5})
			if err != nil {
				t.Fatal(err)
			}
			if got := names(as); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
			for _, a := range as {
				checkApproach(t, n, a, at(c.hour, 0))
			}
		})
	}
}

// checkApproach: legs join, sums agree, closed approaches have none.
func checkApproach(t *testing.T, n *street.Network, a route.Approach, depart time.Time) {
	t.Helper()
	if a.Reason.Zh == "" || a.Reason.En == "" {
		t.Errorf("no reason: %+v", a)
	}
	if a.Verdict == geo.Closed {
		if len(a.Legs) > 0 {
			t.Error("a closed approach has legs")
		}
		return
	}
	var dist, dur float64
	for i, l := range a.Legs {
		var ld, lt, line float64
		for _, s := range l.Steps {
			lt += s.Duration
			ld += s.Distance
			if s.Text.Zh == "" || s.Text.En == "" || s.Turn == "" {
				t.Errorf("an empty step: %+v", s)
			}
		}
		for k := 1; k < len(l.Line); k++ {
			line += geo.Distance(l.Line[k-1], l.Line[k])
		}
		if len(l.Line) < 2 {
			t.Errorf("leg %d has %d points", i, len(l.Line))
		}
		if math.Abs(line-l.Distance) > 1+l.Distance*0.01 {
			t.Errorf("leg %d: the line is %.1f m, the distance %.1f m", i, line, l.Distance)
		}
		if i > 0 {
			before := a.Legs[i-1].Line
			if geo.Distance(before[len(before)-1], l.Line[0]) > 1 {
				t.Errorf("leg %d begins elsewhere than leg %d ends", i, i-1)
			}
		}
		if ld > l.Distance+1 || lt > l.Duration+1 {
			t.Errorf("leg %d: the steps sum to %.0f m, %.0f s of %.0f m, %.0f s", i, ld, lt, l.Distance, l.Duration)
		}
		dist += l.Distance
		dur += l.Duration
	}
	if math.Abs(dist-a.Distance) > 1e-6 || math.Abs(dur-a.Duration) > 1e-6 {
		t.Errorf("legs sum to %g m, %g s, not %g m, %g s", dist, dur, a.Distance, a.Duration)
	}
	if d := a.Arrive.Sub(depart).Seconds() - a.Duration; math.Abs(d) > 1 {
		t.Errorf("arrives %g s off", d)
	}
	last := a.Legs[len(a.Legs)-1]
	if s := last.Steps[len(last.Steps)-1]; s.Turn != "arrive" {
		t.Errorf("ends with %q", s.Turn)
	}
}

// TestBehindTheWall: the building stands 13 m behind the wall and some 33 m
// from the street outside; the way leads through the gate, not to the street.
func TestBehindTheWall(t *testing.T) {
	s := courtSheet(map[string]geo.Tags{"n": {"access": "yes"}})
	r, _ := s.router(t)
	as, err := r.Route(context.Background(), route.Request{From: s.at(-80, 122), To: route.Target{Building: "3号楼"}, Depart: at(12, 0)})
	if err != nil {
		t.Fatal(err)
	}
	if len(as) != 1 || as[0].Gate == nil || as[0].Gate.Name != "北门" {
		t.Fatalf("%s", names(as))
	}
	line := as[0].Legs[0].Line
	if end := line[len(line)-1]; geo.Distance(end, s.at(-80, 87)) > 1 {
		t.Errorf("ends %.0f m from the building", geo.Distance(end, s.at(-80, 87)))
	}
	// 80 m along the street, 20 to the gate, 40 to the path, 60 along it, 34 to
	// the building.
	if d := as[0].Distance; d < 225 || d > 245 {
		t.Errorf("%.0f m", d)
	}
}

// TestEntrances: the entrance that is quicker to reach counts.
func TestEntrances(t *testing.T) {
	s := courtSheet(map[string]geo.Tags{"e": {"access": "yes"}, "w": {"access": "yes"}})
	s.building("两门楼", 20, 30,
		geo.Entrance{ID: "a", Point: s.at(-3, 30), Type: "main"},
		geo.Entrance{ID: "b", Point: s.at(48, 5), Type: "yes"})
	r, _ := s.router(t)
	for _, c := range []struct {
		from orb.Point
		want orb.Point
	}{{s.at(-118, 3), s.at(-3, 30)}, {s.at(118, 3), s.at(48, 5)}} {
		as, err := r.Route(context.Background(), route.Request{From: c.from, To: route.Target{Building: "两门楼"}, Depart: at(12, 0), Limit: 1})
		if err != nil {
			t.Fatal(err)
		}
		last := as[0].Legs[len(as[0].Legs)-1].Line
		if d := geo.Distance(last[len(last)-1], c.want); d > 1 {
			t.Errorf("ends %.0f m from the nearer entrance", d)
		}
	}
}

// TestOpensToAll: a gate for cardholders that opens to everybody at noon says
// so before, and beats no gate that is open now.
func TestOpensToAll(t *testing.T) {
	s := courtSheet(map[string]geo.Tags{
		"w": {"barrier": "full-height_turnstile", "access": "private", "foot:conditional": "yes @ (11:00-13:30)"},
		"s": {"access": "yes"}})
	r, _ := s.router(t)
	q := route.Request{From: s.at(-118, -10), To: route.Target{Building: "3号楼"}, Depart: at(9, 0)}
	as, err := r.Route(context.Background(), q)
	if err != nil || names(as) != "南门 open, 西门 permit" || !as[1].Opens.Equal(at(11, 0)) || as[1].Reason.Zh != "仅限持卡人员，需住户开门；11:00–13:30 可自由通行" {
		t.Errorf("%s, opens %v, %v, %v", names(as), as[1].Opens, as[1].Reason, err)
	}
	q.Depart = at(12, 17)
	as, err = r.Route(context.Background(), q)
	if err != nil || names(as) != "西门 open, 南门 open" || as[0].Reason.Zh != "可以通行，到 13:30" {
		t.Errorf("%s, %v, %v", names(as), as[0].Reason, err)
	}
}

// TestSteps keeps what a rider is told, word for word.
func TestSteps(t *testing.T) {
	s := courtSheet(map[string]geo.Tags{
		"s": {"access": "private"}, "n": {"opening_hours": "06:00-22:00"}, "w": {"access": "yes", "bicycle": "no"}, "e": {}})
	s.b.Compound(geo.Compound{ID: "home", Name: "家", Type: geo.Residential, Walled: true,
		Perimeter: orb.MultiPolygon{{{s.at(-300, -150), s.at(-200, -150), s.at(-200, 150), s.at(-300, 150), s.at(-300, -150)}}}})
	s.gate(60, -200, 0, "lift_gate", "", geo.Tags{"access": "delivery"})
	s.node(61, -280, 0)
	s.way(40, "residential", "家门路", nil, 61, 60, 37)
	r, n := s.router(t)
	var out strings.Builder
	for _, c := range []struct {
		title string
		q     route.Request
	}{
		{"on foot to the building, by day", route.Request{From: s.at(-118, -100), To: route.Target{Building: "3号楼"}, Mode: geo.Foot, Depart: at(12, 0), Limit: 5}},
		{"by e-bike to the building, at night", route.Request{From: s.at(-118, -100), To: route.Target{Building: "3号楼"}, Mode: geo.Ebike, Depart: at(3, 0), Limit: 5}},
		{"by e-bike to the building, before opening", route.Request{From: s.at(30, 122), To: route.Target{Building: "3号楼"}, Mode: geo.Ebike, Depart: at(5, 52), Limit: 5}},
		{"from home to the compound", route.Request{From: s.at(-270, 3), To: route.Target{Compound: "court"}, Mode: geo.Bicycle, Depart: at(12, 0), Limit: 2}},
		{"out of the compound to a street", route.Request{From: s.at(-50, 63), To: route.Target{Point: s.at(118, 60), Name: "便利店"}, Mode: geo.Foot, Depart: at(12, 0)}},
	} {
		as, err := r.Route(context.Background(), c.q)
		fmt.Fprintf(&out, "# %s\n", c.title)
		if err != nil {
			fmt.Fprintf(&out, "error: %v\n", err)
		}
		for _, a := range as {
			checkApproach(t, n, a, c.q.Depart)
			tell(&out, a)
		}
		out.WriteString("\n")
	}
	path := filepath.Join("testdata", "steps.golden")
	if *update {
		if err := os.WriteFile(path, []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), out.String()); diff != "" {
		t.Error(diff)
	}
}

func tell(out *strings.Builder, a route.Approach) {
	gate := "-"
	if a.Gate != nil {
		gate = a.Gate.ID + " " + a.Gate.Name
	}
	fmt.Fprintf(out, "%s: %s, %s | %s", gate, a.Verdict, a.Reason.Zh, a.Reason.En)
	if !a.Opens.IsZero() {
		fmt.Fprintf(out, " (opens %s, wait %.0f s)", a.Opens.Format("15:04"), a.Wait)
	}
	if a.Verdict == geo.Closed {
		out.WriteString("\n")
		return
	}
	fmt.Fprintf(out, ", %.0f m, %.0f s, arrive %s\n", a.Distance, a.Duration, a.Arrive.Format("15:04:05"))
	for _, l := range a.Legs {
		fmt.Fprintf(out, "  %s %.0f m, %.0f s\n", l.Mode, l.Distance, l.Duration)
		for _, s := range l.Steps {
			fmt.Fprintf(out, "    %-12s %s | %s [%.0f m, %.0f s] %s\n", s.Turn, s.Text.Zh, s.Text.En, s.Distance, s.Duration, s.Street)
		}
	}
}
