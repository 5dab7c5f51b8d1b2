package route

import (
	"context"
	"fmt"
	"math"

	"github.com/paulmach/orb"

	"yizhan/geo"
	"yizhan/geo/street"
)

// share returns the part of an edge's time that a stretch of it takes.
func (r *Router) share(m geo.Mode, ref street.Ref, metres float64) (ms uint32, ok bool) {
	t := r.net.Time(m, ref)
	if t == street.Unreachable {
		return 0, false
	}
	l := r.net.Length(ref.Edge())
	if l <= 0 {
		return t, true
	}
	return uint32(math.Round(float64(t) * math.Min(1, math.Max(0, metres/l)))), true
}

func forward(edge uint32) street.Ref  { return street.Ref(edge << 1) }
func backward(edge uint32) street.Ref { return street.Ref(edge<<1 | 1) }

// seedStop starts a run at a stop. Who stands in the middle of a way that is
// shut may leave it in both directions; who stands at its end may not go in.
func (r *Router) seedStop(s *search, from stop, ms uint32) {
	ms += walkMillis(from.Distance)
	a, b := r.net.Ends(forward(from.Edge))
	after, before := r.net.Length(from.Edge)-from.At, from.At
	amid := after > doorstep && before > doorstep
	seed := func(node uint32, ref street.Ref, metres float64) {
		wait := uint32(0)
		if !amid {
			var open bool
			if wait, open = r.enter(s, from.Edge, metres, ms); !open {
				return
			}
		}
		if t, ok := r.share(s.mode, ref, metres); ok {
			s.seed(node, ms+wait+t)
		}
	}
	seed(b, forward(from.Edge), after)
	seed(a, backward(from.Edge), before)
}

// arrival is how a stop is reached: over the last part of its edge in the
// direction ref, from the node where that begins. direct means that the run
// started on that edge.
type arrival struct {
	ms     uint32
	ref    street.Ref
	direct bool
}

// arrive returns the earliest arrival at a stop by the labels so far.
func (r *Router) arrive(s *search, to stop) (arrival, bool) {
	best := arrival{ms: unreached}
	for _, ref := range [2]street.Ref{forward(to.Edge), backward(to.Edge)} {
		node, _ := r.net.Ends(ref)
		metres := to.At
		if ref.Backward() {
			metres = r.net.Length(to.Edge) - to.At
		}
		at := s.timeAt(node)
		if at == unreached {
			continue
		}
		wait, open := r.enter(s, to.Edge, metres, at)
		if t, ok := r.share(s.mode, ref, metres); ok && open && at+wait+t < best.ms {
			best.ms, best.ref = at+wait+t, ref
		}
	}
	if best.ms == unreached {
		return best, false
	}
	best.ms += walkMillis(to.Distance)
	return best, true
}

// doorstep is how far, in metres, a way may be entered whatever its hours: the
// end of it that a stop lies at.
const doorstep = 0.5

// enter says whether a run may go some metres into a street at a moment, and
// how long it has to wait for that.
func (r *Router) enter(s *search, edge uint32, metres float64, at uint32) (wait uint32, ok bool) {
	if r.net.WayRule(edge) == nil || metres <= doorstep || s.rules.force {
		return 0, true
	}
	met := s.clock.street(s.net, edge, at)
	return met.wait, met.Verdict != geo.Closed
}

// along returns the way from one stop to another on the same edge, in a run
// that has begun.
func (r *Router) along(s *search, from, to stop) (arrival, bool) {
	if from.Edge != to.Edge {
		return arrival{}, false
	}
	ref := forward(from.Edge)
	if to.At < from.At {
		ref = backward(from.Edge)
	}
	metres := math.Abs(to.At - from.At)
	begin := walkMillis(from.Distance)
	wait, open := r.enter(s, from.Edge, metres, begin)
	t, ok := r.share(s.mode, ref, metres)
	return arrival{begin + wait + t + walkMillis(to.Distance), ref, true}, ok && open
}

// runTo runs a search until the best of the stops is reached for certain.
// found is the index of that stop, -1 where none can be reached.
func (r *Router) runTo(ctx context.Context, s *search, stops []stop, start *arrival, startStop int) (found int, best arrival, err error) {
	found, best.ms = -1, unreached
	if start != nil {
		found, best = startStop, *start
	}
	for {
		if err := s.expired(ctx); err != nil {
			return -1, best, err
		}
		node, _, ok := s.next()
		if !ok {
			return found, best, nil
		}
		for i := range stops {
			a, b := r.net.Ends(forward(stops[i].Edge))
			if node != a && node != b {
				continue
			}
			if got, ok := r.arrive(s, stops[i]); ok && got.ms < best.ms {
				found, best = i, got
			}
		}
		if s.peek() >= best.ms {
			return found, best, nil
		}
	}
}

// hull returns the middle of some stops and the greatest distance of one from
// it in metres, for the lower bound of a search.
func hull(stops []stop) (middle orb.Point, radius float64) {
	b := stops[0].Point.Bound()
	for _, s := range stops {
		b = b.Extend(s.Point)
	}
	middle = b.Center()
	for _, s := range stops {
		radius = math.Max(radius, geo.Distance(middle, s.Point))
	}
	return middle, radius*1.002 + 1
}

// goal is a destination made ready.
type goal struct {
	name geo.Text
	// rooms lead from the innermost around the destination outwards.
	rooms []uint32
	// point is where the destination is shown.
	point orb.Point
	// points are the doors that will do; none for a compound as a whole.
	points []orb.Point
	// gate is the barrier's index where the destination is a gate, else None.
	gate uint32
}

// resolve works out what a target is.
func (r *Router) resolve(to Target) (goal, error) {
	g := goal{gate: street.None, name: geo.Text{Zh: to.Name, En: to.Name}, point: to.Point, points: []orb.Point{to.Point}}
	room := street.Public
	switch {
	case to.Building != "":
		b, ok := r.net.Building(to.Building)
		if !ok {
			return g, unknown(to.Building)
		}
		g.point, g.points = b.Center, doors(b)
		if room, ok = r.net.RoomOf(b.Compound); !ok {
			room = r.net.RoomAt(b.Center)
		}
		if to.Name == "" {
			g.name = buildingName(b)
		}
	case to.Place != "":
		room = r.net.RoomAt(to.Point)
		if at, ok := r.net.BarrierOf(to.Place); ok {
			g.gate = at
			gate, _ := r.net.Gate(to.Place)
			g.point, g.points = gate.Point, []orb.Point{gate.Point}
			if g.name.IsZero() {
				g.name = r.gateName(gate)
			}
			room = street.Public
		}
	case to.Compound != "":
		c, ok := r.net.Compound(to.Compound)
		if !ok {
			return g, unknown(to.Compound)
		}
		if g.name.IsZero() {
			g.name = nameIn(c.Name, c.Names)
		}
		if to.Point == (orb.Point{}) && len(c.Perimeter) > 0 {
			g.point = c.Perimeter.Bound().Center()
		}
		g.points = []orb.Point{g.point}
		if room, ok = r.net.RoomOf(to.Compound); ok {
			g.points = nil
		} else if len(c.Perimeter) > 0 || to.Point != (orb.Point{}) {
			room = r.net.RoomAt(g.point) // an open area may lie within a compound
		} else {
			return g, geo.NewError(geo.NotFound,
				fmt.Sprintf("“%s”没有边界也没有位置，找不到路。请改选一个地点。", c.Name),
				fmt.Sprintf("%q has neither a perimeter nor a position: choose a place instead", c.Name))
		}
	default:
		room = r.net.RoomAt(to.Point)
	}
	g.rooms = r.net.Outer(room)
	return g, nil
}

func unknown(id string) error {
	return geo.NewError(geo.NotFound,
		fmt.Sprintf("找不到 %q，可能已在新的地图中删除，请重新搜索。", id),
		fmt.Sprintf("there is no %q: it may be gone from the newest map, search again", id))
}

// doors returns the entrances of a building that callers use, or its middle
// where none is known.
func doors(b *geo.Building) []orb.Point {
	var out, service []orb.Point
	for i := range b.Entrances {
		switch e := &b.Entrances[i]; e.Type {
		case "exit", "emergency", "no":
		case "service", "garage":
			service = append(service, e.Point)
		default:
			out = append(out, e.Point)
		}
	}
	switch {
	case len(out) > 0:
		return out
	case len(service) > 0:
		return service
	}
	return []orb.Point{b.Center}
}
