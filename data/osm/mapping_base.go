package osm

import "yizhan/geo"

// baseRow maps an element to a feature of the base map; the first row for the
// shape of the element wins. Streets, buildings, compounds and walls are drawn
// by their own tables.
type baseRow struct {
	When    string
	On      shape
	Layer   geo.MapLayer
	Class   string
	MinZoom uint8
}

func (r baseRow) when() string { return r.When }

// baseRows: what is drawn, and from which zoom on. Areas whose extent would
// stay under about two pixels come later than their row says.
var baseRows = []baseRow{
	{"natural=water water=river", onArea, geo.LayerWater, "river", 6},
	{"natural=water water=basin|reservoir|wastewater|pond", onArea, geo.LayerWater, "basin", 8},
	{"natural=water", onArea, geo.LayerWater, "lake", 6},
	{"natural=bay|strait", onArea, geo.LayerWater, "sea", 4},
	{"waterway=riverbank|dock|canal", onArea, geo.LayerWater, "river", 8},
	{"landuse=reservoir|basin|salt_pond", onArea, geo.LayerWater, "basin", 9},
	{"leisure=swimming_pool", onArea, geo.LayerWater, "basin", 15},
	{"waterway=river", onLine, geo.LayerWater, "river", 8},
	{"waterway=canal", onLine, geo.LayerWater, "canal", 11},
	{"waterway=stream|ditch|drain !tunnel=* !intermittent=yes", onLine, geo.LayerWater, "stream", 13},

	{"leisure=park|garden|playground|dog_park|common", onArea, geo.LayerGreen, "park", 10},
	{"leisure=nature_reserve", onArea, geo.LayerGreen, "forest", 9},
	{"leisure=golf_course", onArea, geo.LayerGreen, "grass", 11},
	{"leisure=pitch|track|stadium|sports_centre !building=*", onArea, geo.LayerGreen, "pitch", 13},
	{"landuse=forest", onArea, geo.LayerGreen, "forest", 8},
	{"natural=wood", onArea, geo.LayerGreen, "forest", 8},
	{"natural=scrub|heath", onArea, geo.LayerGreen, "forest", 10},
	{"landuse=grass|village_green|recreation_ground|meadow|greenfield|flowerbed", onArea, geo.LayerGreen, "grass", 12},
	{"natural=grassland|wetland|shrubbery|fell|moor", onArea, geo.LayerGreen, "grass", 11},
	{"landuse=farmland|farm|orchard|vineyard|allotments|greenhouse_horticulture|plant_nursery|farmyard", onArea, geo.LayerGreen, "farmland", 10},
	{"landuse=cemetery", onArea, geo.LayerGreen, "cemetery", 12},
	{"amenity=grave_yard", onArea, geo.LayerGreen, "cemetery", 13},
	{"natural=beach|sand|shingle", onArea, geo.LayerGreen, "beach", 11},

	{"amenity=university|college|school|kindergarten !building=*", onArea, geo.LayerLanduse, "school", 12},
	{"landuse=education", onArea, geo.LayerLanduse, "school", 12},
	{"amenity=hospital !building=*", onArea, geo.LayerLanduse, "hospital", 12},
	{"amenity=parking|motorcycle_parking|bicycle_parking !building=* !parking=underground|multi-storey|rooftop", onArea, geo.LayerLanduse, "parking", 15},
	{"landuse=residential", onArea, geo.LayerLanduse, "residential", 9},
	{"landuse=commercial|retail", onArea, geo.LayerLanduse, "commercial", 11},
	{"landuse=industrial|quarry|landfill|port|depot", onArea, geo.LayerLanduse, "industrial", 10},
	{"landuse=railway", onArea, geo.LayerLanduse, "railway", 12},
	{"highway=pedestrian|footway|living_street|platform", onArea, geo.LayerLanduse, "square", 14},
	{"place=square", onArea, geo.LayerLanduse, "square", 14},
	{"public_transport=platform", onArea, geo.LayerLanduse, "square", 16},

	{"railway=rail|light_rail|tram|narrow_gauge|monorail|funicular service=*", onLine, geo.LayerRoad, "rail", 13},
	{"railway=rail|light_rail|tram|narrow_gauge|monorail|funicular tunnel=*", onLine, geo.LayerRoad, "rail", 13},
	{"railway=rail|light_rail|tram|narrow_gauge|monorail|funicular", onLine, geo.LayerRoad, "rail", 9},
	{"railway=subway", onLine, geo.LayerRoad, "subway", 12},

	{"place=city", onNode, geo.LayerLabel, "city", 4},
	{"place=town", onNode, geo.LayerLabel, "town", 8},
	{"place=suburb|borough|district|city_district", onNode, geo.LayerLabel, "suburb", 11},
	{"place=village", onNode, geo.LayerLabel, "village", 11},
	{"place=neighbourhood|quarter|city_block", onNode, geo.LayerLabel, "neighbourhood", 14},
	{"place=hamlet|isolated_dwelling|locality", onNode, geo.LayerLabel, "hamlet", 14},
}

// Lowest zooms of compounds and buildings.
const (
	compoundZoom = 12
	buildingZoom = 13
)

// coastRows: ways that are the shore of the sea, land on their left.
var coastRows = []yesRow{"natural=coastline"}
