package tiles

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt"
	"pgregory.net/rapid"

	"yizhan/geo"
	"yizhan/geo/index"
	"yizhan/tiles/pmtiles"
)

// archive writes places and opens what was written.
func archive(t testing.TB, ix *index.Index, opt PlacesArchiveOptions) ([]byte, *pmtiles.Reader) {
	t.Helper()
	var out bytes.Buffer
	if err := WritePlaces(t.Context(), ix, opt, pmtiles.NewWriter(&out, t.TempDir())); err != nil {
		t.Fatal(err)
	}
	r, err := pmtiles.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes(), r
}

// TestArchiveCounts adds up what the tiles of each zoom stand for: all places
// of each kind, at every zoom, and at the last one by one.
func TestArchiveCounts(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(0, 60).Draw(rt, "n")
		spread := rapid.SampledFrom([]float64{0.0001, 0.02, 20}).Draw(rt, "spread")
		last := rapid.SampledFrom([]uint8{3, 11, 14}).Draw(rt, "last")
		list := randomPlaces(n, rapid.Uint64().Draw(rt, "seed"), orb.Point{104.06, 30.65}, spread)
		want := map[string]int{}
		for _, p := range list {
			want[string(p.Kind)]++
		}
		_, r := archive(t, index.Build(list), PlacesArchiveOptions{MaxZoom: last})
		got, seen := make([]map[string]int, last+1), map[string]bool{}
		for z := range got {
			got[z] = map[string]int{}
		}
		eachTile(t, r, func(tile Tile, b []byte) {
			for _, l := range decode(t, b) {
				for _, f := range l.Features {
					id, _ := f.Properties["id"].(string)
					count, gathered := f.Properties["count"].(float64)
					switch key := fmt.Sprint(tile.Z, id); {
					case gathered == (id != "") || gathered && tile.Z == last:
						rt.Fatalf("%v: %v", tile, f.Properties)
					case gathered:
						got[tile.Z][l.Name] += int(count)
					case !seen[key]: // the buffers repeat places
						seen[key] = true
						got[tile.Z][l.Name]++
					}
				}
			}
		})
		for z := range got {
			if !maps.Equal(got[z], want) {
				rt.Fatalf("zoom %d: %v, want %v", z, got[z], want)
			}
		}
	})
}

// TestArchiveIsWhatIsServed compares an archive with the tiles of Places, of
// all tiles that there are around the places.
func TestArchiveIsWhatIsServed(t *testing.T) {
	list := randomPlaces(900, 4, orb.Point{113.6, 34.7}, 0.03)
	ix := index.Build(list)
	kinds := []geo.Kind{geo.KindGate, geo.KindStation}
	for _, opt := range []PlacesArchiveOptions{{}, {Kinds: kinds, Workers: 3}} {
		b, r := archive(t, ix, opt)
		if again, _ := archive(t, ix, PlacesArchiveOptions{Kinds: opt.Kinds, Workers: 1}); !bytes.Equal(b, again) {
			t.Error("the number of workers changes the archive")
		}
		p := NewPlaces(ix, PlacesOptions{})
		have := 0
		eachTile(t, r, func(tile Tile, b []byte) {
			have++
			if !bytes.Equal(b, p.Tile(tile, opt.Kinds)) {
				t.Fatalf("%v differs", tile)
			}
		})
		want := 0
		for z := range uint8(archiveZoom + 1) {
			nw, se := TileAt(orb.Point{113, 35.3}, z), TileAt(orb.Point{114.2, 34.1}, z)
			for x := nw.X; x <= se.X; x++ {
				for y := nw.Y; y <= se.Y; y++ {
					if p.Tile(Tile{z, x, y}, opt.Kinds) != nil {
						want++
					}
				}
			}
		}
		if have != want {
			t.Errorf("%d tiles, want %d", have, want)
		}
	}
}

func TestArchiveDescribesItself(t *testing.T) {
	_, r := archive(t, index.Build(randomPlaces(50, 4, orb.Point{113.6, 34.7}, 0.03)), PlacesArchiveOptions{
		Kinds: []geo.Kind{geo.KindStation, geo.KindGate}, Attribution: "© us", Name: "here"})
	data, err := r.Metadata()
	if err != nil {
		t.Fatal(err)
	}
	var meta Metadata
	if err := json.Unmarshal(data, &meta); err != nil {
		t.Fatal(err)
	}
	if meta.Name != "here" || meta.Attribution != "© us" || meta.Type != "overlay" || len(meta.VectorLayers) != 2 ||
		meta.VectorLayers[0].ID != "station" || meta.VectorLayers[0].MaxZoom != archiveZoom || meta.VectorLayers[0].Fields["facilities"] == "" {
		t.Errorf("metadata %s", data)
	}
	h := r.Header()
	if h.MinZoom != 0 || h.MaxZoom != archiveZoom || h.TileType != pmtiles.MVT || h.MinLon > 113.6 || h.MaxLat < 34.7 || h.CenterZoom == 0 {
		t.Errorf("header %+v", h)
	}
}

func TestArchiveOfNothingAndOfTheEdges(t *testing.T) {
	_, r := archive(t, index.Build(nil), PlacesArchiveOptions{})
	eachTile(t, r, func(tile Tile, _ []byte) { t.Errorf("tile %v", tile) })
	_, r = archive(t, index.Build([]*geo.Place{
		{ID: "a", Kind: geo.KindStation, Point: orb.Point{180, 90}}, {ID: "b", Kind: geo.KindGate, Point: orb.Point{-180, -90}},
		{ID: "c", Kind: geo.KindGate, Unplaced: true},
	}), PlacesArchiveOptions{})
	n := 0
	eachTile(t, r, func(Tile, []byte) { n++ })
	if n != 2*archiveZoom+1 {
		t.Errorf("%d tiles", n)
	}
}

func TestArchiveIsCutOff(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := WritePlaces(ctx, index.Build(randomPlaces(50, 4, orb.Point{}, 1)), PlacesArchiveOptions{}, pmtiles.NewWriter(&bytes.Buffer{}, t.TempDir()))
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

// TestTileAgainstModel compares tiles with what a loop over all places makes
// of them.
func TestTileAgainstModel(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(1, 150).Draw(rt, "n")
		spread := rapid.SampledFrom([]float64{0, 0.0005, 0.02, 5}).Draw(rt, "spread")
		opt := PlacesOptions{
			PointZoom: rapid.SampledFrom([]uint8{0, 9, 15}).Draw(rt, "pointZoom"),
			MaxPoints: rapid.SampledFrom([]int{0, 3, 20}).Draw(rt, "maxPoints"),
			Buffer:    rapid.SampledFrom([]int32{0, 1000, 4096}).Draw(rt, "buffer"),
		}
		list := randomPlaces(n, rapid.Uint64().Draw(rt, "seed"), orb.Point{104.06, 30.65}, spread)
		p := NewPlaces(index.Build(list), opt)
		z := rapid.Uint8Range(0, MaxZoom).Draw(rt, "z")
		tile := TileAt(list[0].Point, z)
		tile.X += uint32(rapid.IntRange(0, 1).Draw(rt, "east"))
		if !tile.Valid() {
			return
		}
		layers, err := mvt.Unmarshal(p.Tile(tile, nil))
		if err != nil {
			rt.Fatal(err)
		}
		got := map[string][]modelFeature{}
		for _, l := range layers {
			for _, f := range l.Features {
				m := modelFeature{at: f.Geometry.(orb.Point)}
				m.id, _ = f.Properties["id"].(string)
				count, _ := f.Properties["count"].(float64)
				m.count = int(count)
				got[l.Name] = append(got[l.Name], m)
			}
		}
		want := modelTile(list, p.opt, tile)
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(modelFeature{}), cmp.Transformer("set", asSet)); diff != "" {
			rt.Fatalf("%v: %s", tile, diff)
		}
	})
}

// modelFeature is a point of a tile: a place, or so many together.
type modelFeature struct {
	at    orb.Point
	id    string
	count int
}

func asSet(list []modelFeature) map[modelFeature]int {
	set := map[modelFeature]int{}
	for _, f := range list {
		set[f]++
	}
	return set
}

// modelTile draws a tile the slow way.
func modelTile(list []*geo.Place, opt PlacesOptions, t Tile) map[string][]modelFeature {
	out := map[string][]modelFeature{}
	for _, info := range geo.Kinds() {
		type member struct {
			x, y int64
			id   string
		}
		var inside, around []member
		size := int64(1) << (worldBits - t.Z)
		buffer := size * int64(opt.Buffer) / Extent
		for _, p := range list {
			if p.Kind != info.Kind {
				continue
			}
			m := member{id: p.ID}
			m.x, m.y = modelPosition(p.Point)
			dx, dy := m.x-int64(t.X)*size, m.y-int64(t.Y)*size
			if dx >= 0 && dy >= 0 && dx < size && dy < size {
				inside = append(inside, m)
			}
			if dx >= -buffer && dy >= -buffer && dx < size+buffer && dy < size+buffer {
				around = append(around, m)
			}
		}
		unit := func(v int64, tile uint32) float64 {
			return float64(round(int32(v), t.Z, origin(tile)))
		}
		kind := string(info.Kind)
		if t.Z >= opt.PointZoom && len(inside) <= opt.MaxPoints {
			for _, m := range around {
				out[kind] = append(out[kind], modelFeature{at: orb.Point{unit(m.x, t.X), unit(m.y, t.Y)}, id: m.id})
			}
			continue
		}
		cells := map[[2]int64][]member{}
		for _, m := range inside {
			shift := worldBits - min(t.Z+gridBits, worldBits)
			at := [2]int64{m.x >> shift, m.y >> shift}
			cells[at] = append(cells[at], m)
		}
		for _, members := range cells {
			var f modelFeature
			var x, y int64
			for _, m := range members {
				x, y, f.id = x+m.x, y+m.y, m.id
			}
			if n := int64(len(members)); n > 1 {
				x, y, f.id, f.count = x/n, y/n, "", int(n)
			}
			f.at = orb.Point{unit(x, t.X), unit(y, t.Y)}
			out[kind] = append(out[kind], f)
		}
	}
	return out
}

// modelPosition is the step of the world that a point lies in.
func modelPosition(p orb.Point) (x, y int64) {
	const size = 1 << worldBits
	lat := p[1] * math.Pi / 180
	fx := (p[0] + 180) / 360 * size
	fy := (1 - math.Asinh(math.Tan(lat))/math.Pi) / 2 * size
	clamp := func(v float64) int64 { return int64(math.Max(0, math.Min(size-1, math.Floor(v)))) }
	return clamp(fx), clamp(fy)
}

func BenchmarkWritePlaces100k(b *testing.B) {
	ix := index.Build(randomPlaces(100_000, 9, orb.Point{113.6, 34.7}, 0.3))
	for b.Loop() {
		if _, r := archive(b, ix, PlacesArchiveOptions{}); r.Header().AddressedTiles == 0 {
			b.Fatal("no tiles")
		}
	}
}
