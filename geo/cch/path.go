package cch

import (
	"slices"
	"sync/atomic"
)

// Ends returns the source and the target of the way that Run or Cost found
// last. It panics where they found none.
func (q *Query) Ends() (source, target uint32) {
	q.stack = q.stack[:0]
	s := q.trace(&q.forward, &q.m.ahead, q.metFrom, false)
	t := q.trace(&q.backward, &q.m.back, q.metTo, true)
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
	q.trace(&q.backward, &q.m.back, q.metTo, true)
	// The stack now has the last leg on top; the first ones belong there.
	slices.Reverse(q.stack)
	q.trace(&q.forward, &q.m.ahead, q.metFrom, false)
	return q.unpack(arcs)
}

// PathTo appends the arcs of the cheapest way from a source to a node, as Cost
// and Path do.
func (q *Query) PathTo(node uint32, arcs []uint32) []uint32 {
	q.Cost(node)
	return q.Path(arcs)
}

// leg is a link of a way that leads from low up to high, or down.
type leg struct {
	low, high uint32
	link      uint32
	down      bool
}

// trace pushes the links from a node that a search came to back to the end it
// came from, and returns the end.
func (q *Query) trace(s *side, c *climb, v visit, down bool) uint32 {
	if q.meet == none {
		panic("cch: there is no way to tell of")
	}
	for i := len(s.done); ; {
		depth := uint32(v.label) - v.depth
		if depth == v.depth {
			return v.node
		}
		// Several nodes may be as deep, where the ends have several ways up.
		for i--; ; i-- {
			u := &s.done[i]
			if u.depth != depth || u.node >= v.node {
				continue
			}
			k, ok := c.find(u.node, v.depth)
			if ok && u.label.cost()+c.links[k].weight() == v.label.cost() && q.h.above(u.node, v.node) {
				q.stack = append(q.stack, leg{u.node, v.node, k, down})
				v = *u
				break
			}
		}
	}
}

// above says whether y is an ancestor of x.
func (h *Hierarchy) above(x, y uint32) bool {
	_, ok := h.edge(x, y)
	return ok
}

// find returns the number of the link from a node to the one at a depth.
func (c *climb) find(x, depth uint32) (k uint32, ok bool) {
	lo, hi := c.first[x], c.first[x+1]
	for hi-lo > 8 {
		mid := (lo + hi) / 2
		if c.links[mid].depth() > depth {
			lo = mid + 1
		} else {
			hi = mid + 1
		}
	}
	for ; lo < hi; lo++ {
		if c.links[lo].depth() == depth {
			return lo, true
		}
	}
	return 0, false
}

// unpack appends the arcs of the legs on the stack, the top of which is the
// first. A leg that is no arc leads over a lower node, so it ends with weights
// of zero too.
func (q *Query) unpack(arcs []uint32) []uint32 {
	m := q.m
	depth := q.h.depth
	stack := q.stack
	for len(stack) > 0 {
		l := stack[len(stack)-1]
		c := &m.ahead
		if l.down {
			c = &m.back
		}
		over := atomic.LoadUint32(&c.over[l.link])
		if over == 0 {
			over = m.below(l)
			atomic.StoreUint32(&c.over[l.link], over)
		}
		if over&overArc != 0 {
			arcs = append(arcs, over&^overArc)
			stack = stack[:len(stack)-1]
			continue
		}
		z := over - 1
		first, second := l.low, l.high
		if l.down {
			first, second = second, first
		}
		i, _ := m.back.find(z, depth[first])
		k, _ := m.ahead.find(z, depth[second])
		stack[len(stack)-1] = leg{z, second, k, false}
		stack = append(stack, leg{z, first, i, true})
	}
	q.stack = stack
	return arcs
}

// overArc marks an arc among what links lead over: others are nodes below,
// plus one. Zero is what was not looked for yet.
const overArc = 1 << 31

// below finds what a leg leads over.
func (m *Metric) below(l leg) uint32 {
	e, _ := m.h.edge(l.low, l.high)
	step := e << 1
	if l.down {
		step |= 1
	}
	if arc, ok := m.arc(step); ok {
		return arc | overArc
	}
	return m.triangle(step) + 1
}

// arc returns the arc that an edge has its weight from, if it is one: the first
// of several. An edge is doubled, plus one where it leads down.
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

// triangle returns the lower node over which an edge has its weight.
func (m *Metric) triangle(step uint32) uint32 {
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
			return h.low[d]
		}
	}
	panic("cch: a weight that comes from nowhere")
}
