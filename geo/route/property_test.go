package route_test

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"yizhan/geo"
	"yizhan/geo/route"
	"yizhan/geo/street"
)

// town is a random grid of streets with a walled court in its middle. Streets
// of the grid that would run into the court stop short of it, but for some
// that have a gate or just cross the wall.
type town struct {
	sheet
	size  int
	gates int
}

const block = 60.0

func (w town) id(x, y int) int64 { return int64(1000 + y*100 + x) }

var gateTags = []geo.Tags{
	nil, {"access": "yes"}, {"access": "private"}, {"access": "private;delivery"}, {"locked": "yes"}, {"access": "no"},
	{"access": "no", "foot": "yes"}, {"opening_hours": "06:00-22:00"}, {"opening_hours": "00:00-03:10", "access": "yes"},
	{"access": "yes", "electric_bicycle": "no"}, {"bicycle": "dismount"}, {"access:conditional": "no @ (22:00-06:00)"},
}

var barriers = []string{"gate", "lift_gate", "bollard", "turnstile", "security_control"}

// draw makes a town: lo and hi bound the court in grid steps.
func draw(t *rapid.T) (w town, lo, hi int) {
	w = town{sheet: newSheet(), size: rapid.IntRange(5, 8).Draw(t, "size")}
	lo, hi = 2, rapid.IntRange(2, w.size-3).Draw(t, "hi")
	in := func(i int) bool { return i >= lo && i <= hi }
	for y := range w.size {
		for x := range w.size {
			w.node(w.id(x, y), float64(x)*block, float64(y)*block)
		}
	}
	way := int64(1)
	link := func(x0, y0, x1, y1 int) {
		a, b := in(x0) && in(y0), in(x1) && in(y1)
		nodes := []int64{w.id(x0, y0), w.id(x1, y1)}
		class := rapid.SampledFrom([]string{"residential", "service", "footway", "cycleway"}).Draw(t, "class")
		switch {
		case a == b && rapid.IntRange(0, 9).Draw(t, "keep") == 0:
			return
		case a != b:
			class = "service"
			switch rapid.IntRange(0, 3).Draw(t, "crossing") {
			case 0, 1:
				return
			case 2:
				gate := 5000 + way
				tags := rapid.SampledFrom(gateTags).Draw(t, "tags")
				w.gate(gate, (float64(x0)+float64(x1))/2*block, (float64(y0)+float64(y1))/2*block, rapid.SampledFrom(barriers).Draw(t, "barrier"), fmt.Sprint("门", way), tags)
				nodes = []int64{nodes[0], gate, nodes[1]}
			}
			w.gates++
		}
		w.way(way, class, "", nil, nodes...)
		way++
	}
	for y := range w.size {
		for x := range w.size {
			if x+1 < w.size {
				link(x, y, x+1, y)
			}
			if y+1 < w.size {
				link(x, y, x, y+1)
			}
		}
	}
	w.court("court", "大院", (float64(lo)-0.5)*block, (float64(lo)-0.5)*block, (float64(hi)+0.5)*block, (float64(hi)+0.5)*block)
	return w, lo, hi
}

// TestTowns: in random towns the first approach takes what the best of all
// gates takes by the book, and no line crosses the wall but at its gate.
func TestTowns(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, lo, hi := draw(t)
		n, _, err := w.b.Build()
		if err != nil {
			t.Fatal(err)
		}
		r := route.New(n, where)
		m := rapid.SampledFrom([]geo.Mode{geo.Foot, geo.Ebike}).Draw(t, "mode")
		depart := at(3, 0)
		if rapid.Bool().Draw(t, "noon") {
			depart = at(12, 0)
		}
		from := w.at(0, 0)
		to := w.at(float64(lo)*block, float64(hi)*block)
		as, err := r.Route(context.Background(), route.Request{From: from, To: route.Target{Point: to}, Mode: m, Depart: depart, Limit: 5})
		if err != nil && (geo.CodeOf(err) != geo.NotFound || strings.Contains(err.Error(), "Internal")) {
			t.Fatal(err)
		}
		for i, a := range as {
			if a.Verdict == geo.Closed {
				continue
			}
			if i > 0 && !unmapped(a) && !unmapped(as[i-1]) && as[i-1].Duration+risk(as[i-1]) > a.Duration+risk(a)+0.01 {
				t.Errorf("approach %d is better than the one before", i)
			}
			onlyByGate(t, w, a, lo, hi)
		}
		if m != geo.Foot {
			return // the book below walks
		}
		start, ok := nodeAt(n, from, street.Public)
		goal, ok2 := nodeAt(n, to, 1)
		if !ok || !ok2 {
			return // a snap away from the nodes, or onto another piece of network
		}
		want := byTheBook(n, start, goal, depart.Hour())
		switch {
		case math.IsInf(want, 1):
			if len(as) > 0 && as[0].Verdict != geo.Closed && as[0].Gate != nil && !unmapped(as[0]) {
				t.Errorf("%s where the book finds nothing", names(as))
			}
		case err != nil || len(as) == 0 || as[0].Gate == nil:
			t.Errorf("no approach (%v), the book takes %g s", err, want)
		case math.Abs(as[0].Duration+risk(as[0])-want) > 0.01:
			t.Errorf("takes %g s, the book %g s", as[0].Duration+risk(as[0]), want)
		}
	})
}

func risk(a route.Approach) float64 {
	return [...]float64{geo.Open: 0, geo.Permit: 120, geo.Unknown: 180, geo.Closed: 0}[a.Verdict]
}

func unmapped(a route.Approach) bool {
	for _, l := range a.Legs {
		for _, s := range l.Steps {
			if strings.Contains(s.Text.En, "not mapped") {
				return true
			}
		}
	}
	return false
}

// onlyByGate: where a line crosses the wall, there is the approach's gate.
func onlyByGate(t *rapid.T, w town, a route.Approach, lo, hi int) {
	x0, x1 := w.at((float64(lo)-0.5)*block, 0)[0], w.at((float64(hi)+0.5)*block, 0)[0]
	y0, y1 := w.at(0, (float64(lo)-0.5)*block)[1], w.at(0, (float64(hi)+0.5)*block)[1]
	in := func(p orb.Point) bool { return p[0] > x0 && p[0] < x1 && p[1] > y0 && p[1] < y1 }
	var line orb.LineString
	for _, l := range a.Legs {
		line = append(line, l.Line...)
	}
	inside := in(line[0])
	crossings := 0
	for i := 1; i < len(line); i++ {
		if in(line[i]) == inside {
			continue
		}
		inside = !inside
		crossings++
		if a.Gate == nil || geo.Distance(line[i-1], a.Gate.Point) > 1 && geo.Distance(line[i], a.Gate.Point) > 1 {
			t.Errorf("the line crosses the wall between %v and %v", line[i-1], line[i])
		}
	}
	if a.Gate != nil && (crossings != 1 || !inside) {
		t.Errorf("the line crosses the wall %d times", crossings)
	}
}

// byTheBook is the least time with risk over all gates, on foot: outside by
// the reference, the gate, inside by the reference.
func byTheBook(n *street.Network, start, goal uint32, hour int) float64 {
	depart := at(hour, 0)
	outside := roomReference(n, depart, map[uint32]uint32{start: 0}, street.Public)
	best := math.Inf(1)
	for b, bar := range n.Barriers() {
		first, inner := uint32(math.MaxUint32), map[uint32]uint32{}
		for _, s := range n.Sides(uint32(b)) {
			if s.Room == street.Public {
				first = min(first, outside[s.Node])
			}
		}
		if first == math.MaxUint32 {
			continue
		}
		now := depart.Add(msec(first))
		a := street.Evaluate(bar.Tags, bar.Kind, geo.Foot, now, where(n.Node(start)))
		if a.Verdict == geo.Closed {
			continue // no hours of the tests open within a quarter
		}
		ms := first + uint32(a.Delay*1000)
		for _, s := range n.Sides(uint32(b)) {
			if s.Room != street.Public {
				inner[s.Node] = ms
			}
		}
		in := roomReference(n, depart, inner, 1)
		if in[goal] == math.MaxUint32 {
			continue
		}
		best = math.Min(best, float64(in[goal])/1000+[...]float64{0, 120, 180, 0}[a.Verdict])
	}
	return best
}

func msec(ms uint32) time.Duration { return time.Duration(ms) * time.Millisecond }

// nodeAt finds the node of a room at a point, on no island.
func nodeAt(n *street.Network, p orb.Point, room uint32) (uint32, bool) {
	for node := range uint32(n.NumNodes()) {
		if geo.Distance(n.Node(node), p) > 0.1 {
			continue
		}
		lo, hi := n.Span(node)
		for i := lo; i < hi; i++ {
			if e := n.Arc(i).Ref.Edge(); !n.Portal(e) && n.Room(e) == room && !n.Island(geo.Foot, e) {
				return node, true
			}
		}
	}
	return 0, false
}

// roomReference is Dijkstra's algorithm by the book on foot within one room.
func roomReference(n *street.Network, depart time.Time, from map[uint32]uint32, room uint32) []uint32 {
	dist := make([]uint32, n.NumNodes())
	for i := range dist {
		dist[i] = math.MaxUint32
	}
	for changed := true; changed; {
		changed = false
		for node, ms := range from {
			if ms < dist[node] {
				dist[node], changed = ms, true
			}
		}
		for e := range uint32(n.NumStreets()) {
			if n.Room(e) != room {
				continue
			}
			for _, ref := range [2]street.Ref{street.Ref(e << 1), street.Ref(e<<1 | 1)} {
				a, b := n.Ends(ref)
				if t := n.Time(geo.Foot, ref); t != street.Unreachable && dist[a] != math.MaxUint32 && dist[a]+t < dist[b] {
					dist[b], changed = dist[a]+t, true
				}
			}
		}
	}
	return dist
}
