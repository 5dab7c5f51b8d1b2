package table_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"yizhan/data/table"
	"yizhan/geo"
	"yizhan/geo/datum"
)

// elsewhere is a place of each feed that a table may name.
func elsewhere() map[string]*geo.Place {
	at := orb.Point{116.4701234567, 39.9912345678}
	held := map[string]*geo.Place{}
	for _, p := range []*geo.Place{
		{
			ID: "osm:n1", Kind: geo.KindStation, Name: "甲", Names: map[string]string{"en": "A", "fr": "Un"}, Point: at, Phone: "010-1", Hours: "Mo-Fr 08:00-17:00",
			Facilities: []geo.Facility{"microwave", "drinking_water"}, Source: geo.Source{Feed: "osm"}, Station: &geo.Station{Type: geo.Hub, Hub: "osm:n9"},
			Extra: map[string]string{"colour": "乙", "capacity": "3", "note": "n"}, Valid: &geo.Period{From: time.Date(2026, 1, 2, 3, 4, 5, 6e6, time.UTC)},
		},
		{ID: "entered:1", Kind: geo.KindGate, Point: at, Source: geo.Source{Feed: "entered"}, Gate: &geo.Gate{Barrier: "gate", Tags: map[string]string{"foot": "yes", "opening_hours": "24/7"}}},
		{ID: "table:x:7", Kind: geo.KindBusStop, Unplaced: true, Source: geo.Source{Feed: "table:x"}, BusStop: &geo.BusStop{Lines: []string{"1路", "2路"}, Shelter: true}},
		// What a table gave and a person edited.
		{ID: "table:mine:8", Kind: geo.KindCharger, Name: "八", Point: at, Source: geo.Source{Feed: "entered"}, Charger: &geo.Charger{Sockets: 4, Vehicles: []string{"car"}}},
	} {
		held[p.ID] = p
	}
	return held
}

const elsewhereHead = "id,kind,name,name_en,lon,lat,hours,phone,type,facilities,capacity,lines,note,barrier,colour,extra: note,foot,hub,name_fr,shelter,valid_from,vehicles\n"

const elsewhereRows = `osm:n1,station,甲,A,116.4701235,39.9912346,Mo-Fr 08:00-17:00,010-1,hub,microwave; drinking_water,3,,,,乙,n,,osm:n9,Un,,2026-01-02T11:04:05+08:00,
entered:1,gate,,,116.4701235,39.9912346,24/7,,,,,,,gate,,,yes,,,,,
table:x:7,bus_stop,,,,,,,,,,1路、2路,,,,,,,,yes,,
table:mine:8,charger,八,,116.4701235,39.9912346,,,,,4,,,,,,,,,,,car
table:mine:9,station,九,,116.48,39.99,,,,,,,,,,,,,,,,
osm:n5,station,五,,116.49,39.99,,,,,,,,,,,,,,,,
10,station,十,,116.47,39.98,,,,,,,,,,,,,,,,
`

func TestPlacesFromElsewhere(t *testing.T) {
	r := read(t, elsewhereHead+elsewhereRows, table.Options{Name: "mine"})
	if got := fmt.Sprint(r.OwnIDs()); got != "[osm:n1 entered:1 table:x:7 table:mine:8 table:mine:9 osm:n5]" {
		t.Errorf("own IDs %s", got)
	}
	if e := r.Report.Elsewhere; e.Asked || e.Rows != 0 || fmt.Sprint(e.Alike) != "map[entered:1 osm:2 table:x:1]" {
		t.Errorf("before anything was looked up: %+v", e)
	}
	held := elsewhere()
	r.Settle(held)
	e := r.Report.Elsewhere
	if !e.Asked || e.Rows != 4 || fmt.Sprint(e.Feeds) != "map[entered:2 osm:1 table:x:1]" || fmt.Sprint(e.Alike) != "map[osm:1]" || len(e.Differ) > 0 {
		t.Errorf("%+v", e)
	}
	var ids []string
	for _, p := range r.Places {
		ids = append(ids, p.ID)
	}
	if got := strings.Join(ids, " "); !strings.HasPrefix(got, "table:mine:9 table:mine:osm-n5~") || !strings.HasSuffix(got, " table:mine:10") || len(ids) != 3 {
		t.Errorf("places %s", got)
	}
	if rep := r.Report; rep.Placed+len(rep.Unplaced)+rep.Skipped+e.Rows != rep.Rows || rep.Placed != 3 || rep.Hours != 0 || len(rep.Issues) != 0 {
		t.Errorf("rows do not add up: %+v", rep)
	}
	for lang, words := range map[geo.Lang][]string{
		geo.Chinese: {"4 行是数据里已有、来自别处的地点（2 entered, 1 osm, 1 table:x）", "1 行的编号像是别处的（1 osm），但数据里没有", "来自别处 4"},
		geo.English: {"4 rows are places from elsewhere (2 entered, 1 osm, 1 table:x)", "1 rows have IDs like those of other sources (1 osm), but", "4 from elsewhere"},
	} {
		var b strings.Builder
		if err := r.Report.WriteText(&b, lang); err != nil {
			t.Fatal(err)
		}
		for _, word := range words {
			if !strings.Contains(b.String(), word) {
				t.Errorf("%q is not in\n%s", word, b.String())
			}
		}
	}
}

// TestEditsOfPlacesFromElsewhere changes one cell at a time.
func TestEditsOfPlacesFromElsewhere(t *testing.T) {
	for _, c := range []struct{ from, to, want string }{
		{"甲,A", "甲甲,A", "osm:n1 [name]"},
		{"甲,A", "甲,", "osm:n1 [name_en]"},
		{"甲,A,116.4701235", "甲,A,116.4701435", "osm:n1 [point]"},
		{"甲,A,116.4701235,39.9912346", "甲,A,,", "osm:n1 [point]"},
		{"Mo-Fr 08:00-17:00", "Mo-Fr 08:00-18:00", "osm:n1 [hours]"},
		{"010-1,hub", ",", "osm:n1 [phone type]"},
		{"microwave; drinking_water", "drinking_water; microwave", ""},
		{"microwave; drinking_water", "microwave", "osm:n1 [facilities]"},
		{"drinking_water,3,", "drinking_water,4,", "osm:n1 [capacity]"},
		{"乙,n,", "乙,,", "osm:n1 [extra: note]"},
		{"osm:n9", "osm:n8", "osm:n1 [hub]"},
		{"Un", "Une", "osm:n1 [name_fr]"},
		{"2026-01-02T11:04:05+08:00", "2026-01-02T03:04:05Z", ""},
		{"2026-01-02T11:04:05+08:00", "2026-02-02", "osm:n1 [valid_from]"},
		{"24/7", "", "entered:1 [hours]"},
		{"gate,,,yes", "gate,,,no", "entered:1 [foot]"},
		{"1路、2路", "1路、3路", "table:x:7 [lines]"},
		{"1路、2路", "1路;2路", ""},
		{"bus_stop", "公交站", ""},
		{"bus_stop", "parking", "table:x:7 [kind]"},
		{",yes,,\n", ",,,\n", "table:x:7 [shelter]"},
		{"table:x:7,bus_stop,,,,", "table:x:7,bus_stop,,,1,2", "table:x:7 [point]"},
		{",4,", ",5,", "table:mine:8 [capacity]"},
		{"car", "ebike", "table:mine:8 [vehicles]"},
	} {
		text := strings.Replace(elsewhereRows, c.from, c.to, 1)
		if text == elsewhereRows {
			t.Fatalf("%q is not in the table", c.from)
		}
		r := read(t, elsewhereHead+text, table.Options{Name: "mine"})
		r.Settle(elsewhere())
		var got []string
		for _, d := range r.Report.Elsewhere.Differ {
			got = append(got, fmt.Sprint(d.ID, " ", d.Fields))
		}
		if strings.Join(got, "; ") != c.want {
			t.Errorf("%q → %q: %v, want %q", c.from, c.to, got, c.want)
		}
		var b strings.Builder
		if err := r.Report.WriteText(&b, geo.English); err != nil {
			t.Fatal(err)
		}
		if said := strings.Contains(b.String(), "1 of them differ"); said != (c.want != "") {
			t.Errorf("%q → %q: the report says\n%s", c.from, c.to, b.String())
		}
	}
}

// TestUnmoved imports an export of a table whose positions came in another
// datum: those that nobody moved stay as they came.
func TestUnmoved(t *testing.T) {
	first := read(t, "编号,名称,经度,纬度\n1,甲,116.47012345678,39.99123456789\n2,乙,116.48,39.98\n", table.Options{Name: "x", Datum: datum.GCJ02})
	held := map[string]*geo.Place{}
	for i := range first.Places {
		held[first.Places[i].ID] = &first.Places[i]
	}
	a, b := first.Places[0].Point, first.Places[1].Point
	text := fmt.Sprintf("id,name,lon_wgs84,lat_wgs84\ntable:x:1,甲,%.7f,%.7f\ntable:x:2,乙,%.7f,%.7f\n", a[0], a[1], b[0]+0.0001, b[1])
	again := read(t, text, table.Options{Name: "x"})
	again.Settle(held)
	if p := again.Places[0]; p.ID != "table:x:1" || p.Point != a || p.Origin != first.Places[0].Origin {
		t.Errorf("not moved, but at %v (%+v), it was %v", p.Point, p.Origin, a)
	}
	if p := again.Places[1]; p.Point == b || p.Origin != nil {
		t.Errorf("moved, but at %v (%+v)", p.Point, p.Origin)
	}
	if e := again.Report.Elsewhere; e.Rows != 0 || len(e.Alike) > 0 {
		t.Errorf("%+v", e)
	}
}
