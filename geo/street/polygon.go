package street

import (
	"math"

	"github.com/paulmach/orb"
)

// polygon is an area in stored units of 1e-7 degrees, for many questions about
// boxes and segments. Its segments lie in bands from south to north, so that a
// question looks at those of its own latitude only. The area is closed: its
// edge is part of it. Inside is meant by the even-odd rule.
type polygon struct {
	bands [][]segment
	// south and height give the band of a latitude.
	south, height          float64
	minX, minY, maxX, maxY float64
	box                    box
}

type segment struct{ a, b vec }

func fixedPoint(p orb.Point) vec { return vec{p[0] * fixed, p[1] * fixed} }

// maxBands bounds the bands of a polygon.
const maxBands = 512

func newPolygon(area orb.Polygon) *polygon {
	p := &polygon{minX: math.Inf(1), minY: math.Inf(1), maxX: math.Inf(-1), maxY: math.Inf(-1)}
	count := 0
	for _, ring := range area {
		for _, q := range ring {
			v := fixedPoint(q)
			p.minX, p.minY = min(p.minX, v.x), min(p.minY, v.y)
			p.maxX, p.maxY = max(p.maxX, v.x), max(p.maxY, v.y)
		}
		count += len(ring)
	}
	p.box = box{int32(math.Floor(p.minX)), int32(math.Floor(p.minY)), int32(math.Ceil(p.maxX)), int32(math.Ceil(p.maxY))}
	p.bands = make([][]segment, min(maxBands, 1+count/4))
	p.south, p.height = p.minY, (p.maxY-p.minY)/float64(len(p.bands))
	for _, ring := range area {
		for i := 1; i < len(ring); i++ {
			s := segment{fixedPoint(ring[i-1]), fixedPoint(ring[i])}
			lo, hi := p.between(min(s.a.y, s.b.y), max(s.a.y, s.b.y))
			for k := lo; k <= hi; k++ {
				p.bands[k] = append(p.bands[k], s)
			}
		}
	}
	return p
}

// between returns the first and the last band of a span of latitudes.
func (p *polygon) between(lo, hi float64) (first, last int) {
	if p.height <= 0 {
		return 0, len(p.bands) - 1
	}
	at := func(y float64) int {
		return int(clamp(math.Floor((y-p.south)/p.height), 0, float64(len(p.bands)-1)))
	}
	return at(lo), at(hi)
}

// contains says whether a point lies in the area or on its edge.
func (p *polygon) contains(q vec) bool {
	if q.x < p.minX || q.x > p.maxX || q.y < p.minY || q.y > p.maxY {
		return false
	}
	in := false
	band, _ := p.between(q.y, q.y)
	for _, s := range p.bands[band] {
		if s.holds(q) {
			return true
		}
		if (s.a.y > q.y) != (s.b.y > q.y) && q.x < (s.b.x-s.a.x)*(q.y-s.a.y)/(s.b.y-s.a.y)+s.a.x {
			in = !in
		}
	}
	return in
}

// side returns on which side of the line through s a point lies.
func (s segment) side(q vec) float64 { return s.b.sub(s.a).cross(q.sub(s.a)) }

// holds says whether a point lies on a segment.
func (s segment) holds(q vec) bool {
	return s.side(q) == 0 && q.x >= min(s.a.x, s.b.x) && q.x <= max(s.a.x, s.b.x) && q.y >= min(s.a.y, s.b.y) && q.y <= max(s.a.y, s.b.y)
}

// meets says whether two segments have a point in common.
func (s segment) meets(t segment) bool {
	a, b, c, d := s.side(t.a), s.side(t.b), t.side(s.a), t.side(s.b)
	if (a > 0 && b < 0 || a < 0 && b > 0) && (c > 0 && d < 0 || c < 0 && d > 0) {
		return true
	}
	return s.holds(t.a) || s.holds(t.b) || t.holds(s.a) || t.holds(s.b)
}

// crossedBy says whether a segment has a point in common with the area's edge.
func (p *polygon) crossedBy(a, b vec) bool {
	if max(a.x, b.x) < p.minX || min(a.x, b.x) > p.maxX || max(a.y, b.y) < p.minY || min(a.y, b.y) > p.maxY {
		return false
	}
	t := segment{a, b}
	lo, hi := p.between(min(a.y, b.y), max(a.y, b.y))
	for k := lo; k <= hi; k++ {
		for _, s := range p.bands[k] {
			if s.meets(t) {
				return true
			}
		}
	}
	return false
}

// boxState is how a box lies to an area.
type boxState uint8

const (
	boxOutside boxState = iota
	boxInside
	boxCrossed
)

// meets says how a box lies to the area; crossed means that it cannot tell.
func (p *polygon) meets(b *box) boxState {
	minX, minY, maxX, maxY := float64(b.minLon), float64(b.minLat), float64(b.maxLon), float64(b.maxLat)
	if maxX < p.minX || minX > p.maxX || maxY < p.minY || minY > p.maxY {
		return boxOutside
	}
	lo, hi := p.between(minY, maxY)
	for k := lo; k <= hi; k++ {
		for _, s := range p.bands[k] {
			if max(s.a.x, s.b.x) >= minX && min(s.a.x, s.b.x) <= maxX && max(s.a.y, s.b.y) >= minY && min(s.a.y, s.b.y) <= maxY && s.touches(minX, minY, maxX, maxY) {
				return boxCrossed
			}
		}
	}
	if p.contains(vec{minX, minY}) {
		return boxInside
	}
	return boxOutside
}

// touches says whether the line through a segment whose bounds meet a box goes
// through the box.
func (s segment) touches(minX, minY, maxX, maxY float64) bool {
	a, b, c, d := s.side(vec{minX, minY}), s.side(vec{maxX, minY}), s.side(vec{minX, maxY}), s.side(vec{maxX, maxY})
	return !(a > 0 && b > 0 && c > 0 && d > 0 || a < 0 && b < 0 && c < 0 && d < 0)
}
