package cch

import "slices"

// Ends returns the source and the target of the way that Run or Cost found
// last. It panics where they found none.
func (q *Query) Ends() (source, target uint32) {
	q.stack = q.stack[:0]
	s := q.trace(&q.forward, false)
	t := q.trace(&q.backward, true)
	return q.h.order[s], q.h.order[t]
}

// Path appends the arcs of the way that Run or Cost found last, from the
// source to the target: nothing where there is no way, and where source and
// target are one node.
func (q *Query) Path(arcs []uint32) []uint32 {
	if q.meet == none {
		return arcs
	}
	q.stack = q.stack[:0]
	q.trace(&q.backward, true)
	for i := range q.stack {
		q.stack[i] = q.stack[i]<<1 | 1
	}
	// The stack now has the last step on top; the first ones belong there.
	slices.Reverse(q.stack)
	mid := len(q.stack)
	q.trace(&q.forward, false)
	for i := mid; i < len(q.stack); i++ {
		q.stack[i] <<= 1
	}
	return q.unpack(arcs)
}

// PathTo appends the arcs of the cheapest way from a source to a node, as Cost
// and Path do.
func (q *Query) PathTo(node uint32, arcs []uint32) []uint32 {
	q.Cost(node)
	return q.Path(arcs)
}

// trace pushes the edges from the meeting node down to an end of a side, and
// returns the end. No search keeps where its costs came from: the edge that
// a cost came over is found again among those of lower nodes, each of which is
// looked at once.
func (q *Query) trace(s *side, down bool) uint32 {
	if q.meet == none {
		panic("cch: there is no way to tell of")
	}
	i, _ := slices.BinarySearch(s.nodes, q.meet)
	y := q.meet
	for !s.endsAt(y) {
		cost := s.cost[y]
		for i--; ; i-- {
			x := s.nodes[i]
			if s.cost[x] > cost {
				continue
			}
			if e, ok := q.h.edge(x, y); ok && s.cost[x]+q.m.edges[e].towards(down) == cost {
				q.stack = append(q.stack, e)
				y = x
				break
			}
		}
	}
	return y
}

// endsAt says whether the cost of a node is that of an end.
func (s *side) endsAt(x uint32) bool {
	return slices.Contains(s.ends, end{x, s.cost[x]})
}

// unpack appends the arcs of the edges on the stack, each doubled, plus one
// where it leads down; the top is the first. An edge that is no arc leads over
// a lower node, so it ends with weights of zero too.
func (q *Query) unpack(arcs []uint32) []uint32 {
	for len(q.stack) > 0 {
		step := q.stack[len(q.stack)-1]
		q.stack = q.stack[:len(q.stack)-1]
		if arc, ok := q.m.arc(step); ok {
			arcs = append(arcs, arc)
			continue
		}
		first, second := q.m.triangle(step)
		q.stack = append(q.stack, second, first)
	}
	return arcs
}

// arc returns the arc that an edge has its weight from, if it is one: the first
// of several.
func (m *Metric) arc(step uint32) (arc uint32, ok bool) {
	h, e := m.h, step>>1
	x, w := h.low[e], m.edges[e].towards(step&1 == 1)
	for _, arc := range h.lowArc[h.lowFirst[x]:h.lowFirst[x+1]] {
		if h.arcEdge[arc] == step && m.weight[arc] == w {
			return arc, true
		}
	}
	return 0, false
}

// triangle returns the two steps over a lower node that an edge has its weight
// from.
func (m *Metric) triangle(step uint32) (first, second uint32) {
	h, e := m.h, step>>1
	x, y := h.low[e], h.high[e]
	down := step&1 == 1
	w := m.edges[e].towards(down)
	// What leads over is more often high than low.
	below := h.downEdge[h.downFirst[x]:h.downFirst[x+1]]
	for i := len(below) - 1; i >= 0; i-- {
		d := below[i]
		near := m.edges[d].towards(!down)
		if near > w {
			continue
		}
		if c, ok := h.edge(h.low[d], y); ok && near+m.edges[c].towards(down) == w {
			if down {
				return c<<1 | 1, d << 1
			}
			return d<<1 | 1, c << 1
		}
	}
	panic("cch: a weight that comes from nowhere")
}
