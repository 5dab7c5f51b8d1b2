package osm

import "yizhan/geo"

// shape says what an element must be for a row to apply to it.
type shape uint8

const (
	onNode shape = 1 << iota // a node
	onLine                   // a way that is not taken as an area
	onArea                   // a closed way or a multipolygon
)

// placeRow maps tags to a kind of place. The first row that holds wins.
type placeRow struct {
	When string
	On   shape
	Kind geo.Kind
	// Type is the type of a station.
	Type geo.StationType
	// Stop ranks bus stops that stand for the same stop.
	Stop stopRank
}

func (r placeRow) when() string { return r.When }

// placeRows: which elements are places.
//
// Rest stations. OSM has no tag for a riders' rest station, and 驿站 alone is
// also a parcel shop, an inn or a rest area of a motorway, so only elements
// that say in their name whom they are for are taken; a shelter or a tap is
// not a station. The others come from spreadsheets.
//
// Gates. Every barrier that has a leaf, an arm or a turnstile, or is tagged as
// the opening in a perimeter. Bollards and blocks slow vehicles down and stay
// with the streets. Entrances on a perimeter are found by geometry, see
// entranceRows.
var placeRows = []placeRow{
	{When: "name~户外劳动者|劳动者驿站|爱心驿站|骑手驿站|骑手之家|小哥驿站|暖心驿站|工会驿站|职工驿站|司机之家|环卫驿站|环卫工人休息 !tourism=* !amenity=post_office|post_depot", On: onNode | onArea, Kind: geo.KindStation},
	{When: "name~暖蜂驿站|暖新驿站|红色驿站|新就业群体|骑士驿站 !tourism=* !amenity=post_office|post_depot", On: onNode | onArea, Kind: geo.KindStation},

	{When: "barrier=gate|lift_gate|swing_gate|sliding_gate|sliding_beam|wicket_gate|hampshire_gate|bump_gate", On: onNode, Kind: geo.KindGate},
	{When: "barrier=turnstile|full-height_turnstile|kissing_gate", On: onNode, Kind: geo.KindGate},
	{When: "barrier=entrance|security_control|checkpoint", On: onNode, Kind: geo.KindGate},

	{When: "amenity=charging_station", On: onNode | onArea, Kind: geo.KindCharger},
	{When: "amenity=device_charging_station", On: onNode | onArea, Kind: geo.KindCharger},

	{When: "highway=bus_stop", On: onNode | onArea, Kind: geo.KindBusStop, Stop: stopPole},
	{When: "public_transport=platform bus=yes|designated", On: onNode | onLine | onArea, Kind: geo.KindBusStop, Stop: stopPlatform},
	{When: "public_transport=platform trolleybus=yes", On: onNode | onLine | onArea, Kind: geo.KindBusStop, Stop: stopPlatform},
	{When: "highway=platform !railway=* !train=yes !subway=yes !tram=yes !light_rail=yes", On: onNode | onLine | onArea, Kind: geo.KindBusStop, Stop: stopPlatform},
	{When: "public_transport=platform !railway=* !train=yes !subway=yes !tram=yes !light_rail=yes !monorail=yes !ferry=yes !aerialway=* !funicular=yes", On: onNode | onLine | onArea, Kind: geo.KindBusStop, Stop: stopPlatform},
	{When: "public_transport=stop_position bus=yes|designated", On: onNode, Kind: geo.KindBusStop, Stop: stopPosition},
	{When: "public_transport=stop_position trolleybus=yes", On: onNode, Kind: geo.KindBusStop, Stop: stopPosition},
	{When: "public_transport=stop_position @bus_route=yes", On: onNode, Kind: geo.KindBusStop, Stop: stopPosition},
	{When: "amenity=bus_station", On: onNode | onArea, Kind: geo.KindBusStop, Stop: stopStation},

	{When: "amenity=bicycle_parking", On: onNode | onLine | onArea, Kind: geo.KindParking},
	{When: "amenity=motorcycle_parking", On: onNode | onLine | onArea, Kind: geo.KindParking},

	{When: "amenity=bicycle_rental", On: onNode | onArea, Kind: geo.KindSharedBike},
}

// vehicleRow says whom a place serves; every row that holds adds its vehicle.
type vehicleRow struct {
	When    string
	Vehicle string
}

func (r vehicleRow) when() string { return r.When }

// chargerRows: which vehicles a charging station charges. One that says
// nothing has no vehicles: not known. motorcar=no leaves two-wheelers.
var chargerRows = []vehicleRow{
	{"bicycle=yes|designated|permissive|customers", "ebike"},
	{"electric_bicycle=yes|designated", "ebike"},
	{"scooter=yes", "ebike"},
	{"moped=yes|designated", "ebike"},
	{"motorcycle=yes|designated", "ebike"},
	{"motorcar=no", "ebike"},
	{"motorcar=yes|designated|customers", "car"},
	{"car=yes|designated", "car"},
	{"hgv=yes|designated", "car"},
	{"socket:type2=*", "car"},
	{"socket:type2_combo=*", "car"},
	{"socket:type2_cable=*", "car"},
	{"socket:chademo=*", "car"},
	{"socket:gb_dc=*", "car"},
	{"socket:gb_ac=*", "car"},
	{"socket:tesla_supercharger=*", "car"},
	{"amenity=device_charging_station", "phone"},
	{"device_charging=yes", "phone"},
	{"socket:usb-a=*", "phone"},
	{"socket:usb-c=*", "phone"},
}

// parkingRows: which vehicles may be left in a bay. E-bikes stand where
// bicycles do, as Chinese traffic law classes them.
var parkingRows = []vehicleRow{
	{"amenity=bicycle_parking", "bicycle"},
	{"amenity=bicycle_parking !electric_bicycle=no", "ebike"},
	{"amenity=motorcycle_parking", "motorcycle"},
	{"amenity=motorcycle_parking electric_bicycle=yes|designated", "ebike"},
	{"amenity=motorcycle_parking bicycle=yes|designated", "bicycle"},
}

// yesRow is a condition alone.
type yesRow string

func (r yesRow) when() string { return string(r) }

// coveredRows: which bays have a roof.
var coveredRows = []yesRow{
	"covered=yes|roof|partial",
	"bicycle_parking=shed|building|lockers|multi-storey|two-tier_building",
	"building=roof|shed|carport|garage|garages|yes",
	"indoor=yes",
}

// goneRows: elements that stand in the data and no longer, or not yet, on the
// ground. They are no place.
var goneRows = []yesRow{
	"disused=yes", "abandoned=yes", "demolished=yes", "removed=yes",
	"proposed=yes", "construction=yes", "operational_status=closed|dismantled|abandoned",
}

// entranceRows: nodes that let people in: on a building's outline they are its
// doors, on a compound's perimeter its gates, in a wall a way through.
var entranceRows = []yesRow{
	"entrance=*",
	"building=entrance",
}

// barrierRows: nodes that stop or slow somebody on a way.
var barrierRows = []yesRow{"barrier=* !barrier=kerb|height_restrictor"}

// accessKeys are what is kept of who may pass, on gates, ways and areas; with
// every key that ends in :conditional.
var accessKeys = []string{
	"access", "foot", "bicycle", "electric_bicycle", "vehicle", "motor_vehicle", "motorcycle", "moped", "mofa",
	"motorcar", "delivery", "locked", "opening_hours", "entrance", "exit", "level", "wheelchair",
	"supervised", "maxwidth", "width", "wicket", "gate", "gate:type", "toll", "fee",
}

// extraKeys are tags that a place keeps in Extra under their own names.
var extraKeys = []string{"ref", "alt_name", "short_name", "access", "network", "level", "bicycle_parking", "brand"}
