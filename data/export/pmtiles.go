package export

import (
	"context"
	"io"

	"yizhan/data/atlas"
	"yizhan/geo"
	"yizhan/geo/index"
	"yizhan/tiles"
	"yizhan/tiles/pmtiles"
)

// PMTiles writes vector tiles of places into one archive, which a browser reads
// by ranges from any web server; a layer for each kind. Only kinds of place are
// taken; nil stands for all of them. Places without a position are left out.
func PMTiles(ctx context.Context, w io.Writer, a *atlas.Atlas, opt Options) ([]Count, error) {
	j := newJob(ctx, a, opt, Places())
	j.opt.Progress = nil
	if err := CheckPlaces(j.opt.Collections); err != nil {
		return nil, err
	}
	if err := inWGS84(j.opt, "PMTiles"); err != nil {
		return nil, err
	}
	counts := make([]Count, len(j.opt.Collections))
	kinds := make([]geo.Kind, len(counts))
	var chosen []*geo.Place
	for i, c := range j.opt.Collections {
		counts[i].Collection, kinds[i] = c, c.Kind()
		err := j.places(kinds[i], func(s index.Slot) error {
			if !a.Places.Placed(s) {
				counts[i].Left++
				return nil
			}
			counts[i].Features++
			if j.opt.Box != nil {
				chosen = append(chosen, a.Places.Place(s))
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	ix := a.Places
	if j.opt.Box != nil {
		ix = index.Build(chosen)
	}
	out := pmtiles.NewWriter(w, j.opt.Dir)
	defer out.Close()
	return counts, tiles.WritePlaces(ctx, ix, tiles.PlacesArchiveOptions{
		Kinds: kinds, Name: a.Name.In(geo.Chinese), Attribution: a.Attribution,
	}, out)
}
