package tiles

import (
	"bytes"
	"testing"

	"github.com/paulmach/orb"

	"yizhan/geo"
	"yizhan/geo/index"
)

// TestPick takes tiles apart and puts them together again.
func TestPick(t *testing.T) {
	p := NewPlaces(index.Build(randomPlaces(300, 2, orb.Point{104.06, 30.65}, 0.01)), PlacesOptions{})
	whole := p.Tile(TileAt(orb.Point{104.06, 30.65}, 14), nil)
	var parts []byte
	for _, info := range geo.Kinds() {
		got, err := Pick(nil, whole, string(info.Kind))
		if want := p.Tile(TileAt(orb.Point{104.06, 30.65}, 14), []geo.Kind{info.Kind}); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s: %d bytes, %v, want %d", info.Kind, len(got), err, len(want))
		}
		parts = append(parts, got...)
	}
	if !bytes.Equal(parts, whole) {
		t.Error("the layers do not make the tile")
	}
	if got, err := Pick(nil, whole, "other"); err != nil || len(got) > 0 {
		t.Errorf("a layer that is not there: %d bytes, %v", len(got), err)
	}
	if _, err := Pick(nil, whole[:len(whole)-1], "gate"); geo.CodeOf(err) != geo.Internal {
		t.Errorf("a tile cut off: %v", err)
	}
}

func FuzzPick(f *testing.F) {
	p := NewPlaces(index.Build(randomPlaces(30, 2, orb.Point{104.06, 30.65}, 0.01)), PlacesOptions{})
	f.Add(p.Tile(TileAt(orb.Point{104.06, 30.65}, 14), nil), "gate")
	f.Fuzz(func(t *testing.T, tile []byte, name string) {
		got, _ := Pick(nil, tile, name)
		if len(got) > len(tile) {
			t.Errorf("%d bytes of %d", len(got), len(tile))
		}
	})
}
