package cql2

import (
	"math"
	"math/big"
	"slices"

	"github.com/paulmach/orb"
)

// none is the dimension of an empty set in a matrix.
const none int8 = -1

// matrix is the nine-intersection model of two geometries A and B (OGC
// 06-103r4, 6.1.15): the dimension in which the interior, boundary and
// exterior of A (rows) meet those of B (columns).
type matrix [3][3]int8

func (m *matrix) atLeast(a, b location, dim int8) { m[a][b] = max(m[a][b], dim) }

// border is an edge of a line or of the ring of an area.
type border struct {
	a, b orb.Point
	area bool
	left bool       // the inside of the area is to the left of a→b
	cuts []*big.Rat // where edges of the other geometry cut it, 0 to 1
}

// relateNear works out the matrix of two geometries, each of one dimension,
// from the edges of each that are near the other; moreF and moreO say whether
// there are others.
//
// Every edge is cut wherever the other geometry meets it. Then the vertices,
// the cuts and the middle of each piece together show every relation there is:
// no relation can begin or end anywhere else. Cuts and middles are rational
// numbers, so that no answer depends on rounding. Of edges that do not come
// near the other geometry it is enough to know that there are some.
func relateNear(f, o *flat, fb, ob []border, moreF, moreO bool) matrix {
	m := matrix{{none, none, none}, {none, none, none}, {none, none, 2}}
	for i := range fb {
		for j := range ob {
			meet(&fb[i], &ob[j], f, o, &m)
		}
	}
	cutAtPoints(fb, o.points)
	cutAtPoints(ob, f.points)
	ofF := func(of, other location, dim int8) { m.atLeast(of, other, dim) }
	ofO := func(of, other location, dim int8) { m.atLeast(other, of, dim) }
	if moreF {
		farAway(f, o.bound, ofF)
	}
	if moreO {
		farAway(o, f.bound, ofO)
	}
	corners(f, fb, o, ofF)
	corners(o, ob, f, ofO)
	pieces(fb, o, ofF)
	pieces(ob, f, ofO)
	return m
}

// farAway tells of a geometry that some of its edges keep out of the other's
// box.
func farAway(f *flat, box orb.Bound, tell func(of, other location, dim int8)) {
	if len(f.areas) > 0 {
		tell(boundary, exterior, 1)
		tell(interior, exterior, 2)
		return
	}
	tell(interior, exterior, 1)
	if f.endOutside(box) {
		tell(boundary, exterior, 0)
	}
}

// borders lists the edges of a geometry, without those of no length.
func (f *flat) borders() []border {
	var all []border
	add := func(a, b orb.Point, area, left bool) {
		if a != b {
			all = append(all, border{a: a, b: b, area: area, left: left})
		}
	}
	for _, l := range f.lines {
		for i := 1; i < len(l); i++ {
			add(l[i-1], l[i], false, false)
		}
	}
	for _, area := range f.areas {
		for k, ring := range area {
			left := counterClockwise(ring) == (k == 0)
			for i := 1; i < len(ring); i++ {
				add(ring[i-1], ring[i], true, left)
			}
		}
	}
	return all
}

// counterClockwise tells the sense of a closed ring by its turn at the lowest
// of its westmost vertices, where it is convex.
func counterClockwise(ring orb.Ring) bool {
	n := len(ring) - 1
	if n < 3 {
		return true
	}
	low := 0
	for i, p := range ring[:n] {
		if q := ring[low]; p[0] < q[0] || p[0] == q[0] && p[1] < q[1] {
			low = i
		}
	}
	before, after := low, low
	for before = (before + n - 1) % n; ring[before] == ring[low] && before != low; {
		before = (before + n - 1) % n
	}
	for after = (after + 1) % n; ring[after] == ring[low] && after != low; {
		after = (after + 1) % n
	}
	return orient(ring[before], ring[low], ring[after]) > 0
}

// meet notes where two edges meet: as cuts of both, and where they cross
// inside both, in the matrix.
func meet(e, g *border, f, o *flat, m *matrix) {
	if !boxesMeet(e.a, e.b, g.a, g.b) {
		return
	}
	ga, gb := orient(e.a, e.b, g.a), orient(e.a, e.b, g.b)
	ea, eb := orient(g.a, g.b, e.a), orient(g.a, g.b, e.b)
	if ga*gb > 0 || ea*eb > 0 {
		return
	}
	if ga*gb < 0 && ea*eb < 0 {
		t := crossing(e, g)
		e.cuts = append(e.cuts, t)
		g.cuts = append(g.cuts, crossing(g, e))
		at := e.at(t)
		m.atLeast(e.side(at, f), g.side(at, o), 0)
		return
	}
	e.cutAt(g.a, ga)
	e.cutAt(g.b, gb)
	g.cutAt(e.a, ea)
	g.cutAt(e.b, eb)
}

// cutAt cuts the edge at p where that is on it; side is orient of p.
func (e *border) cutAt(p orb.Point, side int) {
	if side != 0 || p == e.a || p == e.b || !inRange(p[0], e.a[0], e.b[0]) || !inRange(p[1], e.a[1], e.b[1]) {
		return
	}
	axis := 0
	if e.a[0] == e.b[0] {
		axis = 1
	}
	from := rat(e.a[axis])
	t := new(big.Rat).Sub(rat(p[axis]), from)
	e.cuts = append(e.cuts, t.Quo(t, new(big.Rat).Sub(rat(e.b[axis]), from)))
}

func cutAtPoints(edges []border, points []orb.Point) {
	for i := range edges {
		for _, p := range points {
			e := &edges[i]
			if inRange(p[0], e.a[0], e.b[0]) && inRange(p[1], e.a[1], e.b[1]) {
				e.cutAt(p, orient(e.a, e.b, p))
			}
		}
	}
}

// side is where a point inside the edge lies in the edge's own geometry.
func (e *border) side(p ratPoint, own *flat) location {
	if e.area {
		return boundary
	}
	odd := false
	for _, l := range own.lines {
		odd = odd != p.equals(l[0]) != p.equals(l[len(l)-1])
	}
	if odd {
		return boundary
	}
	return interior
}

// corners tells, for each vertex of a geometry, where it lies in its own and
// in the other.
func corners(f *flat, edges []border, o *flat, tell func(of, other location, dim int8)) {
	for _, p := range f.points {
		tell(interior, o.locate(p), 0)
	}
	own := func(e *border, p orb.Point) location {
		if e.area || f.isEnd(p) {
			return boundary
		}
		return interior
	}
	for i := range edges {
		e := &edges[i]
		tell(own(e, e.a), o.locate(e.a), 0)
		tell(own(e, e.b), o.locate(e.b), 0)
	}
}

// pieces tells, for each piece of each edge, where it lies in its own geometry
// and in the other, and which areas lie on both sides of it.
func pieces(edges []border, o *flat, tell func(of, other location, dim int8)) {
	dim := o.dimension()
	half := big.NewRat(1, 2)
	var all []border // of o, those at the latitude where it has a grid
	for i := range edges {
		e := &edges[i]
		own := interior
		if e.area {
			own = boundary
		}
		if len(e.cuts) == 0 {
			if at, ok := o.locateUncut(e); ok {
				e.tellPiece(own, at, nil, dim, tell)
				continue
			}
		}
		e.cuts = append(e.cuts, new(big.Rat), big.NewRat(1, 1))
		slices.SortFunc(e.cuts, (*big.Rat).Cmp)
		for k := 1; k < len(e.cuts); k++ {
			if e.cuts[k-1].Cmp(e.cuts[k]) == 0 {
				continue
			}
			t := new(big.Rat).Add(e.cuts[k-1], e.cuts[k])
			at, on := exterior, (*border)(nil)
			// Rounding keeps order: what is rounded to outside the bound is outside.
			if p := e.at(t.Mul(t, half)); o.bound.Contains(p.near) {
				if o.grid != nil {
					all = o.grid.bordersAt(p.near[1])
				} else if all == nil {
					all = o.borders()
				}
				at, on = p.locate(all, dim)
			}
			e.tellPiece(own, at, on, dim, tell)
		}
	}
}

// tellPiece tells of one piece of the edge, which lies at one location in the
// other geometry, of a dimension, there on an edge where that is its boundary.
func (e *border) tellPiece(own, at location, on *border, dim int8, tell func(of, other location, dim int8)) {
	tell(own, at, 1)
	if !e.area {
		return
	}
	switch {
	case dim < 2 || at == exterior:
		tell(interior, exterior, 2)
	case at == interior:
		tell(interior, interior, 2)
		tell(exterior, interior, 2)
	case e.sameSide(on):
		tell(interior, interior, 2)
	default:
		tell(interior, exterior, 2)
		tell(exterior, interior, 2)
	}
}

// locateUncut places an edge that nothing of the geometry cuts: it lies where
// one of its ends does that is not on the geometry's edges. Where both are, it
// cannot tell.
func (f *flat) locateUncut(e *border) (at location, ok bool) {
	dim := f.dimension()
	if dim == 0 {
		return exterior, true
	}
	for _, p := range [2]orb.Point{e.a, e.b} {
		if at := f.locate(p); at == exterior || dim == 2 && at == interior && !f.wraps {
			return at, true
		}
	}
	return exterior, false
}

// sameSide says of two edges that lie on each other whether their areas are on
// the same side.
func (e *border) sameSide(g *border) bool {
	axis := 0
	if e.a[0] == e.b[0] {
		axis = 1
	}
	along := (e.b[axis] > e.a[axis]) == (g.b[axis] > g.a[axis])
	return along == (e.left == g.left)
}

// rat returns the exact value of a finite number.
func rat(f float64) *big.Rat { return new(big.Rat).SetFloat64(f) }

// ratPoint is a point that no float64 need hold, with the nearest that do.
type ratPoint struct {
	x, y *big.Rat
	near orb.Point
}

// at returns the point at t of the way along the edge.
func (e *border) at(t *big.Rat) ratPoint {
	along := func(a, b float64) *big.Rat {
		from := rat(a)
		d := new(big.Rat).Sub(rat(b), from)
		return d.Add(d.Mul(d, t), from)
	}
	p := ratPoint{x: along(e.a[0], e.b[0]), y: along(e.a[1], e.b[1])}
	p.near[0], _ = p.x.Float64()
	p.near[1], _ = p.y.Float64()
	return p
}

// crossing returns where along e the line through g is, for edges that are
// not parallel.
func crossing(e, g *border) *big.Rat {
	from := ratPoint{x: rat(e.a[0]), y: rat(e.a[1])}
	to := ratPoint{x: rat(e.b[0]), y: rat(e.b[1])}
	a := from.cross(g)
	t := new(big.Rat).Sub(a, to.cross(g))
	return t.Quo(a, t)
}

// cross is twice the area of the triangle of the edge and the point.
func (p ratPoint) cross(g *border) *big.Rat {
	ax, ay := rat(g.a[0]), rat(g.a[1])
	dx, dy := new(big.Rat).Sub(rat(g.b[0]), ax), new(big.Rat).Sub(rat(g.b[1]), ay)
	l := dx.Mul(dx, ay.Sub(p.y, ay))
	return l.Sub(l, dy.Mul(dy, ax.Sub(p.x, ax)))
}

func (p ratPoint) equals(q orb.Point) bool {
	return p.near == q && p.x.Cmp(rat(q[0])) == 0 && p.y.Cmp(rat(q[1])) == 0
}

// compare orders a coordinate of the point and a number. Rounding keeps order,
// so that the nearest float64 decides unless it is that number.
func (p ratPoint) compare(axis int, v float64) int {
	switch near := p.near[axis]; {
	case near > v:
		return 1
	case near < v:
		return -1
	}
	exact := p.x
	if axis == 1 {
		exact = p.y
	}
	return exact.Cmp(rat(v))
}

// sideOf says on which side of the edge the point is, as orient does.
func (p ratPoint) sideOf(g *border) int {
	ax, ay := g.a[0]-p.near[0], g.a[1]-p.near[1]
	bx, by := g.b[0]-p.near[0], g.b[1]-p.near[1]
	det := ax*by - ay*bx
	// Rounding moves each difference by less than 2⁻⁵² of the coordinates.
	size := max(math.Abs(g.a[0]), math.Abs(g.a[1]), math.Abs(g.b[0]), math.Abs(g.b[1]), math.Abs(p.near[0]), math.Abs(p.near[1]))
	slack := 1e-14 * size * (math.Abs(ax) + math.Abs(ay) + math.Abs(bx) + math.Abs(by))
	switch {
	case det > slack:
		return 1
	case det < -slack:
		return -1
	}
	return p.cross(g).Sign()
}

// locate places the point in a geometry of a dimension with these edges; on
// is the edge on which it lies, if it does. The point is not an end of a line.
func (p ratPoint) locate(edges []border, dim int8) (at location, on *border) {
	inside := false
	for i := range edges {
		g := &edges[i]
		below, above := p.compare(1, g.a[1]), p.compare(1, g.b[1])
		if below*above > 0 {
			continue
		}
		west, east := p.compare(0, g.a[0]), p.compare(0, g.b[0])
		if west*east <= 0 && p.sideOf(g) == 0 {
			if dim == 2 {
				return boundary, g
			}
			return interior, g
		}
		if (below < 0) == (above < 0) {
			continue
		}
		if (p.sideOf(g) > 0) == (g.b[1] > g.a[1]) {
			inside = !inside
		}
	}
	if dim == 2 && inside {
		return interior, nil
	}
	return exterior, nil
}
