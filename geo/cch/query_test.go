package cch_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"yizhan/geo/cch"
)

// TestEnds asks between sets of ends of every kind: what is on one way up the
// elimination tree, what is on several, and both.
func TestEnds(t *testing.T) {
	const side = 24
	g := grid(side, 6)
	// A second town, that no way leads to.
	for i, n := 0, len(g.tail); i < n; i++ {
		g.tail, g.head = append(g.tail, g.tail[i]+uint32(g.n)), append(g.head, g.head[i]+uint32(g.n))
		g.weight = append(g.weight, g.weight[i])
	}
	town := uint32(g.n)
	g.n *= 2
	g.lon, g.lat = append(g.lon, g.lon...), append(g.lat, g.lat...)
	order := cch.Order(g.tail, g.head, g.lon, g.lat)
	h, err := cch.New(order, g.tail, g.head)
	if err != nil {
		t.Fatal(err)
	}
	weight := slices.Clone(g.weight)
	rng := rand.New(rand.NewPCG(3, 4))
	for i := range weight {
		if i%7 == 0 {
			weight[i] = uint32(rng.IntN(1000)) // not the same in both directions
		}
	}
	r, q := newReference(g), cch.NewQuery(h)
	node := func() uint32 { return uint32(rng.IntN(g.n)) }
	low, top := order[0], order[g.n-1]
	street := func() []uint32 {
		arc := rng.IntN(len(g.tail))
		return []uint32{g.tail[arc], g.head[arc]}
	}
	several := func() []uint32 {
		all := make([]uint32, 2+rng.IntN(40))
		for i := range all {
			all[i] = node()
		}
		return all
	}
	one := node()
	for _, c := range []struct {
		name     string
		from, to func() []uint32
	}{
		{"streets", street, street},
		{"one node is both", func() []uint32 { return []uint32{one} }, func() []uint32 { return []uint32{one} }},
		{"a street to itself", func() []uint32 { return []uint32{g.tail[5], g.head[5]} }, func() []uint32 { return []uint32{g.head[5], g.tail[5]} }},
		{"up to an ancestor", func() []uint32 { return []uint32{low} }, func() []uint32 { return []uint32{top} }},
		{"down from an ancestor", func() []uint32 { return []uint32{top} }, func() []uint32 { return []uint32{low} }},
		{"an ancestor and others", func() []uint32 { return append(several(), top) }, func() []uint32 { return append(street(), top, top) }},
		{"several to several", several, several},
		{"several to a street", several, street},
		{"a street to several", street, several},
		{"several to themselves", func() []uint32 { return []uint32{one, low, top} }, func() []uint32 { return []uint32{top, one, low} }},
		{"none to several", func() []uint32 { return nil }, several},
		{"another town", func() []uint32 { return []uint32{1, 9} }, func() []uint32 { return []uint32{town + 1, town + 400} }},
	} {
		for _, w := range [][]uint32{g.weight, weight} {
			m := h.Customize(w)
			for range 12 {
				r.checkEnds(t, c.name, m, q, w, rng, c.from(), c.to())
			}
		}
	}
}

// checkEnds holds a run between some nodes against the reference, and single
// costs too.
func (r reference) checkEnds(t *testing.T, name string, m *cch.Metric, q *cch.Query, weight []uint32, rng *rand.Rand, from, to []uint32) {
	t.Helper()
	q.Begin(m)
	want, before := uint64(cch.Infinity), map[uint32]uint64{}
	after := map[uint32]uint64{}
	for _, e := range to {
		c := uint32(rng.IntN(3000))
		q.To(e, c)
		if old, ok := after[e]; !ok || uint64(c) < old {
			after[e] = uint64(c)
		}
	}
	for _, s := range from {
		c := uint32(rng.IntN(3000))
		q.From(s, c)
		if old, ok := before[s]; !ok || uint64(c) < old {
			before[s] = uint64(c)
		}
	}
	single := make([]uint64, len(to))
	for i := range single {
		single[i] = uint64(cch.Infinity)
	}
	for s, c := range before {
		costs := r.costs(weight, s)
		for i, e := range to {
			single[i] = min(single[i], c+uint64(costs[e]))
			want = min(want, c+uint64(costs[e])+after[e])
		}
	}
	// An estimate that is right, or a little too low.
	q.Expect(uint32(min(want, uint64(cch.Infinity)-2)) + uint32(rng.IntN(3)) - min(1, uint32(want)))
	if got := q.Run(); uint64(got) != want {
		t.Fatalf("%s: from %v to %v costs %d, want %d", name, from, to, got, want)
	}
	if path := q.Path(nil); want < uint64(cch.Infinity) {
		s, e := q.Ends()
		sum, at := before[s]+after[e], s
		for _, arc := range path {
			if r.tail[arc] != at {
				t.Fatalf("%s: the path %v jumps at arc %d", name, path, arc)
			}
			at, sum = r.head[arc], sum+uint64(weight[arc])
		}
		if at != e || sum != want || !slices.Contains(from, s) || !slices.Contains(to, e) {
			t.Fatalf("%s: the path from %d leads to %d for %d, not to %d for %d", name, s, at, sum, e, want)
		}
	} else if len(path) != 0 {
		t.Fatalf("%s: a path where there is no way", name)
	}
	for i, e := range to {
		if got := q.Cost(e); uint64(got) != single[i] {
			t.Fatalf("%s: from %v to %d alone costs %d, want %d", name, from, e, got, single[i])
		}
	}
	if got := q.Run(); uint64(got) != want {
		t.Fatalf("%s: from %v to %v costs %d after single ones, want %d", name, from, to, got, want)
	}
}

// TestReadersShareMetric unpacks the same ways in several goroutines: what one
// of them finds out is of use to all.
func TestReadersShareMetric(t *testing.T) {
	g := grid(30, 7)
	h, err := cch.New(cch.Order(g.tail, g.head, g.lon, g.lat), g.tail, g.head)
	if err != nil {
		t.Fatal(err)
	}
	m := h.Customize(g.weight)
	const readers = 4
	paths := make([][]uint32, readers)
	done := make(chan struct{})
	for i := range paths {
		go func() {
			defer func() { done <- struct{}{} }()
			q := cch.NewQuery(h)
			q.Begin(m)
			q.From(0, 0)
			for e := range g.n {
				paths[i] = q.PathTo(uint32(e), paths[i])
			}
		}()
	}
	for range readers {
		<-done
	}
	for i := range paths {
		if !slices.Equal(paths[i], paths[0]) {
			t.Errorf("reader %d has other ways than the first", i)
		}
	}
}
