package geo

import (
	"slices"

	"github.com/paulmach/orb"
)

// side is one side of a polygon, from its end that comes first from west to
// east, then from south to north.
type side struct {
	from, to orb.Point
	// ring and number say which one it is, from 1 on.
	ring, number int
}

// compareTo orders points as the ends of a side; no number is NaN.
func compareTo(a, b orb.Point) int {
	switch {
	case a[0] < b[0] || a[0] == b[0] && a[1] < b[1]:
		return -1
	case a == b:
		return 0
	}
	return 1
}

// touching is how far, in degrees, a corner may lie beyond another side and
// still count as touching it: what rounding to centimetres does.
const touching = 1e-7

// beyond returns how far p lies to the left of the line along s, times the
// length of s. It is 0 for the ends.
func (s *side) beyond(p orb.Point) float64 {
	if p == s.from || p == s.to {
		return 0
	}
	return (s.to[0]-s.from[0])*(p[1]-s.from[1]) - (s.to[1]-s.from[1])*(p[0]-s.from[0])
}

// parts says whether two points lie clearly on different sides of the line
// along s.
func (s *side) parts(p, q orb.Point) bool {
	a, b := s.beyond(p), s.beyond(q)
	if !(a < 0 && b > 0 || a > 0 && b < 0) {
		return false
	}
	x, y := s.to[0]-s.from[0], s.to[1]-s.from[1]
	least := touching * touching * (x*x + y*y)
	return a*a > least && b*b > least
}

// crosses says whether two sides cross each other. Those that only touch, or
// lie one on the other, do not.
func (s *side) crosses(t *side) bool { return s.parts(t.from, t.to) && t.parts(s.from, s.to) }

// above says whether t, which begins where a line that sweeps from west to east
// is, lies above s, which the line meets.
func (s *side) above(t *side) bool {
	if d := s.beyond(t.from); d != 0 {
		return d > 0
	}
	return s.beyond(t.to) > 0
}

// crossing finds two sides of a polygon that cross each other. A line sweeps
// from west to east; of the sides that it meets, kept from south to north,
// only neighbours can cross next (Shamos and Hoey, Geometric Intersection
// Problems, 1976).
func crossing(area orb.Polygon) (a, b *side) {
	var sides []side
	for r, ring := range area {
		for i := 1; i < len(ring); i++ {
			s := side{ring[i-1], ring[i], r + 1, i}
			if c := compareTo(s.from, s.to); c > 0 {
				s.from, s.to = s.to, s.from
			} else if c == 0 {
				continue
			}
			sides = append(sides, s)
		}
	}
	// The order in which sides begin, and that in which they end.
	begin, end := make([]int32, len(sides)), make([]int32, len(sides))
	for i := range sides {
		begin[i], end[i] = int32(i), int32(i)
	}
	slices.SortFunc(begin, func(a, b int32) int { return compareTo(sides[a].from, sides[b].from) })
	slices.SortFunc(end, func(a, b int32) int { return compareTo(sides[a].to, sides[b].to) })
	var met []int32
	cross := func(i, k int) bool {
		if i < 0 || k >= len(met) {
			return false
		}
		a, b = &sides[met[i]], &sides[met[k]]
		return a.crosses(b)
	}
	for len(end) > 0 {
		// What ends goes before what begins at the same point.
		if first := end[0]; len(begin) == 0 || compareTo(sides[first].to, sides[begin[0]].from) <= 0 {
			end = end[1:]
			at := slices.Index(met, first)
			if met = slices.Delete(met, at, at+1); cross(at-1, at) {
				return a, b
			}
			continue
		}
		next := begin[0]
		begin = begin[1:]
		at, _ := slices.BinarySearchFunc(met, &sides[next], func(i int32, t *side) int {
			if sides[i].above(t) {
				return -1
			}
			return 1
		})
		if met = slices.Insert(met, at, next); cross(at-1, at) || cross(at, at+1) {
			return a, b
		}
	}
	return nil, nil
}
