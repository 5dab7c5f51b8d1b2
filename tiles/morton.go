package tiles

import (
	"math/bits"
	"slices"
)

// interleave returns the Morton code of a cell: the bits of y and x in turn,
// those of y first.
func interleave(x, y uint32) uint64 { return spread(x) | spread(y)<<1 }

func deinterleave(code uint64) (x, y uint32) { return squeeze(code), squeeze(code >> 1) }

// spread moves bit i to bit 2i.
func spread(v uint32) uint64 {
	u := uint64(v)
	u = (u | u<<16) & 0x0000ffff0000ffff
	u = (u | u<<8) & 0x00ff00ff00ff00ff
	u = (u | u<<4) & 0x0f0f0f0f0f0f0f0f
	u = (u | u<<2) & 0x3333333333333333
	return (u | u<<1) & 0x5555555555555555
}

// squeeze is the inverse of spread; it drops odd bits.
func squeeze(u uint64) uint32 {
	u &= 0x5555555555555555
	u = (u | u>>1) & 0x3333333333333333
	u = (u | u>>2) & 0x0f0f0f0f0f0f0f0f
	u = (u | u>>4) & 0x00ff00ff00ff00ff
	u = (u | u>>8) & 0x0000ffff0000ffff
	return uint32(u | u>>16)
}

// commonDepth returns the depth of the smallest cell of the quadtree that
// holds both codes: 0 is the world, worldBits a single step.
func commonDepth(a, b uint64) int { return worldBits - (bits.Len64(a^b)+1)/2 }

// square is a box in world steps, its far edges excluded.
type square struct{ x0, y0, x1, y1 int64 }

// within calls visit with the index of every place in a box, along the curve.
func (l *placeLayer) within(box square, visit func(int)) {
	l.descend(0, len(l.codes), 0, 0, worldBits, box, visit)
}

// descend visits the places lo to hi, which fill the cell of 2^level steps
// whose north-western corner is at x, y.
func (l *placeLayer) descend(lo, hi int, x, y int64, level uint, box square, visit func(int)) {
	size := int64(1) << level
	switch {
	case lo == hi || x >= box.x1 || y >= box.y1 || x+size <= box.x0 || y+size <= box.y0:
		return
	case x >= box.x0 && y >= box.y0 && x+size <= box.x1 && y+size <= box.y1:
		for i := lo; i < hi; i++ {
			visit(i)
		}
		return
	case hi-lo <= 16 || level == 0:
		for i := lo; i < hi; i++ {
			px, py := deinterleave(l.codes[i])
			if int64(px) >= box.x0 && int64(px) < box.x1 && int64(py) >= box.y0 && int64(py) < box.y1 {
				visit(i)
			}
		}
		return
	}
	level--
	half := size / 2
	base := interleave(uint32(x), uint32(y))
	for q := range uint64(4) {
		end := hi
		if q < 3 {
			n, _ := slices.BinarySearch(l.codes[lo:hi], base+(q+1)<<(2*level))
			end = lo + n
		}
		l.descend(lo, end, x+half*int64(q&1), y+half*int64(q>>1), level, box, visit)
		lo = end
	}
}
