package tiles

import (
	"fmt"
	"math"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt"
	"pgregory.net/rapid"

	"yizhan/geo"
	"yizhan/geo/index"
)

func randomPlaces(n int, seed uint64, center orb.Point, spread float64) []*geo.Place {
	r := rand.New(rand.NewPCG(seed, 1))
	kinds := geo.Kinds()
	places := make([]*geo.Place, n)
	for i := range places {
		p := &geo.Place{ID: fmt.Sprintf("osm:n%d", i), Kind: kinds[r.IntN(len(kinds))].Kind, Name: fmt.Sprintf("地点 %d", i)}
		// On Earth, and to the 1e-7 degrees that an index keeps.
		at := func(v, most float64) float64 { return math.Round(min(max(v, -most), most)*1e7) / 1e7 }
		p.Point = orb.Point{at(center[0]+r.NormFloat64()*spread, 180), at(center[1]+r.NormFloat64()*spread, 89)}
		switch p.Kind {
		case geo.KindGate:
			p.Gate = &geo.Gate{Barrier: "lift_gate", Inferred: i%2 == 0}
		case geo.KindStation:
			p.Station = &geo.Station{Type: geo.Branch}
		}
		places[i] = p
	}
	return places
}

// total adds up what the features of the tile's layers stand for, leaving out
// points of the buffer.
func total(t testing.TB, tile []byte) map[string]int {
	t.Helper()
	counts := map[string]int{}
	for _, l := range decode(t, tile) {
		for _, f := range l.Features {
			p := f.Geometry.(orb.Point)
			if p[0] < 0 || p[1] < 0 || p[0] > Extent || p[1] > Extent {
				continue
			}
			if n, ok := f.Properties["count"].(float64); ok {
				counts[l.Name] += int(n)
			} else {
				counts[l.Name]++
			}
		}
	}
	return counts
}

// TestPlacesAgainstIndex compares every tile on the way down to a point with
// what the index finds in its bounds.
func TestPlacesAgainstIndex(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 400).Draw(t, "n")
		spread := rapid.SampledFrom([]float64{0.0005, 0.02, 5}).Draw(t, "spread")
		list := randomPlaces(n, rapid.Uint64().Draw(t, "seed"), orb.Point{104.06, 30.65}, spread)
		ix := index.Build(list)
		p := NewPlaces(ix, PlacesOptions{})
		at := list[rapid.IntRange(0, n-1).Draw(t, "at")].Point
		for z := uint8(0); z <= 16; z++ {
			tile := TileAt(at, z)
			want := map[string]int{}
			for _, place := range list {
				if TileAt(place.Point, z) == tile {
					want[string(place.Kind)]++
				}
			}
			got := map[string]int{}
			layers, err := mvt.Unmarshal(p.Tile(tile, nil))
			if err != nil {
				t.Fatal(err)
			}
			for _, l := range layers {
				for _, f := range l.Features {
					c := f.Geometry.(orb.Point)
					if n, ok := f.Properties["count"].(float64); ok {
						got[l.Name] += int(n)
						if to := f.Properties["expansion_zoom"].(float64); to <= float64(z) || to > 13 {
							t.Fatalf("%v: apart at zoom %v", tile, to)
						}
						continue
					}
					place, ok := ix.Get(f.Properties["id"].(string))
					if !ok || f.Properties["name"] != place.Name && z >= 13 || f.Properties["kind"] != l.Name {
						t.Fatalf("%v: properties %v", tile, f.Properties)
					}
					if c[0] < -64 || c[0] > Extent+64 || c[1] < -64 || c[1] > Extent+64 {
						t.Fatalf("%v: %v lies outside", tile, c)
					}
					if TileAt(place.Point, z) == tile {
						got[l.Name]++
					}
				}
			}
			for _, info := range geo.Kinds() {
				if k := string(info.Kind); got[k] != want[k] {
					t.Fatalf("%v: %d of kind %s, want %d", tile, got[k], k, want[k])
				}
			}
		}
	})
}

// TestPlacesExpand follows each cluster to its expansion zoom: there, and not
// before, its places stand in more than one feature.
func TestPlacesExpand(t *testing.T) {
	list := randomPlaces(3000, 7, orb.Point{116.35, 39.96}, 0.05)
	for _, p := range list {
		p.Kind = geo.KindParking
	}
	ix := index.Build(list)
	// cells counts the cells of the grid of a zoom that places fall into.
	cells := func(c index.Cell, z uint8) int {
		seen := map[[2]uint32]bool{}
		c.Each(func(_ index.Slot, x, y uint32) bool {
			shift := worldBits - z - gridBits
			seen[[2]uint32{x >> shift, y >> shift}] = true
			return true
		})
		return len(seen)
	}
	for z := uint8(0); z < 16; z++ {
		ix.Cell(geo.KindParking, 0, 0, 0).Split(z+gridBits, func(c index.Cell) bool {
			if c.Len() < 2 {
				return true
			}
			to := expansion(z, 20, c)
			if to < 20 && (cells(c, to-1) != 1 || cells(c, to) < 2) {
				t.Fatalf("zoom %d: cell of %d comes apart at %d", z, c.Len(), to)
			}
			return true
		})
	}
}

func TestPlacesMany(t *testing.T) {
	ix := index.Build(randomPlaces(120_000, 3, orb.Point{113.6, 34.7}, 0.2))
	p := NewPlaces(ix, PlacesOptions{})
	for z := uint8(0); z <= 10; z++ {
		tile := p.Tile(TileAt(orb.Point{113.6, 34.7}, z), nil)
		if len(tile) > 50_000 {
			t.Errorf("zoom %d: %d bytes", z, len(tile))
		}
	}
	// The two worst ways to fill every cell of every kind: with many places, so
	// that no two counts are the same, and with one, which has a name.
	at := Tile{6, 52, 25}
	for _, each := range []int{1, 90} {
		var list []*geo.Place
		for _, info := range geo.Kinds() {
			for cell := range 256 {
				for i := range each + cell*(each-1)/90 {
					b := Tile{10, at.X<<4 + uint32(cell&15), at.Y<<4 + uint32(cell>>4)}.Bound()
					list = append(list, &geo.Place{ID: fmt.Sprintf("osm:n%09d", len(list)), Kind: info.Kind, Name: fmt.Sprintf("某某街道驿站第 %d 号", len(list)),
						Point: orb.Point{b.Min[0] + (b.Max[0]-b.Min[0])*float64(i+1)/1000, b.Center()[1]}})
				}
			}
		}
		if tile := NewPlaces(index.Build(list), PlacesOptions{}).Tile(at, nil); len(tile) > 100_000 || each > 1 && len(tile) > 50_000 {
			t.Errorf("%d places fill a tile with %d bytes", len(list), len(tile))
		}
	}
	sum := 0
	for _, n := range total(t, p.Tile(Tile{}, nil)) {
		sum += n
	}
	if sum != 120_000 {
		t.Errorf("the world has %d places, want 120000", sum)
	}
	// A street with more places than a tile takes stays gathered.
	dense := index.Build(randomPlaces(60_000, 3, orb.Point{113.6, 34.7}, 0.001))
	if b := NewPlaces(dense, PlacesOptions{}).Tile(TileAt(orb.Point{113.6, 34.7}, 14), nil); len(b) > 100_000 {
		t.Errorf("a crowded tile has %d bytes", len(b))
	}
}

func TestPlacesKindsAndEdges(t *testing.T) {
	list := []*geo.Place{
		{ID: "a", Kind: geo.KindStation, Point: orb.Point{180, 10}},
		{ID: "b", Kind: geo.KindStation, Point: orb.Point{-180, 10}},
		{ID: "c", Kind: geo.KindGate, Point: orb.Point{0, 90}, Gate: &geo.Gate{Inferred: true}},
		{ID: "d", Kind: geo.KindGate, Unplaced: true},
	}
	p := NewPlaces(index.Build(list), PlacesOptions{})
	for _, c := range []struct {
		tile  Tile
		kinds []geo.Kind
		want  string
	}{
		{Tile{}, nil, "map[gate:1 station:2]"},
		{Tile{}, []geo.Kind{geo.KindGate}, "map[gate:1]"},
		{Tile{}, []geo.Kind{geo.KindCharger}, "map[]"},
		{Tile{14, 8192, 0}, nil, "map[gate:1]"},
		{TileAt(orb.Point{-180, 10}, 14), nil, "map[station:1]"},
		{TileAt(orb.Point{180, 10}, 14), nil, "map[station:1]"},
		{Tile{1, 2, 0}, nil, "map[]"},
		{Tile{60, 0, 0}, nil, "map[]"},
	} {
		b := p.Tile(c.tile, c.kinds)
		if got := fmt.Sprint(total(t, b)); got != c.want {
			t.Errorf("%v %v: %s, want %s", c.tile, c.kinds, got, c.want)
		}
	}
	if NewPlaces(index.Build(nil), PlacesOptions{}).Tile(Tile{}, nil) != nil {
		t.Error("no places make a tile")
	}
}

// BenchmarkPlaceTile makes tiles that are in no cache.
func BenchmarkPlaceTile(b *testing.B) {
	// in returns n places in a tile, each with a name of its own.
	in := func(t Tile, n int) *index.Index {
		bound, r := t.Bound(), rand.New(rand.NewPCG(1, 2))
		list := randomPlaces(n, 5, orb.Point{}, 1)
		for i, p := range list {
			p.ID = fmt.Sprintf("table:stations:%d", i)
			p.Point = orb.Point{bound.Min[0] + r.Float64()*(bound.Max[0]-bound.Min[0]), bound.Min[1] + r.Float64()*(bound.Max[1]-bound.Min[1])}
		}
		return index.Build(list)
	}
	z14 := TileAt(orb.Point{104.06, 30.65}, 14)
	million := sync.OnceValue(func() *index.Index {
		return index.Build(randomPlaces(1_000_000, 9, orb.Point{113.6, 34.7}, 0.3))
	})
	for _, c := range []struct {
		name string
		tile Tile
		ix   func() *index.Index
	}{
		{"z14_2900", z14, func() *index.Index { return in(z14, 2900) }},
		{"z14_64", z14, func() *index.Index { return in(z14, 64) }},
		{"z10_1M", TileAt(orb.Point{113.61, 34.71}, 10), million},
		{"z6_1M", TileAt(orb.Point{113.61, 34.71}, 6), million},
	} {
		b.Run(c.name, func(b *testing.B) {
			p := NewPlaces(c.ix(), PlacesOptions{})
			b.ReportAllocs()
			var out []byte
			for b.Loop() {
				out = p.Tile(c.tile, nil)
			}
			b.ReportMetric(float64(len(out)), "bytes")
		})
	}
}
