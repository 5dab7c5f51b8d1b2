package street

import (
	"math"
	"slices"

	"github.com/paulmach/orb"

	"yizhan/geo"
)

// fixed is the scale of stored coordinates: units of 1e-7 degrees, about a
// centimetre.
const fixed = 1e7

// metresPerDegree is the length of a degree of latitude on the sphere of
// geo.Distance.
const metresPerDegree = geo.EarthRadius * math.Pi / 180

func toFixed(deg float64) int32 { return int32(math.Round(deg * fixed)) }

// plane maps degrees to metres around an origin, an equirectangular
// projection. Within 20 km of the origin and below 70° of latitude its
// distances are within 0.5 % of the sphere's.
type plane struct{ lon, lat, kx, ky float64 }

func planeAt(p orb.Point) plane {
	return plane{p[0], p[1], metresPerDegree * math.Cos(p[1]*math.Pi/180), metresPerDegree}
}

// vec is a position in metres on a plane.
type vec struct{ x, y float64 }

func (pl plane) of(p orb.Point) vec { return vec{(p[0] - pl.lon) * pl.kx, (p[1] - pl.lat) * pl.ky} }

func (pl plane) point(v vec) orb.Point { return orb.Point{pl.lon + v.x/pl.kx, pl.lat + v.y/pl.ky} }

// square returns the corners of the square that reaches m metres around the
// plane's origin.
func (pl plane) square(m float64) (lo, hi orb.Point) {
	return pl.point(vec{-m, -m}), pl.point(vec{m, m})
}

func (a vec) sub(b vec) vec           { return vec{a.x - b.x, a.y - b.y} }
func (a vec) dot(b vec) float64       { return a.x*b.x + a.y*b.y }
func (a vec) cross(b vec) float64     { return a.x*b.y - a.y*b.x }
func (a vec) dist(b vec) float64      { return math.Sqrt((a.x-b.x)*(a.x-b.x) + (a.y-b.y)*(a.y-b.y)) }
func lerp(a, b vec, t float64) vec    { return vec{a.x + (b.x-a.x)*t, a.y + (b.y-a.y)*t} }
func clamp(x, lo, hi float64) float64 { return max(lo, min(hi, x)) }

// nearestOn returns the distance from p to the segment a–b and the fraction
// of the segment where it is reached.
func nearestOn(p, a, b vec) (d, t float64) {
	ab := b.sub(a)
	if l := ab.dot(ab); l > 0 {
		t = clamp(p.sub(a).dot(ab)/l, 0, 1)
	}
	return p.dist(lerp(a, b, t)), t
}

// crossing returns the fraction of a–b at which it meets c–d. Ends count;
// parallel segments do not meet.
func crossing(a, b, c, d vec) (float64, bool) {
	ab, cd, ac := b.sub(a), d.sub(c), c.sub(a)
	det := ab.cross(cd)
	if det == 0 {
		return 0, false
	}
	t, u := ac.cross(cd)/det, ac.cross(ab)/det
	return t, t >= 0 && t <= 1 && u >= 0 && u <= 1
}

// shape is an area on a plane of its own, for many questions about points
// near it.
type shape struct {
	plane plane
	rings [][]vec
	min   vec
	max   vec
	area  float64 // m², holes taken off
}

// newShape projects a multipolygon. An empty one gives a shape without rings
// that contains nothing.
func newShape(mp orb.MultiPolygon) *shape {
	s := &shape{min: vec{math.Inf(1), math.Inf(1)}, max: vec{math.Inf(-1), math.Inf(-1)}}
	if len(mp) == 0 || len(mp[0]) == 0 || len(mp[0][0]) == 0 {
		return s
	}
	s.plane = planeAt(mp.Bound().Center())
	for _, poly := range mp {
		for i, ring := range poly {
			if len(ring) < 4 {
				continue
			}
			vs := make([]vec, len(ring))
			for k, p := range ring {
				vs[k] = s.plane.of(p)
				s.min = vec{math.Min(s.min.x, vs[k].x), math.Min(s.min.y, vs[k].y)}
				s.max = vec{math.Max(s.max.x, vs[k].x), math.Max(s.max.y, vs[k].y)}
			}
			s.rings = append(s.rings, vs)
			if a := ringArea(vs); i == 0 {
				s.area += a
			} else {
				s.area -= a
			}
		}
	}
	return s
}

func ringArea(vs []vec) float64 {
	var sum float64
	for i := 1; i < len(vs); i++ {
		sum += vs[i-1].cross(vs[i])
	}
	return math.Abs(sum) / 2
}

// near says whether p lies within m metres of the shape's box.
func (s *shape) near(p vec, m float64) bool {
	return p.x >= s.min.x-m && p.x <= s.max.x+m && p.y >= s.min.y-m && p.y <= s.max.y+m
}

// contains says whether p lies inside, by the even-odd rule.
func (s *shape) contains(p vec) bool {
	if !s.near(p, 0) {
		return false
	}
	in := false
	for _, ring := range s.rings {
		for i := 1; i < len(ring); i++ {
			a, b := ring[i-1], ring[i]
			if (a.y > p.y) != (b.y > p.y) && p.x < (b.x-a.x)*(p.y-a.y)/(b.y-a.y)+a.x {
				in = !in
			}
		}
	}
	return in
}

// depth returns the distance from p to the perimeter in metres, positive
// inside and negative outside.
func (s *shape) depth(p vec) float64 {
	best := math.Inf(1) // squared, as roots are slow
	for _, ring := range s.rings {
		a := ring[0]
		for _, b := range ring[1:] {
			ab, ap := b.sub(a), p.sub(a)
			if l := ab.dot(ab); l > 0 {
				t := max(0, min(1, ap.dot(ab)/l))
				ap = vec{ap.x - ab.x*t, ap.y - ab.y*t}
			}
			best = min(best, ap.dot(ap))
			a = b
		}
	}
	best = math.Sqrt(best)
	if s.contains(p) {
		return best
	}
	return -best
}

// middle returns the middle of the shape's box.
func (s *shape) middle() orb.Point {
	return s.plane.point(lerp(s.min, s.max, 0.5))
}

// round brings a point to the precision that it is stored with, so that a
// network that was just built equals the one that is read from its file.
func round(p orb.Point) orb.Point {
	return orb.Point{float64(toFixed(p[0])) / fixed, float64(toFixed(p[1])) / fixed}
}

func roundPolygon(p orb.Polygon) orb.Polygon {
	if p == nil {
		return nil
	}
	out := make(orb.Polygon, len(p))
	for i, ring := range p {
		out[i] = make(orb.Ring, len(ring))
		for k, q := range ring {
			out[i][k] = round(q)
		}
	}
	return out
}

func roundMulti(mp orb.MultiPolygon) orb.MultiPolygon {
	if mp == nil {
		return nil
	}
	out := make(orb.MultiPolygon, len(mp))
	for i, p := range mp {
		out[i] = roundPolygon(p)
	}
	return out
}

func roundBuilding(x *geo.Building) {
	x.Outline, x.Center = roundPolygon(x.Outline), round(x.Center)
	x.Entrances = slices.Clone(x.Entrances)
	for i := range x.Entrances {
		x.Entrances[i].Point = round(x.Entrances[i].Point)
	}
}
