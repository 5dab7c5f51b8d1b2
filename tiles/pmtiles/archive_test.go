package pmtiles

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"
)

type key struct {
	z    uint8
	x, y uint32
}

func write(t testing.TB, tiles map[key][]byte, order []key, h Header) []byte {
	t.Helper()
	var out bytes.Buffer
	w := NewWriter(&out, t.TempDir())
	for _, k := range order {
		if err := w.Add(k.z, k.x, k.y, tiles[k]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Finish(h, []byte(`{"name":"test"}`)); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func reader(t testing.TB, b []byte) *Reader {
	t.Helper()
	r, err := NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestArchiveAgainstModel writes random pyramids in random order and reads
// them back beside a map.
func TestArchiveAgainstModel(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		model := map[key][]byte{}
		for i := range rapid.IntRange(0, 60).Draw(rt, "n") {
			z := rapid.Uint8Range(0, 5).Draw(rt, fmt.Sprint("z", i))
			k := key{z, uint32(rapid.IntRange(0, 1<<z-1).Draw(rt, "x")), uint32(rapid.IntRange(0, 1<<z-1).Draw(rt, "y"))}
			model[k] = []byte(rapid.SampledFrom([]string{"sea", "sea", "land", "a longer city tile"}).Draw(rt, "content"))
		}
		order := make([]key, 0, len(model))
		for k := range model {
			order = append(order, k)
		}
		b := write(t, model, order, Header{TileType: MVT, TileCompression: NoCompression})
		slices.Reverse(order)
		if again := write(t, model, order, Header{TileType: MVT, TileCompression: NoCompression}); !bytes.Equal(b, again) {
			rt.Fatal("the order of Add changed the archive")
		}
		r := reader(t, b)
		for z := uint8(0); z <= 5; z++ {
			for x := range uint32(1 << z) {
				for y := range uint32(1 << z) {
					got, ok, err := r.Tile(z, x, y)
					want, has := model[key{z, x, y}]
					if err != nil || ok != has || !bytes.Equal(got, want) {
						rt.Fatalf("%d/%d/%d: %q %v %v, want %q", z, x, y, got, ok, err, want)
					}
				}
			}
		}
		contents := map[string]bool{}
		for _, c := range model {
			contents[string(c)] = true
		}
		h := r.Header()
		if h.AddressedTiles != uint64(len(model)) || h.TileContents != uint64(len(contents)) || !h.Clustered {
			rt.Fatalf("header %+v for %d tiles of %d contents", h, len(model), len(contents))
		}
		end := uint64(0)
		err := r.Entries(func(e Entry) error {
			if e.Offset > end {
				rt.Fatalf("not clustered: offset %d after %d", e.Offset, end)
			}
			end = max(end, e.Offset+uint64(e.Length))
			return nil
		})
		if err != nil || end != h.TileLength {
			rt.Fatalf("tiles end at %d, want %d (%v)", end, h.TileLength, err)
		}
	})
}

func TestRunLength(t *testing.T) {
	tiles := map[key][]byte{}
	var order []key
	for x := range uint32(8) {
		for y := range uint32(8) {
			tiles[key{3, x, y}] = []byte("sea")
			order = append(order, key{3, x, y})
		}
	}
	h := reader(t, write(t, tiles, order, Header{})).Header()
	if h.TileEntries != 1 || h.TileContents != 1 || h.AddressedTiles != 64 || h.TileLength != 3 {
		t.Errorf("64 equal tiles: %d entries, %d contents, %d bytes", h.TileEntries, h.TileContents, h.TileLength)
	}
	if h.MinZoom != 3 || h.MaxZoom != 3 {
		t.Errorf("zooms %d to %d, want 3", h.MinZoom, h.MaxZoom)
	}
}

// large makes an archive whose root needs leaves and whose tiles outgrow the
// spool's memory.
func large(t testing.TB, name string) {
	t.Helper()
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	w := NewWriter(f, t.TempDir())
	var group sync.WaitGroup
	for part := range uint32(4) {
		group.Go(func() {
			for x := part; x < 256; x += 4 {
				for y := range uint32(256) {
					if err := w.Add(8, x, y, largeTile(x, y)); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	group.Wait()
	h := Header{TileType: MVT, TileCompression: Gzip, MinLon: -180, MinLat: -85.0511288, MaxLon: 180, MaxLat: 85.0511288, CenterZoom: 8, CenterLon: 104.0668, CenterLat: 30.5728}
	if err := errors.Join(w.Finish(h, []byte(`{"name":"large","vector_layers":[]}`)), f.Close()); err != nil {
		t.Fatal(err)
	}
}

// tileGzip keeps its tables between tiles.
var tileGzip Compressor

func largeTile(x, y uint32) []byte {
	r := rand.New(rand.NewPCG(uint64(x), uint64(y)))
	b := make([]byte, 100+r.IntN(400))
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return tileGzip.Gzip(b)
}

func TestLeaves(t *testing.T) {
	name := filepath.Join(t.TempDir(), "large.pmtiles")
	large(t, name)
	r, err := Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	h := r.Header()
	if h.LeafLength == 0 || h.RootOffset+h.RootLength > 16384 {
		t.Fatalf("leaves of %d bytes, root ends at %d", h.LeafLength, h.RootOffset+h.RootLength)
	}
	var group sync.WaitGroup
	for part := range uint32(4) {
		group.Go(func() {
			for x := part; x < 256; x += 12 {
				for y := range uint32(256) {
					b, ok, err := r.Tile(8, x, y)
					if err != nil || !ok || !bytes.Equal(b, largeTile(x, y)) {
						t.Errorf("tile 8/%d/%d: %v %v", x, y, ok, err)
						return
					}
				}
			}
		})
	}
	group.Wait()
	if _, ok, err := r.Tile(7, 3, 3); ok || err != nil {
		t.Errorf("a tile that is not there: %v %v", ok, err)
	}
	meta, err := r.Metadata()
	if err != nil || !strings.Contains(string(meta), "large") {
		t.Errorf("metadata %s, %v", meta, err)
	}
	left, _ := filepath.Glob(filepath.Join(filepath.Dir(name), ".tiles-*"))
	if len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestWriterRefuses(t *testing.T) {
	var out bytes.Buffer
	w := NewWriter(&out, "")
	if err := w.Add(3, 8, 0, []byte("x")); err == nil {
		t.Error("took a tile beyond its zoom")
	}
	for range 2 {
		if err := w.Add(3, 1, 0, []byte("x")); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Finish(Header{}, nil); !errors.Is(err, errDuplicate) {
		t.Errorf("the same tile twice: %v", err)
	}
	if err := w.Add(1, 0, 0, []byte("x")); !errors.Is(err, errFinished) {
		t.Errorf("a tile after Finish: %v", err)
	}
	if out.Len() > 0 {
		t.Errorf("%d bytes written", out.Len())
	}
}
