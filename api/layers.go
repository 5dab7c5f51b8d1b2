package api

import (
	"fmt"
	"strings"

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
	l := layerWriter{r: r, box: box, limit: limit, name: compoundNames(r.atlas)}
	l.datum = d
	var write func() error
	switch name {
	case "compound":
		write = l.compounds
	case "building":
		write = l.buildings
	default:
		kind, err := geo.ParseKind(name)
		if err != nil {
			return noLayer(name)
		}
		write = func() error { return l.places(kind) }
	}
	tag := r.tag()
	if r.unchanged(tag, cacheRevalidate) {
		return nil
	}
	l.raw(`{"type":"FeatureCollection","features":[`)
	if err := write(); err != nil {
		return err
	}
	l.raw(`]}`)
	return r.send(answer{kind: typeGeoJSON, tag: tag, cache: cacheRevalidate, body: l.b})
}

func noLayer(name string) error {
	words := make([]string, 0, 8)
	for _, k := range geo.Kinds() {
		words = append(words, string(k.Kind))
	}
	list := strings.Join(append(words, "compound", "building"), ", ")
	return notFound(fmt.Sprintf("没有图层 %.40q，可用：%s。", name, list), fmt.Sprintf("there is no layer %.40q: use one of %s", name, list))
}

// layerWriter writes the features of one layer.
type layerWriter struct {
	jsonWriter
	r     *call
	box   *box
	limit int
	n     int
	name  namer
}

// next counts a feature and says whether it is to be written.
func (l *layerWriter) next() bool {
	if l.limit > 0 && l.n == l.limit || l.n%1024 == 1023 && l.r.ctx.Err() != nil {
		return false
	}
	l.n++
	return true
}

func (l *layerWriter) places(kind geo.Kind) error {
	write := func(p *geo.Place) bool {
		if l.box != nil && !l.box.has(p.Point) {
			return true
		}
		if !l.next() {
			return false
		}
		l.comma()
		l.b = l.r.atlas.AppendFeature(l.b, p, l.datum, nil, nil)
		return true
	}
	if l.box != nil {
		l.r.atlas.Places.Within(l.box.around(), []geo.Kind{kind}, write)
	} else {
		for p := range l.r.atlas.Places.All(kind) {
			if !write(p) {
				break
			}
		}
	}
	return l.r.ctx.Err()
}

func (l *layerWriter) compounds() error {
	all := l.r.atlas.Streets.Compounds()
	for i := range all {
		c := &all[i]
		if len(c.Perimeter) == 0 || l.box != nil && !l.box.meets(c.Perimeter.Bound()) {
			continue
		}
		if !l.next() {
			break
		}
		l.beginFeature(c.ID)
		l.compoundGeometry(c)
		l.key("properties")
		l.compound(c)
		l.raw(`}}`)
	}
	return l.r.ctx.Err()
}

func (l *layerWriter) buildings() error {
	all := l.r.atlas.Streets.Buildings()
	for i := range all {
		x := &all[i]
		if len(x.Outline) == 0 || l.box != nil && !l.box.meets(x.Outline.Bound()) {
			continue
		}
		if !l.next() {
			break
		}
		l.beginFeature(x.ID)
		l.buildingGeometry(x)
		l.key("properties")
		l.building(x, l.name)
		l.raw(`}`)
	}
	return l.r.ctx.Err()
}
