package osm

import (
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"yizhan/geo"
	"yizhan/geo/geotest"
)

// TestSeaOf draws shores in a box of ten by ten and asks where it is wet.
func TestSeaOf(t *testing.T) {
	box := orb.Bound{Max: orb.Point{10, 10}}
	island := orb.LineString{{6, 4}, {8, 4}, {8, 6}, {6, 6}, {6, 4}}
	lagoon := orb.LineString{{2, 4}, {2, 6}, {4, 6}, {4, 4}, {2, 4}}
	north := orb.LineString{{5, -1}, {5, 11}}  // sea in the east
	south := orb.LineString{{5, 11}, {5, -1}}  // sea in the west
	corner := orb.LineString{{-1, 3}, {3, -1}} // sea in the lower left corner
	for _, c := range []struct {
		name     string
		shores   []orb.LineString
		wet, dry []orb.Point
		polygons int
	}{
		{"east", []orb.LineString{north}, []orb.Point{{7, 5}, {9.9, 0.1}, {9.9, 9.9}}, []orb.Point{{3, 5}, {0.1, 9.9}}, 1},
		{"west", []orb.LineString{south}, []orb.Point{{3, 5}, {0.1, 0.1}}, []orb.Point{{7, 5}}, 1},
		{"corner", []orb.LineString{{{3, -1}, {-1, 3}}}, []orb.Point{{9, 9}, {1.5, 1.5}}, []orb.Point{{0.5, 0.5}}, 1},
		{"corner turned", []orb.LineString{corner}, []orb.Point{{0.5, 0.5}}, []orb.Point{{9, 9}, {0.5, 5}}, 1},
		{"island in the east", []orb.LineString{north, island}, []orb.Point{{5.5, 5}, {9, 5}}, []orb.Point{{7, 5}, {2, 2}}, 1},
		{"only an island", []orb.LineString{island}, []orb.Point{{1, 1}, {9, 9}}, []orb.Point{{7, 5}}, 1},
		{"a lagoon", []orb.LineString{lagoon}, []orb.Point{{3, 5}}, []orb.Point{{1, 1}, {7, 5}}, 1},
		{"a strait", []orb.LineString{{{4, -1}, {4, 11}}, {{6, 11}, {6, -1}}}, []orb.Point{{5, 5}}, []orb.Point{{3, 5}, {7, 5}}, 1},
		{"a peninsula", []orb.LineString{{{11, 4}, {5, 4}, {5, 6}, {11, 6}}}, []orb.Point{{7, 5}}, []orb.Point{{3, 5}, {9, 1}, {9, 9}}, 1},
		{"two seas", []orb.LineString{{{4, 11}, {4, -1}}, {{6, -1}, {6, 11}}}, []orb.Point{{3, 5}, {7, 5}}, []orb.Point{{5, 5}}, 2},
		{"ring across the edge", []orb.LineString{{{8, 4}, {12, 4}, {12, 6}, {8, 6}, {8, 4}}}, []orb.Point{{5, 5}, {9, 1}}, []orb.Point{{9, 5}}, 1},
		{"nothing", nil, nil, []orb.Point{{5, 5}}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			var in []orb.LineString
			for _, s := range c.shores {
				in = append(in, s.Clone())
			}
			got, ok := seaOf(in, box)
			if !ok || len(got) != c.polygons {
				t.Fatalf("got %v, %v; want %d polygons", got, ok, c.polygons)
			}
			for _, p := range c.wet {
				if !inArea(p, got) {
					t.Errorf("%v is dry in %v", p, got)
				}
			}
			for _, p := range c.dry {
				if inArea(p, got) {
					t.Errorf("%v is wet in %v", p, got)
				}
			}
			for _, poly := range got {
				for i, r := range poly {
					if (r.Orientation() == orb.CCW) != (i == 0) || r[0] != r[len(r)-1] {
						t.Errorf("ring %d of %v winds the wrong way", i, poly)
					}
				}
			}
		})
	}
	if got, ok := seaOf([]orb.LineString{{{5, -1}, {5, 5}}}, box); ok {
		t.Errorf("a shore that ends inside gave %v", got)
	}
}

// TestSeaOfProperty draws parallel shores across the box, each straight or
// winding, and compares with the band a point lies in.
func TestSeaOfProperty(t *testing.T) {
	box := orb.Bound{Max: orb.Point{10, 10}}
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 6).Draw(t, "shores")
		eastWet := rapid.Bool().Draw(t, "sea east of the first")
		var shores []orb.LineString
		for i := range n {
			x := 10 * float64(i+1) / float64(n+1)
			line := orb.LineString{}
			for y := -1.0; y <= 11; y++ {
				line = append(line, orb.Point{x + rapid.Float64Range(-0.3, 0.3).Draw(t, "bend"), y})
			}
			if (i%2 == 0) != eastWet {
				line.Reverse()
			}
			shores = append(shores, line)
		}
		got, ok := seaOf(shores, box)
		if !ok {
			t.Fatal("no sea")
		}
		for i := range n + 1 {
			x := 10 * (float64(i) + 0.5) / float64(n+1)
			for y := 0.5; y < 10; y++ {
				if wet := (i%2 == 1) == eastWet; inArea(orb.Point{x, y}, got) != wet {
					t.Fatalf("band %d of %d at %v: want wet %v", i, n, y, wet)
				}
			}
		}
	})
}

// TestSeaOfRealTowns asks real extracts for places that are known to be sea
// and land.
func TestSeaOfRealTowns(t *testing.T) {
	for _, c := range []struct {
		name     string
		sea, dry []orb.Point
	}{
		{"vancouver", []orb.Point{{-123.20, 49.30}, {-123.10, 49.297}}, []orb.Point{{-123.10, 49.25}, {-123.145, 49.303}}},
		{"monaco", []orb.Point{{7.440, 43.735}}, []orb.Point{{7.420, 43.738}}},
	} {
		src, err := File(geotest.Data(t, "osm", c.name+".osm.pbf"))
		if err != nil {
			t.Fatal(err)
		}
		r := importAll(t, src)
		wet := func(p orb.Point) bool {
			for _, f := range r.Base {
				if poly, ok := f.Geometry.(orb.Polygon); ok && f.Layer == geo.LayerWater && f.Class == "sea" && inArea(p, orb.MultiPolygon{poly}) {
					return true
				}
			}
			return false
		}
		for _, p := range c.sea {
			if !wet(p) {
				t.Errorf("%s: %v is dry; warnings %d", c.name, p, r.Report.Found[BrokenCoast])
			}
		}
		for _, p := range c.dry {
			if wet(p) {
				t.Errorf("%s: %v is sea", c.name, p)
			}
		}
	}
}
