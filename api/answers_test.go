package api

import (
	"slices"
	"strings"
	"testing"
)

// answers are one good request for each endpoint that has an ETag.
func answers() []string {
	return []string{
		"/api/about", "/api/nearest?at=" + at(0, 0) + "&limit=100", "/api/places/" + compoundID, "/api/places/t:s1",
		"/api/route?from=" + at(-400, 0) + "&to=" + buildingID, "/api/search?q=%E7%AB%99", "/api/coverage?radius=300",
		"/api/route?geometry=false&steps=false&from=" + at(-400, 0) + "&to=" + buildingID, "/api/isochrone?lines=true&at=" + at(0, 0), "/api/closures",
		"/layers/station.geojson", "/layers/compound.geojson", "/layers/building.geojson", "/tiles/places.json", "/tiles/base.json",
		tilePath("places", 14), tilePath("base", 14), "/openapi.json", "/docs", "/",
	}
}

// TestConditionalRequests walks every endpoint through 200, 304 and HEAD, in
// every encoding.
func TestConditionalRequests(t *testing.T) {
	r := start(t, Config{})
	for _, path := range answers() {
		tags := map[string]bool{}
		for _, accept := range []string{"", "gzip", "br"} {
			full := r.get(path, "Accept-Encoding", accept).want(t, 200)
			tag := full.Header.Get("ETag")
			if !strings.HasPrefix(tag, `"`) {
				t.Fatalf("%s: ETag %q is not strong", path, tag)
			}
			coding := full.Header.Get("Content-Encoding")
			if coding != "" && coding != accept {
				t.Errorf("%s: %q for Accept-Encoding %q", path, coding, accept)
			}
			if coding == "" && accept != "" && len(full.body) >= minCompress && !strings.Contains(path, "/base/") {
				t.Errorf("%s: %d bytes go out plain", path, len(full.body))
			}
			if coding != "" || accept == "" {
				if tags[tag] {
					t.Errorf("%s: two encodings share the ETag %s", path, tag)
				}
				tags[tag] = true
			}
			if cc := full.Header.Get("Cache-Control"); cc != cacheRevalidate {
				t.Errorf("%s: Cache-Control %q", path, cc)
			}
			if !slices.Contains(strings.Split(full.Header.Get("Vary"), ", "), "Accept-Encoding") {
				t.Errorf("%s: Vary %q", path, full.Header.Get("Vary"))
			}
			if full.Header.Get("Access-Control-Allow-Origin") != "*" {
				t.Errorf("%s: not open to other origins", path)
			}
			for _, list := range []string{tag, "W/" + tag, `"other", ` + tag, "*"} {
				a := r.get(path, "Accept-Encoding", accept, "If-None-Match", list)
				if a.StatusCode != 304 || len(a.body) != 0 || a.Header.Get("Cache-Control") == "" || a.Header.Get("Vary") == "" {
					t.Errorf("%s: If-None-Match %s gives %d with %d bytes", path, list, a.StatusCode, len(a.body))
				}
			}
			for _, list := range []string{`"other"`, strings.Trim(tag, `"`), `""`, "garbage"} {
				r.get(path, "Accept-Encoding", accept, "If-None-Match", list).want(t, 200)
			}
			head := r.do("HEAD", path, nil, "Accept-Encoding", accept)
			if head.StatusCode != 200 || head.Header.Get("ETag") != tag || head.ContentLength != int64(full.wire) ||
				head.Header.Get("Content-Type") != full.Header.Get("Content-Type") || len(head.body) != 0 {
				t.Errorf("%s: HEAD %d, ETag %s, length %d; GET has %s, %d", path, head.StatusCode, head.Header.Get("ETag"), head.ContentLength, tag, full.wire)
			}
		}
	}
}

// TestAnswersAreEqual wants the same bytes whatever the encoding, and on every
// asking.
func TestAnswersAreEqual(t *testing.T) {
	r := start(t, Config{})
	for _, path := range answers() {
		plain := r.get(path)
		for _, accept := range []string{"gzip", "br", "gzip;q=0.2, br;q=0.1", ""} {
			if again := r.get(path, "Accept-Encoding", accept); string(again.body) != string(plain.body) {
				t.Errorf("%s (%s) differs", path, accept)
			}
		}
	}
}

// TestValidationCanFail gives the test's own judge answers that are wrong.
func TestValidationCanFail(t *testing.T) {
	r := start(t, Config{})
	schema := func(name string) interface{ VisitJSON(any) error } {
		return visitor(func(v any) error { return r.spec.Components.Schemas[name].Value.VisitJSON(v) })
	}
	for name, wrong := range map[string]map[string]any{
		"Problem":         {"type": "about:blank", "title": "x", "status": 400.0, "detail": "x", "instance": "#a"},
		"Open":            {"state": "maybe"},
		"PlaceProperties": {"id": "a", "kind": "station", "name": "", "facilities": []any{}, "source": map[string]any{"feed": "", "ref": ""}, "surprise": 1.0},
		"Text":            {"zh": "x"},
		"Version":         nil,
	} {
		if err := schema(name).VisitJSON(wrong); err == nil {
			t.Errorf("%s: %v passes", name, wrong)
		}
	}
}

type visitor func(any) error

func (f visitor) VisitJSON(v any) error { return f(v) }
