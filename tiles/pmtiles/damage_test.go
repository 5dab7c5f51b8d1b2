package pmtiles

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

func small(t testing.TB) []byte {
	tiles := map[key][]byte{{0, 0, 0}: []byte("world"), {1, 0, 0}: []byte("west"), {1, 1, 1}: []byte("south")}
	return write(t, tiles, []key{{0, 0, 0}, {1, 0, 0}, {1, 1, 1}}, Header{TileType: MVT, TileCompression: NoCompression})
}

// withRoot makes an archive with a root directory and leaves of one's own.
func withRoot(root, leaves []byte, c Compression) []byte {
	h := Header{
		RootOffset: headerSize, RootLength: uint64(len(root)),
		LeafOffset: headerSize + uint64(len(root)), LeafLength: uint64(len(leaves)),
		TileOffset: headerSize + uint64(len(root)+len(leaves)), TileLength: 4,
		InternalCompression: c, TileCompression: NoCompression, MaxZoom: 3,
	}
	b := h.append(nil)
	b = append(append(b, root...), leaves...)
	return append(b, "tile"...)
}

func TestDamaged(t *testing.T) {
	good := small(t)
	var gz Compressor
	bomb := gz.Gzip(make([]byte, maxDirectory+1))
	// A leaf that points at itself; its length is its own.
	loop := appendDirectory(nil, []Entry{{TileID: 0, Length: 5}})
	edit := func(at int, v byte) []byte {
		b := bytes.Clone(good)
		b[at] = v
		return b
	}
	for _, c := range []struct {
		name string
		file []byte
	}{
		{"empty", nil},
		{"short", good[:100]},
		{"not ours", bytes.Repeat([]byte("PK"), 100)},
		{"version 2", edit(7, 2)},
		{"brotli directories", edit(97, byte(Brotli))},
		{"unknown compression", edit(97, 77)},
		{"zooms reversed", edit(100, 9)},
		{"root beyond the end", edit(20, 1)},
		{"root offset overflows", edit(15, 0xff)},
		{"cut in the tiles", good[:len(good)-3]},
		{"cut in the root", good[:130]},
		{"root is not gzip", edit(headerSize, 0)},
		{"directory bomb", withRoot(bomb, nil, Gzip)},
		{"absurd count", withRoot([]byte{0xff, 0xff, 0xff, 0xff, 0x7f}, nil, NoCompression)},
		{"ids not ascending", withRoot([]byte{2, 1, 0, 1, 1, 1, 1, 1, 1}, nil, NoCompression)},
		{"zero length", withRoot([]byte{1, 0, 1, 0, 1}, nil, NoCompression)},
		{"offset beyond the tiles", withRoot([]byte{1, 0, 1, 1, 99}, nil, NoCompression)},
		{"first offset is contiguous", withRoot([]byte{1, 0, 1, 1, 0}, nil, NoCompression)},
		{"leaf beyond the leaves", withRoot([]byte{1, 0, 0, 1, 9}, nil, NoCompression)},
		{"the Earth is larger", edit(105, 0x7f)},
		{"zooms that are not those of the tiles", edit(101, 0)},
		{"another number of tiles", edit(72, 9)},
		{"metadata cut short", edit(32, 9)},
		{"leaf loop", withRoot(loop, loop, NoCompression)},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := use(c.file)
			var format *FormatError
			if !errors.As(err, &format) {
				t.Errorf("error %v, want a FormatError", err)
			}
		})
	}
	if err := use(good); err != nil {
		t.Errorf("the archive before damage: %v", err)
	}
}

// use opens an archive and reads all that can be read of it.
func use(file []byte) error {
	r, err := NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		return err
	}
	_, err = r.Metadata()
	for z := uint8(0); z <= 3; z++ {
		for x := range uint32(1 << z) {
			_, _, tileErr := r.TileUncompressed(z, x, 0)
			err = errors.Join(err, tileErr)
		}
	}
	count := 0
	enough := errors.New("enough")
	walkErr := r.Entries(func(Entry) error {
		if count++; count > 10000 {
			return enough
		}
		return nil
	})
	if errors.Is(walkErr, enough) {
		walkErr = nil
	}
	return errors.Join(err, walkErr)
}

func TestTileBomb(t *testing.T) {
	var gz Compressor
	tiles := map[key][]byte{{0, 0, 0}: gz.Gzip(make([]byte, maxTile+1))}
	b := write(t, tiles, []key{{0, 0, 0}}, Header{TileCompression: Gzip})
	if _, err := NewReader(bytes.NewReader(b), int64(len(b))); !errors.Is(err, errTooLong) {
		t.Errorf("error %v, want %v", err, errTooLong)
	}
}

// city makes an archive of gzipped tiles, as many as need leaf directories.
func city(t testing.TB) (file []byte, keys []key) {
	var gz Compressor
	var contents [512][]byte
	for i := range contents {
		contents[i] = gz.Gzip(fmt.Appendf(nil, "tile %d %s", i, make([]byte, i)))
	}
	tiles := map[key][]byte{}
	for x := range uint32(128) {
		for y := range uint32(128) {
			k := key{7, x, y}
			tiles[k] = contents[(x*7919+y*104729)%512]
			keys = append(keys, k)
		}
	}
	return write(t, tiles, keys, Header{
		TileType: MVT, TileCompression: Gzip, MinLon: 103, MinLat: 30, MaxLon: 104, MaxLat: 31, CenterLon: 103.5, CenterLat: 30.5, CenterZoom: 7,
	}), keys
}

// TestFlippedBits flips bits all over an archive. What is damaged is either
// refused when it is opened or an error of the tile; no tile is ever another's
// or broken.
func TestFlippedBits(t *testing.T) {
	good, keys := city(t)
	whole := reader(t, good)
	h := whole.Header()
	if h.LeafLength == 0 {
		t.Fatal("the archive has no leaves")
	}
	opened := 0
	flip := func(at uint64, bit int) {
		b := bytes.Clone(good)
		b[at] ^= 1 << bit
		r, err := NewReader(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			return
		}
		// The time in the head of a gzip member may be any.
		if meta, err := r.Metadata(); err != nil || string(meta) != `{"name":"test"}` {
			t.Errorf("byte %d, bit %d: metadata %s, %v", at, bit, meta, err)
		}
		if opened++; at < headerSize && opened%16 != 0 {
			return
		}
		for i := 0; i < len(keys); i += 7 {
			k := keys[i]
			data, _, err := r.TileUncompressed(k.z, k.x, k.y)
			if err != nil {
				continue
			}
			if want, _, _ := whole.TileUncompressed(k.z, k.x, k.y); !bytes.Equal(data, want) {
				t.Fatalf("byte %d, bit %d: tile %v is served as %x", at, bit, k, data)
			}
		}
	}
	for at := range uint64(headerSize) {
		for bit := range 8 {
			flip(at, bit)
		}
	}
	for at := uint64(headerSize); at < h.TileOffset; at += 29 {
		flip(at, int(at%8))
	}
	for at := h.TileOffset; at < uint64(len(good)); at += 9007 {
		flip(at, int(at%8))
	}
}

// TestOverwritten writes another archive, and then nothing, into the place of
// one that is open.
func TestOverwritten(t *testing.T) {
	good, keys := city(t)
	path := filepath.Join(t.TempDir(), "base.pmtiles")
	if err := os.WriteFile(path, good, 0o644); err != nil {
		t.Fatal(err)
	}
	r, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	read := func() (served int) {
		for _, k := range keys {
			data, ok, err := r.Tile(k.z, k.x, k.y)
			var format *FormatError
			switch {
			case err == nil && ok:
				if _, err := gunzip(data, 1000); err != nil {
					t.Fatalf("a broken tile: %v", err)
				}
				served++
			case !errors.As(err, &format):
				t.Fatalf("error %v, want a FormatError", err)
			}
		}
		return served
	}
	if n := read(); n != len(keys) {
		t.Errorf("%d tiles of %d", n, len(keys))
	}
	if err := os.WriteFile(path, append(bytes.Repeat([]byte{0}, 9), good...), 0o644); err != nil {
		t.Fatal(err)
	}
	if n := read(); n > 0 {
		t.Errorf("%d tiles of another file", n)
	}
	if err := os.WriteFile(path, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if n := read(); n > 0 {
		t.Errorf("%d tiles of an empty file", n)
	}
}

func BenchmarkTile(b *testing.B) {
	good, keys := city(b)
	r := reader(b, good)
	for b.Loop() {
		for _, k := range keys {
			if _, _, err := r.Tile(k.z, k.x, k.y); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(keys)), "ns/tile")
}

func BenchmarkOpen(b *testing.B) {
	good, _ := city(b)
	for b.Loop() {
		reader(b, good)
	}
}

func FuzzReader(f *testing.F) {
	good := small(f)
	f.Add(good)
	f.Add(good[:200])
	plain := appendDirectory(nil, []Entry{{TileID: 0, Length: 2, RunLength: 1}, {TileID: 1, Length: 5}})
	leaf := appendDirectory(nil, []Entry{{TileID: 2, Length: 4, RunLength: 9}})
	f.Add(withRoot(plain, leaf, NoCompression))
	f.Fuzz(func(t *testing.T, b []byte) {
		if err := use(b); err == nil {
			return
		}
	})
}

func FuzzDirectory(f *testing.F) {
	f.Add(appendDirectory(nil, []Entry{{TileID: 3, Length: 2, RunLength: 4}, {TileID: 9, Offset: 2, Length: 5}}))
	f.Fuzz(func(t *testing.T, b []byte) {
		entries, err := parseDirectory("root directory", b, 1000, 1000)
		if err != nil {
			return
		}
		again, err := parseDirectory("root directory", appendDirectory(nil, entries), 1000, 1000)
		if err != nil || len(again) != len(entries) {
			t.Fatalf("%d entries came back as %d: %v", len(entries), len(again), err)
		}
		for i := range again {
			if again[i] != entries[i] {
				t.Fatalf("entry %d: %+v, want %+v", i, again[i], entries[i])
			}
		}
	})
}
