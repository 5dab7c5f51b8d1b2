package route

import (
	"context"
	"math"
	"slices"
	"time"

	"github.com/paulmach/orb"

	"yizhan/geo"
	"yizhan/geo/street"
)

// Durations returns the travel time from a point to each of the targets
// within a bound in seconds; 0 or less means none. Costs stand in the order of
// the targets. A target in a compound is reached through its gates; nothing is
// passed through that only callers may use, but for the compounds around the
// start and stretches of private ways that a target lies on.
func (r *Router) Durations(ctx context.Context, from orb.Point, mode geo.Mode, depart time.Time, to []orb.Point, maxSeconds float64) ([]Cost, error) {
	pins := make([]Pin, len(to))
	for i, p := range to {
		pins[i] = r.Pin(p, mode)
	}
	return r.DurationsTo(ctx, from, mode, depart, pins, maxSeconds)
}

// Pin is a point that is snapped to the network once, to be asked for often.
// It belongs to the router and the mode that made it.
type Pin struct {
	stop stop
	ok   bool
}

// Pin snaps a point for DurationsTo.
func (r *Router) Pin(p orb.Point, mode geo.Mode) Pin {
	room := r.net.RoomAt(p)
	s, ok := r.snapTo(p, mode, snapLimit, func(s street.Snap) bool { return r.net.Room(s.Edge) == room })
	if !ok && room != street.Public {
		s, ok = r.snapTo(p, mode, snapLimit, func(s street.Snap) bool { return r.net.Room(s.Edge) == street.Public })
	}
	return Pin{s, ok}
}

// DurationsTo is Durations to pins.
func (r *Router) DurationsTo(ctx context.Context, from orb.Point, mode geo.Mode, depart time.Time, to []Pin, maxSeconds float64) ([]Cost, error) {
	out := make([]Cost, len(to))
	start, err := r.snapFrom(from, mode)
	if err != nil {
		return nil, err
	}
	limit := unreached
	if maxSeconds > 0 && maxSeconds < float64(unreached)/1000 {
		limit = uint32(maxSeconds * 1000)
	}
	around := r.net.Outer(start.room)
	rules := passRules{zones: slices.Clone(around), oneWay: true, mayLeave: around}
	if z := r.net.Zone(mode, start.Edge); z != 0 {
		rules.zones = append(rules.zones, z)
	}
	waiting := map[uint32][]int32{} // edge ends → targets
	left := 0
	for i := range to {
		if !to[i].ok {
			continue
		}
		s := &to[i].stop
		rules.zones = append(rules.zones, r.net.Outer(s.room)...)
		if z := r.net.Zone(mode, s.Edge); z != 0 {
			rules.zones = append(rules.zones, z)
		}
		a, b := r.net.Ends(forward(s.Edge))
		waiting[a] = append(waiting[a], int32(i))
		if b != a {
			waiting[b] = append(waiting[b], int32(i))
		}
		left++
	}
	slices.Sort(rules.zones)
	rules.zones = slices.Compact(rules.zones)
	s := r.pool.Get().(*search)
	defer r.pool.Put(s)
	s.begin(mode, depart, r.where, rules)
	r.seedStop(s, start, 0)
	best := make([]arrival, len(to))
	for i := range to {
		best[i].ms = unreached
		if to[i].ok {
			if a, ok := r.along(s, start, to[i].stop); ok {
				best[i] = a
			}
		}
	}
	if err := r.settle(ctx, s, to, waiting, left, limit, best); err != nil {
		return nil, err
	}
	for i := range to {
		if best[i].ms > limit || best[i].ms == unreached {
			continue
		}
		out[i] = Cost{Duration: float64(best[i].ms) / 1000, Distance: r.distance(s, start, to[i].stop, best[i]), OK: true}
	}
	return out, nil
}

// settle runs a search until every target has its final time or the limit is
// passed.
func (r *Router) settle(ctx context.Context, s *search, to []Pin, waiting map[uint32][]int32, left int, limit uint32, best []arrival) error {
	final := uint32(0) // the latest of the times so far, once all have one
	found := 0
	for i := range best {
		if best[i].ms != unreached {
			found++
			final = max(final, best[i].ms)
		}
	}
	for {
		if err := s.expired(ctx); err != nil {
			return err
		}
		node, key, ok := s.next()
		if !ok || key > limit || found == left && key >= final {
			return nil
		}
		for _, i := range waiting[node] {
			got, ok := r.arrive(s, to[i].stop)
			if !ok || got.ms >= best[i].ms {
				continue
			}
			if best[i].ms == unreached {
				found++
				final = max(final, got.ms)
			}
			best[i] = got
		}
	}
}

// distance returns the metres of a path found, from the point to the point.
func (r *Router) distance(s *search, from, to stop, got arrival) float64 {
	sum := from.Distance + to.Distance
	if got.direct {
		return sum + math.Abs(to.At-from.At)
	}
	node, _ := r.net.Ends(got.ref)
	along := to.At
	if got.ref.Backward() {
		along = r.net.Length(to.Edge) - to.At
	}
	sum += along
	for {
		parent := s.labels[node].parent
		if parent == noRef {
			sec := r.first(s, from, node)
			return sum + sec.to - sec.from
		}
		sum += r.net.Length(parent.Edge())
		node, _ = r.net.Ends(parent)
	}
}
