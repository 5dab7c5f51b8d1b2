package pack

import (
	"crypto/sha256"
	"encoding/binary"
	"math/bits"
)

// Digest stands for the content of any number of rows, in whichever order: it
// is the sum of their hashes modulo 2^256. Rows that come and go are added and
// taken away. The same rows give the same digest on every machine, whatever
// the dictionaries of their table.
type Digest [4]uint64

// Add adds another digest.
func (d *Digest) Add(o Digest) {
	var carry uint64
	for i := range d {
		d[i], carry = bits.Add64(d[i], o[i], carry)
	}
}

// Sub takes another digest away.
func (d *Digest) Sub(o Digest) {
	var borrow uint64
	for i := range d {
		d[i], borrow = bits.Sub64(d[i], o[i], borrow)
	}
}

// Bytes returns the digest as bytes.
func (d Digest) Bytes() (b [32]byte) {
	for i, v := range d {
		binary.LittleEndian.PutUint64(b[8*i:], v)
	}
	return b
}

// Digest returns the digest of one row: of its position and of all its fields
// but Time, since reading the same again is no change. scratch is room to work
// in and is returned, perhaps grown.
func (t *Table) Digest(row int, scratch []byte) (Digest, []byte) {
	r := t.Row(row)
	b := binary.LittleEndian.AppendUint32(scratch[:0], uint32(r.mask&^(1<<Time)))
	b = binary.LittleEndian.AppendUint32(b, uint32(t.positions[row].Lon))
	b = binary.LittleEndian.AppendUint32(b, uint32(t.positions[row].Lat))
	for v, ok := r.Next(); ok; v, ok = r.Next() {
		if v.Field != Time {
			b = append(binary.AppendUvarint(b, uint64(len(v.Text))), v.Text...)
		}
	}
	sum := sha256.Sum256(b)
	var d Digest
	for i := range d {
		d[i] = binary.LittleEndian.Uint64(sum[8*i:])
	}
	return d, b
}
