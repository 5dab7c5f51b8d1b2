package api

import (
	"iter"
	"runtime"
	"slices"

	"github.com/paulmach/orb"
	sphere "github.com/paulmach/orb/geo"

	"yizhan/geo"
	"yizhan/geo/reach"
)

// isochrone answers with what is reached from a point within some minutes.
func (s *Server) isochrone(r *call) error {
	q := &r.query
	d := q.datum()
	at := q.point("at", d)
	mode := q.mode("by", geo.Foot)
	minutes := q.integers("minutes", []int{5, 10, 15}, reach.MaxLevels, 1, reach.MaxMinutes)
	depart, word := q.when("depart")
	lines := q.flag("lines", false)
	if err := q.err(); err != nil {
		return err
	}
	tag := r.minuteTag()
	if word != "" && word != "now" {
		tag = r.tag() // the answer does not depend on the present
	}
	if r.unchanged(tag, cacheRevalidate) {
		return nil
	}
	leave, err := r.search(4 * runtime.GOMAXPROCS(0))
	if err != nil {
		return err
	}
	defer leave()
	list, err := r.atlas.Isochrones.Draw(r.ctx, reach.Query{From: at, Mode: mode, Depart: depart, Minutes: minutes, Lines: lines})
	if err != nil {
		return err
	}
	w := s.draft(d)
	defer s.done(w)
	w.raw(`{"type":"FeatureCollection","features":[`)
	// The largest first: a map draws in this order, and the smaller ones stay
	// in sight.
	for k, i := range slices.Backward(list) {
		w.reached(i.Minutes, mode, "MultiPolygon", func() {
			w.polygons(i.Area)
		}, func() {
			w.tenths("area_m2", area(i.Area))
		})
		if lines {
			w.reached(i.Minutes, mode, "MultiLineString", func() {
				w.coarse = true // a map of lines shows no centimetres
				defer func() { w.coarse = false }()
				w.raw(`[`)
				for l := range news(list, k) {
					w.comma()
					w.line(l)
				}
				w.raw(`]`)
			}, nil)
		}
	}
	w.raw(`]}`)
	return r.send(answer{kind: typeGeoJSON, tag: tag, cache: cacheRevalidate, draft: w})
}

// news are the lines of a level that the one of fewer minutes does not have as
// they are: streets that are reached, or reached farther.
func news(list []reach.Isochrone, k int) iter.Seq[orb.LineString] {
	type ends struct{ first, last orb.Point }
	of := func(l orb.LineString) ends { return ends{l[0], l[len(l)-1]} }
	return func(yield func(orb.LineString) bool) {
		var before orb.MultiLineString
		if k > 0 {
			before = list[k-1].Lines
		}
		had := make(map[ends][]orb.LineString, len(before))
		for _, l := range before {
			had[of(l)] = append(had[of(l)], l)
		}
		for _, l := range list[k].Lines {
			if !slices.ContainsFunc(had[of(l)], l.Equal) && !yield(l) {
				return
			}
		}
	}
}

// reached writes a feature of an isochrone. It has no id: nothing refers to it.
func (w *jsonWriter) reached(minutes int, mode geo.Mode, geometry string, coordinates, more func()) {
	w.comma()
	w.raw(`{"type":"Feature","geometry":{`)
	w.text("type", geometry)
	w.key("coordinates")
	coordinates()
	w.raw(`},"properties":{`)
	w.integer("minutes", minutes)
	w.text("by", mode.String())
	if more != nil {
		more()
	}
	w.raw(`}}`)
}

// area is the area of polygons on the sphere in square metres.
func area(m orb.MultiPolygon) float64 { return sphere.Area(m) }

// polygons writes the positions of polygons.
func (w *jsonWriter) polygons(m orb.MultiPolygon) {
	w.raw(`[`)
	for i, p := range m {
		if i > 0 {
			w.raw(`,`)
		}
		w.polygon(p)
	}
	w.raw(`]`)
}
