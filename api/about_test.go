package api

import (
	"testing"

	"yizhan/data/atlas"
)

func TestAbout(t *testing.T) {
	r := start(t, Config{})
	a := r.get("/api/about").want(t, 200)
	var got struct {
		Name   struct{ Zh, En string }
		Demo   bool
		Zone   string
		Bounds [4]float64
		Center [2]float64
		Kinds  []struct {
			ID    string
			Count int
		}
		Base struct {
			Min int `json:"min_zoom"`
			Max int `json:"max_zoom"`
		}
	}
	a.decode(t, &got)
	if got.Name.Zh != "测试镇" || !got.Demo || got.Zone != "Asia/Shanghai" || got.Base.Min != 5 || got.Base.Max != 15 {
		t.Errorf("%+v", got)
	}
	if c := got.Center; c[0] < got.Bounds[0] || c[0] > got.Bounds[2] || c[1] < got.Bounds[1] || c[1] > got.Bounds[3] {
		t.Errorf("centre %v outside %v", c, got.Bounds)
	}
	counts := map[string]int{}
	for _, k := range got.Kinds {
		counts[k.ID] = k.Count
	}
	if counts["station"] != 8 || counts["gate"] != 2 {
		t.Errorf("counts %v", counts)
	}
	r.get("/api/about", "If-None-Match", a.Header.Get("ETag")).want(t, 304)
	r.keeper.Swap(town(t, func(p *atlas.Parts) { p.Places = p.Places[:3] }))
	r.get("/api/about", "If-None-Match", a.Header.Get("ETag")).want(t, 200)
}

// TestNothingLoaded wants every answer about data to be 503 before there is
// any.
func TestNothingLoaded(t *testing.T) {
	r := start(t, Config{Keeper: &atlas.Keeper{}})
	for _, path := range []string{"/api/about", "/api/nearest?at=1,1", "/api/places/x", "/api/route?from=1,1&to=2,2", "/api/search?q=x",
		"/api/coverage?radius=500", "/layers/station.geojson", "/tiles/places.json", "/tiles/base/1/1/1.mvt", "/api/events"} {
		r.get(path).want(t, 503)
	}
	r.get("/").want(t, 200)
	r.get("/docs").want(t, 200)
}

// TestEmptyAtlas serves a server that holds nothing at all.
func TestEmptyAtlas(t *testing.T) {
	k := &atlas.Keeper{}
	k.Swap(atlas.New(atlas.Parts{}))
	r := start(t, Config{Keeper: k})
	for _, path := range []string{"/api/about", "/api/nearest?at=1,1", "/api/search?q=x", "/api/coverage?radius=500",
		"/layers/station.geojson", "/layers/compound.geojson", "/layers/building.geojson", "/tiles/places.json", "/metrics"} {
		r.get(path).want(t, 200)
	}
	r.get("/tiles/places/1/1/1.mvt").want(t, 204)
	r.get("/api/places/x").want(t, 404)
	r.get("/api/nearest?at=1,1&by=foot").want(t, 404)
}
