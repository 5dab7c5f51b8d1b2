package api

import (
	"yizhan/data/atlas"
	"yizhan/tiles"
)

// shown notes that a snapshot shows the tile.
func (m *madeTile) shown(a *atlas.Atlas) { m.since.Store(a.Sequence) }

// holds says whether a tile of places is what a snapshot shows, or a younger
// one did: whether no place was changed since in reach, the area whose places
// it shows.
func (m *madeTile) holds(a *atlas.Atlas, places *tiles.Places, t tiles.Tile) bool {
	since := m.since.Load()
	if since >= a.Sequence {
		return true
	}
	if a.Touched(since, places.Reach(t)) {
		return false
	}
	// Who comes next asks about fewer changes. Another may have been faster, or
	// know a younger snapshot: then that stands.
	m.since.CompareAndSwap(since, a.Sequence)
	return true
}

// copied says whether a tile of the base map is that of a snapshot.
func (m *madeTile) copied(a *atlas.Atlas) bool {
	content := a.BaseContent()
	return m.base == content && content != [len(content)]byte{}
}
