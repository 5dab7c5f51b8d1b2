package cch

import (
	"math/bits"
	"slices"
)

// refit is the second pass of a customization, after a first one that changed a
// few edges. It finds the least costs in the whole graph between the ends of
// edges as they were and as they are, from the top down, and follows what
// differs: the edges up from a node can only change where one of them has
// another weight, or where the least cost between two of its higher neighbours
// is another one. All other nodes keep their links.
type refit struct {
	h        *Hierarchy
	old, now []edgeWeight
	// due has one bit for each node to look at, seen are those that were.
	due  []uint64
	seen []uint32
	// was and is are the least costs along the edges up from some nodes, those
	// of x from place[x]-1 on. Where x has a place, all its ancestors do.
	place   []uint32
	was, is []edgeWeight
	way     []uint32
	differ  []bool // by depth: the costs from a node to that one differ
	budget  int
}

// What a refit may look at before a whole pass takes over: a number of
// triangles, enough for a few ways up, and a part of all there are.
const (
	refitFree  = 1 << 18
	refitShare = 3
)

func newRefit(u *update) *refit {
	n := len(u.h.order)
	r := &refit{
		h: u.h, old: u.old.edges, now: u.edges, due: make([]uint64, (n+63)/64),
		place: make([]uint32, n), differ: make([]bool, u.h.height),
		budget: refitFree + u.h.triangles/refitShare,
	}
	for _, e := range u.changed {
		r.mark(u.h.low[e])
	}
	return r
}

func (r *refit) mark(x uint32) { r.due[x/64] |= 1 << (x % 64) }

// run looks at the nodes that are due, the highest first. It gives up when the
// budget is spent.
func (r *refit) run() bool {
	for i := len(r.due) - 1; i >= 0; {
		if r.due[i] == 0 {
			i--
			continue
		}
		x := uint32(i*64 + 63 - bits.LeadingZeros64(r.due[i]))
		r.due[i] &^= 1 << (x % 64)
		r.visit(x)
		if r.budget < 0 {
			return false
		}
	}
	slices.Reverse(r.seen)
	return true
}

// visit finds the least costs up from a node, and marks the nodes below that
// these matter to.
func (r *refit) visit(x uint32) {
	h := r.h
	// The ancestors that are not due cost what they did.
	r.way = r.way[:0]
	for y := h.parent[x]; y != none && r.place[y] == 0; y = h.parent[y] {
		r.way = append(r.way, y)
	}
	for i := len(r.way) - 1; i >= 0; i-- {
		at := r.room(r.way[i])
		r.settle(r.way[i], r.now, r.is)
		copy(r.was[at:], r.is[at:])
	}
	at := r.room(x)
	r.settle(x, r.old, r.was)
	r.settle(x, r.now, r.is)
	r.seen = append(r.seen, x)
	if slices.Equal(r.was[at:], r.is[at:]) {
		return
	}
	highs := h.high[h.first[x]:h.first[x+1]]
	for i, y := range highs {
		r.differ[h.depth[y]] = r.was[at+i] != r.is[at+i]
	}
	for _, d := range h.downEdge[h.downFirst[x]:h.downFirst[x+1]] {
		z := h.low[d]
		for _, y := range h.high[d+1 : h.first[z+1]] {
			if r.budget--; r.differ[h.depth[y]] {
				r.mark(z)
				break
			}
		}
	}
}

// room makes room for the costs of a node, and returns where that is.
func (r *refit) room(x uint32) int {
	at, n := len(r.is), int(r.h.first[x+1]-r.h.first[x])
	r.place[x] = uint32(at) + 1
	r.was, r.is = slices.Grow(r.was, n)[:at+n], slices.Grow(r.is, n)[:at+n]
	return at
}

// settle finds the least costs along the edges up from a node by their weights
// and the least costs between the higher ends. It does what Metric.push does,
// in the same order.
func (r *refit) settle(x uint32, edges, least []edgeWeight) {
	h := r.h
	highs := h.high[h.first[x]:h.first[x+1]]
	own := least[r.place[x]-1:][:len(highs)]
	copy(own, edges[h.first[x]:h.first[x+1]])
	for i := len(highs) - 1; i >= 0; i-- {
		y, low := highs[i], own[i]
		between, ends := least[r.place[y]-1:], h.high[h.first[y]:h.first[y+1]]
		k := 0
		for j := i + 1; j < len(highs); j++ {
			for ends[k] != highs[j] {
				k++
			}
			t, o := between[k], &own[j]
			low.up = min(low.up, o.up+t.down)
			low.down = min(low.down, t.up+o.down)
			o.up = min(o.up, low.up+t.up)
			o.down = min(o.down, t.down+low.down)
		}
		own[i] = low
		r.budget -= k
	}
}

// gather gives a metric the links of the old one, but for the nodes seen.
func (r *refit) gather(m, old *Metric) {
	m.ahead = r.links(&old.ahead, false)
	if m.back = m.ahead; !m.symmetric() {
		m.back = r.links(&old.back, true)
	}
	m.ready()
}

func (r *refit) links(old *climb, down bool) climb {
	h := r.h
	c := climb{first: make([]uint32, len(old.first)), tall: old.tall}
	room := len(old.links)
	for _, x := range r.seen {
		room += int(h.first[x+1]-h.first[x]) - len(old.of(x))
	}
	c.links = make([]link, 0, room)
	from := uint32(0) // the nodes below have their links
	keep := func(until uint32) {
		moved := uint32(len(c.links)) - old.first[from]
		c.links = append(c.links, old.links[old.first[from]:old.first[until]]...)
		for x := from; x < until; x++ {
			c.first[x+1] = old.first[x+1] + moved
		}
		from = until
	}
	for _, x := range r.seen {
		keep(x)
		least := r.is[r.place[x]-1:]
		for i, y := range h.high[h.first[x]:h.first[x+1]] {
			w := r.now[int(h.first[x])+i].towards(down)
			if needs(w, least[i].towards(down)) == 1 {
				c.links = append(c.links, newLink(h.depth[y], w))
			}
		}
		c.first[x+1] = uint32(len(c.links))
		from = x + 1
	}
	keep(uint32(len(h.order)))
	return c
}
