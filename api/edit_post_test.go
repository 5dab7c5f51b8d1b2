package api

import (
	"bufio"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"yizhan/data/atlas"
)

// placeAnswer is as much of a place as the tests look at.
type placeAnswer struct {
	ID         string
	Geometry   *struct{ Coordinates [2]float64 }
	Properties map[string]any
}

// placeBody is a station at a position.
func placeBody(name string, lon, lat float64, more string) string {
	return fmt.Sprintf(`{"type":"Feature","geometry":{"type":"Point","coordinates":[%.7f,%.7f]},"properties":{"kind":"station","name":%q%s}}`, lon, lat, name, more)
}

// TestAddPlace enters a place and asks for it everywhere, then starts again on
// the same folder.
func TestAddPlace(t *testing.T) {
	dir := townFolder(t)
	r := startFolder(t, dir)
	tile := r.get("/layers/station.geojson").Header.Get("ETag")
	var p placeAnswer
	a := r.send("/api/places", placeBody("新驿站 <b>", 116.5, 39.9, `,"hours":"Mo-Su 00:00-24:00","facilities":["rest"],"station":{"type":"hub"}`), "Content-Type", "application/geo+json").want(t, 201)
	a.decode(t, &p)
	if !strings.HasPrefix(p.ID, "entered:") || a.Header.Get("Location") != "/api/places/"+strings.ReplaceAll(p.ID, ":", "%3A") && a.Header.Get("Location") != "/api/places/"+p.ID {
		t.Errorf("%s at %s", p.ID, a.Header.Get("Location"))
	}
	if s := p.Properties["source"].(map[string]any)["feed"]; s != "entered" {
		t.Errorf("of the feed %v", s)
	}
	here := func(r *rig) {
		t.Helper()
		for _, path := range []string{"/api/nearest?limit=1&at=116.5,39.9", "/layers/station.geojson", "/api/search?q=" + "%E6%96%B0%E9%A9%BF%E7%AB%99", "/api/places/" + p.ID} {
			if b := r.get(path).want(t, 200); !strings.Contains(string(b.body), p.ID) {
				t.Errorf("%s does not have it: %.300s", path, b.body)
			}
		}
	}
	here(r)
	if got := r.get("/layers/station.geojson", "If-None-Match", tile); got.StatusCode != 200 {
		t.Errorf("the layer is said to be unchanged: %d", got.StatusCode)
	}
	// What GET gives of it is what POST gave, and the same ETag.
	if got := r.get(a.Header.Get("Location")).want(t, 200); string(got.body) != string(a.body) || got.Header.Get("ETag") != a.Header.Get("ETag") {
		t.Errorf("POST %s %s\nGET  %s %s", a.Header.Get("ETag"), a.body, got.Header.Get("ETag"), got.body)
	}
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	here(startFolder(t, dir))
}

// TestAddPlaceInAnotherDatum sends and reads a position of another map.
func TestAddPlaceInAnotherDatum(t *testing.T) {
	r := start(t, Config{Token: secret})
	var p placeAnswer
	a := r.send("/api/places?datum=gcj02", placeBody("火星", 116.5, 39.9, "")).want(t, 201)
	a.decode(t, &p)
	if c := p.Geometry.Coordinates; c[0] < 116.4999 || c[0] > 116.5001 || c[1] < 39.8999 || c[1] > 39.9001 {
		t.Errorf("sent 116.5,39.9 and back comes %v", c)
	}
	r.get("/api/places/"+p.ID).decode(t, &p)
	if c := p.Geometry.Coordinates; c[0] > 116.499 {
		t.Errorf("in WGS-84 it is at %v", c)
	}
}

// TestAddPlaceTellsBrowsers wants an event that names the layer.
func TestAddPlaceTellsBrowsers(t *testing.T) {
	r := start(t, Config{Token: secret})
	resp, err := http.Get(r.base + "/api/events")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	lines := make(chan string, 100)
	go func() {
		for s := bufio.NewScanner(resp.Body); s.Scan(); {
			lines <- s.Text()
		}
	}()
	next := func() string {
		for {
			select {
			case l := <-lines:
				if strings.HasPrefix(l, "data: ") {
					return l
				}
			case <-time.After(10 * time.Second):
				t.Fatal("no event")
			}
		}
	}
	next()
	r.send("/api/places", placeBody("新", 116.5, 39.9, "")).want(t, 201)
	if l := next(); !strings.Contains(l, `"layers":["station"]`) {
		t.Errorf("event %s", l)
	}
}

// TestAddPlaceNeedsToken refuses whoever has none.
func TestAddPlaceNeedsToken(t *testing.T) {
	r := start(t, Config{Token: secret})
	r.do(http.MethodPost, "/api/places", strings.NewReader(placeBody("x", 1, 2, "")), "Content-Type", "application/json").want(t, 401)
	r.do(http.MethodPut, "/api/places/x", strings.NewReader(placeBody("x", 1, 2, "")), "Content-Type", "application/json").want(t, 401)
	r.do(http.MethodDelete, "/api/places/x", nil).want(t, 401)
	start(t, Config{}).send("/api/places", placeBody("x", 1, 2, "")).want(t, 403)
}

// TestAddPlaceBodies wants a 400 that names what is wrong.
func TestAddPlaceBodies(t *testing.T) {
	r := start(t, Config{Token: secret})
	point := `"geometry":{"type":"Point","coordinates":[116.5,39.9]}`
	tests := []struct{ name, body, param string }{
		{"no object", `[]`, ""},
		{"no feature", `{"type":"Point",` + point + `,"properties":{"kind":"station","name":"x"}}`, "type"},
		{"unknown member", `{"type":"Feature","bbox":[1,2,3,4],` + point + `,"properties":{"kind":"station","name":"x"}}`, "bbox"},
		{"unknown property", `{"type":"Feature",` + point + `,"properties":{"kind":"station","name":"x","colour":"red"}}`, "colour"},
		{"unknown property of a station", `{"type":"Feature",` + point + `,"properties":{"kind":"station","name":"x","station":{"tpye":"hub"}}}`, "tpye"},
		{"twice", `{"type":"Feature",` + point + `,"properties":{"kind":"station","kind":"gate","name":"x"}}`, "kind"},
		{"null", `{"type":"Feature",` + point + `,"properties":{"kind":"station","name":null}}`, "name"},
		{"no kind", `{"type":"Feature",` + point + `,"properties":{"name":"x"}}`, "kind"},
		{"unknown kind", `{"type":"Feature",` + point + `,"properties":{"kind":"shop","name":"x"}}`, "kind"},
		{"no name", `{"type":"Feature",` + point + `,"properties":{"kind":"station"}}`, "name"},
		{"no geometry", `{"type":"Feature","properties":{"kind":"station","name":"x"}}`, "geometry"},
		{"a line", `{"type":"Feature","geometry":{"type":"LineString","coordinates":[[1,2],[3,4]]},"properties":{"kind":"station","name":"x"}}`, "geometry"},
		{"off the Earth", `{"type":"Feature","geometry":{"type":"Point","coordinates":[200,2]},"properties":{"kind":"station","name":"x"}}`, "geometry"},
		{"no properties", `{"type":"Feature",` + point + `}`, "properties"},
		{"properties null", `{"type":"Feature",` + point + `,"properties":null}`, "properties"},
		{"with an id", `{"type":"Feature","id":"x",` + point + `,"properties":{"kind":"station","name":"x"}}`, "id"},
		{"with an id within", `{"type":"Feature",` + point + `,"properties":{"id":"x","kind":"station","name":"x"}}`, "id"},
		{"hours", placeBody("x", 116, 39, `,"hours":"Mo-Su 25:00-99:00"`), "hours"},
		{"website", placeBody("x", 116, 39, `,"website":"javascript:alert(1)"`), "website"},
		{"phone", placeBody("x", 116, 39, `,"phone":"无"`), "phone"},
		{"facility", placeBody("x", 116, 39, `,"facilities":["sauna"]`), "properties.facilities"},
		{"facilities", placeBody("x", 116, 39, `,"facilities":"rest"`), "facilities"},
		{"facility null", placeBody("x", 116, 39, `,"facilities":[null]`), "facilities"},
		{"station type", placeBody("x", 116, 39, `,"station":{"type":"castle"}`), "station"},
		{"another kind's fields", placeBody("x", 116, 39, `,"charger":{"vehicles":[]}`), "properties"},
		{"valid", placeBody("x", 116, 39, `,"valid":{"from":"yesterday"}`), "from"},
		{"valid backwards", placeBody("x", 116, 39, `,"valid":{"from":"2026-05-02T00:00:00+08:00","until":"2026-05-01T00:00:00+08:00"}`), "valid"},
		{"names", placeBody("x", 116, 39, `,"names":{"en":1}`), "names"},
		{"compound", placeBody("x", 116, 39, `,"compound":"osm:w9"`), "compound"},
		{"compound's id", placeBody("x", 116, 39, `,"compound":{"id":"a b"}`), "compound"},
		{"capacity", `{"type":"Feature",` + point + `,"properties":{"kind":"parking","parking":{"capacity":-1}}}`, "capacity"},
		{"half a bay", `{"type":"Feature",` + point + `,"properties":{"kind":"parking","parking":{"capacity":1.5}}}`, "capacity"},
		{"compounds of a gate", `{"type":"Feature",` + point + `,"properties":{"kind":"gate","gate":{"compounds":[7]}}}`, "compounds"},
		{"control character", placeBody("x", 116, 39, `,"note":"a\u0001b"`), "properties"},
	}
	before := r.keeper.Current()
	for _, test := range tests {
		var p problem
		a := r.send("/api/places", test.body)
		if a.StatusCode != 400 {
			t.Errorf("%s: status %d: %.200s", test.name, a.StatusCode, a.body)
			continue
		}
		if a.decode(t, &p); p.Parameter != test.param {
			t.Errorf("%s: names %q, want %q: %s", test.name, p.Parameter, test.param, p.Detail)
		}
		if strings.Contains(string(a.body), yetToName) {
			t.Errorf("%s: names a place that there is not: %s", test.name, a.body)
		}
		if test.name == "facility" && (!strings.Contains(string(a.body), "sauna") || !strings.Contains(string(a.body), "drinking_water")) {
			t.Errorf("the facilities that there are, are not named: %s", a.body)
		}
	}
	r.send("/api/places", placeBody("x", 1, 2, ""), "Content-Type", "text/plain").want(t, 415)
	r.send("/api/places", placeBody("x", 1, 2, `,"note":"`+strings.Repeat("x", maxFeature)+`"`)).want(t, 413)
	r.send("/api/places?dry=1", placeBody("x", 1, 2, "")).want(t, 400)
	if r.keeper.Current() != before {
		t.Error("something was entered")
	}
}

// TestAddPlacesOfAllKinds sends each kind with everything that it may have, and
// what GET gives is sent again without change.
func TestAddPlacesOfAllKinds(t *testing.T) {
	r := start(t, Config{Token: secret})
	for kind, more := range map[string]string{
		"station":     `"name":"驿站","names":{"en":"Station"},"address":"一号","district":"东","phone":"010-1","operator":"甲","website":"https://example.org","note":"两\n行","hours_text":"周一","valid":{"from":"2026-05-01T00:00:00+08:00","until":"2027-05-01T00:00:00+08:00"},"station":{"type":"hub","network":"n","hub":"h","booking":"b"},"compound":{"id":"c:1","name":"x"}`,
		"gate":        `"gate":{"barrier":"gate","inferred":false,"tags":{"access":"private"},"compounds":[{"id":"c:1","name":"x"}],"access":{}}`,
		"charger":     `"charger":{"vehicles":["ebike"],"sockets":4,"fee":"yes"}`,
		"bus_stop":    `"bus_stop":{"lines":["1路"],"shelter":true,"bench":false}`,
		"parking":     `"parking":{"vehicles":["bicycle"],"capacity":9,"covered":true}`,
		"shared_bike": `"shared_bike":{"capacity":3,"network":"n"}`,
	} {
		var p placeAnswer
		body := `{"type":"Feature","geometry":{"type":"Point","coordinates":[116.5,39.9]},"properties":{"kind":"` + kind + `",` + more + `}}`
		r.send("/api/places", body).want(t, 201).decode(t, &p)
		got := r.get("/api/places/"+p.ID).want(t, 200)
		again := r.put("/api/places/"+p.ID, string(got.body)).want(t, 200)
		if string(again.body) != string(got.body) {
			t.Errorf("%s\nGET %s\nPUT %s", kind, got.body, again.body)
		}
	}
	var p placeAnswer
	r.send("/api/places", `{"type":"Feature","geometry":null,"properties":{"kind":"charger"}}`).want(t, 201).decode(t, &p)
	if p.Geometry != nil {
		t.Errorf("nowhere is %v", p.Geometry)
	}
}

// TestEditsInMemory says what becomes of them in the demo.
func TestEditsInMemory(t *testing.T) {
	k := testKeeper(t)
	r := start(t, Config{Keeper: k, Token: secret, Editor: atlas.NewEditor(k, "")})
	r.put("/api/places/mine:1", placeBody("x", 116, 39, "")).want(t, 201)
	r.get("/api/places/mine:1").want(t, 200)
	r.remove("/api/places/mine:1").want(t, 204)
	r.get("/api/places/mine:1").want(t, 404)
}
