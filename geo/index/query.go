package index

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"sync"

	"github.com/paulmach/orb"

	"yizhan/geo"
	"yizhan/geo/pack"
)

// Query asks for the nearest places.
type Query struct {
	// At is where from, WGS-84 lon,lat.
	At orb.Point
	// Kinds are the kinds wanted, all where it is empty.
	Kinds []geo.Kind
	// Limit is the greatest number of places, 0 for no bound.
	Limit int
	// Within is the greatest distance in metres, itself included; 0 for no
	// bound.
	Within float64
	// Facilities are what a place must offer, every one of them. Regions
	// without them are not looked at.
	Facilities []geo.Facility
	// Where says which places count, all where it is nil. It is called in
	// about the order of distance, for no more places than are needed.
	Where func(Slot) bool
	// After leaves out what comes before or at a mark in the order of answers;
	// nil leaves nothing out.
	After *Mark
}

// Mark is a place in the order of answers, which goes by distance and then by
// ID.
type Mark struct {
	Distance float64
	ID       string
}

// Hit is a place and its great-circle distance in metres, geo.Distance.
type Hit struct {
	Slot     Slot
	Distance float64
}

// compare is the order of an answer: nearer first, then by ID.
func (ix *Index) compare(h, o Hit) int {
	if h.Distance != o.Distance {
		return cmp.Compare(h.Distance, o.Distance)
	}
	return strings.Compare(ix.ID(h.Slot), ix.ID(o.Slot))
}

// passes says whether a hit comes after the mark.
func (m *Mark) passes(ix *Index, h Hit) bool {
	if m == nil || h.Distance != m.Distance {
		return m == nil || h.Distance > m.Distance
	}
	return ix.ID(h.Slot) > m.ID
}

// Nearest returns the places nearest to a point by geo.Distance, nearest
// first, ties in the order of their IDs. It is exact everywhere, across the
// antimeridian and at the poles too. A point that is no position on Earth has
// no nearest place.
func (ix *Index) Nearest(q Query) []Hit {
	if q.Limit > 0 {
		return ix.AppendNearest(make([]Hit, 0, min(q.Limit, ix.Slots())), q)
	}
	return ix.AppendNearest(nil, q)
}

// AppendNearest is Nearest into a slice of the caller's: it appends the hits
// to dst and returns the extended slice.
func (ix *Index) AppendNearest(dst []Hit, q Query) []Hit {
	if ix.base == nil || !onEarth(q.At) || q.Limit < 0 || q.Within < 0 {
		return dst
	}
	s := search{ix: ix, q: &q, from: observerAt(q.At), hits: dst, base: len(dst), reach: math.Inf(1)}
	s.offers = pack.OfferBits(q.Facilities)
	if q.Within > 0 {
		s.reach = reach2(q.Within)
	}
	queue := ix.queues.Get().(*[]step)
	s.queue = (*queue)[:0]
	s.plant(ix.base, false)
	if ix.delta != nil {
		s.plant(ix.delta, true)
	}
	s.run()
	*queue = s.queue
	ix.queues.Put(queue)
	slices.SortFunc(s.hits[s.base:], ix.compare)
	return s.hits
}

func newQueues() *sync.Pool {
	return &sync.Pool{New: func() any { queue := make([]step, 0, 256); return &queue }}
}

// search is one query under way. The best hits so far form a heap with the
// worst on top; what may hold better ones waits in a queue, the nearest first.
type search struct {
	ix     *Index
	q      *Query
	from   observer
	offers uint64
	hits   []Hit
	base   int
	reach  float64 // squared chord beyond which nothing can count any more
	queue  []step
}

// step is a node or a place in the queue, with a lower bound of its squared
// chord.
type step struct {
	chord2 float64
	number uint32 // of a node, or a row
	delta  bool
	place  bool
}

// plant puts the trees of a part into the queue.
func (s *search) plant(seg *segment, delta bool) {
	for i := range seg.layers {
		if l := &seg.layers[i]; wants(s.q.Kinds, l.kind) && seg.nodes[l.root].offers&s.offers == s.offers {
			s.push(step{s.from.chord2To(&seg.nodes[l.root].box), l.root, delta, false})
		}
	}
}

func (s *search) run() {
	for len(s.queue) > 0 {
		next := s.pop()
		if next.chord2 > s.reach {
			return
		}
		seg := s.ix.base
		if next.delta {
			seg = s.ix.delta
		}
		switch {
		case next.place:
			s.visit(seg, next)
		case seg.nodes[next.number].leaf:
			s.openLeaf(seg, next)
		default:
			s.open(seg, next)
		}
	}
}

// open puts a node's children into the queue.
func (s *search) open(seg *segment, at step) {
	n := &seg.nodes[at.number]
	for i := range seg.nodes[n.first : n.first+uint32(n.count)] {
		child := &seg.nodes[n.first+uint32(i)]
		if child.offers&s.offers != s.offers {
			continue
		}
		if c := s.from.chord2To(&child.box); c <= s.reach {
			s.push(step{c, n.first + uint32(i), at.delta, false})
		}
	}
}

// openLeaf puts a leaf's places into the queue.
func (s *search) openLeaf(seg *segment, at step) {
	n := &seg.nodes[at.number]
	for row := n.first; row < n.first+uint32(n.count); row++ {
		if c := s.from.chord2(seg.table.Position(int(row))); c <= s.reach && (at.delta || !s.ix.isDead(row)) {
			s.push(step{c, row, at.delta, true})
		}
	}
}

// visit looks at a place.
func (s *search) visit(seg *segment, at step) {
	hit := Hit{Slot(at.number), geo.Distance(s.q.At, seg.table.Position(int(at.number)).Point())}
	if at.delta {
		hit.Slot += s.ix.first
	}
	if s.q.Within > 0 && hit.Distance > s.q.Within {
		return
	}
	full := s.q.Limit > 0 && len(s.hits)-s.base == s.q.Limit
	if full && s.ix.compare(hit, s.hits[s.base]) >= 0 || !s.q.After.passes(s.ix, hit) {
		return
	}
	if s.offers != 0 && !seg.table.Has(int(at.number), s.q.Facilities, s.offers) || s.q.Where != nil && !s.q.Where(hit.Slot) {
		return
	}
	switch {
	case s.q.Limit == 0:
		s.hits = append(s.hits, hit)
		return
	case full:
		s.hits[s.base] = hit
		s.ix.sink(s.hits[s.base:])
	default:
		s.hits = append(s.hits, hit)
		s.ix.lift(s.hits[s.base:])
		full = len(s.hits)-s.base == s.q.Limit
	}
	if full {
		s.reach = min(s.reach, reach2(s.hits[s.base].Distance))
	}
}

// push and pop keep the queue a heap, the nearest on top.
func (s *search) push(e step) {
	s.queue = append(s.queue, e)
	q := s.queue
	i := len(q) - 1
	for i > 0 {
		up := (i - 1) / 2
		if q[up].chord2 <= e.chord2 {
			break
		}
		q[i] = q[up]
		i = up
	}
	q[i] = e
}

func (s *search) pop() step {
	q := s.queue
	top := q[0]
	last := q[len(q)-1]
	q = q[:len(q)-1]
	s.queue = q
	if len(q) == 0 {
		return top
	}
	i := 0
	for {
		child := 2*i + 1
		if child >= len(q) {
			break
		}
		if child+1 < len(q) && q[child+1].chord2 < q[child].chord2 {
			child++
		}
		if q[child].chord2 >= last.chord2 {
			break
		}
		q[i] = q[child]
		i = child
	}
	q[i] = last
	return top
}

// lift restores a heap, worst on top, after its last element was added.
func (ix *Index) lift(h []Hit) {
	for i := len(h) - 1; i > 0; {
		up := (i - 1) / 2
		if ix.compare(h[i], h[up]) <= 0 {
			return
		}
		h[i], h[up] = h[up], h[i]
		i = up
	}
}

// sink restores a heap, worst on top, after its first element was replaced.
func (ix *Index) sink(h []Hit) {
	for i := 0; ; {
		worst := i
		for child := 2*i + 1; child <= 2*i+2 && child < len(h); child++ {
			if ix.compare(h[child], h[worst]) > 0 {
				worst = child
			}
		}
		if worst == i {
			return
		}
		h[i], h[worst] = h[worst], h[i]
		i = worst
	}
}
