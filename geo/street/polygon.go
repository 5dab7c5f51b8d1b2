package street

import (
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// polygon is an area in stored units of 1e-7 degrees, for many questions about
// boxes and segments that lie in a part of the world. Its segments lie in the
// cells of a grid over that part, so that a question looks at those near by
// only. The area is closed: its edge is part of it. Inside is meant by the
// even-odd rule.
type polygon struct {
	segments               []segment
	minX, minY, maxX, maxY float64
	box                    box
	// The grid has side×side cells from (left, south) on; cells lists the
	// segments that pass cell i at items[cells[i]:cells[i+1]].
	side                       int
	left, south, width, height float64
	// perWidth and perHeight are what there is of cells to a unit, 0 where
	// cells are too small to tell apart.
	perWidth, perHeight float64
	cells               []uint32
	items               []uint16
	// middle says how the middle of each cell lies. There are no lists and no
	// middles where there is a single cell.
	middle []middle
}

type middle uint8

const (
	middleOutside middle = iota
	middleInside
	middleUnsure // too near to a segment to tell
)

type segment struct{ a, b vec }

func fixedPoint(p orb.Point) vec { return vec{p[0] * fixed, p[1] * fixed} }

const (
	// maxSide bounds the cells of a grid, fewSegments is what needs none.
	maxSide     = 64
	fewSegments = 8
	// gridMargin is what a segment is taken to be wider, in stored units: more
	// than all errors of rounding.
	gridMargin = 1.0
)

// newPolygon makes an area ready for questions that lie within a box. contains
// may be asked of any point.
func newPolygon(area orb.Polygon, within box) *polygon {
	p := &polygon{minX: math.Inf(1), minY: math.Inf(1), maxX: math.Inf(-1), maxY: math.Inf(-1)}
	for _, ring := range area {
		for i, q := range ring {
			v := fixedPoint(q)
			p.minX, p.minY = min(p.minX, v.x), min(p.minY, v.y)
			p.maxX, p.maxY = max(p.maxX, v.x), max(p.maxY, v.y)
			if i > 0 {
				p.segments = append(p.segments, segment{fixedPoint(ring[i-1]), v})
			}
		}
	}
	p.box = box{int32(math.Floor(p.minX)), int32(math.Floor(p.minY)), int32(math.Ceil(p.maxX)), int32(math.Ceil(p.maxY))}
	p.left, p.south = max(p.minX, float64(within.minLon)), max(p.minY, float64(within.minLat))
	p.side = 1
	if n := len(p.segments); n > fewSegments {
		p.side = min(maxSide, int(math.Ceil(math.Sqrt(float64(n)))))
	}
	p.width = max(0, min(p.maxX, float64(within.maxLon))-p.left) / float64(p.side)
	p.height = max(0, min(p.maxY, float64(within.maxLat))-p.south) / float64(p.side)
	if p.width > gridMargin/1000 {
		p.perWidth = 1 / p.width
	}
	if p.height > gridMargin/1000 {
		p.perHeight = 1 / p.height
	}
	if p.side > 1 {
		p.fill()
		p.findMiddles()
	}
	return p
}

// cell returns which of the cells of one axis a coordinate falls into, the
// first or the last one where it lies beyond.
func (p *polygon) cell(x, from, per float64) int { return max(0, min(int((x-from)*per), p.side-1)) }

// fill puts the segments into the cells: once to count, once to store.
func (p *polygon) fill() {
	p.cells = make([]uint32, p.side*p.side+2)
	p.eachCell(func(cell, _ int) { p.cells[cell+2]++ })
	for i := 2; i < len(p.cells); i++ {
		p.cells[i] += p.cells[i-1]
	}
	p.items = make([]uint16, p.cells[len(p.cells)-1])
	p.eachCell(func(cell, item int) {
		p.items[p.cells[cell+1]] = uint16(item)
		p.cells[cell+1]++
	})
}

// eachCell calls f for every segment and every cell that it passes, and may do
// so for cells that it only comes near to.
func (p *polygon) eachCell(f func(cell, item int)) {
	right, north := p.left+p.width*float64(p.side), p.south+p.height*float64(p.side)
	for i, s := range p.segments {
		if s.a.y > s.b.y {
			s.a, s.b = s.b, s.a
		}
		if s.b.y < p.south-gridMargin || s.a.y > north+gridMargin {
			continue
		}
		lo, hi := p.cell(s.a.y, p.south, p.perHeight), p.cell(s.b.y, p.south, p.perHeight)
		for row := lo; row <= hi; row++ {
			// The part of the segment in the row.
			from, to := s.a, s.b
			if y := p.south + p.height*float64(row) - gridMargin; y > s.a.y {
				from = lerp(s.a, s.b, (y-s.a.y)/(s.b.y-s.a.y))
			}
			if y := p.south + p.height*float64(row+1) + gridMargin; y < s.b.y {
				to = lerp(s.a, s.b, (y-s.a.y)/(s.b.y-s.a.y))
			}
			minX, maxX := min(from.x, to.x)-gridMargin, max(from.x, to.x)+gridMargin
			if maxX < p.left || minX > right {
				continue
			}
			for col := p.cell(minX, p.left, p.perWidth); col <= p.cell(maxX, p.left, p.perWidth); col++ {
				f(row*p.side+col, i)
			}
		}
	}
}

// findMiddles finds out how the middles of the cells lie, row by row.
func (p *polygon) findMiddles() {
	p.middle = make([]middle, p.side*p.side)
	rows := make([][]float64, p.side)
	at := func(row int) float64 { return p.south + p.height*(float64(row)+0.5) }
	for _, s := range p.segments {
		lo, hi := p.cell(min(s.a.y, s.b.y), p.south, p.perHeight), p.cell(max(s.a.y, s.b.y), p.south, p.perHeight)
		for row := lo; row <= hi; row++ {
			if y := at(row); s.spans(y) {
				rows[row] = append(rows[row], s.xAt(y))
			}
		}
	}
	for row, xs := range rows {
		slices.Sort(xs)
		for col, k := 0, 0; col < p.side; col++ {
			x := p.left + p.width*(float64(col)+0.5)
			for k < len(xs) && xs[k] < x {
				k++
			}
			m := middle(k & 1)
			if k > 0 && x-xs[k-1] < gridMargin || k < len(xs) && xs[k]-x < gridMargin {
				m = middleUnsure
			}
			p.middle[row*p.side+col] = m
		}
	}
}

// spans says whether a line of latitude passes a segment, which has its lower
// end only.
func (s segment) spans(y float64) bool { return (s.a.y > y) != (s.b.y > y) }

// xAt returns where it does.
func (s segment) xAt(y float64) float64 { return (s.b.x-s.a.x)*(y-s.a.y)/(s.b.y-s.a.y) + s.a.x }

// contains says whether a point lies in the area or on its edge.
func (p *polygon) contains(q vec) bool {
	if q.x < p.minX || q.x > p.maxX || q.y < p.minY || q.y > p.maxY {
		return false
	}
	col, row := int(math.Floor((q.x-p.left)*p.perWidth)), int(math.Floor((q.y-p.south)*p.perHeight))
	if p.middle == nil || col < 0 || col >= p.side || row < 0 || row >= p.side {
		return p.containsSlowly(q)
	}
	cell := row*p.side + col
	if p.middle[cell] == middleUnsure {
		return p.containsSlowly(q)
	}
	in := p.middle[cell] == middleInside
	// The way from the point to the middle of its cell crosses segments of the
	// cell only.
	way := segment{q, vec{p.left + p.width*(float64(col)+0.5), p.south + p.height*(float64(row)+0.5)}}
	for _, i := range p.items[p.cells[cell]:p.cells[cell+1]] {
		s := &p.segments[i]
		if s.holds(q) {
			return true
		}
		from, to := s.surely(way.a), s.surely(way.b)
		if from*to > 0 {
			continue
		}
		a, b := way.surely(s.a), way.surely(s.b)
		switch {
		case a*b > 0:
		case from*to < 0 && a*b < 0:
			in = !in
		default:
			return p.containsSlowly(q)
		}
	}
	return in
}

// containsSlowly looks at all segments.
func (p *polygon) containsSlowly(q vec) bool {
	in := false
	for i := range p.segments {
		s := &p.segments[i]
		if s.holds(q) {
			return true
		}
		if s.spans(q.y) && q.x < s.xAt(q.y) {
			in = !in
		}
	}
	return in
}

// side returns on which side of the line through s a point lies.
func (s segment) side(q vec) float64 { return s.b.sub(s.a).cross(q.sub(s.a)) }

// surely is the sign of side, 0 where rounding may have changed it.
func (s *segment) surely(q vec) int {
	u, v := s.b.sub(s.a), q.sub(s.a)
	l, r := u.x*v.y, u.y*v.x
	switch d, err := l-r, (math.Abs(l)+math.Abs(r))*1e-15; {
	case d > err:
		return 1
	case d < -err:
		return -1
	}
	return 0
}

// holds says whether a point lies on a segment.
func (s segment) holds(q vec) bool {
	return q.x >= min(s.a.x, s.b.x) && q.x <= max(s.a.x, s.b.x) && q.y >= min(s.a.y, s.b.y) && q.y <= max(s.a.y, s.b.y) && s.side(q) == 0
}

// meets says whether two segments have a point in common.
func (s segment) meets(t segment) bool {
	if max(s.a.x, s.b.x) < min(t.a.x, t.b.x) || min(s.a.x, s.b.x) > max(t.a.x, t.b.x) || max(s.a.y, s.b.y) < min(t.a.y, t.b.y) || min(s.a.y, s.b.y) > max(t.a.y, t.b.y) {
		return false
	}
	a, b, c, d := s.side(t.a), s.side(t.b), t.side(s.a), t.side(s.b)
	if (a > 0 && b < 0 || a < 0 && b > 0) && (c > 0 && d < 0 || c < 0 && d > 0) {
		return true
	}
	return s.holds(t.a) || s.holds(t.b) || t.holds(s.a) || t.holds(s.b)
}

// near calls f for the segments that may meet a box, until it returns true,
// and says whether it did.
func (p *polygon) near(minX, minY, maxX, maxY float64, f func(s *segment) bool) bool {
	if maxX < p.minX || minX > p.maxX || maxY < p.minY || minY > p.maxY {
		return false
	}
	if p.side == 1 {
		for i := range p.segments {
			if f(&p.segments[i]) {
				return true
			}
		}
		return false
	}
	left, right := p.cell(minX, p.left, p.perWidth), p.cell(maxX, p.left, p.perWidth)
	for row := p.cell(minY, p.south, p.perHeight); row <= p.cell(maxY, p.south, p.perHeight); row++ {
		// The cells of a row lie one behind the other.
		for _, i := range p.items[p.cells[row*p.side+left]:p.cells[row*p.side+right+1]] {
			if f(&p.segments[i]) {
				return true
			}
		}
	}
	return false
}

// crossedBy says whether a segment has a point in common with the area's edge.
func (p *polygon) crossedBy(a, b vec) bool {
	t := segment{a, b}
	return p.near(min(a.x, b.x), min(a.y, b.y), max(a.x, b.x), max(a.y, b.y), func(s *segment) bool { return s.meets(t) })
}

// boxState is how a box lies to an area.
type boxState uint8

const (
	boxOutside boxState = iota
	boxInside
	boxCrossed
)

// meets says how a box lies to the area; crossed means that it cannot tell.
func (p *polygon) meets(b *box) boxState {
	minX, minY, maxX, maxY := float64(b.minLon), float64(b.minLat), float64(b.maxLon), float64(b.maxLat)
	if maxX < p.minX || minX > p.maxX || maxY < p.minY || minY > p.maxY {
		return boxOutside
	}
	if p.near(minX, minY, maxX, maxY, func(s *segment) bool {
		return max(s.a.x, s.b.x) >= minX && min(s.a.x, s.b.x) <= maxX && max(s.a.y, s.b.y) >= minY && min(s.a.y, s.b.y) <= maxY && s.touches(minX, minY, maxX, maxY)
	}) {
		return boxCrossed
	}
	if p.contains(vec{minX, minY}) {
		return boxInside
	}
	return boxOutside
}

// touches says whether the line through a segment whose bounds meet a box goes
// through the box.
func (s segment) touches(minX, minY, maxX, maxY float64) bool {
	a, b, c, d := s.side(vec{minX, minY}), s.side(vec{maxX, minY}), s.side(vec{minX, maxY}), s.side(vec{maxX, maxY})
	return !(a > 0 && b > 0 && c > 0 && d > 0 || a < 0 && b < 0 && c < 0 && d < 0)
}
