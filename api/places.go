package api

import "yizhan/geo"

// place answers with one place, compound or building.
func (s *Server) place(r *call) error {
	d := r.query.datum()
	if err := r.query.err(); err != nil {
		return err
	}
	id, err := r.pathID("id")
	if err != nil {
		return err
	}
	tag := r.minuteTag()
	p, isPlace := r.atlas.Places.Find(id)
	var c *geo.Compound
	var x *geo.Building
	if !isPlace {
		if c, _ = r.atlas.Streets.Compound(id); c == nil {
			x, _ = r.atlas.Streets.Building(id)
		}
	}
	if !isPlace && c == nil && x == nil {
		return noSuch(id)
	}
	if isPlace {
		tag = r.placeTag(r.atlas.Places.Place(p), d)
	}
	if r.unchanged(tag, cacheRevalidate) {
		return nil
	}
	l := r.live(d)
	w := &jsonWriter{datum: d, b: make([]byte, 0, 2048)}
	switch {
	case isPlace:
		l.of(p)
		w.b = l.feature(w.b, p)
	case c != nil:
		w.beginFeature(id)
		w.compoundGeometry(c)
		w.key("properties")
		w.compound(c)
		w.key("gates")
		w.raw(`[`)
		for _, gate := range c.Gates {
			if g, ok := r.atlas.Places.Find(gate); ok {
				l.of(g)
				w.comma()
				w.b = l.properties(w.b, g)
			}
		}
		w.raw(`]}}`)
	default:
		w.beginFeature(id)
		w.buildingGeometry(x)
		w.key("properties")
		w.building(x, compoundNames(r.atlas))
		w.raw(`}`)
	}
	return r.send(answer{kind: typeGeoJSON, tag: tag, cache: cacheRevalidate, body: w.b})
}

// noSuch is the 404 of an unknown id.
func noSuch(id string) error {
	return notFound("没有编号为 "+id+" 的地点、小区或楼栋，请用 /api/search 查找。",
		"there is no place, compound or building "+id+": find it with /api/search")
}
