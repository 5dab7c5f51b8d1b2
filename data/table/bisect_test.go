package table_test

import (
	"math"

	"github.com/paulmach/orb"
)

// forward is the published GCJ-02 formula, written term by term.
func forward(p orb.Point) orb.Point {
	x, y := p[0]-105.0, p[1]-35.0
	s := func(amplitude, u float64) float64 { return amplitude * math.Sin(u*math.Pi) * 2.0 / 3.0 }
	dLat := -100.0 + 2.0*x + 3.0*y + 0.2*y*y + 0.1*x*y + 0.2*math.Sqrt(math.Abs(x))
	dLat += s(20, 6*x) + s(20, 2*x) + s(20, y) + s(40, y/3) + s(160, y/12) + s(320, y/30)
	dLon := 300.0 + x + 2.0*y + 0.1*x*x + 0.1*x*y + 0.1*math.Sqrt(math.Abs(x))
	dLon += s(20, 6*x) + s(20, 2*x) + s(20, x) + s(40, x/3) + s(150, x/12) + s(300, x/30)
	lat := p[1] / 180.0 * math.Pi
	magic := 1 - 0.00669342162296594323*math.Pow(math.Sin(lat), 2)
	dLat = dLat * 180.0 / (6378245.0 * (1 - 0.00669342162296594323) / math.Pow(magic, 1.5) * math.Pi)
	dLon = dLon * 180.0 / (6378245.0 / math.Sqrt(magic) * math.Cos(lat) * math.Pi)
	return orb.Point{p[0] + dLon, p[1] + dLat}
}

// bisect inverts forward by halving an interval of 0.02° on one axis after the
// other until neither moves.
func bisect(gcj orb.Point) orb.Point {
	p := gcj
	for range 20 {
		for axis := range 2 {
			lo, hi := gcj[axis]-0.02, gcj[axis]+0.02
			for range 60 {
				p[axis] = (lo + hi) / 2
				if forward(p)[axis] < gcj[axis] {
					lo = p[axis]
				} else {
					hi = p[axis]
				}
			}
		}
	}
	return p
}
