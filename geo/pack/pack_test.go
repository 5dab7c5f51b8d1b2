package pack_test

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
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
	"yizhan/geo/pack"
)

// word generates text of every sort, often the same again.
func word() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.SampledFrom([]string{"", "a", "osm", "table:x", "驿站", "\"", "\\", "\u2028", "\xff", "a\x00", "\n", strings.Repeat("长", 100)}),
		rapid.Map(rapid.SliceOfN(rapid.Byte(), 0, 40), func(b []byte) string { return string(b) }),
	)
}

// place generates places that a store would refuse too, in the form that a
// store gives back.
func place() *rapid.Generator[geo.Place] {
	return rapid.Custom(func(t *rapid.T) geo.Place {
		p := store.Normal(storetest.Place("x").Draw(t, "place"))
		for _, field := range []*string{&p.ID, &p.Name, &p.Address, &p.District, &p.Phone, &p.Operator, &p.Website, &p.Note, &p.Hours, &p.HoursText, &p.Compound, &p.Source.Feed, &p.Source.Ref} {
			if rapid.IntRange(0, 3).Draw(t, "hostile") == 0 {
				*field = word().Draw(t, "text")
			}
		}
		if rapid.Bool().Draw(t, "usual ID") {
			p.ID = p.Source.Feed + ":" + p.Source.Ref
		}
		if rapid.IntRange(0, 5).Draw(t, "strange") == 0 {
			p.Kind = geo.Kind(word().Draw(t, "kind"))
			p.Facilities = append(p.Facilities, geo.Facility(word().Draw(t, "facility")))
			p.Station = &geo.Station{Type: geo.StationType(word().Draw(t, "type")), Booking: word().Draw(t, "booking")}
			p.Bikes = &geo.SharedBikes{Capacity: -rapid.Int().Draw(t, "capacity")}
			p.Gate = &geo.Gate{Tags: geo.Tags{word().Draw(t, "key"): word().Draw(t, "value")}}
		}
		p.Point = orb.Point{math.Round(p.Point[0]*1e7) / 1e7, math.Round(p.Point[1]*1e7) / 1e7}
		return p
	})
}

// table packs places in their order.
func table(places []geo.Place) *pack.Table {
	var b pack.Builder
	order := make([]uint32, len(places))
	for i := range places {
		b.Add(&places[i])
		order[i] = uint32(i)
	}
	return b.Table(order)
}

func TestWhatIsAddedComesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		places := rapid.SliceOfN(place(), 1, 12).Draw(t, "places")
		places = append(places, places...) // what repeats goes into dictionaries
		tab := table(places)
		var again pack.Builder
		for row := range places {
			again.Copy(tab, row)
		}
		order := make([]uint32, len(places))
		for i := range order {
			order[i] = uint32(len(order) - 1 - i)
		}
		copied := again.Table(order)
		for i := range places {
			if diff := cmp.Diff(&places[i], tab.Place(i)); diff != "" {
				t.Fatalf("place %d (-added +decoded):\n%s", i, diff)
			}
			if diff := cmp.Diff(&places[i], copied.Place(len(places)-1-i)); diff != "" {
				t.Fatalf("place %d (-added +copied):\n%s", i, diff)
			}
			check(t, tab, i, &places[i])
			one := table(places[i : i+1])
			a, _ := tab.Digest(i, nil)
			b, _ := one.Digest(0, nil)
			if a != b {
				t.Fatalf("the digest of %+v depends on the table", places[i])
			}
		}
	})
}

// check compares what can be asked of a row with its place.
func check(t *rapid.T, tab *pack.Table, row int, p *geo.Place) {
	r := tab.Row(row)
	for f, want := range map[pack.Field]string{
		pack.ID: p.ID, pack.Kind: string(p.Kind), pack.Name: p.Name, pack.Address: p.Address, pack.Note: p.Note,
		pack.Hours: p.Hours, pack.Compound: p.Compound, pack.Feed: p.Source.Feed,
	} {
		if got := r.Text(f); got != want {
			t.Fatalf("field %d is %q, want %q", f, got, want)
		}
	}
	if tab.ID(row) != p.ID || r.Ref() != p.Source.Ref || r.Placed() == p.Unplaced || !cmp.Equal(r.Valid(), p.Valid) {
		t.Fatalf("%q %q %v %v of %+v", tab.ID(row), r.Ref(), r.Placed(), r.Valid(), p)
	}
	asked := []geo.Facility{"toilet", "rest"}
	for _, list := range [][]geo.Facility{nil, asked[:1], asked, {"sauna"}, p.Facilities, append(slices.Clone(p.Facilities), "steam")} {
		if got := tab.Has(row, list, pack.OfferBits(list)); got != p.Has(list) {
			t.Fatalf("Has(%q) = %v of %q", list, got, p.Facilities)
		}
	}
	for v, ok := r.Next(); ok; v, ok = r.Next() {
		if v.Plain && (!utf8.ValidString(v.Text) || !json.Valid([]byte(`"`+v.Text+`"`)) || strings.ContainsAny(v.Text, "\u2028\u2029\\")) {
			t.Fatalf("%q is not plain", v.Text)
		}
		if v.Number >= 0 && tab.Value(v.Field, int(v.Number)) != v.Text {
			t.Fatalf("%q is not value %d", v.Text, v.Number)
		}
	}
}

func TestPositions(t *testing.T) {
	for _, c := range []struct {
		point orb.Point
		want  pack.Position
		ok    bool
	}{
		{orb.Point{104.06, -30.123456789}, pack.Position{Lon: 1040600000, Lat: -301234568}, true},
		{orb.Point{180, 90}, pack.Position{Lon: 1800000000, Lat: 900000000}, true},
		{orb.Point{-180, -90}, pack.Position{Lon: -1800000000, Lat: -900000000}, true},
		{orb.Point{190, 0}, pack.Position{Lon: -1700000000}, true},
		{orb.Point{-540.5, 1}, pack.Position{Lon: 1795000000, Lat: 10000000}, true},
		{orb.Point{1e300, 0}, pack.Position{}, true},
		{orb.Point{math.NaN(), 0}, pack.Position{}, false},
		{orb.Point{0, math.NaN()}, pack.Position{}, false},
		{orb.Point{math.Inf(-1), 0}, pack.Position{}, false},
		{orb.Point{0, 90.0001}, pack.Position{}, false},
	} {
		got, ok := pack.PositionOf(c.point)
		if c.point[0] == 1e300 {
			got.Lon = 0 // somewhere
		}
		if got != c.want || ok != c.ok {
			t.Errorf("%v is at %v %v, want %v %v", c.point, got, ok, c.want, c.ok)
		}
	}
	tab := table([]geo.Place{{ID: "a", Point: orb.Point{math.NaN(), 1}}, {ID: "b", Point: orb.Point{1, 2}, Unplaced: true}})
	for row := range 2 {
		if p := tab.Place(row); !p.Unplaced || p.Point != (orb.Point{}) {
			t.Errorf("%s has a position", p.ID)
		}
	}
}

func TestDigestSeesEveryField(t *testing.T) {
	at := time.Date(2026, 5, 2, 1, 0, 0, 0, time.UTC)
	base := geo.Place{ID: "a:1", Kind: geo.KindStation, Point: orb.Point{1, 2}, Source: geo.Source{Feed: "a", Ref: "1", Time: at}}
	digest := func(p geo.Place) pack.Digest {
		d, _ := table([]geo.Place{p}).Digest(0, nil)
		return d
	}
	seen := map[pack.Digest]string{digest(base): "base"}
	for name, set := range map[string]func(p *geo.Place){
		"id": func(p *geo.Place) { p.ID = "a:2" }, "kind": func(p *geo.Place) { p.Kind = geo.KindGate }, "name": func(p *geo.Place) { p.Name = "x" },
		"names": func(p *geo.Place) { p.Names = map[string]string{"en": "x"} }, "point": func(p *geo.Place) { p.Point[0] += 1e-7 },
		"unplaced": func(p *geo.Place) { p.Unplaced = true }, "address": func(p *geo.Place) { p.Address = "x" }, "district": func(p *geo.Place) { p.District = "x" },
		"facilities": func(p *geo.Place) { p.Facilities = []geo.Facility{"tea"} }, "station": func(p *geo.Place) { p.Station = &geo.Station{} },
		"hub": func(p *geo.Place) { p.Station = &geo.Station{Hub: "x"} }, "network": func(p *geo.Place) { p.Station = &geo.Station{Network: "x"} },
		"valid": func(p *geo.Place) { p.Valid = &geo.Period{From: at} }, "until": func(p *geo.Place) { p.Valid = &geo.Period{Until: at} },
		"ref": func(p *geo.Place) { p.Source.Ref = "2" }, "feed": func(p *geo.Place) { p.Source.Feed = "b" },
		"extra": func(p *geo.Place) { p.Extra = map[string]string{"en": "x"} }, "origin": func(p *geo.Place) { p.Origin = &geo.Origin{Datum: "bd09"} },
	} {
		p := base
		set(&p)
		d := digest(p)
		if was, ok := seen[d]; ok {
			t.Errorf("%s has the digest of %s", name, was)
		}
		seen[d] = name
	}
	later := base
	later.Source.Time = at.Add(time.Hour)
	if digest(later) != digest(base) {
		t.Error("reading the same again changed the digest")
	}
	a, b := digest(base), pack.Digest{math.MaxUint64, math.MaxUint64, 5, 6}
	sum := a
	sum.Add(b)
	sum.Sub(a)
	if sum != b {
		t.Errorf("%v after adding and taking away, want %v", sum, b)
	}
}

// TestDictionariesAreBounded adds more than any dictionary takes.
func TestDictionariesAreBounded(t *testing.T) {
	var b pack.Builder
	const n = 40_000
	order := make([]uint32, 0, 2*n)
	for range 2 {
		for i := range n {
			p := geo.Place{ID: fmt.Sprint(i), District: fmt.Sprint("d", i), Hours: strings.Repeat("h", i%3000)}
			// The second time comes right behind the first, so it is remembered.
			b.Add(&p)
			b.Add(&p)
			order = append(order, uint32(2*i))
		}
	}
	tab := b.Table(order)
	if got := tab.Values(pack.District); got != 1<<15 {
		t.Errorf("%d districts in the dictionary", got)
	}
	for i := 0; i < n; i += 997 {
		if p := tab.Place(i); p.District != fmt.Sprint("d", i) || len(p.Hours) != i%3000 {
			t.Fatalf("place %d came back as %+v", i, p)
		}
	}
}

func BenchmarkAdd(b *testing.B) {
	places := make([]geo.Place, 1000)
	for i := range places {
		places[i] = geo.Place{
			ID: fmt.Sprintf("demo:%d", i), Kind: geo.KindParking, Name: fmt.Sprint("示例停车点", i), Point: orb.Point{113 + float64(i)/1e3, 34},
			Source: geo.Source{Feed: "demo", Ref: fmt.Sprint(i)}, Parking: &geo.Parking{Vehicles: []string{"bicycle", "ebike"}, Capacity: 4 + i%40},
		}
	}
	var builder pack.Builder
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		builder.Add(&places[i%1000])
	}
}

func BenchmarkPlace(b *testing.B) {
	places := []geo.Place{{
		ID: "demo:1", Kind: geo.KindStation, Name: "示例驿站1", Hours: "Mo-Su 07:30-22:00", Facilities: []geo.Facility{"rest", "tea"},
		Source: geo.Source{Feed: "demo", Ref: "1"}, Station: &geo.Station{Type: geo.Branch},
	}}
	tab := table(places)
	b.ReportAllocs()
	for b.Loop() {
		tab.Place(0)
	}
}
