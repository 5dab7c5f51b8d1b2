package street

import (
	"math"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

// everywhere is a box around all that there is.
var everywhere = box{math.MinInt32, math.MinInt32, math.MaxInt32, math.MaxInt32}

// TestPolygonAgainstModel: points, segments and boxes lie to a polygon as every
// one of its segments says.
func TestPolygonAgainstModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		// Cells are wider than the margin of the grid at one scale, and not at the
		// other. Only whole numbers that stay so are taken: then what lies on an
		// edge does so to the last bit.
		scale := rapid.SampledFrom([]float64{1, 1000}).Draw(t, "scale")
		var whole []float64
		for k := range 21 {
			if x := float64(k) * scale; x/fixed*fixed == x {
				whole = append(whole, x/fixed)
			}
		}
		pt := func(label string) orb.Point {
			return orb.Point{rapid.SampledFrom(whole).Draw(t, label), rapid.SampledFrom(whole).Draw(t, label)}
		}
		var ring orb.Ring
		for range rapid.IntRange(3, 40).Draw(t, "corners") {
			ring = append(ring, pt("corner"))
		}
		ring = append(ring, ring[0])
		within := everywhere
		if rapid.Bool().Draw(t, "a part") {
			within = box{-5, int32(3 * scale), int32(11 * scale), int32(14 * scale)}
		}
		p := newPolygon(orb.Polygon{ring}, within)
		// The model looks at every segment.
		in := func(q vec) bool {
			odd := false
			for i := 1; i < len(ring); i++ {
				s := segment{fixedPoint(ring[i-1]), fixedPoint(ring[i])}
				if d, _ := nearestOn(q, s.a, s.b); d < 1e-9 {
					return true
				}
				if (s.a.y > q.y) != (s.b.y > q.y) && (s.b.x-s.a.x)*(q.y-s.a.y)/(s.b.y-s.a.y)+s.a.x > q.x {
					odd = !odd
				}
			}
			return odd
		}
		asked := func(label string) vec {
			q := fixedPoint(pt(label))
			return vec{clamp(q.x, float64(within.minLon), float64(within.maxLon)), clamp(q.y, float64(within.minLat), float64(within.maxLat))}
		}
		a, b := asked("a"), asked("b")
		if q := fixedPoint(pt("anywhere")); p.contains(q) != in(q) {
			t.Fatalf("%v in %v: %v", q, ring, p.contains(q))
		}
		for i := range 41 {
			q := lerp(a, b, float64(i)/40)
			if i%40 == 0 && p.contains(q) != in(q) {
				t.Fatalf("%v in %v: %v", q, ring, p.contains(q))
			}
			if in(q) && !p.contains(a) && !p.crossedBy(a, b) {
				t.Fatalf("%v–%v goes through %v in %v, and is not seen to cross", a, b, q, ring)
			}
		}
		if in(a) != in(b) && !p.crossedBy(a, b) {
			t.Fatalf("%v–%v leads out of %v without crossing", a, b, ring)
		}
		bx := box{int32(min(a.x, b.x)), int32(min(a.y, b.y)), int32(max(a.x, b.x)), int32(max(a.y, b.y))}
		state := p.meets(&bx)
		for x := float64(bx.minLon); x <= float64(bx.maxLon); x += scale / 2 {
			for y := float64(bx.minLat); y <= float64(bx.maxLat); y += scale / 2 {
				if is := in(vec{x, y}); state == boxInside && !is || state == boxOutside && is {
					t.Fatalf("box %v of %v is %v, but %v,%v is %v", bx, ring, state, x, y, is)
				}
			}
		}
	})
}
