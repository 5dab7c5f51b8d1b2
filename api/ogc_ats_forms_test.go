package api

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"html"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// atsForms are the tests of the encodings and of the definition of the API.
var atsForms = []atsTest{
	{"geojson/definition", func(t *testing.T, r *ogcRig) {
		for _, c := range r.collections(t) {
			if got := r.get("/ogc/collections/"+c.ID+"/items", "Accept", "application/geo+json").want(t, 200).Header.Get("Content-Type"); got != "application/geo+json" {
				t.Errorf("%s: %q", c.ID, got)
			}
		}
	}},
	{"geojson/content", func(t *testing.T, r *ogcRig) {
		for _, c := range r.collections(t) {
			var doc struct {
				Type     string
				Features []map[string]json.RawMessage
			}
			r.json(t, "/collections/"+c.ID+"/items?limit=100", &doc)
			if doc.Type != "FeatureCollection" {
				t.Errorf("%s: a %s", c.ID, doc.Type)
			}
			for _, f := range doc.Features {
				for _, member := range []string{"type", "id", "geometry", "properties"} {
					if f[member] == nil {
						t.Errorf("%s: a feature without %s", c.ID, member)
					}
				}
			}
		}
	}},
	{"html/definition", func(t *testing.T, r *ogcRig) {
		for _, path := range r.pages(t) {
			a := r.get(path, "Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8").want(t, 200)
			if got := a.Header.Get("Content-Type"); got != "text/html; charset=utf-8" {
				t.Errorf("%s: %q", path, got)
			}
		}
	}},
	{"html/content", func(t *testing.T, r *ogcRig) {
		for _, path := range r.pages(t) {
			a := r.get(path, "Accept", "text/html").want(t, 200)
			wellFormed(t, path, a.body)
			page := string(a.body)
			// What the standard wants on a page: the content and its links.
			if !strings.Contains(page, "<h1>") || !strings.Contains(page, `href="`) {
				t.Errorf("%s: %.300s", path, page)
			}
		}
		items := r.items(t, "gate")
		page := string(r.get("/ogc/collections/gate/items", "Accept", "text/html").body)
		for _, f := range items.Features {
			if !strings.Contains(page, html.EscapeString(f.ID)) {
				t.Errorf("the page lacks %s", f.ID)
			}
		}
	}},
	{"oas30/oas-definition-1", func(t *testing.T, r *ogcRig) {
		if got := r.get("/ogc/api", "Accept", typeOpenAPI).want(t, 200).Header.Get("Content-Type"); got != typeOpenAPI {
			t.Errorf("%q", got)
		}
		if got := r.get("/ogc/api", "Accept", "text/html").want(t, 200).Header.Get("Content-Type"); !strings.HasPrefix(got, "text/html") {
			t.Errorf("%q", got)
		}
	}},
	{"oas30/oas-definition-2", func(t *testing.T, r *ogcRig) {
		if spec := r.definition(t); !strings.HasPrefix(spec.OpenAPI, "3.0.") {
			t.Errorf("OpenAPI %s", spec.OpenAPI)
		}
	}},
	{"oas30/oas-impl", func(t *testing.T, r *ogcRig) {
		// Every path answers, and every answer of these tests is held to it.
		for path, item := range r.definition(t).Paths.Map() {
			if !strings.Contains(path, "{") && item.Get != nil {
				r.follow(t, r.root+path).want(t, 200)
			}
		}
	}},
	{"oas30/completeness", func(t *testing.T, r *ogcRig) {
		paths := r.definition(t).Paths
		for _, want := range []string{"/", "/conformance", "/collections", "/collections/{collectionId}", "/collections/{collectionId}/items", "/collections/{collectionId}/items/{featureId}", "/collections/{collectionId}/queryables"} {
			item := paths.Value(want)
			if item == nil || item.Get == nil || item.Get.Responses.Status(200) == nil {
				t.Errorf("%s is not defined", want)
				continue
			}
			if want != "/" && item.Get.Responses.Status(400) == nil {
				t.Errorf("%s: 400 is not defined", want)
			}
		}
	}},
	{"oas30/exception-codes", func(t *testing.T, r *ogcRig) {
		for path, status := range map[string]int{
			"/ogc/collections/gate/items?limit=0": 400, "/ogc/collections/nothing/items": 404, "/ogc/nothing": 404,
			"/ogc/collections/gate/items?f=xml": 400,
		} {
			r.get(path).want(t, status)
		}
		r.do(http.MethodDelete, "/ogc/collections", nil).want(t, 405)
	}},
	{"oas30/security", func(t *testing.T, r *ogcRig) {
		if spec := r.definition(t); len(spec.Security) != 0 {
			t.Errorf("reading needs %s", jsonOf(spec.Security))
		}
	}},
}

// pages lists a page of each sort.
func (r *ogcRig) pages(t *testing.T) []string {
	t.Helper()
	list := []string{"/ogc", "/ogc/conformance", "/ogc/collections"}
	for _, c := range r.collections(t) {
		at := "/ogc/collections/" + c.ID
		list = append(list, at, at+"/items", at+"/queryables")
		for _, f := range r.items(t, c.ID, "limit", "1").Features {
			list = append(list, at+"/items/"+url.PathEscape(f.ID))
		}
	}
	return list
}

// wellFormed wants every element of a page to be closed where it should be.
func wellFormed(t *testing.T, path string, page []byte) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(string(page)))
	d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	var open []string
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			open = append(open, e.Name.Local)
		case xml.EndElement:
			if len(open) == 0 || open[len(open)-1] != e.Name.Local {
				t.Fatalf("%s: </%s> closes %v", path, e.Name.Local, open)
			}
			open = open[:len(open)-1]
		}
	}
	if len(open) > 0 {
		t.Errorf("%s: %v stay open", path, open)
	}
}
