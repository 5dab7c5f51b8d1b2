package api

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"yizhan/geo/geotest"
)

func TestPages(t *testing.T) {
	r := start(t, Config{})
	for _, c := range []struct {
		path, accept string
		status       int
		kind, coding string
		body, cache  string
	}{
		{"/", "", 200, "text/html; charset=utf-8", "", "<title>rider", "no-cache"},
		{"/embed", "", 200, "text/html; charset=utf-8", "", "<title>embed", "no-cache"},
		{"/embed?center=116.3,39.9&zoom=15", "", 200, "text/html; charset=utf-8", "", "<title>embed", "no-cache"},
		{"/index.html", "", 200, "text/html; charset=utf-8", "", "<title>rider", "no-cache"},
		{"/favicon.svg", "", 200, "image/svg+xml; charset=utf-8", "", "<svg", "no-cache"},
		{"/icon.png", "br, gzip", 200, "image/png", "", "PNG", "no-cache"},
		{"/assets/index-Ab12_-9z.js", "", 200, "text/javascript; charset=utf-8", "", "console", "immutable"},
		{"/assets/index-Ab12_-9z.js", "gzip", 200, "text/javascript; charset=utf-8", "gzip", "console", "immutable"},
		{"/assets/index-Ab12_-9z.js", "gzip, deflate, br", 200, "text/javascript; charset=utf-8", "br", "console", "immutable"},
		{"/assets/index-Cd34efGh.css", "br;q=0.1, gzip;q=0.9", 200, "text/css; charset=utf-8", "gzip", "style", "immutable"},
		{"/assets/packed-00000000.js", "br", 200, "text/javascript; charset=utf-8", "br", "packed by brotli", "immutable"},
		{"/assets/packed-00000000.js", "gzip", 200, "text/javascript; charset=utf-8", "gzip", "packed by gzip", "immutable"},
		{"/assets/packed-00000000.js", "", 200, "text/javascript; charset=utf-8", "", "plain", "immutable"},
		{"/assets/packed-00000000.js.br", "", 404, "", "", "", ""},
		{"/assets/", "", 404, "", "", "", ""},
		{"/assets", "", 404, "", "", "", ""},
		{"/.hidden", "", 404, "", "", "", ""},
		{"/nothing", "", 404, "", "", "", ""},
		{"/INDEX.HTML", "", 404, "", "", "", ""},
		{"/embed/", "", 404, "", "", "", ""},
	} {
		a := r.get(c.path, "Accept-Encoding", c.accept)
		if a.StatusCode != c.status {
			t.Errorf("%s: %d, want %d", c.path, a.StatusCode, c.status)
			continue
		}
		if c.status != 200 {
			continue
		}
		if got := a.Header.Get("Content-Type"); got != c.kind {
			t.Errorf("%s: content type %q, want %q", c.path, got, c.kind)
		}
		if got := a.Header.Get("Content-Encoding"); got != c.coding {
			t.Errorf("%s (%s): content encoding %q, want %q", c.path, c.accept, got, c.coding)
		}
		if !strings.Contains(string(a.body), c.body) {
			t.Errorf("%s (%s): body lacks %q", c.path, c.accept, c.body)
		}
		if !strings.Contains(a.Header.Get("Cache-Control"), c.cache) || a.Header.Get("Vary") != "Accept-Encoding" {
			t.Errorf("%s: Cache-Control %q, Vary %q", c.path, a.Header.Get("Cache-Control"), a.Header.Get("Vary"))
		}
		again := r.get(c.path, "Accept-Encoding", c.accept, "If-None-Match", a.Header.Get("ETag"))
		if again.StatusCode != 304 || len(again.body) != 0 || again.Header.Get("ETag") != a.Header.Get("ETag") {
			t.Errorf("%s: second time %d with ETag %q, want 304 with %q", c.path, again.StatusCode, again.Header.Get("ETag"), a.Header.Get("ETag"))
		}
		head := r.do("HEAD", c.path, nil, "Accept-Encoding", c.accept)
		if head.StatusCode != 200 || head.ContentLength != int64(a.wire) || head.Header.Get("ETag") != a.Header.Get("ETag") {
			t.Errorf("%s: HEAD %d, length %d, want %d", c.path, head.StatusCode, head.ContentLength, a.wire)
		}
	}
}

// TestFraming wants the embeddable page framed by anybody and no other.
func TestFraming(t *testing.T) {
	r := start(t, Config{})
	csp := func(path string) string { return r.get(path).Header.Get("Content-Security-Policy") }
	if got := csp("/embed"); !strings.Contains(got, "frame-ancestors *") || !strings.Contains(got, "default-src 'self'") {
		t.Errorf("/embed: %q", got)
	}
	if r.get("/embed").Header.Get("X-Frame-Options") != "" {
		t.Error("/embed has X-Frame-Options")
	}
	for _, path := range []string{"/", "/docs"} {
		if got := csp(path); !strings.Contains(got, "frame-ancestors 'none'") {
			t.Errorf("%s: %q", path, got)
		}
		if r.get(path).Header.Get("X-Frame-Options") != "DENY" {
			t.Errorf("%s lacks X-Frame-Options", path)
		}
	}
	// sha256 of "b{}"
	if got := csp("/"); !strings.Contains(got, "style-src 'self' 'sha256-") || strings.Contains(got, "script-src 'self' 'sha256") {
		t.Errorf("inline hashes: %q", got)
	}
}

// TestUnbuilt hands in the repository's own page for a front end that is not
// built.
func TestUnbuilt(t *testing.T) {
	body, err := os.ReadFile(geotest.Root(t) + "/static/unbuilt.html")
	if err != nil {
		t.Fatal(err)
	}
	r := start(t, Config{Static: fstest.MapFS{"unbuilt.html": {Data: body}}})
	for _, path := range []string{"/", "/embed"} {
		if a := r.get(path).want(t, 200); !strings.Contains(string(a.body), "make run") {
			t.Errorf("%s does not say how to build the page", path)
		}
	}
	r.get("/about-us").want(t, 404)
	r.get("/assets/index.js").want(t, 404)
}

func TestHashed(t *testing.T) {
	for name, want := range map[string]bool{
		"assets/index-Ab12_-9z.js": true, "assets/a.b-Ab12_-9z.css": true, "index-Ab12_-9z.js": false,
		"assets/index.js": false, "assets/index-short.js": false, "assets/index-Ab12 -9z.js": false,
	} {
		if got := hashed(name); got != want {
			t.Errorf("%s: %t", name, got)
		}
	}
}
