package cql2

import (
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// shape is a geometry of a filter. A box keeps its four numbers as they were
// given, since where west lies east of east it goes across the antimeridian.
type shape struct {
	geometry orb.Geometry // nil for a box
	box      [4]float64   // min x, min y, max x, max y
	flat     flat
}

// newShape makes a geometry that was read ready to be asked.
func newShape(g orb.Geometry) *shape {
	s := &shape{geometry: g}
	s.flatten()
	return s
}

func newBox(box [4]float64) *shape {
	s := &shape{box: box}
	s.flatten()
	return s
}

func (s *shape) flatten() {
	s.flat = flat{}
	if s.geometry != nil {
		s.flat.add(s.geometry)
	} else if b := s.box; b[0] <= b[2] {
		s.flat.add(orb.Bound{Min: orb.Point{b[0], b[1]}, Max: orb.Point{b[2], b[3]}})
	} else {
		s.flat.add(orb.Bound{Min: orb.Point{b[0], b[1]}, Max: orb.Point{180, b[3]}})
		s.flat.add(orb.Bound{Min: orb.Point{-180, b[1]}, Max: orb.Point{b[2], b[3]}})
		s.flat.wraps = true
	}
	s.flat.close()
	if s.flat.size() >= gridFrom {
		s.flat.grid = newGrid(&s.flat)
	}
}

// transform moves every vertex. The sides of a box become the sides of the
// box of the moved corners where the transformation keeps boxes, else chains
// of sideSteps edges each.
func (s *shape) transform(to func(orb.Point) orb.Point) {
	if s.geometry != nil {
		s.geometry = mapGeometry(s.geometry, to)
		s.flatten()
		return
	}
	b := s.box
	low, high := to(orb.Point{b[0], b[1]}), to(orb.Point{b[2], b[3]})
	corners := [4]orb.Point{{b[0], b[1]}, {b[2], b[1]}, {b[2], b[3]}, {b[0], b[3]}}
	upright := true
	ring := orb.Ring{}
	for i, p := range corners {
		q := corners[(i+1)%4]
		for k := range sideSteps {
			at := to(between(p, q, float64(k)/sideSteps))
			upright = upright && (near(at[0], low[0]) || near(at[0], high[0]) || near(at[1], low[1]) || near(at[1], high[1]))
			ring = append(ring, at)
		}
	}
	if upright || b[0] > b[2] {
		s.box = [4]float64{low[0], low[1], high[0], high[1]}
	} else {
		s.geometry = orb.Polygon{append(ring, ring[0])}
	}
	s.flatten()
}

// sideSteps is into how many edges the side of a box is cut where it bends.
const sideSteps = 16

func between(p, q orb.Point, t float64) orb.Point {
	return orb.Point{p[0] + t*(q[0]-p[0]), p[1] + t*(q[1]-p[1])}
}

func near(a, b float64) bool { return math.Abs(a-b) < 1e-9 }

// valid says whether the shape lies on the globe: longitudes within ±180,
// latitudes within ±90, and the south of a box not north of its north.
func (s *shape) valid() bool {
	if s.geometry == nil {
		b := s.box
		return onGlobe(orb.Point{b[0], b[1]}) && onGlobe(orb.Point{b[2], b[3]}) && b[1] <= b[3]
	}
	b := s.flat.bound
	return onGlobe(b.Min) && onGlobe(b.Max)
}

func onGlobe(p orb.Point) bool { return math.Abs(p[0]) <= 180 && math.Abs(p[1]) <= 90 }

// mapGeometry returns a copy of a geometry with every vertex moved.
func mapGeometry(g orb.Geometry, to func(orb.Point) orb.Point) orb.Geometry {
	switch g := g.(type) {
	case orb.Point:
		return to(g)
	case orb.MultiPoint:
		return mapEach(g, to)
	case orb.LineString:
		return mapEach(g, to)
	case orb.MultiLineString:
		return mapEach(g, func(l orb.LineString) orb.LineString { return mapEach(l, to) })
	case orb.Polygon:
		return mapPolygon(g, to)
	case orb.MultiPolygon:
		return mapEach(g, func(p orb.Polygon) orb.Polygon { return mapPolygon(p, to) })
	case orb.Collection:
		return mapEach(g, func(m orb.Geometry) orb.Geometry { return mapGeometry(m, to) })
	}
	return g
}

func mapPolygon(p orb.Polygon, to func(orb.Point) orb.Point) orb.Polygon {
	return mapEach(p, func(r orb.Ring) orb.Ring { return mapEach(r, to) })
}

func mapEach[S ~[]E, E any](s S, to func(E) E) S {
	mapped := make(S, len(s))
	for i, e := range s {
		mapped[i] = to(e)
	}
	return mapped
}

// flat is a geometry taken apart by dimension.
type flat struct {
	points []orb.Point
	lines  []orb.LineString
	areas  []orb.Polygon
	bounds []orb.Bound // of each area
	bound  orb.Bound
	// rect: the whole is one upright rectangle, its bound.
	rect bool
	// wraps: it is a box across the antimeridian, in two halves.
	wraps bool
	// grid finds the edges of a literal, nil where there are few.
	grid *grid
}

func (f *flat) empty() bool { return len(f.points)+len(f.lines)+len(f.areas) == 0 }

// size is the number of coordinates.
func (f *flat) size() int {
	n := len(f.points)
	for _, l := range f.lines {
		n += len(l)
	}
	for _, area := range f.areas {
		for _, ring := range area {
			n += len(ring)
		}
	}
	return n
}

// mixed says whether parts differ in dimension.
func (f *flat) mixed() bool {
	kinds := 0
	for _, n := range []int{len(f.points), len(f.lines), len(f.areas)} {
		if n > 0 {
			kinds++
		}
	}
	return kinds > 1
}

// dimension is that of the greatest part.
func (f *flat) dimension() int8 {
	switch {
	case len(f.areas) > 0:
		return 2
	case len(f.lines) > 0:
		return 1
	}
	return 0
}

func (f *flat) add(g orb.Geometry) {
	switch g := g.(type) {
	case orb.Point:
		f.points = append(f.points, g)
	case orb.MultiPoint:
		f.points = append(f.points, g...)
	case orb.LineString:
		f.addLine(g)
	case orb.MultiLineString:
		for _, l := range g {
			f.addLine(l)
		}
	case orb.Ring:
		f.addArea(orb.Polygon{g})
	case orb.Polygon:
		f.addArea(g)
	case orb.MultiPolygon:
		for _, p := range g {
			f.addArea(p)
		}
	case orb.Bound:
		f.addBox(g)
	case orb.Collection:
		for _, m := range g {
			f.add(m)
		}
	}
}

func (f *flat) addLine(l orb.LineString) {
	if len(l) > 0 {
		f.lines = append(f.lines, l)
	}
}

func (f *flat) addArea(p orb.Polygon) {
	if len(p) > 0 && len(p[0]) > 0 {
		f.areas = append(f.areas, p)
		f.bounds = append(f.bounds, p.Bound())
	}
}

// addBox adds a box as what it is: an area, or a line or point where it has
// no width.
func (f *flat) addBox(b orb.Bound) {
	switch {
	case b.Min[1] > b.Max[1]:
	case b.Min == b.Max:
		f.points = append(f.points, b.Min)
	case b.Min[0] == b.Max[0] || b.Min[1] == b.Max[1]:
		f.addLine(orb.LineString{b.Min, b.Max})
	default:
		f.rect = f.empty()
		f.addArea(b.ToPolygon())
		f.rect = f.rect && len(f.areas) == 1
	}
}

// close works out the bound once all parts are added.
func (f *flat) close() {
	f.rect = f.rect && len(f.areas) == 1 && len(f.points)+len(f.lines) == 0
	first := true
	extend := func(b orb.Bound) {
		if first {
			f.bound, first = b, false
		} else {
			f.bound = f.bound.Union(b)
		}
	}
	for _, p := range f.points {
		extend(p.Bound())
	}
	for _, l := range f.lines {
		extend(l.Bound())
	}
	for _, b := range f.bounds {
		extend(b)
	}
}

// covers says whether the point belongs to the geometry, its boundary
// included.
func (f *flat) covers(p orb.Point) bool {
	if f.empty() || !f.bound.Contains(p) {
		return false
	}
	if f.rect {
		return true
	}
	if f.grid != nil {
		return f.grid.locate(p) != exterior || slices.Contains(f.points, p)
	}
	for i, area := range f.areas {
		if f.bounds[i].Contains(p) && locateInPolygon(p, area) != exterior {
			return true
		}
	}
	for _, q := range f.points {
		if p == q {
			return true
		}
	}
	for _, l := range f.lines {
		for i := 1; i < len(l); i++ {
			if onSegment(p, l[i-1], l[i]) {
				return true
			}
		}
	}
	return false
}

// locate places a point in a geometry whose parts are of one dimension.
func (f *flat) locate(p orb.Point) location {
	if f.empty() || !f.bound.Contains(p) {
		return exterior
	}
	if slices.Contains(f.points, p) {
		return interior
	}
	best := f.locateInEdges(p)
	if len(f.lines) > 0 && best == interior && f.isEnd(p) {
		return boundary
	}
	if f.wraps && math.Abs(p[0]) == 180 && f.bound.Min[1] < p[1] && p[1] < f.bound.Max[1] {
		return interior // where the halves meet
	}
	return best
}

// locateInEdges places a point in areas and on lines, whose ends it does not
// tell from the rest.
func (f *flat) locateInEdges(p orb.Point) location {
	if f.grid != nil {
		return f.grid.locate(p)
	}
	best := exterior
	for i, area := range f.areas {
		if f.bounds[i].Contains(p) {
			best = min(best, locateInPolygon(p, area))
		}
	}
	for _, l := range f.lines {
		for i := 1; i < len(l) && best == exterior; i++ {
			if onSegment(p, l[i-1], l[i]) {
				best = interior
			}
		}
	}
	return best
}

// isEnd says whether an odd number of lines end at p (the mod-2 rule of
// Simple Features).
func (f *flat) isEnd(p orb.Point) bool {
	odd := false
	for _, l := range f.lines {
		odd = odd != (l[0] == p) != (l[len(l)-1] == p)
	}
	return odd
}

// edges calls yield with each edge of lines and areas until it returns false.
func (f *flat) edges(yield func(a, b orb.Point) bool) bool {
	for _, l := range f.lines {
		for i := 1; i < len(l); i++ {
			if !yield(l[i-1], l[i]) {
				return false
			}
		}
	}
	for _, area := range f.areas {
		for _, ring := range area {
			for i := 1; i < len(ring); i++ {
				if !yield(ring[i-1], ring[i]) {
					return false
				}
			}
		}
	}
	return true
}

// meets says whether two geometries have a point in common.
func (f *flat) meets(o *flat) bool {
	if f.empty() || o.empty() || !f.bound.Intersects(o.bound) {
		return false
	}
	return f.reaches(o) || o.reaches(f) || f.edgesMeet(o)
}

// reaches says whether one point of each part of f belongs to o. Where no
// edges meet, that decides for the whole part.
func (f *flat) reaches(o *flat) bool {
	for _, p := range f.points {
		if o.covers(p) {
			return true
		}
	}
	for _, l := range f.lines {
		if o.covers(l[0]) {
			return true
		}
	}
	for _, area := range f.areas {
		if o.covers(area[0][0]) {
			return true
		}
	}
	return false
}

// edgesMeet says whether edges of two geometries have a point in common. Those
// of a literal are the second's; they are looked through once for a geometry of
// few edges, and else for each of its edges.
func (f *flat) edgesMeet(o *flat) bool {
	var near []border
	few := o.grid == nil || f.size() <= 64
	if few {
		if near, _ = o.near(f.bound); len(near) == 0 {
			return false
		}
	}
	return !f.edges(func(a, b orb.Point) bool {
		if !edgeMeetsBox(a, b, o.bound) {
			return true
		}
		if !few {
			return o.grid.visit(orb.MultiPoint{a, b}.Bound(), func(i uint32) bool {
				e := &o.grid.edges[i]
				return !segmentsMeet(a, b, e.a, e.b)
			})
		}
		for i := range near {
			if segmentsMeet(a, b, near[i].a, near[i].b) {
				return false
			}
		}
		return true
	})
}
