package index

import (
	"math"
	"slices"
	"sync"

	"yizhan/geo"
	"yizhan/geo/pack"
)

func newRooms() *sync.Pool {
	return &sync.Pool{New: func() any { return &search{queue: make(queue, 0, 256)} }}
}

// search is one query under way. What may hold hits waits in the queue, the
// nearest first. Hits are ranked by their chords, which are cheap and almost
// exact, and measured in the end: best are as many as wanted, spilt those that
// a measure might still put before them. A few best are kept in order, many as
// a heap with the farthest on top, for which their bits are turned over.
//
// It begins by going straight down to the leaf nearest by: what is passed on
// the way is only noted, and is put in order when the places of that leaf say
// how far out anything can count.
type search struct {
	ix    *Index
	q     Query
	from  observer
	plane plane
	// flat says that bounds are those of the plane.
	flat    bool
	settled bool // the queue is in order
	wanted  stock
	picky   bool // anything is wanted
	// reach is the squared chord beyond which nothing can count any more,
	// limit the last bound that is worth following; near is reach where the
	// plane knows it.
	reach, near float64
	limit       bound
	// beyond and before are squared chords: places farther than the one
	// surely come after the mark, those nearer than the other surely do not.
	beyond, before float64

	queue, best queue
	spilt       []bound
}

// begin sets out; it is false where nothing can be found.
func (s *search) begin(ix *Index, q Query) bool {
	s.ix, s.q, s.from = ix, q, observerAt(q.At)
	s.plane = s.from.plane()
	s.flat, s.settled = s.plane.holds, false
	s.wanted = stock{offers: pack.OfferBits(q.Facilities)}
	if q.Hours != nil {
		if s.wanted.hours = *q.Hours; s.wanted.hours == 0 {
			return false
		}
	}
	s.picky = s.wanted != stock{}
	s.reach = math.Inf(1)
	if q.Within > 0 {
		s.reach = reach2(q.Within)
	}
	s.narrow()
	if m := q.After; m != nil {
		s.before, s.beyond = around2(m.Distance)
	}
	s.plant(ix.base, 0)
	if ix.delta != nil {
		s.plant(ix.delta, uint32(len(ix.base.nodes)))
	}
	return true
}

// end leaves the room as it is to be found.
func (s *search) end() {
	s.queue, s.best, s.spilt = s.queue[:0], s.best[:0], s.spilt[:0]
	s.ix, s.q = nil, Query{}
}

// plant notes the trees of a part, whose nodes are numbered from first on.
func (s *search) plant(seg *segment, first uint32) {
	for i := range seg.layers {
		l := &seg.layers[i]
		if wants(s.q.Kinds, l.kind) && s.mayHold(seg, l.root) {
			s.queue = append(s.queue, boundOf(s.boundTo(&seg.boxes[l.root]), first+l.root))
		}
	}
}

// mayHold says whether a node may hold a place that counts, as far as it is
// known what is in it.
func (s *search) mayHold(seg *segment, number uint32) bool {
	return !s.picky || seg.stocks[number].meets(s.wanted)
}

// boundTo is a lower bound of the squared chord to a box.
func (s *search) boundTo(b *box) float64 {
	if s.flat {
		return s.plane.chord2To(b)
	}
	return s.from.chord2To(b)
}

// narrow follows reach.
func (s *search) narrow() {
	if s.near = s.reach; s.flat && s.reach > zone2 {
		s.near = math.Inf(1)
	}
	s.limit = lastOf(s.near)
}

func (s *search) run() {
	s.queue.nearestFirst()
	at := s.queue.pop()
	for at <= s.limit && at != nothing {
		if !s.inZone(at) {
			at = s.leavePlane(at)
			continue
		}
		next := nothing
		switch number := at.number(); {
		case number >= placeBit:
			if at.chord2() <= s.reach {
				s.visit(at)
				s.narrow()
			}
		default:
			next = s.follow(number)
		}
		if !s.settled {
			if next != nothing && s.inZone(next) {
				at = next
				continue
			}
			s.settle()
		}
		at = s.queue.swap(next)
	}
}

// inZone says whether a bound is one that holds.
func (s *search) inZone(b bound) bool { return !s.flat || b.chord2() <= zone2 }

// settle puts what was noted in order, and forgets what is out of reach.
func (s *search) settle() {
	s.settled = true
	noted := s.queue
	s.queue = noted[:0]
	for _, b := range noted {
		if b <= s.limit {
			s.queue.push(b)
		}
	}
}

// leavePlane goes on with the bounds of the sphere and returns the nearest; it
// takes what was to be next.
func (s *search) leavePlane(at bound) bound {
	s.flat, s.settled = false, true
	s.narrow()
	s.queue = append(s.queue, at)
	for i, b := range s.queue {
		if number := b.number(); number < placeBit {
			seg, row := s.node(number)
			s.queue[i] = boundOf(s.from.chord2To(&seg.boxes[row]), number)
		}
	}
	s.queue.nearestFirst()
	return s.queue.pop()
}

// node returns where a node stands.
func (s *search) node(number uint32) (*segment, uint32) {
	if base := uint32(len(s.ix.base.nodes)); number >= base {
		return s.ix.delta, number - base
	}
	return s.ix.base, number
}

// follow opens a node. It returns the nearest of its children, or nothing, and
// puts all others into the queue.
func (s *search) follow(number uint32) bound {
	seg, at := s.node(number)
	n := seg.nodes[at]
	if n.leaf {
		if seg == s.ix.base {
			s.openLeaf(seg, n, 0)
		} else {
			s.openLeaf(seg, n, s.ix.first)
		}
		s.narrow()
		return nothing
	}
	var to [fanout]float32
	boxes := seg.boxes[n.first:n.end()]
	if s.flat {
		s.plane.bounds(boxes, &to)
	} else {
		for i := range boxes {
			to[i] = float32(s.from.chord2To(&boxes[i]))
		}
	}
	hand := nothing
	first := number - at + n.first
	for i := range boxes {
		child := bound(math.Float32bits(to[i&(fanout-1)]))<<32 | bound(first+uint32(i))
		if child > s.limit || s.picky && !s.mayHold(seg, n.first+uint32(i)) {
			continue
		}
		if child < hand {
			child, hand = hand, child
		}
		switch {
		case child == nothing:
		case s.settled:
			s.queue.push(child)
		default:
			s.queue = append(s.queue, child)
		}
	}
	return hand
}

// openLeaf ranks a leaf's places, or puts them into the queue. first is the
// slot of the part's first row.
func (s *search) openLeaf(seg *segment, n node, first Slot) {
	base := seg == s.ix.base
	for i, p := range seg.table.Positions(int(n.first), int(n.end())) {
		row := n.first + uint32(i)
		if s.picky {
			if own := seg.stockOf(row); !own.meets(s.wanted) {
				continue
			}
		}
		if s.flat && s.plane.chord2At(p) > s.near {
			continue
		}
		c := s.from.chord2(p)
		if c > s.reach || base && s.ix.isDead(row) {
			continue
		}
		if seg.dated && s.q.Dated != nil && seg.stockOf(row).offers&dated != 0 && !s.q.Dated(first+Slot(row)) {
			continue
		}
		place := boundOf(c, uint32(first)+row|placeBit)
		switch {
		case s.q.Where == nil:
			s.visit(place)
		case s.settled:
			s.queue.push(place) // to be asked about in its turn
		default:
			s.queue = append(s.queue, place)
		}
	}
}

// visit ranks a place that counts.
func (s *search) visit(at bound) {
	if pack.Ambiguous(s.wanted.offers) {
		if seg, row := s.ix.at(at.slot()); !seg.table.Has(row, s.q.Facilities, s.wanted.offers) {
			return
		}
	}
	if s.q.After != nil && !s.passes(at) {
		return
	}
	if s.q.Where == nil || s.q.Where(at.slot()) {
		s.rank(at)
	}
}

// passes says whether a place comes after the mark.
func (s *search) passes(at bound) bool {
	switch c := at.chord2(); {
	case c > s.beyond:
		return true
	case c < s.before:
		return false
	}
	return s.q.After.passes(s.ix, s.hit(at))
}

// few is how many places are kept in order; of more, a heap is.
const few = 32

// rank keeps a place that may be among the nearest.
func (s *search) rank(e bound) {
	limit := s.q.Limit
	switch {
	case limit == 0:
		s.best = append(s.best, e)
	case limit <= few:
		h := append(s.best, e)
		i := len(h) - 1
		for ; i > 0 && h[i-1] > e; i-- {
			h[i] = h[i-1]
		}
		h[i] = e
		if len(h) > limit {
			s.spilt = append(s.spilt, h[limit])
			h = h[:limit]
		}
		if s.best = h; len(h) == limit {
			s.reach = min(s.reach, widen(h[limit-1].chord2()))
		}
	default:
		if len(s.best) < limit {
			s.best.push(^e)
		} else {
			s.spilt = append(s.spilt, ^s.best.swap(^e))
		}
		if len(s.best) == limit {
			s.reach = min(s.reach, widen((^s.best[0]).chord2()))
		}
	}
}

// ranked returns what was ranked and may be in the answer, the nearest first.
func (s *search) ranked() []bound {
	all := s.best
	if s.q.Limit > few {
		for i, b := range all {
			all[i] = ^b
		}
	}
	last := lastOf(s.reach)
	for _, b := range s.spilt {
		if b <= last {
			all = append(all, b)
		}
	}
	s.best = all
	slices.Sort(all)
	for len(all) > 0 && all[len(all)-1] > last {
		all = all[:len(all)-1]
	}
	return all
}

// appendHits measures what was ranked and appends the answer.
func (s *search) appendHits(dst []Hit) []Hit {
	base := len(dst)
	for _, at := range s.ranked() {
		if hit := s.hit(at); s.q.Within == 0 || hit.Distance <= s.q.Within {
			dst = append(dst, hit)
		}
	}
	// Chords say the order but for what is as good as equally far.
	if !slices.IsSortedFunc(dst[base:], s.ix.compare) {
		slices.SortFunc(dst[base:], s.ix.compare)
	}
	if s.q.Limit > 0 && len(dst)-base > s.q.Limit {
		dst = dst[:base+s.q.Limit]
	}
	return dst
}

func (s *search) hit(at bound) Hit {
	slot := at.slot()
	return Hit{slot, geo.Distance(s.q.At, s.ix.Point(slot))}
}
