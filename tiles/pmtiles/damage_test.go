package pmtiles

import (
	"bytes"
	"errors"
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
	r := reader(t, write(t, tiles, []key{{0, 0, 0}}, Header{TileCompression: Gzip}))
	if _, _, err := r.TileUncompressed(0, 0, 0); !errors.Is(err, errTooLong) {
		t.Errorf("error %v, want %v", err, errTooLong)
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
