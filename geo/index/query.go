package index

import (
	"cmp"
	"strings"

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
	// Facilities are what a place must offer, every one of them. Regions
	// without them are not looked at.
	Facilities []geo.Facility
	// Hours are the HoursBits of the opening hours that can count, nil for all
	// and for places without. Regions without them are not looked at; a place
	// that shares a bit with them is left to Where.
	Hours *uint64
	// Dated says which of the places that carry a Valid count, all where it is
	// nil.
	Dated func(Slot) bool
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
	if s.begin(ix, q) {
		s.run()
		dst = s.appendHits(dst)
	}
	s.end()
	ix.rooms.Put(s)
	return dst
}
