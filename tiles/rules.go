package tiles

import (
	"math"

	"yizhan/geo"
)

// Sizes on the screen below count pixels of a tile that is drawn 512 pixels
// wide, as clients do that show the tiles of zoom z at zoom z+1; a pixel is
// eight units then.
const unitsPerPixel = 8

// nameZooms are the zooms from which the lines of a class carry their names.
var nameZooms = map[geo.MapLayer]map[string]uint8{
	geo.LayerRoad: {
		"motorway": 10, "trunk": 10, "primary": 11, "secondary": 12, "tertiary": 13,
		"residential": 14, "living_street": 14, "pedestrian": 14, "rail": 13, "subway": 13,
	},
	geo.LayerWater: {"river": 11, "canal": 12, "stream": 14},
}

// refZooms are the zooms from which roads carry their numbers.
var refZooms = map[string]uint8{"motorway": 7, "trunk": 8, "primary": 9}

const (
	// otherNameZoom is for lines of classes that nameZooms leaves out.
	otherNameZoom = 15
	// structureZoom shows bridges and tunnels, onewayZoom directions. Below,
	// lines that differ in nothing else are one.
	structureZoom = 12
	onewayZoom    = 14
	// buildingZoom shows buildings, and the zoom before it the large ones.
	buildingZoom = 14
	// labelArea is how many square pixels a polygon needs to carry a name.
	labelArea = 1000
)

// rule fills in the zooms at which a feature and its texts are shown.
func (s *source) rule(class string, maxZoom uint8) {
	if s.layer == geo.LayerBuilding && s.minZoom <= buildingZoom {
		s.minZoom = buildingZoom - 1
	}
	switch s.kind {
	case geomLine:
		s.nameZoom = otherNameZoom
		if z, ok := nameZooms[s.layer][class]; ok {
			s.nameZoom = z
		}
		s.refZoom = s.nameZoom
		if z, ok := refZooms[class]; ok {
			s.refZoom = z
		}
	case geomPolygon:
		s.nameZoom = zoomOfArea(s.area, labelArea)
		if s.layer == geo.LayerBuilding {
			// A number is read on a house that is seen from near.
			s.nameZoom = max(s.nameZoom, buildingZoom)
		}
		s.refZoom = s.nameZoom
	}
	// The last zoom has everything, and with its name: clients enlarge it.
	s.minZoom = min(s.minZoom, maxZoom)
	s.nameZoom, s.refZoom = min(s.nameZoom, maxZoom), min(s.refZoom, maxZoom)
}

// zoomOfArea returns the lowest zoom at which an area in square steps covers
// so many square pixels.
func zoomOfArea(area, pixels float64) uint8 {
	if area <= 0 {
		return MaxZoom
	}
	// At zoom z a unit is 2^(18-z) steps.
	z := worldBits - extentBits - math.Log2(area/(pixels*unitsPerPixel*unitsPerPixel))/2
	return uint8(min(max(math.Ceil(z), 0), MaxZoom))
}

// minArea returns the least area of a ring in square units at zoom z; what is
// smaller is left out.
func minArea(layer geo.MapLayer, z, maxZoom uint8) float64 {
	const pixel = unitsPerPixel * unitsPerPixel
	switch {
	case z >= maxZoom:
		return 1
	case layer == geo.LayerBuilding && z < buildingZoom:
		return 10 * pixel
	case layer == geo.LayerBuilding:
		return pixel / 2
	}
	return 2 * pixel
}

// tolerance returns by how many units lines may move at zoom z: half a pixel,
// and hardly at all at the last zoom.
func tolerance(z, maxZoom uint8) float64 {
	if z >= maxZoom {
		return 1
	}
	return unitsPerPixel / 2
}

// at returns the properties that are shown at zoom z.
func (s *source) at(z uint8) props {
	p := s.props
	if z < s.nameZoom {
		p.name, p.nameEn = 0, 0
	}
	if z < s.refZoom {
		p.ref = 0
	}
	p.bridge = p.bridge && z >= structureZoom
	p.tunnel = p.tunnel && z >= structureZoom
	p.oneway = p.oneway && z >= onewayZoom
	return p
}

// vectorLayers describes the layers of the base map for TileJSON.
func vectorLayers(seen map[geo.MapLayer][2]uint8) []VectorLayer {
	out := []VectorLayer{}
	for _, l := range geo.MapLayers() {
		zooms, ok := seen[l]
		if !ok {
			continue
		}
		fields := map[string]string{"class": "string", "name": "string: the local name", "name_en": "string: the English name"}
		switch l {
		case geo.LayerRoad:
			fields["ref"] = "string: the road's number"
			fields["bridge"], fields["tunnel"], fields["oneway"] = "boolean", "boolean", "boolean"
		case geo.LayerWater:
			fields["bridge"], fields["tunnel"] = "boolean", "boolean"
		case geo.LayerBuilding:
			fields["ref"] = "string: the building's number"
		}
		out = append(out, VectorLayer{ID: string(l), MinZoom: zooms[0], MaxZoom: zooms[1], Fields: fields})
	}
	return out
}
