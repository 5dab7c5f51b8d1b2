package api

import (
	"time"

	"yizhan/geo"
	"yizhan/geo/hours"
	"yizhan/geo/index"
)

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
	places := r.atlas.Places
	query.Facilities = facilities
	query.Where = func(p index.Slot) bool {
		if open.arrival {
			// Judged when the arrival is known. Who says nothing of hours is
			// never surely open, and is not worth timing the way to.
			return r.atlas.Schedule(p) != nil
		}
		if open.wanted {
			return stateAt(r.atlas, p, open.at) == hours.StateOpen
		}
		return running(places.Valid(p), r.now)
	}
	var hits []found
	if byMode {
		var err error
		if hits, err = nearestByTime(r.ctx, r.atlas, query, mode, open.at, open.arrival); err != nil {
			return err
		}
	} else {
		for _, h := range places.Nearest(query) {
			hits = append(hits, found{Hit: h})
		}
	}
	l := r.live(d)
	l.at = open.at // what is open is said of the moment asked about
	w := s.draft(d)
	defer s.done(w)
	w.raw(`{"type":"FeatureCollection","features":[`)
	for _, h := range hits {
		w.comma()
		if open.arrival {
			l.at = open.at.Add(time.Duration(h.duration * float64(time.Second)))
		}
		l.of(h.Slot)
		l.members.tenths("distance_m", h.Distance)
		if byMode {
			l.members.tenths("duration_s", h.duration)
			l.members.tenths("route_distance_m", h.route)
		}
		w.b = l.feature(w.b, h.Slot)
	}
	w.raw(`]}`)
	return r.send(answer{kind: typeGeoJSON, tag: tag, cache: cacheRevalidate, body: w.b, lent: true})
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
