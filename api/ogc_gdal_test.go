package api

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"

	"yizhan/geo/geotest"
)

// gdal runs a program of GDAL, which must have nothing to complain of.
func gdal(t *testing.T, args ...string) string {
	t.Helper()
	out, said := geotest.GDAL(t, args...)
	if all := out + said; strings.Contains(all, "ERROR") || strings.Contains(all, "Warning") {
		t.Errorf("%q complains:\n%s", args, all)
	}
	return out
}

// TestGDALReadsOGC has GDAL, which QGIS reads with too, find the collections by
// the address of the landing page and read every feature of each in small
// pages, and in a box; what it reads is what the Atlas holds.
func TestGDALReadsOGC(t *testing.T) {
	for name, r := range map[string]*ogcRig{"town": newOGCRig(start(t, Config{})), "demo": newOGCRig(startDemo(t, Config{}))} {
		t.Run(name, func(t *testing.T) {
			list := gdal(t, "ogrinfo", "-ro", "OAPIF:"+r.root)
			for _, c := range r.server.ogc.collections {
				if !strings.Contains(list, ": "+c.id+" (title: ") {
					t.Errorf("%s is not listed:\n%s", c.id, list)
				}
				size := "50"
				if name == "town" {
					size = "3"
				}
				all := r.brute(c.id, func(ogcSet, uint32) bool { return true })
				got := r.gdalReads(t, c.id, "-oo", "PAGE_SIZE="+size)
				if !slices.Equal(got, all) {
					t.Errorf("%s: GDAL read %d features, want %d", c.id, len(got), len(all))
				}
			}
			b := r.keeper.Current().Bound()
			half := orb.Bound{Min: b.Min, Max: b.Center()}
			for _, id := range []string{"station", "compound", "building", "street"} {
				want := r.brute(id, func(set ogcSet, row uint32) bool { return set.shape(row) != nil && slowMeets(set.shape(row), half) })
				got := r.gdalReads(t, id, "-oo", "PAGE_SIZE=50", "-spat", fmt.Sprint(half.Min[0]), fmt.Sprint(half.Min[1]), fmt.Sprint(half.Max[0]), fmt.Sprint(half.Max[1]))
				if !slices.Equal(got, want) {
					t.Errorf("%s: GDAL read %d features in a box, want %d", id, len(got), len(want))
				}
			}
		})
	}
}

// gdalReads copies a collection with ogr2ogr and returns the IDs in their
// order, after comparing the geometries.
func (r *ogcRig) gdalReads(t *testing.T, collection string, options ...string) []string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "out.geojson")
	args := append([]string{"ogr2ogr", "-f", "GeoJSON", "-lco", "COORDINATE_PRECISION=9"}, options...)
	gdal(t, append(args, to, "OAPIF:"+r.root+"/collections/"+collection)...)
	b, err := os.ReadFile(to)
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Features []struct {
			Geometry   *geojson.Geometry
			Properties struct{ ID string }
		}
	}
	if err := json.Unmarshal(b, &doc); err != nil {
		t.Fatal(err)
	}
	set := r.set(collection)
	ids := []string{}
	for _, f := range doc.Features {
		ids = append(ids, f.Properties.ID)
		row, ok := set.find(f.Properties.ID)
		if !ok {
			continue // the caller sees that it is none of ours
		}
		want := set.shape(row)
		if (want == nil) != (f.Geometry == nil) {
			t.Errorf("%s: GDAL read %v, want %v", f.Properties.ID, f.Geometry, want)
			continue
		}
		if want == nil {
			continue
		}
		have, expected := positions(f.Geometry.Geometry()), positions(want)
		if len(have) != len(expected) {
			t.Errorf("%s: GDAL read %d positions, want %d", f.Properties.ID, len(have), len(expected))
			continue
		}
		for i := range have {
			if d := have[i]; max(d[0]-expected[i][0], expected[i][0]-d[0], d[1]-expected[i][1], expected[i][1]-d[1]) > 1.1e-7 {
				t.Errorf("%s: GDAL read %v, want %v", f.Properties.ID, d, expected[i])
				break
			}
		}
	}
	return ids
}
