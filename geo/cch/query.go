package cch

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
	complete          bool  // the forward search went all the way up
	best, meet        uint32
	expected          uint32
	metFrom, metTo    visit    // the meeting node on both sides
	stack             []leg    // see unpack
	sweep             []uint32 // the costs of the slots of targets
}

// NewQuery returns a query over a hierarchy.
func NewQuery(h *Hierarchy) *Query {
	q := &Query{expected: Infinity, h: h, meet: none, best: Infinity}
	q.forward.live, q.backward.live = newLabels(h.height), newLabels(h.height)
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
	q.complete, q.best, q.meet = false, Infinity, none
	q.expected = Infinity
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
	if q.complete {
		q.join()
		return q.best
	}
	if q.search(q.expected); q.meet == none && q.expected < Infinity {
		q.search(Infinity)
	}
	return q.best
}

// Expect says what the cheapest way that Run will find most likely costs less
// than, after the ends are named: as an estimate by distance has it. The search
// leaves out what costs more. Where that was wrong it is made again without,
// so that an estimate costs time, but never the right answer.
func (q *Query) Expect(cost uint32) { q.expected = min(cost, Infinity) }

// Cost returns the least cost of a way from a source to a node; Infinity where
// there is none that costs less. The search from the sources runs once for
// however many calls.
func (q *Query) Cost(node uint32) uint32 {
	q.finish()
	q.backward.ends = append(q.backward.ends[:0], end{q.h.rank[node], 0})
	q.join()
	return q.best
}
