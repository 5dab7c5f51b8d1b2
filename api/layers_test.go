package api

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

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
