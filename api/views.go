package api

import (
	"sync"

	"github.com/paulmach/orb"

	"yizhan/data/atlas"
	"yizhan/geo"
	"yizhan/geo/index"
	"yizhan/geo/route"
	"yizhan/tiles"
)

// views keeps what is derived from the current Atlas: the router, the sorted
// places, and the tiles made of them.
type views struct {
	mu      sync.Mutex
	current *view
	cache   *tiles.Cache[[]byte]
}

// view is what is derived from one Atlas, each part at first use.
type view struct {
	of     *atlas.Atlas
	places func() *tiles.Places
	router func() *route.Router
}

func newViews() *views {
	return &views{cache: tiles.NewCache(placeCacheBytes, func(b []byte) int { return len(b) })}
}

// view returns what is derived from an Atlas.
func (v *views) view(a *atlas.Atlas) *view {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.current == nil || v.current.of != a {
		v.current = &view{
			of:     a,
			places: sync.OnceValue(func() *tiles.Places { return tiles.NewPlaces(a.Places, tiles.PlacesOptions{}) }),
			router: sync.OnceValue(func() *route.Router { return route.New(a.Streets, a.At, route.WithParking(baysOf(a))) }),
		}
	}
	return v.current
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
