package route

import (
	"context"
	"math"
	"time"

	"github.com/paulmach/orb"

	"yizhan/geo"
	"yizhan/geo/street"
)

// Reached is what somebody reaches from a point within a time: which streets,
// from which end, and when. It owns the scratch space of the run that filled
// it, and is good for any number of runs, one after the other.
type Reached struct {
	From   orb.Point
	Mode   geo.Mode
	Depart time.Time
	// Limit is the bound of the run in milliseconds.
	Limit uint32
	// Starts are where the straight stretches from the point to the network
	// end, one for each component of the network, with when one is there.
	Starts []Start
	// Stretches are the streets reached, each from an end that it is entered
	// by. A street that is entered from both ends stands there twice, but not
	// where the second adds nothing; so does one that is both ridden and
	// walked. What may be passed through stands before what may only be called
	// at.
	Stretches []Stretch

	ride, walk *wave
}

// Start is a place on a street where the network is entered.
type Start struct {
	Point orb.Point
	// Room is that of the street.
	Room  uint32
	Begin uint32 // milliseconds after departure
}

// Stretch is a street that is reached: in the direction of Ref, from From
// metres after its beginning at Begin milliseconds after departure, as far as
// To metres after its beginning: its end, or where one is as early from the
// other end. All of the street in that direction takes Millis. How far one
// comes is for the reader to work out, who knows which minute is wanted.
type Stretch struct {
	Ref      street.Ref
	Begin    uint32
	Millis   uint32
	From, To float32
}

// Reach finds what somebody reaches from a point within some seconds, exactly,
// with gates and ways as they are at the minute of arrival there.
//
// Public streets and what is tagged for everybody are passed through, and so
// are the compounds around the start and the private stretch it lies on. Other
// compounds, and stretches for callers only, are entered where a gate lets
// callers in, and are never passed through to come to something public: a
// compound that has been entered is left only for one within it. Who rides
// leaves the bike at a gate that lets nobody ride in, and walks.
//
// An error is a *geo.Error: NotFound where no street is near, Timeout when ctx
// is done.
func (r *Router) Reach(ctx context.Context, from orb.Point, mode geo.Mode, depart time.Time, maxSeconds float64) (*Reached, error) {
	into := new(Reached)
	if err := r.ReachInto(ctx, into, from, mode, depart, maxSeconds); err != nil {
		return nil, err
	}
	return into, nil
}

// ReachInto is Reach with a result that is used again: what it held is lost.
func (r *Router) ReachInto(ctx context.Context, into *Reached, from orb.Point, mode geo.Mode, depart time.Time, maxSeconds float64) error {
	into.From, into.Mode, into.Depart = from, mode, depart
	into.Limit = uint32(math.Min(math.Max(0, maxSeconds*1000), longestReach))
	into.Starts, into.Stretches = into.Starts[:0], into.Stretches[:0]
	starts, err := r.starts(from, mode)
	if err != nil {
		return err
	}
	around := r.net.Outer(starts[0].room)
	ride := into.wave(&into.ride, r, mode)
	ride.around = around
	ride.zones = append(ride.zones[:0], around...)
	for _, s := range starts {
		if z := r.net.Zone(mode, s.Edge); z != 0 {
			ride.zones = append(ride.zones, z)
		}
	}
	for _, s := range starts {
		ride.start(s)
	}
	if err := ride.run(ctx, passing); err != nil {
		return err
	}
	ride.call()
	if err := ride.run(ctx, calling); err != nil {
		return err
	}
	if mode == geo.Foot || len(ride.doors) == 0 {
		return nil
	}
	walk := into.wave(&into.walk, r, geo.Foot)
	walk.around, walk.zones, walk.roomsOnly, walk.kind = around, walk.zones[:0], true, calling
	for _, node := range ride.doors {
		if at := ride.labels[node].time + parkMillis; at <= into.Limit {
			walk.through(node, at, ride.roomOf(node))
		}
	}
	return walk.run(ctx, calling)
}

// longestReach bounds a run, in milliseconds: a day.
const longestReach = 24 * 3600 * 1000

// Time returns when a node is reached in the mode of the run, in milliseconds
// after departure; ok is false where it is not reached within the limit.
func (x *Reached) Time(node uint32) (ms uint32, ok bool) {
	if x.ride == nil || int(node) >= len(x.ride.labels) {
		return 0, false
	}
	l := &x.ride.labels[node]
	return l.time, l.stamp >= x.ride.run0 && l.stamp&settled != 0
}

// start begins at a street; see seedStop.
func (v *wave) start(from stop) {
	ms := walkMillis(from.Distance)
	if ms > v.limit {
		return
	}
	v.out.Starts = append(v.out.Starts, Start{from.Point, from.room, ms})
	length := v.net.Length(from.Edge)
	amid := from.At > doorstep && length-from.At > doorstep
	for _, ref := range [2]street.Ref{forward(from.Edge), backward(from.Edge)} {
		metres := from.At // already behind
		if ref.Backward() {
			metres = length - from.At
		}
		wait := uint32(0)
		if v.net.WayRule(from.Edge) != nil && !amid && length-metres > doorstep {
			met := v.street(v.net, from.Edge, ms)
			if met.Verdict == geo.Closed {
				continue
			}
			wait = met.wait
		}
		part, ok := v.r.share(v.mode, ref, length-metres)
		if !ok {
			continue
		}
		_, head := v.net.Ends(ref)
		v.out.Stretches = append(v.out.Stretches, Stretch{ref, ms + wait, v.net.Time(v.mode, ref), float32(metres), float32(length)})
		v.relax(head, ms+wait+part, noRef)
	}
}

// pass takes every arc that leaves a node and may be used to go on elsewhere.
func (v *wave) pass(node, now uint32, parent street.Ref) {
	lo, hi := v.net.Span(node)
	rim, door := false, false
	for i := lo; i < hi; i++ {
		w := v.net.Weight(v.mode, i)
		if w == street.Unreachable {
			continue
		}
		arc := v.net.Arc(i)
		begin := now
		note := v.net.Note(v.mode, i)
		if note != 0 {
			if note&street.NotePortal != 0 {
				door = true
				p := v.barrier(arc.Ref, now)
				switch {
				case p.Verdict == geo.Closed:
				case p.Through || v.calls(v.net.PortalBarrier(arc.Ref)):
					v.relax(arc.Head, now+p.Delay, arc.Ref)
				default:
					rim = true
				}
				continue
			}
			zone := note.Zone()
			called := zone != 0 && has(v.zones, zone)
			if zone != 0 && !called && !sometimes(v.net, zone, arc.Ref.Edge()) {
				rim = true
				continue
			}
			if note&street.NoteTimed != 0 {
				met := v.street(v.net, arc.Ref.Edge(), now)
				if met.Verdict == geo.Closed || !met.Through && !called {
					rim = rim || zone != 0
					continue
				}
				begin += met.wait
			}
		}
		v.take(arc, begin, w, parent, note&street.NoteTimed != 0)
	}
	if rim {
		v.rim = append(v.rim, node)
	}
	if door {
		v.doors = append(v.doors, node)
	}
}

// take goes into a street, but not back on the one that led to the node, and
// only half of one whose other end has been settled.
func (v *wave) take(arc street.Arc, begin, w uint32, parent street.Ref, timed bool) {
	if arc.Ref^1 == parent || begin > v.limit {
		return
	}
	to := v.net.Length(arc.Ref.Edge())
	l := &v.labels[arc.Head]
	if l.stamp < v.run0 || l.stamp&settled == 0 {
		v.relax(arc.Head, begin+w, arc.Ref)
	} else if back := v.net.Time(v.mode, arc.Ref^1); back != street.Unreachable && !timed {
		if l.time+back <= begin {
			return
		}
		to *= min(1, float64(l.time+back-begin)/float64(w+back))
	}
	v.out.Stretches = append(v.out.Stretches, Stretch{arc.Ref, begin, w, 0, float32(to)})
}

// call begins the run of callers where the passing one met what it may not
// use.
func (v *wave) call() {
	v.kind = calling
	for _, node := range v.rim {
		l := v.labels[node]
		v.visit(node, l.time, l.parent)
	}
}

// visit takes every arc that leaves a node and may be used to call: ways
// within compounds and private stretches, and gates that lead deeper. From a
// node of the passing run, what that run has used is not used again.
func (v *wave) visit(node, now uint32, parent street.Ref) {
	passed := v.labels[node].stamp&calling == 0
	lo, hi := v.net.Span(node)
	door := false
	for i := lo; i < hi; i++ {
		w := v.net.Weight(v.mode, i)
		if w == street.Unreachable {
			continue
		}
		arc := v.net.Arc(i)
		note := v.net.Note(v.mode, i)
		if note&street.NotePortal != 0 {
			door = true
			continue
		}
		edge := arc.Ref.Edge()
		zone, room := note.Zone(), v.net.Room(edge)
		switch {
		case passed && (zone == 0 || has(v.zones, zone)):
			continue
		case room == street.Public && (zone == 0 || v.roomsOnly):
			continue
		}
		begin := now
		if note&street.NoteTimed != 0 {
			met := v.street(v.net, edge, now)
			if met.Verdict == geo.Closed {
				continue
			}
			begin += met.wait
		}
		v.take(arc, begin, w, parent, note&street.NoteTimed != 0)
	}
	if !door {
		return
	}
	if !passed {
		v.doors = append(v.doors, node)
	}
	v.through(node, now, v.roomOf(node))
}

// through takes the portals of a node in a room that lead into the same room
// or deeper.
func (v *wave) through(node, now, room uint32) {
	lo, hi := v.net.Span(node)
	for i := lo; i < hi; i++ {
		if v.net.Note(v.mode, i)&street.NotePortal == 0 {
			continue
		}
		arc := v.net.Arc(i)
		barrier := v.net.PortalBarrier(arc.Ref)
		if barrier != street.None && !v.deeper(room, v.sideRoom(barrier, arc.Head, room)) {
			continue
		}
		if p := v.barrier(arc.Ref, now); p.Verdict != geo.Closed {
			v.relax(arc.Head, now+p.Delay, arc.Ref)
		}
	}
}

// deeper says whether somebody in a room may go on into another one to call
// there. Who walks has left the bike, and goes into compounds only.
func (v *wave) deeper(from, to uint32) bool {
	if v.roomsOnly && (to == street.Public || has(v.around, to)) {
		return false
	}
	if from == to || from == street.Public {
		return true
	}
	for _, r := range v.net.Outer(to) {
		if r == from {
			return true
		}
	}
	return false
}

// sideRoom returns the room of a side of a barrier; that of its hub is the
// room one comes from.
func (v *wave) sideRoom(barrier, node, hub uint32) uint32 {
	for _, s := range v.net.Sides(barrier) {
		if s.Node == node {
			return s.Room
		}
	}
	return hub
}

// roomOf returns the room that somebody is in who has come to a node.
func (v *wave) roomOf(node uint32) uint32 {
	for {
		lo, hi := v.net.Span(node)
		for i := lo; i < hi; i++ {
			if e := v.net.Arc(i).Ref.Edge(); !v.net.Portal(e) {
				return v.net.Room(e)
			}
		}
		// The hub of a barrier.
		parent := v.labels[node].parent
		if v.labels[node].stamp < v.run0 || parent == noRef {
			return street.Public
		}
		node, _ = v.net.Ends(parent)
	}
}
