package api

import (
	"net/url"

	"github.com/gofiber/fiber/v2"

	"yizhan/data/atlas"
	"yizhan/geo"
	"yizhan/geo/datum"
)

// maxClosure bounds the body of a closure in bytes.
const maxClosure = 64 << 10

// closures answers with what closes and opens streets and gates.
func (s *Server) closures(r *call) error {
	q := &r.query
	d := q.datum()
	at, word := q.when("active")
	if err := q.err(); err != nil {
		return err
	}
	tag := r.minuteTag()
	if r.unchanged(tag, cacheRevalidate) {
		return nil
	}
	w := &jsonWriter{datum: d}
	w.raw(`{"type":"FeatureCollection","features":[`)
	list := r.atlas.Closures()
	for i := range list {
		if word == "" || atlas.PhaseAt(&list[i], at) == atlas.Active {
			w.comma()
			w.b = r.closureFeature(w.b, r.atlas, i, d)
		}
	}
	w.raw(`]}`)
	return r.send(answer{kind: typeGeoJSON, tag: tag, cache: cacheRevalidate, body: w.b})
}

// closure answers with one of them.
func (s *Server) closure(r *call) error {
	d := r.query.datum()
	if err := r.query.err(); err != nil {
		return err
	}
	id, err := r.pathID("id")
	if err != nil {
		return err
	}
	_, i, ok := r.atlas.Closure(id)
	if !ok {
		return noClosure(id)
	}
	tag := r.minuteTag()
	if r.unchanged(tag, cacheRevalidate) {
		return nil
	}
	return r.send(answer{kind: typeGeoJSON, tag: tag, cache: cacheRevalidate, body: r.closureFeature(nil, r.atlas, i, d)})
}

func noClosure(id string) error {
	return notFound("没有编号为 "+id+" 的封闭，现有的见 /api/closures。", "there is no closure "+id+": /api/closures lists those there are")
}

// closureFeature appends the feature of a closure of an Atlas.
func (r *call) closureFeature(dst []byte, a *atlas.Atlas, i int, d datum.Datum) []byte {
	c := &a.Closures()[i]
	w := jsonWriter{datum: d}
	w.text("phase", string(atlas.PhaseAt(c, r.now)))
	w.key("effect")
	w.raw(`{`)
	e := a.ClosureEffect(i)
	w.integer("streets", e.Streets)
	w.integer("gates", e.Gates)
	if c.Street != nil && e.Streets > 0 {
		w.maybe("name", e.Way.Name)
	}
	w.raw(`}`)
	w.boolean("lasting", r.s.cfg.Closures.Lasting())
	return atlas.AppendClosure(dst, c, a.GatePoint(c.Gate), d, a.Zone, w.b)
}

// addClosure closes or opens a gate, a street or an area. When it answers, the
// next question is answered under it.
func (s *Server) addClosure(r *call) error {
	return r.write(func() error {
		b, err := r.readBody(maxClosure, "state", "gate", "street", "area", "modes", "from", "to", "reason", "datum")
		if err != nil {
			return err
		}
		d := b.datum()
		c := geo.Closure{
			Gate: b.word("gate"), Street: b.point("street", d), Area: b.polygon("area", d),
			Modes: b.modes("modes"), From: b.when("from"), To: b.when("to"), Reason: b.word("reason"),
		}
		switch b.word("state") {
		case "open":
			c.Opens = true
		case "closed":
		default:
			b.fail(badParam("state", "必填：closed 封闭，或 open 开放。", "is required: closed, or open"))
		}
		if !c.To.IsZero() && !c.To.After(s.cfg.Now()) {
			b.fail(badParam("to", "已经过去了。", "is over already"))
		}
		if err := b.err(); err != nil {
			return err
		}
		a, i, err := s.cfg.Closures.Add(r.ctx, c, s.cfg.Now())
		if geo.CodeOf(err) == geo.NotFound {
			f := faultOf(err)
			f.kind = probNoEffect
			return f
		}
		if err != nil {
			return err
		}
		r.c.Status(fiber.StatusCreated)
		r.c.Set(fiber.HeaderLocation, "/api/closures/"+url.PathEscape(a.Closures()[i].ID))
		return r.send(answer{kind: typeGeoJSON, cache: cacheNever, body: r.closureFeature(nil, a, i, d)})
	})
}

// removeClosure takes a closure back.
func (s *Server) removeClosure(r *call) error {
	return r.write(func() error {
		id, err := r.pathID("id")
		if err != nil {
			return err
		}
		if _, err := s.cfg.Closures.Remove(r.ctx, id, s.cfg.Now()); err != nil {
			return err
		}
		r.c.Status(fiber.StatusNoContent)
		r.c.Set(fiber.HeaderCacheControl, cacheNever)
		return nil
	})
}
