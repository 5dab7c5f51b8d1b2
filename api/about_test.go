package api

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/paulmach/orb"

	"yizhan/data/atlas"
	"yizhan/geo"
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

// TestPageBeginsWithAbout: a page that has a place for it carries the answer
// of /api/about, the current one, and no other page does.
func TestPageBeginsWithAbout(t *testing.T) {
	pages := fstest.MapFS{
		"index.html": {Data: []byte("<head><!--about--><script>go()</script></head>" + strings.Repeat("<p>filler</p>", 200))},
		"embed.html": {Data: []byte("<title>embed</title>")},
	}
	r := start(t, Config{Static: pages})
	inside := func() (tag, about string) {
		t.Helper()
		a := r.get("/", "Accept-Encoding", "br").want(t, 200)
		_, rest, ok := strings.Cut(string(a.body), `<script type="application/json" id="about">`)
		if !ok {
			t.Fatalf("no about in %.120q", a.body)
		}
		about, _, _ = strings.Cut(rest, "</script>")
		if got := string(r.get("/api/about").want(t, 200).body); got != about {
			t.Errorf("the page holds %.80q, /api/about says %.80q", about, got)
		}
		if csp := a.Header.Get("Content-Security-Policy"); strings.Count(csp, "sha256-") != 1 {
			t.Errorf("the policy allows other than the one script: %s", csp)
		}
		return a.Header.Get("ETag"), about
	}
	tag, _ := inside()
	r.get("/", "Accept-Encoding", "br", "If-None-Match", tag).want(t, 304)
	hostile := atlas.New(atlas.Parts{Name: geo.Text{Zh: "</script><script>alert(1)</script>", En: "x"}})
	r.keeper.Swap(hostile)
	again, about := inside()
	if again == tag {
		t.Error("the page of other data has the same ETag")
	}
	if strings.Contains(about, "<") {
		t.Errorf("a name can end the script element: %s", about)
	}
	if body := string(r.get("/embed").want(t, 200).body); strings.Contains(body, "about") {
		t.Errorf("embed: %s", body)
	}
}

// TestHeart: a map begins where stations are dense, not in the middle of what
// is far apart.
func TestHeart(t *testing.T) {
	at := func(kind geo.Kind, lon, lat float64) *geo.Place {
		return &geo.Place{ID: fmt.Sprint(kind, lon, lat), Kind: kind, Name: "x", Point: orb.Point{lon, lat}}
	}
	near := atlas.New(atlas.Parts{Places: []*geo.Place{
		at(geo.KindStation, 113.001, 34.001), at(geo.KindStation, 113.002, 34.001), at(geo.KindStation, 113.003, 34.001),
		at(geo.KindStation, 115, 36), at(geo.KindGate, 120, 30), at(geo.KindGate, 120.0001, 30), at(geo.KindGate, 120.0002, 30), at(geo.KindGate, 120.0003, 30),
	}})
	if c := heart(near); geo.Distance(c, orb.Point{113.002, 34.001}) > 200 {
		t.Errorf("the heart of the stations is %v", c)
	}
	gates := atlas.New(atlas.Parts{Places: []*geo.Place{at(geo.KindGate, 120, 30), at(geo.KindGate, 120.0001, 30), at(geo.KindGate, 100, 20)}})
	if c := heart(gates); geo.Distance(c, orb.Point{120, 30}) > 200 {
		t.Errorf("without stations the heart is %v", c)
	}
	if c := heart(atlas.New(atlas.Parts{})); c != (orb.Point{0, 0}) {
		t.Errorf("of nothing: %v", c)
	}
}
