package osm

import "yizhan/geo"

// compoundRow maps an area to a type of compound. The first row wins.
type compoundRow struct {
	When string
	Type geo.CompoundType
	// Mere says that the tags alone do not tell a compound from a quarter of
	// the town. Such an area is a compound only where it is not larger than
	// maxMere and no road of a class in throughRows runs inside it.
	Mere bool
	// Walled says that the tags themselves tell of a wall.
	Walled bool
}

func (r compoundRow) when() string { return r.When }

// maxMere is the largest area, in square metres, of a compound that is known
// by its land use and name alone: a superblock of 1 km by 1.5 km.
const maxMere = 1_500_000

// compoundRows: which areas are behind a perimeter with gates. Two words are
// not tags but geometry: @gate=yes where a gate stands on the perimeter, and
// @buildings=yes where a closed wall has buildings inside.
//
// A school that is tagged on its building is a building. A bus station on
// commercial land is no office park. A nameless housing
// area is a compound only when a gate on its edge says so: else every block
// of a mapped town would be one.
var compoundRows = []compoundRow{
	{When: "landuse=residential residential=gated|gated_community|apartments_gated !building=*", Type: geo.Residential, Walled: true},
	{When: "gated_community=yes !building=*", Type: geo.Residential, Walled: true},
	{When: "residential=gated !building=*", Type: geo.Residential, Walled: true},
	{When: "amenity=university|college|school|kindergarten !building=*", Type: geo.Campus},
	{When: "landuse=education name=* !building=*", Type: geo.Campus},
	{When: "amenity=hospital !building=*", Type: geo.Clinic},
	{When: "healthcare=hospital !building=*", Type: geo.Clinic},
	{When: "landuse=residential barrier=wall|fence|hedge !building=*", Type: geo.Residential, Walled: true},
	{When: "landuse=industrial barrier=wall|fence|hedge !building=*", Type: geo.Industrial, Walled: true},
	{When: "landuse=commercial barrier=wall|fence|hedge !building=*", Type: geo.Office, Walled: true},
	{When: "landuse=residential @gate=yes !building=* !amenity=bus_station|ferry_terminal|marketplace !public_transport=*", Type: geo.Residential, Mere: true},
	{When: "landuse=industrial @gate=yes !building=* !amenity=bus_station|ferry_terminal|marketplace !public_transport=*", Type: geo.Industrial, Mere: true},
	{When: "landuse=commercial @gate=yes !building=* !amenity=bus_station|ferry_terminal|marketplace !public_transport=*", Type: geo.Office, Mere: true},
	{When: "landuse=residential name=* !building=* !amenity=bus_station|ferry_terminal|marketplace !public_transport=*", Type: geo.Residential, Mere: true},
	{When: "landuse=industrial name=* !building=* !amenity=bus_station|ferry_terminal|marketplace !public_transport=*", Type: geo.Industrial, Mere: true},
	{When: "landuse=commercial name=* !building=* !amenity=bus_station|ferry_terminal|marketplace !public_transport=*", Type: geo.Office, Mere: true},
	{When: "office=government|company name=* @gate=yes !building=*", Type: geo.Office},
	{When: "amenity=townhall|social_facility|nursing_home @gate=yes !building=*", Type: geo.OtherArea},
	{When: "barrier=wall|fence|city_wall @buildings=yes !building=* !landuse=military|construction !leisure=*", Type: geo.OtherArea, Walled: true},
}

// throughRows: roads that never run inside a compound.
var throughRows = []yesRow{
	"highway=motorway|motorway_link|trunk|trunk_link|primary|primary_link|secondary|secondary_link|tertiary|tertiary_link",
}

// minWalledBuildings is how many buildings a closed wall must enclose to be a
// compound of its own: one house in its garden is none.
const minWalledBuildings = 2

// buildingRow maps a building; the first row wins.
type buildingRow struct {
	When string
	// Minor buildings are drawn and have no doors to be led to.
	Minor bool
}

func (r buildingRow) when() string { return r.When }

// buildingRows: which areas are buildings.
var buildingRows = []buildingRow{
	{When: "building=no|entrance|demolished|razed|proposed|ruins", Minor: true},
	{When: "building=roof|carport|shed|hut|garage|garages|cabin|kiosk|greenhouse|tent|canopy|guardhouse|gatehouse|bunker|container|silo|storage_tank|transformer_tower|service|bridge|stable|sty|cowshed|farm_auxiliary|allotment_house|toilets|grandstand|chimney|tank", Minor: true},
	{When: "building=*"},
}

// undrawnRows: what is tagged as a building and is none to draw.
var undrawnRows = []yesRow{"building=no|entrance|demolished|razed|proposed", "location=underground", "layer=-1|-2|-3|-4|-5"}

// numberKeys are where the number of a building is looked for, in this order;
// after them its name ("10号楼", "3栋", "228").
var numberKeys = []string{"addr:housenumber", "addr:building", "ref", "building:ref", "addr:block", "addr:block_number"}

// unitKeys are where the unit (单元) of an entrance is looked for; after them
// its name ("2单元").
var unitKeys = []string{"addr:unit", "unit", "ref", "addr:flats"}
