package cch

import "sync"

// Metric is a hierarchy with weights. It is immutable, safe for concurrent
// use.
type Metric struct {
	h *Hierarchy
	// weight is that of the arcs, at most Infinity.
	weight []uint32
	// up and down are the weights of the edges towards their higher and their
	// lower ends: the cheapest way over lower nodes alone.
	up, down []uint32
	// ahead and back are the same as the searches walk them: from the sources
	// against up, from the targets against down, without the edges that no
	// cheapest way needs.
	ahead, back climb
	// name is what pinned targets know the metric by, without keeping it.
	name *byte
}

// climb are edges up from each node, those of x from first[x] on.
type climb struct {
	first []uint32
	links []link
}

// link is an edge to a node with its weight.
type link struct{ to, weight uint32 }

// Customize gives the arcs weights, one for each in the order of New: at least
// 0; Infinity or more is closed. It panics where their number is not that of
// the arcs. The slice is not kept.
func (h *Hierarchy) Customize(weight []uint32) *Metric {
	if len(weight) != len(h.arcEdge) {
		panic("cch: as many weights are needed as there are arcs")
	}
	m := &Metric{
		h: h, weight: make([]uint32, len(weight)),
		up: filled(len(h.high), Infinity), down: filled(len(h.high), Infinity),
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
		m.up[e>>1] = min(m.up[e>>1], w)
	default:
		m.down[e>>1] = min(m.down[e>>1], w)
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
		end := h.first[h.low[d]+1]
		fromX, toX := m.down[d], m.up[d]
		ups, downs := m.up[d+1:end], m.down[d+1:end]
		for i, y := range h.high[d+1 : end] {
			t := at[y]
			m.up[t] = min(m.up[t], fromX+ups[i])
			m.down[t] = min(m.down[t], toX+downs[i])
		}
	}
}

// finish makes of up and down what the searches need.
func (m *Metric) finish() {
	least := Metric{h: m.h, up: append([]uint32(nil), m.up...), down: append([]uint32(nil), m.down...)}
	m.h.plan.downwards(least.push)
	var wait sync.WaitGroup
	wait.Go(func() { m.ahead = m.h.needed(m.up, least.up) })
	m.back = m.h.needed(m.down, least.down)
	wait.Wait()
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
		end := h.first[h.low[d]+1]
		toY, fromY := m.up[d], m.down[d]
		ups, downs := m.up[d+1:end], m.down[d+1:end]
		for i, z := range h.high[d+1 : end] {
			t := at[z]
			up, down := m.up[t], m.down[t]
			toY = min(toY, ups[i]+down)
			fromY = min(fromY, up+downs[i])
			ups[i] = min(ups[i], toY+up)
			downs[i] = min(downs[i], down+fromY)
		}
		m.up[d], m.down[d] = toY, fromY
	}
}

// needed gathers the edges that cost no more than the cheapest way between
// their ends. Which ones those are follows no pattern that a processor could
// foresee: there is no branch on it.
func (h *Hierarchy) needed(weight, least []uint32) climb {
	count := 0
	for e, w := range weight {
		count += needs(w, least[e])
	}
	c := climb{make([]uint32, len(h.first)), make([]link, count+1)}
	k := 0
	for x := range h.order {
		for e := h.first[x]; e < h.first[x+1]; e++ {
			w := weight[e]
			c.links[k] = link{h.high[e], w}
			k += needs(w, least[e])
		}
		c.first[x+1] = uint32(k)
	}
	c.links = c.links[:count]
	return c
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
