package osm

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

// shapes draws polygons on a grid of cells, each with some holes, and islands
// in the holes:
//
//	+-----------+  +-----+
//	| +---+ +-+ |  |     |
//	| |+-+| +-+ |  |     |
//	| |+-+|     |  +-----+
//	| +---+     |
//	+-----------+
//
// It returns all rings as node indexes and the area they should give.
type shapes struct {
	e     *elements
	rings [][]uint32
	want  orb.MultiPolygon
}

// ring adds a ring of n nodes around a middle.
func (s *shapes) ring(x, y, r float64, n int) orb.Ring {
	first := uint32(len(s.e.nodes.ids))
	var refs []uint32
	for i := range n {
		a := 2 * math.Pi * float64(i) / float64(n)
		ref := first + uint32(i)
		s.e.nodes.add(int64(ref), int32((x+r*math.Cos(a))*1e6), int32((y+r*math.Sin(a))*1e6))
		refs = append(refs, ref)
	}
	refs = append(refs, first)
	s.rings = append(s.rings, refs)
	return s.e.ring(refs)
}

func drawShapes(t *rapid.T) *shapes {
	s := &shapes{e: &elements{}}
	size := rapid.IntRange(3, 40)
	for i := range rapid.IntRange(1, 4).Draw(t, "outer rings") {
		x := float64(10 * i)
		poly := orb.Polygon{s.ring(x, 0, 4, size.Draw(t, "nodes"))}
		var islands []orb.Polygon
		for j := range rapid.IntRange(0, 3).Draw(t, "holes") {
			// Small enough to lie inside a triangle.
			hx := x - 0.6 + 0.6*float64(j)
			hole := s.ring(hx, 0, 0.25, size.Draw(t, "nodes"))
			hole.Reverse()
			poly = append(poly, hole)
			if rapid.Bool().Draw(t, "island") {
				islands = append(islands, orb.Polygon{s.ring(hx, 0, 0.1, size.Draw(t, "nodes"))})
			}
		}
		s.want = append(append(s.want, poly), islands...)
	}
	return s
}

// canonical turns each ring to begin at its smallest point and orders rings
// and polygons, so that equal areas are equal values.
func canonical(mp orb.MultiPolygon) orb.MultiPolygon {
	less := func(a, b orb.Point) int {
		if a[0] != b[0] {
			return int(math.Copysign(1, a[0]-b[0]))
		}
		return int(math.Copysign(1, a[1]-b[1])) * min(1, int(math.Ceil(math.Abs(a[1]-b[1]))))
	}
	out := orb.MultiPolygon{}
	for _, poly := range mp {
		var p orb.Polygon
		for _, r := range poly {
			open := slices.Clone(r[:len(r)-1])
			at := 0
			for i := range open {
				if less(open[i], open[at]) < 0 {
					at = i
				}
			}
			r = append(append(orb.Ring{}, open[at:]...), open[:at]...)
			p = append(p, append(r, r[0]))
		}
		slices.SortFunc(p[1:], func(a, b orb.Ring) int { return less(a[0], b[0]) })
		out = append(out, p)
	}
	slices.SortFunc(out, func(a, b orb.Polygon) int { return less(a[0][0], b[0][0]) })
	return out
}

// split cuts rings into ways at random nodes, turns some around and shuffles
// them.
func split(rings [][]uint32, r *rand.Rand) [][]uint32 {
	var ways [][]uint32
	for _, ring := range rings {
		open := ring[:len(ring)-1]
		turn := r.IntN(len(open))
		turned := append(append([]uint32{}, open[turn:]...), open[:turn]...)
		turned = append(turned, turned[0])
		for len(turned) > 1 {
			n := 1 + r.IntN(len(turned)-1)
			way := slices.Clone(turned[:n+1])
			if r.IntN(2) == 0 {
				slices.Reverse(way)
			}
			ways = append(ways, way)
			turned = turned[n:]
		}
	}
	r.Shuffle(len(ways), func(i, j int) { ways[i], ways[j] = ways[j], ways[i] })
	return ways
}

func TestAssembleProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawShapes(t)
		ways := split(s.rings, rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0)))
		rings := joinRings(ways)
		if len(rings) != len(s.rings) {
			t.Fatalf("%d ways gave %d rings, want %d", len(ways), len(rings), len(s.rings))
		}
		got, outer := s.e.nest(rings)
		if len(outer) != len(got) {
			t.Fatalf("%d polygons, %d outer rings", len(got), len(outer))
		}
		for _, poly := range got {
			for i, r := range poly {
				if (r.Orientation() == orb.CCW) != (i == 0) {
					t.Fatalf("ring %d of a polygon winds the wrong way", i)
				}
			}
		}
		if diff := cmp.Diff(canonical(s.want), canonical(got)); diff != "" {
			t.Fatal(diff)
		}
		// Without any one way the area does not close.
		if len(ways) > len(s.rings) {
			at := rapid.IntRange(0, len(ways)-1).Draw(t, "lost way")
			if w := ways[at]; w[0] != w[len(w)-1] && joinRings(slices.Delete(slices.Clone(ways), at, at+1)) != nil {
				t.Fatal("a ring without one of its ways was closed")
			}
		}
	})
}

// TestJoinTouching joins rings that share a node.
//
//	1---2     5
//	|   |    / \
//	4---3---+---6
func TestJoinTouching(t *testing.T) {
	rings := joinRings([][]uint32{{1, 2}, {2, 3}, {3, 4, 1}, {3, 5}, {6, 5}, {6, 3}})
	if len(rings) != 2 || len(rings[0])+len(rings[1]) != 9 {
		t.Errorf("got %v, want a ring of four nodes and one of three", rings)
	}
	for _, r := range rings {
		if r[0] != r[len(r)-1] {
			t.Errorf("ring %v is open", r)
		}
	}
}

func TestJoinBroken(t *testing.T) {
	for name, ways := range map[string][][]uint32{
		"open":     {{1, 2}, {2, 3}},
		"three":    {{1, 2}, {2, 1}, {1, 3}},
		"one line": {{1, 2, 3, 4}},
	} {
		if got := joinRings(ways); got != nil {
			t.Errorf("%s: got %v, want nothing", name, got)
		}
	}
	if got := joinRings([][]uint32{{7}, {}}); len(got) != 0 {
		t.Errorf("ways of one node and none gave %v", got)
	}
}

func TestInside(t *testing.T) {
	for name, p := range map[string]orb.Polygon{
		"square": {{{0, 0}, {2, 0}, {2, 2}, {0, 2}, {0, 0}}},
		"L":      {{{0, 0}, {10, 0}, {10, 1}, {1, 1}, {1, 10}, {0, 10}, {0, 0}}},
		"U":      {{{0, 0}, {3, 0}, {3, 9}, {2, 9}, {2, 1}, {1, 1}, {1, 9}, {0, 9}, {0, 0}}},
		"ring":   {{{0, 0}, {9, 0}, {9, 9}, {0, 9}, {0, 0}}, {{1, 1}, {1, 8}, {8, 8}, {8, 1}, {1, 1}}},
	} {
		if got := inside(p); !inArea(got, orb.MultiPolygon{p}) {
			t.Errorf("%s: %v is not inside", name, got)
		}
	}
}

func TestNodeTableProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ids := rapid.SliceOf(rapid.OneOf(
			rapid.Int64Range(-50, 50), rapid.Int64Range(1e9, 1e9+100), rapid.Int64(),
		)).Draw(t, "ids")
		var table nodeTable
		want := map[int64]int32{}
		for i, id := range ids {
			table.add(id, int32(i), int32(-i))
			if _, ok := want[id]; !ok {
				want[id] = int32(i)
			}
		}
		table.seal()
		if table.len() != len(want) {
			t.Fatalf("%d nodes, want %d", table.len(), len(want))
		}
		for id, lon := range want {
			i := table.find(id)
			if i == missing || table.ids[i] != id || table.lon[i] != lon || table.lat[i] != -lon {
				t.Fatalf("node %d was found at %d", id, i)
			}
		}
		for _, id := range []int64{0, 1, -51, 1e9 - 1, math.MaxInt64, math.MinInt64} {
			if _, ok := want[id]; !ok && table.find(id) != missing {
				t.Fatalf("node %d is not there and was found", id)
			}
		}
	})
}
