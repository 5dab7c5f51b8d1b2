package api

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/paulmach/orb"
)

// atsTest is an abstract test of a standard, under its id.
type atsTest struct {
	id   string
	test func(t *testing.T, r *ogcRig)
}

// TestATS holds the server to the abstract test suites of OGC API – Features,
// Parts 1 to 3. Each test bears the id that the standard gives it under
// …/conf/.
func TestATS(t *testing.T) {
	ogcRigs(t, func(t *testing.T, r *ogcRig) {
		for _, suite := range [][]atsTest{atsCore, atsForms, atsCRS, atsFilter} {
			for _, c := range suite {
				t.Run(c.id, func(t *testing.T) {
					// The answers are judged in the test that asks for them.
					inner := *r.rig
					inner.t = t
					c.test(t, newOGCRig(&inner))
				})
			}
		}
	})
}

var atsCore = []atsTest{
	{"core/http", func(t *testing.T, r *ogcRig) {
		for _, path := range []string{"/ogc", "/ogc/collections", "/ogc/collections/station/items"} {
			a := r.get(path).want(t, 200)
			if a.Proto != "HTTP/1.1" {
				t.Errorf("%s: %s", path, a.Proto)
			}
			r.do(http.MethodPost, path, strings.NewReader("{}")).want(t, 405)
		}
	}},
	{"core/crs84", func(t *testing.T, r *ogcRig) {
		for _, c := range r.collections(t) {
			for _, f := range r.items(t, c.ID, "limit", "200").Features {
				if f.Geometry == nil {
					continue
				}
				b := f.Geometry.Geometry().Bound()
				box := orb.Bound{Min: orb.Point{c.Extent.Spatial.BBox[0][0], c.Extent.Spatial.BBox[0][1]}, Max: orb.Point{c.Extent.Spatial.BBox[0][2], c.Extent.Spatial.BBox[0][3]}}
				if !box.Contains(b.Min) || !box.Contains(b.Max) {
					t.Errorf("%s: %v lies outside the extent %v", f.ID, b, box)
				}
			}
		}
	}},
	{"core/root-op", func(t *testing.T, r *ogcRig) {
		r.get("/ogc", "Accept", "application/json").want(t, 200)
		r.get("/ogc/", "Accept", "application/json").want(t, 200)
	}},
	{"core/root-success", func(t *testing.T, r *ogcRig) {
		var doc ogcLandingDoc
		r.json(t, "", &doc)
		for _, rel := range []string{"self", "alternate", "service-desc", "service-doc", "conformance", "data"} {
			l, ok := linkOf(doc.Links, rel)
			if !ok || l.Type == "" || l.Title == "" {
				t.Errorf("link %s: %v", rel, l)
				continue
			}
			r.follow(t, l.Href, "Accept", l.Type).want(t, 200)
		}
	}},
	{"core/api-definition-op", func(t *testing.T, r *ogcRig) {
		var doc ogcLandingDoc
		r.json(t, "", &doc)
		desc, _ := linkOf(doc.Links, "service-desc")
		if a := r.follow(t, desc.Href, "Accept", desc.Type).want(t, 200); a.Header.Get("Content-Type") != "application/vnd.oai.openapi+json;version=3.0" || desc.Type != a.Header.Get("Content-Type") {
			t.Errorf("type %q, linked as %q", a.Header.Get("Content-Type"), desc.Type)
		}
		page, _ := linkOf(doc.Links, "service-doc")
		if a := r.follow(t, page.Href, "Accept", page.Type).want(t, 200); !strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") {
			t.Errorf("type %q", a.Header.Get("Content-Type"))
		}
	}},
	{"core/api-definition-success", func(t *testing.T, r *ogcRig) { r.definition(t) }},
	{"core/conformance-op", func(t *testing.T, r *ogcRig) { r.get("/ogc/conformance", "Accept", "application/json").want(t, 200) }},
	{"core/conformance-success", func(t *testing.T, r *ogcRig) {
		for _, class := range []string{"core", "oas30", "html", "geojson"} {
			r.conforms(t, "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/"+class)
		}
	}},
	{"core/fc-md-op", func(t *testing.T, r *ogcRig) { r.get("/ogc/collections", "Accept", "application/json").want(t, 200) }},
	{"core/fc-md-success", func(t *testing.T, r *ogcRig) {
		var doc struct {
			Links       []ogcLink
			Collections []ogcCollectionDoc
		}
		r.json(t, "/collections", &doc)
		r.ownLinks(t, doc.Links, "application/json")
		for _, c := range doc.Collections {
			checkCollection(t, r, c)
		}
	}},
	{"core/fc-md-links", func(t *testing.T, r *ogcRig) {
		var doc struct{ Links []ogcLink }
		r.json(t, "/collections", &doc)
		r.ownLinks(t, doc.Links, "application/json")
	}},
	{"core/fc-md-items", func(t *testing.T, r *ogcRig) {
		seen := map[string]bool{}
		for _, c := range r.collections(t) {
			if seen[c.ID] {
				t.Errorf("%s twice", c.ID)
			}
			seen[c.ID] = true
		}
	}},
	{"core/fc-md-items-links", func(t *testing.T, r *ogcRig) {
		for _, c := range r.collections(t) {
			for _, want := range []string{"application/geo+json", "text/html"} {
				if !slices.ContainsFunc(c.Links, func(l ogcLink) bool { return l.Rel == "items" && l.Type == want }) {
					t.Errorf("%s: no items as %s", c.ID, want)
				}
			}
		}
	}},
	{"core/fc-md-extent", func(t *testing.T, r *ogcRig) {
		for _, c := range r.collections(t) {
			if c.Extent == nil || c.Extent.Spatial == nil {
				continue
			}
			b := c.Extent.Spatial.BBox[0]
			all := r.all(t, c.ID, "limit", "5000")
			within := r.all(t, c.ID, "limit", "5000", "bbox", fmt.Sprintf("%.7f,%.7f,%.7f,%.7f", b[0], b[1], b[2], b[3]))
			if len(all) != len(within) {
				t.Errorf("%s: %d of %d features are in its extent", c.ID, len(within), len(all))
			}
		}
	}},
	{"core/sfc-md-op", func(t *testing.T, r *ogcRig) {
		for _, c := range r.collections(t) {
			r.get("/ogc/collections/"+c.ID, "Accept", "application/json").want(t, 200)
		}
		r.get("/ogc/collections/nothing").want(t, 404)
	}},
	{"core/sfc-md-success", func(t *testing.T, r *ogcRig) {
		for _, c := range r.collections(t) {
			var one ogcCollectionDoc
			r.json(t, "/collections/"+c.ID, &one)
			checkCollection(t, r, one)
			one.Links, c.Links = nil, nil
			if jsonOf(one) != jsonOf(c) {
				t.Errorf("alone %s, among all %s", jsonOf(one), jsonOf(c))
			}
		}
	}},
	{"core/fc-op", func(t *testing.T, r *ogcRig) {
		for _, c := range r.collections(t) {
			l, _ := linkOf(c.Links, "items")
			r.follow(t, l.Href, "Accept", l.Type).want(t, 200)
		}
	}},
	{"core/fc-bbox-definition", func(t *testing.T, r *ogcRig) {
		p := r.parameter(t, "bbox")
		s := p.Schema.Value
		if !s.Type.Is("array") || s.MinItems != 4 || s.MaxItems == nil || *s.MaxItems != 6 || !s.Items.Value.Type.Is("number") {
			t.Errorf("bbox is %s", jsonOf(p))
		}
		r.get("/ogc/collections/gate/items?bbox=1,2,3").want(t, 400)
		r.get("/ogc/collections/gate/items?bbox=1,2,3,4,5").want(t, 400)
		r.get("/ogc/collections/gate/items?bbox=1,2,0,3,4,9").want(t, 200)
	}},
	{"core/fc-bbox-response", func(t *testing.T, r *ogcRig) {
		for _, c := range r.collections(t) {
			if c.Extent == nil {
				continue
			}
			b := c.Extent.Spatial.BBox[0]
			x, y := (b[0]+b[2])/2, (b[1]+b[3])/2
			for _, box := range []orb.Bound{
				{Min: orb.Point{b[0], b[1]}, Max: orb.Point{x, y}}, {Min: orb.Point{x, y}, Max: orb.Point{b[2], b[3]}},
				{Min: orb.Point{x, y}, Max: orb.Point{x, y}},
				{Min: orb.Point{-1.5, 50}, Max: orb.Point{1.5, 53}}, {Min: orb.Point{-80, -5}, Max: orb.Point{-70, 5}},
				{Min: orb.Point{177, 65}, Max: orb.Point{-177, 70}}, {Min: orb.Point{x, -90}, Max: orb.Point{-170, 90}},
				{Min: orb.Point{-180, 85}, Max: orb.Point{180, 90}}, {Min: orb.Point{-180, -90}, Max: orb.Point{180, -85}},
			} {
				got := idsOf(r.all(t, c.ID, "limit", "1000", "bbox", fmt.Sprintf("%v,%v,%v,%v", box.Min[0], box.Min[1], box.Max[0], box.Max[1])))
				if want := r.brute(c.ID, func(set ogcSet, row uint32) bool { return slowMeets(set.shape(row), box) }); !slices.Equal(got, want) {
					t.Errorf("%s in %v: %d features, want %d", c.ID, box, len(got), len(want))
				}
			}
		}
	}},
	{"core/fc-limit-definition", func(t *testing.T, r *ogcRig) {
		s := r.parameter(t, "limit").Schema.Value
		if !s.Type.Is("integer") || s.Min == nil || *s.Min != 1 || s.Max == nil || *s.Max != ogcMaxLimit || s.Default != float64(ogcDefaultLimit) {
			t.Errorf("limit is %s", jsonOf(s))
		}
	}},
	{"core/fc-limit-response", func(t *testing.T, r *ogcRig) {
		for _, c := range r.collections(t) {
			whole := r.items(t, c.ID)
			for limit, most := range map[string]int{"1": 1, "2": 2, "100": 100, "10000": ogcMaxLimit, "10001": ogcMaxLimit, "99999999999999999999": ogcMaxLimit} {
				got := r.items(t, c.ID, "limit", limit)
				if want := min(most, *whole.NumberMatched); len(got.Features) != want {
					t.Errorf("%s with limit %s: %d features, want %d", c.ID, limit, len(got.Features), want)
				}
			}
			if want := min(ogcDefaultLimit, *whole.NumberMatched); len(whole.Features) != want {
				t.Errorf("%s without limit: %d features", c.ID, len(whole.Features))
			}
		}
	}},
	{"core/fc-time-definition", func(t *testing.T, r *ogcRig) {
		if s := r.parameter(t, "datetime").Schema.Value; !s.Type.Is("string") {
			t.Errorf("datetime is %s", jsonOf(s))
		}
	}},
	{"core/fc-time-response", func(t *testing.T, r *ogcRig) {
		day := func(d int) time.Time { return time.Date(2026, 5, d, 6, 0, 0, 0, time.UTC) }
		for _, c := range r.collections(t) {
			for value, span := range map[string][2]time.Time{
				"2026-05-12T06:00:00Z":                      {day(12), day(12)},
				"2026-05-12T14:00:00+08:00":                 {day(12), day(12)},
				"2026-05-02T06:00:00Z/2026-05-08T06:00:00Z": {day(2), day(8)},
				"../2026-05-08T06:00:00Z":                   {{}, day(8)},
				"/2026-05-08T06:00:00Z":                     {{}, day(8)},
				"2026-05-09T06:00:00Z/..":                   {day(9), {}},
				"2026-05-09T06:00:00Z/":                     {day(9), {}},
			} {
				got := r.items(t, c.ID, "limit", "100", "datetime", value)
				want := r.brute(c.ID, func(set ogcSet, row uint32) bool {
					p := set.valid(row)
					return p == nil || (span[1].IsZero() || p.From.IsZero() || !p.From.After(span[1])) && (span[0].IsZero() || p.Until.IsZero() || p.Until.After(span[0]))
				})
				if !got.begins(want) {
					t.Errorf("%s at %s: %v, want %v", c.ID, value, got.ids(), want)
				}
			}
		}
	}},
	{"core/query-param-unknown", func(t *testing.T, r *ogcRig) {
		for _, path := range []string{"", "/api", "/conformance", "/collections", "/collections/gate", "/collections/gate/items", "/collections/gate/queryables", "/collections/gate/items/x"} {
			r.get("/ogc"+path+"?unknownQueryParameter17532=1").want(t, 400)
		}
	}},
	{"core/query-param-invalid", func(t *testing.T, r *ogcRig) {
		for _, c := range r.collections(t) {
			r.get("/ogc/collections/"+c.ID+"/items?limit=unlimited").want(t, 400)
		}
	}},
	{"core/fc-response", func(t *testing.T, r *ogcRig) {
		for _, c := range r.collections(t) {
			got := r.items(t, c.ID)
			if got.Type != "FeatureCollection" || got.Features == nil || got.NumberMatched == nil || got.NumberReturned == nil {
				t.Errorf("%s: %s", c.ID, jsonOf(got))
			}
		}
	}},
	{"core/fc-links", func(t *testing.T, r *ogcRig) {
		for _, c := range r.collections(t) {
			got := r.items(t, c.ID, "limit", "2")
			r.ownLinks(t, got.Links, "application/geo+json")
			if next, ok := linkOf(got.Links, "next"); ok != (*got.NumberMatched > 2) || ok && next.Type != "application/geo+json" {
				t.Errorf("%s: next is %v, of %d", c.ID, next, *got.NumberMatched)
			}
		}
	}},
	{"core/fc-timeStamp", func(t *testing.T, r *ogcRig) {
		got := r.items(t, "gate")
		if at, err := time.Parse(time.RFC3339, got.TimeStamp); err != nil || !at.Equal(noon) {
			t.Errorf("made at %q (%v), the clock says %v", got.TimeStamp, err, noon)
		}
	}},
	{"core/fc-numberMatched", func(t *testing.T, r *ogcRig) {
		for _, c := range r.collections(t) {
			r.all(t, c.ID, "limit", "500")
		}
	}},
	{"core/fc-numberReturned", func(t *testing.T, r *ogcRig) {
		for _, c := range r.collections(t) {
			if got := r.items(t, c.ID, "limit", "7"); *got.NumberReturned != len(got.Features) {
				t.Errorf("%s: %d returned, it says %d", c.ID, len(got.Features), *got.NumberReturned)
			}
		}
	}},
	{"core/f-op", func(t *testing.T, r *ogcRig) {
		for _, c := range r.collections(t) {
			for _, f := range r.items(t, c.ID).Features {
				r.get("/ogc/collections/"+c.ID+"/items/"+url.PathEscape(f.ID), "Accept", "application/geo+json").want(t, 200)
			}
			r.get("/ogc/collections/"+c.ID+"/items/nothing").want(t, 404)
		}
	}},
	{"core/f-success", func(t *testing.T, r *ogcRig) {
		for _, c := range r.collections(t) {
			for _, f := range r.items(t, c.ID).Features {
				var one ogcFeature
				r.json(t, "/collections/"+c.ID+"/items/"+url.PathEscape(f.ID), &one)
				links := one.Links
				one.Links = nil
				if jsonOf(one) != jsonOf(f) {
					t.Errorf("alone %s, among others %s", jsonOf(one), jsonOf(f))
				}
				r.ownLinks(t, links, "application/geo+json")
				up, _ := linkOf(links, "collection")
				if up.Href != r.root+"/collections/"+c.ID {
					t.Errorf("%s: collection is %q", f.ID, up.Href)
				}
			}
		}
	}},
	{"core/f-links", func(t *testing.T, r *ogcRig) {
		for _, f := range r.items(t, "building").Features {
			var one ogcFeature
			r.json(t, "/collections/building/items/"+url.PathEscape(f.ID), &one)
			for _, rel := range []string{"self", "alternate", "collection"} {
				l, ok := linkOf(one.Links, rel)
				if !ok || l.Type == "" {
					t.Fatalf("%s: link %s is %v", f.ID, rel, l)
				}
				r.follow(t, l.Href).want(t, 200)
			}
		}
	}},
}

// conforms wants a conformance class to be declared.
func (r *ogcRig) conforms(t *testing.T, class string) {
	t.Helper()
	var doc struct{ ConformsTo []string }
	r.json(t, "/conformance", &doc)
	if !slices.Contains(doc.ConformsTo, class) {
		t.Errorf("%s is not declared", class)
	}
}

// ownLinks wants links to a document itself and to its other form, both of
// which lead there.
func (r *ogcRig) ownLinks(t *testing.T, links []ogcLink, kind string) {
	t.Helper()
	self, ok1 := linkOf(links, "self")
	other, ok2 := linkOf(links, "alternate")
	if !ok1 || !ok2 || self.Type != kind || other.Type != "text/html" {
		t.Fatalf("links %s", jsonOf(links))
	}
	for _, l := range links {
		if l.Rel == "" || l.Type == "" || l.Href == "" {
			t.Errorf("link %v", l)
		}
	}
	if got := r.follow(t, self.Href).want(t, 200).Header.Get("Content-Type"); !strings.HasPrefix(got, kind) {
		t.Errorf("%s is %q", self.Href, got)
	}
	if got := r.follow(t, other.Href).want(t, 200).Header.Get("Content-Type"); !strings.HasPrefix(got, "text/html") {
		t.Errorf("%s is %q", other.Href, got)
	}
}

func checkCollection(t *testing.T, r *ogcRig, c ogcCollectionDoc) {
	t.Helper()
	if c.ID == "" || c.Title == "" || c.ItemType != "feature" || len(c.CRS) == 0 {
		t.Errorf("%s", jsonOf(c))
	}
	r.ownLinks(t, c.Links, "application/json")
	if items, ok := linkOf(c.Links, "items"); !ok || items.Type == "" {
		t.Errorf("%s: items is %v", c.ID, items)
	}
}

// definition reads the definition of the API that the landing page links.
func (r *ogcRig) definition(t *testing.T) *openapi3.T {
	t.Helper()
	if r.defined != nil {
		return r.defined
	}
	spec, err := openapi3.NewLoader().LoadFromData(r.get("/ogc/api", "Accept", typeOpenAPI).want(t, 200).body)
	if err != nil {
		t.Fatal(err)
	}
	if err := spec.Validate(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(spec.Servers) != 1 || spec.Servers[0].URL != r.root {
		t.Errorf("servers %s", jsonOf(spec.Servers))
	}
	r.defined = spec
	return spec
}

// parameter returns a parameter of items, which must be optional and in the
// query.
func (r *ogcRig) parameter(t *testing.T, name string) *openapi3.Parameter {
	t.Helper()
	item := r.definition(t).Paths.Value("/collections/{collectionId}/items")
	if item == nil {
		t.Fatal("items are not defined")
	}
	p := item.Get.Parameters.GetByInAndName("query", name)
	if p == nil || p.Required || p.Style != "form" || p.Explode == nil || *p.Explode {
		t.Fatalf("%s is %s", name, jsonOf(p))
	}
	return p
}

// brute lists the IDs of the features that meet a condition, by asking each.
func (r *ogcRig) brute(collection string, match func(set ogcSet, row uint32) bool) []string {
	set := r.set(collection)
	ids := []string{}
	for row := range set.byID("") {
		if match(set, row) {
			ids = append(ids, set.id(row))
		}
	}
	return ids
}

// slowMeets says whether a geometry shares a point with a box, by other means
// than the server: every edge against every side, and whether one holds the
// other.
func slowMeets(g orb.Geometry, b orb.Bound) bool {
	if b.Min[0] > b.Max[0] {
		return slowMeets(g, orb.Bound{Min: b.Min, Max: orb.Point{180, b.Max[1]}}) || slowMeets(g, orb.Bound{Min: orb.Point{-180, b.Min[1]}, Max: b.Max})
	}
	sides := b.ToRing()
	line := func(pts []orb.Point) bool {
		for i, p := range pts {
			if p[0] >= b.Min[0] && p[0] <= b.Max[0] && p[1] >= b.Min[1] && p[1] <= b.Max[1] {
				return true
			}
			for k := 0; i > 0 && k < 4; k++ {
				if crosses(pts[i-1], p, sides[k], sides[k+1]) {
					return true
				}
			}
		}
		return false
	}
	switch g := g.(type) {
	case nil:
		return true
	case orb.Point:
		return line([]orb.Point{g})
	case orb.MultiLineString:
		return slices.ContainsFunc(g, func(l orb.LineString) bool { return line(l) })
	case orb.Polygon:
		inside := false
		for _, ring := range g {
			if line(ring) {
				return true
			}
			// Odd crossings of a ray to the east.
			for i := 1; i < len(ring); i++ {
				p, q, c := ring[i-1], ring[i], b.Center()
				if (p[1] > c[1]) != (q[1] > c[1]) && c[0] < p[0]+(c[1]-p[1])/(q[1]-p[1])*(q[0]-p[0]) {
					inside = !inside
				}
			}
		}
		return inside
	case orb.MultiPolygon:
		return slices.ContainsFunc(g, func(p orb.Polygon) bool { return slowMeets(p, b) })
	}
	return false
}

// crosses says whether two segments share a point.
func crosses(a, b, c, d orb.Point) bool {
	turn := func(p, q, r orb.Point) float64 { return (q[0]-p[0])*(r[1]-p[1]) - (q[1]-p[1])*(r[0]-p[0]) }
	on := func(p, q, r orb.Point) bool {
		return turn(p, q, r) == 0 && min(p[0], q[0]) <= r[0] && r[0] <= max(p[0], q[0]) && min(p[1], q[1]) <= r[1] && r[1] <= max(p[1], q[1])
	}
	if on(a, b, c) || on(a, b, d) || on(c, d, a) || on(c, d, b) {
		return true
	}
	return turn(a, b, c)*turn(a, b, d) < 0 && turn(c, d, a)*turn(c, d, b) < 0
}
