package route

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/paulmach/orb"

	"yizhan/geo"
	"yizhan/geo/street"
)

// Route finds the approaches to a destination, the best first. Errors are
// *geo.Error: NotFound where the destination is not known, is too far from
// any way or cannot be reached, with the reason; Timeout where ctx ended.
// Where every gate is shut, the error comes with the closed gates.
func (r *Router) Route(ctx context.Context, q Request) ([]Approach, error) {
	if q.Limit <= 0 {
		q.Limit = 3
	}
	q.Limit = min(q.Limit, 5)
	g, err := r.resolve(q.To)
	if err != nil {
		return nil, err
	}
	from, err := r.snapFrom(q.From, q.Mode)
	if err != nil {
		return nil, err
	}
	t := trip{r: r, q: q, goal: g, from: from, around: r.net.Outer(from.room)}
	for _, room := range g.rooms {
		if !has(t.around, room) {
			t.enter = append(t.enter, room)
		}
	}
	if len(t.enter) == 0 {
		return t.direct(ctx)
	}
	return t.byGates(ctx)
}

// trip is a request on its way to an answer.
type trip struct {
	r    *Router
	q    Request
	goal goal
	from stop
	// around are the rooms that the rider starts in, enter those that are to
	// be entered, both from the inside outwards.
	around, enter []uint32
}

// direct finds the one way to a destination that no compound has to be
// entered for.
func (t *trip) direct(ctx context.Context) ([]Approach, error) {
	r := t.r
	room := street.Public
	if len(t.goal.rooms) > 0 {
		room = t.goal.rooms[0]
	}
	if len(t.goal.points) == 0 { // the compound that the rider is in
		a := r.approach(t, nil, []stage{{mode: t.q.Mode}}, worst{reason: geo.Text{Zh: "你已经在里面", En: "You are already inside"}})
		return []Approach{a}, nil
	}
	stops := r.stopsIn(&t.goal, room, t.q.Mode)
	if len(stops) == 0 && room != street.Public {
		// Nothing is mapped inside: the nearest street will do.
		stops = r.stopsIn(&t.goal, street.Public, t.q.Mode)
	}
	if len(stops) == 0 {
		return nil, farAway(t.q.Mode)
	}
	s := r.pool.Get().(*search)
	defer r.pool.Put(s)
	rules := passRules{zones: t.zones(stops, nil)}
	sections, stop, err := t.quickest(ctx, s, rules, stops)
	if err == nil && sections == nil {
		rules.callers = true
		sections, stop, err = t.quickest(ctx, s, rules, stops)
	}
	if err != nil {
		return nil, err
	}
	if sections == nil {
		return nil, t.unreachable(ctx, s, rules, stops)
	}
	var w worst
	r.assess(t.q.Depart, sections, &w)
	if w.reason.IsZero() {
		w.reason = geo.Text{Zh: "一路可以通行", En: "Nothing in the way"}
	}
	return []Approach{r.approach(t, nil, []stage{{mode: t.q.Mode, sections: sections, end: stop}}, w)}, nil
}

// stage is a part of an approach in one mode, before it is put into words.
type stage struct {
	mode geo.Mode
	// gate, if any, is passed at the beginning, until begin milliseconds after
	// departure.
	gate  *gateTry
	begin uint32
	// sections lead on from there, to end, from where it is straight to the
	// door; straight leads to the door where no ways are mapped.
	sections []section
	end      *stop
	straight orb.LineString
	// start is where the stage begins beside the network, nil where it goes on
	// from the one before.
	start *stop
	// park names where the bike is left at the end.
	park *geo.Text
}

// zones lists the zones that a trip calls at.
func (t *trip) zones(stops []stop, rooms []uint32) []uint32 {
	out := slices.Clone(t.around)
	out = append(out, t.goal.rooms...)
	out = append(out, rooms...)
	for _, m := range geo.Modes() {
		if z := t.r.net.Zone(m, t.from.Edge); z != 0 {
			out = append(out, z)
		}
		for _, s := range stops {
			if z := t.r.net.Zone(m, s.Edge); z != 0 {
				out = append(out, z)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// quickest finds the quickest way from the start to one of the stops, nil
// where there is none.
func (t *trip) quickest(ctx context.Context, s *search, rules passRules, stops []stop) ([]section, *stop, error) {
	r := t.r
	s.begin(t.q.Mode, t.q.Depart, r.where, rules)
	middle, radius := hull(stops)
	s.aim(middle, radius, r.topSpeed[t.q.Mode])
	r.seedStop(s, t.from, 0)
	var start *arrival
	at := -1
	for i := range stops {
		if a, ok := r.along(s, t.from, stops[i]); ok && (start == nil || a.ms < start.ms) {
			start, at = &a, i
		}
	}
	found, got, err := r.runTo(ctx, s, stops, start, at)
	if err != nil || found < 0 {
		return nil, nil, err
	}
	return r.traceTo(s, &t.from, stops[found], got), &stops[found], nil
}

// gateTry is a gate with what trying it gave.
type gateTry struct {
	barrier uint32
	gate    *geo.Place
	point   orb.Point
	// node is the side outside by which it is reached, at ms; None where it is
	// not.
	node uint32
	ms   uint32
	// key orders the tries.
	key      float64
	approach Approach
}

// byGates tries each gate of the compound to be entered.
func (t *trip) byGates(ctx context.Context) ([]Approach, error) {
	r := t.r
	stops := r.stopsInRoom(&t.goal, t.enter[0])
	outer := r.pool.Get().(*search)
	defer r.pool.Put(outer)
	tries, err := t.reachGates(ctx, outer, stops)
	if err != nil {
		return nil, err
	}
	inner := r.pool.Get().(*search)
	defer r.pool.Put(inner)
	var open, closed []gateTry
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
			open = append(open, try)
		}
	}
	if len(open) == 0 {
		if open, err = t.unmapped(ctx, outer, inner, tries); err != nil {
			return nil, err
		}
	}
	if len(open) == 0 && len(closed) == 0 {
		return t.noGate(ctx, outer)
	}
	rank(open)
	rank(closed)
	out := pick(open, t.q.Limit)
	out = append(out, pick(closed, t.q.Limit)...)
	if len(open) == 0 {
		return out, t.allClosed(closed)
	}
	return out, nil
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
func pick(tries []gateTry, limit int) []Approach {
	var out []Approach
	var taken []*gateTry
	for i := range tries {
		try := &tries[i]
		again := false
		for _, k := range taken {
			again = again || try.gate != nil && k.gate != nil && try.gate.Gate.Inferred && geo.Distance(try.point, k.point) < sameGate
		}
		if again {
			continue
		}
		taken = append(taken, try)
		if out = append(out, try.approach); len(out) == limit {
			break
		}
	}
	return out
}

// reachGates runs the search outside and lists the gates that it reaches.
func (t *trip) reachGates(ctx context.Context, s *search, stops []stop) ([]gateTry, error) {
	r := t.r
	var tries []gateTry
	open := map[uint32]int{} // sides outside → index of the try
	for b := range r.net.Barriers() {
		bar := &r.net.Barriers()[b]
		if !t.leadsIn(bar) {
			continue
		}
		try := gateTry{barrier: uint32(b), node: street.None, point: r.barrierPoint(uint32(b)), ms: unreached}
		if bar.Gate != street.None {
			try.gate = &r.net.Gates()[bar.Gate]
		}
		for _, side := range r.net.Sides(uint32(b)) {
			if !has(t.enter, side.Room) {
				open[side.Node] = len(tries)
			}
		}
		tries = append(tries, try)
	}
	rules := passRules{zones: t.zones(stops, nil), without: t.enter}
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
				return nil, err
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
				if !any {
					any = true
					limit = s.timeAt(node)/4*5 + gateSlack
				}
			}
		}
		if any || rules.callers || len(open) == 0 {
			return tries, nil
		}
		rules.callers = true
	}
}

// gateSlack is how much later than five quarters of the time to the first
// gate, in milliseconds, other gates are still worth finding.
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

// leadsIn says whether a barrier joins a room that is to be entered with the
// outside, or is at least said to stand on its perimeter.
func (t *trip) leadsIn(b *street.Barrier) bool {
	for _, c := range b.Compounds {
		if has(t.enter, c+1) {
			return true
		}
	}
	return false
}

// stopsInRoom snaps the doors of a goal to the ways inside, on foot.
func (r *Router) stopsInRoom(g *goal, room uint32) []stop {
	return r.stopsIn(g, room, geo.Foot)
}

// risk is what a verdict adds to the time when approaches are ranked, in
// seconds: a gate that may turn one away costs the way to the next.
func risk(v geo.Verdict) float64 {
	switch v {
	case geo.Permit:
		return 60
	case geo.Unknown:
		return 90
	}
	return 0
}

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
	before := r.trace(outer, &t.from, try.node)
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
			if shut == nil || shut.Opens.IsZero() && !a.Opens.IsZero() {
				shut = &a
			}
			continue
		}
		outside, ready, err := t.leaveBike(ctx, outer, inner, try, before, m)
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
		approach := r.approach(t, try, stages, w)
		if key := approach.Duration + risk(approach.Verdict); !ok || key < try.key {
			try.key, try.approach, ok = key, approach, true
		}
	}
	if !ok && shut != nil {
		wait := float64(try.ms) / 1000
		if shut.Opens.IsZero() {
			wait += 1e9
		} else {
			wait = max(wait, shut.Opens.Sub(t.q.Depart).Seconds())
		}
		try.key = wait
		try.approach = Approach{Gate: try.gate, Verdict: geo.Closed, Reason: shut.Reason, Opens: shut.Opens}
		return true, nil
	}
	return ok, nil
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

// bayReach is how far, in metres, a bay for the bike may be from the gate.
const bayReach = 120.0

// leaveBike turns the way to a gate into stages: the way itself, ended by
// leaving the bike where the gate is passed in another mode. Where a bay is
// near, the bike is left there. ready is when the rider stands at the gate, in
// milliseconds after departure.
func (t *trip) leaveBike(ctx context.Context, outer, s *search, try *gateTry, before []section, m geo.Mode) (stages []stage, ready uint32, err error) {
	r := t.r
	ride := stage{mode: t.q.Mode, sections: before}
	if m == t.q.Mode {
		return []stage{ride}, try.ms, nil
	}
	if r.parking != nil {
		for _, bay := range r.parking(try.point, bayReach) {
			stages, ready, err = t.viaBay(ctx, outer, s, try, bay)
			if err != nil || stages != nil {
				return stages, ready, err
			}
		}
	}
	by := r.gateText(try.gate)
	ride.park = &by
	return []stage{ride}, try.ms + parkMillis, nil
}

// viaBay leads to a bay and on foot to the gate; no stages where the bay lies
// elsewhere than outside the gate.
func (t *trip) viaBay(ctx context.Context, outer, s *search, try *gateTry, bay *geo.Place) (stages []stage, ready uint32, err error) {
	r := t.r
	if has(t.enter, r.net.RoomAt(bay.Point)) {
		return nil, 0, nil
	}
	at, ok := r.snapTo(bay.Point, t.q.Mode, bayReach, func(s street.Snap) bool { return !has(t.enter, r.net.Room(s.Edge)) })
	if !ok || !r.usable(geo.Foot, at.Edge) {
		return nil, 0, nil
	}
	got, ok := r.along(outer, t.from, at)
	if !ok {
		if got, ok = r.arrive(outer, at); !ok {
			return nil, 0, nil
		}
	}
	name := nameIn(bay.Name, bay.Names)
	if name.IsZero() {
		name = geo.Text{Zh: "停车点", En: "the bike parking"}
	}
	ride := stage{mode: t.q.Mode, sections: r.traceTo(outer, &t.from, at, got), end: &at, park: &name}
	s.begin(geo.Foot, t.q.Depart, r.where, passRules{zones: t.zones(nil, nil), without: t.enter, callers: true})
	s.aim(try.point, 1, r.topSpeed[geo.Foot])
	r.seedStop(s, at, got.ms+parkMillis)
	for {
		if err := s.expired(ctx); err != nil {
			return nil, 0, err
		}
		node, key, ok := s.next()
		if !ok || key > got.ms+parkMillis+walkMillis(4*bayReach) {
			return nil, 0, nil
		}
		for _, side := range r.net.Sides(try.barrier) {
			if side.Node == node && !has(t.enter, side.Room) {
				walk := stage{mode: geo.Foot, start: &at, sections: r.trace(s, &at, node)}
				return []stage{ride, walk}, s.timeAt(node), nil
			}
		}
	}
}
