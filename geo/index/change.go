package index

import (
	"slices"

	"yizhan/geo"
)

// With returns an index that differs by a few places: those put are added or
// take the place of the one with their ID, those whose IDs are to be removed
// are not in it. Of places that share an ID the last one counts; one that is
// put and removed is put. It shares the rest with ix, and takes time by the
// Changes that there are then.
func (ix *Index) With(put []*geo.Place, remove []string) *Index {
	if ix.base == nil {
		return Build(put)
	}
	gone := make(map[string]bool, len(put)+len(remove))
	for _, id := range remove {
		gone[id] = true
	}
	for _, p := range put {
		if p != nil {
			gone[p.ID] = true
		}
	}
	b := NewBuilder()
	if ix.delta != nil {
		for row := range ix.delta.table.Len() {
			if !gone[ix.delta.table.ID(row)] {
				b.copy(ix.delta.table, row)
			}
		}
	}
	for _, p := range put {
		b.Add(p)
	}
	dead := slices.Clone(ix.dead)
	for id := range gone {
		if row, ok := ix.base.find(id); ok && !ix.isDead(row) {
			dead = append(dead, row)
		}
	}
	slices.Sort(dead)
	var delta *segment
	if b.rows.Len() > 0 {
		delta = b.segment(1)
	}
	next := newIndex(ix.base, delta, dead)
	next.rooms = ix.rooms
	return next
}

// Changes is how many places stand beside the base or are dead in it. Queries
// slow down a little by them, and the next With by each.
func (ix *Index) Changes() int {
	n := len(ix.dead)
	if ix.delta != nil {
		n += ix.delta.table.Len()
	}
	return n
}

// Compacted returns an index of the same places without Changes; its slots are
// others. It takes about as long as building anew, on one processor.
func (ix *Index) Compacted() *Index {
	b := NewBuilder()
	if ix.base != nil {
		for row := range ix.base.table.Len() {
			if !ix.isDead(uint32(row)) {
				b.copy(ix.base.table, row)
			}
		}
	}
	if ix.delta != nil {
		for row := range ix.delta.table.Len() {
			b.copy(ix.delta.table, row)
		}
	}
	return b.BuildWith(1)
}
