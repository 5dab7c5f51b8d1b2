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
	// candidateBlock is how many places the first look takes.
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

// openFilter says which places count by their hours.
type openFilter struct {
	// at is the instant asked for; on arrival it is the departure.
	at      time.Time
	wanted  bool
	arrival bool
}

// found is a place in an answer.
type found struct {
	index.Hit
	duration, route float64
}

// nearest answers with the places nearest to a point.
func (s *Server) nearest(r *call) error {
	q := &r.query
	d := q.datum()
	at := q.point("at", d)
	query := index.Query{At: at, Kinds: []geo.Kind{q.kind("kind", geo.KindStation)}}
	query.Limit = q.integer("limit", 5, 1, 100)
	query.Within = q.metres("within", 0, 1, 100_000)
	facilities := q.facilities("facility")
	byMode, mode := q.measure("by")
	var open openFilter
	var word string
	open.at, word = q.when("open", "arrival")
	open.wanted, open.arrival = word != "", word == "arrival"
	if open.arrival && !byMode {
		q.fail(badParam("open", "arrival 需要用 by 指定出行方式：foot、bicycle 或 ebike。", "arrival needs a mode in by: foot, bicycle or ebike"))
	}
	if err := q.err(); err != nil {
		return err
	}
	tag := r.minuteTag()
	if r.unchanged(tag, cacheRevalidate) {
		return nil
	}
	query.Where = func(p *geo.Place) bool {
		if !p.Has(facilities) {
			return false
		}
		if open.arrival {
			// Judged when the arrival is known. Who says nothing of hours is
			// never surely open, and is not worth timing the way to.
			return r.atlas.Schedule(p) != nil
		}
		if open.wanted {
			return stateAt(r.atlas, p, open.at) == hours.StateOpen
		}
		return running(p, r.now)
	}
	var hits []found
	if byMode {
		var err error
		if hits, err = nearestByTime(r.ctx, r.atlas, r.atlas.Router, query, mode, open.at, open.arrival); err != nil {
			return err
		}
	} else {
		for _, h := range r.atlas.Places.Nearest(query) {
			hits = append(hits, found{Hit: h})
		}
	}
	l := r.live(d)
	l.at = open.at // what is open is said of the moment asked about
	body := make([]byte, 0, 64+1024*len(hits))
	body = append(body, `{"type":"FeatureCollection","features":[`...)
	for i, h := range hits {
		if i > 0 {
			body = append(body, ',')
		}
		if open.arrival {
			l.at = open.at.Add(time.Duration(h.duration * float64(time.Second)))
		}
		l.of(h.Place)
		l.members.tenths("distance_m", h.Distance)
		if byMode {
			l.members.tenths("duration_s", h.duration)
			l.members.tenths("route_distance_m", h.route)
		}
		body = l.feature(body, h.Place)
	}
	body = append(body, `]}`...)
	return r.send(answer{kind: typeGeoJSON, tag: tag, cache: cacheRevalidate, body: body})
}

// measure reads how near is measured: line, or a mode.
func (q *query) measure(name string) (byMode bool, mode geo.Mode) {
	s, ok := q.get(name)
	if !ok || s == "line" {
		return false, geo.Foot
	}
	m, err := geo.ParseMode(s)
	if err != nil {
		q.fail(badParam(name, "应为 line、foot、bicycle 或 ebike。", "must be line, foot, bicycle or ebike"))
	}
	return true, m
}

// nearestByTime returns the places with the least travel time, exactly: first
// those nearest in a straight line are timed; no place farther than the way
// covered at top speed in the time of the last one wanted can beat it, and all
// nearer ones are timed too. Places that cannot be reached within two hours are
// left out. Where onArrival holds, only places surely open on arrival count.
func nearestByTime(ctx context.Context, a *atlas.Atlas, router *route.Router, q index.Query, mode geo.Mode, depart time.Time, onArrival bool) ([]found, error) {
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
			points[i] = h.Place.Point
		}
		costs, err := router.Durations(ctx, q.At, mode, depart, points, limit)
		if err != nil {
			return nil, err
		}
		for i, c := range costs {
			if !c.OK || onArrival && stateAt(a, fresh[i].Place, depart.Add(time.Duration(c.Duration*float64(time.Second)))) != hours.StateOpen {
				continue
			}
			best = append(best, found{Hit: fresh[i], duration: c.Duration, route: c.Distance})
		}
		slices.SortFunc(best, func(x, y found) int {
			return cmp.Or(cmp.Compare(x.duration, y.duration), cmp.Compare(x.Distance, y.Distance), cmp.Compare(x.Place.ID, y.Place.ID))
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
