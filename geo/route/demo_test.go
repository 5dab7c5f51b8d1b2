package route_test

import (
	"context"
	"testing"

	"github.com/paulmach/orb"

	"yizhan/data/demo"
	"yizhan/data/osm"
	"yizhan/geo"
	"yizhan/geo/route"
)

// risky is how many seconds slower than the quickest way an approach may be
// that asks nobody's leave.
const risky = 180

// TestPlacesInside: a place within a gated compound is reached through a gate,
// at an hour at which one lets callers in; a search among many places agrees
// with the route to each.
func TestPlacesInside(t *testing.T) {
	d := demo.Generate(demo.Options{Seed: 1, Now: at(12, 0)})
	res, err := osm.Import(context.Background(), d, osm.Options{Feed: demo.Feed, Time: at(12, 0)})
	if err != nil {
		t.Fatal(err)
	}
	n := res.Network
	r := route.New(n, where)
	from := n.Bound().Center()
	if n.RoomAt(from) != 0 {
		t.Fatal("the start lies in a compound")
	}
	var places []geo.Place
	var points []orb.Point
	for _, p := range append(res.Places, d.Places...) {
		if _, gated := n.RoomOf(p.Compound); p.Kind != geo.KindGate && n.RoomAt(p.Point) != 0 {
			if !gated {
				t.Errorf("%s lies in a room but in no gated compound (%q)", p.ID, p.Compound)
			}
			places, points = append(places, p), append(points, p.Point)
		}
	}
	if len(places) < 50 {
		t.Fatalf("only %d places", len(places))
	}
	shut := 0
	for _, hour := range []int{3, 12} {
		for _, m := range geo.Modes() {
			costs, err := r.Durations(context.Background(), from, m, at(hour, 0), points, 0)
			if err != nil {
				t.Fatal(err)
			}
			for i := range places {
				as, err := r.Route(context.Background(), route.Request{From: from, To: route.Target{Place: places[i].ID, Point: points[i]}, Mode: m, Depart: at(hour, 0), Limit: 5})
				if err != nil {
					t.Errorf("%s %s at %d:00: %v", places[i].ID, m, hour, err)
					continue
				}
				least, passable, opens := 1e9, false, false
				for _, a := range as {
					if a.Gate == nil {
						t.Errorf("%s: by no gate: %v", places[i].ID, a.Reason)
					}
					if a.Verdict != geo.Closed {
						passable, least = true, min(least, a.Duration)
					} else {
						opens = opens || !a.Opens.IsZero()
					}
				}
				if hour == 3 && opens {
					shut++
				}
				if costs[i].OK != passable {
					t.Errorf("%s %s at %d:00: %+v, route %s", places[i].ID, m, hour, costs[i], names(as))
				}
				if passable && (costs[i].Duration > least+0.01 || costs[i].Duration < least-risky || costs[i].Distance <= 0) {
					t.Errorf("%s %s at %d:00: %+v, the route %g s: %s", places[i].ID, m, hour, costs[i], least, names(as))
				}
			}
		}
	}
	if shut == 0 {
		t.Error("no gate with hours was shut at night")
	}
}
