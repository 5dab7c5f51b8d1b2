package street

import (
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

// TestPolygonAgainstModel: points, segments and boxes lie to a polygon as every
// one of its segments says.
func TestPolygonAgainstModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pt := func(label string) orb.Point {
			return orb.Point{float64(rapid.IntRange(0, 20).Draw(t, label)) / fixed, float64(rapid.IntRange(0, 20).Draw(t, label)) / fixed}
		}
		var ring orb.Ring
		for range rapid.IntRange(3, 20).Draw(t, "corners") {
			ring = append(ring, pt("corner"))
		}
		ring = append(ring, ring[0])
		p := newPolygon(orb.Polygon{ring})
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
		a, b := fixedPoint(pt("a")), fixedPoint(pt("b"))
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
		for x := float64(bx.minLon); x <= float64(bx.maxLon); x += 0.5 {
			for y := float64(bx.minLat); y <= float64(bx.maxLat); y += 0.5 {
				if is := in(vec{x, y}); state == boxInside && !is || state == boxOutside && is {
					t.Fatalf("box %v of %v is %v, but %v,%v is %v", bx, ring, state, x, y, is)
				}
			}
		}
	})
}
