package tiles

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/maptile"
	"github.com/paulmach/orb/planar"
	mercator "github.com/paulmach/orb/project"

	"yizhan/geo"
	"yizhan/tiles/pmtiles"
)

// town draws a made-up town of n blocks a side: streets in pieces, a park with
// a pond in each fourth block, houses, a wall and labels.
func town(n int, at orb.Point) []geo.MapFeature {
	r := rand.New(rand.NewPCG(uint64(n), 5))
	const block = 0.0015
	var out []geo.MapFeature
	box := func(x, y, w, h float64) orb.Ring {
		return orb.Ring{{x, y}, {x + w, y}, {x + w, y + h}, {x, y + h}, {x, y}}
	}
	for i := range n {
		for j := range n {
			x, y := at[0]+float64(i)*block, at[1]+float64(j)*block
			class, zoom := "residential", uint8(12)
			if i%4 == 0 {
				class, zoom = "primary", 8
			}
			out = append(out,
				geo.MapFeature{Layer: geo.LayerRoad, Class: class, Name: fmt.Sprintf("第%d街", i), MinZoom: zoom, Oneway: i%3 == 0,
					Geometry: orb.LineString{{x, y}, {x + block/3, y + block/2}, {x, y + block}}},
				geo.MapFeature{Layer: geo.LayerRoad, Class: "service", MinZoom: 13, Geometry: orb.LineString{{x, y}, {x + block, y}}})
			if (i+j)%4 == 0 {
				hole := box(x+block*0.4, y+block*0.4, block*0.2, block*0.2)
				hole.Reverse()
				out = append(out,
					geo.MapFeature{Layer: geo.LayerGreen, Class: "park", Name: fmt.Sprintf("公园 %d-%d", i, j), MinZoom: 10,
						Geometry: orb.Polygon{box(x+block*0.1, y+block*0.1, block*0.8, block*0.8), hole}},
					geo.MapFeature{Layer: geo.LayerWater, Class: "lake", MinZoom: 10,
						Geometry: orb.MultiPolygon{{box(x+block*0.4, y+block*0.4, block*0.2, block*0.2)}}},
					geo.MapFeature{Layer: geo.LayerLabel, Class: "neighbourhood", Name: "街区", NameEn: "Block", MinZoom: 13, Geometry: orb.Point{x, y}})
				continue
			}
			for k := range 6 {
				w := block * (0.08 + 0.05*r.Float64())
				out = append(out, geo.MapFeature{Layer: geo.LayerBuilding, Ref: fmt.Sprint(k + 1), MinZoom: 14,
					Geometry: orb.Polygon{box(x+block*(0.1+0.13*float64(k)), y+block*(0.2+0.4*r.Float64()), w, w)}})
			}
			out = append(out, geo.MapFeature{Layer: geo.LayerBarrier, Class: "wall", MinZoom: 15, Geometry: orb.LineString(box(x+block*0.05, y+block*0.05, block*0.9, block*0.9))})
		}
	}
	// A river through all of it, with many bends.
	var river orb.LineString
	for k := range 400 {
		f := float64(k) / 400 * float64(n) * block
		river = append(river, orb.Point{at[0] + f, at[1] + f + 0.0003*math.Sin(float64(k))})
	}
	return append(out, geo.MapFeature{Layer: geo.LayerWater, Class: "river", Name: "弯河", NameEn: "Bend", MinZoom: 6, Geometry: river})
}

func build(t testing.TB, features []geo.MapFeature, opt BaseOptions) ([]byte, *pmtiles.Reader) {
	t.Helper()
	var out bytes.Buffer
	if err := Base(t.Context(), features, opt, pmtiles.NewWriter(&out, t.TempDir())); err != nil {
		t.Fatal(err)
	}
	r, err := pmtiles.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes(), r
}

// eachTile calls fn for every tile of an archive.
func eachTile(t testing.TB, r *pmtiles.Reader, fn func(Tile, []byte)) {
	t.Helper()
	err := r.Entries(func(e pmtiles.Entry) error {
		for id := e.TileID; id < e.TileID+uint64(e.RunLength); id++ {
			z, x, y, _ := pmtiles.Coordinates(id)
			b, ok, err := r.TileUncompressed(z, x, y)
			if err != nil || !ok {
				t.Fatalf("%d/%d/%d: %v %v", z, x, y, ok, err)
			}
			fn(Tile{z, x, y}, b)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// checkTile fails where a tile breaks a rule of the specification that a
// decoder can see. It returns the number of features.
func checkTile(t testing.TB, tile Tile, b []byte) int {
	t.Helper()
	order := map[string]int{}
	for i, l := range geo.MapLayers() {
		order[string(l)] = i + 1
	}
	count, last := 0, 0
	for _, l := range decode(t, b) {
		if order[l.Name] <= last {
			t.Fatalf("%v: layer %q out of order", tile, l.Name)
		}
		last = order[l.Name]
		if len(l.Features) == 0 {
			t.Fatalf("%v: layer %q is empty", tile, l.Name)
		}
		for _, f := range l.Features {
			count++
			bound := f.Geometry.Bound()
			const edge = baseBuffer + 1
			if bound.Min[0] < -edge || bound.Min[1] < -edge || bound.Max[0] > Extent+edge || bound.Max[1] > Extent+edge {
				t.Fatalf("%v: %s reaches from %v to %v", tile, l.Name, bound.Min, bound.Max)
			}
			var polygons orb.MultiPolygon
			switch g := f.Geometry.(type) {
			case orb.Polygon:
				polygons = orb.MultiPolygon{g}
			case orb.MultiPolygon:
				polygons = g
			}
			for _, p := range polygons {
				for i, r := range p {
					if len(r) < 4 || r[0] != r[len(r)-1] {
						t.Fatalf("%v: %s has ring %v", tile, l.Name, r)
					}
					// orb's area is positive for what is outer in y-down axes.
					if area := planar.Area(r); area == 0 || (r.Orientation() == orb.CCW) != (i == 0) {
						t.Fatalf("%v: %s has ring %d of area %v: %v", tile, l.Name, i, area, r)
					}
				}
			}
		}
	}
	return count
}

func TestBaseIsSound(t *testing.T) {
	_, r := build(t, town(24, orb.Point{104.06, 30.65}), BaseOptions{Name: "town", Attribution: "nobody"})
	tiles := map[uint8]int{}
	eachTile(t, r, func(tile Tile, b []byte) {
		tiles[tile.Z]++
		checkTile(t, tile, b)
	})
	for z := uint8(6); z <= 15; z++ {
		if tiles[z] == 0 {
			t.Errorf("no tile of zoom %d", z)
		}
	}
	if tiles[15] < 16 || tiles[5] > 0 {
		t.Errorf("tiles by zoom: %v", tiles)
	}
	var meta Metadata
	raw, err := r.Metadata()
	if err == nil {
		err = json.Unmarshal(raw, &meta)
	}
	if err != nil || meta.Name != "town" || len(meta.VectorLayers) != 6 {
		t.Errorf("metadata %s, %v", raw, err)
	}
	h := r.Header()
	bound := orb.Bound{Min: orb.Point{h.MinLon, h.MinLat}, Max: orb.Point{h.MaxLon, h.MaxLat}}
	doc, err := BaseTileJSON(bound, h.MinZoom, h.MaxZoom, raw, "/tiles/base/{z}/{x}/{y}.mvt")
	if err != nil || doc.MaxZoom != 15 || doc.Attribution != "nobody" || math.Abs(doc.Bounds[0]-104.06) > 1e-6 || doc.Center[2] < 10 {
		t.Errorf("%+v, %v", doc, err)
	}
}

// TestBaseKeepsAreas adds up the area of the parks in the tiles of a zoom, cut
// to the tiles themselves, and compares it with the features'.
func TestBaseKeepsAreas(t *testing.T) {
	features := town(12, orb.Point{-0.006, 51.47})
	_, r := build(t, features, BaseOptions{})
	want := 0.0
	for _, f := range features {
		if f.Layer == geo.LayerGreen {
			m := mercator.Geometry(orb.Clone(f.Geometry), mercator.WGS84.ToMercator)
			want += planar.Area(m)
		}
	}
	got := areas(t, r, geo.LayerGreen)
	for z, part := range map[uint8]float64{12: 0.15, 13: 0.06, 14: 0.03, 15: 0.01} {
		if math.Abs(got[z]/want-1) > part {
			t.Errorf("zoom %d: parks of %.0f m², want %.0f", z, got[z], want)
		}
	}
}

// areas adds up what a layer covers at each zoom in square metres of the
// projection, in the tiles without their buffers.
func areas(t testing.TB, r *pmtiles.Reader, layer geo.MapLayer) map[uint8]float64 {
	t.Helper()
	sum := map[uint8]float64{}
	eachTile(t, r, func(tile Tile, b []byte) {
		layers := decode(t, b)
		layers.Clip(orb.Bound{Max: orb.Point{Extent, Extent}})
		layers.ProjectToWGS84(maptile.New(tile.X, tile.Y, maptile.Zoom(tile.Z)))
		for _, l := range layers {
			for _, f := range l.Features {
				if l.Name == string(layer) && f.Geometry != nil {
					sum[tile.Z] += planar.Area(mercator.Geometry(f.Geometry, mercator.WGS84.ToMercator))
				}
			}
		}
	})
	return sum
}

// TestBaseFrame makes maps of features of which some lie beyond the area that
// they were taken from: zooms must not differ in what they show, the bounds
// hold it, and what lies far off must not make the map larger.
func TestBaseFrame(t *testing.T) {
	box := func(west, south, east, north float64) orb.Polygon {
		return orb.Polygon{{{west, south}, {east, south}, {east, north}, {west, north}, {west, south}}}
	}
	area := orb.Bound{Min: orb.Point{116.349, 39.957}, Max: orb.Point{116.355, 39.964}}
	campus := box(116.353, 39.958, 116.365, 39.963)
	for _, c := range []struct {
		name  string
		shape orb.Geometry
		want  orb.Bound // of the map
	}{
		{"inside", box(116.35, 39.958, 116.352, 39.96), area},
		{"half of it outside", campus, orb.Bound{Min: area.Min, Max: orb.Point{116.365, 39.964}}},
		{"near but outside", box(116.36, 39.958, 116.37, 39.96), orb.Bound{Min: area.Min, Max: orb.Point{116.37, 39.964}}},
		{"a sea", box(100, 20, 140, 60), area},
		{"far off", box(117, 39, 117.1, 39.1), area},
		{"two islands, one far off", orb.MultiPolygon{box(116.35, 39.958, 116.352, 39.96), box(2, 2, 3, 3)}, area},
	} {
		t.Run(c.name, func(t *testing.T) {
			features := []geo.MapFeature{
				{Layer: geo.LayerWater, Class: "lake", Geometry: c.shape},
				{Layer: geo.LayerRoad, Class: "primary", Geometry: orb.LineString{{116.35, 39.96}, {116.353, 39.961}}},
			}
			_, r := build(t, features, BaseOptions{Bound: area})
			h := r.Header()
			for i, v := range [4]float64{h.MinLon - c.want.Min[0], h.MinLat - c.want.Min[1], h.MaxLon - c.want.Max[0], h.MaxLat - c.want.Max[1]} {
				if math.Abs(v) > 1e-6 {
					t.Errorf("side %d of the bounds is off by %g°", i, v)
				}
			}
			if h.AddressedTiles > 60 {
				t.Errorf("%d tiles", h.AddressedTiles)
			}
			sum := areas(t, r, geo.LayerWater)
			for z := uint8(12); z < 15; z++ {
				if math.Abs(sum[z]-sum[15]) > 0.02*sum[15] {
					t.Errorf("zoom %d shows %.0f m² of it, zoom 15 %.0f m²", z, sum[z], sum[15])
				}
			}
		})
	}
}

func TestBaseIsDeterministic(t *testing.T) {
	features := town(16, orb.Point{104.06, 30.65})
	one, _ := build(t, features, BaseOptions{Workers: 1})
	for _, workers := range []int{2, 5} {
		if many, _ := build(t, features, BaseOptions{Workers: workers}); !bytes.Equal(one, many) {
			t.Errorf("%d workers make another archive", workers)
		}
	}
}

func TestBaseOptions(t *testing.T) {
	at := orb.Point{104.06, 30.65}
	features := town(16, at)
	bound := orb.Bound{Min: orb.Point{at[0] - 0.01, at[1] - 0.01}, Max: orb.Point{at[0] + 0.04, at[1] + 0.04}}
	_, near := build(t, features, BaseOptions{MinZoom: 12, MaxZoom: 14, Bound: bound})
	_, both := build(t, append(town(16, orb.Point{at[0] + 1, at[1]}), features...), BaseOptions{MinZoom: 12, MaxZoom: 14, Bound: bound})
	h := both.Header()
	if h.MinZoom != 12 || h.MaxZoom != 14 || math.Abs(h.MaxLon-bound.Max[0]) > 1e-6 {
		t.Errorf("header %+v", h)
	}
	if n := near.Header().AddressedTiles; h.AddressedTiles != n || n == 0 {
		t.Errorf("%d tiles with a town far off, %d without", h.AddressedTiles, n)
	}
	eachTile(t, both, func(tile Tile, _ []byte) {
		if !tile.Bound().Intersects(bound) {
			t.Errorf("%v lies beside the bound", tile)
		}
	})
	_, empty := build(t, nil, BaseOptions{})
	if n := empty.Header().AddressedTiles; n != 0 {
		t.Errorf("%d tiles of nothing", n)
	}
	var out bytes.Buffer
	err := Base(t.Context(), features, BaseOptions{MinZoom: 15, MaxZoom: 14}, pmtiles.NewWriter(&out, ""))
	if geo.CodeOf(err) != geo.Invalid {
		t.Errorf("zooms reversed: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := Base(ctx, features, BaseOptions{}, pmtiles.NewWriter(&out, "")); !errors.Is(err, context.Canceled) || out.Len() > 0 {
		t.Errorf("cancelled: %v, %d bytes", err, out.Len())
	}
}

// TestBaseShows says which texts and flags are shown at which zoom.
func TestBaseShows(t *testing.T) {
	at := orb.Point{104.0600, 30.6500}
	near := func(dx, dy float64) orb.Point { return orb.Point{at[0] + dx, at[1] + dy} }
	ring := func(size float64) orb.Polygon {
		return orb.Polygon{{at, near(size, 0), near(size, size), near(0, size), at}}
	}
	road := func(class string, zoom uint8) geo.MapFeature {
		return geo.MapFeature{Layer: geo.LayerRoad, Class: class, Name: "路", NameEn: "Road", Ref: "G5", Bridge: true, Oneway: true, MinZoom: zoom,
			Geometry: orb.LineString{at, near(0.01, 0.01)}}
	}
	for _, c := range []struct {
		name    string
		feature geo.MapFeature
		// first zooms: of the feature, its name, its ref, bridge, oneway; 0
		// for never.
		shown, named, ref, bridge, oneway uint8
	}{
		{"motorway", road("motorway", 5), 6, 10, 7, 12, 14},
		{"primary", road("primary", 8), 8, 11, 9, 12, 14},
		{"service", road("service", 13), 13, 15, 15, 13, 14},
		{"footway beyond the last zoom", road("footway", 17), 15, 15, 15, 15, 15},
		{"house", geo.MapFeature{Layer: geo.LayerBuilding, Ref: "10", Name: "十号楼", MinZoom: 14, Geometry: ring(0.0001)}, 14, 15, 15, 0, 0},
		{"hall", geo.MapFeature{Layer: geo.LayerBuilding, Ref: "10", Name: "体育馆", MinZoom: 13, Geometry: ring(0.002)}, 13, 14, 14, 0, 0},
		{"park", geo.MapFeature{Layer: geo.LayerGreen, Class: "park", Name: "人民公园", MinZoom: 10, Geometry: ring(0.01)}, 10, 12, 0, 0, 0},
		{"town", geo.MapFeature{Layer: geo.LayerLabel, Class: "town", Name: "郫都", NameEn: "Pidu", MinZoom: 8, Geometry: at}, 8, 8, 0, 0, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, r := build(t, []geo.MapFeature{c.feature}, BaseOptions{})
			var first [5]uint8
			named := map[uint8]int{}
			eachTile(t, r, func(tile Tile, b []byte) {
				for _, l := range decode(t, b) {
					for _, f := range l.Features {
						for i, key := range [5]string{"", "name", "ref", "bridge", "oneway"} {
							if _, ok := f.Properties[key]; (ok || key == "") && first[i] == 0 {
								first[i] = tile.Z
							}
						}
						if f.Properties["name"] == c.feature.Name {
							named[tile.Z]++
						}
						if f.Properties["name"] != nil && c.feature.NameEn != "" && f.Properties["name_en"] != c.feature.NameEn {
							t.Errorf("%v: English name %v", tile, f.Properties["name_en"])
						}
					}
				}
			})
			if want := [5]uint8{c.shown, c.named, c.ref, c.bridge, c.oneway}; first != want {
				t.Errorf("first zooms %v, want %v", first, want)
			}
			if _, line := c.feature.Geometry.(orb.LineString); !line {
				for z, n := range named {
					if n != 1 {
						t.Errorf("zoom %d: named %d times", z, n)
					}
				}
			}
		})
	}
}

func TestBaseJoinsStreets(t *testing.T) {
	var features []geo.MapFeature
	for i := range 20 {
		x := 104.06 + 0.0002*float64(i)
		features = append(features, geo.MapFeature{Layer: geo.LayerRoad, Class: "primary", Name: "天府大道", MinZoom: 8,
			Geometry: orb.LineString{{x, 30.65}, {x + 0.0001, 30.65001}, {x + 0.0002, 30.65}}})
	}
	_, r := build(t, features, BaseOptions{})
	eachTile(t, r, func(tile Tile, b []byte) {
		for _, l := range decode(t, b) {
			if len(l.Features) != 1 {
				t.Errorf("%v: %d features", tile, len(l.Features))
			}
			line, ok := l.Features[0].Geometry.(orb.LineString)
			if !ok || tile.Z < 14 && len(line) != 2 {
				t.Errorf("%v: %v", tile, l.Features[0].Geometry)
			}
		}
	})
}

// TestBaseBadGeometry hands over geometry that no import should make.
func TestBaseBadGeometry(t *testing.T) {
	nan := math.NaN()
	square := orb.Ring{{0, 0}, {1, 0}, {1, 1}, {0, 1}, {0, 0}}
	features := []geo.MapFeature{
		{Layer: geo.LayerWater},
		{Layer: geo.LayerWater, Geometry: orb.Point{nan, 0}},
		{Layer: geo.LayerWater, Geometry: orb.LineString{}},
		{Layer: geo.LayerWater, Geometry: orb.LineString{{1, 1}}},
		{Layer: geo.LayerWater, Geometry: orb.LineString{{1, 1}, {1, 1}}},
		{Layer: geo.LayerWater, Geometry: orb.LineString{{1, 1}, {math.Inf(1), 1}}},
		{Layer: geo.LayerWater, Geometry: orb.Polygon{}},
		{Layer: geo.LayerWater, Geometry: orb.Polygon{{}}},
		{Layer: geo.LayerWater, Geometry: orb.Polygon{{{1, 1}, {2, 2}, {1, 1}}}},
		{Layer: geo.LayerWater, Geometry: orb.Polygon{{{nan, 1}, {2, 2}, {1, 1}}, square}},
		{Layer: geo.LayerWater, Geometry: orb.Polygon{square, {}, {{0.5, 0.5}, {0.5, 0.5}}}, Name: "the one"},
		{Layer: geo.LayerWater, Geometry: orb.Collection{orb.Point{1, 1}}},
		{Layer: "no such layer", Geometry: orb.Polygon{}},
	}
	slices.Reverse(features)
	_, r := build(t, features, BaseOptions{MaxZoom: 6})
	eachTile(t, r, func(tile Tile, b []byte) {
		if n := checkTile(t, tile, b); n != 1 {
			t.Errorf("%v: %d features", tile, n)
		}
	})
	// The whole world and beyond.
	all := []geo.MapFeature{{Layer: geo.LayerWater, Class: "sea", Geometry: orb.Polygon{{{-200, -90}, {200, -90}, {200, 90}, {-200, 90}, {-200, -90}}}}}
	_, r = build(t, all, BaseOptions{MaxZoom: 7})
	if h := r.Header(); h.AddressedTiles != (1<<16-1)/3 || h.TileContents > 100 {
		t.Errorf("the sea: %d tiles, %d contents", h.AddressedTiles, h.TileContents)
	}
}

func BenchmarkBaseTown(b *testing.B) {
	for _, n := range []int{20, 60} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			features := town(n, orb.Point{104.06, 30.65})
			for b.Loop() {
				build(b, features, BaseOptions{})
			}
			b.ReportMetric(float64(len(features)), "features")
		})
	}
}
