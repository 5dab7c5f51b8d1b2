package route_test

import (
	"container/heap"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"yizhan/data/osm/osmtest"
	"yizhan/geo"
	"yizhan/geo/route"
	"yizhan/geo/street"
)

// extracts are those that several tests use.
var extracts osmtest.Cities

func extract(t testing.TB, name string) *street.Network {
	t.Helper()
	return extracts.Streets(t, name)
}

// reference is Dijkstra's algorithm by the book, over the network's public
// face alone. It gives the milliseconds from a node to each other one, for
// routes that call nowhere.
func reference(n *street.Network, m geo.Mode, depart time.Time, from uint32) []uint32 {
	return byTheBookFrom(n, map[uint32]uint32{from: 0}, func(arc street.Arc, e timed) (uint32, bool) {
		return referenceArc(n, m, depart, arc, e)
	})
}

// byTheBookFrom runs Dijkstra's algorithm from some nodes at their times, over
// the arcs that take says one may take, and how long that takes.
func byTheBookFrom(n *street.Network, from map[uint32]uint32, take func(street.Arc, timed) (uint32, bool)) []uint32 {
	dist := make([]uint32, n.NumNodes())
	for i := range dist {
		dist[i] = math.MaxUint32
	}
	q := new(byTime)
	for node, ms := range from {
		dist[node] = ms
		heap.Push(q, timed{ms, node})
	}
	for q.Len() > 0 {
		e := heap.Pop(q).(timed)
		if e.ms > dist[e.node] {
			continue
		}
		lo, hi := n.Span(e.node)
		for i := lo; i < hi; i++ {
			arc := n.Arc(i)
			if ms, ok := take(arc, e); ok && e.ms+ms < dist[arc.Head] {
				dist[arc.Head] = e.ms + ms
				heap.Push(q, timed{e.ms + ms, arc.Head})
			}
		}
	}
	return dist
}

func referenceArc(n *street.Network, m geo.Mode, depart time.Time, arc street.Arc, e timed) (uint32, bool) {
	t := depart.Add(time.Duration(e.ms) * time.Millisecond)
	edge := arc.Ref.Edge()
	if !n.Portal(edge) {
		ms := n.Time(m, arc.Ref)
		if ms == street.Unreachable || n.Zone(m, edge) != 0 {
			return 0, false
		}
		if rule := n.WayRule(edge); rule != nil {
			from, _ := n.Ends(street.Ref(edge << 1))
			a := rule.At(m, t, where(n.Node(from)))
			if a.Verdict != geo.Closed {
				return ms, true
			}
			if a.Opens.IsZero() || a.Opens.Sub(t) > 15*time.Minute {
				return 0, false
			}
			return ms + uint32(a.Opens.Sub(t).Milliseconds()), true
		}
		return ms, true
	}
	b := n.PortalBarrier(arc.Ref)
	if b == street.None {
		return 0, true
	}
	bar := n.Barriers()[b]
	spot := where(n.Node(n.Sides(b)[0].Node))
	a := street.Evaluate(bar.Tags, bar.Kind, m, t, spot)
	wait := uint32(0)
	if a.Verdict == geo.Closed {
		if a.Opens.IsZero() || a.Opens.Sub(t) > 15*time.Minute {
			return 0, false
		}
		wait = uint32(a.Opens.Sub(t).Milliseconds())
		a = street.Evaluate(bar.Tags, bar.Kind, m, a.Opens, spot)
	}
	return wait + uint32(math.Round(a.Delay*1000)), a.Through
}

type timed struct{ ms, node uint32 }

type byTime []timed

func (q byTime) Len() int           { return len(q) }
func (q byTime) Less(i, k int) bool { return q[i].ms < q[k].ms }
func (q byTime) Swap(i, k int)      { q[i], q[k] = q[k], q[i] }
func (q *byTime) Push(x any)        { *q = append(*q, x.(timed)) }
func (q *byTime) Pop() any {
	old := *q
	x := old[len(old)-1]
	*q = old[:len(old)-1]
	return x
}

// publicNodes lists the nodes at which only streets under the open sky meet
// that every mode may use and pass through.
func publicNodes(n *street.Network) []uint32 {
	var out []uint32
	for node := range uint32(n.NumNodes()) {
		lo, hi := n.Span(node)
		good := hi > lo
		for i := lo; i < hi && good; i++ {
			e := n.Arc(i).Ref.Edge()
			if n.Portal(e) || n.ProfileOf(e).Below || n.Room(e) != street.Public || n.RoomAt(n.Node(node)) != street.Public {
				good = false
				break
			}
			for _, m := range geo.Modes() {
				good = good && n.Zone(m, e) == 0 && !n.Island(m, e) &&
					n.Time(m, street.Ref(e<<1)) != street.Unreachable && n.Time(m, street.Ref(e<<1|1)) != street.Unreachable
			}
		}
		if good {
			out = append(out, node)
		}
	}
	return out
}

// TestAgainstReference: on real cities, routes and one-to-many durations are
// those of the book, to the millisecond, and routes are whole.
func TestAgainstReference(t *testing.T) {
	for _, c := range []struct {
		name    string
		sources int
	}{{"bupt-beijing", 12}, {"helsinki", 9}, {"porto-alegre", 6}, {"vancouver", 6}} {
		t.Run(c.name, func(t *testing.T) {
			n := extract(t, c.name)
			r := route.New(n, where)
			nodes := publicNodes(n)
			if len(nodes) < 20 {
				t.Fatalf("%d public nodes", len(nodes))
			}
			rng := rand.New(rand.NewPCG(7, 7))
			for i := range c.sources {
				m := geo.Modes()[i%3]
				from := nodes[rng.IntN(len(nodes))]
				depart := at([]int{3, 5, 12}[i%3], 50)
				want := reference(n, m, depart, from)
				compare(t, r, n, m, depart, from, nodes, want, rng)
			}
		})
	}
}

func compare(t *testing.T, r *route.Router, n *street.Network, m geo.Mode, depart time.Time, from uint32, nodes, want []uint32, rng *rand.Rand) {
	t.Helper()
	ctx := context.Background()
	var to []uint32
	var points []orb.Point
	for range 60 {
		v := nodes[rng.IntN(len(nodes))]
		to = append(to, v)
		points = append(points, n.Node(v))
	}
	costs, err := r.Durations(ctx, n.Node(from), m, depart, points, 0)
	if err != nil {
		t.Fatal(err)
	}
	for k, cost := range costs {
		w := want[to[k]]
		if cost.OK != (w != math.MaxUint32) || cost.OK && math.Abs(cost.Duration-float64(w)/1000) > 0.0015 {
			t.Errorf("%s %d→%d: durations gives %+v, the book %d ms", m, from, to[k], cost, w)
		}
		if k >= 12 || !cost.OK {
			continue
		}
		as, err := r.Route(ctx, route.Request{From: n.Node(from), To: route.Target{Point: points[k]}, Mode: m, Depart: depart})
		if err != nil {
			t.Errorf("%s %d→%d: %v", m, from, to[k], err)
			continue
		}
		if len(as) != 1 || math.Abs(as[0].Duration-float64(w)/1000) > 0.0015 {
			t.Errorf("%s %d→%d: route takes %g s, the book %d ms", m, from, to[k], as[0].Duration, w)
		}
		if math.Abs(as[0].Distance-cost.Distance) > 0.5 {
			t.Errorf("%s %d→%d: route is %g m, durations %g m", m, from, to[k], as[0].Distance, cost.Distance)
		}
		checkApproach(t, n, as[0], depart)
	}
}

const bupt = "osm:w279303636"

// TestCampusGates: at the university in Beijing a route from the street to a
// building ends through a gate that is neither locked nor shut at that hour,
// for every mode, hour and building; at three at night the north gate is out,
// and says why.
func TestCampusGates(t *testing.T) {
	n := extract(t, "bupt-beijing")
	r := route.New(n, where)
	from := orb.Point{116.3490, 39.9642} // 西土城路, north-west of the campus
	routes := 0
	for _, b := range n.Buildings() {
		if b.Compound != bupt {
			continue
		}
		for _, hour := range []int{3, 12} {
			for _, m := range geo.Modes() {
				as, err := r.Route(context.Background(), route.Request{From: from, To: route.Target{Building: b.ID}, Mode: m, Depart: at(hour, 0), Limit: 5})
				if err != nil {
					t.Errorf("%s %s at %d:00: %v", b.ID, m, hour, err)
					continue
				}
				routes++
				checkCampus(t, n, as, fmt.Sprintf("%s %s at %d:00", b.ID, m, hour), hour)
			}
		}
	}
	if routes < 300 {
		t.Errorf("only %d routes", routes)
	}
}

func checkCampus(t *testing.T, n *street.Network, as []route.Approach, name string, hour int) {
	t.Helper()
	if len(as) == 0 || as[0].Verdict == geo.Closed || as[0].Gate == nil {
		t.Errorf("%s: no open gate first: %s", name, names(as))
		return
	}
	north := false
	for i, a := range as {
		tags := a.Gate.Gate.Tags
		shut := tags["locked"] == "yes" && !(tags["foot"] == "yes" && tags["opening_hours"] != "" && hour >= 6)
		if shut != (a.Verdict == geo.Closed) {
			t.Errorf("%s: gate %s %v is %s", name, a.Gate.ID, tags, a.Verdict)
		}
		if a.Verdict == geo.Closed && i+1 < len(as) && as[i+1].Verdict != geo.Closed {
			t.Errorf("%s: a closed gate before an open one", name)
		}
		if a.Gate.ID == "osm:n12735976948" {
			north = true
			if hour == 3 && (a.Reason.Zh != "此门 06:00 开，现在关闭" || a.Reason.En != "Closed now, opens 06:00" || !a.Opens.Equal(at(6, 0))) {
				t.Errorf("%s: the north gate says %v, opens %v", name, a.Reason, a.Opens)
			}
		}
		checkApproach(t, n, a, at(hour, 0))
	}
	if hour == 3 && !north {
		t.Errorf("%s: the north gate is not mentioned", name)
	}
}

// TestCampusGateNetwork: the gates of the campus stand where they were mapped,
// and nothing is inferred beside a mapped one on the same way.
func TestCampusGateNetwork(t *testing.T) {
	n := extract(t, "bupt-beijing")
	c, ok := n.Compound(bupt)
	if !ok || !c.Gated {
		t.Fatal("the campus is not gated")
	}
	joins := map[string]bool{}
	for i, b := range n.Barriers() {
		if b.Gate == street.None {
			continue
		}
		var in, out bool
		for _, s := range n.Sides(uint32(i)) {
			in = in || s.Room != street.Public
			out = out || s.Room == street.Public
		}
		joins[n.Gates()[b.Gate].ID] = in && out
	}
	for id, name := range map[string]string{"osm:n12735976948": "北门", "osm:n12753716505": "东门", "osm:n12753716514": "南门", "osm:n4017445511": "西门"} {
		if g, ok := n.Gate(id); !ok || g.Name != name || !joins[id] {
			t.Errorf("%s %s does not join the campus and the street", id, name)
		}
		for i := range n.Gates() {
			g, _ := n.Gate(id)
			if o := &n.Gates()[i]; o.Gate.Inferred && geo.Distance(o.Point, g.Point) < 20 {
				t.Errorf("%s is inferred %.0f m from %s", o.ID, geo.Distance(o.Point, g.Point), name)
			}
		}
	}
}

// TestCities: every file builds a network whose invariants hold, and routes to
// its compounds' buildings answer or say why not.
func TestCities(t *testing.T) {
	for _, name := range []string{"wangjing-beijing", "longgang-shenzhen", "hsinchu", "porto-alegre", "helsinki", "vancouver"} {
		t.Run(name, func(t *testing.T) {
			n := extract(t, name)
			r := route.New(n, where)
			nodes := publicNodes(n)
			rng := rand.New(rand.NewPCG(1, 2))
			asked := map[string]int{}
			for i := range n.Buildings() {
				b := &n.Buildings()[i]
				if _, gated := n.RoomOf(b.Compound); !gated || asked[b.Compound] >= 3 {
					continue
				}
				asked[b.Compound]++
				from := n.Node(nodes[rng.IntN(len(nodes))])
				as, err := r.Route(context.Background(), route.Request{From: from, To: route.Target{Building: b.ID}, Mode: geo.Modes()[i%3], Depart: at(12, 0), Limit: 5})
				if err != nil && geo.CodeOf(err) != geo.NotFound {
					t.Errorf("%s: %v", b.ID, err)
				}
				for _, a := range as {
					checkApproach(t, n, a, at(12, 0))
				}
			}
		})
	}
}

// TestTrips: trips in real cities that once went wrong.
func TestTrips(t *testing.T) {
	wangjing, helsinki := extract(t, "wangjing-beijing"), extract(t, "helsinki")
	for _, c := range []struct {
		name   string
		n      *street.Network
		from   orb.Point
		to     string
		mode   geo.Mode
		metres float64 // at most
		says   string
	}{
		// The nearest way is a river path that nothing joins to the streets.
		{"from the river", wangjing, orb.Point{116.4775, 40.0035}, "osm:w627196482", geo.Ebike, 2500, "有路通入，门的情况没有标注"},
		// The start lies in a park without ways.
		{"from the park", wangjing, orb.Point{116.4650, 39.9750}, "osm:w627196482", geo.Ebike, 4500, "起点离最近的道路 430 米，这一段没有路的数据"},
		// Service tunnels lead to the cellars of the block.
		{"above the tunnels", helsinki, orb.Point{24.953602, 60.170468}, "osm:w89544460", geo.Foot, 600, "一路可以通行"},
	} {
		t.Run(c.name, func(t *testing.T) {
			as, err := route.New(c.n, where).Route(context.Background(), route.Request{From: c.from, To: route.Target{Building: c.to}, Mode: c.mode, Depart: at(12, 0)})
			if err != nil {
				t.Fatal(err)
			}
			if a := as[0]; a.Distance > c.metres || !strings.Contains(a.Reason.Zh, c.says) {
				t.Errorf("%.0f m, %s", a.Distance, a.Reason.Zh)
			}
			for _, a := range as {
				checkApproach(t, c.n, a, at(12, 0))
			}
		})
	}
}
