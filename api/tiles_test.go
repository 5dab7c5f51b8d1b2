package api

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/paulmach/orb/encoding/mvt"

	"yizhan/data/atlas"
	"yizhan/geo"
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
		{tilePath("station", 14), []string{"station"}},
		{tilePath("gate", 3), []string{"gate"}},
		{tilePath("base", 14), []string{"road", "green", "compound"}},
	} {
		for _, accept := range []string{"", "gzip", "br", "gzip, br"} {
			a := r.get(c.path, "Accept-Encoding", accept).want(t, 200)
			layers, err := mvt.Unmarshal(a.body)
			if err != nil {
				t.Fatalf("%s (%s): %v", c.path, accept, err)
			}
			if len(c.layers) == 1 && len(layers) != 1 && !strings.Contains(c.path, "/places/") {
				t.Errorf("%s: %d layers", c.path, len(layers))
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
		"/tiles/station/14/0/0.mvt": 204, "/tiles/station/23/0/0.mvt": 400, "/tiles/compound/1/0/0.mvt": 404, "/tiles/other.json": 404,
		"/tiles/station/1/0/0": 404, "/tiles/station/1/0/0.mvt?x=1": 400, "/tiles/gate.json?x=1": 400, "/tiles/base.pmtiles?x=1": 400,
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

// TestTilesFollowTheAtlas wants a change seen in the next tile, and the ETags
// of the tiles that it does not fall in to stay.
func TestTilesFollowTheAtlas(t *testing.T) {
	near, far := tiles.TileAt(spot(0, 0), 15), tiles.TileAt(spot(3000, 3000), 15)
	path := func(set string, at tiles.Tile) string { return fmt.Sprintf("/tiles/%s/%s.mvt", set, at) }
	extra := func(name string) func(*atlas.Parts) {
		return func(p *atlas.Parts) {
			p.Places = append(p.Places, &geo.Place{ID: "t:far", Kind: geo.KindStation, Name: name, Point: spot(3000, 3000), Station: &geo.Station{}})
		}
	}
	k := &atlas.Keeper{}
	k.Swap(town(t, extra("远")))
	r := start(t, Config{Keeper: k})
	paths := []string{
		path("places", near), path("station", near), path("gate", near), path("base", near),
		path("places", far), path("station", far), path("gate", far), path("base", far),
	}
	tags := map[string]string{}
	for _, p := range paths {
		tags[p] = r.get(p).Header.Get("ETag")
	}
	changed := func(edit func(*atlas.Parts)) string {
		k.Swap(town(t, edit))
		var list []string
		for _, p := range paths {
			a := r.get(p, "If-None-Match", tags[p])
			tag := a.Header.Get("ETag")
			if (a.StatusCode == 304) != (tag == tags[p]) && a.StatusCode != 204 {
				t.Errorf("%s: %d with ETag %s, held %s", p, a.StatusCode, tag, tags[p])
			}
			if tag != tags[p] {
				list = append(list, p)
			}
			tags[p] = tag
		}
		return strings.Join(list, " ")
	}
	for _, c := range []struct {
		name string
		edit func(*atlas.Parts)
		want []string
	}{
		{"nothing", extra("远"), nil},
		{"a name far away", extra("更远"), []string{path("places", far), path("station", far)}},
		{"a name for the whole", func(p *atlas.Parts) { extra("更远")(p); p.Name.En = "Other" }, nil},
		{"a station far away that is gone", nil, []string{path("places", far), path("station", far)}},
		{"a gate near by", func(p *atlas.Parts) {
			p.Places = append(p.Places, &geo.Place{ID: "t:g", Kind: geo.KindGate, Point: spot(0, 0), Gate: &geo.Gate{}})
		}, []string{path("places", near), path("gate", near)}},
		{"that gate gone, and another base map", func(p *atlas.Parts) { p.BaseVersion = "other" }, []string{path("places", near), path("gate", near)}},
	} {
		if got := changed(c.edit); got != strings.Join(c.want, " ") {
			t.Errorf("%s: changed are %s, want %s", c.name, got, c.want)
		}
	}
}

// TestTileEncodings wants each client to get an encoding that it takes, the
// same bytes in each, and ETags that tell them apart.
func TestTileEncodings(t *testing.T) {
	r := start(t, Config{})
	r.keeper.Swap(town(t, func(p *atlas.Parts) {
		for i := range 400 {
			p.Places = append(p.Places, &geo.Place{ID: fmt.Sprint("t:many", i), Kind: geo.KindParking, Name: fmt.Sprint("停车点 ", i%9), Point: spot(float64(i%20)*10, float64(i/20)*10), Parking: &geo.Parking{}})
		}
	}))
	for _, path := range []string{tilePath("places", 14), tilePath("base", 14)} {
		plain := r.get(path, "Accept-Encoding", "identity").want(t, 200)
		for range 3 {
			tags := map[string]bool{plain.Header.Get("ETag"): true}
			for accept, may := range map[string]string{
				"gzip": "gzip", "br": " br", "gzip, br": "gzip br", "gzip;q=0, br": " br", "br;q=0.1, gzip": "gzip", "zstd": "", "*;q=0": "",
			} {
				a := r.get(path, "Accept-Encoding", accept).want(t, 200)
				got := a.Header.Get("Content-Encoding")
				if !strings.Contains(may, got) || may == "" && got != "" {
					t.Errorf("%s: %q for %q", path, got, accept)
				}
				if !bytes.Equal(a.body, plain.body) {
					t.Errorf("%s: other bytes for %q", path, accept)
				}
				tags[a.Header.Get("ETag")] = true
				if strings.HasSuffix(strings.Trim(a.Header.Get("ETag"), `"`), "-"+got) == (got == "") {
					t.Errorf("%s: ETag %s for %q", path, a.Header.Get("ETag"), got)
				}
				head := r.do("HEAD", path, nil, "Accept-Encoding", accept).want(t, 200)
				if head.Header.Get("Content-Length") == "" || head.wire != 0 || head.Header.Get("Access-Control-Allow-Origin") != "*" {
					t.Errorf("%s: HEAD %v", path, head.Header)
				}
			}
			if len(tags) < 2 || len(tags) > 3 {
				t.Errorf("%s: ETags %v", path, tags)
			}
		}
		if st := r.server.views.cache.Stats(); st.Misses > 2 {
			t.Errorf("%+v", st)
		}
	}
}

// TestTilesAreMadeAgainWhereAnEditFell counts how often tiles are made while
// single places come, move and go.
func TestTilesAreMadeAgainWhereAnEditFell(t *testing.T) {
	r := start(t, Config{})
	editor := atlas.NewEditor(r.keeper, "")
	at := func(x, y float64) string {
		return fmt.Sprintf("/tiles/places/%s.mvt", tiles.TileAt(spot(x, y), 16))
	}
	// A tile of zoom 16 is some 470 m wide here.
	here, there, world := at(0, 0), at(2000, 2000), "/tiles/places/0/0/0.mvt"
	paths := []string{here, there, world}
	made := func() map[string]bool {
		list := map[string]bool{}
		for _, p := range paths {
			before := r.server.views.cache.Stats().Misses
			r.get(p)
			if r.server.views.cache.Stats().Misses > before {
				list[p] = true
			}
		}
		return list
	}
	made()
	place := func(x, y float64) geo.Place {
		return geo.Place{ID: "t:new", Kind: geo.KindStation, Name: "新", Point: spot(x, y), Station: &geo.Station{}, Source: geo.Source{Feed: "t", Ref: "new"}}
	}
	put := func(x, y float64) func() error {
		return func() error { _, err := editor.Put(t.Context(), place(x, y)); return err }
	}
	for _, c := range []struct {
		name string
		edit func() error
		want []string
	}{
		{"nothing", func() error { return nil }, nil},
		{"added far from both", put(9000, 9000), []string{world}},
		{"moved here", put(0, 0), []string{here, world}},
		{"moved there", put(2000, 2000), []string{here, there, world}},
		{"gone", func() error { _, err := editor.Delete(t.Context(), "t:new"); return err }, []string{there, world}},
		{"closures", func() error {
			_, err := r.keeper.Revise(func(a *atlas.Atlas) (*atlas.Atlas, error) { return a.WithClosures(nil), nil })
			return err
		}, nil},
	} {
		if err := c.edit(); err != nil {
			t.Fatal(c.name, err)
		}
		got := made()
		ok := len(got) == len(c.want)
		for _, p := range c.want {
			ok = ok && got[p]
		}
		if !ok {
			t.Errorf("%s: made %v, want %v", c.name, got, c.want)
		}
	}
}
