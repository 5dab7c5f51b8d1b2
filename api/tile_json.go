package api

import (
	"encoding/json"
	"strings"

	"github.com/gofiber/fiber/v2"

	"yizhan/data/atlas"
	"yizhan/geo"
	"yizhan/tiles"
)

// placesTileJSON describes the place tiles.
func (s *Server) placesTileJSON(r *call) error {
	return r.sendTileJSON(setPlaces, func(template string) (tiles.TileJSON, error) {
		return s.views.places.With(r.atlas.Places).TileJSON(template, nil), nil
	})
}

// kindTileJSON describes the tiles of one kind of place.
func (s *Server) kindTileJSON(r *call) error {
	kind, err := r.kindOf()
	if err != nil {
		return err
	}
	return r.sendTileJSON(string(kind), func(template string) (tiles.TileJSON, error) {
		return s.views.places.With(r.atlas.Places).TileJSON(template, []geo.Kind{kind}), nil
	})
}

// baseTileJSON describes the base map's tiles.
func (s *Server) baseTileJSON(r *call) error {
	if r.atlas.Base == nil {
		return noBase()
	}
	return r.sendTileJSON(setBase, func(template string) (tiles.TileJSON, error) {
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
	doc.Version = tilesVersion(r.atlas.Version)
	if doc.Attribution == "" {
		doc.Attribution = r.atlas.Attribution
	}
	body, err := json.Marshal(doc)
	if err != nil {
		return err
	}
	return r.send(answer{kind: typeJSON, tag: tag, cache: cacheRevalidate, body: body, vary: fiber.HeaderXForwardedProto})
}

// tilesVersion is the semantic version of sets of tiles: that of their layers
// and properties, with the data's version as build metadata, which knows
// letters, digits and hyphens alone.
func tilesVersion(data string) string {
	return "1.0.0+" + strings.Map(func(c rune) rune {
		if c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '-' {
			return c
		}
		return '-'
	}, data)
}
