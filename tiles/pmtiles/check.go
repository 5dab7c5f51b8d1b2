package pmtiles

import (
	"bytes"
	"encoding/json"
	"hash/crc32"
	"io"
	"slices"
	"sync"

	"github.com/klauspost/compress/gzip"
)

// maxChecked bounds the leaf directories, in stored bytes, that are read when
// an archive is opened. Those of a country stay below; in larger archives each
// leaf is checked when it is first needed.
const maxChecked = 8 << 20

// check reads the metadata and all directories, so that damage to them is
// known when the archive is opened and not when somebody looks at a map.
func (r *Reader) check() error {
	h := &r.header
	if err := h.check(); err != nil {
		return err
	}
	m, err := r.Metadata()
	if err != nil {
		return err
	}
	var object map[string]json.RawMessage
	if len(m) > 0 && json.Unmarshal(m, &object) != nil {
		return damaged("metadata", "not a JSON object")
	}
	if h.LeafLength > maxChecked {
		return nil
	}
	c := checker{r: r, seen: map[uint64]bool{}}
	if err := c.directory(r.root, 0, idsBelow(MaxZoom+1), 1); err != nil {
		return err
	}
	if h.TileEntries != 0 && c.entries != h.TileEntries || h.AddressedTiles != 0 && c.tiles != h.AddressedTiles {
		return damaged("header", "it counts %d tiles in %d entries, the directories %d in %d", h.AddressedTiles, h.TileEntries, c.tiles, c.entries)
	}
	if c.entries == 0 {
		return nil
	}
	// Where the tile data are said to begin is found wrong by the first tile.
	_, err = r.tile(c.first)
	return err
}

// check looks for what no writer writes. Every section has been found to lie
// inside the file.
func (h *Header) check() error {
	const part = "header"
	if h.TileCompression > Zstd || h.TileType > AVIF {
		return damaged(part, "tile compression %d, tile type %d", h.TileCompression, h.TileType)
	}
	if h.MinLon < -180 || h.MaxLon > 180 || h.MinLat < -90 || h.MaxLat > 90 || h.MinLon > h.MaxLon || h.MinLat > h.MaxLat ||
		h.CenterLon < -180 || h.CenterLon > 180 || h.CenterLat < -90 || h.CenterLat > 90 {
		return damaged(part, "a box or a centre that is not on the Earth")
	}
	type section struct{ offset, length uint64 }
	sections := []section{
		{0, headerSize}, {h.RootOffset, h.RootLength}, {h.MetadataOffset, h.MetadataLength},
		{h.LeafOffset, h.LeafLength}, {h.TileOffset, h.TileLength},
	}
	sections = slices.DeleteFunc(sections, func(s section) bool { return s.length == 0 })
	slices.SortFunc(sections, func(a, b section) int {
		if a.offset < b.offset {
			return -1
		}
		return 1
	})
	for i := 1; i < len(sections); i++ {
		if before := sections[i-1]; sections[i].offset < before.offset+before.length {
			return damaged(part, "two sections overlap at %d", sections[i].offset)
		}
	}
	return nil
}

// checker walks over all directories once.
type checker struct {
	r              *Reader
	seen           map[uint64]bool // offsets of leaves
	first          Entry
	entries, tiles uint64
}

// directory checks the entries of a directory that is for the tiles from,
// up to but without to.
func (c *checker) directory(entries []Entry, from, to uint64, depth int) error {
	const part = "leaf directory"
	h := &c.r.header
	if depth > maxDepth {
		return damaged(part, "more than %d directories deep", maxDepth)
	}
	for i, e := range entries {
		next := to
		if i+1 < len(entries) {
			next = entries[i+1].TileID
		}
		if e.TileID < from || next > to || e.TileID+uint64(e.RunLength) > next {
			return damaged(part, "tile %d is out of order", e.TileID)
		}
		if e.RunLength > 0 {
			if c.entries == 0 {
				c.first = e
			}
			c.entries++
			c.tiles += uint64(e.RunLength)
			if e.TileID < idsBelow(h.MinZoom) || e.TileID+uint64(e.RunLength) > idsBelow(h.MaxZoom+1) {
				return damaged("header", "tile %d is not of the zooms %d to %d", e.TileID, h.MinZoom, h.MaxZoom)
			}
			continue
		}
		if c.seen[e.Offset] {
			return damaged(part, "the one at %d is used twice", e.Offset)
		}
		c.seen[e.Offset] = true
		leaf, err := c.r.directory(part, h.LeafOffset+e.Offset, uint64(e.Length))
		if err != nil {
			return err
		}
		if err := c.directory(leaf, e.TileID, next, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// verified remembers which tiles were found whole, by their offset and the
// checksum of the stored bytes, so that each is inflated once, and again
// where the file has changed under the reader.
type verified struct {
	mu     sync.RWMutex
	sums   map[uint64]uint32
	table  *crc32.Table
	gunzip sync.Pool
}

// maxVerified bounds the tiles remembered, at some 30 bytes each.
const maxVerified = 1 << 16

// tile returns an error where the bytes stored at an offset are no whole gzip
// member.
func (v *verified) tile(offset uint64, b []byte) error {
	sum := crc32.Checksum(b, v.table)
	v.mu.RLock()
	known, ok := v.sums[offset]
	v.mu.RUnlock()
	if ok && known == sum {
		return nil
	}
	if err := v.inflate(b); err != nil {
		return &FormatError{Part: "tile", Reason: "cannot be decompressed", Err: err}
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if len(v.sums) >= maxVerified {
		clear(v.sums)
	}
	v.sums[offset] = sum
	return nil
}

// inflate decompresses a gzip member to nowhere, which verifies its checksum.
func (v *verified) inflate(b []byte) error {
	src := bytes.NewReader(b)
	z, _ := v.gunzip.Get().(*gzip.Reader)
	var err error
	if z == nil {
		z, err = gzip.NewReader(src)
	} else {
		err = z.Reset(src)
	}
	if err != nil {
		return err
	}
	n, err := io.Copy(io.Discard, io.LimitReader(z, maxTile+1))
	if err == nil && n > maxTile {
		err = errTooLong
	}
	if err == nil {
		v.gunzip.Put(z)
	}
	return err
}
