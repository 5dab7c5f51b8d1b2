package flatgeobuf

import (
	"encoding/binary"
	"io"
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// nodeSize is how many boxes a node of the index holds, nodeBytes how long a
// box is: four doubles and an offset.
const (
	nodeSize  = 16
	nodeBytes = 40
)

// item is a spooled feature: its box, where it stands, and its place on the
// curve.
type item struct {
	bound  orb.Bound
	offset int64
	length uint32
	key    uint32
}

// hilbertBits is the depth of the curve over the envelope.
const hilbertBits = 16

// hilbert returns the place of a cell on the Hilbert curve over a square of
// 2^16 cells a side. A quadrant at a time: each gives two bits and turns the
// square within it.
func hilbert(x, y uint32) (d uint32) {
	for s := uint32(1) << (hilbertBits - 1); s > 0; s >>= 1 {
		var rx, ry uint32
		if x&s != 0 {
			rx = 1
		}
		if y&s != 0 {
			ry = 1
		}
		d = d<<2 | (3*rx ^ ry)
		x, y = x&(s-1), y&(s-1)
		if ry == 0 {
			if rx == 1 {
				x, y = s-1-x, s-1-y
			}
			x, y = y, x
		}
	}
	return d
}

// sortItems puts features in the order of the curve, those of one cell in the
// order of their coming.
func sortItems(items []item, envelope orb.Bound) {
	width, height := envelope.Max[0]-envelope.Min[0], envelope.Max[1]-envelope.Min[1]
	cell := func(v, from, size float64) uint32 {
		const last = 1<<hilbertBits - 1
		if !(size > 0) {
			return 0
		}
		return uint32(min(max((v-from)/size*last, 0), last))
	}
	for i := range items {
		c := items[i].bound.Center()
		items[i].key = hilbert(cell(c[0], envelope.Min[0], width), cell(c[1], envelope.Min[1], height))
	}
	slices.SortFunc(items, func(a, b item) int {
		switch {
		case a.key != b.key && a.key < b.key:
			return -1
		case a.key != b.key:
			return 1
		case a.offset < b.offset:
			return -1
		}
		return 1
	})
}

// node is an inner box of the index, over a run of boxes a level below.
type node struct {
	bound orb.Bound
	first uint64
}

// writeIndex writes the packed R-tree over features in their final order: the
// root first, each level after the one above, the features' boxes last. An
// inner box names the first of its children by its number in the whole index,
// a feature's box its offset among the features.
func writeIndex(w io.Writer, items []item) error {
	levels := innerLevels(items)
	// Numbers count from the root: a level begins where those above it end.
	begin := uint64(0)
	buf := make([]byte, 0, 1024*nodeBytes)
	put := func(b orb.Bound, offset uint64) error {
		for _, v := range [...]float64{b.Min[0], b.Min[1], b.Max[0], b.Max[1]} {
			buf = binary.LittleEndian.AppendUint64(buf, math.Float64bits(v))
		}
		buf = binary.LittleEndian.AppendUint64(buf, offset)
		if len(buf)+nodeBytes <= cap(buf) {
			return nil
		}
		_, err := w.Write(buf)
		buf = buf[:0]
		return err
	}
	for i := len(levels) - 1; i >= 0; i-- {
		begin += uint64(len(levels[i]))
		for _, n := range levels[i] {
			if err := put(n.bound, begin+n.first); err != nil {
				return err
			}
		}
	}
	offset := uint64(0)
	for i := range items {
		if err := put(items[i].bound, offset); err != nil {
			return err
		}
		offset += uint64(items[i].length)
	}
	_, err := w.Write(buf)
	return err
}

// innerLevels returns the levels above the features, the lowest first; first
// counts within the level below.
func innerLevels(items []item) [][]node {
	var levels [][]node
	below, bound := len(items), func(i int) orb.Bound { return items[i].bound }
	for {
		level := make([]node, 0, (below+nodeSize-1)/nodeSize)
		for i := 0; i < below; i += nodeSize {
			n := node{bound(i), uint64(i)}
			for j := i + 1; j < min(i+nodeSize, below); j++ {
				n.bound = n.bound.Union(bound(j))
			}
			level = append(level, n)
		}
		levels = append(levels, level)
		if len(level) == 1 {
			return levels
		}
		below, bound = len(level), func(i int) orb.Bound { return level[i].bound }
	}
}
