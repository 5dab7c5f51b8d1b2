package index

import (
	"cmp"
	"iter"
	"math"
	"slices"
	"sync"

	"github.com/paulmach/orb"
	"github.com/tidwall/rtree"

	"yizhan/geo"
)

// Index is an immutable snapshot of places. The zero value is an empty index.
// All methods may be called from any goroutine at any time.
type Index struct {
	// places are the indexed ones, grouped by kind, each group along a
	// Hilbert curve; the unplaced ones follow.
	places []*geo.Place
	// chords are the unit vectors of the indexed places.
	chords []vector
	// codes are the indexed places' positions along the curve.
	codes  []uint64
	layers []layer
	byID   map[string]uint32
	// inOrder are all slots in the order of their IDs.
	inOrder []Slot
	bound   orb.Bound
}

// Slot is the number of a place in one Index: below Slots, and meaningless in
// another Index.
type Slot uint32

// layer is the tree of one kind; its places are places[from:until].
type layer struct {
	kind        geo.Kind
	from, until uint32
	tree        *rtree.RTreeG[uint32]
}

// Build indexes places. Of places that share an ID the last one counts.
// Unplaced ones, and those whose point is not a position on Earth (not finite,
// latitude beyond 90°), are found by Get and Unplaced only. The slice is not
// kept, the places are: they must not change afterwards.
//
// The index does not depend on the order of the places. Building takes about
// two seconds of processor time for a million places.
func Build(places []*geo.Place) *Index {
	ix := &Index{byID: make(map[string]uint32, len(places)), bound: emptyBound()}
	for i, p := range places {
		if p != nil {
			ix.byID[p.ID] = uint32(i)
		}
	}
	groups := map[geo.Kind][]*geo.Place{}
	var unplaced []*geo.Place
	for i, p := range places {
		if p == nil || ix.byID[p.ID] != uint32(i) {
			continue
		}
		if p.Unplaced || !onEarth(p.Point) {
			unplaced = append(unplaced, p)
			continue
		}
		groups[p.Kind] = append(groups[p.Kind], p)
	}
	ix.places = make([]*geo.Place, 0, len(ix.byID))
	for _, kind := range kindsOf(groups) {
		from := uint32(len(ix.places))
		ix.places = append(ix.places, groups[kind]...)
		ix.layers = append(ix.layers, layer{kind: kind, from: from, until: uint32(len(ix.places)), tree: &rtree.RTreeG[uint32]{}})
	}
	ix.chords = make([]vector, len(ix.places))
	ix.codes = make([]uint64, len(ix.places))
	var work sync.WaitGroup
	for _, l := range ix.layers {
		work.Go(func() { l.fill(ix.places, ix.chords, ix.codes) })
	}
	work.Wait()
	for _, l := range ix.layers {
		lo, hi := l.tree.Bounds()
		ix.bound = grow(ix.bound, lo, hi)
	}
	slices.SortFunc(unplaced, byID)
	ix.places = append(ix.places, unplaced...)
	ix.inOrder = make([]Slot, len(ix.places))
	for i, p := range ix.places {
		ix.byID[p.ID] = uint32(i)
		ix.inOrder[i] = Slot(i)
	}
	slices.SortFunc(ix.inOrder, func(a, b Slot) int { return byID(ix.places[a], ix.places[b]) })
	return ix
}

// With returns an index that differs by a few places: those put are added or
// take the place of the one with their ID, those whose IDs are to be removed
// are not in it.
func (ix *Index) With(put []*geo.Place, remove []string) *Index {
	gone := make(map[string]bool, len(put)+len(remove))
	for _, id := range remove {
		gone[id] = true
	}
	for _, p := range put {
		gone[p.ID] = true
	}
	kept := make([]*geo.Place, 0, len(ix.places)+len(put))
	for _, p := range ix.places {
		if !gone[p.ID] {
			kept = append(kept, p)
		}
	}
	return Build(append(kept, put...))
}

// fill sorts the layer's places along the Hilbert curve and puts them in its
// tree. Neighbours that come one after another fill the same leaf while it is
// in the processor's cache, which builds faster and leaves smaller rectangles
// than any order the source may have had.
func (l layer) fill(places []*geo.Place, chords []vector, codes []uint64) {
	group := places[l.from:l.until]
	type keyed struct {
		key   uint64
		place *geo.Place
	}
	sorted := make([]keyed, len(group))
	for i, p := range group {
		sorted[i] = keyed{hilbert(project(position(p))), p}
	}
	slices.SortFunc(sorted, func(a, b keyed) int {
		return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.place.ID, b.place.ID))
	})
	for i, s := range sorted {
		at := position(s.place)
		number := l.from + uint32(i)
		group[i] = s.place
		chords[number], codes[number] = vectorOf(at), s.key
		l.tree.Insert(at, at, number)
	}
}

// Slots is the bound of the slots.
func (ix *Index) Slots() int { return len(ix.places) }

// Find returns the slot of the place with an ID, unplaced ones included.
func (ix *Index) Find(id string) (Slot, bool) {
	i, ok := ix.byID[id]
	return Slot(i), ok
}

// Get returns the place with an ID, unplaced ones included.
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
	for _, l := range ix.layers {
		if kind == "" || l.kind == kind {
			n += int(l.until - l.from)
		}
	}
	return n
}

// All yields the placed places of a kind, of all kinds where kind is "", in an
// order that depends on the places alone.
func (ix *Index) All(kind geo.Kind) iter.Seq[Slot] {
	return func(yield func(Slot) bool) {
		for _, l := range ix.layers {
			if kind != "" && l.kind != kind {
				continue
			}
			for i := l.from; i < l.until; i++ {
				if !yield(Slot(i)) {
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
		for i := len(ix.chords); i < len(ix.places); i++ {
			if (kind == "" || ix.places[i].Kind == kind) && !yield(Slot(i)) {
				return
			}
		}
	}
}

// ByID yields the places of a kind, of all kinds where kind is "", unplaced
// ones included, in the order of their IDs, beginning behind an ID.
func (ix *Index) ByID(kind geo.Kind, after string) iter.Seq[Slot] {
	from, found := slices.BinarySearchFunc(ix.inOrder, after, func(s Slot, id string) int { return cmp.Compare(ix.ID(s), id) })
	if found {
		from++
	}
	return func(yield func(Slot) bool) {
		for _, s := range ix.inOrder[from:] {
			if (kind == "" || ix.Kind(s) == kind) && !yield(s) {
				return
			}
		}
	}
}

// Kinds lists the kinds of the placed places, in alphabetical order.
func (ix *Index) Kinds() []geo.Kind {
	kinds := make([]geo.Kind, len(ix.layers))
	for i, l := range ix.layers {
		kinds[i] = l.kind
	}
	return kinds
}

// Bound returns the least box around the placed places, never one that crosses
// the antimeridian; where there are none, the empty bound of orb, for which
// IsEmpty holds.
func (ix *Index) Bound() orb.Bound {
	if len(ix.layers) == 0 {
		return orb.Bound{Min: orb.Point{1, 1}, Max: orb.Point{-1, -1}}
	}
	return ix.bound
}

// wants says whether a list of kinds, nil for all, names a kind.
func wants(kinds []geo.Kind, kind geo.Kind) bool {
	return len(kinds) == 0 || slices.Contains(kinds, kind)
}

func byID(a, b *geo.Place) int { return cmp.Compare(a.ID, b.ID) }

func kindsOf(groups map[geo.Kind][]*geo.Place) []geo.Kind {
	kinds := make([]geo.Kind, 0, len(groups))
	for kind := range groups {
		kinds = append(kinds, kind)
	}
	slices.Sort(kinds)
	return kinds
}

// onEarth says whether a point is a position: finite, latitude within 90°.
func onEarth(p orb.Point) bool {
	return !math.IsNaN(p[0]) && !math.IsInf(p[0], 0) && p[1] >= -90 && p[1] <= 90
}

// position returns a place's point with its longitude in [-180, 180].
func position(p *geo.Place) orb.Point { return orb.Point{wrap(p.Point[0]), p.Point[1]} }

// wrap brings a longitude into [-180, 180]; both ends stay what they are.
func wrap(lon float64) float64 {
	if lon >= -180 && lon <= 180 {
		return lon
	}
	return math.Remainder(lon, 360)
}

func emptyBound() orb.Bound {
	inf := math.Inf(1)
	return orb.Bound{Min: orb.Point{inf, inf}, Max: orb.Point{-inf, -inf}}
}

func grow(b orb.Bound, lo, hi orb.Point) orb.Bound {
	return orb.Bound{
		Min: orb.Point{min(b.Min[0], lo[0]), min(b.Min[1], lo[1])},
		Max: orb.Point{max(b.Max[0], hi[0]), max(b.Max[1], hi[1])},
	}
}
