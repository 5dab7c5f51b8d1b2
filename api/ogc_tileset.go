package api

import (
	"math"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"yizhan/geo/crs"
	"yizhan/tiles"
)

// The one tile matrix set of ours, as OGC registered it.
const (
	webMercatorQuad = "WebMercatorQuad"
	webMercatorURI  = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad"
	webMercatorCRS  = "http://www.opengis.net/def/crs/EPSG/0/3857"
)

// ogcTileset is a tileset as JSON (OGC 17-083r4, clause 7.2). Where it stands in
// a list, only what comes before Limits is filled in.
type ogcTileset struct {
	Title    string    `json:"title"`
	Abstract string    `json:"description,omitempty"`
	DataType string    `json:"dataType"`
	CRS      string    `json:"crs"`
	Scheme   string    `json:"tileMatrixSetURI"`
	Links    []ogcLink `json:"links"`

	Attribution string            `json:"attribution,omitempty"`
	Formats     []string          `json:"mediaTypes,omitempty"`
	Limits      []ogcTileLimits   `json:"tileMatrixSetLimits,omitempty"`
	Box         *ogcTileBox       `json:"boundingBox,omitempty"`
	Center      *ogcTileCenter    `json:"centerPoint,omitempty"`
	Layers      []ogcTilesetLayer `json:"layers,omitempty"`
}

// ogcTileLimits are the tiles of a zoom that may have something.
type ogcTileLimits struct {
	Matrix string `json:"tileMatrix"`
	MinRow uint32 `json:"minTileRow"`
	MaxRow uint32 `json:"maxTileRow"`
	MinCol uint32 `json:"minTileCol"`
	MaxCol uint32 `json:"maxTileCol"`
}

type ogcTileBox struct {
	LowerLeft  [2]float64 `json:"lowerLeft"`
	UpperRight [2]float64 `json:"upperRight"`
	CRS        string     `json:"crs"`
}

type ogcTileCenter struct {
	Coordinates [2]float64 `json:"coordinates"`
	CRS         string     `json:"crs"`
	Matrix      string     `json:"tileMatrix"`
}

// ogcTilesetLayer is a layer of the tiles and its properties.
type ogcTilesetLayer struct {
	ID        string        `json:"id"`
	Title     string        `json:"title,omitempty"`
	DataType  string        `json:"dataType"`
	Dimension *int          `json:"geometryDimension,omitempty"`
	MinMatrix string        `json:"minTileMatrix"`
	MaxMatrix string        `json:"maxTileMatrix"`
	Schema    ogcTileSchema `json:"propertiesSchema"`
}

type ogcTileSchema struct {
	Type       string                     `json:"type"`
	Properties map[string]ogcTileProperty `json:"properties"`
}

type ogcTileProperty struct {
	Type        string `json:"type"`
	Description string `json:"description,omitempty"`
}

// newOGCTileset begins the description of a tileset.
func newOGCTileset(v *ogcReply, d *ogcTiled) *ogcTileset {
	return &ogcTileset{
		Title: d.title.In(v.lang), Abstract: d.description.In(v.lang), DataType: "vector", CRS: webMercatorCRS, Scheme: webMercatorURI,
	}
}

// describe fills in what the TileJSON of the same tiles says.
func (t *ogcTileset) describe(doc tiles.TileJSON, dimension int) {
	t.Formats = []string{typeTile}
	nw, se := orb.Point{doc.Bounds[0], doc.Bounds[3]}, orb.Point{doc.Bounds[2], doc.Bounds[1]}
	for z := doc.MinZoom; z <= doc.MaxZoom; z++ {
		a, b := tiles.TileAt(nw, z), tiles.TileAt(se, z)
		t.Limits = append(t.Limits, ogcTileLimits{Matrix: strconv.Itoa(int(z)), MinRow: a.Y, MaxRow: b.Y, MinCol: a.X, MaxCol: b.X})
	}
	t.Box = &ogcTileBox{[2]float64(doc.Bounds[:2]), [2]float64(doc.Bounds[2:]), crs.CRS84.URI()}
	t.Center = &ogcTileCenter{[2]float64(doc.Center[:2]), crs.CRS84.URI(), strconv.Itoa(int(doc.Center[2]))}
	for _, l := range doc.VectorLayers {
		layer := ogcTilesetLayer{
			ID: l.ID, Title: l.Description, DataType: "vector", MinMatrix: strconv.Itoa(int(l.MinZoom)), MaxMatrix: strconv.Itoa(int(l.MaxZoom)),
			Dimension: &dimension, Schema: ogcTileSchema{Type: "object", Properties: map[string]ogcTileProperty{}},
		}
		for name, words := range l.Fields {
			kind, about, _ := strings.Cut(words, ":")
			layer.Schema.Properties[name] = ogcTileProperty{kind, strings.TrimSpace(about)}
		}
		t.Layers = append(t.Layers, layer)
	}
}

// tileMatrixSet is a tile matrix set as JSON (OGC 17-083r4, clause 7.1).
type tileMatrixSet struct {
	ID       string       `json:"id"`
	Title    string       `json:"title"`
	URI      string       `json:"uri"`
	Axes     []string     `json:"orderedAxes"`
	CRS      string       `json:"crs"`
	ScaleSet string       `json:"wellKnownScaleSet"`
	Matrices []tileMatrix `json:"tileMatrices"`
}

type tileMatrix struct {
	ID           string     `json:"id"`
	Scale        float64    `json:"scaleDenominator"`
	CellSize     float64    `json:"cellSize"`
	Corner       string     `json:"cornerOfOrigin"`
	Origin       [2]float64 `json:"pointOfOrigin"`
	TileWidth    int        `json:"tileWidth"`
	TileHeight   int        `json:"tileHeight"`
	MatrixWidth  int64      `json:"matrixWidth"`
	MatrixHeight int64      `json:"matrixHeight"`
}

// newTileMatrixSet returns WebMercatorQuad up to the last zoom of ours: tiles
// of 256 cells on the square of Web Mercator, each zoom with twice the cells
// of the one before. A cell is drawn 0.28 mm wide, which gives the scale.
func newTileMatrixSet() tileMatrixSet {
	const cell, pixel = 256, 0.28e-3
	edge := math.Pi * 6378137.0
	set := tileMatrixSet{
		ID: webMercatorQuad, Title: "Google Maps Compatible for the World", URI: webMercatorURI,
		Axes: []string{"X", "Y"}, CRS: webMercatorCRS, ScaleSet: "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible",
	}
	for z := range tiles.MaxZoom + 1 {
		size := math.Ldexp(2*edge/cell, -z)
		set.Matrices = append(set.Matrices, tileMatrix{
			ID: strconv.Itoa(z), Scale: size / pixel, CellSize: size, Corner: "topLeft", Origin: [2]float64{-edge, edge},
			TileWidth: cell, TileHeight: cell, MatrixWidth: 1 << z, MatrixHeight: 1 << z,
		})
	}
	return set
}
