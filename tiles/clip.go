package tiles

import "math"

// clipper cuts shapes to boxes. It keeps buffers and is for one goroutine.
type clipper struct {
	arena arena
	ring  [2][]vertex
}

// clip returns what of a shape lies in a box, nil where nothing does. What lies
// inside is shared, not copied.
func (c *clipper) clip(s *shape, b box) *shape {
	if !b.meets(s.box) {
		return nil
	}
	if b.holds(s.box) {
		return s
	}
	out := &shape{src: s.src, box: noBox()}
	outer := false
	for i := range s.parts {
		p := &s.parts[i]
		if p.hole && !outer {
			continue
		}
		before := len(out.parts)
		switch {
		case !b.meets(p.box):
		case b.holds(p.box):
			out.parts = append(out.parts, *p)
		case s.src.kind == geomPolygon:
			c.clipRing(out, p, b)
		case s.src.kind == geomLine:
			c.clipLine(out, p, b)
		}
		if !p.hole {
			outer = len(out.parts) > before
		}
	}
	if len(out.parts) == 0 {
		return nil
	}
	for _, p := range out.parts {
		out.box = out.box.with(p.box)
	}
	return out
}

// clipRing cuts a ring side by side, after Sutherland and Hodgman. A ring that
// leaves and comes back stays one ring, joined along the border; that part of
// the border lies in the buffer, where nobody looks.
func (c *clipper) clipRing(out *shape, p *part, b box) {
	ring := p.vertices
	for axis := range 2 {
		if p.box.min[axis] < b.min[axis] {
			ring = c.cutRing(ring, axis, b.min[axis], 1)
		}
		if p.box.max[axis] > b.max[axis] {
			ring = c.cutRing(ring, axis, b.max[axis], -1)
		}
	}
	if len(ring) < 3 {
		return
	}
	kept := c.arena.take(len(ring))
	copy(kept, ring)
	bounds := boxOf(kept)
	if bounds.min[0] == bounds.max[0] || bounds.min[1] == bounds.max[1] {
		return
	}
	out.parts = append(out.parts, part{vertices: kept, box: bounds, area: p.area, hole: p.hole})
}

// cutRing keeps what lies beyond at along axis: above it where sign is 1, below
// where it is -1.
func (c *clipper) cutRing(ring []vertex, axis int, at, sign int32) []vertex {
	// Of the two buffers, the one that ring does not stand in.
	which := 0
	if len(ring) > 0 && len(c.ring[0]) > 0 && &ring[0] == &c.ring[0][0] {
		which = 1
	}
	out := c.ring[which][:0]
	if len(ring) > 0 {
		a := ring[len(ring)-1]
		aIn := (a.p[axis]-at)*sign >= 0
		for _, b := range ring {
			bIn := (b.p[axis]-at)*sign >= 0
			if aIn != bIn {
				out = append(out, meet(a, b, axis, at))
			}
			if bIn {
				out = append(out, b)
			}
			a, aIn = b, bIn
		}
	}
	c.ring[which] = out
	return out
}

// meet returns the vertex where ab crosses at along axis.
func meet(a, b vertex, axis int, at int32) vertex {
	t := (float64(at) - float64(a.p[axis])) / (float64(b.p[axis]) - float64(a.p[axis]))
	other := 1 - axis
	v := vertex{weight: forever}
	v.p[axis] = at
	v.p[other] = int32(math.Round(float64(a.p[other]) + t*(float64(b.p[other])-float64(a.p[other]))))
	return v
}

func (c *clipper) clipLine(out *shape, p *part, b box) {
	for _, piece := range c.cutLine(p.vertices, 0, b) {
		for _, list := range c.cutLine(piece, 1, b) {
			out.parts = append(out.parts, part{vertices: list, box: boxOf(list)})
		}
	}
}

// cutLine returns the pieces of a line between the box's sides along an axis.
func (c *clipper) cutLine(line []vertex, axis int, b box) [][]vertex {
	lo, hi := b.min[axis], b.max[axis]
	var pieces [][]vertex
	current := c.ring[0][:0]
	finish := func() {
		if len(current) > 1 {
			kept := c.arena.take(len(current))
			copy(kept, current)
			kept[0].weight, kept[len(kept)-1].weight = forever, forever
			pieces = append(pieces, kept)
		}
		current = current[:0]
	}
	for i, v := range line[:len(line)-1] {
		w := line[i+1]
		from, to := v.p[axis], w.p[axis]
		switch {
		case from < lo:
			if to >= lo {
				current = append(current, meet(v, w, axis, lo))
			}
		case from > hi:
			if to <= hi {
				current = append(current, meet(v, w, axis, hi))
			}
		default:
			current = append(current, v)
		}
		if to < lo && from >= lo {
			current = append(current, meet(v, w, axis, lo))
			finish()
		}
		if to > hi && from <= hi {
			current = append(current, meet(v, w, axis, hi))
			finish()
		}
	}
	if last := line[len(line)-1]; last.p[axis] >= lo && last.p[axis] <= hi {
		current = append(current, last)
	}
	finish()
	c.ring[0] = current[:0]
	return pieces
}
