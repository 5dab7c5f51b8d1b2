package index

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"yizhan/geo"
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
	// Facilities are what a place must offer, every one of them.
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
	return cmp.Or(cmp.Compare(h.Distance, o.Distance), cmp.Compare(ix.ID(h.Slot), ix.ID(o.Slot)))
}

// passes says whether a hit comes after the mark.
func (m *Mark) passes(ix *Index, h Hit) bool {
	return m == nil || cmp.Or(cmp.Compare(h.Distance, m.Distance), cmp.Compare(ix.ID(h.Slot), m.ID)) > 0
}

// Nearest returns the places nearest to a point by geo.Distance, nearest
// first, ties in the order of their IDs. It is exact everywhere, across the
// antimeridian and at the poles too. A point that is no position on Earth has
// no nearest place.
func (ix *Index) Nearest(q Query) []Hit {
	if q.Limit > 0 {
		return ix.AppendNearest(make([]Hit, 0, min(q.Limit, len(ix.chords))), q)
	}
	return ix.AppendNearest(nil, q)
}

// AppendNearest is Nearest into a slice of the caller's: it appends the hits
// to dst and returns the extended slice.
func (ix *Index) AppendNearest(dst []Hit, q Query) []Hit {
	if !onEarth(q.At) || q.Limit < 0 || q.Within < 0 {
		return dst
	}
	s := search{ix: ix, q: &q, from: observerAt(q.At), hits: dst, base: len(dst), reach: math.Inf(1)}
	if q.Within > 0 {
		s.reach = reach2(q.Within)
	}
	bound, visit := s.bound, s.visit
	for i := range ix.layers {
		if l := &ix.layers[i]; wants(q.Kinds, l.kind) {
			l.tree.Nearby(bound, visit)
		}
	}
	slices.SortFunc(s.hits[s.base:], ix.compare)
	return s.hits
}

// search is one query under way. The best hits so far form a heap with the
// worst on top; the trees of all kinds share it, so a later tree is left as
// soon as its nearest remaining node is farther than the worst hit.
type search struct {
	ix    *Index
	q     *Query
	from  observer
	hits  []Hit
	base  int
	reach float64 // squared chord beyond which nothing can count any more
}

func (s *search) bound(lo, hi [2]float64, number uint32, item bool) float64 {
	if item {
		return s.from.vector.chord2(&s.ix.chords[number])
	}
	return s.from.chord2To(lo, hi)
}

func (s *search) visit(_, _ [2]float64, number uint32, chord2 float64) bool {
	if chord2 > s.reach {
		return false
	}
	p := s.ix.places[number]
	hit := Hit{Slot(number), geo.Distance(s.q.At, p.Point)}
	if s.q.Within > 0 && hit.Distance > s.q.Within {
		return true
	}
	full := s.q.Limit > 0 && len(s.hits)-s.base == s.q.Limit
	if full && s.ix.compare(hit, s.hits[s.base]) >= 0 {
		return true
	}
	if !s.q.After.passes(s.ix, hit) || !p.Has(s.q.Facilities) || s.q.Where != nil && !s.q.Where(Slot(number)) {
		return true
	}
	if s.q.Limit == 0 {
		s.hits = append(s.hits, hit)
		return true
	}
	if full {
		s.hits[s.base] = hit
		s.ix.sink(s.hits[s.base:])
	} else {
		s.hits = append(s.hits, hit)
		s.ix.lift(s.hits[s.base:])
		full = len(s.hits)-s.base == s.q.Limit
	}
	if full {
		s.reach = min(s.reach, reach2(s.hits[s.base].Distance))
	}
	return true
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

// Within yields the places inside a box, edges included, of the kinds wanted,
// all where kinds is empty; each once, in no particular order, until yield
// returns false.
//
// A box whose west edge (b.Min longitude) is greater than its east edge
// crosses the antimeridian. Longitudes beyond ±180° are wrapped, a box 360° or
// more wide goes round the Earth. The meridians 180° and -180° are one, and a
// box that touches a pole holds the pole whatever its longitudes.
func (ix *Index) Within(b orb.Bound, kinds []geo.Kind, yield func(Slot) bool) {
	spans, n := split(b)
	for i := range ix.layers {
		l := &ix.layers[i]
		if !wants(kinds, l.kind) {
			continue
		}
		more := true
		for _, s := range spans[:n] {
			l.tree.Search([2]float64{s.west, b.Min[1]}, [2]float64{s.east, b.Max[1]}, func(_, _ [2]float64, number uint32) bool {
				more = yield(Slot(number))
				return more
			})
			if !more {
				return
			}
		}
		for _, pole := range [2]float64{-90, 90} {
			if b.Min[1] > pole || b.Max[1] < pole {
				continue
			}
			l.tree.Search([2]float64{-180, pole}, [2]float64{180, pole}, func(at, _ [2]float64, number uint32) bool {
				if !covers(spans[:n], at[0]) {
					more = yield(Slot(number))
				}
				return more
			})
			if !more {
				return
			}
		}
	}
}

// span is a range of longitudes that does not cross the antimeridian.
type span struct{ west, east float64 }

// split returns the disjoint spans of a box's longitudes, at most two.
func split(b orb.Bound) ([2]span, int) {
	west, east := b.Min[0], b.Max[0]
	if math.IsNaN(west) || math.IsNaN(east) || !(b.Min[1] <= b.Max[1]) {
		return [2]span{}, 0
	}
	if east-west >= 360 {
		return [2]span{{-180, 180}}, 1
	}
	west, east = wrap(west), wrap(east)
	switch {
	case west > east:
		return [2]span{{west, 180}, {-180, east}}, 2
	case west == -180 && east < 180:
		return [2]span{{-180, east}, {180, 180}}, 2
	case east == 180 && west > -180:
		return [2]span{{west, 180}, {-180, -180}}, 2
	}
	return [2]span{{west, east}}, 1
}

func covers(spans []span, lon float64) bool {
	for _, s := range spans {
		if lon >= s.west && lon <= s.east {
			return true
		}
	}
	return false
}
