package api

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"yizhan/geo"
	"yizhan/geo/datum"
)

type feature struct {
	ID       string
	Geometry *struct {
		Type        string
		Coordinates json.RawMessage
	}
	Properties map[string]any
}

func TestPlaces(t *testing.T) {
	r := start(t, Config{})
	for _, c := range []struct{ id, geometry, kind, name string }{
		{"t:s1", "Point", "station", "喜乐驿站"},
		{"t:s6", "Point", "station", "去年的活动"},
		{"t:中文/斜杠%", "Point", "parking", "怪编号"},
		{southGate, "Point", "gate", "南门"},
		{compoundID, "MultiPolygon", "compound", "锦绣苑"},
		{buildingID, "Polygon", "building", ""},
		{"t:s8", "", "station", "未定点"},
	} {
		var f feature
		r.get("/api/places/"+url.PathEscape(c.id)).want(t, 200).decode(t, &f)
		geometry := ""
		if f.Geometry != nil {
			geometry = f.Geometry.Type
		}
		if f.ID != c.id || geometry != c.geometry || f.Properties["kind"] != c.kind || f.Properties["name"] != c.name {
			t.Errorf("%s: %s %v", c.id, geometry, f.Properties)
		}
	}
	for _, id := range []string{"nothing", "osm:w999", "t:s1x", "%E4%B8%AD"} {
		a := r.get("/api/places/"+id, "Accept-Language", "en").want(t, 404)
		if !strings.Contains(string(a.body), "/api/search") {
			t.Errorf("%s: does not say what to do: %s", id, a.body)
		}
	}
}

func TestPlaceDetails(t *testing.T) {
	r := start(t, Config{})
	var f feature
	r.get("/api/places/"+compoundID).want(t, 200).decode(t, &f)
	gates := f.Properties["gates"].([]any)
	if len(gates) != 2 {
		t.Fatalf("gates: %v", gates)
	}
	for _, g := range gates {
		gate := g.(map[string]any)
		if gate["gate"].(map[string]any)["access"] == nil || gate["open"] == nil {
			t.Errorf("gate without access or state: %v", gate)
		}
	}
	r.get("/api/places/"+buildingID).want(t, 200).decode(t, &f)
	if c := f.Properties["compound"].(map[string]any); c["id"] != compoundID || c["name"] != "锦绣苑" {
		t.Errorf("the building's compound: %v", c)
	}
	if e := f.Properties["entrances"].([]any)[0].(map[string]any); e["unit"] != "1" {
		t.Errorf("entrance: %v", e)
	}
	r.get("/api/places/t:s9").want(t, 200).decode(t, &f)
	if c, ok := f.Properties["compound"].(map[string]any); !ok || c["id"] != compoundID {
		t.Errorf("the station inside: %v", f.Properties)
	}
	// What is over is closed for good; what is to come opens with its hours.
	for id, want := range map[string]string{
		"t:s6": `{"state":"closed"}`,
		"t:s5": `{"next":"open","state":"closed","until":"2026-05-12T09:00:00+08:00"}`,
	} {
		r.get("/api/places/"+id).want(t, 200).decode(t, &f)
		if got, err := json.Marshal(f.Properties["open"]); err != nil || string(got) != want {
			t.Errorf("%s: open %s, want %s", id, got, want)
		}
	}
}

func TestPlaceInAnotherDatum(t *testing.T) {
	r := start(t, Config{})
	var f feature
	r.get("/api/places/t:s1?datum=gcj02").want(t, 200).decode(t, &f)
	var p orb.Point
	if err := json.Unmarshal(f.Geometry.Coordinates, &p); err != nil {
		t.Fatal(err)
	}
	if off := geo.Distance(p, datum.GCJ02.FromWGS84(spot(-100, 20))); off > 0.1 {
		t.Errorf("%v is %g m off", p, off)
	}
	var q orb.MultiPolygon
	r.get("/api/places/"+compoundID+"?datum=bd09").want(t, 200).decode(t, &f)
	if err := json.Unmarshal(f.Geometry.Coordinates, &q); err != nil {
		t.Fatal(err)
	}
	if off := geo.Distance(q[0][0][0], datum.BD09.FromWGS84(spot(50, 50))); off > 0.1 {
		t.Errorf("perimeter %v is %g m off", q[0][0][0], off)
	}
}
