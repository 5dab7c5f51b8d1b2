package osmpbf

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/klauspost/compress/zlib"
	"github.com/paulmach/orb"
	"go.uber.org/goleak"
	"google.golang.org/protobuf/encoding/protowire"
	"pgregory.net/rapid"

	"yizhan/geo"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// all gathers everything of a file, copied.
type all struct {
	Header    *Header
	Nodes     []Node
	Ways      []Way
	Relations []Relation
	Order     string // n, w, r as they came
}

func (a *all) handler() Handler {
	return Handler{
		Header: func(h *Header) error { a.Header = h; return nil },
		Node: func(n *Node) error {
			c := *n
			c.Tags = slices.Clone(n.Tags)
			a.Nodes = append(a.Nodes, c)
			a.Order += "n"
			return nil
		},
		Way: func(w *Way) error {
			a.Ways = append(a.Ways, Way{w.ID, slices.Clone(w.Tags), slices.Clone(w.Nodes)})
			a.Order += "w"
			return nil
		},
		Relation: func(r *Relation) error {
			a.Relations = append(a.Relations, Relation{r.ID, slices.Clone(r.Tags), slices.Clone(r.Members)})
			a.Order += "r"
			return nil
		},
	}
}

func decode(t testing.TB, file []byte) (*all, error) {
	t.Helper()
	var a all
	_, err := Decode(t.Context(), bytes.NewReader(file), a.handler())
	return &a, err
}

var sample = struct {
	nodes     []Node
	ways      []Way
	relations []Relation
}{
	[]Node{
		{ID: 7, Lon: 1163518000, Lat: 399600000, Tags: Tags{{"barrier", "gate"}, {"name", "东门"}}},
		{ID: 5, Lon: -1163518000, Lat: -399600000},
		{ID: -9, Lon: 1800000000, Lat: 900000000, Tags: Tags{{"entrance", "yes"}}},
	},
	[]Way{
		{ID: 1 << 40, Tags: Tags{{"highway", "service"}}, Nodes: []int64{7, 5, -9, 7}},
		{ID: -3, Nodes: []int64{5}},
	},
	[]Relation{{ID: 12, Tags: Tags{{"type", "multipolygon"}}, Members: []Member{
		{WayMember, 1 << 40, "outer"}, {NodeMember, 7, ""}, {RelationMember, -1, "outer"},
	}}},
}

func TestDecodeRoundTrip(t *testing.T) {
	for name, pack := range map[string]packer{"raw": packRaw, "zlib": packZlib, "zstd": packZstd} {
		t.Run(name, func(t *testing.T) {
			b := newBlockWriter().dense(sample.nodes...).plain(sample.nodes...).ways(sample.ways...).relations(sample.relations...)
			more := newBlockWriter().relations(sample.relations...).dense(sample.nodes[1])
			file := join(
				framed("OSMHeader", pack(t, headerBlock("OsmSchema-V0.6", "DenseNodes"))),
				framed("OSMData", pack(t, b.encode())),
				framed("SomethingNew", []byte("which a reader skips")),
				framed("OSMData", pack(t, more.encode())),
			)
			got, err := decode(t, file)
			if err != nil {
				t.Fatal(err)
			}
			want := &all{
				Header:    &Header{Required: []string{"OsmSchema-V0.6", "DenseNodes"}},
				Nodes:     slices.Concat(sample.nodes, sample.nodes, sample.nodes[1:2]),
				Ways:      sample.ways,
				Relations: slices.Concat(sample.relations, sample.relations),
				Order:     "nnnnnnwwrrn",
			}
			if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestDecodeHeader(t *testing.T) {
	box := message(nil).zigzag(1, 116_348_860_000).zigzag(2, 116_355_190_000).zigzag(3, 39_963_770_000).zigzag(4, 39_956_680_000)
	h := headerBlock("OsmSchema-V0.6").bytes(1, box).bytes(5, []byte("Sort.Type_then_ID")).
		bytes(16, []byte("me")).bytes(17, []byte("the world")).varint(32, 1_635_452_469)
	got, err := decode(t, framed("OSMHeader", packRaw(t, h)))
	if err != nil {
		t.Fatal(err)
	}
	want := &Header{
		Bound:    orb.Bound{Min: orb.Point{116.34886, 39.95668}, Max: orb.Point{116.35519, 39.96377}},
		HasBound: true, Required: []string{"OsmSchema-V0.6"}, Optional: []string{"Sort.Type_then_ID"},
		Program: "me", Source: "the world", Replication: time.Date(2021, 10, 28, 20, 21, 9, 0, time.UTC),
	}
	if diff := cmp.Diff(want, got.Header); diff != "" {
		t.Error(diff)
	}
	for name, box := range map[string]message{
		"reversed":   message(nil).zigzag(1, 5).zigzag(2, 4).zigzag(3, 5).zigzag(4, 4),
		"off Earth":  message(nil).zigzag(1, 0).zigzag(2, 400_000_000_000).zigzag(3, 5).zigzag(4, 4),
		"incomplete": message(nil).zigzag(1, 0).zigzag(2, 5),
	} {
		got, err := decode(t, framed("OSMHeader", packRaw(t, headerBlock().bytes(1, box))))
		if err != nil || got.Header.HasBound {
			t.Errorf("%s box: bound %v, error %v; want no bound, no error", name, got.Header, err)
		}
	}
}

func TestDecodeScale(t *testing.T) {
	for _, c := range []struct {
		name                  string
		grain, latOff, lonOff int64
		lat, lon              int32
		wantLat, wantLon      int32
	}{
		{"usual", 100, 0, 0, 399600000, 1163518000, 399600000, 1163518000},
		{"coarse", 1000, 0, 0, 39960000, 116351800, 399600000, 1163518000},
		{"fine, rounded", 1, 0, 0, 149, -151, 1, -2},
		{"half away from zero", 1, 0, 0, 150, -150, 2, -2},
		{"offset", 100, 39_000_000_000, 116_000_000_000, 9600000, 3518000, 399600000, 1163518000},
		{"latitude off Earth", 100, 0, 0, 900000001, 0, NoCoord, NoCoord},
		{"longitude off Earth", 100, 0, 0, 0, math.MinInt32, NoCoord, NoCoord},
		{"overflow", math.MaxInt32, 1 << 61, 0, math.MaxInt32, 1, NoCoord, NoCoord},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBlockWriter().scale(c.grain, c.latOff, c.lonOff).dense(Node{ID: 1, Lat: c.lat, Lon: c.lon})
			got, err := decode(t, join(plainHeader(), framed("OSMData", packRaw(t, b.encode()))))
			if err != nil {
				t.Fatal(err)
			}
			if n := got.Nodes[0]; n.Lat != c.wantLat || n.Lon != c.wantLon || n.Placed() != (c.wantLat != NoCoord) {
				t.Errorf("got lat %d lon %d, want %d %d", n.Lat, n.Lon, c.wantLat, c.wantLon)
			}
		})
	}
}

// TestDecodeSplitPacked checks that a repeated number may come in pieces.
func TestDecodeSplitPacked(t *testing.T) {
	table := message(nil).bytes(1, nil).bytes(1, []byte("a")).bytes(1, []byte("b"))
	way := message(nil).varint(1, 4).varint(2, 1).varint(3, 2).
		bytes(8, packedZigzag(10)).bytes(8, packedZigzag(1, 1)).zigzag(8, 1)
	block := message(nil).bytes(1, table).bytes(2, message(nil).bytes(3, way))
	got, err := decode(t, join(plainHeader(), framed("OSMData", packRaw(t, block))))
	if err != nil {
		t.Fatal(err)
	}
	want := []Way{{ID: 4, Tags: Tags{{"a", "b"}}, Nodes: []int64{10, 11, 12, 13}}}
	if diff := cmp.Diff(want, got.Ways); diff != "" {
		t.Error(diff)
	}
}

func TestDecodeSkips(t *testing.T) {
	b := newBlockWriter().dense(sample.nodes...).ways(sample.ways...).relations(sample.relations...)
	file := join(plainHeader(), framed("OSMData", packZlib(t, b.encode())))
	var got []int64
	s, err := Decode(t.Context(), bytes.NewReader(file), Handler{Way: func(w *Way) error { got = append(got, w.ID); return nil }})
	if err != nil {
		t.Fatal(err)
	}
	if want := (Stats{Ways: 2, Blocks: 2, Bytes: int64(len(file))}); s != want || !slices.Equal(got, []int64{1 << 40, -3}) {
		t.Errorf("got %+v, ways %v; want %+v", s, got, want)
	}
}

// TestDecodeRefuses gives every way a file can be wrong, and what the message
// must say.
func TestDecodeRefuses(t *testing.T) {
	good := framed("OSMData", packZlib(t, newBlockWriter().dense(sample.nodes...).encode()))
	data := func(blob []byte) []byte { return join(plainHeader(), good, framed("OSMData", blob)) }
	block := func(m message) []byte { return data(packRaw(t, m)) }
	group := func(num protowire.Number, m message) []byte {
		table := message(nil).bytes(1, nil).bytes(1, []byte("k"))
		return block(message(nil).bytes(1, table).bytes(2, message(nil).bytes(num, m)))
	}
	bomb := func() []byte {
		var b bytes.Buffer
		w := zlib.NewWriter(&b)
		if _, err := io.CopyN(w, zeros{}, 64<<20); err != nil {
			t.Fatal(err)
		}
		w.Close()
		return b.Bytes()
	}()
	zipped := packZlib(t, []byte("0123456789"))
	flipped := bytes.Clone(zipped)
	flipped[len(flipped)-1] ^= 1
	for _, c := range []struct {
		name string
		file []byte
		say  string
		code geo.Code
	}{
		{"empty", nil, "empty", geo.Invalid},
		{"zip", []byte("PK\x03\x04 and more"), "zip archive", geo.Invalid},
		{"gzip", []byte("\x1f\x8b\x08\x00"), "gzip", geo.Invalid},
		{"bzip2", []byte("BZh91AY&SY"), "bzip2", geo.Invalid},
		{"xml", []byte("<?xml version='1.0'?>\n<osm version=\"0.6\">"), "OSM XML", geo.Invalid},
		{"xml with mark", []byte("\xef\xbb\xbf<?xml version='1.0'?>\n<osm>"), "OSM XML", geo.Invalid},
		{"osc", []byte("<?xml version='1.0'?><osmChange version=\"0.6\">"), "change file", geo.Invalid},
		{"web page", []byte("<!DOCTYPE html><html><body>404"), "web page", geo.Invalid},
		{"json", []byte(`{"type":"FeatureCollection"}`), "JSON", geo.Invalid},
		{"gpkg", []byte("SQLite format 3\x00"), "GeoPackage", geo.Invalid},
		{"text", []byte("hello"), "not an OSM PBF", geo.Invalid},
		{"zeros", make([]byte, 100), "not an OSM PBF", geo.Invalid},
		{"data first", good, "not an OSM PBF", geo.Invalid},
		{"history", framed("OSMHeader", packRaw(t, headerBlock("OsmSchema-V0.6", "HistoricalInformation"))), "osmium time-filter", geo.Invalid},
		{"feature", framed("OSMHeader", packRaw(t, headerBlock("OsmSchema-V0.7"))), `"OsmSchema-V0.7"`, geo.Invalid},
		{"two headers", join(plainHeader(), good, plainHeader()), "osmium merge", geo.Invalid},
		{"lz4", data(message(nil).varint(2, 9).bytes(6, []byte("x"))), "lz4", geo.Invalid},
		{"lzma", data(message(nil).varint(2, 9).bytes(4, []byte("x"))), "lzma", geo.Invalid},
		{"bzip2 blob", data(message(nil).varint(2, 9).bytes(5, []byte("x"))), "bzip2", geo.Invalid},
		{"new method", data(message(nil).varint(2, 9).bytes(8, []byte("x"))), "unknown method", geo.Invalid},
		{"cut in length", join(plainHeader(), good[:2]), "cut short", geo.Invalid},
		{"cut in header", join(plainHeader(), good[:7]), "cut short", geo.Invalid},
		{"cut in blob", join(plainHeader(), good[:len(good)-1]), "cut short", geo.Invalid},
		{"long header", join(plainHeader(), []byte{0, 1, 0, 1}), "BlobHeader is 65537 bytes", geo.TooLarge},
		{"long blob", join(plainHeader(), longBlob(32<<20+1)), "Blob is 33554433 bytes", geo.TooLarge},
		{"blob that is not there", join(plainHeader(), longBlob(32<<20)), "cut short", geo.Invalid},
		{"negative blob", join(plainHeader(), longBlob(-1)), "damaged at block 1", geo.Invalid},
		{"raw_size too large", data(message(nil).varint(2, 32<<20+1).bytes(3, nil)), "raw_size", geo.TooLarge},
		{"raw_size negative", data(message(nil).varint(2, math.MaxUint64).bytes(3, nil)), "size is missing", geo.Invalid},
		{"raw_size missing", data(message(nil).bytes(3, zipped)), "size is missing", geo.Invalid},
		{"raw_size short", data(message(nil).varint(2, 5).bytes(3, payload(zipped))), "more bytes than stated", geo.Invalid},
		{"raw_size long", data(message(nil).varint(2, 500).bytes(3, payload(zipped))), "fewer bytes than stated", geo.Invalid},
		{"raw_size of raw", data(message(nil).varint(2, 5).bytes(1, []byte("four"))), "not the stated one", geo.Invalid},
		{"bomb", data(message(nil).varint(2, 100).bytes(3, bomb)), "more bytes than stated", geo.Invalid},
		{"zlib damaged", data(message(nil).varint(2, 10).bytes(3, []byte("no zlib here"))), "zlib", geo.Invalid},
		{"zlib checksum", data(flipped), "checksum", geo.Invalid},
		{"zstd damaged", data(message(nil).varint(2, 10).bytes(7, []byte("no zstd"))), "zstd", geo.Invalid},
		{"zstd size", data(message(nil).varint(2, 11).bytes(7, payload(packZstd(t, []byte("0123456789"))))), "stated size", geo.Invalid},
		{"two payloads", data(message(packRaw(t, nil)).bytes(1, nil)), "twice", geo.Invalid},
		{"no payload", data(message(nil).varint(2, 0)), "no payload", geo.Invalid},
		{"blob garbage", data([]byte{0xff, 0xff}), "damaged at block 2", geo.Invalid},
		{"block garbage", block(message{0x0a, 0x7f}), errWire.Error(), geo.Invalid},
		{"granularity zero", block(newBlockWriter().scale(0, 0, 0).encode()), errGrain.Error(), geo.Invalid},
		{"granularity negative", block(newBlockWriter().scale(-100, 0, 0).encode()), errGrain.Error(), geo.Invalid},
		{"offset too far", block(newBlockWriter().scale(100, math.MaxInt64, 0).encode()), errGrain.Error(), geo.Invalid},
		{"two string tables", block(message(newBlockWriter().encode()).bytes(1, nil).bytes(1, nil)), errRepeated.Error(), geo.Invalid},
		{"dense without places", group(2, message(nil).bytes(1, packedZigzag(1, 1))), errLengths.Error(), geo.Invalid},
		{"dense with more places", group(2, message(nil).bytes(1, packedZigzag(1)).bytes(8, packedZigzag(1, 1)).bytes(9, packedZigzag(1))), errLengths.Error(), geo.Invalid},
		{"dense tags cut", group(2, message(nil).bytes(1, packedZigzag(1)).bytes(8, packedZigzag(1)).bytes(9, packedZigzag(1)).bytes(10, packed(1))), errTags.Error(), geo.Invalid},
		{"dense tags too many", group(2, message(nil).bytes(1, packedZigzag(1)).bytes(8, packedZigzag(1)).bytes(9, packedZigzag(1)).bytes(10, packed(0, 0))), errTags.Error(), geo.Invalid},
		{"dense tag index", group(2, message(nil).bytes(1, packedZigzag(1)).bytes(8, packedZigzag(1)).bytes(9, packedZigzag(1)).bytes(10, packed(1, 2, 0))), errString.Error(), geo.Invalid},
		{"packed cut", group(2, message(nil).bytes(1, []byte{0x80}).bytes(8, packedZigzag(1)).bytes(9, packedZigzag(1))), errPacked.Error(), geo.Invalid},
		{"packed too long", group(3, message(nil).varint(1, 1).bytes(8, bytes.Repeat([]byte{0xff}, 11))), errPacked.Error(), geo.Invalid},
		{"node tag index", group(1, message(nil).zigzag(1, 1).bytes(2, packed(9)).bytes(3, packed(1))), errString.Error(), geo.Invalid},
		{"way tags differ", group(3, message(nil).varint(1, 1).bytes(2, packed(1)).bytes(3, packed(1, 1))), errLengths.Error(), geo.Invalid},
		{"way tag index", group(3, message(nil).varint(1, 1).bytes(2, packed(1)).bytes(3, packed(1<<40))), errString.Error(), geo.Invalid},
		{"role index", group(4, message(nil).varint(1, 1).bytes(8, packed(2)).bytes(9, packedZigzag(1)).bytes(10, packed(0))), errString.Error(), geo.Invalid},
		{"member type", group(4, message(nil).varint(1, 1).bytes(8, packed(1)).bytes(9, packedZigzag(1)).bytes(10, packed(3))), errMember.Error(), geo.Invalid},
		{"members differ", group(4, message(nil).varint(1, 1).bytes(8, packed(1)).bytes(9, packedZigzag(1, 1)).bytes(10, packed(0, 0))), errLengths.Error(), geo.Invalid},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := decode(t, c.file)
			var e *geo.Error
			if !errors.As(err, &e) {
				t.Fatalf("got %v, want a *geo.Error", err)
			}
			if !strings.Contains(e.Error(), c.say) || e.Code != c.code {
				t.Errorf("code %d, %q; want code %d and %q in it", e.Code, e.Error(), c.code, c.say)
			}
			if e.Message.Zh == "" || strings.Contains(e.Error(), "\n") {
				t.Errorf("message is not one line in both languages: %q %q", e.Message.Zh, e.Error())
			}
		})
	}
}

// payload returns the packed bytes of a blob written by packZlib or packZstd.
func payload(blob []byte) []byte {
	for len(blob) > 0 {
		f, rest, err := next(blob)
		if err != nil {
			panic(err)
		}
		if f.bytes != nil {
			return f.bytes
		}
		blob = rest
	}
	return nil
}

// longBlob is a frame that claims a size and has no blob.
func longBlob(size int64) []byte {
	head := message(nil).bytes(1, []byte("OSMData")).varint(3, uint64(size))
	return append([]byte{0, 0, 0, byte(len(head))}, head...)
}

// zeros is an endless stream of zeros.
type zeros struct{}

func (zeros) Read(b []byte) (int, error) { clear(b); return len(b), nil }

func TestDecodeStopsOnHandlerError(t *testing.T) {
	file := manyBlocks(t, 200)
	stop := errors.New("stop")
	n := 0
	_, err := Decode(t.Context(), bytes.NewReader(file), Handler{Node: func(*Node) error {
		if n++; n == 150 {
			return stop
		}
		return nil
	}})
	if err != stop || n != 150 {
		t.Errorf("got %v after %d nodes, want the handler's error after 150", err, n)
	}
}

func TestDecodeStopsOnCancel(t *testing.T) {
	file := manyBlocks(t, 500)
	ctx, cancel := context.WithCancel(t.Context())
	_, err := Decode(ctx, bytes.NewReader(file), Handler{Node: func(*Node) error { cancel(); return nil }})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
	if _, err := Decode(ctx, bytes.NewReader(file), Handler{}); !errors.Is(err, context.Canceled) {
		t.Errorf("with a context that has ended: got %v, want context.Canceled", err)
	}
}

func TestDecodeReadError(t *testing.T) {
	file := manyBlocks(t, 10)
	broken := errors.New("disk on fire")
	r := io.MultiReader(bytes.NewReader(file[:len(file)/2]), failing{broken})
	if _, err := Decode(t.Context(), r, Handler{}); !errors.Is(err, broken) {
		t.Errorf("got %v, want the reader's error", err)
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// manyBlocks is a file of n blocks of one node each, numbered from 1.
func manyBlocks(t testing.TB, n int) []byte {
	file := plainHeader()
	for i := range n {
		b := newBlockWriter().dense(Node{ID: int64(i + 1), Tags: Tags{{"n", strings.Repeat("x", i%50)}}})
		file = append(file, framed("OSMData", packZlib(t, b.encode()))...)
	}
	return file
}

func TestDecodeKeepsOrder(t *testing.T) {
	const n = 1000
	next, progress := int64(1), int64(0)
	file := manyBlocks(t, n)
	_, err := Decode(t.Context(), bytes.NewReader(file), Handler{
		Node: func(x *Node) error {
			if x.ID != next || len(x.Tags[0].Value) != int(next-1)%50 {
				t.Fatalf("got node %d with %v, want node %d", x.ID, x.Tags, next)
			}
			next++
			return nil
		},
		Progress: func(done int64) {
			if done <= progress {
				t.Errorf("progress went from %d to %d", progress, done)
			}
			progress = done
		},
	})
	if err != nil || next != n+1 || progress != int64(len(file)) {
		t.Errorf("got error %v, next node %d, progress %d of %d", err, next, progress, len(file))
	}
}

// TestDecodeProperty writes random elements in random groups and packings and
// reads them back.
func TestDecodeProperty(t *testing.T) {
	word := rapid.StringMatching(`[a-z一-龥]{0,4}`)
	tags := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Tag {
		return Tag{word.Draw(t, "key") + "k", word.Draw(t, "value")}
	}), 0, 3)
	id := rapid.Int64Range(math.MinInt64/4, math.MaxInt64/4)
	rapid.Check(t, func(rt *rapid.T) {
		want := &all{}
		file := plainHeader()
		for range rapid.IntRange(0, 4).Draw(rt, "blocks") {
			b := newBlockWriter()
			for range rapid.IntRange(0, 3).Draw(rt, "groups") {
				n := rapid.IntRange(1, 4).Draw(rt, "elements")
				kind := rapid.IntRange(0, 3).Draw(rt, "kind")
				for range n {
					switch kind {
					case 0, 1:
						want.Nodes = append(want.Nodes, Node{id.Draw(rt, "id"),
							rapid.Int32Range(-1800000000, 1800000000).Draw(rt, "lon"),
							rapid.Int32Range(-900000000, 900000000).Draw(rt, "lat"), tags.Draw(rt, "tags")})
						want.Order += "n"
					case 2:
						want.Ways = append(want.Ways, Way{id.Draw(rt, "id"), tags.Draw(rt, "tags"), rapid.SliceOfN(id, 0, 5).Draw(rt, "refs")})
						want.Order += "w"
					case 3:
						r := Relation{ID: id.Draw(rt, "id"), Tags: tags.Draw(rt, "tags")}
						for range rapid.IntRange(0, 3).Draw(rt, "members") {
							r.Members = append(r.Members, Member{MemberType(rapid.IntRange(0, 2).Draw(rt, "type")), id.Draw(rt, "ref"), word.Draw(rt, "role")})
						}
						want.Relations = append(want.Relations, r)
						want.Order += "r"
					}
				}
				switch kind {
				case 0:
					b.dense(want.Nodes[len(want.Nodes)-n:]...)
				case 1:
					b.plain(want.Nodes[len(want.Nodes)-n:]...)
				case 2:
					b.ways(want.Ways[len(want.Ways)-n:]...)
				case 3:
					b.relations(want.Relations[len(want.Relations)-n:]...)
				}
			}
			pack := []packer{packRaw, packZlib, packZstd}[rapid.IntRange(0, 2).Draw(rt, "packing")]
			file = append(file, framed("OSMData", pack(t, b.encode()))...)
		}
		got, err := decode(t, file)
		if err != nil {
			rt.Fatal(err)
		}
		got.Header = nil
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
			rt.Fatal(diff)
		}
	})
}
