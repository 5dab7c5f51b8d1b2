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
// customization is quicker, and is what happens. The second pass goes no
// further either than what it finds changes, see refit.
func (m *Metric) Update(arcs, weight []uint32) *Metric {
	u := &update{
		Metric: Metric{h: m.h, weight: slices.Clone(m.weight)},
		old:    m, stale: make([]uint64, (len(m.edges)+63)/64),
		budget: updateFree + m.h.triangles/updateShare,
	}
	for i, arc := range arcs {
		u.weight[arc] = min(weight[i], Infinity)
	}
	u.edges = slices.Clone(m.edges)
	for _, arc := range arcs {
		if e := m.h.arcEdge[arc]; e != none && u.weight[arc] != m.weight[arc] {
			u.mark(e >> 1)
		}
	}
	if !u.run() {
		return m.h.Customize(u.weight)
	}
	if r := newRefit(u); r.run() {
		r.gather(&u.Metric, m)
	} else {
		u.finish()
	}
	return &u.Metric
}

// update is a metric on its way from an old one.
type update struct {
	Metric
	old   *Metric
	stale []uint64 // one bit for each edge to compute again
	// changed are the edges that weigh something else than before.
	changed []uint32
	budget  int
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
		if u.compute(e); u.edges[e] != u.old.edges[e] {
			u.changed = append(u.changed, e)
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
	u.edges[e] = edgeWeight{Infinity, Infinity}
	for _, arc := range h.lowArc[h.lowFirst[x]:h.lowFirst[x+1]] {
		if h.arcEdge[arc]>>1 == e {
			u.lower(arc)
		}
	}
	w := u.edges[e]
	below := h.downEdge[h.downFirst[x]:h.downFirst[x+1]]
	for _, d := range below {
		near := u.edges[d]
		if near.down >= w.up && near.up >= w.down {
			continue
		}
		if c, ok := h.edge(h.low[d], y); ok {
			w.up = min(w.up, near.down+u.edges[c].up)
			w.down = min(w.down, near.up+u.edges[c].down)
		}
	}
	u.edges[e] = w
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
		was, now := over(old.edges[a], old.edges[b]), over(u.edges[a], u.edges[b])
		has := old.edges[t]
		if now.up < has.up || now.down < has.down ||
			was.up == has.up && now.up > was.up || was.down == has.down && now.down > was.down {
			u.mark(t)
		}
	}
	u.budget -= 4 * int(h.first[x+1]-h.first[x])
}

// over is what a triangle offers the edge above its lowest node.
func over(near, far edgeWeight) edgeWeight {
	return edgeWeight{near.down + far.up, near.up + far.down}
}
