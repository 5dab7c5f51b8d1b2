package table_test

import (
	"fmt"
	"strings"
	"testing"

	"yizhan/data/table"
	"yizhan/geo"
)

// TestKindNobodySaid says which kind rows became by default, and warns where
// the table speaks of another.
func TestKindNobodySaid(t *testing.T) {
	for _, c := range []struct {
		name, text string
		opt        table.Options
		kinds      string
		assumed    int
		hint       geo.Kind
	}{
		{"nothing", "name,lon,lat\nA,1,2\nB,1,2.1\n", table.Options{}, "map[station:2]", 2, ""},
		{"the option", "name,lon,lat\nA,1,2\n", table.Options{Kind: geo.KindStation, Name: "chargers"}, "map[station:1]", 0, ""},
		{"the name", "name,lon,lat\nA,1,2\n", table.Options{Name: "uestc-ebike-chargers"}, "map[station:1]", 1, geo.KindCharger},
		{"the file", "name,lon,lat\nA,1,2\n", table.Options{Name: "x", File: "公交站.csv"}, "map[station:1]", 1, geo.KindBusStop},
		{"the header", "名称,经度,纬度,车位数\nA,1,2,3\n", table.Options{}, "map[station:1]", 1, geo.KindParking},
		{"a part of a word", "name,lon,lat\nA,1,2\n", table.Options{Name: "westgate-business"}, "map[station:1]", 1, ""},
		{"a table of stations", "名称,经度,纬度\nA,1,2\n", table.Options{Name: "驿站充电情况"}, "map[station:1]", 1, ""},
		{"a station's own facility", "名称,手机充电,充电\nA,有,有\n", table.Options{}, "map[station:1]", 1, ""},
		{"a column", "kind,name,lon,lat\ncharger,A,1,2\n充电点,B,1,2.1\n公交站,C,1,2.2\n", table.Options{Name: "chargers"}, "map[bus_stop:1 charger:2]", 0, ""},
		{"a column with gaps", "kind,name,lon,lat\ngate,A,1,2\n,B,1,2.1\ncompound,C,1,2.2\n", table.Options{}, "map[gate:1 station:2]", 2, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := read(t, c.text, c.opt)
			hint := geo.Kind("")
			if r.Report.KindHint != nil {
				hint = r.Report.KindHint.Kind
			}
			if got := fmt.Sprint(r.Report.Kinds); got != c.kinds || r.Report.KindAssumed != c.assumed || hint != c.hint {
				t.Errorf("%v, %d assumed, hint %q; want %s, %d, %q", r.Report.Kinds, r.Report.KindAssumed, hint, c.kinds, c.assumed, c.hint)
			}
			for lang, words := range map[geo.Lang][2]string{geo.Chinese: {"类别：", "若是"}, geo.English: {"kinds: ", "If they are "}} {
				var b strings.Builder
				if err := r.Report.WriteText(&b, lang); err != nil {
					t.Fatal(err)
				}
				if text := b.String(); !strings.Contains(text, words[0]) || strings.Contains(text, "如 --kind charger") != (lang == geo.Chinese && c.assumed > 0) ||
					strings.Contains(text, words[1]) != (c.hint != "") || strings.Contains(text, "%!") {
					t.Errorf("the report says\n%s", text)
				}
			}
		})
	}
	r := read(t, "kind,name,lon,lat\ncompound,C,1,2\n", table.Options{})
	if len(r.Report.Issues) != 1 || r.Places[0].Extra["kind"] != "compound" {
		t.Errorf("an unknown kind: %+v, %v", r.Report.Issues, r.Places[0].Extra)
	}
}

// TestNameless asks for names of stations alone.
func TestNameless(t *testing.T) {
	const text = "id,kind,name,lon,lat\nx:1,gate,,1,2\nx:2,parking,,1,2.1\nx:3,charger,,1,2.2\nx:4,station,,1,2.3\n"
	issues := read(t, text, table.Options{}).Report.Issues
	if len(issues) != 1 || issues[0].Row != 5 || issues[0].Field != table.FieldName || issues[0].Value != "" {
		t.Errorf("%+v", issues)
	}
}

// TestFacilitiesKeepTheirOrder reads them in the order of the file.
func TestFacilitiesKeepTheirOrder(t *testing.T) {
	for cells, want := range map[string]string{
		"wifi; microwave; drinking_water,": "[wifi microwave drinking_water]",
		"空调、饮水机、空调,":                       "[cooling drinking_water]",
		"wifi和微波炉,有":                       "[wifi microwave toilet]",
		"热水、wifi,有":                        "[hot_water wifi toilet]",
	} {
		if got := fmt.Sprint(read(t, "name,设施,厕所\nA,"+cells+"\n", table.Options{}).Places[0].Facilities); got != want {
			t.Errorf("%q: %s, want %s", cells, got, want)
		}
	}
}
