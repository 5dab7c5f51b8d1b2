package api

import (
	"bytes"
	"context"
	"io"
	"net/url"
	"time"

	"github.com/gofiber/fiber/v2"

	"yizhan/data/atlas"
	"yizhan/geo"
	"yizhan/geo/datum"
	"yizhan/geo/street"
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
	list := r.atlas.Closures()
	var wanted []int
	weight := 0
	for i := range list {
		if word == "" || atlas.PhaseAt(&list[i], at) == atlas.Active {
			wanted = append(wanted, i)
			weight += 1 + positionsOf(&list[i])/16
		}
	}
	a := answer{kind: typeGeoJSON, tag: tag, cache: cacheRevalidate}
	f := r.closureWriter(r.atlas, d)
	if weight >= bulkFeatures {
		return r.sendBulk(a, func(ctx context.Context, out io.Writer) error { return f.collection(ctx, out, wanted) })
	}
	var b bytes.Buffer
	if err := f.collection(r.ctx, &b, wanted); err != nil {
		return err
	}
	a.body = b.Bytes()
	return r.send(a)
}

// positionsOf counts the positions of a closure's area.
func positionsOf(c *geo.Closure) (n int) {
	for _, ring := range c.Area {
		n += len(ring)
	}
	return n
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
	return r.send(answer{kind: typeGeoJSON, tag: tag, cache: cacheRevalidate, body: r.closureWriter(r.atlas, d).feature(nil, i)})
}

func noClosure(id string) error {
	return notFound("没有编号为 "+id+" 的封闭，现有的见 /api/closures。", "there is no closure "+id+": /api/closures lists those there are")
}

// closureWriter writes the closures of an Atlas as they are at a moment. It
// holds nothing of the request, which a bulk answer outlives.
type closureWriter struct {
	atlas   *atlas.Atlas
	at      time.Time
	datum   datum.Datum
	lasting bool
}

func (r *call) closureWriter(a *atlas.Atlas, d datum.Datum) closureWriter {
	return closureWriter{a, r.now, d, r.s.cfg.Closures.Lasting()}
}

// collection writes some of the closures, by their places in the list.
func (f closureWriter) collection(ctx context.Context, out io.Writer, list []int) error {
	b := []byte(`{"type":"FeatureCollection","features":[`)
	for n, i := range list {
		if n > 0 {
			b = append(b, ',')
		}
		b = f.feature(b, i)
		if len(b) < bulkChunk {
			continue
		}
		if _, err := out.Write(b); err != nil {
			return err
		}
		if b = b[:0]; ctx.Err() != nil {
			return ctx.Err()
		}
	}
	_, err := out.Write(append(b, `]}`...))
	return err
}

// feature appends the feature of a closure.
func (f closureWriter) feature(dst []byte, i int) []byte {
	c := &f.atlas.Closures()[i]
	w := jsonWriter{datum: f.datum}
	w.text("phase", string(atlas.PhaseAt(c, f.at)))
	w.key("effect")
	w.raw(`{`)
	e := f.atlas.ClosureEffect(i)
	w.integer("streets", e.Streets)
	w.integer("gates", e.Gates)
	if c.Street != nil && e.Streets > 0 && e.Edge != street.None {
		w.maybe("name", e.Way.Name)
		w.key("line")
		w.line(f.atlas.Streets.Coords(nil, street.Ref(e.Edge<<1)))
	}
	w.raw(`}`)
	w.boolean("lasting", f.lasting)
	return atlas.AppendClosure(dst, c, f.atlas.GatePoint(c.Gate), f.datum, f.atlas.Zone, w.b)
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
		if !c.To.IsZero() && !c.To.After(s.now(r.c)) {
			b.fail(badParam("to", "已经过去了。", "is over already"))
		}
		if err := b.err(); err != nil {
			return err
		}
		a, i, err := s.cfg.Closures.Add(r.ctx, c, s.now(r.c))
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
		return r.send(answer{kind: typeGeoJSON, cache: cacheNever, body: r.closureWriter(a, d).feature(nil, i)})
	})
}

// removeClosure takes a closure back.
func (s *Server) removeClosure(r *call) error {
	return r.write(func() error {
		id, err := r.pathID("id")
		if err != nil {
			return err
		}
		if _, err := s.cfg.Closures.Remove(r.ctx, id, s.now(r.c)); err != nil {
			return err
		}
		r.c.Status(fiber.StatusNoContent)
		r.c.Set(fiber.HeaderCacheControl, cacheNever)
		return nil
	})
}
