package street

import (
	"math"
	"slices"
)

// The distances, in metres, by which ways are sorted into inside and outside.
const (
	// hugging is how far a way may stray over the perimeter and still keep to
	// it: perimeters are drawn by hand, often along the street.
	hugging = 4.0
	// besideStreet is the same for pavements.
	besideStreet = 8.0
	// stub is the length of a way's end beyond the perimeter that is not worth
	// a cut.
	stub = 6.0
	// snapCut is the distance within which a cut falls on the next vertex.
	snapCut = 1.5
	// setBack is how far a mapped gate may stand from the perimeter along its
	// way and still be the gate of that crossing.
	setBack = 40.0
	// onPerimeter is how far a gate may stand from the perimeter in a straight
	// line and still belong to it.
	onPerimeter = 12.0
)

// place is a position on a piece: between vertices seg and seg+1.
type place struct {
	seg int
	t   float64
}

// span is a stretch of a piece on one side of a perimeter.
type span struct {
	from, to place
	inside   bool
}

// run is a stretch of a piece between two meetings with the perimeter.
type run struct {
	from, to place
	length   float64
	depth    float64 // the greatest, signed
	sum      float64 // depth × length
	inside   bool
	decided  bool
}

// spans sorts a piece into stretches inside and outside a perimeter.
func (d *draft) spans(a *area, p *piece) []span {
	vs := make([]vec, len(p.verts))
	near := false
	for i, v := range p.verts {
		vs[i] = a.plane.of(d.point(v))
		near = near || a.near(vs[i], hugging)
	}
	all := span{place{0, 0}, place{len(vs) - 2, 1}, false}
	if !near && !a.meets(vs) {
		return []span{all}
	}
	runs := a.runs(vs)
	if len(runs) == 0 {
		return []span{all}
	}
	w := &d.ways[p.way]
	switch w.src.Tags["footway"] {
	case "sidewalk", "crossing":
		// Part of the street, whose fence stands behind it.
		decide(runs, besideStreet, false)
	default:
		decide(runs, hugging, w.class.minor())
	}
	out := []span{{runs[0].from, runs[0].to, runs[0].inside}}
	for _, r := range runs[1:] {
		if last := &out[len(out)-1]; last.inside == r.inside {
			last.to = r.to
		} else {
			out = append(out, span{r.from, r.to, r.inside})
		}
	}
	return out
}

// meets says whether a line comes into the shape's box.
func (s *shape) meets(vs []vec) bool {
	lo, hi := vs[0], vs[0]
	for _, v := range vs {
		lo = vec{math.Min(lo.x, v.x), math.Min(lo.y, v.y)}
		hi = vec{math.Max(hi.x, v.x), math.Max(hi.y, v.y)}
	}
	return lo.x <= s.max.x && hi.x >= s.min.x && lo.y <= s.max.y && hi.y >= s.min.y
}

// runs cuts a line wherever it meets the perimeter and joins the parts that
// lie on the same side.
func (s *shape) runs(vs []vec) []run {
	var out []run
	var ts []float64
	for k := 0; k+1 < len(vs); k++ {
		ts = append(ts[:0], 0, 1)
		a, b := vs[k], vs[k+1]
		for _, ring := range s.rings {
			for i := 1; i < len(ring); i++ {
				if t, ok := crossing(a, b, ring[i-1], ring[i]); ok {
					ts = append(ts, t)
				}
			}
		}
		slices.Sort(ts)
		l := a.dist(b)
		for i := 1; i < len(ts); i++ {
			length := (ts[i] - ts[i-1]) * l
			if length < 0.05 && !(len(vs) == 2 && len(ts) == 2) {
				if len(out) > 0 {
					out[len(out)-1].to = place{k, ts[i]}
				}
				continue
			}
			depth := 0.0
			for _, f := range []float64{0.25, 0.5, 0.75} {
				if x := s.depth(lerp(a, b, ts[i-1]+(ts[i]-ts[i-1])*f)); math.Abs(x) > math.Abs(depth) {
					depth = x
				}
			}
			r := run{place{k, ts[i-1]}, place{k, ts[i]}, length, depth, depth * length, depth > 0, false}
			if n := len(out); n > 0 && out[n-1].inside == r.inside {
				last := &out[n-1]
				last.to, last.length, last.sum = r.to, last.length+r.length, last.sum+r.sum
				if math.Abs(r.depth) > math.Abs(last.depth) {
					last.depth = r.depth
				}
			} else {
				out = append(out, r)
			}
		}
	}
	return out
}

// decide settles the runs that keep within hugging metres of the perimeter by
// their neighbours.
func decide(runs []run, hugging float64, minor bool) {
	first, last := -1, -1
	var sum, length float64
	for i := range runs {
		runs[i].decided = math.Abs(runs[i].depth) > hugging
		if runs[i].decided {
			if first < 0 {
				first = i
			}
			last = i
		}
		sum += runs[i].sum
		length += runs[i].length
	}
	if first < 0 {
		// The whole piece keeps to the perimeter.
		inside := minor && sum > length
		for i := range runs {
			runs[i].inside = inside
		}
		return
	}
	for i := first; i < last; {
		next := i + 1
		for !runs[next].decided {
			next++
		}
		// Between two decided runs: the last change of side before the second
		// one is the crossing.
		k := next - 1
		for k > i && runs[k].inside == runs[next].inside {
			k--
		}
		for ; k > i; k-- {
			runs[k].inside = runs[i].inside
		}
		i = next
	}
	settleEnd(runs[:first], runs[first].inside, minor)
	settleEnd(runs[last+1:], runs[last].inside, minor)
}

// settleEnd settles the undecided runs at an end of a piece: they take the
// side of their decided neighbour where they are too short to cut off, else
// they are inside only where a minor way keeps to the inner side.
func settleEnd(runs []run, inside, minor bool) {
	var length float64
	for i := range runs {
		length += runs[i].length
	}
	for i := range runs {
		if length < stub {
			runs[i].inside = inside
		} else {
			runs[i].inside = runs[i].inside && minor && runs[i].sum > runs[i].length
		}
	}
}

// cut splits a piece after its spans and returns the indices of the pieces
// that lie inside. The piece itself becomes the first of its parts.
func (d *draft) cut(index int32, spans []span) (inside []int32) {
	p := d.pieces[index]
	var parts []piece
	var sides []bool
	cur := []int32{p.verts[0]}
	seg := 0
	for i, s := range spans {
		for seg < s.to.seg || i == len(spans)-1 && seg < len(p.verts)-1 {
			seg++
			if v := p.verts[seg]; v != cur[len(cur)-1] {
				cur = append(cur, v)
			}
		}
		if i == len(spans)-1 {
			break
		}
		v := d.cutVertex(&p, s.to)
		if v != cur[len(cur)-1] {
			cur = append(cur, v)
		}
		if len(cur) > 1 {
			parts, sides = append(parts, piece{p.way, cur, p.room}), append(sides, s.inside)
		}
		cur = []int32{v}
		if s.to.seg+1 < len(p.verts) && p.verts[s.to.seg+1] == v {
			seg = s.to.seg + 1
		}
	}
	if len(cur) > 1 {
		parts, sides = append(parts, piece{p.way, cur, p.room}), append(sides, spans[len(spans)-1].inside)
	}
	for i, part := range parts {
		at := index
		if i == 0 {
			d.pieces[index] = part
		} else {
			at = int32(len(d.pieces))
			d.pieces = append(d.pieces, part)
			d.indexPiece(at)
		}
		if sides[i] {
			inside = append(inside, at)
		}
	}
	return inside
}

// cutVertex returns the vertex at a position: one that is there already where
// it lies within snapCut metres, else a new one.
func (d *draft) cutVertex(p *piece, at place) int32 {
	a, b := p.verts[at.seg], p.verts[at.seg+1]
	pl := planeAt(d.point(a))
	va, vb := pl.of(d.point(a)), pl.of(d.point(b))
	l := va.dist(vb)
	switch {
	case at.t*l <= snapCut && at.t <= 0.5:
		return a
	case (1-at.t)*l <= snapCut:
		return b
	}
	q := pl.point(lerp(va, vb, at.t))
	d.verts = append(d.verts, node{0, toFixed(q[0]), toFixed(q[1])})
	return int32(len(d.verts) - 1)
}
