package api

import (
	"sync"
	"weak"

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

// view is what is derived from one Atlas, each part at first use. It holds no
// Atlas in memory.
type view struct {
	atlas weak.Pointer[atlas.Atlas]
	// told is the answer of /api/about.
	told  sync.Once
	about []byte
	err   error
	// pages are the front end's pages with the answer of /api/about inside.
	pages sync.Map // of *asset, by the page without it
}

// tileCacheBytes bounds the tiles kept in memory.
const tileCacheBytes = 48 << 20

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
	key := weak.Make(a)
	for _, have := range v.latest {
		if have != nil && have.atlas == key {
			return have
		}
	}
	v.latest[1] = v.latest[0]
	v.latest[0] = &view{atlas: key}
	return v.latest[0]
}

// aboutOf returns the answer of /api/about for the Atlas that the view is of.
func (v *view) aboutOf(a *atlas.Atlas) ([]byte, error) {
	v.told.Do(func() { v.about, v.err = aboutJSON(a) })
	return v.about, v.err
}
