package table_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"yizhan/data/table"
	"yizhan/geo"
	"yizhan/geo/datum"
)

// TestOffice reads a table as an office keeps it: a title, headers of two
// rows, totals, footnotes, private numbers, a mistyped digit.
func TestOffice(t *testing.T) {
	raw, err := os.ReadFile("testdata/office.csv")
	if err != nil {
		t.Fatal(err)
	}
	r := read(t, string(raw), table.Options{Name: "office", Time: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)})
	for _, lang := range []geo.Lang{geo.Chinese, geo.English} {
		var b bytes.Buffer
		if err := r.Report.WriteText(&b, lang); err != nil {
			t.Fatal(err)
		}
		golden(t, "office.report."+string(lang)+".txt", b.Bytes())
	}
	places, err := json.MarshalIndent(r.Places, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "office.places.json", places)
	for _, private := range []string{"张三", "138", "1390000"} {
		if bytes.Contains(places, []byte(private)) {
			t.Errorf("%s was kept", private)
		}
	}
}

// TestHeaders reads single headers over one cell.
func TestHeaders(t *testing.T) {
	for _, c := range []struct {
		header string
		want   table.Field
		datum  datum.Datum
	}{
		{"经纬度", table.FieldPoint, ""}, {"坐标（经纬度）", table.FieldPoint, ""}, {"经纬度(高德)", table.FieldPoint, datum.GCJ02}, {"站点经纬度", table.FieldPoint, ""},
		{"高德坐标", table.FieldPoint, datum.GCJ02}, {"地理坐标", table.FieldPoint, ""}, {"腾讯地图坐标", table.FieldPoint, datum.GCJ02}, {"百度经纬度", table.FieldPoint, datum.BD09},
		{"GPS坐标", table.FieldPoint, datum.WGS84}, {"天地图坐标", table.FieldPoint, datum.WGS84}, {"坐标（CGCS2000）", table.FieldPoint, datum.WGS84}, {"火星坐标", table.FieldPoint, datum.GCJ02},
		{"经度（东经）", table.FieldLon, ""}, {"经度 (E)", table.FieldLon, ""}, {"\"经度\n(E)\"", table.FieldLon, ""}, {"百度经度", table.FieldLon, datum.BD09}, {"经度（高德）", table.FieldLon, datum.GCJ02},
		{"纬度(N)", table.FieldLat, ""}, {"lat_gcj02", table.FieldLat, datum.GCJ02}, {"纬度WGS84", table.FieldLat, datum.WGS84},
		{"开放时间段", table.FieldHours, ""}, {"开放时间（周一至周日）", table.FieldHours, ""}, {"站点开放时间", table.FieldHours, ""},
		{"联系电话（手机）", table.FieldPhone, ""}, {"服务热线", table.FieldPhone, ""},
		{"可提供服务", table.FieldFacilities, ""}, {"服务设施情况", table.FieldFacilities, ""}, {"服务功能", table.FieldFacilities, ""}, {"服务设施及功能", table.FieldFacilities, ""}, {"设施情况", table.FieldFacilities, ""},
		{"纵坐标", "", ""}, {"横坐标", "", ""}, {"面积", "", ""},
	} {
		got := read(t, "name,"+c.header+"\nA,1\n", table.Options{}).Report.Columns[1]
		if got.Field != c.want || got.Datum != c.datum {
			t.Errorf("%q: field %q, datum %q; want %q, %q", c.header, got.Field, got.Datum, c.want, c.datum)
		}
	}
	for _, header := range []string{"站点名", "驿站名", "站点名称", "驿站名称（全称）"} {
		if got := read(t, header+",经度\nA,1\n", table.Options{}).Report.Columns[0]; got.Field != table.FieldName {
			t.Errorf("%q: field %q, want a name", header, got.Field)
		}
	}
}

func TestBothInOneColumn(t *testing.T) {
	for _, cell := range []string{"116.4698,39.9912", "39.9912,116.4698", "116.4698/39.9912", "116.4698 39.9912", "东经116.4698，北纬39.9912"} {
		r := read(t, "驿站,经纬度(高德)\nA,\""+cell+"\"\n", table.Options{})
		p := r.Places[0]
		if p.Unplaced || r.Report.Datum != datum.GCJ02 || geo.Distance(p.Point, datum.GCJ02.ToWGS84(orb.Point{116.4698, 39.9912})) > 0.01 {
			t.Errorf("%s: %v, unplaced %v, datum %s", cell, p.Point, p.Unplaced, r.Report.Datum)
		}
	}
}

func TestHeaderRow(t *testing.T) {
	for _, c := range []struct {
		name, text string
		opt        table.Options
		row, rows  int
		places     string
	}{
		{"the first row", "名称,经度,纬度\nA,1,2\n", table.Options{}, 1, 1, "A@2"},
		{"below a title", "某街道一览表,,\n填报单位：某办,,\n名称,经度,纬度\nA,1,2\n", table.Options{}, 3, 1, "A@4"},
		{"below a title without commas", "某街道一览表\n\n名称\t经度\t纬度\nA\t1\t2\n", table.Options{}, 3, 1, "A@4"},
		{"an empty line first", "\n名称,经度,纬度\nA,1,2\n", table.Options{}, 2, 1, "A@3"},
		{"cells of several lines", "\"某街道\n一览表\",,\n\"名\n称\",\"经\n度\",纬度\n\"A\nB\",1,2\nC,3,4\n", table.Options{}, 2, 1, "A B@3 C@4"},
		{"two rows", "名称,坐标,\n,经度,纬度\nA,1,2\n", table.Options{}, 1, 2, "A@3"},
		{"two rows under groups", "基本信息,,位置信息,\n名称,类型,经度,纬度\nA,,1,2\n", table.Options{}, 2, 1, "A@3"},
		{"empty columns are no second row", "名称,经度,纬度,,\nA,1,2,,\n,,,饮水,\n", table.Options{}, 1, 1, "A@2"},
		{"a section is no second row", "街道,名称,经度,纬度\n东街道,,,\n,A,1,2\n", table.Options{}, 1, 1, "A@3"},
		{"the option", "名称,经度,纬度\n站名,经度,纬度\nA,1,2\n", table.Options{HeaderRow: 2}, 2, 1, "A@3"},
		{"the header asked for", "甲,乙\n点,备用\nA,B\n", table.Options{Columns: map[string]string{"name": "点"}}, 2, 1, "A@3"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := read(t, c.text, c.opt)
			var places []string
			for _, p := range r.Places {
				places = append(places, p.Name+"@"+strings.TrimPrefix(p.Source.Ref, "row "))
			}
			if got := strings.Join(places, " "); r.Report.HeaderRow != c.row || r.Report.HeaderRows != c.rows || got != c.places {
				t.Errorf("header in row %d (%d rows), places %s; want %d (%d), %s", r.Report.HeaderRow, r.Report.HeaderRows, got, c.row, c.rows, c.places)
			}
		})
	}
	for name, opt := range map[string]table.Options{"beyond the end": {HeaderRow: 9}, "a row of data": {HeaderRow: 3}, "an empty row": {HeaderRow: 2}} {
		_, err := table.ReadCSV(context.Background(), strings.NewReader("名称,经度\n\nA,1\n"), opt)
		e, ok := err.(*geo.Error)
		if !ok || e.Code != geo.Invalid || !strings.Contains(e.Message.En, "--header-row") {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err := table.ReadCSV(context.Background(), strings.NewReader("一号驿站,东街1号,116.47,39.99\n"), table.Options{})
	if e, ok := err.(*geo.Error); !ok || !strings.Contains(e.Message.Zh, "--column name=表头") {
		t.Errorf("no headers: %v", err)
	}
	if r := read(t, "点,X\nA,1\n", table.Options{Columns: map[string]string{"名称": "点"}}); r.Places[0].Name != "A" {
		t.Error("a field is not known by its Chinese name")
	}
}

func TestHoursOfDays(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"名称,开放时间（周一至周五）\nA,9:00-17:00\n", "Mo-Fr 09:00-17:00"},
		{"名称,开放时间（周一至周五）\nA,周六9:00-17:00\n", "Sa 09:00-17:00"},
		{"名称,开放时间（24小时制）\nA,9:00-17:00\n", "09:00-17:00"},
		{"名称,开放时间,\n,工作日,周末\nA,8:30-17:30,9:00-12:00\n", "Mo-Fr 08:30-17:30; Sa-Su 09:00-12:00; PH off"},
		{"名称,开放时间,\n,周一至周五,周六、日\nA,8:30-17:30,休息\n", "Mo-Fr 08:30-17:30; Sa-Su off"},
		{"名称,开放时间,\n,工作日,周末\nA,,\n", ""},
	} {
		if got := read(t, c.text, table.Options{}).Places[0].Hours; got != c.want {
			t.Errorf("%q: %q, want %q", c.text, got, c.want)
		}
	}
}

func TestRowsThatAreNoPlaces(t *testing.T) {
	for row, aside := range map[string]bool{
		"合计,5个,,,": true, "小计,,3,,": true, "总 计,5,,,": true, "共计：5处,,,,": true, ",合计,,,": true, "备注：节假日另行通知,,,,": true, "注：以公告为准,,,,": true,
		"制表人：某某,,审核：某某,,": true, "说明,,,,": true, "注1：略,,,,": true,
		"6,合计,东街,116.47,39.99": false, "7,总计大厦驿站,,,": false, "8,注册大厅驿站,,,": false, "9,说明书店,,,": false, "10,5个,,,": false,
	} {
		r := read(t, "序号,名称,地址,经度,纬度\n"+row+"\n", table.Options{})
		if (len(r.Places) == 0) != aside || aside && (r.Report.Skipped != 1 || len(r.Report.Issues) != 1) {
			t.Errorf("%q: %d places, %d left out, issues %v", row, len(r.Places), r.Report.Skipped, r.Report.Issues)
		}
	}
}

// TestMistypedDigit holds back what is absurdly far away, and nothing else.
func TestMistypedDigit(t *testing.T) {
	const four = "A,116.47,39.99\nB,116.48,39.98\nC,116.46,39.99\nD,116.47,40.00\n"
	for _, c := range []struct {
		name, rows string
		unplaced   string
		issues     int
	}{
		{"a digit missing", four + "E,16.4825,39.9986\n", "E", 1},
		{"two provinces away", four + "E,113.4825,35.9986\n", "E", 1},
		{"the next province", four + "E,118.5,36.9\n", "", 1},
		{"few rows", "A,116.47,39.99\nB,116.48,39.98\nE,16.4825,39.9986\n", "", 0},
		{"two cities", strings.Repeat("A,116.47,39.99\nB,116.48,39.98\n", 5) + "E,121.47,31.23\nF,121.48,31.24\n", "", 2},
		{"a whole country", "A,116.4,39.9\nB,121.5,31.2\nC,113.3,23.1\nD,104.1,30.7\nE,87.6,43.8\nF,126.6,45.8\n", "", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			var rows strings.Builder
			for i, row := range strings.Split(strings.TrimSpace(c.rows), "\n") {
				fmt.Fprintf(&rows, "%d,%s\n", i, row)
			}
			r := read(t, "id,name,lon,lat\n"+rows.String(), table.Options{Datum: datum.GCJ02})
			unplaced, far := "", 0
			for _, p := range r.Places {
				if p.Unplaced {
					unplaced += p.Name
					if p.Point != (orb.Point{}) || p.Origin != nil {
						t.Errorf("%s is unplaced at %v", p.Name, p.Point)
					}
				}
			}
			for _, i := range r.Report.Issues {
				if strings.Contains(i.Message.En, "km from") {
					far++
				}
			}
			if unplaced != c.unplaced || far != c.issues || r.Report.Placed+len(r.Report.Unplaced) != len(r.Places) {
				t.Errorf("unplaced %q, %d issues; want %q, %d: %v", unplaced, far, c.unplaced, c.issues, r.Report.Issues)
			}
		})
	}
}

func TestDatumNobodySaid(t *testing.T) {
	const china, helsinki = "name,lon,lat\nA,116.47,39.99\n", "name,lon,lat\nA,24.94,60.17\n"
	for _, c := range []struct {
		name, text string
		opt        table.Options
		want       datum.Datum
		by         table.DatumSource
		warned     bool
	}{
		{"nothing, in China", china, table.Options{}, datum.WGS84, table.DatumAssumed, true},
		{"nothing, elsewhere", helsinki, table.Options{}, datum.WGS84, table.DatumAssumed, false},
		{"the option", china, table.Options{Datum: datum.WGS84}, datum.WGS84, table.DatumGiven, false},
		{"the file", china, table.Options{File: "stations.gcj02.csv"}, datum.GCJ02, table.DatumFile, false},
		{"the file, in capitals", china, table.Options{File: "驿站_BD-09.csv"}, datum.BD09, table.DatumFile, false},
		{"a file of positions", china, table.Options{File: "gps.csv"}, datum.WGS84, table.DatumAssumed, true},
		{"the header before the file", "name,百度经度,百度纬度\nA,116.47,39.99\n", table.Options{File: "x.gcj02.csv"}, datum.BD09, table.DatumHeader, false},
		{"the option before the file", china, table.Options{File: "x.gcj02.csv", Datum: datum.BD09}, datum.BD09, table.DatumGiven, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := read(t, c.text, c.opt)
			if r.Report.Datum != c.want || r.Report.DatumBy != c.by {
				t.Errorf("%s by %s, want %s by %s", r.Report.Datum, r.Report.DatumBy, c.want, c.by)
			}
			for lang, word := range map[geo.Lang]string{geo.Chinese: "注意", geo.English: "attention"} {
				var b strings.Builder
				if err := r.Report.WriteText(&b, lang); err != nil {
					t.Fatal(err)
				}
				first, _, _ := strings.Cut(b.String(), "\n")
				if got := strings.Contains(first, word) && strings.Contains(first, "--datum gcj02"); got != c.warned {
					t.Errorf("the report begins %q", first)
				}
			}
		})
	}
}

func TestNoColumnsOfPositions(t *testing.T) {
	r := read(t, "name,address,经度\nA,a,1\nB,b,2\n", table.Options{})
	var b strings.Builder
	if err := r.Report.WriteText(&b, geo.Chinese); err != nil {
		t.Fatal(err)
	}
	if text := b.String(); strings.Count(text, "没有找到坐标列") != 1 || strings.Count(text, "没有坐标") != 0 || !strings.Contains(text, "--column lon=表头") ||
		!strings.Contains(text, "第 3 行 B") || len(r.Report.Unplaced) != 2 {
		t.Errorf("%s", text)
	}
}

func TestYesNo(t *testing.T) {
	for cell, want := range map[string]string{
		"√": "yes", "有": "yes", "有(2个)": "yes", "有（6个插口）": "yes", "2个": "yes", "○": "yes", "●": "yes", "Y": "yes",
		"无": "", "": "", "×": "", "/": "", "0": "",
		"公共": "?", "有时": "?", "有待安装": "?", "也许": "?",
	} {
		r := read(t, "name,微波炉\nA,"+cell+"\n", table.Options{})
		p := r.Places[0]
		got := ""
		switch {
		case len(p.Facilities) == 1:
			got = "yes"
		case len(r.Report.Issues) == 1 && p.Extra["微波炉"] == cell:
			got = "?"
		}
		if got != want {
			t.Errorf("%q: %q (%v, %v), want %q", cell, got, p.Facilities, r.Report.Issues, want)
		}
	}
	// ○ beside ● is less than yes.
	r := read(t, "name,微波炉,饮水\nA,○,●\nB,●,○\n", table.Options{})
	if a, b := r.Places[0].Facilities, r.Places[1].Facilities; fmt.Sprint(a, b) != "[drinking_water] [microwave]" || len(r.Report.Issues) != 2 {
		t.Errorf("%v, %v, %v", a, b, r.Report.Issues)
	}
	// No facility is meant by it: kept as text.
	if p := read(t, "name,电动车充电\nA,有\n", table.Options{}).Places[0]; len(p.Facilities) > 0 || p.Extra["电动车充电"] != "有" {
		t.Errorf("%v, %v", p.Facilities, p.Extra)
	}
}

func TestPrivateNumbers(t *testing.T) {
	for _, c := range []struct{ header, cell, want string }{
		{"联系电话", "13800001111", ""}, {"联系电话", "138-0000-1111", ""}, {"联系电话", "+86 138 0000 1111", ""}, {"联系电话", "010-60001234", "010-60001234"},
		{"联系电话", "13800001111/010-60001234", "010-60001234"}, {"联系电话", "010-60001234转8012", "010-60001234转8012"},
		{"服务电话", "13800001111", "13800001111"}, {"服务热线", "13800001111", "13800001111"},
	} {
		r := read(t, "name,联系人,"+c.header+"\nA,张三,"+c.cell+"\n", table.Options{})
		if p := r.Places[0]; p.Phone != c.want || (len(r.Report.Issues) == 1) != (c.want != c.cell) {
			t.Errorf("%s %q: %q, %v; want %q", c.header, c.cell, p.Phone, r.Report.Issues, c.want)
		}
	}
	// Without a person's column a number is the station's; with one, columns
	// kept as text give none away either.
	if p := read(t, "name,联系电话\nA,13800001111\n", table.Options{}).Places[0]; p.Phone != "13800001111" {
		t.Errorf("%q", p.Phone)
	}
	if p := read(t, "name,联系人,联系电话,手机\nA,张三,,13800001111\n", table.Options{}).Places[0]; p.Phone != "" || len(p.Extra) > 0 {
		t.Errorf("%q, %v", p.Phone, p.Extra)
	}
}

func TestGatesAreSaidToSpeakForThoseNearThem(t *testing.T) {
	for kind, want := range map[geo.Kind]int{geo.KindGate: 1, geo.KindStation: 0} {
		r := read(t, "小区,大门名称,经度,纬度\n甲小区,北门,24.9,60.1\n", table.Options{Kind: kind})
		for lang, word := range map[geo.Lang]string{geo.Chinese: "路线就按它说的通行", geo.English: "obeyed by routes"} {
			var b strings.Builder
			if err := r.Report.WriteText(&b, lang); err != nil {
				t.Fatal(err)
			}
			if got := strings.Count(b.String(), word); got != want {
				t.Errorf("%s: said %d times in\n%s", kind, got, b.String())
			}
		}
	}
}
