package api

import (
	"encoding/json"
	"strings"

	"yizhan/geo/cql2"
)

// ogcQueryables answers with what the features of a collection may be chosen
// by, as a JSON Schema.
func (s *Server) ogcQueryables(r *call) error {
	c, err := s.ogc.find(r)
	if err != nil {
		return err
	}
	v, err := r.ogcReply("/collections/" + c.id + "/queryables")
	if err != nil {
		return err
	}
	tag := v.tag()
	if v.unchanged(tag, false) {
		return nil
	}
	properties := make(map[string]any, len(c.queryables))
	for _, q := range c.queryables {
		properties[q.name] = q.schema(v)
	}
	title := c.title.In(v.lang) + v.say("：可查询的属性", ": queryables")
	doc := map[string]any{
		"$schema":              "https://json-schema.org/draft/2020-12/schema",
		"$id":                  v.base + v.path,
		"type":                 "object",
		"title":                title,
		"properties":           properties,
		"additionalProperties": false,
	}
	return v.answer(typeSchema, tag, doc, func() *ogcHTML {
		page := v.page(title, v.say("这些属性可写进 filter（CQL2），除位置外也可直接作为 items 的参数。", "These may stand in a filter (CQL2), and all but the geometry as parameters of items."))
		for _, q := range c.queryables {
			schema, err := json.Marshal(q.schema(v))
			if err != nil {
				continue // words and maps always marshal
			}
			page.Facts = append(page.Facts, ogcFact{q.name + " · " + q.title.In(v.lang), string(schema), ""})
		}
		return page
	})
}

// schema is the queryable as JSON Schema.
func (q ogcQueryable) schema(v *ogcReply) map[string]any {
	m := map[string]any{"title": q.title.In(v.lang)}
	switch q.kind {
	case cql2.Number:
		m["type"] = "number"
	case cql2.Boolean:
		m["type"] = "boolean"
	case cql2.Timestamp:
		m["type"], m["format"] = "string", "date-time"
	case cql2.StringList:
		items := map[string]any{"type": "string"}
		if len(q.words) > 0 {
			items["enum"] = q.words
		}
		m["type"], m["items"] = "array", items
	case cql2.Geometry:
		m["$ref"] = "https://geojson.org/schema/" + q.shape + ".json"
		m["format"], m["x-ogc-role"] = "geometry-"+strings.ToLower(q.shape), "primary-geometry"
	default:
		m["type"] = "string"
		if len(q.words) > 0 {
			m["enum"] = q.words
		}
	}
	if q.name == "id" {
		m["x-ogc-role"] = "id"
	}
	return m
}
