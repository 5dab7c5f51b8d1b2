package street

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"yizhan/geo"
)

func abroad(orb.Point) bool  { return false }
func inChina(orb.Point) bool { return true }

// rect is a perimeter in metres on the test grid.
func (g *grid) rect(x0, y0, x1, y1 float64) orb.MultiPolygon {
	return orb.MultiPolygon{{{g.at(x0, y0), g.at(x1, y0), g.at(x1, y1), g.at(x0, y1), g.at(x0, y0)}}}
}

func (g *grid) compound(id, name string, walled bool, perimeter orb.MultiPolygon) {
	g.b.Compound(geo.Compound{ID: id, Name: name, Type: geo.Residential, Walled: walled, Perimeter: perimeter})
}

func (g *grid) gate(node int64, x, y float64, barrier, name string, tags geo.Tags) {
	g.node(node, x, y)
	g.b.Barrier(node, geo.Place{ID: fmt.Sprintf("osm:n%d", node), Name: name, Point: g.at(x, y), Gate: &geo.Gate{Barrier: barrier, Tags: tags}})
}

// picture is what the tests look at: the gates with the rooms on their sides,
// and the rooms of the ways in metres.
type picture struct {
	Gates []string
	Rooms []string
}

func (g *grid) picture(t *testing.T) (*Network, picture) {
	t.Helper()
	n, _, err := g.b.Build()
	if err != nil {
		t.Fatal(err)
	}
	var p picture
	for i, b := range n.Barriers() {
		if b.Gate == None {
			continue
		}
		gate := n.Gates()[b.Gate]
		var sides []string
		for _, s := range n.Sides(uint32(i)) {
			sides = append(sides, n.roomName(s.Room))
		}
		slices.Sort(sides)
		v := g.pl.of(gate.Point)
		p.Gates = append(p.Gates, fmt.Sprintf("%s at %.0f,%.0f: %s of %s", gate.ID, v.x, v.y, strings.Join(sides, "-"), strings.Join(gate.Gate.Compounds, " ")))
	}
	length := map[string]float64{}
	for e := range n.edgeWay {
		key := fmt.Sprintf("w%d %s", n.WayOf(uint32(e)).ID, n.roomName(n.edgeRoom[e]))
		length[key] += float64(n.edgeLength[e])
	}
	for k, l := range length {
		p.Rooms = append(p.Rooms, fmt.Sprintf("%s %.0f", k, l))
	}
	slices.Sort(p.Rooms)
	return n, p
}

func (n *Network) roomName(room uint32) string {
	if room == Public {
		return "out"
	}
	return n.compounds[room-1].ID
}

// TestRooms: each case draws a street along y=-20 from x=-200 to 200, and what
// it adds.
func TestRooms(t *testing.T) {
	for _, c := range []struct {
		name  string
		opt   Options
		draw  func(g *grid)
		gates []string
		rooms []string // of the ways that matter
		gated string
	}{
		{
			// The gate stands on the wall.
			name: "gate on the perimeter", opt: Options{WalledByHabit: abroad},
			draw: func(g *grid) {
				g.compound("c", "院", true, g.rect(-50, 0, 50, 100))
				g.gate(10, 0, 0, "gate", "南门", nil)
				g.node(11, 0, 80)
				g.way(2, "service", nil, 3, 10, 11)
			},
			gates: []string{"osm:n10 at 0,0: c-out of c"},
			rooms: []string{"w1 out 400", "w2 c 80", "w2 out 20"},
			gated: "c",
		},
		{
			// No gate is mapped: the edge is cut at the wall.
			name: "crossing without a gate", opt: Options{WalledByHabit: abroad},
			draw: func(g *grid) {
				g.compound("c", "院", true, g.rect(-50, 0, 50, 100))
				g.node(11, 0, 80)
				g.way(2, "service", nil, 3, 11)
			},
			gates: []string{"inferred:c:w2 at 0,0: c-out of c"},
			rooms: []string{"w1 out 400", "w2 c 80", "w2 out 20"},
			gated: "c",
		},
		{
			// The gate stands 8 m behind the line that was drawn.
			name: "gate set back", opt: Options{WalledByHabit: abroad},
			draw: func(g *grid) {
				g.compound("c", "院", true, g.rect(-50, 0, 50, 100))
				g.gate(10, 0, 8, "lift_gate", "", nil)
				g.node(11, 0, 80)
				g.way(2, "service", nil, 3, 10, 11)
			},
			gates: []string{"osm:n10 at 0,8: c-out of c"},
			rooms: []string{"w1 out 400", "w2 c 72", "w2 out 28"},
			gated: "c",
		},
		{
			// The gate stands 9 m before the line.
			name: "gate before the perimeter", opt: Options{WalledByHabit: abroad},
			draw: func(g *grid) {
				g.compound("c", "院", true, g.rect(-50, 0, 50, 100))
				g.gate(10, 0, -9, "gate", "", nil)
				g.node(11, 0, 80)
				g.way(2, "service", nil, 3, 10, 11)
			},
			gates: []string{"osm:n10 at 0,-9: c-out of c"},
			rooms: []string{"w1 out 400", "w2 c 89", "w2 out 11"},
			gated: "c",
		},
		{
			// Gate and boom one behind the other: the named one is the border.
			name: "gate and boom", opt: Options{WalledByHabit: abroad},
			draw: func(g *grid) {
				g.compound("c", "院", true, g.rect(-50, 0, 50, 100))
				g.gate(9, 0, 3, "lift_gate", "", nil)
				g.gate(10, 0, 8, "gate", "南门", geo.Tags{"access": "permissive"})
				g.node(11, 0, 80)
				g.way(2, "service", nil, 3, 9, 10, 11)
			},
			gates: []string{"osm:n10 at 0,8: c-out of c", "osm:n9 at 0,3: out-out of c"},
			rooms: []string{"w1 out 400", "w2 c 72", "w2 out 28"},
			gated: "c",
		},
		{
			// The perimeter is drawn along the middle of the street, and back and
			// forth across it.
			name: "perimeter along the street", opt: Options{WalledByHabit: abroad},
			draw: func(g *grid) {
				g.compound("c", "院", true, orb.MultiPolygon{{{g.at(-50, -21), g.at(-10, -18), g.at(30, -22), g.at(50, -19), g.at(50, 100), g.at(-50, 100), g.at(-50, -21)}}})
				g.gate(10, 0, -5, "gate", "南门", nil)
				g.node(11, 0, 80)
				g.way(2, "service", nil, 3, 10, 11)
			},
			gates: []string{"osm:n10 at 0,-5: c-out of c"},
			rooms: []string{"w1 out 400", "w2 c 85", "w2 out 15"},
			gated: "c",
		},
		{
			// A path runs along the inner side of the wall, a pavement outside of
			// it but inside of what was drawn.
			name: "path along the wall", opt: Options{WalledByHabit: abroad},
			draw: func(g *grid) {
				g.compound("c", "院", true, g.rect(-50, 0, 50, 100))
				g.gate(10, 0, 3.5, "gate", "南门", nil)
				g.node(11, 0, 80)
				g.node(12, 0, 1.5)
				g.way(2, "service", nil, 3, 12, 10, 11)
				g.node(13, -45, 1.5)
				g.node(14, 45, 1.5)
				g.way(3, "footway", geo.Tags{"footway": "sidewalk"}, 13, 12, 14)
				g.node(15, -48, 80)
				g.node(16, -48, 20)
				g.way(4, "footway", nil, 11, 15, 16)
			},
			gates: []string{"osm:n10 at 0,4: c-out of c"},
			rooms: []string{"w1 out 400", "w2 c 77", "w2 out 24", "w3 out 90", "w4 c 108"},
			gated: "c",
		},
		{
			// The wall has a gap that two paths lead through.
			name: "gap", opt: Options{WalledByHabit: abroad},
			draw: func(g *grid) {
				for i, x := range []float64{-50, -4, 4, 50} {
					g.node(int64(30+i), x, 0)
				}
				g.node(34, 50, 100)
				g.node(35, -50, 100)
				g.b.Wall(90, []int64{30, 31}, geo.Tags{"barrier": "wall"})
				g.b.Wall(91, []int64{32, 33, 34, 35, 30}, geo.Tags{"barrier": "wall"})
				g.compound("c", "院", false, g.rect(-50, 0, 50, 100))
				g.node(11, 0, 80)
				g.way(2, "footway", nil, 3, 11)
			},
			gates: []string{"inferred:c:w2 at 0,0: c-out of c"},
			rooms: []string{"w1 out 400", "w2 c 80", "w2 out 20"},
			gated: "c",
		},
		{
			// A block of houses with streets through it and no wall.
			name: "open area", opt: Options{WalledByHabit: abroad},
			draw: func(g *grid) {
				g.compound("c", "Quarter", false, g.rect(-50, 0, 50, 100))
				g.node(11, 0, 200)
				g.way(2, "residential", nil, 3, 11)
			},
			rooms: []string{"w1 out 400", "w2 out 220"},
		},
		{
			// The same with a gate on one drive: the streets speak against a wall.
			name: "open area with a drive", opt: Options{WalledByHabit: abroad},
			draw: func(g *grid) {
				g.compound("c", "Quarter", false, g.rect(-50, 0, 50, 100))
				g.node(11, 0, 200)
				g.way(2, "residential", nil, 3, 11)
				g.gate(10, 30, 0, "gate", "", nil)
				g.node(12, 30, 40)
				g.node(13, 30, -20)
				g.way(1, "residential", nil) // the street again is dropped
				g.way(3, "service", nil, 13, 10, 12)
			},
			gates: []string{"osm:n10 at 30,0: out-out of "},
			rooms: []string{"w1 out 400", "w2 out 220", "w3 out 60"},
		},
		{
			// In China the same area is walled, unless a named street leads through.
			name: "walled by habit", opt: Options{WalledByHabit: inChina},
			draw: func(g *grid) {
				g.compound("c", "望京西园三区", false, g.rect(-50, 0, 50, 100))
				g.node(11, 0, 200)
				g.way(2, "residential", nil, 3, 11)
			},
			gates: []string{"inferred:c:w2 at 0,0: c-out of c", "inferred:c:w2.2 at 0,100: c-out of c"},
			rooms: []string{"w1 out 400", "w2 c 100", "w2 out 120"},
			gated: "c",
		},
		{
			name: "named street through", opt: Options{WalledByHabit: inChina},
			draw: func(g *grid) {
				g.compound("c", "望京西园三区", false, g.rect(-50, 0, 50, 100))
				g.node(11, 0, 200)
				g.b.Way(Way{ID: 2, Class: "residential", Name: "利泽西街", Nodes: []int64{3, 11}})
			},
			rooms: []string{"w1 out 400", "w2 out 220"},
		},
		{
			// A walled campus with a main road through it: the road stays public,
			// and the campus's own way off it gets a gate.
			name: "main road through", opt: Options{WalledByHabit: abroad},
			draw: func(g *grid) {
				g.compound("c", "院", true, g.rect(-50, 0, 50, 100))
				g.node(11, 0, 50)
				g.node(12, 0, 200)
				g.way(2, "tertiary", nil, 3, 11, 12)
				g.node(13, 40, 50)
				g.way(4, "service", nil, 11, 13)
			},
			gates: []string{"inferred:c:w4 at 0,50: c-out of c"},
			rooms: []string{"w1 out 400", "w2 out 220", "w4 c 40"},
			gated: "c",
		},
		{
			// A main road within, behind gates, is the campus's own.
			name: "main road within", opt: Options{WalledByHabit: abroad},
			draw: func(g *grid) {
				g.compound("c", "院", true, g.rect(-50, 0, 50, 100))
				g.gate(10, 0, 0, "lift_gate", "南门", nil)
				g.gate(11, 0, 100, "lift_gate", "北门", nil)
				g.node(12, 0, 200)
				g.way(2, "secondary", nil, 3, 10, 11, 12)
			},
			gates: []string{"osm:n10 at 0,0: c-out of c", "osm:n11 at 0,100: c-out of c"},
			rooms: []string{"w1 out 400", "w2 c 100", "w2 out 120"},
			gated: "c",
		},
		{
			// A bridge of a street passes over the compound.
			name: "bridge over", opt: Options{WalledByHabit: abroad},
			draw: func(g *grid) {
				g.compound("c", "院", true, g.rect(-50, 0, 50, 100))
				g.node(11, 0, 200)
				g.way(2, "residential", geo.Tags{"bridge": "yes", "layer": "1"}, 3, 11)
			},
			rooms: []string{"w1 out 400", "w2 out 220"},
			gated: "c",
		},
		{
			// The inner compound's gate leads from the outer one.
			name: "nested", opt: Options{WalledByHabit: abroad},
			draw: func(g *grid) {
				g.compound("a", "校园", true, g.rect(-100, 0, 100, 200))
				g.compound("b", "家属院", true, g.rect(-30, 50, 30, 150))
				g.gate(10, 0, 0, "gate", "南门", nil)
				g.gate(11, 0, 50, "gate", "", nil)
				g.node(12, 0, 100)
				g.way(2, "service", nil, 3, 10, 11, 12)
			},
			gates: []string{"osm:n10 at 0,0: a-out of a", "osm:n11 at 0,50: a-b of b"},
			rooms: []string{"w1 out 400", "w2 a 50", "w2 b 50", "w2 out 20"},
			gated: "a b",
		},
		{
			// Outer and inner perimeter share a side with one gate.
			name: "gate of two", opt: Options{WalledByHabit: abroad},
			draw: func(g *grid) {
				g.compound("a", "校园", true, g.rect(-100, 0, 100, 200))
				g.compound("b", "家属院", true, g.rect(-30, 0, 30, 150))
				g.gate(10, 0, 0, "gate", "南门", nil)
				g.node(12, 0, 100)
				g.way(2, "service", nil, 3, 10, 12)
			},
			gates: []string{"osm:n10 at 0,0: b-out of b a"},
			rooms: []string{"w1 out 400", "w2 b 100", "w2 out 20"},
			gated: "a b",
		},
		{
			// Two compounds side by side with a gate between them.
			name: "gate between two", opt: Options{WalledByHabit: abroad},
			draw: func(g *grid) {
				g.compound("a", "东院", true, g.rect(0, 0, 120, 100))
				g.compound("b", "西院", true, g.rect(-100, 0, 0, 100))
				g.node(11, -50, 50)
				g.gate(10, 0, 50, "gate", "", nil)
				g.node(12, 50, 50)
				g.way(2, "footway", nil, 11, 10, 12)
			},
			gates: []string{"osm:n10 at 0,50: a-b of b a"},
			rooms: []string{"w1 out 400", "w2 a 50", "w2 b 50"},
			gated: "a b",
		},
		{
			// The gate is mapped on the wall, on no way.
			name: "gate on no way", opt: Options{WalledByHabit: abroad},
			draw: func(g *grid) {
				g.compound("c", "院", true, g.rect(-50, 0, 50, 100))
				g.gate(10, 0, 0, "gate", "南门", nil)
				g.node(11, -40, 15)
				g.node(12, 40, 15)
				g.way(2, "footway", nil, 11, 12)
			},
			gates: []string{"osm:n10 at 0,0: c-out of c"},
			rooms: []string{"w0 c 15", "w0 out 20", "w1 out 400", "w2 c 80"},
			gated: "c",
		},
		{
			// The gate is mapped on the wall, beside the way through it.
			name: "gate beside the way", opt: Options{WalledByHabit: abroad},
			draw: func(g *grid) {
				g.compound("c", "院", true, g.rect(-50, 0, 50, 100))
				g.gate(10, 2, 0, "gate", "南门", nil)
				g.node(11, 0, 80)
				g.way(2, "footway", nil, 3, 11)
			},
			gates: []string{"osm:n10 at 2,0: c-out of c"},
			rooms: []string{"w1 out 400", "w2 c 80", "w2 out 20"},
			gated: "c",
		},
		{
			// The end of a drive reaches over the line: no inside.
			name: "stub", opt: Options{WalledByHabit: abroad},
			draw: func(g *grid) {
				g.compound("c", "院", true, g.rect(-50, 0, 50, 100))
				g.node(11, 0, 9)
				g.way(2, "service", nil, 3, 11)
			},
			rooms: []string{"w1 out 400", "w2 out 29"},
			gated: "c",
		},
		{
			// Known by name only.
			name: "no perimeter", opt: Options{WalledByHabit: inChina},
			draw: func(g *grid) {
				g.compound("c", "无界小区", false, nil)
			},
			rooms: []string{"w1 out 400"},
		},
		{
			name: "no way in", opt: Options{WalledByHabit: inChina},
			draw: func(g *grid) {
				g.compound("c", "橄榄城", false, g.rect(-50, 0, 50, 100))
			},
			rooms: []string{"w1 out 400"},
			gated: "c",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := newGrid(c.opt)
			g.node(1, -200, -20)
			g.node(3, 0, -20)
			g.node(2, 200, -20)
			g.way(1, "residential", nil, 1, 3, 2)
			c.draw(g)
			n, got := g.picture(t)
			if diff := cmp.Diff(picture{c.gates, c.rooms}, got); diff != "" {
				t.Error(diff)
			}
			var gated []string
			for _, x := range n.Compounds() {
				if x.Gated {
					gated = append(gated, x.ID)
				}
			}
			if s := strings.Join(gated, " "); s != c.gated {
				t.Errorf("gated: %q, want %q", s, c.gated)
			}
			checkNetwork(t, n)
		})
	}
}

// checkNetwork: streets of different rooms share no node, and every gate of a
// compound is listed there.
func checkNetwork(t *testing.T, n *Network) {
	t.Helper()
	room := map[uint32]uint32{}
	for e := range n.edgeWay {
		for _, node := range [2]uint32{n.edgeA[e], n.edgeB[e]} {
			if r, ok := room[node]; ok && r != n.edgeRoom[e] {
				t.Errorf("node %d at %v is in rooms %d and %d", node, n.Node(node), r, n.edgeRoom[e])
			}
			room[node] = n.edgeRoom[e]
		}
	}
	for i := range n.gates {
		for _, id := range n.gates[i].Gate.Compounds {
			if c, ok := n.Compound(id); !ok || !slices.Contains(c.Gates, n.gates[i].ID) {
				t.Errorf("gate %s is not listed in %s", n.gates[i].ID, id)
			}
		}
	}
}
