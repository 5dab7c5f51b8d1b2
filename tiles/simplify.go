package tiles

import "slices"

// weighSpan bounds how many vertices are weighed together, and so the work for
// lines that are unkind to Douglas–Peucker; the vertices between spans are
// always kept.
const weighSpan = 2048

// weigh gives each vertex of a line the squared distance at which
// Douglas–Peucker would leave it out, so that one pass serves all zooms: at any
// tolerance the vertices above it are what the algorithm would keep. (The idea
// is geojson-vt's, https://github.com/mapbox/geojson-vt.)
func weigh(line []vertex) {
	last := len(line) - 1
	for from := 0; from < last; from += weighSpan {
		to := min(from+weighSpan, last)
		line[from].weight, line[to].weight = forever, forever
		weighBetween(line[from : to+1])
	}
}

// weighRing weighs an open ring, from its first vertex round to it again. It
// writes that into the capacity behind the ring where there is some: the place
// of the repeated point that the ring came with.
func weighRing(ring []vertex) {
	if len(ring) == 0 {
		return
	}
	closed := append(ring, ring[0])
	weigh(closed)
	copy(ring, closed)
}

func weighBetween(line []vertex) {
	type span struct {
		from, to int
		limit    float32
	}
	stack := make([]span, 1, 32)
	stack[0] = span{0, len(line) - 1, forever}
	for len(stack) > 0 {
		s := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		far, at := float32(-1), -1
		a, b := line[s.from].p, line[s.to].p
		for i := s.from + 1; i < s.to; i++ {
			if d := distance2(line[i].p, a, b); d > far {
				far, at = d, i
			}
		}
		if at < 0 {
			continue
		}
		// A vertex never outlasts the one that its span was cut at.
		far = min(far, s.limit)
		line[at].weight = far
		stack = append(stack, span{s.from, at, far}, span{at, s.to, far})
	}
}

// distance2 returns the squared distance of p from the segment ab.
func distance2(p, a, b [2]int32) float32 {
	dx, dy := float64(b[0])-float64(a[0]), float64(b[1])-float64(a[1])
	px, py := float64(p[0])-float64(a[0]), float64(p[1])-float64(a[1])
	if l := dx*dx + dy*dy; l > 0 {
		t := min(max((px*dx+py*dy)/l, 0), 1)
		px -= t * dx
		py -= t * dy
	}
	return float32(px*px + py*py)
}

// thin leaves out, in place, the points of a line in tile units that
// Douglas–Peucker does not keep at a tolerance in units.
func thin(line []Point, tolerance float64, scratch *[]vertex) []Point {
	if len(line) < 3 {
		return line
	}
	list := slices.Grow((*scratch)[:0], len(line))
	for _, p := range line {
		list = append(list, vertex{p: [2]int32{p.X, p.Y}})
	}
	*scratch = list
	weigh(list)
	out := line[:0]
	limit := float32(tolerance * tolerance)
	for i, v := range list {
		if v.weight > limit {
			out = append(out, line[i])
		}
	}
	return out
}

// crossesItself says whether two edges of an open ring cross each other at a
// point inside both. Edges that touch or lie on each other do not count: a
// clipped ring has such along its tile's border.
func crossesItself(ring []Point, scratch *[]edge) bool {
	n := len(ring)
	if n < 4 {
		return false
	}
	edges := slices.Grow((*scratch)[:0], n)
	for i, a := range ring {
		edges = append(edges, edge{a: a, b: ring[(i+1)%n], low: min(a.Y, ring[(i+1)%n].Y)})
	}
	*scratch = edges
	if n > 16 {
		slices.SortFunc(edges, func(a, b edge) int { return int(a.low) - int(b.low) })
	}
	for i, e := range edges {
		high := max(e.a.Y, e.b.Y)
		for _, f := range edges[i+1:] {
			if n > 16 && f.low > high {
				break
			}
			if e.crosses(f) {
				return true
			}
		}
	}
	return false
}

// edge is a side of a ring; low is its least y.
type edge struct {
	a, b Point
	low  int32
}

func (e edge) crosses(f edge) bool {
	if max(e.a.X, e.b.X) < min(f.a.X, f.b.X) || max(f.a.X, f.b.X) < min(e.a.X, e.b.X) {
		return false
	}
	d1, d2 := cross(e.a, e.b, f.a), cross(e.a, e.b, f.b)
	if d1 == 0 || d2 == 0 || (d1 > 0) == (d2 > 0) {
		return false
	}
	d3, d4 := cross(f.a, f.b, e.a), cross(f.a, f.b, e.b)
	return d3 != 0 && d4 != 0 && (d3 > 0) != (d4 > 0)
}
