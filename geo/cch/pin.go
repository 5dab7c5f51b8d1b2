package cch

import (
	"slices"
	"sync/atomic"
)

// Targets is a fixed set of targets, safe for concurrent use. It remembers the
// few metrics that it was asked for last.
type Targets struct {
	h *Hierarchy
	// nodes are the targets and all above them, the highest first. The edges
	// up from nodes[i] begin at first[i]; head is an index among nodes.
	nodes []uint32
	first []uint32
	head  []uint32
	// at is where each target stands among nodes.
	at []uint32

	known atomic.Pointer[[]*pinned]
}

// pinned is what targets need of a metric.
type pinned struct {
	metric *byte
	first  []uint32
	links  []link
}

// knownMetrics is how many metrics targets remember: one or two for each way
// to travel.
const knownMetrics = 8

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

// of returns what the targets need of a metric.
func (t *Targets) of(m *Metric) *pinned {
	known := t.known.Load()
	if known != nil {
		for _, p := range *known {
			if p.metric == m.name {
				return p
			}
		}
	}
	p := t.gather(m)
	for {
		next := []*pinned{p}
		if known != nil {
			next = append(next, (*known)[:min(len(*known), knownMetrics-1)]...)
		}
		if t.known.CompareAndSwap(known, &next) {
			return p
		}
		known = t.known.Load()
	}
}

// gather takes the edges down to the nodes out of a metric.
func (t *Targets) gather(m *Metric) *pinned {
	count := 0
	for _, x := range t.nodes {
		count += len(m.back.of(x))
	}
	p := &pinned{m.name, make([]uint32, len(t.nodes)+1), make([]link, 0, count)}
	for i, x := range t.nodes {
		e, k := t.h.first[x], t.first[i]
		for _, l := range m.back.of(x) {
			for ; t.h.high[e] != l.to; e++ {
				k++
			}
			p.links = append(p.links, link{t.head[k], l.weight})
		}
		p.first[i+1] = uint32(len(p.links))
	}
	return p
}

// Costs writes the least cost of a way from a source to each target, in the
// order of Pin; Infinity where there is none that costs less. The first call
// with a metric prepares it, the next ones allocate nothing. It panics where
// out is shorter than the targets.
func (q *Query) Costs(t *Targets, out []uint32) {
	if t.h != q.h {
		panic("cch: the targets are ones of another hierarchy")
	}
	q.finish()
	p := t.of(q.m)
	cost := slices.Grow(q.sweep[:0], len(t.nodes))[:len(t.nodes)]
	q.sweep = cost
	for i := range cost {
		cost[i] = Infinity
	}
	// Both lists are sorted, so each search begins where the last one ended.
	lo, f := 0, &q.forward
	for i := len(f.nodes) - 1; i >= 0; i-- {
		x := f.nodes[i]
		j, ok := slices.BinarySearchFunc(t.nodes[lo:], x, descending)
		if lo += j; ok {
			cost[lo] = f.cost[x]
		}
	}
	// The cheapest way down to a node comes from one above it: all of them
	// have their costs when it gets its own.
	for i := range cost {
		c, d := cost[i], Infinity
		links := p.links[p.first[i]:p.first[i+1]]
		for ; len(links) > 1; links = links[2:] {
			c = min(c, cost[links[0].to]+links[0].weight)
			d = min(d, cost[links[1].to]+links[1].weight)
		}
		if len(links) > 0 {
			c = min(c, cost[links[0].to]+links[0].weight)
		}
		cost[i] = min(c, d)
	}
	for i, j := range t.at {
		out[i] = cost[j]
	}
}

func descending(a, b uint32) int {
	switch {
	case a > b:
		return -1
	case a < b:
		return 1
	}
	return 0
}
