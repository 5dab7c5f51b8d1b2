package atlas

import (
	"bytes"
	"fmt"
	"sync"
	"testing"

	"github.com/paulmach/orb"

	"yizhan/geo"
	"yizhan/geo/datum"
	"yizhan/geo/index"
)

// TestNeighbours: what is kept of features is what AppendFeature writes, for
// places that stay, come, change and go, in every datum, for many at once.
func TestNeighbours(t *testing.T) {
	var places []*geo.Place
	for i := range 1000 {
		places = append(places, &geo.Place{ID: fmt.Sprintf("t:%d", i), Kind: geo.KindStation, Name: fmt.Sprintf("驿站\"%d", i),
			Point: orb.Point{104 + float64(i%37)/100, 30 + float64(i%41)/100}, Source: geo.Source{Feed: "t"}})
	}
	a := New(Parts{Places: places})
	changed := *a
	moved := *places[7]
	moved.Name = "改名"
	changed.Places = a.Places.With([]*geo.Place{&moved, {ID: "t:new", Kind: geo.KindStation, Name: "新", Point: orb.Point{104, 30}, Source: geo.Source{Feed: "t"}}}, []string{"t:9"})
	changed.render()
	if changed.fragments[0] != a.fragments[0] {
		t.Fatal("the features of places that stay are not shared")
	}
	var work sync.WaitGroup
	for _, of := range []*Atlas{a, &changed} {
		for _, d := range []datum.Datum{datum.WGS84, datum.GCJ02, ""} {
			work.Go(func() {
				near := of.Neighbours(d)
				for range 3 {
					for s := range of.Places.All("") {
						want := of.AppendFeature(nil, s, d, nil, nil)
						if got := near.AppendFeature([]byte("["), s); !bytes.Equal(got[1:], want) {
							t.Errorf("%s:\n%s\n%s", of.Places.ID(s), got, want)
							return
						}
					}
				}
			})
		}
	}
	work.Wait()
}

// TestBlocksAreBounded: however many features are shown, what is kept of them
// stays within its bound, and what is shown again and again stays.
func TestBlocksAreBounded(t *testing.T) {
	const rows = 20_000 * blockLen
	k := newBlocks(rows)
	for i := range k.list {
		k.list[i].Store(k.once)
	}
	favourite := &block{text: make([]byte, 10<<10)}
	k.keep(3, favourite)
	var work sync.WaitGroup
	for w := range 4 {
		work.Go(func() {
			for n := 10 + w; n < rows/blockLen; n += 4 {
				k.keep(n, &block{text: make([]byte, 10<<10)})
				favourite.used.Store(true)
			}
		})
	}
	work.Wait()
	k.keep(5, &block{text: make([]byte, 10<<10)})
	sum := int64(0)
	for i := range k.list {
		if b := k.list[i].Load(); b != nil && b != k.once {
			sum += int64(cap(b.text) + blockCost)
		}
	}
	if held := k.held.Load(); held != sum || held > blocksMost+4*(10<<10+blockCost) || held < blocksMost/2 {
		t.Errorf("%d bytes are counted, %d are there, the bound is %d", held, sum, blocksMost)
	}
	if k.list[3].Load() != favourite {
		t.Error("what is shown all the time was dropped")
	}
}

func BenchmarkNeighbours(b *testing.B) {
	var places []*geo.Place
	for i := range 100_000 {
		places = append(places, &geo.Place{ID: fmt.Sprintf("t:%d", i), Kind: geo.KindStation, Name: fmt.Sprintf("示例驿站%d", i), Hours: "Mo-Su 07:30-22:00",
			Facilities: []geo.Facility{"rest", "hot_water"}, Station: &geo.Station{Type: geo.Branch},
			Point: orb.Point{104 + float64(i%331)/1000, 30 + float64(i%307)/1000}, Source: geo.Source{Feed: "t"}})
	}
	a := New(Parts{Places: places})
	box := orb.Bound{Min: orb.Point{104.1, 30.1}, Max: orb.Point{104.133, 30.131}}
	dst := make([]byte, 0, 1<<20)
	for _, how := range []string{"kept", "joined"} {
		b.Run(how, func(b *testing.B) {
			n := 0
			for b.Loop() {
				near := a.Neighbours(datum.WGS84)
				dst, n = dst[:0], 0
				a.Places.Within(box, nil, func(s index.Slot) bool {
					if how == "kept" {
						dst = near.AppendFeature(dst, s)
					} else {
						dst = a.AppendFeature(dst, s, datum.WGS84, nil, nil)
					}
					n++
					return true
				})
			}
			b.ReportMetric(float64(n), "features")
		})
	}
}
