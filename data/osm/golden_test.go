package osm

import (
	"cmp"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"yizhan/geo"
	"yizhan/geo/geotest"
	"yizhan/geo/hours"
)

var update = flag.Bool("update", false, "write the golden files anew")

// summary writes what an import gave in a form that people can compare.
func summary(m *mapping, r *Result) string {
	var b strings.Builder
	rep := &r.Report
	fmt.Fprintf(&b, "read: %d nodes, %d ways, %d relations\n", rep.Nodes, rep.Ways, rep.Relations)
	fmt.Fprintf(&b, "bound: %.6f %.6f %.6f %.6f\n", r.Bound.Min[0], r.Bound.Min[1], r.Bound.Max[0], r.Bound.Max[1])
	fmt.Fprintf(&b, "network: %d compounds, %d buildings, %d entrances, %d streets, %d walls\n", rep.Compounds, rep.Buildings, rep.Entrances, rep.Streets, rep.Walls)
	counts(&b, "places", rep.Kinds)
	counts(&b, "features", rep.Features)
	counts(&b, "warnings", rep.Found)
	for _, c := range r.Network.Compounds() {
		fmt.Fprintf(&b, "compound %s %s %q\n", c.ID, c.Type, c.Name)
	}
	mapped := map[string]int{}
	for i := range r.Places {
		p := &r.Places[i]
		switch {
		case !ours(m, p):
		case p.Kind == geo.KindGate:
			mapped[p.Gate.Barrier]++
			if p.Name != "" || p.Hours != "" {
				fmt.Fprintf(&b, "gate %s %s %q %s\n", p.ID, p.Gate.Barrier, p.Name, p.Hours)
			}
		case p.Kind == geo.KindStation:
			fmt.Fprintf(&b, "station %s %q\n", p.ID, p.Name)
		}
	}
	counts(&b, "mapped gates", mapped)
	return b.String()
}

// ours says whether a place comes from the tables, and not from the street
// network alone, which infers gates and makes some of other barriers.
func ours(m *mapping, p *geo.Place) bool {
	return p.Kind != geo.KindGate || m.places.first(Tags{{Key: "barrier", Value: p.Gate.Barrier}}, nil) != nil
}

func counts[K cmp.Ordered](b *strings.Builder, what string, m map[K]int) {
	fmt.Fprintf(b, "%s:", what)
	for _, k := range slices.Sorted(maps.Keys(m)) {
		fmt.Fprintf(b, " %v=%d", k, m[k])
	}
	b.WriteByte('\n')
}

// realFiles are the extracts that import.
var realFiles = []string{
	"bupt-beijing", "chengdu-roads", "helsinki", "hsinchu", "liechtenstein", "longgang-shenzhen",
	"monaco", "nantong", "porto-alegre", "vancouver", "wangjing-beijing",
}

// TestImportRealFiles compares with testdata/*.golden; -update writes them.
// The gates that only the network knows, and its warnings, are not compared.
func TestImportRealFiles(t *testing.T) {
	for _, name := range realFiles {
		t.Run(name, func(t *testing.T) {
			src, err := File(geotest.Data(t, "osm", name+".osm.pbf"))
			if err != nil {
				t.Fatal(err)
			}
			r := importAll(t, src)
			m := mustMapping(t)
			for i := range r.Places {
				if !ours(m, &r.Places[i]) {
					r.Report.Kinds[geo.KindGate]--
				}
			}
			delete(r.Report.Found, Network)
			got := summary(m, r)
			path := filepath.Join("testdata", name+".golden")
			if *update {
				if err := os.MkdirAll("testdata", 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("differs from %s:\n%s", path, got)
			}
			checkInvariants(t, r)
		})
	}
}

// checkInvariants checks what holds of every import.
func checkInvariants(t *testing.T, r *Result) {
	t.Helper()
	seen := map[string]bool{}
	for i := range r.Places {
		p := &r.Places[i]
		if seen[p.ID] || i > 0 && r.Places[i-1].ID > p.ID {
			t.Errorf("place %s comes twice or out of order", p.ID)
		}
		seen[p.ID] = true
		if p.Source.Feed != geo.FeedOSM || p.Source.Time.IsZero() || p.Unplaced {
			t.Errorf("place %s has source %+v", p.ID, p.Source)
		}
		if p.Hours != "" {
			if _, err := hours.Parse(p.Hours); err != nil {
				t.Errorf("place %s: hours %q do not parse", p.ID, p.Hours)
			}
		}
		if p.Compound != "" {
			if _, ok := r.Network.Compound(p.Compound); !ok {
				t.Errorf("place %s lies in %s, which there is not", p.ID, p.Compound)
			}
		}
		parts := 0
		for _, there := range []bool{p.Station != nil, p.Gate != nil, p.Charger != nil, p.BusStop != nil, p.Parking != nil, p.Bikes != nil} {
			if there {
				parts++
			}
		}
		if parts != 1 {
			t.Errorf("place %s of kind %s has %d parts", p.ID, p.Kind, parts)
		}
	}
	layers := geo.MapLayers()
	for _, f := range r.Base {
		if !slices.Contains(layers[:], f.Layer) || f.Geometry == nil || f.MinZoom > 16 || f.Geometry.Bound().IsEmpty() {
			t.Errorf("feature %+v", f)
		}
	}
}

func TestImportRefusesLZ4(t *testing.T) {
	src, err := File(geotest.Data(t, "osm", "monaco-lz4.osm.pbf"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = Import(t.Context(), src, Options{})
	if geo.CodeOf(err) != geo.Invalid || !strings.Contains(err.Error(), "lz4") {
		t.Errorf("got %v, want an error that names lz4", err)
	}
}

// TestImportCampus looks at the gates of a real campus in Beijing.
func TestImportCampus(t *testing.T) {
	src, err := File(geotest.Data(t, "osm", "bupt-beijing.osm.pbf"))
	if err != nil {
		t.Fatal(err)
	}
	r := importAll(t, src)
	gates := 0
	for _, p := range r.Places {
		if p.Kind == geo.KindGate && (p.Gate.Barrier == "gate" || p.Gate.Barrier == "lift_gate") {
			gates++
		}
	}
	if gates != 25 {
		t.Errorf("got %d gates and lift gates, want 25", gates)
	}
	for _, c := range []struct {
		id, name, hours string
		tags            geo.Tags
	}{
		{"osm:n12735976948", "北门", "Mo-Su 06:00-24:00", geo.Tags{"access": "private", "bicycle": "no", "foot": "yes", "locked": "yes", "motor_vehicle": "no", "opening_hours": "Mo-Su 06:00-24:00"}},
		{"osm:n4017445511", "西门", "", geo.Tags{"access": "permissive"}},
		{"osm:n5184435996", "南门（小南门）", "", geo.Tags{"access": "permissive"}},
		{"osm:n2733348506", "北京师范大学东门", "", nil},
		{"osm:n4907034456", "", "", geo.Tags{"locked": "yes"}},
	} {
		p := r.byID(c.id)
		if p == nil || p.Name != c.name || p.Hours != c.hours || !maps.Equal(p.Gate.Tags, c.tags) {
			t.Errorf("gate %s is %+v", c.id, p)
		}
	}
	if p := r.byID("osm:n12735976948"); p != nil && !slices.Contains(p.Gate.Compounds, "osm:w279303636") {
		t.Logf("the north gate leads into %v", p.Gate.Compounds)
	}
	c, ok := r.Network.Compound("osm:w279303636")
	if !ok || c.Name != "北京邮电大学" || !slices.Contains(c.Aliases, "北邮") || len(c.Gates) == 0 {
		t.Errorf("campus is %+v", c)
	}
	inside := 0
	for _, b := range r.Network.Buildings() {
		if b.Compound != "" {
			inside++
		}
	}
	if inside < 50 {
		t.Errorf("%d buildings stand inside a compound, want most of 110", inside)
	}
}

func BenchmarkImport(b *testing.B) {
	path := geotest.Data(b, "osm", "vancouver.osm.pbf")
	b.ReportAllocs()
	for b.Loop() {
		src, err := File(path)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := Import(b.Context(), src, Options{Time: time.Unix(1, 0)}); err != nil {
			b.Fatal(err)
		}
	}
}
