package route_test

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"yizhan/geo"
	"yizhan/geo/route"
	"yizhan/geo/street"
)

// callers continues the reference into what only callers enter: by the book
// too, over states that are nodes. Rooms are left for deeper ones only, and
// nothing that anybody passes through is used.
func callers(n *street.Network, m geo.Mode, depart time.Time, passed []uint32) []uint32 {
	from := map[uint32]uint32{}
	for v, ms := range passed {
		if ms != math.MaxUint32 {
			from[uint32(v)] = ms
		}
	}
	return byTheBookFrom(n, from, func(arc street.Arc, e timed) (uint32, bool) {
		if passed[arc.Head] != math.MaxUint32 {
			return 0, false
		}
		return callerArc(n, m, depart, arc, e)
	})
}

func callerArc(n *street.Network, m geo.Mode, depart time.Time, arc street.Arc, e timed) (uint32, bool) {
	t := depart.Add(time.Duration(e.ms) * time.Millisecond)
	edge := arc.Ref.Edge()
	if !n.Portal(edge) {
		ms := n.Time(m, arc.Ref)
		return ms, ms != street.Unreachable && (n.Room(edge) != street.Public || n.Zone(m, edge) != 0)
	}
	b := n.PortalBarrier(arc.Ref)
	bar := n.Barriers()[b]
	from, to := sideRoom(n, b, e.node), sideRoom(n, b, arc.Head)
	if from != to && from != street.Public {
		return 0, false // the towns have no nested courts
	}
	a := street.Evaluate(bar.Tags, bar.Kind, m, t, where(n.Node(e.node)))
	wait := uint32(0)
	if a.Verdict == geo.Closed {
		if a.Opens.IsZero() || a.Opens.Sub(t) > 15*time.Minute {
			return 0, false
		}
		wait = uint32(a.Opens.Sub(t).Milliseconds())
		a = street.Evaluate(bar.Tags, bar.Kind, m, a.Opens, where(n.Node(e.node)))
	}
	return wait + uint32(math.Round(a.Delay*1000)), a.Verdict != geo.Closed
}

func sideRoom(n *street.Network, barrier, node uint32) uint32 {
	for _, s := range n.Sides(barrier) {
		if s.Node == node {
			return s.Room
		}
	}
	return street.Public
}

// TestReachedTowns: in random towns every node is reached when the book says,
// and no other one.
func TestReachedTowns(t *testing.T) {
	entered, shut := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		w, _, _ := draw(t)
		n, _, err := w.b.Build()
		if err != nil {
			t.Fatal(err)
		}
		m := rapid.SampledFrom([]geo.Mode{geo.Foot, geo.Bicycle, geo.Ebike}).Draw(t, "mode")
		depart := at(rapid.SampledFrom([]int{2, 3, 5, 12, 21}).Draw(t, "hour"), rapid.SampledFrom([]int{0, 52, 59}).Draw(t, "minute"))
		seconds := rapid.SampledFrom([]float64{30, 120, 600, 7200}).Draw(t, "seconds")
		from := w.at(0, 0)
		start, ok := nodeAt(n, from, street.Public)
		if !ok || !bothWays(n, m, start) {
			return
		}
		got, err := route.New(n, where).Reach(context.Background(), from, m, depart, seconds)
		if err != nil {
			t.Fatal(err)
		}
		passed := reference(n, m, depart, start)
		for v := range passed {
			if passed[v] > got.Limit {
				passed[v] = math.MaxUint32
			}
		}
		want := callers(n, m, depart, passed)
		inside := 0
		for v := range want {
			ms, ok := got.Time(uint32(v))
			switch {
			case ok != (want[v] <= got.Limit):
				t.Fatalf("node %d is reached: %v, by the book after %d ms of %d", v, ok, want[v], got.Limit)
			case ok && ms != want[v]:
				t.Fatalf("node %d is reached after %d ms, by the book %d", v, ms, want[v])
			case ok && passed[v] == math.MaxUint32:
				inside++
			}
		}
		if inside > 0 {
			entered++
		} else {
			shut++
		}
		checkStretches(t, n, got, want)
	})
	if entered < 10 || shut < 10 {
		t.Errorf("the court was entered in %d towns and not in %d", entered, shut)
	}
}

func bothWays(n *street.Network, m geo.Mode, node uint32) bool {
	lo, hi := n.Span(node)
	for i := lo; i < hi; i++ {
		if e := n.Arc(i).Ref.Edge(); n.Portal(e) || n.Time(m, street.Ref(e<<1)) == street.Unreachable || n.Time(m, street.Ref(e<<1|1)) == street.Unreachable || n.Zone(m, e) != 0 {
			return false
		}
	}
	return true
}

// checkStretches: each stretch begins when its end is reached, and each arc
// that is used has one, or leads back to where its end was come from.
func checkStretches(t interface{ Fatalf(string, ...any) }, n *street.Network, got *route.Reached, want []uint32) {
	begun := map[street.Ref]uint32{}
	for _, s := range got.Stretches {
		if s.From > 0 || s.Millis != n.Time(got.Mode, s.Ref) {
			continue // at the start, or on foot
		}
		from, _ := n.Ends(s.Ref)
		if s.Begin < want[from] || s.Begin > got.Limit {
			t.Fatalf("stretch %d begins at %d ms, its end is reached after %d", s.Ref, s.Begin, want[from])
		}
		begun[s.Ref] = s.Begin
	}
	for e := range uint32(n.NumStreets()) {
		for _, ref := range [2]street.Ref{street.Ref(e << 1), street.Ref(e<<1 | 1)} {
			from, to := n.Ends(ref)
			w := n.Time(got.Mode, ref)
			if n.Room(e) != street.Public || n.Zone(got.Mode, e) != 0 || n.WayRule(e) != nil || w == street.Unreachable || want[from] > got.Limit {
				continue
			}
			_, here := begun[ref]
			_, there := begun[ref^1]
			if !here && !(there && want[to]+n.Time(got.Mode, ref^1) == want[from]) && want[from] != 0 {
				t.Fatalf("street %d is not entered from node %d", e, from)
			}
		}
	}
}

// TestReachedCities: in real cities what is passed through is reached when the
// book says; nothing else is left again for a public street.
func TestReachedCities(t *testing.T) {
	for _, name := range []string{"bupt-beijing", "wangjing-beijing", "vancouver"} {
		t.Run(name, func(t *testing.T) {
			n := extract(t, name)
			r := route.New(n, where)
			nodes := publicNodes(n)
			rng := rand.New(rand.NewPCG(3, 9))
			var got route.Reached
			for i := range 9 {
				m := geo.Modes()[i%3]
				from := nodes[rng.IntN(len(nodes))]
				depart := at([]int{3, 12, 5}[i/3], 50)
				if err := r.ReachInto(context.Background(), &got, n.Node(from), m, depart, []float64{300, 900, 3600}[i%3]); err != nil {
					t.Fatal(err)
				}
				want := reference(n, m, depart, from)
				for v, ms := range want {
					if at, ok := got.Time(uint32(v)); ms <= got.Limit && (!ok || at != ms) {
						t.Fatalf("%s from %d: node %d is reached after %d ms (%v), by the book %d", m, from, v, at, ok, ms)
					}
				}
				for _, s := range got.Stretches {
					e := s.Ref.Edge()
					if a, _ := n.Ends(s.Ref); n.Room(e) == street.Public && n.Zone(m, e) == 0 && want[a] > got.Limit && s.From == 0 {
						t.Errorf("%s from %d: the public street %d is reached through what is private", m, from, e)
					}
				}
			}
		})
	}
}

// TestReachedCourt: who comes into a court with a wall, by its gates.
func TestReachedCourt(t *testing.T) {
	outside := func(s sheet) orb.Point { return s.at(-120, 120) }
	for _, c := range []struct {
		name    string
		gates   map[string]geo.Tags
		mode    geo.Mode
		hour    int
		minute  int
		from    func(sheet) orb.Point
		inside  bool
		outside bool // the east street, beyond the court
	}{
		{"no gate", nil, geo.Foot, 12, 0, outside, false, true},
		{"unknown gate", map[string]geo.Tags{"s": {}}, geo.Foot, 12, 0, outside, true, true},
		{"permit", map[string]geo.Tags{"s": {"access": "private"}}, geo.Foot, 12, 0, outside, true, true},
		{"locked", map[string]geo.Tags{"s": {"locked": "yes"}}, geo.Foot, 12, 0, outside, false, true},
		{"by day", map[string]geo.Tags{"s": {"opening_hours": "06:00-22:00"}}, geo.Foot, 12, 0, outside, true, true},
		{"at night", map[string]geo.Tags{"s": {"opening_hours": "06:00-22:00"}}, geo.Foot, 3, 0, outside, false, true},
		{"opens soon", map[string]geo.Tags{"s": {"opening_hours": "06:00-22:00"}}, geo.Foot, 5, 50, outside, true, true},
		{"closes before arrival", map[string]geo.Tags{"s": {"opening_hours": "06:00-22:00"}}, geo.Foot, 21, 59, outside, false, true},
		{"walked in by who rides", map[string]geo.Tags{"s": {"bicycle": "no", "foot": "yes"}}, geo.Ebike, 12, 0, outside, true, true},
		{"from inside", map[string]geo.Tags{"s": {"access": "private"}}, geo.Foot, 12, 0, func(s sheet) orb.Point { return s.at(0, 0) }, true, true},
		{"locked in", map[string]geo.Tags{"s": {"locked": "yes"}}, geo.Foot, 12, 0, func(s sheet) orb.Point { return s.at(0, 0) }, true, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := courtSheet(c.gates)
			r, n := s.router(t)
			got, err := r.Reach(context.Background(), c.from(s), c.mode, at(c.hour, c.minute), 1200)
			if err != nil {
				t.Fatal(err)
			}
			var inside, outside bool
			for _, st := range got.Stretches {
				if n.Room(st.Ref.Edge()) != street.Public {
					inside = true
				} else {
					outside = true
				}
			}
			if inside != c.inside || outside != c.outside {
				t.Errorf("reached inside: %v, outside: %v", inside, outside)
			}
		})
	}
}

// TestReachedTimes: the time at a gate, and that of leaving the bike there.
func TestReachedTimes(t *testing.T) {
	s := courtSheet(map[string]geo.Tags{"w": {"bicycle": "no", "foot": "yes"}})
	r, n := s.router(t)
	got, err := r.Reach(context.Background(), s.at(-120, 120), geo.Bicycle, at(12, 0), 600)
	if err != nil {
		t.Fatal(err)
	}
	gate := barrierOf(t, n, "osm:n23")
	var outside, inside uint32
	for _, side := range n.Sides(gate) {
		if side.Room == street.Public {
			outside = side.Node
		} else {
			inside = side.Node
		}
	}
	ride, ok := got.Time(outside)
	if !ok {
		t.Fatal("the gate is not reached")
	}
	if _, ok := got.Time(inside); ok {
		t.Error("the bike is inside")
	}
	delay := n.BarrierRule(gate).Pass(geo.Foot, at(12, 0), where(s.at(0, 0))).Delay
	for _, st := range got.Stretches {
		if a, _ := n.Ends(st.Ref); a == inside {
			if want := ride + 20_000 + delay; st.Begin != want {
				t.Errorf("the walk begins after %d ms, want %d", st.Begin, want)
			}
			if st.Millis != n.Time(geo.Foot, st.Ref) {
				t.Errorf("it takes %d ms", st.Millis)
			}
			return
		}
	}
	t.Error("nobody walks in")
}

func barrierOf(t *testing.T, n *street.Network, id string) uint32 {
	t.Helper()
	b, ok := n.BarrierOf(id)
	if !ok {
		t.Fatalf("no gate %s", id)
	}
	return b
}

// TestReachedAgain: a result that is used again holds what a new one does, and
// a run allocates little.
func TestReachedAgain(t *testing.T) {
	n := extract(t, "bupt-beijing")
	r := route.New(n, where)
	nodes := publicNodes(n)
	rng := rand.New(rand.NewPCG(5, 5))
	var again route.Reached
	for range 30 {
		from, m := n.Node(nodes[rng.IntN(len(nodes))]), geo.Modes()[rng.IntN(3)]
		seconds := float64(rng.IntN(1500))
		if err := r.ReachInto(context.Background(), &again, from, m, at(12, 0), seconds); err != nil {
			t.Fatal(err)
		}
		fresh, err := r.Reach(context.Background(), from, m, at(12, 0), seconds)
		if err != nil {
			t.Fatal(err)
		}
		if len(again.Stretches) != len(fresh.Stretches) {
			t.Fatalf("%d stretches, then %d", len(fresh.Stretches), len(again.Stretches))
		}
		for i := range fresh.Stretches {
			if again.Stretches[i] != fresh.Stretches[i] {
				t.Fatalf("stretch %d differs", i)
			}
		}
	}
	from := n.Node(nodes[0])
	if allocs := testing.AllocsPerRun(50, func() {
		_ = r.ReachInto(context.Background(), &again, from, geo.Foot, at(12, 0), 900)
	}); allocs > 8 {
		t.Errorf("%g allocations a run", allocs)
	}
	done, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := route.New(n, where).Reach(done, from, geo.Foot, at(12, 0), 1); err != nil {
		t.Errorf("a short run looks at no deadline: %v", err)
	}
	if _, err := r.Reach(context.Background(), orb.Point{0, 0}, geo.Foot, at(12, 0), 1); geo.CodeOf(err) != geo.NotFound {
		t.Errorf("in the sea: %v", err)
	}
}
