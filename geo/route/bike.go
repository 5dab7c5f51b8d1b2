package route

import (
	"context"

	"yizhan/geo"
	"yizhan/geo/street"
)

const (
	// bayReach is how far, in metres, a bay for the bike may be from the gate.
	bayReach = 120.0
	// bayDetour is how much later, in milliseconds, than by leaving the bike at
	// the gate one may be there by way of a bay.
	bayDetour = 45_000
)

// leaveBike turns the way to a gate into stages: the way itself, ended by
// leaving the bike where the gate is passed in another mode. Where a bay is
// near and no great detour, the bike is left there. ready is when the rider
// stands at the gate, in milliseconds after departure.
func (t *trip) leaveBike(ctx context.Context, s *search, try *gateTry, before []section, m geo.Mode) (stages []stage, ready uint32, err error) {
	r := t.r
	ride := stage{mode: t.q.Mode, sections: before}
	if m == t.q.Mode {
		return t.fetched(ride), try.ms, nil
	}
	if r.parking != nil {
		for _, bay := range r.parking(try.point, bayReach) {
			stages, ready, err = t.viaBay(ctx, s, try, bay)
			if err != nil || stages != nil && ready <= try.ms+parkMillis+bayDetour {
				return stages, ready, err
			}
		}
	}
	by := r.gateText(try.gate)
	ride.park = &by
	return t.fetched(ride), try.ms + parkMillis, nil
}

// viaBay leads to a bay and on foot to the gate; no stages where the bay lies
// elsewhere than outside the gate.
func (t *trip) viaBay(ctx context.Context, s *search, try *gateTry, bay *geo.Place) (stages []stage, ready uint32, err error) {
	r := t.r
	if has(t.enter, r.net.RoomAt(bay.Point)) {
		return nil, 0, nil
	}
	at, ok := r.snapTo(bay.Point, t.q.Mode, bayReach, func(s street.Snap) bool { return !has(t.enter, r.net.Room(s.Edge)) })
	if !ok || !r.usable(geo.Foot, at.Edge) {
		return nil, 0, nil
	}
	stops := []stop{at}
	sections, _, err := t.quickest(ctx, s, passRules{zones: t.zones(stops, nil), without: t.enter}, stops)
	if err != nil || sections == nil {
		return nil, 0, err
	}
	parked := sections[len(sections)-1].end + walkMillis(at.Distance) + parkMillis
	name := bayName(bay)
	ride := stage{mode: t.q.Mode, sections: sections, end: &at, park: &name}
	s.begin(geo.Foot, t.q.Depart, r.where, passRules{zones: t.zones(nil, nil), without: t.enter, callers: true})
	s.aim(try.point, 1, r.topSpeed[geo.Foot])
	r.seedStop(s, at, parked)
	for {
		if err := s.expired(ctx); err != nil {
			return nil, 0, err
		}
		node, key, ok := s.next()
		if !ok || key > parked+walkMillis(4*bayReach) {
			return nil, 0, nil
		}
		for _, side := range r.net.Sides(try.barrier) {
			if side.Node == node && !has(t.enter, side.Room) {
				walk := stage{mode: geo.Foot, start: &at, sections: r.trace(s, &at, node)}
				return append(t.fetched(ride), walk), s.timeAt(node), nil
			}
		}
	}
}
