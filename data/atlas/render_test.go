package atlas

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"yizhan/data/store"
	"yizhan/data/store/storetest"
	"yizhan/geo"
	"yizhan/geo/datum"
)

var update = flag.Bool("update", false, "write the golden files anew")

// fullPlaces returns one place of each kind with all that is rendered.
func fullPlaces() []*geo.Place {
	at := time.Date(2026, 5, 2, 1, 0, 0, 0, time.UTC)
	base := geo.Place{
		Name: "望溪\"驿站\" <b>&\\", Names: map[string]string{"zh": "望溪", "en": "Wangxi"}, Point: orb.Point{104.06, -30.123456789},
		Address: "望溪路 1 号", District: "望溪街道", Phone: "028", Operator: "示例", Website: "https://example.org/?a&b", Note: "一\n二\x01\u2028",
		Hours: "Mo-Su 09:30-21:00", HoursText: "每天", Valid: &geo.Period{From: at, Until: at.Add(3 * time.Hour)},
		Facilities: []geo.Facility{"rest", "tea"}, Compound: "osm:w1", Source: geo.Source{Feed: "osm", Ref: "n1"},
	}
	var places []*geo.Place
	add := func(set func(p *geo.Place)) {
		p := base
		set(&p)
		p.ID = "osm:" + string(p.Kind)
		places = append(places, &p)
	}
	add(func(p *geo.Place) {
		p.Kind, p.Station = geo.KindStation, &geo.Station{Type: geo.Event, Network: "1+N", Hub: "h", Booking: "扫码"}
	})
	add(func(p *geo.Place) {
		p.Kind, p.Gate = geo.KindGate, &geo.Gate{Barrier: "gate", Tags: geo.Tags{"foot": "yes", "access": "private"}, Compounds: []string{"osm:w1", "osm:w2"}}
	})
	add(func(p *geo.Place) {
		p.Kind, p.Charger = geo.KindCharger, &geo.Charger{Vehicles: []string{"ebike"}, Sockets: 8, Fee: "1元"}
	})
	add(func(p *geo.Place) {
		p.Kind, p.BusStop = geo.KindBusStop, &geo.BusStop{Lines: []string{"1路", "2路"}, Shelter: true}
	})
	add(func(p *geo.Place) {
		p.Kind, p.Parking = geo.KindParking, &geo.Parking{Vehicles: []string{"ebike"}, Capacity: 40, Covered: true}
	})
	add(func(p *geo.Place) {
		p.Kind, p.Bikes = geo.KindSharedBike, &geo.SharedBikes{Capacity: 10, Network: "示例"}
	})
	bare := &geo.Place{ID: "table:x:7", Kind: geo.KindStation, Unplaced: true, Station: &geo.Station{}, Source: geo.Source{Feed: "table:x"}}
	inferred := &geo.Place{ID: "osm:x", Kind: geo.KindGate, Gate: &geo.Gate{Inferred: true}}
	return append(places, bare, inferred)
}

func TestFeaturesGolden(t *testing.T) {
	places := fullPlaces()
	a := New(Parts{Places: places})
	var out bytes.Buffer
	for p := range a.Places.All("") {
		writeIndented(t, &out, a.AppendFeature(nil, p, datum.WGS84, nil, nil))
		writeIndented(t, &out, a.AppendFeature(nil, p, datum.GCJ02, []byte(`{"foot":{"verdict":"open"}}`), []byte(`"distance_m":12.5,"open":{"state":"open"}`)))
	}
	for p := range a.Places.Unplaced("") {
		writeIndented(t, &out, a.AppendFeature(nil, p, datum.WGS84, nil, nil))
		writeIndented(t, &out, a.AppendFeature(nil, p, datum.BD09, nil, []byte(`"distance_m":1`)))
	}
	path := filepath.Join("testdata", "features.golden")
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), out.String()); diff != "" {
		t.Errorf("features (-want +got):\n%s", diff)
	}
}

func writeIndented(t *testing.T, out *bytes.Buffer, feature []byte) {
	t.Helper()
	if err := json.Indent(out, feature, "", " "); err != nil {
		t.Fatalf("not JSON: %v\n%s", err, feature)
	}
	out.WriteByte('\n')
}

// rendered is what encoding/json understands of a feature.
type rendered struct {
	Type     string
	ID       string
	Geometry *struct {
		Type        string
		Coordinates []float64
	}
	Properties struct {
		ID, Name, Note, Hours string
		Kind                  geo.Kind
		Names                 map[string]string
		Facilities            []geo.Facility
		Extra                 int `json:"distance_m"`
		Gate                  *struct {
			Barrier string
			Tags    map[string]string
			Access  map[string]string
		}
	}
}

func TestFeatureOfAnyPlace(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		p := storetest.Place("f").Draw(r, "place")
		a := New(Parts{Places: []*geo.Place{&p}})
		slot, ok := a.Places.Find(p.ID)
		if !ok {
			r.Fatal("the place is not there")
		}
		d := rapid.SampledFrom([]datum.Datum{datum.WGS84, datum.GCJ02, datum.BD09, ""}).Draw(r, "datum")
		var got rendered
		for name, b := range map[string][]byte{
			"plain":  a.AppendFeature(nil, slot, datum.WGS84, nil, nil),
			"joined": a.AppendFeature([]byte(`[`), slot, d, []byte(`{"foot":"open"}`), []byte(`"distance_m":7`))[1:],
		} {
			got = rendered{}
			if err := json.Unmarshal(b, &got); err != nil {
				r.Fatalf("%s: %v\n%s", name, err, b)
			}
			if got.Type != "Feature" || got.ID != p.ID || got.Properties.ID != p.ID || got.Properties.Name != p.Name || got.Properties.Note != p.Note || got.Properties.Hours != p.Hours || got.Properties.Kind != p.Kind || got.Properties.Facilities == nil {
				r.Fatalf("%s: %+v\n%s", name, got, b)
			}
			if len(p.Names) > 0 && !cmp.Equal(got.Properties.Names, p.Names) {
				r.Fatalf("%s: names %v, want %v", name, got.Properties.Names, p.Names)
			}
			if p.Gate != nil && (got.Properties.Gate == nil || got.Properties.Gate.Barrier != p.Gate.Barrier || len(got.Properties.Gate.Tags) != len(p.Gate.Tags)) {
				r.Fatalf("%s: gate %+v\n%s", name, got.Properties.Gate, b)
			}
			if (got.Geometry == nil) != p.Unplaced {
				r.Fatalf("%s: geometry %v, unplaced %v", name, got.Geometry, p.Unplaced)
			}
			if g := got.Geometry; g != nil {
				want := p.Point
				if name == "joined" {
					want = d.FromWGS84(p.Point)
				}
				if len(g.Coordinates) != 2 || math.Abs(g.Coordinates[0]-want[0]) > 0.501e-7 || math.Abs(g.Coordinates[1]-want[1]) > 0.501e-7 {
					r.Fatalf("%s: %v, want %v", name, g.Coordinates, want)
				}
			}
		}
		if got.Properties.Extra != 7 && !strings.Contains(string(a.AppendFeature(nil, slot, datum.WGS84, nil, nil)), `"distance_m":7`) {
			// The map's order is random; only the joined one has it.
			if err := json.Unmarshal(a.AppendFeature(nil, slot, d, nil, []byte(`"distance_m":7`)), &got); err != nil || got.Properties.Extra != 7 {
				r.Fatalf("the additional property is missing: %v %+v", err, got)
			}
		}
		object := a.AppendProperties(nil, slot, []byte(`{"foot":"open"}`), []byte(`"distance_m":7`))
		got = rendered{}
		if err := json.Unmarshal(object, &got.Properties); err != nil || got.Properties.Extra != 7 || got.Properties.ID != p.ID {
			r.Fatalf("properties: %v\n%s", err, object)
		}
		if g := got.Properties.Gate; g != nil && g.Access["foot"] != "open" {
			r.Fatalf("the gate's access is missing:\n%s", object)
		}
	})
}

func FuzzString(f *testing.F) {
	for _, s := range []string{"", "a", "\"\\\n\r\t\x00\x1f\x7f", "</script>&", "\u2028\u2029", "\xff\xc3", "望溪😀", "\xed\xa0\x80"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		b := AppendString(nil, s)
		if !utf8.Valid(b) {
			t.Fatalf("%q is not UTF-8", b)
		}
		var got string
		if err := json.Unmarshal(b, &got); err != nil {
			t.Fatalf("%q: %v", b, err)
		}
		// What encoding/json makes of it, byte by invalid byte.
		if want := string([]rune(s)); got != want {
			t.Fatalf("%q came back as %q", s, got)
		}
	})
}

func TestDegrees(t *testing.T) {
	tests := []struct {
		v    float64
		want string
	}{
		{0, "0"}, {104.06, "104.06"}, {-0.1, "-0.1"}, {180, "180"}, {-180, "-180"}, {0.00000005, "0.0000001"}, {0.00000004, "0"},
		{-0.00000004, "0"}, {30.12345678, "30.1234568"}, {9.99999999, "10"}, {-73.9999999, "-73.9999999"}, {1.0000001, "1.0000001"},
	}
	for _, test := range tests {
		if got := string(appendDegrees(nil, test.v)); got != test.want {
			t.Errorf("%v is written %s, want %s", test.v, got, test.want)
		}
	}
}

func TestStepsAgainstFormat(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		n := rapid.OneOf(rapid.Int64Range(-18e8, 18e8), rapid.Map(rapid.Int64Range(-1800, 1800), func(n int64) int64 { return n * 1e6 })).Draw(r, "n")
		if got, want := string(appendSteps(nil, n)), strconv.FormatFloat(float64(n)/1e7, 'f', -1, 64); got != want {
			r.Fatalf("%d is written %s, want %s", n, got, want)
		}
	})
}

func TestAppendFeatureDoesNotAllocate(t *testing.T) {
	places := fullPlaces()
	a := New(Parts{Places: places})
	dst := make([]byte, 0, 64<<10)
	access, extra := []byte(`{"foot":{"verdict":"open"}}`), []byte(`"distance_m":1`)
	slots := slices.Collect(a.Places.All(""))
	n := testing.AllocsPerRun(100, func() {
		dst = dst[:0]
		for _, slot := range slots {
			dst = a.AppendFeature(dst, slot, datum.GCJ02, access, extra)
		}
	})
	if n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// TestFeaturesAgainstPlain compares what is joined with what is written field
// by field: of places that no store would take, once and twice, since what
// comes twice stands in dictionaries.
func TestFeaturesAgainstPlain(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		hostile := rapid.OneOf(
			rapid.SampledFrom([]string{"", "x", "osm", "table:a", "osm:w1", "\"", "\\", "\u2028", "\xff", "a\x00b"}),
			rapid.Map(rapid.SliceOfN(rapid.Byte(), 0, 30), func(b []byte) string { return string(b) }),
		)
		var places []*geo.Place
		for i := range rapid.IntRange(1, 6).Draw(r, "places") {
			p := storetest.Place("f").Draw(r, "place")
			if rapid.Bool().Draw(r, "of a store") {
				p = store.Normal(p)
			}
			for _, field := range []*string{&p.ID, &p.Name, &p.Address, &p.District, &p.Phone, &p.Operator, &p.Website, &p.Hours, &p.HoursText, &p.Compound, &p.Source.Feed, &p.Source.Ref} {
				if rapid.IntRange(0, 3).Draw(r, "hostile") == 0 {
					*field = hostile.Draw(r, "text")
				}
			}
			if rapid.IntRange(0, 5).Draw(r, "of two kinds") == 0 {
				p.Charger, p.Bikes = &geo.Charger{Vehicles: []string{"ebike"}, Fee: "\""}, &geo.SharedBikes{Capacity: 3}
				p.Gate = &geo.Gate{Compounds: []string{"osm:w1", hostile.Draw(r, "compound")}}
			}
			p.ID = fmt.Sprint(p.ID, "/", i)
			if rapid.Bool().Draw(r, "usual ID") {
				p.Source.Ref = fmt.Sprint(p.Source.Ref, i)
				p.ID = p.Source.Feed + ":" + p.Source.Ref
			}
			twin := p
			twin.ID += "/twin"
			places = append(places, &p, &twin)
		}
		a := New(Parts{Places: places})
		change := *places[0]
		change.Name += "+"
		changed := *a
		changed.Places = a.Places.With([]*geo.Place{&change}, nil)
		changed.render()
		for _, a := range []*Atlas{a, &changed} {
			model := plain{a.Zone, a.compoundName}
			for s := range a.Places.ByID("", "") {
				p := a.Places.Place(s)
				want := model.feature(nil, p)
				if got := a.AppendFeature(nil, s, "", nil, nil); string(got) != string(want) {
					r.Fatalf("%s", cmp.Diff(string(want), string(got)))
				}
				_, object, _ := bytes.Cut(want, []byte(`,"properties":`))
				if got := a.AppendProperties(nil, s, nil, nil); string(got) != string(object[:len(object)-1]) {
					r.Fatalf("%s", cmp.Diff(string(object), string(got)))
				}
				if p.Kind != geo.KindGate || p.Gate == nil {
					continue
				}
				want = append(want[:len(want)-3], `,"access":{"a":1}},"distance_m":5}}`...)
				if got := a.AppendFeature(nil, s, "", []byte(`{"a":1}`), []byte(`"distance_m":5`)); string(got) != string(want) {
					r.Fatalf("%s", cmp.Diff(string(want), string(got)))
				}
			}
		}
	})
}

// BenchmarkFeature joins a thousand features of one area, turn by turn with
// copying as many bytes that are there already.
func BenchmarkFeature(b *testing.B) {
	const n = 1000
	places := make([]*geo.Place, 20*n)
	offers := [][]geo.Facility{{"rest", "drinking_water", "hot_water", "phone_charging"}, {"rest", "toilet"}, {"wifi", "rest", "tea"}}
	for i := range places {
		places[i] = &geo.Place{
			ID: fmt.Sprint("demo:", i), Kind: geo.KindStation, Name: fmt.Sprint("示例驿站", i), Source: geo.Source{Feed: "demo", Ref: fmt.Sprint(i)},
			Point: orb.Point{113 + float64(i*7919%len(places))/1e5, 34 + float64(i)/1e5}, Hours: "Mo-Su 07:30-22:00", Facilities: offers[i%3],
			Station: &geo.Station{Type: geo.Branch},
		}
	}
	a := New(Parts{Places: places})
	slots := slices.Collect(a.Places.All(""))[5*n : 6*n]
	var dst []byte
	b.Run("joined", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			dst = dst[:0]
			for _, s := range slots {
				dst = a.AppendFeature(dst, s, "", nil, nil)
			}
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/feature")
		b.ReportMetric(float64(len(dst))/n, "bytes/feature")
	})
	ready := make([][]byte, n)
	for i, s := range slots {
		ready[i] = a.AppendFeature(nil, s, "", nil, nil)
	}
	b.Run("copied", func(b *testing.B) {
		for b.Loop() {
			dst = dst[:0]
			for _, f := range ready {
				dst = append(dst, f...)
			}
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/feature")
	})
}
