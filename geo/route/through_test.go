package route_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"yizhan/data/osm/osmtest"
	"yizhan/geo"
	"yizhan/geo/cch"
	"yizhan/geo/route"
	"yizhan/geo/street"
)

// cities are the networks that the hierarchy is held against the book on.
func cities(t testing.TB) map[string]*street.Network {
	t.Helper()
	out := map[string]*street.Network{}
	for _, name := range []string{"vancouver", "porto-alegre", "helsinki", osmtest.Demo} {
		out[name] = extract(t, name)
	}
	return out
}

// bestArc is the weight of an arc in the through network of a span: the least
// it takes at any moment of it. It is written from the meaning of the tags
// alone.
func bestArc(n *street.Network, m geo.Mode, from, until time.Time, ref street.Ref) uint32 {
	edge := ref.Edge()
	until = until.Add(15 * time.Minute)
	if !n.Portal(edge) {
		ms := n.Time(m, ref)
		if ms == street.Unreachable || n.Zone(m, edge) != 0 {
			return cch.Infinity
		}
		if rule := n.WayRule(edge); rule != nil {
			node, _ := n.Ends(street.Ref(edge << 1))
			if best := rule.Best(m, from, until, where(n.Node(node))); best.Verdict == geo.Closed || !best.Through {
				return cch.Infinity
			}
		}
		return ms
	}
	b := n.PortalBarrier(ref)
	if b == street.None {
		return 0
	}
	p := n.BarrierRule(b).Best(m, from, until, where(n.Node(n.Sides(b)[0].Node)))
	if p.Verdict == geo.Closed || !p.Through {
		return cch.Infinity
	}
	return p.Delay
}

// arcWeights lists the weights of all arcs.
func arcWeights(n *street.Network, m geo.Mode, from, until time.Time) []uint32 {
	out := make([]uint32, 2*n.Stats().Edges)
	for ref := range out {
		out[ref] = bestArc(n, m, from, until, street.Ref(ref))
	}
	return out
}

// dijkstra is the book over fixed weights.
func dijkstra(n *street.Network, weights []uint32, from uint32) []uint32 {
	dist := make([]uint32, n.NumNodes())
	for i := range dist {
		dist[i] = cch.Infinity
	}
	dist[from] = 0
	q := bookQueue{{0, from}}
	for len(q) > 0 {
		e := q.pop()
		if e.ms > dist[e.node] {
			continue
		}
		lo, hi := n.Span(e.node)
		for i := lo; i < hi; i++ {
			arc := n.Arc(i)
			w := weights[arc.Ref]
			if w < cch.Infinity && e.ms+w < dist[arc.Head] {
				dist[arc.Head] = e.ms + w
				q.push(timed{e.ms + w, arc.Head})
			}
		}
	}
	return dist
}

// bookQueue is a binary heap without interfaces: the book is asked often.
type bookQueue []timed

func (q *bookQueue) push(e timed) {
	*q = append(*q, e)
	h := *q
	for i := len(h) - 1; i > 0; {
		up := (i - 1) / 2
		if h[up].ms <= h[i].ms {
			return
		}
		h[i], h[up] = h[up], h[i]
		i = up
	}
}

func (q *bookQueue) pop() timed {
	h := *q
	top, last := h[0], len(h)-1
	h[0] = h[last]
	h = h[:last]
	for i := 0; ; {
		c := 2*i + 1
		if c >= last {
			break
		}
		if c+1 < last && h[c+1].ms < h[c].ms {
			c++
		}
		if h[i].ms <= h[c].ms {
			break
		}
		h[i], h[c] = h[c], h[i]
		i = c
	}
	*q = h
	return top
}

// checkPath makes sure that a path leads from one node to another, over arcs
// that are open, and takes as long as its cost says.
func checkPath(t *testing.T, n *street.Network, weights []uint32, from, to, cost uint32, arcs []uint32) {
	t.Helper()
	at, sum := from, uint32(0)
	for _, a := range arcs {
		tail, head := n.Ends(street.Ref(a))
		if tail != at || weights[a] >= cch.Infinity {
			t.Fatalf("%d → %d: arc %d leads from %d, not from %d, and takes %d", from, to, a, tail, at, weights[a])
		}
		sum += weights[a]
		at = head
	}
	if at != to || sum != cost {
		t.Fatalf("%d → %d: the path ends at %d after %d ms, not %d", from, to, at, sum, cost)
	}
}

// TestHierarchyIsTheBook: the hierarchy gives what Dijkstra's algorithm gives,
// for twenty thousand pairs of nodes in each city and mode, and each path is
// one that may be gone.
func TestHierarchyIsTheBook(t *testing.T) {
	const sources, targets = 25, 800
	for name, n := range cities(t) {
		r := route.New(n, where)
		for _, m := range geo.Modes() {
			t.Run(fmt.Sprint(name, "/", m), func(t *testing.T) {
				t.Parallel()
				rng := rand.New(rand.NewPCG(uint64(m), 7))
				depart := at(rng.IntN(24), rng.IntN(60))
				thr := r.Through(m, depart, m == geo.Bicycle)
				from, until, _ := thr.Span()
				if until.IsZero() {
					from, until = depart, depart
				}
				weights := arcWeights(n, m, from, until)
				reached := 0
				var arcs []uint32
				for range sources {
					source := usedNode(n, rng, weights)
					want := dijkstra(n, weights, source)
					for range targets {
						target := uint32(rng.IntN(n.NumNodes()))
						got := thr.Cost(source, target)
						if got != want[target] {
							t.Fatalf("%d → %d: %d ms, the book says %d", source, target, got, want[target])
						}
						arcs = thr.Path(arcs[:0])
						if got == cch.Infinity {
							if len(arcs) > 0 {
								t.Fatalf("%d → %d: a path that does not exist", source, target)
							}
							continue
						}
						reached++
						checkPath(t, n, weights, source, target, got, arcs)
					}
				}
				if reached < sources*targets/20 {
					t.Errorf("only %d pairs are joined", reached)
				}
			})
		}
	}
}

// usedNode draws a node that a street of the mode leads from.
func usedNode(n *street.Network, rng *rand.Rand, weights []uint32) uint32 {
	for {
		node := uint32(rng.IntN(n.NumNodes()))
		lo, hi := n.Span(node)
		for i := lo; i < hi; i++ {
			if weights[n.Arc(i).Ref] < cch.Infinity {
				return node
			}
		}
	}
}

// TestHierarchyUnderClosures: after each of two hundred closures, which come
// and go one after the other, among records entered of gates, the hierarchy
// still is the book.
func TestHierarchyUnderClosures(t *testing.T) {
	const rounds, targets = 200, 100
	n := extract(t, "vancouver")
	rng := rand.New(rand.NewPCG(1, 200))
	depart := at(12, 0)
	routers := [geo.NumModes]*route.Router{}
	for m := range routers {
		routers[m] = route.New(n, where)
	}
	var list []geo.Closure
	var entered []*geo.Place
	held, changed := 0, 0
	var arcs []uint32
	last := map[uint64]uint32{}
	for round := range rounds {
		if len(list) > 12 {
			list = append(list[:0], list[1+rng.IntN(5):]...)
		}
		list = append(list, drawClosure(n, rng, round))
		if round%5 == 4 {
			gate := &n.Gates()[rng.IntN(len(n.Gates()))]
			said := geo.Tags{"access": []string{"no", "yes", "private"}[rng.IntN(3)]}
			entered = append(entered, &geo.Place{ID: gate.ID, Kind: geo.KindGate, Point: gate.Point, Gate: &geo.Gate{Tags: said}, Source: geo.Source{Feed: "survey"}})
			entered = entered[max(0, len(entered)-8):]
		}
		net, effect := n.With(street.Changes{Closures: list, Gates: entered})
		if e := effect.Closures[len(list)-1]; e.Streets+e.Gates > 0 {
			held++
		}
		m := geo.Mode(round % int(geo.NumModes))
		r := routers[m].With(net)
		routers[m] = r
		thr := r.Through(m, depart, false)
		from, until, _ := thr.Span()
		weights := arcWeights(net, m, from, until)
		source := usedNode(net, rand.New(rand.NewPCG(uint64(m), 1)), weights)
		want := dijkstra(net, weights, source)
		for k := range uint32(targets) {
			target := (k*7919 + 13) % uint32(net.NumNodes())
			got := thr.Cost(source, target)
			if got != want[target] {
				t.Fatalf("after closure %d, %d → %d: %d ms, the book says %d", round, source, target, got, want[target])
			}
			if arcs = thr.Path(arcs[:0]); got < cch.Infinity {
				checkPath(t, net, weights, source, target, got, arcs)
			}
			key := uint64(m)<<32 | uint64(target)
			if old, ok := last[key]; ok && old != got {
				changed++
			}
			last[key] = got
		}
	}
	if held < rounds*9/10 || changed < rounds {
		t.Errorf("%d closures held for something, %d times of ways changed", held, changed)
	}
}

// drawClosure closes, or now and then opens, a gate, a street or an area.
func drawClosure(n *street.Network, rng *rand.Rand, i int) geo.Closure {
	c := geo.Closure{ID: fmt.Sprint("closure:", i), Opens: rng.IntN(6) == 0, From: at(8, 0)}
	switch gates := n.Gates(); rng.IntN(3) {
	case 0:
		c.Gate = gates[rng.IntN(len(gates))].ID
	case 1:
		lines := n.Coords(nil, street.Ref(2*rng.IntN(n.NumStreets())))
		p := lines[len(lines)/2]
		c.Street = &p
	default:
		p := n.Node(uint32(rng.IntN(n.NumNodes())))
		d := 0.0005 + 0.004*rng.Float64()
		c.Area = orb.Polygon{{{p[0] - d, p[1] - d}, {p[0] + d, p[1] - d/2}, {p[0] + d/2, p[1] + d}, {p[0] - d, p[1] - d}}}
	}
	return c
}

// TestDurationsAreTheBook: many times of travel at once, at hours at which
// gates open and shut while one is on the way.
func TestDurationsAreTheBook(t *testing.T) {
	for name, n := range cities(t) {
		r := route.New(n, where)
		nodes := publicNodes(n)
		for _, m := range geo.Modes() {
			t.Run(fmt.Sprint(name, "/", m), func(t *testing.T) {
				t.Parallel()
				rng := rand.New(rand.NewPCG(uint64(m), 70))
				to := make([]uint32, 500)
				points := make([]orb.Point, len(to))
				for i := range to {
					to[i] = nodes[rng.IntN(len(nodes))]
					points[i] = n.Node(to[i])
				}
				set := r.PinAll(points, m)
				for _, hour := range []int{5, 12, 21} {
					depart := at(hour, 50)
					from := nodes[rng.IntN(len(nodes))]
					want := reference(n, m, depart, from)
					got, err := r.DurationsToSet(context.Background(), n.Node(from), depart, set, 0)
					if err != nil {
						t.Fatal(err)
					}
					for i, c := range got {
						if book := want[to[i]]; c.OK != (book != 1<<32-1) || c.OK && uint32(c.Duration*1000+0.5) != book {
							t.Fatalf("%d → %d at %d:50: %+v, the book says %d ms", from, to[i], hour, c, book)
						}
					}
				}
			})
		}
	}
}

// TestQuestionsDoNotAllocate: once warm, times of travel and nearest places
// are found without taking memory.
func TestQuestionsDoNotAllocate(t *testing.T) {
	n := extract(t, "vancouver")
	r := route.New(n, where)
	list := pairs(n, 50)
	var points []orb.Point
	for _, p := range list {
		points = append(points, p.to)
	}
	thr := r.Through(geo.Foot, noon, false)
	set := r.PinAll(points, geo.Foot)
	a, b := nodeNear(n, list[0].from), nodeNear(n, list[0].to)
	var arcs []uint32
	var found []route.Arrival
	for name, ask := range map[string]func(){
		"one way":      func() { thr.Cost(a, b) },
		"one path":     func() { thr.Cost(a, b); arcs = thr.Path(arcs[:0]) },
		"five nearest": func() { found, _ = r.Nearest(context.Background(), list[1].from, noon, set, 5, 7200, nil, found[:0]) },
		"nearest, open": func() {
			found, _ = r.Nearest(context.Background(), list[2].from, noon, set, 5, 7200, func(i int, _ time.Time) bool { return i%2 == 0 }, found[:0])
		},
	} {
		if got := testing.AllocsPerRun(50, ask); got != 0 {
			t.Errorf("%s: %g allocations", name, got)
		}
	}
	if len(found) != 5 || len(arcs) == 0 {
		t.Errorf("%d places, %d arcs", len(found), len(arcs))
	}
}

// TestMetricsAreBounded: departures at all hours of a week keep few metrics,
// and what was forgotten is made again.
func TestMetricsAreBounded(t *testing.T) {
	n := extract(t, "bupt-beijing")
	r := route.New(n, where)
	first := at(0, 0)
	before := r.Through(geo.Foot, first, false)
	a, b := publicNodes(n)[0], publicNodes(n)[40]
	want := before.Cost(a, b)
	most := 0
	for quarter := range 7 * 96 {
		r.Through(geo.Foot, first.Add(time.Duration(quarter)*15*time.Minute), quarter%3 == 0)
		spans, metrics := r.Kept(geo.Foot)
		if most = max(most, metrics); spans > 32 || metrics > 4 {
			t.Fatalf("%d spans, %d metrics", spans, metrics)
		}
	}
	if most < 2 {
		t.Errorf("no gate changed in a week: %d metrics", most)
	}
	if got := r.Through(geo.Foot, first, false).Cost(a, b); got != want {
		t.Errorf("%d ms, %d before", got, want)
	}
}
