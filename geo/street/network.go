package street

import (
	"github.com/paulmach/orb"

	"yizhan/geo"
)

// None marks the absence of an index in the flat arrays.
const None = ^uint32(0)

// Unreachable is the travel time of an arc that a mode may not use.
const Unreachable = ^uint32(0)

// Public is the room of the streets outside all gated compounds. The room of
// a gated compound is its index among Compounds plus one.
const Public uint32 = 0

// Network is an immutable street network, safe for concurrent use.
type Network struct {
	graph
	derived
	records
	changed
}

// graph is the part of a network that rests in flat arrays in the file.
// Streets are the edges below len(edgeWay); the edges after them are portals.
type graph struct {
	nodeLon, nodeLat []int32

	edgeA, edgeB []uint32 // end nodes, for streets and portals
	// For streets: the way, the room, the length in metres, and the interior
	// points shape[edgeShape[i]:edgeShape[i+1]].
	edgeWay    []uint32
	edgeRoom   []uint32
	edgeLength []float32
	edgeShape  []uint32
	shapeLon   []int32
	shapeLat   []int32
	// For portals: the barrier, and 1 where only the way from A to B passes
	// it: a spoke of a barrier where more than two pieces meet, with the hub
	// at A.
	portalBarrier []uint32
	portalSpoke   []uint32

	wayID      []int64
	wayClass   []uint32
	wayName    []uint32
	wayProfile []uint32
	wayRule    []uint32 // index of ruleTags, None where no hour matters

	// order lists the nodes as they are contracted; see Hierarchy.
	order []uint32
}

// records is the part of a network that is made of words.
type records struct {
	profiles []Profile
	ruleTags []geo.Tags
	names    []wayName
	barriers []Barrier

	gates     []geo.Place
	compounds []geo.Compound
	buildings []geo.Building
	streets   []Street
	stats     Stats
}

// wayName is what a way is called; the first one of a network is empty.
type wayName struct{ local, zh, en string }

// Barrier is something at a node that may stop somebody.
type Barrier struct {
	// Gate is the index among Gates, None for what is no gate, such as a
	// bollard.
	Gate uint32
	// Kind is the value of barrier=*, "" for an inferred gate.
	Kind string
	// Tags are its access tags; those of its neighbour where an untagged
	// barrier stands right beside a tagged one on the same way.
	Tags geo.Tags
	// Compounds are the indices of the gated compounds that it joins with
	// another room.
	Compounds []uint32
}

// Street is a named street, for finding it by name.
type Street struct {
	// ID like "street:w123", after the way of the lowest number.
	ID    string
	Name  string
	Names map[string]string
	// Point lies on the street, near its middle.
	Point orb.Point
	Bound orb.Bound
}

// Stats counts what is in a network.
type Stats struct {
	Nodes, Edges, Ways   int
	Kilometres           float64
	Gates, Inferred      int
	Compounds, Gated     int
	Buildings, Entrances int
	Streets              int
}

// Stats returns the counts of the network.
func (n *Network) Stats() Stats { return n.stats }

// Bound returns the box around all streets; an empty one where there are
// none.
func (n *Network) Bound() orb.Bound { return n.bound }

// Gates returns all gates, mapped and inferred, in order of their IDs, as
// places of kind gate with Gate.Compounds filled. The slice is shared: do not
// change it.
func (n *Network) Gates() []geo.Place { return n.gates }

// Compounds returns all areas, gated and open, in order of their IDs, with
// Gates and Gated filled. The slice is shared: do not change it.
func (n *Network) Compounds() []geo.Compound { return n.compounds }

// Buildings returns all buildings in order of their IDs, with Compound filled.
// The slice is shared: do not change it.
func (n *Network) Buildings() []geo.Building { return n.buildings }

// Streets returns the named streets in order of their IDs.
func (n *Network) Streets() []Street { return n.streets }

// Gate returns the gate with an ID.
func (n *Network) Gate(id string) (*geo.Place, bool) {
	i, ok := n.gateOf[id]
	if !ok {
		return nil, false
	}
	return &n.gates[i], true
}

// Compound returns the compound with an ID.
func (n *Network) Compound(id string) (*geo.Compound, bool) {
	i, ok := n.compoundOf[id]
	if !ok {
		return nil, false
	}
	return &n.compounds[i], true
}

// Building returns the building with an ID.
func (n *Network) Building(id string) (*geo.Building, bool) {
	i, ok := n.buildingOf[id]
	if !ok {
		return nil, false
	}
	return &n.buildings[i], true
}

// CompoundAt returns the ID of the innermost gated compound around a point, or
// of the smallest open area where it lies in no gated one.
func (n *Network) CompoundAt(p orb.Point) (id string, ok bool) {
	i, ok := n.areas.at(p, false)
	if !ok {
		return "", false
	}
	return n.compounds[i].ID, true
}

// RoomAt returns the room that a point lies in: the innermost gated compound,
// or Public.
func (n *Network) RoomAt(p orb.Point) uint32 {
	if i, ok := n.areas.at(p, true); ok {
		return uint32(i) + 1
	}
	return Public
}

// RoomOf returns the room of the compound with an ID; ok is false for an
// unknown compound and for an open area.
func (n *Network) RoomOf(compound string) (room uint32, ok bool) {
	i, ok := n.compoundOf[compound]
	if !ok || !n.compounds[i].Gated {
		return Public, false
	}
	return i + 1, true
}

// Outer returns the rooms around a room, from itself outwards, Public left
// out.
func (n *Network) Outer(room uint32) []uint32 {
	var out []uint32
	for room != Public {
		out = append(out, room)
		room = n.parent[room]
	}
	return out
}

// RoomCompound returns the compound of a room, nil for Public.
func (n *Network) RoomCompound(room uint32) *geo.Compound {
	if room == Public {
		return nil
	}
	return &n.compounds[room-1]
}
