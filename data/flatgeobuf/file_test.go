package flatgeobuf_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"yizhan/data/flatgeobuf"
)

// file is a FlatGeobuf read as the format's description says, by a reader that
// knows only what these tests need.
type file struct {
	header   table
	count    int
	index    []byte
	features []byte
}

// table is a table of a FlatBuffer.
type table struct {
	b  []byte // from the root reference on
	at int
}

func u16(b []byte, at int) int { return int(binary.LittleEndian.Uint16(b[at:])) }
func u32(b []byte, at int) int { return int(binary.LittleEndian.Uint32(b[at:])) }
func f64(b []byte, at int) float64 {
	return math.Float64frombits(binary.LittleEndian.Uint64(b[at:]))
}

func root(b []byte) table { return table{b, u32(b, 0)} }

// field returns where a field stands, 0 where it is not there.
func (t table) field(id int) int {
	vtable := t.at - int(int32(u32(t.b, t.at)))
	if 4+2*id >= u16(t.b, vtable) || u16(t.b, vtable+4+2*id) == 0 {
		return 0
	}
	return t.at + u16(t.b, vtable+4+2*id)
}

func (t table) ref(id int) (at int, ok bool) {
	f := t.field(id)
	if f == 0 {
		return 0, false
	}
	return f + u32(t.b, f), true
}

func open(t testing.TB, b []byte) file {
	t.Helper()
	if !bytes.HasPrefix(b, []byte("fgb\x03fgb")) {
		t.Fatalf("magic bytes %q", b[:8])
	}
	size := u32(b, 8)
	f := file{header: root(b[12 : 12+size])}
	rest := b[12+size:]
	if at := f.header.field(8); at > 0 {
		f.count = u32(f.header.b, at)
	}
	if at := f.header.field(9); at > 0 && u16(f.header.b, at) > 0 {
		nodes := f.count
		for n := f.count; ; {
			n = (n + 15) / 16
			if nodes += n; n == 1 {
				break
			}
		}
		f.index, rest = rest[:40*nodes], rest[40*nodes:]
	}
	f.features = rest
	return f
}

// at returns the feature at an offset, and the offset of the next.
func (f file) at(offset int) (table, int) {
	n := u32(f.features, offset)
	return root(f.features[offset+4 : offset+4+n]), offset + 4 + n
}

// search returns the offsets of the features whose boxes meet a box, by the
// index alone, and how many nodes it looked into.
func (f file) search(box orb.Bound) (found []int, looked int) {
	// Bounds of the levels, the features' first, each in numbers of the index.
	total := len(f.index) / 40
	type span struct{ lo, hi int }
	levels := []span{{total - f.count, total}}
	for n := f.count; len(levels) < 2 || n > 1; {
		n = (n + 15) / 16
		levels = append(levels, span{levels[len(levels)-1].lo - n, levels[len(levels)-1].lo})
	}
	type todo struct{ node, level int }
	for queue := []todo{{0, len(levels) - 1}}; len(queue) > 0; {
		next := queue[0]
		queue = queue[1:]
		looked++
		for i := next.node; i < min(next.node+16, levels[next.level].hi); i++ {
			b := orb.Bound{
				Min: orb.Point{f64(f.index, 40*i), f64(f.index, 40*i+8)},
				Max: orb.Point{f64(f.index, 40*i+16), f64(f.index, 40*i+24)},
			}
			if !b.Intersects(box) {
				continue
			}
			offset := int(binary.LittleEndian.Uint64(f.index[40*i+32:]))
			if next.level == 0 {
				found = append(found, offset)
			} else {
				queue = append(queue, todo{offset, next.level - 1})
			}
		}
	}
	return found, looked
}

// id is the value of column 0, a text.
func id(t table) string {
	at, _ := t.ref(1)
	b := t.b[at+4:]
	return string(b[6 : 6+u32(b, 2)])
}

func write(t testing.TB, schema flatgeobuf.Schema, add func(w *flatgeobuf.Writer)) []byte {
	t.Helper()
	dir := t.TempDir()
	w, err := flatgeobuf.NewWriter(schema, dir)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
		if left, _ := os.ReadDir(dir); len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
	}()
	add(w)
	var out bytes.Buffer
	if err := w.Finish(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func pointSchema() flatgeobuf.Schema {
	return flatgeobuf.Schema{Name: "points", Geometry: flatgeobuf.Point, Columns: []flatgeobuf.Column{{Name: "id", Type: flatgeobuf.String}}}
}

func points(t testing.TB, at []orb.Point) []byte {
	return write(t, pointSchema(), func(w *flatgeobuf.Writer) {
		for i, p := range at {
			w.Properties().Text(0, fmt.Sprint(i))
			if err := w.Add(p); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// TestBoxes finds by the index what comparing every feature finds.
func TestBoxes(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		coordinate := rapid.OneOf(rapid.Float64Range(-180, 180), rapid.SampledFrom([]float64{0, -180, 180, 104.06}))
		at := make([]orb.Point, rapid.SampledFrom([]int{0, 1, 2, 15, 16, 17, 256, 257, 300}).Draw(rt, "n"))
		for i := range at {
			at[i] = orb.Point{coordinate.Draw(rt, "lon"), coordinate.Draw(rt, "lat") / 2}
		}
		f := open(t, points(t, at))
		if f.count != len(at) {
			rt.Fatalf("%d features in the header, %d added", f.count, len(at))
		}
		if len(at) == 0 {
			if len(f.index)+len(f.features) > 0 {
				rt.Fatal("an empty file goes on after its header")
			}
			return
		}
		a, b := orb.Point{coordinate.Draw(rt, "a"), coordinate.Draw(rt, "a") / 2}, orb.Point{coordinate.Draw(rt, "b"), coordinate.Draw(rt, "b") / 2}
		box := a.Bound().Extend(b)
		var want, got []string
		for i, p := range at {
			if box.Contains(p) {
				want = append(want, fmt.Sprint(i))
			}
		}
		offsets, _ := f.search(box)
		for _, offset := range offsets {
			feature, _ := f.at(offset)
			got = append(got, id(feature))
		}
		slices.Sort(want)
		slices.Sort(got)
		if !slices.Equal(got, want) {
			rt.Fatalf("in %v: %v, want %v", box, got, want)
		}
	})
}

// TestOrder holds every feature once, neighbours near one another: a small box
// looks into few nodes.
func TestOrder(t *testing.T) {
	var at []orb.Point
	for i := range 10_000 {
		// A permutation, so that the order of coming means nothing.
		k := i * 7919 % 10_000
		at = append(at, orb.Point{104 + float64(k%100)/1000, 30 + float64(k/100)/1000})
	}
	f := open(t, points(t, at))
	seen := map[string]bool{}
	for offset := 0; offset < len(f.features); {
		var feature table
		feature, offset = f.at(offset)
		seen[id(feature)] = true
	}
	if len(seen) != len(at) {
		t.Errorf("%d features, %d added", len(seen), len(at))
	}
	found, looked := f.search(orb.Bound{Min: orb.Point{104.0405, 30.0405}, Max: orb.Point{104.0505, 30.0505}})
	if len(found) != 100 || looked > 30 {
		t.Errorf("%d found in %d nodes", len(found), looked)
	}
}

// TestAlignment has every number of a file at a multiple of its size, counted
// from the beginning of the file.
func TestAlignment(t *testing.T) {
	schema := pointSchema()
	for n := range 9 {
		schema.Name = strings.Repeat("x", n)
		b := write(t, schema, func(w *flatgeobuf.Writer) {
			for i := range 3 {
				w.Properties().Text(0, strings.Repeat("y", n+i))
				if err := w.Add(orb.Point{1, 2}); err != nil {
					t.Fatal(err)
				}
			}
		})
		f := open(t, b)
		if (12+len(f.header.b))%8 != 0 || len(f.features)%8 != 0 {
			t.Errorf("name of %d: a header of %d, features of %d bytes", n, len(f.header.b), len(f.features))
		}
		if at := f.header.field(8); (4+at)%8 != 0 {
			t.Errorf("name of %d: the count stands at %d", n, 4+at)
		}
		for offset := 0; offset < len(f.features); {
			var feature table
			begin := offset
			feature, offset = f.at(offset)
			g, _ := feature.ref(0)
			xy, _ := table{feature.b, g}.ref(1)
			if begin%8 != 0 || (4+xy+4)%8 != 0 {
				t.Errorf("name of %d: a feature at %d, its coordinates at %d", n, begin, 4+xy+4)
			}
		}
	}
}

func TestRefused(t *testing.T) {
	for name, schema := range map[string]flatgeobuf.Schema{
		"no type":       {},
		"no name":       {Geometry: flatgeobuf.Point, Columns: []flatgeobuf.Column{{Type: flatgeobuf.Bool}}},
		"a name twice":  {Geometry: flatgeobuf.Point, Columns: []flatgeobuf.Column{{Name: "a", Type: flatgeobuf.Bool}, {Name: "a", Type: flatgeobuf.Int}}},
		"a column type": {Geometry: flatgeobuf.Point, Columns: []flatgeobuf.Column{{Name: "a", Type: 99}}},
	} {
		if w, err := flatgeobuf.NewWriter(schema, t.TempDir()); err == nil {
			w.Close()
			t.Errorf("%s: no error", name)
		}
	}
	w, err := flatgeobuf.NewWriter(pointSchema(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	for name, g := range map[string]orb.Geometry{
		"nothing": nil, "another type": orb.LineString{{1, 2}, {3, 4}}, "a collection": orb.Collection{},
		"no number": orb.Point{math.NaN(), 0}, "infinite": orb.Point{0, math.Inf(1)},
	} {
		w.Properties()
		if err := w.Add(g); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	for name, set := range map[string]func(p *flatgeobuf.Properties){
		"no such column": func(p *flatgeobuf.Properties) { p.Text(1, "x") },
		"another type":   func(p *flatgeobuf.Properties) { p.Int(0, 1) },
	} {
		set(w.Properties())
		if err := w.Add(orb.Point{}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	w.Properties().Text(0, "good")
	if err := w.Add(orb.Point{1, 2}); err != nil || w.Len() != 1 {
		t.Errorf("after all that: %v, %d features", err, w.Len())
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if err := w.Finish(cancelled, new(bytes.Buffer)); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if err := w.Add(orb.Point{1, 2}); err == nil {
		t.Error("added after the end")
	}

	nan := flatgeobuf.Schema{Name: "areas", Geometry: flatgeobuf.MultiPolygon}
	areas, err := flatgeobuf.NewWriter(nan, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer areas.Close()
	for name, g := range map[string]orb.MultiPolygon{
		"empty": {}, "no ring": {{}}, "a short ring": {{{{0, 0}, {1, 1}}}},
		"no number inside": {{{{0, 0}, {1, 0}, {1, math.NaN()}, {0, 0}}}},
	} {
		areas.Properties()
		if err := areas.Add(g); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestFull(t *testing.T) {
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip("there is no /dev/full")
	}
	w, err := flatgeobuf.NewWriter(pointSchema(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	w.Properties()
	if err := w.Add(orb.Point{1, 2}); err != nil {
		t.Fatal(err)
	}
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer full.Close()
	if err := w.Finish(t.Context(), full); err == nil {
		t.Error("a full disk took it")
	}
	if _, err := flatgeobuf.NewWriter(pointSchema(), filepath.Join(t.TempDir(), "absent")); err == nil {
		t.Error("an absent folder took it")
	}
}
