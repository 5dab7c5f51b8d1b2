package tiles

import (
	"math"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/maptile"
	"pgregory.net/rapid"

	"yizhan/geo"
)

func TestParseTile(t *testing.T) {
	for _, c := range []struct {
		z, x, y string
		want    Tile
		ok      bool
	}{
		{"0", "0", "0", Tile{}, true},
		{"14", "13490", "6205", Tile{14, 13490, 6205}, true},
		{"22", "4194303", "4194303", Tile{22, 4194303, 4194303}, true},
		{"0", "1", "0", Tile{}, false},
		{"3", "0", "8", Tile{}, false},
		{"23", "0", "0", Tile{}, false},
		{"-1", "0", "0", Tile{}, false},
		{"+1", "0", "0", Tile{}, false},
		{"1", "01", "0", Tile{}, false},
		{"1", "0x1", "0", Tile{}, false},
		{"1", "", "0", Tile{}, false},
		{"1", "1.0", "0", Tile{}, false},
		{"1", "1e0", "0", Tile{}, false},
		{"1", "１", "0", Tile{}, false},
		{"4294967296", "0", "0", Tile{}, false},
		{"22", "18446744073709551616", "0", Tile{}, false},
	} {
		got, err := ParseTile(c.z, c.x, c.y)
		if (err == nil) != c.ok || got != c.want {
			t.Errorf("ParseTile(%q, %q, %q) = %v, %v", c.z, c.x, c.y, got, err)
		}
		if err != nil && geo.CodeOf(err) != geo.Invalid {
			t.Errorf("ParseTile(%q, %q, %q): code %v", c.z, c.x, c.y, geo.CodeOf(err))
		}
	}
}

func TestTileAgainstOrb(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		z := rapid.Uint8Range(0, MaxZoom).Draw(t, "z")
		p := orb.Point{rapid.Float64Range(-180, 179.9999).Draw(t, "lon"), rapid.Float64Range(-85, 85).Draw(t, "lat")}
		got := TileAt(p, z)
		want := maptile.At(p, maptile.Zoom(z))
		// Rounding to world steps may cross a border by half a step; the
		// bounds tell whether it is no more than that.
		near := func(a, b uint32) bool { return a == b || a+1 == b || b+1 == a }
		if !got.Valid() || !near(got.X, want.X) || !near(got.Y, want.Y) {
			t.Fatalf("%v at zoom %d: %v, orb says %v", p, z, got, want)
		}
		const step = 360.0 / worldSize
		if !got.Bound().Pad(step).Contains(p) {
			t.Fatalf("%v lies outside %v", p, got)
		}
		b, w := got.Bound(), maptile.New(got.X, got.Y, maptile.Zoom(z)).Bound()
		for i := range 2 {
			if math.Abs(b.Min[i]-w.Min[i]) > 1e-9 || math.Abs(b.Max[i]-w.Max[i]) > 1e-9 {
				t.Fatalf("bound of %v: %v, orb says %v", got, b, w)
			}
		}
	})
}

func TestTileAtEdges(t *testing.T) {
	for _, c := range []struct {
		p    orb.Point
		want Tile
	}{
		{orb.Point{-180, 90}, Tile{2, 0, 0}},
		{orb.Point{180, -90}, Tile{2, 3, 3}},
		{orb.Point{0, 0}, Tile{2, 2, 2}},
	} {
		if got := TileAt(c.p, 2); got != c.want {
			t.Errorf("TileAt(%v) = %v, want %v", c.p, got, c.want)
		}
	}
}

// TestRoundAgrees checks that neighbouring tiles round a point alike.
func TestRoundAgrees(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		z := rapid.Uint8Range(0, MaxZoom).Draw(t, "z")
		v := rapid.Int32Range(0, worldSize-1).Draw(t, "v")
		i := uint32(rapid.Int64Range(0, 1<<z-1).Draw(t, "i"))
		if a, b := round(v, z, origin(i)), round(v, z, origin(i+1)); a-b != Extent {
			t.Fatalf("%d and %d in neighbouring tiles", a, b)
		}
		exact := float64(v) / worldSize * math.Exp2(float64(z)) * Extent
		if got := float64(round(v, z, 0)); z <= 15 && math.Abs(got-exact) > 0.5 {
			t.Fatalf("%v rounds to %v", exact, got)
		}
	})
}
