package api

import (
	"sync"

	"yizhan/data/atlas"
	"yizhan/geo/index"
	"yizhan/tiles"
)

// views keeps what is derived from the current Atlas: what the pages begin
// with, and the tiles. Those of the Atlas before are kept too, for the requests
// that began with it.
type views struct {
	mu     sync.Mutex
	latest [2]*view
	// cache keeps tiles across snapshots: each says itself how long it holds.
	cache *tiles.Cache[*madeTile]
	// places makes place tiles, With the index of a snapshot.
	places *tiles.Places
}

// view is what is derived from one Atlas, each part at first use.
type view struct {
	atlas *atlas.Atlas
	about func() ([]byte, error)
	// pages are the front end's pages with the answer of /api/about inside.
	pages sync.Map // of *asset, by the page without it
}

// tileCacheBytes bounds the tiles kept in memory.
const tileCacheBytes = 64 << 20

func newViews() *views {
	return &views{
		cache:  tiles.NewCache(tileCacheBytes, func(m *madeTile) int { return madeTileCost + m.size() }),
		places: tiles.NewPlaces(new(index.Index), tiles.PlacesOptions{}),
	}
}

// of returns what is derived from an Atlas.
func (v *views) of(a *atlas.Atlas) *view {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, have := range v.latest {
		if have != nil && have.atlas == a {
			return have
		}
	}
	v.latest[1] = v.latest[0]
	v.latest[0] = &view{atlas: a, about: sync.OnceValues(func() ([]byte, error) { return aboutJSON(a) })}
	return v.latest[0]
}
