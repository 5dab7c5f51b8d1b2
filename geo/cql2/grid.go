package cql2

import "github.com/paulmach/orb"

// grid finds the edges of a geometry by latitude: it is cut into bands from
// south to north, and each band lists the edges that reach into it, in the
// order of the geometry. It is made once for a literal, which is asked about
// once for each record.
type grid struct {
	edges []gridEdge
	low   float64 // the south of the first band
	scale float64 // bands in a degree
	bands [][]uint32
	// ends is the box of the ends of lines, where there are any.
	ends    orb.Bound
	hasEnds bool
}

// gridEdge is an edge with its places in the geometry: the area, and in it the
// ring. Of a line the area is -1.
type gridEdge struct {
	border
	part, ring int
}

const (
	// gridFrom is from how many coordinates on a geometry gets a grid.
	gridFrom = 16
	// gridBands bounds the bands, and with them what long edges cost: each
	// stands in all the bands that it passes.
	gridBands = 64
)

// newGrid makes the grid of a geometry that is not empty.
func newGrid(f *flat) *grid {
	g := &grid{edges: make([]gridEdge, 0, f.size())}
	for _, l := range f.lines {
		for i := 1; i < len(l); i++ {
			g.edges = append(g.edges, gridEdge{border{a: l[i-1], b: l[i]}, -1, 0})
		}
	}
	for part, area := range f.areas {
		for k, ring := range area {
			left := counterClockwise(ring) == (k == 0)
			for i := 1; i < len(ring); i++ {
				g.edges = append(g.edges, gridEdge{border{a: ring[i-1], b: ring[i], area: true, left: left}, part, k})
			}
		}
	}
	count := min(gridBands, max(1, len(g.edges)/4))
	g.low, g.bands = f.bound.Min[1], make([][]uint32, count)
	if height := f.bound.Max[1] - g.low; height > 0 {
		g.scale = float64(count) / height
	}
	for i := range g.edges {
		a, b := g.edges[i].a[1], g.edges[i].b[1]
		for k := g.band(min(a, b)); k <= g.band(max(a, b)); k++ {
			g.bands[k] = append(g.bands[k], uint32(i))
		}
	}
	g.findEnds(f)
	return g
}

// findEnds keeps the box of what an odd number of lines end at.
func (g *grid) findEnds(f *flat) {
	odd := map[orb.Point]bool{}
	for _, l := range f.lines {
		odd[l[0]] = !odd[l[0]]
		odd[l[len(l)-1]] = !odd[l[len(l)-1]]
	}
	for p, is := range odd {
		switch {
		case !is:
		case g.hasEnds:
			g.ends = g.ends.Extend(p)
		default:
			g.ends, g.hasEnds = p.Bound(), true
		}
	}
}

// band is the number of the band of a latitude. It never falls as the latitude
// rises, so that rounding loses no edge.
func (g *grid) band(lat float64) int {
	k := (lat - g.low) * g.scale
	switch last := len(g.bands) - 1; {
	case !(k > 0):
		return 0
	case k >= float64(last):
		return last
	default:
		return int(k)
	}
}

// visit calls yield with the number of each edge that may reach into a box,
// once, until it returns false.
func (g *grid) visit(b orb.Bound, yield func(i uint32) bool) bool {
	first, last := g.band(b.Min[1]), g.band(b.Max[1])
	for k := first; k <= last; k++ {
		for _, i := range g.bands[k] {
			e := &g.edges[i]
			if k > first && g.band(min(e.a[1], e.b[1])) < k {
				continue // it was in the band before
			}
			if boxesMeet(e.a, e.b, b.Min, b.Max) && !yield(i) {
				return false
			}
		}
	}
	return true
}

// locate places a point among the areas and, where they do not have it, on the
// lines, as flat.locate does, though it does not know the ends of lines.
func (g *grid) locate(p orb.Point) location {
	best, at := exterior, exterior // of all areas, of the one at hand
	part, ring := -1, -1
	inside, on := false, false
	finish := func() {
		if ring < 0 {
			return
		}
		here := exterior
		if on {
			here = boundary
		} else if inside {
			here = interior
		}
		switch {
		case ring == 0:
			at = here
		case at != interior:
		case here == interior:
			at = exterior
		case here == boundary:
			at = boundary
		}
		inside, on = false, false
	}
	for _, i := range g.bands[g.band(p[1])] {
		e := &g.edges[i]
		if !e.area {
			if best == exterior && onSegment(p, e.a, e.b) {
				best = interior
			}
			continue
		}
		if e.part != part || e.ring != ring {
			finish()
			if e.part != part {
				best, at = min(best, at), exterior
			}
			part, ring = e.part, e.ring
		}
		if !on {
			var flips bool
			if on, flips = ray(p, e.a, e.b); flips {
				inside = !inside
			}
		}
	}
	finish()
	return min(best, at)
}

// bordersAt returns the edges that reach a latitude, without those of no
// length.
func (g *grid) bordersAt(lat float64) []border {
	var all []border
	for _, i := range g.bands[g.band(lat)] {
		if e := &g.edges[i]; inRange(lat, e.a[1], e.b[1]) && e.a != e.b {
			all = append(all, e.border)
		}
	}
	return all
}

// near returns the edges that meet a box, without those of no length, and
// whether there are others.
func (f *flat) near(b orb.Bound) (near []border, others bool) {
	if f.grid == nil {
		all := f.borders()
		for _, e := range all {
			if edgeMeetsBox(e.a, e.b, b) {
				near = append(near, e)
			}
		}
		return near, len(near) < len(all)
	}
	f.grid.visit(b, func(i uint32) bool {
		if e := &f.grid.edges[i]; e.a != e.b && edgeMeetsBox(e.a, e.b, b) {
			near = append(near, e.border)
		}
		return true
	})
	return near, len(near) < len(f.grid.edges)
}

// edgeMeetsBox says whether an edge and a box have a point in common: their
// boxes meet, and the corners of the box are not all on one side.
func edgeMeetsBox(a, b orb.Point, box orb.Bound) bool {
	if !boxesMeet(a, b, box.Min, box.Max) {
		return false
	}
	if box.Contains(a) || box.Contains(b) {
		return true
	}
	first := orient(a, b, box.Min)
	return first == 0 || orient(a, b, box.Max) != first ||
		orient(a, b, orb.Point{box.Min[0], box.Max[1]}) != first || orient(a, b, orb.Point{box.Max[0], box.Min[1]}) != first
}

// endOutside says whether a boundary of lines lies outside a box.
func (f *flat) endOutside(b orb.Bound) bool {
	if f.grid != nil {
		return f.grid.hasEnds && !(b.Contains(f.grid.ends.Min) && b.Contains(f.grid.ends.Max))
	}
	for _, l := range f.lines {
		for _, p := range [2]orb.Point{l[0], l[len(l)-1]} {
			if !b.Contains(p) && f.isEnd(p) {
				return true
			}
		}
	}
	return false
}
