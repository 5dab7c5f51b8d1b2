package pmtiles

import (
	"hash/crc32"
	"io"
	"os"
	"sync"
)

const (
	// maxMetadata bounds the decompressed metadata in bytes.
	maxMetadata = 16 << 20
	// maxTile bounds a tile in bytes, stored and decompressed.
	maxTile = 64 << 20
	// maxDepth is how many directories may be walked to a tile. The
	// specification advises one level of leaves; some writers make two. It
	// also ends the walk in a file whose leaves point at each other.
	maxDepth = 4
	// leafBudget bounds the entries kept in memory of leaf directories, at
	// 24 bytes each.
	leafBudget = 1 << 19
)

// Reader reads an archive. It is safe for concurrent use.
type Reader struct {
	src    io.ReaderAt
	size   int64
	closer io.Closer
	header Header
	root   []Entry
	whole  verified

	mu     sync.RWMutex
	leaves map[uint64][]Entry
	// order lists the keys of leaves from oldest to youngest.
	order []uint64
	held  int
}

// Open opens the archive at path. Close it when it is no longer read.
func Open(path string) (*Reader, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil {
		var r *Reader
		if r, err = NewReader(f, info.Size()); err == nil {
			r.closer = f
			return r, nil
		}
	}
	_ = f.Close()
	return nil, err
}

// NewReader opens an archive of size bytes. It reads header, metadata and
// directories and refuses an archive where they are damaged or contradict each
// other, with a *FormatError; of archives that are larger than a country's it
// reads leaf directories only when they are needed.
//
// src must stay as it is while the Reader is used: a file is replaced by
// renaming another into its place, never by writing into it. What has changed
// nevertheless, or was damaged from the start, is an error of Tile, not a tile.
func NewReader(src io.ReaderAt, size int64) (*Reader, error) {
	if size < headerSize {
		return nil, damaged("header", "not a PMTiles file: %d bytes", max(size, 0))
	}
	r := &Reader{src: src, size: size, leaves: map[uint64][]Entry{}}
	r.whole.sums, r.whole.table = map[uint64]uint32{}, crc32.MakeTable(crc32.Castagnoli)
	b, err := r.read("header", 0, headerSize, headerSize)
	if err != nil {
		return nil, err
	}
	if r.header, err = parseHeader(b, uint64(size)); err != nil {
		return nil, err
	}
	r.root, err = r.directory("root directory", r.header.RootOffset, r.header.RootLength)
	if err != nil {
		return nil, err
	}
	if err := r.check(); err != nil {
		return nil, err
	}
	return r, nil
}

// Close closes the file that Open opened.
func (r *Reader) Close() error {
	if r.closer == nil {
		return nil
	}
	return r.closer.Close()
}

// ReadAt reads the archive as it stands in its file.
func (r *Reader) ReadAt(b []byte, offset int64) (int, error) {
	return io.NewSectionReader(r.src, 0, r.size).ReadAt(b, offset)
}

// Size returns the length of the archive in bytes.
func (r *Reader) Size() int64 { return r.size }

// Header returns the archive's header.
func (r *Reader) Header() Header { return r.header }

// Metadata returns the archive's metadata: a JSON object.
func (r *Reader) Metadata() ([]byte, error) {
	const part = "metadata"
	b, err := r.read(part, r.header.MetadataOffset, r.header.MetadataLength, maxMetadata)
	if err != nil || len(b) == 0 {
		return b, err
	}
	return r.decompress(part, r.header.InternalCompression, b, maxMetadata)
}

// Tile returns the stored bytes of a tile, compressed as the header's
// TileCompression says. ok is false where the archive has no such tile. The
// bytes are the caller's. Those of gzip tiles have been found whole: a tile that
// is damaged is a *FormatError.
func (r *Reader) Tile(z uint8, x, y uint32) (data []byte, ok bool, err error) {
	if z > MaxZoom || uint64(x)>>z != 0 || uint64(y)>>z != 0 {
		return nil, false, nil
	}
	id := TileID(z, x, y)
	entries := r.root
	for range maxDepth {
		e, ok := find(entries, id)
		if !ok {
			return nil, false, nil
		}
		if e.RunLength > 0 {
			data, err := r.tile(e)
			return data, err == nil, err
		}
		if entries, err = r.leaf(e); err != nil {
			return nil, false, err
		}
	}
	return nil, false, damaged("leaf directory", "more than %d directories deep", maxDepth)
}

// tile reads the stored bytes of an entry and checks them.
func (r *Reader) tile(e Entry) ([]byte, error) {
	data, err := r.read("tile", r.header.TileOffset+e.Offset, uint64(e.Length), maxTile)
	if err != nil {
		return nil, err
	}
	if r.header.TileCompression == Gzip {
		if err := r.whole.tile(e.Offset, data); err != nil {
			return nil, err
		}
	}
	return data, nil
}

// TileUncompressed returns a tile decompressed. Only gzip and none are read.
func (r *Reader) TileUncompressed(z uint8, x, y uint32) (data []byte, ok bool, err error) {
	b, ok, err := r.Tile(z, x, y)
	if err != nil || !ok {
		return nil, false, err
	}
	b, err = r.decompress("tile", r.header.TileCompression, b, maxTile)
	return b, err == nil, err
}

// Entries calls fn for every entry that holds tiles, in the order of tile ids,
// until fn returns an error.
func (r *Reader) Entries(fn func(Entry) error) error { return r.walk(r.root, 1, fn) }

func (r *Reader) walk(entries []Entry, depth int, fn func(Entry) error) error {
	for _, e := range entries {
		if e.RunLength > 0 {
			if err := fn(e); err != nil {
				return err
			}
			continue
		}
		if depth == maxDepth {
			return damaged("leaf directory", "more than %d directories deep", maxDepth)
		}
		leaf, err := r.leaf(e)
		if err != nil {
			return err
		}
		if err := r.walk(leaf, depth+1, fn); err != nil {
			return err
		}
	}
	return nil
}

// leaf returns a leaf directory, from memory where it was read lately.
func (r *Reader) leaf(e Entry) ([]Entry, error) {
	r.mu.RLock()
	entries, ok := r.leaves[e.Offset]
	r.mu.RUnlock()
	if ok {
		return entries, nil
	}
	entries, err := r.directory("leaf directory", r.header.LeafOffset+e.Offset, uint64(e.Length))
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, ok := r.leaves[e.Offset]; ok {
		return entries, nil
	}
	for len(r.order) > 0 && r.held+len(entries) > leafBudget {
		r.held -= len(r.leaves[r.order[0]])
		delete(r.leaves, r.order[0])
		r.order = r.order[1:]
	}
	r.leaves[e.Offset] = entries
	r.order = append(r.order, e.Offset)
	r.held += len(entries)
	return entries, nil
}

func (r *Reader) directory(part string, offset, length uint64) ([]Entry, error) {
	b, err := r.read(part, offset, length, maxDirectory)
	if err != nil {
		return nil, err
	}
	b, err = r.decompress(part, r.header.InternalCompression, b, maxDirectory)
	if err != nil {
		return nil, err
	}
	return parseDirectory(part, b, r.header.TileLength, r.header.LeafLength)
}

func (r *Reader) read(part string, offset, length, limit uint64) ([]byte, error) {
	if length > limit {
		return nil, damaged(part, "%d bytes long; at most %d are read", length, limit)
	}
	b := make([]byte, length)
	if n, err := r.src.ReadAt(b, int64(offset)); n < len(b) {
		return nil, &FormatError{Part: part, Reason: "cannot be read in full", Err: err}
	}
	return b, nil
}

func (r *Reader) decompress(part string, c Compression, b []byte, limit int) ([]byte, error) {
	switch c {
	case NoCompression:
		return b, nil
	case Gzip:
		out, err := gunzip(b, limit)
		if err != nil {
			return nil, &FormatError{Part: part, Reason: "cannot be decompressed", Err: err}
		}
		return out, nil
	}
	return nil, damaged(part, "%s compression; only gzip and none are read", c)
}
