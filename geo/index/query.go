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
	// Hours are the HoursBits of the opening hours that can count, nil for all
	// and for places without. Regions without them are not looked at; a place
	// that shares a bit with them is left to Where.
	Hours *uint64
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
	s := ix.rooms.Get().(*search)
	s.ix, s.q, s.from, s.reach = ix, q, observerAt(q.At), math.Inf(1)
	s.offers, s.hours = pack.OfferBits(q.Facilities), 0
	if q.Hours != nil {
		if s.hours = *q.Hours; s.hours == 0 {
			ix.rooms.Put(s)
			return dst
		}
	}
	if q.Within > 0 {
		s.reach = reach2(q.Within)
	}
	s.plant(ix.base, false)
	if ix.delta != nil {
		s.plant(ix.delta, true)
	}
	s.run()
	base := len(dst)
	dst = s.measure(dst, s.best)
	dst = s.measure(dst, s.spilt)
	s.queue, s.best, s.spilt = s.queue[:0], s.best[:0], s.spilt[:0]
	s.ix, s.q = nil, Query{}
	ix.rooms.Put(s)
	slices.SortFunc(dst[base:], ix.compare)
	if q.Limit > 0 && len(dst)-base > q.Limit {
		dst = dst[:base+q.Limit]
	}
	return dst
}

func newRooms() *sync.Pool {
	return &sync.Pool{New: func() any { return &search{queue: make([]step, 0, 256)} }}
}

// search is one query under way. What may hold hits waits in the queue, the
// nearest first. Hits are ranked by their chords, which are cheap and almost
// exact, and measured in the end: best are as many as wanted, as a heap with
// the farthest on top, spilt those that a measure might still put before it.
type search struct {
	ix     *Index
	q      Query
	from   observer
	offers uint64
	hours  uint64  // 0 where they do not matter
	reach  float64 // squared chord beyond which nothing can count any more

	queue, best, spilt []step
}

// step is a node or a place, with a lower bound of its squared chord.
type step struct {
	chord2 float64
	number uint32 // of a node, or a row
	delta  bool
	place  bool
}

// plant puts the trees of a part into the queue.
func (s *search) plant(seg *segment, delta bool) {
	for i := range seg.layers {
		if l := &seg.layers[i]; wants(s.q.Kinds, l.kind) && s.mayHold(&seg.nodes[l.root]) {
			s.push(step{s.from.chord2To(&seg.nodes[l.root].box), l.root, delta, false})
		}
	}
}

// mayHold says whether a node may hold a place that counts, as far as it knows
// what is in it.
func (s *search) mayHold(n *node) bool {
	return n.offers&s.offers == s.offers && (s.hours == 0 || n.hours&s.hours != 0)
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
	children := seg.nodes[n.first : n.first+uint32(n.count)]
	for i := range children {
		child := &children[i]
		if !s.mayHold(child) {
			continue
		}
		if c := s.from.chord2To(&child.box); c <= s.reach {
			s.push(step{c, n.first + uint32(i), at.delta, false})
		}
	}
}

// openLeaf ranks a leaf's places, or puts them into the queue.
func (s *search) openLeaf(seg *segment, at step) {
	n := &seg.nodes[at.number]
	for row := n.first; row < n.first+uint32(n.count); row++ {
		if s.offers != 0 && seg.offersOf(row)&s.offers != s.offers {
			continue
		}
		c := s.from.chord2(seg.table.Position(int(row)))
		if c > s.reach || !at.delta && s.ix.isDead(row) {
			continue
		}
		place := step{c, row, at.delta, true}
		if s.q.Where != nil {
			s.push(place) // to be asked about in its turn
		} else {
			s.visit(seg, place)
		}
	}
}

// visit ranks a place that counts.
func (s *search) visit(seg *segment, at step) {
	if pack.Ambiguous(s.offers) && !seg.table.Has(int(at.number), s.q.Facilities, s.offers) {
		return
	}
	if s.q.After != nil && !s.q.After.passes(s.ix, s.hit(at)) {
		return
	}
	if s.q.Where == nil || s.q.Where(s.slot(at)) {
		s.rank(at)
	}
}

// rank keeps a place that may be among the nearest.
func (s *search) rank(e step) {
	if s.q.Limit == 0 {
		s.best = append(s.best, e)
		return
	}
	if len(s.best) < s.q.Limit {
		s.best = append(s.best, e)
		h := s.best
		i := len(h) - 1
		for i > 0 && h[(i-1)/2].chord2 < e.chord2 {
			h[i] = h[(i-1)/2]
			i = (i - 1) / 2
		}
		h[i] = e
	} else if h := s.best; e.chord2 >= h[0].chord2 {
		s.spilt = append(s.spilt, e)
	} else {
		s.spilt = append(s.spilt, h[0])
		i := 0
		for child := 1; child < len(h); child = 2*i + 1 {
			if child+1 < len(h) && h[child+1].chord2 > h[child].chord2 {
				child++
			}
			if h[child].chord2 <= e.chord2 {
				break
			}
			h[i] = h[child]
			i = child
		}
		h[i] = e
	}
	if len(s.best) == s.q.Limit {
		s.reach = min(s.reach, widen(s.best[0].chord2))
	}
}

// measure appends the hits that ranked places are.
func (s *search) measure(dst []Hit, places []step) []Hit {
	for _, at := range places {
		if at.chord2 > s.reach {
			continue
		}
		if hit := s.hit(at); s.q.Within == 0 || hit.Distance <= s.q.Within {
			dst = append(dst, hit)
		}
	}
	return dst
}

func (s *search) slot(at step) Slot {
	if at.delta {
		return s.ix.first + Slot(at.number)
	}
	return Slot(at.number)
}

func (s *search) hit(at step) Hit {
	slot := s.slot(at)
	return Hit{slot, geo.Distance(s.q.At, s.ix.Point(slot))}
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
