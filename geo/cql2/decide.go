package cql2

import "github.com/paulmach/orb"

// byDimension answers a spatial function from what kinds of geometry the two
// are and where their boxes lie, where that is enough. The boxes meet.
func byDimension(do op, f, o *flat) truth {
	fd, od := f.dimension(), o.dimension()
	inside := o.bound.Contains(f.bound.Min) && o.bound.Contains(f.bound.Max)
	around := f.bound.Contains(o.bound.Min) && f.bound.Contains(o.bound.Max)
	is := true
	switch do {
	case opTouches:
		is = fd > 0 || od > 0
	case opCrosses:
		is = fd != od || fd == 1
	case opOverlaps:
		is = fd == od
	case opWithin:
		is = inside && fd <= od
	case opContains:
		is = around && fd >= od
	case opEquals:
		is = inside && around && fd == od
	}
	if !is {
		return no
	}
	return unknown
}

// byBox answers a spatial function where no edge of the second geometry, which
// has some, comes near the first: that lies in one piece with its whole box.
func byBox(do op, f, o *flat, ob []border) truth {
	if o.dimension() == 0 || len(ob) > 0 {
		return unknown
	}
	return truthOf(do == opWithin && o.locate(f.vertex()) == interior)
}

// vertex returns one of the coordinates.
func (f *flat) vertex() orb.Point {
	switch {
	case len(f.points) > 0:
		return f.points[0]
	case len(f.lines) > 0:
		return f.lines[0][0]
	}
	return f.areas[0][0][0]
}

// byCrossing answers a spatial function between lines and areas from how their
// edges cross, where that is enough: it mostly is, and takes no exact numbers
// but the signs of orient. The edges are those of each near the other.
//
// Where an edge of an area crosses one of another, the four corners are inside
// both, inside one, inside the other and outside both, which decides every
// function; likewise where one of a line crosses one of an area. Of two lines
// such a crossing shows one point in common, and only edges along each other
// show more.
func byCrossing(do op, f, o *flat, fb, ob []border) truth {
	fd, od := f.dimension(), o.dimension()
	if fd == 0 || od == 0 {
		return unknown
	}
	crossed, along := false, false
	for i := range fb {
		for j := range ob {
			e, g := &fb[i], &ob[j]
			if !boxesMeet(e.a, e.b, g.a, g.b) {
				continue
			}
			ga, gb := orient(e.a, e.b, g.a), orient(e.a, e.b, g.b)
			if ga*gb > 0 {
				continue
			}
			if ga == 0 && gb == 0 {
				along = along || e.overlaps(g)
				continue
			}
			if crossed || ga*gb == 0 || orient(g.a, g.b, e.a)*orient(g.a, g.b, e.b) >= 0 {
				continue
			}
			if fd == 2 || od == 2 {
				return truthOf(do == opOverlaps && fd == od || do == opCrosses && fd != od)
			}
			at := e.at(crossing(e, g))
			crossed = e.side(at, f) == interior && g.side(at, o) == interior
		}
	}
	switch {
	case fd == 2 || od == 2:
	case along && (do == opTouches || do == opCrosses):
		return no
	case !along && (do == opWithin || do == opContains || do == opEquals || do == opOverlaps):
		return no
	case !along && crossed:
		return truthOf(do == opCrosses)
	}
	return unknown
}

// overlaps says of two edges on one line whether they have more than a point
// in common.
func (e *border) overlaps(g *border) bool {
	axis := 0
	if e.a[0] == e.b[0] {
		axis = 1
	}
	return max(min(e.a[axis], e.b[axis]), min(g.a[axis], g.b[axis])) < min(max(e.a[axis], e.b[axis]), max(g.a[axis], g.b[axis]))
}
