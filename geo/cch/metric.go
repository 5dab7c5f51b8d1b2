package cch

import "slices"

// Metric is a hierarchy with weights. It is immutable, safe for concurrent
// use.
type Metric struct {
	h *Hierarchy
	// weight is that of the arcs, at most Infinity.
	weight []uint32
	// edges are the weights of the edges: those of the cheapest ways over lower
	// nodes alone.
	edges []edgeWeight
	// ahead and back are the same as the searches walk them: from the sources
	// against up, from the targets against down, without the edges that no
	// cheapest way needs.
	ahead, back climb
	// name is what pinned targets know the metric by, without keeping it.
	name *byte
}

// edgeWeight is the weight of an edge towards its higher and its lower end.
type edgeWeight struct{ up, down uint32 }

// climb are edges up from each node, those of x from first[x] on, the lowest
// higher end first.
type climb struct {
	first []uint32
	links []link
	// over is what the links lead over, as far as ways were unpacked: see leg.
	over []uint32
	tall bool // depths are lowTree or more
}

// link is an edge up: its weight in the upper half, the depth of its higher
// end in the lower. Among the ancestors of the lower end that says which one
// it is.
type link uint64

func newLink(depth, weight uint32) link { return link(weight)<<32 | link(depth) }

func (l link) depth() uint32  { return uint32(l) }
func (l link) weight() uint32 { return uint32(l >> 32) }

// Customize gives the arcs weights, one for each in the order of New: at least
// 0; Infinity or more is closed. It panics where their number is not that of
// the arcs. The slice is not kept.
func (h *Hierarchy) Customize(weight []uint32) *Metric {
	if len(weight) != len(h.arcEdge) {
		panic("cch: as many weights are needed as there are arcs")
	}
	m := &Metric{h: h, weight: make([]uint32, len(weight)), edges: make([]edgeWeight, len(h.high))}
	for e := range m.edges {
		m.edges[e] = edgeWeight{Infinity, Infinity}
	}
	for arc, w := range weight {
		m.weight[arc] = min(w, Infinity)
		m.lower(uint32(arc))
	}
	h.plan.upwards(m.pull)
	m.finish()
	return m
}

// lower lowers the weight of an arc's edge to that of the arc.
func (m *Metric) lower(arc uint32) {
	switch e, w := m.h.arcEdge[arc], m.weight[arc]; {
	case e == none:
	case e&1 == 0:
		m.edges[e>>1].up = min(m.edges[e>>1].up, w)
	default:
		m.edges[e>>1].down = min(m.edges[e>>1].down, w)
	}
}

// pull brings the edges up from x to what the triangles below them allow. The
// weights of all edges up from lower nodes must be final. What at holds on
// entry does not matter.
func (m *Metric) pull(x uint32, at []uint32) {
	h := m.h
	for e := h.first[x]; e < h.first[x+1]; e++ {
		at[h.high[e]] = e
	}
	for _, d := range h.downEdge[h.downFirst[x]:h.downFirst[x+1]] {
		low, highs := m.edges[d], h.high[d+1:h.first[h.low[d]+1]]
		others := m.edges[d+1:][:len(highs)]
		for i, y := range highs {
			t := &m.edges[at[y]]
			t.up = min(t.up, low.down+others[i].up)
			t.down = min(t.down, low.up+others[i].down)
		}
	}
}

// finish makes of the weights what the searches need. Where both directions
// weigh the same, as they do on foot, they share it.
func (m *Metric) finish() {
	least := Metric{h: m.h, edges: slices.Clone(m.edges)}
	m.h.plan.downwards(least.push)
	m.ahead = m.needed(&least, false)
	if m.back = m.ahead; !m.symmetric() {
		m.back = m.needed(&least, true)
	}
	m.ready()
}

// symmetric says whether both directions weigh the same.
func (m *Metric) symmetric() bool {
	return !slices.ContainsFunc(m.edges, func(w edgeWeight) bool { return w.up != w.down })
}

// ready completes a metric that has its links. No two use the same notes.
func (m *Metric) ready() {
	m.ahead.over, m.back.over = make([]uint32, len(m.ahead.links)), make([]uint32, len(m.back.links))
	m.name = new(byte)
}

// push brings the edges up from lower nodes to what the triangles over y
// allow. The weights of all edges up from y must be least costs in the whole
// graph already; when all nodes down to some x were pushed, those of the edges
// up from x are.
func (m *Metric) push(y uint32, at []uint32) {
	h := m.h
	for e := h.first[y]; e < h.first[y+1]; e++ {
		at[h.high[e]] = e
	}
	for _, d := range h.downEdge[h.downFirst[y]:h.downFirst[y+1]] {
		low, highs := m.edges[d], h.high[d+1:h.first[h.low[d]+1]]
		others := m.edges[d+1:][:len(highs)]
		for i, z := range highs {
			t, o := m.edges[at[z]], &others[i]
			low.up = min(low.up, o.up+t.down)
			low.down = min(low.down, t.up+o.down)
			o.up = min(o.up, low.up+t.up)
			o.down = min(o.down, t.down+low.down)
		}
		m.edges[d] = low
	}
}

// needed gathers the edges that cost no more than the cheapest way between
// their ends. Which ones those are follows no pattern that a processor could
// foresee: there is no branch on it.
func (m *Metric) needed(least *Metric, down bool) climb {
	h, count := m.h, 0
	for e, w := range m.edges {
		count += needs(w.towards(down), least.edges[e].towards(down))
	}
	c := climb{first: make([]uint32, len(h.first)), links: make([]link, count+1), tall: h.height > lowTree}
	k := 0
	for x := range h.order {
		for e := h.first[x]; e < h.first[x+1]; e++ {
			w := m.edges[e].towards(down)
			c.links[k] = newLink(h.depth[h.high[e]], w)
			k += needs(w, least.edges[e].towards(down))
		}
		c.first[x+1] = uint32(k)
	}
	c.links = c.links[:count]
	return c
}

// towards returns the weight in one direction.
func (w edgeWeight) towards(down bool) uint32 {
	if down {
		return w.down
	}
	return w.up
}

// needs is 1 for a weight that is least and no Infinity, else 0.
func needs(weight, least uint32) int {
	more := uint64(weight-least) + 1<<32 - 1 // the upper half is 0 for equal ones
	open := uint64(weight) - uint64(Infinity)
	return int((^more >> 32 & 1) & (open >> 63))
}

func (c *climb) of(x uint32) []link { return c.links[c.first[x]:c.first[x+1]] }

// Weight returns the weight of an arc, at most Infinity.
func (m *Metric) Weight(arc uint32) uint32 { return m.weight[arc] }

// Hierarchy returns what the metric was made for.
func (m *Metric) Hierarchy() *Hierarchy { return m.h }
