package route

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"yizhan/geo"
	"yizhan/geo/street"
)

// Route finds the approaches to a destination, the best first, closed gates
// last. Where every gate is shut, the closed ones are all there is, each with
// its reason and, where known, when it opens: that is an answer, and no error.
// Errors are *geo.Error and come alone: NotFound where the destination is not
// known, is too far from any way or cannot be reached, with the reason;
// Timeout where ctx ended.
func (r *Router) Route(ctx context.Context, q Request) ([]Approach, error) {
	if q.Limit <= 0 {
		q.Limit = 3
	}
	q.Limit = min(q.Limit, 5)
	if ctx.Err() != nil {
		return nil, tooLong(ctx)
	}
	g, err := r.resolve(q.To)
	if err != nil {
		return nil, err
	}
	starts, err := r.starts(q.From, q.Mode)
	if err != nil {
		return nil, err
	}
	t := trip{r: r, q: q, goal: g, starts: starts, from: starts[0], around: r.net.Outer(starts[0].room)}
	t.f = r.finders.Get().(*finder)
	defer t.f.free()
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
	f    *finder
	// starts are where the rider may be on the network, from the one of them
	// that the route begins at.
	starts []stop
	from   stop
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
	doors := r.stopsIn(&t.goal, room, t.q.Mode)
	if len(doors) == 0 && room != street.Public {
		// Nothing is mapped inside: the nearest street will do.
		doors = r.stopsIn(&t.goal, street.Public, t.q.Mode)
	}
	if len(doors) == 0 {
		return nil, farAway(t.q.Mode)
	}
	s := r.pool.Get().(*search)
	defer r.pool.Put(s)
	choices := r.join(t.q.Mode, t.starts, doors)
	if len(choices) == 0 {
		choices = []ends{{from: t.starts[0], stops: r.likeliest(t.q.Mode, doors)}}
	}
	var sections []section
	var stop *stop
	for i := range choices {
		t.from = choices[i].from
		rules := passRules{zones: t.zones(choices[i].stops, nil)}
		for _, rules.callers = range [2]bool{false, true} {
			var err error
			if sections, stop, err = t.quickest(ctx, s, rules, choices[i].stops); err != nil {
				return nil, err
			}
			if sections != nil {
				break
			}
		}
		if sections != nil {
			break
		}
	}
	if sections == nil {
		t.from = choices[0].from
		return nil, t.unreachable(ctx, s, passRules{zones: t.zones(choices[0].stops, nil)}, choices[0].stops)
	}
	var w worst
	r.assess(t.q.Depart, sections, &w)
	a := r.approach(t, nil, t.fetched(stage{mode: t.q.Mode, sections: sections, end: stop}), w)
	t.offMap(&a, stop)
	if a.Reason.IsZero() {
		a.Reason = geo.Text{Zh: "一路可以通行", En: "Nothing in the way"}
	}
	if t.goal.gate != street.None {
		gate := r.accessTo(t.goal.gate, t.q.Mode, a.Arrive)
		a.Reason = geo.Text{Zh: a.Reason.Zh + "；这个门：" + gate.Reason.Zh, En: a.Reason.En + "; the gate itself: " + lower(gate.Reason.En)}
		if gate.Verdict == geo.Closed {
			a.Opens = gate.Opens
		}
	}
	return []Approach{a}, nil
}

// unmappedStretch is the length in metres from which a straight stretch
// between a point and the nearest way is spoken of: nobody knows what lies
// there.
const unmappedStretch = 50.0

// offMap says of an approach that it leads over long stretches without a
// mapped way, at its beginning or to the door from end, nil where none is.
func (t *trip) offMap(a *Approach, end *stop) {
	var zh, en string
	if d := t.from.Distance; d > unmappedStretch {
		m := tens(d)
		zh = fmt.Sprintf("起点离最近的道路 %d 米，这一段没有路的数据", m)
		en = fmt.Sprintf("The start is %d m from the nearest street; that stretch is not mapped", m)
	}
	if end != nil && end.Distance > unmappedStretch {
		m := tens(end.Distance)
		last := geo.Text{Zh: fmt.Sprintf("最后 %d 米没有路的数据", m), En: fmt.Sprintf("The last %d m are not mapped", m)}
		if zh == "" {
			zh, en = last.Zh, last.En
		} else {
			zh, en = zh+"；"+last.Zh, en+"; "+lower(last.En)
		}
	}
	if zh == "" {
		return
	}
	if a.Reason.IsZero() {
		a.Reason = geo.Text{Zh: zh, En: en}
	} else {
		a.Reason = geo.Text{Zh: a.Reason.Zh + "；" + zh, En: a.Reason.En + "; " + lower(en)}
	}
	// The verdict of an approach by a gate is the gate's: that the rider stands
	// in a yard says nothing against it.
	if a.Gate == nil {
		a.Verdict = a.Verdict.Worse(geo.Unknown)
	}
}

// tens rounds metres to the nearest ten.
func tens(metres float64) int { return int(math.Round(metres/10)) * 10 }

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
	// fetch says that the bike is fetched first.
	fetch bool
}

// fetched parts a ride that begins on foot, from where no bike may be ridden
// out, at the place where the bike is fetched.
func (t *trip) fetched(ride stage) []stage {
	n := 0
	for n < len(ride.sections) && ride.sections[n].mode != ride.mode {
		n++
	}
	if n == 0 {
		return []stage{ride}
	}
	walk := stage{mode: ride.sections[0].mode, sections: ride.sections[:n]}
	ride.sections, ride.fetch = ride.sections[n:], true
	return []stage{walk, ride}
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
	if sections, at, sure := t.swift(rules, stops); sure {
		return sections, at, nil
	}
	s.begin(t.q.Mode, t.q.Depart, r.where, rules)
	middle, radius := hull(stops)
	s.aim(middle, radius, r.topSpeed[t.q.Mode])
	r.seedStop(s, t.from, 0)
	var start *arrival
	first := -1
	for i := range stops {
		if a, ok := r.along(s, t.from, stops[i]); ok && (start == nil || a.ms < start.ms) {
			start, first = &a, i
		}
	}
	found, got, err := r.runTo(ctx, s, stops, start, first)
	if err != nil || found < 0 {
		return nil, nil, err
	}
	return r.traceTo(s, &t.from, stops[found], got), &stops[found], nil
}

// swift is quickest by the hierarchy. It is not sure where the plain search has
// to be asked: for ways that end within a compound, that callers have to be let
// through for, or that the hours on the way do not allow as they were found.
func (t *trip) swift(rules passRules, stops []stop) (sections []section, at *stop, sure bool) {
	if rules.callers || rules.force || rules.within != nil {
		return nil, nil, false
	}
	for i := range stops {
		if zone := t.r.net.Zone(t.q.Mode, stops[i].Edge); zone != 0 && stops[i].room != street.Public {
			return nil, nil, false
		}
	}
	t.f.begin(t.q.Mode, t.q.Depart, rules, t.from)
	sections, found, proven := t.f.quickest(t.from, stops, rules.zones)
	switch {
	case found < 0:
		// Where no zones are called at, all there is is the through network.
		return nil, nil, proven && len(rules.zones) == 0
	case !proven || t.trespasses(sections, rules.without):
		return nil, nil, false
	}
	return sections, &stops[found], true
}

// trespasses says whether a path leads through rooms that it must keep out of.
func (t *trip) trespasses(sections []section, without []uint32) bool {
	for i := range sections {
		if edge := sections[i].ref.Edge(); len(without) > 0 && !t.r.net.Portal(edge) && has(without, t.r.net.Room(edge)) {
			return true
		}
	}
	return false
}
