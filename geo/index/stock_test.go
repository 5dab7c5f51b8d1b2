package index_test

import (
	"fmt"
	"testing"

	"github.com/paulmach/orb"

	"yizhan/geo"
	"yizhan/geo/index"
)

// TestNearestOfManyStocks: where places have more different facilities and
// hours than are numbered, filters find what looking at every place finds.
func TestNearestOfManyStocks(t *testing.T) {
	const numbered = 1 << 16
	known := geo.Facilities() // one in two places has each of the first 16
	places := make([]*geo.Place, numbered+5000)
	for i := range places {
		p := &geo.Place{
			ID: fmt.Sprint("p", i), Kind: geo.KindStation, Hours: fmt.Sprintf("Mo-Su 08:00-%02d:%02d", 9+i%2, i/2%30),
			Point: orb.Point{104 + float64(i*7919%1009)/5000, 30 + float64(i*104729%997)/5000},
		}
		for f := range known {
			if i>>f&1 == 1 {
				p.Facilities = append(p.Facilities, known[f].Facility)
			}
		}
		places[i] = p
	}
	ix := index.Build(places)
	hours := places[len(places)-1].Hours
	bit := index.HoursBit(hours)
	for _, wanted := range [][]geo.Facility{nil, {known[0].Facility}, {known[3].Facility, known[10].Facility}} {
		for n := range 25 { // all over, as those of some corner are not numbered
			at := orb.Point{104 + float64(n%5)/20, 30 + float64(n/5)/20}
			q := index.Query{At: at, Limit: 20, Where: func(s index.Slot) bool {
				return ix.Has(s, wanted) && ix.Hours(s) == hours
			}}
			want := ix.Nearest(q)
			if len(want) != q.Limit {
				t.Fatalf("%d places", len(want))
			}
			q.Where = func(s index.Slot) bool { return ix.Hours(s) == hours } // of those that share the bit
			q.Facilities, q.Hours = wanted, &bit
			if got := ix.Nearest(q); fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("%v at %v: %v, want %v", wanted, at, got, want)
			}
		}
	}
}
