package gpkg

import (
	"cmp"
	"encoding/binary"
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// The spatial index is SQLite's R*-tree in the virtual table
// rtree_places_geom, as the GeoPackage extension gpkg_rtree_index has it.
// Inserting a million points one by one takes most of a minute, so a big
// change rebuilds the tree: points sorted into tiles (sort-tile-recursive,
// Leutenegger et al. 1997) fill whole nodes, and the nodes are written to the
// tree's own tables in the form that SQLite's rtree.c documents: big-endian,
// a depth (root only), a count, then cells of an int64 and minx, maxx, miny,
// maxy as float32. SQLite's rtreecheck() is the judge in the tests.
const (
	rtreeCell  = 8 + 4*4
	rtreeCells = 51 // SQLite's bound on cells in a node
	rtreeNode  = 4 + rtreeCells*rtreeCell
	rtreeRoot  = 1
)

// entry is a point of the tree, or a node of the level below.
type entry struct {
	id                     int64
	minX, maxX, minY, maxY float32
}

func pointEntry(fid int64, p orb.Point) entry {
	return entry{fid, floor32(p[0]), ceil32(p[0]), floor32(p[1]), ceil32(p[1])}
}

func floor32(v float64) float32 {
	f := float32(v)
	if float64(f) > v {
		return math.Nextafter32(f, float32(math.Inf(-1)))
	}
	return f
}

func ceil32(v float64) float32 {
	f := float32(v)
	if float64(f) < v {
		return math.Nextafter32(f, float32(math.Inf(1)))
	}
	return f
}

// packedTree hands out the nodes of a tree over entries, which it reorders:
// node(number, parent or 0, blob, its entries, whether they are points).
func packedTree(entries []entry, node func(no, parent int64, blob []byte, of []entry, leaf bool) error) error {
	type level struct{ nodes [][]entry }
	var levels []level
	for {
		if len(entries) <= rtreeCells { // they fit in the root
			levels = append(levels, level{[][]entry{entries}})
			break
		}
		groups := tile(entries)
		levels = append(levels, level{groups})
		up := make([]entry, len(groups))
		for i, g := range groups {
			up[i] = cover(g, int64(i))
		}
		entries = up
	}
	// Numbers: the root is 1, then level by level downwards.
	first := make([]int64, len(levels))
	no := int64(rtreeRoot)
	for l := len(levels) - 1; l >= 0; l-- {
		first[l] = no
		no += int64(len(levels[l].nodes))
	}
	parents := [][]int64{make([]int64, 1)} // of the root: 0
	for l := len(levels) - 1; l >= 0; l-- {
		var below []int64
		if l > 0 {
			below = make([]int64, len(levels[l-1].nodes))
		}
		for i, g := range levels[l].nodes {
			if l > 0 {
				for k := range g { // an inner cell's id is the index of its node
					below[g[k].id] = first[l] + int64(i)
					g[k].id += first[l-1]
				}
			}
			depth := 0
			if l == len(levels)-1 {
				depth = l
			}
			if err := node(first[l]+int64(i), parents[len(parents)-1][i], nodeBlob(depth, g), g, l == 0); err != nil {
				return err
			}
		}
		parents = append(parents, below)
	}
	return nil
}

// tile sorts entries into groups of at most rtreeCells: vertical slices by x,
// each cut by y.
func tile(entries []entry) [][]entry {
	nodes := (len(entries) + rtreeCells - 1) / rtreeCells
	strips := int(math.Ceil(math.Sqrt(float64(nodes))))
	per := (nodes + strips - 1) / strips * rtreeCells
	slices.SortFunc(entries, func(a, b entry) int { return cmp.Compare(a.minX, b.minX) })
	groups := make([][]entry, 0, nodes)
	for len(entries) > 0 {
		n := min(per, len(entries))
		s := entries[:n]
		entries = entries[n:]
		slices.SortFunc(s, func(a, b entry) int { return cmp.Compare(a.minY, b.minY) })
		for len(s) > 0 {
			k := min(rtreeCells, len(s))
			groups = append(groups, s[:k:k])
			s = s[k:]
		}
	}
	return groups
}

func cover(of []entry, id int64) entry {
	c := of[0]
	c.id = id
	for _, e := range of[1:] {
		c.minX, c.maxX = min(c.minX, e.minX), max(c.maxX, e.maxX)
		c.minY, c.maxY = min(c.minY, e.minY), max(c.maxY, e.maxY)
	}
	return c
}

func nodeBlob(depth int, of []entry) []byte {
	b := make([]byte, 0, rtreeNode)
	b = binary.BigEndian.AppendUint16(b, uint16(depth))
	b = binary.BigEndian.AppendUint16(b, uint16(len(of)))
	for _, e := range of {
		b = binary.BigEndian.AppendUint64(b, uint64(e.id))
		for _, v := range [4]float32{e.minX, e.maxX, e.minY, e.maxY} {
			b = binary.BigEndian.AppendUint32(b, math.Float32bits(v))
		}
	}
	return b[:rtreeNode]
}

// rootBound reads the bound of all points from the root node's blob; ok is
// false for an empty tree.
func rootBound(blob []byte) (bound orb.Bound, ok bool) {
	if len(blob) < 4 {
		return bound, false
	}
	n := int(binary.BigEndian.Uint16(blob[2:]))
	if n == 0 || len(blob) < 4+n*rtreeCell {
		return bound, false
	}
	for i := range n {
		c := blob[4+i*rtreeCell+8:]
		var v [4]float64
		for k := range v {
			v[k] = float64(math.Float32frombits(binary.BigEndian.Uint32(c[4*k:])))
		}
		b := orb.Bound{Min: orb.Point{v[0], v[2]}, Max: orb.Point{v[1], v[3]}}
		if i == 0 {
			bound = b
		} else {
			bound = bound.Union(b)
		}
	}
	return bound, true
}
