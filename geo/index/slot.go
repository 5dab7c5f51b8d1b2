package index

import (
	"iter"

	"github.com/paulmach/orb"

	"yizhan/geo"
	"yizhan/geo/pack"
)

// Run is the slots from one on and before another. Those of the base are in the
// order of the curve, so that neighbours are mostly in one run.
type Run struct{ From, Until Slot }

// Len is how many slots there are.
func (r Run) Len() int { return int(r.Until - r.From) }

// Place returns the place in a slot, made anew each time, which takes about a
// microsecond: hot loops ask for what they need. It comes back as it was
// given, its position rounded to 1e-7 degrees and its longitude within ±180°,
// its times in UTC, empty lists and maps nil.
func (ix *Index) Place(s Slot) *geo.Place {
	seg, row := ix.at(s)
	return seg.table.Place(row)
}

func (ix *Index) text(s Slot, f pack.Field) string {
	row, _ := ix.Row(s)
	return row.Text(f)
}

// ID returns a place's ID.
func (ix *Index) ID(s Slot) string {
	seg, row := ix.at(s)
	return seg.table.ID(row)
}

// Name returns what a place is called where it stands.
func (ix *Index) Name(s Slot) string { return ix.text(s, pack.Name) }

// Kind returns a place's kind.
func (ix *Index) Kind(s Slot) geo.Kind {
	seg, row := ix.at(s)
	for i := range seg.layers {
		if l := &seg.layers[i]; row < int(l.until) {
			return l.kind
		}
	}
	return geo.Kind(ix.text(s, pack.Kind)) // it is unplaced
}

// Point returns a place's position, WGS-84 lon,lat, rounded to 1e-7 degrees.
func (ix *Index) Point(s Slot) orb.Point {
	seg, row := ix.at(s)
	return seg.table.Position(row).Point()
}

// Position returns a place's position in steps of 1e-7 degrees.
func (ix *Index) Position(s Slot) pack.Position {
	seg, row := ix.at(s)
	return seg.table.Position(row)
}

// Placed says whether a place has a position.
func (ix *Index) Placed(s Slot) bool {
	seg, row := ix.at(s)
	return row < len(seg.codes)
}

// Hours returns a place's opening_hours, "" where nothing is known.
func (ix *Index) Hours(s Slot) string { return ix.text(s, pack.Hours) }

// Compound returns the ID of the compound that a place lies in, "" outside.
func (ix *Index) Compound(s Slot) string { return ix.text(s, pack.Compound) }

// Address returns a place's address, "" where nothing is known.
func (ix *Index) Address(s Slot) string { return ix.text(s, pack.Address) }

// District returns the district that a place lies in, "" where nothing is
// known.
func (ix *Index) District(s Slot) string { return ix.text(s, pack.District) }

// Aliases yields a place's names in other languages, by the order of the
// languages' tags.
func (ix *Index) Aliases(s Slot) iter.Seq[string] {
	names := pack.Reader{Rest: ix.text(s, pack.Names)}
	return func(yield func(string) bool) {
		for r := names; !r.Done(); {
			r.Text() // the tag
			if !yield(r.Text()) {
				return
			}
		}
	}
}

// Valid bounds a dated service; nil where the place always stands.
func (ix *Index) Valid(s Slot) *geo.Period {
	row, _ := ix.Row(s)
	return row.Valid()
}

// Has says whether a place offers every one of the facilities.
func (ix *Index) Has(s Slot, all []geo.Facility) bool {
	seg, row := ix.at(s)
	return seg.table.Has(row, all, pack.OfferBits(all))
}

// Class is what a style tells the places of one kind apart by: a station's
// type, a gate's barrier or "inferred"; "" where there is none.
func (ix *Index) Class(s Slot) string {
	row, _ := ix.Row(s)
	return row.Class()
}
