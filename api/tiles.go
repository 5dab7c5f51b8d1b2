package api

import (
	"encoding/json"
	"math"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/paulmach/orb"

	"yizhan/data/atlas"
	"yizhan/tiles"
)

// maxTile bounds a base tile when decompressed, in bytes.
const maxTile = 32 << 20

// placeCacheBytes bounds the place tiles kept in memory.
const placeCacheBytes = 64 << 20

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

// placesTile answers with a tile of places.
func (s *Server) placesTile(r *call) error {
	t, err := r.tileOf()
	if err != nil {
		return err
	}
	tag := r.tag()
	if r.unchanged(tag, cacheRevalidate) {
		return nil
	}
	key := tiles.Key{Version: r.atlas.Version, Layer: "places", Tile: t}
	body, err := s.views.cache.Get(r.ctx, key, func() ([]byte, error) {
		return s.views.of(r.atlas).places().Tile(t, nil), nil
	})
	if err != nil {
		return err
	}
	return r.sendTile(tag, body)
}

// sendTile sends a tile, 204 where it is empty.
func (r *call) sendTile(tag string, body []byte) error {
	if len(body) == 0 {
		r.c.Set(fiber.HeaderCacheControl, cacheRevalidate)
		r.c.Set(fiber.HeaderETag, tag)
		r.c.Status(fiber.StatusNoContent)
		return nil
	}
	return r.send(answer{kind: typeTile, tag: tag, cache: cacheRevalidate, body: body})
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
	tag := r.tag()
	if r.unchanged(tag, cacheRevalidate) {
		return nil
	}
	body, ok, err := base.Tile(t.Z, t.X, t.Y)
	if err != nil {
		return err
	}
	if !ok || len(body) == 0 {
		return r.sendTile(tag, nil)
	}
	accept := r.c.Get(fiber.HeaderAcceptEncoding)
	if !acceptsGzip(accept) {
		plain, err := gunzip(body, maxTile)
		if err != nil {
			return err
		}
		return r.sendTile(tag, plain)
	}
	h := &r.c.Context().Response.Header
	h.SetContentType(typeTile)
	h.Set(fiber.HeaderCacheControl, cacheRevalidate)
	h.Set(fiber.HeaderVary, fiber.HeaderAcceptEncoding)
	h.Set(fiber.HeaderContentEncoding, gzipped.String())
	h.Set(fiber.HeaderETag, variant(tag, gzipped))
	r.c.Context().Response.SetBodyRaw(body)
	return nil
}

func noBase() error {
	return notFound("没有底图，请先导入（yizhan import osm）。", "there is no base map: import one with yizhan import osm")
}

// placesTileJSON describes the place tiles.
func (s *Server) placesTileJSON(r *call) error {
	return r.sendTileJSON("places", func(template string) (tiles.TileJSON, error) {
		return s.views.of(r.atlas).places().TileJSON(template, nil), nil
	})
}

// baseTileJSON describes the base map's tiles.
func (s *Server) baseTileJSON(r *call) error {
	if r.atlas.Base == nil {
		return noBase()
	}
	return r.sendTileJSON("base", func(template string) (tiles.TileJSON, error) {
		return describeBase(r.atlas.Base, template)
	})
}

// describeBase describes a base map: its layers as its own metadata name them
// where it has any.
func describeBase(base atlas.BaseTiles, template string) (tiles.TileJSON, error) {
	var metadata []byte
	if m, ok := base.(interface{ Metadata() ([]byte, error) }); ok {
		var err error
		if metadata, err = m.Metadata(); err != nil {
			return tiles.TileJSON{}, err
		}
	}
	least, greatest := base.Zooms()
	return tiles.BaseTileJSON(base.Bound(), least, greatest, metadata, template)
}

func (r *call) sendTileJSON(set string, make func(template string) (tiles.TileJSON, error)) error {
	template := r.origin() + "/tiles/" + set + "/{z}/{x}/{y}.mvt"
	tag := r.tag(template)
	if r.unchanged(tag, cacheRevalidate) {
		return nil
	}
	doc, err := make(template)
	if err != nil {
		return err
	}
	if doc.Attribution == "" {
		doc.Attribution = r.atlas.Attribution
	}
	body, err := json.Marshal(doc)
	if err != nil {
		return err
	}
	return r.send(answer{kind: typeJSON, tag: tag, cache: cacheRevalidate, body: body, vary: fiber.HeaderXForwardedProto})
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
