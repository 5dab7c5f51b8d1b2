package cch_test

import (
	"container/heap"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"yizhan/geo/cch"
)

// grid is a town of streets in rows and columns with a hole here and there:
// large enough to be cut many times, and to be worked on in parallel.
func grid(side int, seed uint64) graph {
	rng := rand.New(rand.NewPCG(seed, 7))
	g := graph{n: side * side}
	join := func(a, b int) {
		if rng.IntN(8) == 0 {
			return
		}
		w := uint32(rng.IntN(100))
		if rng.IntN(6) == 0 {
			w = 0
		}
		back := w
		if rng.IntN(5) == 0 {
			back = cch.Infinity
		}
		g.tail, g.head, g.weight = append(g.tail, uint32(a), uint32(b)), append(g.head, uint32(b), uint32(a)), append(g.weight, w, back)
	}
	for i := range g.n {
		x, y := i%side, i/side
		g.lon, g.lat = append(g.lon, int32(x*1000+rng.IntN(300))), append(g.lat, int32(y*1000+rng.IntN(300)))
		if x > 0 {
			join(i-1, i)
		}
		if y > 0 {
			join(i-side, i)
		}
	}
	return g
}

// reference is Dijkstra's algorithm by the book.
type reference struct {
	graph
	out [][]uint32 // arcs by their tails
}

func newReference(g graph) reference {
	r := reference{g, make([][]uint32, g.n)}
	for i, t := range g.tail {
		r.out[t] = append(r.out[t], uint32(i))
	}
	return r
}

type entry struct{ cost, node uint32 }

type entries []entry

func (q entries) Len() int           { return len(q) }
func (q entries) Less(i, j int) bool { return q[i].cost < q[j].cost }
func (q entries) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }
func (q *entries) Push(x any)        { *q = append(*q, x.(entry)) }
func (q *entries) Pop() any {
	last := (*q)[len(*q)-1]
	*q = (*q)[:len(*q)-1]
	return last
}

func (r reference) costs(weight []uint32, from uint32) []uint32 {
	d := slices.Repeat([]uint32{cch.Infinity}, r.n)
	d[from] = 0
	q := &entries{{0, from}}
	for q.Len() > 0 {
		e := heap.Pop(q).(entry)
		if e.cost > d[e.node] {
			continue
		}
		for _, arc := range r.out[e.node] {
			c := uint64(e.cost) + uint64(weight[arc])
			if h := r.head[arc]; c < uint64(d[h]) {
				d[h] = uint32(c)
				heap.Push(q, entry{uint32(c), h})
			}
		}
	}
	return d
}

// compare holds a metric against the reference from some nodes to some.
func (r reference) compare(t testing.TB, m *cch.Metric, weight []uint32, rng *rand.Rand, sources, targets int) {
	t.Helper()
	h := m.Hierarchy()
	pins := make([]uint32, targets)
	for i := range pins {
		pins[i] = uint32(rng.IntN(r.n))
	}
	pinned := h.Pin(pins)
	out := make([]uint32, targets)
	q := cch.NewQuery(h)
	var path []uint32
	for range sources {
		s := uint32(rng.IntN(r.n))
		want := r.costs(weight, s)
		q.Begin(m)
		q.From(s, 0)
		q.Costs(pinned, out)
		for i, e := range pins {
			if out[i] != want[e] {
				t.Fatalf("pinned cost from %d to %d is %d, want %d", s, e, out[i], want[e])
			}
			q.Begin(m)
			q.From(s, 0)
			q.To(e, 0)
			if got := q.Run(); got != want[e] {
				t.Fatalf("cost from %d to %d is %d, want %d", s, e, got, want[e])
			}
			path = q.Path(path[:0])
			sum, at := uint32(0), s
			for _, arc := range path {
				if r.tail[arc] != at {
					t.Fatalf("the path from %d to %d jumps at arc %d", s, e, arc)
				}
				at, sum = r.head[arc], sum+weight[arc]
			}
			if want[e] < cch.Infinity && (sum != want[e] || at != e) {
				t.Fatalf("the path from %d leads to %d for %d, not to %d for %d", s, at, sum, e, want[e])
			}
		}
	}
}

func TestGridAgainstDijkstra(t *testing.T) {
	g := grid(70, 1)
	h, err := cch.New(cch.Order(g.tail, g.head, g.lon, g.lat), g.tail, g.head)
	if err != nil {
		t.Fatal(err)
	}
	r, rng := newReference(g), rand.New(rand.NewPCG(3, 4))
	weight := slices.Clone(g.weight)
	m := h.Customize(weight)
	r.compare(t, m, weight, rng, 20, 50)
	for round := range 30 {
		var arcs, other []uint32
		// From a single closed street to a part of the town.
		for range 1 + round*round {
			arc := uint32(rng.IntN(len(weight)))
			w := uint32(rng.IntN(100))
			if rng.IntN(2) == 0 {
				w = cch.Infinity
			}
			arcs, other = append(arcs, arc), append(other, w)
			weight[arc] = w
		}
		m = m.Update(arcs, other)
		if diff := cch.Differ(m, h.Customize(weight)); diff != "" {
			t.Fatalf("round %d: %s differs", round, diff)
		}
	}
	r.compare(t, m, weight, rng, 20, 50)
}

func TestOrderIsDeterministic(t *testing.T) {
	g := grid(80, 2)
	want := cch.Order(g.tail, g.head, g.lon, g.lat)
	sorted := slices.Sorted(slices.Values(want))
	for i, x := range sorted {
		if int(x) != i {
			t.Fatalf("the order is no permutation at %d", i)
		}
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for _, procs := range []int{1, 2, 5, 16} {
		runtime.GOMAXPROCS(procs)
		if !slices.Equal(cch.Order(g.tail, g.head, g.lon, g.lat), want) {
			t.Fatalf("another order with GOMAXPROCS %d", procs)
		}
	}
}

// TestOrderIsSmall asserts what nested dissection is for: a square grid of n
// nodes can be contracted to little more than n log n edges, and no way up is
// much longer than a few sides of the grid.
func TestOrderIsSmall(t *testing.T) {
	g := grid(80, 3)
	h, err := cch.New(cch.Order(g.tail, g.head, g.lon, g.lat), g.tail, g.head)
	if err != nil {
		t.Fatal(err)
	}
	s := h.Stats()
	if s.Edges > 11*s.Nodes || s.Height > 3*80 {
		t.Errorf("%+v is large", s)
	}
}

func TestQueryAllocatesNothing(t *testing.T) {
	g := grid(40, 4)
	h, err := cch.New(cch.Order(g.tail, g.head, g.lon, g.lat), g.tail, g.head)
	if err != nil {
		t.Fatal(err)
	}
	m, q := h.Customize(g.weight), cch.NewQuery(h)
	pins := make([]uint32, 100)
	for i := range pins {
		pins[i] = uint32(i * 13)
	}
	targets, out := h.Pin(pins), make([]uint32, len(pins))
	path := make([]uint32, 0, g.n)
	rng := rand.New(rand.NewPCG(5, 6))
	node := func() uint32 { return uint32(rng.IntN(g.n)) }
	work := func() {
		q.Begin(m)
		for range 1 + rng.IntN(9) {
			q.From(node(), 5)
			q.To(node(), 7)
		}
		if q.Run() < cch.Infinity {
			q.Ends()
		}
		path = q.Path(path[:0])
		q.Cost(node())
		path = q.PathTo(node(), path[:0])
		q.Costs(targets, out)
	}
	for range 3000 {
		work()
	}
	if n := testing.AllocsPerRun(200, work); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
