package flatgeobuf

import (
	"fmt"
	"math"

	"github.com/paulmach/orb"
)

// GeometryType is the type that all geometries of a file have. The numbers are
// those of the format.
type GeometryType uint8

// The types of geometry that can be written.
const (
	Point        GeometryType = 1
	LineString   GeometryType = 2
	Polygon      GeometryType = 3
	MultiPolygon GeometryType = 6
)

// Type is the type of a column. The numbers are those of the format.
type Type uint8

// The types of column that can be written.
const (
	Bool     Type = 2
	Int      Type = 7 // 64 bits
	Double   Type = 10
	String   Type = 11
	JSON     Type = 12
	DateTime Type = 13 // ISO 8601
)

// Column is an attribute of the features.
type Column struct {
	Name string
	Type Type
	// Description says what it means, "" where the name does.
	Description string
}

// Schema is what the header says of a file.
type Schema struct {
	// Name of the layer; Description and Metadata (JSON) may be "".
	Name        string
	Description string
	Metadata    string
	Geometry    GeometryType
	// Columns have names of their own, at most 65,535.
	Columns []Column
}

func (s *Schema) check() error {
	switch s.Geometry {
	case Point, LineString, Polygon, MultiPolygon:
	default:
		return fmt.Errorf("flatgeobuf: geometry type %d cannot be written", s.Geometry)
	}
	if len(s.Columns) > math.MaxUint16 {
		return fmt.Errorf("flatgeobuf: %d columns, %d at most", len(s.Columns), math.MaxUint16)
	}
	seen := make(map[string]bool, len(s.Columns))
	for _, c := range s.Columns {
		switch c.Type {
		case Bool, Int, Double, String, JSON, DateTime:
		default:
			return fmt.Errorf("flatgeobuf: column %q: type %d cannot be written", c.Name, c.Type)
		}
		if c.Name == "" || seen[c.Name] {
			return fmt.Errorf("flatgeobuf: column %q: names are not empty and come once", c.Name)
		}
		seen[c.Name] = true
	}
	return nil
}

// Of header.fbs: the numbers of the fields that are written.
const (
	headerName          = 0
	headerEnvelope      = 1
	headerGeometryType  = 2
	headerColumns       = 7
	headerFeaturesCount = 8
	headerIndexNodeSize = 9
	headerCRS           = 10
	headerDescription   = 12
	headerMetadata      = 13

	columnName        = 0
	columnType        = 1
	columnDescription = 3

	crsOrg  = 0
	crsCode = 1
	crsName = 2
)

// header returns the header of a file with its size before it. The envelope and
// the index are left out of a file without features.
func (s *Schema) header(count int, envelope orb.Bound) []byte {
	var w buffer
	var name, bound, columns, crs, description, metadata int
	fields := []field{
		ref(headerName, &name), scalar8(headerGeometryType, uint8(s.Geometry)), ref(headerColumns, &columns),
		scalar64(headerFeaturesCount, uint64(count)), ref(headerCRS, &crs),
	}
	if count > 0 {
		fields = append(fields, ref(headerEnvelope, &bound), scalar16(headerIndexNodeSize, nodeSize))
	} else {
		fields = append(fields, scalar16(headerIndexNodeSize, 0))
	}
	if s.Description != "" {
		fields = append(fields, ref(headerDescription, &description))
	}
	if s.Metadata != "" {
		fields = append(fields, ref(headerMetadata, &metadata))
	}
	w.table(w.begin(nil), fields...)
	w.text(name, s.Name)
	if count > 0 {
		w.floats(bound, 4)
		for _, v := range [...]float64{envelope.Min[0], envelope.Min[1], envelope.Max[0], envelope.Max[1]} {
			w.float(v)
		}
	}
	at := w.refs(columns, len(s.Columns))
	for i, c := range s.Columns {
		c.write(&w, at+4*i)
	}
	var org, title int
	w.table(crs, ref(crsOrg, &org), scalar32(crsCode, 4326), ref(crsName, &title))
	w.text(org, "EPSG")
	w.text(title, "WGS 84")
	if s.Description != "" {
		w.text(description, s.Description)
	}
	if s.Metadata != "" {
		w.text(metadata, s.Metadata)
	}
	return w.end()
}

func (c *Column) write(w *buffer, at int) {
	var name, description int
	fields := []field{ref(columnName, &name), scalar8(columnType, uint8(c.Type))}
	if c.Description != "" {
		fields = append(fields, ref(columnDescription, &description))
	}
	w.table(at, fields...)
	w.text(name, c.Name)
	if c.Description != "" {
		w.text(description, c.Description)
	}
}
