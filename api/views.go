package api

import (
	"context"
	"sync"

	"github.com/paulmach/orb"

	"yizhan/data/atlas"
	"yizhan/geo"
	"yizhan/geo/index"
	"yizhan/geo/route"
	"yizhan/tiles"
)

// views keeps what is derived from the current Atlas: the router, the sorted
// places, and the tiles made of them. Those of the Atlas before are kept too,
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
	router func() *route.Router
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
	v.latest[1] = v.latest[0]
	v.latest[0] = &view{
		atlas:  a,
		places: sync.OnceValue(func() *tiles.Places { return tiles.NewPlaces(a.Places, tiles.PlacesOptions{}) }),
		router: sync.OnceValue(func() *route.Router { return route.New(a.Streets, a.At, route.WithParking(baysOf(a))) }),
	}
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
			now.router()
		}
		if _, ok := <-changes; !ok {
			return
		}
	}
}

// baysOf returns the parking bays near a point, nearest first.
func baysOf(a *atlas.Atlas) func(p orb.Point, within float64) []*geo.Place {
	return func(p orb.Point, within float64) []*geo.Place {
		hits := a.Places.Nearest(index.Query{At: p, Kinds: []geo.Kind{geo.KindParking}, Within: within})
		bays := make([]*geo.Place, len(hits))
		for i, h := range hits {
			bays[i] = h.Place
		}
		return bays
	}
}
