package api

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/paulmach/orb/encoding/mvt"

	"yizhan/data/atlas"
	"yizhan/geo"
	"yizhan/tiles"
)

// ogcDoc is what the documents of tiles have in common.
type ogcDoc struct {
	Title    string
	DataType string
	CRS      any
	Scheme   string `json:"tileMatrixSetURI"`
	Links    []ogcLink
	Tilesets []ogcDoc
	Limits   []ogcTileLimits `json:"tileMatrixSetLimits"`
	Layers   []struct {
		ID     string
		Schema struct {
			Properties map[string]struct{ Type string }
		} `json:"propertiesSchema"`
	}
	ConformsTo []string
}

func (d *ogcDoc) link(rel string) ogcLink {
	for _, l := range d.Links {
		if l.Rel == rel {
			return l
		}
	}
	return ogcLink{}
}

// follow fetches what a link leads to.
func (r *rig) follow(l ogcLink, v any) {
	r.t.Helper()
	if !strings.HasPrefix(l.Href, r.base+"/ogc") {
		r.t.Fatalf("link %+v", l)
	}
	r.get(strings.TrimPrefix(l.Href, r.base)).want(r.t, 200).decode(r.t, v)
}

// TestOGCTilesFromTheLandingPage goes from the landing page to a tile by links
// alone, for all places and for each collection, and compares the tile with
// that of /tiles.
func TestOGCTilesFromTheLandingPage(t *testing.T) {
	r := start(t, Config{})
	var landing, collections ogcDoc
	r.get("/ogc").want(t, 200).decode(t, &landing)
	starts := map[string]ogcLink{"places": landing.link(relTilesets)}
	for _, c := range r.server.ogc.collections {
		r.get("/ogc/collections/"+c.id).want(t, 200).decode(t, &collections)
		starts[c.id] = collections.link(relTilesets)
	}
	at := tiles.TileAt(spot(0, 0), 14)
	for id, link := range starts {
		var list, set ogcDoc
		r.follow(link, &list)
		if len(list.Tilesets) != 1 || list.Tilesets[0].DataType != "vector" || list.Tilesets[0].Scheme != webMercatorURI {
			t.Fatalf("%s: %+v", id, list)
		}
		r.follow(list.Tilesets[0].link("self"), &set)
		template := set.link("item")
		if !template.Templated || template.Type != typeTile || template != list.Tilesets[0].link("item") {
			t.Errorf("%s: %+v", id, template)
		}
		var scheme tileMatrixSet
		r.follow(set.link(relTilingScheme), &scheme)
		if scheme.URI != set.Scheme || any(scheme.CRS) != set.CRS {
			t.Errorf("%s: %+v", id, scheme)
		}
		path := strings.NewReplacer(r.base, "", "{tileMatrix}", "14", "{tileRow}", fmt.Sprint(at.Y), "{tileCol}", fmt.Sprint(at.X)).Replace(template.Href)
		a := r.get(path)
		if id == "building" || id == "shared_bike" { // the town has none there
			a.want(t, 204)
			continue
		}
		a.want(t, 200)
		layers, err := mvt.Unmarshal(a.body)
		if err != nil {
			t.Fatal(err)
		}
		known := map[string]map[string]struct{ Type string }{}
		for _, l := range set.Layers {
			known[l.ID] = l.Schema.Properties
		}
		for _, l := range layers {
			for _, f := range l.Features {
				for name, value := range f.Properties {
					want := map[string]string{"string": "string", "float64": "number", "bool": "boolean"}[fmt.Sprintf("%T", value)]
					if known[l.Name][name].Type != want {
						t.Errorf("%s: layer %s, property %s is %T, said to be %q", id, l.Name, name, value, known[l.Name][name].Type)
					}
				}
			}
		}
		inside := false
		for _, m := range set.Limits {
			inside = inside || m.Matrix == "14" && at.X >= m.MinCol && at.X <= m.MaxCol && at.Y >= m.MinRow && at.Y <= m.MaxRow
		}
		if !inside {
			t.Errorf("%s: %v lies outside of %v", id, at, set.Limits)
		}
		if _, err := geo.ParseKind(id); err == nil || id == "places" {
			if b := r.get(tilePath(id, 14)); !bytes.Equal(a.body, b.body) || a.Header.Get("ETag") != b.Header.Get("ETag") {
				t.Errorf("%s: not the tile of /tiles", id)
			}
		} else if len(layers) != 1 {
			t.Errorf("%s: %d layers", id, len(layers))
		}
		r.get(path, "If-None-Match", a.Header.Get("ETag")).want(t, 304)
	}
	var classes ogcDoc
	r.get("/ogc/conformance").want(t, 200).decode(t, &classes)
	for _, want := range tileConformance() {
		if !strings.Contains(strings.Join(classes.ConformsTo, " "), want) {
			t.Errorf("%s is not declared", want)
		}
	}
	var schemes struct{ TileMatrixSets []ogcDoc }
	r.follow(landing.link(relTilingSchemes), &schemes)
	if len(schemes.TileMatrixSets) != 1 {
		t.Errorf("%+v", schemes)
	}
	var scheme tileMatrixSet
	r.follow(schemes.TileMatrixSets[0].link("self"), &scheme)
}

// TestOGCTileMatrixSet compares the tile matrix set with the numbers of its
// registration, which the standard prints.
func TestOGCTileMatrixSet(t *testing.T) {
	set := newTileMatrixSet()
	near := func(a, b float64) bool { return math.Abs(a/b-1) < 1e-12 }
	for z, want := range map[int][2]float64{
		0: {559082264.028717, 156543.033928041}, 1: {279541132.014358, 78271.5169640204}, 14: {34123.6733415964, 9.55462853563415}, 22: {133.295598990611, 0.0373227677173208},
	} {
		m := set.Matrices[z]
		if math.Abs(m.Scale-want[0]) > want[0]*1e-11 || math.Abs(m.CellSize-want[1]) > want[1]*1e-11 || m.ID != fmt.Sprint(z) || m.MatrixWidth != 1<<z || m.MatrixHeight != 1<<z {
			t.Errorf("%+v, want %v", m, want)
		}
		if !near(m.Origin[1], 20037508.3427892) && math.Abs(m.Origin[1]-20037508.3427892) > 1e-6 || m.Origin[0] != -m.Origin[1] {
			t.Errorf("origin %v", m.Origin)
		}
	}
	if len(set.Matrices) != tiles.MaxZoom+1 {
		t.Errorf("%d matrices", len(set.Matrices))
	}
}

func TestOGCTilesRefuse(t *testing.T) {
	r := start(t, Config{})
	const set = "/ogc/tiles/WebMercatorQuad"
	for path, status := range map[string]int{
		"/ogc/tiles?f=xml": 400, "/ogc/tiles?x=1": 400, set + "?f=mvt": 400, set + "/0/0/0?f=json": 400, set + "/0/0/0?x=1": 400,
		"/ogc/tileMatrixSets?x=1": 400, "/ogc/tileMatrixSets/WebMercatorQuad?f=xml": 400,
		"/ogc/tileMatrixSets/WorldCRS84Quad": 404, "/ogc/tiles/WorldCRS84Quad": 404, "/ogc/tiles/WorldCRS84Quad/0/0/0": 404,
		"/ogc/collections/nothing/tiles": 404, "/ogc/collections/nothing/tiles/WebMercatorQuad": 404, "/ogc/collections/nothing/tiles/WebMercatorQuad/0/0/0": 404,
		set + "/0/0/1": 404, set + "/0/1/0": 404, set + "/23/0/0": 404, set + "/-1/0/0": 404, set + "/a/b/c": 404, set + "/00/0/0": 404,
		set + "/14/0/0": 204, "/ogc/collections/street/tiles/WebMercatorQuad/3/0/0": 404, "/ogc/collections/street/tiles/WebMercatorQuad/14/0/0": 204,
		set + "/0/0/0": 200, set + "/0/0/0?f=mvt": 200, "/ogc/tiles?f=html": 200, set + "?f=html": 200, "/ogc/tileMatrixSets?f=html": 200,
		"/ogc/tileMatrixSets/WebMercatorQuad?f=html": 200, "/ogc/collections/gate/tiles/WebMercatorQuad?f=html": 200,
	} {
		if a := r.get(path); a.StatusCode != status {
			t.Errorf("%s: %d, want %d", path, a.StatusCode, status)
		}
	}
	r.keeper.Swap(town(t, func(p *atlas.Parts) { p.Base = nil }))
	for path, status := range map[string]int{
		"/ogc/collections/street/tiles": 404, "/ogc/collections/street/tiles/WebMercatorQuad": 404, "/ogc/collections/compound/tiles/WebMercatorQuad/14/0/0": 404,
		"/ogc/collections/gate/tiles": 200, "/ogc/tiles": 200,
	} {
		if a := r.get(path); a.StatusCode != status {
			t.Errorf("without a base map, %s: %d, want %d", path, a.StatusCode, status)
		}
	}
}
