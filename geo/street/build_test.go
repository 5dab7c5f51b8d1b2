package street

import (
	"testing"

	"github.com/paulmach/orb"

	"yizhan/geo"
)

// grid lays nodes 1… on a plane of metres around a corner of Beijing.
type grid struct {
	b  *Builder
	pl plane
}

func newGrid(opt Options) *grid {
	return &grid{NewBuilder(opt), planeAt(orb.Point{116.35, 39.96})}
}

func (g *grid) at(x, y float64) orb.Point { return g.pl.point(vec{x, y}) }

func (g *grid) node(id int64, x, y float64) { g.b.Node(id, g.at(x, y)) }

func (g *grid) way(id int64, class string, tags geo.Tags, nodes ...int64) {
	g.b.Way(Way{ID: id, Class: class, Nodes: nodes, Tags: tags})
}

// TestBuildCross: two streets that share a node make four edges.
//
//	    3
//	    |
//	1 - 2 - 4
//	    |
//	    5
func TestBuildCross(t *testing.T) {
	g := newGrid(Options{})
	g.node(1, -100, 0)
	g.node(2, 0, 0)
	g.node(3, 0, 100)
	g.node(4, 100, 0)
	g.node(5, 0, -100)
	g.way(10, "residential", nil, 1, 2, 4)
	g.way(11, "residential", nil, 3, 2, 5)
	n, report, err := g.b.Build()
	if err != nil {
		t.Fatal(err)
	}
	if n.NumNodes() != 5 || n.NumStreets() != 4 || report.Edges != 4 {
		t.Errorf("nodes %d, streets %d, report %+v; want 5, 4", n.NumNodes(), n.NumStreets(), report)
	}
	var got []Snap
	n.Near(g.at(30, 10), 1000, func(s Snap) bool { got = append(got, s); return true })
	if len(got) != 4 || got[0].Distance < 9.9 || got[0].Distance > 10.1 {
		t.Errorf("near: %+v", got)
	}
}

// TestWarnings: a compound without a gate is named in both languages.
func TestWarnings(t *testing.T) {
	g := newGrid(Options{WalledByHabit: abroad})
	g.b.Compound(geo.Compound{ID: "osm:w1", Name: "东院", Walled: true,
		Perimeter: orb.MultiPolygon{{{g.at(0, 0), g.at(100, 0), g.at(100, 100), g.at(0, 100), g.at(0, 0)}}}})
	_, report, err := g.b.Build()
	if err != nil {
		t.Fatal(err)
	}
	want := geo.Text{Zh: "小区“东院”（osm:w1）没有路通过的门，路线只能到它附近的街边",
		En: `compound "东院" (osm:w1) has no gate that a way leads through: routes end on a street near it`}
	if len(report.Warnings) != 1 || report.Warnings[0] != want {
		t.Errorf("warnings %v", report.Warnings)
	}
}
