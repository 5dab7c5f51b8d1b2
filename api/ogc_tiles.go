package api

import (
	"strconv"

	"yizhan/geo"
	"yizhan/tiles"
)

// Relations of links to tiles.
const (
	relTilesets      = "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector"
	relTilingScheme  = "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme"
	relTilingSchemes = "http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes"
)

// ogcTileEndpoints is the part of the table of endpoints that is OGC API -
// Tiles.
func (s *Server) ogcTileEndpoints() []endpoint {
	const (
		all  = "/ogc/tiles"
		some = "/ogc/collections/:collectionId/tiles"
		set  = "/:tileMatrixSetId"
		tile = set + "/:tileMatrix/:tileRow/:tileCol"
	)
	return []endpoint{
		{path: "/ogc/tileMatrixSets", run: s.ogcTileMatrixSets, params: once("f")},
		{path: "/ogc/tileMatrixSets/:tileMatrixSetId", run: s.ogcTileMatrixSet, params: once("f")},
		{path: all, run: s.ogcTilesets, atlas: true, params: once("f")},
		{path: all + set, run: s.ogcTileset, atlas: true, params: once("f")},
		{path: all + tile, run: s.ogcTile, atlas: true, params: once("f")},
		{path: some, run: s.ogcTilesets, atlas: true, params: once("f")},
		{path: some + set, run: s.ogcTileset, atlas: true, params: once("f")},
		{path: some + tile, run: s.ogcTile, atlas: true, params: once("f")},
	}
}

// tileConformance are the conformance classes of tiles that hold here.
func tileConformance() []string {
	const part, scheme = "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/", "http://www.opengis.net/spec/tms/2.0/conf/"
	return []string{
		part + "core", part + "tileset", part + "tilesets-list", part + "dataset-tilesets", part + "geodata-tilesets",
		part + "oas30", part + "mvt", scheme + "tilematrixset", scheme + "json-tilematrixset",
	}
}

// tilesetLink leads from a collection, or from the landing page, whose address
// is at, to its tiles.
func (v *ogcReply) tilesetLink(at string) ogcLink {
	return ogcLink{Href: at + "/tiles", Rel: relTilesets, Type: "application/json", Title: v.say("矢量瓦片", "Vector tiles")}
}

// tilingSchemesLink leads from the landing page to the tile matrix sets.
func (v *ogcReply) tilingSchemesLink() ogcLink {
	return ogcLink{Href: v.base + "/tileMatrixSets", Rel: relTilingSchemes, Type: "application/json", Title: v.say("瓦片方案", "Tile matrix sets")}
}

// ogcTiled is what there are tiles of: a collection, or all places.
type ogcTiled struct {
	title, description geo.Text
	// path is its address below the landing page.
	path string
	// kinds are the kinds of place, nil for all; layer is the layer of the base
	// map where it is no place.
	kinds []geo.Kind
	layer string
	// dimension of its geometries: 0 points, 1 lines, 2 areas.
	dimension int
}

// tiled returns what the path of a request names.
func (r *call) tiled() (ogcTiled, error) {
	if r.c.Params("collectionId") == "" {
		return ogcTiled{title: geo.Text{Zh: "全部地点", En: "All places"},
			description: geo.Text{Zh: "每类地点一个图层。", En: "A layer for each kind of place."}}, nil
	}
	c, err := r.s.ogc.find(r)
	if err != nil {
		return ogcTiled{}, err
	}
	d := ogcTiled{title: c.title, description: c.description, path: "/collections/" + c.id}
	switch c.id {
	case "compound":
		d.layer, d.dimension = string(geo.LayerCompound), 2
	case "building":
		d.layer, d.dimension = string(geo.LayerBuilding), 2
	case "street":
		d.layer, d.dimension = string(geo.LayerRoad), 1
	default:
		d.kinds = []geo.Kind{geo.Kind(c.id)}
	}
	return d, nil
}

// describe returns what is known of the tiles.
func (d *ogcTiled) describe(r *call) (tiles.TileJSON, error) {
	if d.layer == "" {
		return r.s.views.places.With(r.atlas.Places).TileJSON("", d.kinds), nil
	}
	if r.atlas.Base == nil {
		return tiles.TileJSON{}, noBase()
	}
	doc, err := describeBase(r.atlas.Base, "")
	if err != nil {
		return doc, err
	}
	layers := doc.VectorLayers
	doc.VectorLayers = nil
	for _, l := range layers {
		if l.ID == d.layer {
			doc.VectorLayers = append(doc.VectorLayers, l)
		}
	}
	return doc, nil
}

// ogcTile answers with a tile. The row stands before the column here.
func (s *Server) ogcTile(r *call) error {
	d, err := r.tiled()
	if err != nil {
		return err
	}
	if err := r.webMercator(); err != nil {
		return err
	}
	if f, given := r.query.get("f"); given && f != "mvt" {
		return badParam("f", "应为 mvt。", "must be mvt")
	}
	t, err := tiles.ParseTile(r.c.Params("tileMatrix"), r.c.Params("tileCol"), r.c.Params("tileRow"))
	if err != nil {
		f := badParamErr("tileMatrix/tileRow/tileCol", err)
		f.kind = probNotFound
		return f
	}
	if d.layer == "" {
		set := setPlaces
		if len(d.kinds) == 1 {
			set = string(d.kinds[0])
		}
		return r.sendPlaces(t, set, d.kinds)
	}
	return r.sendLayer(t, d.layer)
}

// webMercator wants the one tile matrix set that there is.
func (r *call) webMercator() error {
	if r.c.Params("tileMatrixSetId") == webMercatorQuad {
		return nil
	}
	return notFound("没有这个瓦片方案，可用："+webMercatorQuad+"。", "there is no such tile matrix set: use "+webMercatorQuad)
}

// sendLayer answers with one layer of a tile of the base map.
func (r *call) sendLayer(t tiles.Tile, layer string) error {
	base := r.atlas.Base
	if base == nil {
		return noBase()
	}
	if lo, hi := base.Zooms(); t.Z < lo || t.Z > hi {
		return notFound("没有这个缩放级别，范围见瓦片集的 tileMatrixSetLimits。", "there are no tiles of this zoom: the tileset's tileMatrixSetLimits name those there are")
	}
	key := tiles.Key{Layer: setBase + "/" + layer, Tile: t}
	m, err := r.s.views.cache.Get(r.ctx, key, func(m *madeTile) bool { return m.copied(r.atlas) }, func() (*madeTile, error) {
		body, ok, err := base.Tile(t.Z, t.X, t.Y)
		if err == nil && ok && len(body) > 0 {
			if body, err = gunzip(body, maxTile); err == nil {
				body, err = tiles.Pick(nil, body, layer)
			}
		}
		if err != nil {
			return nil, err
		}
		m := newMadeTile(body, identity)
		m.base = r.atlas.BaseContent()
		return m, nil
	})
	if err != nil {
		return err
	}
	return r.sendMade(m, key)
}

// tileTemplate is the link to a tileset's tiles.
func (v *ogcReply) tileTemplate(d *ogcTiled) ogcLink {
	return ogcLink{
		Href: v.base + d.path + "/tiles/" + webMercatorQuad + "/{tileMatrix}/{tileRow}/{tileCol}?f=mvt",
		Rel:  "item", Type: typeTile, Title: v.say("瓦片（MVT）", "Tiles as Mapbox Vector Tiles"), Templated: true,
	}
}

// ogcTilesets answers with the list of tilesets: one, since there is one tile
// matrix set.
func (s *Server) ogcTilesets(r *call) error {
	d, err := r.tiled()
	if err != nil {
		return err
	}
	v, err := r.ogcReply(d.path + "/tiles")
	if err != nil {
		return err
	}
	tag := v.tag()
	if v.unchanged(tag, false) {
		return nil
	}
	if _, err := d.describe(r); err != nil {
		return err
	}
	at := v.base + v.path + "/" + webMercatorQuad
	item := newOGCTileset(v, &d)
	item.Links = []ogcLink{
		{Href: at + "?f=json", Rel: "self", Type: "application/json", Title: d.title.In(v.lang)},
		{Href: at + "?f=html", Rel: "alternate", Type: "text/html", Title: d.title.In(v.lang)},
		v.schemeLink(), v.tileTemplate(&d),
	}
	doc := struct {
		Links    []ogcLink     `json:"links"`
		Tilesets []*ogcTileset `json:"tilesets"`
	}{append(v.own("application/json"), v.root()), []*ogcTileset{item}}
	return v.answer(typeJSON, tag, doc, func() *ogcHTML {
		page := v.page(v.say("矢量瓦片：", "Vector tiles: ")+d.title.In(v.lang), d.description.In(v.lang))
		page.Entries = []ogcEntry{{at + "?f=html", webMercatorQuad, v.say("网络墨卡托", "Web Mercator")}}
		return page
	})
}

// ogcTileset answers with what a tileset holds.
func (s *Server) ogcTileset(r *call) error {
	d, err := r.tiled()
	if err != nil {
		return err
	}
	if err := r.webMercator(); err != nil {
		return err
	}
	v, err := r.ogcReply(d.path + "/tiles/" + webMercatorQuad)
	if err != nil {
		return err
	}
	tag := v.tag()
	if v.unchanged(tag, false) {
		return nil
	}
	about, err := d.describe(r)
	if err != nil {
		return err
	}
	doc := newOGCTileset(v, &d)
	doc.describe(about, d.dimension)
	if doc.Attribution = about.Attribution; doc.Attribution == "" {
		doc.Attribution = r.atlas.Attribution
	}
	doc.Links = append(v.own("application/json"), v.root(), v.schemeLink(), v.tileTemplate(&d))
	return v.answer(typeJSON, tag, doc, func() *ogcHTML {
		page := v.page(d.title.In(v.lang), d.description.In(v.lang))
		page.Facts = []ogcFact{
			{v.say("瓦片地址", "Address of tiles"), v.tileTemplate(&d).Href, ""},
			{v.say("级别", "Zooms"), strconv.Itoa(int(about.MinZoom)) + " – " + strconv.Itoa(int(about.MaxZoom)), ""},
		}
		for _, l := range about.VectorLayers {
			page.Facts = append(page.Facts, ogcFact{v.say("图层", "Layer"), l.ID, ""})
		}
		return page
	})
}

// schemeLink leads to the tile matrix set.
func (v *ogcReply) schemeLink() ogcLink {
	return ogcLink{Href: v.base + "/tileMatrixSets/" + webMercatorQuad + "?f=json", Rel: relTilingScheme, Type: "application/json",
		Title: webMercatorQuad}
}

// ogcTileMatrixSets answers with the list of tile matrix sets.
func (s *Server) ogcTileMatrixSets(r *call) error {
	v, err := r.ogcReply("/tileMatrixSets")
	if err != nil {
		return err
	}
	tag := v.tag()
	if v.unchanged(tag, false) {
		return nil
	}
	at := v.base + v.path + "/" + webMercatorQuad
	type item struct {
		ID    string    `json:"id"`
		Title string    `json:"title"`
		URI   string    `json:"uri"`
		CRS   string    `json:"crs"`
		Links []ogcLink `json:"links"`
	}
	doc := struct {
		Links []ogcLink `json:"links"`
		Sets  []item    `json:"tileMatrixSets"`
	}{append(v.own("application/json"), v.root()), []item{{
		webMercatorQuad, v.say("网络墨卡托四叉树", "Web Mercator quadtree"), webMercatorURI, webMercatorCRS,
		[]ogcLink{{Href: at + "?f=json", Rel: "self", Type: "application/json", Title: webMercatorQuad}},
	}}}
	return v.answer(typeJSON, tag, doc, func() *ogcHTML {
		page := v.page(v.say("瓦片方案", "Tile matrix sets"), "")
		page.Entries = []ogcEntry{{at + "?f=html", webMercatorQuad, webMercatorURI}}
		return page
	})
}

// ogcTileMatrixSet answers with the tile matrix set.
func (s *Server) ogcTileMatrixSet(r *call) error {
	if err := r.webMercator(); err != nil {
		return err
	}
	v, err := r.ogcReply("/tileMatrixSets/" + webMercatorQuad)
	if err != nil {
		return err
	}
	tag := v.tag()
	if v.unchanged(tag, false) {
		return nil
	}
	doc := newTileMatrixSet()
	return v.answer(typeJSON, tag, doc, func() *ogcHTML {
		page := v.page(doc.ID, doc.Title)
		page.Facts = []ogcFact{{"URI", doc.URI, ""}, {"CRS", doc.CRS, ""}}
		for _, m := range doc.Matrices {
			page.Facts = append(page.Facts, ogcFact{m.ID, "1 : " + strconv.FormatFloat(m.Scale, 'f', 0, 64), ""})
		}
		return page
	})
}
