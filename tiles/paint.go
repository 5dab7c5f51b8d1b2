package tiles

import (
	"yizhan/geo"
)

// painter writes the shapes of a tile. It keeps buffers and is for one
// goroutine.
type painter struct {
	text    []string
	maxZoom uint8

	encoder Encoder
	// The tile at work.
	tile   Tile
	shift  uint
	half   int32
	origin [2]int32
	limit  float32

	points []Point
	rings  []Ring
	groups map[props]int
	lines  []lineGroup
	areas  []areaGroup
	edges  []edge
	thin   []vertex
	seen   map[geo.MapLayer][2]uint8
}

// lineGroup is lines that differ in nothing a client sees.
type lineGroup struct {
	props props
	lines [][]Point
}

type areaGroup struct {
	props props
	rings []Ring
}

func newPainter(text []string, maxZoom uint8) *painter {
	return &painter{text: text, maxZoom: maxZoom, groups: map[props]int{}, seen: map[geo.MapLayer][2]uint8{}}
}

// paint returns the tile of shapes, which stand in the order of layers. The
// bytes are good until the next call; there are none where nothing shows.
func (p *painter) paint(t Tile, shapes []*shape, dst []byte) []byte {
	p.aim(t)
	p.encoder.Reset()
	for from := 0; from < len(shapes); {
		layer := shapes[from].src.layer
		to := from
		for to < len(shapes) && shapes[to].src.layer == layer {
			to++
		}
		p.layer(layer, shapes[from:to])
		from = to
	}
	return p.encoder.Append(dst)
}

// aim sets the tile to work on. Base tiles end at zoom 15, so a unit is always
// several steps.
func (p *painter) aim(t Tile) {
	p.tile = t
	p.shift = uint(worldBits - extentBits - t.Z)
	p.half = int32(1) << (p.shift - 1)
	p.origin = [2]int32{int32(t.X << extentBits), int32(t.Y << extentBits)}
	world := tolerance(t.Z, p.maxZoom) * float64(int64(1)<<p.shift)
	p.limit = float32(world * world)
	p.points = p.points[:0]
}

func (p *painter) layer(layer geo.MapLayer, shapes []*shape) {
	p.encoder.Layer(string(layer))
	clear(p.groups)
	p.lines, p.areas = p.lines[:0], p.areas[:0]
	before := len(p.encoder.features)
	for _, s := range shapes {
		if s.src.minZoom > p.tile.Z {
			continue
		}
		switch s.src.kind {
		case geomPoint:
			p.point(s)
		case geomLine:
			p.line(s)
		case geomPolygon:
			p.polygon(layer, s)
		}
	}
	for i := range p.areas {
		if g := &p.areas[i]; p.encoder.Polygons(g.rings) {
			p.finish(g.props)
		}
	}
	for i := range p.lines {
		p.finishLines(&p.lines[i])
	}
	if len(p.encoder.features) > before {
		zooms, ok := p.seen[layer]
		if !ok {
			zooms = [2]uint8{p.tile.Z, p.tile.Z}
		}
		p.seen[layer] = [2]uint8{min(zooms[0], p.tile.Z), max(zooms[1], p.tile.Z)}
	}
}

// quantize returns a world position in the tile's units.
func (p *painter) quantize(v [2]int32) Point {
	return Point{(v[0]+p.half)>>p.shift - p.origin[0], (v[1]+p.half)>>p.shift - p.origin[1]}
}

// owns says whether the tile itself, without its buffer, holds a position. Of
// all tiles of a zoom exactly one does.
func (p *painter) owns(v [2]int32) bool {
	size := uint(worldBits - p.tile.Z)
	return v[0]>>size == int32(p.tile.X) && v[1]>>size == int32(p.tile.Y)
}

// point writes a point in the one tile that owns it, so that its label is
// drawn once.
func (p *painter) point(s *shape) {
	start := len(p.points)
	for _, part := range s.parts {
		if v := part.vertices[0].p; p.owns(v) {
			p.points = append(p.points, p.quantize(v))
		}
	}
	if p.encoder.Points(p.points[start:]) {
		p.finish(s.src.at(p.tile.Z))
	}
}

func (p *painter) line(s *shape) {
	shown := s.src.at(p.tile.Z)
	index, ok := p.groups[shown]
	if !ok {
		index = len(p.lines)
		p.groups[shown] = index
		if index < cap(p.lines) {
			p.lines = p.lines[:index+1]
			p.lines[index] = lineGroup{props: shown, lines: p.lines[index].lines[:0]}
		} else {
			p.lines = append(p.lines, lineGroup{props: shown})
		}
	}
	for _, part := range s.parts {
		if line := p.simplify(part.vertices, p.limit); len(line) > 1 {
			p.lines[index].lines = append(p.lines[index].lines, line)
		}
	}
}

// simplify returns the vertices above a limit, in tile units and without
// repetition, in a slice of the painter's.
func (p *painter) simplify(vertices []vertex, limit float32) []Point {
	start := len(p.points)
	for _, v := range vertices {
		if v.weight <= limit {
			continue
		}
		q := p.quantize(v.p)
		if n := len(p.points); n == start || p.points[n-1] != q {
			p.points = append(p.points, q)
		}
	}
	return p.points[start:len(p.points):len(p.points)]
}

func (p *painter) finishLines(g *lineGroup) {
	lines := joinLines(g.lines, g.props.oneway)
	if p.tile.Z < p.maxZoom {
		kept := lines[:0]
		for _, l := range lines {
			l = thin(l, unitsPerPixel/2, &p.thin)
			if longerThan(l, unitsPerPixel/2) {
				kept = append(kept, l)
			}
		}
		lines = kept
	}
	if p.encoder.Lines(lines) {
		p.finish(g.props)
	}
}

func longerThan(line []Point, units int32) bool {
	for _, p := range line[1:] {
		if dx, dy := p.X-line[0].X, p.Y-line[0].Y; dx > units || dx < -units || dy > units || dy < -units {
			return true
		}
	}
	return false
}

func (p *painter) polygon(layer geo.MapLayer, s *shape) {
	least := minArea(layer, p.tile.Z, p.maxZoom) * float64(int64(1)<<(2*p.shift))
	if s.src.area < least {
		return
	}
	shown := s.src.at(p.tile.Z)
	if !p.owns(s.src.label) {
		// One tile carries the name, so that it is written once.
		shown.name, shown.nameEn, shown.ref = 0, 0, 0
	}
	// Houses without a name or number are one feature, save at the last zoom,
	// where clients enlarge a tile and look through its features by place.
	together := layer == geo.LayerBuilding && p.tile.Z < p.maxZoom && shown.name|shown.nameEn|shown.ref == 0
	if !together {
		p.rings = p.rings[:0]
		p.appendRings(&p.rings, s, least)
		if p.encoder.Polygons(p.rings) {
			p.finish(shown)
		}
		return
	}
	index, ok := p.groups[shown]
	if !ok {
		index = len(p.areas)
		p.groups[shown] = index
		p.areas = append(p.areas, areaGroup{props: shown})
	}
	p.appendRings(&p.areas[index].rings, s, least)
}

func (p *painter) appendRings(dst *[]Ring, s *shape, least float64) {
	for i := range s.parts {
		part := &s.parts[i]
		if part.area < least {
			if part.hole {
				continue
			}
			// Its holes are smaller still; an empty ring takes them along.
			*dst = append(*dst, Ring{})
			continue
		}
		*dst = append(*dst, Ring{Points: p.ring(part), Hole: part.hole})
	}
}

// ring simplifies a ring. One that would turn over, vanish or cross itself is
// simplified less, down to not at all.
func (p *painter) ring(part *part) []Point {
	for limit := p.limit; ; limit /= 16 {
		if limit < 1 {
			limit = -1
		}
		start := len(p.points)
		points := p.simplify(part.vertices, limit)
		if limit < 0 || p.sound(points, part.hole) {
			return points
		}
		p.points = p.points[:start]
	}
}

// sound says whether a ring still goes round the right way without crossing
// itself.
func (p *painter) sound(ring []Point, hole bool) bool {
	area := ringArea(ring)
	return area != 0 && (area < 0) == hole && !crossesItself(ring, &p.edges)
}

func (p *painter) finish(shown props) {
	e := &p.encoder
	e.String("class", p.text[shown.class])
	e.String("name", p.text[shown.name])
	e.String("name_en", p.text[shown.nameEn])
	e.String("ref", p.text[shown.ref])
	if shown.bridge {
		e.Bool("bridge", true)
	}
	if shown.tunnel {
		e.Bool("tunnel", true)
	}
	if shown.oneway {
		e.Bool("oneway", true)
	}
	e.End(0)
}
