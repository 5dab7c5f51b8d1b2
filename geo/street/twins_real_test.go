package street_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"yizhan/data/osm/osmtest"
	"yizhan/geo"
	"yizhan/geo/hours"
	"yizhan/geo/route"
	"yizhan/geo/street"
)

// TestEastGate rides through the east gate of a campus in Beijing, where an
// untagged lift gate stands 1.1 m behind the gate: what was entered of the gate,
// and an opening of it, is what the route says.
func TestEastGate(t *testing.T) {
	const gate = "osm:n12753716505"
	n := new(osmtest.Cities).Streets(t, "bupt-beijing")
	zone := time.FixedZone("", 8*3600)
	where := func(p orb.Point) hours.Place { return hours.Place{Point: p, Zone: zone, Holidays: hours.China()} }
	noon, night := time.Date(2026, 11, 24, 12, 0, 0, 0, zone), time.Date(2026, 11, 24, 3, 0, 0, 0, zone)
	table := []*geo.Place{{ID: "table:g:1", Kind: geo.KindGate, Name: "东门", Point: orb.Point{116.35472, 39.96105},
		Gate: &geo.Gate{}, Hours: "06:00-22:00", Extra: map[string]string{"access": "yes"}, Source: geo.Source{Feed: "table:g"}}}
	opening := []geo.Closure{{Opens: true, Gate: gate}}
	for _, c := range []struct {
		name       string
		changes    street.Changes
		noon, dark geo.Verdict
	}{
		{"as mapped", street.Changes{}, geo.Unknown, geo.Unknown},
		{"entered", street.Changes{Gates: table}, geo.Open, geo.Closed},
		{"opened", street.Changes{Closures: opening}, geo.Open, geo.Open},
		{"opened over its hours", street.Changes{Gates: table, Closures: opening}, geo.Open, geo.Open},
	} {
		t.Run(c.name, func(t *testing.T) {
			changed, effect := n.With(c.changes)
			if len(c.changes.Gates) > 0 && (effect.Gates[0] != gate || !effect.Heard[0]) {
				t.Fatalf("the record speaks for %v, heard %v", effect.Gates, effect.Heard)
			}
			for _, e := range effect.Closures {
				if e.Gates != 1 {
					t.Errorf("the opening holds for %d gates", e.Gates)
				}
			}
			r := route.New(changed, where)
			for depart, want := range map[time.Time]geo.Verdict{noon: c.noon, night: c.dark} {
				options, err := r.Route(context.Background(), route.Request{
					From: orb.Point{116.35520, 39.96103}, To: route.Target{Point: orb.Point{116.35420, 39.96106}},
					Mode: geo.Foot, Depart: depart, Limit: 5,
				})
				if err != nil {
					t.Fatal(err)
				}
				i := slices.IndexFunc(options, func(a route.Approach) bool { return a.Gate != nil && a.Gate.ID == gate })
				if i < 0 {
					t.Fatalf("at %s: no way through %s", depart.Format("15:04"), gate)
				}
				a := options[i]
				if a.Verdict != want || want == geo.Open && (len(a.Legs) == 0 || a.Distance > 200) {
					t.Errorf("at %s: %v over %.0f m, want %v", depart.Format("15:04"), a.Verdict, a.Distance, want)
				}
			}
		})
	}
}
