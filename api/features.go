package api

import (
	"maps"
	"slices"

	"github.com/paulmach/orb"

	"yizhan/geo"
)

func sortedKeys[T any](m map[string]T) []string { return slices.Sorted(maps.Keys(m)) }

// namer gives the names of compounds by ID, for references.
type namer func(id string) string

// beginFeature writes a feature up to its geometry.
func (w *jsonWriter) beginFeature(id string) {
	w.comma()
	w.raw(`{"type":"Feature","id":`)
	w.str(id)
	w.raw(`,"geometry":`)
}

// pointGeometry writes a point.
func (w *jsonWriter) pointGeometry(p orb.Point) {
	w.raw(`{"type":"Point","coordinates":`)
	w.position(p)
	w.raw(`}`)
}

// compound writes the properties of a compound, without the closing brace.
func (w *jsonWriter) compound(c *geo.Compound) {
	w.raw(`{`)
	w.text("id", c.ID)
	w.text("kind", "compound")
	w.text("name", c.Name)
	if len(c.Names) > 0 {
		w.dict("names", c.Names)
	}
	if len(c.Aliases) > 0 {
		w.list("aliases", c.Aliases)
	}
	w.maybe("address", c.Address)
	kind := c.Type
	if kind == "" {
		kind = geo.OtherArea
	}
	w.text("type", string(kind))
	w.boolean("walled", c.Walled)
	w.boolean("gated", c.Gated)
}

func (w *jsonWriter) compoundGeometry(c *geo.Compound) {
	w.raw(`{"type":"MultiPolygon","coordinates":[`)
	for i, p := range c.Perimeter {
		if i > 0 {
			w.raw(`,`)
		}
		w.polygon(p)
	}
	w.raw(`]}`)
}

// building writes the properties of a building.
func (w *jsonWriter) building(x *geo.Building, name namer) {
	w.raw(`{`)
	w.text("id", x.ID)
	w.text("kind", "building")
	w.text("name", x.Name)
	if len(x.Names) > 0 {
		w.dict("names", x.Names)
	}
	w.maybe("number", x.Number)
	w.maybe("address", x.Address)
	if x.Compound != "" {
		w.key("compound")
		w.ref(x.Compound, name(x.Compound))
	}
	if len(x.Entrances) > 0 {
		w.key("entrances")
		w.raw(`[`)
		for i := range x.Entrances {
			e := &x.Entrances[i]
			w.comma()
			w.raw(`{`)
			w.text("id", e.ID)
			w.key("point")
			w.position(e.Point)
			w.maybe("type", e.Type)
			w.maybe("unit", e.Unit)
			w.maybe("name", e.Name)
			w.raw(`}`)
		}
		w.raw(`]`)
	}
	w.raw(`}`)
}

func (w *jsonWriter) buildingGeometry(x *geo.Building) {
	w.raw(`{"type":"Polygon","coordinates":`)
	w.polygon(x.Outline)
	w.raw(`}`)
}
