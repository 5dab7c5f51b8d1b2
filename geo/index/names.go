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
