package cch

import "slices"

// Query is the scratch room of searches over one hierarchy, for one goroutine.
// It is used again and again, and allocates nothing once it has grown.
//
// A run begins with Begin and names its sources with From. Then come, in any
// number and order, To and Run for the cheapest way to one of several targets,
// Cost for single targets, Costs for pinned ones, and after each of the first
// two Path and Ends.
type Query struct {
	h *Hierarchy
	m *Metric

	forward, backward side
	targets           []end // of To
	single            [1]end
	complete          bool // forward costs of all its nodes are known
	best, meet        uint32

	stack []uint32 // steps yet to unpack, see unpack
	sweep []uint32 // the costs of the slots of targets
}

// end is a source or a target: a rank with the cost before or after it.
type end struct{ at, cost uint32 }

// side is one of the two searches, from the sources or back from the targets.
type side struct {
	ends []end
	// nodes are the ends and all above them in the elimination tree, in order
	// of rank: no search goes anywhere else.
	nodes []uint32
	// cost is by rank, Infinity outside of nodes.
	cost  []uint32
	spare []uint32 // for merge
}

// NewQuery returns a query over a hierarchy.
func NewQuery(h *Hierarchy) *Query {
	n := len(h.order)
	q := &Query{h: h, meet: none, best: Infinity}
	q.forward.cost, q.backward.cost = filled(n, Infinity), filled(n, Infinity)
	return q
}

// Begin forgets the last run and takes up a metric of the query's hierarchy.
func (q *Query) Begin(m *Metric) {
	if m.h != q.h {
		panic("cch: the metric is one of another hierarchy")
	}
	q.m = m
	q.forward.ends, q.targets = q.forward.ends[:0], q.targets[:0]
	q.stale()
}

// stale forgets what the searches found.
func (q *Query) stale() {
	q.forward.forget()
	q.backward.forget()
	q.complete, q.best, q.meet = false, Infinity, none
}

// From adds a source that costs something to begin at, up to Infinity-1. One
// that costs more is none.
func (q *Query) From(node, cost uint32) {
	q.stale()
	if cost < Infinity {
		q.forward.ends = append(q.forward.ends, end{q.h.rank[node], cost})
	}
}

// To adds a target that costs something to finish at, up to Infinity-1. One
// that costs more is none.
func (q *Query) To(node, cost uint32) {
	if cost < Infinity {
		q.targets = append(q.targets, end{q.h.rank[node], cost})
	}
}

// Run returns the least cost of a way from a source to a target, with the
// costs of both ends; Infinity where there is none that costs less.
func (q *Query) Run() uint32 {
	q.backward.ends = append(q.backward.ends[:0], q.targets...)
	q.search()
	return q.best
}

// Cost returns the least cost of a way from a source to a node; Infinity where
// there is none that costs less. The search from the sources runs once for
// however many calls.
func (q *Query) Cost(node uint32) uint32 {
	q.finish()
	q.backward.ends = append(q.backward.ends[:0], end{q.h.rank[node], 0})
	q.search()
	return q.best
}

// search finds the cheapest meeting of both sides. It goes up both in order of
// rank; a node that costs as much as a known way leads to no better one.
func (q *Query) search() {
	h, f, b := q.h, &q.forward, &q.backward
	if len(f.nodes) == 0 {
		f.climb(h)
	}
	b.forget()
	b.climb(h)
	best, meet := Infinity, none
	i := 0
	for _, y := range b.nodes {
		for ; i < len(f.nodes) && f.nodes[i] < y; i++ {
			if x := f.nodes[i]; !q.complete && f.cost[x] < best {
				f.relax(&q.m.ahead, x)
			}
		}
		at := b.cost[y]
		if i < len(f.nodes) && f.nodes[i] == y {
			i++
			from := f.cost[y]
			if from+at < best {
				best, meet = from+at, y
			}
			if !q.complete && from < best {
				f.relax(&q.m.ahead, y)
			}
		}
		if at < best {
			b.relax(&q.m.back, y)
		}
	}
	q.best, q.meet = best, meet
}

// finish finds the costs of all nodes above the sources.
func (q *Query) finish() {
	if q.complete {
		return
	}
	f := &q.forward
	if len(f.nodes) == 0 {
		f.climb(q.h)
	}
	for _, x := range f.nodes {
		if f.cost[x] < Infinity {
			f.relax(&q.m.ahead, x)
		}
	}
	q.complete = true
}

// relax tries the edges up from x.
func (s *side) relax(c *climb, x uint32) {
	at, cost := s.cost[x], s.cost
	for _, l := range c.of(x) {
		cost[l.to] = min(cost[l.to], at+l.weight)
	}
}

// forget makes the side as new, but for its ends.
func (s *side) forget() {
	for _, x := range s.nodes {
		s.cost[x] = Infinity
	}
	s.nodes = s.nodes[:0]
}

// mergedRuns is how many runs of nodes are merged one by one.
const mergedRuns = 4

// climb lists the nodes above the ends and sets the costs of the ends.
func (s *side) climb(h *Hierarchy) {
	// Neighbours, the usual ends, share one way up. Others begin a run that
	// is merged into the list; with many of them one sort is quicker.
	runs := 0
	for _, e := range s.ends {
		lo := len(s.nodes)
		// A cost that no node has marks the ones that are listed.
		for x := e.at; x != none && s.cost[x] == Infinity; x = h.parent[x] {
			s.cost[x] = none
			s.nodes = append(s.nodes, x)
		}
		if lo == 0 || lo == len(s.nodes) || s.nodes[lo-1] < s.nodes[lo] {
			continue
		}
		if runs++; runs <= mergedRuns {
			s.merge(lo)
		}
	}
	if runs > mergedRuns {
		slices.Sort(s.nodes)
	}
	for _, x := range s.nodes {
		s.cost[x] = Infinity
	}
	for _, e := range s.ends {
		s.cost[e.at] = min(s.cost[e.at], e.cost)
	}
}

// merge joins two sorted runs of the nodes, the second of which begins at mid.
func (s *side) merge(mid int) {
	s.spare = append(s.spare[:0], s.nodes[mid:]...)
	i, k := mid-1, len(s.nodes)-1
	for j := len(s.spare) - 1; j >= 0; k-- {
		if i >= 0 && s.nodes[i] > s.spare[j] {
			s.nodes[k] = s.nodes[i]
			i--
		} else {
			s.nodes[k] = s.spare[j]
			j--
		}
	}
}
