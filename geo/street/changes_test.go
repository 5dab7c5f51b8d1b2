package street

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"yizhan/geo"
	"yizhan/geo/hours"
)

// town is a network of streets in a grid, 200 m apart and bent between, with a
// gate in some, and one walled court with two gates on its south side.
func town(t testing.TB, size int) *Network {
	t.Helper()
	g := newGrid(Options{WalledByHabit: abroad})
	rnd := rand.New(rand.NewPCG(1, 2))
	id := func(x, y int) int64 { return int64(1000 + 1000*y + x) }
	next := int64(1_000_000)
	for y := range size {
		for x := range size {
			g.node(id(x, y), float64(200*x), float64(200*y))
		}
	}
	street := func(way int64, a, b int64, x, y float64) {
		next++
		if rnd.IntN(10) == 0 {
			g.gate(next, x, y, "gate", fmt.Sprintf("%d号门", next), geo.Tags{"opening_hours": "06:00-22:00", "foot": "yes"})
		} else {
			g.node(next, x+float64(rnd.IntN(60)-30), y+float64(rnd.IntN(60)-30))
		}
		var tags geo.Tags
		switch rnd.IntN(12) {
		case 0:
			tags = geo.Tags{"opening_hours": "07:00-20:00"}
		case 1:
			tags = geo.Tags{"bicycle": "no"}
		}
		g.way(way, "residential", tags, a, next, b)
	}
	way := int64(1)
	for y := range size {
		for x := range size {
			if x+1 < size {
				street(way, id(x, y), id(x+1, y), float64(200*x+100), float64(200*y))
			}
			if y+1 < size {
				street(way+1, id(x, y), id(x, y+1), float64(200*x), float64(200*y+100))
			}
			way += 2
		}
	}
	g.compound("court", "大院", true, g.rect(20, 10, 180, 190))
	g.gate(20, 60, 10, "gate", "东门", geo.Tags{"access": "private"})
	g.gate(21, 75, 10, "gate", "西门", geo.Tags{"access": "yes"})
	for i := range int64(2) {
		x := float64(60 + 15*i)
		g.node(30+i, x, 0)
		g.node(40+i, x, 60)
		g.way(900_000+i, "service", nil, 30+i, 20+i, 40+i)
	}
	g.way(900_002, "service", nil, 40, 41)
	g.way(900_003, "residential", nil, id(0, 0), 30, 31, id(1, 0))
	n, _, err := g.b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// lie is a position in the metres of newGrid.
func lie(x, y float64) orb.Point { return planeAt(orb.Point{116.35, 39.96}).point(vec{x, y}) }

func patch(corners ...float64) orb.Polygon {
	var r orb.Ring
	for i := 0; i < len(corners); i += 2 {
		r = append(r, lie(corners[i], corners[i+1]))
	}
	return orb.Polygon{append(r, r[0])}
}

// drawArea makes up a polygon over a town, its corners around a middle,
// sometimes with a hole. A few cross themselves.
func drawArea(t *rapid.T, metres int) orb.Polygon {
	x, y := float64(rapid.IntRange(-100, metres).Draw(t, "x")), float64(rapid.IntRange(-100, metres).Draw(t, "y"))
	angles := rapid.SliceOfNDistinct(rapid.IntRange(0, 359), 3, 40, rapid.ID[int]).Draw(t, "angles")
	slices.Sort(angles)
	var outer, hole []float64
	for _, a := range angles {
		r := float64(rapid.IntRange(1, metres).Draw(t, "radius"))
		sin, cos := math.Sincos(float64(a) * math.Pi / 180)
		outer, hole = append(outer, x+r*cos, y+r*sin), append(hole, x+r*cos/2, y+r*sin/2)
	}
	area := patch(outer...)
	if rapid.Bool().Draw(t, "hole") {
		area = append(area, patch(hole...)[0])
	}
	return area
}

// closuresOver returns the IDs of the closures that make a difference to a rule.
func closuresOver(r *Rule) []string {
	if r == nil || r.over == nil {
		return nil
	}
	var ids []string
	for _, c := range r.over.in {
		for i := range uint32(32) {
			if c.bits>>i&1 == 1 {
				ids = append(ids, r.over.terms[c.base+i].ID)
			}
		}
	}
	slices.Sort(ids)
	return ids
}

// TestAreasAgainstModel: every street and gate is under just those areas that
// it touches, and all that is said of arcs agrees with that.
func TestAreasAgainstModel(t *testing.T) {
	n := town(t, 7)
	rapid.Check(t, func(t *rapid.T) {
		var list []geo.Closure
		for i := range rapid.IntRange(1, 6).Draw(t, "closures") {
			// Each has an hour of its own: so each makes a difference.
			from := someYear.Add(time.Duration(i) * time.Hour)
			list = append(list, geo.Closure{ID: fmt.Sprint(i), Area: drawArea(t, 1400), Opens: rapid.Bool().Draw(t, "opens"), From: from, To: from.Add(time.Hour)})
		}
		got, effect := n.With(Changes{Closures: list})
		streets, gates := make([]int, len(list)), make([]int, len(list))
		for e := range uint32(n.NumStreets()) {
			var want []string
			for i := range list {
				if list[i].Check() == nil && n.edgeMeets(e, newPolygon(list[i].Area, everywhere)) {
					want = append(want, list[i].ID)
					streets[i]++
				}
			}
			if diff := cmp.Diff(want, closuresOver(got.WayRule(e))); diff != "" {
				t.Fatalf("street %d: %s", e, diff)
			}
		}
		for g := range n.gates {
			var want []string
			for i := range list {
				if list[i].Check() == nil && newPolygon(list[i].Area, everywhere).contains(fixedPoint(n.gates[g].Point)) {
					want = append(want, list[i].ID)
					gates[i]++
				}
			}
			if diff := cmp.Diff(want, closuresOver(got.BarrierRule(n.gateBarrier[g]))); diff != "" {
				t.Fatalf("gate %s: %s", n.gates[g].ID, diff)
			}
		}
		for i, e := range effect.Closures {
			if e.Streets != streets[i] || e.Gates != gates[i] || e.Edge != None {
				t.Fatalf("closure %d: %+v, want %d streets and %d gates", i, e, streets[i], gates[i])
			}
		}
		checkArcs(t, got)
	})
}

// checkArcs compares the notes and lists of arcs with the rules.
func checkArcs(t interface {
	Helper()
	Fatalf(string, ...any)
}, n *Network) {
	t.Helper()
	var timed, changed []Ref
	base := n.Base()
	for r := range Ref(2 * len(n.edgeA)) {
		if e := r.Edge(); n.Portal(e) {
			if b := n.PortalBarrier(r); b != None {
				if n.BarrierRule(b).Timed() {
					timed = append(timed, r)
				}
				if n.BarrierRule(b) != base.BarrierRule(b) {
					changed = append(changed, r)
				}
			}
		} else {
			if n.WayRule(e) != nil {
				timed = append(timed, r)
			}
			if n.WayRule(e) != base.WayRule(e) {
				changed = append(changed, r)
			}
		}
	}
	if !slices.Equal(timed, n.TimedRefs()) {
		t.Fatalf("timed %v, want %v", n.TimedRefs(), timed)
	}
	if !slices.Equal(changed, n.ChangedRefs()) {
		t.Fatalf("changed %v, want %v", n.ChangedRefs(), changed)
	}
	for _, m := range geo.Modes() {
		for i, arc := range n.arcs {
			e := arc.Ref.Edge()
			note := n.Note(m, uint32(i))
			if n.Portal(e) != (note&NotePortal != 0) || !n.Portal(e) && ((n.WayRule(e) != nil) != (note&NoteTimed != 0) || note.Zone() != n.Zone(m, e)) {
				t.Fatalf("%v: note %x of edge %d", m, note, e)
			}
		}
	}
}

// TestBaseNeverChanges: a network under changes leaves the one as compiled as
// it was, in every answer and every byte; no changes give that one back.
func TestBaseNeverChanges(t *testing.T) {
	n := town(t, 5)
	file, timed := fileOf(t, n), slices.Clone(n.TimedRefs())
	notes := n.note
	for m := range notes {
		notes[m] = slices.Clone(notes[m])
	}
	rules, barriers := slices.Clone(n.barrierRules), slices.Clone(n.barriers)
	if same, e := n.With(Changes{}); same != n || len(e.Closures)+len(e.Gates) != 0 {
		t.Errorf("no changes make another network: %+v", e)
	}
	rapid.Check(t, func(t *rapid.T) {
		var c Changes
		for range rapid.IntRange(0, 3).Draw(t, "areas") {
			c.Closures = append(c.Closures, geo.Closure{Area: drawArea(t, 1000)})
		}
		for range rapid.IntRange(0, 3).Draw(t, "gates") {
			g := &n.gates[rapid.IntRange(0, len(n.gates)-1).Draw(t, "gate")]
			c.Closures = append(c.Closures, geo.Closure{Gate: g.ID})
			c.Gates = append(c.Gates, &geo.Place{ID: "e", Kind: geo.KindGate, Point: g.Point, Gate: &geo.Gate{Tags: geo.Tags{"access": "no"}}})
		}
		got, _ := n.With(c)
		if got.Base() != n || n.Base() != n {
			t.Fatalf("the base is another one")
		}
		checkArcs(t, got)
		again, _ := got.With(Changes{})
		if again != n {
			t.Fatalf("changes are stacked")
		}
	})
	if !bytes.Equal(file, fileOf(t, n)) || !slices.Equal(timed, n.TimedRefs()) || !slices.Equal(rules, n.barrierRules) {
		t.Error("the network as compiled has changed")
	}
	if diff := cmp.Diff(notes, n.note); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(barriers, n.barriers); diff != "" {
		t.Error(diff)
	}
	checkArcs(t, n)
}

// TestCloseStreet: a point stands for the nearest stretch of street, and for
// no other part of its way.
func TestCloseStreet(t *testing.T) {
	g := newGrid(Options{WalledByHabit: abroad})
	g.node(1, 0, 0)
	g.node(2, 100, 0)
	g.node(3, 200, 0)
	g.node(4, 100, 100)
	g.node(5, 0, 20)
	g.node(6, 90, 20)
	g.way(9, "cycleway", geo.Tags{"foot": "no"}, 5, 6)
	g.b.Way(Way{ID: 7, Class: "residential", Name: "学院路", Nodes: []int64{1, 2, 3}})
	g.way(8, "steps", nil, 2, 4)
	n, _, err := g.b.Build()
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, cst)
	for _, c := range []struct {
		name    string
		x, y    float64
		modes   []geo.Mode
		streets int
		way     int64
	}{
		{"left", 40, 5, nil, 1, 7},
		{"right", 160, -5, nil, 1, 7},
		{"a cycleway beside it", 40, 15, []geo.Mode{geo.Bicycle}, 1, 9},
		{"not for those on foot", 40, 15, []geo.Mode{geo.Foot}, 1, 7},
		{"steps", 98, 60, nil, 1, 8},
		{"steps for bikes", 98, 60, []geo.Mode{geo.Bicycle}, 1, 8},
		{"as far as it may be", 40, -29.9, nil, 1, 7},
		{"too far", 40, -30.1, nil, 0, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := g.at(c.x, c.y)
			got, effect := n.With(Changes{Closures: []geo.Closure{{Street: &p, Modes: c.modes}}})
			e := effect.Closures[0]
			if want := c.streets; e.Streets != want && !(want == 1 && !n.passable(geo.Bicycle, e.Edge) && e.Streets == 0) || e.Way.ID != c.way || (e.Edge == None) != (c.streets == 0) {
				t.Fatalf("effect %+v", e)
			}
			closed := 0
			for edge := range uint32(n.NumStreets()) {
				r := got.WayRule(edge)
				if r == nil {
					continue
				}
				closed++
				foot, bike := r.Pass(geo.Foot, now, hours.Place{}), r.Pass(geo.Bicycle, now, hours.Place{})
				for m, p := range map[geo.Mode]Passage{geo.Foot: foot, geo.Bicycle: bike} {
					if want := c.modes == nil || slices.Contains(c.modes, m); edge != e.Edge || (p.Verdict == geo.Closed) != want {
						t.Errorf("street %d: %v %v, closed: want %v", edge, m, p, want)
					}
				}
			}
			if closed != c.streets {
				t.Errorf("%d streets have a rule, want %d", closed, c.streets)
			}
		})
	}
}

// TestOpening: an opening lifts the hours of a way and passes a gate, and does
// nothing where nobody may go.
func TestOpening(t *testing.T) {
	n := sample(t, 0) // a path and a gate, both 06:00-22:00
	night := time.Date(2026, 11, 23, 23, 0, 0, 0, cst)
	path, far := lie(20, 83), lie(20, 500)
	gate := n.gates[0].ID
	got, effect := n.With(Changes{Closures: []geo.Closure{
		{Opens: true, Street: &path}, {Opens: true, Gate: gate}, {Opens: true, Gate: "osm:n404"}, {Opens: true, Street: &far}, {},
	}})
	for i, want := range [][2]int{{1, 0}, {0, 1}, {0, 0}, {0, 0}, {0, 0}} {
		if e := effect.Closures[i]; e.Streets != want[0] || e.Gates != want[1] {
			t.Errorf("closure %d: %+v, want %v", i, e, want)
		}
	}
	where := hours.Place{Zone: cst}
	rule := func(n *Network) []Passage {
		b, _ := n.BarrierOf(gate)
		return []Passage{n.WayRule(effect.Closures[0].Edge).Pass(geo.Foot, night, where), n.BarrierRule(b).Pass(geo.Ebike, night, where)}
	}
	if got := rule(n); got[0].Verdict != geo.Closed || got[1].Verdict != geo.Closed {
		t.Errorf("before: %+v", got)
	}
	if got := rule(got); got[0] != (Passage{geo.Open, 0, true}) || got[1] != (Passage{geo.Open, delayGate, true}) {
		t.Errorf("after: %+v", got)
	}
}

// TestTopSpeed: no street is faster.
func TestTopSpeed(t *testing.T) {
	n := town(t, 3)
	for _, m := range geo.Modes() {
		var top float64
		for e := range uint32(n.NumStreets()) {
			for _, v := range n.ProfileOf(e).Speed[m] {
				top = math.Max(top, float64(v))
			}
		}
		if n.TopSpeed(m) != top || top == 0 {
			t.Errorf("%v: %g, want %g", m, n.TopSpeed(m), top)
		}
	}
}

// TestManyClosures: a thousand closures, areas of every size among them, are
// laid over a town at once.
func TestManyClosures(t *testing.T) {
	n := town(t, 20)
	rnd := rand.New(rand.NewPCG(3, 4))
	hour := func() time.Time { return someYear.Add(time.Duration(rnd.IntN(9000)) * time.Hour) }
	var list []geo.Closure
	for i := range 1000 {
		x, y, r := rnd.Float64()*4000, rnd.Float64()*4000, math.Exp(rnd.Float64()*8)
		c := geo.Closure{ID: fmt.Sprint(i), Area: patch(x-r, y-r, x+r, y-r, x+r, y+r, x-r, y+r), From: hour(), Opens: i%3 == 0, Reason: fmt.Sprint(i)}
		c.To = c.From.Add(time.Duration(1+rnd.IntN(200)) * time.Hour)
		list = append(list, c)
	}
	began := time.Now()
	got, _ := n.With(Changes{Closures: list})
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("took %v", took)
	}
	closed := 0
	for range 100 {
		e := uint32(rnd.IntN(n.NumStreets()))
		var over []geo.Closure
		for i := range list {
			if n.edgeMeets(e, newPolygon(list[i].Area, everywhere)) {
				over = append(over, list[i])
			}
		}
		r := got.WayRule(e)
		if r == nil {
			r = newRule(kindNothing, nil)
		}
		for range 20 {
			at := hour()
			want := modelPass(r, over, geo.Foot, at, hours.Place{})
			if got := r.Pass(geo.Foot, at, hours.Place{}); got != want {
				t.Fatalf("street %d at %v: %+v, want %+v", e, at, got, want)
			}
			if want.Verdict == geo.Closed {
				closed++
			}
		}
	}
	if closed < 100 {
		t.Errorf("only %d are closed", closed)
	}
}
