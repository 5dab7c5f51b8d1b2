package api

import (
	"strconv"
	"time"

	"github.com/paulmach/orb"

	"yizhan/geo"
	"yizhan/geo/cql2"
	"yizhan/geo/crs"
)

// ogcEndpoints is the part of the table of endpoints that is OGC API -
// Features.
func (s *Server) ogcEndpoints() []endpoint {
	items := append(once("f", "limit", "cursor", "bbox", "bbox-crs", "datetime", "crs", "filter-lang", "filter-crs"), param{name: "filter", most: ogcMaxFilter})
	return []endpoint{
		{path: "/ogc", run: s.ogcLanding, atlas: true, params: once("f")},
		{path: "/ogc/", run: s.ogcLanding, atlas: true, params: once("f")},
		{path: "/ogc/api", run: s.ogcAPI, params: once("f")},
		{path: "/ogc/conformance", run: s.ogcConformance, params: once("f")},
		{path: "/ogc/collections", run: s.ogcCollections, atlas: true, params: once("f")},
		{path: "/ogc/collections/:collectionId", run: s.ogcCollection, atlas: true, params: once("f")},
		{path: "/ogc/collections/:collectionId/queryables", run: s.ogcQueryables, params: once("f")},
		{path: "/ogc/collections/:collectionId/items", run: s.ogcItems, atlas: true, params: append(items, once(s.ogc.properties()...)...)},
		{path: "/ogc/collections/:collectionId/items/:featureId", run: s.ogcItem, atlas: true, params: once("f", "crs")},
	}
}

// properties lists the queryables of all collections, but for the geometry:
// the parameters that items takes beside its own.
func (o *ogc) properties() []string {
	var all []string
	seen := map[string]bool{}
	for _, c := range o.collections {
		for _, q := range c.queryables {
			if q.kind != cql2.Geometry && !seen[q.name] {
				seen[q.name] = true
				all = append(all, q.name)
			}
		}
	}
	return all
}

// ogcLandingDoc is the landing page as JSON.
type ogcLandingDoc struct {
	Title       string    `json:"title"`
	Description string    `json:"description"`
	Attribution string    `json:"attribution,omitempty"`
	Links       []ogcLink `json:"links"`
}

// ogcLanding answers with the landing page.
func (s *Server) ogcLanding(r *call) error {
	v, err := r.ogcReply("")
	if err != nil {
		return err
	}
	tag := v.tag()
	if v.unchanged(tag, false) {
		return nil
	}
	doc := ogcLandingDoc{
		Title:       r.atlas.Name.In(v.lang),
		Description: v.say("驿站、出入口、充电点等地点，以及小区、楼栋和道路。", "Rest stations, gates, charging points and other places, with compounds, buildings and streets."),
		Attribution: r.atlas.Attribution,
		Links: append(v.own("application/json"),
			v.root(),
			ogcLink{Href: v.base + "/api", Rel: "service-desc", Type: typeOpenAPI, Title: v.say("接口定义（OpenAPI 3.0）", "API definition as OpenAPI 3.0")},
			ogcLink{Href: v.base + "/api?f=html", Rel: "service-doc", Type: "text/html", Title: v.say("接口文档", "API documentation")},
			ogcLink{Href: v.base + "/conformance", Rel: relConformance, Type: "application/json", Title: v.say("符合性声明", "Conformance declaration")},
			ogcLink{Href: v.base + "/conformance", Rel: "http://www.opengis.net/def/rel/ogc/1.0/conformance", Type: "application/json", Title: v.say("符合性声明", "Conformance declaration")},
			ogcLink{Href: v.base + "/collections", Rel: relData, Type: "application/json", Title: v.say("图层", "Collections")},
			ogcLink{Href: v.base + "/collections", Rel: "http://www.opengis.net/def/rel/ogc/1.0/data", Type: "application/json", Title: v.say("图层", "Collections")},
			v.tilesetLink(v.base), v.tilingSchemesLink(),
		),
	}
	if doc.Title == "" {
		doc.Title = v.say("驿站地图", "yizhan")
	}
	return v.answer(typeJSON, tag, doc, func() *ogcHTML {
		page := v.page(doc.Title, doc.Description)
		page.Attribution = plainText(doc.Attribution)
		page.Entries = []ogcEntry{
			{v.base + "/collections?f=html", v.say("图层", "Collections"), v.say("全部数据", "All the data")},
			{v.base + "/tiles?f=html", v.say("矢量瓦片", "Vector tiles"), v.say("全部地点的瓦片", "Tiles of all places")},
			{v.base + "/tileMatrixSets?f=html", v.say("瓦片方案", "Tile matrix sets"), v.say("瓦片怎样划分", "How the world is cut into tiles")},
			{v.base + "/conformance?f=html", v.say("符合性声明", "Conformance"), v.say("遵循哪些标准", "Which standards hold")},
			{v.base + "/api?f=html", v.say("接口文档", "API documentation"), "OpenAPI 3.0"},
		}
		return page
	})
}

// ogcConformance answers with the conformance classes that hold.
func (s *Server) ogcConformance(r *call) error {
	v, err := r.ogcReply("/conformance")
	if err != nil {
		return err
	}
	tag := v.tag()
	if v.unchanged(tag, false) {
		return nil
	}
	doc := struct {
		Links      []ogcLink `json:"links"`
		ConformsTo []string  `json:"conformsTo"`
	}{append(v.own("application/json"), v.root()), ogcClasses()}
	return v.answer(typeJSON, tag, doc, func() *ogcHTML {
		page := v.page(v.say("符合性声明", "Conformance"), v.say("本服务符合以下各类。", "This service conforms to these classes."))
		for _, uri := range doc.ConformsTo {
			page.Facts = append(page.Facts, ogcFact{Value: uri})
		}
		return page
	})
}

// ogcClasses are the conformance classes that hold here.
func ogcClasses() []string {
	const part = "http://www.opengis.net/spec/ogcapi-features-"
	all := []string{
		"http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core",
		"http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/landing-page",
		"http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/json",
		"http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/html",
		"http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/oas30",
		part + "1/1.0/conf/core", part + "1/1.0/conf/oas30", part + "1/1.0/conf/html", part + "1/1.0/conf/geojson",
		part + "2/1.0/conf/crs",
		part + "3/1.0/conf/queryables", part + "3/1.0/conf/queryables-query-parameters",
		part + "3/1.0/conf/filter", part + "3/1.0/conf/features-filter",
	}
	return append(append(all, cql2.Conformance()...), tileConformance()...)
}

// ogcExtent is where and when the features of a collection are.
type ogcExtent struct {
	count int
	bound orb.Bound
	where bool
	from  time.Time
	until time.Time
	when  bool // some are dated
}

// newOGCExtent looks at all features of a collection. Where one of them has no
// dates, it stands always, and the time is open on both sides.
func newOGCExtent(set ogcSet) ogcExtent {
	var e ogcExtent
	openFrom, openUntil := false, false
	for row := range set.byID("") {
		e.count++
		if b, ok := set.bound(row); ok {
			if !e.where {
				e.bound, e.where = b, true
			}
			e.bound = e.bound.Union(b)
		}
		p := set.valid(row)
		if p == nil {
			openFrom, openUntil = true, true
		} else {
			e.when = true
			if p.From.IsZero() {
				openFrom = true
			} else if e.from.IsZero() || p.From.Before(e.from) {
				e.from = p.From
			}
			if p.Until.IsZero() {
				openUntil = true
			} else if p.Until.After(e.until) {
				e.until = p.Until
			}
		}
	}
	if openFrom {
		e.from = time.Time{}
	}
	if openUntil {
		e.until = time.Time{}
	}
	return e
}

// ogcExtentDoc is an extent as JSON.
type ogcExtentDoc struct {
	Spatial  *ogcSpatial  `json:"spatial,omitempty"`
	Temporal *ogcTemporal `json:"temporal,omitempty"`
}

type ogcSpatial struct {
	BBox [][4]float64 `json:"bbox"`
	CRS  string       `json:"crs"`
}

type ogcTemporal struct {
	Interval [][2]*string `json:"interval"`
	TRS      string       `json:"trs"`
}

// doc writes the extent; the box is rounded outwards, so that it holds
// everything.
func (e ogcExtent) doc(zone *time.Location) *ogcExtentDoc {
	if !e.where && !e.when {
		return nil
	}
	d := &ogcExtentDoc{}
	if e.where {
		in := [4]float64{e.bound.Min[0], e.bound.Min[1], e.bound.Max[0], e.bound.Max[1]}
		var box [4]float64
		for i, v := range in {
			if box[i] = seven(v); i < 2 && box[i] > v {
				box[i] = seven(v - 1e-7)
			} else if i >= 2 && box[i] < v {
				box[i] = seven(v + 1e-7)
			}
		}
		d.Spatial = &ogcSpatial{[][4]float64{box}, crs.CRS84.URI()}
	}
	if e.when {
		d.Temporal = &ogcTemporal{[][2]*string{{}}, "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"}
		for i, t := range [2]time.Time{e.from, e.until} {
			if !t.IsZero() {
				s := t.In(zone).Format(time.RFC3339)
				d.Temporal.Interval[0][i] = &s
			}
		}
	}
	return d
}

// ogcCollectionDoc is a collection as JSON.
type ogcCollectionDoc struct {
	ID          string        `json:"id"`
	Title       string        `json:"title"`
	Description string        `json:"description"`
	Links       []ogcLink     `json:"links"`
	Extent      *ogcExtentDoc `json:"extent,omitempty"`
	ItemType    string        `json:"itemType"`
	CRS         []string      `json:"crs"`
	StorageCRS  string        `json:"storageCrs"`
}

func ogcSystems() []string {
	var all []string
	for _, c := range crs.All() {
		all = append(all, c.URI())
	}
	return all
}

// collection describes a collection; own are its links to itself.
func (v *ogcReply) collection(c *ogcCollection, own []ogcLink) ogcCollectionDoc {
	at := v.base + "/collections/" + c.id
	title := c.title.In(v.lang)
	return ogcCollectionDoc{
		ID: c.id, Title: title, Description: c.description.In(v.lang),
		Links: append(own,
			v.root(),
			ogcLink{Href: at + "/items?f=json", Rel: "items", Type: typeGeoJSON, Title: title + v.say("（GeoJSON）", " as GeoJSON")},
			ogcLink{Href: at + "/items?f=html", Rel: "items", Type: "text/html", Title: title + v.say("（网页）", " as a page")},
			ogcLink{Href: at + "/queryables?f=json", Rel: relQueryables, Type: typeSchema, Title: v.say("可查询的属性", "Queryables")},
			ogcLink{Href: at + "/queryables?f=html", Rel: relQueryables, Type: "text/html", Title: v.say("可查询的属性", "Queryables")},
			v.tilesetLink(at),
		),
		Extent:   v.r.s.ogc.view(v.r.atlas).extents[c.id]().doc(v.r.atlas.Zone),
		ItemType: "feature", CRS: ogcSystems(), StorageCRS: crs.CRS84.URI(),
	}
}

// ogcCollections answers with all collections.
func (s *Server) ogcCollections(r *call) error {
	v, err := r.ogcReply("/collections")
	if err != nil {
		return err
	}
	tag := v.tag()
	if v.unchanged(tag, false) {
		return nil
	}
	doc := struct {
		Links       []ogcLink          `json:"links"`
		Collections []ogcCollectionDoc `json:"collections"`
	}{Links: append(v.own("application/json"), v.root())}
	page := v.page(v.say("图层", "Collections"), "")
	for _, c := range s.ogc.collections {
		at := v.base + "/collections/" + c.id
		doc.Collections = append(doc.Collections, v.collection(c, []ogcLink{
			{Href: at + "?f=json", Rel: "self", Type: "application/json", Title: c.title.In(v.lang)},
			{Href: at + "?f=html", Rel: "alternate", Type: "text/html", Title: c.title.In(v.lang)},
		}))
		n := s.ogc.view(r.atlas).extents[c.id]().count
		page.Entries = append(page.Entries, ogcEntry{at + "?f=html", c.title.In(v.lang), c.description.In(v.lang) + " " + strconv.Itoa(n)})
	}
	return v.answer(typeJSON, tag, doc, func() *ogcHTML { return page })
}

// ogcCollection answers with one collection.
func (s *Server) ogcCollection(r *call) error {
	c, err := s.ogc.find(r)
	if err != nil {
		return err
	}
	v, err := r.ogcReply("/collections/" + c.id)
	if err != nil {
		return err
	}
	tag := v.tag()
	if v.unchanged(tag, false) {
		return nil
	}
	doc := v.collection(c, v.own("application/json"))
	return v.answer(typeJSON, tag, doc, func() *ogcHTML {
		page := v.page(doc.Title, doc.Description)
		e := s.ogc.view(r.atlas).extents[c.id]()
		page.Facts = append(page.Facts, ogcFact{v.say("条数", "Features"), strconv.Itoa(e.count), ""})
		if e.where {
			b := doc.Extent.Spatial.BBox[0]
			page.Facts = append(page.Facts, ogcFact{v.say("范围", "Extent"), formatBox(b), ""})
			page.Map = v.outline(e.bound)
			page.Embed = v.embed(e.bound, c)
		}
		if e.when {
			for i, name := range [2]string{v.say("最早", "From"), v.say("最晚", "Until")} {
				if t := doc.Extent.Temporal.Interval[0][i]; t != nil {
					page.Facts = append(page.Facts, ogcFact{name, *t, ""})
				}
			}
		}
		for _, x := range crs.All() {
			page.Facts = append(page.Facts, ogcFact{x.Name(), x.URI(), ""})
		}
		at := v.base + v.path
		page.Entries = []ogcEntry{
			{at + "/items?f=html", v.say("浏览", "Browse"), v.say("逐页查看并在地图上显示", "Page by page, on a map")},
			{at + "/queryables?f=html", v.say("可查询的属性", "Queryables"), v.say("筛选时可用的属性", "What filters may speak of")},
			{at + "/tiles?f=html", v.say("矢量瓦片", "Vector tiles"), v.say("用于地图的瓦片", "Tiles for maps")},
		}
		return page
	})
}

// ogcTitle names a feature for people.
func ogcTitle(set ogcSet, row uint32, lang geo.Lang) string {
	if lang == geo.English {
		if s := set.value(row, "name_en").text; s != "" {
			return s
		}
	}
	if s := set.value(row, "name").text; s != "" {
		return s
	}
	if s := set.value(row, "number").text; s != "" {
		return s
	}
	return set.id(row)
}
