package api

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"
)

const part3 = "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/"

var atsFilter = []atsTest{
	{"filter/get-conformance", func(t *testing.T, r *ogcRig) {
		for _, class := range []string{"filter", "features-filter", "queryables", "queryables-query-parameters"} {
			r.conforms(t, part3+class)
		}
		for _, class := range []string{"cql2-text", "cql2-json", "basic-cql2"} {
			r.conforms(t, "http://www.opengis.net/spec/cql2/1.0/conf/"+class)
		}
	}},
	{"filter/get-collections", func(t *testing.T, r *ogcRig) { r.collections(t) }},
	{"filter/get-queryables", func(t *testing.T, r *ogcRig) {
		for _, c := range r.collections(t) {
			q := r.queryables(t, c.ID)
			if q.Schema != "https://json-schema.org/draft/2020-12/schema" || q.ID != r.root+"/collections/"+c.ID+"/queryables" || q.Type != "object" || len(q.Properties) == 0 {
				t.Errorf("%s: %s", c.ID, jsonOf(q))
			}
			shape, _ := q.Properties["geometry"]["$ref"].(string)
			if !strings.HasPrefix(shape, "https://geojson.org/schema/") {
				t.Errorf("%s: the geometry is %s", c.ID, shape)
			}
			r.get("/ogc/collections/"+c.ID+"/queryables", "Accept", "text/html").want(t, 200)
		}
	}},
	{"filter/get-collection", func(t *testing.T, r *ogcRig) {
		for _, c := range r.collections(t) {
			l, ok := linkOf(c.Links, relQueryables)
			if !ok || !strings.HasPrefix(l.Href, r.root+"/collections/"+c.ID+"/queryables") {
				t.Errorf("%s: queryables are %v", c.ID, l)
			}
		}
	}},
	{"filter/filter-param", func(t *testing.T, r *ogcRig) {
		for _, c := range r.collections(t) {
			for name, property := range r.queryables(t, c.ID).Properties {
				if property["type"] == nil {
					continue
				}
				got := r.items(t, c.ID, "limit", "20", "filter-lang", "cql2-text", "filter", name+" IS NULL")
				json := r.items(t, c.ID, "limit", "20", "filter-lang", "cql2-json", "filter", `{"op":"isNull","args":[{"property":"`+name+`"}]}`)
				want := r.brute(c.ID, func(set ogcSet, row uint32) bool { return set.value(row, name).kind == 0 })
				for _, answer := range []ogcAnswer{got, json} {
					if !answer.begins(want) {
						t.Errorf("%s without %s: %d features, want %d", c.ID, name, *answer.NumberMatched, len(want))
					}
				}
			}
			for _, bad := range []string{"THIS IS NOT A FILTER", "id =", "id = 'x", "(id = 'x'", "id = 'x')"} {
				r.get(itemsPath(c.ID, "filter-lang", "cql2-text", "filter", bad)).want(t, 400)
				r.get(itemsPath(c.ID, "filter-lang", "cql2-json", "filter", bad)).want(t, 400)
			}
		}
	}},
	{"filter/filter-lang-default", func(t *testing.T, r *ogcRig) {
		for _, c := range r.collections(t) {
			a, b := r.items(t, c.ID, "filter", "name IS NULL"), r.items(t, c.ID, "filter", "name IS NULL", "filter-lang", "cql2-text")
			if !slices.Equal(a.ids(), b.ids()) {
				t.Errorf("%s: %v, with the language %v", c.ID, a.ids(), b.ids())
			}
			r.get(itemsPath(c.ID, "filter", "THIS IS NOT A FILTER")).want(t, 400)
			r.get(itemsPath(c.ID, "filter", "id IS NULL", "filter-lang", "cql")).want(t, 400)
		}
	}},
	{"filter/expression-construction", func(t *testing.T, r *ogcRig) {
		for _, c := range r.collections(t) {
			r.get(itemsPath(c.ID, "filter-lang", "cql2-text", "filter", "this_is_not_a_queryable IS NULL")).want(t, 400)
		}
	}},
	{"filter/filter-crs-wgs84", func(t *testing.T, r *ogcRig) {
		r.boxFilters(t, func(c ogcCollectionDoc, b [4]float64, whole []string) {
			got := r.items(t, c.ID, "limit", "50", "filter", boxFilter(orb.Point{b[0], b[1]}, orb.Point{b[2], b[3]}))
			if !got.begins(whole) {
				t.Errorf("%s: %d features in its box, of %d", c.ID, *got.NumberMatched, len(whole))
			}
			r.get(itemsPath(c.ID, "filter", boxFilter(orb.Point{1000000, 1000000}, orb.Point{2000000, 2000000}))).want(t, 400)
		})
	}},
	{"filter/filter-crs-param", func(t *testing.T, r *ogcRig) {
		r.boxFilters(t, func(c ogcCollectionDoc, b [4]float64, whole []string) {
			for _, uri := range c.CRS {
				// A hair wider, for the last digits of the projection.
				lo, hi := turn(uri, orb.Point{b[0] - 1e-7, b[1] - 1e-7}), turn(uri, orb.Point{b[2] + 1e-7, b[3] + 1e-7})
				got := r.items(t, c.ID, "limit", "50", "filter-crs", uri, "filter", boxFilter(lo, hi))
				if !got.begins(whole) {
					t.Errorf("%s in %s: %d features in its box, of %d", c.ID, uri, *got.NumberMatched, len(whole))
				}
			}
			r.get(itemsPath(c.ID, "filter-crs", noSuchCRS, "filter", boxFilter(orb.Point{b[0], b[1]}, orb.Point{b[2], b[3]}))).want(t, 400)
		})
	}},
	{"filter/mixing-expression", func(t *testing.T, r *ogcRig) {
		r.boxFilters(t, func(c ogcCollectionDoc, b [4]float64, whole []string) {
			filter := boxFilter(orb.Point{b[0], b[1]}, orb.Point{b[2], b[3]})
			got := r.items(t, c.ID, "limit", "50", "filter", filter, "bbox", fmt.Sprintf("%v,%v,%v,%v", b[0], b[1], b[2], b[3]))
			if !got.begins(whole) {
				t.Errorf("%s: %d features in both boxes, of %d", c.ID, *got.NumberMatched, len(whole))
			}
			if got := r.items(t, c.ID, "filter", filter, "bbox", "-30,-30,-29,-29"); *got.NumberMatched != 0 {
				t.Errorf("%s: %d features in two boxes that do not meet", c.ID, *got.NumberMatched)
			}
		})
	}},
	{"features-filter/filter-on-items", func(t *testing.T, r *ogcRig) {
		for _, c := range r.collections(t) {
			a := r.get(itemsPath(c.ID, "filter", "id IS NOT NULL"), "Accept", "application/geo+json").want(t, http.StatusOK)
			if a.Header.Get("Content-Type") != "application/geo+json" {
				t.Errorf("%s: %q", c.ID, a.Header.Get("Content-Type"))
			}
		}
	}},
	{"queryables-query-parameters/parameters", func(t *testing.T, r *ogcRig) {
		for _, c := range r.collections(t) {
			set := r.set(c.ID)
			for name, property := range r.queryables(t, c.ID).Properties {
				if property["type"] == nil {
					continue
				}
				r.parameter(t, name)
				for row := range set.byID("") {
					v := set.value(row, name)
					if v.kind == 0 || v.show() == "" {
						continue
					}
					text := v.show()
					if v.list != nil {
						text = strings.Join(v.list, ",")
					}
					if !v.time.IsZero() {
						text = v.time.UTC().Format("2006-01-02T15:04:05Z07:00")
					}
					got := r.items(t, c.ID, "limit", "20", name, text)
					want := r.brute(c.ID, func(s ogcSet, other uint32) bool { return s.value(other, name).equal(v) })
					if !got.begins(want) {
						t.Errorf("%s with %s=%s: %d features, want %d", c.ID, name, text, *got.NumberMatched, len(want))
					}
					break
				}
			}
			r.get("/ogc/collections/"+c.ID+"/items?geometry=x").want(t, 400)
		}
		r.get("/ogc/collections/street/items?sockets=3").want(t, 400)
	}},
}

type queryablesDoc struct {
	Schema     string `json:"$schema"`
	ID         string `json:"$id"`
	Type       string
	Properties map[string]map[string]any
}

func (r *ogcRig) queryables(t *testing.T, collection string) queryablesDoc {
	t.Helper()
	var q queryablesDoc
	a := r.get("/ogc/collections/"+collection+"/queryables", "Accept", "application/schema+json").want(t, 200)
	a.decode(t, &q)
	if got := a.Header.Get("Content-Type"); got != "application/schema+json" {
		t.Errorf("%s: %q", collection, got)
	}
	return q
}

// boxFilters calls visit for each collection with its box, and all of its
// features that have a geometry.
func (r *ogcRig) boxFilters(t *testing.T, visit func(c ogcCollectionDoc, b [4]float64, whole []string)) {
	t.Helper()
	for _, c := range r.collections(t) {
		if c.Extent != nil && c.Extent.Spatial != nil {
			visit(c, c.Extent.Spatial.BBox[0], r.brute(c.ID, func(set ogcSet, row uint32) bool { return set.shape(row) != nil }))
		}
	}
}

func boxFilter(lo, hi orb.Point) string {
	return fmt.Sprintf("S_INTERSECTS(geometry,BBOX(%.9f,%.9f,%.9f,%.9f))", lo[0], lo[1], hi[0], hi[1])
}

// TestATSFilterText wants a filter that is not encoded as it should be to be
// refused, and one with plus signs for spaces read.
func TestATSFilterText(t *testing.T) {
	r := newOGCRig(start(t, Config{}))
	r.get("/ogc/collections/gate/items?filter=id+IS+NOT+NULL").want(t, 200)
	r.get("/ogc/collections/gate/items?filter="+url.PathEscape("name LIKE '%门'")).want(t, 200)
	r.get("/ogc/collections/gate/items?filter=name%20LIKE%20'%'").want(t, 400)
}
