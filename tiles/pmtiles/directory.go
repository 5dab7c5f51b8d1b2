package pmtiles

import (
	"encoding/binary"
	"math"
	"sort"
)

// Entry is one entry of a directory.
type Entry struct {
	// TileID is the first tile of the entry.
	TileID uint64
	// Offset is counted from the start of the tile data, or of the leaf
	// directories where RunLength is 0.
	Offset uint64
	Length uint32
	// RunLength is the number of consecutive tiles with this content; 0
	// marks a leaf directory.
	RunLength uint32
}

// maxDirectory bounds a decompressed directory in bytes. Writers aim at leaves
// of a few thousand entries; this leaves room for two million.
const maxDirectory = 16 << 20

// minEntry is the least number of bytes an entry takes: four varints.
const minEntry = 4

// appendDirectory appends the serialised entries: their number, then the
// columns of tile id deltas, run lengths, lengths and offsets. An offset of 0
// means that the content follows the one before; others are stored plus one.
func appendDirectory(b []byte, entries []Entry) []byte {
	b = binary.AppendUvarint(b, uint64(len(entries)))
	last := uint64(0)
	for _, e := range entries {
		b = binary.AppendUvarint(b, e.TileID-last)
		last = e.TileID
	}
	for _, e := range entries {
		b = binary.AppendUvarint(b, uint64(e.RunLength))
	}
	for _, e := range entries {
		b = binary.AppendUvarint(b, uint64(e.Length))
	}
	for i, e := range entries {
		if i > 0 && e.Offset == entries[i-1].Offset+uint64(entries[i-1].Length) {
			b = append(b, 0)
		} else {
			b = binary.AppendUvarint(b, e.Offset+1)
		}
	}
	return b
}

// parseDirectory reads a decompressed directory. Offsets are checked against
// tiles and leaves, the sizes of what they point into.
func parseDirectory(part string, b []byte, tiles, leaves uint64) ([]Entry, error) {
	count, b, ok := uvarint(b)
	if !ok || count > uint64(len(b)/minEntry) {
		return nil, damaged(part, "its %d bytes cannot hold the %d entries it claims", len(b), count)
	}
	entries := make([]Entry, count)
	id := uint64(0)
	for i := range entries {
		var delta uint64
		delta, b, ok = uvarint(b)
		if !ok || id+delta < id || i > 0 && delta == 0 {
			return nil, damaged(part, "tile ids not ascending at entry %d", i)
		}
		id += delta
		entries[i].TileID = id
	}
	for i := range entries {
		var v uint64
		v, b, ok = uvarint(b)
		if !ok || v > math.MaxUint32 || entries[i].TileID+v < v {
			return nil, damaged(part, "bad run length at entry %d", i)
		}
		entries[i].RunLength = uint32(v)
	}
	for i := range entries {
		var v uint64
		v, b, ok = uvarint(b)
		if !ok || v == 0 || v > math.MaxUint32 {
			return nil, damaged(part, "bad length at entry %d", i)
		}
		entries[i].Length = uint32(v)
	}
	for i := range entries {
		var v uint64
		v, b, ok = uvarint(b)
		e := &entries[i]
		switch {
		case !ok || v == 0 && i == 0:
			return nil, damaged(part, "bad offset at entry %d", i)
		case v == 0:
			e.Offset = entries[i-1].Offset + uint64(entries[i-1].Length)
		default:
			e.Offset = v - 1
		}
		size := tiles
		if e.RunLength == 0 {
			size = leaves
		}
		if e.Offset > size || uint64(e.Length) > size-e.Offset {
			return nil, damaged(part, "entry %d points to %d+%d, beyond %d", i, e.Offset, e.Length, size)
		}
	}
	return entries, nil
}

func uvarint(b []byte) (uint64, []byte, bool) {
	v, n := binary.Uvarint(b)
	if n <= 0 {
		return 0, nil, false
	}
	return v, b[n:], true
}

// find returns the entry that holds the tile or the leaf where it would be.
func find(entries []Entry, id uint64) (Entry, bool) {
	i := sort.Search(len(entries), func(i int) bool { return entries[i].TileID > id })
	if i == 0 {
		return Entry{}, false
	}
	e := entries[i-1]
	if e.RunLength > 0 && id-e.TileID >= uint64(e.RunLength) {
		return Entry{}, false
	}
	return e, true
}
