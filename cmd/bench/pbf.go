package main

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"

	"github.com/klauspost/compress/zlib"

	"yizhan/data/osmpbf"
)

// blockSize is how many elements a block of the file holds, as other writers
// have it.
const blockSize = 8000

// pbfWriter writes as much of the PBF format as copies of an extract need:
// dense nodes, ways and relations with tags, in zlib blocks
// (https://wiki.openstreetmap.org/wiki/PBF_Format).
type pbfWriter struct {
	out *bufio.Writer
	err error

	// The block at work holds count elements of one kind, the number of its
	// field. Dense nodes are columns of differences from the last; ways and
	// relations are messages, in group.
	kind                byte
	count               int
	index               map[string]uint64
	strings             []string
	last                osmpbf.Node
	ids, lons, lats, kv []byte
	group               []byte
}

// The kinds of block.
const (
	denseNodes byte = 2
	ways       byte = 3
	relations  byte = 4
)

func newPBFWriter(out io.Writer) *pbfWriter {
	w := &pbfWriter{out: bufio.NewWriterSize(out, 1<<20)}
	var header []byte
	for _, feature := range [...]string{"OsmSchema-V0.6", "DenseNodes"} {
		header = appendBytes(header, 4, []byte(feature))
	}
	w.blob("OSMHeader", header)
	w.clear()
	return w
}

func (w *pbfWriter) clear() {
	w.index, w.strings, w.count = map[string]uint64{"": 0}, append(w.strings[:0], ""), 0
	w.ids, w.lons, w.lats, w.kv, w.group = w.ids[:0], w.lons[:0], w.lats[:0], w.kv[:0], w.group[:0]
	w.last = osmpbf.Node{}
}

// begin makes room for an element. Strings of it are interned afterwards, so
// that they stand in its own block.
func (w *pbfWriter) begin(kind byte) {
	if w.kind != kind || w.count == blockSize {
		w.flush()
	}
	w.kind = kind
	w.count++
}

func (w *pbfWriter) intern(s string) uint64 {
	i, ok := w.index[s]
	if !ok {
		i = uint64(len(w.strings))
		w.index[s] = i
		w.strings = append(w.strings, s)
	}
	return i
}

func (w *pbfWriter) node(n osmpbf.Node) {
	w.begin(denseNodes)
	w.ids = binary.AppendVarint(w.ids, n.ID-w.last.ID)
	w.lons = binary.AppendVarint(w.lons, int64(n.Lon)-int64(w.last.Lon))
	w.lats = binary.AppendVarint(w.lats, int64(n.Lat)-int64(w.last.Lat))
	w.last = n
	for _, t := range n.Tags {
		w.kv = binary.AppendUvarint(binary.AppendUvarint(w.kv, w.intern(t.Key)), w.intern(t.Value))
	}
	w.kv = append(w.kv, 0)
}

func (w *pbfWriter) way(x osmpbf.Way) {
	w.begin(ways)
	var refs []byte
	last := int64(0)
	for _, ref := range x.Nodes {
		refs = binary.AppendVarint(refs, ref-last)
		last = ref
	}
	w.group = appendBytes(w.group, ways, appendBytes(w.head(x.ID, x.Tags), 8, refs))
}

func (w *pbfWriter) relation(r osmpbf.Relation) {
	w.begin(relations)
	var roles, ids, types []byte
	last := int64(0)
	for _, m := range r.Members {
		roles = binary.AppendUvarint(roles, w.intern(m.Role))
		ids = binary.AppendVarint(ids, m.Ref-last)
		types = append(types, byte(m.Type))
		last = m.Ref
	}
	m := appendBytes(appendBytes(w.head(r.ID, r.Tags), 8, roles), 9, ids)
	w.group = appendBytes(w.group, relations, appendBytes(m, 10, types))
}

// head begins a way or relation.
func (w *pbfWriter) head(id int64, tags osmpbf.Tags) []byte {
	var keys, values []byte
	for _, t := range tags {
		keys = binary.AppendUvarint(keys, w.intern(t.Key))
		values = binary.AppendUvarint(values, w.intern(t.Value))
	}
	return appendBytes(appendBytes(appendNumber(nil, 1, uint64(id)), 2, keys), 3, values)
}

func (w *pbfWriter) flush() {
	if w.count == 0 {
		return
	}
	if w.kind == denseNodes {
		dense := appendBytes(nil, 1, w.ids)
		dense = appendBytes(appendBytes(dense, 8, w.lats), 9, w.lons)
		w.group = appendBytes(nil, denseNodes, appendBytes(dense, 10, w.kv))
	}
	var table []byte
	for _, s := range w.strings {
		table = appendBytes(table, 1, []byte(s))
	}
	w.blob("OSMData", appendBytes(appendBytes(nil, 1, table), 2, w.group))
	w.clear()
}

// blob writes a frame: how long its header is, the header, and the payload.
func (w *pbfWriter) blob(kind string, payload []byte) {
	if w.err != nil {
		return
	}
	var packed bytes.Buffer
	z := zlib.NewWriter(&packed)
	_, w.err = z.Write(payload)
	if err := z.Close(); w.err == nil {
		w.err = err
	}
	body := appendBytes(appendNumber(nil, 2, uint64(len(payload))), 3, packed.Bytes())
	head := appendNumber(appendBytes(nil, 1, []byte(kind)), 3, uint64(len(body)))
	frame := append(binary.BigEndian.AppendUint32(nil, uint32(len(head))), head...)
	if w.err == nil {
		_, w.err = w.out.Write(append(frame, body...))
	}
}

func (w *pbfWriter) close() error {
	w.flush()
	if w.err != nil {
		return w.err
	}
	return w.out.Flush()
}

// appendBytes appends a protobuf field of bytes, appendNumber one of a number.
func appendBytes(dst []byte, field byte, b []byte) []byte {
	dst = binary.AppendUvarint(append(dst, field<<3|2), uint64(len(b)))
	return append(dst, b...)
}

func appendNumber(dst []byte, field byte, v uint64) []byte {
	return binary.AppendUvarint(append(dst, field<<3), v)
}
