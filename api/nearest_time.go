package api

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/paulmach/orb"

	"yizhan/data/atlas"
	"yizhan/geo"
	"yizhan/geo/hours"
	"yizhan/geo/index"
	"yizhan/geo/route"
)

// Bounds of nearest by travel time.
const (
	// maxTravel is the longest journey looked at, in seconds.
	maxTravel = 2 * 60 * 60
	// candidateBlock is how many places the first look takes, where there are
	// many.
	candidateBlock = 16
)

// topSpeed bounds from above how fast a mode gets on anywhere, in m/s: no street
// is faster, what is off the streets is walked, and 2 % cover the plane
// geometry of streets. It turns a distance in a straight line into a travel
// time that cannot be beaten.
func topSpeed(a *atlas.Atlas, mode geo.Mode) float64 {
	const walking = 5 / 3.6
	return 1.02 * max(a.Streets.TopSpeed(mode), walking)
}

// nearestByTime returns the places with the least travel time, exactly. Those
// that cannot be reached within two hours are left out. Where onArrival holds,
// only places surely open on arrival count.
func nearestByTime(ctx context.Context, a *atlas.Atlas, q index.Query, mode geo.Mode, depart time.Time, onArrival bool) ([]found, error) {
	var pinned *atlas.Pinned
	few := len(q.Kinds) == 1
	if few {
		pinned, few = a.Pinned(q.Kinds[0], mode)
	}
	if !few {
		return amongMany(ctx, a, q, mode, depart, onArrival)
	}
	arrivals, err := a.Router.Nearest(ctx, q.At, depart, pinned.Set, q.Limit, maxTravel, func(i int, arrive time.Time) bool {
		p := pinned.Slots[i]
		if q.Within > 0 && geo.Distance(q.At, a.Places.Point(p)) > q.Within || !a.Places.Has(p, q.Facilities) || !q.Where(p) {
			return false
		}
		return !onArrival || stateAt(a, p, arrive) == hours.StateOpen
	}, make([]route.Arrival, 0, q.Limit))
	if err != nil {
		return nil, err
	}
	best := make([]found, len(arrivals))
	for i, got := range arrivals {
		p := pinned.Slots[got.Index]
		best[i] = found{Hit: index.Hit{Slot: p, Distance: geo.Distance(q.At, a.Places.Point(p))}, duration: got.Duration, route: got.Distance}
	}
	return best, nil
}

// amongMany is nearestByTime where the places are too many to time them all.
// Those nearest in a straight line are timed first; no place farther than the
// way covered at top speed in the time of the last one wanted can beat it, and
// all nearer ones are timed too.
func amongMany(ctx context.Context, a *atlas.Atlas, q index.Query, mode geo.Mode, depart time.Time, onArrival bool) ([]found, error) {
	want := q.Limit
	top := topSpeed(a, mode)
	reach := maxTravel * top
	if q.Within == 0 || q.Within > reach {
		q.Within = reach
	}
	var best []found
	limit := float64(maxTravel)
	for timed, block := 0, max(candidateBlock, 2*want); ; block *= 4 {
		q.Limit = block
		hits := a.Places.Nearest(q)
		fresh := hits[timed:]
		cut, _ := slices.BinarySearchFunc(fresh, limit*top, func(h index.Hit, far float64) int { return cmp.Compare(h.Distance, far) })
		done := cut < len(fresh) || len(hits) < block
		fresh = fresh[:cut]
		points := make([]orb.Point, len(fresh))
		for i, h := range fresh {
			points[i] = a.Places.Point(h.Slot)
		}
		costs, err := a.Router.Durations(ctx, q.At, mode, depart, points, limit)
		if err != nil {
			return nil, err
		}
		for i, c := range costs {
			if !c.OK || onArrival && stateAt(a, fresh[i].Slot, depart.Add(time.Duration(c.Duration*float64(time.Second)))) != hours.StateOpen {
				continue
			}
			best = append(best, found{Hit: fresh[i], duration: c.Duration, route: c.Distance})
		}
		slices.SortFunc(best, func(x, y found) int {
			return cmp.Or(cmp.Compare(x.duration, y.duration), cmp.Compare(x.Distance, y.Distance), cmp.Compare(a.Places.ID(x.Slot), a.Places.ID(y.Slot)))
		})
		if len(best) > want {
			best = best[:want]
		}
		if len(best) == want {
			limit = min(limit, best[want-1].duration)
		}
		if timed = len(hits); done || len(hits) > 0 && hits[len(hits)-1].Distance > limit*top {
			return best, nil
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
	}
}
