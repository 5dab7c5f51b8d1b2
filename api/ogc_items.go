package api

import (
	"context"
	"net/url"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"yizhan/geo/crs"
	"yizhan/geo/datum"
)

// filtersWaiting is how many questions with costly filters may wait.
const filtersWaiting = 16

// ogcItems answers with a page of the features of a collection.
func (s *Server) ogcItems(r *call) error {
	c, err := s.ogc.find(r)
	if err != nil {
		return err
	}
	v, err := r.ogcReply("/collections/" + c.id + "/items")
	if err != nil {
		return err
	}
	q, err := r.ogcQuestion(c)
	if err != nil {
		return err
	}
	tag := v.tag()
	v.system(q.crs)
	if v.unchanged(tag, true) {
		return nil
	}
	q.turn = func() (context.Context, func(), error) {
		end, err := r.search(filtersWaiting)
		return r.ctx, end, err
	}
	page, err := q.answer(r.ctx, &s.ogc.counts)
	if err != nil {
		return err
	}
	links := v.pageLinks(q, page)
	if v.html {
		return v.sendPage(tag, v.itemsPage(q, page, links), true)
	}
	w := &ogcWriter{jsonWriter: jsonWriter{datum: datum.WGS84}, set: q.set, crs: q.crs}
	if err := w.collection(r.ctx, page, links, s.now(r.c)); err != nil {
		return err
	}
	return v.send(typeGeoJSON, tag, w.b, true)
}

// ogcQuestion reads the question of a request for items.
func (r *call) ogcQuestion(c *ogcCollection) (*ogcQuestion, error) {
	q := &r.query
	x := &ogcQuestion{
		coll: c, set: c.open(r.s.ogc.view(r.atlas)),
		limit: q.ogcLimit(), cursor: q.ogcCursor(), crs: q.crs("crs"),
		box: q.ogcBox("bbox", q.crs("bbox-crs")), span: q.ogcTime("datetime", r.atlas.Zone),
		filter: q.ogcFilter(c), equals: q.ogcEquals(c, r.s.ogc.properties()),
	}
	if err := q.err(); err != nil {
		return nil, err
	}
	key := []string{r.atlas.Version, c.id}
	for _, p := range q.pairs {
		if p.name != "limit" && p.name != "cursor" && p.name != "crs" && p.name != "f" {
			key = append(key, p.name, p.value)
		}
	}
	x.key = tagOf(key...)
	return x, nil
}

// pageLinks are the links of a page: to itself, the pages around it and its
// collection.
func (v *ogcReply) pageLinks(q *ogcQuestion, p ogcPage) []ogcLink {
	links := v.own(typeGeoJSON)
	kind, f := typeGeoJSON, "json"
	if v.html {
		kind, f = "text/html", "html"
	}
	if n := len(p.rows); n > 0 {
		if p.less {
			before := ogcCursor{before: q.set.id(p.rows[0])}
			links = append(links, ogcLink{Href: v.with("cursor", before.String(), "f", f), Rel: "prev", Type: kind, Title: v.say("上一页", "Previous page")})
		}
		if p.more {
			after := ogcCursor{after: q.set.id(p.rows[n-1])}
			links = append(links, ogcLink{Href: v.with("cursor", after.String(), "f", f), Rel: "next", Type: kind, Title: v.say("下一页", "Next page")})
		}
	}
	return append(links, v.up(q.coll), v.root())
}

// up is the link to a collection.
func (v *ogcReply) up(c *ogcCollection) ogcLink {
	return ogcLink{Href: v.base + "/collections/" + c.id, Rel: "collection", Type: "application/json", Title: c.title.In(v.lang)}
}

// ogcItem answers with one feature.
func (s *Server) ogcItem(r *call) error {
	c, err := s.ogc.find(r)
	if err != nil {
		return err
	}
	id, err := r.pathID("featureId")
	if err != nil {
		return err
	}
	v, err := r.ogcReply("/collections/" + c.id + "/items/" + escapeID(id))
	if err != nil {
		return err
	}
	system := r.query.crs("crs")
	if err := r.query.err(); err != nil {
		return err
	}
	set := c.open(s.ogc.view(r.atlas))
	row, ok := set.find(id)
	if !ok {
		return notFound("图层里没有这个编号，它可能已被移除。", "there is no feature with this id in the collection: it may have been removed")
	}
	tag := v.tag()
	v.system(system)
	if v.unchanged(tag, false) {
		return nil
	}
	links := append(v.own(typeGeoJSON), v.up(c), v.root())
	if v.html {
		return v.sendPage(tag, v.itemPage(c, set, row, links), false)
	}
	w := &ogcWriter{jsonWriter: jsonWriter{datum: datum.WGS84}, set: set, crs: system}
	w.feature(row, links)
	return v.send(typeGeoJSON, tag, w.b, false)
}

// escapeID writes an ID as a segment of a path. The colon, which our IDs have,
// may stand as it is.
func escapeID(id string) string { return strings.ReplaceAll(url.PathEscape(id), "%3A", ":") }

// ogcWriter writes features with their geometries in a coordinate reference
// system.
type ogcWriter struct {
	jsonWriter
	set ogcSet
	crs crs.CRS
	// nowhere says that the system had no coordinates for a position.
	nowhere bool
}

// collection writes a page.
func (w *ogcWriter) collection(ctx context.Context, p ogcPage, links []ogcLink, now time.Time) error {
	w.raw(`{"type":"FeatureCollection"`)
	w.links(links)
	w.key("timeStamp")
	w.b = append(now.UTC().AppendFormat(append(w.b, '"'), "2006-01-02T15:04:05.000000Z"), '"')
	w.integer("numberMatched", p.matched)
	w.integer("numberReturned", len(p.rows))
	w.raw(`,"features":[`)
	for i, row := range p.rows {
		if i%256 == 255 && ctx.Err() != nil {
			return ctx.Err()
		}
		w.comma()
		w.feature(row, nil)
	}
	w.raw(`]}`)
	return nil
}

// links writes the member links.
func (w *ogcWriter) links(links []ogcLink) {
	w.key("links")
	w.raw("[")
	for _, l := range links {
		w.comma()
		w.raw("{")
		w.text("href", l.Href)
		w.text("rel", l.Rel)
		w.maybe("type", l.Type)
		w.maybe("title", l.Title)
		w.raw("}")
	}
	w.raw("]")
}

// feature writes one feature.
func (w *ogcWriter) feature(row uint32, links []ogcLink) {
	w.raw(`{"type":"Feature","id":`)
	w.str(w.set.id(row))
	w.raw(`,"geometry":`)
	w.geometry(w.set.shape(row))
	w.raw(`,"properties":`)
	w.set.properties(&w.jsonWriter, row)
	if links != nil {
		w.links(links)
	}
	w.raw(`}`)
}

// geometry writes a geometry: null where there is none, and where the system
// has no coordinates for some of it, as Web Mercator has none near the poles.
// The rest of the answer is none the worse for it.
func (w *ogcWriter) geometry(g orb.Geometry) {
	if g == nil {
		w.raw("null")
		return
	}
	begin := len(w.b)
	w.nowhere = false
	defer func() {
		if w.nowhere {
			w.b = append(w.b[:begin], "null"...)
		}
	}()
	w.raw(`{"type":"`)
	w.raw(g.GeoJSONType())
	w.raw(`","coordinates":`)
	switch g := g.(type) {
	case orb.Point:
		w.place(g)
	case orb.MultiLineString:
		nest(w, g, func(line orb.LineString) { nest(w, line, w.place) })
	case orb.Polygon:
		w.rings(g)
	case orb.MultiPolygon:
		nest(w, g, w.rings)
	default:
		w.raw("[]")
	}
	w.raw(`}`)
}

func (w *ogcWriter) rings(p orb.Polygon) {
	nest(w, p, func(ring orb.Ring) { nest(w, ring, w.place) })
}

// nest writes an array.
func nest[T any](w *ogcWriter, all []T, one func(T)) {
	w.raw("[")
	for i, x := range all {
		if i > 0 {
			w.raw(",")
		}
		one(x)
	}
	w.raw("]")
}

// place writes a position.
func (w *ogcWriter) place(p orb.Point) {
	p, err := w.crs.FromCRS84(p)
	w.nowhere = w.nowhere || err != nil
	w.raw("[")
	w.decimal(p[0], w.crs.Decimals())
	w.raw(",")
	w.decimal(p[1], w.crs.Decimals())
	w.raw("]")
}
