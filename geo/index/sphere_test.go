package index

import (
	"math"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"yizhan/geo"
	"yizhan/geo/pack"
)

// TestChords compares the chord to a position with its distance, and the bound
// of a box with the chords to positions in it.
func TestChords(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		// Within a few degrees of the observer, or anywhere.
		far := rapid.SampledFrom([]float64{0.001, 1, 6, 400}).Draw(t, "far")
		at := orb.Point{rapid.Float64Range(-180, 180).Draw(t, "lon"), rapid.Float64Range(-90, 90).Draw(t, "lat")}
		o := observerAt(at)
		position := func() pack.Position {
			p, _ := pack.PositionOf(orb.Point{
				min(max(at[0]+rapid.Float64Range(-far, far).Draw(t, "east"), -180), 180),
				min(max(at[1]+rapid.Float64Range(-far, far).Draw(t, "north"), -90), 90),
			})
			return p
		}
		a, b := position(), position()
		around := box{a.Lon, a.Lat, a.Lon, a.Lat}.and(box{b.Lon, b.Lat, b.Lon, b.Lat})
		lon := int32(rapid.Int64Range(int64(around.west), int64(around.east)).Draw(t, "x"))
		lat := int32(rapid.Int64Range(int64(around.south), int64(around.north)).Draw(t, "y"))
		level := min(max(int32(at[1]*pack.Unit), around.south), around.north)
		bound := o.chord2To(&around)
		for _, p := range []pack.Position{a, b, {Lon: lon, Lat: lat}, {Lon: around.west, Lat: lat}, {Lon: around.east, Lat: lat}, {Lon: around.west, Lat: level}, {Lon: around.east, Lat: level}} {
			half := math.Sin(geo.Distance(at, p.Point()) / (2 * geo.EarthRadius))
			exact := 4 * half * half
			if got := o.chord2(p); math.Abs(got-exact) > exact*5e-7+5e-16 {
				t.Fatalf("%v is %v off %v, want %v", p, got, at, exact)
			}
			if bound > exact*(1+5e-7)+5e-16 {
				t.Fatalf("%v in %v is %v off %v, nearer than the bound %v", p, around, exact, at, bound)
			}
		}
	})
}

// TestPlane compares the bounds of the plane with the chords to positions in
// the box: one within the zone holds, one beyond it is of a box beyond it.
func TestPlane(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		far := rapid.SampledFrom([]float64{0.00001, 0.01, 0.7, 5, 400}).Draw(t, "far")
		at := orb.Point{
			rapid.OneOf(rapid.Float64Range(-180, 180), rapid.Float64Range(175, 180)).Draw(t, "lon"),
			rapid.OneOf(rapid.Float64Range(-90, 90), rapid.Float64Range(78, 80), rapid.Just(0.)).Draw(t, "lat"),
		}
		o := observerAt(at)
		plane := o.plane()
		if !plane.holds {
			if math.Abs(at[0]) < 176 && math.Abs(at[1]) < 80 {
				t.Fatalf("no plane at %v", at)
			}
			return
		}
		position := func() pack.Position {
			p, _ := pack.PositionOf(orb.Point{
				min(max(at[0]+rapid.Float64Range(-far, far).Draw(t, "east"), -180), 180),
				min(max(at[1]+rapid.Float64Range(-far, far).Draw(t, "north"), -90), 90),
			})
			return p
		}
		a, b := position(), position()
		around := boxAt(a).and(boxAt(b))
		var bounds [fanout]float32
		plane.bounds([]box{around}, &bounds)
		for _, bound := range []float64{plane.chord2To(&around), float64(bounds[0])} {
			for _, p := range []pack.Position{a, b, {Lon: around.west, Lat: around.north}, {Lon: around.east, Lat: around.south}} {
				c := o.chord2(p)
				if bound <= zone2 && bound > c*(1+5e-7)+5e-16 || bound > zone2 && c < zone2 {
					t.Fatalf("%v in %v is %v off %v, nearer than the bound %v", p, around, c, at, bound)
				}
				if alone := plane.chord2At(p); alone <= zone2 && alone > c*(1+5e-7)+5e-16 || alone > zone2 && c < zone2 {
					t.Fatalf("%v is %v off %v, nearer than its bound %v", p, c, at, alone)
				}
			}
		}
	})
}

// TestQueue takes out in order what was put in.
func TestQueue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var q queue
		var model []bound
		for range rapid.IntRange(0, 200).Draw(t, "steps") {
			b := boundOf(rapid.SampledFrom([]float64{0, 1e-18, 0.5, 1, 2, 4, 1000, math.Inf(1)}).Draw(t, "chord"), rapid.Uint32Range(0, 20).Draw(t, "number"))
			var got bound
			switch rapid.IntRange(0, 3).Draw(t, "step") {
			case 0, 1:
				q.push(b)
				model = append(model, b)
				slices.Sort(model)
				continue
			case 2:
				got = q.swap(b)
				model = append(model, b)
				slices.Sort(model)
			default:
				got = q.swap(nothing)
			}
			want := nothing
			if len(model) > 0 {
				want, model = model[0], model[1:]
			}
			if got != want || len(q) != len(model) {
				t.Fatalf("got %x of %d left, want %x of %d", got, len(q), want, len(model))
			}
		}
	})
}
