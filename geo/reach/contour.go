package reach

import (
	"math"

	"github.com/paulmach/orb"
)

// The area within a minute is what marching squares (Lorensen and Cline 1987,
// in the plane) cut out of the grid: a vertex is inside where its mark is
// earlier, and the border crosses each side of a cell whose ends differ once,
// where the time or the way off the streets runs out, or halfway where it
// meets a wall. Where inside and outside lie crosswise in a cell, the inside
// is joined.
//
// This makes the polygons valid by construction: no two crossings are the same
// point, the pieces within a cell never meet, and each crossing ends exactly
// two. It also nests them: with a later minute no vertex leaves, and no
// crossing moves inwards.

// closest is how near a crossing comes to a vertex, as a share of the cell's
// side: far enough for no two to become one when they are rounded.
const closest = 0.05

// tracer is the scratch space of the border.
type tracer struct {
	// ring tells for each side between vertex i and i+1 of a row the ring that
	// crosses it: its number counted over all minutes, 0 for none.
	ring   []int32
	rings  []tracedRing
	points []orb.Point // of all rings of a minute
	first  int32       // the number of the first ring of the minute
}

// tracedRing is points[from:to] of the tracer, open; parent is the index of
// the ring around a hole, -1 for what is none.
type tracedRing struct {
	from, to int
	parent   int
}

// area returns what lies within some seconds.
func (c *canvas) area(seconds int) orb.MultiPolygon {
	t := &c.trace
	level := mark(seconds*perSecond) << farBits
	t.first += int32(len(t.rings))
	t.rings, t.points = t.rings[:0], t.points[:0]
	for k := 1; k < c.high-1; k++ {
		from, to := c.spans[k][0], min(c.wide, c.spans[k][1]+1)
		in := false
		for i, m := range c.marks[k*c.wide+from : k*c.wide+max(from, to)] {
			if (m < level) == in {
				continue
			}
			in = !in
			if at := k*c.wide + from + i - 1; t.ring[at] <= t.first {
				c.follow(at, !in, level)
			}
		}
	}
	return t.polygons()
}

// begin makes the tracer ready for a grid.
func (t *tracer) begin(n int) {
	t.ring = sized(t.ring, n)
	clear(t.ring)
	t.first, t.rings = 0, t.rings[:0]
}

// The ways across a side of a cell.
const (
	north = iota
	east
	south
	west
)

// follow traces a ring from where it crosses the side east of a vertex:
// northwards with the inside in the west, or southwards with it in the east.
// The inside is kept on the left, so that rings around it run
// counter-clockwise, and those of holes clockwise.
func (c *canvas) follow(at int, northwards bool, level mark) {
	t := &c.trace
	ring := tracedRing{from: len(t.points), parent: -1}
	dir := north
	if !northwards {
		dir = south
	}
	start, startDir := at, dir
	w := c.wide
	number := t.first + int32(len(t.rings)) + 1
	for {
		// The ends of the side: left and right of the way.
		var left, right int
		switch dir {
		case north:
			left, right = at, at+1
		case south:
			left, right = at+1, at
		case east:
			left, right = at+w, at
		case west:
			left, right = at, at+w
		}
		if dir == north || dir == south {
			t.ring[at] = number
		}
		t.points = append(t.points, c.crossing(left, right, level))
		// The far corners of the cell ahead.
		var farLeft, farRight int
		switch dir {
		case north:
			farLeft, farRight = at+w, at+w+1
		case south:
			farLeft, farRight = at+1-w, at-w
		case east:
			farLeft, farRight = at+w+1, at+1
		case west:
			farLeft, farRight = at-1, at+w-1
		}
		turn := 0
		if c.marks[farRight] < level {
			turn = 1
		} else if c.marks[farLeft] >= level {
			turn = -1
		}
		at, dir = step(at, dir, turn, w)
		if at == start && dir == startDir {
			break
		}
	}
	ring.to = len(t.points)
	if c.isHole(ring) {
		ring.parent = c.around(start, level)
	}
	t.rings = append(t.rings, ring)
}

// step goes from a side of a cell through the cell to another one: straight
// on, right for 1, left for -1. Sides between vertices of a row, which are
// crossed going north or south, are named by their western vertex; those of a
// column by their southern one.
func step(at, dir, turn, w int) (side, to int) {
	// The south-western vertex of the cell.
	cell := at
	switch dir {
	case south:
		cell = at - w
	case west:
		cell = at - 1
	}
	to = (dir + turn + 4) % 4
	switch to {
	case north:
		return cell + w, to
	case east:
		return cell + 1, to
	}
	return cell, to
}

// crossing returns where the border crosses the side between a vertex inside
// and one outside.
func (c *canvas) crossing(in, out int, level mark) orb.Point {
	a, b := c.marks[in], c.marks[out]
	f := 0.5
	if len(c.rooms) == 0 || c.rooms[in] == c.rooms[out] {
		// How much is left inside, of the time and of the way off the streets,
		// in metres.
		left := min(metresLeft(a, level), float64(c.limit-a&farMask)/perMetre)
		if b >= nowhere {
			f = left / c.cell
		} else {
			beyond := -metresLeft(b, level)
			f = left / max(left+beyond, 1e-9)
		}
		f = min(1-closest, max(closest, f))
	}
	i, k := in%c.wide, in/c.wide
	switch out - in {
	case 1:
		return c.point(i, k, f, 0)
	case -1:
		return c.point(i, k, -f, 0)
	case c.wide:
		return c.point(i, k, 0, f)
	}
	return c.point(i, k, 0, -f)
}

// metresLeft is how far one walks in the time between a mark and a level.
func metresLeft(m, level mark) float64 {
	return float64(int32(level>>farBits)-int32(m>>farBits)) / perSecond * walkSpeed
}

// point returns the position of a vertex, moved by shares of a cell; rounded
// to a millionth of a degree, a decimetre.
func (c *canvas) point(i, k int, u, v float64) orb.Point {
	lon := float64(c.lowLon) + (float64(i)+u)*float64(c.stepLon)
	lat := float64(c.lowLat) + (float64(k)+v)*float64(c.stepLat)
	return orb.Point{math.Round(lon/10) / 1e6, math.Round(lat/10) / 1e6}
}

// isHole says whether a ring runs clockwise.
func (c *canvas) isHole(r tracedRing) bool {
	points := c.trace.points[r.from:r.to]
	var sum float64
	o, a := points[0], points[len(points)-1]
	for _, b := range points {
		sum += (a[0]-o[0])*(b[1]-o[1]) - (b[0]-o[0])*(a[1]-o[1])
		a = b
	}
	return sum < 0
}

// around returns the index of the ring that a hole lies in. The hole was found
// at its lowest crossing of a row, the western one there, so that west of it
// lies the inside it was cut out of, as far as the next ring, which has been
// traced: the one around, or another hole of the same.
func (c *canvas) around(at int, level mark) int {
	t := &c.trace
	for at--; c.marks[at] < level; at-- {
	}
	ring := int(t.ring[at] - t.first - 1)
	if p := t.rings[ring].parent; p >= 0 {
		return p
	}
	return ring
}

// polygons puts the rings together.
func (t *tracer) polygons() orb.MultiPolygon {
	holes := make([]int, len(t.rings))
	outer := 0
	for _, r := range t.rings {
		if r.parent >= 0 {
			holes[r.parent]++
		} else {
			outer++
		}
	}
	out := make(orb.MultiPolygon, 0, outer)
	rings := make([]orb.Ring, len(t.rings))
	points := make([]orb.Point, 0, len(t.points)+len(t.rings))
	index := make([]int, len(t.rings))
	for i, r := range t.rings {
		if r.parent < 0 {
			n := holes[i] + 1
			index[i] = len(out)
			out = append(out, orb.Polygon(rings[:0:n]))
			rings = rings[n:]
		}
		from := len(points)
		points = t.thin(points, r)
		ring := orb.Ring(points[from:len(points):len(points)])
		if r.parent < 0 {
			out[index[i]] = append(out[index[i]], ring)
		} else {
			p := index[r.parent]
			out[p] = append(out[p], ring)
		}
	}
	return out
}

// thin appends a ring, closed, without the points in the middle of a run along
// a row or column of the grid.
func (t *tracer) thin(out []orb.Point, r tracedRing) []orb.Point {
	points := t.points[r.from:r.to]
	n := len(points)
	from := len(out)
	for i, p := range points {
		a, b := points[(i+n-1)%n], points[(i+1)%n]
		if a[0] == p[0] && p[0] == b[0] || a[1] == p[1] && p[1] == b[1] {
			continue
		}
		out = append(out, p)
	}
	return append(out, out[from])
}
