package table_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"yizhan/data/table"
	"yizhan/geo"
	"yizhan/geo/datum"
	"yizhan/geo/geotest"
	"yizhan/geo/hours"
)

var update = flag.Bool("update", false, "write the golden files anew")

func read(t testing.TB, text string, opt table.Options) *table.Result {
	t.Helper()
	r, err := table.ReadCSV(context.Background(), strings.NewReader(text), opt)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

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

// TestMessy reads a table with one of every trouble.
func TestMessy(t *testing.T) {
	raw, err := os.ReadFile("testdata/messy.csv")
	if err != nil {
		t.Fatal(err)
	}
	r := read(t, string(raw), table.Options{Name: "messy", Datum: datum.GCJ02, Time: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)})
	for _, lang := range []geo.Lang{geo.Chinese, geo.English} {
		var b bytes.Buffer
		if err := r.Report.WriteText(&b, lang); err != nil {
			t.Fatal(err)
		}
		golden(t, "messy.report."+string(lang)+".txt", b.Bytes())
	}
	places, err := json.MarshalIndent(r.Places, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "messy.places.json", places)
	if got := r.Report.Placed + len(r.Report.Unplaced) + r.Report.Skipped; got != r.Report.Rows {
		t.Errorf("%d rows are accounted for, there are %d", got, r.Report.Rows)
	}
	if bytes.Contains(places, []byte("张三")) {
		t.Error("a private person's name was kept")
	}
}

func realTable(t *testing.T, name string, opt table.Options) *table.Result {
	t.Helper()
	f, err := os.Open(geotest.Data(t, "places", name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r, err := table.ReadCSV(context.Background(), f, opt)
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]bool{}
	for i := range r.Places {
		p := &r.Places[i]
		if ids[p.ID] || strings.ContainsAny(p.ID, ", \t\n") {
			t.Errorf("ID %q", p.ID)
		}
		ids[p.ID] = true
		if p.Unplaced != (p.Point == orb.Point{}) {
			t.Errorf("%s: unplaced %v at %v", p.Name, p.Unplaced, p.Point)
		}
		if p.Hours != "" {
			if _, err := hours.Parse(p.Hours); err != nil {
				t.Errorf("%s: %q does not parse: %v", p.Name, p.Hours, err)
			}
		}
	}
	return r
}

func TestZhengzhou(t *testing.T) {
	r := realTable(t, "zhengzhou-stations.gcj02.csv", table.Options{Name: "zhengzhou-stations", Kind: geo.KindStation, Datum: datum.GCJ02})
	rep := r.Report
	if rep.Rows != 82 || rep.Placed != 18 || len(rep.Unplaced) != 64 || rep.Skipped != 0 {
		t.Errorf("%d rows, %d placed, %d unplaced, %d skipped; want 82, 18, 64, 0", rep.Rows, rep.Placed, len(rep.Unplaced), rep.Skipped)
	}
	if rep.Hours != 22 || rep.HoursPartly != 2 || rep.HoursUnread != 0 {
		t.Errorf("hours: %d understood, %d partly, %d not; want 22, 2, 0", rep.Hours, rep.HoursPartly, rep.HoursUnread)
	}
	for _, i := range rep.Issues {
		t.Errorf("issue: %+v", i)
	}
	checkConversion(t, r.Places)
	again := realTable(t, "zhengzhou-stations.gcj02.csv", table.Options{Name: "zhengzhou-stations", Kind: geo.KindStation, Datum: datum.GCJ02})
	for i := range r.Places {
		if r.Places[i].ID != again.Places[i].ID {
			t.Errorf("the ID of row %d changed", i)
		}
	}
}

func TestChengdu(t *testing.T) {
	r := realTable(t, "chengdu-uestc-ebike-chargers.gcj02.csv", table.Options{Name: "uestc", Kind: geo.KindCharger, Datum: datum.GCJ02})
	if r.Report.Rows != 76 || r.Report.Placed != 76 {
		t.Errorf("%d rows, %d placed; want 76, 76", r.Report.Rows, r.Report.Placed)
	}
	p := r.Places[0]
	if p.ID != "table:uestc:40167" || p.Origin.Lat != 30.752716133588663 || p.Extra["orig_lat"] != "30.752764" {
		t.Errorf("the first row became %+v", p)
	}
	checkConversion(t, r.Places)
}

// checkConversion checks placed rows against a conversion of another make: the
// published forward formula, written out once more, is inverted by bisection
// of each axis in turn.
func checkConversion(t *testing.T, places []geo.Place) {
	t.Helper()
	for i := range places {
		p := &places[i]
		if p.Unplaced {
			continue
		}
		want := bisect(orb.Point{p.Origin.Lon, p.Origin.Lat})
		if d := geo.Distance(want, p.Point); d > 1 {
			t.Errorf("%s: %v is %.2f m from the independent %v", p.Name, p.Point, d, want)
		}
		if d := geo.Distance(orb.Point{p.Origin.Lon, p.Origin.Lat}, p.Point); d < 100 {
			t.Errorf("%s was moved by %.0f m only", p.Name, d)
		}
	}
}

func TestEncodings(t *testing.T) {
	const text = "名称,经度,纬度,营业时间\n驿站,113.6,34.8,24小时\n"
	encode := func(e interface{ Bytes([]byte) ([]byte, error) }) string {
		b, err := e.Bytes([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	for name, raw := range map[string]string{
		"UTF-8": text, "UTF-8 BOM": "\ufeff" + text, "GB18030": encode(simplifiedchinese.GB18030.NewEncoder()),
		"UTF-16LE": encode(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder()),
		"UTF-16BE": encode(unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder()),
	} {
		for ending, end := range map[string]string{"LF": "\n", "CRLF": "\r\n", "CR": "\r"} {
			if strings.HasPrefix(name, "UTF-16") && ending != "LF" {
				continue
			}
			r := read(t, strings.ReplaceAll(raw, "\n", end), table.Options{})
			if r.Report.Encoding != name || len(r.Places) != 1 || r.Places[0].Name != "驿站" || r.Places[0].Hours != "24/7" {
				t.Errorf("%s, %s: %+v, read as %s", name, ending, r.Places, r.Report.Encoding)
			}
		}
	}
}

func TestDelimiters(t *testing.T) {
	for name, text := range map[string]string{
		"comma":     "name,lon,lat\nA,113.6,34.8\n",
		"semicolon": "name;lon;lat\nA;113,6;34,8\n",
		"tab":       "name\tlon\tlat\nA\t113.6\t34.8\n",
	} {
		r := read(t, text, table.Options{})
		if r.Report.Delimiter != name || len(r.Places) != 1 || geo.Distance(r.Places[0].Point, orb.Point{113.6, 34.8}) > 0.01 {
			t.Errorf("%s: %+v as %s", name, r.Places, r.Report.Delimiter)
		}
	}
}

func TestCoordinates(t *testing.T) {
	for _, c := range []struct {
		header, cells string
		want          orb.Point
		why           string
	}{
		{"lon,lat", "113.6,34.8", orb.Point{113.6, 34.8}, ""},
		{"纬度,经度", "34.8,113.6", orb.Point{113.6, 34.8}, ""},
		{"坐标", `"113.6,34.8"`, orb.Point{113.6, 34.8}, ""},
		{"坐标", `"113.6，34.8"`, orb.Point{113.6, 34.8}, ""},
		{"坐标", `(113.6 34.8)`, orb.Point{113.6, 34.8}, ""},
		{"坐标", `"34.8,113.6"`, orb.Point{113.6, 34.8}, ""},
		{"latlng", `"34.8,113.6"`, orb.Point{113.6, 34.8}, ""},
		{"latlng", `"34.8,78.2"`, orb.Point{78.2, 34.8}, ""},
		{"坐标", `POINT(113.6 34.8)`, orb.Point{113.6, 34.8}, ""},
		{"坐标", `34.8N 113.6E`, orb.Point{113.6, 34.8}, ""},
		{"lon,lat", `113°36′00″E,34°48′00″N`, orb.Point{113.6, 34.8}, ""},
		{"lon,lat", `东经113度36分,北纬34度48分`, orb.Point{113.6, 34.8}, ""},
		{"lon,lat", "113 36 0,34 48 0", orb.Point{113.6, 34.8}, ""},
		{"lon,lat", "113:36:00,34:48:00", orb.Point{113.6, 34.8}, ""},
		{"lon,lat", "１１３．６,３４．８", orb.Point{113.6, 34.8}, ""},
		{"lon,lat", "-123.1,49.2", orb.Point{-123.1, 49.2}, ""},
		{"lon,lat", "W123.1,N49.2", orb.Point{-123.1, 49.2}, ""},
		// Swapped: certain, because no latitude is 113.6
		{"lon,lat", "34.8,113.6", orb.Point{113.6, 34.8}, ""},
		{"lon,lat", "N34.8,E113.6", orb.Point{113.6, 34.8}, ""},
		// Swapped, perhaps: both orders are positions
		{"lon,lat", "34.8,78.2", orb.Point{}, "seem swapped"},
		{"lon,lat", "49.2,-123.1", orb.Point{}, "seem swapped"},
		{"lon,lat", "N34.8,113.6", orb.Point{}, "seem swapped"},
		{"lon,lat", ",", orb.Point{}, "no coordinates"},
		{"lon,lat", "-,无", orb.Point{}, "no coordinates"},
		{"lon,lat", "113.6,", orb.Point{}, "only one"},
		{"lon,lat", "0,0", orb.Point{}, "0,0"},
		{"lon,lat", "0.0,0.000", orb.Point{}, "0,0"},
		{"lon,lat", "113.6,344.8", orb.Point{}, "out of range"},
		{"lon,lat", "999,99", orb.Point{}, "out of range"},
		{"lon,lat", "NaN,34.8", orb.Point{}, "only one"},
		{"lon,lat", "Inf,34.8", orb.Point{}, "not understood"},
		{"lon,lat", "1e2,34.8", orb.Point{}, "not understood"},
		{"lon,lat", "0x10,34.8", orb.Point{}, "not understood"},
		{"lon,lat", "113°61′,34.8", orb.Point{}, "not understood"},
		{"坐标", "113.6", orb.Point{}, "not understood"},
		{"坐标", `"1,2,3"`, orb.Point{}, "not understood"},
	} {
		t.Run(c.header+" "+c.cells, func(t *testing.T) {
			r := read(t, "name,"+c.header+"\nA,"+c.cells+"\n", table.Options{})
			p := r.Places[0]
			if c.why == "" {
				if p.Unplaced || geo.Distance(p.Point, c.want) > 0.01 {
					t.Errorf("%v, unplaced %v, %+v; want %v", p.Point, p.Unplaced, r.Report.Unplaced, c.want)
				}
				return
			}
			if !p.Unplaced || len(r.Report.Unplaced) != 1 || !strings.Contains(r.Report.Unplaced[0].Why.En, c.why) {
				t.Errorf("%v, %+v; want unplaced because %q", p.Point, r.Report.Unplaced, c.why)
			}
		})
	}
}

func TestDatum(t *testing.T) {
	const p = "A,113.6,34.8\n"
	for _, c := range []struct {
		name, text string
		opt        datum.Datum
		want       datum.Datum
		issues     int
	}{
		{"WGS-84 where nothing is said", "name,lon,lat\n" + p, "", datum.WGS84, 0},
		{"the option", "name,lon,lat\n" + p, datum.BD09, datum.BD09, 0},
		{"the header", "name,lng_gcj02,lat_gcj02\n" + p, "", datum.GCJ02, 0},
		{"百度经度", "name,百度经度,百度纬度\n" + p, "", datum.BD09, 0},
		{"option against header", "name,lng_gcj02,lat_gcj02\n" + p, datum.WGS84, datum.WGS84, 2},
		{"two pairs, the option picks", "name,lng_wgs84,lat_wgs84,lng_gcj02,lat_gcj02\nA,1,2,113.6,34.8\n", datum.GCJ02, datum.GCJ02, 0},
		{"two pairs, WGS-84 is picked", "name,lng_gcj02,lat_gcj02,lng_wgs84,lat_wgs84\nA,1,2,113.6,34.8\n", "", datum.WGS84, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := read(t, c.text, table.Options{Datum: c.opt})
			got := r.Places[0]
			if r.Report.Datum != c.want || len(r.Report.Issues) != c.issues {
				t.Errorf("datum %s, issues %v", r.Report.Datum, r.Report.Issues)
			}
			if want := c.want.ToWGS84(orb.Point{113.6, 34.8}); geo.Distance(got.Point, want) > 0.001 {
				t.Errorf("at %v, want %v", got.Point, want)
			}
			if (got.Origin == nil) != (c.want == datum.WGS84) {
				t.Errorf("origin %v", got.Origin)
			}
		})
	}
}

func TestColumnsGiven(t *testing.T) {
	const text = "点,备用名称,x1,y1\n甲,乙,113.6,34.8\n"
	r := read(t, text, table.Options{Columns: map[string]string{"name": "点", "lon": "x1", "lat": "y1", "note": "-"}})
	if p := r.Places[0]; p.Name != "甲" || p.Unplaced || p.Extra["备用名称"] != "乙" {
		t.Errorf("%+v", p)
	}
	for name, columns := range map[string]map[string]string{
		"unknown field": {"nme": "点"}, "unknown header": {"name": "名"}, "one column twice": {"name": "点", "address": "点"},
	} {
		if _, err := table.ReadCSV(context.Background(), strings.NewReader(text), table.Options{Columns: columns}); geo.CodeOf(err) != geo.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestRefused(t *testing.T) {
	for _, c := range []struct{ name, text, zh, en string }{
		{"empty", "", "空", "empty"},
		{"only a BOM", "\ufeff", "空", "empty"},
		{"xlsx", "PK\x03\x04\x14\x00\x06\x00", "xlsx", "xlsx"},
		{"xls", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "xls", "xls"},
		{"pdf", "%PDF-1.7\n", "PDF", "PDF"},
		{"gzip", "\x1f\x8b\x08\x00", "gzip", "gzip"},
		{"zero bytes", "name,lon\n\x00\x00", "二进制", "binary"},
		{"neither UTF-8 nor GB18030", "name\nA\nB\xff\xff\n", "第 3 行", "line 3"},
		{"broken UTF-8 after a BOM", "\ufeffname\nA\xff\n", "第 2 行", "line 2"},
		{"quote never closed", "name,lon\nA,1\n\"B,2\nC,3\n", "第 3 行", "line 3"},
		{"quote in the middle", "name,lon\nA \"x\" b,1\n", "第 2 行", "line 2"},
		{"text after a quote", "name,lon\n\"A\"b,1\n", "第 2 行", "line 2"},
		{"no name", "lon,lat\n1,2\n", "名称", "name"},
		{"too many columns", strings.Repeat("a,", 300) + "name\n", "列", "columns"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := table.ReadCSV(context.Background(), strings.NewReader(c.text), table.Options{})
			e, ok := err.(*geo.Error)
			if !ok || e.Code != geo.Invalid && e.Code != geo.TooLarge {
				t.Fatalf("%v", err)
			}
			if !strings.Contains(e.Message.Zh, c.zh) || !strings.Contains(e.Message.En, c.en) || strings.Contains(e.Message.En+e.Message.Zh, "\n") {
				t.Errorf("%+v", e.Message)
			}
		})
	}
}

func TestBounds(t *testing.T) {
	for name, opt := range map[string]table.Options{"bytes": {MaxBytes: 20}, "rows": {MaxRows: 2}} {
		if _, err := table.ReadCSV(context.Background(), strings.NewReader("name,lon\nA,1\nB,2\nC,3\nD,4\n"), opt); geo.CodeOf(err) != geo.TooLarge {
			t.Errorf("%s: %v", name, err)
		}
	}
	stopped, stop := context.WithCancel(context.Background())
	stop()
	if _, err := table.ReadCSV(stopped, strings.NewReader("name\nA\n"), table.Options{}); err != context.Canceled {
		t.Errorf("stopped: %v", err)
	}
}

func TestHostileText(t *testing.T) {
	r := read(t, "name,address,url\n\"A\x07\u202e\u200b\x1b[31m\nB\",\""+strings.Repeat("长", 1000)+"\",x\n", table.Options{})
	p := r.Places[0]
	if p.Name != "A[31m B" {
		t.Errorf("name %q", p.Name)
	}
	if n := len([]rune(p.Address)); n != 300 || len(r.Report.Issues) != 1 {
		t.Errorf("%d characters of the address were kept, issues %v", n, r.Report.Issues)
	}
}

// TestRepetitions reads tables whose every row repeats something; what is not
// linear in them would take minutes.
func TestRepetitions(t *testing.T) {
	var rows, columns strings.Builder
	rows.WriteString("id,name,lon,lat\n")
	for i := range 20_000 {
		fmt.Fprintf(&rows, "7,A,113.%05d,34.8\n", i)
	}
	if got := len(read(t, rows.String(), table.Options{}).Places); got != 20_000 {
		t.Errorf("%d places", got)
	}
	columns.WriteString("name" + strings.Repeat(",a", 250) + "\n")
	for i := range 500 {
		fmt.Fprintf(&columns, "A%d%s\n", i, strings.Repeat(",x", 250))
	}
	if got := len(read(t, columns.String(), table.Options{}).Places[0].Extra); got != 250 {
		t.Errorf("%d cells kept", got)
	}
}

func TestIdentity(t *testing.T) {
	ids := func(text string) (out []string) {
		for _, p := range read(t, text, table.Options{Name: "f"}).Places {
			out = append(out, p.ID)
		}
		return out
	}
	a := ids("name,address\n甲,一\n乙,二\n")
	b := ids("name,address,lon\n乙,二,1\n新,三,2\n甲,一,3\n")
	if a[0] != b[2] || a[1] != b[0] {
		t.Errorf("IDs move with the rows: %v, %v", a, b)
	}
	if got := ids("name,address,note\n甲,一,x\n甲,一,y\n甲,一,z\n"); got[1] != got[0]+".2" || got[2] != got[0]+".3" {
		t.Errorf("collisions: %v", got)
	}
	got := ids("id,name\nA 1,x\nA-1,y\n\"A,1\",z\n7,a\n7,b\n7.2,c\n")
	if got[3] != "table:f:7" || got[4] != "table:f:7.2" || got[5] != "table:f:7.2.2" {
		t.Errorf("a repeated id: %v", got)
	}
	seen := map[string]bool{}
	for _, id := range got {
		if seen[id] || strings.ContainsAny(id, ", ") || !strings.HasPrefix(id, "table:f:") {
			t.Errorf("IDs %v", got)
		}
		seen[id] = true
	}
	if got := read(t, "name\nA\n", table.Options{Name: "郑州 驿站,2026"}).Places[0].Source.Feed; strings.ContainsAny(got, ", ") {
		t.Errorf("feed %q", got)
	}
}

func TestFacilities(t *testing.T) {
	for text, want := range map[string][]geo.Facility{
		"空调、饮水机、微波炉加热":         {"cooling", "drinking_water", "microwave"},
		"热水":                   {"hot_water"},
		"hot water":            {"hot_water"},
		"免费WiFi，手机充电":          {"wifi", "phone_charging"},
		"ＷＩＦＩ":                 {"wifi"},
		"电动车充电":                nil,
		"无微波炉、有冰箱":             {"fridge"},
		"休息座椅/雨伞/急救箱":          {"rest", "rain_gear", "first_aid"},
		"无线网络":                 {"wifi"},
		"microwave;fridge;tea": {"microwave", "fridge", "tea"},
		"steam bath":           nil,
	} {
		got := read(t, "name,设施\nA,\""+text+"\"\n", table.Options{}).Places[0].Facilities
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}

func FuzzReadCSV(f *testing.F) {
	if raw, err := os.ReadFile("testdata/messy.csv"); err == nil {
		f.Add(raw)
	}
	f.Add([]byte("name;坐标\nA;\"113.6,34.8\"\n"))
	f.Add([]byte("\xff\xfen\x00a\x00"))
	f.Add([]byte("名称\t经度\t纬度\nA\tE\tN\n"))
	f.Add([]byte("name,lon,lat\n\"A\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, err := table.ReadCSV(context.Background(), bytes.NewReader(raw), table.Options{Name: "fuzz", Datum: datum.GCJ02})
		if err != nil {
			if e, ok := err.(*geo.Error); !ok || e.Message.Zh == "" || e.Message.En == "" {
				t.Fatalf("%v", err)
			}
			return
		}
		if r.Report.Placed+len(r.Report.Unplaced)+r.Report.Skipped != r.Report.Rows || len(r.Places)+r.Report.Skipped != r.Report.Rows {
			t.Fatalf("rows do not add up: %+v", r.Report)
		}
		ids := map[string]bool{}
		for _, p := range r.Places {
			if ids[p.ID] {
				t.Fatalf("ID %q twice", p.ID)
			}
			ids[p.ID] = true
			if !p.Unplaced && (p.Point == orb.Point{} || !(p.Point[0] >= -181 && p.Point[0] <= 181 && p.Point[1] >= -90 && p.Point[1] <= 90)) {
				t.Fatalf("placed at %v", p.Point)
			}
			if p.Hours != "" {
				if _, err := hours.Parse(p.Hours); err != nil {
					t.Fatalf("hours %q: %v", p.Hours, err)
				}
			}
		}
	})
}

func BenchmarkReadCSV(b *testing.B) {
	var text strings.Builder
	text.WriteString("name,address,lng_gcj02,lat_gcj02,开放时间,设施\n")
	for i := range 20_000 {
		fmt.Fprintf(&text, "驿站%d,某路%d号,113.%06d,34.%06d,周一至周五 08:30-12:00,饮水机、空调、WiFi\n", i, i, i*37%1_000_000, i*91%1_000_000)
	}
	b.SetBytes(int64(text.Len()))
	for b.Loop() {
		read(b, text.String(), table.Options{Datum: datum.GCJ02})
	}
}
