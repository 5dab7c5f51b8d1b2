package geo

import (
	"time"

	"github.com/paulmach/orb"
)

// Place is anything with a point on the map. The fields of one kind stand in
// the pointer of that kind, nil for the others.
//
// A Place that has been handed to a store, an index or an Atlas is never
// changed again; make a copy.
type Place struct {
	// ID is stable across imports of the same source: "osm:n123",
	// "table:zhengzhou-stations:…", "demo:station-7". It holds no comma and
	// no white space.
	ID   string
	Kind Kind
	// Name is what the place is called where it stands; Names holds other
	// languages by BCP 47 tag ("en", "zh").
	Name  string
	Names map[string]string

	// Point is WGS-84 lon,lat. It means nothing where Unplaced is true: a row
	// without coordinates is kept and reported, and never indexed.
	Point    orb.Point
	Unplaced bool
	// Origin is the position as its source gave it; nil where that was WGS-84.
	Origin *Origin

	Address  string
	District string
	Phone    string
	Operator string
	Website  string
	Note     string

	// Hours is an opening_hours string that parses, "" where nothing is
	// known. HoursText is what the source wrote where that could not be read.
	Hours     string
	HoursText string
	// Valid bounds a dated service; nil where it always stands.
	Valid *Period

	Facilities []Facility
	// Compound is the ID of the compound the place lies in, "" outside.
	Compound string
	Source   Source

	Station *Station
	Gate    *Gate
	Charger *Charger
	BusStop *BusStop
	Parking *Parking
	Bikes   *SharedBikes

	// Extra holds what the source said beyond these fields, by its own names.
	Extra map[string]string
}

// In returns the place's name in a language, or its own name.
func (p *Place) In(lang Lang) string {
	if n := p.Names[string(lang)]; n != "" {
		return n
	}
	return p.Name
}

// Has says whether the place offers every one of the facilities.
func (p *Place) Has(all []Facility) bool {
	for _, want := range all {
		found := false
		for _, f := range p.Facilities {
			if f == want {
				found = true
				break
			}
		}
		if !found {
			return false
		}
	}
	return true
}

// Source says where a place came from.
type Source struct {
	// Feed names what an import replaces as a whole: "osm", "table:NAME",
	// "demo"; "entered" is what people typed, which no import touches.
	Feed string
	// Ref is the source's own reference: "n123", "row 7".
	Ref string
	// Time is when the source was read.
	Time time.Time
}

// FeedOSM and FeedEntered are the feeds with a meaning of their own.
const (
	FeedOSM     = "osm"
	FeedEntered = "entered"
)

// Origin is a position in the words of its source.
type Origin struct {
	// Datum is wgs84, gcj02 or bd09.
	Datum    string
	Lon, Lat float64
}

// Period is a time span, Until exclusive.
type Period struct{ From, Until time.Time }

// Charger is a charging point.
type Charger struct {
	// Vehicles served: "ebike", "car", "phone"; empty where not known.
	Vehicles []string
	// Sockets is how many can charge at once, 0 where not known.
	Sockets int
	Fee     string
}

// BusStop is a stop of public transport.
type BusStop struct {
	// Lines that call there.
	Lines   []string
	Shelter bool
	Bench   bool
}

// Parking is a bay for bicycles, e-bikes or motorcycles.
type Parking struct {
	// Vehicles: "bicycle", "ebike", "motorcycle".
	Vehicles []string
	// Capacity is the number of bays, 0 where not known.
	Capacity int
	Covered  bool
}

// SharedBikes is a rack of bikes to borrow.
type SharedBikes struct {
	// Capacity is the number of bikes or docks, 0 where not known.
	Capacity int
	// Network names who lends them.
	Network string
}
