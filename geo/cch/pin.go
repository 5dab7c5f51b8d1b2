package cch

import "slices"

// Targets is a fixed set of targets. It is immutable, safe for concurrent use.
type Targets struct {
	h *Hierarchy
	// nodes are the targets and all above them, the highest first. The edges
	// up from nodes[i] begin at first[i]; head is an index among nodes.
	nodes []uint32
	first []uint32
	head  []uint32
	// at is where each target stands among nodes.
	at []uint32
}

// Pin prepares a set of targets for Costs. A node may come several times.
func (h *Hierarchy) Pin(nodes []uint32) *Targets {
	t := &Targets{h: h, at: make([]uint32, len(nodes))}
	place := map[uint32]uint32{}
	for _, node := range nodes {
		for x := h.rank[node]; x != none; x = h.parent[x] {
			if _, ok := place[x]; ok {
				break
			}
			place[x] = 0
			t.nodes = append(t.nodes, x)
		}
	}
	slices.Sort(t.nodes)
	slices.Reverse(t.nodes)
	for i, x := range t.nodes {
		place[x] = uint32(i)
	}
	for i, node := range nodes {
		t.at[i] = place[h.rank[node]]
	}
	for _, x := range t.nodes {
		t.first = append(t.first, uint32(len(t.head)))
		for _, y := range h.high[h.first[x]:h.first[x+1]] {
			t.head = append(t.head, place[y])
		}
	}
	return t
}

// Len returns the number of targets.
func (t *Targets) Len() int { return len(t.at) }

// Costs writes the least cost of a way from a source to each target, in the
// order of Pin; Infinity where there is none that costs less.
func (q *Query) Costs(t *Targets, out []uint32) {
	q.finish()
	q.sweep = slices.Grow(q.sweep[:0], len(t.nodes))[:len(t.nodes)]
	cost, h := q.sweep, q.h
	for i, x := range t.nodes {
		c := q.forward.cost[x]
		lo, hi := h.first[x], h.first[x+1]
		w := q.m.down[lo:hi]
		for k, j := range t.head[t.first[i]:][:hi-lo] {
			c = min(c, cost[j]+w[k])
		}
		cost[i] = c
	}
	for i, j := range t.at {
		out[i] = cost[j]
	}
}
