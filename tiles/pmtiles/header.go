package pmtiles

import (
	"encoding/binary"
	"math"
)

const (
	headerSize = 127
	magic      = "PMTiles"
	version    = 3
	// rootEnd is where the root directory must end, so that one first read
	// of 16 KiB has both header and root.
	rootEnd = 16384
)

// Compression is how bytes of an archive are compressed.
type Compression uint8

// The compressions of the specification.
const (
	UnknownCompression Compression = iota
	NoCompression
	Gzip
	Brotli
	Zstd
)

var compressionNames = [...]string{"unknown", "none", "gzip", "brotli", "zstd"}

// String returns the compression's name.
func (c Compression) String() string {
	if int(c) < len(compressionNames) {
		return compressionNames[c]
	}
	return "unknown"
}

// TileType is what the tiles of an archive are.
type TileType uint8

// The tile types of the specification.
const (
	UnknownType TileType = iota
	MVT
	PNG
	JPEG
	WebP
	AVIF
)

// Header is the header of an archive. Offsets and lengths are in bytes from
// the start of the file, except in directories.
type Header struct {
	RootOffset, RootLength         uint64
	MetadataOffset, MetadataLength uint64
	LeafOffset, LeafLength         uint64
	TileOffset, TileLength         uint64
	// AddressedTiles counts tiles, TileEntries directory entries, and
	// TileContents distinct contents. 0 means not known.
	AddressedTiles, TileEntries, TileContents uint64
	// Clustered says that contents are stored in the order of tile ids.
	Clustered bool
	// InternalCompression is that of directories and metadata.
	InternalCompression Compression
	TileCompression     Compression
	TileType            TileType
	MinZoom, MaxZoom    uint8
	// The bounds and the centre are WGS-84 degrees, stored to 1e-7.
	MinLon, MinLat, MaxLon, MaxLat float64
	CenterZoom                     uint8
	CenterLon, CenterLat           float64
}

func (h *Header) append(b []byte) []byte {
	le := binary.LittleEndian
	b = append(b, magic...)
	b = append(b, version)
	for _, v := range [...]uint64{
		h.RootOffset, h.RootLength, h.MetadataOffset, h.MetadataLength,
		h.LeafOffset, h.LeafLength, h.TileOffset, h.TileLength,
		h.AddressedTiles, h.TileEntries, h.TileContents,
	} {
		b = le.AppendUint64(b, v)
	}
	clustered := byte(0)
	if h.Clustered {
		clustered = 1
	}
	b = append(b, clustered, byte(h.InternalCompression), byte(h.TileCompression),
		byte(h.TileType), h.MinZoom, h.MaxZoom)
	for _, v := range [...]float64{h.MinLon, h.MinLat, h.MaxLon, h.MaxLat} {
		b = le.AppendUint32(b, e7(v))
	}
	b = append(b, h.CenterZoom)
	b = le.AppendUint32(b, e7(h.CenterLon))
	return le.AppendUint32(b, e7(h.CenterLat))
}

// clamp keeps box and centre on the Earth: features may reach a little beyond.
func (h *Header) clamp() {
	for _, v := range [...]*float64{&h.MinLon, &h.MaxLon, &h.CenterLon} {
		*v = min(max(*v, -180), 180)
	}
	for _, v := range [...]*float64{&h.MinLat, &h.MaxLat, &h.CenterLat} {
		*v = min(max(*v, -90), 90)
	}
}

func e7(degrees float64) uint32 { return uint32(int32(math.Round(degrees * 1e7))) }

func fromE7(v uint32) float64 { return float64(int32(v)) / 1e7 }

// parseHeader reads the header of a file of size bytes and checks that every
// section lies inside the file.
func parseHeader(b []byte, size uint64) (Header, error) {
	const part = "header"
	var h Header
	if len(b) < headerSize || string(b[:len(magic)]) != magic {
		if len(b) >= 2 && string(b[:2]) == "PM" && len(b) >= 3 && b[2] < version {
			return h, damaged(part, "PMTiles version %d; only version 3 is read", b[2])
		}
		return h, damaged(part, "not a PMTiles file")
	}
	if v := b[len(magic)]; v != version {
		return h, damaged(part, "PMTiles version %d; only version 3 is read", v)
	}
	le := binary.LittleEndian
	for i, v := range [...]*uint64{
		&h.RootOffset, &h.RootLength, &h.MetadataOffset, &h.MetadataLength,
		&h.LeafOffset, &h.LeafLength, &h.TileOffset, &h.TileLength,
		&h.AddressedTiles, &h.TileEntries, &h.TileContents,
	} {
		*v = le.Uint64(b[8+8*i:])
	}
	h.Clustered = b[96] == 1
	h.InternalCompression, h.TileCompression = Compression(b[97]), Compression(b[98])
	h.TileType, h.MinZoom, h.MaxZoom = TileType(b[99]), b[100], b[101]
	h.MinLon, h.MinLat = fromE7(le.Uint32(b[102:])), fromE7(le.Uint32(b[106:]))
	h.MaxLon, h.MaxLat = fromE7(le.Uint32(b[110:])), fromE7(le.Uint32(b[114:]))
	h.CenterZoom = b[118]
	h.CenterLon, h.CenterLat = fromE7(le.Uint32(b[119:])), fromE7(le.Uint32(b[123:]))

	for _, s := range [...]struct {
		name           string
		offset, length uint64
	}{
		{"root directory", h.RootOffset, h.RootLength},
		{"metadata", h.MetadataOffset, h.MetadataLength},
		{"leaf directories", h.LeafOffset, h.LeafLength},
		{"tile data", h.TileOffset, h.TileLength},
	} {
		if s.length > 0 && (s.offset > size || s.length > size-s.offset) {
			return h, damaged(part, "%s at %d+%d beyond the end of the file at %d", s.name, s.offset, s.length, size)
		}
	}
	if h.InternalCompression != Gzip && h.InternalCompression != NoCompression {
		return h, damaged(part, "directories with %s compression; only gzip and none are read", h.InternalCompression)
	}
	if h.MinZoom > h.MaxZoom || h.MaxZoom > MaxZoom {
		return h, damaged(part, "zooms %d to %d", h.MinZoom, h.MaxZoom)
	}
	return h, nil
}
