package index_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"

	"github.com/paulmach/orb"

	"yizhan/geo"
	"yizhan/geo/index"
)

// city returns n places like those that synth scatters, in a box of 0.6°
// around Zhengzhou. One in ten has a fridge, one in a thousand swaps
// batteries.
func city(n int) []*geo.Place {
	rnd := rand.New(rand.NewPCG(1, 2))
	hours := []string{"Mo-Su 07:30-22:00", "Mo-Fr 08:30-12:00,13:00-17:30; PH off", "Mo-Sa 08:30-18:00", ""}
	offers := [][]geo.Facility{{"rest", "drinking_water", "hot_water"}, {"rest", "toilet", "reading"}, {"rest", "microwave", "meal"}}
	places := make([]*geo.Place, n)
	for i := range places {
		p := &geo.Place{
			ID: fmt.Sprint("demo:", i), Point: orb.Point{113.3 + 0.6*rnd.Float64(), 34.5 + 0.6*rnd.Float64()},
			Source: geo.Source{Feed: "demo", Ref: fmt.Sprint(i)},
		}
		switch i % 3 {
		case 0:
			p.Kind, p.Name, p.Station = geo.KindStation, fmt.Sprint("示例驿站", i), &geo.Station{Type: geo.Branch}
			p.Hours, p.Facilities = hours[i%4], offers[i/4%3]
		case 1:
			p.Kind, p.Name, p.Charger = geo.KindCharger, fmt.Sprint("示例充电点", i), &geo.Charger{Vehicles: []string{"ebike"}, Sockets: 4 + i%16}
		case 2:
			p.Kind, p.Name, p.Parking = geo.KindParking, fmt.Sprint("示例停车点", i), &geo.Parking{Vehicles: []string{"bicycle", "ebike"}, Capacity: 4 + i%40}
		}
		switch r := rnd.IntN(1000); {
		case r == 0:
			p.Facilities = []geo.Facility{"rest", "battery_swap"}
		case r < 100:
			p.Facilities = []geo.Facility{"rest", "fridge"}
		}
		places[i] = p
	}
	return places
}

var questions = []struct {
	name  string
	query func(ix *index.Index) index.Query
}{
	{"one-kind", func(*index.Index) index.Query { return index.Query{Kinds: []geo.Kind{geo.KindStation}} }},
	{"all-kinds", func(*index.Index) index.Query { return index.Query{} }},
	{"fridge", func(*index.Index) index.Query {
		return index.Query{Kinds: []geo.Kind{geo.KindStation}, Facilities: []geo.Facility{"fridge"}}
	}},
	{"battery-swap", func(*index.Index) index.Query {
		return index.Query{Kinds: []geo.Kind{geo.KindStation}, Facilities: []geo.Facility{"battery_swap"}}
	}},
	{"where-valid", func(ix *index.Index) index.Query {
		return index.Query{Kinds: []geo.Kind{geo.KindStation}, Where: func(s index.Slot) bool { return ix.Valid(s) == nil }}
	}},
	{"next-page", func(*index.Index) index.Query {
		return index.Query{Kinds: []geo.Kind{geo.KindStation}, After: &index.Mark{Distance: 400}}
	}},
	{"within-1km", func(*index.Index) index.Query { return index.Query{Kinds: []geo.Kind{geo.KindStation}, Within: 1000} }},
	{"where-one-in-ten", func(ix *index.Index) index.Query {
		return index.Query{Kinds: []geo.Kind{geo.KindStation}, Where: func(s index.Slot) bool { id := ix.ID(s); return id[len(id)-1] == '3' }}
	}},
}

func BenchmarkNearest(b *testing.B) {
	for _, n := range []int{20_000, 1_000_000} {
		places := city(n)
		ix := index.Build(places)
		for _, c := range questions {
			b.Run(fmt.Sprintf("%s/%d", c.name, n), func(b *testing.B) {
				hits := make([]index.Hit, 0, 16)
				q := c.query(ix)
				if q.Limit = 10; q.Within > 0 {
					q.Limit = 0
				}
				b.ReportAllocs()
				for i := 0; b.Loop(); i++ {
					q.At = places[i*7919%n].Point
					hits = ix.AppendNearest(hits[:0], q)
				}
			})
		}
	}
}

func BenchmarkWithin(b *testing.B) {
	const n = 1_000_000
	places := city(n)
	ix := index.Build(places)
	for _, c := range []struct {
		name string
		wide float64
	}{{"270", 0.01}, {"2700", 0.0316}} {
		around := func(i int) orb.Bound {
			at := places[i*7919%n].Point
			return orb.Bound{Min: at, Max: orb.Point{at[0] + c.wide, at[1] + c.wide}}
		}
		found := 0
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				ix.Within(around(i), nil, func(index.Slot) bool { found++; return true })
			}
		})
		b.Run(c.name+"-runs", func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				ix.WithinRuns(around(i), nil, func(r index.Run) bool { found += r.Len(); return true })
			}
		})
	}
}

// BenchmarkMap asks for what a map of the whole city is drawn from.
func BenchmarkMap(b *testing.B) {
	ix := index.Build(city(1_000_000))
	for b.Loop() {
		ix.Cell(geo.KindStation, 8, 208, 101).Split(5, func(c index.Cell) bool {
			c.Mean()
			c.Shared()
			return true
		})
	}
}

// BenchmarkBuild builds on one processor, and says what a place takes.
func BenchmarkBuild(b *testing.B) {
	const n = 1_000_000
	places := city(n)
	heap := func() float64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return float64(m.HeapAlloc)
	}
	var ix *index.Index
	before := heap()
	for b.Loop() {
		builder := index.NewBuilder()
		for _, p := range places {
			builder.Add(p)
		}
		ix = builder.BuildWith(1)
	}
	b.ReportMetric((heap()-before)/n, "bytes/place")
	runtime.KeepAlive(ix)
	runtime.KeepAlive(places)
}

// BenchmarkWith changes one place of a million, a thousand being changed
// already.
func BenchmarkWith(b *testing.B) {
	places := city(1_000_000)
	ix := index.Build(places)
	var put []*geo.Place
	for i := range 1000 {
		p := *places[i*997]
		p.Point[0] += 0.001
		put = append(put, &p)
	}
	for _, c := range []struct {
		name string
		ix   *index.Index
	}{{"first", ix}, {"after-1000", ix.With(put, nil)}} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				c.ix.With(put[:1], nil)
			}
		})
	}
	b.Run("compacted", func(b *testing.B) {
		changed := ix.With(put, nil)
		for b.Loop() {
			changed.Compacted()
		}
	})
}
