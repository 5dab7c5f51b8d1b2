package street

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"yizhan/geo"
)

// manyAreas makes up areas over a town of some metres. Each closes for an hour
// of its own: none is like another.
func manyAreas(count int, area func(rnd *rand.Rand) orb.Polygon) []geo.Closure {
	rnd := rand.New(rand.NewPCG(7, 8))
	list := make([]geo.Closure, count)
	for i := range list {
		from := someYear.Add(time.Duration(i) * time.Hour)
		list[i] = geo.Closure{ID: fmt.Sprint(i), Area: area(rnd), From: from, To: from.Add(time.Hour)}
	}
	return list
}

func squares(metres, half float64) func(*rand.Rand) orb.Polygon {
	return func(rnd *rand.Rand) orb.Polygon {
		x, y := rnd.Float64()*metres, rnd.Float64()*metres
		return patch(x-half, y-half, x+half, y-half, x+half, y+half, x-half, y+half)
	}
}

// jagged is an area of 1000 corners around a middle.
func jagged(metres float64) func(*rand.Rand) orb.Polygon {
	return func(rnd *rand.Rand) orb.Polygon {
		x, y := rnd.Float64()*metres, rnd.Float64()*metres
		var c []float64
		for i := range 1000 {
			sin, cos := math.Sincos(2 * math.Pi * float64(i) / 1000)
			r := metres * (0.2 + 0.2*rnd.Float64())
			c = append(c, x+r*cos, y+r*sin)
		}
		return patch(c...)
	}
}

// comb is an area of 1000 corners whose every tooth is as long as the town.
func comb(metres float64) func(*rand.Rand) orb.Polygon {
	return func(*rand.Rand) orb.Polygon {
		var c []float64
		for i := range 499 {
			x := metres * float64(i) / 499
			c = append(c, x, metres, x+metres/998, 0)
		}
		return patch(append(c, metres, -10, 0, -10)...)
	}
}

// TestManySetsAreSmall: thousands of areas over every street, each of which
// makes a difference, take little memory.
func TestManySetsAreSmall(t *testing.T) {
	n := town(t, 20)
	list := manyAreas(4000, squares(4000, 2000))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	got, _ := n.With(Changes{Closures: list})
	runtime.ReadMemStats(&after)
	if mb := (after.TotalAlloc - before.TotalAlloc) >> 20; mb > 30 {
		t.Errorf("%d streets under %d areas take %d MB", n.NumStreets(), len(list), mb)
	}
	if len(got.overRules) < 500 {
		t.Errorf("%d sets of closures are too few to tell", len(got.overRules))
	}
}

func BenchmarkWith(b *testing.B) {
	const size = 60
	n, metres := town(b, size), 200.0*size
	for _, c := range []struct {
		name  string
		count int
		area  func(*rand.Rand) orb.Polygon
	}{
		{"10000 small squares", 10000, squares(metres, metres/20)},
		{"1500 large squares", 1500, squares(metres, metres/2)},
		{"20 jagged areas", 20, jagged(metres)},
		{"20 combs", 20, comb(metres)},
	} {
		list := manyAreas(c.count, c.area)
		for i := range list {
			if err := list[i].Check(); err != nil {
				b.Fatal(err)
			}
		}
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				n.With(Changes{Closures: list})
			}
		})
	}
}
