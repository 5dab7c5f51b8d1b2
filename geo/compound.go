package geo

import "github.com/paulmach/orb"

// Compound is an area behind a perimeter with gates: a residential compound
// (小区), a campus, a hospital, an office park.
type Compound struct {
	// ID like "osm:w45" or "osm:r6".
	ID    string
	Type  CompoundType
	Name  string
	Names map[string]string
	// Aliases are other names people search for.
	Aliases []string
	Address string
	// Perimeter is a multipolygon with RFC 7946 winding.
	Perimeter orb.MultiPolygon
	// Walled says that a wall or fence is mapped or tagged on the perimeter.
	Walled bool
	// Tags are the access tags of the area.
	Tags Tags
	// Gated says that the street network treats the area as a room that is
	// entered through gates only; it is filled there, as Gates are.
	Gated bool
	// Gates are the place IDs of its gates.
	Gates []string
}

// CompoundType is what a compound is used for.
type CompoundType string

// The types of compound.
const (
	Residential CompoundType = "residential"
	Campus      CompoundType = "campus"
	Clinic      CompoundType = "hospital"
	Office      CompoundType = "office"
	Industrial  CompoundType = "industrial"
	OtherArea   CompoundType = "other"
)

// Building is a building (楼/栋), inside a compound or on the street.
type Building struct {
	// ID like "osm:w45".
	ID    string
	Name  string
	Names map[string]string
	// Number is the building's number in its compound or street: "10", "3栋".
	Number  string
	Address string
	// Outline has RFC 7946 winding; Center lies inside or near it.
	Outline orb.Polygon
	Center  orb.Point
	// Compound is the ID of the compound it stands in, "" outside. The street
	// network fills it.
	Compound  string
	Entrances []Entrance
}

// Entrance is a door of a building.
type Entrance struct {
	// ID like "osm:n123".
	ID    string
	Point orb.Point
	// Type is the value of entrance=*: main, yes, service, staircase …
	Type string
	// Unit is the unit's number or letter (单元), "" where not known.
	Unit string
	Name string
	Tags Tags
}
