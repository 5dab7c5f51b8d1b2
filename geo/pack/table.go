package pack

import (
	"math/bits"
	"sort"

	"yizhan/geo"
)

// Table is an immutable table of places. The zero value is empty. It is safe
// for concurrent use.
type Table struct {
	rows      string
	starts    []uint32 // of each row, without what is beyond 32 bits
	wraps     []uint32 // rows from which on starts are 2^32 higher
	positions []Position
	dicts     [NumFields]dictionary
	offers    []uint64 // by number of the dictionary of facilities
}

// dictionary is a list of texts.
type dictionary struct {
	text string
	ends []uint32
}

func (d *dictionary) len() int { return len(d.ends) }

func (d *dictionary) at(i int) string {
	start := uint32(0)
	if i > 0 {
		start = d.ends[i-1]
	}
	return d.text[start:d.ends[i]]
}

// Len is the number of rows.
func (t *Table) Len() int { return len(t.starts) }

// Values is the number of values in the dictionary of a field.
func (t *Table) Values(f Field) int { return t.dicts[f].len() }

// Value returns a value of the dictionary of a field.
func (t *Table) Value(f Field, number int) string { return t.dicts[f].at(number) }

// Position returns the position of a row, 0,0 where it has none.
func (t *Table) Position(row int) Position { return t.positions[row] }

// Positions returns the positions of the rows from one on, before another.
// They are not to be changed.
func (t *Table) Positions(from, until int) []Position { return t.positions[from:until:until] }

// Placed says whether a row has a position.
func (t *Table) Placed(row int) bool { return t.Row(row).Placed() }

// Row is one row, read field by field. It is a copy of nothing: it points into
// the table.
type Row struct {
	table *Table
	rest  string // from the next field on
	mask  Mask
	left  Mask // fields not read yet
}

// Row returns a row, from its first field on.
func (t *Table) Row(row int) Row { return t.read(t.rows[t.start(row):]) }

func (t *Table) read(s string) Row {
	mask := Mask(s[0]) | Mask(s[1])<<8 | Mask(s[2])<<16 | Mask(s[3])<<24
	return Row{t, s[4:], mask, mask &^ unplaced}
}

// start returns where a row begins, or the last one ends.
func (t *Table) start(row int) int {
	if row == len(t.starts) {
		return len(t.rows)
	}
	at := int(t.starts[row])
	if len(t.wraps) > 0 {
		at += sort.Search(len(t.wraps), func(i int) bool { return int(t.wraps[i]) > row }) << 32
	}
	return at
}

// Fields returns the fields that a row has.
func (r Row) Fields() Mask { return r.mask &^ unplaced }

// Placed says whether the row has a position.
func (r Row) Placed() bool { return r.mask&unplaced == 0 }

// Value is the value of a field in a row.
type Value struct {
	// Text is the value: the text, or what Reader reads.
	Text  string
	Field Field
	// Plain says of a text that it needs no escape in JSON. It is never set
	// where Number is one.
	Plain bool
	// Number is the value's in the field's dictionary, -1 where it is in none.
	Number int32
}

// Next reads the next field; ok is false behind the last.
func (r *Row) Next() (v Value, ok bool) {
	v, ok = r.Step()
	if ok && v.Number >= 0 {
		v.Text = r.table.dicts[v.Field].at(int(v.Number))
	}
	return v, ok
}

// Step is Next, without the text of what stands in a dictionary.
func (r *Row) Step() (v Value, ok bool) {
	if r.left == 0 {
		return Value{}, false
	}
	f := Field(bits.TrailingZeros32(uint32(r.left)))
	r.left &= r.left - 1
	head, at := uvarint(r.rest, 0)
	if head&1 != 0 {
		r.rest = r.rest[at:]
		return Value{Field: f, Number: int32(head >> 1)}, true
	}
	end := at + int(head>>2)
	text := r.rest[at:end]
	r.rest = r.rest[end:]
	return Value{Text: text, Field: f, Plain: head&2 != 0, Number: -1}, true
}

// Find returns the value of a field that was not read yet.
func (r Row) Find(f Field) (Value, bool) {
	if !r.left.Has(f) {
		return Value{}, false
	}
	below := r.left & (1<<f - 1)
	r.left ^= below
	at := 0
	for ; below != 0; below &= below - 1 {
		var head uint64
		if head, at = uvarint(r.rest, at); head&1 == 0 {
			at += int(head >> 2)
		}
	}
	r.rest = r.rest[at:]
	return r.Next()
}

// Text returns the value of a field, "" where the row has none.
func (r Row) Text(f Field) string {
	v, _ := r.Find(f)
	return v.Text
}

// ID returns the row's ID.
func (t *Table) ID(row int) string {
	rest := t.rows[t.start(row)+4:]
	head, at := uvarint(rest, 0)
	return rest[at : at+int(head>>2)]
}

// Ref returns the source's own reference.
func (r Row) Ref() string {
	if v, ok := r.Find(Ref); ok {
		return v.Text
	}
	return r.Text(ID)[len(r.Text(Feed))+1:]
}

// Valid returns the bounds of a dated service, nil where there are none.
func (r Row) Valid() *geo.Period {
	v, ok := r.Find(Valid)
	if !ok {
		return nil
	}
	p := (&Reader{v.Text}).Period()
	return &p
}

// Class is what a style tells the places of one kind apart by: a station's
// type, a gate's barrier or "inferred"; "" where there is none.
func (r Row) Class() string {
	if v, ok := r.Find(Station); ok {
		return (&Reader{v.Text}).Text()
	}
	if v, ok := r.Find(Gate); ok {
		g := Reader{v.Text}
		if g.Flags()&1 != 0 {
			return "inferred"
		}
		return g.Text()
	}
	return ""
}

// OfferBits folds facilities to bits: one for each of the table of package
// geo, the last for all others. Who offers a list has all its bits. FreeBit
// is never set.
func OfferBits(list []geo.Facility) uint64 {
	var all uint64
	for _, f := range list {
		all |= offerBit(string(f))
	}
	return all
}

func offersOf(list string) uint64 {
	var all uint64
	for r := (Reader{list}); !r.Done(); {
		all |= offerBit(r.Text())
	}
	return all
}

const (
	otherOffer = 1 << 63
	// FreeBit is none of the OfferBits.
	FreeBit = 1 << 62
)

func offerBit(f string) uint64 {
	for i, info := range geo.Facilities() {
		if bit := uint64(1) << i; string(info.Facility) == f && bit < FreeBit {
			return bit
		}
	}
	return otherOffer
}

// Ambiguous says of OfferBits that a place that has them all need not offer the
// list that they are of: one of it is in no table.
func Ambiguous(want uint64) bool { return want >= otherOffer }

// Offers returns the OfferBits of a row.
func (t *Table) Offers(row int) uint64 {
	v, _ := t.Row(row).Find(Facilities)
	if v.Number >= 0 {
		return t.offers[v.Number]
	}
	return offersOf(v.Text)
}

// Has says whether a row offers every one of the facilities; want are their
// OfferBits.
func (t *Table) Has(row int, all []geo.Facility, want uint64) bool {
	if t.Offers(row)&want != want {
		return false
	}
	if !Ambiguous(want) {
		return true
	}
	list := t.Row(row).Text(Facilities)
	for _, f := range all {
		found := false
		for r := (Reader{list}); !r.Done() && !found; {
			found = r.Text() == string(f)
		}
		if !found {
			return false
		}
	}
	return true
}
