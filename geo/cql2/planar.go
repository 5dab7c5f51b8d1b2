package cql2

import (
	"math"

	"github.com/paulmach/orb"
)

// orient says on which side of the line from a to b the point c lies: 1 left,
// -1 right, 0 on it. The sign is exact: where rounding could turn it, the
// determinant is summed as an expansion without rounding (J. R. Shewchuk,
// Adaptive Precision Floating-Point Arithmetic, 1997).
func orient(a, b, c orb.Point) int {
	l := (a[0] - c[0]) * (b[1] - c[1])
	r := (a[1] - c[1]) * (b[0] - c[0])
	det := l - r
	if bound := 4e-16 * (math.Abs(l) + math.Abs(r)); det > bound {
		return 1
	} else if det < -bound {
		return -1
	}
	var sum [12]float64
	n := 0
	for _, f := range [6][2]float64{
		{a[0], b[1]}, {-a[0], c[1]}, {-c[0], b[1]},
		{-a[1], b[0]}, {a[1], c[0]}, {c[1], b[0]},
	} {
		hi := f[0] * f[1]
		n = grow(&sum, n, math.FMA(f[0], f[1], -hi))
		n = grow(&sum, n, hi)
	}
	// The last part that is not zero outweighs all before it.
	for i := n - 1; i >= 0; i-- {
		if sum[i] > 0 {
			return 1
		} else if sum[i] < 0 {
			return -1
		}
	}
	return 0
}

// grow adds b to an expansion of n parts, none of which overlap.
func grow(sum *[12]float64, n int, b float64) int {
	q := b
	for i := range n {
		s := q + sum[i]
		t := s - q
		sum[i] = (q - (s - t)) + (sum[i] - t)
		q = s
	}
	sum[n] = q
	return n + 1
}

// location says where a point lies with respect to a geometry.
type location int8

const (
	interior location = iota
	boundary
	exterior
)

// ray says of an edge whether a point lies on it, and else whether the ray
// from the point to the east crosses it.
func ray(p, a, b orb.Point) (on, crosses bool) {
	if p == a || p == b {
		return true, false
	}
	if (a[1] > p[1]) == (b[1] > p[1]) {
		return a[1] == p[1] && b[1] == p[1] && (a[0] > p[0]) != (b[0] > p[0]), false
	}
	if a[0] < p[0] && b[0] < p[0] {
		return false, false
	}
	o := orient(a, b, p)
	return o == 0, o != 0 && (o > 0) == (b[1] > a[1])
}

// locateInRing places a point in the area of a closed ring.
func locateInRing(p orb.Point, ring orb.Ring) location {
	inside := false
	for i := 1; i < len(ring); i++ {
		on, crosses := ray(p, ring[i-1], ring[i])
		if on {
			return boundary
		}
		inside = inside != crosses
	}
	if inside {
		return interior
	}
	return exterior
}

func locateInPolygon(p orb.Point, area orb.Polygon) location {
	if len(area) == 0 {
		return exterior
	}
	if at := locateInRing(p, area[0]); at != interior {
		return at
	}
	for _, hole := range area[1:] {
		switch locateInRing(p, hole) {
		case interior:
			return exterior
		case boundary:
			return boundary
		}
	}
	return interior
}

// onSegment says whether p lies on the segment from a to b, ends included.
func onSegment(p, a, b orb.Point) bool {
	return inRange(p[0], a[0], b[0]) && inRange(p[1], a[1], b[1]) && orient(a, b, p) == 0
}

func inRange(v, a, b float64) bool { return min(a, b) <= v && v <= max(a, b) }

// segmentsMeet says whether two segments have a point in common.
func segmentsMeet(a, b, c, d orb.Point) bool {
	if !boxesMeet(a, b, c, d) {
		return false
	}
	return orient(a, b, c)*orient(a, b, d) <= 0 && orient(c, d, a)*orient(c, d, b) <= 0
}

func boxesMeet(a, b, c, d orb.Point) bool {
	return max(a[0], b[0]) >= min(c[0], d[0]) && max(c[0], d[0]) >= min(a[0], b[0]) &&
		max(a[1], b[1]) >= min(c[1], d[1]) && max(c[1], d[1]) >= min(a[1], b[1])
}
