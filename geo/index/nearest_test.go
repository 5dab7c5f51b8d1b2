package index_test

import (
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/paulmach/orb"

	"yizhan/geo"
	"yizhan/geo/index"
)

// TestNearestNearAndFar has places from a step to half the Earth away, many
// near, few far, some changed since.
func TestNearestNearAndFar(t *testing.T) {
	kinds := []geo.Kind{geo.KindStation, geo.KindGate}
	for _, at := range []orb.Point{{113.6, 34.8}, {179.95, -79.2}, {-180, 0}, {10, 89.9}, {-58, -51.7}} {
		rnd := rand.New(rand.NewPCG(3, 5))
		place := func(i int) *geo.Place {
			far := 1e-7 * math.Pow(1e9, float64(i%997)/997)
			p := orb.Point{at[0] + far*(2*rnd.Float64()-1), min(max(at[1]+far*(rnd.Float64()-0.5), -90), 90)}
			return &geo.Place{ID: fmt.Sprint("p", i), Kind: kinds[i%2], Point: p, Facilities: offers[i%len(offers)]}
		}
		model := map[string]*geo.Place{}
		var places, put []*geo.Place
		var remove []string
		for i := range 3000 {
			places = append(places, place(i))
			model[places[i].ID] = places[i]
		}
		for i := range 400 {
			if p := place(i * 8); i%3 > 0 {
				put = append(put, p)
				model[p.ID] = p
			} else {
				remove = append(remove, p.ID)
				delete(model, p.ID)
			}
		}
		ix := index.Build(places).With(put, remove)
		kept := asKept(ix, slices.Collect(maps.Values(model)))
		even := func(s index.Slot) bool { id := ix.ID(s); return id[len(id)-1]%2 == 0 }
		all := nearOf(ix, kept, index.Query{At: at})
		for i := 0; i+61 <= len(all); i += 97 {
			q := index.Query{At: at, Limit: 60, After: &index.Mark{Distance: all[i].Distance, ID: all[i].ID}}
			if diff := gocmp.Diff(all[i+1:i+61], answers(ix, ix.Nearest(q))); diff != "" {
				t.Fatalf("%+v (-model +index):\n%s", q, diff)
			}
		}
		for _, limit := range []int{0, 1, 10, 32, 33, 400} {
			for _, q := range []index.Query{
				{}, {Kinds: kinds[:1]}, {Where: even}, {Where: func(index.Slot) bool { return true }},
				{Facilities: offers[1]}, {Facilities: offers[6], Where: even}, {Within: 30}, {Within: 70_000}, {Within: 2e6, Where: even},
				{After: &index.Mark{Distance: 2}}, {After: &index.Mark{Distance: 65_000}, Kinds: kinds[1:]}, {After: &index.Mark{Distance: 1e6}, Where: even},
			} {
				q.At, q.Limit = at, limit
				if diff := gocmp.Diff(nearOf(ix, kept, q), answers(ix, ix.Nearest(q)), cmpopts.EquateEmpty()); diff != "" {
					t.Fatalf("%+v (-model +index):\n%s", q, diff)
				}
			}
		}
	}
}
