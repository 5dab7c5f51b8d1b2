package route

import (
	"context"
	"time"

	"github.com/paulmach/orb"

	"yizhan/geo"
	"yizhan/geo/cch"
	"yizhan/geo/street"
)

// Through is the hierarchy of the through network at an hour, for tests.
type Through struct {
	r    *Router
	mode geo.Mode
	m    *metric
	q    *cch.Query
}

func (r *Router) Through(mode geo.Mode, depart time.Time, long bool) *Through {
	return &Through{r, mode, r.metrics.at(mode, depart, long), cch.NewQuery(r.net.Hierarchy())}
}

// Cost asks for the way from one node to another.
func (t *Through) Cost(from, to uint32) uint32 {
	t.q.Begin(t.m.Metric)
	t.q.From(from, 0)
	t.q.To(to, 0)
	t.q.Expect(t.r.expected(t.mode, t.r.net.Node(from), []stop{{Snap: street.Snap{Point: t.r.net.Node(to)}}}))
	return t.q.Run()
}

// Path appends the arcs of the way that Cost found.
func (t *Through) Path(arcs []uint32) []uint32 { return t.q.Path(arcs) }

// Span is what the metric was made for.
func (t *Through) Span() (from, until time.Time, steady bool) { return t.m.from, t.m.until, t.m.steady }

// Plain is the quickest way between two points by the plain search alone, in
// milliseconds; ok is false where there is none.
func (r *Router) Plain(ctx context.Context, from, to orb.Point, mode geo.Mode, depart time.Time) (ms uint32, ok bool) {
	starts, err := r.starts(from, mode)
	if err != nil {
		return 0, false
	}
	s := r.pool.Get().(*search)
	defer r.pool.Put(s)
	list := r.candidates(to, mode, snapLimit, func(s street.Snap) bool { return r.net.Room(s.Edge) == street.Public })
	at := inComponent(list, starts[0].component)
	if at == nil {
		return 0, false
	}
	s.begin(mode, depart, r.where, passRules{})
	s.aim(at.Point, 1, r.topSpeed[mode])
	r.seedStop(s, starts[0], 0)
	found, got, err := r.runTo(ctx, s, []stop{*at}, nil, -1)
	return got.ms, err == nil && found >= 0
}

// Kept counts the spans remembered for a mode, and the metrics behind them.
func (r *Router) Kept(mode geo.Mode) (spans, metrics int) {
	kept := r.metrics.kept[mode].Load()
	if kept == nil {
		return 0, 0
	}
	distinct := map[*cch.Metric]bool{}
	for _, k := range *kept {
		distinct[k.Metric] = true
	}
	return len(*kept), len(distinct)
}
