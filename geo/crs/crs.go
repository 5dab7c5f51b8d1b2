// Package crs names the coordinate reference systems that positions may be
// asked for in by their OGC identifiers, and converts between them and the
// WGS-84 longitude and latitude that everything is stored in.
//
// # What is exact and what is agreement
//
// CRS84 and EPSG:4326 are one system with the axes in another order, so the
// conversion is exact. EPSG:3857 is the spherical Mercator projection of those
// same coordinates (EPSG method 1024): it is computed to well under a
// millimetre, and there is nothing of it beyond 85.06° of latitude.
//
// EPSG:4490 (CGCS2000, China's geodetic system) is another datum. Its ellipsoid
// has the same axis and differs in flattening by 2e-11, which moves no latitude
// by more than 0.11 mm; both frames are realizations of the ITRS and agree
// within centimetres at their reference epochs. The EPSG registry gives the
// transformation between the two as null with an accuracy of 1 m, and that is
// what is done here: the numbers stay, the axes are latitude first.
//
// GCJ-02 has no identifier in any public registry, and none is made up here:
// it is spoken of by the datum parameter of other endpoints alone.
package crs

import (
	"fmt"
	"math"
	"strings"

	"github.com/paulmach/orb"

	"yizhan/geo"
)

// CRS is a coordinate reference system. The zero value is CRS84.
type CRS uint8

// The systems.
const (
	CRS84    CRS = iota // WGS-84, longitude then latitude in degrees
	EPSG4326            // WGS-84, latitude then longitude in degrees
	EPSG4490            // CGCS2000, latitude then longitude in degrees
	EPSG3857            // WGS-84 Pseudo-Mercator, easting then northing in metres
)

var table = [...]struct {
	uri      string
	name     string
	decimals int
}{
	CRS84:    {"http://www.opengis.net/def/crs/OGC/1.3/CRS84", "WGS 84 longitude-latitude", 7},
	EPSG4326: {"http://www.opengis.net/def/crs/EPSG/0/4326", "WGS 84", 7},
	EPSG4490: {"http://www.opengis.net/def/crs/EPSG/0/4490", "CGCS2000", 7},
	EPSG3857: {"http://www.opengis.net/def/crs/EPSG/0/3857", "WGS 84 / Pseudo-Mercator", 3},
}

// All returns the systems, CRS84 first.
func All() []CRS { return []CRS{CRS84, EPSG4326, EPSG4490, EPSG3857} }

// Parse reads the OGC identifier of a system, as URI gives it. Anything else is
// an Invalid *geo.Error that lists what there is.
func Parse(uri string) (CRS, error) {
	uris := make([]string, len(table))
	for i := range table {
		if table[i].uri == uri {
			return CRS(i), nil
		}
		uris[i] = table[i].uri
	}
	list := strings.Join(uris, ", ")
	return CRS84, geo.NewError(geo.Invalid,
		fmt.Sprintf("坐标参照系 %.80q 不支持，可用：%s。", uri, list),
		fmt.Sprintf("the coordinate reference system %.80q is not supported: use one of %s", uri, list))
}

// URI returns the OGC identifier.
func (c CRS) URI() string { return table[c].uri }

// Name returns the name that the registry gives the system.
func (c CRS) Name() string { return table[c].name }

// LatitudeFirst says whether the first axis points north.
func (c CRS) LatitudeFirst() bool { return c == EPSG4326 || c == EPSG4490 }

// Decimals is how many decimals of a coordinate of the system are as fine as
// the seven of a degree that positions are stored with, a centimetre or finer.
func (c CRS) Decimals() int { return table[c].decimals }

// The sphere of the projection and what there is of it: its square reaches
// ±180° to the east and west, its area of use ±85.06° to the north and south.
const (
	radius      = 6378137.0
	maxLatitude = 85.06
	// slack is how far beyond an edge a coordinate may lie that was rounded:
	// in degrees, and in metres.
	slackDegrees, slackMetres = 1e-9, 1e-3
)

// maxEasting and maxNorthing are the edges of the projection in metres.
var (
	maxEasting  = radius * math.Pi
	maxNorthing = northing(maxLatitude)
)

// northing projects a latitude in degrees. It is odd, and exactly 0 at 0.
func northing(lat float64) float64 { return radius * math.Asinh(math.Tan(lat*math.Pi/180)) }

// FromCRS84 converts a position from longitude and latitude in degrees into the
// system, in the order of its axes. What is no position on Earth, or lies where
// the system has no coordinates, is an Invalid *geo.Error.
func (c CRS) FromCRS84(p orb.Point) (orb.Point, error) {
	if err := onEarth(p); err != nil {
		return p, err
	}
	switch c {
	case EPSG4326, EPSG4490:
		return orb.Point{p[1], p[0]}, nil
	case EPSG3857:
		if math.Abs(p[1]) > maxLatitude+slackDegrees {
			return p, geo.NewError(geo.Invalid,
				fmt.Sprintf("纬度 %g 超出 Web 墨卡托（EPSG:3857）的范围 ±%g，请换用其他坐标参照系。", p[1], maxLatitude),
				fmt.Sprintf("latitude %g lies beyond the ±%g of Web Mercator (EPSG:3857): use another coordinate reference system", p[1], maxLatitude))
		}
		return orb.Point{p[0] * math.Pi / 180 * radius, northing(p[1])}, nil
	}
	return p, nil
}

// ToCRS84 converts a position of the system, in the order of its axes, into
// longitude and latitude in degrees. Coordinates outside the system's range
// are an Invalid *geo.Error. It inverts FromCRS84 to well under a millimetre.
func (c CRS) ToCRS84(p orb.Point) (orb.Point, error) {
	switch c {
	case EPSG4326, EPSG4490:
		p = orb.Point{p[1], p[0]}
	case EPSG3857:
		if !(math.Abs(p[0]) <= maxEasting+slackMetres && math.Abs(p[1]) <= maxNorthing+slackMetres) {
			return p, geo.NewError(geo.Invalid,
				fmt.Sprintf("坐标 %g,%g 超出 Web 墨卡托（EPSG:3857）的范围：±%.2f、±%.2f 米。", p[0], p[1], maxEasting, maxNorthing),
				fmt.Sprintf("%g,%g lies outside Web Mercator (EPSG:3857): eastings within ±%.2f and northings within ±%.2f metres", p[0], p[1], maxEasting, maxNorthing))
		}
		lon := p[0] / radius * 180 / math.Pi
		p = orb.Point{max(-180, min(180, lon)), math.Atan(math.Sinh(p[1]/radius)) * 180 / math.Pi}
	}
	return p, onEarth(p)
}

// onEarth refuses what is no longitude and latitude.
func onEarth(p orb.Point) error {
	if math.Abs(p[0]) <= 180 && math.Abs(p[1]) <= 90 {
		return nil
	}
	return geo.NewError(geo.Invalid,
		fmt.Sprintf("坐标不在地球上：经度 %g 应在 ±180 之内，纬度 %g 应在 ±90 之内；请核对坐标顺序。", p[0], p[1]),
		fmt.Sprintf("not a position on Earth: longitude %g must be within ±180 and latitude %g within ±90; check the order of the axes", p[0], p[1]))
}
