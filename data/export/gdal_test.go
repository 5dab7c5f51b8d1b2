package export_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"

	"yizhan/data/atlas"
	"yizhan/data/export"
	"yizhan/geo"
	"yizhan/geo/geotest"
)

// gdal runs a program of GDAL, which must have nothing to complain of.
func gdal(t *testing.T, args ...string) string {
	t.Helper()
	out, said := geotest.GDAL(t, args...)
	if said != "" {
		t.Errorf("%q says: %s", args, said)
	}
	return out
}

func save(t *testing.T, name string, b []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// rows reads a file with GDAL as a table of every feature with its position,
// by ID. A CSV holds no geometries: its columns do.
func rows(t *testing.T, path string, more ...string) map[string]map[string]string {
	t.Helper()
	args := append([]string{"ogr2ogr", "-f", "CSV", "-lco", "GEOMETRY=AS_XY", "/vsistdout/", path}, more...)
	list, err := csv.NewReader(strings.NewReader(gdal(t, args...))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	out := make(map[string]map[string]string, len(list)-1)
	for _, line := range list[1:] {
		row := make(map[string]string, len(line))
		for i, cell := range line {
			row[list[0][i]] = cell
		}
		out[row["id"]] = row
	}
	if len(out) != len(list)-1 {
		t.Fatalf("%s: %d rows with %d IDs", path, len(list)-1, len(out))
	}
	return out
}

// samePlaces compares what GDAL read with the places of the kinds.
func samePlaces(t *testing.T, a *atlas.Atlas, got map[string]map[string]string, unplacedToo bool, kinds ...export.Collection) {
	t.Helper()
	want := 0
	for _, c := range kinds {
		for s := range a.Places.ByID(c.Kind(), "") {
			p := a.Places.Place(s)
			if p.Unplaced && !unplacedToo {
				continue
			}
			want++
			row, ok := got[p.ID]
			x, _ := strconv.ParseFloat(row["X"], 64)
			y, _ := strconv.ParseFloat(row["Y"], 64)
			if p.Unplaced {
				x, y = p.Point[0], p.Point[1]
			}
			name := strings.ReplaceAll(p.Name, "\r\n", "\n") // as readers of CSV take line ends
			if !ok || row["name"] != name || row["kind"] != string(p.Kind) || math.Abs(x-p.Point[0]) > 1e-7 || math.Abs(y-p.Point[1]) > 1e-7 {
				t.Errorf("%s %q at %v: GDAL read %q at %s %s", p.ID, p.Name, p.Point, row["name"], row["X"], row["Y"])
			}
		}
	}
	if len(got) != want || want == 0 {
		t.Errorf("GDAL read %d features, there are %d", len(got), want)
	}
}

func TestGDALReadsGeoJSON(t *testing.T) {
	a := demoAtlas(t)
	b, counts := write(t, export.GeoJSON, a, export.Options{})
	path := save(t, "all.geojson", b)
	say := gdal(t, "ogrinfo", "-so", "-al", path)
	if want := fmt.Sprintf("Feature Count: %d\n", export.Total(counts).Features); !strings.Contains(say, want) {
		t.Errorf("want %s in\n%s", want, say)
	}
	b, _ = write(t, export.GeoJSON, a, export.Options{Collections: export.Places()})
	samePlaces(t, a, rows(t, save(t, "places.geojson", b)), true, export.Places()...)
}

func TestGDALReadsCSV(t *testing.T) {
	for name, a := range map[string]*atlas.Atlas{"demo": demoAtlas(t), "few": fewAtlas()} {
		t.Run(name, func(t *testing.T) {
			b, counts := write(t, export.CSV, a, export.Options{})
			path := save(t, "places.csv", b)
			if name == "few" { // whose texts are guarded, which GDAL knows nothing of
				say := gdal(t, "ogrinfo", "-so", "-al", path)
				if want := fmt.Sprintf("Feature Count: %d\n", export.Total(counts).Features); !strings.Contains(say, want) {
					t.Errorf("want %s in\n%s", want, say)
				}
				return
			}
			samePlaces(t, a, rows(t, path, "-oo", "X_POSSIBLE_NAMES=lon_wgs84", "-oo", "Y_POSSIBLE_NAMES=lat_wgs84"), true, export.Places()...)
		})
	}
	for _, c := range []export.Collection{export.Compounds, export.Buildings} {
		b, counts := write(t, export.CSV, demoAtlas(t), export.Options{Collections: []export.Collection{c}})
		if got := rows(t, save(t, string(c)+".csv", b), "-oo", "X_POSSIBLE_NAMES=lon_wgs84", "-oo", "Y_POSSIBLE_NAMES=lat_wgs84"); len(got) != counts[0].Features || len(got) == 0 {
			t.Errorf("%s: GDAL read %d, %d were written", c, len(got), counts[0].Features)
		}
	}
}

func TestGDALReadsGeoPackage(t *testing.T) {
	for name, a := range map[string]*atlas.Atlas{"demo": demoAtlas(t), "few": fewAtlas()} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, atlas.PlacesFile)
			counts, err := export.GeoPackage(t.Context(), path, a, export.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if export.Total(counts).Features != a.Places.Slots() {
				t.Errorf("%+v of %d", counts, a.Places.Slots())
			}
			samePlaces(t, a, rows(t, path, "places"), true, export.Places()...)
			// And it serves as a data folder.
			again, err := atlas.Open(t.Context(), dir, atlas.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if again.Places.Slots() != a.Places.Slots() || again.Name != a.Name || again.Attribution != a.Attribution || again.Demo != a.Demo {
				t.Errorf("%d places of %v %q, were %d of %v %q", again.Places.Slots(), again.Name, again.Attribution, a.Places.Slots(), a.Name, a.Attribution)
			}
		})
	}
}

// TestGDALReadsFlatGeobuf reads collections of every type of geometry: counts,
// positions, and the counts in a box, by the index.
func TestGDALReadsFlatGeobuf(t *testing.T) {
	a := demoAtlas(t)
	middle := a.Bound().Center()
	box := orb.Bound{Min: middle, Max: orb.Point{middle[0] + 0.003, middle[1] + 0.003}}
	count := func(path string, more ...string) string {
		say := gdal(t, append([]string{"ogrinfo", "-so", "-al", path}, more...)...)
		_, after, _ := strings.Cut(say, "Feature Count: ")
		n, _, _ := strings.Cut(after, "\n")
		return n
	}
	for _, c := range []export.Collection{"station", "gate", export.Compounds, export.Buildings, export.Streets} {
		b, counts := write(t, export.FlatGeobuf, a, export.Options{Collections: []export.Collection{c}})
		path := save(t, string(c)+".fgb", b)
		if c.Kind() != "" {
			samePlaces(t, a, rows(t, path), false, c)
		} else if got := count(path); got != fmt.Sprint(counts[0].Features) || got == "0" {
			t.Errorf("%s: GDAL counts %s, %d were written", c, got, counts[0].Features)
		}
		if c != "gate" && c != export.Buildings && c != export.Streets {
			continue
		}
		// What GDAL's own look at every feature of the same in GeoJSON says.
		plain, _ := write(t, export.GeoJSON, a, export.Options{Collections: []export.Collection{c}})
		spat := []string{"-spat", fmt.Sprint(box.Min[0]), fmt.Sprint(box.Min[1]), fmt.Sprint(box.Max[0]), fmt.Sprint(box.Max[1])}
		if got, want := count(path, spat...), count(save(t, string(c)+".geojson", plain), spat...); got != want || got == "0" {
			t.Errorf("%s: %s in the box, %s in GeoJSON", c, got, want)
		}
	}
}

// TestGDALReadsAreas compares perimeters and outlines as GDAL reads them with
// those of the street network.
func TestGDALReadsAreas(t *testing.T) {
	a := demoAtlas(t)
	want := map[string]orb.Geometry{}
	for _, c := range a.Streets.Compounds() {
		want[c.ID] = c.Perimeter
	}
	for _, b := range a.Streets.Buildings() {
		want[b.ID] = b.Outline
	}
	for _, c := range []export.Collection{export.Compounds, export.Buildings} {
		for name, do := range map[string]writer{"fgb": export.FlatGeobuf, "geojson": export.GeoJSON} {
			b, _ := write(t, do, a, export.Options{Collections: []export.Collection{c}})
			fc, err := geojson.UnmarshalFeatureCollection([]byte(gdal(t, "ogr2ogr", "-f", "GeoJSON", "-lco", "COORDINATE_PRECISION=9", "/vsistdout/", save(t, "x."+name, b))))
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range fc.Features {
				id, ok := f.Properties["id"].(string)
				if !ok { // GDAL takes the two for one
					id, _ = f.ID.(string)
				}
				if !near(f.Geometry, want[id]) {
					t.Fatalf("%s in %s: %v, want %v", id, name, f.Geometry, want[id])
				}
			}
			if len(fc.Features) == 0 {
				t.Errorf("no %s in %s", c, name)
			}
		}
	}
}

// near says whether two areas have the same vertices, to a centimetre.
func near(a, b orb.Geometry) bool {
	round := func(g orb.Geometry) orb.Geometry {
		if p, ok := g.(orb.Polygon); ok {
			g = orb.MultiPolygon{p}
		}
		m, ok := g.(orb.MultiPolygon)
		if !ok {
			return nil
		}
		m = m.Clone()
		for _, p := range m {
			for _, r := range p {
				for i, v := range r {
					r[i] = orb.Point{math.Round(v[0] * 1e7), math.Round(v[1] * 1e7)}
				}
			}
		}
		return m
	}
	return a != nil && b != nil && orb.Equal(round(a), round(b))
}

// TestPMTiles looks at what goes into an archive; what is in its tiles is the
// business of the room of the tiles. GDAL knows PMTiles from 3.8 on only.
func TestPMTiles(t *testing.T) {
	a := fewAtlas()
	b, counts := write(t, export.PMTiles, a, export.Options{Collections: []export.Collection{"station", "gate"}})
	if !bytes.HasPrefix(b, []byte("PMTiles\x03")) {
		t.Fatalf("%q", b[:8])
	}
	if sum := export.Total(counts); sum.Features != 2 || sum.Left != 1 {
		t.Errorf("%+v", counts)
	}
	kinds := []geo.Kind{geo.KindGate}
	part, counts := write(t, export.PMTiles, a, export.Options{Collections: []export.Collection{export.Collection(kinds[0]), "parking"}, Box: &export.Box{West: 104, South: 30, East: 105, North: 31}})
	if sum := export.Total(counts); sum.Features != 1 || len(part) == 0 {
		t.Errorf("in a box: %+v", counts)
	}
}
