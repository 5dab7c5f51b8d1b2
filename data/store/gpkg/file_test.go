package gpkg_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/twpayne/go-geom"
	"github.com/twpayne/go-geom/encoding/wkb"

	"yizhan/data/store/gpkg"
	"yizhan/data/store/gpkg/gpkgtest"
	"yizhan/geo"
	"yizhan/geo/geotest"
)

// made returns the path of a closed file with n places, every tenth unplaced.
func made(t testing.TB, n int) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "places.gpkg")
	s := openAt(t, path)
	places := manyPlaces(n)
	for i := range places {
		places[i].Unplaced = i%10 == 9
	}
	if _, err := s.Replace(t.Context(), "demo", places); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func read(t testing.TB, path string) (map[string]*geo.Place, []error) {
	t.Helper()
	s, err := gpkg.Open(t.Context(), path, gpkg.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var bad []error
	places, err := s.Places(t.Context(), func(err error) { bad = append(bad, err) })
	if err != nil {
		t.Fatal(err)
	}
	m := make(map[string]*geo.Place)
	for _, p := range places {
		m[p.ID] = p
	}
	return m, bad
}

func TestStandsAlone(t *testing.T) {
	path := made(t, 20)
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(entries) != 1 {
		t.Errorf("beside the file: %v %v", entries, err)
	}
	for query, want := range map[string]string{
		"PRAGMA journal_mode":                           "delete",
		"PRAGMA application_id":                         "1196444487",
		"PRAGMA user_version":                           "10300",
		"PRAGMA integrity_check":                        "ok",
		"SELECT count(*) FROM pragma_foreign_key_check": "0",
		"SELECT group_concat(srs_id) FROM (SELECT * FROM gpkg_spatial_ref_sys ORDER BY 2)":                       "-1,0,4326",
		"SELECT count(*) FROM places WHERE geom IS NULL":                                                         "2",
		"SELECT printf('%.3f %.3f', min_x, max_x) FROM gpkg_contents WHERE srs_id = 4326":                        "103.000 103.036",
		"SELECT opening_hours || '|' || facilities || '|' || station_type || '|' || network FROM places LIMIT 1": "Mo-Su 09:30-21:00|rest; hot_water; microwave|branch|望溪",
		"SELECT typeof(capacity) || typeof(note) FROM places LIMIT 1":                                            "nullnull",
	} {
		if got := gpkgtest.Text(t, path, query); got != want {
			t.Errorf("%s: %q, want %q", query, got, want)
		}
	}
}

// TestSpatialIndex keeps the index through changes of all sizes, and asks
// SQLite itself whether it is sound.
func TestSpatialIndex(t *testing.T) {
	path := filepath.Join(t.TempDir(), "places.gpkg")
	s := openAt(t, path)
	rng := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{0, 1, 51, 52, 1000, 2601, 2602, 5000, 4990, 3, 0, 2500} {
		places := manyPlaces(n)
		for i := range places {
			places[i].Point = orb.Point{rng.Float64()*360 - 180, rng.Float64()*180 - 90}
			places[i].Unplaced = rng.IntN(50) == 0
		}
		if _, err := s.Replace(t.Context(), "demo", places); err != nil {
			t.Fatal(err)
		}
		if err := s.Delete(t.Context(), "demo:station-0"); err != nil {
			t.Fatal(err)
		}
		placed := 0
		for i, p := range places {
			if !p.Unplaced && i > 0 {
				placed++
			}
		}
		for query, want := range map[string]string{
			"SELECT rtreecheck('rtree_places_geom')":                                                      "ok",
			"SELECT count(*) FROM rtree_places_geom":                                                      fmt.Sprint(placed),
			"SELECT count(*) FROM rtree_places_geom r JOIN places p ON p.fid = r.id WHERE p.geom IS NULL": "0",
			"SELECT count(*) FROM sqlite_master WHERE type = 'trigger'":                                   "6",
		} {
			if got := gpkgtest.Text(t, path, query); got != want {
				t.Errorf("%d places: %s: %q, want %q", n, query, got, want)
			}
		}
		// A box finds what lies in it.
		want := 0
		for i, p := range places {
			if i > 0 && !p.Unplaced && p.Point[0] > 10 && p.Point[0] < 40 && p.Point[1] > 0 && p.Point[1] < 20 {
				want++
			}
		}
		got := gpkgtest.Text(t, path, "SELECT count(*) FROM rtree_places_geom WHERE maxx > 10 AND minx < 40 AND maxy > 0 AND miny < 20")
		if got != fmt.Sprint(want) {
			t.Errorf("%d places: %s in the box, want %d", n, got, want)
		}
	}
	s.Close()
}

// dropTriggers takes away what needs functions that only GDAL has.
func dropTriggers() []string {
	var out []string
	for _, name := range []string{"insert", "update1", "update2", "update3", "update4", "delete"} {
		out = append(out, "DROP TRIGGER IF EXISTS rtree_places_geom_"+name)
	}
	return out
}

func TestEditsElsewhereAreReadBack(t *testing.T) {
	path := made(t, 13)
	gpkgtest.Exec(t, path, slices.Concat(dropTriggers(), []string{
		`UPDATE places SET name = '新名字', facilities = '热水、WC，microwave; 沙发', opening_hours = '24/7', capacity = '12', valid_from = '2026-05-01 08:00', inferred = 'yes' WHERE id = 'demo:station-1'`,
		`UPDATE places SET kind = 'bus_stop', lines = '1路； 2路 ;;', shelter = 1 WHERE id = 'demo:station-2'`,
		`UPDATE places SET kind = 'parking', capacity = 12.0, covered = '是', vehicles = ' ebike ' WHERE id = 'demo:station-3'`,
		`UPDATE places SET kind = 'gate', tags = '{"access":"private"}', compounds = '[]' WHERE id = 'demo:station-4'`,
		`UPDATE places SET kind = 'spaceport' WHERE id = 'demo:station-5'`,
		`UPDATE places SET extra = '{' WHERE id = 'demo:station-6'`,
		`UPDATE places SET id = 'two words' WHERE id = 'demo:station-7'`,
		`UPDATE places SET note = 'x' || char(31) WHERE id = 'demo:station-8'`,
		`UPDATE places SET name = hex(zeroblob(3000000)) WHERE id = 'demo:station-9'`,
		`UPDATE places SET name = hex(zeroblob(30000)), note = hex(zeroblob(30000)), address = hex(zeroblob(30000)), operator = hex(zeroblob(30000)), district = hex(zeroblob(30000)) WHERE id = 'demo:station-10'`,
		`UPDATE places SET website = 'javascript:alert(1)', phone = '无' WHERE id = 'demo:station-11'`,
		`INSERT INTO places (name) VALUES ('一行新的')`,
	})...)
	places, bad := read(t, path)
	if len(bad) != 6 {
		t.Errorf("%d rows cannot be read, want 6: %v", len(bad), bad)
	}
	for i, column := range []string{"spaceport", "extra", "two words", "control", "bytes of text", "bytes of text, the bound"} {
		if !slices.ContainsFunc(bad, func(err error) bool {
			var e *geo.Error
			return errors.As(err, &e) && strings.Contains(e.Message.En, column) && strings.Contains(e.Message.Zh, "QGIS")
		}) {
			t.Errorf("no word about %s (%d): %v", column, i, bad)
		}
	}
	if p := places["demo:station-11"]; p.Website != "" || p.Phone != "" {
		t.Errorf("a link that runs a script: %+v", p)
	}
	p := places["demo:station-1"]
	if p.Name != "新名字" || p.Hours != "24/7" || !slices.Equal(p.Facilities, []geo.Facility{"hot_water", "microwave"}) && !slices.Equal(p.Facilities, []geo.Facility{"hot_water", "toilet", "microwave"}) || !strings.Contains(p.Extra["facilities"], "沙发") || p.Valid.From.Hour() != 8 {
		t.Errorf("the edited station: %+v", p)
	}
	if p := places["demo:station-2"]; !slices.Equal(p.BusStop.Lines, []string{"1路", "2路"}) || !p.BusStop.Shelter || p.Station != nil {
		t.Errorf("the bus stop: %+v", p)
	}
	if p := places["demo:station-3"]; p.Parking.Capacity != 12 || !p.Parking.Covered || !slices.Equal(p.Parking.Vehicles, []string{"ebike"}) {
		t.Errorf("the parking: %+v", p)
	}
	if p := places["demo:station-4"]; p.Gate.Tags["access"] != "private" || p.Gate.Compounds != nil && len(p.Gate.Compounds) > 0 {
		t.Errorf("the gate: %+v", p)
	}
	added := false
	for id, p := range places {
		if strings.HasPrefix(id, "entered:") {
			added = p.Name == "一行新的" && p.Kind == geo.KindStation && p.Unplaced && p.Source.Feed == geo.FeedEntered
		}
	}
	if !added {
		t.Error("the added row did not come")
	}
	// With nobody to tell, the first bad row ends the reading.
	s, err := gpkg.Open(t.Context(), path, gpkg.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := s.Places(t.Context(), nil); geo.CodeOf(err) != geo.Invalid {
		t.Errorf("a bad row: %v", err)
	}
	// And the triggers are whole again after we write.
	if err := s.Put(t.Context(), manyPlaces(1)...); err != nil {
		t.Fatal(err)
	}
	if got := gpkgtest.Text(t, path, "SELECT count(*) FROM sqlite_master WHERE type = 'trigger'"); got != "6" {
		t.Errorf("%s triggers", got)
	}
}

func TestForeignGeometries(t *testing.T) {
	path := made(t, 9)
	head := []byte{'G', 'P', 0, 1, 0xe6, 0x10, 0, 0}
	point := geom.NewPointFlat(geom.XY, []float64{5, 6})
	encode := func(g geom.T, order binary.ByteOrder) []byte {
		b, err := wkb.Marshal(g, order)
		if err != nil {
			t.Fatal(err)
		}
		return append(slices.Clone(head), b...)
	}
	boxed := slices.Concat([]byte{'G', 'P', 0, 1 | 1<<1, 0xe6, 0x10, 0, 0}, make([]byte, 32), encode(point, wkb.NDR)[8:])
	multi := geom.NewMultiPointFlat(geom.XY, []float64{5, 6})
	tests := []struct {
		name string
		blob any
		want string // placed, unplaced or bad
	}{
		{"big-endian", encode(point, wkb.XDR), "placed"},
		{"with an envelope", boxed, "placed"},
		{"a multipoint of one", encode(multi, wkb.NDR), "placed"},
		{"flagged empty", []byte{'G', 'P', 0, 0x11, 0xe6, 0x10, 0, 0, 1, 1, 0, 0, 0}, "unplaced"},
		{"not a number", encode(geom.NewPointFlat(geom.XY, []float64{nan(), nan()}), wkb.NDR), "unplaced"},
		{"a line", encode(geom.NewLineStringFlat(geom.XY, []float64{1, 2, 3, 4}), wkb.NDR), "bad"},
		{"cut off", encode(point, wkb.NDR)[:20], "bad"},
		// A multipoint of one, which is a line of 0xffffffff points.
		{"a lying line", append(slices.Clone(head), 1, 4, 0, 0, 0, 1, 0, 0, 0, 1, 2, 0, 0, 0, 0xff, 0xff, 0xff, 0xff), "bad"},
		{"off the Earth", encode(geom.NewPointFlat(geom.XY, []float64{500, 6}), wkb.NDR), "bad"},
	}
	for i, test := range tests {
		gpkgtest.Exec(t, path, append(dropTriggers(), fmt.Sprintf("UPDATE places SET geom = x'%x' WHERE id = 'demo:station-%d'", test.blob, i))...)
	}
	places, bad := read(t, path)
	for i, test := range tests {
		p, ok := places[fmt.Sprintf("demo:station-%d", i)]
		got := "bad"
		if ok && p.Unplaced {
			got = "unplaced"
		} else if ok && p.Point == (orb.Point{5, 6}) {
			got = "placed"
		}
		if got != test.want {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
	}
	if len(bad) != 4 {
		t.Errorf("bad rows: %v", bad)
	}
}

func nan() float64 { var z float64; return z / z }

func TestFilesThatAreNotOurs(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, content []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, content, 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	good, err := os.ReadFile(made(t, 500))
	if err != nil {
		t.Fatal(err)
	}
	var zipped bytes.Buffer
	z := zip.NewWriter(&zipped)
	if _, err := z.Create("x"); err != nil {
		t.Fatal(err)
	}
	z.Close()
	ours := func(name string, statements ...string) string {
		path := write(name, good)
		gpkgtest.Exec(t, path, statements...)
		return path
	}
	spoilt := slices.Clone(good)
	for i := 4096; i < len(spoilt); i++ {
		spoilt[i] ^= byte(i)
	}
	tests := []struct {
		name, path, says string
		code             geo.Code
	}{
		{"absent", filepath.Join(dir, "absent"), "import", geo.NotFound},
		{"empty", write("empty", nil), "damaged", geo.Invalid},
		{"a zip", write("zip", zipped.Bytes()), "not a GeoPackage", geo.Invalid},
		{"a text", write("text", bytes.Repeat([]byte("name,lon,lat\n"), 100)), "not a GeoPackage", geo.Invalid},
		{"cut off in the header", write("cut50", good[:50]), "damaged", geo.Invalid},
		{"cut off", write("cut", good[:8192]), "damaged", geo.Invalid},
		{"spoilt", write("spoilt", spoilt), "damaged", geo.Invalid},
		{"another SQLite file", ours("sqlite", "PRAGMA application_id = 0"), "not a places file", geo.Invalid},
		{"another GeoPackage", ours("other", "DROP TABLE yizhan_meta"), "not a places file", geo.Invalid},
		{"newer", ours("newer", "UPDATE yizhan_meta SET value = '2' WHERE key = 'schema_version'"), "newer", geo.Invalid},
		{"no version", ours("noversion", "DELETE FROM yizhan_meta"), "damaged", geo.Invalid},
		{"a column fewer", ours("column", "ALTER TABLE places DROP COLUMN phone"), "lacks phone", geo.Invalid},
	}
	for _, test := range tests {
		for _, create := range []bool{false, true} {
			if create && (test.name == "absent" || test.name == "empty") {
				continue
			}
			s, err := gpkg.Open(t.Context(), test.path, gpkg.Options{Create: create})
			if err == nil {
				_, err = s.Places(t.Context(), nil)
				s.Close()
			}
			var e *geo.Error
			if !errors.As(err, &e) || e.Code != test.code || !strings.Contains(e.Message.En, test.says) || e.Message.Zh == "" {
				t.Errorf("%s: %v", test.name, err)
			}
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "absent")); err == nil {
		t.Error("opening an absent file made it")
	}
}

func TestCancelledTransactionIsUndone(t *testing.T) {
	path := made(t, 100)
	before, _ := read(t, path)
	ctx, cancel := context.WithCancel(t.Context())
	s := openAt(t, path)
	cancel()
	if _, err := s.Replace(ctx, "demo", nil); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	s.Close()
	after, _ := read(t, path)
	if len(after) != len(before) {
		t.Errorf("%d places, want %d", len(after), len(before))
	}
}

func TestCopy(t *testing.T) {
	path := made(t, 3000)
	release := gpkgtest.HoldOpen(t, path)
	defer release()
	to := filepath.Join(t.TempDir(), "copy.gpkg")
	if err := gpkg.Copy(t.Context(), path, to); err != nil {
		t.Fatal(err)
	}
	s := openAt(t, to)
	if err := s.Put(t.Context(), manyPlaces(1)...); err != nil {
		t.Fatal(err)
	}
	s.Close()
	if places, _ := read(t, to); len(places) != 3000 {
		t.Errorf("%d places in the copy", len(places))
	}
	if entries, _ := os.ReadDir(filepath.Dir(to)); len(entries) != 1 {
		t.Errorf("beside the copy: %v", entries)
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if err := gpkg.Copy(cancelled, path, to); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// gdal runs a program of GDAL and returns all that it says.
func gdal(t *testing.T, args ...string) string {
	t.Helper()
	out, said := geotest.GDAL(t, args...)
	return out + said
}

func TestGDALReads(t *testing.T) {
	path := made(t, 3000)
	out := gdal(t, "ogrinfo", "-so", "-al", path)
	for _, want := range []string{"Layer name: places", "Geometry: Point", "Feature Count: 3000", "opening_hours: String", "capacity: Integer", "valid_from: DateTime", "covered: Integer(Boolean)", "Geometry Column = geom", "FID Column = fid", "WGS 84", "Layer name: yizhan_meta"} {
		if !strings.Contains(out, want) {
			t.Errorf("ogrinfo does not say %q:\n%s", want, out)
		}
	}
	if strings.Contains(out, "Warning") || strings.Contains(out, "ERROR") {
		t.Errorf("ogrinfo complains:\n%s", out)
	}
	out = gdal(t, "ogrinfo", "-so", "-spat", "103", "30", "103.02", "30.001", path, "places")
	if !strings.Contains(out, "Feature Count: 10") {
		t.Errorf("in a box:\n%s", out)
	}
	to := filepath.Join(t.TempDir(), "x.geojson")
	gdal(t, "ogr2ogr", "-f", "GeoJSON", to, path, "places")
	b, err := os.ReadFile(to)
	if err != nil {
		t.Fatal(err)
	}
	var fc struct {
		Features []struct {
			Geometry   *struct{ Coordinates []float64 }
			Properties map[string]any
		}
	}
	if err := json.Unmarshal(b, &fc); err != nil {
		t.Fatal(err)
	}
	unplaced := 0
	for _, f := range fc.Features {
		if f.Geometry == nil {
			unplaced++
		}
	}
	if len(fc.Features) != 3000 || unplaced != 300 || fc.Features[0].Properties["name"] != "望溪驿站 0 号" {
		t.Errorf("%d features, %d unplaced, %v", len(fc.Features), unplaced, fc.Features[0].Properties)
	}
}

// TestGDALWrites edits with GDAL, whose writing goes through the triggers of
// the spatial index as that of QGIS does.
func TestGDALWrites(t *testing.T) {
	path := made(t, 100)
	gdal(t, "ogrinfo", path, "-sql", `UPDATE places SET name = 'von GDAL', covered = 1 WHERE id = 'demo:station-0'`)
	gdal(t, "ogrinfo", path, "-sql", `UPDATE places SET geom = (SELECT geom FROM places WHERE id = 'demo:station-50') WHERE id IN ('demo:station-1', 'demo:station-9')`)
	gdal(t, "ogrinfo", path, "-sql", `DELETE FROM places WHERE id = 'demo:station-2'`)
	rows := filepath.Join(t.TempDir(), "rows.geojson")
	if err := os.WriteFile(rows, []byte(`{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Point","coordinates":[104.5,30.5]},"properties":{"name":"新站","facilities":"饮用水","valid_from":"2026-05-01T08:00:00Z"}}]}`), 0o644); err != nil {
		t.Fatal(err)
	}
	gdal(t, "ogr2ogr", "-append", "-nln", "places", path, rows)
	places, bad := read(t, path)
	if len(bad) > 0 || len(places) != 100 {
		t.Fatalf("%d places, bad %v", len(places), bad)
	}
	if p := places["demo:station-0"]; p.Name != "von GDAL" {
		t.Errorf("renamed: %+v", p)
	}
	if p := places["demo:station-9"]; p.Unplaced || p.Point != places["demo:station-50"].Point {
		t.Errorf("placed: %+v", p)
	}
	found := false
	for id, p := range places {
		if p.Name == "新站" {
			found = strings.HasPrefix(id, "entered:") && p.Point == (orb.Point{104.5, 30.5}) && p.Has([]geo.Facility{"drinking_water"}) && p.Source.Feed == geo.FeedEntered
		}
	}
	if !found {
		t.Error("the appended row did not come")
	}
	if got := gpkgtest.Text(t, path, "SELECT rtreecheck('rtree_places_geom')"); got != "ok" {
		t.Errorf("the spatial index: %s", got)
	}
	// And we go on writing.
	s := openAt(t, path)
	if d, err := s.Replace(t.Context(), "demo", manyPlaces(100)); err != nil || len(d.Added) != 1 || d.Unchanged < 80 {
		t.Errorf("replacing afterwards: %+v %v", d, err)
	}
	s.Close()
	if got := gpkgtest.Text(t, path, "SELECT rtreecheck('rtree_places_geom') || (SELECT count(*) FROM rtree_places_geom)"); got != "ok101" {
		t.Errorf("the spatial index: %s", got)
	}
}

// TestEdit changes a place under the eyes of another program.
func TestEdit(t *testing.T) {
	path := made(t, 20)
	s := openAt(t, path)
	defer s.Close()
	edit := func(id, name string, meanwhile func()) (was string, alone bool) {
		t.Helper()
		err := s.Edit(t.Context(), gpkg.Edit{
			IDs: []string{id, "none"},
			Decide: func(now map[string]*geo.Place) ([]geo.Place, []string, error) {
				if now["none"] != nil {
					t.Errorf("a place that is not there: %+v", now["none"])
				}
				if now[id] != nil {
					was = now[id].Name
				}
				if name == "" {
					return nil, []string{id}, nil
				}
				return []geo.Place{{ID: id, Kind: geo.KindStation, Name: name}}, nil, nil
			},
			Before: func() error { meanwhile(); return nil },
			Done:   func(a bool) { alone = a },
		})
		if err != nil {
			t.Fatal(err)
		}
		return was, alone
	}
	if was, alone := edit("demo:station-1", "A", func() {}); was != "望溪驿站 1 号" || !alone {
		t.Errorf("was %q, alone %t", was, alone)
	}
	if was, alone := edit("demo:station-1", "", func() {}); was != "A" || !alone {
		t.Errorf("was %q, alone %t", was, alone)
	}
	if was, _ := edit("demo:station-1", "B", func() {}); was != "" {
		t.Errorf("was %q", was)
	}
	stop := errors.New("stop")
	err := s.Edit(t.Context(), gpkg.Edit{Decide: func(map[string]*geo.Place) ([]geo.Place, []string, error) { return nil, nil, stop }})
	if err != stop { //nolint:errorlint // the very same is promised
		t.Errorf("%v", err)
	}
	err = s.Edit(t.Context(), gpkg.Edit{
		Decide: func(map[string]*geo.Place) ([]geo.Place, []string, error) {
			return nil, []string{"demo:station-2"}, nil
		},
		Before: func() error { return geo.NewError(geo.Internal, "停", "stop") },
	})
	if m, _ := read(t, path); err == nil || m["demo:station-2"] == nil || m["demo:station-1"].Name != "B" {
		t.Errorf("an edit that was stopped: %v", err)
	}
	release := gpkgtest.HoldOpen(t, path) // write-ahead: nobody can tell
	if _, alone := edit("demo:station-3", "C", func() {}); alone {
		t.Error("alone in write-ahead mode")
	}
	release()
}
