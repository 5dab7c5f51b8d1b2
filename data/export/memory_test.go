package export_test

import (
	"context"
	"fmt"
	"runtime"
	"testing"

	"github.com/paulmach/orb"

	"yizhan/data/atlas"
	"yizhan/data/export"
	"yizhan/geo"
)

// TestMemory exports many places: the heap grows by what one feature needs, and
// for FlatGeobuf by the boxes of all, not by what is written.
func TestMemory(t *testing.T) {
	const n = 200_000
	places := make([]*geo.Place, n)
	for i := range places {
		places[i] = &geo.Place{
			ID: fmt.Sprintf("demo:station-%06d", i), Kind: geo.KindStation, Name: fmt.Sprintf("望溪驿站 %d 号", i),
			Point:   orb.Point{104 + float64(i*7919%n)/n, 30 + float64(i%1000)/1000},
			Address: "望溪街道望溪路一百号旁", Hours: "Mo-Fr 08:00-20:00", Facilities: []geo.Facility{"rest", "hot_water"},
			Station: &geo.Station{Type: geo.Branch}, Source: geo.Source{Feed: "demo"}, Extra: map[string]string{"备注二": "常开"},
		}
	}
	a := atlas.New(atlas.Parts{Places: places})
	places = nil
	for name, c := range map[string]struct {
		do   writer
		opt  export.Options
		most int64 // bytes
	}{
		"geojson": {export.GeoJSON, export.Options{}, 8 << 20},
		"csv":     {export.CSV, export.Options{}, 8 << 20},
		// A list of n items of 48 bytes that grows by copying.
		"flatgeobuf": {export.FlatGeobuf, export.Options{Collections: []export.Collection{"station"}}, n*48*9/4 + 8<<20},
	} {
		t.Run(name, func(t *testing.T) {
			c.opt.Dir = t.TempDir()
			out := &probe{before: liveHeap()}
			counts, err := c.do(context.Background(), out, a, c.opt)
			if err != nil || export.Total(counts).Features != n {
				t.Fatalf("%+v, %v", counts, err)
			}
			if out.grown > c.most || out.looked < 2 || out.size < n*60 {
				t.Errorf("the heap grew by %d bytes for %d, at most %d are wanted; looked %d times", out.grown, out.size, c.most, out.looked)
			}
			t.Logf("%d MB written, heap +%.1f MB", out.size>>20, float64(out.grown)/(1<<20))
		})
	}
	runtime.KeepAlive(a)
}

// probe takes what is written and looks now and then at how much more of the
// heap is in use than before. Who writes waits meanwhile, so that nothing but
// what it holds is counted.
type probe struct {
	size, next    int
	before, grown int64
	looked        int
}

func (p *probe) Write(b []byte) (int, error) {
	if p.size += len(b); p.size >= p.next {
		p.grown = max(p.grown, liveHeap()-p.before)
		p.looked++
		p.next += 24 << 20
	}
	return len(b), nil
}

func liveHeap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
