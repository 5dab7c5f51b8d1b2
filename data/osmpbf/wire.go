package osmpbf

import (
	"errors"

	"google.golang.org/protobuf/encoding/protowire"
)

// The ways in which a message can be malformed. They end up as the cause of
// an error that says where.
var (
	errWire     = errors.New("malformed protobuf message")
	errPacked   = errors.New("malformed packed field")
	errLengths  = errors.New("parallel arrays differ in length")
	errString   = errors.New("string index beyond the string table")
	errTags     = errors.New("tag list of dense nodes does not match the nodes")
	errMember   = errors.New("unknown type of relation member")
	errGrain    = errors.New("granularity or offset out of range")
	errRepeated = errors.New("field given twice")
	errCrowded  = errors.New("more in one block than any program writes")
)

// field is one field of a protobuf message: bytes for the length-delimited
// ones, number for varints. The others hold nothing.
type field struct {
	num    protowire.Number
	typ    protowire.Type
	bytes  []byte
	number uint64
}

// next splits the first field off a message.
func next(b []byte) (f field, rest []byte, err error) {
	num, typ, n := protowire.ConsumeTag(b)
	if n < 0 {
		return f, nil, errWire
	}
	f.num, f.typ = num, typ
	b = b[n:]
	switch typ {
	case protowire.VarintType:
		f.number, n = protowire.ConsumeVarint(b)
	case protowire.BytesType:
		f.bytes, n = protowire.ConsumeBytes(b)
	default:
		n = protowire.ConsumeFieldValue(num, typ, b)
	}
	if n < 0 {
		return f, nil, errWire
	}
	return f, b[n:], nil
}

// appendPacked adds what f holds to a packed field. A repeated number may
// come in one piece, in several, or as single varints, and a parser must take
// all three; only the first, usual case borrows the message's memory. The
// borrowed slice has no capacity to spare, so that adding to it copies once
// and grows in doubling steps from there.
func appendPacked(packed []byte, f field) []byte {
	switch {
	case f.typ == protowire.VarintType:
		return protowire.AppendVarint(packed, f.number)
	case len(packed) == 0:
		return f.bytes[:len(f.bytes):len(f.bytes)]
	default:
		return append(packed, f.bytes...)
	}
}

// uvarint takes one varint from b at i and returns where the next begins, or
// a negative position where there is none or it exceeds 64 bits.
func uvarint(b []byte, i int) (uint64, int) {
	if i < len(b) && b[i] < 0x80 {
		return uint64(b[i]), i + 1
	}
	var v uint64
	for shift := uint(0); i < len(b); shift += 7 {
		c := b[i]
		i++
		if c < 0x80 {
			if shift == 63 && c > 1 {
				return 0, -1
			}
			return v | uint64(c)<<shift, i
		}
		if shift == 63 {
			return 0, -1
		}
		v |= uint64(c&0x7f) << shift
	}
	return 0, -1
}

// countVarints returns how many varints end in b.
func countVarints(b []byte) (n int) {
	for _, c := range b {
		if c < 0x80 {
			n++
		}
	}
	return n
}

// svarint takes one zigzag-coded varint.
func svarint(b []byte, i int) (int64, int) {
	v, i := uvarint(b, i)
	return int64(v>>1) ^ -int64(v&1), i
}
