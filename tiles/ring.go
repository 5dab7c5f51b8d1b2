package tiles

import "slices"

// tidyRing appends the ring to dst without its closing point and without
// points that repeat or lie on the straight line between their neighbours,
// which also takes away spikes. Fewer than three points are none.
func tidyRing(dst, ring []Point) []Point {
	start := len(dst)
	for _, p := range ring {
		dst = append(dst, p)
		// Taking one point away may leave the one before it in line.
		for n := len(dst) - start; n >= 2; n = len(dst) - start {
			if dst[len(dst)-1] == dst[len(dst)-2] {
				dst = dst[:len(dst)-1]
				continue
			}
			if n < 3 || cross(dst[len(dst)-3], dst[len(dst)-2], dst[len(dst)-1]) != 0 {
				break
			}
			dst[len(dst)-2] = dst[len(dst)-1]
			dst = dst[:len(dst)-1]
		}
	}
	// The same where the ring closes.
	r := dst[start:]
	for len(r) >= 3 {
		n := len(r)
		switch {
		case r[n-1] == r[0] || cross(r[n-2], r[n-1], r[0]) == 0:
			r = r[:n-1]
		case cross(r[n-1], r[0], r[1]) == 0:
			copy(r, r[1:])
			r = r[:n-1]
		default:
			return dst[:start+n]
		}
	}
	return dst[:start]
}

// cross returns twice the signed area of the triangle abc.
func cross(a, b, c Point) int64 {
	return int64(b.X-a.X)*int64(c.Y-a.Y) - int64(b.Y-a.Y)*int64(c.X-a.X)
}

// ringArea returns twice the signed area of a ring, closed or open, by the
// surveyor's formula: positive for what the specification calls an exterior
// ring in y-down axes.
func ringArea(ring []Point) int64 {
	sum := int64(0)
	for i, p := range ring {
		q := ring[(i+1)%len(ring)]
		sum += int64(p.X)*int64(q.Y) - int64(q.X)*int64(p.Y)
	}
	return sum
}

func reverse(ring []Point) { slices.Reverse(ring) }
