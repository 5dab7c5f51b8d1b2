package route

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"yizhan/geo"
	"yizhan/geo/street"
)

// unmapped gives approaches to gates from which no mapped way leads to the
// door: by the gate, then straight on. It also takes gates that stand on the
// perimeter but on no way; those of them that are shut come apart.
func (t *trip) unmapped(ctx context.Context, outer, spare *search, tries []gateTry, stops []stop) (open, closed []gateTry, err error) {
	r := t.r
	known := map[uint32]bool{}
	for _, try := range tries {
		known[try.barrier] = true
	}
	if c := r.net.RoomCompound(t.enter[len(t.enter)-1]); c != nil {
		for _, id := range c.Gates {
			if b, ok := r.net.BarrierOf(id); ok && !known[b] {
				gate, _ := r.net.Gate(id)
				tries = append(tries, gateTry{barrier: b, gate: gate, point: gate.Point, node: street.None, ms: unreached})
			}
		}
	}
	for i, try := range tries {
		before, beside, err := t.toGate(ctx, outer, spare, &try)
		if err != nil {
			return nil, nil, err
		}
		if before == nil {
			continue
		}
		var w worst
		m := geo.Foot
		at := t.q.Depart.Add(time.Duration(try.ms) * time.Millisecond)
		a := r.assessGate(try.barrier, m, at, &w)
		if a.Verdict == geo.Closed {
			if i >= len(known) { // the others have been tried
				try.shut(t.q.Depart, &a)
				closed = append(closed, try)
			}
			continue
		}
		if i < len(known) {
			shut, err := t.shutInside(ctx, spare, &try, stops)
			if err != nil {
				return nil, nil, err
			}
			if shut != nil {
				try.shut(t.q.Depart, shut)
				closed = append(closed, try)
				continue
			}
		}
		if len(t.goal.points) > 0 && t.hasWays(&try) {
			w.meet(geo.Unknown, geo.Text{Zh: "里面的路没有一条标明可以步行到这里", En: "No way inside is mapped as leading here on foot"})
		}
		r.assess(t.q.Depart, before, &w)
		first := stage{mode: t.q.Mode, sections: before, end: beside}
		begin := try.ms + uint32(a.Delay*1000)
		if t.q.Mode != geo.Foot {
			by := r.gateText(try.gate)
			first.park = &by
			begin += parkMillis
		}
		last := stage{mode: m, gate: &try, begin: begin}
		if len(t.goal.points) > 0 {
			last.straight = orb.LineString{try.point, t.goal.points[0]}
		}
		try.stages, try.w = []stage{first, last}, w
		try.approach = t.weigh(&try, try.stages, w)
		try.key = try.approach.Duration + risks[try.approach.Verdict]
		open = append(open, try)
	}
	return open, closed, nil
}

// hasWays says whether ways are mapped behind a gate.
func (t *trip) hasWays(try *gateTry) bool {
	for _, side := range t.r.net.Sides(try.barrier) {
		if has(t.enter, side.Room) {
			return true
		}
	}
	return false
}

// shutInside says what shuts the mapped way from a gate to the door at the hour
// of arrival, nil where no way is mapped.
func (t *trip) shutInside(ctx context.Context, s *search, try *gateTry, stops []stop) (*street.Access, error) {
	r := t.r
	if len(stops) == 0 || try.node == street.None {
		return nil, nil
	}
	s.begin(geo.Foot, t.q.Depart, r.where, passRules{zones: t.zones(stops, nil), within: t.enter, callers: true, force: true})
	for _, side := range r.net.Sides(try.barrier) {
		if has(t.enter, side.Room) {
			s.seed(side.Node, try.ms)
		}
	}
	found, got, err := r.runTo(ctx, s, stops, nil, -1)
	if err != nil || found < 0 {
		return nil, err
	}
	for _, sec := range r.traceTo(s, nil, stops[found], got) {
		rule, from := r.net.WayRule(sec.ref.Edge()), sec.ref
		if r.net.Portal(sec.ref.Edge()) {
			if r.net.PortalBarrier(sec.ref) == street.None {
				continue
			}
			rule = r.net.BarrierRule(r.net.PortalBarrier(sec.ref))
		}
		if rule == nil {
			continue
		}
		node, _ := r.net.Ends(from)
		a := rule.At(geo.Foot, t.q.Depart.Add(time.Duration(sec.start)*time.Millisecond), r.where(r.net.Node(node)))
		if a.Verdict == geo.Closed {
			return &a, nil
		}
	}
	return nil, nil
}

// gateReach is how far, in metres, a gate on no way may be from a street.
const gateReach = 80.0

// toGate returns the way to a gate, nil where there is none; beside is where
// the street is left for a gate that stands on no way. The search outside did
// not look for those.
func (t *trip) toGate(ctx context.Context, outer, spare *search, try *gateTry) (before []section, beside *stop, err error) {
	r := t.r
	if try.node != street.None {
		return t.wayTo(outer, try), nil, nil
	}
	if len(r.net.Sides(try.barrier)) > 0 {
		return nil, nil, nil
	}
	s, ok := r.snapTo(try.point, t.q.Mode, gateReach, func(s street.Snap) bool { return !has(t.enter, r.net.Room(s.Edge)) })
	if !ok {
		return nil, nil, nil
	}
	stops := []stop{s}
	before, beside, err = t.quickest(ctx, spare, passRules{zones: t.zones(stops, nil), without: t.enter}, stops)
	if before != nil {
		try.ms = before[len(before)-1].end + walkMillis(s.Distance)
	}
	return before, beside, err
}

// noGate leads to the street nearest to a destination whose compound has no
// gate that can be reached.
func (t *trip) noGate(ctx context.Context, s *search) ([]Approach, error) {
	r := t.r
	g := t.goal
	if len(g.points) == 0 {
		g.points = []orb.Point{g.point}
	}
	var stops []stop
	for _, p := range g.points {
		list := r.candidates(p, t.q.Mode, snapLimit, func(s street.Snap) bool { return !has(t.enter, r.net.Room(s.Edge)) })
		if len(list) == 0 {
			continue
		}
		s, _ := r.likely(t.q.Mode, list)
		if joined := r.join(t.q.Mode, t.starts, [][]stop{list}); len(joined) > 0 {
			t.from, s = joined[0].from, joined[0].stops[0]
		}
		// The way ends on the street: nobody walks through a wall.
		s.point, s.Distance = s.Point, 0
		stops = append(stops, s)
	}
	if len(stops) == 0 {
		return nil, farAway(t.q.Mode)
	}
	rules := passRules{zones: t.zones(stops, nil), without: t.enter}
	sections, stop, err := t.quickest(ctx, s, rules, stops)
	if err != nil {
		return nil, err
	}
	if sections == nil {
		return nil, t.unreachable(ctx, s, rules, stops)
	}
	w := worst{verdict: geo.Unknown, reason: geo.Text{
		Zh: "这里没有已知的门，先到最近的街边，再找入口",
		En: "No gate is known here: this leads to the nearest street, look for a way in there"}}
	r.assess(t.q.Depart, sections, &w)
	a := r.approach(t, nil, []stage{{mode: t.q.Mode, sections: sections, end: stop}}, w)
	t.offMap(&a, nil)
	return []Approach{a}, nil
}

// unreachable says why no way was found: an island of the network, shut gates
// on the only way, or no way at all.
func (t *trip) unreachable(ctx context.Context, s *search, rules passRules, stops []stop) error {
	r, m := t.r, t.q.Mode
	if r.net.Island(m, t.from.Edge) {
		return geo.NewError(geo.NotFound,
			"出发点旁边的路在地图上与其他道路不相连，请换一个出发点。",
			"the street nearest to the start is not joined to the others on the map: choose another start")
	}
	if r.net.Island(m, stops[0].Edge) {
		return geo.NewError(geo.NotFound,
			"目的地旁边的路在地图上与其他道路不相连，请选附近街边的一点。",
			"the street nearest to the destination is not joined to the others on the map: choose a point on a street near it")
	}
	rules.callers, rules.force = true, true
	if sections, _, err := t.quickest(ctx, s, rules, stops); err == nil && sections != nil {
		var zh, en []string
		for _, sec := range sections {
			if !r.net.Portal(sec.ref.Edge()) || r.net.PortalBarrier(sec.ref) == street.None {
				continue
			}
			barrier := r.net.PortalBarrier(sec.ref)
			var w worst
			if a := r.assessGate(barrier, m, t.q.Depart.Add(time.Duration(sec.start)*time.Millisecond), &w); a.Verdict == geo.Closed {
				var gate *geo.Place
				if i := r.net.Barriers()[barrier].Gate; i != street.None {
					gate = &r.net.Gates()[i]
				}
				name := r.gateText(gate)
				zh, en = append(zh, name.Zh+"："+a.Reason.Zh), append(en, name.En+": "+a.Reason.En)
			}
		}
		if len(zh) > 0 {
			return geo.NewError(geo.NotFound,
				"路上的门进不去（"+strings.Join(zh, "；")+"）。请换一个时间或出行方式。",
				"a gate on the way is shut ("+strings.Join(en, "; ")+"): choose another time or mode")
		}
	}
	return geo.NewError(geo.NotFound,
		fmt.Sprintf("%s到不了目的地：没有连通的路。请换一种出行方式，或选附近街边的一点。", m.Text().Zh),
		fmt.Sprintf("there is no way %s to the destination: try another mode, or a point on a street near it", m.Text().En))
}
