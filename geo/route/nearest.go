package route

import (
	"context"
	"time"

	"github.com/paulmach/orb"
)

// Arrival is a place of a set as Nearest reaches it.
type Arrival struct {
	// Index is that of the place in the set.
	Index int
	Cost
}

// Nearest appends the first few places of a set that are reached, the
// quickest first, ties in the order of the set. accept, where not nil, is asked
// for each of them, in that order, with the instant of arrival, and says which
// count; a place may be asked about twice. maxSeconds bounds the journey; 0 or
// less means no bound.
//
// Where places are many, the first few are near: a plain search outwards from
// the start comes upon them soon. Only where it does not, the times to all of
// them are asked of the hierarchy.
func (r *Router) Nearest(ctx context.Context, from orb.Point, depart time.Time, set *PinSet, limit int, maxSeconds float64, accept func(i int, arrive time.Time) bool, out []Arrival) ([]Arrival, error) {
	v, err := r.visit(ctx, from, set, maxSeconds)
	if err != nil {
		return out, err
	}
	defer v.free()
	n := len(out)
	if out, ok := v.spread(depart, limit, accept, out); ok {
		return out, nil
	}
	out = out[:n]
	if err := v.sweep(ctx, depart); err != nil {
		return out, err
	}
	v.queue = v.queue[:0]
	for i, ms := range v.ms {
		if ms != unreached {
			v.queue = append(v.queue, arrivalOf(ms, uint32(i)))
		}
	}
	v.queue.order()
	for limit > 0 && len(v.queue) > 0 {
		ms, i := v.queue.pop()
		cost, err := v.cost(ctx, i)
		if err != nil {
			return out, err
		}
		if exact := v.ms[i]; exact != ms {
			if exact != unreached {
				v.queue.push(arrivalOf(exact, i))
			}
			continue
		}
		if accept != nil && !accept(int(i), v.f.near.at(ms)) {
			continue
		}
		out = append(out, Arrival{int(i), cost})
		limit--
	}
	return out, nil
}

// spreadNodes is the least number of nodes that a search outwards may look at,
// spreadShare the part of the network.
const (
	spreadNodes = 500
	spreadShare = 16
)

// spread looks for the places outwards from the start. It is not ok where they
// are too far, or where the start shares a compound or a private stretch with
// some of them.
func (v *visit) spread(depart time.Time, limit int, accept func(i int, arrive time.Time) bool, out []Arrival) ([]Arrival, bool) {
	r, s, set := v.r, v.f.near, v.set
	if len(r.startZones(v.starts, set.mode)) > 0 {
		return out, false
	}
	most := max(spreadNodes, r.net.NumNodes()/spreadShare)
	if limit*r.net.NumNodes() > most*len(set.pins)/2 {
		return out, false // too sparse to come upon them soon
	}
	s.begin(set.mode, depart, r.where, passRules{})
	v.reset()
	for i := range v.starts {
		r.seedStop(s, v.starts[i], 0)
		for _, p := range set.byEdge[v.starts[i].Edge] {
			if len(set.pins[p].gates) > 0 {
				return out, false
			}
			v.along(&v.starts[i], p)
		}
	}
	for {
		frontier := s.peek()
		if frontier > v.limit {
			frontier = unreached
		}
		for len(v.queue) > 0 && uint32(v.queue[0]>>32) < frontier {
			ms, i := v.queue.pop()
			if ms != v.ms[i] || accept != nil && !accept(int(i), s.at(ms)) {
				continue
			}
			out = append(out, Arrival{int(i), v.spreadCost(i)})
			if limit--; limit == 0 {
				return out, true
			}
		}
		if frontier == unreached {
			return out, true
		}
		if s.settled > most {
			return out, false
		}
		node, _, _ := s.next()
		for _, k := range set.byNode[node] {
			in, p := set.inlets[k], set.owner[k]
			if ms, ok := s.clear(in, s.timeAt(node)); ok && ms < v.ms[p] && ms <= v.limit {
				v.ms[p], v.via[p] = ms, int32(k)
				v.queue.push(arrivalOf(ms, p))
			}
		}
	}
}

// reset takes all places for unreached.
func (v *visit) reset() {
	n := len(v.set.pins)
	v.ms, v.via, v.metres = resize(v.ms, n), resize(v.via, n), resize(v.metres, n)
	for i := range v.ms {
		v.ms[i], v.via[i] = unreached, noInlet
	}
	v.queue = v.queue[:0]
}

// along reaches a place on the street of a start, without leaving it.
func (v *visit) along(from *stop, p uint32) {
	r, s := v.r, v.f.near
	for _, to := range v.set.pins[p].stops {
		if got, ok := r.along(s, *from, to); ok && got.ms < v.ms[p] && got.ms <= v.limit {
			v.ms[p], v.via[p], v.metres[p] = got.ms, noInlet, r.distance(s, from, to, got)
			v.queue.push(arrivalOf(got.ms, p))
		}
	}
}

// spreadCost returns the cost of a place that the search outwards came upon.
func (v *visit) spreadCost(p uint32) Cost {
	metres := v.metres[p]
	if k := v.via[p]; k != noInlet {
		in, s := v.set.inlets[k], v.f.near
		before, _ := v.r.distanceTo(s, inComponent(v.starts, v.r.net.Component(s.mode, in.node)), in.node)
		metres = before + in.metres
	}
	return Cost{Duration: float64(v.ms[p]) / 1000, Distance: metres, OK: true}
}

// arrivals is a heap of places by the time in milliseconds, then by their
// number.
type arrivals []uint64

func arrivalOf(ms, place uint32) uint64 { return uint64(ms)<<32 | uint64(place) }

// order makes a heap of places in any order.
func (q arrivals) order() {
	for i := len(q)/2 - 1; i >= 0; i-- {
		q.down(i)
	}
}

func (q *arrivals) pop() (ms, place uint32) {
	h := *q
	top, last := h[0], len(h)-1
	h[0] = h[last]
	*q = h[:last]
	q.down(0)
	return uint32(top >> 32), uint32(top)
}

func (q *arrivals) push(a uint64) {
	h := append(*q, a)
	for i := len(h) - 1; i > 0; {
		up := (i - 1) / 2
		if h[up] <= h[i] {
			break
		}
		h[i], h[up] = h[up], h[i]
		i = up
	}
	*q = h
}

func (q arrivals) down(i int) {
	for {
		c := 2*i + 1
		if c >= len(q) {
			return
		}
		if c+1 < len(q) && q[c+1] < q[c] {
			c++
		}
		if q[i] <= q[c] {
			return
		}
		q[i], q[c] = q[c], q[i]
		i = c
	}
}
