package tiles_test

import (
	"bytes"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"yizhan/data/osm"
	"yizhan/geo"
	"yizhan/geo/geotest"
	"yizhan/tiles"
)

// city imports the base map of a real extract.
func city(t testing.TB, name string) []geo.MapFeature {
	t.Helper()
	src, err := osm.File(geotest.Data(t, "osm", name+".osm.pbf"))
	if err != nil {
		t.Fatal(err)
	}
	got, err := osm.Import(t.Context(), src, osm.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return got.Base
}

// TestBaseOfAnExtract makes the map of a campus whose ways reach beyond the
// area that it was cut out with: what zoom 14 shows there zoom 15 shows too.
func TestBaseOfAnExtract(t *testing.T) {
	src, err := osm.File(geotest.Data(t, "osm", "bupt-beijing.osm.pbf"))
	if err != nil {
		t.Fatal(err)
	}
	got, err := osm.Import(t.Context(), src, osm.Options{})
	if err != nil {
		t.Fatal(err)
	}
	_, r := tiles.Build(t, got.Base, tiles.BaseOptions{Bound: got.Bound})
	if _, ok, err := r.TileUncompressed(15, 26975, 12410); !ok || err != nil {
		t.Errorf("there is no tile east of the area: %v", err)
	}
	h := r.Header()
	for _, f := range got.Base {
		if b := f.Geometry.Bound(); b.Min[0] < h.MinLon-1e-6 || b.Max[0] > h.MaxLon+1e-6 || b.Min[1] < h.MinLat-1e-6 || b.Max[1] > h.MaxLat+1e-6 {
			t.Errorf("%s %q reaches from %v to %v, out of the map of %v", f.Layer, f.Name, b.Min, b.Max, h)
		}
	}
	for _, layer := range []geo.MapLayer{geo.LayerGreen, geo.LayerBuilding, geo.LayerLanduse} {
		sum := tiles.Areas(t, r, layer)
		if whole := sum[15]; sum[14] < 0.9*whole || sum[14] > 1.1*whole {
			t.Errorf("%s covers %.0f m² at zoom 14, %.0f m² at zoom 15", layer, sum[14], whole)
		}
	}
}

// copies lays n copies of features side by side.
func copies(features []geo.MapFeature, n int) []geo.MapFeature {
	out := make([]geo.MapFeature, 0, n*len(features))
	for i := range n {
		dx, dy := 0.3*float64(i%5), 0.2*float64(i/5)
		shift := func(points []orb.Point) {
			for k := range points {
				points[k] = orb.Point{points[k][0] + dx, points[k][1] + dy}
			}
		}
		for _, f := range features {
			switch g := orb.Clone(f.Geometry).(type) {
			case orb.Point:
				f.Geometry = orb.Point{g[0] + dx, g[1] + dy}
			case orb.LineString:
				shift(g)
				f.Geometry = g
			case orb.Polygon:
				for _, r := range g {
					shift(r)
				}
				f.Geometry = g
			case orb.MultiPolygon:
				for _, p := range g {
					for _, r := range p {
						shift(r)
					}
				}
				f.Geometry = g
			}
			out = append(out, f)
		}
	}
	return out
}

// TestBaseOfCities checks every tile of real maps, and that tiles stay of a
// size that a phone takes.
func TestBaseOfCities(t *testing.T) {
	for _, name := range []string{"bupt-beijing", "monaco", "helsinki"} {
		t.Run(name, func(t *testing.T) {
			features := city(t, name)
			file, r := tiles.Build(t, features, tiles.BaseOptions{})
			count, largest := 0, 0
			tiles.EachTile(t, r, func(tile tiles.Tile, b []byte) {
				count += tiles.CheckTile(t, tile, b)
				largest = max(largest, len(b))
			})
			if count < len(features)/2 || largest > 600_000 {
				t.Errorf("%d features became %d; the largest tile has %d bytes", len(features), count, largest)
			}
			again, _ := tiles.Build(t, features, tiles.BaseOptions{Workers: 1})
			if !bytes.Equal(file, again) {
				t.Error("the archive depends on the number of workers")
			}
		})
	}
}

func BenchmarkBase(b *testing.B) {
	for _, name := range []string{"vancouver", "helsinki", "liechtenstein"} {
		b.Run(name, func(b *testing.B) {
			features := city(b, name)
			var size int
			for b.Loop() {
				file, _ := tiles.Build(b, features, tiles.BaseOptions{})
				size = len(file)
			}
			b.ReportMetric(float64(size), "bytes")
			b.ReportMetric(float64(len(features)), "features")
		})
	}
}

// BenchmarkBaseLarge builds twenty cities at once and watches the heap.
func BenchmarkBaseLarge(b *testing.B) {
	features := copies(city(b, "vancouver"), 20)
	var before runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	var peak atomic.Uint64
	done := make(chan struct{})
	defer close(done)
	go func() {
		for {
			select {
			case <-done:
				return
			case <-time.After(50 * time.Millisecond):
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				peak.Store(max(peak.Load(), m.HeapInuse))
			}
		}
	}()
	var size int
	for b.Loop() {
		file, _ := tiles.Build(b, features, tiles.BaseOptions{})
		size = len(file)
	}
	b.ReportMetric(float64(size), "bytes")
	b.ReportMetric(float64(len(features)), "features")
	b.ReportMetric(float64(peak.Load()>>20), "MiB-peak")
	b.ReportMetric(float64(before.HeapInuse>>20), "MiB-features")
}
