package pack

import (
	"math"

	"github.com/paulmach/orb"
)

// Unit is the number of steps of a Position in a degree.
const Unit = 1e7

// Position is WGS-84 longitude and latitude in steps of 1e-7 degrees, within
// ±180° and ±90°.
type Position struct{ Lon, Lat int32 }

// Point returns the position in degrees.
func (p Position) Point() orb.Point { return orb.Point{float64(p.Lon) / Unit, float64(p.Lat) / Unit} }

// PositionOf rounds a point in degrees to a position; longitudes beyond ±180°
// are wrapped. ok is false where the point is no position: not finite, or its
// latitude beyond 90°.
func PositionOf(p orb.Point) (at Position, ok bool) {
	if math.IsNaN(p[0]) || math.IsInf(p[0], 0) || !(p[1] >= -90 && p[1] <= 90) {
		return Position{}, false
	}
	lon := p[0]
	if lon < -180 || lon > 180 {
		lon = math.Remainder(lon, 360)
	}
	return Position{int32(math.Round(lon * Unit)), int32(math.Round(p[1] * Unit))}, true
}
