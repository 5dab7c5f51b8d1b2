package tiles

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt"
	"pgregory.net/rapid"
)

// decode reads a tile with orb's decoder.
func decode(t testing.TB, b []byte) mvt.Layers {
	t.Helper()
	layers, err := mvt.Unmarshal(b)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range layers {
		if l.Version != 2 || l.Extent != Extent {
			t.Fatalf("layer %s: version %d, extent %d", l.Name, l.Version, l.Extent)
		}
	}
	return layers
}

func TestEncoder(t *testing.T) {
	var e Encoder
	for range 2 { // the second time with used buffers
		e.Reset()
		e.Layer("empty")
		e.Layer("place")
		e.Points([]Point{{25, 17}})
		e.Unique("id", "osm:n1")
		e.String("name", "北门")
		e.String("blank", "")
		e.Uint("count", 300)
		e.Bool("inferred", true)
		e.End(1<<53 - 1)
		e.Points([]Point{{5, 7}, {3, 2}})
		e.String("name", "北门")
		e.Uint("count", 300)
		e.End(0)
		e.Layer("line")
		e.Lines([][]Point{{{2, 2}, {2, 10}, {2, 10}, {10, 10}}, {{1, 1}, {3, 5}}, {{9, 9}, {9, 9}}})
		e.End(0)
		if e.Lines([][]Point{{{9, 9}, {9, 9}}}) || e.Points(nil) || e.Polygons(nil) {
			t.Fatal("an empty geometry is taken for one")
		}
		e.Layer("area")
		e.Polygons([]Ring{
			{Points: []Point{{0, 0}, {0, 10}, {10, 10}, {10, 0}, {0, 0}}},
			{Points: []Point{{2, 2}, {2, 4}, {4, 4}, {4, 2}}, Hole: true},
			{Points: []Point{{20, 20}, {30, 20}, {30, 20}, {25, 20}}},
			{Points: []Point{{21, 20}, {22, 20}, {22, 21}}, Hole: true},
			{Points: []Point{{40, 40}, {45, 40}, {50, 40}, {60, 40}, {50, 40}, {50, 50}}},
		})
		e.End(7)
		got := decode(t, e.Append(nil))
		var text string
		for _, l := range got {
			for _, f := range l.Features {
				text += fmt.Sprintln(l.Name, f.ID, f.Geometry.GeoJSONType(), f.Geometry, len(f.Properties), f.Properties["name"], f.Properties["count"])
			}
		}
		want := "place 9.007199254740991e+15 Point [25 17] 4 北门 300\n" +
			"place <nil> MultiPoint [[5 7] [3 2]] 2 北门 300\n" +
			"line <nil> MultiLineString [[[2 2] [2 10] [10 10]] [[1 1] [3 5]]] 0 <nil> <nil>\n" +
			"area 7 MultiPolygon [[[[10 0] [10 10] [0 10] [0 0] [10 0]] [[2 2] [2 4] [4 4] [4 2] [2 2]]] [[[40 40] [50 40] [50 50] [40 40]]]] 0 <nil> <nil>\n"
		if diff := cmp.Diff(want, text); diff != "" {
			t.Fatal(diff)
		}
	}
}

func TestEncoderEmpty(t *testing.T) {
	var e Encoder
	e.Reset()
	e.Layer("empty")
	if b := e.Append(nil); len(b) != 0 {
		t.Errorf("an empty tile has %d bytes", len(b))
	}
}

// TestLinesAgainstOrb writes random lines and reads them back.
func TestLinesAgainstOrb(t *testing.T) {
	point := rapid.Custom(func(t *rapid.T) Point {
		return Point{rapid.Int32Range(-9000, 9000).Draw(t, "x"), rapid.Int32Range(-9000, 9000).Draw(t, "y")}
	})
	line := rapid.SliceOfNDistinct(point, 2, 30, rapid.ID)
	rapid.Check(t, func(t *rapid.T) {
		lines := rapid.SliceOfN(line, 2, 5).Draw(t, "lines")
		var e Encoder
		e.Reset()
		e.Layer("road")
		if !e.Lines(lines) {
			t.Fatal("no lines")
		}
		e.End(0)
		layers, err := mvt.Unmarshal(e.Append(nil))
		if err != nil {
			t.Fatal(err)
		}
		want := orb.MultiLineString{}
		for _, l := range lines {
			var s orb.LineString
			for _, p := range l {
				s = append(s, orb.Point{float64(p.X), float64(p.Y)})
			}
			want = append(want, s)
		}
		if diff := cmp.Diff(orb.Geometry(want), layers[0].Features[0].Geometry); diff != "" {
			t.Fatal(diff)
		}
	})
}

// TestRingsTidy checks on random rings what tidyRing promises, and that it
// keeps the area.
func TestRingsTidy(t *testing.T) {
	point := rapid.Custom(func(t *rapid.T) Point {
		// A small square, so that points meet and line up often.
		return Point{rapid.Int32Range(0, 4).Draw(t, "x"), rapid.Int32Range(0, 4).Draw(t, "y")}
	})
	rapid.Check(t, func(t *rapid.T) {
		ring := rapid.SliceOfN(point, 0, 12).Draw(t, "ring")
		got := tidyRing(nil, ring)
		if ringArea(got) != ringArea(ring) {
			t.Fatalf("area %d became %d: %v", ringArea(ring), ringArea(got), got)
		}
		for i := range got {
			n := len(got)
			if cross(got[i], got[(i+1)%n], got[(i+2)%n]) == 0 {
				t.Fatalf("collinear at %d of %v", i, got)
			}
		}
	})
}

func BenchmarkEncode1000(b *testing.B) {
	var e Encoder
	names := make([]string, 1000)
	for i := range names {
		names[i] = fmt.Sprintf("喜乐驿站 %d", i%200)
	}
	b.ReportAllocs()
	var out []byte
	for b.Loop() {
		e.Reset()
		e.Layer("station")
		for i, name := range names {
			e.Points([]Point{{int32(i*37) % 4096, int32(i*91) % 4096}})
			e.Unique("id", "osm:n1234567")
			e.String("name", name)
			e.String("kind", "station")
			e.String("class", "branch")
			e.End(uint64(i + 1))
		}
		out = e.Append(out[:0])
	}
}
