package route

import (
	"slices"
	"time"

	"github.com/paulmach/orb"

	"yizhan/geo"
	"yizhan/geo/cch"
	"yizhan/geo/hours"
	"yizhan/geo/street"
)

// pin is a point that is snapped to the network once, to be asked for often.
// It belongs to the router and the mode that made it.
type pin struct {
	// stops are the streets by which it may be reached, one for each component
	// of the network near it.
	stops []stop
	// walk are those by which a rider reaches it who has left the bike at a
	// gate of the compound around it.
	walk []stop
	// gates are what it is reached by where no way inside is mapped.
	gates []gatePin

	// inlets are how it is reached from the through network.
	inlets []inlet
	// zones are the compounds and private stretches that it lies in.
	zones []uint32
}

// gatePin is a gate on the perimeter around a pin: the streets outside by
// which it is reached, and the way from there through the gate straight to the
// pin.
type gatePin struct {
	stops    []stop
	barrier  uint32
	straight float64 // metres
}

// pin snaps a point.
func (r *Router) pin(p orb.Point, mode geo.Mode) pin {
	room := r.net.RoomAt(p)
	var pin pin
	pin.stops = r.candidates(p, mode, snapLimit, func(s street.Snap) bool { return r.net.Room(s.Edge) == room })
	if len(pin.stops) == 0 && room != street.Public {
		if pin.gates = r.gatePins(p, room, mode); len(pin.gates) == 0 {
			pin.stops = r.candidates(p, mode, snapLimit, func(s street.Snap) bool { return r.net.Room(s.Edge) == street.Public })
		}
	}
	if mode != geo.Foot && room != street.Public && len(pin.gates) == 0 {
		pin.walk = r.candidates(p, geo.Foot, snapLimit, func(s street.Snap) bool { return r.net.Room(s.Edge) == room })
	}
	r.findInlets(&pin, mode)
	return pin
}

// gatePins lists the gates of a room without ways.
func (r *Router) gatePins(p orb.Point, room uint32, mode geo.Mode) []gatePin {
	var out []gatePin
	for _, id := range r.net.RoomCompound(room).Gates {
		barrier, ok := r.net.BarrierOf(id)
		if !ok {
			continue
		}
		gate, _ := r.net.Gate(id)
		stops := r.candidates(gate.Point, mode, gateReach, func(s street.Snap) bool { return r.net.Room(s.Edge) != room })
		if len(stops) > 0 {
			out = append(out, gatePin{stops, barrier, geo.Distance(gate.Point, p)})
		}
	}
	return out
}

// findInlets fills in the zones and the inlets of a pin.
func (r *Router) findInlets(pin *pin, mode geo.Mode) {
	var rooms []uint32
	for _, list := range [2][]stop{pin.stops, pin.walk} {
		for i := range list {
			s := &list[i]
			rooms = append(rooms, r.net.Outer(s.room)...)
			for _, m := range [2]geo.Mode{mode, geo.Foot} {
				if z := r.net.Zone(m, s.Edge); z != 0 {
					pin.zones = append(pin.zones, z)
				}
			}
		}
	}
	pin.zones = append(pin.zones, rooms...)
	slices.Sort(pin.zones)
	pin.zones = slices.Compact(pin.zones)

	k := r.newPocket(mode, pin.zones, r.passes)
	k.rooms = rooms
	for i := range pin.stops {
		atDoor := uint32(0)
		if mode != geo.Foot && pin.stops[i].room != street.Public {
			atDoor = parkMillis
		}
		k.seed(&pin.stops[i], false, atDoor)
	}
	for i := range pin.walk {
		k.seed(&pin.walk[i], true, 0)
	}
	pin.inlets = k.run()
	for i := range pin.gates {
		pin.inlets = append(pin.inlets, r.gateInlets(&pin.gates[i], mode)...)
	}
}

// passes says what a barrier asks at best. The hours of one that depends on
// them are judged later.
func (r *Router) passes(barrier uint32, m geo.Mode) (street.Passage, bool) {
	rule := r.net.BarrierRule(barrier)
	if rule.Timed() {
		return street.Passage{Through: false}, true
	}
	p := rule.Pass(m, time.Time{}, hours.Place{})
	return p, p.Verdict != geo.Closed
}

// gateInlets returns the inlets of a pin in a compound without ways, which is
// reached by a gate: along the street to it, and then straight on, on foot.
func (r *Router) gateInlets(g *gatePin, mode geo.Mode) []inlet {
	k := r.newPocket(mode, nil, r.passes)
	for i := range g.stops {
		if z := r.net.Zone(mode, g.stops[i].Edge); z != 0 {
			k.zones = append(k.zones, z)
		}
		k.seed(&g.stops[i], false, 0)
	}
	list := k.run()
	rule := r.net.BarrierRule(g.barrier)
	point := r.barrierPoint(g.barrier)
	parked := uint32(0)
	if mode != geo.Foot {
		parked = parkMillis
	}
	out := list[:0]
	for _, in := range list {
		after := in.ms + parked
		in.ms = after + walkMillis(g.straight)
		in.metres += g.straight
		if rule.Timed() {
			in.hurdles = append(slices.Clone(in.hurdles), hurdle{rule, point, geo.Foot, after, true})
		} else if p := rule.Pass(geo.Foot, time.Time{}, hours.Place{}); p.Verdict == geo.Closed {
			continue
		} else {
			in.ms += p.Delay
		}
		out = append(out, in)
	}
	return out
}

// PinSet is a fixed set of places to be asked for together, such as all the
// stations. It belongs to the router that made it and is safe for concurrent
// use.
type PinSet struct {
	mode geo.Mode
	pins []pin
	// targets are the nodes of all inlets; node[i] is the index among them of
	// the i-th inlet, and the inlets of pin p are first[p] up to first[p+1].
	targets *cch.Targets
	inlets  []*inlet
	node    []uint32
	first   []uint32
	// ms is the least time from each inlet, timed says whether hours stand in
	// the way: flat, as all of them are looked at for every question.
	ms    []uint32
	timed []bool
	// by lists the pins that lie in a zone, along those on an edge: for them a
	// start there has to look closer.
	byZone, byEdge map[uint32][]uint32
	// byNode lists the inlets at a node, owner is the pin of each inlet.
	byNode map[uint32][]uint32
	owner  []uint32
}

// PinAll pins a set of points for a mode.
func (r *Router) PinAll(points []orb.Point, mode geo.Mode) *PinSet {
	pins := make([]pin, len(points))
	for i, p := range points {
		pins[i] = r.pin(p, mode)
	}
	return r.pinSet(pins, mode)
}

func (r *Router) pinSet(pins []pin, mode geo.Mode) *PinSet {
	set := &PinSet{mode: mode, pins: pins, byZone: map[uint32][]uint32{}, byEdge: map[uint32][]uint32{}, byNode: map[uint32][]uint32{}}
	index := map[uint32]uint32{}
	var nodes []uint32
	for i := range pins {
		p := &pins[i]
		set.first = append(set.first, uint32(len(set.inlets)))
		for k := range p.inlets {
			in := &p.inlets[k]
			at, ok := index[in.node]
			if !ok {
				at = uint32(len(nodes))
				index[in.node] = at
				nodes = append(nodes, in.node)
			}
			set.byNode[in.node] = append(set.byNode[in.node], uint32(len(set.inlets)))
			set.owner = append(set.owner, uint32(i))
			set.inlets = append(set.inlets, in)
			set.node = append(set.node, at)
			set.ms = append(set.ms, in.ms)
			set.timed = append(set.timed, len(in.hurdles) > 0)
		}
		for _, z := range p.zones {
			set.byZone[z] = append(set.byZone[z], uint32(i))
		}
		for _, s := range p.stops {
			set.byEdge[s.Edge] = append(set.byEdge[s.Edge], uint32(i))
		}
		for _, g := range p.gates {
			for _, s := range g.stops {
				set.byEdge[s.Edge] = append(set.byEdge[s.Edge], uint32(i))
			}
		}
	}
	set.first = append(set.first, uint32(len(set.inlets)))
	set.targets = r.net.Hierarchy().Pin(nodes)
	return set
}

// Len returns the number of places in the set.
func (s *PinSet) Len() int { return len(s.pins) }
