package geo

import (
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
)

// Interior returns a point that stands for an area: the centroid of its
// largest polygon where that lies inside, else the middle of the widest
// stretch inside it along the parallel halfway up. The point is inside unless
// the polygon is degenerate. It reports false where the area has no vertex.
func Interior(area orb.MultiPolygon) (orb.Point, bool) {
	var largest orb.Polygon
	var size float64
	for _, p := range area {
		if len(p) == 0 || len(p[0]) == 0 {
			continue
		}
		if a := planar.Area(p); largest == nil || a > size {
			largest, size = p, a
		}
	}
	if largest == nil {
		return orb.Point{}, false
	}
	if size > 0 {
		if c, _ := planar.CentroidArea(largest); planar.PolygonContains(largest, c) {
			return c, true
		}
	}
	b := largest.Bound()
	lat := (b.Min[1] + b.Max[1]) / 2
	var cuts []float64
	for _, ring := range largest {
		for i := range ring {
			p, q := ring[i], ring[(i+1)%len(ring)]
			if (p[1] > lat) != (q[1] > lat) {
				cuts = append(cuts, p[0]+(lat-p[1])/(q[1]-p[1])*(q[0]-p[0]))
			}
		}
	}
	slices.Sort(cuts)
	best, width := b.Center(), 0.0
	for i := 0; i+1 < len(cuts); i += 2 {
		if w := cuts[i+1] - cuts[i]; w > width {
			best, width = orb.Point{(cuts[i] + cuts[i+1]) / 2, lat}, w
		}
	}
	return best, true
}
