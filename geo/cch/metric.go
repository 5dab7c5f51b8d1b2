package cch

import "slices"

// Metric is a hierarchy with weights. It is immutable, safe for concurrent
// use.
type Metric struct {
	h *Hierarchy
	// weight is that of the arcs, at most Infinity.
	weight []uint32
	// up and down are the weights of the edges towards their higher and their
	// lower ends: the cheapest way over lower nodes alone.
	up, down []uint32
}

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
		w = min(w, Infinity)
		m.weight[arc] = w
		e := h.arcEdge[arc]
		switch {
		case e == none:
		case e&1 == 0:
			m.up[e>>1] = min(m.up[e>>1], w)
		default:
			m.down[e>>1] = min(m.down[e>>1], w)
		}
	}
	at := make([]uint32, len(h.order))
	for x := range uint32(len(h.order)) {
		m.pull(x, at)
	}
	return m
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
		highs := h.high[d+1 : end]
		ups, downs := m.up[d+1:end], m.down[d+1:end]
		for i, y := range highs {
			t := at[y]
			m.up[t] = min(m.up[t], fromX+ups[i])
			m.down[t] = min(m.down[t], toX+downs[i])
		}
	}
}

// Weight returns the weight of an arc, at most Infinity.
func (m *Metric) Weight(arc uint32) uint32 { return m.weight[arc] }

// Hierarchy returns what the metric was made for.
func (m *Metric) Hierarchy() *Hierarchy { return m.h }

// Update returns the metric with other weights for some arcs: weight[i] for
// arcs[i], the last one where an arc comes several times. The result is that
// of a whole customization; m is not changed.
func (m *Metric) Update(arcs, weight []uint32) *Metric {
	all := slices.Clone(m.weight)
	for i, arc := range arcs {
		all[arc] = weight[i]
	}
	return m.h.Customize(all)
}
