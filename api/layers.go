package api

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"yizhan/data/atlas"
	"yizhan/geo"
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
	l := &layerWriter{atlas: r.atlas, box: box, limit: limit, lend: r.encoding() == identity, name: compoundNames(r.atlas)}
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
	l.loan = s.borrow()
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
	if a.draft = w; len(l.loan.pieces) > 0 {
		a.loan = l.loan
	} else {
		s.giveBack(l.loan)
	}
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
	// lend says that b may be cut up by pieces that the Atlas lends. All then
	// are in the loan, but for what is written behind them.
	lend bool
	loan *loan
	cut  int // how much of b is in pieces
}

// to writes the collection to out, or to l.b where out is nil.
func (l *layerWriter) to(ctx context.Context, out io.Writer, features func(context.Context) error) error {
	l.out = out
	l.raw(`{"type":"FeatureCollection","features":[`)
	if err := features(ctx); err != nil {
		return err
	}
	l.raw(`]}`)
	if l.cut > 0 {
		l.piece(nil)
	}
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
