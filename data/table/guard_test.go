package table_test

import (
	"encoding/csv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"yizhan/data/table"
	"yizhan/geo"
)

// TestGuard makes safe what a spreadsheet would compute, leaves the rest, and
// keeps any two texts apart.
func TestGuard(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "驿站": "驿站", "a=b": "a=b", "3-1": "3-1", "'quoted'": "'quoted'", "'": "'", " ": " ",
		"=1": "'=1", "+86": "'+86", "-": "'-", "@a": "'@a", "\ta": "'\ta", "\ra": "'\ra", "＝1": "'＝1", " =1": "' =1", "'=1": "''=1", "''-": "'''-",
	} {
		if got := table.Guard(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
	rapid.Check(t, func(rt *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.StringMatching(`['=+@ -]{0,4}[a-z]`))
		a, b := text.Draw(rt, "a"), text.Draw(rt, "b")
		if a != b && table.Guard(a) == table.Guard(b) {
			rt.Fatalf("%q and %q became alike", a, b)
		}
	})
}

// TestUnguard reads guarded cells, of an export or as Excel writes texts, as
// what they were.
func TestUnguard(t *testing.T) {
	for _, text := range []string{"=1+1", "+86 28 1234", "-x", "@a", "'=1", "''+1", "it's", "'quoted'", "＝1"} {
		var b strings.Builder
		w := csv.NewWriter(&b)
		if err := w.WriteAll([][]string{{"name", table.Guard("=more")}, {table.Guard(text), table.Guard(text)}}); err != nil {
			t.Fatal(err)
		}
		r := read(t, b.String(), table.Options{Name: "t"})
		if len(r.Places) != 1 || r.Places[0].Name != text || r.Places[0].Extra["=more"] != text {
			t.Errorf("%q: %+v", text, r.Places)
		}
	}
}

// TestKindColumn reads the kind of each row where a column says it.
func TestKindColumn(t *testing.T) {
	r := read(t, "id,kind,name,capacity,lon,lat\n1,parking,a,12,104,30\n2,charger,b,3,104,30\n3,,c,,104,30\n4,kiosk,d,,104,30\n", table.Options{Name: "t", Kind: geo.KindStation})
	for i, want := range []geo.Kind{geo.KindParking, geo.KindCharger, geo.KindStation, geo.KindStation} {
		if p := r.Places[i]; p.Kind != want {
			t.Errorf("%s: %s, want %s", p.Name, p.Kind, want)
		}
	}
	if p := r.Places[0]; p.Parking == nil || p.Parking.Capacity != 12 {
		t.Errorf("%+v", p)
	}
	if p := r.Places[1]; p.Charger == nil || p.Charger.Sockets != 3 {
		t.Errorf("%+v", p)
	}
	if p := r.Places[3]; p.Extra["kind"] != "kiosk" {
		t.Errorf("%+v", p)
	}
}

// TestOwnIDs keeps the IDs that an export of the same table gives, and makes
// others of what only looks like one.
func TestOwnIDs(t *testing.T) {
	r := read(t, "id,name\ntable:t:7,a\n8,b\ntable:other:9,c\ntable:t:,d\ntable:t:1/2,e\ntable:t:x~0a1b2c,f\n", table.Options{Name: "t"})
	seen := map[string]string{}
	for _, p := range r.Places {
		seen[p.Name] = p.ID
	}
	for name, want := range map[string]string{"a": "table:t:7", "b": "table:t:8", "f": "table:t:x~0a1b2c"} {
		if seen[name] != want {
			t.Errorf("%s: %s, want %s", name, seen[name], want)
		}
	}
	for _, name := range []string{"c", "d", "e"} {
		if id := seen[name]; !strings.HasPrefix(id, "table:t:") || len(id) < 12 || strings.ContainsAny(id[8:], ":/, ") {
			t.Errorf("%s: %s", name, id)
		}
	}
}
