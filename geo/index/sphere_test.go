package index

import (
	"math"
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
