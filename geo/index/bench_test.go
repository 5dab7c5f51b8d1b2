package index_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"

	"yizhan/geo"
	"yizhan/geo/index"
)

// city returns n places of three kinds in a box of 0.6° around Zhengzhou.
func city(n int) []*geo.Place {
	rnd := rand.New(rand.NewPCG(1, 2))
	kinds := []geo.Kind{geo.KindStation, geo.KindGate, geo.KindCharger}
	places := make([]*geo.Place, n)
	for i := range places {
		places[i] = &geo.Place{
			ID: fmt.Sprintf("bench:%d", i), Kind: kinds[i%3],
			Point: orb.Point{113.3 + 0.6*rnd.Float64(), 34.5 + 0.6*rnd.Float64()},
		}
	}
	return places
}

func BenchmarkNearest(b *testing.B) {
	for _, n := range []int{20_000, 1_000_000} {
		places := city(n)
		ix := index.Build(places)
		for _, c := range []struct {
			name  string
			kinds []geo.Kind
			where func(*index.Index) func(index.Slot) bool
		}{
			{"one-kind", []geo.Kind{geo.KindStation}, nil},
			{"all-kinds", nil, nil},
			{"one-in-ten", []geo.Kind{geo.KindStation}, func(ix *index.Index) func(index.Slot) bool {
				return func(s index.Slot) bool { id := ix.ID(s); return id[len(id)-1] == '3' }
			}},
		} {
			b.Run(fmt.Sprintf("%s/%d", c.name, n), func(b *testing.B) {
				hits := make([]index.Hit, 0, 16)
				var where func(index.Slot) bool
				if c.where != nil {
					where = c.where(ix)
				}
				b.ReportAllocs()
				for i := 0; b.Loop(); i++ {
					hits = ix.AppendNearest(hits[:0], index.Query{At: places[i*7919%n].Point, Kinds: c.kinds, Limit: 10, Where: where})
				}
			})
		}
	}
}

func BenchmarkWithin(b *testing.B) {
	const n = 1_000_000
	places := city(n)
	ix := index.Build(places)
	found := 0
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		at := places[i*7919%n].Point
		ix.Within(orb.Bound{Min: at, Max: orb.Point{at[0] + 0.01, at[1] + 0.01}}, nil, func(index.Slot) bool { found++; return true })
	}
	b.ReportMetric(float64(found)/float64(b.N), "places/op")
}

func BenchmarkBuild(b *testing.B) {
	places := city(1_000_000)
	for b.Loop() {
		index.Build(places)
	}
}
