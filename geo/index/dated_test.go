package index_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"yizhan/geo"
	"yizhan/geo/index"
)

// TestNearestOfDated: asking about dated places alone gives what asking about
// every place gives, whatever was edited.
func TestNearestOfDated(t *testing.T) {
	day := func(n int) time.Time { return time.Date(2026, 1, n, 0, 0, 0, 0, time.UTC) }
	rapid.Check(t, func(t *rapid.T) {
		rarely := rapid.SampledFrom([]int{1, 2, 40, 1000}).Draw(t, "dated, one in")
		place := func(i, salt int) *geo.Place {
			p := &geo.Place{ID: fmt.Sprint("p", i), Kind: geo.KindStation, Point: orb.Point{float64(i*7%101) / 10, float64(i*13%89) / 10}}
			for f := range i % 9 {
				p.Facilities = append(p.Facilities, geo.Facility(fmt.Sprint("f", i*f%80)))
			}
			if (i+salt)%rarely == 0 {
				p.Valid = &geo.Period{From: day(1 + (i+salt)%28)}
			}
			return p
		}
		var places, put []*geo.Place
		for i := range rapid.IntRange(0, 600).Draw(t, "places") {
			places = append(places, place(i, 0))
		}
		for i := range rapid.IntRange(0, 20).Draw(t, "edits") {
			put = append(put, place(i*31, 1))
		}
		ix := index.Build(places).With(put, []string{"p7"})
		if rapid.Bool().Draw(t, "compacted") {
			ix = ix.Compacted()
		}
		begun := func(s index.Slot) bool { return !ix.Valid(s).From.After(day(14)) }
		q := index.Query{At: orb.Point{5, 4}, Limit: rapid.IntRange(0, 12).Draw(t, "limit")}
		q.Where = func(s index.Slot) bool { return ix.Valid(s) == nil || begun(s) }
		want := ix.Nearest(q)
		q.Where, q.Dated = nil, begun // which would panic of others
		if got := ix.Nearest(q); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Fatalf("%v, want %v", got, want)
		}
	})
}
