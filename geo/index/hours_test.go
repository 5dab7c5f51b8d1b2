package index_test

import (
	"fmt"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"yizhan/geo"
	"yizhan/geo/index"
)

// TestNearestByHours: a question for some opening hours gets what it gets
// without leaving out regions, whatever was edited.
func TestNearestByHours(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		kept := rapid.SampledFrom([]int{1, 3, 200}).Draw(t, "kinds of hours")
		place := func(i int) *geo.Place {
			p := &geo.Place{ID: fmt.Sprint("p", i), Kind: geo.KindStation, Point: orb.Point{float64(i*7%101) / 10, float64(i*13%89) / 10}}
			if n := i * 31 % (kept + 1); n > 0 {
				p.Hours = fmt.Sprintf("Mo-Su 08:%02d-%02d:00", n%60, 9+n/60)
			}
			return p
		}
		var places, put []*geo.Place
		for i := range rapid.IntRange(0, 300).Draw(t, "places") {
			places = append(places, place(i))
		}
		for i := range rapid.IntRange(0, 20).Draw(t, "edits") {
			put = append(put, place(i*40))
		}
		ix := index.Build(places).With(put, []string{"p7"})
		want := map[string]bool{}
		bits := uint64(0)
		for n := 1; n <= kept; n++ {
			if rapid.IntRange(0, 3).Draw(t, "open") == 0 {
				hours := fmt.Sprintf("Mo-Su 08:%02d-%02d:00", n%60, 9+n/60)
				want[hours] = true
				bits |= index.HoursBit(hours)
			}
		}
		q := index.Query{At: orb.Point{5, 4}, Limit: rapid.IntRange(0, 12).Draw(t, "limit"), Where: func(s index.Slot) bool { return want[ix.Hours(s)] }}
		all := ix.Nearest(q)
		q.Hours = &bits
		if some := ix.Nearest(q); fmt.Sprint(some) != fmt.Sprint(all) {
			t.Fatalf("%v, want %v", some, all)
		}
	})
	if index.HoursBit("") != 0 {
		t.Error("no hours have a bit")
	}
}
