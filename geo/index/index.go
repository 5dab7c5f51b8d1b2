package index

import (
	"iter"
	"slices"
	"sort"
	"sync"

	"github.com/paulmach/orb"

	"yizhan/geo"
	"yizhan/geo/pack"
)

// Index is an immutable snapshot of places. The zero value is an empty index.
// All methods may be called from any goroutine at any time.
type Index struct {
	// base and delta are the two parts; either may be nil.
	base, delta *segment
	// first is the slot of the delta's first row.
	first Slot
	// dead are the base's slots that count no more, sorted, and the same as a
	// set of bits.
	dead []uint32
	tomb []uint64
	// digests are those of the kinds that there are or were.
	digests map[geo.Kind]pack.Digest
	bound   orb.Bound
	// rooms lends room to queries.
	rooms *sync.Pool
}

// Slot is the number of a place in one Index: below Slots, and meaningless in
// another Index; but With leaves those of the places that it does not touch
// and that were there at the last Build or Compacted.
type Slot uint32

// Build indexes places. Of places that share an ID the last one counts.
// Unplaced ones, and those whose point is not a position on Earth (not finite,
// latitude beyond 90°), are found by Find, Get, ByID and Unplaced only, and are
// given back unplaced. Nothing of the places is kept.
//
// The index does not depend on the order of the places.
func Build(places []*geo.Place) *Index {
	b := NewBuilder()
	for _, p := range places {
		b.Add(p)
	}
	return b.Build()
}

// newIndex puts an index together from its parts.
func newIndex(base, delta *segment, dead []uint32) *Index {
	ix := &Index{base: base, delta: delta, dead: dead, first: Slot(base.table.Len()), digests: map[geo.Kind]pack.Digest{}}
	if len(dead) > 0 {
		ix.tomb = make([]uint64, (base.table.Len()+63)/64)
		for _, s := range dead {
			ix.tomb[s/64] |= 1 << (s % 64)
		}
	}
	for _, seg := range ix.parts() {
		for kind, d := range seg.digests {
			sum := ix.digests[kind]
			sum.Add(d)
			ix.digests[kind] = sum
		}
	}
	var scratch []byte
	for _, s := range dead {
		var d pack.Digest
		d, scratch = base.table.Digest(int(s), scratch)
		kind := geo.Kind(base.table.Row(int(s)).Text(pack.Kind))
		sum := ix.digests[kind]
		sum.Sub(d)
		ix.digests[kind] = sum
	}
	ix.bound = ix.around()
	return ix
}

// parts are the parts that there are.
func (ix *Index) parts() []*segment {
	switch {
	case ix.base == nil:
		return nil
	case ix.delta == nil:
		return []*segment{ix.base}
	}
	return []*segment{ix.base, ix.delta}
}

// at returns where a slot stands.
func (ix *Index) at(s Slot) (*segment, int) {
	if s < ix.first {
		return ix.base, int(s)
	}
	return ix.delta, int(s - ix.first)
}

// isDead says whether a row of the base counts no more.
func (ix *Index) isDead(row uint32) bool { return ix.tomb != nil && ix.tomb[row/64]>>(row%64)&1 != 0 }

// deadIn counts the dead among a run of rows of the base.
func (ix *Index) deadIn(from, until uint32) int {
	if len(ix.dead) == 0 {
		return 0
	}
	lo, _ := slices.BinarySearch(ix.dead, from)
	hi, _ := slices.BinarySearch(ix.dead, until)
	return hi - lo
}

// Slots is the bound of the slots. Some below it may be dead: no method yields
// those, and they are not to be asked about.
func (ix *Index) Slots() int {
	n := int(ix.first)
	if ix.delta != nil {
		n += ix.delta.table.Len()
	}
	return n
}

// Live says whether a slot below Slots holds a place: in an index made by With,
// those of places that were removed or changed hold none.
func (ix *Index) Live(s Slot) bool { return s >= ix.first || !ix.isDead(uint32(s)) }

// Fixed is the number of slots, from 0 on, that hold in every index made by
// With from this one, or that this one was made from, what they hold here, or
// nothing.
func (ix *Index) Fixed() int { return int(ix.first) }

// Find returns the slot of the place with an ID, unplaced ones included.
func (ix *Index) Find(id string) (Slot, bool) {
	if ix.delta != nil {
		if row, ok := ix.delta.find(id); ok {
			return ix.first + Slot(row), true
		}
	}
	if ix.base != nil {
		if row, ok := ix.base.find(id); ok && !ix.isDead(row) {
			return Slot(row), true
		}
	}
	return 0, false
}

// Get returns the place with an ID, unplaced ones included, made anew as by
// Place.
func (ix *Index) Get(id string) (*geo.Place, bool) {
	s, ok := ix.Find(id)
	if !ok {
		return nil, false
	}
	return ix.Place(s), true
}

// Len returns how many placed places of a kind there are, of all kinds where
// kind is "".
func (ix *Index) Len(kind geo.Kind) int {
	n := 0
	for _, seg := range ix.parts() {
		for _, l := range seg.layers {
			if kind != "" && l.kind != kind {
				continue
			}
			n += int(l.until - l.from)
			if seg == ix.base {
				n -= ix.deadIn(l.from, l.until)
			}
		}
	}
	return n
}

// All yields the placed places of a kind, of all kinds where kind is "", in an
// order that depends on the places alone: kind by kind, along the curve.
func (ix *Index) All(kind geo.Kind) iter.Seq[Slot] {
	kinds := []geo.Kind{kind}
	if kind == "" {
		kinds = ix.Kinds()
	}
	return func(yield func(Slot) bool) {
		for _, k := range kinds {
			c := ix.world(k)
			for s, ok := c.next(); ok; s, ok = c.next() {
				if !yield(s) {
					return
				}
			}
		}
	}
}

// Unplaced yields the places of a kind that have no position, of all kinds
// where kind is "", in the order of their IDs.
func (ix *Index) Unplaced(kind geo.Kind) iter.Seq[Slot] {
	return func(yield func(Slot) bool) {
		var m merger
		m.of(ix, func(seg *segment) (order []uint32, from int) {
			// Unplaced rows stand at the end, by ID.
			return nil, len(seg.codes)
		})
		for s, ok := m.next(); ok; s, ok = m.next() {
			if (kind == "" || ix.Kind(s) == kind) && !yield(s) {
				return
			}
		}
	}
}

// ByID yields the places of a kind, of all kinds where kind is "", unplaced
// ones included, in the order of their IDs, beginning behind an ID.
func (ix *Index) ByID(kind geo.Kind, after string) iter.Seq[Slot] {
	return func(yield func(Slot) bool) {
		var m merger
		m.of(ix, func(seg *segment) (order []uint32, from int) {
			return seg.byID, sort.Search(len(seg.byID), func(i int) bool { return seg.table.ID(int(seg.byID[i])) > after })
		})
		for s, ok := m.next(); ok; s, ok = m.next() {
			if (kind == "" || ix.Kind(s) == kind) && !yield(s) {
				return
			}
		}
	}
}

// merger goes through the rows of both parts by ID. order lists them, nil
// stands for their own order.
type merger struct {
	ix    *Index
	order [2][]uint32
	at    [2]int
	end   [2]int
}

func (m *merger) of(ix *Index, list func(*segment) ([]uint32, int)) {
	m.ix = ix
	for i, seg := range ix.parts() {
		m.order[i], m.at[i] = list(seg)
		m.end[i] = seg.table.Len()
	}
}

// row returns the row that a part is at.
func (m *merger) row(part int) (uint32, bool) {
	for ; m.at[part] < m.end[part]; m.at[part]++ {
		row := uint32(m.at[part])
		if m.order[part] != nil {
			row = m.order[part][row]
		}
		if part > 0 || !m.ix.isDead(row) {
			return row, true
		}
	}
	return 0, false
}

func (m *merger) next() (Slot, bool) {
	a, inBase := m.row(0)
	b, inDelta := m.row(1)
	switch {
	case !inBase && !inDelta:
		return 0, false
	case !inDelta || inBase && m.ix.base.table.ID(int(a)) < m.ix.delta.table.ID(int(b)):
		m.at[0]++
		return Slot(a), true
	}
	m.at[1]++
	return m.ix.first + Slot(b), true
}

// Kinds lists the kinds of the placed places, in alphabetical order.
func (ix *Index) Kinds() []geo.Kind {
	kinds := []geo.Kind{}
	for _, seg := range ix.parts() {
		for _, l := range seg.layers {
			if !slices.Contains(kinds, l.kind) && (seg == ix.delta || int(l.until-l.from) > ix.deadIn(l.from, l.until)) {
				kinds = append(kinds, l.kind)
			}
		}
	}
	slices.Sort(kinds)
	return kinds
}

// Bound returns the least box around the placed places, never one that crosses
// the antimeridian; where there are none, the empty bound of orb, for which
// IsEmpty holds.
func (ix *Index) Bound() orb.Bound {
	if ix.base == nil {
		return emptyBound()
	}
	return ix.bound
}

func emptyBound() orb.Bound {
	return orb.Bound{Min: orb.Point{1, 1}, Max: orb.Point{-1, -1}}
}

// Digest stands for the content of all places of a kind, unplaced ones
// included: the same places give the same digest on every machine, in whatever
// order they came, with or without changes in between. When a source was read
// (Source.Time) is no part of it.
func (ix *Index) Digest(kind geo.Kind) [32]byte { return ix.digests[kind].Bytes() }

// Tables returns the tables of rows that the index consists of, one or two.
func (ix *Index) Tables() []*pack.Table {
	var tables []*pack.Table
	for _, seg := range ix.parts() {
		tables = append(tables, seg.table)
	}
	return tables
}

// Row returns the row of a place and which of Tables it is in.
func (ix *Index) Row(s Slot) (row pack.Row, table int) {
	if s < ix.first {
		return ix.base.table.Row(int(s)), 0
	}
	return ix.delta.table.Row(int(s - ix.first)), 1
}

// wants says whether a list of kinds, nil for all, names a kind.
func wants(kinds []geo.Kind, kind geo.Kind) bool {
	return len(kinds) == 0 || slices.Contains(kinds, kind)
}
