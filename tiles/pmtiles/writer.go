package pmtiles

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"sync"
)

// Writer writes an archive. Tiles may be added in any order and by several
// goroutines at once; their bytes wait in memory up to a few megabytes and in
// a temporary file beyond, and Finish writes the archive in one pass. What it
// holds for each tile is 32 bytes, and 60 for each distinct content.
//
// The same tiles give the same bytes, in whatever order they were added.
type Writer struct {
	out  io.Writer
	gzip Compressor

	mu       sync.Mutex
	spool    spool
	tiles    []tileRef
	contents []content
	byHash   map[contentHash]uint32
	done     bool
}

type contentHash [16]byte

// tileRef is a tile and the index of its content.
type tileRef struct {
	id      uint64
	content uint32
}

// content is a distinct tile content and where it waits.
type content struct {
	offset int64
	length uint32
}

var (
	errFinished  = errors.New("pmtiles: the archive is finished")
	errDuplicate = errors.New("pmtiles: tile added twice")
)

// NewWriter returns a Writer to out. Nothing is written before Finish.
// tempDir is where the temporary file stands, "" for the system's folder.
func NewWriter(out io.Writer, tempDir string) *Writer {
	return &Writer{out: out, spool: spool{dir: tempDir}, byHash: map[contentHash]uint32{}}
}

// Add adds a tile. data is compressed as the header given to Finish will say,
// and is not kept. Empty data adds nothing.
func (w *Writer) Add(z uint8, x, y uint32, data []byte) error {
	if z > MaxZoom || uint64(x)>>z != 0 || uint64(y)>>z != 0 {
		return fmt.Errorf("pmtiles: no tile %d/%d/%d", z, x, y)
	}
	if len(data) == 0 {
		return nil
	}
	if len(data) > maxTile {
		return fmt.Errorf("pmtiles: tile %d/%d/%d has %d bytes, more than %d", z, x, y, len(data), maxTile)
	}
	id := TileID(z, x, y)
	sum := sha256.Sum256(data)
	hash := contentHash(sum[:16])

	w.mu.Lock()
	defer w.mu.Unlock()
	if w.done {
		return errFinished
	}
	index, known := w.byHash[hash]
	if !known {
		if len(w.contents) == math.MaxUint32 {
			return errors.New("pmtiles: too many tiles")
		}
		offset, err := w.spool.append(data)
		if err != nil {
			return err
		}
		index = uint32(len(w.contents))
		w.contents = append(w.contents, content{offset: offset, length: uint32(len(data))})
		w.byHash[hash] = index
	}
	w.tiles = append(w.tiles, tileRef{id: id, content: index})
	return nil
}

// Gzip compresses a tile for Add, in a slice of its own.
func (w *Writer) Gzip(b []byte) []byte { return w.gzip.Gzip(b) }

// Len returns the number of tiles added.
func (w *Writer) Len() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.tiles)
}

// Close drops what was added and the temporary file. It is needed only where
// Finish is not reached, and does nothing after it.
func (w *Writer) Close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.close()
}

func (w *Writer) close() error {
	w.done = true
	w.tiles, w.contents, w.byHash = nil, nil, nil
	return w.spool.close()
}

// Finish writes the archive. Of h it takes TileCompression, TileType, zooms,
// bounds and centre; the zooms are taken from the tiles where both are 0, and
// the rest is filled in. metadata is a JSON object.
func (w *Writer) Finish(h Header, metadata []byte) (err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.done {
		return errFinished
	}
	defer func() { err = errors.Join(err, w.close()) }()

	entries, order, err := w.layout()
	if err != nil {
		return err
	}
	if len(w.tiles) > 0 && h.MinZoom == 0 && h.MaxZoom == 0 {
		h.MinZoom, _, _, _ = Coordinates(w.tiles[0].id)
		h.MaxZoom, _, _, _ = Coordinates(w.tiles[len(w.tiles)-1].id)
	}
	h.clamp()
	root, leaves := directories(&w.gzip, entries)
	meta := w.gzip.Gzip(metadata)

	h.RootOffset, h.RootLength = headerSize, uint64(len(root))
	h.MetadataOffset, h.MetadataLength = h.RootOffset+h.RootLength, uint64(len(meta))
	h.LeafOffset, h.LeafLength = h.MetadataOffset+h.MetadataLength, uint64(len(leaves))
	h.TileOffset = h.LeafOffset + h.LeafLength
	h.TileLength = 0
	for _, c := range w.contents {
		h.TileLength += uint64(c.length)
	}
	h.AddressedTiles = uint64(len(w.tiles))
	h.TileEntries = uint64(len(entries))
	h.TileContents = uint64(len(w.contents))
	h.Clustered = true
	h.InternalCompression = Gzip

	for _, section := range [...][]byte{h.append(nil), root, meta, leaves} {
		if _, err := w.out.Write(section); err != nil {
			return err
		}
	}
	return w.copyTiles(order)
}

// layout sorts the tiles and lays their contents out in the order in which
// they are first used. It returns the entries, and the contents in order.
func (w *Writer) layout() (entries []Entry, order []uint32, err error) {
	slices.SortFunc(w.tiles, func(a, b tileRef) int {
		if a.id < b.id {
			return -1
		}
		return 1
	})
	offsets := make([]uint64, len(w.contents))
	placed := make([]bool, len(w.contents))
	end := uint64(0)
	for i, t := range w.tiles {
		if i > 0 && t.id == w.tiles[i-1].id {
			z, x, y, _ := Coordinates(t.id)
			return nil, nil, fmt.Errorf("%w: %d/%d/%d", errDuplicate, z, x, y)
		}
		if !placed[t.content] {
			placed[t.content] = true
			offsets[t.content] = end
			end += uint64(w.contents[t.content].length)
			order = append(order, t.content)
		}
		if n := len(entries); n > 0 {
			last := &entries[n-1]
			if last.Offset == offsets[t.content] && last.TileID+uint64(last.RunLength) == t.id {
				last.RunLength++
				continue
			}
		}
		entries = append(entries, Entry{
			TileID: t.id, Offset: offsets[t.content],
			Length: w.contents[t.content].length, RunLength: 1,
		})
	}
	return entries, order, nil
}

func (w *Writer) copyTiles(order []uint32) error {
	var buf []byte
	flush := func(keep int) error {
		if len(buf) <= keep {
			return nil
		}
		_, err := w.out.Write(buf)
		buf = buf[:0]
		return err
	}
	for _, index := range order {
		c := w.contents[index]
		start := len(buf)
		buf = slices.Grow(buf, int(c.length))[:start+int(c.length)]
		if err := w.spool.read(buf[start:], c.offset); err != nil {
			return err
		}
		if err := flush(1 << 20); err != nil {
			return err
		}
	}
	return flush(0)
}

// directories serialises the entries: all of them in the root where that stays
// within its bound, or else in leaves as short as the root's bound allows.
func directories(gz *Compressor, entries []Entry) (root, leaves []byte) {
	const room = rootEnd - headerSize
	// Entries take some two bytes at the very least when compressed.
	if len(entries) < room {
		root = gz.Gzip(appendDirectory(nil, entries))
		if len(root) <= room {
			return root, nil
		}
	}
	for size := 4096; ; size += size / 5 {
		var top []Entry
		leaves = leaves[:0]
		for chunk := range slices.Chunk(entries, size) {
			leaf := gz.Gzip(appendDirectory(nil, chunk))
			top = append(top, Entry{TileID: chunk[0].TileID, Offset: uint64(len(leaves)), Length: uint32(len(leaf))})
			leaves = append(leaves, leaf...)
		}
		root = gz.Gzip(appendDirectory(nil, top))
		if len(root) <= room {
			return root, leaves
		}
	}
}
