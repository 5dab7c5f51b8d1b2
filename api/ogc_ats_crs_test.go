package api

import (
	"fmt"
	"math"
	"net/url"
	"regexp"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"
	"github.com/paulmach/orb/project"

	"yizhan/geo/crs"
	"yizhan/geo/pack"
)

const noSuchCRS = "http://www.opengis.net/def/crs/OGC/0/does_not_exist"

var atsCRS = []atsTest{
	{"crs/crs-uri", func(t *testing.T, r *ogcRig) {
		r.conforms(t, "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs")
		name := regexp.MustCompile(`^http://www\.opengis\.net/def/crs/(OGC/1\.3/CRS84|EPSG/0/[0-9]+)$`)
		for _, c := range r.collections(t) {
			for _, uri := range append(slices.Clone(c.CRS), c.StorageCRS) {
				if !name.MatchString(uri) {
					t.Errorf("%s: %q", c.ID, uri)
				}
			}
		}
	}},
	{"crs/default-crs", func(t *testing.T, r *ogcRig) {
		for _, c := range r.collections(t) {
			if !slices.Contains(c.CRS, crs.CRS84.URI()) {
				t.Errorf("%s: %q", c.ID, c.CRS)
			}
		}
	}},
	{"crs/storageCrs", func(t *testing.T, r *ogcRig) {
		for _, c := range r.collections(t) {
			if !slices.Contains(c.CRS, c.StorageCRS) {
				t.Errorf("%s: %q is none of %q", c.ID, c.StorageCRS, c.CRS)
			}
		}
	}},
	{"crs/crs-parameter", func(t *testing.T, r *ogcRig) {
		r.everyCRS(t, func(path, uri string) {
			if got := r.get(path+"?crs="+url.QueryEscape(uri)).want(t, 200).Header.Get("Content-Crs"); got != "<"+uri+">" {
				t.Errorf("%s in %s: Content-Crs %q", path, uri, got)
			}
		})
	}},
	{"crs/crs-parameter-default", func(t *testing.T, r *ogcRig) {
		r.everyCRS(t, func(path, uri string) {
			if got := r.get(path).want(t, 200).Header.Get("Content-Crs"); got != "<"+crs.CRS84.URI()+">" {
				t.Errorf("%s: Content-Crs %q", path, got)
			}
		})
	}},
	{"crs/crs-parameter-invalid", func(t *testing.T, r *ogcRig) {
		r.everyCRS(t, func(path, uri string) {
			r.get(path+"?crs="+url.QueryEscape(uri+"0")).want(t, 400)
			r.get(path+"?crs="+url.QueryEscape(noSuchCRS)).want(t, 400)
		})
	}},
	{"crs/crs-parameter-transform", func(t *testing.T, r *ogcRig) {
		for _, c := range r.collections(t) {
			plain := r.items(t, c.ID, "limit", "50")
			for _, uri := range c.CRS {
				turned := r.items(t, c.ID, "limit", "50", "crs", uri)
				for i, f := range turned.Features {
					sameGeometry(t, f.ID, uri, plain.Features[i].Geometry, f.Geometry)
				}
				if len(plain.Features) == 0 {
					continue
				}
				var one ogcFeature
				f := plain.Features[0]
				r.json(t, "/collections/"+c.ID+"/items/"+url.PathEscape(f.ID)+"?crs="+url.QueryEscape(uri), &one)
				sameGeometry(t, f.ID, uri, f.Geometry, one.Geometry)
			}
		}
	}},
	{"crs/bbox-crs-parameter", func(t *testing.T, r *ogcRig) {
		for _, c := range r.collections(t) {
			if c.Extent == nil {
				continue
			}
			b := c.Extent.Spatial.BBox[0]
			// The corners lie on the steps that positions are stored in, and a
			// feature at each edge of the extent: none may be lost by a system.
			x, y := math.Round((b[0]+b[2])/2*pack.Unit)/pack.Unit, math.Round((b[1]+b[3])/2*pack.Unit)/pack.Unit
			for _, far := range []orb.Point{{x, y}, {b[2], b[3]}} {
				want := r.items(t, c.ID, "limit", "1000", "bbox", fmt.Sprintf("%v,%v,%v,%v", b[0], b[1], far[0], far[1]))
				for _, uri := range c.CRS {
					lo, hi := turn(uri, orb.Point{b[0], b[1]}), turn(uri, far)
					got := r.items(t, c.ID, "limit", "1000", "bbox-crs", uri, "bbox", fmt.Sprintf("%.7f,%.7f,%.7f,%.7f", lo[0], lo[1], hi[0], hi[1]))
					if !slices.Equal(got.ids(), want.ids()) {
						t.Errorf("%s in %s: %d features, want %d", c.ID, uri, len(got.Features), len(want.Features))
					}
				}
			}
		}
	}},
	{"crs/bbox-crs-parameter-default", func(t *testing.T, r *ogcRig) {
		for _, c := range r.collections(t) {
			if c.Extent == nil {
				continue
			}
			b := c.Extent.Spatial.BBox[0]
			box := fmt.Sprintf("%v,%v,%v,%v", b[0], b[1], b[2], b[3])
			if a, b := r.items(t, c.ID, "bbox", box), r.items(t, c.ID, "bbox", box, "bbox-crs", crs.CRS84.URI()); !slices.Equal(a.ids(), b.ids()) {
				t.Errorf("%s: %v, in CRS84 %v", c.ID, a.ids(), b.ids())
			}
		}
	}},
	{"crs/bbox-crs-parameter-invalid", func(t *testing.T, r *ogcRig) {
		for _, c := range r.collections(t) {
			r.get(itemsPath(c.ID, "bbox", "1,2,3,4", "bbox-crs", noSuchCRS)).want(t, 400)
			r.get(itemsPath(c.ID, "bbox", "1,2,3,4", "bbox-crs", c.CRS[0]+"x")).want(t, 400)
		}
	}},
}

// everyCRS calls visit for the items of each collection, and for one of them,
// with each coordinate reference system.
func (r *ogcRig) everyCRS(t *testing.T, visit func(path, uri string)) {
	t.Helper()
	for _, c := range r.collections(t) {
		paths := []string{"/ogc/collections/" + c.ID + "/items"}
		for _, f := range r.items(t, c.ID, "limit", "1").Features {
			paths = append(paths, paths[0]+"/"+url.PathEscape(f.ID))
		}
		for _, uri := range c.CRS {
			for _, path := range paths {
				visit(path, uri)
			}
		}
	}
}

// turn brings a position into a system by other means than the server.
func turn(uri string, p orb.Point) orb.Point {
	switch uri {
	case crs.EPSG4326.URI(), crs.EPSG4490.URI():
		return orb.Point{p[1], p[0]}
	case crs.EPSG3857.URI():
		return project.Point(p, project.WGS84.ToMercator)
	}
	return p
}

// sameGeometry compares a geometry with what it became in a system.
func sameGeometry(t *testing.T, id, uri string, plain, turned *geojson.Geometry) {
	t.Helper()
	if plain == nil || turned == nil {
		if plain != turned {
			t.Errorf("%s in %s: %v became %v", id, uri, plain, turned)
		}
		return
	}
	a, b := positions(plain.Geometry()), positions(turned.Geometry())
	if len(a) != len(b) || plain.Type != turned.Type {
		t.Fatalf("%s in %s: %d positions became %d", id, uri, len(a), len(b))
	}
	for i := range a {
		want := turn(uri, a[i])
		off := 1e-9
		if uri == crs.EPSG3857.URI() {
			off = 0.01 // what seven decimals of a degree leave open
		}
		if math.Abs(b[i][0]-want[0]) > off || math.Abs(b[i][1]-want[1]) > off {
			t.Fatalf("%s in %s: %v became %v, want %v", id, uri, a[i], b[i], want)
		}
	}
}

func positions(g orb.Geometry) []orb.Point {
	var all []orb.Point
	switch g := g.(type) {
	case orb.Point:
		return []orb.Point{g}
	case orb.MultiLineString:
		for _, line := range g {
			all = append(all, line...)
		}
	case orb.Polygon:
		for _, ring := range g {
			all = append(all, ring...)
		}
	case orb.MultiPolygon:
		for _, p := range g {
			all = append(all, positions(p)...)
		}
	}
	return all
}
