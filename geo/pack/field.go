package pack

// Field is a field of a row. The order of the fields is that in which a
// place's properties are written.
type Field uint8

// The fields. ID, Kind, Name, Facilities and Feed are in every row,
// GateCompounds in every row with Gate. Ref is left out where the ID is the
// feed, a colon and the reference.
const (
	ID Field = iota
	Kind
	Name
	Names // a map
	Address
	District
	Phone
	Operator
	Website
	Note
	Hours
	HoursText
	Facilities // a list
	Valid
	Compound
	Feed
	Ref
	Station
	Charger
	BusStop
	Parking
	Bikes
	Gate
	GateCompounds // a list
	Time
	Extra // a map
	Origin
	// NumFields is the number of fields.
	NumFields
)

// Mask is a set of fields.
type Mask uint32

// unplaced is the bit of a row's mask that says it has no position.
const unplaced Mask = 1 << 31

// everywhere are the fields of every row.
const everywhere = 1<<ID | 1<<Kind | 1<<Name | 1<<Facilities | 1<<Feed

// texts are the fields whose value is text as it stands.
const texts = 1<<ID | 1<<Kind | 1<<Name | 1<<Address | 1<<District | 1<<Phone | 1<<Operator | 1<<Website | 1<<Note |
	1<<Hours | 1<<HoursText | 1<<Compound | 1<<Feed | 1<<Ref

// shared are the fields that have a dictionary.
const shared = 1<<Kind | 1<<District | 1<<Operator | 1<<Hours | 1<<HoursText | 1<<Facilities | 1<<Valid | 1<<Compound |
	1<<Feed | 1<<Station | 1<<Charger | 1<<BusStop | 1<<Parking | 1<<Bikes | 1<<Gate | 1<<GateCompounds | 1<<Time

// Has says whether a field is in the set.
func (m Mask) Has(f Field) bool { return m>>f&1 != 0 }
