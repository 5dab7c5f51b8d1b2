package tiles

import "encoding/binary"

// Point is a position in a tile: units of 1/4096 of its width from its
// north-western corner, y down.
type Point struct{ X, Y int32 }

// Encoder writes a Mapbox Vector Tile, version 2.1 of the specification
// (https://github.com/mapbox/vector-tile-spec/tree/master/2.1), by appending to
// buffers that it keeps. A feature is written as geometry first, then
// properties, then End:
//
//	e.Layer("road")
//	if e.Lines(lines) {
//		e.String("class", "primary")
//		e.End(0)
//	}
//	tile := e.Append(nil)
//
// The zero value is ready to use; Reset makes it ready again. It is not safe
// for concurrent use.
type Encoder struct {
	out      []byte
	name     string
	features []byte
	keys     []string
	values   []byte
	known    valueTable

	kind     uint8
	geometry []byte
	tags     []byte
	cursor   Point
	ring     []Point
}

// The geometry types and commands of the specification.
const (
	geomPoint   = 1
	geomLine    = 2
	geomPolygon = 3

	cmdMove  = 1
	cmdLine  = 2
	cmdClose = 7
)

// Reset forgets the tile.
func (e *Encoder) Reset() {
	e.out = e.out[:0]
	e.name = ""
	e.clear()
}

func (e *Encoder) clear() {
	e.features, e.keys, e.values = e.features[:0], e.keys[:0], e.values[:0]
	e.known.reset()
	e.discard()
}

func (e *Encoder) discard() {
	e.geometry, e.tags, e.cursor = e.geometry[:0], e.tags[:0], Point{}
}

// Layer begins a layer. A layer without features is left out. Names must not
// repeat within a tile.
func (e *Encoder) Layer(name string) {
	e.closeLayer()
	e.clear()
	e.name = name
}

// Points sets the geometry to points. It says whether there is any.
func (e *Encoder) Points(points []Point) bool {
	e.discard()
	e.kind = geomPoint
	if len(points) == 0 {
		return false
	}
	e.command(cmdMove, len(points))
	for _, p := range points {
		e.step(p)
	}
	return true
}

// Lines sets the geometry to lines. Repeated points, and lines without length,
// are left out; it says whether anything is left.
func (e *Encoder) Lines(lines [][]Point) bool {
	e.discard()
	e.kind = geomLine
	for _, line := range lines {
		e.ring = e.ring[:0]
		for i, p := range line {
			if i == 0 || p != line[i-1] {
				e.ring = append(e.ring, p)
			}
		}
		if len(e.ring) < 2 {
			continue
		}
		e.path(e.ring)
	}
	return len(e.geometry) > 0
}

// Ring is a ring of a polygon; a hole belongs to the last ring before it that
// is none. It may be closed or left open and wound either way.
type Ring struct {
	Points []Point
	Hole   bool
}

// Polygons sets the geometry to polygons: rings are closed, wound as the
// specification wants it (outer rings with positive area in the tile's y-down
// axes, holes with negative), freed of repeated and collinear points, and left
// out where no area is left, an outer ring together with its holes. It says
// whether anything is left.
func (e *Encoder) Polygons(rings []Ring) bool {
	e.discard()
	e.kind = geomPolygon
	outer := false
	for _, r := range rings {
		if r.Hole && !outer {
			continue
		}
		e.ring = tidyRing(e.ring[:0], r.Points)
		area := ringArea(e.ring)
		if !r.Hole {
			outer = area != 0
		}
		if area == 0 {
			continue
		}
		if (area > 0) == r.Hole {
			reverse(e.ring)
		}
		e.path(e.ring)
		e.command(cmdClose, 1)
	}
	return len(e.geometry) > 0
}

// path writes a line, or a ring without its closing point.
func (e *Encoder) path(points []Point) {
	e.command(cmdMove, 1)
	e.step(points[0])
	e.command(cmdLine, len(points)-1)
	for _, p := range points[1:] {
		e.step(p)
	}
}

func (e *Encoder) command(id uint32, count int) {
	e.geometry = binary.AppendUvarint(e.geometry, uint64(id|uint32(count)<<3))
}

func (e *Encoder) step(p Point) {
	e.geometry = appendZigzag(e.geometry, p.X-e.cursor.X)
	e.geometry = appendZigzag(e.geometry, p.Y-e.cursor.Y)
	e.cursor = p
}

func appendZigzag(b []byte, v int32) []byte {
	u := uint32(v<<1) ^ uint32(v>>31)
	for u >= 0x80 {
		b = append(b, byte(u)|0x80)
		u >>= 7
	}
	return append(b, byte(u))
}

// String adds a property to the feature whose geometry was set last. Equal
// values of a layer are stored once. Empty values are left out. The string is
// not kept.
func (e *Encoder) String(key, value string) {
	if value == "" {
		return
	}
	start := len(e.values)
	e.values = appendStringValue(e.values, value)
	e.tag(key, e.known.index(&e.values, start))
}

// Bytes is String for a value that stands in a buffer.
func (e *Encoder) Bytes(key string, value []byte) {
	if len(value) == 0 {
		return
	}
	start := len(e.values)
	e.values = appendStringValue(e.values, value)
	e.tag(key, e.known.index(&e.values, start))
}

// Unique adds a property whose value no other feature of the layer has, such
// as an identifier. It is String without the search for an equal one.
func (e *Encoder) Unique(key, value string) {
	e.values = appendStringValue(e.values, value)
	e.tag(key, e.known.add())
}

// Uint adds a number.
func (e *Encoder) Uint(key string, value uint64) {
	start := len(e.values)
	e.values = append(e.values, 0x22, byte(1+uvarintLen(value)), 5<<3)
	e.values = binary.AppendUvarint(e.values, value)
	e.tag(key, e.known.index(&e.values, start))
}

// Bool adds a flag.
func (e *Encoder) Bool(key string, value bool) {
	start := len(e.values)
	v := byte(0)
	if value {
		v = 1
	}
	e.values = append(e.values, 0x22, 2, 7<<3, v)
	e.tag(key, e.known.index(&e.values, start))
}

func appendStringValue[T string | []byte](b []byte, s T) []byte {
	b = append(b, 0x22)
	b = binary.AppendUvarint(b, uint64(1+uvarintLen(uint64(len(s)))+len(s)))
	b = append(b, 1<<3|2)
	b = binary.AppendUvarint(b, uint64(len(s)))
	return append(b, s...)
}

func (e *Encoder) tag(key string, value uint32) {
	// A layer has a handful of keys: looking through them beats a map.
	k := 0
	for k < len(e.keys) && e.keys[k] != key {
		k++
	}
	if k == len(e.keys) {
		e.keys = append(e.keys, key)
	}
	e.tags = binary.AppendUvarint(e.tags, uint64(k))
	e.tags = binary.AppendUvarint(e.tags, uint64(value))
}

// End writes the feature. id 0 stands for none.
func (e *Encoder) End(id uint64) {
	size := 2 + bytesLen(e.geometry)
	if id != 0 {
		size += 1 + uvarintLen(id)
	}
	if len(e.tags) > 0 {
		size += bytesLen(e.tags)
	}
	b := append(e.features, 2<<3|2)
	b = binary.AppendUvarint(b, uint64(size))
	if id != 0 {
		b = binary.AppendUvarint(append(b, 1<<3), id)
	}
	if len(e.tags) > 0 {
		b = appendBytes(b, 2, e.tags)
	}
	b = append(b, 3<<3, e.kind)
	e.features = appendBytes(b, 4, e.geometry)
	e.discard()
}

func (e *Encoder) closeLayer() {
	if len(e.features) == 0 {
		return
	}
	// Version 2 and extent 4096, the two fields of constant length.
	const head = 2 + 3
	size := head + 1 + uvarintLen(uint64(len(e.name))) + len(e.name) + len(e.features) + len(e.values)
	for _, k := range e.keys {
		size += 1 + uvarintLen(uint64(len(k))) + len(k)
	}
	b := append(e.out, 3<<3|2)
	b = binary.AppendUvarint(b, uint64(size))
	b = append(b, 15<<3, 2)
	b = appendString(b, 1, e.name)
	b = append(b, e.features...)
	for _, k := range e.keys {
		b = appendString(b, 3, k)
	}
	b = append(b, e.values...)
	e.out = append(b, 5<<3, Extent&0x7f|0x80, Extent>>7)
	e.features = e.features[:0]
}

// Append appends the finished tile to dst: nothing where no layer has a
// feature. The Encoder must be Reset before it is used again.
func (e *Encoder) Append(dst []byte) []byte {
	e.closeLayer()
	return append(dst, e.out...)
}

func appendBytes(b []byte, field uint8, v []byte) []byte {
	b = append(b, field<<3|2)
	b = binary.AppendUvarint(b, uint64(len(v)))
	return append(b, v...)
}

func appendString(b []byte, field uint8, s string) []byte {
	b = append(b, field<<3|2)
	b = binary.AppendUvarint(b, uint64(len(s)))
	return append(b, s...)
}

func bytesLen(v []byte) int { return 1 + uvarintLen(uint64(len(v))) + len(v) }

func uvarintLen(v uint64) int {
	n := 1
	for v >= 0x80 {
		v >>= 7
		n++
	}
	return n
}
