package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"yizhan/geo/geotest"
)

// TestTableOfGates imports what somebody noted at the gates of a campus: who
// may pass the east one, behind which a boom stands that the map says nothing
// of, and only the hours of the north one, which the map calls private and
// locked, and closed to bikes.
func TestTableOfGates(t *testing.T) {
	dir := t.TempDir()
	mustRun(t, "import", "osm", geotest.Data(t, "osm", "bupt-beijing.osm.pbf"), "--data", dir)
	table := filepath.Join(dir, "gates.csv")
	rows := "名称,经度,纬度,access,营业时间\n东门,116.35472,39.96105,yes,06:00-22:00\n北门,116.35087,39.96357,,05:00-23:00\n"
	if err := os.WriteFile(table, []byte(rows), 0o600); err != nil {
		t.Fatal(err)
	}
	out := mustRun(t, "import", "csv", table, "--data", dir, "--kind", "gate", "--datum", "wgs84")
	for _, want := range []string{
		"东门 → osm:n12753716505, obeyed by routes\n",
		"北门 → osm:n12735976948, obeyed by routes for its hours only",
		"gates: 2 obeyed by routes",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("the import says nothing like %q:\n%s", want, out)
		}
	}
	s := start(t, "--data", dir)
	for _, c := range []struct {
		name, from, to, mode, hour, gate, want string
	}{
		{"the east gate by day", "116.35520,39.96103", "116.35420,39.96106", "foot", "12", "东门", "open"},
		{"the east gate at night", "116.35520,39.96103", "116.35420,39.96106", "foot", "03", "东门", "closed"},
		{"the north gate in its new hours", "116.3508,39.9642", "osm:w399008979", "foot", "05", "北门", "open"},
		{"the north gate when the map has it open", "116.3508,39.9642", "osm:w399008979", "foot", "23", "北门", "closed"},
	} {
		var got routes
		s.get(&got, "/api/route", "from", c.from, "to", c.to, "by", c.mode, "depart", "2026-11-24T"+c.hour+":30:00+08:00")
		verdict := ""
		for _, o := range got.Options {
			if o.Gate != nil && o.Gate.Name == c.gate {
				verdict = o.Verdict
			}
		}
		if verdict != c.want {
			t.Errorf("%s: %q, want %q", c.name, verdict, c.want)
		}
	}
	var ebike routes
	s.get(&ebike, "/api/route", "from", "116.3508,39.9642", "to", "osm:w399008979", "by", "ebike", "depart", "2026-11-24T12:00:00+08:00")
	for _, o := range ebike.Options {
		if o.Gate == nil || o.Gate.Name != "北门" {
			continue
		}
		for _, leg := range o.Legs {
			for _, step := range leg.Steps {
				if leg.Mode != "foot" && step.Turn == "enter" {
					t.Errorf("an e-bike is ridden through the north gate: %+v", o)
				}
			}
		}
	}
}
