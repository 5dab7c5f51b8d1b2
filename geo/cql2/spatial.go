package cql2

import "github.com/paulmach/orb"

// spatial says whether a spatial function holds between two geometries. Of
// the functions other than S_INTERSECTS and S_DISJOINT, the parts of either
// geometry must be of one dimension.
func spatial(do op, f, o *flat) bool {
	if f.empty() || o.empty() {
		return do == opDisjoint
	}
	switch do {
	case opIntersects:
		return f.meets(o)
	case opDisjoint:
		return !f.meets(o)
	}
	if !f.bound.Intersects(o.bound) {
		return false
	}
	if do != opEquals && f.isSinglePoint() {
		return spatialPoint(do, f.points[0], o)
	}
	if t := byDimension(do, f, o); t != unknown {
		return t == yes
	}
	ob, moreO := o.near(f.bound)
	if t := byBox(do, f, o, ob); t != unknown {
		return t == yes
	}
	fb, moreF := f.near(o.bound)
	if t := byCrossing(do, f, o, fb, ob); t != unknown {
		return t == yes
	}
	return relateNear(f, o, fb, ob, moreF, moreO).holds(do, f.dimension(), o.dimension())
}

// holds says whether a spatial function holds between geometries of these
// dimensions.
func (m matrix) holds(do op, fd, od int8) bool {
	within := m[interior][interior] != none && m[interior][exterior] == none && m[boundary][exterior] == none
	contains := m[interior][interior] != none && m[exterior][interior] == none && m[exterior][boundary] == none
	switch do {
	case opEquals:
		return within && contains
	case opWithin:
		return within
	case opContains:
		return contains
	case opTouches:
		return m[interior][interior] == none &&
			(m[interior][boundary] != none || m[boundary][interior] != none || m[boundary][boundary] != none)
	case opCrosses:
		switch {
		case fd < od:
			return m[interior][interior] != none && m[interior][exterior] != none
		case fd > od:
			return m[interior][interior] != none && m[exterior][interior] != none
		}
		return fd == 1 && m[interior][interior] == 0
	case opOverlaps:
		return fd == od && m[interior][exterior] != none && m[exterior][interior] != none &&
			(m[interior][interior] == fd || fd == 0 && m[interior][interior] != none)
	}
	return false
}

// spatialPoint is spatial for a geometry that is one point, without allocating.
func spatialPoint(do op, p orb.Point, o *flat) bool {
	switch do {
	case opIntersects:
		return o.covers(p)
	case opDisjoint:
		return !o.covers(p)
	case opWithin:
		return o.locate(p) == interior
	case opTouches:
		return o.locate(p) == boundary
	case opEquals, opContains:
		return o.isPoint(p)
	}
	return false // a single point crosses and overlaps nothing
}

func (f *flat) isSinglePoint() bool { return len(f.points) > 0 && f.isPoint(f.points[0]) }

// isPoint says whether the geometry is this one point, once or more.
func (f *flat) isPoint(p orb.Point) bool {
	for _, q := range f.points {
		if q != p {
			return false
		}
	}
	return len(f.points) > 0 && len(f.lines)+len(f.areas) == 0
}

// converse is the function that holds between o and f where do holds between
// f and o.
func converse(do op) op {
	switch do {
	case opWithin:
		return opContains
	case opContains:
		return opWithin
	}
	return do
}
