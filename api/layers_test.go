package api

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"yizhan/data/atlas"
	"yizhan/geo"
	"yizhan/geo/datum"
)

func TestLayers(t *testing.T) {
	r := start(t, Config{})
	for _, c := range []struct {
		path string
		n    int
	}{
		{"station.geojson", 8}, // the unplaced one is not on the map
		{"gate.geojson", 2}, {"charger.geojson", 1}, {"bus_stop.geojson", 1}, {"parking.geojson", 2}, {"shared_bike.geojson", 1},
		{"compound.geojson", 1}, {"building.geojson", 2},
		{"station.geojson?limit=3", 3},
		{"building.geojson?limit=1", 1},
		{"station.geojson?bbox=" + at(-350, -50) + "," + at(-50, 50), 2},
		{"station.geojson?bbox=100,0,101,1", 0},
		{"station.geojson?bbox=170,-10,-170,10", 0},
		{"station.geojson?bbox=116,39,-170,41", 8},
		{"building.geojson?bbox=" + at(0, 0) + "," + at(300, 300), 1},
		{"building.geojson?bbox=" + at(170, 170) + "," + at(182, 172), 1},
		{"compound.geojson?bbox=" + at(240, 240) + "," + at(300, 300), 1},
		{"compound.geojson?bbox=" + at(260, 260) + "," + at(300, 300), 0},
	} {
		a := r.get("/layers/"+c.path).want(t, 200)
		var got collection
		a.decode(t, &got)
		if len(got.Features) != c.n {
			t.Errorf("%s: %s, want %d", c.path, got.ids(), c.n)
		}
		if strings.Contains(string(a.body), `"open":`) || strings.Contains(string(a.body), `"access":`) {
			t.Errorf("%s holds what changes by the minute", c.path)
		}
	}
	for _, name := range []string{"nothing.geojson", "station.json", "station", ".geojson", "STATION.geojson", "street.geojson"} {
		r.get("/layers/"+name).want(t, 404)
	}
}

// TestLayerBoxInAnotherDatum draws a tight box in GCJ-02 around one station.
func TestLayerBoxInAnotherDatum(t *testing.T) {
	r := start(t, Config{})
	for _, d := range []datum.Datum{datum.GCJ02, datum.BD09} {
		p := d.FromWGS84(spot(-100, 20))
		var got collection
		r.get(fmt.Sprintf("/layers/station.geojson?datum=%s&bbox=%.7f,%.7f,%.7f,%.7f", d, p[0]-1e-5, p[1]-1e-5, p[0]+1e-5, p[1]+1e-5)).want(t, 200).decode(t, &got)
		if got.ids() != "t:s1" {
			t.Fatalf("%s: %q", d, got.ids())
		}
		var q orb.Point
		if err := json.Unmarshal(got.Features[0].Geometry.Coordinates, &q); err != nil {
			t.Fatal(err)
		}
		if off := geo.Distance(p, q); off > 0.1 {
			t.Errorf("%s: %g m off", d, off)
		}
	}
}

// TestLayerKeepsItsTag wants a layer's ETag the same whatever the time.
func TestLayerKeepsItsTag(t *testing.T) {
	now := noon
	r := start(t, Config{Now: func() time.Time { return now }})
	first := r.get("/layers/station.geojson").want(t, 200).Header.Get("ETag")
	now = noon.AddDate(0, 0, 1)
	r.get("/layers/station.geojson", "If-None-Match", `"x", W/`+first).want(t, 304)
	if other := r.get("/layers/gate.geojson", "If-None-Match", first).want(t, 200).Header.Get("ETag"); other == first {
		t.Error("two layers share an ETag")
	}
}

// TestLayerBoxes: of a layer too large for one piece, a box with few features
// is answered in one, with its length; either way what is in the box is there.
func TestLayerBoxes(t *testing.T) {
	keeper := &atlas.Keeper{}
	a := town(t, func(p *atlas.Parts) { p.Places = crowd(5*bulkFeatures, 3) })
	keeper.Swap(a)
	r := start(t, Config{Keeper: keeper})
	for _, c := range []struct {
		name           string
		x0, y0, x1, y1 float64
		query          string
		most           int
		whole          bool
	}{
		{"few", -105, -105, 105, 105, "", 1 << 30, true},
		{"none", 5000, 5000, 6000, 6000, "", 1 << 30, true},
		{"all", -700, -700, 700, 700, "", 1 << 30, false},
		{"bounded", -700, -700, 700, 700, "&limit=300", 300, true},
		{"more than one piece, bounded", -700, -700, 700, 700, fmt.Sprint("&limit=", bulkFeatures+123), bulkFeatures + 123, false},
		{"in another datum", -105, -105, 105, 105, "&datum=gcj02", 1 << 30, true},
		{"in another datum, all", -5000, -5000, 5000, 5000, "&datum=gcj02", 1 << 30, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			sw, ne := spot(c.x0, c.y0), spot(c.x1, c.y1)
			path := fmt.Sprintf("/layers/station.geojson?bbox=%.7f,%.7f,%.7f,%.7f%s", sw[0], sw[1], ne[0], ne[1], c.query)
			q, err := url.ParseQuery(path[strings.IndexByte(path, '?')+1:])
			if err != nil {
				t.Fatal(err)
			}
			d := datum.WGS84
			if v := q.Get("datum"); v != "" {
				d = datum.Datum(v)
			}
			want := map[string]bool{}
			for s := range a.Places.All(geo.KindStation) {
				p := d.FromWGS84(a.Places.Point(s))
				if p[0] >= sw[0]-1e-9 && p[0] <= ne[0]+1e-9 && p[1] >= sw[1]-1e-9 && p[1] <= ne[1]+1e-9 {
					want[a.Places.ID(s)] = true
				}
			}
			got := r.get(path).want(t, 200)
			var all collection
			got.decode(t, &all)
			seen := map[string]bool{}
			for _, f := range all.Features {
				if seen[f.ID] || !want[f.ID] {
					t.Errorf("%s is twice in it, or outside", f.ID)
				}
				seen[f.ID] = true
			}
			if len(seen) != min(len(want), c.most) {
				t.Errorf("%d features, want %d", len(seen), min(len(want), c.most))
			}
			if c.whole != (got.ContentLength >= 0) {
				t.Errorf("%d features with length %d", len(seen), got.ContentLength)
			}
			head := r.do(http.MethodHead, path, nil).want(t, 200)
			if head.Header.Get("ETag") != got.Header.Get("ETag") || c.whole && head.ContentLength != got.ContentLength || len(head.body) > 0 {
				t.Errorf("HEAD: %d bytes, ETag %s, want %d and %s", head.ContentLength, head.Header.Get("ETag"), got.ContentLength, got.Header.Get("ETag"))
			}
			r.get(path, "If-None-Match", got.Header.Get("ETag")).want(t, 304)
			r.get(path, "Accept-Encoding", "br").want(t, 200)
		})
	}
	if n := r.server.held.count(); n != 0 {
		t.Errorf("%d bytes are still counted as held", n)
	}
}
