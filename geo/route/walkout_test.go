package route_test

import (
	"context"
	"math"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"yizhan/geo"
	"yizhan/geo/route"
)

// TestWalkOut: who came into a compound on foot, as no gate lets the bike in,
// walks out to where it was left, and rides on.
func TestWalkOut(t *testing.T) {
	s := courtSheet(map[string]geo.Tags{"n": {"foot": "yes", "bicycle": "no", "access": "yes"}, "s": {"locked": "yes"}, "w": {"locked": "yes"}, "e": {"locked": "yes"}})
	r, n := s.router(t)
	inside, goal := s.at(2, 20), s.at(-118, -100)
	way := func(m geo.Mode) route.Approach {
		t.Helper()
		as, err := r.Route(context.Background(), route.Request{From: inside, To: route.Target{Point: goal}, Mode: m, Depart: at(12, 0)})
		if err != nil {
			t.Fatalf("%v: %v", m, err)
		}
		checkApproach(t, n, as[0], at(12, 0))
		return as[0]
	}
	foot, ride := way(geo.Foot), way(geo.Ebike)
	if len(ride.Legs) != 2 || ride.Legs[0].Mode != geo.Foot || ride.Legs[1].Mode != geo.Ebike {
		t.Fatalf("legs: %+v", ride.Legs)
	}
	if ride.Duration >= foot.Duration || math.Abs(ride.Distance-foot.Distance) > 1 {
		t.Errorf("%g s, %g m; on foot %g s, %g m", ride.Duration, ride.Distance, foot.Duration, foot.Distance)
	}
	if steps := ride.Legs[1].Steps; !strings.Contains(steps[0].Text.En, "Fetch your bike") {
		t.Errorf("%+v", steps[0])
	}
	costs, err := r.Durations(context.Background(), inside, geo.Ebike, at(12, 0), []orb.Point{goal}, 0)
	if err != nil || !costs[0].OK || math.Abs(costs[0].Duration-ride.Duration) > 0.01 || math.Abs(costs[0].Distance-ride.Distance) > 0.5 {
		t.Errorf("%+v, %v; the route takes %g s, %g m", costs, err, ride.Duration, ride.Distance)
	}
}
