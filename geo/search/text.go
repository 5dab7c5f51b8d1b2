package search

import (
	"cmp"

	"github.com/paulmach/orb"

	"yizhan/geo"
	"yizhan/geo/index"
)

// The separators stand before an alias and before the address. Fold drops
// control characters, so no text and no query holds them.
const (
	aliasMark   = '\x01'
	addressMark = '\x02'
)

// place returns the slot that a number stands for, if it is that of a place.
func (x *Index) place(n uint32) (index.Slot, bool) {
	return index.Slot(n &^ fresh), n&fresh != 0 || n < x.slots
}

// isKnownPlain says whether a place is known to have no aliases and text that
// is folded as it stands.
func (x *Index) isKnownPlain(n uint32) bool { return n < x.slots && x.plain.has(n) }

// appendText appends the text of a thing: its folded name, aliases and
// address, parted by separators.
func (x *Index) appendText(dst []byte, n uint32) []byte {
	if s, ok := x.place(n); ok {
		return appendPlace(dst, x.source.Places, s, x.isKnownPlain(n))
	}
	e := x.entry(n)
	dst = AppendFold(dst, e.Name)
	for _, a := range e.Aliases {
		dst = AppendFold(append(dst, aliasMark), a)
	}
	if e.Address != "" {
		dst = AppendFold(append(dst, addressMark), e.Address)
	}
	return dst
}

// appendPlace appends the text of a place; plain says that it has no aliases
// and that folding leaves it as it is.
func appendPlace(dst []byte, places *index.Index, s index.Slot, plain bool) []byte {
	name, address := places.Name(s), places.Address(s)
	switch {
	case name == "" && address == "":
	case plain:
		dst = append(dst, cmp.Or(name, address)...)
		if address != "" {
			dst = append(append(dst, addressMark), address...)
		}
	default:
		dst = AppendFold(dst, cmp.Or(name, address))
		for alias := range places.Aliases(s) {
			if alias != "" && alias != name {
				dst = AppendFold(append(dst, aliasMark), alias)
			}
		}
		if address != "" {
			dst = AppendFold(append(dst, addressMark), address)
		}
	}
	return dst
}

// point returns where a thing is.
func (x *Index) point(n uint32) orb.Point {
	if s, ok := x.place(n); ok {
		return x.source.Places.Point(s)
	}
	o := x.others[n-x.slots]
	switch o.kind {
	case KindCompound:
		p, _ := geo.Interior(x.source.Compounds[o.i].Perimeter)
		return p
	case KindBuilding:
		return x.source.Buildings[o.i].Center
	}
	return x.source.Streets[o.i].Point
}

// id returns a thing's ID.
func (x *Index) id(n uint32) string {
	if s, ok := x.place(n); ok {
		return x.source.Places.ID(s)
	}
	o := x.others[n-x.slots]
	switch o.kind {
	case KindCompound:
		return x.source.Compounds[o.i].ID
	case KindBuilding:
		return x.source.Buildings[o.i].ID
	}
	return x.source.Streets[o.i].ID
}

// numbers is a set of numbers.
type numbers []uint64

func newNumbers(n uint32) numbers { return make(numbers, (n+63)/64) }

func (b numbers) has(n uint32) bool { return b[n/64]>>(n%64)&1 != 0 }
func (b numbers) set(n uint32)      { b[n/64] |= 1 << (n % 64) }
