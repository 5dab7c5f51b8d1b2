package osmpbf

import (
	"bytes"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"yizhan/geo"
	"yizhan/geo/geotest"
)

// TestDecodeRealFiles compares with what osmium fileinfo -e counts.
func TestDecodeRealFiles(t *testing.T) {
	for _, c := range []struct {
		name                   string
		nodes, ways, relations int64
		bound                  orb.Bound
	}{
		{"bupt-beijing", 2312, 472, 32, orb.Bound{Min: orb.Point{116.34886, 39.95668}, Max: orb.Point{116.35519, 39.96377}}},
		{"chengdu-roads", 1596, 686, 0, orb.Bound{}},
		{"helsinki", 24260, 5130, 620, orb.Bound{Min: orb.Point{24.9351762, 60.164155}, Max: orb.Point{24.9534145, 60.179113}}},
		{"hsinchu", 6865, 1055, 97, orb.Bound{}},
		{"liechtenstein", 295005, 29874, 884, orb.Bound{Min: orb.Point{9.471078, 47.04774}, Max: orb.Point{9.636217, 47.27128}}},
		{"longgang-shenzhen", 8005, 773, 40, orb.Bound{Min: orb.Point{114.1862, 22.6732}, Max: orb.Point{114.2318, 22.7019}}},
		{"monaco", 25423, 4106, 243, orb.Bound{Min: orb.Point{7.409205, 43.72335}, Max: orb.Point{7.448637, 43.75169}}},
		{"nantong", 801, 132, 16, orb.Bound{Min: orb.Point{121.0674, 31.9617}, Max: orb.Point{121.084, 31.9659}}},
		{"porto-alegre", 43264, 16032, 23, orb.Bound{}},
		{"vancouver", 320720, 52072, 672, orb.Bound{Min: orb.Point{-123.29, 49.195}, Max: orb.Point{-123.02, 49.32}}},
		{"wangjing-beijing", 3611, 523, 75, orb.Bound{Min: orb.Point{116.4595, 39.9867}, Max: orb.Point{116.4817, 40.0041}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			f, err := os.Open(geotest.Data(t, "osm", c.name+".osm.pbf"))
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			var h Header
			unplaced := 0
			s, err := Decode(t.Context(), f, Handler{
				Header: func(got *Header) error { h = *got; return nil },
				Node: func(n *Node) error {
					if !n.Placed() {
						unplaced++
					}
					return nil
				},
				Way:      func(*Way) error { return nil },
				Relation: func(*Relation) error { return nil },
			})
			if err != nil {
				t.Fatal(err)
			}
			if s.Nodes != c.nodes || s.Ways != c.ways || s.Relations != c.relations || unplaced > 0 {
				t.Errorf("got %+v, %d without position; want %d nodes, %d ways, %d relations", s, unplaced, c.nodes, c.ways, c.relations)
			}
			if h.Bound != c.bound || h.HasBound != (c.bound != orb.Bound{}) {
				t.Errorf("got bound %v, want %v", h.Bound, c.bound)
			}
		})
	}
}

func TestDecodeRefusesLZ4(t *testing.T) {
	f, err := os.Open(geotest.Data(t, "osm", "monaco-lz4.osm.pbf"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	_, err = Decode(t.Context(), f, Handler{})
	if geo.CodeOf(err) != geo.Invalid || !strings.Contains(err.Error(), "lz4") || !strings.Contains(err.Error(), "osmium cat") {
		t.Errorf("got %v, want an error that names lz4 and the way out", err)
	}
}

// TestDecodeDamaged flips, cuts and repeats bytes of a real file: whatever
// comes of it, it is an error or elements, and no panic.
func TestDecodeDamaged(t *testing.T) {
	whole, err := os.ReadFile(geotest.Data(t, "osm", "nantong.osm.pbf"))
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(rt *rapid.T) {
		file := bytes.Clone(whole)
		for range rapid.IntRange(1, 4).Draw(rt, "wounds") {
			at := rapid.IntRange(0, len(file)-1).Draw(rt, "at")
			switch rapid.IntRange(0, 2).Draw(rt, "how") {
			case 0:
				file[at] ^= byte(rapid.IntRange(1, 255).Draw(rt, "bits"))
			case 1:
				file = file[:max(1, at)]
			case 2:
				file = slices.Insert(file, at, file[at:min(len(file), at+200)]...)
			}
		}
		if _, err := decode(t, file); err != nil && geo.CodeOf(err) == geo.Internal {
			rt.Fatalf("not an error for people: %v", err)
		}
	})
}

func FuzzDecode(f *testing.F) {
	b := newBlockWriter().dense(sample.nodes...).plain(sample.nodes...).ways(sample.ways...).relations(sample.relations...)
	for _, pack := range []packer{packRaw, packZlib, packZstd} {
		f.Add(join(plainHeader(), framed("OSMData", pack(f, b.encode()))))
	}
	f.Add(join(plainHeader(), framed("OSMData", packRaw(f, newBlockWriter().scale(1000, 5, -5).dense(sample.nodes...).encode()))))
	f.Add([]byte("PK\x03\x04"))
	f.Add(longBlob(1 << 20))
	f.Fuzz(func(t *testing.T, file []byte) {
		_, err := decode(t, file)
		if err != nil && geo.CodeOf(err) == geo.Internal {
			t.Errorf("not an error for people: %v", err)
		}
	})
}

// FuzzBlock reads what would stand inside a blob, where the framing does not
// keep most inputs out.
func FuzzBlock(f *testing.F) {
	f.Add([]byte(newBlockWriter().dense(sample.nodes...).plain(sample.nodes...).ways(sample.ways...).relations(sample.relations...).encode()))
	f.Add([]byte(newBlockWriter().scale(1, 1<<60, -1<<60).dense(sample.nodes...).encode()))
	f.Fuzz(func(t *testing.T, raw []byte) {
		var b block
		b.reset()
		b.raw = raw
		if err := b.parse(want{true, true, true}); err != nil {
			return
		}
		var a all
		var s Stats
		h := a.handler()
		if err := b.deliver(&h, &s); err != nil {
			t.Fatal(err)
		}
		if int(s.Nodes) != len(a.Nodes) || int(s.Ways) != len(a.Ways) || int(s.Relations) != len(a.Relations) {
			t.Errorf("counted %+v, handed over %d, %d, %d", s, len(a.Nodes), len(a.Ways), len(a.Relations))
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	file, err := os.ReadFile(geotest.Data(b, "osm", "vancouver.osm.pbf"))
	if err != nil {
		b.Fatal(err)
	}
	h := Handler{Node: func(*Node) error { return nil }, Way: func(*Way) error { return nil }, Relation: func(*Relation) error { return nil }}
	b.SetBytes(int64(len(file)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Decode(b.Context(), bytes.NewReader(file), h); err != nil {
			b.Fatal(err)
		}
	}
}
