package street_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"yizhan/data/osm/osmtest"
	"yizhan/geo"
	"yizhan/geo/hours"
	"yizhan/geo/street"
)

// TestMonacoUnderClosures lays areas over a real city. Which streets and gates
// they hold for is compared with another library's idea of what lies inside,
// at points a few metres apart.
func TestMonacoUnderClosures(t *testing.T) {
	n := new(osmtest.Cities).Streets(t, "monaco")
	rnd := rand.New(rand.NewPCG(5, 6))
	where := hours.Place{Point: n.Bound().Center(), Zone: time.UTC}
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for range 20 {
		area := star(rnd, n.Node(uint32(rnd.IntN(n.NumNodes()))))
		got, effect := n.With(street.Changes{Closures: []geo.Closure{{Area: area, From: now, To: now.Add(time.Hour)}}})
		streets, sure := 0, 0
		for e := range uint32(n.NumStreets()) {
			inside := slices.ContainsFunc(dense(n.Coords(nil, street.Ref(e<<1))), func(p orb.Point) bool { return planar.PolygonContains(area, p) })
			closed := got.WayRule(e) != nil && got.WayRule(e).Pass(geo.Foot, now, where).Verdict == geo.Closed
			if inside {
				sure++
			}
			if inside && !closed {
				t.Fatalf("street %d is open in %v", e, area)
			}
			if closed {
				streets++
			}
			if r := got.WayRule(e); r != nil && r.Pass(geo.Foot, now.Add(time.Hour), where) != passOf(n.WayRule(e), now.Add(time.Hour), where) {
				t.Fatalf("street %d is not as before after the closure", e)
			}
		}
		if streets != effect.Closures[0].Streets || streets < sure || streets > sure+max(3, sure/10) {
			t.Errorf("%d streets are closed, the effect says %d, %d have points inside", streets, effect.Closures[0].Streets, sure)
		}
		for i := range n.Gates() {
			g := &n.Gates()[i]
			b, _ := got.BarrierOf(g.ID)
			closed := got.BarrierRule(b) != n.BarrierRule(b)
			if closed != planar.PolygonContains(area, g.Point) {
				t.Errorf("gate %s: closed %v", g.ID, closed)
			}
		}
	}
}

func passOf(r *street.Rule, t time.Time, where hours.Place) street.Passage {
	if r == nil {
		return street.Passage{Verdict: geo.Open, Through: true}
	}
	return r.Pass(geo.Foot, t, where)
}

// star is a polygon with points and bays around a point.
func star(rnd *rand.Rand, p orb.Point) orb.Polygon {
	var ring orb.Ring
	for _, d := range [...]orb.Point{{1, 0}, {0.7, 0.7}, {0, 1}, {-0.7, 0.7}, {-1, 0}, {-0.7, -0.7}, {0, -1}, {0.7, -0.7}} {
		r := 0.0005 + 0.004*rnd.Float64()
		ring = append(ring, orb.Point{p[0] + d[0]*r, p[1] + d[1]*r})
	}
	return orb.Polygon{append(ring, ring[0])}
}

// dense adds points between those of a line, about two metres apart.
func dense(line orb.LineString) []orb.Point {
	out := []orb.Point{line[0]}
	for i := 1; i < len(line); i++ {
		a, b := line[i-1], line[i]
		steps := 1 + int(geo.Distance(a, b)/2)
		for k := 1; k <= steps; k++ {
			f := float64(k) / float64(steps)
			out = append(out, orb.Point{a[0] + (b[0]-a[0])*f, a[1] + (b[1]-a[1])*f})
		}
	}
	return out
}
