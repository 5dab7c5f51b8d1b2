package demo

import (
	"context"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"yizhan/data/osm"
	"yizhan/geo"
	"yizhan/geo/hours"
	"yizhan/geo/route"
)

// TestEveryBuildingIsReached walks from a street to each building of a
// compound: by day a gate must let one in, and where buildings stand apart no
// path may lead through them.
func TestEveryBuildingIsReached(t *testing.T) {
	d := Generate(Options{Seed: 1, Now: day})
	r, err := osm.Import(context.Background(), d, osm.Options{Feed: Feed, Time: day})
	if err != nil {
		t.Fatal(err)
	}
	net := r.Network
	zone := time.FixedZone("", 8*3600)
	router := route.New(net, func(p orb.Point) hours.Place {
		return hours.Place{Point: p, Zone: zone, Holidays: hours.China()}
	})
	// A Wednesday without holiday, when every gate with hours is open.
	noon := time.Date(2026, 5, 13, 12, 0, 0, 0, zone)
	start := net.Bound().Center()
	inside, unreached := 0, 0
	gated := map[string]bool{}
	for _, c := range net.Compounds() {
		gated[c.ID] = c.Gated
	}
	buildings := net.Buildings()
	for i := range buildings {
		b := &buildings[i]
		if !gated[b.Compound] {
			continue
		}
		inside++
		options, err := router.Route(context.Background(), route.Request{From: start, To: route.Target{Building: b.ID}, Mode: geo.Foot, Depart: noon})
		if err != nil {
			t.Errorf("%s in %s: %v", b.Number, b.Compound, err)
			continue
		}
		ok := false
		for _, o := range options {
			ok = ok || o.Verdict != geo.Closed && len(o.Legs) > 0 && o.Gate != nil
		}
		if !ok {
			unreached++
			t.Errorf("no gate leads to %s (%s) in %s", b.Number, b.ID, b.Compound)
		}
	}
	if inside < 200 {
		t.Errorf("only %d buildings in gated compounds", inside)
	}
	t.Logf("%d buildings in gated compounds, %d not reached", inside, unreached)
}

// TestBollardsArePassedOnce rides through the gates where only bollards stand,
// which cost no time to speak of: no route goes through one to and fro.
func TestBollardsArePassedOnce(t *testing.T) {
	d := Generate(Options{Seed: 1, Now: day})
	r, err := osm.Import(context.Background(), d, osm.Options{Feed: Feed, Time: day})
	if err != nil {
		t.Fatal(err)
	}
	net, zone := r.Network, time.FixedZone("", 8*3600)
	router := route.New(net, func(p orb.Point) hours.Place { return hours.Place{Point: p, Zone: zone} })
	start := orb.Point{104.064098, 30.663823}
	through, buildings, gates := 0, net.Buildings(), net.Gates()
	for g := range gates {
		if gates[g].Gate.Barrier != "bollard" {
			continue
		}
		for i := range buildings {
			if buildings[i].Compound != gates[g].Compound {
				continue
			}
			options, err := router.Route(context.Background(), route.Request{From: start, To: route.Target{Building: buildings[i].ID}, Mode: geo.Bicycle, Depart: time.Date(2026, 5, 13, 12, 0, 0, 0, zone), Limit: 5})
			if err != nil {
				t.Fatal(err)
			}
			for _, o := range options {
				passed := 0
				for _, leg := range o.Legs {
					for _, s := range leg.Steps {
						if (s.Turn == "gate" || s.Turn == "enter") && s.Point == gates[g].Point {
							passed++
						}
					}
				}
				through += min(passed, 1)
				if passed > 1 {
					t.Errorf("%s passes the bollards of %s %d times", buildings[i].ID, gates[g].ID, passed)
				}
			}
		}
	}
	if through < 20 {
		t.Errorf("only %d routes lead through bollards", through)
	}
}

// TestNothingStandsInTheWay checks the drawing: no street runs through a
// building, and no building stands in another.
func TestNothingStandsInTheWay(t *testing.T) {
	d := Generate(Options{Seed: 1, Now: day})
	r, err := osm.Import(context.Background(), d, osm.Options{Feed: Feed, Time: day})
	if err != nil {
		t.Fatal(err)
	}
	if road := (orb.LineString{{0, 0}, {1, 1}}); !crosses(road, orb.Polygon{{{0.4, 0.4}, {0.6, 0.4}, {0.6, 0.6}, {0.4, 0.6}, {0.4, 0.4}}}) {
		t.Error("a line across a square was not seen")
	}
	buildings := r.Network.Buildings()
	paths := 0
	for _, f := range r.Base {
		line, ok := f.Geometry.(orb.LineString)
		if !ok || f.Layer != geo.LayerRoad || f.Class == "subway" || f.Tunnel {
			continue
		}
		if f.Class == "footway" || f.Class == "service" {
			paths++
		}
		for i := range buildings {
			if b := &buildings[i]; crosses(line, b.Outline) {
				t.Errorf("%s %q runs through building %s (%s)", f.Class, f.Name, b.ID, b.Name)
			}
		}
	}
	if paths < 200 {
		t.Errorf("only %d paths were looked at", paths)
	}
	for i := range buildings {
		for k := range buildings[:i] {
			a, b := buildings[i].Outline, buildings[k].Outline
			if !a.Bound().Intersects(b.Bound()) {
				continue
			}
			if crosses(orb.LineString(a[0]), b) || crosses(orb.LineString(b[0]), a) {
				t.Errorf("buildings %s and %s overlap", buildings[i].ID, buildings[k].ID)
			}
		}
	}
}

// crosses looks at points along a line, every metre or so, a little inside of
// the outline's edge not counted: doors lie on it.
func crosses(line orb.LineString, outline orb.Polygon) bool {
	bound := outline.Bound()
	if !line.Bound().Intersects(bound) {
		return false
	}
	const metre = 1e-5
	center, _ := planar.CentroidArea(outline)
	for i := 1; i < len(line); i++ {
		a, b := line[i-1], line[i]
		n := int(planar.Distance(a, b)/metre) + 1
		for k := range n + 1 {
			f := float64(k) / float64(n)
			p := orb.Point{a[0] + f*(b[0]-a[0]), a[1] + f*(b[1]-a[1])}
			if !bound.Contains(p) {
				continue
			}
			// Half a metre further out it must still be inside.
			away := planar.Distance(center, p)
			if away > 0 {
				p[0] += (p[0] - center[0]) / away * metre / 2
				p[1] += (p[1] - center[1]) / away * metre / 2
			}
			if planar.PolygonContains(outline, p) {
				return true
			}
		}
	}
	return false
}
