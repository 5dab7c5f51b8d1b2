package street

import (
	"github.com/paulmach/orb"

	"yizhan/geo"
)

// Way is a street on its way into a network.
type Way struct {
	ID    int64
	Nodes []int64
	// Class is the value of highway=* or a class of geo.LayerRoad.
	Class string
	Name  string
	Names map[string]string
	// Tags are the tags that say who may use it and how: access, oneway, foot,
	// bicycle, surface, layer, bridge, tunnel, opening_hours, *:conditional.
	Tags geo.Tags
}

// Options change how a network is built. The zero value is the rule.
type Options struct {
	// WalledByHabit says whether compounds around a point are walled even
	// where no wall is mapped; nil means in mainland China.
	WalledByHabit func(orb.Point) bool
}

// Report says what a build found.
type Report struct {
	Stats
	// Skipped counts ways that no mode can use, Broken those with fewer than
	// two known nodes.
	Skipped, Broken int
	// Warnings are for people: compounds without a usable gate and the like.
	Warnings []geo.Text
}

// Builder collects the parts of a network. Parts may come in any order; equal
// parts give an equal network, byte for byte. A Builder is used once and by
// one goroutine.
type Builder struct {
	opt       Options
	nodes     nodeTable
	barriers  []barrier
	ways      []Way
	compounds []geo.Compound
	buildings []geo.Building
	walls     []wall
}

type barrier struct {
	node  int64
	place geo.Place
}

type wall struct {
	id    int64
	nodes []int64
	tags  geo.Tags
}

// NewBuilder returns an empty builder.
func NewBuilder(opt Options) *Builder { return &Builder{opt: opt} }

// Node gives the position of a node of a way, a wall or a barrier.
func (b *Builder) Node(id int64, p orb.Point) { b.nodes.add(id, p) }

// Barrier says what stands at a node: the place has ID, Name and Gate. The
// node's position is the place's Point.
func (b *Builder) Barrier(node int64, gate geo.Place) {
	b.barriers = append(b.barriers, barrier{node, gate})
}

// Way adds a street.
func (b *Builder) Way(w Way) { b.ways = append(b.ways, w) }

// Compound adds an area with a name or a wall.
func (b *Builder) Compound(c geo.Compound) { b.compounds = append(b.compounds, c) }

// Building adds a building with its entrances.
func (b *Builder) Building(x geo.Building) { b.buildings = append(b.buildings, x) }

// Wall adds a line of wall, fence or hedge. A compound whose perimeter runs
// along walls is walled.
func (b *Builder) Wall(id int64, nodes []int64, tags geo.Tags) {
	b.walls = append(b.walls, wall{id, nodes, tags})
}
