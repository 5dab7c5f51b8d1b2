package street

import (
	"math"

	"github.com/paulmach/orb"

	"yizhan/geo"
	"yizhan/geo/cch"
)

// derived is what a network works out from its file when it is loaded.
type derived struct {
	first  []uint32
	arcs   []Arc
	weight [geo.NumModes][]uint32
	zone   [geo.NumModes][]uint32
	note   [geo.NumModes][]Note
	zones  uint32
	sides  [][]Side
	parent []uint32 // by room

	component [geo.NumModes][]uint32        // by node
	island    [geo.NumModes]map[uint32]bool // components

	tree  edgeTree
	areas areaIndex
	bound orb.Bound

	gateBarrier  []uint32 // by gate
	gatesByLat   []uint32 // gates from south to north
	barrierRules []*Rule
	wayRules     []*Rule
	timed        []Ref // see TimedRefs

	topSpeed [geo.NumModes]float64

	hierarchy *cch.Hierarchy

	gateOf, compoundOf, buildingOf map[string]uint32
}

// derive fills n.derived from the rest, which fails where the order of the
// nodes cannot be used.
func (n *Network) derive() error {
	contracted := make(chan error, 1)
	go func() {
		var err error
		n.hierarchy, err = n.contract()
		contracted <- err
	}()
	n.deriveArcs()
	n.deriveZones()
	n.deriveSides()
	n.deriveIslands()
	n.barrierRules = make([]*Rule, len(n.barriers))
	n.gateBarrier = make([]uint32, len(n.gates))
	for i := range n.barriers {
		if g := n.barriers[i].Gate; g != None {
			n.gateBarrier[g] = uint32(i)
		}
		n.barrierRules[i] = NewRule(n.barriers[i].Kind, n.barriers[i].Tags)
	}
	n.wayRules = make([]*Rule, len(n.ruleTags))
	for i, tags := range n.ruleTags {
		n.wayRules[i] = newRule(kindNothing, tags)
	}
	n.deriveNotes()
	n.gatesByLat = sortedGates(n.gates)
	n.timed = n.timedPortals(n.timedStreets())
	n.topSpeed = n.deriveSpeeds()
	n.gateOf = make(map[string]uint32, len(n.gates))
	for i := range n.gates {
		n.gateOf[n.gates[i].ID] = uint32(i)
	}
	n.compoundOf = make(map[string]uint32, len(n.compounds))
	for i := range n.compounds {
		n.compoundOf[n.compounds[i].ID] = uint32(i)
	}
	n.buildingOf = make(map[string]uint32, len(n.buildings))
	for i := range n.buildings {
		n.buildingOf[n.buildings[i].ID] = uint32(i)
	}
	n.areas = newAreaIndex(n.compounds)
	n.parent = n.areas.parents()
	n.tree = newEdgeTree(n)
	n.bound = orb.Bound{Min: orb.Point{1, 1}, Max: orb.Point{-1, -1}}
	for i := range n.nodeLon {
		if p := n.Node(uint32(i)); i == 0 {
			n.bound = p.Bound()
		} else {
			n.bound = n.bound.Extend(p)
		}
	}
	return <-contracted
}

// contract makes the hierarchy.
func (n *Network) contract() (*cch.Hierarchy, error) {
	tail, head := make([]uint32, 2*len(n.edgeA)), make([]uint32, 2*len(n.edgeA))
	for e, a := range n.edgeA {
		b := n.edgeB[e]
		tail[2*e], head[2*e] = a, b
		tail[2*e+1], head[2*e+1] = b, a
	}
	return cch.New(n.order, tail, head)
}

// Hierarchy returns the graph contracted for fast searches: its arcs are the
// streets and portals by their Ref, with no weights yet. It is the same for
// all modes and under all changes.
func (n *Network) Hierarchy() *cch.Hierarchy { return n.hierarchy }

// deriveArcs builds the lists of leaving arcs and their travel times.
func (n *Network) deriveArcs() {
	n.first = make([]uint32, len(n.nodeLon)+1)
	for e := range n.edgeA {
		n.first[n.edgeA[e]+1]++
		n.first[n.edgeB[e]+1]++
	}
	for i := 1; i < len(n.first); i++ {
		n.first[i] += n.first[i-1]
	}
	n.arcs = make([]Arc, 2*len(n.edgeA))
	next := make([]uint32, len(n.nodeLon))
	copy(next, n.first)
	for e := range n.edgeA {
		a, b := n.edgeA[e], n.edgeB[e]
		n.arcs[next[a]] = Arc{b, Ref(e << 1)}
		next[a]++
		n.arcs[next[b]] = Arc{a, Ref(e<<1 | 1)}
		next[b]++
	}
	for m := range n.weight {
		n.weight[m] = make([]uint32, len(n.arcs))
		for i, arc := range n.arcs {
			n.weight[m][i] = n.Time(geo.Mode(m), arc.Ref)
		}
	}
}

// Time returns the travel time along an edge in a direction in milliseconds,
// Unreachable where the mode may not go at any hour, 0 for a portal.
func (n *Network) Time(m geo.Mode, r Ref) uint32 {
	e := r.Edge()
	if n.Portal(e) {
		return 0
	}
	dir := 0
	if r.Backward() {
		dir = 1
	}
	speed := n.ProfileOf(e).Speed[m][dir]
	if speed <= 0 {
		return Unreachable
	}
	return uint32(math.Max(1, math.Round(float64(n.edgeLength[e])/float64(speed)*1000)))
}

// deriveZones gives each edge that may not be passed through its zone.
func (n *Network) deriveZones() {
	n.zones = uint32(len(n.compounds)) + 1
	for m := range n.zone {
		zone := make([]uint32, len(n.edgeWay))
		sets := newDisjoint(len(n.nodeLon))
		for e := range zone {
			p := n.ProfileOf(uint32(e))
			switch {
			case n.edgeRoom[e] != Public && !p.Public[m]:
				zone[e] = n.edgeRoom[e]
			case p.Calling[m]:
				zone[e] = None
				sets.join(n.edgeA[e], n.edgeB[e])
			}
		}
		// A gate across a drive parts it, and who calls at its far end passes.
		for e := len(n.edgeWay); e < len(n.edgeA); e++ {
			sets.join(n.edgeA[e], n.edgeB[e])
		}
		number := map[uint32]uint32{}
		for e := range zone {
			if zone[e] != None {
				continue
			}
			root := sets.find(n.edgeA[e])
			z, ok := number[root]
			if !ok {
				z = n.zones
				n.zones++
				number[root] = z
			}
			zone[e] = z
		}
		n.zone[m] = zone
	}
}

// Note says what a search has to look at before it takes an arc; 0 means
// nothing. The low bits are the zone of a street.
type Note uint32

// NotePortal marks an arc that is a portal, NoteTimed a street whose rule
// changes with the hour.
const (
	NotePortal Note = 1 << 31
	NoteTimed  Note = 1 << 30
)

// Zone returns the zone of a street.
func (a Note) Zone() uint32 { return uint32(a &^ (NotePortal | NoteTimed)) }

// Note returns the note of an arc for a mode.
func (n *Network) Note(m geo.Mode, i uint32) Note { return n.note[m][i] }

func (n *Network) deriveNotes() {
	for m := range n.note {
		n.note[m] = make([]Note, len(n.arcs))
		for i, arc := range n.arcs {
			e := arc.Ref.Edge()
			if n.Portal(e) {
				n.note[m][i] = NotePortal
				continue
			}
			n.note[m][i] = Note(n.zone[m][e])
			if n.WayRule(e) != nil {
				n.note[m][i] |= NoteTimed
			}
		}
	}
}

// deriveSides lists the nodes around each barrier.
func (n *Network) deriveSides() {
	n.sides = make([][]Side, len(n.barriers))
	room := func(node uint32) (uint32, bool) {
		lo, hi := n.Span(node)
		for i := lo; i < hi; i++ {
			if e := n.arcs[i].Ref.Edge(); !n.Portal(e) {
				return n.edgeRoom[e], true
			}
		}
		return Public, false
	}
	for i, b := range n.portalBarrier {
		e := len(n.edgeWay) + i
		for _, node := range [2]uint32{n.edgeA[e], n.edgeB[e]} {
			if r, ok := room(node); ok {
				n.sides[b] = append(n.sides[b], Side{node, r})
			}
		}
	}
}

// islandMetres is the length of connected ways below which they are taken
// for an island: a stretch that was mapped without its link to the rest, such
// as the paths of a park or along a river.
const islandMetres = 20_000

// deriveIslands joins, for each mode, the nodes that streets and portals join,
// whatever the direction and the rules of the portals, and marks the small
// components as islands. In a network that is all small, the largest one is
// none.
func (n *Network) deriveIslands() {
	for m := range n.component {
		sets := newDisjoint(len(n.nodeLon))
		for e := range n.edgeA {
			if n.passable(geo.Mode(m), uint32(e)) {
				sets.join(n.edgeA[e], n.edgeB[e])
			}
		}
		length := map[uint32]float64{}
		var longest float64
		for e := range n.edgeWay {
			if n.passable(geo.Mode(m), uint32(e)) {
				root := sets.find(n.edgeA[e])
				length[root] += float64(n.edgeLength[e])
				longest = math.Max(longest, length[root])
			}
		}
		limit := math.Min(islandMetres, longest)
		n.island[m] = map[uint32]bool{}
		for root, l := range length {
			if l < limit {
				n.island[m][root] = true
			}
		}
		for i := range sets {
			sets[i] = sets.find(uint32(i))
		}
		n.component[m] = sets
	}
}

func (n *Network) passable(m geo.Mode, e uint32) bool {
	if n.Portal(e) {
		return true
	}
	v := &n.ProfileOf(e).Speed[m]
	return v[0] > 0 || v[1] > 0
}

// Component returns a number that all nodes share which streets and portals
// join for a mode, whatever their direction and hours.
func (n *Network) Component(m geo.Mode, node uint32) uint32 { return n.component[m][node] }

// Island says whether a street lies on a small component of the network, which
// nothing joins to the rest.
func (n *Network) Island(m geo.Mode, edge uint32) bool {
	return n.island[m][n.component[m][n.edgeA[edge]]]
}

// disjoint is a union-find structure with path halving.
type disjoint []uint32

func newDisjoint(n int) disjoint {
	d := make(disjoint, n)
	for i := range d {
		d[i] = uint32(i)
	}
	return d
}

func (d disjoint) find(i uint32) uint32 {
	for d[i] != i {
		d[i] = d[d[i]]
		i = d[i]
	}
	return i
}

func (d disjoint) join(a, b uint32) {
	a, b = d.find(a), d.find(b)
	if a > b {
		a, b = b, a
	}
	d[b] = a
}
