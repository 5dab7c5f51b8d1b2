package api

import (
	"fmt"
	"math"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/paulmach/orb"

	"yizhan/data/atlas"
	"yizhan/geo"
	"yizhan/tiles"
)

// maxTile bounds a base tile when decompressed, in bytes.
const maxTile = 32 << 20

// Names of the sets of tiles beside the kinds.
const (
	setPlaces = "places"
	setBase   = "base"
)

// tileEndpoints is the part of the table of endpoints that is tiles.
func (s *Server) tileEndpoints() []endpoint {
	return []endpoint{
		{path: "/tiles/places.json", run: s.placesTileJSON, atlas: true},
		{path: "/tiles/base.json", run: s.baseTileJSON, atlas: true},
		{path: "/tiles/base.pmtiles", run: s.baseArchive, atlas: true},
		{path: "/tiles/places/:z/:x/:y", run: s.placesTile, atlas: true},
		{path: "/tiles/base/:z/:x/:y", run: s.baseTile, atlas: true},
		{path: "/tiles/:kind.json", run: s.kindTileJSON, atlas: true},
		{path: "/tiles/:kind/:z/:x/:y", run: s.kindTile, atlas: true},
	}
}

// tileOf reads the tile that a path names.
func (r *call) tileOf() (tiles.Tile, error) {
	y, ok := strings.CutSuffix(r.c.Params("y"), ".mvt")
	if !ok {
		return tiles.Tile{}, &fault{kind: probNotFound}
	}
	t, err := tiles.ParseTile(r.c.Params("z"), r.c.Params("x"), y)
	if err != nil {
		return t, badParamErr("z/x/y", err)
	}
	return t, nil
}

// kindOf reads the kind that a path names.
func (r *call) kindOf() (geo.Kind, error) {
	name := r.c.Params("kind")
	kind, err := geo.ParseKind(name)
	if err != nil {
		words := []string{setPlaces, setBase}
		for _, k := range geo.Kinds() {
			words = append(words, string(k.Kind))
		}
		list := strings.Join(words, ", ")
		return "", notFound(fmt.Sprintf("没有瓦片集 %.40q，可用：%s。", name, list), fmt.Sprintf("there is no set of tiles %.40q: use one of %s", name, list))
	}
	return kind, nil
}

// placesTile answers with a tile of places.
func (s *Server) placesTile(r *call) error {
	t, err := r.tileOf()
	if err != nil {
		return err
	}
	return r.sendPlaces(t, setPlaces, nil)
}

// kindTile answers with a tile of the places of one kind.
func (s *Server) kindTile(r *call) error {
	kind, err := r.kindOf()
	if err != nil {
		return err
	}
	t, err := r.tileOf()
	if err != nil {
		return err
	}
	return r.sendPlaces(t, string(kind), []geo.Kind{kind})
}

// sendPlaces answers with a tile of some kinds, nil for all; set names them in
// the cache.
//
// A tile is kept until a place changes inside it or in its buffer. A request
// that began with an older snapshot may get the tile of a younger one.
func (r *call) sendPlaces(t tiles.Tile, set string, kinds []geo.Kind) error {
	a, v := r.atlas, r.s.views
	key := tiles.Key{Layer: set, Tile: t}
	m, err := v.cache.Get(r.ctx, key, func(m *madeTile) bool { return m.holds(a, v.places, t) }, func() (*madeTile, error) {
		m := newMadeTile(v.places.With(a.Places).Tile(t, kinds), identity)
		m.shown(a)
		return m, nil
	})
	if err != nil {
		return err
	}
	return r.sendMade(m, key)
}

// baseTile answers with a tile of the base map. Tiles rest gzipped and go out
// as they are to whoever takes gzip.
func (s *Server) baseTile(r *call) error {
	t, err := r.tileOf()
	if err != nil {
		return err
	}
	base := r.atlas.Base
	if base == nil {
		return noBase()
	}
	if lo, hi := base.Zooms(); t.Z < lo || t.Z > hi {
		return notFound("底图没有这个缩放级别，范围见 /tiles/base.json。", "the base map has no tiles of this zoom: /tiles/base.json names those it has")
	}
	key := tiles.Key{Layer: setBase, Tile: t}
	m, err := s.views.cache.Get(r.ctx, key, func(m *madeTile) bool { return m.copied(r.atlas) }, func() (*madeTile, error) {
		body, _, err := base.Tile(t.Z, t.X, t.Y)
		if err != nil {
			return nil, err
		}
		m := newMadeTile(body, gzipped)
		m.base = r.atlas.BaseContent()
		return m, nil
	})
	if err != nil {
		return err
	}
	return r.sendMade(m, key)
}

func noBase() error {
	return notFound("没有底图，请先导入（yizhan import osm）。", "there is no base map: import one with yizhan import osm")
}

// origin returns the scheme and host that the client used, from the request
// and, for the scheme, from a proxy's X-Forwarded-Proto; "" where the host is
// no plain name, so that addresses become relative.
func (r *call) origin() string {
	host := string(r.c.Context().Host())
	if host == "" || len(host) > 255 {
		return ""
	}
	for i := 0; i < len(host); i++ {
		c := host[i]
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte(".-:[]_", c) >= 0) {
			return ""
		}
	}
	if r.c.Get(fiber.HeaderXForwardedProto) == "https" || r.c.Context().IsTLS() {
		return "https://" + host
	}
	return "http://" + host
}

// bounds returns the box around all that an Atlas holds; the world where it
// holds nothing.
func bounds(a *atlas.Atlas) orb.Bound {
	if b := a.Bound(); b.Min[0] <= b.Max[0] && b.Min[1] <= b.Max[1] {
		return b
	}
	return orb.Bound{Min: orb.Point{-180, -90}, Max: orb.Point{180, 90}}
}

// seven rounds degrees to the seven decimals that answers hold.
func seven(v float64) float64 { return math.Round(v*1e7) / 1e7 }
