package tiles

import (
	"math"

	"github.com/paulmach/orb"

	"yizhan/geo"
)

// vertex is a corner of a line or ring in world steps. Its weight is the
// squared distance, in steps, by which the line would move without it: at a
// zoom whose tolerance is larger the vertex is left out.
type vertex struct {
	p      [2]int32
	weight float32
}

// forever is the weight of a vertex that is never left out.
var forever = float32(math.Inf(1))

// box is a closed box in world steps.
type box struct{ min, max [2]int32 }

func (b box) holds(o box) bool {
	return o.min[0] >= b.min[0] && o.min[1] >= b.min[1] && o.max[0] <= b.max[0] && o.max[1] <= b.max[1]
}

func (b box) meets(o box) bool {
	return o.min[0] <= b.max[0] && o.max[0] >= b.min[0] && o.min[1] <= b.max[1] && o.max[1] >= b.min[1]
}

func (b box) with(o box) box {
	for i := range 2 {
		b.min[i], b.max[i] = min(b.min[i], o.min[i]), max(b.max[i], o.max[i])
	}
	return b
}

// noBox holds nothing; with makes any box of it.
func noBox() box {
	return box{[2]int32{math.MaxInt32, math.MaxInt32}, [2]int32{math.MinInt32, math.MinInt32}}
}

func boxOf(vs []vertex) box {
	b := noBox()
	for _, v := range vs {
		b = b.with(box{v.p, v.p})
	}
	return b
}

// part is a point, a line or a ring. A ring is open: its last vertex is joined
// to its first.
type part struct {
	vertices []vertex
	box      box
	// area is that of the ring before any clipping, in square steps.
	area float64
	hole bool
}

// shape is the geometry of a feature as far as a tile and its buffer see it.
type shape struct {
	src   *source
	box   box
	parts []part
}

// source is what a feature says about itself, with strings interned.
type source struct {
	layer geo.MapLayer
	kind  uint8
	props props
	// minZoom, nameZoom and refZoom are the lowest zooms at which the
	// feature, its name and its number are shown.
	minZoom, nameZoom, refZoom uint8
	// area of the polygon and the point of it that carries its name.
	area  float64
	label [2]int32
}

// props are the properties of a feature; strings are numbers of a table.
type props struct {
	class, name, nameEn, ref uint32
	bridge, tunnel, oneway   bool
}

// shaper makes shapes of features.
type shaper struct {
	arena arena
	ids   map[string]uint32
	text  []string
}

func newShaper() *shaper { return &shaper{ids: map[string]uint32{"": 0}, text: []string{""}} }

func (s *shaper) intern(v string) uint32 {
	id, ok := s.ids[v]
	if !ok {
		id = uint32(len(s.text))
		s.ids[v] = id
		s.text = append(s.text, v)
	}
	return id
}

// shape projects a feature and weighs its vertices. It returns nil where there
// is nothing to draw: no geometry of a known type, no extent, or coordinates
// that are no positions.
func (s *shaper) shape(f *geo.MapFeature) *shape {
	// One allocation for all that most features need.
	own := &struct {
		shape  shape
		source source
		part   [1]part
	}{}
	sh, src := &own.shape, &own.source
	sh.box, sh.parts = noBox(), own.part[:0]
	src.layer, src.minZoom = f.Layer, f.MinZoom
	switch g := f.Geometry.(type) {
	case orb.Point:
		src.kind = geomPoint
		s.addPoint(sh, g)
	case orb.MultiPoint:
		src.kind = geomPoint
		for _, p := range g {
			s.addPoint(sh, p)
		}
	case orb.LineString:
		src.kind = geomLine
		s.addLine(sh, g)
	case orb.MultiLineString:
		src.kind = geomLine
		for _, l := range g {
			s.addLine(sh, l)
		}
	case orb.Ring:
		src.kind = geomPolygon
		s.addPolygon(sh, orb.Polygon{g})
	case orb.Polygon:
		src.kind = geomPolygon
		s.addPolygon(sh, g)
	case orb.MultiPolygon:
		src.kind = geomPolygon
		for _, p := range g {
			s.addPolygon(sh, p)
		}
	}
	if len(sh.parts) == 0 {
		return nil
	}
	for _, p := range sh.parts {
		sh.box = sh.box.with(p.box)
	}
	src.props = props{
		class: s.intern(f.Class), name: s.intern(f.Name), nameEn: s.intern(f.NameEn), ref: s.intern(f.Ref),
		bridge: f.Bridge, tunnel: f.Tunnel, oneway: f.Oneway,
	}
	if src.kind == geomPolygon {
		src.area, src.label = measure(sh.parts)
	}
	sh.src = src
	return sh
}

func (s *shaper) addPoint(sh *shape, p orb.Point) {
	if v, ok := position(p); ok {
		list := append(s.arena.take(1)[:0], vertex{v, forever})
		sh.parts = append(sh.parts, part{vertices: list, box: boxOf(list)})
	}
}

func (s *shaper) addLine(sh *shape, l orb.LineString) {
	list, ok := s.vertices(l)
	if !ok || len(list) < 2 {
		return
	}
	weigh(list)
	sh.parts = append(sh.parts, part{vertices: list, box: boxOf(list)})
}

func (s *shaper) addPolygon(sh *shape, p orb.Polygon) {
	for i, r := range p {
		list, ok := s.vertices(orb.LineString(r))
		if !ok && i == 0 {
			return
		}
		if len(list) > 1 && list[0].p == list[len(list)-1].p {
			list = list[:len(list)-1]
		}
		area := signedArea(list)
		if !ok || area == 0 {
			if i == 0 {
				return
			}
			continue
		}
		// Outer rings go round with positive area in y-down axes.
		if (area > 0) == (i > 0) {
			reverseVertices(list)
		}
		weighRing(list)
		sh.parts = append(sh.parts, part{vertices: list, box: boxOf(list), area: math.Abs(area), hole: i > 0})
	}
}

// vertices projects points and leaves out repeated ones. ok is false where a
// coordinate is not a number.
func (s *shaper) vertices(points []orb.Point) (list []vertex, ok bool) {
	list = s.arena.take(len(points))[:0]
	for _, p := range points {
		v, ok := position(p)
		if !ok {
			return nil, false
		}
		if n := len(list); n == 0 || list[n-1].p != v {
			list = append(list, vertex{v, 0})
		}
	}
	return list, true
}

func position(p orb.Point) ([2]int32, bool) {
	if math.IsNaN(p[0]) || math.IsNaN(p[1]) || math.IsInf(p[0], 0) || math.IsInf(p[1], 0) {
		return [2]int32{}, false
	}
	v := project(p)
	return [2]int32{v.x, v.y}, true
}

// signedArea returns the area of an open ring in square steps, positive for an
// outer ring in y-down axes.
func signedArea(ring []vertex) float64 {
	if len(ring) < 3 {
		return 0
	}
	// Relative to the first vertex, so that small rings lose no digits.
	o, sum := ring[0].p, 0.0
	for i := 1; i+1 < len(ring); i++ {
		a, b := ring[i].p, ring[i+1].p
		sum += float64(a[0]-o[0])*float64(b[1]-o[1]) - float64(b[0]-o[0])*float64(a[1]-o[1])
	}
	return sum / 2
}

func reverseVertices(list []vertex) {
	for i, j := 0, len(list)-1; i < j; i, j = i+1, j-1 {
		list[i], list[j] = list[j], list[i]
	}
}

// arena hands out slices of vertices cut from larger ones, which spares the
// garbage collector a hundred thousand small ones.
type arena struct{ free []vertex }

const arenaBlock = 1 << 14

func (a *arena) take(n int) []vertex {
	if n > arenaBlock/4 {
		return make([]vertex, n)
	}
	if n > len(a.free) {
		a.free = make([]vertex, arenaBlock)
	}
	out := a.free[:n:n]
	a.free = a.free[n:]
	return out
}
