package gpkg_test

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"yizhan/data/store/gpkg"
	"yizhan/geo"
)

// manyPlaces makes n stations with the fields that stations usually have.
func manyPlaces(n int) []geo.Place {
	places := make([]geo.Place, n)
	read := time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)
	for i := range places {
		places[i] = geo.Place{
			ID: fmt.Sprintf("demo:station-%d", i), Kind: geo.KindStation, Name: fmt.Sprintf("望溪驿站 %d 号", i),
			Names: map[string]string{"en": fmt.Sprintf("Wangxi station %d", i)},
			Point: orb.Point{103 + float64(i%1000)/500, 30 + float64(i/1000)/500}, Address: fmt.Sprintf("望溪路 %d 号", i),
			Phone: "028-00000000", Hours: "Mo-Su 09:30-21:00", Facilities: []geo.Facility{"rest", "hot_water", "microwave"},
			Source: geo.Source{Feed: "demo", Ref: fmt.Sprint(i), Time: read}, Station: &geo.Station{Type: geo.Branch, Network: "望溪"},
		}
	}
	return places
}

// BenchmarkMillion is not repeated: YIZHAN_BENCH_PLACES sets the number.
func BenchmarkMillion(b *testing.B) {
	n := 100_000
	if s := os.Getenv("YIZHAN_BENCH_PLACES"); s != "" {
		fmt.Sscan(s, &n)
	}
	places := manyPlaces(n)
	for b.Loop() {
		path := filepath.Join(b.TempDir(), "places.gpkg")
		s := openAt(b, path)
		step := func(name string, do func()) {
			runtime.GC()
			t := time.Now()
			do()
			b.ReportMetric(time.Since(t).Seconds(), name+"-s")
		}
		step("write", func() {
			if _, err := s.Replace(b.Context(), "demo", places); err != nil {
				b.Fatal(err)
			}
		})
		step("same", func() {
			if d, err := s.Replace(b.Context(), "demo", places); err != nil || !d.Empty() {
				b.Fatal(err)
			}
		})
		s.Close()
		step("read", func() {
			s, err := gpkg.Open(b.Context(), path, gpkg.Options{ReadOnly: true})
			if err != nil {
				b.Fatal(err)
			}
			got, err := s.Places(b.Context(), nil)
			if err != nil || len(got) != n {
				b.Fatal(err, len(got))
			}
			s.Close()
		})
		info, _ := os.Stat(path)
		b.ReportMetric(float64(info.Size())/float64(n), "bytes/place")
	}
}
