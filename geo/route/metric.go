package route

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/paulmach/orb"

	"yizhan/geo"
	"yizhan/geo/cch"
	"yizhan/geo/hours"
	"yizhan/geo/street"
)

// The through network is what anybody may pass through on the way to somewhere
// else: the streets without a zone, and the barriers that let people through.
// Its hierarchy is customized for a mode and a span of time: gates and ways
// with hours have the least weight that they have at any moment of the span. A
// path found that way is checked against the hours at each arrival; one that
// stands takes the least time there is.

const (
	// spanStep is how often a span begins.
	spanStep = 15 * time.Minute
	// shortSpan and longSpan are how long after a departure in its first step
	// a span ends: one for most routes, and one for the few that take longer.
	shortSpan = 45 * time.Minute
	longSpan  = 4 * time.Hour
	// keptSpans is how many spans are remembered for each mode, keptMetrics how
	// many metrics: in most spans the gates are as in another one.
	keptSpans   = 32
	keptMetrics = 4
)

// metric is the through network of a mode in a span of time.
type metric struct {
	*cch.Metric
	// from and until are the span; a path that arrives by then is right.
	from, until time.Time
	// steady says that nothing changes in the span, so that every path found
	// stands.
	steady bool
	timed  []uint32
}

// covers says whether a path of some milliseconds from a departure ends
// within the span.
func (m *metric) covers(depart time.Time, ms uint32) bool {
	return m.steady && m.until.IsZero() || !depart.Add(time.Duration(ms)*time.Millisecond).After(m.until)
}

// metrics makes and keeps the metrics of a network.
type metrics struct {
	net   *street.Network
	where func(orb.Point) hours.Place
	// timed are the arcs of the through network that depend on the hour.
	timed [geo.NumModes][]street.Ref
	kept  [geo.NumModes]atomic.Pointer[[]*metric]
	// making is held while a metric is made.
	making [geo.NumModes]sync.Mutex
	// before is what an earlier router of the same streets had.
	before [geo.NumModes]legacy
}

// legacy is a metric of another router of the same streets. It differs in few
// arcs: among those that depended on the hour there, or that were not as
// mapped.
type legacy struct {
	*cch.Metric
	differ [2][]street.Ref
}

// legacy returns what a router of the same streets can build on.
func (m *metrics) legacy() [geo.NumModes]legacy {
	out := m.before
	for mode := range out {
		if kept := m.kept[mode].Load(); kept != nil {
			out[mode] = legacy{(*kept)[0].Metric, [2][]street.Ref{m.timed[mode], m.net.ChangedRefs()}}
		}
	}
	return out
}

func newMetrics(net *street.Network, where func(orb.Point) hours.Place) *metrics {
	m := &metrics{net: net, where: where}
	for _, ref := range net.TimedRefs() {
		for mode := range m.timed {
			if m.through(geo.Mode(mode), ref) {
				m.timed[mode] = append(m.timed[mode], ref)
			}
		}
	}
	return m
}

// through says whether an arc may belong to the through network at all.
func (m *metrics) through(mode geo.Mode, ref street.Ref) bool {
	edge := ref.Edge()
	if m.net.Portal(edge) {
		return true
	}
	zone := m.net.Zone(mode, edge)
	return (zone == 0 || sometimes(m.net, zone, edge)) && m.net.Time(mode, ref) != street.Unreachable
}

// at returns the metric for departures at an instant, of the short span or
// the long one.
func (m *metrics) at(mode geo.Mode, depart time.Time, long bool) *metric {
	from := depart.Truncate(spanStep)
	until := from.Add(spanStep + shortSpan)
	if long {
		until = from.Add(spanStep + longSpan)
	}
	if got := m.find(mode, from, until); got != nil {
		return got
	}
	m.making[mode].Lock()
	defer m.making[mode].Unlock()
	if got := m.find(mode, from, until); got != nil {
		return got
	}
	made := m.make(mode, from, until)
	list := []*metric{made}
	if kept := m.kept[mode].Load(); kept != nil {
		list = keep(list, *kept)
	}
	m.kept[mode].Store(&list)
	return made
}

// keep appends the spans to be remembered, the latest first.
func keep(list, kept []*metric) []*metric {
	distinct := 1
	for _, k := range kept[:min(len(kept), keptSpans-1)] {
		if !slices.ContainsFunc(list, func(l *metric) bool { return l.Metric == k.Metric }) {
			if distinct++; distinct > keptMetrics {
				continue
			}
		}
		list = append(list, k)
	}
	return list
}

func (m *metrics) find(mode geo.Mode, from, until time.Time) *metric {
	kept := m.kept[mode].Load()
	if kept == nil {
		return nil
	}
	for _, k := range *kept {
		if k.from.Equal(from) && k.until.Equal(until) || k.until.IsZero() {
			return k
		}
	}
	return nil
}

// make customizes the hierarchy for a span; where a metric is kept, only for
// what differs from it.
func (m *metrics) make(mode geo.Mode, from, until time.Time) *metric {
	made := &metric{from: from, until: until, steady: true, timed: make([]uint32, len(m.timed[mode]))}
	for i, ref := range m.timed[mode] {
		w, steady := m.timedWeight(mode, ref, from, until)
		made.timed[i] = w
		made.steady = made.steady && steady
	}
	if len(made.timed) == 0 {
		made.until = time.Time{} // right for ever
	}
	if kept := m.kept[mode].Load(); kept != nil {
		for _, k := range *kept {
			if slices.Equal(k.timed, made.timed) {
				made.Metric = k.Metric
				return made
			}
		}
		base := (*kept)[0]
		var arcs, weights []uint32
		for i, w := range made.timed {
			if w != base.timed[i] {
				arcs, weights = append(arcs, uint32(m.timed[mode][i])), append(weights, w)
			}
		}
		made.Metric = base.Update(arcs, weights)
		return made
	}
	made.Metric = m.customize(mode, made.timed)
	return made
}

// customize makes the first metric of a mode: from what another router left,
// where there is something, else from nothing.
func (m *metrics) customize(mode geo.Mode, timed []uint32) *cch.Metric {
	if old := &m.before[mode]; old.Metric != nil {
		return m.adapt(mode, old, timed)
	}
	weights := make([]uint32, 2*m.net.Stats().Edges)
	for ref := range weights {
		weights[ref] = m.fixedWeight(mode, street.Ref(ref))
	}
	for i, ref := range m.timed[mode] {
		weights[ref] = timed[i]
	}
	return m.net.Hierarchy().Customize(weights)
}

// adapt makes a metric from that of another router: what depends on the hour
// or is not as mapped, now or then, may differ.
func (m *metrics) adapt(mode geo.Mode, old *legacy, timed []uint32) *cch.Metric {
	want := make(map[street.Ref]uint32, len(timed))
	for _, list := range [...][]street.Ref{old.differ[0], old.differ[1], m.net.ChangedRefs()} {
		for _, ref := range list {
			want[ref] = m.fixedWeight(mode, ref)
		}
	}
	for i, ref := range m.timed[mode] {
		want[ref] = timed[i]
	}
	refs := make([]uint32, 0, len(want))
	for ref, w := range want {
		if old.Weight(uint32(ref)) != w {
			refs = append(refs, uint32(ref))
		}
	}
	if len(refs) == 0 {
		return old.Metric
	}
	slices.Sort(refs)
	weights := make([]uint32, len(refs))
	for i, ref := range refs {
		weights[i] = want[street.Ref(ref)]
	}
	return old.Update(refs, weights)
}

// fixedWeight returns the milliseconds that an arc takes which does not depend
// on the hour, cch.Infinity where it is not of the through network.
func (m *metrics) fixedWeight(mode geo.Mode, ref street.Ref) uint32 {
	edge := ref.Edge()
	if !m.net.Portal(edge) {
		if !m.through(mode, ref) {
			return cch.Infinity
		}
		return m.net.Time(mode, ref)
	}
	barrier := m.net.PortalBarrier(ref)
	if barrier == street.None {
		return 0
	}
	return throughWeight(m.net.BarrierRule(barrier).Pass(mode, time.Time{}, hours.Place{}))
}

// throughWeight returns what passing a barrier on the way to elsewhere takes.
func throughWeight(p street.Passage) uint32 {
	if p.Verdict == geo.Closed || !p.Through {
		return cch.Infinity
	}
	return p.Delay
}

// timedWeight returns the least weight of an arc in a span, and whether it is
// the weight at each of its moments. A gate that opens soon after the span is
// waited for, so the span looked at is longer by that.
func (m *metrics) timedWeight(mode geo.Mode, ref street.Ref, from, until time.Time) (w uint32, steady bool) {
	edge := ref.Edge()
	until = until.Add(waitLimit)
	if !m.net.Portal(edge) {
		node, _ := m.net.Ends(forward(edge))
		best, steady := m.best(m.net.WayRule(edge), mode, from, until, m.net.Node(node))
		if throughWeight(best) == cch.Infinity {
			return cch.Infinity, true
		}
		return m.net.Time(mode, ref), steady
	}
	barrier := m.net.PortalBarrier(ref)
	if barrier == street.None {
		return 0, true
	}
	best, steady := m.best(m.net.BarrierRule(barrier), mode, from, until, m.net.Node(m.net.Sides(barrier)[0].Node))
	w = throughWeight(best)
	return w, steady || w == cch.Infinity
}

func (m *metrics) best(rule *street.Rule, mode geo.Mode, from, until time.Time, point orb.Point) (best street.Passage, steady bool) {
	where := m.where(point)
	best = rule.Best(mode, from, until, where)
	if best.Verdict == geo.Closed {
		return best, true
	}
	return best, rule.Steady(mode, from, until, where)
}
