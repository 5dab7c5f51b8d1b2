package cql2

import (
	"time"

	"github.com/paulmach/orb"
)

// Type is what kind of value a property holds.
type Type uint8

// The types of properties. Null is no type of a property: it is what a value
// that is missing has.
const (
	Null Type = iota
	String
	Number
	Boolean
	Timestamp
	Date
	StringList
	Geometry
)

// Schema names the properties that a filter may use, with their types. A
// property of type Geometry is the geometry of the record.
type Schema map[string]Type

// Record is what a filter is asked about.
type Record interface {
	// Value returns the value of a property, false where it is null. A
	// property of type Geometry is answered with Shape.
	Value(name string) (Value, bool)
	// Geometry returns the record's geometry in lon,lat; nil is null. It is
	// asked for at most once by each spatial function of a filter.
	Geometry() orb.Geometry
}

// Value is a value of a property. The zero value is null.
type Value struct {
	kind Type
	nsec int32
	sec  int64
	num  float64
	str  string
	list []string
}

// Text returns a value of type String.
func Text(s string) Value { return Value{kind: String, str: s} }

// Num returns a value of type Number.
func Num(f float64) Value { return Value{kind: Number, num: f} }

// Bool returns a value of type Boolean.
func Bool(b bool) Value {
	v := Value{kind: Boolean}
	if b {
		v.num = 1
	}
	return v
}

// At returns a value of type Timestamp.
func At(t time.Time) Value {
	return Value{kind: Timestamp, sec: t.Unix(), nsec: int32(t.Nanosecond())}
}

// Day returns a value of type Date: the day that t shows in its own zone.
func Day(t time.Time) Value {
	y, m, d := t.Date()
	return Value{kind: Date, sec: time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix()}
}

// List returns a value of type StringList. The filter reads items during the
// call of Match alone, so their memory may be used again for the next record.
func List(items []string) Value { return Value{kind: StringList, list: items} }

// Shape returns a value of type Geometry, which only says that there is one:
// its form is asked for with Record.Geometry.
func Shape() Value { return Value{kind: Geometry} }

// Type returns the type of the value, Null for the zero value.
func (v Value) Type() Type { return v.kind }
