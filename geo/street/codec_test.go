package street

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/paulmach/orb"

	"yizhan/geo"
	"yizhan/geo/cch"
)

// sample is a small network with something of everything, its parts added in
// the order of a seed.
func sample(t testing.TB, seed uint64) *Network {
	t.Helper()
	g := newGrid(Options{WalledByHabit: abroad})
	add := []func(){
		func() { g.node(1, -200, -20) },
		func() { g.node(2, 200, -20) },
		func() { g.node(3, 0, -20) },
		func() { g.node(11, 0, 80) },
		func() { g.node(12, 40, 85) },
		func() {
			g.b.Way(Way{ID: 1, Class: "residential", Name: "学院路", Names: map[string]string{"en": "Xueyuan Road"}, Nodes: []int64{1, 3, 2}})
		},
		func() { g.way(2, "service", geo.Tags{"access": "private"}, 3, 10, 11) },
		func() {
			g.way(3, "footway", geo.Tags{"opening_hours": "06:00-22:00", "surface": "gravel"}, 11, 12)
		},
		func() {
			g.gate(10, 0, 0, "gate", "南门", geo.Tags{"opening_hours": "06:00-22:00", "foot": "yes"})
		},
		func() { g.gate(20, 100, -20, "bollard", "", geo.Tags{"access": "private"}) },
		func() {
			g.b.Compound(geo.Compound{ID: "c", Type: geo.Campus, Name: "大院", Names: map[string]string{"en": "Court"}, Aliases: []string{"院"},
				Address: "学院路 1 号", Walled: true, Tags: geo.Tags{"access": "private"}, Perimeter: g.rect(-50, 0, 50, 100)})
		},
		func() { g.compound("d", "没有边界", false, nil) },
		func() {
			g.b.Building(geo.Building{ID: "b", Name: "3号楼", Number: "3", Center: g.at(20, 60),
				Outline:   orb.Polygon{{g.at(10, 50), g.at(30, 50), g.at(30, 70), g.at(10, 70), g.at(10, 50)}},
				Entrances: []geo.Entrance{{ID: "e", Point: g.at(20, 70), Type: "main", Unit: "2", Tags: geo.Tags{"wheelchair": "yes"}}}})
		},
	}
	rand.New(rand.NewPCG(seed, 1)).Shuffle(len(add), func(i, k int) { add[i], add[k] = add[k], add[i] })
	for _, f := range add {
		f()
	}
	n, _, err := g.b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func fileOf(t testing.TB, n *Network) []byte {
	t.Helper()
	var buf bytes.Buffer
	size, err := n.WriteTo(&buf)
	if err != nil || size != int64(buf.Len()) {
		t.Fatalf("wrote %d of %d bytes: %v", size, buf.Len(), err)
	}
	return buf.Bytes()
}

// TestRoundTrip: what is read is what was written, and writes the same bytes.
func TestRoundTrip(t *testing.T) {
	n := sample(t, 0)
	data := fileOf(t, n)
	got, err := Read(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name      string
		want, got any
	}{
		{"gates", n.Gates(), got.Gates()},
		{"compounds", n.Compounds(), got.Compounds()},
		{"buildings", n.Buildings(), got.Buildings()},
		{"streets", n.Streets(), got.Streets()},
		{"barriers", n.Barriers(), got.Barriers()},
		{"stats", n.Stats(), got.Stats()},
		{"bound", n.Bound(), got.Bound()},
		{"weights", n.weight, got.weight},
		{"zones", n.zone, got.zone},
		{"sides", n.sides, got.sides},
	} {
		if diff := cmp.Diff(c.want, c.got, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
	if !bytes.Equal(data, fileOf(t, got)) {
		t.Error("the file read and written again differs")
	}
	if s := n.Stats(); s.Gates != 1 || s.Buildings != 1 || s.Entrances != 1 || s.Gated != 1 || s.Compounds != 2 || s.Streets != 1 {
		t.Errorf("the sample has lost something: %+v", s)
	}
}

// TestDeterminism: the order in which parts are added does not matter.
func TestDeterminism(t *testing.T) {
	want := fileOf(t, sample(t, 0))
	for seed := range uint64(20) {
		if !bytes.Equal(want, fileOf(t, sample(t, seed))) {
			t.Fatalf("the file with parts in order %d differs", seed)
		}
	}
}

// sealed puts a right size and checksum on a file whose body was changed.
func sealed(data []byte) []byte {
	data = bytes.Clone(data)
	body := data[:len(data)-4]
	binary.LittleEndian.PutUint64(body[len(magic)+4:], uint64(len(body)-header))
	return binary.LittleEndian.AppendUint32(body, crc32.Checksum(body, castagnoli))
}

// TestDamaged: no file that is not whole is taken, and the error says what to
// do.
func TestDamaged(t *testing.T) {
	data := fileOf(t, sample(t, 0))
	refuse := func(name string, data []byte) {
		t.Helper()
		_, err := Decode(data)
		if geo.CodeOf(err) != geo.Invalid || !strings.Contains(err.Error(), "import again") {
			t.Errorf("%s: %v", name, err)
		}
	}
	refuse("empty", nil)
	refuse("another file", []byte("PK\x03\x04 this is a zip"))
	for i := 0; i < len(data); i += 7 {
		refuse("cut off", data[:i])
		flipped := bytes.Clone(data)
		flipped[i] ^= 0x10
		refuse("a flipped bit", flipped)
	}
	older := bytes.Clone(data)
	binary.LittleEndian.PutUint32(older[len(magic):], version+1)
	refuse("another version", older)
	for v := range uint32(version) {
		binary.LittleEndian.PutUint32(older[len(magic):], v)
		refuse("an older version", older)
	}
	refuse("bytes behind", append(bytes.Clone(data), 0))
	// An index beyond its table, under a right checksum.
	for _, section := range []int{2, 4, 5, 13, 14, 15, 17} {
		at := header
		for range section {
			at += 12 + int(binary.LittleEndian.Uint64(data[at+4:]))
		}
		wrong := bytes.Clone(data)
		binary.LittleEndian.PutUint32(wrong[at+12:], 1<<30)
		refuse("an index out of range", sealed(wrong))
	}
}

// TestDamagedOrder: an order of nodes that names one twice is refused.
func TestDamagedOrder(t *testing.T) {
	n := sample(t, 0)
	n.order[0] = n.order[1]
	if _, err := Decode(fileOf(t, n)); geo.CodeOf(err) != geo.Invalid || !strings.Contains(err.Error(), "import again") {
		t.Errorf("a node twice: %v", err)
	}
	n.order = n.order[1:]
	if _, err := Decode(fileOf(t, n)); geo.CodeOf(err) != geo.Invalid {
		t.Errorf("a node missing: %v", err)
	}
}

// TestHierarchy: its arcs are those of the network, by their Ref: cheapest
// ways over it cost what those over the arcs do.
func TestHierarchy(t *testing.T) {
	n := town(t, 8)
	read, err := Decode(fileOf(t, n))
	if err != nil {
		t.Fatal(err)
	}
	weight := make([]uint32, 2*len(n.edgeA))
	for r := range weight {
		weight[r] = min(n.Time(geo.Foot, Ref(r)), cch.Infinity)
	}
	for _, h := range []*cch.Hierarchy{n.Hierarchy(), read.Hierarchy()} {
		q := cch.NewQuery(h)
		m := h.Customize(weight)
		cost := func(from, to uint32) uint32 {
			q.Begin(m)
			q.From(from, 0)
			q.To(to, 0)
			return q.Run()
		}
		rnd := rand.New(rand.NewPCG(1, 1))
		for range 20 {
			from := uint32(rnd.IntN(n.NumNodes()))
			want := n.costs(from, weight)
			for to := range uint32(n.NumNodes()) {
				if got := cost(from, to); got != want[to] {
					t.Fatalf("from %d to %d: %d, want %d", from, to, got, want[to])
				}
			}
		}
	}
}

// costs returns the cheapest costs from a node by relaxing arcs until nothing
// changes (Bellman 1958).
func (n *Network) costs(from uint32, weight []uint32) []uint32 {
	out := slices.Repeat([]uint32{cch.Infinity}, n.NumNodes())
	out[from] = 0
	for again := true; again; {
		again = false
		for r, w := range weight {
			a, b := n.Ends(Ref(r))
			if c := out[a] + w; out[a] < cch.Infinity && w < cch.Infinity && c < out[b] {
				out[b], again = c, true
			}
		}
	}
	return out
}

// FuzzDecode: whatever the bytes, reading gives a network or an error, and a
// network can be asked.
func FuzzDecode(f *testing.F) {
	data := fileOf(f, sample(f, 0))
	f.Add(data, 0, byte(0))
	f.Add(data, header+20, byte(255))
	f.Add(data, len(data)-100, byte(1))
	f.Fuzz(func(t *testing.T, data []byte, at int, x byte) {
		if len(data) < header+4 {
			return
		}
		data = bytes.Clone(data)
		data[header+abs(at)%(len(data)-header)] ^= x
		copy(data, magic)
		binary.LittleEndian.PutUint32(data[len(magic):], version)
		n, err := Decode(sealed(data))
		if err != nil {
			return
		}
		n.Near(orb.Point{116.35, 39.96}, 500, func(s Snap) bool {
			n.Coords(nil, Ref(s.Edge<<1))
			n.WayOf(s.Edge)
			return true
		})
		n.CompoundAt(orb.Point{116.35, 39.961})
		h := n.Hierarchy()
		cch.NewQuery(h).Begin(h.Customize(make([]uint32, h.Arcs())))
		n.With(Changes{Closures: []geo.Closure{{Area: patch(-100, -100, 100, -100, 100, 100, -100, -100)}}})
		for i := range n.Barriers() {
			n.BarrierRule(uint32(i))
		}
	})
}

func abs(i int) int {
	if i < 0 {
		return -(i + 1)
	}
	return i
}

func BenchmarkDecode(b *testing.B) {
	data := fileOf(b, sample(b, 0))
	for b.Loop() {
		if _, err := Decode(data); err != nil {
			b.Fatal(err)
		}
	}
}
