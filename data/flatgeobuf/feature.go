package flatgeobuf

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"github.com/paulmach/orb"
)

// Of feature.fbs: the numbers of the fields that are written.
const (
	featureGeometry   = 0
	featureProperties = 1

	geometryEnds  = 0
	geometryXY    = 1
	geometryType  = 6
	geometryParts = 7
)

// Properties are the values of one feature. A column that is not set is null;
// each is set once.
type Properties struct {
	b []byte
	// columns are the schema's; err is the first fault.
	columns []Column
	err     error
}

// reset forgets all values.
func (p *Properties) reset(columns []Column) { p.b, p.columns, p.err = p.b[:0], columns, nil }

// column begins a value.
func (p *Properties) column(i int, types ...Type) bool {
	if i < 0 || i >= len(p.columns) {
		p.fail(fmt.Errorf("flatgeobuf: there is no column %d", i))
		return false
	}
	for _, t := range types {
		if p.columns[i].Type == t {
			p.b = binary.LittleEndian.AppendUint16(p.b, uint16(i))
			return true
		}
	}
	p.fail(fmt.Errorf("flatgeobuf: column %q takes no such value", p.columns[i].Name))
	return false
}

func (p *Properties) fail(err error) {
	if p.err == nil {
		p.err = err
	}
}

// Text sets a column of type String, JSON or DateTime.
func (p *Properties) Text(column int, s string) {
	if uint64(len(s)) > math.MaxUint32/2 {
		p.fail(fmt.Errorf("flatgeobuf: a text of %d bytes", len(s)))
		return
	}
	if p.column(column, String, JSON, DateTime) {
		p.b = binary.LittleEndian.AppendUint32(p.b, uint32(len(s)))
		p.b = append(p.b, s...)
	}
}

// Bool sets a column of type Bool.
func (p *Properties) Bool(column int, v bool) {
	if p.column(column, Bool) {
		b := byte(0)
		if v {
			b = 1
		}
		p.b = append(p.b, b)
	}
}

// Int sets a column of type Int.
func (p *Properties) Int(column int, v int64) {
	if p.column(column, Int) {
		p.b = binary.LittleEndian.AppendUint64(p.b, uint64(v))
	}
}

// Double sets a column of type Double.
func (p *Properties) Double(column int, v float64) {
	if p.column(column, Double) {
		p.b = binary.LittleEndian.AppendUint64(p.b, math.Float64bits(v))
	}
}

// ErrEmpty is what Writer.Add returns for a geometry without points, or with a
// ring of less than four.
var ErrEmpty = errors.New("flatgeobuf: an empty geometry has no place in the index")

// feature appends a feature with its size before it. dst is a multiple of eight
// long.
func (w *buffer) feature(dst []byte, kind GeometryType, g orb.Geometry, properties []byte) ([]byte, error) {
	var geometry, values int
	fields := [2]field{ref(featureGeometry, &geometry), ref(featureProperties, &values)}
	n := 2
	if len(properties) == 0 {
		n = 1
	}
	w.table(w.begin(dst), fields[:n]...)
	var err error
	switch g := g.(type) {
	case orb.Point:
		err = w.line(geometry, kind, Point, []orb.Point{g}, 1)
	case orb.LineString:
		err = w.line(geometry, kind, LineString, g, 2)
	case orb.Polygon:
		err = w.polygon(geometry, kind, g)
	case orb.MultiPolygon:
		err = w.multiPolygon(geometry, kind, g)
	default:
		err = fmt.Errorf("flatgeobuf: a %T cannot be written", g)
	}
	if err != nil {
		return nil, err
	}
	if w.odd {
		return nil, errors.New("flatgeobuf: a coordinate is no number")
	}
	if n == 2 {
		w.bytes(values, properties)
	}
	return w.end(), nil
}

// line writes a geometry of one run of points.
func (w *buffer) line(at int, want, is GeometryType, points []orb.Point, least int) error {
	if want != is {
		return fmt.Errorf("flatgeobuf: a geometry of type %d in a file of type %d", is, want)
	}
	if len(points) < least {
		return ErrEmpty
	}
	var xy int
	w.table(at, ref(geometryXY, &xy), scalar8(geometryType, uint8(is)))
	w.floats(xy, 2*len(points))
	for _, p := range points {
		w.float(p[0])
		w.float(p[1])
	}
	return nil
}

// polygon writes the rings one after another and, where there are several,
// where each ends.
func (w *buffer) polygon(at int, want GeometryType, rings orb.Polygon) error {
	if want != Polygon {
		return fmt.Errorf("flatgeobuf: a polygon in a file of type %d", want)
	}
	total := 0
	ends := make([]uint32, 0, 8)
	for _, ring := range rings {
		if len(ring) < 4 {
			return ErrEmpty
		}
		total += len(ring)
		ends = append(ends, uint32(total))
	}
	if total == 0 {
		return ErrEmpty
	}
	var end, xy int
	if len(rings) > 1 {
		w.table(at, ref(geometryEnds, &end), ref(geometryXY, &xy), scalar8(geometryType, uint8(Polygon)))
		w.counts(end, ends)
	} else {
		w.table(at, ref(geometryXY, &xy), scalar8(geometryType, uint8(Polygon)))
	}
	w.floats(xy, 2*total)
	for _, ring := range rings {
		for _, p := range ring {
			w.float(p[0])
			w.float(p[1])
		}
	}
	return nil
}

func (w *buffer) multiPolygon(at int, want GeometryType, area orb.MultiPolygon) error {
	if want != MultiPolygon {
		return fmt.Errorf("flatgeobuf: a multipolygon in a file of type %d", want)
	}
	if len(area) == 0 {
		return ErrEmpty
	}
	var parts int
	w.table(at, ref(geometryParts, &parts), scalar8(geometryType, uint8(MultiPolygon)))
	first := w.refs(parts, len(area))
	for i, p := range area {
		if err := w.polygon(first+4*i, Polygon, p); err != nil {
			return err
		}
	}
	return nil
}
