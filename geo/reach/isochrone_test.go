package reach_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"yizhan/data/osm"
	"yizhan/geo"
	"yizhan/geo/geotest"
	"yizhan/geo/hours"
	"yizhan/geo/reach"
	"yizhan/geo/route"
	"yizhan/geo/street"
)

// imports keeps the extracts that several tests use.
var imports sync.Map

func extract(t testing.TB, name string) *street.Network {
	t.Helper()
	path := geotest.Data(t, "osm", name+".osm.pbf")
	load, _ := imports.LoadOrStore(name, sync.OnceValues(func() (*street.Network, error) {
		src, err := osm.File(path)
		if err != nil {
			return nil, err
		}
		res, err := osm.Import(context.Background(), src, osm.Options{})
		if err != nil {
			return nil, err
		}
		return res.Network, nil
	}))
	n, err := load.(func() (*street.Network, error))()
	if err != nil {
		t.Fatal(err)
	}
	return n
}

var beijing = time.FixedZone("CST", 8*3600)

func at(hour, minute int) time.Time { return time.Date(2026, 11, 23, hour, minute, 0, 0, beijing) }

func where(p orb.Point) hours.Place { return hours.Place{Point: p, Zone: beijing} }

// publicStarts draws points of streets that all modes use and pass through.
func publicStarts(n *street.Network, count int) []orb.Point {
	rng := rand.New(rand.NewPCG(1, 2))
	var out []orb.Point
	for len(out) < count {
		e := uint32(rng.IntN(n.NumStreets()))
		a, _ := n.Ends(street.Ref(e << 1))
		good := n.Room(e) == street.Public && n.RoomAt(n.Node(a)) == street.Public && !n.ProfileOf(e).Below
		for _, m := range geo.Modes() {
			good = good && n.Zone(m, e) == 0 && !n.Island(m, e) && n.Time(m, street.Ref(e<<1)) != street.Unreachable
		}
		if good {
			out = append(out, n.Node(a))
		}
	}
	return out
}

func BenchmarkIsochroneFoot(b *testing.B)  { benchmark(b, geo.Foot) }
func BenchmarkIsochroneEbike(b *testing.B) { benchmark(b, geo.Ebike) }

// benchmark draws what is within fifteen minutes of 200 points of a city,
// polygons and all.
func benchmark(b *testing.B, m geo.Mode) {
	n := extract(b, "vancouver")
	x := reach.NewIsochrones(route.New(n, where), n)
	starts := publicStarts(n, 200)
	var times []time.Duration
	for i := 0; b.Loop(); i++ {
		begin := time.Now()
		if _, err := x.Draw(context.Background(), reach.Query{From: starts[i%len(starts)], Mode: m, Depart: at(12, 0), Minutes: []int{15}}); err != nil {
			b.Fatal(err)
		}
		times = append(times, time.Since(begin))
	}
	slices.Sort(times)
	b.ReportMetric(float64(times[len(times)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(times[len(times)*95/100].Microseconds())/1000, "p95-ms")
}
