package api

import (
	"strings"
	"time"

	"github.com/paulmach/orb"

	"yizhan/data/atlas"
	"yizhan/geo"
	"yizhan/geo/route"
)

// destination is where a route leads: what the router is told, and what the
// answer says of it.
type destination struct {
	route.Target
	id, kind string
	compound string
}

// routes answers with the ways to a door.
func (s *Server) routes(r *call) error {
	q := &r.query
	d := q.datum()
	from := q.point("from", d)
	mode := q.mode("by", geo.Foot)
	depart, word := q.when("depart")
	limit := q.integer("limit", 5, 1, 5)
	lines, steps := q.flag("geometry", true), q.flag("steps", true)
	to, ok := q.get("to")
	if !ok {
		q.fail(badParam("to", "必填：经度,纬度，或地点、小区、楼栋的编号。", "is required: LON,LAT, or the id of a place, compound or building"))
	}
	var dest destination
	var missing error
	if q.fault == nil {
		if strings.Contains(to, ",") {
			dest.Point = q.point("to", d)
		} else if _, f := parseID("to", to); f != nil {
			q.fail(f)
		} else {
			dest, missing = resolve(r.atlas, to)
		}
	}
	if err := q.err(); err != nil {
		return err
	}
	if missing != nil {
		return missing
	}
	tag := r.minuteTag()
	if word != "" && word != "now" {
		tag = r.tag() // the answer does not depend on the present
	}
	if r.unchanged(tag, cacheRevalidate) {
		return nil
	}
	options, err := r.atlas.Router.Route(r.ctx, route.Request{
		From: from, To: dest.Target, Mode: mode, Depart: depart, Limit: limit, NoLines: !lines, NoSteps: !steps})
	if err != nil && len(options) == 0 {
		return err
	}
	// Where every gate is shut, the router's error comes with the closed gates:
	// when they open is the answer then.
	w := s.draft(d)
	defer s.done(w)
	w.raw(`{"from":{"point":`)
	w.position(from)
	w.raw(`},"to":{"point":`)
	w.position(dest.Point)
	w.maybe("id", dest.id)
	w.maybe("kind", dest.kind)
	w.maybe("name", dest.Name)
	if dest.compound != "" {
		w.key("compound")
		w.ref(dest.compound, compoundNames(r.atlas)(dest.compound))
	}
	w.raw(`}`)
	w.text("by", mode.String())
	w.instant("depart", depart)
	w.key("options")
	w.raw(`[`)
	for i := range options {
		w.approach(&options[i], depart.Location(), lines, steps)
	}
	w.raw(`]}`)
	return r.send(answer{kind: typeJSON, tag: tag, cache: cacheRevalidate, draft: w})
}

// resolve finds what an id names as a destination.
func resolve(a *atlas.Atlas, id string) (destination, error) {
	if p, ok := a.Places.Get(id); ok {
		if p.Unplaced {
			return destination{}, notFound("这个地点还没有坐标，无法导航。", "this place has no position yet, so there is no way to it")
		}
		return destination{Target: route.Target{Point: p.Point, Place: id, Compound: p.Compound, Name: p.Name}, id: id, kind: string(p.Kind), compound: p.Compound}, nil
	}
	if c, ok := a.Streets.Compound(id); ok {
		if at, ok := geo.Interior(c.Perimeter); ok {
			return destination{Target: route.Target{Point: at, Compound: id, Name: c.Name}, id: id, kind: "compound"}, nil
		}
	}
	if x, ok := a.Streets.Building(id); ok {
		name := x.Name
		if name == "" {
			name = x.Number
		}
		return destination{Target: route.Target{Point: x.Center, Building: id, Compound: x.Compound, Name: name}, id: id, kind: "building", compound: x.Compound}, nil
	}
	return destination{}, noSuch(id)
}

// approach writes one option of a route, its legs with or without lines and
// steps.
func (w *jsonWriter) approach(o *route.Approach, zone *time.Location, lines, steps bool) {
	w.comma()
	w.raw(`{"gate":`)
	if o.Gate == nil {
		w.raw(`null`)
	} else {
		w.raw(`{`)
		w.text("id", o.Gate.ID)
		w.text("name", o.Gate.Name)
		w.key("point")
		w.position(o.Gate.Point)
		w.boolean("inferred", o.Gate.Gate != nil && o.Gate.Gate.Inferred)
		barrier := ""
		if o.Gate.Gate != nil {
			barrier = o.Gate.Gate.Barrier
		}
		w.text("barrier", barrier)
		w.raw(`}`)
	}
	w.text("verdict", o.Verdict.String())
	w.both("reason", o.Reason)
	if !o.Opens.IsZero() {
		w.instant("opens", o.Opens.In(zone))
	}
	if o.Wait > 0 {
		w.tenths("wait_s", o.Wait)
	}
	w.tenths("distance_m", o.Distance)
	w.tenths("duration_s", o.Duration)
	if !o.Arrive.IsZero() { // a closed gate is not passed
		w.instant("arrive", o.Arrive.In(zone))
	}
	w.key("legs")
	w.raw(`[`)
	for i := range o.Legs {
		w.leg(&o.Legs[i], lines, steps)
	}
	w.raw(`]}`)
}

func (w *jsonWriter) leg(l *route.Leg, lines, steps bool) {
	w.comma()
	w.raw(`{`)
	w.text("mode", l.Mode.String())
	w.tenths("distance_m", l.Distance)
	w.tenths("duration_s", l.Duration)
	if lines {
		w.key("geometry")
		w.raw(`{"type":"LineString","coordinates":`)
		w.line(l.Line)
		w.raw(`}`)
	}
	if steps {
		w.steps(l.Steps)
	}
	w.raw(`}`)
}

func (w *jsonWriter) steps(steps []route.Step) {
	w.key("steps")
	w.raw(`[`)
	for i := range steps {
		st := &steps[i]
		w.comma()
		w.raw(`{`)
		w.both("text", st.Text)
		w.tenths("distance_m", st.Distance)
		w.tenths("duration_s", st.Duration)
		w.key("point")
		w.position(st.Point)
		w.text("turn", st.Turn)
		w.maybe("street", st.Street)
		w.raw(`}`)
	}
	w.raw(`]`)
}

// line writes the positions of a line. RFC 7946 wants two at least, so the one
// point of a leg without length is written twice.
func (w *jsonWriter) line(l orb.LineString) {
	if len(l) == 1 {
		l = orb.LineString{l[0], l[0]}
	}
	w.positions(l)
}
