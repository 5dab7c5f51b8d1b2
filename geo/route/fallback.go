package route

import (
	"context"
	"fmt"
	"slices"
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
		try.stages, try.w = append(t.fetched(first), last), w
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
		rule := r.ruleOf(sec.ref)
		if rule == nil {
			continue
		}
		node, _ := r.net.Ends(sec.ref)
		a := rule.At(geo.Foot, t.q.Depart.Add(time.Duration(sec.start)*time.Millisecond), r.where(r.net.Node(node)))
		if a.Verdict == geo.Closed {
			return &a, nil
		}
	}
	return nil, nil
}

// ruleOf returns the rule of a gate or of a street with hours, nil where there
// is none.
func (r *Router) ruleOf(ref street.Ref) *street.Rule {
	if !r.net.Portal(ref.Edge()) {
		return r.net.WayRule(ref.Edge())
	}
	if barrier := r.net.PortalBarrier(ref); barrier != street.None {
		return r.net.BarrierRule(barrier)
	}
	return nil
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
	a := r.approach(t, nil, t.fetched(stage{mode: t.q.Mode, sections: sections, end: stop}), w)
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
	if err := t.shutIn(); err != nil {
		return err
	}
	rules.callers, rules.force = true, true
	if sections, _, err := t.quickest(ctx, s, rules, stops); err == nil && sections != nil {
		if zh, en := t.inTheWay(sections); len(zh) > 0 {
			return geo.NewError(geo.NotFound,
				"路上走不通（"+strings.Join(zh, "；")+"）。请换一个时间或出行方式。",
				"the way is shut ("+strings.Join(en, "; ")+"): choose another time or mode")
		}
	}
	return geo.NewError(geo.NotFound,
		fmt.Sprintf("%s到不了目的地：没有连通的路。请换一种出行方式，或选附近街边的一点。", m.Text().Zh),
		fmt.Sprintf("there is no way %s to the destination: try another mode, or a point on a street near it", m.Text().En))
}

// mostReasons is how many gates or streets a reason names.
const mostReasons = 3

// inTheWay says which gates and streets of a path are shut when one comes
// there.
func (t *trip) inTheWay(sections []section) (zh, en []string) {
	r := t.r
	for _, sec := range sections {
		rule := r.ruleOf(sec.ref)
		if rule == nil || len(zh) == mostReasons {
			continue
		}
		var name geo.Text
		if r.net.Portal(sec.ref.Edge()) {
			name = r.barrierText(r.net.PortalBarrier(sec.ref))
		} else {
			name, _ = wayText(r.net.WayOf(sec.ref.Edge()))
		}
		node, _ := r.net.Ends(sec.ref)
		a := rule.At(t.q.Mode, t.q.Depart.Add(time.Duration(sec.start)*time.Millisecond), r.where(r.net.Node(node)))
		if a.Verdict != geo.Closed {
			continue
		}
		if why := name.Zh + "：" + a.Reason.Zh; !slices.Contains(zh, why) {
			zh, en = append(zh, why), append(en, name.En+": "+a.Reason.En)
		}
	}
	return zh, en
}

// shutIn is the error of a rider who stands in a compound of which no gate
// lets anybody out now: it names those that open first. It is nil where one
// does, or where nothing is known of a gate.
func (t *trip) shutIn() error {
	r := t.r
	if len(t.around) == 0 {
		return nil
	}
	type shut struct {
		name geo.Text
		a    street.Access
	}
	var list []shut
	outermost := t.around[len(t.around)-1]
	for _, barrier := range r.gates[outermost] {
		a := r.accessTo(barrier, t.q.Mode, t.q.Depart)
		if a.Verdict != geo.Closed {
			return nil
		}
		list = append(list, shut{r.barrierText(barrier), a})
	}
	if len(list) == 0 {
		return nil
	}
	slices.SortStableFunc(list, func(x, y shut) int {
		if x.a.Opens.IsZero() != y.a.Opens.IsZero() {
			if x.a.Opens.IsZero() {
				return 1
			}
			return -1
		}
		return x.a.Opens.Compare(y.a.Opens)
	})
	advice := geo.Text{Zh: "请等门开，或换一种出行方式。", En: "wait until one opens, or try another mode"}
	if list[0].a.Opens.IsZero() {
		advice = geo.Text{Zh: "请换一种出行方式。", En: "try another mode"}
	}
	var zh, en []string
	for _, g := range list[:min(len(list), mostReasons)] {
		zh, en = append(zh, g.name.Zh+"："+g.a.Reason.Zh), append(en, g.name.En+": "+g.a.Reason.En)
	}
	name := nameIn(r.net.RoomCompound(outermost).Name, r.net.RoomCompound(outermost).Names)
	if name.IsZero() {
		name = geo.Text{Zh: "这里", En: "this place"}
	}
	return geo.NewError(geo.NotFound,
		"现在出不了"+name.Zh+"（"+strings.Join(zh, "；")+"）。"+advice.Zh,
		"there is no way out of "+name.En+" now ("+strings.Join(en, "; ")+"): "+advice.En)
}
