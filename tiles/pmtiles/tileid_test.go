package pmtiles

import (
	"testing"

	"pgregory.net/rapid"
)

func TestTileIDTable(t *testing.T) {
	// The first are those of the specification's own examples.
	for _, c := range []struct {
		z    uint8
		x, y uint32
		id   uint64
	}{
		{0, 0, 0, 0},
		{1, 0, 0, 1},
		{1, 0, 1, 2},
		{1, 1, 1, 3},
		{1, 1, 0, 4},
		{2, 0, 0, 5},
		{2, 1, 0, 6},
		{2, 1, 1, 7},
		{2, 0, 1, 8},
		{2, 0, 2, 9},
		{3, 0, 0, 21},
		{12, 3423, 1763, 19078479},
		{31, 0, 0, 1537228672809129301},
		{31, 1<<31 - 1, 0, 6148914691236517204},
	} {
		if id := TileID(c.z, c.x, c.y); id != c.id {
			t.Errorf("TileID(%d/%d/%d) = %d, want %d", c.z, c.x, c.y, id, c.id)
		}
		z, x, y, ok := Coordinates(c.id)
		if !ok || z != c.z || x != c.x || y != c.y {
			t.Errorf("Coordinates(%d) = %d/%d/%d %v, want %d/%d/%d", c.id, z, x, y, ok, c.z, c.x, c.y)
		}
	}
	if _, _, _, ok := Coordinates(6148914691236517205); ok {
		t.Error("an id beyond zoom 31 has coordinates")
	}
}

// TestTileIDCurve checks what makes a Hilbert curve: ids of one zoom are a
// permutation, and each step goes to a neighbour.
func TestTileIDCurve(t *testing.T) {
	for z := uint8(1); z <= 6; z++ {
		_, px, py, _ := Coordinates(idsBelow(z))
		for id := idsBelow(z) + 1; id < idsBelow(z+1); id++ {
			gz, x, y, ok := Coordinates(id)
			if !ok || gz != z {
				t.Fatalf("id %d at zoom %d, want %d", id, gz, z)
			}
			dx, dy := int(x)-int(px), int(y)-int(py)
			if dx*dx+dy*dy != 1 {
				t.Fatalf("zoom %d: from %d,%d to %d,%d", z, px, py, x, y)
			}
			px, py = x, y
		}
	}
}

func TestTileIDRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		z := rapid.Uint8Range(0, MaxZoom).Draw(t, "z")
		x := uint32(rapid.Uint64Range(0, 1<<z-1).Draw(t, "x"))
		y := uint32(rapid.Uint64Range(0, 1<<z-1).Draw(t, "y"))
		gz, gx, gy, ok := Coordinates(TileID(z, x, y))
		if !ok || gz != z || gx != x || gy != y {
			t.Fatalf("%d/%d/%d came back as %d/%d/%d %v", z, x, y, gz, gx, gy, ok)
		}
	})
}
