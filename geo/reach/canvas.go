package reach

import (
	"math"

	"github.com/paulmach/orb"

	"yizhan/geo"
	"yizhan/geo/route"
	"yizhan/geo/street"
)

const (
	// walkSpeed is the speed in metres per second off the streets.
	walkSpeed = 4.8 / 3.6
	// leave is what leaving the streets costs besides, in hundredths of a
	// second for a quarter of a metre, while streets compete for a vertex: so
	// that it goes to one near by, not to one farther on the way, of which
	// offStreet would be used up sooner. It is taken off again at the end.
	leave = 40
	// offStreet is how far, in metres, somebody walks off the streets.
	offStreet = 50.0
	// finestFoot and finestBike are the smallest cells in metres. A bike goes
	// four times as far in a minute, so that a cell is crossed in about the
	// same time.
	finestFoot, finestBike = 12.0, 25.0
	// mostVertices bounds the grid; a larger extent gets larger cells.
	mostVertices = 1 << 19
)

const metresPerDegree = geo.EarthRadius * math.Pi / 180

// A mark is what a vertex of the grid knows: in the high bits when it is
// reached, in hundredths of a second, in the low ones how far it is from the
// street it is reached from, in quarters of a metre. Walking on adds to both
// with one addition, and of two marks the smaller one is the earlier.
type mark = uint32

const (
	farBits        = 12
	farMask        = 1<<farBits - 1
	perMetre       = 4
	perSecond      = 100
	nowhere   mark = 0xF0000 << farBits // later than MaxMinutes; nothing added to it overflows
)

// canvas is the grid that the area is drawn on, and all other scratch space of
// one drawing.
type canvas struct {
	reached route.Reached

	// The plane: metres east and north of the point asked for.
	lon, lat, kx, ky float64
	segments         []segment
	line             orb.LineString

	// The grid: vertex (i, k) stands at index k*wide+i, i counted eastwards, k
	// northwards; low is the position of vertex (0, 0) in 1e-7 degrees, step
	// the distance to the next, cell the same in metres.
	wide, high       int
	lowLon, lowLat   int64
	stepLon, stepLat int64
	cell             float64
	x0, y0           float64
	// limit is how far a mark may be from its street.
	limit uint32
	marks []mark
	// spans are the columns [from, to) of each row that may be reached.
	spans [][2]int
	// rooms tell the room of each vertex; empty where all is public. walls are
	// the columns [from, to) of each row within which others stand.
	rooms []uint32
	walls [][2]int
	cross []float64
	// walk is what walking adds within a cell; see measure.
	walk [finer][finer]mark

	trace tracer
}

// segment is a straight piece of a reached street on the plane.
type segment struct {
	x0, y0, x1, y1 float32
	t0, t1         float32 // seconds
	room           uint32
}

// draw puts what has been reached on the grid.
func (c *canvas) draw(net *street.Network, walls *walls) {
	from := c.reached.From
	c.lon, c.lat = from[0], from[1]
	c.kx, c.ky = metresPerDegree*math.Max(0.01, math.Cos(from[1]*math.Pi/180)), metresPerDegree
	c.collect(net)
	c.lay()
	c.measure()
	walls.paint(c)
	for i := range c.segments {
		c.stamp(&c.segments[i], true)
	}
	c.approach(net.RoomAt(from))
	c.spread()
}

// collect turns the stretches into segments on the plane, cut at the limit.
func (c *canvas) collect(net *street.Network) {
	c.segments = c.segments[:0]
	limit := float64(c.reached.Limit) / 1000
	for i := range c.reached.Stretches {
		s := &c.reached.Stretches[i]
		edge := s.Ref.Edge()
		room := net.Room(edge)
		length, millis := net.Length(edge), float64(s.Millis)/1000
		c.line = net.Coords(c.line[:0], s.Ref)
		begin := float64(s.Begin) / 1000
		if length <= 0 {
			length = 1e-3
		}
		pace := millis / length
		if s.From == 0 && float64(s.To) >= length-0.01 && begin+millis <= limit {
			c.whole(begin, pace, room)
		} else {
			c.part(begin, pace, float64(s.From), min(float64(s.To), float64(s.From)+(limit-begin)/pace), room)
		}
	}
}

// whole collects all of the line at hand.
func (c *canvas) whole(begin, pace float64, room uint32) {
	x0, y0 := c.plane(c.line[0])
	for _, p := range c.line[1:] {
		x1, y1 := c.plane(p)
		end := begin + math.Sqrt((x1-x0)*(x1-x0)+(y1-y0)*(y1-y0))*pace
		c.segments = append(c.segments, segment{float32(x0), float32(y0), float32(x1), float32(y1), float32(begin), float32(end), room})
		x0, y0, begin = x1, y1, end
	}
}

// part collects the line at hand between two distances in metres from its
// beginning.
func (c *canvas) part(begin, pace, from, until float64, room uint32) {
	sofar := 0.0
	x0, y0 := c.plane(c.line[0])
	for _, p := range c.line[1:] {
		x1, y1 := c.plane(p)
		l := math.Sqrt((x1-x0)*(x1-x0) + (y1-y0)*(y1-y0))
		if sofar > until {
			return
		}
		if l > 0 && sofar+l >= from {
			a, b := max(0, (from-sofar)/l), min(1, (until-sofar)/l)
			c.segments = append(c.segments, segment{
				float32(x0 + (x1-x0)*a), float32(y0 + (y1-y0)*a), float32(x0 + (x1-x0)*b), float32(y0 + (y1-y0)*b),
				float32(begin + (sofar+l*a-from)*pace), float32(begin + (sofar+l*b-from)*pace), room})
		}
		sofar += l
		x0, y0 = x1, y1
	}
}

func (c *canvas) plane(p orb.Point) (x, y float64) {
	return (p[0] - c.lon) * c.kx, (p[1] - c.lat) * c.ky
}

// lay lays the grid around all segments and the point itself.
func (c *canvas) lay() {
	var x0, y0, x1, y1 float32
	for i := range c.segments {
		s := &c.segments[i]
		x0, x1 = min(x0, s.x0, s.x1), max(x1, s.x0, s.x1)
		y0, y1 = min(y0, s.y0, s.y1), max(y1, s.y0, s.y1)
	}
	for _, s := range c.reached.Starts {
		x, y := c.plane(s.Point)
		x0, x1 = min(x0, float32(x)), max(x1, float32(x))
		y0, y1 = min(y0, float32(y)), max(y1, float32(y))
	}
	c.cell = finestBike
	if c.reached.Mode == geo.Foot {
		c.cell = finestFoot
	}
	w, h := float64(x1-x0)+2*offStreet, float64(y1-y0)+2*offStreet
	c.cell = math.Max(c.cell, math.Sqrt(w*h/mostVertices)*1.01)
	reach := math.Max(offStreet, c.cell)
	c.limit = uint32(reach * perMetre)
	margin := reach + 2*c.cell
	c.stepLon = int64(math.Round(c.cell / c.kx * 1e7))
	c.stepLat = int64(math.Round(c.cell / c.ky * 1e7))
	c.lowLon = int64(math.Floor((c.lon + (float64(x0)-margin)/c.kx) * 1e7))
	c.lowLat = int64(math.Floor((c.lat + (float64(y0)-margin)/c.ky) * 1e7))
	c.x0, c.y0 = (float64(c.lowLon)/1e7-c.lon)*c.kx, (float64(c.lowLat)/1e7-c.lat)*c.ky
	c.wide = int((float64(x1)+margin-c.x0)/c.cell) + 2
	c.high = int((float64(y1)+margin-c.y0)/c.cell) + 2
	c.marks = sized(c.marks, c.wide*c.high)
	for i := range c.marks {
		c.marks[i] = nowhere
	}
}

// sized returns a slice of a length, its content undefined.
func sized[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n, n+n/4)
	}
	return s[:n]
}

// finer is how many steps a cell is divided into where distances within it are
// looked up.
const (
	finerBits = 4
	finer     = 1 << finerBits
)

// measure fills the table of what walking adds from a point of a cell to its
// corner at the origin. Half a cell costs no time: the border is drawn between
// vertices, and would else cross a street before the time is up there.
func (c *canvas) measure() {
	for k := range finer {
		for i := range finer {
			d := math.Hypot(float64(i)+0.5, float64(k)+0.5) / finer * c.cell
			far := mark(d * perMetre)
			c.walk[k][i] = (mark(max(0, d-c.cell/2)/walkSpeed*perSecond)+far*leave)<<farBits | far
		}
	}
}

// stamp marks the vertices of the cells that a segment runs through, in its
// room alone. Where a street runs between walls so close to each other that no
// vertex of its cell lies on it, force gives it the nearest one.
func (c *canvas) stamp(s *segment, force bool) {
	const one = 1 << 16 // a cell, in whole numbers
	scale := one / c.cell
	// In cells from vertex (0, 0).
	x, y := int64((float64(s.x0)-c.x0)*scale), int64((float64(s.y0)-c.y0)*scale)
	dx, dy := int64(float64(s.x1-s.x0)*scale), int64(float64(s.y1-s.y0)*scale)
	const hundredth = 1 << 8
	t, dt := int64(s.t0*perSecond*hundredth), int64((s.t1-s.t0)*perSecond*hundredth)
	n := max(dx, -dx, dy, -dy)/one + 1
	walled := len(c.rooms) > 0 && (s.room != street.Public ||
		c.walledAt(int(min(x, x+dx)>>16), int(min(y, y+dy)>>16), int(max(x, x+dx)>>16), int(max(y, y+dy)>>16)))
	if walled {
		n *= 2
	}
	if n > 1 {
		dx, dy, dt = dx/n, dy/n, dt/n
	}
	for range n + 1 {
		i, k := int(x>>16), int(y>>16)
		u, v := x>>(16-finerBits)&(finer-1), y>>(16-finerBits)&(finer-1)
		m := mark(t/hundredth) << farBits
		at := k*c.wide + i
		if walled {
			c.markRoom(at, m, u, v, s.room, force)
		} else {
			low, high := c.marks[at:at+2], c.marks[at+c.wide:at+c.wide+2]
			near, far := &c.walk[v], &c.walk[finer-1-v]
			low[0] = min(low[0], m+near[u])
			low[1] = min(low[1], m+near[finer-1-u])
			high[0] = min(high[0], m+far[u])
			high[1] = min(high[1], m+far[finer-1-u])
		}
		x, y, t = x+dx, y+dy, t+dt
	}
}

// walledAt says whether a wall may run through the cells of a box.
func (c *canvas) walledAt(left, low, right, high int) bool {
	for k := low; k <= high+1; k++ {
		if w := c.walls[k]; w[0] <= right+1 && w[1] > left {
			return true
		}
	}
	return false
}

// isWalled says whether a wall runs through a row.
func (c *canvas) isWalled(k int) bool { return len(c.rooms) > 0 && c.walls[k][0] < c.walls[k][1] }

// wall says that vertices of a row may lie in a compound.
func (c *canvas) wall(k, from, to int) {
	w := &c.walls[k]
	w[0], w[1] = min(w[0], from), max(w[1], to)
}

// markRoom marks those corners of a cell that lie in a room.
func (c *canvas) markRoom(at int, m mark, u, v int64, room uint32, force bool) {
	any := false
	for corner := range 4 {
		to, a, b := at, u, v
		if corner&1 != 0 {
			to, a = to+1, finer-1-u
		}
		if corner&2 != 0 {
			to, b = to+c.wide, finer-1-v
		}
		if c.rooms[to] == room {
			c.marks[to] = min(c.marks[to], m+c.walk[b][a])
			any = true
		}
	}
	if any || !force {
		return
	}
	if u >= finer/2 {
		at, u = at+1, finer-1-u
	}
	if v >= finer/2 {
		at, v = at+c.wide, finer-1-v
	}
	c.rooms[at], c.marks[at] = room, m+c.walk[v][u]
	c.wall(at/c.wide, at%c.wide, at%c.wide+1)
}

// approach marks the straight stretches between the point and the streets.
func (c *canvas) approach(room uint32) {
	own := segment{room: room}
	c.stamp(&own, false)
	for _, s := range c.reached.Starts {
		x, y := c.plane(s.Point)
		line := segment{0, 0, float32(x), float32(y), 0, float32(s.Begin) / 1000, room}
		c.stamp(&line, false)
		if s.Room != room {
			line.room = s.Room
			c.stamp(&line, false)
		}
	}
}

// spread walks from the marked vertices over the others of their room, by
// chamfer distances (Borgefors 1986): once with the rows northwards, once
// southwards.
func (c *canvas) spread() {
	w := c.wide
	pace := func(d float64) mark {
		far := mark(math.Round(d * perMetre))
		return (mark(d/walkSpeed*perSecond)+far*leave)<<farBits | far
	}
	straight, slant := pace(c.cell), pace(c.cell*math.Sqrt2)
	c.bound()
	for k := 1; k < c.high-1; k++ {
		from, to := c.spans[k][0], c.spans[k][1]
		if c.isWalled(k) || c.isWalled(k-1) {
			c.spreadWalled(k, k-1, straight, slant)
			continue
		}
		row := c.marks[k*w+from : k*w+to]
		spreadRow(row, c.marks[(k-1)*w+from:(k-1)*w+to], straight, slant, c.limit)
		for i := 1; i < len(row); i++ {
			if m := row[i-1] + straight; m < row[i] && m&farMask < c.limit {
				row[i] = m
			}
		}
	}
	for k := c.high - 2; k > 0; k-- {
		from, to := c.spans[k][0], c.spans[k][1]
		row := c.marks[k*w+from : k*w+to]
		if c.isWalled(k) || c.isWalled(k+1) {
			c.spreadWalled(k, k+1, straight, slant)
		} else {
			spreadRow(row, c.marks[(k+1)*w+from:(k+1)*w+to], straight, slant, c.limit)
			for i := len(row) - 2; i >= 0; i-- {
				if m := row[i+1] + straight; m < row[i] && m&farMask < c.limit {
					row[i] = m
				}
			}
		}
	}
	for k := range c.high {
		row := c.marks[k*w+c.spans[k][0] : k*w+c.spans[k][1]]
		for i, m := range row {
			if m < nowhere {
				row[i] = m - (m&farMask*leave)<<farBits
			}
		}
	}
	// Nothing comes near the rim of the grid; this makes sure of it.
	for i := range w {
		c.marks[i], c.marks[(c.high-1)*w+i] = nowhere, nowhere
	}
	for k := range c.high {
		c.marks[k*w], c.marks[k*w+w-1] = nowhere, nowhere
	}
}

// bound finds the columns of each row that walking may reach: those near what
// streets have marked, in it and in the rows around it.
func (c *canvas) bound() {
	w := c.wide
	near := int(float64(c.limit)/perMetre/c.cell) + 2
	c.spans = sized(c.spans, 2*c.high)
	marked := c.spans[c.high:]
	c.spans = c.spans[:c.high]
	for k := range c.high {
		row := c.marks[k*w : (k+1)*w]
		from, to := 0, w
		for from < to && row[from] == nowhere {
			from++
		}
		for from < to && row[to-1] == nowhere {
			to--
		}
		marked[k] = [2]int{from, to}
	}
	for k := range c.high {
		from, to := w, 0
		for _, s := range marked[max(0, k-near):min(c.high, k+near+1)] {
			if s[0] < s[1] {
				from, to = min(from, s[0]-near), max(to, s[1]+near)
			}
		}
		c.spans[k] = [2]int{max(0, from), min(w, to)}
		if from >= to {
			c.spans[k] = [2]int{0, 0}
		}
	}
}

// spreadRow takes into a row what the row beside it gives.
func spreadRow(row, other []mark, straight, slant mark, limit uint32) {
	if len(row) < 3 {
		return
	}
	n := len(row) - 2
	row = row[1:][:n]
	left, mid, right := other[:n], other[1:][:n], other[2:][:n]
	for i, best := range row {
		if m := mid[i] + straight; m < best && m&farMask < limit {
			best = m
		}
		if m := left[i] + slant; m < best && m&farMask < limit {
			best = m
		}
		if m := right[i] + slant; m < best && m&farMask < limit {
			best = m
		}
		row[i] = best
	}
}

// spreadWalled is spreadRow, and the way along the row, where there are walls:
// nothing goes through one.
func (c *canvas) spreadWalled(k, other int, straight, slant mark) {
	w := c.wide
	take := func(to, from int, step mark) {
		if m := c.marks[from] + step; m < c.marks[to] && c.rooms[from] == c.rooms[to] && m&farMask < c.limit {
			c.marks[to] = m
		}
	}
	from, to := max(1, c.spans[k][0]), min(w-1, c.spans[k][1])
	for i := from; i < to; i++ {
		take(k*w+i, other*w+i, straight)
		take(k*w+i, other*w+i-1, slant)
		take(k*w+i, other*w+i+1, slant)
	}
	if other < k {
		for i := from; i < to; i++ {
			take(k*w+i, k*w+i-1, straight)
		}
		return
	}
	for i := to - 1; i >= from; i-- {
		take(k*w+i, k*w+i+1, straight)
	}
}
