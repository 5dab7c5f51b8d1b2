package route

import (
	"slices"
	"time"

	"github.com/paulmach/orb"

	"yizhan/geo"
	"yizhan/geo/cch"
	"yizhan/geo/street"
)

// finder answers questions about ways from one start by the hierarchy of the
// through network. The ways around the start that are off it, within its
// compound or along its private stretch, are searched beforehand.
//
// What it finds takes, at best, the time it says. proven makes sure of a path
// by the hours at each arrival; where that fails, the plain search has the
// answer.
type finder struct {
	r *Router
	q *cch.Query
	m *metric
	// near holds the ways around the start, in the mode.
	near *search
	// out is the search by which the through network was come to, and exits
	// are where: near, or walk, on foot to where the bike stands outside, which
	// takes late more.
	out, walk *search
	late      uint32
	exits     []uint32
	arcs      []uint32
	costs     []uint32
	ins       []inlet
}

func (r *Router) newFinder() *finder {
	return &finder{r: r, q: cch.NewQuery(r.net.Hierarchy()), near: newSearch(r.net)}
}

// free gives a finder back to its pool.
func (f *finder) free() {
	f.m = nil
	f.r.finders.Put(f)
}

// begin starts at some stops, of which each has its component of the network.
// Of the rules only the zones matter.
func (f *finder) begin(mode geo.Mode, depart time.Time, rules passRules, starts ...stop) {
	rules.zoned, rules.without = true, nil
	f.near.begin(mode, depart, f.r.where, rules)
	for i := range starts {
		f.r.seedStop(f.near, starts[i], 0)
	}
	f.out, f.late = f.near, 0
	f.leave(mode)
	if len(f.exits) == 0 && mode != geo.Foot && starts[0].room != street.Public {
		f.walkOut(depart, rules, starts)
	}
	f.use(f.r.metrics.at(mode, depart, false))
}

// leave lists the nodes by which the search around the start comes to the
// through network of a mode.
func (f *finder) leave(mode geo.Mode) {
	f.exits = f.exits[:0]
	for {
		node, _, ok := f.out.next()
		if !ok {
			return
		}
		if f.r.onThrough(mode, node) {
			f.exits = append(f.exits, node)
		}
	}
}

// walkOut starts a rider who stands where no bike may be ridden out: on foot to
// a gate, where the bike was left.
func (f *finder) walkOut(depart time.Time, rules passRules, starts []stop) {
	if f.walk == nil {
		f.walk = newSearch(f.r.net)
	}
	rules.zones = slices.Clone(rules.zones)
	for i := range starts {
		if z := f.r.net.Zone(geo.Foot, starts[i].Edge); z != 0 {
			rules.zones = append(rules.zones, z)
		}
	}
	f.out, f.late = f.walk, parkMillis
	f.walk.begin(geo.Foot, depart, f.r.where, rules)
	for i := range starts {
		f.r.seedStop(f.walk, starts[i], 0)
	}
	f.leave(f.near.mode)
}

// reached returns when a node around the start is come to, ready to go on;
// unreached where it is not.
func (f *finder) reached(node uint32) uint32 {
	if ms := f.out.timeAt(node); ms != unreached {
		return ms + f.late
	}
	return unreached
}

// use begins anew with a metric, from the same start.
func (f *finder) use(m *metric) {
	f.m = m
	f.q.Begin(m.Metric)
	for _, node := range f.exits {
		f.q.From(node, f.reached(node))
	}
}

// lengthen goes on to the long span where some milliseconds leave the short
// one.
func (f *finder) lengthen(ms uint32) bool {
	if f.m.covers(f.near.depart, ms) {
		return false
	}
	long := f.r.metrics.at(f.near.mode, f.near.depart, true)
	if long == f.m || long.until.Equal(f.m.until) {
		return false
	}
	f.use(long)
	return true
}

// onThrough says whether a street of the through network leads from a node.
func (r *Router) onThrough(mode geo.Mode, node uint32) bool {
	lo, hi := r.net.Span(node)
	for i := lo; i < hi; i++ {
		note := r.net.Note(mode, i)
		if note&street.NotePortal != 0 || r.net.Weight(mode, i) == street.Unreachable {
			continue
		}
		if zone := note.Zone(); zone == 0 || sometimes(r.net, zone, r.net.Arc(i).Ref.Edge()) {
			return true
		}
	}
	return false
}

// toNode returns the path to a node of the through network and when it is
// reached; ok is false where there is none, proven where the hours on the way
// allow it as it was found.
func (f *finder) toNode(starts []stop, node uint32) (sections []section, ms uint32, ok, proven bool) {
	cost := f.q.Cost(node)
	if near := f.reached(node); near <= cost {
		if near == unreached {
			return nil, 0, false, true
		}
		return f.r.trace(f.out, f.startOf(starts, node), node), near, true, true
	}
	if cost >= cch.Infinity {
		return nil, 0, false, true
	}
	if f.lengthen(cost) {
		return f.toNode(starts, node)
	}
	f.arcs = straighten(f.q.PathTo(node, f.arcs[:0]))
	sections, ms, ok = f.retime(starts, node)
	return sections, ms, true, ok && ms == cost && f.m.covers(f.near.depart, ms)
}

// straighten drops the steps of a path into a gate and straight back, which
// cost nothing where the gate costs nothing, so that a cheapest path may hold
// them.
func straighten(arcs []uint32) []uint32 {
	out := arcs[:0]
	for _, arc := range arcs {
		if n := len(out); n > 0 && out[n-1] == arc^1 {
			out = out[:n-1]
			continue
		}
		out = append(out, arc)
	}
	return out
}

// startOf returns the stop that a path to a node begins at.
func (f *finder) startOf(starts []stop, node uint32) *stop {
	if f.out == f.near {
		return inComponent(starts, f.r.net.Component(f.near.mode, node))
	}
	_, root := f.r.distanceTo(f.out, nil, node)
	for i := range starts {
		if a, b := f.r.net.Ends(forward(starts[i].Edge)); a == root || b == root {
			return &starts[i]
		}
	}
	return nil
}

// retime goes along the arcs found and judges what it meets by the hours at
// each arrival. end is where they lead.
func (f *finder) retime(starts []stop, end uint32) (sections []section, ms uint32, ok bool) {
	net := f.r.net
	first := end
	if len(f.arcs) > 0 {
		first, _ = net.Ends(street.Ref(f.arcs[0]))
	}
	sections = slices.Grow(f.r.trace(f.out, f.startOf(starts, first), first), len(f.arcs)+1)
	now := f.reached(first)
	for _, arc := range f.arcs {
		sec, ok := f.step(street.Ref(arc), now)
		if !ok {
			return nil, 0, false
		}
		sections = append(sections, sec)
		now = sec.end
	}
	return sections, now, true
}

// step goes along one arc.
func (f *finder) step(ref street.Ref, now uint32) (section, bool) {
	net, s := f.r.net, f.near
	edge := ref.Edge()
	if !net.Portal(edge) {
		t, wait, ok := net.Time(s.mode, ref), uint32(0), true
		if net.WayRule(edge) != nil {
			met := s.clock.street(net, edge, now)
			zone := net.Zone(s.mode, edge)
			wait, ok = met.wait, met.Verdict != geo.Closed && (met.Through || zone != 0 && s.mayEnter(zone))
		}
		return section{ref, 0, net.Length(edge), now, now + wait + t, s.mode}, ok
	}
	node, head := net.Ends(ref)
	ms, ok := s.portal(street.Arc{Head: head, Ref: ref}, node, now)
	return section{ref, 0, 0, now, now + ms, s.mode}, ok
}

// quickest finds the quickest path to one of some stops. found is the index
// of the stop, -1 where none is reached; proven as with toNode.
func (f *finder) quickest(from stop, stops []stop, zones []uint32) (sections []section, found int, proven bool) {
	r, s := f.r, f.near
	found = -1
	best := arrival{ms: unreached}
	for i := range stops {
		for _, got := range [2]func() (arrival, bool){
			func() (arrival, bool) { return r.along(s, from, stops[i]) },
			func() (arrival, bool) { return r.arrive(s, stops[i]) },
		} {
			if a, ok := got(); ok && a.ms < best.ms {
				found, best = i, a
			}
		}
	}
	inlets := f.inlets(stops, zones)
	for i := range inlets {
		f.q.To(inlets[i].node, inlets[i].ms)
	}
	f.q.Expect(r.expected(s.mode, from.Point, stops))
	total := f.q.Run()
	if total >= best.ms || total >= cch.Infinity {
		if found < 0 {
			if f.lengthen(cch.Infinity - 1) {
				return f.quickest(from, stops, zones)
			}
			return nil, -1, true
		}
		return r.traceTo(s, &from, stops[found], best), found, true
	}
	if f.lengthen(total) {
		return f.quickest(from, stops, zones)
	}
	f.arcs = straighten(f.q.Path(f.arcs[:0]))
	_, end := f.q.Ends()
	in := inletAt(inlets, end)
	sections, now, ok := f.retime([]stop{from}, end)
	if !ok {
		return nil, -1, false
	}
	for _, ref := range in.refs {
		sec, ok := f.step(ref, now)
		if !ok {
			return nil, -1, false
		}
		sections = append(sections, sec)
		now = sec.end
	}
	metres := r.along1(in.stop, in.last)
	wait, open := r.enter(s, in.stop.Edge, metres, now)
	share, _ := r.share(s.mode, in.last, metres)
	sections = append(sections, section{in.last, 0, metres, now, now + wait + share, s.mode})
	now += wait + share + walkMillis(in.stop.Distance)
	for i := range stops {
		if &stops[i] == in.stop {
			found = i
		}
	}
	return sections, found, open && now == total && f.m.covers(s.depart, now)
}

// A way takes, as a rule, less than detour times that in a straight line at
// top speed, and a little.
const (
	detour      = 1.7
	detourSlack = 60_000
)

// expected returns the milliseconds that ways from a point to the farthest of
// some stops take less than, as a rule.
func (r *Router) expected(mode geo.Mode, from orb.Point, stops []stop) uint32 {
	far := 0.0
	for i := range stops {
		far = max(far, geo.Distance(from, stops[i].Point))
	}
	return detourSlack + uint32(far/r.topSpeed[mode]*1000*detour)
}

// inlets lists how some stops are reached from the through network. They are
// valid up to the next call.
func (f *finder) inlets(stops []stop, zones []uint32) []inlet {
	r, s := f.r, f.near
	f.ins = f.ins[:0]
	private := false
	for i := range stops {
		to := &stops[i]
		if r.net.Zone(s.mode, to.Edge) != 0 {
			private = true
			continue
		}
		for _, ref := range [2]street.Ref{forward(to.Edge), backward(to.Edge)} {
			metres := r.along1(to, ref)
			if t, ok := r.share(s.mode, ref, metres); ok {
				node, _ := r.net.Ends(ref)
				f.ins = append(f.ins, inlet{node: node, ms: t + walkMillis(to.Distance), metres: metres + to.Distance, last: ref, stop: to})
			}
		}
	}
	if !private {
		return f.ins
	}
	until := f.m.until
	if until.IsZero() {
		until = s.depart
	}
	k := r.newPocket(s.mode, zones, func(barrier uint32, m geo.Mode) (street.Passage, bool) {
		p := r.net.BarrierRule(barrier).Best(m, s.depart, until.Add(waitLimit), r.where(r.barrierPoint(barrier)))
		return p, p.Verdict != geo.Closed
	})
	for i := range stops {
		if r.net.Zone(s.mode, stops[i].Edge) != 0 {
			k.seed(&stops[i], false, 0)
		}
	}
	return append(f.ins, k.run()...)
}

// inletAt returns the quickest inlet at a node.
func inletAt(list []inlet, node uint32) *inlet {
	var best *inlet
	for i := range list {
		if in := &list[i]; in.node == node && (best == nil || in.ms < best.ms) {
			best = in
		}
	}
	return best
}
