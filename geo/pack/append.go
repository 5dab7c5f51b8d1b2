package pack

import (
	"encoding/binary"
	"math"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"yizhan/geo"
)

// The values of composite fields. A text is its length and its bytes, a list
// and a map run to the end of the value.
//
//	list       texts
//	map        keys and values, texts, by the order of keys
//	Valid      flags (1 from, 2 until), the times that are there
//	Station    type, network, hub, booking
//	Charger    sockets, fee, vehicles
//	BusStop    flags (1 shelter, 2 bench), lines
//	Parking    flags (1 covered), capacity, vehicles
//	Bikes      capacity, network
//	Gate       flags (1 inferred), barrier, tags
//	Time       seconds since 1970, nanoseconds
//	Origin     lon, lat (IEEE 754, little-endian), datum

func appendText[T ~string](b []byte, s T) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

func appendList[T ~string](b []byte, list []T) []byte {
	for _, s := range list {
		b = appendText(b, s)
	}
	return b
}

// appendMap appends a map by the order of its keys; keys is room for them.
func appendMap[M ~map[string]string](b []byte, m M, keys *[]string) []byte {
	k := (*keys)[:0]
	for key := range m {
		k = append(k, key)
	}
	slices.Sort(k)
	for _, key := range k {
		b = appendText(appendText(b, key), m[key])
	}
	*keys = k[:0]
	clear(k) // keeps nothing of the place
	return b
}

func appendTime(b []byte, t time.Time) []byte {
	b = binary.AppendVarint(b, t.Unix())
	return binary.AppendUvarint(b, uint64(t.Nanosecond()))
}

func appendFlags(b []byte, flags ...bool) []byte {
	var v byte
	for i, on := range flags {
		if on {
			v |= 1 << i
		}
	}
	return append(b, v)
}

func appendValid(b []byte, v *geo.Period) []byte {
	b = appendFlags(b, !v.From.IsZero(), !v.Until.IsZero())
	for _, t := range [...]time.Time{v.From, v.Until} {
		if !t.IsZero() {
			b = appendTime(b, t)
		}
	}
	return b
}

func appendOrigin(b []byte, o *geo.Origin) []byte {
	b = binary.LittleEndian.AppendUint64(b, math.Float64bits(o.Lon))
	b = binary.LittleEndian.AppendUint64(b, math.Float64bits(o.Lat))
	return append(b, o.Datum...)
}

// Reader reads the values of composite fields, piece by piece. Every piece
// must be read by the method that fits it.
type Reader struct{ Rest string }

// Done says whether nothing is left.
func (r *Reader) Done() bool { return r.Rest == "" }

// Text reads a text.
func (r *Reader) Text() string {
	n, at := uvarint(r.Rest, 0)
	end := at + int(n)
	s := r.Rest[at:end]
	r.Rest = r.Rest[end:]
	return s
}

// Int reads a number.
func (r *Reader) Int() int64 {
	n, at := uvarint(r.Rest, 0)
	r.Rest = r.Rest[at:]
	return int64(n>>1) ^ -int64(n&1)
}

// Flags reads eight flags.
func (r *Reader) Flags() byte {
	v := r.Rest[0]
	r.Rest = r.Rest[1:]
	return v
}

// Time reads a time; it is in UTC.
func (r *Reader) Time() time.Time {
	seconds := r.Int()
	nanos, at := uvarint(r.Rest, 0)
	r.Rest = r.Rest[at:]
	return time.Unix(seconds, int64(nanos)).UTC()
}

// Period reads the value of Valid.
func (r *Reader) Period() geo.Period {
	var p geo.Period
	flags := r.Flags()
	if flags&1 != 0 {
		p.From = r.Time()
	}
	if flags&2 != 0 {
		p.Until = r.Time()
	}
	return p
}

func (r *Reader) float() float64 {
	var v uint64
	for i := 7; i >= 0; i-- {
		v = v<<8 | uint64(r.Rest[i])
	}
	r.Rest = r.Rest[8:]
	return math.Float64frombits(v)
}

// uvarint reads a number at i and returns where it ends.
func uvarint(s string, i int) (uint64, int) {
	if b := s[i]; b < 0x80 {
		return uint64(b), i + 1
	}
	var v uint64
	for shift := uint(0); ; shift += 7 {
		b := s[i]
		i++
		v |= uint64(b&0x7f) << shift
		if b < 0x80 {
			return v, i
		}
	}
}

// plainText says whether JSON takes a text as it is: UTF-8 without control
// characters, quotation marks, backslashes and U+2028 and U+2029, at which
// JavaScript stumbles.
func plainText(s string) bool {
	var high, e2 bool
	for i := 0; i < len(s); i++ {
		b := s[i]
		if b < ' ' || b == '"' || b == '\\' {
			return false
		}
		high = high || b >= utf8.RuneSelf
		e2 = e2 || b == 0xe2
	}
	return !high || utf8.ValidString(s) && !(e2 && strings.ContainsAny(s, "\u2028\u2029"))
}
