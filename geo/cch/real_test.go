package cch_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"yizhan/data/osm/osmtest"
	"yizhan/geo"
	"yizhan/geo/cch"
)

// town is the street network of an extract as a graph, on foot.
type town struct {
	graph
	h *cch.Hierarchy
	m *cch.Metric
}

// extracts are those that several tests use.
var extracts osmtest.Cities

func load(t testing.TB, name string) town {
	t.Helper()
	n := extracts.Streets(t, name)
	g := graph{n: n.NumNodes()}
	for node := range uint32(g.n) {
		p := n.Node(node)
		g.lon, g.lat = append(g.lon, int32(p[0]*1e7)), append(g.lat, int32(p[1]*1e7))
		lo, hi := n.Span(node)
		for i := lo; i < hi; i++ {
			g.tail, g.head = append(g.tail, node), append(g.head, n.Arc(i).Head)
			// What a mode may not use is Unreachable, above Infinity.
			g.weight = append(g.weight, n.Weight(geo.Foot, i))
		}
	}
	h, err := cch.New(cch.Order(g.tail, g.head, g.lon, g.lat), g.tail, g.head)
	if err != nil {
		t.Fatal(err)
	}
	return town{g, h, h.Customize(g.weight)}
}

func city(t testing.TB) town {
	t.Helper()
	return load(t, "vancouver")
}

// TestMonaco holds a real network against Dijkstra's algorithm, before and after
// streets close.
func TestMonaco(t *testing.T) {
	c := load(t, "monaco")
	r, rng := newReference(c.graph), rand.New(rand.NewPCG(8, 9))
	r.compare(t, c.m, c.weight, rng, 20, 50)
	weight, m := slices.Clone(c.weight), c.m
	for range 20 {
		arc := uint32(rng.IntN(len(weight)))
		weight[arc] = cch.Infinity
		m = m.Update([]uint32{arc}, []uint32{cch.Infinity})
		if diff := cch.Differ(m, c.h.Customize(weight)); diff != "" {
			t.Fatalf("arc %d closed: %s differs", arc, diff)
		}
	}
	r.compare(t, m, weight, rng, 20, 50)
}

func (c *town) pairs() [][2]uint32 {
	rng := rand.New(rand.NewPCG(1, 2))
	all := make([][2]uint32, 4096)
	for i := range all {
		all[i] = [2]uint32{uint32(rng.IntN(c.n)), uint32(rng.IntN(c.n))}
	}
	return all
}

// timeEach reports the median of what one run of f takes.
func timeEach(b *testing.B, f func(i int)) {
	b.Helper()
	f(0) // what the first run prepares is not timed
	var took []time.Duration
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		start := time.Now()
		f(i)
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Nanoseconds())/1000, "p50-µs")
}

func BenchmarkQuery(b *testing.B) {
	c := city(b)
	q, pairs := cch.NewQuery(c.h), c.pairs()
	timeEach(b, func(i int) {
		p := pairs[i%len(pairs)]
		q.Begin(c.m)
		q.From(p[0], 0)
		q.To(p[1], 0)
		q.Run()
	})
}

func BenchmarkPath(b *testing.B) {
	c := city(b)
	q, pairs := cch.NewQuery(c.h), c.pairs()
	path := make([]uint32, 0, c.n)
	timeEach(b, func(i int) {
		p := pairs[i%len(pairs)]
		q.Begin(c.m)
		q.From(p[0], 0)
		q.To(p[1], 0)
		q.Run()
		path = q.Path(path[:0])
	})
}

func BenchmarkPinned1000(b *testing.B) {
	c := city(b)
	q, pairs := cch.NewQuery(c.h), c.pairs()
	nodes := make([]uint32, 1000)
	for i := range nodes {
		nodes[i] = pairs[i][1]
	}
	targets, out := c.h.Pin(nodes), make([]uint32, len(nodes))
	timeEach(b, func(i int) {
		q.Begin(c.m)
		q.From(pairs[i%len(pairs)][0], 0)
		q.Costs(targets, out)
	})
}

func BenchmarkPin1000(b *testing.B) {
	c := city(b)
	nodes := make([]uint32, 1000)
	for i, p := range c.pairs()[:len(nodes)] {
		nodes[i] = p[1]
	}
	for b.Loop() {
		c.h.Pin(nodes)
	}
}

func BenchmarkCustomize(b *testing.B) {
	c := city(b)
	timeEach(b, func(int) { c.h.Customize(c.weight) })
}

func BenchmarkUpdate(b *testing.B) {
	c := city(b)
	closed := []uint32{cch.Infinity}
	timeEach(b, func(i int) {
		c.m.Update([]uint32{uint32(i * 7919 % len(c.weight))}, closed)
	})
}

func BenchmarkOrder(b *testing.B) {
	c := city(b)
	for b.Loop() {
		cch.Order(c.tail, c.head, c.lon, c.lat)
	}
}

func BenchmarkNew(b *testing.B) {
	c := city(b)
	order := cch.Order(c.tail, c.head, c.lon, c.lat)
	for b.Loop() {
		if _, err := cch.New(order, c.tail, c.head); err != nil {
			b.Fatal(err)
		}
	}
}
