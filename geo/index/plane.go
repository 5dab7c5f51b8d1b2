package index

import (
	"math"

	"yizhan/geo/pack"
)

const (
	// zone is how far from the observer, in radians, bounds of the plane
	// hold: 64 km.
	zone = 0.01
	// zone2 is a squared chord that no position has that is farther off.
	zone2 = zone * zone * (1 - 1e-4)
)

// plane gives bounds of squared chords to boxes by a few multiplications: it
// scales steps east and north as if the Earth were flat, and by so little that
// no position of the zone is nearer than that. A bound up to zone2 is right; of
// a greater one it is only sure that the box lies beyond zone2.
//
// The squared chord is 4 sin²(north/2) + 4 cos(lat) cos(lat') sin²(east/2). In
// the zone 4 sin²(x/2) is at least x² (1 - greatest²/12), and cos(lat') at least
// that of the zone's edge towards the pole.
type plane struct {
	// The observer's position in steps, rounded away from what is east,
	// west, north or south of it.
	west, east, south, north int64
	// eastward and northward are what a squared step amounts to.
	eastward, northward float64
	// holds says that there is such a zone: it does not cross the
	// antimeridian and is not near a pole.
	holds bool
}

func (o *observer) plane() plane {
	if !o.flat {
		return plane{}
	}
	least := math.Cos(math.Abs(o.lat)*rad + zone)
	// The zone's greatest longitude, off the observer's, in radians.
	wide := 2 * math.Asin(zone/(2*math.Sqrt(o.cos*least)))
	const slack = 1 - 1e-6
	return plane{
		west: int64(math.Floor(o.x)), east: int64(math.Ceil(o.x)),
		south: int64(math.Floor(o.y)), north: int64(math.Ceil(o.y)),
		eastward:  o.cos * least * (1 - wide*wide/12) * stepRad * stepRad * slack,
		northward: (1 - zone*zone/12) * stepRad * stepRad * slack,
		holds:     math.Abs(o.lon)+wide/rad < 179.9,
	}
}

// chord2To is a lower bound of the squared chord to a box, or anything above
// zone2 where that is too.
func (p *plane) chord2To(b *box) float64 {
	dx := float64(max(int64(b.west)-p.east, p.west-int64(b.east), 0))
	dy := float64(max(int64(b.south)-p.north, p.south-int64(b.north), 0))
	return dx*dx*p.eastward + dy*dy*p.northward
}

// chord2At is chord2To for a position.
func (p *plane) chord2At(at pack.Position) float64 {
	dx := float64(max(int64(at.Lon)-p.east, p.west-int64(at.Lon), 0))
	dy := float64(max(int64(at.Lat)-p.north, p.south-int64(at.Lat), 0))
	return dx*dx*p.eastward + dy*dy*p.northward
}

// bounds is chord2To for boxes.
func (p *plane) bounds(boxes []box, to *[fanout]float32) {
	// What is written might be p, were it not copied.
	west, east, south, north := p.west, p.east, p.south, p.north
	eastward, northward := p.eastward, p.northward
	for i := range boxes {
		b := &boxes[i]
		dx := float64(max(int64(b.west)-east, west-int64(b.east), 0))
		dy := float64(max(int64(b.south)-north, south-int64(b.north), 0))
		to[i&(fanout-1)] = float32(dx*dx*eastward + dy*dy*northward)
	}
}
