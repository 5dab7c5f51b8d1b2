package osmpbf

import (
	"bytes"
	"encoding/binary"
	"testing"

	"github.com/klauspost/compress/zlib"
	"github.com/klauspost/compress/zstd"
	"google.golang.org/protobuf/encoding/protowire"
)

// message is a protobuf message that is being written.
type message []byte

func (m message) bytes(num protowire.Number, b []byte) message {
	return protowire.AppendBytes(protowire.AppendTag(m, num, protowire.BytesType), b)
}

func (m message) varint(num protowire.Number, v uint64) message {
	return protowire.AppendVarint(protowire.AppendTag(m, num, protowire.VarintType), v)
}

func (m message) zigzag(num protowire.Number, v int64) message {
	return m.varint(num, protowire.EncodeZigZag(v))
}

func packedZigzag(vs ...int64) []byte {
	var b []byte
	for _, v := range vs {
		b = protowire.AppendVarint(b, protowire.EncodeZigZag(v))
	}
	return b
}

func packed(vs ...uint64) []byte {
	var b []byte
	for _, v := range vs {
		b = protowire.AppendVarint(b, v)
	}
	return b
}

// deltas returns the differences of neighbours.
func deltas(vs []int64) []int64 {
	out := make([]int64, len(vs))
	last := int64(0)
	for i, v := range vs {
		out[i] = v - last
		last = v
	}
	return out
}

// packer writes the payload of a blob.
type packer func(t testing.TB, raw []byte) []byte

func packRaw(_ testing.TB, raw []byte) []byte { return message(nil).bytes(1, raw) }

func packZlib(t testing.TB, raw []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	if _, err := w.Write(raw); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return message(nil).varint(2, uint64(len(raw))).bytes(3, b.Bytes())
}

func packZstd(t testing.TB, raw []byte) []byte {
	t.Helper()
	w, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1))
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	return message(nil).varint(2, uint64(len(raw))).bytes(7, w.EncodeAll(raw, nil))
}

// framed puts a Blob message into a frame.
func framed(kind string, blob []byte) []byte {
	head := message(nil).bytes(1, []byte(kind)).varint(3, uint64(len(blob)))
	out := binary.BigEndian.AppendUint32(nil, uint32(len(head)))
	return append(append(out, head...), blob...)
}

// headerBlock returns a HeaderBlock with required features.
func headerBlock(features ...string) message {
	var m message
	for _, f := range features {
		m = m.bytes(4, []byte(f))
	}
	return m
}

// plainHeader is the frame that every good file of these tests begins with.
func plainHeader() []byte {
	return framed("OSMHeader", packRaw(nil, headerBlock("OsmSchema-V0.6", "DenseNodes")))
}

// blockWriter writes a PrimitiveBlock.
type blockWriter struct {
	strings        []string
	index          map[string]uint64
	groups         []message
	grain          int64
	latOff, lonOff int64
	hasGrain       bool
}

func newBlockWriter() *blockWriter {
	return &blockWriter{strings: []string{""}, index: map[string]uint64{"": 0}}
}

func (w *blockWriter) str(s string) uint64 {
	if i, ok := w.index[s]; ok {
		return i
	}
	i := uint64(len(w.strings))
	w.strings = append(w.strings, s)
	w.index[s] = i
	return i
}

func (w *blockWriter) scale(grain, latOff, lonOff int64) *blockWriter {
	w.grain, w.latOff, w.lonOff, w.hasGrain = grain, latOff, lonOff, true
	return w
}

func (w *blockWriter) keysValues(tags Tags) (keys, values []byte) {
	var k, v []uint64
	for _, t := range tags {
		k, v = append(k, w.str(t.Key)), append(v, w.str(t.Value))
	}
	return packed(k...), packed(v...)
}

// dense adds a group of dense nodes; Lon and Lat are written as they are.
func (w *blockWriter) dense(nodes ...Node) *blockWriter {
	var ids, lats, lons []int64
	var tags []uint64
	some := false
	for _, n := range nodes {
		ids, lats, lons = append(ids, n.ID), append(lats, int64(n.Lat)), append(lons, int64(n.Lon))
		for _, t := range n.Tags {
			tags = append(tags, w.str(t.Key), w.str(t.Value))
			some = true
		}
		tags = append(tags, 0)
	}
	m := message(nil).bytes(1, packedZigzag(deltas(ids)...)).
		bytes(8, packedZigzag(deltas(lats)...)).
		bytes(9, packedZigzag(deltas(lons)...))
	if some {
		m = m.bytes(10, packed(tags...))
	}
	w.groups = append(w.groups, message(nil).bytes(2, m))
	return w
}

// plain adds a group of nodes that are not dense.
func (w *blockWriter) plain(nodes ...Node) *blockWriter {
	var g message
	for _, n := range nodes {
		k, v := w.keysValues(n.Tags)
		g = g.bytes(1, message(nil).zigzag(1, n.ID).bytes(2, k).bytes(3, v).zigzag(8, int64(n.Lat)).zigzag(9, int64(n.Lon)))
	}
	w.groups = append(w.groups, g)
	return w
}

func (w *blockWriter) ways(ways ...Way) *blockWriter {
	var g message
	for _, x := range ways {
		k, v := w.keysValues(x.Tags)
		g = g.bytes(3, message(nil).varint(1, uint64(x.ID)).bytes(2, k).bytes(3, v).bytes(8, packedZigzag(deltas(x.Nodes)...)))
	}
	w.groups = append(w.groups, g)
	return w
}

func (w *blockWriter) relations(rels ...Relation) *blockWriter {
	var g message
	for _, x := range rels {
		k, v := w.keysValues(x.Tags)
		var roles, types []uint64
		var refs []int64
		for _, m := range x.Members {
			roles, types, refs = append(roles, w.str(m.Role)), append(types, uint64(m.Type)), append(refs, m.Ref)
		}
		g = g.bytes(4, message(nil).varint(1, uint64(x.ID)).bytes(2, k).bytes(3, v).
			bytes(8, packed(roles...)).bytes(9, packedZigzag(deltas(refs)...)).bytes(10, packed(types...)))
	}
	w.groups = append(w.groups, g)
	return w
}

// encode returns the message.
func (w *blockWriter) encode() message {
	var table message
	for _, s := range w.strings {
		table = table.bytes(1, []byte(s))
	}
	m := message(nil).bytes(1, table)
	for _, g := range w.groups {
		m = m.bytes(2, g)
	}
	if w.hasGrain {
		m = m.varint(17, uint64(w.grain)).varint(19, uint64(w.latOff)).varint(20, uint64(w.lonOff))
	}
	return m
}

// join makes a file of frames.
func join(frames ...[]byte) []byte { return bytes.Join(frames, nil) }
