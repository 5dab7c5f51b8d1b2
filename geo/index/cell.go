package index

import (
	"slices"

	"yizhan/geo"
)

// Cell is the places of one kind in one square of the quadtree over the Web
// Mercator map. The map is a square of 2^30 steps a side, x east, y south;
// along the Hilbert curve that places are sorted by, each square of the
// quadtree is one run.
type Cell struct {
	ix     *Index
	depth  uint8
	code   uint64 // of the square, at its depth
	lo, hi uint32 // the run of the base, some of it dead
	// from and until are the run of the delta.
	from, until uint32
}

// Cell returns the placed places of a kind in a tile of the usual scheme;
// z is at most 30.
func (ix *Index) Cell(kind geo.Kind, z uint8, x, y uint32) Cell {
	c := ix.world(kind)
	c.depth, c.code = z, curve(x, y, uint(z))
	c.narrow()
	return c
}

// world is the cell of the whole map.
func (ix *Index) world(kind geo.Kind) Cell {
	c := Cell{ix: ix}
	for i, seg := range ix.parts() {
		for _, l := range seg.layers {
			switch {
			case l.kind != kind:
			case i == 0:
				c.lo, c.hi = l.from, l.until
			default:
				c.from, c.until = l.from, l.until
			}
		}
	}
	return c
}

// narrow cuts the runs down to the square.
func (c *Cell) narrow() {
	shift := 2 * (worldBits - uint(c.depth))
	low, high := c.code<<shift, (c.code+1)<<shift
	if c.lo < c.hi {
		c.lo, c.hi = run(c.ix.base.codes, c.lo, c.hi, low, high)
	}
	if c.from < c.until {
		c.from, c.until = run(c.ix.delta.codes, c.from, c.until, low, high)
	}
}

// run returns the part of a run whose codes are from low on and below high.
func run(codes []uint64, from, until uint32, low, high uint64) (uint32, uint32) {
	lo, _ := slices.BinarySearch(codes[from:until], low)
	from += uint32(lo)
	// The end is near more often than not.
	step := uint32(16)
	for until-from > step && codes[from+step] < high {
		step *= 4
	}
	hi, _ := slices.BinarySearch(codes[from:from+min(step, until-from)], high)
	return from, from + uint32(hi)
}

// Len returns how many places are in the cell.
func (c Cell) Len() int {
	return int(c.hi-c.lo) - c.ix.deadIn(c.lo, c.hi) + int(c.until-c.from)
}

// Mean returns the mean position of the places of a cell that is not empty.
func (c Cell) Mean() (x, y uint32) {
	var sum [2]uint64
	if c.lo < c.hi {
		sum = c.ix.base.sum(c.lo, c.hi)
		from, _ := slices.BinarySearch(c.ix.dead, c.lo)
		for _, row := range c.ix.dead[from:] {
			if row >= c.hi {
				break
			}
			x, y := c.ix.base.project(row)
			sum[0], sum[1] = sum[0]-uint64(x), sum[1]-uint64(y)
		}
	}
	if c.from < c.until {
		more := c.ix.delta.sum(c.from, c.until)
		sum[0], sum[1] = sum[0]+more[0], sum[1]+more[1]
	}
	n := uint64(c.Len())
	return uint32(sum[0] / n), uint32(sum[1] / n)
}

// sum adds up the positions on the map of a run of rows.
func (seg *segment) sum(from, until uint32) [2]uint64 {
	if until-from < sumBlock {
		var sum [2]uint64
		for row := from; row < until; row++ {
			x, y := seg.project(row)
			sum[0], sum[1] = sum[0]+uint64(x), sum[1]+uint64(y)
		}
		return sum
	}
	a, b := seg.sumTo(from), seg.sumTo(until)
	return [2]uint64{b[0] - a[0], b[1] - a[1]}
}

// sumTo adds up the positions of the rows before one.
func (seg *segment) sumTo(row uint32) [2]uint64 {
	sum := seg.sums[row/sumBlock]
	for i := row &^ (sumBlock - 1); i < row; i++ {
		x, y := seg.project(i)
		sum[0], sum[1] = sum[0]+uint64(x), sum[1]+uint64(y)
	}
	return sum
}

// settle moves the beginning of the base's run to what is not dead; it returns
// whether the cell holds anything, and whether what comes first along the
// curve is of the delta.
func (c *Cell) settle() (delta, ok bool) {
	for c.lo < c.hi && c.ix.isDead(c.lo) {
		c.lo++
	}
	switch {
	case c.from == c.until:
		return false, c.lo < c.hi
	case c.lo == c.hi:
		return true, true
	}
	a, b := c.ix.base.codes[c.lo], c.ix.delta.codes[c.from]
	if a != b {
		return b < a, true
	}
	return c.ix.delta.table.ID(int(c.from)) < c.ix.base.table.ID(int(c.lo)), true
}

// next takes the first place out of the cell.
func (c *Cell) next() (Slot, bool) {
	delta, ok := c.settle()
	switch {
	case !ok:
		return 0, false
	case delta:
		c.from++
		return c.ix.first + Slot(c.from-1), true
	}
	c.lo++
	return Slot(c.lo - 1), true
}

// Split yields the cells that are not empty some levels deeper, along the
// curve. There is nothing below 30 levels: cells of that depth are yielded.
func (c Cell) Split(bits uint8, yield func(Cell) bool) {
	depth := min(c.depth+min(bits, worldBits), worldBits)
	shift := 2 * (worldBits - uint(depth))
	for delta, ok := c.settle(); ok; delta, ok = c.settle() {
		sub := c
		sub.depth = depth
		if delta {
			sub.code = c.ix.delta.codes[c.from] >> shift
		} else {
			sub.code = c.ix.base.codes[c.lo] >> shift
		}
		sub.narrow()
		if !yield(sub) {
			return
		}
		c.lo, c.from = max(c.lo, sub.hi), max(c.from, sub.until)
	}
}

// Shared returns the greatest depth, at most 30, at which the places of a cell
// that is not empty still lie in one square.
func (c Cell) Shared() uint8 {
	c.settle()
	for c.lo < c.hi && c.ix.isDead(c.hi-1) {
		c.hi--
	}
	a, b := ^uint64(0), uint64(0)
	if c.lo < c.hi {
		a, b = c.ix.base.codes[c.lo], c.ix.base.codes[c.hi-1]
	}
	if c.from < c.until {
		a, b = min(a, c.ix.delta.codes[c.from]), max(b, c.ix.delta.codes[c.until-1])
	}
	depth := uint8(worldBits)
	for ; a != b; depth-- {
		a, b = a>>2, b>>2
	}
	return depth
}

// Each yields the places of a cell with their positions in steps, along the
// curve.
func (c Cell) Each(yield func(s Slot, x, y uint32) bool) {
	for s, ok := c.next(); ok; s, ok = c.next() {
		seg, row := c.ix.at(s)
		x, y := seg.project(uint32(row))
		if !yield(s, x, y) {
			return
		}
	}
}
