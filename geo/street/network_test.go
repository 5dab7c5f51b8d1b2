package street

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"yizhan/geo"
)

// TestProfiles: how the three modes use a way, forward and back: r rides, w
// walks the bike, - not at all; + may be passed through even in a compound, c
// for callers, p for callers who register.
func TestProfiles(t *testing.T) {
	for _, c := range []struct {
		class string
		tags  string
		want  string // foot bicycle ebike
	}{
		{"residential", "", "ww rr rr"},
		{"motorway", "", "-- -- --"},
		{"trunk", "", "ww rr rr"},
		{"trunk", "motorroad=yes", "-- -- --"},
		{"primary_link", "", "ww rr rr"},
		{"footway", "", "ww ww ww"},
		{"footway", "bicycle=yes", "ww rr+ rr+"},
		{"footway", "bicycle=designated electric_bicycle=no", "ww rr+ ww"},
		{"pedestrian", "", "ww ww ww"},
		{"steps", "", "ww ww ww"},
		{"steps", "bicycle=yes", "ww ww ww"},
		{"cycleway", "", "ww rr rr"},
		{"cycleway", "foot=no", "-- rr rr"},
		{"path", "", "ww rr rr"},
		{"path", "bicycle=dismount", "ww ww ww"},
		{"path", "bicycle=no", "ww ww ww"},
		{"path", "foot=no", "-- rr rr"},
		{"residential", "oneway=yes", "ww rw rw"},
		{"residential", "oneway=-1", "ww wr wr"},
		{"residential", "oneway=yes oneway:bicycle=no", "ww rr rr"},
		{"residential", "oneway=yes cycleway=opposite", "ww rr rr"},
		{"residential", "oneway=yes cycleway:left=opposite_lane", "ww rr rr"},
		{"residential", "oneway=yes foot=no", "-- r- r-"},
		{"residential", "junction=roundabout", "ww rw rw"},
		{"residential", "oneway=yes oneway:electric_bicycle=no", "ww rw rr"},
		{"service", "access=no", "-- -- --"},
		{"service", "access=no access:conditional=yes@06:00-22:00", "ww rr rr"},
		{"service", "access=no foot:conditional=yes@06:00-22:00", "ww ww ww"},
		{"service", "access=no foot=yes", "ww+ ww+ ww+"},
		{"service", "access=no bicycle=yes", "-- rr+ rr+"},
		{"service", "access=private", "wwp rrp rrp"},
		{"service", "access=destination", "wwc rrc rrc"},
		{"service", "access=private;delivery", "wwc rrc rrc"},
		{"service", "access=private delivery=yes", "wwc rrc rrc"},
		{"service", "access=customers foot=permissive", "ww+ rrc rrc"},
		{"service", "vehicle=private", "ww rrp rrp"},
		{"service", "access=yes", "ww+ rr+ rr+"},
		{"service", "vehicle=no bicycle=yes", "ww rr+ rr+"},
	} {
		class, ok := ParseClass(c.class)
		if !ok {
			t.Fatal(c.class)
		}
		tags := geo.Tags{}
		for _, f := range strings.Fields(c.tags) {
			k, v, _ := strings.Cut(f, "=")
			tags[k] = v
		}
		p := profileOf(class, tags)
		var got []string
		for m := range geo.NumModes {
			s := ""
			for dir := range 2 {
				switch {
				case p.Speed[m][dir] == 0:
					s += "-"
				case p.Walk[m][dir] || m == int(geo.Foot):
					s += "w"
				default:
					s += "r"
				}
				if v := float64(p.Speed[m][dir]) * 3.6; v > EbikeLimit {
					t.Errorf("%s %s: %.1f km/h", c.class, c.tags, v)
				}
			}
			switch {
			case s == "--":
			case p.Private[m]:
				s += "p"
			case p.Calling[m]:
				s += "c"
			case p.Public[m]:
				s += "+"
			}
			got = append(got, s)
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%s %s: %s, want %s", c.class, c.tags, s, c.want)
		}
	}
}

// TestNear: the streets near a point come in the order of their distance, all
// of them, as looking at each segment gives.
func TestNear(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := newGrid(Options{WalledByHabit: abroad})
		coord := rapid.Float64Range(-800, 800)
		id := int64(1)
		for w := range rapid.IntRange(1, 60).Draw(t, "ways") {
			var nodes []int64
			x, y := coord.Draw(t, "x"), coord.Draw(t, "y")
			for range rapid.IntRange(2, 5).Draw(t, "nodes") {
				g.node(id, x, y)
				nodes = append(nodes, id)
				id++
				x += rapid.Float64Range(-120, 120).Draw(t, "dx")
				y += rapid.Float64Range(-120, 120).Draw(t, "dy")
			}
			g.way(int64(w+1), "residential", nil, nodes...)
		}
		n, _, err := g.b.Build()
		if err != nil {
			t.Fatal(err)
		}
		p := g.at(coord.Draw(t, "px"), coord.Draw(t, "py"))
		within := rapid.Float64Range(1, 2000).Draw(t, "within")
		want := map[uint32]float64{}
		for e := range n.NumStreets() {
			line := n.Coords(nil, Ref(e<<1))
			pl := planeAt(p)
			best := math.Inf(1)
			for i := 1; i < len(line); i++ {
				d, _ := nearestOn(vec{}, pl.of(line[i-1]), pl.of(line[i]))
				best = math.Min(best, d)
			}
			if best <= within {
				want[uint32(e)] = best
			}
		}
		last := 0.0
		n.Near(p, within, func(s Snap) bool {
			w, ok := want[s.Edge]
			if !ok || math.Abs(w-s.Distance) > 1e-6 || s.Distance < last {
				t.Fatalf("edge %d at %g, want %g, after %g", s.Edge, s.Distance, w, last)
			}
			if d := geo.Distance(p, s.Point); math.Abs(d-s.Distance) > 0.01+d*0.005 {
				t.Fatalf("the point is %g m off, not %g", d, s.Distance)
			}
			if s.At < 0 || s.At > n.Length(s.Edge) {
				t.Fatalf("at %g of %g", s.At, n.Length(s.Edge))
			}
			last = s.Distance
			delete(want, s.Edge)
			return true
		})
		if len(want) > 0 {
			t.Fatalf("%d edges were missed", len(want))
		}
	})
}

// TestZones: what may not be passed through.
func TestZones(t *testing.T) {
	g := newGrid(Options{WalledByHabit: abroad})
	for i, x := range []float64{0, 100, 200, 300, 400} {
		g.node(int64(i+1), x, 0)
	}
	g.way(1, "residential", nil, 1, 2)
	g.way(2, "service", geo.Tags{"access": "private"}, 2, 3)
	g.way(3, "service", geo.Tags{"access": "destination", "foot": "yes"}, 3, 4)
	g.way(4, "service", geo.Tags{"access": "private"}, 4, 5)
	n, _, err := g.b.Build()
	if err != nil {
		t.Fatal(err)
	}
	zone := func(m geo.Mode, way int64) uint32 {
		for e := range n.NumStreets() {
			if n.WayOf(uint32(e)).ID == way {
				return n.Zone(m, uint32(e))
			}
		}
		return None
	}
	if zone(geo.Ebike, 1) != 0 || zone(geo.Foot, 3) != 0 {
		t.Error("a public way has a zone")
	}
	if z := zone(geo.Ebike, 2); z == 0 || z != zone(geo.Ebike, 3) || z != zone(geo.Ebike, 4) {
		t.Error("private ways that touch are not one stretch")
	}
	if zone(geo.Foot, 2) == zone(geo.Foot, 4) {
		t.Error("private ways with a public one between are one stretch on foot")
	}
}

// TestCompoundAt: the innermost gated compound, else the smallest open area.
func TestCompoundAt(t *testing.T) {
	g := newGrid(Options{WalledByHabit: abroad})
	g.compound("quarter", "大区", false, g.rect(-500, -500, 500, 500))
	g.compound("patch", "小区", false, g.rect(-10, -10, 10, 10))
	g.compound("campus", "校园", true, g.rect(-200, -200, 200, 200))
	g.compound("yard", "家属院", true, g.rect(0, 0, 100, 100))
	n, _, err := g.b.Build()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		x, y float64
		want string
		room int
	}{
		{400, 0, "quarter", 0}, {-100, 0, "campus", 1}, {-5, -5, "campus", 1}, {5, 5, "yard", 2}, {50, 50, "yard", 2}, {600, 0, "", 0},
	} {
		got, ok := n.CompoundAt(g.at(c.x, c.y))
		if got != c.want || ok != (c.want != "") {
			t.Errorf("%g,%g: %q, want %q", c.x, c.y, got, c.want)
		}
		var outer []string
		for _, r := range n.Outer(n.RoomAt(g.at(c.x, c.y))) {
			outer = append(outer, n.RoomCompound(r).ID)
		}
		if want := []string{"", "campus", "yard campus"}[c.room]; strings.Join(outer, " ") != want {
			t.Errorf("%g,%g: rooms %v, want %s", c.x, c.y, outer, want)
		}
	}
	if _, ok := n.CompoundAt(orb.Point{0, 0}); ok {
		t.Error("a compound at null island")
	}
}

// TestEmpty: a network of nothing answers, and survives its file.
func TestEmpty(t *testing.T) {
	n, _, err := NewBuilder(Options{}).Build()
	if err != nil {
		t.Fatal(err)
	}
	if n, err = Decode(fileOf(t, n)); err != nil {
		t.Fatal(err)
	}
	n.Near(orb.Point{116, 40}, 1000, func(Snap) bool { t.Error("a street"); return false })
	if _, ok := n.CompoundAt(orb.Point{116, 40}); ok {
		t.Error("a compound")
	}
	if s := fmt.Sprint(n.Stats()); s != fmt.Sprint(Stats{}) {
		t.Error(s)
	}
}

// TestBelow: which ways run under the ground or a roof.
func TestBelow(t *testing.T) {
	for tags, want := range map[string]bool{
		"": false, "tunnel=yes": true, "tunnel=building_passage": false, "tunnel=no": false, "layer=-1": true,
		"layer=1": false, "layer=-0.5": true, "layer=below": false, "indoor=yes": true, "indoor=no": false,
		"covered=yes": false, "highway=corridor": true, "tunnel=culvert": false,
	} {
		m := geo.Tags{}
		if k, v, ok := strings.Cut(tags, "="); ok {
			m[k] = v
		}
		if got := profileOf(Footway, m).Below; got != want {
			t.Errorf("%s: below %v, want %v", tags, got, want)
		}
	}
}

// TestComponents: a small piece of network that nothing joins to the rest is
// an island, however its parts hang together; a portal joins.
func TestComponents(t *testing.T) {
	g := newGrid(Options{WalledByHabit: abroad})
	g.node(1, 0, 0)
	g.node(2, 15000, 0)
	g.node(3, 15000, 9000)
	g.way(1, "residential", nil, 1, 2)
	g.way(2, "residential", geo.Tags{"oneway": "yes"}, 2, 3)
	g.node(4, 0, 50)
	g.node(5, 0, 2000)
	g.way(3, "footway", nil, 4, 5)
	n, _, err := g.b.Build()
	if err != nil {
		t.Fatal(err)
	}
	for e := range uint32(n.NumStreets()) {
		a, b := n.Ends(Ref(e << 1))
		if n.Component(geo.Foot, a) != n.Component(geo.Foot, b) {
			t.Errorf("edge %d joins two components", e)
		}
		if want := n.WayOf(e).ID == 3; n.Island(geo.Foot, e) != want {
			t.Errorf("way %d: island %v", n.WayOf(e).ID, !want)
		}
	}
}
