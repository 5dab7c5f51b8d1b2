package osm

import (
	"math"

	"github.com/paulmach/orb"

	"yizhan/geo"
)

// toSegment returns the distance in metres from p to the segment from a to b,
// on the plane that touches the sphere at p.
func toSegment(p, a, b orb.Point) float64 {
	const metres = geo.EarthRadius * math.Pi / 180
	k := math.Cos(p[1] * math.Pi / 180)
	ax, ay := (a[0]-p[0])*k, a[1]-p[1]
	dx, dy := (b[0]-a[0])*k, b[1]-a[1]
	t := 0.0
	if sq := dx*dx + dy*dy; sq > 0 {
		t = min(1, max(0, -(ax*dx+ay*dy)/sq))
	}
	return metres * math.Hypot(ax+t*dx, ay+t*dy)
}

// bitset is a set of node indexes.
type bitset []uint64

func newBitset(n int) bitset { return make(bitset, (n+63)/64) }

func (s bitset) set(i uint32)      { s[i/64] |= 1 << (i % 64) }
func (s bitset) has(i uint32) bool { return s[i/64]&(1<<(i%64)) != 0 }
