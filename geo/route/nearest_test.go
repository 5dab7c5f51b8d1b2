package route_test

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"yizhan/geo"
	"yizhan/geo/route"
)

// TestNearest: the first few places, for sets sparse and dense, with filters
// and bounds, are those of all times of travel put in order.
func TestNearest(t *testing.T) {
	for name, n := range cities(t) {
		r := route.New(n, where)
		rng := rand.New(rand.NewPCG(8, 8))
		nodes := publicNodes(n)
		for _, size := range []int{3, 40, 1500} {
			points := make([]orb.Point, size)
			for i := range points {
				points[i] = n.Node(uint32(rng.IntN(n.NumNodes()))) // anywhere, compounds too
			}
			for _, m := range geo.Modes() {
				set := r.PinAll(points, m)
				for trial := range 6 {
					from := n.Node(nodes[rng.IntN(len(nodes))])
					if trial == 5 {
						from = points[0] // perhaps in a compound, on the same street
					}
					depart := at([]int{12, 21, 5}[trial%3], 50)
					within := []float64{0, 600, 7200}[rng.IntN(3)]
					var accept func(int, time.Time) bool
					if trial%2 == 1 {
						accept = func(i int, arrive time.Time) bool { return i%3 == 0 && arrive.After(depart) }
					}
					all, err := r.DurationsToSet(context.Background(), from, depart, set, within)
					if err != nil {
						t.Fatal(err)
					}
					var want []route.Arrival
					for i, c := range all {
						if c.OK && (accept == nil || accept(i, depart.Add(time.Duration(c.Duration*float64(time.Second))))) {
							want = append(want, route.Arrival{Index: i, Cost: c})
						}
					}
					slices.SortStableFunc(want, func(a, b route.Arrival) int { return cmp.Compare(a.Duration, b.Duration) })
					limit := 1 + rng.IntN(8)
					got, err := r.Nearest(context.Background(), from, depart, set, limit, within, accept, nil)
					if err != nil {
						t.Fatal(err)
					}
					about := fmt.Sprintf("%s, %d places, %v, trial %d, %d within %g s", name, size, m, trial, limit, within)
					if want = want[:min(limit, len(want))]; len(got) != len(want) {
						t.Fatalf("%s: %d places, want %d", about, len(got), len(want))
					}
					for i := range got {
						if got[i].Index != want[i].Index || got[i].Duration != want[i].Duration || math.Abs(got[i].Distance-want[i].Distance) > 60 {
							t.Errorf("%s: %d: %+v, want %+v", about, i, got[i], want[i])
						}
					}
				}
			}
		}
	}
}
