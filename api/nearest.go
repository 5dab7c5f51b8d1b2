package api

import (
	"math"
	"slices"
	"strings"
	"time"
	"unsafe"

	"yizhan/geo"
	"yizhan/geo/datum"
	"yizhan/geo/index"
	"yizhan/geo/search"
)

// Bounds of an answer: ways to many places take longer than lines.
const (
	maxNearest       = 1000
	maxNearestByMode = 100
)

// nearestAsk is a question for the nearest places.
type nearestAsk struct {
	index.Query
	datum datum.Datum
	// byMode says that near is by travel time with mode.
	byMode bool
	mode   geo.Mode
	open   openFilter
	// word is what was written for open.
	word     string
	text     *search.Question
	written  string // what was written for text
	compound *geo.Compound
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
	d := s.desk()
	defer s.clear(d)
	ask := &d.ask
	if err := r.readNearest(ask); err != nil {
		return err
	}
	question := ask.hash()
	ask.After = r.query.cursor("cursor", question)
	if err := r.query.err(); err != nil {
		return err
	}
	tag := r.minuteTag()
	if r.unchanged(tag, cacheRevalidate) {
		return nil
	}
	board := r.board(ask.open.at)
	if err := r.findNearest(ask, board, d); err != nil {
		return err
	}
	l := &d.live
	l.atlas, l.board, l.at, l.datum = r.atlas, board, ask.open.at, ask.datum // what is open is said of the moment asked about
	w := s.draft(ask.datum)
	defer s.done(w)
	w.raw(`{"type":"FeatureCollection","features":[`)
	for i, h := range d.found {
		if i > 0 {
			w.raw(`,`)
		}
		if ask.open.arrival {
			l.at = ask.open.at.Add(time.Duration(h.duration * float64(time.Second)))
		}
		l.of(h.Slot)
		l.members.tenths("distance_m", h.Distance)
		if ask.byMode {
			l.members.tenths("duration_s", h.duration)
			l.members.tenths("route_distance_m", h.route)
		}
		w.b = l.feature(w.b, h.Slot)
	}
	w.raw(`]`)
	if n := len(d.found); n == ask.Limit && !ask.byMode {
		last := d.found[n-1]
		d.next = r.appendNext(d.next[:0], "cursor", question, index.Mark{Distance: last.Distance, ID: r.atlas.Places.ID(last.Slot)})
		w.text("next", unsafe.String(unsafe.SliceData(d.next), len(d.next))) // which is copied
	}
	w.raw(`}`)
	return r.send(answer{kind: typeGeoJSON, tag: tag, cache: cacheRevalidate, draft: w})
}

// readNearest reads the question but for its cursor.
func (r *call) readNearest(ask *nearestAsk) error {
	q := &r.query
	ask.datum = q.datum()
	ask.At = q.point("at", ask.datum)
	ask.Kinds = q.kinds("kind", geo.KindStation)
	ask.byMode, ask.mode = q.measure("by")
	most := maxNearest
	if ask.byMode {
		most = maxNearestByMode
		if q.has("cursor") {
			q.fail(badParam("cursor", "只能用于直线距离；按出行方式时请去掉。", "goes with straight lines only: leave it out with a mode"))
		}
	}
	ask.Limit = q.integer("limit", 5, 1, most)
	ask.Within = q.metres("within", 0, 1, 100_000)
	ask.Facilities = q.facilities("facility")
	ask.open.at, ask.word = q.when("open", "arrival")
	ask.open.wanted, ask.open.arrival = ask.word != "", ask.word == "arrival"
	if ask.open.arrival && !ask.byMode {
		q.fail(badParam("open", "arrival 需要用 by 指定出行方式：foot、bicycle 或 ebike。", "arrival needs a mode in by: foot, bicycle or ebike"))
	}
	if q.has("q") {
		ask.written = q.text("q", search.MaxQuery)
		text, ok := search.Ask(ask.written)
		if !ok && q.err() == nil {
			q.fail(badParam("q", "没有可查的字。", "holds nothing to look for"))
		}
		ask.text = &text
	}
	id, some := q.get("compound")
	if err := q.err(); err != nil || !some {
		return err
	}
	if id, f := parseID("compound", id); f != nil {
		return f
	} else if c, ok := r.atlas.Streets.Compound(id); ok {
		ask.compound = c
		return nil
	}
	return notFound("没有编号为 "+id+" 的小区，请用 /api/search 查找。", "there is no compound "+id+": find it with /api/search")
}

// hash stands for what is asked, whatever the size of a page.
func (ask *nearestAsk) hash() uint64 {
	var s sign
	s.Reset()
	s.number(math.Float64bits(ask.At[0]))
	s.number(math.Float64bits(ask.At[1]))
	s.number(math.Float64bits(ask.Within))
	s.number(uint64(len(ask.Kinds)))
	for _, k := range ask.Kinds {
		s.text(string(k))
	}
	s.number(uint64(len(ask.Facilities)))
	for _, f := range ask.Facilities {
		s.text(string(f))
	}
	s.text(ask.word)
	s.text(ask.written)
	if ask.compound != nil {
		s.text(ask.compound.ID)
	}
	return s.Sum64()
}

// findNearest puts the places found on the desk, in their order.
func (r *call) findNearest(ask *nearestAsk, board *board, d *desk) error {
	v := &d.sieve
	v.r, v.ask, v.board = r, ask, board
	v.candidates, v.few = r.candidates(ask)
	// Most questions need not look at a place beside its kind and its offers,
	// and are answered the sooner.
	if ask.open.wanted || ask.text != nil || v.few || ask.byMode {
		ask.Where = d.holds
	} else {
		ask.Dated = d.stands
	}
	if ask.open.wanted && !ask.open.arrival {
		d.hours = board.hours()
		ask.Hours = &d.hours
	}
	switch {
	case ask.byMode:
		best, err := nearestByTime(r.ctx, r.atlas, ask.Query, ask.mode, ask.open.at, ask.open.arrival)
		d.found = append(d.found, best...)
		if err != nil {
			return err
		}
	case v.few:
		d.hits = r.sorted(d.hits, v.candidates, ask)
	default:
		d.hits = r.atlas.Places.AppendNearest(d.hits, ask.Query)
	}
	for _, h := range d.hits {
		d.found = append(d.found, found{Hit: h})
	}
	return v.gone
}

// maxCandidates is how many places that a text may mean are looked at one by
// one, and sorted; where there are more, those around the point are tried in
// their order, and soon enough of them answer.
const maxCandidates = 4096

// candidates lists the only places that can answer, sorted, where they are few.
func (r *call) candidates(ask *nearestAsk) (list []index.Slot, few bool) {
	switch {
	case ask.compound != nil:
		list = r.placesOf(ask.compound, ask.Kinds)
		if ask.text != nil {
			list = slices.DeleteFunc(list, func(p index.Slot) bool { return !r.atlas.Search.Answers(ask.text, p) })
		}
	case ask.text != nil:
		if list, few = r.atlas.Search.Places(r.ctx, ask.text, maxCandidates); !few {
			return nil, false
		}
	default:
		return nil, false
	}
	slices.Sort(list)
	return slices.Compact(list), true
}

// placesOf lists the places of some kinds that lie in a compound, and its
// gates.
func (r *call) placesOf(c *geo.Compound, kinds []geo.Kind) (list []index.Slot) {
	places := r.atlas.Places
	places.Within(c.Perimeter.Bound(), kinds, func(p index.Slot) bool {
		if places.Compound(p) == c.ID {
			list = append(list, p)
		}
		return true
	})
	for _, gate := range c.Gates {
		if p, ok := places.Find(gate); ok {
			list = append(list, p)
		}
	}
	return list
}

// sorted appends the answer where the candidates are few.
func (r *call) sorted(dst []index.Hit, candidates []index.Slot, ask *nearestAsk) []index.Hit {
	places, base := r.atlas.Places, len(dst)
	compare := func(a index.Hit, distance float64, id string) int {
		if a.Distance != distance {
			if a.Distance < distance {
				return -1
			}
			return 1
		}
		return strings.Compare(places.ID(a.Slot), id)
	}
	for _, p := range candidates {
		if !places.Placed(p) || !slices.Contains(ask.Kinds, places.Kind(p)) || !places.Has(p, ask.Facilities) || !ask.Where(p) {
			continue
		}
		h := index.Hit{Slot: p, Distance: geo.Distance(ask.At, places.Point(p))}
		if ask.Within > 0 && h.Distance > ask.Within || ask.After != nil && compare(h, ask.After.Distance, ask.After.ID) <= 0 {
			continue
		}
		dst = append(dst, h)
	}
	slices.SortFunc(dst[base:], func(a, b index.Hit) int { return compare(a, b.Distance, places.ID(b.Slot)) })
	return dst[:min(len(dst), base+ask.Limit)]
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
