package api

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"yizhan/data/atlas"
	"yizhan/geo"
	"yizhan/geo/index"
)

// layer answers with all features of a kind as plain GeoJSON.
func (s *Server) layer(r *call) error {
	q := &r.query
	d := q.datum()
	box := q.bbox("bbox", d)
	limit := q.integer("limit", 0, 1, 100_000)
	if err := q.err(); err != nil {
		return err
	}
	name, ok := strings.CutSuffix(r.c.Params("layer"), ".geojson")
	if !ok {
		return &fault{kind: probNotFound}
	}
	l := &layerWriter{atlas: r.atlas, box: box, limit: limit, name: compoundNames(r.atlas)}
	l.datum = d
	var write func(context.Context) error
	most := 0
	switch name {
	case "compound":
		write, most = l.compounds, len(r.atlas.Streets.Compounds())
	case "building":
		write, most = l.buildings, len(r.atlas.Streets.Buildings())
	default:
		kind, err := geo.ParseKind(name)
		if err != nil {
			return noLayer(name)
		}
		write, most = func(ctx context.Context) error { return l.places(ctx, kind) }, r.atlas.Places.Len(kind)
	}
	if limit > 0 {
		most = min(most, limit)
	}
	tag := r.tag()
	if r.unchanged(tag, cacheRevalidate) {
		return nil
	}
	a := answer{kind: typeGeoJSON, tag: tag, cache: cacheRevalidate}
	bulk := func() error {
		return r.sendBulk(a, func(ctx context.Context, out io.Writer) error { return l.to(ctx, out, write) })
	}
	if most >= bulkFeatures && box == nil {
		return bulk()
	}
	// How many there are in a box is known when they are written.
	w := s.draft(d)
	defer s.done(w)
	l.b = w.b
	err := l.to(r.ctx, nil, write)
	w.b = l.b
	switch {
	case errors.Is(err, errMany):
		l.b, l.n = nil, 0
		return bulk()
	case err != nil:
		return err
	}
	a.draft = w
	return r.send(a)
}

// errMany says that there are more features than are sent in one piece.
var errMany = errors.New("too many features for one piece")

func noLayer(name string) error {
	words := make([]string, 0, 8)
	for _, k := range geo.Kinds() {
		words = append(words, string(k.Kind))
	}
	list := strings.Join(append(words, "compound", "building"), ", ")
	return notFound(fmt.Sprintf("没有图层 %.40q，可用：%s。", name, list), fmt.Sprintf("there is no layer %.40q: use one of %s", name, list))
}

// layerWriter writes the features of one layer. It holds nothing of the
// request, which a bulk answer outlives.
type layerWriter struct {
	jsonWriter
	atlas *atlas.Atlas
	box   *box
	limit int
	n     int
	name  namer
	// out takes the bytes chunk by chunk; nil keeps them all in b.
	out io.Writer
}

// to writes the collection to out, or to l.b where out is nil.
func (l *layerWriter) to(ctx context.Context, out io.Writer, features func(context.Context) error) error {
	l.out = out
	l.raw(`{"type":"FeatureCollection","features":[`)
	if err := features(ctx); err != nil {
		return err
	}
	l.raw(`]}`)
	return l.flush(0)
}

// next begins a feature and says whether it is to be written.
func (l *layerWriter) next(ctx context.Context) (bool, error) {
	if l.limit > 0 && l.n == l.limit {
		return false, nil
	}
	if l.n == bulkFeatures && l.out == nil {
		return false, errMany
	}
	if l.n%1024 == 1023 && ctx.Err() != nil {
		return false, ctx.Err()
	}
	if err := l.flush(bulkChunk); err != nil {
		return false, err
	}
	if l.n++; l.n > 1 {
		l.raw(",")
	}
	return true, nil
}

// flush hands on what has been written, from so many bytes on, at most a
// bulkChunk at a time.
func (l *layerWriter) flush(least int) error {
	if l.out == nil || len(l.b) < max(least, 1) {
		return nil
	}
	rest := l.b
	for len(rest) >= max(least, 1) {
		piece := rest[:min(len(rest), bulkChunk)]
		if _, err := l.out.Write(piece); err != nil {
			return err
		}
		rest = rest[len(piece):]
	}
	l.b = append(l.b[:0], rest...)
	return nil
}

// places writes those of a kind.
func (l *layerWriter) places(ctx context.Context, kind geo.Kind) error {
	if l.box == nil {
		return l.allPlaces(ctx, kind)
	}
	var room [1024]index.Slot // kept out of batch, so that it is on the stack
	slots, more := room[:0], false
	b := placeBatch{l: l, ctx: ctx, exact: l.box.exact()}
	l.atlas.Places.Within(l.box.around(), []geo.Kind{kind}, func(p index.Slot) bool {
		slots, more = b.take(slots, p)
		return more
	})
	return b.end(slots)
}

func (l *layerWriter) allPlaces(ctx context.Context, kind geo.Kind) error {
	slots, more := make([]index.Slot, 0, 1024), false
	b := placeBatch{l: l, ctx: ctx, exact: true}
	for p := range l.atlas.Places.All(kind) {
		if slots, more = b.take(slots, p); !more {
			break
		}
	}
	return b.end(slots)
}

// placeBatch writes places of a layer, many at once.
type placeBatch struct {
	l   *layerWriter
	ctx context.Context
	// exact says that all places taken are in the layer's box.
	exact bool
	err   error
}

// streamBatch is how many are written at once of an answer that is handed on
// chunk by chunk: about a bulkChunk.
const streamBatch = 256

// take takes a place to those that wait for being written, which it returns,
// and says whether to go on.
func (b *placeBatch) take(slots []index.Slot, p index.Slot) ([]index.Slot, bool) {
	l := b.l
	switch {
	case !b.exact && !l.box.has(l.atlas.Places.Point(p)):
		return slots, true
	case l.limit > 0 && l.n == l.limit:
		return slots, false
	case l.out == nil && l.n == bulkFeatures:
		b.err = errMany
		return slots, false
	}
	l.n++
	slots = append(slots, p)
	if n := len(slots); n < streamBatch || l.out == nil && n < cap(slots) {
		return slots, true
	}
	b.write(slots)
	return slots[:0], b.err == nil
}

func (b *placeBatch) write(slots []index.Slot) {
	l := b.l
	if b.err = b.ctx.Err(); b.err == nil {
		b.err = l.flush(bulkChunk)
	}
	if b.err != nil {
		return
	}
	if l.n > len(slots) {
		l.raw(",")
	}
	l.b = l.atlas.AppendFeatures(l.b, slots, l.datum)
}

// end writes what is left.
func (b *placeBatch) end(slots []index.Slot) error {
	if b.err == nil && len(slots) > 0 {
		b.write(slots)
	}
	return b.err
}

func (l *layerWriter) compounds(ctx context.Context) error {
	all := l.atlas.Streets.Compounds()
	for i := range all {
		c := &all[i]
		if len(c.Perimeter) == 0 || l.box != nil && !l.box.meets(c.Perimeter.Bound()) {
			continue
		}
		if more, err := l.next(ctx); !more {
			return err
		}
		l.beginFeature(c.ID)
		l.compoundGeometry(c)
		l.key("properties")
		l.compound(c)
		l.raw(`}}`)
	}
	return nil
}

func (l *layerWriter) buildings(ctx context.Context) error {
	all := l.atlas.Streets.Buildings()
	for i := range all {
		x := &all[i]
		if len(x.Outline) == 0 || l.box != nil && !l.box.meets(x.Outline.Bound()) {
			continue
		}
		if more, err := l.next(ctx); !more {
			return err
		}
		l.beginFeature(x.ID)
		l.buildingGeometry(x)
		l.key("properties")
		l.building(x, l.name)
		l.raw(`}`)
	}
	return nil
}
