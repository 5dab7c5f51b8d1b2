package route

import (
	"github.com/paulmach/orb"

	"yizhan/geo"
	"yizhan/geo/street"
)

// A pocket is what lies around a point off the through network: the inside of
// its compound, or the private stretch it lies on. It is searched backwards,
// from the point to the inlets, the nodes by which it is entered.
//
// The hours of the gates on the way are not judged, as nobody knows yet when
// they will be met: they are hurdles of the inlet.

// inlet is a node of the through network from which a way leads to a point.
type inlet struct {
	node uint32
	// ms is the least time that the way takes, metres its length.
	ms     uint32
	metres float64
	// refs are the arcs of the way, up to the edge that the point lies at;
	// last is the direction in which that is entered, of the stop.
	refs []street.Ref
	last street.Ref
	stop *stop
	// hurdles are what depends on the hour, in order.
	hurdles []hurdle
}

// hurdle is a gate or a way with hours on the way to a point.
type hurdle struct {
	rule  *street.Rule
	point orb.Point
	mode  geo.Mode
	// after is when it is met, in milliseconds after the inlet, if nothing
	// before it takes longer than at best.
	after uint32
	gate  bool
}

// pocket is a search for inlets.
type pocket struct {
	r    *Router
	mode geo.Mode
	// zones may be used in the mode; rooms may be walked in by who left the
	// bike at one of their gates, where walking holds.
	zones, rooms []uint32
	// best returns what passing a barrier takes at best; false where it is
	// never passed.
	best func(barrier uint32, m geo.Mode) (street.Passage, bool)

	labels map[state]*pocketLabel
	queue  []pocketEntry
	inlets []inlet
}

// state is a node with what is left of the way from it.
type state struct {
	node uint32
	rest rest
}

// rest is what a rider at a node has before him. Ways that lead there by
// different parts are kept apart, as their hours may differ.
type rest uint8

const (
	// goOn is the way to the point in the mode.
	goOn rest = iota
	// walkOn is the way to the point on foot, without the bike.
	walkOn
	// rideAndWalk is a ride to a gate, where the bike is left, and a walk.
	rideAndWalk
)

type pocketLabel struct {
	ms uint32
	// ref leads on to next; where the point is next, stop is its edge's.
	ref     street.Ref
	next    state
	stop    *stop
	parked  bool
	settled bool
}

type pocketEntry struct {
	ms uint32
	at state
}

func (r *Router) newPocket(mode geo.Mode, zones []uint32, best func(uint32, geo.Mode) (street.Passage, bool)) *pocket {
	return &pocket{r: r, mode: mode, zones: zones, best: best, labels: map[state]*pocketLabel{}}
}

// seed begins at a stop; who walks there has left the bike at a gate.
func (k *pocket) seed(to *stop, walk bool, ms uint32) {
	m, begin := k.mode, goOn
	if walk {
		m, begin = geo.Foot, walkOn
	}
	for _, ref := range [2]street.Ref{forward(to.Edge), backward(to.Edge)} {
		node, _ := k.r.net.Ends(ref)
		if t, ok := k.r.share(m, ref, k.r.along1(to, ref)); ok {
			k.reach(state{node, begin}, pocketLabel{ms: ms + t + walkMillis(to.Distance), ref: ref, stop: to})
		}
	}
}

func (k *pocket) reach(at state, l pocketLabel) {
	if old := k.labels[at]; old != nil && old.ms <= l.ms {
		return
	}
	k.labels[at] = &l
	// A heap by insertion: pockets are small, and mostly reached in order.
	k.queue = pushEntry(k.queue, pocketEntry{l.ms, at})
}

// run searches to the end and returns the inlets.
func (k *pocket) run() []inlet {
	for len(k.queue) > 0 {
		var e pocketEntry
		e, k.queue = popEntry(k.queue)
		l := k.labels[e.at]
		if l.settled || l.ms != e.ms {
			continue
		}
		l.settled = true
		k.expand(e.at, l)
	}
	return k.inlets
}

func (k *pocket) expand(at state, l *pocketLabel) {
	net, m := k.r.net, k.mode
	if at.rest == walkOn {
		m = geo.Foot
	}
	lo, hi := net.Span(at.node)
	through, park := false, false
	for i := lo; i < hi; i++ {
		arc := net.Arc(i)
		back := arc.Ref ^ 1
		if net.Portal(arc.Ref.Edge()) {
			park = park || at.rest == walkOn && k.gateOfRooms(arc.Ref)
			if ms, ok := k.portal(back, m); ok {
				k.reach(state{arc.Head, at.rest}, pocketLabel{ms: l.ms + ms, ref: back, next: at})
			}
			continue
		}
		t := net.Time(m, back)
		if t == street.Unreachable {
			continue
		}
		switch zone := net.Zone(m, arc.Ref.Edge()); {
		case at.rest == walkOn:
			if has(k.rooms, net.Room(arc.Ref.Edge())) && (zone == 0 || has(k.zones, zone)) {
				k.reach(state{arc.Head, walkOn}, pocketLabel{ms: l.ms + t, ref: back, next: at})
			}
		case zone == 0:
			through = true
		case has(k.zones, zone):
			k.reach(state{arc.Head, at.rest}, pocketLabel{ms: l.ms + t, ref: back, next: at})
		}
	}
	if park {
		k.reach(state{at.node, rideAndWalk}, pocketLabel{ms: l.ms + parkMillis, next: at, parked: true})
	}
	if through && at.rest != walkOn {
		k.inlets = append(k.inlets, k.inlet(at, l))
	}
}

// gateOfRooms says whether a portal is rest of a gate of the rooms to walk in.
func (k *pocket) gateOfRooms(ref street.Ref) bool {
	barrier := k.r.net.PortalBarrier(ref)
	if barrier == street.None {
		barrier = k.r.net.PortalBarrier(ref ^ 1)
	}
	return barrier != street.None && joins(&k.r.net.Barriers()[barrier], k.rooms)
}

func (k *pocket) portal(ref street.Ref, m geo.Mode) (ms uint32, ok bool) {
	barrier := k.r.net.PortalBarrier(ref)
	if barrier == street.None {
		return 0, true
	}
	p, ok := k.best(barrier, m)
	if !ok || !p.Through && !calls(k.r.net, barrier, m, k.zones) {
		return 0, false
	}
	return p.Delay, true
}

// inlet reads the way from a node to the point.
func (k *pocket) inlet(at state, l *pocketLabel) inlet {
	net := k.r.net
	in := inlet{node: at.node, ms: l.ms}
	for {
		m := k.mode
		if at.rest == walkOn {
			m = geo.Foot
		}
		if l.stop != nil {
			k.hurdle(&in, l, m)
			in.last, in.stop = l.ref, l.stop
			in.metres += k.r.along1(l.stop, l.ref) + l.stop.Distance
			return in
		}
		if !l.parked {
			k.hurdle(&in, l, m)
			in.refs = append(in.refs, l.ref)
			in.metres += net.Length(l.ref.Edge())
		}
		at = l.next
		l = k.labels[at]
	}
}

// hurdle adds what the next arc of a way has of hours.
func (k *pocket) hurdle(in *inlet, l *pocketLabel, m geo.Mode) {
	net, edge := k.r.net, l.ref.Edge()
	after := in.ms - l.ms
	if !net.Portal(edge) {
		if rule := net.WayRule(edge); rule != nil && (l.stop == nil || k.r.along1(l.stop, l.ref) > doorstep) {
			node, _ := net.Ends(forward(edge))
			in.hurdles = append(in.hurdles, hurdle{rule, net.Node(node), m, after, false})
		}
		return
	}
	if barrier := net.PortalBarrier(l.ref); barrier != street.None && net.BarrierRule(barrier).Timed() {
		in.hurdles = append(in.hurdles, hurdle{net.BarrierRule(barrier), k.r.barrierPoint(barrier), m, after, true})
	}
}

// along1 returns the metres from where an arc begins to a stop on its edge.
func (r *Router) along1(to *stop, ref street.Ref) float64 {
	if ref.Backward() {
		return r.net.Length(to.Edge) - to.At
	}
	return to.At
}

// calls says whether passing a barrier for callers serves who calls at some
// zones: it leads into or out of one of them.
func calls(net *street.Network, barrier uint32, m geo.Mode, zones []uint32) bool {
	for _, c := range net.Barriers()[barrier].Compounds {
		if has(zones, c+1) {
			return true
		}
	}
	for _, side := range net.Sides(barrier) {
		if side.Room != street.Public && has(zones, side.Room) {
			return true
		}
		lo, hi := net.Span(side.Node)
		for i := lo; i < hi; i++ {
			note := net.Note(m, i)
			if note&street.NotePortal == 0 && note.Zone() != 0 && has(zones, note.Zone()) {
				return true
			}
		}
	}
	return false
}

// pushEntry and popEntry keep a binary heap, earliest first.
func pushEntry(q []pocketEntry, e pocketEntry) []pocketEntry {
	q = append(q, e)
	for i := len(q) - 1; i > 0; {
		up := (i - 1) / 2
		if !q[i].before(q[up]) {
			break
		}
		q[i], q[up] = q[up], q[i]
		i = up
	}
	return q
}

func popEntry(q []pocketEntry) (pocketEntry, []pocketEntry) {
	top := q[0]
	last := len(q) - 1
	q[0] = q[last]
	q = q[:last]
	for i := 0; ; {
		c := 2*i + 1
		if c >= last {
			return top, q
		}
		if c+1 < last && q[c+1].before(q[c]) {
			c++
		}
		if !q[c].before(q[i]) {
			return top, q
		}
		q[i], q[c] = q[c], q[i]
		i = c
	}
}

func (e pocketEntry) before(f pocketEntry) bool {
	if e.ms != f.ms {
		return e.ms < f.ms
	}
	if e.at.node != f.at.node {
		return e.at.node < f.at.node
	}
	return e.at.rest < f.at.rest
}
