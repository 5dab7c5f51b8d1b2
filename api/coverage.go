package api

import (
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"yizhan/data/atlas"
	"yizhan/geo"
	"yizhan/geo/reach"
)

// maxOutside is how many of those outside the circles are listed.
const maxOutside = 100

// coverage answers who lies outside the circles around places.
func (s *Server) coverage(r *call) error {
	q := &r.query
	d := q.datum()
	radius := q.metres("radius", 0, 50, 5000)
	if !q.has("radius") {
		q.fail(badParam("radius", "必填，50 到 5000 米，例如 500。", "is required: 50 to 5000 metres, such as 500"))
	}
	kind := q.kind("kind", geo.KindStation)
	facilities := q.facilities("facility")
	box := q.bbox("bbox", d)
	if err := q.err(); err != nil {
		return err
	}
	tag := r.minuteTag()
	if r.unchanged(tag, cacheRevalidate) {
		return nil
	}
	var centres []orb.Point
	places := r.atlas.Places
	for p := range places.All(kind) {
		if places.Has(p, facilities) && running(places.Valid(p), r.now) {
			centres = append(centres, places.Point(p))
		}
	}
	compounds, buildings := r.atlas.Streets.Compounds(), r.atlas.Streets.Buildings()
	if box != nil {
		compounds = keep(compounds, func(c *geo.Compound) bool {
			p, ok := geo.Interior(c.Perimeter)
			return ok && box.has(p)
		})
		buildings = keep(buildings, func(x *geo.Building) bool { return box.has(x.Center) })
	}
	c := reach.Circles(centres, radius, compounds, buildings)
	w := &jsonWriter{datum: d}
	w.raw(`{`)
	w.tenths("radius_m", radius)
	w.integer("stations", c.Stations)
	w.count("compounds", c.Compounds)
	w.count("buildings", c.Buildings)
	w.key("outside")
	w.raw(`[`)
	if c.Stations > 0 {
		// A compound is worth more of a planner's time than one building.
		slices.SortStableFunc(c.Outside, func(a, b reach.Uncovered) int {
			return strings.Compare(b.Kind, a.Kind) // "compound" after "building" in the alphabet
		})
		for _, u := range c.Outside[:min(len(c.Outside), maxOutside)] {
			w.comma()
			w.raw(`{`)
			w.text("id", u.ID)
			w.text("kind", u.Kind)
			w.text("name", u.Name)
			w.maybe("context", whereabouts(r.atlas, u))
			w.key("point")
			w.position(u.Point)
			w.tenths("distance_m", u.Distance)
			w.raw(`}`)
		}
	}
	w.raw(`]}`)
	return r.send(answer{kind: typeJSON, tag: tag, cache: cacheRevalidate, body: w.b})
}

// whereabouts tells where a building stands whose name says little: its
// compound, or else its address.
func whereabouts(a *atlas.Atlas, u reach.Uncovered) string {
	x, ok := a.Streets.Building(u.ID)
	if !ok {
		return ""
	}
	if c, ok := a.Streets.Compound(x.Compound); ok && c.Name != "" {
		return c.Name
	}
	return x.Address
}

func (w *jsonWriter) count(name string, c reach.Count) {
	w.key(name)
	w.raw(`{`)
	w.integer("inside", c.Inside)
	w.integer("outside", c.Outside)
	w.raw(`}`)
}

// keep returns the elements that hold, in a slice of its own.
func keep[T any](all []T, hold func(*T) bool) []T {
	var kept []T
	for i := range all {
		if hold(&all[i]) {
			kept = append(kept, all[i])
		}
	}
	return kept
}
