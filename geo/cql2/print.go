package cql2

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/paulmach/orb"
)

// String returns the filter in CQL2 Text.
func (f *Filter) String() string { return string(f.AppendText(nil)) }

// AppendText appends the filter in CQL2 Text. ParseText reads it back to the
// same filter.
func (f *Filter) AppendText(dst []byte) []byte { return f.root.appendText(dst, 0) }

// AppendJSON appends the filter in CQL2 JSON. ParseJSON reads it back to the
// same filter.
func (f *Filter) AppendJSON(dst []byte) []byte { return f.root.appendJSON(dst) }

// The binding of operators in CQL2 Text, from the weakest.
const (
	bindOr = 1 + iota
	bindAnd
	bindNot
	bindPredicate
	bindSum
	bindProduct
	bindPower
	bindPrimary
)

func (n *node) binding() int {
	switch {
	case n.op == opOr:
		return bindOr
	case n.op == opAnd:
		return bindAnd
	case n.op == opNot:
		return bindNot
	case n.op.isComparison(), n.op >= opLike && n.op <= opIsNull:
		return bindPredicate
	case n.op == opAdd, n.op == opSub:
		return bindSum
	case n.op == opPow:
		return bindPower
	case n.op.isArithmetic():
		return bindProduct
	}
	return bindPrimary
}

// appendText appends the node, in brackets where it binds weaker than asked.
func (n *node) appendText(dst []byte, least int) []byte {
	if n.binding() < least {
		return append(n.appendText(append(dst, '('), 0), ')')
	}
	switch {
	case n.op == opLiteral:
		return appendLiteral(dst, n.value)
	case n.op == opProperty:
		return appendName(dst, n.name)
	case n.op == opShape:
		return n.shape.appendText(dst)
	case n.op == opAnd || n.op == opOr:
		return n.appendJoined(dst, n.args, " "+opText(n.op)+" ", n.binding()+1)
	case n.op == opNot:
		return n.args[0].appendText(append(dst, "NOT "...), bindPredicate)
	case n.op == opIsNull:
		return append(n.args[0].appendText(dst, bindSum), " IS NULL"...)
	case n.op == opBetween:
		dst = append(n.args[0].appendText(dst, bindSum), " BETWEEN "...)
		return n.appendJoined(dst, n.args[1:], " AND ", bindSum)
	case n.op == opIn:
		dst = append(n.args[0].appendText(dst, bindSum), " IN ("...)
		return append(n.appendJoined(dst, n.args[1:], ", ", bindSum), ')')
	case n.op.isComparison() || n.op == opLike:
		return n.appendJoined(dst, n.args, " "+opText(n.op)+" ", bindSum)
	case n.op == opPow:
		dst = append(n.args[0].appendText(dst, bindPrimary), " ^ "...)
		return n.args[1].appendText(dst, bindPower)
	case n.op.isArithmetic():
		dst = n.args[0].appendText(dst, n.binding())
		dst = append(append(append(dst, ' '), opText(n.op)...), ' ')
		return n.args[1].appendText(dst, n.binding()+1)
	}
	dst = append(append(dst, opText(n.op)...), '(')
	return append(n.appendJoined(dst, n.args, ", ", bindSum), ')')
}

func (n *node) appendJoined(dst []byte, args []*node, between string, least int) []byte {
	for i, a := range args {
		if i > 0 {
			dst = append(dst, between...)
		}
		dst = a.appendText(dst, least)
	}
	return dst
}

func appendLiteral(dst []byte, v Value) []byte {
	switch v.kind {
	case String:
		return appendText(dst, v.str)
	case Number:
		return appendNumber(dst, v.num)
	case Boolean:
		if v.num != 0 {
			return append(dst, "TRUE"...)
		}
		return append(dst, "FALSE"...)
	case Date:
		return append(appendInstant(append(dst, "DATE('"...), v), "')"...)
	case Timestamp:
		return append(appendInstant(append(dst, "TIMESTAMP('"...), v), "')"...)
	}
	dst = append(dst, '(')
	for i, s := range v.list {
		if i > 0 {
			dst = append(dst, ", "...)
		}
		dst = appendText(dst, s)
	}
	return append(dst, ')')
}

// appendText quotes a text. A \ is doubled where what follows would be read as
// an escape.
func appendText(dst []byte, s string) []byte {
	dst = append(dst, '\'')
	for i := range len(s) {
		switch c := s[i]; {
		case c == '\'':
			dst = append(dst, "''"...)
		case c == '\\' && (i+1 == len(s) || strings.IndexByte(escapes+escaped, s[i+1]) >= 0):
			dst = append(dst, `\\`...)
		case c >= '\a' && c <= '\r':
			dst = append(dst, '\\', escapes[strings.IndexByte(escaped, c)])
		default:
			dst = append(dst, c)
		}
	}
	return append(dst, '\'')
}

func appendNumber(dst []byte, f float64) []byte {
	return strconv.AppendFloat(dst, f, 'g', -1, 64)
}

func appendInstant(dst []byte, v Value) []byte {
	t := time.Unix(v.sec, int64(v.nsec)).UTC()
	if v.kind == Date {
		return t.AppendFormat(dst, time.DateOnly)
	}
	return t.AppendFormat(dst, time.RFC3339Nano)
}

// appendName writes the name of a property, in quotes where it would be read
// as something else.
func appendName(dst []byte, name string) []byte {
	if !isKeyword(name) && nameLength(name) == len(name) && isNameStart([]rune(name)[0]) {
		return append(dst, name...)
	}
	return append(append(append(dst, '"'), name...), '"')
}

func (s *shape) appendText(dst []byte) []byte {
	if s.geometry == nil {
		dst = append(dst, "BBOX("...)
		for i, f := range s.box {
			if i > 0 {
				dst = append(dst, ", "...)
			}
			dst = appendNumber(dst, f)
		}
		return append(dst, ')')
	}
	return appendTagged(dst, s.geometry)
}

func appendTagged(dst []byte, g orb.Geometry) []byte {
	dst = append(dst, strings.ToUpper(g.GeoJSONType())...)
	switch g := g.(type) {
	case orb.Point:
		return appendGroup(dst, []orb.Point{g}, appendCoordinate)
	case orb.LineString:
		return appendGroup(dst, g, appendCoordinate)
	case orb.Polygon:
		return appendPolygon(dst, g)
	case orb.MultiPoint:
		return appendGroup(dst, g, func(dst []byte, p orb.Point) []byte {
			return appendGroup(dst, []orb.Point{p}, appendCoordinate)
		})
	case orb.MultiLineString:
		return appendGroup(dst, g, func(dst []byte, l orb.LineString) []byte { return appendGroup(dst, l, appendCoordinate) })
	case orb.MultiPolygon:
		return appendGroup(dst, g, appendPolygon)
	case orb.Collection:
		return appendGroup(dst, g, appendTagged)
	}
	return dst
}

func appendPolygon(dst []byte, p orb.Polygon) []byte {
	return appendGroup(dst, p, func(dst []byte, r orb.Ring) []byte { return appendGroup(dst, r, appendCoordinate) })
}

func appendCoordinate(dst []byte, p orb.Point) []byte {
	return appendNumber(append(appendNumber(dst, p[0]), ' '), p[1])
}

func appendGroup[E any](dst []byte, items []E, one func([]byte, E) []byte) []byte {
	dst = append(dst, '(')
	for i, e := range items {
		if i > 0 {
			dst = append(dst, ", "...)
		}
		dst = one(dst, e)
	}
	return append(dst, ')')
}

func (n *node) appendJSON(dst []byte) []byte {
	switch n.op {
	case opLiteral:
		return appendJSONLiteral(dst, n.value)
	case opProperty:
		return append(appendMarshalled(append(dst, `{"property":`...), n.name), '}')
	case opShape:
		if n.shape.geometry == nil {
			return append(appendMarshalled(append(dst, `{"bbox":`...), n.shape.box), '}')
		}
		return appendGeoJSON(dst, n.shape.geometry)
	}
	dst = append(appendMarshalled(append(dst, `{"op":`...), opNames[n.op]), `,"args":[`...)
	for i, a := range n.args {
		if i > 0 {
			dst = append(dst, ',')
		}
		if i == 1 && n.op == opIn {
			dst = append(dst, '[')
		}
		dst = a.appendJSON(dst)
	}
	if n.op == opIn {
		dst = append(dst, ']')
	}
	return append(dst, "]}"...)
}

func appendJSONLiteral(dst []byte, v Value) []byte {
	switch v.kind {
	case String:
		return appendMarshalled(dst, v.str)
	case Number:
		return appendNumber(dst, v.num)
	case Boolean:
		return strconv.AppendBool(dst, v.num != 0)
	case Date:
		return append(appendInstant(append(dst, `{"date":"`...), v), `"}`...)
	case Timestamp:
		return append(appendInstant(append(dst, `{"timestamp":"`...), v), `"}`...)
	}
	return appendMarshalled(dst, v.list)
}

func appendGeoJSON(dst []byte, g orb.Geometry) []byte {
	dst = append(append(append(dst, `{"type":"`...), g.GeoJSONType()...), `",`...)
	all, ok := g.(orb.Collection)
	if !ok {
		return append(appendMarshalled(append(dst, `"coordinates":`...), g), '}')
	}
	dst = append(dst, `"geometries":[`...)
	for i, m := range all {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendGeoJSON(dst, m)
	}
	return append(dst, "]}"...)
}

// appendMarshalled appends what always has a form in JSON: texts that are
// valid UTF-8 and finite numbers.
func appendMarshalled(dst []byte, v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		return append(dst, "null"...)
	}
	return append(dst, b...)
}
