package cch

import (
	"math/bits"
	"slices"
)

// What a partial customization may look at before a whole one takes over: a
// number of triangles, and a part of all there are.
const (
	updateFree  = 256
	updateShare = 4
)

// Update returns the metric with other weights for some arcs: weight[i] for
// arcs[i], the last one where an arc comes several times. The result is that
// of a whole customization with the same weights; m is not changed.
//
// Only the edges are computed again whose weight may come from a triangle that
// changed, from the lowest up. Where that turns out to be much, a whole
// customization is quicker, and is what happens.
func (m *Metric) Update(arcs, weight []uint32) *Metric {
	u := &update{
		Metric: Metric{h: m.h, weight: slices.Clone(m.weight)},
		old:    m, stale: make([]uint64, (len(m.up)+63)/64),
		budget: updateFree + m.h.triangles/updateShare,
	}
	for i, arc := range arcs {
		u.weight[arc] = min(weight[i], Infinity)
	}
	u.up, u.down = slices.Clone(m.up), slices.Clone(m.down)
	for _, arc := range arcs {
		if e := m.h.arcEdge[arc]; e != none && u.weight[arc] != m.weight[arc] {
			u.mark(e >> 1)
		}
	}
	if !u.run() {
		return m.h.Customize(u.weight)
	}
	u.finish()
	return &u.Metric
}

// update is a metric on its way from an old one.
type update struct {
	Metric
	old    *Metric
	stale  []uint64 // one bit for each edge to compute again
	budget int
}

func (u *update) mark(e uint32) { u.stale[e/64] |= 1 << (e % 64) }

// run computes the stale edges, and those that become stale by it. These have
// greater numbers, because their lower ends are higher. It gives up when the
// budget is spent.
func (u *update) run() bool {
	for i := 0; i < len(u.stale); {
		if u.stale[i] == 0 {
			i++
			continue
		}
		e := uint32(i*64 + bits.TrailingZeros64(u.stale[i]))
		u.stale[i] &= u.stale[i] - 1
		if u.compute(e); u.up[e] != u.old.up[e] || u.down[e] != u.old.down[e] {
			u.spread(e)
		}
		if u.budget < 0 {
			return false
		}
	}
	return true
}

// compute finds the weight of an edge from its arcs and the triangles below.
func (u *update) compute(e uint32) {
	h := u.h
	x, y := h.low[e], h.high[e]
	u.up[e], u.down[e] = Infinity, Infinity
	for _, arc := range h.lowArc[h.lowFirst[x]:h.lowFirst[x+1]] {
		if h.arcEdge[arc]>>1 == e {
			u.lower(arc)
		}
	}
	up, down := u.up[e], u.down[e]
	below := h.downEdge[h.downFirst[x]:h.downFirst[x+1]]
	for _, d := range below {
		if u.down[d] >= up && u.up[d] >= down {
			continue
		}
		if c, ok := h.edge(h.low[d], y); ok {
			up = min(up, u.down[d]+u.up[c])
			down = min(down, u.up[d]+u.down[c])
		}
	}
	u.up[e], u.down[e] = up, down
	u.budget -= 4 * len(below)
}

// spread marks the edges above a changed one whose weight came over it, or may
// come over it now.
func (u *update) spread(e uint32) {
	h, old := u.h, u.old
	x := h.low[e]
	for c := h.first[x]; c < h.first[x+1]; c++ {
		if c == e {
			continue
		}
		a, b := min(c, e), max(c, e)
		t, _ := h.edge(h.high[a], h.high[b])
		up, down := u.down[a]+u.up[b], u.up[a]+u.down[b]
		wasUp, wasDown := old.down[a]+old.up[b], old.up[a]+old.down[b]
		if up < old.up[t] || down < old.down[t] ||
			wasUp == old.up[t] && up > wasUp || wasDown == old.down[t] && down > wasDown {
			u.mark(t)
		}
	}
	u.budget -= 4 * int(h.first[x+1]-h.first[x])
}
