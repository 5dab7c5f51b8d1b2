package street

import (
	"github.com/paulmach/orb"

	"yizhan/geo"
)

// Ref is an edge with a direction: the edge's index doubled, plus one for the
// direction from B to A.
type Ref uint32

// Edge returns the edge's index.
func (r Ref) Edge() uint32 { return uint32(r) >> 1 }

// Backward says whether the direction is from B to A.
func (r Ref) Backward() bool { return r&1 == 1 }

// Arc is an edge as seen from the node it leaves.
type Arc struct {
	Head uint32
	Ref  Ref
}

// NumNodes returns the number of nodes.
func (n *Network) NumNodes() int { return len(n.nodeLon) }

// NumStreets returns the number of edges that are streets; they come first.
func (n *Network) NumStreets() int { return len(n.edgeWay) }

// Node returns a node's position.
func (n *Network) Node(node uint32) orb.Point {
	return orb.Point{float64(n.nodeLon[node]) / fixed, float64(n.nodeLat[node]) / fixed}
}

// Span returns the indices of the arcs that leave a node: lo up to, but not,
// hi.
func (n *Network) Span(node uint32) (lo, hi uint32) { return n.first[node], n.first[node+1] }

// Arc returns an arc by its index.
func (n *Network) Arc(i uint32) Arc { return n.arcs[i] }

// Weight returns the travel time of an arc for a mode in milliseconds,
// Unreachable where the mode may not use it at any hour. That of a portal is
// zero: its rule decides.
func (n *Network) Weight(m geo.Mode, i uint32) uint32 { return n.weight[m][i] }

// Ends returns the nodes where an edge begins and ends in a direction.
func (n *Network) Ends(r Ref) (from, to uint32) {
	e := r.Edge()
	if r.Backward() {
		return n.edgeB[e], n.edgeA[e]
	}
	return n.edgeA[e], n.edgeB[e]
}

// Portal says whether an edge is a portal.
func (n *Network) Portal(edge uint32) bool { return int(edge) >= len(n.edgeWay) }

// PortalBarrier returns the index of the barrier that an arc through a portal
// passes, None where the arc passes nothing.
func (n *Network) PortalBarrier(r Ref) uint32 {
	i := int(r.Edge()) - len(n.edgeWay)
	if n.portalSpoke[i] == 1 && r.Backward() {
		return None
	}
	return n.portalBarrier[i]
}

// Barriers returns everything that can stop somebody. The slice is shared.
func (n *Network) Barriers() []Barrier { return n.barriers }

// Sides returns the nodes around a barrier, one for each room or piece of way
// that it joins.
func (n *Network) Sides(barrier uint32) []Side { return n.sides[barrier] }

// Side is a node at a barrier with the room its streets lie in.
type Side struct{ Node, Room uint32 }

// Length returns the length of a street edge in metres, 0 for a portal.
func (n *Network) Length(edge uint32) float64 {
	if n.Portal(edge) {
		return 0
	}
	return float64(n.edgeLength[edge])
}

// Room returns the room of a street edge.
func (n *Network) Room(edge uint32) uint32 { return n.edgeRoom[edge] }

// Zone says what stands in the way of passing through a street edge: 0 means
// nothing; up to the number of compounds the room that one must be calling
// at; above that a stretch of connected ways that are for callers only.
func (n *Network) Zone(m geo.Mode, edge uint32) uint32 { return n.zone[m][edge] }

// WayInfo is what a street edge is part of.
type WayInfo struct {
	ID    int64
	Class Class
	// Name is the name where the way lies; Text is the name in both
	// languages, empty for an unnamed way.
	Name string
	Text geo.Text
}

// WayOf returns the way of a street edge.
func (n *Network) WayOf(edge uint32) WayInfo {
	w := n.edgeWay[edge]
	name := n.names[n.wayName[w]]
	return WayInfo{n.wayID[w], Class(n.wayClass[w]), name.local, geo.Text{Zh: name.zh, En: name.en}}
}

// ProfileOf returns how the modes use the way of a street edge.
func (n *Network) ProfileOf(edge uint32) *Profile {
	return &n.profiles[n.wayProfile[n.edgeWay[edge]]]
}

// Coords appends the points of an edge in a direction, both ends included.
func (n *Network) Coords(line orb.LineString, r Ref) orb.LineString {
	from, to := n.Ends(r)
	line = append(line, n.Node(from))
	if e := r.Edge(); !n.Portal(e) {
		lo, hi := n.edgeShape[e], n.edgeShape[e+1]
		for k := lo; k < hi; k++ {
			i := k
			if r.Backward() {
				i = hi - 1 - (k - lo)
			}
			line = append(line, orb.Point{float64(n.shapeLon[i]) / fixed, float64(n.shapeLat[i]) / fixed})
		}
	}
	return append(line, n.Node(to))
}

// BarrierOf returns the index of the barrier of the gate with an ID.
func (n *Network) BarrierOf(gate string) (uint32, bool) {
	i, ok := n.gateOf[gate]
	if !ok {
		return None, false
	}
	return n.gateBarrier[i], true
}
