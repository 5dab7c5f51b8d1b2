package api

import (
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
)

// meets says whether a geometry shares a point with a box, edges included. The
// box does not cross the antimeridian.
func meets(g orb.Geometry, b orb.Bound) bool {
	switch g := g.(type) {
	case orb.Point:
		return b.Contains(g)
	case orb.LineString:
		return lineMeets(g, b)
	case orb.MultiLineString:
		for _, line := range g {
			if lineMeets(line, b) {
				return true
			}
		}
	case orb.Polygon:
		return polygonMeets(g, b)
	case orb.MultiPolygon:
		for _, p := range g {
			if polygonMeets(p, b) {
				return true
			}
		}
	}
	return false
}

func lineMeets(line []orb.Point, b orb.Bound) bool {
	for i, p := range line {
		if b.Contains(p) || i > 0 && segmentMeets(line[i-1], p, b) {
			return true
		}
	}
	return false
}

// polygonMeets: either a ring comes into the box, or the whole box lies on one
// side of all rings, where one corner tells.
func polygonMeets(p orb.Polygon, b orb.Bound) bool {
	if len(p) == 0 || !p.Bound().Intersects(b) {
		return false
	}
	for _, ring := range p {
		if lineMeets(ring, b) {
			return true
		}
	}
	return planar.PolygonContains(p, b.Min)
}

// segmentMeets says whether a segment whose ends lie outside a box passes
// through it: the box's corners do not all lie on one side of its line, and
// its own box meets the box. Both together are the separating axes of the two.
func segmentMeets(p, q orb.Point, b orb.Bound) bool {
	if max(p[0], q[0]) < b.Min[0] || min(p[0], q[0]) > b.Max[0] || max(p[1], q[1]) < b.Min[1] || min(p[1], q[1]) > b.Max[1] {
		return false
	}
	side := func(x, y float64) float64 { return (q[0]-p[0])*(y-p[1]) - (q[1]-p[1])*(x-p[0]) }
	lo, hi := side(b.Min[0], b.Min[1]), side(b.Min[0], b.Min[1])
	for _, v := range [3]float64{side(b.Max[0], b.Min[1]), side(b.Max[0], b.Max[1]), side(b.Min[0], b.Max[1])} {
		lo, hi = min(lo, v), max(hi, v)
	}
	return lo <= 0 && hi >= 0
}
