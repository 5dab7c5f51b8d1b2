package api

import (
	"github.com/paulmach/orb"

	"yizhan/data/atlas"
)

// shown notes that a snapshot shows the tile.
func (m *madeTile) shown(a *atlas.Atlas) {
	version := a.Version
	m.version.Store(&version)
}

// holds says whether a tile of places is what a snapshot shows. reach is the
// area whose places it shows.
func (m *madeTile) holds(a *atlas.Atlas, _ orb.Bound) bool {
	return *m.version.Load() == a.Version
}
