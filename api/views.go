package api

import (
	"context"
	"sync"

	"yizhan/data/atlas"
	"yizhan/tiles"
)

// views keeps what is derived from the current Atlas: the sorted places, the
// tiles made of them, and what the pages begin with. Those of the Atlas before are kept too,
// for the requests that began with it.
type views struct {
	mu     sync.Mutex
	latest [2]*view
	cache  *tiles.Cache[[]byte]
}

// view is what is derived from one Atlas, each part at first use.
type view struct {
	atlas  *atlas.Atlas
	places func() *tiles.Places
	about  func() ([]byte, error)
	// pages are the front end's pages with the answer of /api/about inside.
	pages sync.Map // of *asset, by the page without it
}

func newViews() *views {
	return &views{cache: tiles.NewCache(placeCacheBytes, func(b []byte) int { return len(b) })}
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
	places := sync.OnceValue(func() *tiles.Places { return tiles.NewPlaces(a.Places, tiles.PlacesOptions{}) })
	if before := v.latest[0]; before != nil && before.atlas.Places == a.Places {
		places = before.places // closures alone have changed
	}
	v.latest[1] = v.latest[0]
	v.latest[0] = &view{atlas: a, places: places, about: sync.OnceValues(func() ([]byte, error) { return aboutJSON(a) })}
	return v.latest[0]
}

// follow derives what is needed from each new Atlas before the first request
// asks for it, until ctx ends.
func (v *views) follow(ctx context.Context, keeper *atlas.Keeper) {
	changes := keeper.Subscribe(ctx)
	for {
		if a := keeper.Current(); a != nil {
			now := v.of(a)
			now.places()
		}
		if _, ok := <-changes; !ok {
			return
		}
	}
}
