package flatgeobuf_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"

	"yizhan/data/flatgeobuf"
	"yizhan/geo/geotest"
)

// gdal runs a program of GDAL and returns all that it says.
func gdal(t *testing.T, args ...string) string {
	t.Helper()
	out, said := geotest.GDAL(t, args...)
	return out + said
}

func save(t *testing.T, b []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "x.fgb")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestGDALReadsEverything compares geometries and values of every type with
// what GDAL makes of them.
func TestGDALReadsEverything(t *testing.T) {
	square := func(x, y, size float64) orb.Ring {
		return orb.Ring{{x, y}, {x + size, y}, {x + size, y + size}, {x, y + size}, {x, y}}
	}
	hole := func(x, y, size float64) orb.Ring {
		r := square(x, y, size)
		r.Reverse()
		return r
	}
	for name, c := range map[string]struct {
		kind flatgeobuf.GeometryType
		list []orb.Geometry
	}{
		"Point":       {flatgeobuf.Point, []orb.Geometry{orb.Point{104.06, 30.67}, orb.Point{-73.98, 40.76}, orb.Point{0, 0}}},
		"Line String": {flatgeobuf.LineString, []orb.Geometry{orb.LineString{{1, 2}, {3, 4}}, orb.LineString{{5, 6}, {7, 8}, {9, 10}}}},
		"Polygon":     {flatgeobuf.Polygon, []orb.Geometry{orb.Polygon{square(0, 0, 10)}, orb.Polygon{square(20, 0, 10), hole(22, 2, 1), hole(25, 5, 2)}}},
		"Multi Polygon": {flatgeobuf.MultiPolygon, []orb.Geometry{
			orb.MultiPolygon{{square(0, 0, 1)}},
			orb.MultiPolygon{{square(10, 0, 3), hole(11, 1, 1)}, {square(20, 0, 1)}},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			schema := flatgeobuf.Schema{
				Name: "层", Description: "every type", Metadata: `{"a":1}`, Geometry: c.kind,
				Columns: []flatgeobuf.Column{
					{Name: "name", Type: flatgeobuf.String, Description: "a name"}, {Name: "count", Type: flatgeobuf.Int},
					{Name: "share", Type: flatgeobuf.Double}, {Name: "open", Type: flatgeobuf.Bool},
					{Name: "more", Type: flatgeobuf.JSON}, {Name: "since", Type: flatgeobuf.DateTime}, {Name: "never", Type: flatgeobuf.String},
				},
			}
			path := save(t, write(t, schema, func(w *flatgeobuf.Writer) {
				for i, g := range c.list {
					p := w.Properties()
					p.Text(0, fmt.Sprintf("驿站 %d \"x\"\n", i))
					p.Int(1, int64(i)<<40)
					p.Double(2, float64(i)/8)
					p.Bool(3, i%2 == 0)
					p.Text(4, `{"b":[1,2]}`)
					p.Text(5, "2026-11-22T08:30:00Z")
					if err := w.Add(g); err != nil {
						t.Fatal(err)
					}
				}
			}))
			say := gdal(t, "ogrinfo", "-so", "-al", path)
			for _, want := range []string{
				"Layer name: 层", "Geometry: " + name + "\n", fmt.Sprintf("Feature Count: %d\n", len(c.list)), `ID["EPSG",4326]`,
				"name: String", "count: Integer64", "share: Real", "open: Integer(Boolean)", "more: String", "since: DateTime",
			} {
				if !strings.Contains(say, want) {
					t.Errorf("ogrinfo does not say %q:\n%s", want, say)
				}
			}
			if strings.Contains(say, "Warning") || strings.Contains(say, "ERROR") {
				t.Errorf("ogrinfo complains:\n%s", say)
			}
			got := readGeoJSON(t, gdal(t, "ogr2ogr", "-f", "GeoJSON", "-lco", "COORDINATE_PRECISION=15", "/vsistdout/", path))
			if len(got.Features) != len(c.list) {
				t.Fatalf("%d features", len(got.Features))
			}
			for _, f := range got.Features {
				i := int(f.Properties["share"].(float64) * 8)
				if !orb.Equal(f.Geometry, c.list[i]) {
					t.Errorf("%d: %v, want %v", i, f.Geometry, c.list[i])
				}
				want := geojson.Properties{
					"name": fmt.Sprintf("驿站 %d \"x\"\n", i), "count": float64(i << 40), "share": float64(i) / 8, "open": i%2 == 0,
					"more": map[string]any{"b": []any{1.0, 2.0}}, "since": "2026-11-22T08:30:00Z", // and "never" is not set
				}
				if d := cmp.Diff(want, f.Properties); d != "" {
					t.Error(d)
				}
			}
		})
	}
}

// TestGDALSearchesBoxes counts in boxes through the index.
func TestGDALSearchesBoxes(t *testing.T) {
	for _, n := range []int{1, 16, 17, 300, 5000} {
		var at []orb.Point
		for i := range n {
			at = append(at, orb.Point{103 + float64(i*37%100)/100, 30 + float64(i*61%97)/100})
		}
		path := save(t, points(t, at))
		for _, box := range []orb.Bound{
			{Min: orb.Point{103.2, 30.2}, Max: orb.Point{103.3, 30.31}},
			{Min: orb.Point{103, 30}, Max: orb.Point{103, 30}},
			{Min: orb.Point{0, 0}, Max: orb.Point{1, 1}},
		} {
			want := 0
			for _, p := range at {
				if box.Contains(p) {
					want++
				}
			}
			say := gdal(t, "ogrinfo", "-so", "-al", "-spat", fmt.Sprint(box.Min[0]), fmt.Sprint(box.Min[1]), fmt.Sprint(box.Max[0]), fmt.Sprint(box.Max[1]), path)
			if !strings.Contains(say, fmt.Sprintf("Feature Count: %d\n", want)) || strings.Contains(say, "ERROR") {
				t.Errorf("%d features in %v, want %d:\n%s", n, box, want, say)
			}
		}
	}
}

func TestGDALReadsEmpty(t *testing.T) {
	say := gdal(t, "ogrinfo", "-so", "-al", save(t, points(t, nil)))
	if !strings.Contains(say, "Feature Count: 0") || strings.Contains(say, "ERROR") {
		t.Error(say)
	}
}

func readGeoJSON(t *testing.T, s string) *geojson.FeatureCollection {
	t.Helper()
	var fc geojson.FeatureCollection
	if err := json.Unmarshal([]byte(s), &fc); err != nil {
		t.Fatalf("%v in\n%s", err, s)
	}
	return &fc
}
