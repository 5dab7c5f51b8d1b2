package tiles

import (
	"math"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/clip"
	"github.com/paulmach/orb/planar"
	"pgregory.net/rapid"

	"yizhan/geo"
)

// star draws a ring around a centre: corners in turning order at random
// distances, so it is valid and seldom convex.
func star(t *rapid.T, cx, cy, radius int32) []vertex {
	n := rapid.IntRange(3, 40).Draw(t, "corners")
	ring := make([]vertex, n)
	for i := range ring {
		r := float64(radius) * rapid.Float64Range(0.2, 1).Draw(t, "r")
		angle := 2 * math.Pi * float64(i) / float64(n)
		ring[i] = vertex{p: [2]int32{cx + int32(r*math.Cos(angle)), cy + int32(r*math.Sin(angle))}}
	}
	return ring
}

func orbRing(ring []vertex) orb.Ring {
	var out orb.Ring
	for _, v := range ring {
		out = append(out, orb.Point{float64(v.p[0]), float64(v.p[1])})
	}
	return append(out, out[0])
}

func shapeOf(kind uint8, lists ...[]vertex) *shape {
	s := &shape{src: &source{kind: kind, layer: geo.LayerWater}, box: noBox()}
	for i, l := range lists {
		p := part{vertices: l, box: boxOf(l), hole: i > 0}
		if kind == geomPolygon {
			p.area = math.Abs(signedArea(l))
		}
		s.parts = append(s.parts, p)
		s.box = s.box.with(p.box)
	}
	return s
}

// TestClipRingAgainstOrb compares the area of clipped rings with orb's.
func TestClipRingAgainstOrb(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var c clipper
		ring := star(t, 0, 0, 1<<20)
		b := box{}
		for i := range 2 {
			b.min[i] = rapid.Int32Range(-1<<20, 1<<19).Draw(t, "min")
			b.max[i] = b.min[i] + rapid.Int32Range(1<<10, 1<<20).Draw(t, "size")
		}
		bound := orb.Bound{Min: orb.Point{float64(b.min[0]), float64(b.min[1])}, Max: orb.Point{float64(b.max[0]), float64(b.max[1])}}
		want := 0.0
		if r := clip.Ring(bound, orbRing(ring)); r != nil {
			want = math.Abs(planar.Area(r))
		}
		got := 0.0
		if s := c.clip(shapeOf(geomPolygon, ring), b); s != nil {
			got = math.Abs(signedArea(s.parts[0].vertices))
			if !b.holds(s.box) {
				t.Fatalf("%v lies outside %v", s.box, b)
			}
		}
		// Cuts round to steps: half a step along every side.
		if math.Abs(got-want) > 1<<23 {
			t.Fatalf("area %v, orb says %v", got, want)
		}
	})
}

// TestClipLineAgainstOrb compares the length of clipped lines with orb's.
func TestClipLineAgainstOrb(t *testing.T) {
	at := rapid.Int32Range(-1<<20, 1<<20)
	rapid.Check(t, func(t *rapid.T) {
		var c clipper
		line := make([]vertex, rapid.IntRange(2, 30).Draw(t, "n"))
		var ls orb.LineString
		for i := range line {
			line[i].p = [2]int32{at.Draw(t, "x"), at.Draw(t, "y")}
			ls = append(ls, orb.Point{float64(line[i].p[0]), float64(line[i].p[1])})
		}
		b := box{[2]int32{-1 << 18, -1 << 17}, [2]int32{1 << 19, 1 << 18}}
		bound := orb.Bound{Min: orb.Point{-1 << 18, -1 << 17}, Max: orb.Point{1 << 19, 1 << 18}}
		want := planar.Length(clip.LineString(bound, ls))
		got := 0.0
		if s := c.clip(shapeOf(geomLine, line), b); s != nil {
			if !b.holds(s.box) {
				t.Fatalf("%v lies outside %v", s.box, b)
			}
			for _, p := range s.parts {
				for i := range p.vertices[1:] {
					v, w := p.vertices[i].p, p.vertices[i+1].p
					got += math.Hypot(float64(v[0]-w[0]), float64(v[1]-w[1]))
				}
			}
		}
		if math.Abs(got-want) > 4*float64(len(line)) {
			t.Fatalf("length %v, orb says %v", got, want)
		}
	})
}

func TestClipHoles(t *testing.T) {
	square := func(x0, y0, x1, y1 int32) []vertex {
		return []vertex{{p: [2]int32{x0, y0}}, {p: [2]int32{x1, y0}}, {p: [2]int32{x1, y1}}, {p: [2]int32{x0, y1}}}
	}
	s := shapeOf(geomPolygon, square(0, 0, 100, 100), square(60, 60, 90, 90), square(10, 10, 20, 20))
	var c clipper
	for _, k := range []struct {
		name  string
		b     box
		parts int
	}{
		{"all", box{[2]int32{-1, -1}, [2]int32{101, 101}}, 3},
		{"one hole cut", box{[2]int32{-1, -1}, [2]int32{70, 70}}, 3},
		{"one hole left", box{[2]int32{-1, -1}, [2]int32{50, 50}}, 2},
		{"no hole left", box{[2]int32{30, 30}, [2]int32{50, 50}}, 1},
		{"inside a hole", box{[2]int32{70, 70}, [2]int32{80, 80}}, 2},
		{"beside", box{[2]int32{200, 0}, [2]int32{300, 100}}, 0},
	} {
		got := 0
		if out := c.clip(s, k.b); out != nil {
			got = len(out.parts)
			if out.parts[0].area != 100*100 {
				t.Errorf("%s: the ring forgot its area", k.name)
			}
		}
		if got != k.parts {
			t.Errorf("%s: %d rings, want %d", k.name, got, k.parts)
		}
	}
}
