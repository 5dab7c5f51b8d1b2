package index

import (
	"slices"

	"github.com/paulmach/orb"

	"yizhan/geo"
)

// Place returns the place in a slot. It is not to be changed.
func (ix *Index) Place(s Slot) *geo.Place { return ix.places[s] }

// ID returns a place's ID.
func (ix *Index) ID(s Slot) string { return ix.places[s].ID }

// Name returns what a place is called where it stands.
func (ix *Index) Name(s Slot) string { return ix.places[s].Name }

// Kind returns a place's kind.
func (ix *Index) Kind(s Slot) geo.Kind { return ix.places[s].Kind }

// Point returns a place's position, WGS-84 lon,lat.
func (ix *Index) Point(s Slot) orb.Point { return ix.places[s].Point }

// Placed says whether a place has a position.
func (ix *Index) Placed(s Slot) bool { return int(s) < len(ix.chords) }

// Hours returns a place's opening_hours, "" where nothing is known.
func (ix *Index) Hours(s Slot) string { return ix.places[s].Hours }

// Compound returns the ID of the compound that a place lies in, "" outside.
func (ix *Index) Compound(s Slot) string { return ix.places[s].Compound }

// Valid bounds a dated service; nil where the place always stands.
func (ix *Index) Valid(s Slot) *geo.Period { return ix.places[s].Valid }

// Has says whether a place offers every one of the facilities.
func (ix *Index) Has(s Slot, all []geo.Facility) bool { return ix.places[s].Has(all) }

// Class is what a style tells the places of one kind apart by: a station's
// type, a gate's barrier or "inferred"; "" where there is none.
func (ix *Index) Class(s Slot) string {
	p := ix.places[s]
	switch {
	case p.Station != nil:
		return string(p.Station.Type)
	case p.Gate != nil && p.Gate.Inferred:
		return "inferred"
	case p.Gate != nil:
		return p.Gate.Barrier
	}
	return ""
}

// Cell is the places of one kind in one square of the quadtree over the Web
// Mercator map. The map is a square of 2^30 steps a side, x east, y south;
// along the Hilbert curve that places are sorted by, each square of the
// quadtree is one run.
type Cell struct {
	ix     *Index
	depth  uint8
	code   uint64 // of the square, at its depth
	lo, hi uint32
}

// Cell returns the placed places of a kind in a tile of the usual scheme;
// z is at most 30.
func (ix *Index) Cell(kind geo.Kind, z uint8, x, y uint32) Cell {
	c := Cell{ix: ix, depth: z, code: curve(x, y, uint(z))}
	for _, l := range ix.layers {
		if l.kind == kind {
			c.lo, c.hi = l.from, l.until
			c.narrow()
		}
	}
	return c
}

// narrow cuts the run down to the square.
func (c *Cell) narrow() {
	shift := 2 * (worldBits - uint(c.depth))
	codes := c.ix.codes[c.lo:c.hi]
	from, _ := slices.BinarySearch(codes, c.code<<shift)
	until, _ := slices.BinarySearch(codes, (c.code+1)<<shift)
	c.lo, c.hi = c.lo+uint32(from), c.lo+uint32(until)
}

// Len returns how many places are in the cell.
func (c Cell) Len() int { return int(c.hi - c.lo) }

// Mean returns the mean position of the places of a cell that is not empty.
func (c Cell) Mean() (x, y uint32) {
	var sumX, sumY uint64
	c.Each(func(_ Slot, x, y uint32) bool {
		sumX, sumY = sumX+uint64(x), sumY+uint64(y)
		return true
	})
	n := uint64(c.Len())
	return uint32(sumX / n), uint32(sumY / n)
}

// Split yields the cells that are not empty some levels deeper, along the
// curve. There is nothing below 30 levels: cells of that depth are yielded.
func (c Cell) Split(bits uint8, yield func(Cell) bool) {
	depth := min(c.depth+bits, worldBits)
	shift := 2 * (worldBits - uint(depth))
	for lo := c.lo; lo < c.hi; {
		sub := Cell{ix: c.ix, depth: depth, code: c.ix.codes[lo] >> shift, lo: lo, hi: c.hi}
		sub.narrow()
		if !yield(sub) {
			return
		}
		lo = sub.hi
	}
}

// Shared returns the greatest depth, at most 30, at which the places of a cell
// that is not empty still lie in one square.
func (c Cell) Shared() uint8 {
	a, b := c.ix.codes[c.lo], c.ix.codes[c.hi-1]
	depth := uint8(worldBits)
	for ; a != b; depth-- {
		a, b = a>>2, b>>2
	}
	return depth
}

// Each yields the places of a cell with their positions in steps.
func (c Cell) Each(yield func(s Slot, x, y uint32) bool) {
	for i := c.lo; i < c.hi; i++ {
		x, y := project(position(c.ix.places[i]))
		if !yield(Slot(i), x, y) {
			return
		}
	}
}
