package osm

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"yizhan/geo"
)

// The reasons for which a multipolygon cannot be assembled.
var (
	brokenMissing  = geo.Text{Zh: "成员缺失", En: "members are missing from the file"}
	brokenOpen     = geo.Text{Zh: "边界没有闭合", En: "its rings do not close"}
	brokenEmpty    = geo.Text{Zh: "没有可用的边界", En: "it has no ring"}
	brokenNodes    = geo.Text{Zh: "边界缺少节点", En: "nodes of its outline are missing from the file"}
	brokenDistinct = geo.Text{Zh: "边界退化成线", En: "its outline encloses nothing"}
)

// joinRings joins ways, given as node indexes, into closed rings. Ways may
// come in any order and direction.
//
// The ends of open ways make a graph. Where every end has an even number of
// ways the graph falls into cycles: a walk takes any unused way on from where
// it stands, and whenever it meets a node of its own path, the loop since
// then is a ring and leaves the path. Rings that touch in a node thus come
// out apart. It returns nil where some end is left over.
func joinRings(ways [][]uint32) [][]uint32 {
	var rings [][]uint32
	var open [][]uint32
	for _, w := range ways {
		switch {
		case len(w) < 2:
		case w[0] == w[len(w)-1]:
			rings = append(rings, w)
		default:
			open = append(open, w)
		}
	}
	ends := make(map[uint32][]int, len(open))
	for i, w := range open {
		ends[w[0]] = append(ends[w[0]], i)
		ends[w[len(w)-1]] = append(ends[w[len(w)-1]], i)
	}
	for _, at := range ends {
		if len(at)%2 != 0 {
			return nil
		}
	}
	used := make([]bool, len(open))
	take := func(node uint32) (way []uint32, ok bool) {
		at := ends[node]
		for len(at) > 0 && used[at[0]] {
			at = at[1:]
		}
		ends[node] = at
		if len(at) == 0 {
			return nil, false
		}
		used[at[0]] = true
		return open[at[0]], true
	}
	for i := range open {
		if used[i] {
			continue
		}
		node := open[i][0]
		var path [][]uint32 // each directed away from its first node
		at := map[uint32]int{node: 0}
		for {
			w, ok := take(node)
			if !ok {
				break
			}
			if w[0] != node {
				w = slices.Clone(w)
				slices.Reverse(w)
			}
			path = append(path, w)
			node = w[len(w)-1]
			if from, met := at[node]; met {
				rings = append(rings, splice(path[from:]))
				for _, w := range path[from+1:] {
					delete(at, w[0])
				}
				path = path[:from]
			} else {
				at[node] = len(path)
			}
		}
	}
	return rings
}

// splice makes one ring of ways that follow one another.
func splice(ways [][]uint32) []uint32 {
	ring := slices.Clone(ways[0])
	for _, w := range ways[1:] {
		ring = append(ring, w[1:]...)
	}
	return ring
}

// loop is a ring on its way into a multipolygon.
type loop struct {
	refs  []uint32
	ring  orb.Ring
	bound orb.Bound
	area  float64 // in square degrees, positive counter-clockwise
	depth int
	inner []int
	known []uint32 // refs in order, made when first asked for
}

// has says whether a node is one of the ring's.
func (l *loop) has(ref uint32) bool {
	if l.known == nil {
		l.known = slices.Sorted(slices.Values(l.refs))
	}
	_, ok := slices.BinarySearch(l.known, ref)
	return ok
}

// nest sorts rings into polygons: a ring inside an even number of others is
// an outer ring, one inside an odd number a hole of the smallest ring around
// it. Roles of members are not asked, since geometry knows better: they are
// the commonest thing to be wrong. Rings have RFC 7946 winding; the outer
// ring of each polygon is also returned as node indexes.
func (e *elements) nest(rings [][]uint32) (orb.MultiPolygon, [][]uint32) {
	if len(rings) == 1 {
		return e.single(rings)
	}
	loops := make([]loop, 0, len(rings))
	for _, refs := range rings {
		if len(refs) < 4 {
			continue
		}
		ring := e.ring(refs)
		l := loop{refs: refs, ring: ring, bound: ring.Bound(), area: signedArea(ring)}
		if l.area != 0 {
			loops = append(loops, l)
		}
	}
	slices.SortFunc(loops, func(a, b loop) int {
		return cmp.Or(cmp.Compare(math.Abs(b.area), math.Abs(a.area)), slices.Compare(a.refs, b.refs))
	})
	for i := range loops {
		parent := -1
		for j := i - 1; j >= 0; j-- {
			if within(&loops[i], &loops[j]) {
				if parent < 0 {
					parent = j
				}
				loops[i].depth++
			}
		}
		if loops[i].depth%2 == 1 {
			loops[parent].inner = append(loops[parent].inner, i)
		}
	}
	var mp orb.MultiPolygon
	var outer [][]uint32
	for i := range loops {
		if loops[i].depth%2 == 1 {
			continue
		}
		poly := make(orb.Polygon, 0, 1+len(loops[i].inner))
		poly = append(poly, wind(loops[i].ring, loops[i].area, true))
		for _, j := range loops[i].inner {
			poly = append(poly, wind(loops[j].ring, loops[j].area, false))
		}
		mp = append(mp, poly)
		outer = append(outer, loops[i].refs)
	}
	return mp, outer
}

// single is nest for one ring, as nearly all are.
func (e *elements) single(rings [][]uint32) (orb.MultiPolygon, [][]uint32) {
	if len(rings[0]) < 4 {
		return nil, nil
	}
	ring := e.ring(rings[0])
	area := signedArea(ring)
	if area == 0 {
		return nil, nil
	}
	return orb.MultiPolygon{{wind(ring, area, true)}}, rings
}

// wind turns a ring the way asked for.
func wind(r orb.Ring, area float64, ccw bool) orb.Ring {
	if (area > 0) != ccw {
		r.Reverse()
	}
	return r
}

// signedArea is the shoelace formula in square degrees, relative to the first
// point, which keeps small rings exact.
func signedArea(r orb.Ring) float64 {
	if len(r) == 0 {
		return 0
	}
	o, sum := r[0], 0.0
	for i := 1; i < len(r); i++ {
		a, b := r[i-1], r[i]
		sum += (a[0]-o[0])*(b[1]-o[1]) - (b[0]-o[0])*(a[1]-o[1])
	}
	return sum / 2
}

// within says whether ring a lies inside ring b. Where they share nodes it
// asks for one that they do not share, or else for the middle of an edge.
func within(a, b *loop) bool {
	if !b.bound.Contains(a.bound.Min) || !b.bound.Contains(a.bound.Max) {
		return false
	}
	for i, ref := range a.refs {
		if !b.has(ref) {
			return inRing(a.ring[i], b.ring)
		}
	}
	inside, edges := 0, 0
	for i := 1; i < len(a.ring); i++ {
		p, q := a.ring[i-1], a.ring[i]
		edges++
		if inRing(orb.Point{(p[0] + q[0]) / 2, (p[1] + q[1]) / 2}, b.ring) {
			inside++
		}
	}
	return 2*inside > edges
}

// inRing says whether a point lies inside a ring, by the crossings of a ray;
// points on the ring itself may count as either.
func inRing(p orb.Point, r orb.Ring) bool {
	in := false
	for i := 1; i < len(r); i++ {
		a, b := r[i-1], r[i]
		if (a[1] > p[1]) != (b[1] > p[1]) && p[0] < (b[0]-a[0])*(p[1]-a[1])/(b[1]-a[1])+a[0] {
			in = !in
		}
	}
	return in
}

// inArea says whether a point lies in a multipolygon.
func inArea(p orb.Point, mp orb.MultiPolygon) bool {
	for _, poly := range mp {
		in := false
		for _, ring := range poly {
			if inRing(p, ring) {
				in = !in
			}
		}
		if in {
			return true
		}
	}
	return false
}

// squareMetres returns the area of a multipolygon, on a plane that touches
// the sphere at its middle: within a percent for a town.
func squareMetres(mp orb.MultiPolygon) float64 {
	const metres = geo.EarthRadius * math.Pi / 180
	var sum float64
	for _, poly := range mp {
		for _, ring := range poly {
			sum += signedArea(ring)
		}
	}
	return math.Abs(sum) * metres * metres * math.Cos(mp.Bound().Center()[1]*math.Pi/180)
}

// inside returns a point of a polygon for a label: the centroid of its outer
// ring where that lies in it, else the middle of the widest stretch that a
// line through the middle of its height cuts out.
func inside(poly orb.Polygon) orb.Point {
	ring := poly[0]
	o, area := ring[0], signedArea(ring)
	var x, y float64
	for i := 1; i < len(ring); i++ {
		a, b := ring[i-1], ring[i]
		ax, ay, bx, by := a[0]-o[0], a[1]-o[1], b[0]-o[0], b[1]-o[1]
		cross := ax*by - bx*ay
		x += (ax + bx) * cross
		y += (ay + by) * cross
	}
	c := orb.Point{o[0] + x/(6*area), o[1] + y/(6*area)}
	if area != 0 && inArea(c, orb.MultiPolygon{poly}) {
		return c
	}
	bound := ring.Bound()
	// Between two vertices' latitudes, so that no vertex lies on the line.
	lats := make([]float64, 0, len(ring))
	for _, p := range ring {
		lats = append(lats, p[1])
	}
	slices.Sort(lats)
	lats = slices.Compact(lats)
	if len(lats) < 2 {
		return bound.Center()
	}
	mid := len(lats) / 2
	lat := (lats[mid-1] + lats[mid]) / 2
	var cuts []float64
	for _, r := range poly {
		for i := 1; i < len(r); i++ {
			a, b := r[i-1], r[i]
			if (a[1] > lat) != (b[1] > lat) {
				cuts = append(cuts, a[0]+(b[0]-a[0])*(lat-a[1])/(b[1]-a[1]))
			}
		}
	}
	slices.Sort(cuts)
	best, at := -1.0, bound.Center()
	for i := 0; i+1 < len(cuts); i += 2 {
		if w := cuts[i+1] - cuts[i]; w > best {
			best, at = w, orb.Point{(cuts[i] + cuts[i+1]) / 2, lat}
		}
	}
	return at
}
