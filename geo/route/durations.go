package route

import (
	"context"
	"time"

	"github.com/paulmach/orb"

	"yizhan/geo"
)

// Durations returns the travel time from a point to each of the targets
// within a bound in seconds; 0 or less means none. Costs stand in the order of
// the targets. A target in a compound is reached through its gates, riding or on
// foot from where the bike is left at one; nothing is
// passed through that only callers may use, but for the compounds and the
// private stretch around the start.
func (r *Router) Durations(ctx context.Context, from orb.Point, mode geo.Mode, depart time.Time, to []orb.Point, maxSeconds float64) ([]Cost, error) {
	return r.DurationsToSet(ctx, from, depart, r.PinAll(to, mode), maxSeconds)
}

// DurationsToSet is Durations to a fixed set, in its mode.
func (r *Router) DurationsToSet(ctx context.Context, from orb.Point, depart time.Time, set *PinSet, maxSeconds float64) ([]Cost, error) {
	v, err := r.visit(ctx, from, set, maxSeconds)
	if err != nil {
		return nil, err
	}
	defer v.free()
	if err := v.sweep(ctx, depart); err != nil {
		return nil, err
	}
	var unproven []uint32
	for i := range v.ms {
		if !v.proven[i] && !v.prove(uint32(i)) {
			unproven = append(unproven, uint32(i))
		}
	}
	if err := v.search(ctx, unproven); err != nil {
		return nil, err
	}
	out := make([]Cost, set.Len())
	for i := range out {
		out[i] = v.known(uint32(i))
	}
	return out, nil
}
