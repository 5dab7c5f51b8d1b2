package geo

import "github.com/paulmach/orb"

// MapLayer is a layer of the base map.
type MapLayer string

// The layers of the base map, bottom first. The words in parentheses are the
// classes that a feature of the layer may have.
const (
	// LayerLanduse: residential, commercial, industrial, school, hospital,
	// railway, parking, square (polygons).
	LayerLanduse MapLayer = "landuse"
	// LayerGreen: park, grass, forest, farmland, pitch, cemetery, beach
	// (polygons).
	LayerGreen MapLayer = "green"
	// LayerWater: lake, river, sea, basin (polygons); stream, canal, river
	// (lines).
	LayerWater MapLayer = "water"
	// LayerCompound: the compound types (polygons).
	LayerCompound MapLayer = "compound"
	// LayerBuilding: "" (polygons); Ref is the building number.
	LayerBuilding MapLayer = "building"
	// LayerRoad: motorway, trunk, primary, secondary, tertiary, residential,
	// living_street, service, pedestrian, cycleway, footway, path, steps,
	// track, rail, subway (lines).
	LayerRoad MapLayer = "road"
	// LayerBarrier: wall, fence, hedge (lines).
	LayerBarrier MapLayer = "barrier"
	// LayerLabel: city, town, suburb, village, neighbourhood, hamlet (points).
	LayerLabel MapLayer = "label"
)

// MapLayers returns the layers of the base map, bottom first.
func MapLayers() [8]MapLayer {
	return [8]MapLayer{LayerLanduse, LayerGreen, LayerWater, LayerCompound, LayerBuilding, LayerRoad, LayerBarrier, LayerLabel}
}

// MapFeature is one feature of the base map, on its way from an import to the
// tiles. Polygons have RFC 7946 winding.
type MapFeature struct {
	Layer MapLayer
	Class string
	// Name is the local name, NameEn the English one.
	Name   string
	NameEn string
	// Ref is a road's or building's number.
	Ref string
	// Flags that change how a road is drawn.
	Bridge, Tunnel, Oneway bool
	// MinZoom is the lowest zoom the feature is shown at.
	MinZoom  uint8
	Geometry orb.Geometry
}
