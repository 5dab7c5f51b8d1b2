// Package datum converts positions between WGS-84, which GPS speaks and this
// project stores, and the two shifted systems of Chinese maps: GCJ-02 (高德,
// 腾讯 and every map made under Chinese law) and BD-09 (百度).
//
// GCJ-02 moves a point by 100 to 1,000 m, by a smooth function that was never
// published officially; the forward formula used here is the one known to all
// open implementations since 2010. BD-09 adds a second shift of about 900 m.
// Neither has an inverse in closed form: the inverses here are iterated until
// they move by less than a micrometre.
//
// # Where the shift applies
//
// Map providers shift positions in mainland China, Hong Kong and Macau, and
// leave Taiwan and the rest of the world in WGS-84. A coarse outline decides,
// within about 20 km of the line that Chinese maps draw; it follows what
// providers do and says nothing else about any border. Seoul, Hanoi, Taipei or
// Vladivostok, which a bounding box would catch, are outside.
//
// A shift that ended at a line would tear the map there: some positions would
// have two inverses, others none. So the shift fades to nothing over the
// quarter of a degree beyond the outline. That keeps the conversion continuous
// and each position's inverse unique everywhere on Earth, at the price of a
// partial shift in that fringe, where a coarse outline cannot be right anyway.
package datum

import (
	"fmt"
	"math"
	"strings"

	"github.com/paulmach/orb"

	"yizhan/geo"
)

// Datum names a coordinate system for lon,lat in degrees.
type Datum string

// The datums.
const (
	WGS84 Datum = "wgs84"
	GCJ02 Datum = "gcj02"
	BD09  Datum = "bd09"
)

// Parse reads wgs84, gcj02 or bd09, in capitals or not, with a hyphen or not
// ("GCJ-02").
func Parse(s string) (Datum, error) {
	switch d := Datum(strings.ToLower(strings.ReplaceAll(s, "-", ""))); d {
	case WGS84, GCJ02, BD09:
		return d, nil
	}
	return "", geo.NewError(geo.Invalid,
		fmt.Sprintf("坐标系 %q 不认识，请用 wgs84、gcj02 或 bd09。", s),
		fmt.Sprintf("unknown datum %q: use wgs84, gcj02 or bd09", s))
}

// FromWGS84 converts a WGS-84 position to the datum. Where the shift does not
// apply, and for what is no position at all (NaN, infinite), it returns p.
func (d Datum) FromWGS84(p orb.Point) orb.Point {
	s := d.shift(p)
	return orb.Point{p[0] + s[0], p[1] + s[1]}
}

// ToWGS84 converts a position of the datum to WGS-84. It inverts FromWGS84 to
// well under a millimetre, whichever way round.
func (d Datum) ToWGS84(p orb.Point) orb.Point {
	if d != GCJ02 && d != BD09 {
		return p
	}
	// The shift changes by less than a tenth of a degree per degree, so each
	// turn of q = p - shift(q) gains more than one decimal digit.
	const (
		turns  = 24
		enough = 1e-12 // degrees
	)
	q := p
	for range turns {
		s := d.shift(q)
		next := orb.Point{p[0] - s[0], p[1] - s[1]}
		moved := math.Abs(next[0]-q[0]) + math.Abs(next[1]-q[1])
		q = next
		if !(moved > enough) {
			break
		}
	}
	return q
}

// Convert converts a position from one datum to another.
func Convert(p orb.Point, from, to Datum) orb.Point {
	if from == to {
		return p
	}
	return to.FromWGS84(from.ToWGS84(p))
}

// InChina says whether the datums differ at a WGS-84 position: inside the
// outline, or in the fringe beyond it where the shift fades.
func InChina(p orb.Point) bool { return weight(p) > 0 }

// shift returns the vector in degrees from a WGS-84 position to its position
// in the datum, faded beyond the outline.
func (d Datum) shift(p orb.Point) orb.Point {
	if d != GCJ02 && d != BD09 {
		return orb.Point{}
	}
	w := weight(p)
	if w == 0 {
		return orb.Point{}
	}
	q := toGCJ02(p)
	if d == BD09 {
		q = toBD09(q)
	}
	return orb.Point{w * (q[0] - p[0]), w * (q[1] - p[1])}
}

// toGCJ02 is the GCJ-02 forward formula: a polynomial and sine waves in
// degrees from 105°E 35°N give a shift in metres on the Krasovsky 1940
// ellipsoid.
func toGCJ02(p orb.Point) orb.Point {
	const (
		axis         = 6378245.0              // Krasovsky semi-major axis, m
		eccentricity = 0.00669342162296594323 // squared
		rad          = math.Pi / 180
	)
	x, y := p[0]-105, p[1]-35
	root := math.Sqrt(math.Abs(x))
	ripple := waves(20, 6*x, 20, 2*x)
	north := -100 + 2*x + 3*y + 0.2*y*y + 0.1*x*y + 0.2*root + ripple +
		waves(20, y, 40, y/3) + waves(160, y/12, 320, y/30)
	east := 300 + x + 2*y + 0.1*x*x + 0.1*x*y + 0.1*root + ripple +
		waves(20, x, 40, x/3) + waves(150, x/12, 300, x/30)

	sin, cos := math.Sincos(p[1] * rad)
	squeeze := 1 - eccentricity*sin*sin
	meridian := axis * (1 - eccentricity) / (squeeze * math.Sqrt(squeeze))
	parallel := axis / math.Sqrt(squeeze) * cos
	return orb.Point{p[0] + east/(parallel*rad), p[1] + north/(meridian*rad)}
}

// waves returns two thirds of a·sin(πu) + b·sin(πv).
func waves(a, u, b, v float64) float64 {
	return (a*math.Sin(u*math.Pi) + b*math.Sin(v*math.Pi)) * 2 / 3
}

// toBD09 is the BD-09 forward formula: a ripple in polar coordinates around
// 0°N 0°E and a constant offset.
func toBD09(p orb.Point) orb.Point {
	const frequency = math.Pi * 3000 / 180
	radius := math.Hypot(p[0], p[1]) + 0.00002*math.Sin(p[1]*frequency)
	angle := math.Atan2(p[1], p[0]) + 0.000003*math.Cos(p[0]*frequency)
	sin, cos := math.Sincos(angle)
	return orb.Point{radius*cos + 0.0065, radius*sin + 0.006}
}
