package api

import (
	"fmt"
	"strings"
	"testing"

	"github.com/paulmach/orb/encoding/mvt"

	"yizhan/data/atlas"
	"yizhan/tiles"
)

func tilePath(set string, z uint8) string {
	t := tiles.TileAt(spot(0, 0), z)
	return fmt.Sprintf("/tiles/%s/%d/%d/%d.mvt", set, t.Z, t.X, t.Y)
}

func TestTiles(t *testing.T) {
	r := start(t, Config{})
	for _, c := range []struct {
		path   string
		layers []string
	}{
		{tilePath("places", 14), []string{"station", "gate", "parking"}},
		{tilePath("places", 3), []string{"station"}},
		{tilePath("base", 14), []string{"road", "green", "compound"}},
	} {
		for _, accept := range []string{"", "gzip", "br", "gzip, br"} {
			a := r.get(c.path, "Accept-Encoding", accept).want(t, 200)
			layers, err := mvt.Unmarshal(a.body)
			if err != nil {
				t.Fatalf("%s (%s): %v", c.path, accept, err)
			}
			have := map[string]int{}
			for _, l := range layers {
				have[l.Name] = len(l.Features)
				if l.Version != 2 || l.Extent != 4096 {
					t.Errorf("%s: version %d, extent %d", c.path, l.Version, l.Extent)
				}
			}
			for _, want := range c.layers {
				if have[want] == 0 {
					t.Errorf("%s: no layer %s in %v", c.path, want, have)
				}
			}
			tag := a.Header.Get("ETag")
			if again := r.get(c.path, "Accept-Encoding", accept, "If-None-Match", tag).want(t, 304); again.Header.Get("ETag") != tag {
				t.Errorf("%s: 304 with ETag %s, want %s", c.path, again.Header.Get("ETag"), tag)
			}
			if a.Header.Get("Vary") != "Accept-Encoding" {
				t.Errorf("%s: Vary %q", c.path, a.Header.Get("Vary"))
			}
		}
	}
	for path, status := range map[string]int{
		"/tiles/places/14/0/0.mvt": 204, "/tiles/base/14/0/0.mvt": 204, "/tiles/base/3/1/1.mvt": 404, "/tiles/base/16/1/1.mvt": 404,
		"/tiles/places/23/0/0.mvt": 400, "/tiles/places/1/2/0.mvt": 400, "/tiles/places/1/0/2.mvt": 400, "/tiles/places/-1/0/0.mvt": 400,
		"/tiles/places/01/0/0.mvt": 400, "/tiles/places/1/0/0.png": 404, "/tiles/places/1/0/0": 404, "/tiles/other/1/0/0.mvt": 404,
		"/tiles/places/1/0.mvt": 404, "/tiles/base/99999999999/0/0.mvt": 400, "/tiles/base/1/99999999999999999999/0.mvt": 400,
	} {
		if a := r.get(path); a.StatusCode != status {
			t.Errorf("%s: %d, want %d", path, a.StatusCode, status)
		}
	}
}

func TestTileJSON(t *testing.T) {
	r := start(t, Config{})
	for _, set := range []string{"places", "base"} {
		var doc tiles.TileJSON
		r.get("/tiles/"+set+".json").want(t, 200).decode(t, &doc)
		if want := r.base + "/tiles/" + set + "/{z}/{x}/{y}.mvt"; doc.Tiles[0] != want {
			t.Errorf("%s: tiles at %s, want %s", set, doc.Tiles[0], want)
		}
		if len(doc.VectorLayers) == 0 || doc.Attribution == "" || doc.MinZoom > doc.MaxZoom {
			t.Errorf("%s: %+v", set, doc)
		}
		first := strings.NewReplacer("{z}", "14", "{x}", fmt.Sprint(tiles.TileAt(spot(0, 0), 14).X), "{y}", fmt.Sprint(tiles.TileAt(spot(0, 0), 14).Y)).Replace(doc.Tiles[0])
		r.get(strings.TrimPrefix(first, r.base)).want(t, 200)
	}
	var doc tiles.TileJSON
	r.get("/tiles/base.json", "X-Forwarded-Proto", "https").want(t, 200).decode(t, &doc)
	if !strings.HasPrefix(doc.Tiles[0], "https://") {
		t.Errorf("behind a TLS proxy: %s", doc.Tiles[0])
	}

	bare := start(t, Config{Keeper: func() *atlas.Keeper {
		k := &atlas.Keeper{}
		k.Swap(town(t, func(p *atlas.Parts) { p.Base = nil }))
		return k
	}()})
	bare.get("/tiles/base.json").want(t, 404)
	bare.get("/tiles/base/14/0/0.mvt").want(t, 404)
	bare.get("/tiles/places.json").want(t, 200)
	var about struct{ Base any }
	bare.get("/api/about").want(t, 200).decode(t, &about)
	if about.Base != nil {
		t.Errorf("about.base: %v", about.Base)
	}
}

// TestTilesFollowTheAtlas wants a change seen in the next tile.
func TestTilesFollowTheAtlas(t *testing.T) {
	r := start(t, Config{})
	path := tilePath("places", 14)
	first := r.get(path).want(t, 200)
	r.keeper.Swap(town(t, func(p *atlas.Parts) { p.Places = p.Places[:2] }))
	second := r.get(path, "If-None-Match", first.Header.Get("ETag")).want(t, 200)
	if string(first.body) == string(second.body) {
		t.Error("the tile did not change")
	}
}
