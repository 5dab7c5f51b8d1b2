package reach_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"yizhan/data/osm/osmtest"
	"yizhan/geo"
	"yizhan/geo/hours"
	"yizhan/geo/reach"
	"yizhan/geo/route"
	"yizhan/geo/street"
)

// extracts are those that several tests use.
var extracts osmtest.Cities

func extract(t testing.TB, name string) *street.Network {
	t.Helper()
	return extracts.Streets(t, name)
}

var beijing = time.FixedZone("CST", 8*3600)

func at(hour, minute int) time.Time { return time.Date(2026, 11, 23, hour, minute, 0, 0, beijing) }

func where(p orb.Point) hours.Place { return hours.Place{Point: p, Zone: beijing} }

// publicStarts draws points of streets that all modes use and pass through.
func publicStarts(n *street.Network, count int) []orb.Point {
	rng := rand.New(rand.NewPCG(1, 2))
	var out []orb.Point
	for len(out) < count {
		e := uint32(rng.IntN(n.NumStreets()))
		a, _ := n.Ends(street.Ref(e << 1))
		good := n.Room(e) == street.Public && n.RoomAt(n.Node(a)) == street.Public && !n.ProfileOf(e).Below
		for _, m := range geo.Modes() {
			good = good && n.Zone(m, e) == 0 && !n.Island(m, e) && n.Time(m, street.Ref(e<<1)) != street.Unreachable
		}
		if good {
			out = append(out, n.Node(a))
		}
	}
	return out
}

func draw(t testing.TB, n *street.Network, q reach.Query) []reach.Isochrone {
	t.Helper()
	got, err := reach.NewIsochrones(route.New(n, where), n).Draw(context.Background(), q)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// cellOf is the side of the grid's cells for a quarter of an hour.
func cellOf(m geo.Mode) float64 {
	if m == geo.Foot {
		return 12
	}
	return 25
}

// TestCities: in real cities, and in the one that is made up, areas are valid
// and nested, hold the streets reached in time, and leave out the buildings of
// compounds that are not entered.
func TestCities(t *testing.T) {
	for _, name := range []string{"vancouver", "bupt-beijing", "wangjing-beijing", "demo"} {
		t.Run(name, func(t *testing.T) {
			n := extract(t, name)
			r := route.New(n, where)
			x := reach.NewIsochrones(r, n)
			for i, from := range publicStarts(n, 6) {
				m := geo.Modes()[i%3]
				depart := at([]int{12, 3}[i/3], 0)
				minutes := []int{4, 8, 15}
				if m != geo.Foot {
					minutes = []int{2, 5, 8}
				}
				got, err := x.Draw(context.Background(), reach.Query{From: from, Mode: m, Depart: depart, Minutes: minutes, Lines: i == 0})
				if err != nil {
					t.Fatal(err)
				}
				where := fmt.Sprintf("%s from %v at %d:00", m, from, depart.Hour())
				var last orb.MultiPolygon
				for _, iso := range got {
					if err := reach.Valid(iso.Area); err != nil {
						t.Errorf("%s, %d min: %v", where, iso.Minutes, err)
					}
					if err := reach.Nested(last, iso.Area); err != nil {
						t.Errorf("%s, %d min: %v", where, iso.Minutes, err)
					}
					last = iso.Area
					reached, err := r.Reach(context.Background(), from, m, depart, float64(60*iso.Minutes))
					if err != nil {
						t.Fatal(err)
					}
					checkStreets(t, n, reached, iso, where)
					checkBuildings(t, n, reached, iso, where)
				}
			}
		})
	}
}

// checkStreets: a street that is reached half a cell's ride before the time is
// up lies inside, and one beside a wall no farther outside than half a cell.
func checkStreets(t *testing.T, n *street.Network, reached *route.Reached, iso reach.Isochrone, where string) {
	t.Helper()
	cell := cellOf(reached.Mode)
	missed, seen := 0, 0
	for _, s := range reached.Stretches {
		if s.Begin+20_000 > reached.Limit {
			continue
		}
		node, _ := n.Ends(s.Ref)
		p := n.Node(node)
		if s.From > 0 {
			continue
		}
		seen++
		if reach.Covers(iso.Area, p) {
			continue
		}
		if d := reach.Border(iso.Area, p) * 111_000; d > cell*0.71 || !nearWall(n, p, 1.5*cell) {
			missed++
			t.Errorf("%s, %d min: street %d at %v, reached after %d ms, lies %.1f m outside", where, iso.Minutes, s.Ref.Edge(), p, s.Begin, d)
		}
		if missed > 3 {
			return
		}
	}
	if iso.Minutes > 4 && seen == 0 {
		t.Errorf("%s, %d min: no street is reached", where, iso.Minutes)
	}
}

func nearWall(n *street.Network, p orb.Point, metres float64) bool {
	room := n.RoomAt(p)
	for k := range 32 {
		sin, cos := math.Sincos(float64(k%16) / 16 * 2 * math.Pi)
		d := metres / 111_000
		if k > 15 {
			d /= 2
		}
		if n.RoomAt(orb.Point{p[0] + cos*d/math.Cos(p[1]*math.Pi/180), p[1] + sin*d}) != room {
			return true
		}
	}
	return false
}

// checkBuildings: what stands in a compound of which nothing is reached lies
// outside, but for half a cell at the wall and what streets take that run
// along it.
func checkBuildings(t *testing.T, n *street.Network, reached *route.Reached, iso reach.Isochrone, where string) {
	t.Helper()
	entered := map[uint32]bool{n.RoomAt(reached.From): true}
	for _, s := range reached.Stretches {
		entered[n.Room(s.Ref.Edge())] = true
	}
	cell := cellOf(reached.Mode)
	for i := range n.Buildings() {
		b := &n.Buildings()[i]
		room := n.RoomAt(b.Center)
		if room == street.Public || entered[room] || !reach.Covers(iso.Area, b.Center) {
			continue
		}
		if !nearWall(n, b.Center, 1.5*cell) {
			t.Errorf("%s, %d min: building %s lies inside, its compound is not entered", where, iso.Minutes, b.ID)
		}
	}
}

// TestCampusHours: the north gate of the university opens at six; before, its
// northern end is much farther.
func TestCampusHours(t *testing.T) {
	n := extract(t, "bupt-beijing")
	inside := func(hour int) (count int) {
		area := draw(t, n, reach.Query{From: orb.Point{116.3490, 39.9642}, Mode: geo.Foot, Depart: at(hour, 0), Minutes: []int{8}})[0].Area
		for i := range n.Buildings() {
			if b := &n.Buildings()[i]; b.Compound == "osm:w279303636" && reach.Covers(area, b.Center) {
				count++
			}
		}
		return count
	}
	night, noon := inside(3), inside(12)
	if night*2 > noon || noon < 15 {
		t.Errorf("%d buildings of the campus within 8 minutes at night, %d at noon", night, noon)
	}
}

// sheet draws a street from west to east, and north of it a court with a wall
// that begins 15 m from the street.
//
//	      +--------------+
//	      |   5          |
//	      |   |          |
//	      +---g----------+
//	1 ----2---3----------4 ---- 6
func sheet(t *testing.T, gate geo.Tags) (*street.Network, func(x, y float64) orb.Point) {
	t.Helper()
	const metres = geo.EarthRadius * math.Pi / 180
	pt := func(x, y float64) orb.Point {
		return orb.Point{116.35 + x/metres/math.Cos(39.96*math.Pi/180), 39.96 + y/metres}
	}
	b := street.NewBuilder(street.Options{WalledByHabit: func(orb.Point) bool { return false }})
	for id, p := range map[int64][2]float64{1: {-600, 0}, 2: {-100, 0}, 3: {0, 0}, 4: {200, 0}, 6: {600, 0}, 5: {0, 150}, 7: {0, 15}} {
		b.Node(id, pt(p[0], p[1]))
	}
	b.Way(street.Way{ID: 1, Class: "residential", Name: "南街", Nodes: []int64{1, 2, 3, 4, 6}})
	b.Way(street.Way{ID: 2, Class: "service", Nodes: []int64{3, 7, 5}})
	if gate != nil {
		b.Barrier(7, geo.Place{ID: "osm:n7", Name: "南门", Point: pt(0, 15), Gate: &geo.Gate{Barrier: "gate", Tags: gate}})
	}
	b.Compound(geo.Compound{ID: "court", Name: "锦江花园", Type: geo.Residential, Walled: true,
		Perimeter: orb.MultiPolygon{{{pt(-100, 15), pt(200, 15), pt(200, 200), pt(-100, 200), pt(-100, 15)}}}})
	n, _, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return n, pt
}

// TestCourt: a wall, a gate in it and its hours bound the area.
func TestCourt(t *testing.T) {
	for _, c := range []struct {
		name          string
		gate          geo.Tags
		hour, minute  int
		behind, along bool // inside the gate, and inside the wall elsewhere
	}{
		{"open", geo.Tags{"access": "yes"}, 12, 0, true, false},
		{"permit", geo.Tags{"access": "private"}, 12, 0, true, false},
		{"locked", geo.Tags{"locked": "yes"}, 12, 0, false, false},
		{"by day", geo.Tags{"opening_hours": "06:00-22:00"}, 12, 0, true, false},
		{"at night", geo.Tags{"opening_hours": "06:00-22:00"}, 3, 0, false, false},
		{"opens in time", geo.Tags{"opening_hours": "06:00-22:00"}, 5, 57, true, false},
		{"opens too late", geo.Tags{"opening_hours": "06:00-22:00"}, 5, 50, false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			n, pt := sheet(t, c.gate)
			area := draw(t, n, reach.Query{From: pt(-150, 0), Mode: geo.Foot, Depart: at(c.hour, c.minute), Minutes: []int{6}})[0].Area
			if err := reach.Valid(area); err != nil {
				t.Error(err)
			}
			for _, p := range []struct {
				x, y float64
				want bool
			}{
				{-150, 0, true}, {-150, 40, true}, {-150, 70, false}, // beside the street, and too far from it
				{0, 5, true}, {100, 5, true}, {100, -40, true}, {100, -70, false},
				{-590, 0, true}, {-660, 0, false}, {320, 0, true}, {340, 0, false}, // 480 m in six minutes
				{0, 60, c.behind}, {30, 60, c.behind}, {0, 25, c.behind},
				{100, 30, c.along}, {-60, 30, c.along}, {150, 100, c.along}, // the wall
			} {
				if got := reach.Covers(area, pt(p.x, p.y)); got != p.want {
					t.Errorf("the point %g,%g is inside: %v", p.x, p.y, got)
				}
			}
		})
	}
}

// TestClosures: what is closed for a time bounds the area at once.
func TestClosures(t *testing.T) {
	n, pt := sheet(t, geo.Tags{"access": "yes"})
	x := reach.NewIsochrones(route.New(n, where), n)
	east := pt(100, 0)
	for _, c := range []struct {
		name          string
		closures      []geo.Closure
		behind, along bool // inside the court, and on the street beyond it
	}{
		{"none", nil, true, true},
		{"gate", []geo.Closure{{ID: "1", Gate: "osm:n7", Created: at(1, 0)}}, false, true},
		{"gate later", []geo.Closure{{ID: "1", Gate: "osm:n7", From: at(13, 0), Created: at(1, 0)}}, true, true},
		{"street", []geo.Closure{{ID: "1", Street: &east, Created: at(1, 0)}}, true, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			under, effect := n.With(street.Changes{Closures: c.closures})
			got, err := x.With(route.New(under, where), under).Draw(context.Background(), reach.Query{From: pt(-150, 0), Mode: geo.Foot, Depart: at(12, 0), Minutes: []int{6}})
			if err != nil {
				t.Fatal(err)
			}
			if in := reach.Covers(got[0].Area, pt(0, 60)); in != c.behind {
				t.Errorf("the court is inside: %v (%+v)", in, effect)
			}
			if in := reach.Covers(got[0].Area, pt(150, 0)); in != c.along {
				t.Errorf("the street is inside: %v (%+v)", in, effect)
			}
		})
	}
}

// TestLines: streets are cut where the time is up.
func TestLines(t *testing.T) {
	n, pt := sheet(t, geo.Tags{"locked": "yes"})
	got := draw(t, n, reach.Query{From: pt(-100, 0), Mode: geo.Foot, Depart: at(12, 0), Minutes: []int{5, 2}, Lines: true})
	if len(got) != 2 || got[0].Minutes != 2 || got[1].Minutes != 5 {
		t.Fatalf("%+v", got)
	}
	speed := float64(n.ProfileOf(0).Speed[geo.Foot][0])
	for _, iso := range got {
		var west, east, length float64
		for _, l := range iso.Lines {
			for i, p := range l {
				west, east = math.Min(west, p[0]-116.35), math.Max(east, p[0]-116.35)
				if i > 0 {
					length += geo.Distance(l[i-1], p)
				}
			}
		}
		metre := pt(1, 0)[0] - 116.35
		reached := speed * float64(60*iso.Minutes)
		if math.Abs(west/metre-(-100-reached)) > 0.5 && reached < 500 || math.Abs(east/metre-(-100+reached)) > 0.5 {
			t.Errorf("%d min: the street is reached from %.1f to %.1f m", iso.Minutes, west/metre, east/metre)
		}
		want := 2 * reached
		if reached > 100 {
			want += min(15, reached-100) // as far as the gate
		}
		if math.Abs(length-want) > 1 {
			t.Errorf("%d min: %.1f m of streets, want %.1f", iso.Minutes, length, want)
		}
	}
}

// TestErrors: what cannot be drawn says why.
func TestErrors(t *testing.T) {
	n, pt := sheet(t, nil)
	x := reach.NewIsochrones(route.New(n, where), n)
	ctx := context.Background()
	for _, c := range []struct {
		minutes []int
		from    orb.Point
		want    geo.Code
	}{
		{nil, pt(0, 0), geo.Invalid},
		{[]int{0}, pt(0, 0), geo.Invalid},
		{[]int{5, 121}, pt(0, 0), geo.Invalid},
		{[]int{1, 2, 3, 4, 5, 6, 7, 8, 9}, pt(0, 0), geo.Invalid},
		{[]int{5}, orb.Point{0, 0}, geo.NotFound},
	} {
		if _, err := x.Draw(ctx, reach.Query{From: c.from, Depart: at(12, 0), Minutes: c.minutes}); err == nil || geo.CodeOf(err) != c.want {
			t.Errorf("%v from %v: %v", c.minutes, c.from, err)
		}
	}
	done, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := x.Draw(done, reach.Query{From: pt(0, 0), Depart: at(12, 0), Minutes: []int{5}}); geo.CodeOf(err) != geo.Timeout {
		t.Errorf("a context that is done: %v", err)
	}
}

// TestAgain: the same question has the same answer, from many at once, and
// with scratch space that has been used for other ones.
func TestAgain(t *testing.T) {
	n := extract(t, "demo")
	r := route.New(n, where)
	x := reach.NewIsochrones(r, n)
	starts := publicStarts(n, 6)
	ask := func(x *reach.Isochrones, i int) []reach.Isochrone {
		got, err := x.Draw(context.Background(), reach.Query{From: starts[i%6], Mode: geo.Modes()[i%3], Depart: at(12, 0), Minutes: []int{3, 1 + i%12}, Lines: i%2 == 0})
		if err != nil {
			t.Error(err)
		}
		return got
	}
	var wait sync.WaitGroup
	for k := range 4 {
		wait.Go(func() {
			for i := k; i < 48; i += 4 {
				if !reflect.DeepEqual(ask(x, i), ask(reach.NewIsochrones(r, n), i)) {
					t.Errorf("question %d has two answers", i)
				}
			}
		})
	}
	wait.Wait()
}

func BenchmarkIsochroneFoot(b *testing.B)  { benchmark(b, geo.Foot, 15) }
func BenchmarkIsochroneEbike(b *testing.B) { benchmark(b, geo.Ebike, 15) }

// BenchmarkIsochroneLongest draws as much as may be asked for.
func BenchmarkIsochroneLongest(b *testing.B) { benchmark(b, geo.Ebike, 120) }

// benchmark draws what is within some minutes of 200 points of a city,
// polygons and all.
func benchmark(b *testing.B, m geo.Mode, minutes int) {
	n := extract(b, "vancouver")
	x := reach.NewIsochrones(route.New(n, where), n)
	starts := publicStarts(n, 200)
	var times []time.Duration
	for i := 0; b.Loop(); i++ {
		begin := time.Now()
		if _, err := x.Draw(context.Background(), reach.Query{From: starts[i%len(starts)], Mode: m, Depart: at(12, 0), Minutes: []int{minutes}}); err != nil {
			b.Fatal(err)
		}
		times = append(times, time.Since(begin))
	}
	slices.Sort(times)
	b.ReportMetric(float64(times[len(times)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(times[len(times)*95/100].Microseconds())/1000, "p95-ms")
}
