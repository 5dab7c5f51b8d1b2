package api

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"yizhan/data/atlas"
	"yizhan/data/demo"
	"yizhan/data/osm"
	"yizhan/geo"
	"yizhan/geo/hours"
)

// demoAtlas is the demo district, made once for all tests.
var demoAtlas = sync.OnceValues(func() (*atlas.Atlas, error) {
	d := demo.Generate(demo.Options{Seed: 1, Now: noon.In(atlas.DefaultZone())})
	r, err := osm.Import(context.Background(), d, osm.Options{Feed: demo.Feed, Time: noon})
	if err != nil {
		return nil, err
	}
	var places []*geo.Place
	for i := range r.Places {
		places = append(places, &r.Places[i])
	}
	for i := range d.Places {
		places = append(places, &d.Places[i])
	}
	return atlas.New(atlas.Parts{Places: places, Streets: r.Network, Demo: true, Name: d.Name, Attribution: d.Attribution}), nil
})

func startDemo(t *testing.T, cfg Config) *rig {
	t.Helper()
	a, err := demoAtlas()
	if err != nil {
		t.Fatal(err)
	}
	cfg.Keeper = &atlas.Keeper{}
	cfg.Keeper.Swap(a)
	return start(t, cfg)
}

// TestDemoDistrict asks every endpoint about the demo district, each kind and
// compound; the answers are validated as all are.
func TestDemoDistrict(t *testing.T) {
	r := startDemo(t, Config{})
	a := r.keeper.Current()
	c := a.Bound().Center()
	here := fmt.Sprintf("%.6f,%.6f", c[0], c[1])
	r.get("/api/about").want(t, 200)
	for _, k := range geo.Kinds() {
		r.get("/layers/"+string(k.Kind)+".geojson").want(t, 200)
		for _, by := range []string{"line", "foot", "bicycle", "ebike"} {
			var got collection
			r.get(fmt.Sprintf("/api/nearest?at=%s&kind=%s&by=%s&limit=10", here, k.Kind, by)).want(t, 200).decode(t, &got)
			if a.Places.Len(k.Kind) >= 10 && len(got.Features) != 10 {
				t.Errorf("%s by %s: %d of %d", k.Kind, by, len(got.Features), a.Places.Len(k.Kind))
			}
		}
	}
	r.get("/layers/compound.geojson").want(t, 200)
	r.get("/layers/building.geojson").want(t, 200)
	for _, radius := range []int{300, 500, 1000} {
		r.get(fmt.Sprintf("/api/coverage?radius=%d", radius)).want(t, 200)
	}
	compounds := a.Streets.Compounds()
	for i := range compounds {
		r.get("/api/places/"+url.PathEscape(compounds[i].ID)).want(t, 200)
		r.get("/api/search?q="+url.QueryEscape(compounds[i].Name)+"&near="+here).want(t, 200)
		var got routeAnswer
		r.get("/api/route?by=ebike&from="+here+"&to="+url.QueryEscape(compounds[i].ID)).want(t, 200).decode(t, &got)
		if compounds[i].Gated && len(got.Options) == 0 {
			t.Errorf("%s: no option", compounds[i].Name)
		}
	}
}

// TestDemoNearestEqualsBruteForce compares nearest by travel time, with and
// without filters, with timing every station.
func TestDemoNearestEqualsBruteForce(t *testing.T) {
	r := startDemo(t, Config{})
	a := r.keeper.Current()
	b := a.Bound()
	rng := rand.New(rand.NewPCG(1, 2))
	depart := noon.In(a.Zone).Truncate(time.Minute)
	router := a.Router
	stations := slices.Collect(a.Places.All(geo.KindStation))
	points := make([]orb.Point, len(stations))
	for i, s := range stations {
		points[i] = a.Places.Point(s)
	}
	for range 25 {
		from := orb.Point{b.Min[0] + rng.Float64()*(b.Max[0]-b.Min[0]), b.Min[1] + rng.Float64()*(b.Max[1]-b.Min[1])}
		for _, mode := range geo.Modes() {
			costs, err := router.Durations(t.Context(), from, mode, depart, points, maxTravel)
			if err != nil {
				continue // no street near: the endpoint says so, which other tests see
			}
			for _, filter := range []string{"", "&open=arrival", "&facility=microwave", "&within=600"} {
				want := map[string]float64{}
				for i, c := range costs {
					p := stations[i]
					arrive := depart.Add(time.Duration(c.Duration * float64(time.Second)))
					switch {
					case !c.OK,
						filter == "&open=arrival" && stateAt(a, p, arrive) != hours.StateOpen,
						filter != "&open=arrival" && !running(a.Places.Valid(p), depart),
						filter == "&facility=microwave" && !a.Places.Has(p, []geo.Facility{"microwave"}),
						filter == "&within=600" && geo.Distance(from, points[i]) > 600:
					default:
						want[a.Places.ID(p)] = c.Duration
					}
				}
				var got collection
				r.get(fmt.Sprintf("/api/nearest?at=%.9f,%.9f&by=%s&limit=5%s", from[0], from[1], mode, filter)).want(t, 200).decode(t, &got)
				if len(got.Features) != min(5, len(want)) {
					t.Errorf("%v by %s%s: %d places, want %d", from, mode, filter, len(got.Features), min(5, len(want)))
				}
				worst := 0.0
				for _, f := range got.Features {
					worst = max(worst, want[f.ID])
					delete(want, f.ID)
				}
				for id, d := range want {
					if len(got.Features) == 5 && d < worst-0.1 {
						t.Errorf("%v by %s%s: %s is reached in %g s and left out, the last listed takes %g s", from, mode, filter, id, d, worst)
					}
				}
			}
		}
	}
}
