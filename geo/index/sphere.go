package index

import (
	"math"

	"github.com/paulmach/orb"

	"yizhan/geo"
)

const rad = math.Pi / 180

// vector is a point of the unit sphere.
type vector [3]float64

func vectorOf(p orb.Point) vector {
	sinLat, cosLat := math.Sincos(p[1] * rad)
	sinLon, cosLon := math.Sincos(p[0] * rad)
	return vector{cosLat * cosLon, cosLat * sinLon, sinLat}
}

// chord2 is the squared length of the chord between two points of the unit
// sphere, in [0, 4].
func (v *vector) chord2(w *vector) float64 {
	x, y, z := v[0]-w[0], v[1]-w[1], v[2]-w[2]
	return x*x + y*y + z*z
}

// observer is a query point with what its distance to rectangles needs.
type observer struct {
	lon      float64 // degrees, in [-180, 180]
	lat      float64 // degrees
	sin, cos float64 // of the latitude
	vector   vector
}

func observerAt(p orb.Point) observer {
	sin, cos := math.Sincos(p[1] * rad)
	return observer{lon: wrap(p[0]), lat: p[1], sin: sin, cos: cos, vector: vectorOf(p)}
}

// chord2To returns the squared chord from the observer to the nearest point of
// a rectangle of longitude and latitude that does not cross the antimeridian
// (its ends may lie on it).
//
// Where the observer's meridian cuts the rectangle, the nearest point lies on
// that meridian. Elsewhere it lies on the nearer of the two meridian edges: on
// the edge's meridian the distance falls towards the foot of the perpendicular
// and rises behind it, so the nearest point is the foot clamped to the edge.
// With more than 90° between the meridians the foot is on the far side of the
// pole, the distance has no minimum inside the edge, and one of its two
// corners is nearest.
func (o *observer) chord2To(lo, hi [2]float64) float64 {
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

// reach2 is a squared chord that no point within a distance in metres exceeds,
// rounding included: computed chords and distances may be off by a few units
// in the last place, which the slack outweighs a thousandfold. Near zero it
// amounts to 0.2 m, beyond 100 m to less than a micrometre; whatever it lets
// through is compared by its true distance.
func reach2(distance float64) float64 {
	half := distance / (2 * geo.EarthRadius)
	if !(half < math.Pi/2) {
		return math.Inf(1)
	}
	s := math.Sin(half)
	return 4*s*s*(1+1e-12) + 1e-15
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
