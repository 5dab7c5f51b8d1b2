package cch_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"yizhan/geo/cch"
)

// graph is a small multigraph with loops, closed arcs and weights of zero.
type graph struct {
	n                  int
	tail, head, weight []uint32
	lon, lat           []int32
}

func drawWeight(t *rapid.T, label string) uint32 {
	return rapid.OneOf(
		rapid.Just(uint32(0)), rapid.Uint32Range(0, 5), rapid.Uint32Range(0, 1000),
		rapid.SampledFrom([]uint32{cch.Infinity - 1, cch.Infinity, cch.Infinity + 1, 1<<32 - 1, 1 << 30}),
	).Draw(t, label)
}

func drawGraph(t *rapid.T) graph {
	n := rapid.IntRange(1, 24).Draw(t, "nodes")
	g := graph{n: n}
	node := rapid.Uint32Range(0, uint32(n-1))
	for range rapid.IntRange(0, 3*n).Draw(t, "arcs") {
		g.tail = append(g.tail, node.Draw(t, "tail"))
		g.head = append(g.head, node.Draw(t, "head"))
		g.weight = append(g.weight, drawWeight(t, "weight"))
	}
	for range n {
		g.lon = append(g.lon, rapid.Int32Range(-1800000000, 1800000000).Draw(t, "lon"))
		g.lat = append(g.lat, rapid.Int32Range(-100, 100).Draw(t, "lat"))
	}
	return g
}

// drawOrder is one by Order, or any.
func (g graph) drawOrder(t *rapid.T) []uint32 {
	if rapid.Bool().Draw(t, "dissected") {
		return cch.Order(g.tail, g.head, g.lon, g.lat)
	}
	order := make([]uint32, g.n)
	for i := range order {
		order[i] = uint32(i)
	}
	return rapid.Permutation(order).Draw(t, "order")
}

func (g graph) hierarchy(t *rapid.T) *cch.Hierarchy {
	h, err := cch.New(g.drawOrder(t), g.tail, g.head)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// costs is Floyd and Warshall's table, in which nothing overflows.
func (g graph) costs(weight []uint32) [][]uint64 {
	d := make([][]uint64, g.n)
	for i := range d {
		d[i] = slices.Repeat([]uint64{uint64(cch.Infinity)}, g.n)
		d[i][i] = 0
	}
	for i, w := range weight {
		d[g.tail[i]][g.head[i]] = min(d[g.tail[i]][g.head[i]], uint64(w))
	}
	for k := range d {
		for i := range d {
			for j := range d {
				d[i][j] = min(d[i][j], d[i][k]+d[k][j])
			}
		}
	}
	return d
}

type offset struct{ node, cost uint32 }

func (g graph) drawEnds(t *rapid.T, label string) []offset {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) offset {
		return offset{rapid.Uint32Range(0, uint32(g.n-1)).Draw(t, "node"), drawWeight(t, "offset")}
	}), 0, 12).Draw(t, label)
}

// least is the cost between several ends by the table.
func least(d [][]uint64, from, to []offset) uint32 {
	best := uint64(cch.Infinity)
	for _, s := range from {
		for _, t := range to {
			best = min(best, uint64(s.cost)+d[s.node][t.node]+uint64(t.cost))
		}
	}
	return uint32(best)
}

// check asserts that the path found is connected, open, and costs what was
// said, with the ends it says it has.
func (g graph) check(t *rapid.T, m *cch.Metric, q *cch.Query, cost uint32, from, to []offset) {
	path := q.Path(nil)
	if cost == cch.Infinity {
		if len(path) != 0 {
			t.Fatalf("a path of %d arcs where there is no way", len(path))
		}
		return
	}
	source, target := q.Ends()
	sum, at := uint64(0), source
	for _, arc := range path {
		if g.tail[arc] != at {
			t.Fatalf("the path %v jumps at arc %d", path, arc)
		}
		at = g.head[arc]
		sum += uint64(m.Weight(arc))
	}
	if at != target {
		t.Fatalf("the path %v ends at %d, not at %d", path, at, target)
	}
	ends := uint64(1 << 62)
	for _, s := range from {
		for _, e := range to {
			if s.node == source && e.node == target {
				ends = min(ends, uint64(s.cost)+uint64(e.cost))
			}
		}
	}
	if sum+ends != uint64(cost) {
		t.Fatalf("the path %v sums to %d, and %d at its ends, not to %d", path, sum, ends, cost)
	}
}

func TestRunAgainstTable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := drawGraph(t)
		h := g.hierarchy(t)
		m, d := h.Customize(g.weight), g.costs(g.weight)
		q := cch.NewQuery(h)
		for range 3 {
			from, to := g.drawEnds(t, "from"), g.drawEnds(t, "to")
			q.Begin(m)
			for _, s := range from {
				q.From(s.node, s.cost)
			}
			for _, e := range to {
				q.To(e.node, e.cost)
			}
			if rapid.Bool().Draw(t, "expect") {
				q.Expect(rapid.Uint32Range(0, 60).Draw(t, "expected")) // often wrong
			}
			got, want := q.Run(), least(d, from, to)
			if got != want {
				t.Fatalf("cost %d, want %d", got, want)
			}
			g.check(t, m, q, got, from, to)
			all := make([]uint32, g.n)
			for i := range all {
				all[i] = uint32(i)
			}
			out := make([]uint32, g.n)
			if rapid.Bool().Draw(t, "costs first") {
				q.Costs(h.Pin(all), out)
			}
			for i := range g.n {
				one := []offset{{uint32(i), 0}}
				got, want := q.Cost(uint32(i)), least(d, from, one)
				if got != want {
					t.Fatalf("cost to %d is %d, want %d", i, got, want)
				}
				g.check(t, m, q, got, from, one)
			}
			if got := q.Run(); got != want {
				t.Fatalf("cost %d after single ones, want %d", got, want)
			}
		}
	})
}

func TestPinnedAgainstTable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := drawGraph(t)
		h := g.hierarchy(t)
		pins := rapid.SliceOfN(rapid.Uint32Range(0, uint32(g.n-1)), 0, 9).Draw(t, "pins")
		targets := h.Pin(pins)
		if targets.Len() != len(pins) {
			t.Fatalf("%d targets of %d", targets.Len(), len(pins))
		}
		q := cch.NewQuery(h)
		for range 3 {
			weight := slices.Clone(g.weight)
			for i := range weight {
				if rapid.Bool().Draw(t, "other") {
					weight[i] = drawWeight(t, "weight")
				}
			}
			m, d := h.Customize(weight), g.costs(weight)
			from := g.drawEnds(t, "from")
			q.Begin(m)
			for _, s := range from {
				q.From(s.node, s.cost)
			}
			out := make([]uint32, len(pins))
			q.Costs(targets, out)
			for i, node := range pins {
				one := []offset{{node, 0}}
				if want := least(d, from, one); out[i] != want {
					t.Fatalf("pinned cost to %d is %d, want %d", node, out[i], want)
				}
				if got := q.Cost(node); got != out[i] {
					t.Fatalf("cost to %d is %d, pinned %d", node, got, out[i])
				}
			}
		}
	})
}

func TestUpdateIsCustomize(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := drawGraph(t)
		h := g.hierarchy(t)
		weight := slices.Clone(g.weight)
		m := h.Customize(weight)
		if len(weight) == 0 {
			return
		}
		for range 4 {
			before, same := slices.Clone(weight), h.Customize(weight)
			var arcs, other []uint32
			for range rapid.IntRange(0, 4).Draw(t, "changes") {
				arc := rapid.Uint32Range(0, uint32(len(weight)-1)).Draw(t, "arc")
				w := drawWeight(t, "weight")
				arcs, other = append(arcs, arc), append(other, w)
				weight[arc] = w
			}
			next := m.Update(arcs, other)
			if diff := cch.Differ(next, h.Customize(weight)); diff != "" {
				t.Fatalf("after the change of %v to %v: %s", arcs, other, diff)
			}
			if diff := cch.Differ(m, same); diff != "" {
				t.Fatalf("the old metric changed: %s", diff)
			}
			for i, w := range before {
				if m.Weight(uint32(i)) != min(w, cch.Infinity) || next.Weight(uint32(i)) != min(weight[i], cch.Infinity) {
					t.Fatalf("weight of arc %d", i)
				}
			}
			m = next
		}
	})
}
