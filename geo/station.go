package geo

// StationType is the type of a rest station.
type StationType string

// The types of station.
const (
	Hub           StationType = "hub"
	Branch        StationType = "branch"
	Pickup        StationType = "pickup"
	Merchant      StationType = "merchant"
	Hospital      StationType = "hospital"
	Academy       StationType = "academy"
	Property      StationType = "property"
	ServiceCentre StationType = "service_centre"
	Event         StationType = "event"
)

// StationTypeInfo names a station type for people.
type StationTypeInfo struct {
	Type StationType `json:"id"`
	Name Text        `json:"name"`
}

var stationTypeTable = [...]StationTypeInfo{
	{Hub, Text{"总站", "Hub"}},
	{Branch, Text{"分站", "Branch"}},
	{Pickup, Text{"自取点", "Pickup point"}},
	{Merchant, Text{"商家驿站", "Merchant"}},
	{Hospital, Text{"医院驿站", "Hospital"}},
	{Academy, Text{"学堂驿站", "Academy"}},
	{Property, Text{"物业驿站", "Property office"}},
	{ServiceCentre, Text{"党群服务中心", "Service centre"}},
	{Event, Text{"流动服务", "Mobile service"}},
}

// StationTypes returns the table of station types.
func StationTypes() []StationTypeInfo {
	return stationTypeTable[:len(stationTypeTable):len(stationTypeTable)]
}

// Station is a rest station (驿站).
type Station struct {
	// Type is "" where not known.
	Type StationType
	// Network names the 1+N network it belongs to; Hub is the place ID of its
	// hub, "" for the hub itself and for stations of no network.
	Network string
	Hub     string
	// Booking says how to book, for a dated service.
	Booking string
}
