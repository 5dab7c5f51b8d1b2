package api

import (
	"strings"

	"github.com/paulmach/orb"

	"yizhan/geo/search"
)

// search answers with what bears a name.
func (s *Server) search(r *call) error {
	q := &r.query
	d := q.datum()
	text := q.text("q", search.MaxQuery)
	limit := q.integer("limit", 10, 1, 50)
	var near *orb.Point
	if q.has("near") {
		p := q.point("near", d)
		near = &p
	}
	if err := q.err(); err != nil {
		return err
	}
	if strings.TrimSpace(search.Fold(text)) == "" {
		return badParam("q", "没有可查的字。", "holds nothing to look for")
	}
	tag := r.tag()
	if r.unchanged(tag, cacheRevalidate) {
		return nil
	}
	w := &jsonWriter{datum: d, b: make([]byte, 0, 4096)}
	w.raw(`{"type":"FeatureCollection","features":[`)
	hits, err := r.atlas.Search.Find(r.ctx, text, near, limit)
	if err != nil {
		return err
	}
	for _, hit := range hits {
		w.beginFeature(hit.ID)
		w.pointGeometry(hit.Point)
		w.key("properties")
		w.raw(`{`)
		w.text("id", hit.ID)
		w.text("kind", hit.Kind)
		w.text("name", hit.Name)
		if !hit.Context.IsZero() {
			w.both("context", hit.Context)
		}
		w.maybe("unit", hit.Unit)
		if near != nil {
			w.tenths("distance_m", hit.Distance)
		}
		w.raw(`}}`)
	}
	w.raw(`]}`)
	return r.send(answer{kind: typeGeoJSON, tag: tag, cache: cacheRevalidate, body: w.b})
}
