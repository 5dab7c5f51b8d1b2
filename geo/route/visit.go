package route

import (
	"context"
	"slices"
	"time"

	"github.com/paulmach/orb"

	"yizhan/geo"
	"yizhan/geo/cch"
	"yizhan/geo/street"
)

// visit is a question for the times from a start to a set.
type visit struct {
	r      *Router
	f      *finder
	set    *PinSet
	starts []stop
	limit  uint32
	// ms is when each place is reached, at best until it is proven; via is the
	// inlet by which, or noInlet where the way does not lead over the through
	// network.
	ms     []uint32
	via    []int32
	proven []bool
	metres []float64
	queue  arrivals
}

const noInlet = -1

// visit begins a question from a point.
func (r *Router) visit(ctx context.Context, from orb.Point, set *PinSet, maxSeconds float64) (*visit, error) {
	if ctx.Err() != nil {
		return nil, tooLong(ctx)
	}
	v := r.visits.Get().(*visit)
	var err error
	if v.starts, err = r.appendStarts(v.starts, from, set.mode); err != nil {
		v.free()
		return nil, err
	}
	v.set, v.limit = set, unreached
	if maxSeconds > 0 && maxSeconds < float64(cch.Infinity)/1000 {
		v.limit = uint32(maxSeconds * 1000)
	}
	return v, nil
}

// sweep finds when each place of the set is reached at best.
func (v *visit) sweep(ctx context.Context, depart time.Time) error {
	mode := v.set.mode
	v.f.begin(mode, depart, passRules{zones: v.r.startZones(v.starts, mode)}, v.starts...)
	v.times()
	if v.late() && v.f.lengthen(cch.Infinity-1) {
		v.times()
	}
	return v.near(ctx)
}

func (v *visit) free() {
	v.set, v.f.m = nil, nil
	v.r.visits.Put(v)
}

// startZones lists the zones that who starts somewhere may use.
func (r *Router) startZones(starts []stop, mode geo.Mode) []uint32 {
	zones := r.net.Outer(starts[0].room)
	for i := range starts {
		if z := r.net.Zone(mode, starts[i].Edge); z != 0 && !has(zones, z) {
			zones = append(zones, z)
		}
	}
	return zones
}

// times works out when each place is reached at best.
func (v *visit) times() {
	set, n := v.set, len(v.set.pins)
	v.ms = resize(v.ms, n)
	v.via = resize(v.via, n)
	v.proven = resize(v.proven, n)
	v.metres = resize(v.metres, n)
	f := v.f
	f.costs = resize(f.costs, set.targets.Len())
	f.q.Costs(set.targets, f.costs)
	for p := range v.ms {
		best, via := unreached, int32(noInlet)
		for k := set.first[p]; k < set.first[p+1]; k++ {
			at := f.costs[set.node[k]]
			ms := at + set.ms[k]
			if at >= cch.Infinity || ms >= best {
				continue
			}
			if set.timed[k] {
				var ok bool
				if ms, ok = f.near.clear(set.inlets[k], at); !ok || ms >= best {
					continue
				}
			}
			best, via = ms, int32(k)
		}
		if best > v.limit {
			best = unreached
		}
		v.ms[p], v.via[p], v.proven[p], v.metres[p] = best, via, best == unreached, -1
	}
}

// late says whether a place is reached only after the span of the metric.
func (v *visit) late() bool {
	for _, ms := range v.ms {
		if ms != unreached && !v.f.m.covers(v.f.near.depart, ms) {
			return true
		}
	}
	return false
}

// near looks at the places that share a compound, a private stretch or a
// street with the start: ways to them may leave out the through network.
func (v *visit) near(ctx context.Context) error {
	r, f := v.r, v.f
	var closer []uint32
	for _, z := range f.near.rules.zones {
		closer = append(closer, v.set.byZone[z]...)
	}
	for k := range v.starts {
		from := &v.starts[k]
		for _, i := range v.set.byEdge[from.Edge] {
			pin := &v.set.pins[i]
			if len(pin.gates) > 0 {
				closer = append(closer, i)
				continue
			}
			for _, to := range pin.stops {
				if got, ok := r.along(f.near, *from, to); ok && got.ms < v.ms[i] && got.ms <= v.limit {
					v.ms[i], v.via[i], v.proven[i] = got.ms, noInlet, true
					v.metres[i] = r.distance(f.near, from, to, got)
				}
			}
		}
	}
	slices.Sort(closer)
	return v.search(ctx, slices.Compact(closer))
}

// search asks the plain search for some places.
func (v *visit) search(ctx context.Context, places []uint32) error {
	if len(places) == 0 {
		return nil
	}
	pins := make([]*pin, len(places))
	for k, i := range places {
		pins[k] = &v.set.pins[i]
	}
	costs, err := v.r.searched(ctx, v.starts, v.set.mode, v.f.near.depart, pins, v.limit)
	if err != nil {
		return err
	}
	for k, i := range places {
		v.ms[i], v.via[i], v.proven[i] = unreached, noInlet, true
		if c := costs[k]; c.OK {
			v.ms[i], v.metres[i] = uint32(c.Duration*1000+0.5), c.Distance
		}
	}
	return nil
}

// cost returns the cost of a place, proven.
func (v *visit) cost(ctx context.Context, i uint32) (Cost, error) {
	if !v.proven[i] && !v.prove(i) {
		if err := v.search(ctx, []uint32{i}); err != nil {
			return Cost{}, err
		}
	}
	return v.known(i), nil
}

// known returns the cost of a place that is proven.
func (v *visit) known(i uint32) Cost {
	if v.ms[i] == unreached {
		return Cost{}
	}
	return Cost{Duration: float64(v.ms[i]) / 1000, Distance: v.metres[i], OK: true}
}

// prove follows the path to a place and measures it; false where the hours on
// the way do not allow it as it was found.
func (v *visit) prove(i uint32) bool {
	f, r := v.f, v.r
	at := v.via[i]
	in := v.set.inlets[at]
	cost := f.costs[v.set.node[at]]
	f.arcs = straighten(f.q.PathTo(in.node, f.arcs[:0]))
	first := in.node
	if len(f.arcs) > 0 {
		first, _ = r.net.Ends(street.Ref(f.arcs[0]))
	}
	metres := in.metres
	for _, arc := range f.arcs {
		metres += r.net.Length(street.Ref(arc).Edge())
	}
	if !f.m.steady || !f.m.covers(f.near.depart, v.ms[i]) {
		now := f.reached(first)
		for _, arc := range f.arcs {
			sec, ok := f.step(street.Ref(arc), now)
			if !ok {
				return false
			}
			now = sec.end
		}
		if now != cost || !f.m.covers(f.near.depart, v.ms[i]) {
			return false
		}
	}
	before, _ := r.distanceTo(f.out, f.startOf(v.starts, first), first)
	v.metres[i], v.proven[i] = metres+before, true
	return true
}

// resize returns a slice of a length, the old one where it has room.
func resize[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}
