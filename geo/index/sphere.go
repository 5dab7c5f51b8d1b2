package index

import (
	"math"

	"github.com/paulmach/orb"

	"yizhan/geo"
	"yizhan/geo/pack"
)

const rad = math.Pi / 180

// observer is a query point with what its distance to positions and boxes
// needs.
type observer struct {
	lon, lat float64 // degrees, the longitude in [-180, 180]
	x, y     float64 // the same in steps of pack.Position
	sin, cos float64 // of the latitude
	// flat says that the polynomials of near hold here: they lose precision
	// towards the poles.
	flat bool
}

func observerAt(p orb.Point) observer {
	sin, cos := math.Sincos(p[1] * rad)
	lon := wrap(p[0])
	return observer{lon: lon, lat: p[1], x: lon * pack.Unit, y: p[1] * pack.Unit, sin: sin, cos: cos, flat: math.Abs(p[1]) < 80}
}

const (
	// stepRad is a step of a position in radians.
	stepRad = rad / pack.Unit
	// nearby is how far apart in radians, in latitude and in longitude, two
	// positions are taken to be near: 2.9°. The polynomials are then exact to
	// one part in ten millions.
	nearby = 0.05
)

// chord2 returns the squared chord of the unit sphere from the observer to a
// position, to within a part in ten millions.
func (o *observer) chord2(p pack.Position) float64 {
	east, north := (float64(p.Lon)-o.x)*stepRad, (float64(p.Lat)-o.y)*stepRad
	if o.flat && east < nearby && -east < nearby && north < nearby && -north < nearby {
		return square(north) + o.cos*o.cosine(north)*square(east)
	}
	return o.across(float64(p.Lat)/pack.Unit, math.Sin(east/2))
}

// square is the squared chord of a small angle, 4 sin²(x/2), by its series.
func square(x float64) float64 {
	x *= x
	return x * (1 - x*(1./12)*(1-x*(1./30)))
}

// cosine is the cosine of the observer's latitude plus a small angle, by the
// series of sine and cosine.
func (o *observer) cosine(x float64) float64 {
	xx := x * x
	return o.cos*(1-xx*(1./2)*(1-xx*(1./12))) - o.sin*x*(1-xx*(1./6))
}

// chord2To returns a lower bound, to within a part in ten millions, of the
// squared chord from the observer to a box.
//
// For a box nearby it adds the least chords in latitude and in longitude, the
// latter where the box is nearest to a pole; that is a little less than the
// least chord to the box, which need not have both.
func (o *observer) chord2To(b *box) float64 {
	var east, north float64
	switch {
	case o.x < float64(b.west):
		east = float64(b.west) - o.x
	case o.x > float64(b.east):
		east = o.x - float64(b.east)
	}
	switch {
	case o.y < float64(b.south):
		north = float64(b.south) - o.y
	case o.y > float64(b.north):
		north = o.y - float64(b.north)
	}
	east, north = east*stepRad, north*stepRad
	// The other way round the Earth may be shorter to a wide box.
	wide := float64(b.east)-float64(b.west) > 180*pack.Unit
	if o.flat && east < nearby && north < nearby && !(wide && east > 0) {
		if east == 0 {
			return square(north)
		}
		edge := float64(b.north)
		if b.north < -b.south {
			edge = float64(b.south)
		}
		if edge = (edge - o.y) * stepRad; edge < nearby && -edge < nearby {
			return square(north) + o.cos*o.cosine(edge)*square(east)
		}
	}
	return o.chord2Far(
		pack.Position{Lon: b.west, Lat: b.south}.Point(),
		pack.Position{Lon: b.east, Lat: b.north}.Point(),
	)
}

// chord2Far returns the squared chord from the observer to the nearest point
// of a rectangle of longitude and latitude that does not cross the
// antimeridian (its ends may lie on it).
//
// Where the observer's meridian cuts the rectangle, the nearest point lies on
// that meridian. Elsewhere it lies on the nearer of the two meridian edges: on
// the edge's meridian the distance falls towards the foot of the perpendicular
// and rises behind it, so the nearest point is the foot clamped to the edge.
// With more than 90° between the meridians the foot is on the far side of the
// pole, the distance has no minimum inside the edge, and one of its two
// corners is nearest.
func (o *observer) chord2Far(lo, hi orb.Point) float64 {
	east, west := lo[0]-o.lon, o.lon-hi[0]
	if east <= 0 && west <= 0 {
		return o.along(math.Max(lo[1], math.Min(hi[1], o.lat)))
	}
	if east < 0 {
		east += 360
	}
	if west < 0 {
		west += 360
	}
	turn := math.Min(east, west) * rad
	side := o.cos * math.Cos(turn)
	half := math.Sin(turn / 2)
	if side > 0 {
		foot := math.Atan2(o.sin, side) / rad
		return o.across(math.Max(lo[1], math.Min(hi[1], foot)), half)
	}
	return math.Min(o.across(lo[1], half), o.across(hi[1], half))
}

// along is the squared chord to a latitude on the observer's own meridian.
func (o *observer) along(lat float64) float64 {
	s := math.Sin((lat - o.lat) * rad / 2)
	return 4 * s * s
}

// across is the squared chord to a latitude on another meridian; half is the
// sine of half the angle between the two.
func (o *observer) across(lat, half float64) float64 {
	s := math.Sin((lat - o.lat) * rad / 2)
	return 4 * (s*s + o.cos*math.Cos(lat*rad)*half*half)
}

// reach2 is a squared chord that chord2 and chord2To exceed for no point within
// a distance in metres, rounding and series included: they are off by a part in
// ten millions, which the slack outweighs tenfold. Near zero it amounts to
// 0.2 m, elsewhere to less than a part in a million; whatever it lets through
// is compared by its true distance.
func reach2(distance float64) float64 {
	half := distance / (2 * geo.EarthRadius)
	if !(half < math.Pi/2) {
		return math.Inf(1)
	}
	s := math.Sin(half)
	return widen(4 * s * s)
}

func widen(chord2 float64) float64 { return chord2*(1+1e-6) + 1e-15 }

// around2 encloses a distance in metres: what is exactly as far has neither a
// lesser squared chord than the first nor a greater than the second, as chord2
// gives them.
func around2(distance float64) (least, greatest float64) {
	if distance > 0 {
		s := math.Sin(math.Min(distance/(2*geo.EarthRadius), math.Pi/2))
		least = 4*s*s*(1-1e-6) - 1e-15
	}
	return least, reach2(distance)
}

// worldBits is the depth of the finest squares of the map.
const worldBits = 30

// project returns a position on the Web Mercator map, a square of 2^30 steps a
// side, x east, y south. What lies beyond its edges (85.05°) comes to lie on
// them.
func project(p orb.Point) (x, y uint32) {
	const size = 1 << worldBits
	sin := math.Sin(p[1] * rad)
	across := p[0]/360 + 0.5
	down := 0.5 - math.Log((1+sin)/(1-sin))/(4*math.Pi)
	clamp := func(v float64) uint32 { return uint32(math.Max(0, math.Min(size-1, math.Floor(v*size)))) }
	return clamp(across), clamp(down)
}

// hilbert returns the place of a position of the map along a Hilbert curve
// over its finest squares.
func hilbert(x, y uint32) uint64 { return curve(x, y, worldBits) }

// curve returns the place of a square along the Hilbert curve of some order.
func curve(x, y uint32, bits uint) uint64 {
	var d uint64
	for i := int(bits) - 1; i >= 0; i-- {
		rx, ry := uint64(x>>i&1), uint64(y>>i&1)
		d = d<<2 | (3 * rx) ^ ry
		if ry == 0 {
			if rx == 1 {
				x, y = ^x, ^y
			}
			x, y = y, x
		}
	}
	return d
}
