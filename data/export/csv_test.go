package export_test

import (
	"bytes"
	"encoding/csv"
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"yizhan/data/atlas"
	"yizhan/data/export"
	"yizhan/data/table"
	"yizhan/geo"
	"yizhan/geo/datum"
)

// readBack imports a table under the name t.
func readBack(t testing.TB, b []byte) map[string]geo.Place {
	t.Helper()
	r, err := table.ReadCSV(t.Context(), bytes.NewReader(b), table.Options{Name: "t"})
	if err != nil {
		t.Fatal(err)
	}
	got := make(map[string]geo.Place, len(r.Places))
	for _, p := range r.Places {
		got[p.ID] = p
	}
	return got
}

// cleaned is what the importer makes of a text.
func cleaned(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case unicode.IsSpace(r):
			b.WriteByte(' ')
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Co, r), r == unicode.ReplacementChar:
		default:
			b.WriteRune(r)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// TestCSVRoundTrip exports places in every datum and imports them: what a table
// can say of a place is as it was.
func TestCSVRoundTrip(t *testing.T) {
	for _, d := range []datum.Datum{datum.WGS84, datum.GCJ02, datum.BD09} {
		// Of more than one city a table has to be told apart by hand: the
		// importer takes a lone place on another continent for a mistake.
		var places []*geo.Place
		for _, p := range few() {
			if p.Point[0] > 0 || p.Unplaced {
				places = append(places, p)
			}
		}
		b, counts := write(t, export.CSV, atlas.New(atlas.Parts{Places: places}), export.Options{Datum: d})
		if sum := export.Total(counts); sum.Features != len(places) || sum.Unplaced != 1 {
			t.Errorf("%s: %+v", d, sum)
		}
		got := readBack(t, b)
		if len(got) != len(places) {
			t.Errorf("%s: %d places came back of %d", d, len(got), len(places))
		}
		for _, p := range places {
			id := p.ID
			if !strings.HasPrefix(id, "table:t:") {
				id = "" // of another feed: found by name
				for _, g := range got {
					if g.Name == p.Name {
						id = g.ID
					}
				}
			}
			want := *p
			if p.Gate != nil {
				want.Hours = p.Gate.Tags["opening_hours"]
			}
			sameRow(t, string(d), want, got[id])
		}
	}
}

// sameRow compares what a table can say.
func sameRow(t rapid.TB, what string, p, got geo.Place) {
	t.Helper()
	for _, c := range [][2]string{
		{p.Name, got.Name}, {p.Names["en"], got.Names["en"]}, {p.Address, got.Address}, {p.District, got.District},
		{p.Phone, got.Phone}, {p.Operator, got.Operator}, {p.Website, got.Website}, {p.Note, got.Note},
	} {
		if cleaned(c[0]) != c[1] {
			t.Errorf("%s: %s: %q became %q", what, p.ID, c[0], c[1])
		}
	}
	if p.Kind != got.Kind || p.Unplaced != got.Unplaced || geo.Distance(p.Point, got.Point) > 0.05 || p.Hours != got.Hours || p.HoursText != got.HoursText {
		t.Errorf("%s: %s: %v %v %v %q, was %v %v %v %q", what, p.ID, got.Kind, got.Unplaced, got.Point, got.Hours, p.Kind, p.Unplaced, p.Point, p.Hours)
	}
	for key, value := range p.Extra {
		if key == "name" || key == "Fee" {
			key = "extra: " + key
		}
		if cleaned(value) != got.Extra[key] {
			t.Errorf("%s: %s: extra %q: %q became %q", what, p.ID, key, value, got.Extra[key])
		}
	}
	if d := cmp.Diff(p.Facilities, got.Facilities, cmpopts.EquateEmpty()); d != "" {
		t.Errorf("%s: %s: %s", what, p.ID, d)
	}
	a, b := p, got
	for _, x := range []*geo.Place{&a, &b} { // what a table does not say
		switch {
		case x.Station != nil:
			x.Station = &geo.Station{Type: x.Station.Type, Network: x.Station.Network, Booking: x.Station.Booking}
		case x.Charger != nil:
			x.Charger = &geo.Charger{Sockets: x.Charger.Sockets, Fee: x.Charger.Fee}
		case x.BusStop != nil:
			x.BusStop = &geo.BusStop{Lines: x.BusStop.Lines}
		case x.Parking != nil:
			x.Parking = &geo.Parking{Capacity: x.Parking.Capacity}
		}
	}
	for _, c := range [][2]any{{a.Station, b.Station}, {a.Charger, b.Charger}, {a.BusStop, b.BusStop}, {a.Parking, b.Parking}, {a.Bikes, b.Bikes}} {
		if d := cmp.Diff(c[0], c[1]); d != "" {
			t.Errorf("%s: %s: %s", what, p.ID, d)
		}
	}
}

// TestGateTags come back as the columns by which a table of gates says who may
// pass.
func TestGateTags(t *testing.T) {
	b, _ := write(t, export.CSV, fewAtlas(), export.Options{Collections: []export.Collection{"gate"}})
	for _, p := range readBack(t, b) {
		if p.Kind != geo.KindGate || p.Extra["access"] != "private" || p.Extra["fee"] != "no" || p.Hours != "06:00-22:00" {
			t.Errorf("%+v", p)
		}
	}
}

// TestCSVOfAnything round-trips any texts, and no cell is one that a
// spreadsheet would compute.
func TestCSVOfAnything(t *testing.T) {
	text := rapid.OneOf(rapid.SampledFrom(hostile()), rapid.StringN(1, 20, -1), rapid.StringMatching(`['=+@\t -]{0,3}[a-z"=,;]{1,4}`))
	nothing := []string{"", "-", "--", "—", "/", "无", "暂无", "null", "nil", "none", "n/a", "na", "nan", "\\n", "#n/a"}
	word := rapid.Map(text, func(s string) string {
		// A line end within a quoted cell is one character to a reader of CSV.
		s = strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", ""), "")
		if slices.Contains(nothing, strings.ToLower(cleaned(s))) {
			return "x"
		}
		return s
	})
	rapid.Check(t, func(rt *rapid.T) {
		var places []*geo.Place
		n := rapid.IntRange(1, 8).Draw(rt, "n")
		for i := range n {
			places = append(places, &geo.Place{
				ID: "table:t:" + string(rune('a'+i)), Kind: geo.KindCharger, Name: word.Draw(rt, "name"), Note: word.Draw(rt, "note"),
				Address: word.Draw(rt, "address"), Point: orb.Point{rapid.Float64Range(103, 105).Draw(rt, "lon"), rapid.Float64Range(30, 31).Draw(rt, "lat")},
				Charger: &geo.Charger{Fee: word.Draw(rt, "fee")}, Source: geo.Source{Feed: "table:t"},
				Extra: map[string]string{"more": word.Draw(rt, "more")},
			})
		}
		a := atlas.New(atlas.Parts{Places: slices.Clone(places)})
		b, _ := write(t, export.CSV, a, export.Options{})
		rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(b, []byte("\ufeff")))).ReadAll()
		if err != nil {
			rt.Fatal(err)
		}
		lon, lat := slices.Index(rows[0], "lon_wgs84"), slices.Index(rows[0], "lat_wgs84")
		for _, row := range rows {
			for i, cell := range row {
				if i != lon && i != lat && strings.HasPrefix(strings.TrimLeft(cell, " \u00a0\ufeff"), "=") || strings.IndexAny(cell, "=+-@\t\r\n") == 0 && i != lon && i != lat {
					rt.Errorf("a formula: %q", cell)
				}
			}
		}
		got := readBack(t, b)
		for _, p := range places {
			q := *p
			q.Charger = &geo.Charger{Fee: cleaned(p.Charger.Fee)}
			sameRow(rt, "", q, got[p.ID])
		}
		// What has come back once comes back the same again.
		var again []*geo.Place
		for _, p := range got {
			again = append(again, &p)
		}
		second, _ := write(t, export.CSV, atlas.New(atlas.Parts{Places: again}), export.Options{})
		if d := cmp.Diff(slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(readBack(t, second)))); d != "" {
			rt.Error(d)
		}
		for id, p := range readBack(t, second) {
			before := got[id]
			before.Source, p.Source = geo.Source{}, geo.Source{}
			if d := cmp.Diff(before, p, cmpopts.EquateApprox(0, 1e-9)); d != "" {
				rt.Errorf("the second time: %s", d)
			}
		}
	})
}

// TestCSVForExcel begins with a byte order mark and ends rows as Excel does.
func TestCSVForExcel(t *testing.T) {
	b, _ := write(t, export.CSV, fewAtlas(), export.Options{Collections: []export.Collection{"gate"}})
	if !bytes.HasPrefix(b, []byte("\xef\xbb\xbfid,kind,name,")) || !bytes.HasSuffix(b, []byte("\r\n")) || bytes.Count(b, []byte("\n")) != bytes.Count(b, []byte("\r\n")) {
		t.Errorf("%q", b)
	}
}
