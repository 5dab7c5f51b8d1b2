package tiles

import (
	"encoding/json"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"yizhan/geo"
	"yizhan/tiles/pmtiles"
)

// TileJSON is a TileJSON 3.0.0 document
// (https://github.com/mapbox/tilejson-spec/tree/master/3.0.0).
type TileJSON struct {
	TileJSON    string `json:"tilejson"`
	Name        string `json:"name,omitempty"`
	Description string `json:"description,omitempty"`
	// Version is a semantic version, whose build part stands for the data.
	Version     string `json:"version,omitempty"`
	Attribution string `json:"attribution,omitempty"`
	Scheme      string `json:"scheme"`
	// Tiles are URL templates with {z}, {x} and {y}.
	Tiles        []string      `json:"tiles"`
	MinZoom      uint8         `json:"minzoom"`
	MaxZoom      uint8         `json:"maxzoom"`
	Bounds       [4]float64    `json:"bounds"`
	Center       [3]float64    `json:"center"`
	VectorLayers []VectorLayer `json:"vector_layers"`
}

// VectorLayer describes a layer of vector tiles.
type VectorLayer struct {
	ID          string `json:"id"`
	Description string `json:"description,omitempty"`
	MinZoom     uint8  `json:"minzoom"`
	MaxZoom     uint8  `json:"maxzoom"`
	// Fields are the properties that features may have, with a word on each.
	Fields map[string]string `json:"fields"`
}

// Metadata is the JSON metadata of the base map's archive.
type Metadata struct {
	Name         string        `json:"name,omitempty"`
	Description  string        `json:"description,omitempty"`
	Attribution  string        `json:"attribution,omitempty"`
	Type         string        `json:"type,omitempty"`
	VectorLayers []VectorLayer `json:"vector_layers"`
}

// TileJSON describes the place tiles of some kinds, nil for all. template is
// the URL of a tile with {z}, {x} and {y} in it.
func (p *Places) TileJSON(template string, kinds []geo.Kind) TileJSON {
	doc := newTileJSON(template, p.ix.Bound(), 0, MaxZoom)
	doc.Name, doc.Description = "places", "Places by kind, gathered into counts where they crowd"
	if len(kinds) == 1 {
		doc.Name = string(kinds[0])
	}
	doc.VectorLayers = []VectorLayer{}
	for _, info := range geo.Kinds() {
		if len(kinds) > 0 && !slices.Contains(kinds, info.Kind) {
			continue
		}
		doc.VectorLayers = append(doc.VectorLayers, VectorLayer{
			ID: string(info.Kind), Description: info.Name.En, MaxZoom: MaxZoom, Fields: placeFields(info.Kind),
		})
	}
	return doc
}

// placeFields describes the properties of a kind of place.
func placeFields(kind geo.Kind) map[string]string {
	fields := map[string]string{
		"id": "string: the place's id; missing where several stand together", "name": "string: what it is called where it stands",
		"name_en": "string: the English name", "kind": "string: " + string(kind), "hours": "string: opening_hours",
		"count": "number: how many places stand together", "expansion_zoom": "number: the zoom at which they come apart",
	}
	switch kind {
	case geo.KindStation:
		fields["class"] = "string: the station's type"
		fields["facilities"] = "string: what the station offers, with commas between"
	case geo.KindGate:
		fields["class"] = "string: the gate's barrier, or inferred"
	}
	return fields
}

// BaseTileJSON describes the tiles of a base map within b, WGS-84, from zoom
// least to greatest. metadata is the JSON metadata of its archive, nil where
// there is none: then every layer that a base map may have is named. template
// is the URL of a tile with {z}, {x} and {y} in it.
func BaseTileJSON(b orb.Bound, least, greatest uint8, metadata []byte, template string) (TileJSON, error) {
	doc := newTileJSON(template, b, least, greatest)
	doc.Name = "base"
	var meta Metadata
	if len(metadata) > 0 {
		if err := json.Unmarshal(metadata, &meta); err != nil {
			return doc, &pmtiles.FormatError{Part: "metadata", Reason: "not the JSON expected", Err: err}
		}
		doc.Description, doc.Attribution = meta.Description, meta.Attribution
		if meta.Name != "" {
			doc.Name = meta.Name
		}
	}
	if doc.VectorLayers = meta.VectorLayers; len(doc.VectorLayers) == 0 {
		for _, l := range geo.MapLayers() {
			doc.VectorLayers = append(doc.VectorLayers, VectorLayer{ID: string(l), MinZoom: least, MaxZoom: greatest, Fields: map[string]string{}})
		}
	}
	return doc, nil
}

func newTileJSON(template string, b orb.Bound, minZoom, maxZoom uint8) TileJSON {
	b = mapped(b)
	c := b.Center()
	return TileJSON{
		TileJSON: "3.0.0", Scheme: "xyz", Tiles: []string{template}, MinZoom: minZoom, MaxZoom: maxZoom,
		Bounds: [4]float64{seven(b.Min[0]), seven(b.Min[1]), seven(b.Max[0]), seven(b.Max[1])},
		Center: [3]float64{seven(c[0]), seven(c[1]), float64(centerZoom(b, minZoom, maxZoom))},
	}
}

func worldBound() orb.Bound {
	return orb.Bound{Min: orb.Point{-180, -maxLatitude}, Max: orb.Point{180, maxLatitude}}
}

// centerZoom returns the zoom at which a box fills about a screen of four
// tiles.
func centerZoom(b orb.Bound, minZoom, maxZoom uint8) uint8 {
	nw, se := project(orb.Point{b.Min[0], b.Max[1]}), project(orb.Point{b.Max[0], b.Min[1]})
	width := max(int64(se.x)-int64(nw.x), int64(se.y)-int64(nw.y), 1)
	zoom := uint8(min(max(math.Floor(math.Log2(2*worldSize/float64(width))), 0), MaxZoom))
	return min(max(zoom, minZoom), maxZoom)
}

// seven rounds degrees to the seven decimals that are written anywhere.
func seven(v float64) float64 { return math.Round(v*1e7) / 1e7 }
