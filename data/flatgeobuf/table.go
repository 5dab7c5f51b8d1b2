package flatgeobuf

import (
	"encoding/binary"
	"math"
	"slices"
)

// buffer writes one FlatBuffer with its size before it, front to back. A table
// is written before what it refers to, and each reference is filled in when
// that is written. All references point forward, as the format asks.
//
// The bytes of b from start on are the buffer; start is a multiple of eight, so
// that positions in b are aligned as those in the buffer are.
type buffer struct {
	b     []byte
	start int
	// odd says that a double is NaN or infinite.
	odd bool
}

// begin opens a buffer and returns the place of the reference to its root.
func (w *buffer) begin(b []byte) (root int) {
	w.b, w.start, w.odd = append(b, 0, 0, 0, 0, 0, 0, 0, 0), len(b), false
	return w.start + 4
}

// end pads the buffer and fills in its size, which does not count itself.
func (w *buffer) end() []byte {
	w.pad(8, 0)
	binary.LittleEndian.PutUint32(w.b[w.start:], uint32(len(w.b)-w.start-4))
	return w.b
}

// pad adds zeros until the next position is rest beyond a multiple of size.
func (w *buffer) pad(size, rest int) {
	for (len(w.b)-w.start)%size != rest {
		w.b = append(w.b, 0)
	}
}

// field is a field of a table: its number in the schema, its size in bytes and
// its value, or a reference where ref is set.
type field struct {
	id    int
	size  int
	value uint64
	ref   *int
}

func scalar8(id int, v uint8) field   { return field{id: id, size: 1, value: uint64(v)} }
func scalar16(id int, v uint16) field { return field{id: id, size: 2, value: uint64(v)} }
func scalar32(id int, v int32) field  { return field{id: id, size: 4, value: uint64(uint32(v))} }
func scalar64(id int, v uint64) field { return field{id: id, size: 8, value: v} }

// ref is a field that refers to what is written later; to receives the place of
// the reference.
func ref(id int, to *int) field { return field{id: id, size: 4, ref: to} }

// table writes a table with its vtable before it and points the reference at
// it. Large fields come first, so that all are aligned.
func (w *buffer) table(at int, fields ...field) {
	slices.SortStableFunc(fields, func(a, b field) int { return b.size - a.size })
	slots, size := 0, 4
	for _, f := range fields {
		slots = max(slots, f.id+1)
		size += f.size
	}
	w.pad(2, 0)
	vtable := len(w.b)
	for range 4 + 2*slots {
		w.b = append(w.b, 0)
	}
	w.pad(8, 4)
	table := len(w.b)
	binary.LittleEndian.PutUint16(w.b[vtable:], uint16(4+2*slots))
	binary.LittleEndian.PutUint16(w.b[vtable+2:], uint16(size))
	w.b = binary.LittleEndian.AppendUint32(w.b, uint32(table-vtable))
	for _, f := range fields {
		here := len(w.b)
		binary.LittleEndian.PutUint16(w.b[vtable+4+2*f.id:], uint16(here-table))
		if f.ref != nil {
			*f.ref = here
		}
		for i := range f.size {
			w.b = append(w.b, byte(f.value>>(8*i)))
		}
	}
	w.point(at, table)
}

// point fills in a reference.
func (w *buffer) point(at, to int) {
	binary.LittleEndian.PutUint32(w.b[at:], uint32(to-at))
}

// text writes a string.
func (w *buffer) text(at int, s string) {
	w.pad(4, 0)
	w.point(at, len(w.b))
	w.b = binary.LittleEndian.AppendUint32(w.b, uint32(len(s)))
	w.b = append(append(w.b, s...), 0)
}

// bytes writes a vector of bytes.
func (w *buffer) bytes(at int, list []byte) {
	w.pad(4, 0)
	w.point(at, len(w.b))
	w.b = binary.LittleEndian.AppendUint32(w.b, uint32(len(list)))
	w.b = append(w.b, list...)
}

// counts writes a vector of numbers.
func (w *buffer) counts(at int, list []uint32) {
	w.pad(4, 0)
	w.point(at, len(w.b))
	w.b = binary.LittleEndian.AppendUint32(w.b, uint32(len(list)))
	for _, n := range list {
		w.b = binary.LittleEndian.AppendUint32(w.b, n)
	}
}

// floats begins a vector of n doubles, which are to follow.
func (w *buffer) floats(at, n int) {
	w.pad(8, 4)
	w.point(at, len(w.b))
	w.b = binary.LittleEndian.AppendUint32(w.b, uint32(n))
}

func (w *buffer) float(v float64) {
	w.odd = w.odd || math.IsNaN(v) || math.IsInf(v, 0)
	w.b = binary.LittleEndian.AppendUint64(w.b, math.Float64bits(v))
}

// refs writes a vector of n references and returns the place of the first; each
// of the others stands four bytes further on.
func (w *buffer) refs(at, n int) (first int) {
	w.pad(4, 0)
	w.point(at, len(w.b))
	w.b = binary.LittleEndian.AppendUint32(w.b, uint32(n))
	first = len(w.b)
	for range 4 * n {
		w.b = append(w.b, 0)
	}
	return first
}
