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
	// slot is where the sweep keeps the cost of a node, the highest first.
	// Those below shared are nodes above two targets or more, or targets above
	// another. A node above one target has that one's slot: the way from it
	// down to its target is the same for every query.
	slot   []uint32
	shared int
	slots  int
	// lone are the indices of the targets of the other slots, among nodes.
	lone []uint32
	// at is the slot of each target.
	at []uint32

	known atomic.Pointer[[]*pinned]
}

// pinned is what targets need of a metric: the edges down to each slot, and by
// node the cost of the way down to the target of its slot.
type pinned struct {
	metric *byte
	first  []uint32
	links  []slotLink
	rest   []uint32
}

// slotLink is an edge down from the node of a slot with its weight.
type slotLink struct{ to, weight uint32 }

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
	below := make([]uint32, len(t.nodes)) // the targets at or below each node
	for i, node := range nodes {
		t.at[i] = place[h.rank[node]]
		below[t.at[i]] = 1
	}
	for i := len(t.nodes) - 1; i >= 0; i-- {
		if p := h.parent[t.nodes[i]]; p != none {
			below[place[p]] += below[i]
		}
	}
	t.number(place, below)
	for _, x := range t.nodes {
		t.first = append(t.first, uint32(len(t.head)))
		for _, y := range h.high[h.first[x]:h.first[x+1]] {
			t.head = append(t.head, place[y])
		}
	}
	for i, p := range t.at {
		t.at[i] = t.slot[p]
	}
	return t
}

// number gives the nodes their slots.
func (t *Targets) number(place map[uint32]uint32, below []uint32) {
	t.slot = make([]uint32, len(t.nodes))
	for i := range t.nodes {
		if below[i] > 1 {
			t.slot[i] = uint32(t.shared)
			t.shared++
		}
	}
	t.slots = t.shared
	for i, x := range t.nodes {
		if below[i] > 1 {
			continue
		}
		p := t.h.parent[x]
		if p == none || below[place[p]] > 1 {
			t.slot[i] = uint32(t.slots)
			t.slots++
			t.lone = append(t.lone, uint32(i))
		} else {
			t.slot[i] = t.slot[place[p]]
			t.lone[t.slot[i]-uint32(t.shared)] = uint32(i)
		}
	}
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

// gather takes the edges down to the slots out of a metric.
func (t *Targets) gather(m *Metric) *pinned {
	p := &pinned{metric: m.name, first: make([]uint32, 1, t.slots+1), rest: filled(len(t.nodes), Infinity)}
	for i := range t.nodes {
		if int(t.slot[i]) < t.shared {
			t.each(m, uint32(i), func(j, weight uint32) {
				p.links = append(p.links, slotLink{t.slot[j], weight})
			})
			p.first = append(p.first, uint32(len(p.links)))
		}
	}
	cost := filled(t.shared, Infinity)
	var reached []uint32
	for _, i := range t.lone {
		t.climb(m, i, p.rest, func(slot, c uint32) {
			if cost[slot] == Infinity {
				reached = append(reached, slot)
			}
			cost[slot] = min(cost[slot], c)
		})
		for _, slot := range reached {
			p.links = append(p.links, slotLink{slot, cost[slot]})
			cost[slot] = Infinity
		}
		reached = reached[:0]
		p.first = append(p.first, uint32(len(p.links)))
	}
	p.links = slices.Clip(p.links)
	return p
}

// each calls use for each edge down to a node: where it comes from, among
// nodes, and its weight.
func (t *Targets) each(m *Metric, i uint32, use func(j, weight uint32)) {
	x := t.nodes[i]
	e, k := t.h.first[x], t.first[i]
	for _, l := range m.back.of(x) {
		for ; t.h.depth[t.h.high[e]] != l.depth(); e++ {
			k++
		}
		use(t.head[k], l.weight())
	}
}

// climb searches up from the target of a slot of its own, as far as that slot
// goes: it fills in the rest of the way for its nodes, and calls reach with the
// costs of ways from the shared nodes above.
func (t *Targets) climb(m *Metric, i uint32, rest []uint32, reach func(slot, cost uint32)) {
	slot := t.slot[i]
	rest[i] = 0
	for {
		at := rest[i]
		t.each(m, i, func(j, weight uint32) {
			switch c := at + weight; {
			case c >= Infinity:
			case t.slot[j] == slot:
				rest[j] = min(rest[j], c)
			default:
				reach(t.slot[j], c)
			}
		})
		up := t.first[i]
		if t.h.parent[t.nodes[i]] == none || t.slot[t.head[up]] != slot {
			return
		}
		i = t.head[up]
	}
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
	cost := slices.Grow(q.sweep[:0], t.slots)[:t.slots]
	q.sweep = cost
	for i := range cost {
		cost[i] = Infinity
	}
	// Both lists are sorted, so each search begins where the last one ended.
	lo := 0
	for i := len(q.forward.done) - 1; i >= 0; i-- {
		v := &q.forward.done[i]
		j, ok := slices.BinarySearchFunc(t.nodes[lo:], v.node, descending)
		if lo += j; !ok {
			continue
		}
		c, slot := v.label.cost(), t.slot[lo]
		if int(slot) >= t.shared {
			c += p.rest[lo]
		}
		cost[slot] = min(cost[slot], c)
	}
	// The cheapest way down to a slot comes from one above it: all of them
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

// descending compares ranks, the highest first.
func descending(a, b uint32) int {
	switch {
	case a > b:
		return -1
	case a < b:
		return 1
	}
	return 0
}
