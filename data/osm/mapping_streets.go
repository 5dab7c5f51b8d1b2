package osm

// streetRow maps a way to the class under which the street network and the
// base map know it; the first row wins.
type streetRow struct {
	When    string
	Class   string
	MinZoom uint8 // of the line on the base map
}

func (r streetRow) when() string { return r.When }

// streetRows: which ways are streets. Links take the class of the road they
// lead to. An unclassified road is the least class of through road, which the
// network knows as residential; a busway is a service road whose access tags
// say the rest. Roads that are planned, being built or gone are none, nor are
// race tracks. Ferries are left out: no rider delivers across one.
var streetRows = []streetRow{
	{"highway=motorway|motorway_link", "motorway", 5},
	{"highway=trunk|trunk_link", "trunk", 6},
	{"highway=primary|primary_link", "primary", 8},
	{"highway=secondary|secondary_link", "secondary", 9},
	{"highway=tertiary|tertiary_link", "tertiary", 11},
	{"highway=residential|unclassified|road", "residential", 12},
	{"highway=living_street", "living_street", 13},
	{"highway=service|busway|bus_guideway", "service", 14},
	{"highway=pedestrian", "pedestrian", 13},
	{"highway=cycleway", "cycleway", 13},
	{"highway=footway|platform|corridor|elevator|crossing", "footway", 14},
	{"highway=path|bridleway", "path", 14},
	{"highway=steps", "steps", 15},
	{"highway=track", "track", 13},
}

// streetKeys are the tags that a way keeps on its way into the network, with
// the accessKeys: who may use it, in which direction, and how good it is.
var streetKeys = []string{
	"highway", "oneway", "oneway:bicycle", "oneway:foot", "oneway:moped", "oneway:electric_bicycle", "junction",
	"cycleway", "cycleway:left", "cycleway:right", "cycleway:both", "cycleway:left:oneway", "cycleway:right:oneway",
	"sidewalk", "sidewalk:left", "sidewalk:right", "sidewalk:both", "segregated", "footway", "service", "crossing",
	"surface", "smoothness", "tracktype", "step_count", "ramp", "ramp:bicycle", "conveying", "incline", "width",
	"tunnel", "bridge", "layer", "covered", "indoor", "area", "ford", "lanes", "maxspeed", "informal", "tactile_paving",
	"motorroad", "sac_scale", "trail_visibility", "ref",
}

// wallRow maps a line to a class of wall.
type wallRow struct {
	When    string
	Class   string
	MinZoom uint8
}

func (r wallRow) when() string { return r.When }

// wallRows: lines that nobody passes but at a gate. A guard rail, a handrail
// or a kerb stops no one on foot and is not one of them.
var wallRows = []wallRow{
	{"barrier=wall|city_wall|retaining_wall", "wall", 15},
	{"barrier=fence|cable_barrier|jersey_barrier", "fence", 16},
	{"barrier=hedge", "hedge", 16},
	{"fence_type=*", "fence", 16},
}

// wallKeys are the tags that a wall keeps.
var wallKeys = []string{"barrier", "fence_type", "wall", "height", "material", "layer", "access", "foot", "tunnel", "location"}

// busRoutes: relations whose members are called at by a bus line.
var busRoutes = []yesRow{"route=bus|trolleybus|minibus|share_taxi|coach"}
