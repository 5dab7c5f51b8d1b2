package route

import (
	"context"
	"math"
	"time"

	"github.com/paulmach/orb"

	"yizhan/geo"
	"yizhan/geo/hours"
	"yizhan/geo/street"
)

// metresPerDegree is the length of a degree of latitude.
const metresPerDegree = geo.EarthRadius * math.Pi / 180

// unreached is the time of a node that is not reached, in milliseconds.
const unreached = ^uint32(0)

// noRef marks a node that a search started from.
const noRef = street.Ref(^uint32(0))

// search is the scratch space of one run of Dijkstra's algorithm. Labels are
// valid where their stamp is the run's.
type search struct {
	net    *street.Network
	labels []label
	run    uint32
	queue  []entry

	clock
	rules passRules
	// goal and pace give the lower bound for A*: metres per millisecond; pace
	// 0 means none.
	goal   orb.Point
	cosLat float64
	slack  float64
	pace   float64

	settled int
}

// label is what a run knows of a node.
type label struct {
	stamp  uint32
	time   uint32 // milliseconds since departure
	parent street.Ref
	done   bool
}

type entry struct{ key, node uint32 }

// passRules say which ways and gates a run may use.
type passRules struct {
	// zones are the zones that the route calls at or starts in.
	zones []uint32
	// within, where set, are the only rooms that may be entered; without, the
	// rooms that may not be.
	within, without []uint32
	// callers opens the ways for callers outside compounds everywhere.
	callers bool
	// oneWay forbids leaving any room but those in mayLeave, where the run
	// starts.
	oneWay   bool
	mayLeave []uint32
	// force passes shut gates, to find out which ones are in the way.
	force bool
	// zoned keeps to the streets of the zones, off the through network.
	zoned bool
}

// restrict says whether the rules bar streets that anybody may use.
func (p *passRules) restrict() bool { return p.within != nil || p.without != nil || p.zoned }

func newSearch(net *street.Network) *search {
	return &search{net: net, labels: make([]label, net.NumNodes())}
}

// begin prepares a run.
func (s *search) begin(mode geo.Mode, depart time.Time, where func(orb.Point) hours.Place, rules passRules) {
	s.run++
	if s.run == 0 { // after 2³² runs stamps would repeat
		clear(s.labels)
		s.run = 1
	}
	s.queue = s.queue[:0]
	s.mode, s.depart, s.where, s.rules = mode, depart, where, rules
	s.pace, s.settled = 0, 0
}

// aim sets the goal of the run: a point, and the metres around it within
// which a target may lie. metresPerSecond is the greatest speed.
func (s *search) aim(goal orb.Point, slack, metresPerSecond float64) {
	s.goal, s.slack = goal, slack
	s.cosLat = math.Cos(goal[1] * math.Pi / 180)
	s.pace = metresPerSecond / 1000
}

// bound returns a lower bound of the time from a node to the goal. Within half
// a degree of latitude and below 65° a plane around the goal is within 2 % of
// the sphere; beyond, and where the sphere is asked, half of that makes up for
// rounding of the edges' lengths and times.
func (s *search) bound(node uint32) uint32 {
	if s.pace == 0 {
		return 0
	}
	p := s.net.Node(node)
	dy := p[1] - s.goal[1]
	var d float64
	if math.Abs(dy) < 0.5 && math.Abs(p[1]) < 65 {
		dx := (p[0] - s.goal[0]) * s.cosLat
		d = math.Sqrt(dx*dx+dy*dy) * metresPerDegree * 0.975
	} else {
		d = geo.Distance(p, s.goal) * 0.998
	}
	if d <= s.slack {
		return 0
	}
	return uint32((d - s.slack) / s.pace)
}

// seed starts the run at a node, some milliseconds after departure.
func (s *search) seed(node, ms uint32) { s.reach(node, ms, noRef) }

// reach labels a node if that is earlier than what it has.
func (s *search) reach(node, ms uint32, parent street.Ref) {
	l := &s.labels[node]
	if l.stamp == s.run && l.time <= ms {
		return
	}
	*l = label{s.run, ms, parent, false}
	s.push(entry{ms + s.bound(node), node})
}

// timeAt returns when a node is reached, unreached where it is not.
func (s *search) timeAt(node uint32) uint32 {
	if l := &s.labels[node]; l.stamp == s.run {
		return l.time
	}
	return unreached
}

// isSettled says whether a node's time is final.
func (s *search) isSettled(node uint32) bool {
	l := &s.labels[node]
	return l.stamp == s.run && l.done
}

// next settles the nearest open node; ok is false at the end. key is a lower
// bound of every time still to come.
func (s *search) next() (node, key uint32, ok bool) {
	for len(s.queue) > 0 {
		e := s.pop()
		l := &s.labels[e.node]
		if l.done {
			continue
		}
		l.done = true
		s.settled++
		s.expand(e.node, l.time)
		return e.node, e.key, true
	}
	return 0, 0, false
}

// peek returns the key of the next entry.
func (s *search) peek() uint32 {
	if len(s.queue) == 0 {
		return unreached
	}
	return s.queue[0].key
}

// expand takes every arc that leaves a node.
func (s *search) expand(node, now uint32) {
	lo, hi := s.net.Span(node)
	for i := lo; i < hi; i++ {
		w := s.net.Weight(s.mode, i)
		if w == street.Unreachable {
			continue
		}
		arc := s.net.Arc(i)
		if note := s.net.Note(s.mode, i); note != 0 || s.rules.restrict() {
			if note&street.NotePortal != 0 {
				var ok bool
				if w, ok = s.portal(arc, node, now); !ok {
					continue
				}
			} else if wait, ok := s.street(arc.Ref.Edge(), note, now); !ok {
				continue
			} else {
				w += wait
			}
		}
		s.reach(arc.Head, now+w, arc.Ref)
	}
}

// street says whether the run may use a street at a moment, and how long it
// has to wait there.
func (s *search) street(edge uint32, note street.Note, now uint32) (wait uint32, ok bool) {
	if s.rules.within != nil && !has(s.rules.within, s.net.Room(edge)) {
		return 0, false
	}
	zone := note.Zone()
	if zone == 0 && s.rules.zoned {
		return 0, false
	}
	called := zone != 0 && s.mayEnter(zone)
	if zone != 0 && !called && !sometimes(s.net, zone, edge) {
		return 0, false
	}
	if s.rules.without != nil && has(s.rules.without, s.net.Room(edge)) {
		return 0, false
	}
	if note&street.NoteTimed != 0 && !s.rules.force {
		met := s.clock.street(s.net, edge, now)
		if met.Verdict == geo.Closed || !met.Through && !called && !s.rules.callers {
			return 0, false
		}
		return met.wait, true
	}
	return 0, true
}

// sometimes says whether a street that is for callers may open to everybody
// at some hours.
func sometimes(net *street.Network, zone, edge uint32) bool {
	return int(zone) > len(net.Compounds()) && net.WayVaries(edge)
}

func (s *search) mayEnter(zone uint32) bool {
	return has(s.rules.zones, zone) || s.rules.callers && int(zone) > len(s.net.Compounds())
}

func has(list []uint32, v uint32) bool {
	for _, x := range list {
		if x == v {
			return true
		}
	}
	return false
}

// portal says whether the run may pass a barrier at a moment, and the time
// that takes.
func (s *search) portal(arc street.Arc, node, now uint32) (ms uint32, ok bool) {
	barrier := s.net.PortalBarrier(arc.Ref)
	if barrier == street.None {
		return 0, true
	}
	if s.rules.oneWay && s.leaves(barrier, node, arc.Head) {
		return 0, false
	}
	p := s.gate(s.net, barrier, now)
	if s.rules.force {
		return p.Delay, true
	}
	if p.Verdict == geo.Closed {
		return 0, false
	}
	if !p.Through && !s.calls(barrier) {
		return 0, false
	}
	return p.Delay, true
}

// calls says whether passing a barrier for callers serves the route.
func (s *search) calls(barrier uint32) bool {
	return s.rules.callers || calls(s.net, barrier, s.mode, s.rules.zones)
}

// leaves says whether an arc through a barrier leads out of a room that the
// run did not start in.
func (s *search) leaves(barrier, node, head uint32) bool {
	var from, to uint32
	for _, side := range s.net.Sides(barrier) {
		switch side.Node {
		case node:
			from = side.Room
		case head:
			to = side.Room
		}
	}
	if hub := s.labels[node].parent; from == street.Public && hub != noRef && s.net.Portal(hub.Edge()) {
		// The node is the hub of a barrier: the room is that of the spoke that
		// led here.
		spoke, _ := s.net.Ends(hub)
		for _, side := range s.net.Sides(barrier) {
			if side.Node == spoke {
				from = side.Room
			}
		}
	}
	if from == street.Public || from == to || has(s.rules.mayLeave, from) {
		return false
	}
	for _, r := range s.net.Outer(to) {
		if r == from {
			return false // deeper into a nested compound
		}
	}
	return true
}

// push and pop keep the queue as a 4-ary heap, earliest first, ties by node.
func (s *search) push(e entry) {
	q := append(s.queue, e)
	i := len(q) - 1
	for i > 0 {
		up := (i - 1) / 4
		if !e.before(q[up]) {
			break
		}
		q[i] = q[up]
		i = up
	}
	q[i] = e
	s.queue = q
}

func (s *search) pop() entry {
	q := s.queue
	top, last := q[0], q[len(q)-1]
	q = q[:len(q)-1]
	s.queue = q
	if len(q) == 0 {
		return top
	}
	i := 0
	for {
		first := 4*i + 1
		if first >= len(q) {
			break
		}
		best := first
		for c := first + 1; c < min(first+4, len(q)); c++ {
			if q[c].before(q[best]) {
				best = c
			}
		}
		if !q[best].before(last) {
			break
		}
		q[i] = q[best]
		i = best
	}
	q[i] = last
	return top
}

func (e entry) before(f entry) bool {
	return e.key < f.key || e.key == f.key && e.node < f.node
}

// checkEvery is the number of settled nodes between two looks at the
// deadline.
const checkEvery = 1024

// expired returns the error of a context that is done, looked at every
// checkEvery nodes.
func (s *search) expired(ctx context.Context) error {
	if s.settled%checkEvery != 0 || ctx.Err() == nil {
		return nil
	}
	return tooLong(ctx)
}

func tooLong(ctx context.Context) error {
	return geo.NewError(geo.Timeout,
		"路线计算超时，请缩短距离或稍后再试。",
		"the route took too long: try a shorter one, or try again later").Because(ctx.Err())
}

// walkMillis is the time of walking some metres off the ways.
func walkMillis(metres float64) uint32 { return uint32(math.Round(metres / walkSpeed * 1000)) }
