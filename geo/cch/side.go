package cch

import (
	"cmp"
	"slices"
)

// end is a source or a target: a rank with the cost before or after it.
type end struct{ at, cost uint32 }

// side is one of the two searches, from the sources or back from the targets.
// It goes up from all ends at once, from node to node in order of rank: no
// search leads anywhere but to the ends and to what is above them in the
// elimination tree.
//
// The ranks are a postorder of that tree. So when the search is at a node, all
// that is labelled and not behind it is above the node, and told apart by its
// depth: the labels lie side by side, a few hundred, however large the graph is
// and however many ways up there are.
type side struct {
	ends []end
	// queue are the ends in order of rank, and one beyond all; todo those
	// ahead.
	queue, todo []end
	live        []label
	// done are the nodes behind that the search went on from, in order of
	// rank.
	done []visit
}

// visit is a node of a search with its final label.
type visit struct {
	node, depth uint32
	label       label
}

// label is the cost of a node in the upper half. The lower half is the sum of
// its depth and that of the node that it was reached from; the node itself
// where it is an end.
//
// A label and a link up add up to the label of the link's end when the lower
// half is the depth of the node alone, as toward makes it.
type label uint64

// unreached is the label of all other nodes.
const unreached = label(Infinity) << 32

func newLabel(cost, sum uint32) label { return label(cost)<<32 | label(sum) }

func (l label) cost() uint32 { return uint32(l >> 32) }

func newLabels(n int) []label {
	s := make([]label, max(n, lowTree))
	for i := range s {
		s[i] = unreached
	}
	return s
}

// begin sets out from the ends. It returns the lowest.
func (s *side) begin() uint32 {
	s.done = s.done[:0]
	s.queue = append(s.queue[:0], s.ends...)
	if len(s.queue) > 1 {
		slices.SortFunc(s.queue, func(a, b end) int { return cmp.Compare(a.at, b.at) })
	}
	s.queue = append(s.queue, end{at: none})
	s.todo = s.queue
	return s.todo[0].at
}

// last says whether there is but one way up left to go, that from the node the
// search is at.
func (s *side) last() bool { return len(s.todo) == 1 }

// take returns the label of a node that the search has come to, and makes room
// for another node as deep.
func (s *side) take(x, depth uint32) label {
	l := s.live[depth]
	s.live[depth] = unreached
	for s.todo[0].at == x {
		l = min(l, newLabel(s.todo[0].cost, 2*depth))
		s.todo = s.todo[1:]
	}
	return l
}

// walk goes on from x to the first node that is not below until. It relaxes the
// nodes that cost less than a limit.
func (s *side) walk(h *Hierarchy, c *climb, x, until, limit uint32) uint32 {
	for x < until {
		// Up to the next end there is one way, on which the depth counts down.
		depth, next := h.depth[x], min(until, s.todo[0].at)
		if x == next {
			x = s.step(h, c, x, limit)
			continue
		}
		for ; x < next; depth-- {
			l := s.live[depth]
			s.live[depth] = unreached
			if l.cost() < limit {
				s.relax(c, x, depth, l)
			}
			x = h.parent[x]
		}
		x = min(x, s.todo[0].at)
	}
	return x
}

func (s *side) step(h *Hierarchy, c *climb, x, limit uint32) uint32 {
	depth := h.depth[x]
	if l := s.take(x, depth); l.cost() < limit {
		s.relax(c, x, depth, l)
	}
	return min(h.parent[x], s.todo[0].at)
}

// relax tries the edges up from x.
func (s *side) relax(c *climb, x, depth uint32, l label) {
	s.done = append(s.done, visit{x, depth, l})
	base, links := newLabel(l.cost(), depth), c.of(x)
	if c.tall {
		for _, l := range links {
			s.live[l.depth()] = min(s.live[l.depth()], base+label(l))
		}
		return
	}
	// Most of the time of a search is spent here: on two links at a time, and
	// without a check of the bounds of the labels.
	live := (*[lowTree]label)(s.live)
	for ; len(links) >= 2; links = links[2:] {
		a, b := links[0], links[1]
		live[a%lowTree] = min(live[a%lowTree], base+label(a))
		live[b%lowTree] = min(live[b%lowTree], base+label(b))
	}
	for _, l := range links {
		live[l%lowTree] = min(live[l%lowTree], base+label(l))
	}
}

// lowTree is a height of the elimination tree that hardly any order that is
// worth the name exceeds, a power of two.
const lowTree = 4096

// search finds the cheapest meeting of both sides that costs less than a
// limit.
func (q *Query) search(limit uint32) {
	h, m, f, b := q.h, q.m, &q.forward, &q.backward
	q.best, q.meet = limit, none
	x, y := f.begin(), b.begin()
	for x != y || !f.last() || !b.last() {
		switch {
		case x < y:
			x = f.walk(h, &m.ahead, x, y, q.best)
		case y < x:
			y = b.walk(h, &m.back, y, x, q.best)
		default:
			// There is more below what both sides have in common.
			depth := h.depth[x]
			from, to := f.take(x, depth), b.take(x, depth)
			q.found(x, depth, from, to)
			if from.cost() < q.best {
				f.relax(&m.ahead, x, depth, from)
			}
			if to.cost() < q.best {
				b.relax(&m.back, x, depth, to)
			}
			x = min(h.parent[x], f.todo[0].at)
			y = min(h.parent[y], b.todo[0].at)
		}
	}
	if x != none {
		q.trunk(x)
	}
	if q.meet == none {
		q.best = Infinity
	}
}

// found keeps a meeting that is the best one yet.
func (q *Query) found(x, depth uint32, from, to label) {
	if c := from.cost() + to.cost(); c < q.best {
		q.best, q.meet = c, x
		q.metFrom, q.metTo = visit{x, depth, from}, visit{x, depth, to}
	}
}

// trunk goes up from x where both sides go the same way.
func (q *Query) trunk(x uint32) {
	h, m, f, b := q.h, q.m, &q.forward, &q.backward
	depth := h.depth[x]
	// An end may be x itself.
	f.live[depth], b.live[depth] = f.take(x, depth), b.take(x, depth)
	fl, bl := f.live[:depth+1], b.live[:depth+1]
	// What costs more than the best way by the labels known is not worth to
	// go on from. Nor is what costs more with the least that the other side
	// adds: it has come to all nodes from which it will yet get anywhere.
	bound, leastFrom, leastTo := q.best, Infinity, Infinity
	for i, from := range fl {
		c, d := from.cost(), bl[i].cost()
		bound = min(bound, c+d)
		leastFrom, leastTo = min(leastFrom, c), min(leastTo, d)
	}
	if bound < q.best {
		q.best, q.meet = bound+1, none
	}
	for i := len(fl) - 1; i >= 0; i-- {
		from, to := fl[i], bl[i]
		fl[i], bl[i] = unreached, unreached
		depth := uint32(i)
		q.found(x, depth, from, to)
		if from.cost()+leastTo < q.best {
			f.relax(&m.ahead, x, depth, from)
		}
		if to.cost()+leastFrom < q.best {
			b.relax(&m.back, x, depth, to)
		}
		x = h.parent[x]
	}
}

// finish finds the costs of all nodes above the sources.
func (q *Query) finish() {
	if q.complete {
		return
	}
	f := &q.forward
	f.walk(q.h, &q.m.ahead, f.begin(), none, Infinity)
	q.complete = true
}

// join finds the cheapest meeting of a search back from the targets with the
// whole of that from the sources.
func (q *Query) join() {
	h, m, b := q.h, q.m, &q.backward
	q.best, q.meet = Infinity, none
	other := q.forward.done
	for y := b.begin(); y != none; {
		for len(other) > 0 && other[0].node < y {
			other = other[1:]
		}
		if len(other) == 0 || other[0].node > y {
			y = b.step(h, &m.back, y, q.best)
			continue
		}
		depth := other[0].depth
		to := b.take(y, depth)
		q.found(y, depth, other[0].label, to)
		if to.cost() < q.best {
			b.relax(&m.back, y, depth, to)
		}
		y = min(h.parent[y], b.todo[0].at)
	}
}
