package index

import (
	"iter"
	"maps"
	"slices"
)

// Address returns a place's address, "" where nothing is known.
func (ix *Index) Address(s Slot) string { return ix.Place(s).Address }

// Aliases yields a place's names in other languages, by the order of the
// languages' tags.
func (ix *Index) Aliases(s Slot) iter.Seq[string] {
	names := ix.Place(s).Names
	return func(yield func(string) bool) {
		for _, lang := range slices.Sorted(maps.Keys(names)) {
			if !yield(names[lang]) {
				return
			}
		}
	}
}

// Live says whether a slot holds a place: in an index made by With, those of
// places that were removed or changed hold none.
func (ix *Index) Live(s Slot) bool { return int(s) < len(ix.places) }

// Fixed is the number of slots, from 0 on, that hold in every index made by
// With from this one, or that this one was made from, what they hold here, or
// nothing.
func (ix *Index) Fixed() int { return len(ix.places) }
