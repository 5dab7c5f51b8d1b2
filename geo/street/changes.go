package street

import (
	"slices"

	"github.com/paulmach/orb"

	"yizhan/geo"
)

// Changes are what is known of the streets beyond the map that they were
// compiled from.
type Changes struct {
	// Closures close and open streets and gates. Those that Closure.Check
	// refuses hold for nothing.
	Closures []geo.Closure
	// Gates are entered gates, of a survey or a spreadsheet. Where several
	// speak for one gate, what people typed (the feed geo.FeedEntered) beats
	// what was imported, then the newest Source.Time, then the greatest ID.
	Gates []*geo.Place
}

// Effect says what changes came to.
type Effect struct {
	// Closures has an element for each closure, in their order.
	Closures []ClosureEffect
	// Gates has for each entered gate, in their order, the ID of the gate that
	// it stands for, "" where none lies within 30 m.
	Gates []string
	// Heard says for each entered gate whether its word counts: not where it
	// stands for no gate, says nothing of who may pass when, or another one
	// speaks for that gate.
	Heard []bool
}

// ClosureEffect is what a closure holds for. It is empty where the closure
// names a gate that is not there or a point with no street near, and where an
// opening names a way that no mode may use, which is not in the network.
type ClosureEffect struct {
	// Streets and Gates are the numbers of stretches of street that one of its
	// modes uses, and of gates. A silent gate that is opened only as part of
	// the one beside it is not counted.
	Streets, Gates int
	// Edge is the street that a point stands for: the nearest within 30 m that
	// one of the closure's modes uses, else the nearest. It is None where there
	// is none, and for a gate or an area. Snap is the nearest point on it.
	Edge uint32
	Snap orb.Point
	// Way is what that street is part of.
	Way WayInfo
}

// changed is what With puts in the place of what is derived from the map.
type changed struct {
	// base is the network as compiled, nil for that network itself.
	base *Network
	// edgeRule holds for each street the index of its rule in overRules plus
	// one, 0 where it has the one of its way. It is nil where no street is
	// under a closure.
	edgeRule  []uint32
	overRules []*Rule
}

// Base returns the network as compiled, without any changes.
func (n *Network) Base() *Network {
	if n.base != nil {
		return n.base
	}
	return n
}

// With returns the network as compiled under changes, in place of any that n
// is under. It shares all that the changes leave alone with n, which stays as
// it is. An opening lifts the hours of a street and lets through a gate; it
// makes no private way a public one.
//
// Gates that are near an entered one keep their place and name; what the
// entered one says of who may pass when replaces what the map says there as a
// whole. One that says its opening hours only changes the hours and leaves the
// other access tags as they are, :conditional ones too. But for what they say
// of a lock: the gate is unlocked in the hours that were entered.
//
// What is entered of a gate, and an opening of it, also holds for the mapped
// gates right beside it on the same street that say nothing themselves, such
// as the boom behind it: within 15 m along the street, with no branch and no
// gate that speaks for itself between. What is entered of such a gate itself,
// and an opening of it, goes before that; it keeps its kind of barrier.
func (n *Network) With(c Changes) (*Network, Effect) {
	base := n.Base()
	w := &changer{base: base, sets: newClosureSets(c.Closures), out: new(Network)}
	*w.out = *base
	w.out.base = base
	effect := Effect{Closures: make([]ClosureEffect, len(c.Closures))}
	entered := w.enter(c.Gates, &effect)
	w.closeStreets(effect.Closures)
	gates := w.closeGates(effect.Closures, entered)
	w.speakForTwins(entered)
	if len(entered)+len(gates) > 0 {
		w.ruleBarriers(entered, gates)
	}
	if w.out.edgeRule == nil && len(entered)+len(gates) == 0 {
		return base, effect
	}
	w.out.timed = w.out.timedPortals(w.timedStreets())
	return w.out, effect
}

// changer makes one changed network.
type changer struct {
	base, out *Network
	sets      *closureSets
	// streets lists those under closures, in order of their edges.
	streets []under
}

// under is an edge or a barrier with the closures that it is under.
type under struct {
	index uint32
	set   closureSet
}

// closeStreets finds what the closures hold for, and gives those streets
// their rules.
func (w *changer) closeStreets(effects []ClosureEffect) {
	n := w.base
	w.sets.shape(n.streetBox())
	var counts []int
	w.streets, counts = n.underAreas(w.sets)
	points := map[uint32][]int{}
	for i := range w.sets.terms {
		c := &w.sets.terms[i]
		effects[i].Edge, effects[i].Streets = None, counts[i]
		if c.Street == nil || !w.sets.valid[i] {
			continue
		}
		if s, ok := w.streetAt(*c.Street, i); ok {
			effects[i].Edge, effects[i].Snap, effects[i].Way = s.Edge, s.Point, n.WayOf(s.Edge)
			if w.sets.uses(i, n.users(s.Edge)) {
				effects[i].Streets = 1
			}
			points[s.Edge] = append(points[s.Edge], i)
		}
	}
	w.streets = w.addPoints(w.streets, points)
	if len(w.streets) == 0 {
		return
	}
	w.ruleStreets()
}

// nearClosure is how far, in metres, a street or gate may be from the point
// that stands for it.
const nearClosure = 30.0

// streetAt returns the street that a point of a closure stands for: the nearest
// that one of its modes uses, else the nearest.
func (w *changer) streetAt(p orb.Point, closure int) (best Snap, ok bool) {
	w.base.Near(p, nearClosure, func(s Snap) bool {
		if w.sets.uses(closure, w.base.users(s.Edge)) {
			best, ok = s, true
			return false
		}
		if !ok {
			best, ok = s, true
		}
		return true
	})
	return best, ok
}

// users returns the modes that use a street, as bits.
func (n *Network) users(e uint32) (mask int) {
	for _, m := range geo.Modes() {
		if n.passable(m, e) {
			mask |= 1 << m
		}
	}
	return mask
}

// addPoints puts the closures of single streets to those of areas.
func (w *changer) addPoints(list []under, points map[uint32][]int) []under {
	for i := range list {
		if ks, ok := points[list[i].index]; ok {
			list[i].set = w.sets.with(list[i].set, ks...)
			delete(points, list[i].index)
		}
	}
	for e, ks := range points {
		if set := w.sets.with(0, ks...); set != 0 {
			list = append(list, under{e, set})
		}
	}
	slices.SortFunc(list, func(a, b under) int { return int(a.index) - int(b.index) })
	return list
}

// ruleStreets gives the streets under closures their rules and notes.
func (w *changer) ruleStreets() {
	n, out := w.base, w.out
	out.edgeRule = make([]uint32, len(n.edgeWay))
	type key struct {
		set  closureSet
		rule uint32
	}
	made := map[key]uint32{}
	free := newRule(kindNothing, nil)
	for m := range out.note {
		out.note[m] = slices.Clone(n.note[m])
	}
	for _, u := range w.streets {
		k := key{u.set, n.wayRule[n.edgeWay[u.index]]}
		at, ok := made[k]
		if !ok {
			rule := free
			if k.rule != None {
				rule = n.wayRules[k.rule]
			}
			out.overRules = append(out.overRules, &Rule{tags: rule.tags, over: w.sets.overlay(k.set)})
			at = uint32(len(out.overRules))
			made[k] = at
		}
		out.edgeRule[u.index] = at
		for _, node := range [2]uint32{n.edgeA[u.index], n.edgeB[u.index]} {
			lo, hi := n.Span(node)
			for i := lo; i < hi; i++ {
				if n.arcs[i].Ref.Edge() == u.index {
					for m := range out.note {
						out.note[m][i] |= NoteTimed
					}
				}
			}
		}
	}
}

// closeGates finds the barriers under closures. Those that were entered
// themselves are not opened with the gate beside them.
func (w *changer) closeGates(effects []ClosureEffect, entered map[uint32]record) map[uint32]closureSet {
	over := map[uint32][]int{}
	for i := range w.sets.terms {
		if !w.sets.valid[i] {
			continue
		}
		gates := w.gatesUnder(i)
		effects[i].Gates = len(gates)
		if w.sets.terms[i].Opens {
			w.openTwins(gates, entered)
		}
		for b := range gates {
			over[b] = append(over[b], i)
		}
	}
	out := make(map[uint32]closureSet, len(over))
	for b, list := range over {
		if set := w.sets.with(0, list...); set != 0 {
			out[b] = set
		}
	}
	return out
}

// gatesUnder returns the barriers of the gates that a closure names, or that
// lie in its area.
func (w *changer) gatesUnder(closure int) map[uint32]bool {
	n, c, gates := w.base, &w.sets.terms[closure], map[uint32]bool{}
	switch {
	case c.Gate != "":
		if g, ok := n.gateOf[c.Gate]; ok {
			gates[n.gateBarrier[g]] = true
		}
	case len(c.Area) > 0:
		area := w.sets.areas[closure]
		lo, hi := n.gatesBetween(area.box.minLat, area.box.maxLat)
		for _, g := range n.gatesByLat[lo:hi] {
			if area.contains(fixedPoint(n.gates[g].Point)) {
				gates[n.gateBarrier[g]] = true
			}
		}
	}
	return gates
}

// ruleBarriers gives barriers their rules: those of entered gates, and those
// under closures.
func (w *changer) ruleBarriers(entered map[uint32]record, closed map[uint32]closureSet) {
	out := w.out
	out.barrierRules = slices.Clone(w.base.barrierRules)
	if len(entered) > 0 {
		out.barriers = slices.Clone(w.base.barriers)
	}
	for b, r := range entered {
		out.barriers[b].Kind, out.barriers[b].Tags = r.kind, r.tags
		rule := NewRule(r.kind, r.tags)
		rule.entered, rule.hoursOnly = true, r.hoursOnly
		out.barrierRules[b] = rule
	}
	for b, set := range closed {
		rule := *out.barrierRules[b]
		rule.over = w.sets.overlay(set)
		out.barrierRules[b] = &rule
	}
}

// timedStreets lists the arcs of streets whose passing depends on the hour.
func (w *changer) timedStreets() []Ref {
	if len(w.streets) == 0 {
		return w.base.streetsOf(w.base.timed)
	}
	was := w.base.streetsOf(w.base.timed)
	list := make([]Ref, 0, len(was)+2*len(w.streets))
	list = append(list, was...)
	for _, u := range w.streets {
		if w.base.WayRule(u.index) == nil {
			list = append(list, Ref(u.index<<1), Ref(u.index<<1|1))
		}
	}
	slices.Sort(list)
	return list
}

// streetsOf returns the streets at the beginning of an ordered list of arcs.
func (n *Network) streetsOf(list []Ref) []Ref {
	i, _ := slices.BinarySearch(list, Ref(len(n.edgeWay)<<1))
	return list[:i:i]
}

// TimedRefs returns all arcs whose passing depends on the hour: the portals
// that pass a barrier with a timed rule and the streets with a WayRule, in
// order. The slice is shared: do not change it.
func (n *Network) TimedRefs() []Ref { return n.timed }

func (n *Network) timedStreets() []Ref {
	var out []Ref
	for e := range n.edgeWay {
		if n.wayRule[n.edgeWay[e]] != None {
			out = append(out, Ref(e<<1), Ref(e<<1|1))
		}
	}
	return out
}

// timedPortals adds the portals to the timed streets.
func (n *Network) timedPortals(streets []Ref) []Ref {
	for i := range n.portalBarrier {
		e := uint32(len(n.edgeWay) + i)
		for _, r := range [2]Ref{Ref(e << 1), Ref(e<<1 | 1)} {
			if b := n.PortalBarrier(r); b != None && n.barrierRules[b].Timed() {
				streets = append(streets, r)
			}
		}
	}
	return streets
}

// ChangedRefs returns all arcs whose rule is another one than in Base, in
// order: what has to be looked at again when changes come or go.
func (n *Network) ChangedRefs() []Ref {
	var out []Ref
	for e, i := range n.edgeRule {
		if i != 0 {
			out = append(out, Ref(e<<1), Ref(e<<1|1))
		}
	}
	base := n.Base()
	for i := range n.portalBarrier {
		e := uint32(len(n.edgeWay) + i)
		for _, r := range [2]Ref{Ref(e << 1), Ref(e<<1 | 1)} {
			if b := n.PortalBarrier(r); b != None && n.barrierRules[b] != base.barrierRules[b] {
				out = append(out, r)
			}
		}
	}
	return out
}

// TopSpeed returns the greatest speed in metres a second that a mode has on
// any street, 0 where it may use none.
func (n *Network) TopSpeed(m geo.Mode) float64 { return n.topSpeed[m] }

func (n *Network) deriveSpeeds() (top [geo.NumModes]float64) {
	for _, w := range n.edgeWay {
		p := &n.profiles[n.wayProfile[w]]
		for m := range top {
			top[m] = max(top[m], float64(p.Speed[m][0]), float64(p.Speed[m][1]))
		}
	}
	return top
}
