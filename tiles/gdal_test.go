package tiles

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"
	"github.com/paulmach/orb/planar"
	mercator "github.com/paulmach/orb/project"

	"yizhan/geo"
	"yizhan/geo/geotest"
	"yizhan/geo/index"
)

// ogr2ogr runs GDAL's converter, which must have nothing to complain of.
func ogr2ogr(t *testing.T, args ...string) []byte {
	t.Helper()
	out, said := geotest.GDAL(t, append([]string{"ogr2ogr"}, args...)...)
	if said != "" {
		t.Errorf("ogr2ogr %q says: %s", args, said)
	}
	return []byte(out)
}

// gdalLayer reads a layer of a tile with GDAL, in metres of Web Mercator.
func gdalLayer(t *testing.T, tile Tile, body []byte, layer string) []*geojson.Feature {
	t.Helper()
	path := filepath.Join(t.TempDir(), "tile.mvt")
	if err := os.WriteFile(path, body, 0o600); err != nil {
		t.Fatal(err)
	}
	// RFC7946=NO keeps the metres.
	out := ogr2ogr(t, "-f", "GeoJSON", "-lco", "COORDINATE_PRECISION=6", "-oo", fmt.Sprint("X=", tile.X), "-oo", fmt.Sprint("Y=", tile.Y), "-oo", fmt.Sprint("Z=", tile.Z),
		"-oo", "CLIP=NO", "/vsistdout/", path, layer)
	fc, err := geojson.UnmarshalFeatureCollection(out)
	if err != nil {
		t.Fatalf("%v in %.300s", err, out)
	}
	return fc.Features
}

// unit is the width of a tile's unit in metres of Web Mercator.
func unit(z uint8) float64 { return 2 * math.Pi * 6378137 / Extent / math.Exp2(float64(z)) }

// TestPlacesAgainstGDAL reads tiles of places with GDAL and compares each point
// with the place that it stands for.
func TestPlacesAgainstGDAL(t *testing.T) {
	at := orb.Point{104.06, 30.65}
	list := randomPlaces(3000, 11, at, 0.02)
	byID := map[string]*geo.Place{}
	for i, p := range list {
		if p.Kind == geo.KindStation {
			p.Facilities = []geo.Facility{"rest", "wifi"}
			p.Names = map[string]string{"en": fmt.Sprint("Station ", i)}
			p.Hours = "Mo-Fr 08:00-18:00"
		}
		byID[p.ID] = p
	}
	places := NewPlaces(index.Build(list), PlacesOptions{})
	for _, z := range []uint8{10, 14, 17} {
		tile := TileAt(at, z)
		body := places.Tile(tile, nil)
		for i, info := range geo.Kinds() {
			if z != 14 && i > 0 {
				break // each reading takes a process
			}
			want := 0
			for _, l := range decode(t, body) {
				if l.Name == string(info.Kind) {
					want = len(l.Features)
				}
			}
			if want == 0 {
				continue
			}
			got := gdalLayer(t, tile, body, string(info.Kind))
			if len(got) != want {
				t.Fatalf("%v %s: GDAL reads %d features of %d", tile, info.Kind, len(got), want)
			}
			for _, f := range got {
				if f.Properties["count"] != nil {
					continue
				}
				place := byID[f.Properties.MustString("id")]
				if d := planar.Distance(mercator.Point(place.Point, mercator.WGS84.ToMercator), f.Geometry.(orb.Point)); d > unit(z) {
					t.Fatalf("%v: %s is %.2f m off, a unit has %.2f", tile, place.ID, d, unit(z))
				}
				if z < 14 || place.Kind != geo.KindStation {
					continue
				}
				if f.Properties["facilities"] != "rest,wifi" || f.Properties["name_en"] != place.Names["en"] || f.Properties["name"] != place.Name ||
					f.Properties["hours"] != place.Hours || f.Properties["class"] != "branch" || f.Properties["kind"] != "station" {
					t.Fatalf("%v: %v", tile, f.Properties)
				}
			}
		}
	}
}

// TestBaseAgainstGDAL reads a city block of the base map with GDAL and compares
// what it draws with the features: every corner lies within a unit of its
// feature's outline, and no ring is broken.
func TestBaseAgainstGDAL(t *testing.T) {
	at := orb.Point{104.06, 30.65}
	features := town(4, at)
	_, r := build(t, features, BaseOptions{})
	tile := TileAt(orb.Point{at[0] + 0.002, at[1] + 0.002}, 15)
	body, ok, err := r.TileUncompressed(tile.Z, tile.X, tile.Y)
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	outlines := map[string]orb.MultiLineString{}
	labels := map[string][]orb.Point{}
	for _, f := range features {
		switch g := mercator.Geometry(orb.Clone(f.Geometry), mercator.WGS84.ToMercator).(type) {
		case orb.Point:
			labels[string(f.Layer)] = append(labels[string(f.Layer)], g)
		default:
			outlines[string(f.Layer)] = append(outlines[string(f.Layer)], edges(g)...)
		}
	}
	for _, l := range decode(t, body) {
		got := gdalLayer(t, tile, body, l.Name)
		if len(got) != len(l.Features) {
			t.Errorf("%s: GDAL reads %d features of %d", l.Name, len(got), len(l.Features))
		}
		for _, f := range got {
			corners := points(f.Geometry)
			if len(corners) == 0 {
				t.Errorf("%s: an empty geometry", l.Name)
			}
			for _, c := range corners {
				best := math.Inf(1)
				for _, line := range outlines[l.Name] {
					best = min(best, planar.DistanceFrom(line, c))
				}
				for _, p := range labels[l.Name] {
					best = min(best, planar.Distance(p, c))
				}
				// On the border of the buffer outlines are cut.
				if best > 1.5*unit(tile.Z) && !onBorder(tile, c) {
					t.Fatalf("%s: %v is %.2f m off, a unit has %.2f", l.Name, c, best, unit(tile.Z))
				}
			}
		}
	}
}

// onBorder says whether a position lies where the buffer of a tile ends.
func onBorder(tile Tile, p [2]float64) bool {
	half := math.Pi * 6378137
	x, y := (p[0]+half)/unit(tile.Z)-float64(tile.X)*Extent, (half-p[1])/unit(tile.Z)-float64(tile.Y)*Extent
	for _, v := range [2]float64{x, y} {
		if math.Abs(v+baseBuffer) < 2 || math.Abs(v-Extent-baseBuffer) < 2 {
			return true
		}
	}
	return false
}

// edges lists the lines of a geometry.
func edges(g orb.Geometry) (out orb.MultiLineString) {
	switch g := g.(type) {
	case orb.LineString:
		out = append(out, g)
	case orb.Polygon:
		for _, r := range g {
			out = append(out, orb.LineString(r))
		}
	case orb.MultiPolygon:
		for _, p := range g {
			out = append(out, edges(p)...)
		}
	}
	return out
}

// TestArchiveAgainstGDAL lays an archive out as a folder of tiles, as GDAL
// reads whole tilesets, and counts the places of its last zoom.
func TestArchiveAgainstGDAL(t *testing.T) {
	list := randomPlaces(500, 8, orb.Point{113.6, 34.7}, 0.05)
	_, r := archive(t, index.Build(list), PlacesArchiveOptions{MaxZoom: 12})
	dir := t.TempDir()
	eachTile(t, r, func(tile Tile, b []byte) {
		path := filepath.Join(dir, fmt.Sprint(tile.Z), fmt.Sprint(tile.X), fmt.Sprint(tile.Y)+".pbf")
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
	})
	meta, err := r.Metadata()
	if err != nil {
		t.Fatal(err)
	}
	h := r.Header()
	var layers struct {
		VectorLayers json.RawMessage `json:"vector_layers"`
	}
	if err := json.Unmarshal(meta, &layers); err != nil {
		t.Fatal(err)
	}
	// The metadata of MBTiles, in which the layers stand as text.
	text, err := json.Marshal(map[string]any{
		"name": "places", "minzoom": h.MinZoom, "maxzoom": h.MaxZoom, "json": fmt.Sprintf(`{"vector_layers":%s}`, layers.VectorLayers),
		"bounds": fmt.Sprintf("%f,%f,%f,%f", h.MinLon, h.MinLat, h.MaxLon, h.MaxLat),
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "metadata.json"), text, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, info := range geo.Kinds()[:2] {
		out := ogr2ogr(t, "-f", "GeoJSON", "/vsistdout/", filepath.Join(dir, fmt.Sprint(h.MaxZoom)), string(info.Kind))
		fc, err := geojson.UnmarshalFeatureCollection(out)
		if err != nil {
			t.Fatalf("%v in %.300s", err, out)
		}
		got, want := map[string]bool{}, 0
		for _, f := range fc.Features {
			got[f.Properties.MustString("id")] = true
		}
		for _, p := range list {
			if p.Kind == info.Kind {
				want++
				if !got[p.ID] {
					t.Errorf("%s is missing", p.ID)
				}
			}
		}
		if len(got) != want {
			t.Errorf("%s: %d places, want %d", info.Kind, len(got), want)
		}
	}
}
