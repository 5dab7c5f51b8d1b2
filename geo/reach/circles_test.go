package reach_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"yizhan/geo"
	"yizhan/geo/reach"
)

func box(west, south, east, north float64) orb.MultiPolygon {
	return orb.MultiPolygon{{{{west, south}, {east, south}, {east, north}, {west, north}, {west, south}}}}
}

func TestCircles(t *testing.T) {
	// One station at 0,0 with 1,000 m, about 0.009°, around it.
	//
	//	   ┌──in──┐ ┌─partly─┐            ┌─far─┐
	//	   │  ·   │ │      · │            │  ·  │
	//	   └──────┘ └────────┘            └─────┘
	got := reach.Circles([]orb.Point{{0, 0}, {math.NaN(), 0}}, 1000,
		[]geo.Compound{
			{ID: "c:in", Name: "in", Perimeter: box(-0.001, -0.001, 0.003, 0.003)},
			{ID: "c:partly", Name: "partly", Perimeter: box(0.005, -0.001, 0.025, 0.001)},
			{ID: "c:far", Name: "far", Perimeter: box(0.04, 0, 0.06, 0.02)},
			{ID: "c:no-perimeter"},
		},
		[]geo.Building{
			{ID: "b:in", Center: orb.Point{0.008, 0}},
			{ID: "b:out", Number: "7", Center: orb.Point{0, 0.01}},
			{ID: "b:out-too", Number: "8", Center: orb.Point{0, -0.01}},
		})
	want := reach.Coverage{
		Radius: 1000, Stations: 1,
		Compounds: reach.Count{Inside: 1, Outside: 2, Partly: 1},
		Buildings: reach.Count{Inside: 1, Outside: 2},
		Outside: []reach.Uncovered{
			{ID: "c:far", Kind: "compound", Name: "far", Point: orb.Point{0.05, 0.01}, Distance: 5670},
			{ID: "c:partly", Kind: "compound", Name: "partly", Point: orb.Point{0.015, 0}, Distance: 1668, Partly: true},
			{ID: "b:out", Kind: "building", Name: "7", Point: orb.Point{0, 0.01}, Distance: 1112},
			{ID: "b:out-too", Kind: "building", Name: "8", Point: orb.Point{0, -0.01}, Distance: 1112},
		},
	}
	about := cmp.Comparer(func(a, b float64) bool { return math.Abs(a-b) <= math.Max(1e-9, math.Abs(a)*1e-3) })
	close := cmp.Comparer(func(a, b orb.Point) bool { return geo.Distance(a, b) < 0.01 })
	if diff := cmp.Diff(want, got, about, close); diff != "" {
		t.Error(diff)
	}
}

func TestNoStation(t *testing.T) {
	got := reach.Circles(nil, 500, nil, []geo.Building{{ID: "b", Center: orb.Point{1, 1}}})
	if got.Buildings.Outside != 1 || len(got.Outside) != 1 || got.Outside[0].Distance != 0 {
		t.Errorf("%+v", got)
	}
}

func TestCirclesAgainstModel(t *testing.T) {
	position := rapid.Custom(func(t *rapid.T) orb.Point {
		return rapid.SampledFrom([]orb.Point{
			{rapid.Float64Range(113.5, 113.7).Draw(t, "lon"), rapid.Float64Range(34.7, 34.8).Draw(t, "lat")},
			{rapid.SampledFrom([]float64{180, -180, 179.999, -179.998}).Draw(t, "lon"), rapid.Float64Range(-0.01, 0.01).Draw(t, "lat")},
			{rapid.Float64Range(-180, 180).Draw(t, "lon"), rapid.SampledFrom([]float64{90, -90, 89.999}).Draw(t, "lat")},
			{rapid.Float64Range(-180, 180).Draw(t, "lon"), rapid.Float64Range(-90, 90).Draw(t, "lat")},
		}).Draw(t, "position")
	})
	rapid.Check(t, func(t *rapid.T) {
		stations := rapid.SliceOfN(position, 1, 60).Draw(t, "stations")
		centres := rapid.SliceOfN(position, 0, 60).Draw(t, "buildings")
		radius := rapid.SampledFrom([]float64{0.001, 300, 1000, 1e6}).Draw(t, "radius")
		var buildings []geo.Building
		far := map[string]float64{}
		for i, p := range centres {
			id := fmt.Sprint(i)
			buildings = append(buildings, geo.Building{ID: id, Center: p})
			least := math.Inf(1)
			for _, s := range stations {
				least = min(least, geo.Distance(p, s))
			}
			if least > radius {
				far[id] = least
			}
		}
		got := reach.Circles(stations, radius, nil, buildings)
		if got.Buildings.Outside != len(far) || got.Buildings.Inside != len(buildings)-len(far) || len(got.Outside) != len(far) {
			t.Fatalf("%+v, want %d outside", got.Buildings, len(far))
		}
		for _, u := range got.Outside {
			// Near the antipode the haversine itself is worth a decimetre.
			if want := far[u.ID]; math.Abs(u.Distance-want) > 1e-6+want*1e-7 {
				t.Fatalf("%s at %v: %g m, want %g m", u.ID, u.Point, u.Distance, want)
			}
		}
		if !slices.IsSortedFunc(got.Outside, func(a, b reach.Uncovered) int {
			if a.Distance > b.Distance || a.Distance == b.Distance && a.ID < b.ID {
				return -1
			}
			return 1
		}) {
			t.Fatal("not farthest first")
		}
	})
}

func BenchmarkCircles(b *testing.B) {
	rnd := rand.New(rand.NewPCG(1, 2))
	somewhere := func() orb.Point { return orb.Point{113.3 + 0.6*rnd.Float64(), 34.5 + 0.6*rnd.Float64()} }
	var stations []orb.Point
	for range 2000 {
		stations = append(stations, somewhere())
	}
	var buildings []geo.Building
	for i := range 30_000 {
		buildings = append(buildings, geo.Building{ID: fmt.Sprint(i), Center: somewhere()})
	}
	for b.Loop() {
		reach.Circles(stations, 500, nil, buildings)
	}
}
