package tiles

import (
	"fmt"
	"math"
	"strconv"

	"github.com/paulmach/orb"

	"yizhan/geo"
)

// MaxZoom is the highest zoom that tiles are made for.
const MaxZoom = 22

// Extent is the width of every tile in its own units.
const Extent = 4096

const (
	extentBits = 12
	worldBits  = 30
	worldSize  = 1 << worldBits
	// maxLatitude is where Web Mercator's square ends.
	maxLatitude = 85.05112877980659
)

// Tile names a tile: column X from the west, row Y from the north, both below
// 2^Z.
type Tile struct {
	Z    uint8
	X, Y uint32
}

// String returns z/x/y.
func (t Tile) String() string { return fmt.Sprintf("%d/%d/%d", t.Z, t.X, t.Y) }

// Valid says whether the tile exists up to MaxZoom.
func (t Tile) Valid() bool { return t.Z <= MaxZoom && t.X>>t.Z == 0 && t.Y>>t.Z == 0 }

// Bound returns the tile's bounds in degrees.
func (t Tile) Bound() orb.Bound {
	n := float64(uint32(1) << t.Z)
	lat := func(y uint32) float64 {
		return math.Atan(math.Sinh(math.Pi*(1-2*float64(y)/n))) * 180 / math.Pi
	}
	lon := func(x uint32) float64 { return float64(x)/n*360 - 180 }
	return orb.Bound{Min: orb.Point{lon(t.X), lat(t.Y + 1)}, Max: orb.Point{lon(t.X + 1), lat(t.Y)}}
}

// TileAt returns the tile of zoom z that holds a point.
func TileAt(p orb.Point, z uint8) Tile {
	v := project(p)
	clamp := func(c int32) uint32 { return uint32(min(max(c, 0), worldSize-1)) >> (worldBits - z) }
	return Tile{Z: z, X: clamp(v.x), Y: clamp(v.y)}
}

// ParseTile reads the three numbers of a tile's address. It takes plain
// decimal numbers only, without sign or leading zero, so that a tile has one
// address; any other is an Invalid error.
func ParseTile(z, x, y string) (Tile, error) {
	zoom, okZ := parseNumber(z)
	column, okX := parseNumber(x)
	row, okY := parseNumber(y)
	if okZ && okX && okY && zoom <= MaxZoom {
		if t := (Tile{Z: uint8(zoom), X: column, Y: row}); t.Valid() {
			return t, nil
		}
	}
	return Tile{}, geo.NewError(geo.Invalid,
		fmt.Sprintf("没有瓦片 %.40q：级别为 0 到 %d，行列号须小于 2 的级别次方。", z+"/"+x+"/"+y, MaxZoom),
		fmt.Sprintf("no tile %.40q: zoom goes from 0 to %d, column and row are below 2 to the zoom", z+"/"+x+"/"+y, MaxZoom))
}

func parseNumber(s string) (uint32, bool) {
	if s == "" || len(s) > 7 || s[0] == '0' && len(s) > 1 {
		return 0, false
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
	}
	n, err := strconv.ParseUint(s, 10, 32)
	return uint32(n), err == nil
}

// vec is a position in the world's integer steps.
type vec struct{ x, y int32 }

// project returns a position in Web Mercator; latitudes beyond the square are
// moved to its edge.
func project(p orb.Point) vec {
	lat := min(max(p[1], -maxLatitude), maxLatitude)
	sin := math.Sin(lat * math.Pi / 180)
	x := p[0]/360 + 0.5
	y := 0.5 - math.Log((1+sin)/(1-sin))/(4*math.Pi)
	return vec{step(x), step(y)}
}

// unproject is the inverse of project.
func unproject(v [2]int32) orb.Point {
	x, y := float64(v[0])/worldSize, float64(v[1])/worldSize
	return orb.Point{x*360 - 180, math.Atan(math.Sinh(math.Pi*(1-2*y))) * 180 / math.Pi}
}

// step keeps one world's width beyond either edge, for buffers.
func step(v float64) int32 {
	return int32(math.Round(min(max(v, -0.5), 1.5) * worldSize))
}

// round moves a world coordinate to the nearest unit of zoom z, counted from
// the tile that starts at unit origin.
func round(v int32, z uint8, origin int64) int32 {
	shift := worldBits - extentBits - int(z)
	if shift <= 0 {
		return int32(int64(v)<<-shift - origin)
	}
	return int32((int64(v)+1<<(shift-1))>>shift - origin)
}

// origin returns the first unit of a tile along one axis.
func origin(index uint32) int64 { return int64(index) << extentBits }
