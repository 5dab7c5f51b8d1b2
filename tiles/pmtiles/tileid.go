package pmtiles

import "math/bits"

// MaxZoom is the highest zoom whose tile ids fit in 64 bits.
const MaxZoom = 31

// idsBelow returns the number of tiles in all zooms below z: the id of the
// first tile of zoom z.
func idsBelow(z uint8) uint64 {
	if z > MaxZoom {
		// The first id after the last: (4^32 - 1) / 3.
		return (1<<64 - 1) / 3
	}
	return (1<<(2*z) - 1) / 3
}

// TileID returns the id of tile z/x/y: the tiles of all lower zooms are
// counted first, then those of zoom z along a Hilbert curve. z must be at most
// MaxZoom, x and y below 2^z; the id of any other tile is meaningless.
func TileID(z uint8, x, y uint32) uint64 {
	id := idsBelow(z)
	for a := int(z) - 1; a >= 0; a-- {
		rx, ry := x>>a&1, y>>a&1
		id += uint64(3*rx^ry) << (2 * a)
		x, y = rotate(1<<a-1, x, y, rx, ry)
	}
	return id
}

// Coordinates is the inverse of TileID. ok is false where no tile up to
// MaxZoom has the id.
func Coordinates(id uint64) (z uint8, x, y uint32, ok bool) {
	if id >= idsBelow(MaxZoom+1) {
		return 0, 0, 0, false
	}
	// 3·id + 1 lies in [4^z, 4^(z+1)).
	z = uint8(bits.Len64(3*id+1)-1) / 2
	d := id - idsBelow(z)
	for a := 0; a < int(z); a++ {
		q := uint32(d>>(2*a)) & 3
		rx := q >> 1
		ry := (q ^ rx) & 1
		x, y = rotate(1<<a-1, x, y, rx, ry)
		x |= rx << a
		y |= ry << a
	}
	return z, x, y, true
}

// rotate turns the coordinates below mask so that each quadrant of the curve
// is entered where the one before was left.
func rotate(mask, x, y, rx, ry uint32) (uint32, uint32) {
	x, y = x&mask, y&mask
	if ry != 0 {
		return x, y
	}
	if rx != 0 {
		x, y = mask-x, mask-y
	}
	return y, x
}
