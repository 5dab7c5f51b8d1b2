package geo

import (
	"math"

	"github.com/paulmach/orb"
)

// EarthRadius is the mean radius of the Earth in metres (IUGG R1), the sphere
// of every distance in the project.
const EarthRadius = 6371008.8

// Distance returns the great-circle distance between two points in metres, by
// the haversine formula: exact on the sphere, within 0.6 % of the ellipsoid,
// stable for small distances.
func Distance(a, b orb.Point) float64 {
	const rad = math.Pi / 180
	sinLat := math.Sin((b[1] - a[1]) * rad / 2)
	sinLon := math.Sin((b[0] - a[0]) * rad / 2)
	h := sinLat*sinLat + math.Cos(a[1]*rad)*math.Cos(b[1]*rad)*sinLon*sinLon
	return 2 * EarthRadius * math.Asin(math.Sqrt(min(1, h)))
}
