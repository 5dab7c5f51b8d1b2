package osm

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"yizhan/data/osmpbf"
	"yizhan/geo"
	"yizhan/geo/geotest"
)

func nodeID(id int64) string { return "osm:n" + strconv.FormatInt(id, 10) }
func wayID(id int64) string  { return "osm:w" + strconv.FormatInt(id, 10) }
func relID(id int64) string  { return "osm:r" + strconv.FormatInt(id, 10) }

// TestImportCompound builds a gated compound and looks at all that it makes.
//
//	+-------- wall ---------+
//	|  +------+   +------+  |
//	|  | 3栋  |   | 10号 |  |
//	|  +--o---+   +-o--o-+  |
//	|      inner way        |
//	+----------G------------+
//	   street
func TestImportCompound(t *testing.T) {
	var w town
	gate := w.node(100, 0, "barrier=lift_gate name=南门 name:en=South access=private delivery=yes bicycle:conditional=yes␣@␣(06:00-22:00) opening_hours=Mo-Su␣06:00-24:00 note=x")
	corners := []int64{w.node(0, 0, ""), w.node(200, 0, ""), w.node(200, 150, ""), w.node(0, 150, "")}
	compound := w.way("landuse=residential name=锦江城市花园 alt_name=城市花园 residential=gated access=private",
		corners[0], gate, corners[1], corners[2], corners[3], corners[0])
	wall := w.way("barrier=wall", corners[0], gate, corners[1], corners[2], corners[3], corners[0])
	door := w.node(60, 60, "entrance=staircase addr:unit=2")
	other := w.node(140, 60, "entrance=main ref=1单元 access=yes")
	a := w.way("building=apartments name=3栋", w.node(30, 60, ""), door, w.node(90, 60, ""), w.node(90, 90, ""), w.node(30, 90, ""), w.next-3)
	first := w.node(110, 60, "")
	b := w.way("building=residential addr:housenumber=10号楼 addr:street=静平路", first, other, w.node(170, 60, ""), w.node(170, 90, ""), w.node(110, 90, ""), first)
	shed := w.way("building=shed", w.node(10, 10, ""), w.node(20, 10, ""), w.node(20, 20, ""), w.next-2)
	inner := w.node(100, 40, "")
	w.way("highway=service access=private", gate, inner)
	w.way("highway=footway", inner, door)
	w.way("highway=footway", inner, other)
	outside := w.node(100, -30, "")
	w.way("highway=residential name=静平路 name:en=Jingping␣Road", w.node(-100, -30, ""), outside, w.node(300, -30, ""))
	w.way("highway=service", outside, gate)
	water := w.node(150, 20, "amenity=charging_station bicycle=yes motorcar=no capacity=12 fee=yes operator=某公司")

	r := importAll(t, &w)
	g := r.byID(nodeID(gate))
	if g == nil || g.Kind != geo.KindGate || g.Name != "南门" || g.Names["en"] != "South" || g.Hours != "Mo-Su 06:00-24:00" || g.Source.Feed != "osm" || g.Source.Ref != nodeID(gate)[4:] {
		t.Fatalf("gate is %+v", g)
	}
	wantTags := geo.Tags{"access": "private", "delivery": "yes", "bicycle:conditional": "yes @ (06:00-22:00)", "opening_hours": "Mo-Su 06:00-24:00"}
	if diff := cmp.Diff(wantTags, g.Gate.Tags); diff != "" || g.Gate.Barrier != "lift_gate" || g.Gate.Inferred {
		t.Errorf("gate %+v: %s", g.Gate, diff)
	}
	if !slices.Equal(g.Gate.Compounds, []string{wayID(compound)}) {
		t.Errorf("gate leads into %v", g.Gate.Compounds)
	}
	c, ok := r.Network.Compound(wayID(compound))
	if !ok || c.Type != geo.Residential || !c.Walled || c.Name != "锦江城市花园" || !slices.Equal(c.Aliases, []string{"城市花园"}) || c.Tags["access"] != "private" {
		t.Errorf("compound is %+v", c)
	}
	if p := r.byID(nodeID(water)); p == nil || p.Compound != wayID(compound) || p.Operator != "某公司" ||
		!cmp.Equal(p.Charger, &geo.Charger{Vehicles: []string{"ebike"}, Sockets: 12, Fee: "yes"}) {
		t.Errorf("charger is %+v", p)
	}
	for _, want := range []struct {
		id      int64
		number  string
		address string
		door    geo.Entrance
	}{
		{a, "3栋", "", geo.Entrance{ID: nodeID(door), Type: "staircase", Unit: "2", Tags: geo.Tags{"entrance": "staircase"}}},
		{b, "10", "静平路10号楼", geo.Entrance{ID: nodeID(other), Type: "main", Unit: "1", Tags: geo.Tags{"entrance": "main", "access": "yes"}}},
	} {
		x, ok := r.Network.Building(wayID(want.id))
		if !ok || x.Number != want.number || x.Address != want.address || x.Compound != wayID(compound) || len(x.Entrances) != 1 {
			t.Errorf("building %d is %+v", want.id, x)
			continue
		}
		if diff := cmp.Diff(want.door, x.Entrances[0], cmpopts.IgnoreFields(geo.Entrance{}, "Point")); diff != "" {
			t.Error(diff)
		}
		if x.Outline[0].Orientation() != orb.CCW || !inRing(x.Center, x.Outline[0]) {
			t.Errorf("building %d: outline %v, centre %v", want.id, x.Outline, x.Center)
		}
	}
	if _, ok := r.Network.Building(wayID(shed)); ok {
		t.Error("a shed is a building with doors")
	}
	rep := r.Report
	if rep.Compounds != 1 || rep.Buildings != 2 || rep.Entrances != 2 || rep.Walls != 1 || rep.Streets != 5 || rep.Features[geo.LayerBuilding] != 3 {
		t.Errorf("report is %+v (wall %d)", rep, wall)
	}
	var road *geo.MapFeature
	for i := range r.Base {
		if r.Base[i].Name == "静平路" {
			road = &r.Base[i]
		}
	}
	if road == nil || road.Class != "residential" || road.NameEn != "Jingping Road" || road.Layer != geo.LayerRoad {
		t.Errorf("road is %+v", road)
	}
}

// TestImportCompoundKinds gives an area with what surrounds it, and whether it
// is a compound.
func TestImportCompoundKinds(t *testing.T) {
	for _, c := range []struct {
		name  string
		build func(w *town)
		want  int
		found WarningKind
	}{
		{"nameless housing", func(w *town) { w.box(0, 0, 200, 200, "landuse=residential") }, 0, ""},
		{"named housing", func(w *town) { w.box(0, 0, 200, 200, "landuse=residential name=A") }, 1, ""},
		{"nameless housing with a gate", func(w *town) {
			g := w.node(100, 0, "barrier=gate")
			w.way("landuse=residential", w.node(0, 0, ""), g, w.node(200, 0, ""), w.node(200, 200, ""), w.next-2)
		}, 1, ""},
		{"named quarter", func(w *town) { w.box(0, 0, 2000, 2000, "landuse=residential name=A") }, 0, Quarter},
		{"gated quarter", func(w *town) { w.box(0, 0, 2000, 2000, "landuse=residential name=A residential=gated") }, 1, ""},
		{"through road", func(w *town) {
			w.box(0, 0, 200, 200, "landuse=residential name=A")
			w.way("highway=tertiary", w.node(-50, 100, ""), w.node(250, 100, ""))
		}, 0, Quarter},
		{"road along the edge", func(w *town) {
			w.box(0, 0, 200, 200, "landuse=residential name=A")
			w.way("highway=tertiary", w.node(-50, 10, ""), w.node(250, 10, ""))
		}, 1, ""},
		{"service road inside", func(w *town) {
			w.box(0, 0, 200, 200, "landuse=residential name=A")
			w.way("highway=service", w.node(-50, 100, ""), w.node(250, 100, ""))
		}, 1, ""},
		{"school building", func(w *town) { w.box(0, 0, 50, 50, "amenity=school building=school") }, 0, ""},
		{"garden wall", func(w *town) {
			w.box(0, 0, 50, 50, "barrier=wall")
			w.box(10, 10, 30, 30, "building=house")
		}, 0, ""},
		{"wall around buildings", func(w *town) {
			w.box(0, 0, 90, 90, "barrier=wall")
			w.box(10, 10, 30, 30, "building=yes")
			w.box(40, 40, 60, 60, "building=yes")
		}, 1, ""},
		{"not an area", func(w *town) { w.box(0, 0, 200, 200, "landuse=residential name=A area=no") }, 0, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var w town
			c.build(&w)
			w.node(500, 500, "amenity=bicycle_parking") // without a compound there would be nothing
			r := importAll(t, &w)
			if r.Report.Compounds != c.want || c.found != "" && r.Report.Found[c.found] != 1 {
				t.Errorf("got %d compounds, warnings %v", r.Report.Compounds, r.Report.Warnings)
			}
		})
	}
}

func TestImportPerimeterEntrance(t *testing.T) {
	var w town
	entrance := w.node(50, 0, "entrance=main name=正门")
	a := w.node(0, 0, "")
	compound := w.way("amenity=school name=小学", a, entrance, w.node(100, 0, ""), w.node(100, 100, ""), w.node(0, 100, ""), a)
	loose := w.node(300, 300, "entrance=yes")
	w.way("highway=footway", w.node(50, -20, ""), entrance, w.node(50, 20, ""))
	r := importAll(t, &w)
	p := r.byID(nodeID(entrance))
	if p == nil || p.Gate.Barrier != "entrance" || p.Gate.Tags["entrance"] != "main" || !slices.Equal(p.Gate.Compounds, []string{wayID(compound)}) {
		t.Errorf("entrance on the perimeter is %+v", p)
	}
	if r.byID(nodeID(loose)) != nil {
		t.Error("an entrance that stands nowhere is a gate")
	}
}

func TestImportMultipolygon(t *testing.T) {
	var w town
	outer, oc := w.box(0, 0, 100, 100, "")
	inner, _ := w.box(40, 40, 60, 60, "")
	good := w.relation("type=multipolygon building=yes name=回字楼", Member{Type: WayMember, Ref: outer, Role: "outer"}, Member{Type: WayMember, Ref: inner, Role: "inner"})
	half := w.way("", oc[0], oc[1], oc[2])
	open := w.relation("type=multipolygon natural=water", Member{Type: WayMember, Ref: half, Role: "outer"})
	gone := w.relation("type=multipolygon landuse=forest", Member{Type: WayMember, Ref: 999, Role: "outer"})
	none := w.relation("type=multipolygon landuse=forest")
	ring, _ := w.box(200, 0, 300, 100, "landuse=grass")
	old := w.relation("type=multipolygon", Member{Type: WayMember, Ref: ring, Role: "outer"}, Member{Type: WayMember, Ref: 998, Role: "inner"})
	twice, _ := w.box(400, 0, 500, 100, "leisure=park name=公园")
	w.relation("type=multipolygon leisure=park", Member{Type: WayMember, Ref: twice, Role: "outer"})
	r := importAll(t, &w)
	x, ok := r.Network.Building(relID(good))
	if !ok || len(x.Outline) != 2 || inArea(x.Center, orb.MultiPolygon{x.Outline}) == false {
		t.Errorf("building with a court is %+v", x)
	}
	var broken []string
	for _, warning := range r.Report.Warnings {
		if warning.Kind == BrokenArea {
			broken = append(broken, warning.Element)
		}
	}
	want := []string{"r" + relID(open)[5:], "r" + relID(gone)[5:], "r" + relID(none)[5:], "r" + relID(old)[5:]}
	slices.Sort(broken)
	slices.Sort(want)
	if !slices.Equal(broken, want) {
		t.Errorf("reported %v, want %v", broken, want)
	}
	var classes []string
	for _, f := range r.Base {
		classes = append(classes, f.Class+" "+f.Name)
	}
	slices.Sort(classes)
	if want := []string{" 回字楼", "grass ", "park 公园"}; !slices.Equal(classes, want) {
		t.Errorf("drawn are %q, want %q", classes, want)
	}
}

func TestImportBusStops(t *testing.T) {
	var w town
	pole := w.node(0, 0, "highway=bus_stop name=静平路 route_ref=9;10 shelter=yes")
	position := w.node(0, 6, "public_transport=stop_position bus=yes name=静平路")
	across := w.node(0, 18, "highway=bus_stop name=静平路")
	lone := w.node(500, 0, "public_transport=stop_position name=晨辉东路")
	platform := w.node(1, 1, "public_transport=platform name=静平路 bench=yes")
	subway := w.node(900, 0, "public_transport=stop_position subway=yes name=地铁")
	for _, ref := range []string{"27路", "9"} {
		w.relation("type=route route=bus ref="+ref, Member{Type: NodeMember, Ref: position, Role: "stop"}, Member{Type: NodeMember, Ref: lone, Role: "stop"})
	}
	w.relation("type=route route=subway ref=S1", Member{Type: NodeMember, Ref: subway, Role: "stop"})
	r := importAll(t, &w)
	if r.Report.Kinds[geo.KindBusStop] != 3 {
		t.Errorf("got %d stops, want 3", r.Report.Kinds[geo.KindBusStop])
	}
	for id, want := range map[int64]*geo.BusStop{
		pole:     {Lines: []string{"9", "10", "27路"}, Shelter: true, Bench: true},
		across:   {},
		lone:     {Lines: []string{"9", "27路"}},
		position: nil, platform: nil, subway: nil,
	} {
		var got *geo.BusStop
		if p := r.byID(nodeID(id)); p != nil {
			got = p.BusStop
		}
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("stop %d: %s", id, diff)
		}
	}
}

func TestImportPlaces(t *testing.T) {
	var w town
	station := w.node(0, 0, "name=户外劳动者驿站 opening_hours=Mo-Su␣09:30-21:00 drinking_water=yes microwave=yes toilets=yes phone=028-1234 website=javascript:x")
	text := w.node(10, 0, "amenity=bicycle_rental name=单车 opening_hours=看情况 capacity=10 network=青桔")
	bay, _ := w.box(20, 0, 24, 4, "amenity=bicycle_parking capacity=20 bicycle_parking=shed access=customers")
	rack := w.way("amenity=bicycle_parking", w.node(50, 0, ""), w.node(52, 0, ""))
	gone := w.node(60, 0, "amenity=bicycle_parking disused=yes")
	r := importAll(t, &w)
	if p := r.byID(nodeID(station)); p == nil || p.Kind != geo.KindStation || p.Hours != "Mo-Su 09:30-21:00" || p.Phone != "028-1234" || p.Website != "" ||
		!slices.Equal(p.Facilities, []geo.Facility{"drinking_water", "microwave", "toilet"}) {
		t.Errorf("station is %+v", p)
	}
	if p := r.byID(nodeID(text)); p == nil || p.Hours != "" || p.HoursText != "看情况" || *p.Bikes != (geo.SharedBikes{Capacity: 10, Network: "青桔"}) {
		t.Errorf("rental is %+v", p)
	}
	if r.Report.Found[Hours] != 1 {
		t.Errorf("warnings are %v", r.Report.Warnings)
	}
	if p := r.byID(wayID(bay)); p == nil || !cmp.Equal(p.Parking, &geo.Parking{Vehicles: []string{"bicycle", "ebike"}, Capacity: 20, Covered: true}) || p.Extra["access"] != "customers" {
		t.Errorf("bay is %+v", p)
	}
	if r.byID(wayID(rack)) == nil || r.byID(nodeID(gone)) != nil {
		t.Error("a rack that is a line is a bay; a disused one is none")
	}
}

// TestImportIncomplete reads sources with parts missing.
func TestImportIncomplete(t *testing.T) {
	var w town
	a, b := w.node(0, 0, ""), w.node(50, 0, "")
	street := w.way("highway=residential name=断头路", a, b, 777, 778)
	w.way("building=yes", a, b, 779, a)
	r := importAll(t, &w)
	if r.Report.Found[MissingNodes] != 1 || r.Report.Found[BrokenArea] != 1 || r.Report.Warnings[0].Element != "w"+wayID(street)[5:] && r.Report.Warnings[1].Element != "w"+wayID(street)[5:] {
		t.Errorf("warnings are %v", r.Report.Warnings)
	}
	if len(r.Network.Streets()) != 1 {
		t.Errorf("streets are %v", r.Network.Streets())
	}
	w.elements = append(w.elements, MakeNode(9999, 200, 0))
	if r := importAll(t, &w); r.Report.Found[MissingNodes] != 2 {
		t.Errorf("a node off the Earth: warnings are %v", r.Report.Warnings)
	}
	var only town
	only.node(0, 0, "amenity=bicycle_parking")
	if r := importAll(t, &only); len(r.Places) != 1 || r.Bound.Min != r.Bound.Max {
		t.Errorf("a source without ways gave %+v", r)
	}
}

// TestImportNoClaims checks that a file cannot claim what only the import may
// find.
func TestImportNoClaims(t *testing.T) {
	var w town
	w.box(0, 0, 200, 200, "landuse=residential @gate=yes")
	w.box(300, 0, 400, 200, "barrier=wall @buildings=yes")
	w.node(0, 0, "public_transport=stop_position @bus_route=yes")
	if r := importAll(t, &w); r.Report.Compounds != 0 || len(r.Places) != 0 {
		t.Errorf("got %d compounds, places %v", r.Report.Compounds, r.Places)
	}
}

// TestImportAnything imports elements that make no sense: whatever comes of
// them, it is no panic.
func TestImportAnything(t *testing.T) {
	var words []Tag
	m := mustMapping(t)
	gather := func(exprs []expr) {
		for _, e := range exprs {
			words = append(words, satisfy(e)...)
		}
	}
	gather(m.places.exprs)
	gather(m.compounds.exprs)
	gather(m.buildings.exprs)
	gather(m.streets.exprs)
	gather(m.walls.exprs)
	gather(m.base.exprs)
	gather(m.coast.exprs)
	gather(m.entrances.exprs)
	words = append(words, tagsFrom("type=multipolygon type=route route=bus ref=9 name=甲 area=yes opening_hours=xx addr:unit=2 =  a=")...)
	rapid.Check(t, func(t *rapid.T) {
		ref := rapid.Int64Range(1, 12)
		tags := rapid.SliceOfN(rapid.SampledFrom(words), 0, 5)
		s := &memory{}
		for i := range rapid.IntRange(1, 12).Draw(t, "nodes") {
			s.elements = append(s.elements, MakeNode(int64(i+1),
				104+float64(rapid.IntRange(0, 5).Draw(t, "x"))/1000, 30+float64(rapid.IntRange(0, 5).Draw(t, "y"))/1000, tags.Draw(t, "tags")...))
		}
		for i := range rapid.IntRange(0, 8).Draw(t, "ways") {
			refs := rapid.SliceOfN(ref, 0, 8).Draw(t, "refs")
			if len(refs) > 0 && rapid.Bool().Draw(t, "closed") {
				refs = append(refs, refs[0])
			}
			s.elements = append(s.elements, Way{ID: int64(i + 1), Tags: tags.Draw(t, "tags"), Nodes: refs})
		}
		for i := range rapid.IntRange(0, 4).Draw(t, "relations") {
			r := Relation{ID: int64(i + 1), Tags: append(Tags{{Key: "type", Value: "multipolygon"}}, tags.Draw(t, "tags")...)}
			for range rapid.IntRange(0, 4).Draw(t, "members") {
				r.Members = append(r.Members, Member{Type: MemberType(rapid.IntRange(0, 2).Draw(t, "type")), Ref: ref.Draw(t, "ref"),
					Role: rapid.SampledFrom([]string{"outer", "inner", "", "stop", "platform"}).Draw(t, "role")})
			}
			s.elements = append(s.elements, r)
		}
		r, err := Import(context.Background(), s, Options{})
		if geo.CodeOf(err) == geo.Invalid {
			return // nothing of use
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range r.Base {
			if f.Geometry == nil || f.MinZoom > 16 {
				t.Fatalf("feature %+v", f)
			}
		}
		for i := range r.Places {
			if i > 0 && r.Places[i-1].ID >= r.Places[i].ID {
				t.Fatalf("places %s and %s", r.Places[i-1].ID, r.Places[i].ID)
			}
		}
	})
}

func TestImportFeedNamesIDs(t *testing.T) {
	var w town
	id := w.node(0, 0, "amenity=bicycle_parking")
	r, err := Import(t.Context(), &w, Options{Feed: "demo"})
	if err != nil {
		t.Fatal(err)
	}
	if p := r.Places[0]; p.ID != "demo:n"+strconv.FormatInt(id, 10) || p.Source.Feed != "demo" {
		t.Errorf("place is %+v", p)
	}
}

// TestImportAnyOrder imports a real file and the same elements shuffled,
// ways before nodes and relations before ways.
func TestImportAnyOrder(t *testing.T) {
	for _, name := range []string{"bupt-beijing", "chengdu-roads"} {
		src, err := File(geotest.Data(t, "osm", name+".osm.pbf"))
		if err != nil {
			t.Fatal(err)
		}
		sorted := load(t, src)
		want := importAll(t, sorted)
		for seed := range uint64(3) {
			got := importAll(t, sorted.shuffled(seed))
			ignore := cmpopts.IgnoreFields(geo.Source{}, "Time")
			if diff := cmp.Diff(want.Places, got.Places, ignore); diff != "" {
				t.Errorf("%s shuffled: %s", name, diff)
			}
			if diff := cmp.Diff(want.Base, got.Base); diff != "" {
				t.Errorf("%s shuffled: %s", name, diff)
			}
			if want.Network.Stats().Edges == 0 || want.Network.Stats() != got.Network.Stats() {
				t.Errorf("%s shuffled: network is %+v, want %+v", name, got.Network.Stats(), want.Network.Stats())
			}
		}
	}
}

func TestImportErrors(t *testing.T) {
	dir := t.TempDir()
	zip := filepath.Join(dir, "city.osm.pbf")
	if err := os.WriteFile(zip, []byte("PK\x03\x04"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		run  func() error
		code geo.Code
		say  string
	}{
		{"no file", func() error { _, err := File(filepath.Join(dir, "none.pbf")); return err }, geo.NotFound, "no such file"},
		{"folder", func() error { _, err := File(dir); return err }, geo.Invalid, "folder"},
		{"zip", func() error {
			src, err := File(zip)
			if err != nil {
				t.Fatal(err)
			}
			_, err = Import(t.Context(), src, Options{})
			return err
		}, geo.Invalid, "zip archive"},
		{"nothing", func() error { _, err := Import(t.Context(), &memory{}, Options{}); return err }, geo.Invalid, "no map elements"},
		{"nodes off the Earth", func() error {
			_, err := Import(t.Context(), &memory{[]any{Node{ID: 1, Lon: osmpbf.NoCoord, Lat: osmpbf.NoCoord}}}, Options{})
			return err
		}, geo.Invalid, "no map elements"},
		{"nothing of use", func() error {
			a, b := MakeNode(1, 104, 30), MakeNode(2, 104.1, 30, Tag{Key: "name", Value: "x"})
			_, err := Import(t.Context(), &memory{[]any{a, b, Way{ID: 1, Nodes: []int64{1, 2}}}}, Options{})
			return err
		}, geo.Invalid, "no map elements"},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := c.run()
			var e *geo.Error
			if !errors.As(err, &e) || e.Code != c.code || !strings.Contains(e.Message.En, c.say) || e.Message.Zh == "" {
				t.Errorf("got %v", err)
			}
		})
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var w town
	w.node(0, 0, "")
	if _, err := Import(ctx, &w, Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: got %v", err)
	}
}

func TestImportProgress(t *testing.T) {
	src, err := File(geotest.Data(t, "osm", "bupt-beijing.osm.pbf"))
	if err != nil {
		t.Fatal(err)
	}
	var phases []string
	var read int64
	_, err = Import(t.Context(), src, Options{Progress: func(p Progress) {
		if len(phases) == 0 || phases[len(phases)-1] != p.Phase.En {
			phases = append(phases, p.Phase.En)
		}
		if len(phases) == 1 {
			read = p.Done
		}
		if p.Phase.Zh == "" || p.Total > 0 && p.Done > p.Total {
			t.Errorf("progress is %+v", p)
		}
	}})
	if err != nil || read != src.Size() || len(phases) != 3 {
		t.Errorf("read %d of %d bytes in phases %q: %v", read, src.Size(), phases, err)
	}
}
