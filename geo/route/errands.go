package route

import (
	"context"
	"math"
	"slices"
	"time"

	"yizhan/geo"
	"yizhan/geo/street"
)

// errand is one way of reaching a pin: from a start, or from nodes where that
// is nil, to a street of the same component of the network.
type errand struct {
	pin  int
	from *stop
	to   stop
	best arrival
	// gate, where set, is passed on foot after that, and from it it is
	// straight to the pin.
	gate *gatePin
}

// errands lists the ways of reaching each pin.
func errands(starts []stop, to []*pin) []errand {
	var out []errand
	for i := range to {
		for k := range starts {
			if s := inComponent(to[i].stops, starts[k].component); s != nil {
				out = append(out, errand{i, &starts[k], *s, arrival{ms: unreached}, nil})
			}
			for g := range to[i].gates {
				gate := &to[i].gates[g]
				if s := inComponent(gate.stops, starts[k].component); s != nil {
					out = append(out, errand{i, &starts[k], *s, arrival{ms: unreached}, gate})
				}
			}
		}
	}
	return out
}

// searched returns the costs of pins by a plain search, which is right also
// where pin and start lie in one compound, or where gates on the way change
// while the journey lasts.
func (r *Router) searched(ctx context.Context, starts []stop, mode geo.Mode, depart time.Time, to []*pin, limit uint32) ([]Cost, error) {
	out := make([]Cost, len(to))
	list := errands(starts, to)
	around := r.net.Outer(starts[0].room)
	rules := passRules{zones: r.startZones(starts, mode), oneWay: true, mayLeave: around}
	for i := range list {
		s := &list[i].to
		rules.zones = append(rules.zones, r.net.Outer(s.room)...)
		if z := r.net.Zone(mode, s.Edge); z != 0 {
			rules.zones = append(rules.zones, z)
		}
	}
	slices.Sort(rules.zones)
	rules.zones = slices.Compact(rules.zones)
	s := r.pool.Get().(*search)
	defer r.pool.Put(s)
	s.begin(mode, depart, r.where, rules)
	for _, start := range starts { // each on a component of its own
		r.seedStop(s, start, 0)
	}
	if err := r.settle(ctx, s, list, limit); err != nil {
		return nil, err
	}
	for i := range list {
		e := &list[i]
		if e.best.ms > limit || e.best.ms == unreached {
			continue
		}
		ms := e.best.ms
		if mode != geo.Foot && e.to.room != street.Public && e.gate == nil {
			ms += parkMillis // at the door
		}
		metres := r.distance(s, e.from, e.to, e.best)
		if e.gate != nil {
			metres += e.gate.straight
		}
		out[e.pin].improve(ms, metres, limit)
	}
	return out, r.walkIn(ctx, s, starts, to, limit, out)
}

// improve takes a way of some milliseconds if it is within the limit and
// quicker than the one so far.
func (c *Cost) improve(ms uint32, metres float64, limit uint32) {
	if d := float64(ms) / 1000; ms <= limit && (!c.OK || d < c.Duration) {
		*c = Cost{Duration: d, Distance: metres, OK: true}
	}
}

// settle runs a search until every errand has its final time or the limit is
// passed.
func (r *Router) settle(ctx context.Context, s *search, list []errand, limit uint32) error {
	waiting := map[uint32][]int32{} // edge ends → errands
	final := uint32(0)              // the latest of the times so far, once all have one
	found := 0
	for i := range list {
		e := &list[i]
		a, b := r.net.Ends(forward(e.to.Edge))
		waiting[a] = append(waiting[a], int32(i))
		if b != a {
			waiting[b] = append(waiting[b], int32(i))
		}
		if e.from == nil {
			continue
		}
		got, ok := r.along(s, *e.from, e.to)
		if ok && e.gate != nil {
			got.ms, ok = r.through(s, e.gate, got.ms)
		}
		if ok {
			e.best = got
			found++
			final = max(final, got.ms)
		}
	}
	for {
		if err := s.expired(ctx); err != nil {
			return err
		}
		node, key, ok := s.next()
		if !ok || key > limit || found == len(list) && key >= final {
			return nil
		}
		for _, i := range waiting[node] {
			e := &list[i]
			got, ok := r.arrive(s, e.to)
			if ok && e.gate != nil {
				got.ms, ok = r.through(s, e.gate, got.ms)
			}
			if !ok || got.ms >= e.best.ms {
				continue
			}
			if e.best.ms == unreached {
				found++
				final = max(final, got.ms)
			}
			e.best = got
		}
	}
}

// through returns when somebody who comes to a gate arrives behind it, false
// where it is shut.
func (r *Router) through(s *search, gate *gatePin, ms uint32) (uint32, bool) {
	if s.mode != geo.Foot {
		ms += parkMillis
	}
	var w worst
	a := r.assessGate(gate.barrier, geo.Foot, s.at(ms), &w)
	return ms + uint32(a.Delay*1000) + walkMillis(gate.straight), a.Verdict != geo.Closed
}

// distance returns the metres of a path found, from the point, or from a node
// where from is nil, to the point.
func (r *Router) distance(s *search, from *stop, to stop, got arrival) float64 {
	if got.direct {
		return from.Distance + to.Distance + math.Abs(to.At-from.At)
	}
	node, _ := r.net.Ends(got.ref)
	along := to.At
	if got.ref.Backward() {
		along = r.net.Length(to.Edge) - to.At
	}
	metres, _ := r.distanceTo(s, from, node)
	return metres + along + to.Distance
}

// distanceTo returns the metres of the path found to a node, and the node that
// it begins at.
func (r *Router) distanceTo(s *search, from *stop, node uint32) (sum float64, root uint32) {
	for {
		parent := s.labels[node].parent
		if parent == noRef {
			if from != nil {
				sec := r.first(s, *from, node)
				sum += from.Distance + sec.to - sec.from
			}
			return sum, node
		}
		sum += r.net.Length(parent.Edge())
		node, _ = r.net.Ends(parent)
	}
}
