package export_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"yizhan/data/atlas"
	"yizhan/data/demo"
	"yizhan/data/export"
	"yizhan/data/osm"
	"yizhan/geo"
	"yizhan/geo/datum"
)

var update = flag.Bool("update", false, "write the golden files anew")

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got; -update writes it):\n%s", name, diff)
	}
}

var china = time.FixedZone("CST", 8*3600)

// hostile are texts that somebody might put into a name, or did by accident.
func hostile() []string {
	return []string{
		`=HYPERLINK("http://x","y")`, "+86 28 1234", "-1+1", "@SUM(A1)", "'=1", "''+2", "＝1+1", " =3", "\t=4", "\n=5", "\r=6",
		`say "hi", ok`, `"`, "a;b,c", "first\nsecond\r\nthird", "\u202eright to left\u202c", "مرحبا", "NULL name", "驿站·中文，全角", "👩‍🚒", "</script>",
		"'quoted'", "\u2028line", "\u00a0=7", "\ufeff=8",
	}
}

// few are places of every kind, with all their fields and without.
func few() []*geo.Place {
	source := geo.Source{Feed: "table:t", Ref: "row 2"}
	list := []*geo.Place{
		{
			ID: "table:t:1", Kind: geo.KindStation, Name: "望溪驿站", Names: map[string]string{"en": "Wangxi", "ja": "望渓"}, Point: orb.Point{104.06, 30.67},
			Address: "望溪路 1 号", District: "武侯区", Phone: "028-12345678", Operator: "街道办", Website: "https://example.org/?a=1&b=2", Note: "进门左转",
			Hours: "Mo-Fr 08:00-20:00", Facilities: []geo.Facility{"rest", "hot_water", "parking"}, Source: source,
			Valid:   &geo.Period{From: time.Date(2026, 5, 9, 8, 0, 0, 0, china), Until: time.Date(2026, 5, 9, 18, 0, 0, 0, china)},
			Station: &geo.Station{Type: geo.Branch, Network: "望溪", Hub: "table:t:0", Booking: "电话"}, Extra: map[string]string{"备用": "1", "name": "别名"},
		},
		{ID: "table:t:2", Kind: geo.KindStation, Name: "未定位", Unplaced: true, Station: &geo.Station{}, HoursText: "看情况", Source: source},
		{ID: "osm:n3", Kind: geo.KindGate, Name: "东门", Point: orb.Point{104.061, 30.67}, Source: geo.Source{Feed: geo.FeedOSM, Ref: "n3"}, Gate: &geo.Gate{Barrier: "lift_gate", Tags: geo.Tags{"access": "private", "fee": "no", "opening_hours": "06:00-22:00"}}},
		{ID: "table:t:4", Kind: geo.KindCharger, Name: "充电", Point: orb.Point{104.062, 30.67}, Source: source, Charger: &geo.Charger{Vehicles: []string{"ebike", "phone"}, Sockets: 12, Fee: "1 元/小时"}},
		{ID: "table:t:5", Kind: geo.KindBusStop, Name: "望溪路口", Point: orb.Point{104.063, 30.67}, Source: source, BusStop: &geo.BusStop{Lines: []string{"12路", "K8"}, Shelter: true}, Extra: map[string]string{"network": "公交集团", "capacity": "many", "Fee": "2 元"}},
		{ID: "table:t:6", Kind: geo.KindParking, Name: "停车", Point: orb.Point{-73.98, 40.76}, Source: source, Parking: &geo.Parking{Vehicles: []string{"bicycle"}, Capacity: 30, Covered: true}},
		{ID: "table:t:7", Kind: geo.KindSharedBike, Name: "单车", Point: orb.Point{104.064, 30.67}, Source: source, Bikes: &geo.SharedBikes{Capacity: 20, Network: "蓝车"}},
	}
	for i, text := range hostile() {
		list = append(list, &geo.Place{
			ID: "table:t:h" + string(rune('a'+i)), Kind: geo.KindCharger, Name: text, Note: text, Point: orb.Point{104.07, 30.67 + float64(i)/100},
			Charger: &geo.Charger{}, Source: source, Extra: map[string]string{"更多": text},
		})
	}
	return list
}

func fewAtlas() *atlas.Atlas {
	return atlas.New(atlas.Parts{Places: few(), Name: geo.Text{Zh: "望溪", En: "Wangxi"}, Attribution: "© 测试"})
}

// district is the demo, with compounds, buildings and streets.
var district = sync.OnceValues(func() (*atlas.Atlas, error) {
	now := time.Date(2026, 5, 6, 10, 30, 0, 0, china)
	d := demo.Generate(demo.Options{Seed: 1, Now: now})
	r, err := osm.Import(context.Background(), d, osm.Options{Feed: demo.Feed, Time: now})
	if err != nil {
		return nil, err
	}
	var places []*geo.Place
	for i := range r.Places {
		places = append(places, &r.Places[i])
	}
	for i := range d.Places {
		places = append(places, &d.Places[i])
	}
	return atlas.New(atlas.Parts{Places: places, Streets: r.Network, Demo: true, Name: d.Name, Attribution: d.Attribution}), nil
})

func demoAtlas(t *testing.T) *atlas.Atlas {
	t.Helper()
	a, err := district()
	if err != nil {
		t.Fatal(err)
	}
	return a
}

type writer func(ctx context.Context, w io.Writer, a *atlas.Atlas, opt export.Options) ([]export.Count, error)

func write(t testing.TB, do writer, a *atlas.Atlas, opt export.Options) ([]byte, []export.Count) {
	t.Helper()
	var out bytes.Buffer
	opt.Dir = t.TempDir()
	counts, err := do(context.Background(), &out, a, opt)
	if err != nil {
		t.Fatal(err)
	}
	if left, _ := os.ReadDir(opt.Dir); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	return out.Bytes(), counts
}

func TestGolden(t *testing.T) {
	a := fewAtlas()
	for name, c := range map[string]struct {
		do  writer
		opt export.Options
	}{
		"places.geojson":       {export.GeoJSON, export.Options{}},
		"places.gcj02.geojson": {export.GeoJSON, export.Options{Datum: datum.GCJ02, Collections: []export.Collection{"gate"}}},
		"places.csv":           {export.CSV, export.Options{}},
		"stations.bd09.csv":    {export.CSV, export.Options{Datum: datum.BD09, Collections: []export.Collection{"station"}}},
	} {
		t.Run(name, func(t *testing.T) {
			b, _ := write(t, c.do, a, c.opt)
			golden(t, name, b)
		})
	}
}

// TestBox leaves out what lies elsewhere.
func TestBox(t *testing.T) {
	a := fewAtlas()
	for name, c := range map[string]struct {
		box  export.Box
		d    datum.Datum
		want int
	}{
		"one gate":       {export.Box{104.0605, 30.66, 104.0615, 30.68}, "", 1},
		"its edge":       {export.Box{104.061, 30.67, 104.061, 30.67}, "", 1},
		"elsewhere":      {export.Box{0, 0, 1, 1}, "", 0},
		"America":        {export.Box{-75, 40, -73, 41}, "", 1},
		"round the back": {export.Box{105, -90, 0, 90}, "", 1},
		"not shifted":    {export.Box{104.0605, 30.66, 104.0615, 30.68}, datum.GCJ02, 0},
		"shifted":        {export.Box{104.0630, 30.66, 104.0640, 30.68}, datum.GCJ02, 1},
	} {
		_, counts := write(t, export.CSV, a, export.Options{Box: &c.box, Datum: c.d, Collections: []export.Collection{"station", "gate", "parking"}})
		if got := export.Total(counts); got.Features != c.want || got.Unplaced != 0 {
			t.Errorf("%s: %+v, want %d", name, got, c.want)
		}
	}
	demo := demoAtlas(t)
	all := demo.Streets.Compounds()
	b := all[len(all)/2].Perimeter.Bound()
	for _, c := range []export.Collection{export.Compounds, export.Buildings, export.Streets} {
		opt := export.Options{Collections: []export.Collection{c}}
		_, whole := write(t, export.GeoJSON, demo, opt)
		opt.Box = &export.Box{West: b.Min[0], South: b.Min[1], East: b.Max[0], North: b.Max[1]}
		_, part := write(t, export.GeoJSON, demo, opt)
		if part[0].Features == 0 || part[0].Features*4 > whole[0].Features {
			t.Errorf("%s: %d of %d in the box", c, part[0].Features, whole[0].Features)
		}
	}
}

// TestRefused says what a format cannot hold, in both languages.
func TestRefused(t *testing.T) {
	a := fewAtlas()
	toFile := func(ctx context.Context, _ io.Writer, a *atlas.Atlas, opt export.Options) ([]export.Count, error) {
		return export.GeoPackage(ctx, filepath.Join(t.TempDir(), "x.gpkg"), a, opt)
	}
	for name, c := range map[string]struct {
		do   writer
		opt  export.Options
		want string
	}{
		"streets as CSV":      {export.CSV, export.Options{Collections: []export.Collection{export.Streets}}, "geojson"},
		"a mix as CSV":        {export.CSV, export.Options{Collections: []export.Collection{"station", export.Compounds}}, "--out"},
		"nothing as CSV":      {export.CSV, export.Options{Collections: []export.Collection{}}, "--out"},
		"two as FlatGeobuf":   {export.FlatGeobuf, export.Options{Collections: []export.Collection{"station", "gate"}}, "--kind"},
		"GCJ-02 FlatGeobuf":   {export.FlatGeobuf, export.Options{Collections: []export.Collection{"gate"}, Datum: datum.GCJ02}, "--datum"},
		"GCJ-02 GeoPackage":   {toFile, export.Options{Datum: datum.GCJ02}, "--datum"},
		"compounds as a GPKG": {toFile, export.Options{Collections: []export.Collection{export.Compounds}}, "flatgeobuf"},
		"buildings as tiles":  {export.PMTiles, export.Options{Collections: []export.Collection{export.Buildings}}, "flatgeobuf"},
		"BD-09 tiles":         {export.PMTiles, export.Options{Datum: datum.BD09}, "--datum"},
	} {
		_, err := c.do(t.Context(), io.Discard, a, c.opt)
		var known *geo.Error
		if !errors.As(err, &known) || known.Code != geo.Invalid || !strings.Contains(known.Message.En, c.want) || !strings.Contains(known.Message.Zh, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := export.Parse("nonsense"); geo.CodeOf(err) != geo.Invalid {
		t.Errorf("nonsense: %v", err)
	}
	for _, c := range export.Collections() {
		if got, err := export.Parse(string(c)); err != nil || got != c || c.Name().IsZero() {
			t.Errorf("%s: %s, %v", c, got, err)
		}
	}
}

// TestInterrupted stops every format soon and says so; a writer that fails is
// told of.
func TestInterrupted(t *testing.T) {
	a := demoAtlas(t)
	errDisk := errors.New("disk full")
	for name, c := range map[string]struct {
		do   writer
		list []export.Collection
	}{
		"geojson": {export.GeoJSON, nil}, "csv": {export.CSV, nil}, "flatgeobuf": {export.FlatGeobuf, []export.Collection{export.Buildings}}, "pmtiles": {export.PMTiles, nil},
	} {
		ctx, cancel := context.WithCancel(t.Context())
		if name == "pmtiles" { // which does not tell how far it is
			cancel()
		}
		opt := export.Options{Collections: c.list, Dir: t.TempDir(), Progress: func(export.Collection, int, int) { cancel() }}
		if _, err := c.do(ctx, io.Discard, a, opt); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: cancelled: %v", name, err)
		}
		opt.Progress = nil
		if _, err := c.do(t.Context(), failing{errDisk}, a, opt); !errors.Is(err, errDisk) {
			t.Errorf("%s: a full disk: %v", name, err)
		}
		if left, _ := os.ReadDir(opt.Dir); len(left) > 0 {
			t.Errorf("%s left %v", name, left)
		}
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }
