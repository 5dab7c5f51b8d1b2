package route

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/paulmach/orb"

	"yizhan/geo"
	"yizhan/geo/cch"
	"yizhan/geo/street"
)

// gateTry is a gate with what trying it gave.
type gateTry struct {
	barrier uint32
	gate    *geo.Place
	point   orb.Point
	// node is the side outside by which it is reached, at ms; None where it is
	// not.
	node uint32
	ms   uint32
	// before is the way to it, where it is known already.
	before []section
	// key orders the tries.
	key float64
	// approach has neither legs nor steps before it is told, by the stages; end
	// is where the last way is left.
	approach Approach
	stages   []stage
	end      *stop
	w        worst
}

// byGates tries each gate of the compound to be entered.
func (t *trip) byGates(ctx context.Context) ([]Approach, error) {
	r := t.r
	tries, open := t.listGates()
	t.startByGates(open)
	stops := t.stopsBehind(tries)
	outer := r.pool.Get().(*search)
	defer r.pool.Put(outer)
	if err := t.reachGates(ctx, outer, tries, open, stops); err != nil {
		return nil, err
	}
	inner := r.pool.Get().(*search)
	defer r.pool.Put(inner)
	var good, closed []gateTry
	for _, try := range tries {
		ok, err := t.tryGate(ctx, outer, inner, &try, stops)
		if err != nil {
			return nil, err
		}
		switch {
		case !ok:
		case try.approach.Verdict == geo.Closed:
			closed = append(closed, try)
		default:
			good = append(good, try)
		}
	}
	if len(good) == 0 {
		open, shut, err := t.unmapped(ctx, outer, inner, tries, stops)
		if err != nil {
			return nil, err
		}
		good, closed = open, append(closed, shut...)
	}
	if len(good) == 0 && len(closed) == 0 {
		return t.noGate(ctx, outer)
	}
	rank(good)
	rank(closed)
	var out []Approach
	for _, try := range append(pick(good, t.q.Limit), pick(closed, t.q.Limit)...) {
		out = append(out, t.tell(try))
	}
	return out, nil
}

// weigh works out what a way by a gate takes; it is put into words only where
// it is picked.
func (t *trip) weigh(try *gateTry, stages []stage, w worst) Approach {
	quiet := trip{r: t.r, q: t.q, goal: t.goal, from: t.from, enter: t.enter}
	quiet.q.NoSteps, quiet.q.NoLines = true, true
	return t.r.approach(&quiet, try, stages, w)
}

// tell puts a way by a gate into words. A gate that is shut has none.
func (t *trip) tell(try *gateTry) Approach {
	if try.stages == nil {
		return try.approach
	}
	a := t.r.approach(t, try, try.stages, try.w)
	t.offMap(&a, try.end)
	return a
}

func rank(tries []gateTry) {
	slices.SortStableFunc(tries, func(a, b gateTry) int {
		return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.barrier, b.barrier))
	})
}

// sameGate is the distance in metres within which an inferred gate is no
// other approach than a better one.
const sameGate = 15.0

// pick takes the first approaches that differ.
func pick(tries []gateTry, limit int) []*gateTry {
	var out []*gateTry
	for i := range tries {
		try := &tries[i]
		if slices.ContainsFunc(out, func(k *gateTry) bool {
			return try.gate != nil && k.gate != nil && try.gate.Gate.Inferred && geo.Distance(try.point, k.point) < sameGate
		}) {
			continue
		}
		if out = append(out, try); len(out) == limit {
			break
		}
	}
	return out
}

// listGates lists the gates that lead into the compound to be entered; open
// gives the index of the gate by the node on its side outside.
func (t *trip) listGates() (tries []gateTry, open map[uint32]int) {
	r := t.r
	open = map[uint32]int{}
	for _, b := range t.barriers() {
		bar := &r.net.Barriers()[b]
		try := gateTry{barrier: b, node: street.None, point: r.barrierPoint(b), ms: unreached}
		if bar.Gate != street.None {
			try.gate = &r.net.Gates()[bar.Gate]
		}
		for _, side := range r.net.Sides(b) {
			if !has(t.enter, side.Room) {
				open[side.Node] = len(tries)
			}
		}
		tries = append(tries, try)
	}
	return tries, open
}

// barriers lists what joins the rooms to be entered with others, in order.
func (t *trip) barriers() []uint32 {
	var out []uint32
	for _, room := range t.enter {
		out = append(out, t.r.gates[room]...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// startByGates begins at the nearest street from which a gate can be reached.
func (t *trip) startByGates(open map[uint32]int) {
	for _, s := range t.starts {
		for node := range open {
			if t.r.net.Component(t.q.Mode, node) == s.component {
				t.from = s
				return
			}
		}
	}
}

// stopsBehind finds the streets inside by which the doors of the goal are
// reached on foot: those that the network joins with a gate, if any.
func (t *trip) stopsBehind(tries []gateTry) []stop {
	r := t.r
	doors := r.stopsIn(&t.goal, t.enter[0], geo.Foot)
	var joined []uint32
	for i := range tries {
		for _, side := range r.net.Sides(tries[i].barrier) {
			if c := r.net.Component(geo.Foot, side.Node); has(t.enter, side.Room) && !has(joined, c) {
				joined = append(joined, c)
			}
		}
	}
	var out []stop
	for _, list := range doors {
		for _, s := range list {
			if has(joined, s.component) {
				out = append(out, s)
			}
		}
	}
	if len(out) == 0 {
		return r.likeliest(geo.Foot, doors)
	}
	return out
}

// reachGates runs the search outside and notes when each gate is reached.
func (t *trip) reachGates(ctx context.Context, s *search, tries []gateTry, open map[uint32]int, stops []stop) error {
	r := t.r
	rules := passRules{zones: t.zones(stops, nil), without: t.enter}
	if t.swiftGates(rules, tries, open) {
		return nil
	}
	for {
		s.begin(t.q.Mode, t.q.Depart, r.where, rules)
		if len(tries) > 0 {
			middle, radius := spread(tries)
			s.aim(middle, radius, r.topSpeed[t.q.Mode])
		}
		r.seedStop(s, t.from, 0)
		left, limit, any := len(open), unreached, false
		for left > 0 {
			if err := s.expired(ctx); err != nil {
				return err
			}
			node, key, ok := s.next()
			if !ok || key > limit {
				break
			}
			if i, ok := open[node]; ok {
				left--
				if ms := s.timeAt(node); ms < tries[i].ms {
					tries[i].node, tries[i].ms = node, ms
				}
				any = true
				if limit == unreached && t.letsIn(tries[i].barrier, s.timeAt(node)) {
					limit = s.timeAt(node)/4*5 + gateSlack
				}
			}
		}
		if any || rules.callers || len(open) == 0 {
			return nil
		}
		rules.callers = true
	}
}

// swiftGates is reachGates by the hierarchy. It is false where no gate is
// reached that way, or one that the plain search has to be asked for.
func (t *trip) swiftGates(rules passRules, tries []gateTry, open map[uint32]int) bool {
	r, f := t.r, t.f
	f.begin(t.q.Mode, t.q.Depart, rules, t.from)
	nearest, limit := unreached, unreached
	for node, i := range open {
		if !r.onThrough(t.q.Mode, node) && f.reached(node) == unreached {
			return false // behind the gate of another compound
		}
		cost := min(f.reached(node), f.q.Cost(node))
		nearest = min(nearest, cost)
		if cost < cch.Infinity && t.letsIn(tries[i].barrier, cost) {
			limit = min(limit, cost/4*5+gateSlack)
		}
	}
	if nearest >= cch.Infinity {
		return false
	}
	for node, i := range open {
		try := &tries[i]
		if cost := min(f.reached(node), f.q.Cost(node)); cost >= try.ms || cost > limit {
			continue
		}
		before, ms, ok, proven := f.toNode(t.starts, node)
		if !ok {
			continue
		}
		if !proven || t.trespasses(before, rules.without) {
			for i := range tries {
				tries[i].node, tries[i].ms, tries[i].before = street.None, unreached, nil
			}
			return false
		}
		if ms < try.ms || ms == try.ms && node < try.node {
			try.node, try.ms, try.before = node, ms, before
		}
	}
	return true
}

// wayTo returns the way outside to a gate that has been reached.
func (t *trip) wayTo(outer *search, try *gateTry) []section {
	if try.before != nil {
		return try.before
	}
	return t.r.trace(outer, &t.from, try.node)
}

// letsIn says whether a rider gets through a gate, riding or on foot, who is
// there some milliseconds after departure, or soon after.
func (t *trip) letsIn(barrier, ms uint32) bool {
	rule, at := t.r.net.BarrierRule(barrier), t.q.Depart.Add(time.Duration(ms)*time.Millisecond)
	where := t.r.where(t.r.barrierPoint(barrier))
	for _, m := range [2]geo.Mode{t.q.Mode, geo.Foot} {
		if rule.Pass(m, at, where).Verdict != geo.Closed {
			return true
		}
		if opens, ok := rule.Opens(m, at, where); ok && opens.Sub(at) <= waitLimit {
			return true
		}
	}
	return false
}

// gateSlack is how much later than five quarters of the time to the first
// gate that lets one in, in milliseconds, other gates are still worth finding.
const gateSlack = 20 * 60 * 1000

// spread returns the middle of some gates and the greatest distance of one
// from it in metres.
func spread(tries []gateTry) (middle orb.Point, radius float64) {
	stops := make([]stop, len(tries))
	for i := range tries {
		stops[i].Point = tries[i].point
	}
	return hull(stops)
}

// joins says whether a barrier joins one of the rooms with another one.
func joins(b *street.Barrier, rooms []uint32) bool {
	for _, c := range b.Compounds {
		if has(rooms, c+1) {
			return true
		}
	}
	return false
}

// risks are what the verdicts add to the time when gates are ranked, in
// seconds: the chance of being turned away times what that costs. Going to
// the next gate and being late costs a rider some ten minutes. A guard turns
// away one caller in five, and half of the gates that nobody knows of are
// locked or want a card, though a resident lets one in at some of them: three
// in ten.
//
// With the time at the gate itself, an open gate is preferred to one that wants
// a permit and saves less than three minutes, and to an unknown one that saves
// less than three and a quarter.
var risks = [...]float64{geo.Open: 0, geo.Permit: 0.2 * 600, geo.Unknown: 0.3 * 600, geo.Closed: 0}

// parkMillis is the time it takes to leave a bike.
const parkMillis = 20_000

// tryGate finds the best way through a gate to the door: riding in, or
// leaving the bike and walking. ok is false where the gate is not reached or
// leads nowhere.
func (t *trip) tryGate(ctx context.Context, outer, inner *search, try *gateTry, stops []stop) (ok bool, err error) {
	r := t.r
	if try.node == street.None {
		return false, nil
	}
	before := t.wayTo(outer, try)
	at := t.q.Depart.Add(time.Duration(try.ms) * time.Millisecond)
	modes := []geo.Mode{t.q.Mode}
	if t.q.Mode != geo.Foot {
		modes = append(modes, geo.Foot)
	}
	var shut *street.Access
	for _, m := range modes {
		var w worst
		a := r.assessGate(try.barrier, m, at, &w)
		if a.Verdict == geo.Closed {
			if r.accessTo(try.barrier, m, t.q.Depart).Verdict != geo.Closed {
				a.Reason = lateReason(a.Reason)
			}
			if shut == nil || !a.Opens.IsZero() && (shut.Opens.IsZero() || a.Opens.Before(shut.Opens)) {
				shut = &a
			}
			continue
		}
		outside, ready, err := t.leaveBike(ctx, inner, try, before, m)
		if err != nil {
			return false, err
		}
		last, good, err := t.inside(ctx, inner, try, m, ready+uint32(a.Delay*1000), stops)
		if err != nil {
			return false, err
		}
		if !good {
			continue
		}
		stages := append(outside, last)
		for _, st := range stages {
			r.assess(t.q.Depart, st.sections, &w)
		}
		approach := t.weigh(try, stages, w)
		if key := approach.Duration + risks[approach.Verdict]; !ok || key < try.key {
			try.key, try.approach, ok = key, approach, true
			try.stages, try.w, try.end = stages, w, last.end
		}
	}
	if !ok && shut != nil {
		try.shut(t.q.Depart, shut)
		return true, nil
	}
	return ok, nil
}

// shut makes the approach of a gate that is closed; the one that opens first,
// or is reached first once it is open, comes first.
func (try *gateTry) shut(depart time.Time, a *street.Access) {
	try.key = float64(try.ms) / 1000
	if a.Opens.IsZero() {
		try.key += 1e9
	} else {
		try.key = max(try.key, a.Opens.Sub(depart).Seconds())
	}
	try.approach = Approach{Gate: try.gate, Verdict: geo.Closed, Reason: a.Reason, Opens: a.Opens}
}

// inside finds the way from a gate to the door in a mode, begun when the gate
// has been passed.
func (t *trip) inside(ctx context.Context, s *search, try *gateTry, m geo.Mode, begin uint32, stops []stop) (stage, bool, error) {
	r := t.r
	st := stage{mode: m, gate: try, begin: begin}
	if len(t.goal.points) == 0 {
		return st, true, nil
	}
	if len(stops) == 0 {
		return st, false, nil
	}
	s.begin(m, t.q.Depart, r.where, passRules{zones: t.zones(stops, nil), within: t.enter, callers: true})
	middle, radius := hull(stops)
	s.aim(middle, radius, r.topSpeed[m])
	for _, side := range r.net.Sides(try.barrier) {
		if has(t.enter, side.Room) {
			s.seed(side.Node, begin)
		}
	}
	found, got, err := r.runTo(ctx, s, stops, nil, -1)
	if err != nil || found < 0 {
		return st, false, err
	}
	st.sections = r.traceTo(s, nil, stops[found], got)
	st.end = &stops[found]
	return st, true, nil
}
