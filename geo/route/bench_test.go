package route_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"yizhan/geo"
	"yizhan/geo/route"
	"yizhan/geo/street"
)

// pair is a question of the benchmarks.
type pair struct{ from, to orb.Point }

// pairs draws pairs of points on public streets, 0.5–5 km apart.
func pairs(n *street.Network, count int) []pair {
	nodes := publicNodes(n)
	rng := rand.New(rand.NewPCG(5, 5))
	out := make([]pair, 0, count)
	for len(out) < count {
		p := pair{n.Node(nodes[rng.IntN(len(nodes))]), n.Node(nodes[rng.IntN(len(nodes))])}
		if d := geo.Distance(p.from, p.to); d > 500 && d < 5000 {
			out = append(out, p)
		}
	}
	return out
}

// timeEach runs f once for each of count questions, again and again, and
// reports the median and the 99th percentile of a run.
func timeEach(b *testing.B, count int, f func(i int)) {
	b.Helper()
	for i := range count { // warm up
		f(i)
	}
	var took []time.Duration
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		start := time.Now()
		f(i % count)
		took = append(took, time.Since(start))
		i++
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Nanoseconds())/1000, "p50-µs")
	b.ReportMetric(float64(took[len(took)*99/100].Nanoseconds())/1000, "p99-µs")
}

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, beijing)

// BenchmarkAStar is the plain search with a lower bound by distance, snapping
// included: what the hierarchy is compared with.
func BenchmarkAStar(b *testing.B) {
	n := extract(b, "vancouver")
	r := route.New(n, where)
	list := pairs(n, 1000)
	timeEach(b, len(list), func(i int) {
		r.Plain(context.Background(), list[i].from, list[i].to, geo.Foot, noon)
	})
}

// throughCity is the hierarchy of a city with the nodes nearest to the pairs.
func throughCity(b *testing.B) (thr *route.Through, ends [][2]uint32) {
	n := extract(b, "vancouver")
	for _, p := range pairs(n, 1000) {
		ends = append(ends, [2]uint32{nodeNear(n, p.from), nodeNear(n, p.to)})
	}
	return route.New(n, where).Through(geo.Foot, noon, false), ends
}

// BenchmarkHierarchy is the same question between the nodes nearest to the
// points, by the hierarchy.
func BenchmarkHierarchy(b *testing.B) {
	thr, ends := throughCity(b)
	timeEach(b, len(ends), func(i int) { thr.Cost(ends[i][0], ends[i][1]) })
}

// BenchmarkHierarchyPath unpacks the way too.
func BenchmarkHierarchyPath(b *testing.B) {
	thr, ends := throughCity(b)
	var arcs []uint32
	timeEach(b, len(ends), func(i int) {
		thr.Cost(ends[i][0], ends[i][1])
		arcs = thr.Path(arcs[:0])
	})
}

func nodeNear(n *street.Network, p orb.Point) (node uint32) {
	n.Near(p, 1000, func(s street.Snap) bool {
		node, _ = n.Ends(street.Ref(s.Edge << 1))
		return false
	})
	return node
}

// BenchmarkRoute is a whole answer: snapping, path, check of the hours, legs.
func BenchmarkRoute(b *testing.B) {
	n := extract(b, "vancouver")
	r := route.New(n, where)
	list := pairs(n, 1000)
	for _, m := range geo.Modes() {
		for _, c := range []struct {
			name  string
			brief bool
		}{{"brief", true}, {"steps-and-lines", false}} {
			b.Run(m.String()+"/"+c.name, func(b *testing.B) {
				timeEach(b, len(list), func(i int) {
					q := route.Request{From: list[i].from, To: route.Target{Point: list[i].to}, Mode: m, Depart: noon, NoSteps: c.brief, NoLines: c.brief}
					r.Route(context.Background(), q)
				})
			})
		}
	}
}

// BenchmarkNearestByTime asks for the five first of two thousand places.
func BenchmarkNearestByTime(b *testing.B) {
	n := extract(b, "vancouver")
	r := route.New(n, where)
	list := pairs(n, 1000)
	rng := rand.New(rand.NewPCG(6, 6))
	points := make([]orb.Point, 2000)
	for i := range points {
		bound := n.Bound()
		points[i] = orb.Point{bound.Min[0] + rng.Float64()*(bound.Max[0]-bound.Min[0]), bound.Min[1] + rng.Float64()*(bound.Max[1]-bound.Min[1])}
	}
	for _, m := range geo.Modes() {
		b.Run(m.String(), func(b *testing.B) {
			set := r.PinAll(points, m)
			var out []route.Arrival
			timeEach(b, len(list), func(i int) {
				out, _ = r.Nearest(context.Background(), list[i].from, noon, set, 5, 7200, nil, out[:0])
			})
		})
	}
}

// BenchmarkClosure closes a gate and opens it again: from the change to the
// first answer that knows of it.
func BenchmarkClosure(b *testing.B) {
	n := extract(b, "vancouver")
	r := route.New(n, where)
	list := pairs(n, 1000)
	gates := n.Gates()
	q := route.Request{To: route.Target{Point: list[0].to}, From: list[0].from, Mode: geo.Foot, Depart: noon}
	r.Route(context.Background(), q)
	timeEach(b, 100, func(i int) {
		net, _ := n.With(street.Changes{Closures: []geo.Closure{{ID: "closure:1", Gate: gates[i*17%len(gates)].ID}}})
		r = r.With(net)
		r.Route(context.Background(), q)
	})
}

// BenchmarkRouteToGate is the way to a building of a campus: all its gates, and
// the ways inside.
func BenchmarkRouteToGate(b *testing.B) {
	for _, city := range []string{"bupt-beijing", "wangjing-beijing"} {
		n := extract(b, city)
		r := route.New(n, where)
		nodes := publicNodes(n)
		rng := rand.New(rand.NewPCG(9, 9))
		var list []route.Request
		for _, x := range n.Buildings() {
			if _, gated := n.RoomOf(x.Compound); gated {
				list = append(list, route.Request{From: n.Node(nodes[rng.IntN(len(nodes))]), To: route.Target{Building: x.ID}, Depart: noon})
			}
		}
		rng.Shuffle(len(list), func(i, k int) { list[i], list[k] = list[k], list[i] })
		list = list[:min(len(list), 500)]
		for _, m := range geo.Modes() {
			b.Run(city+"/"+m.String(), func(b *testing.B) {
				timeEach(b, len(list), func(i int) {
					q := list[i]
					q.Mode = m
					r.Route(context.Background(), q)
				})
			})
		}
	}
}

// BenchmarkSnap finds the street nearest to a point anywhere in a city.
func BenchmarkSnap(b *testing.B) {
	n := extract(b, "vancouver")
	rng := rand.New(rand.NewPCG(1, 1))
	bound := n.Bound()
	points := make([]orb.Point, 1000)
	for i := range points {
		points[i] = orb.Point{bound.Min[0] + rng.Float64()*(bound.Max[0]-bound.Min[0]), bound.Min[1] + rng.Float64()*(bound.Max[1]-bound.Min[1])}
	}
	timeEach(b, len(points), func(i int) {
		n.Near(points[i], 1500, func(street.Snap) bool { return false })
	})
}
