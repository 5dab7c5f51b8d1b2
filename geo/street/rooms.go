package street

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/tidwall/rtree"

	"yizhan/geo"
	"yizhan/geo/datum"
)

// area is a compound while rooms are made.
type area struct {
	index int // in draft.compounds
	*shape
}

func (a *area) room() uint32 { return uint32(a.index) + 1 }

// makeRooms decides which compounds are gated, gives every piece its room, and
// sees to it that rooms meet at gates only.
func (d *draft) makeRooms(b *Builder) {
	for _, bar := range d.barriers {
		bar.gate = kindOf(bar.kind, bar.tags) != kindBollard && bar.obstacle()
	}
	d.pieceTree = new(rtree.RTreeG[int32])
	for i := range d.pieces {
		d.indexPiece(int32(i))
	}
	d.walls = newWallIndex(b)
	for i := range d.compounds {
		c := &d.compounds[i]
		c.Gated, c.Gates = false, nil
		if s := newShape(c.Perimeter); len(s.rings) > 0 {
			d.areas = append(d.areas, &area{i, s})
		}
	}
	slices.SortFunc(d.areas, func(x, y *area) int {
		return cmp.Or(cmp.Compare(x.shape.area, y.shape.area), cmp.Compare(x.index, y.index))
	})
	for i, a := range d.areas {
		d.makeRoom(a, d.areas[i+1:])
	}
	d.dropStubs()
	d.adoptGates()
	d.linkGates()
	d.moveToGates()
	d.dropSlivers()
	d.inferGates()
	d.assignGates()
}

// areaTree finds the areas near a point.
type areaTree struct{ tree rtree.RTreeG[int32] }

func (d *draft) newAreaTree() *areaTree {
	x := new(areaTree)
	for k, a := range d.areas {
		x.tree.Insert(a.plane.point(a.min), a.plane.point(a.max), int32(k))
	}
	return x
}

// around lists the areas whose boxes come within m metres of a point, as their
// indices in draft.areas, in order, and perhaps some a little farther.
func (x *areaTree) around(p orb.Point, m float64) []int32 {
	var out []int32
	lo, hi := planeAt(p).square(2 * m)
	x.tree.Search(lo, hi, func(_, _ [2]float64, k int32) bool {
		out = append(out, k)
		return true
	})
	slices.Sort(out)
	return out
}

// indexPiece puts a piece into the tree of pieces.
func (d *draft) indexPiece(i int32) {
	lo, hi := d.box(&d.pieces[i])
	d.pieceTree.Insert(lo, hi, i)
}

func (d *draft) box(p *piece) (lo, hi [2]float64) {
	lo, hi = d.point(p.verts[0]), d.point(p.verts[0])
	for _, v := range p.verts[1:] {
		q := d.point(v)
		lo = [2]float64{math.Min(lo[0], q[0]), math.Min(lo[1], q[1])}
		hi = [2]float64{math.Max(hi[0], q[0]), math.Max(hi[1], q[1])}
	}
	return lo, hi
}

// around lists the pieces whose boxes come within m metres of a shape's box,
// in their order.
func (d *draft) around(s *shape, m float64) []int32 {
	lo := s.plane.point(vec{s.min.x - m, s.min.y - m})
	hi := s.plane.point(vec{s.max.x + m, s.max.y + m})
	var out []int32
	d.pieceTree.Search(lo, hi, func(_, _ [2]float64, i int32) bool {
		out = append(out, i)
		return true
	})
	slices.Sort(out)
	return slices.Compact(out)
}

// sorted is a piece sorted into spans.
type sorted struct {
	piece int32
	spans []span
}

// makeRoom decides whether an area is gated and, if so, gives the pieces
// inside that have no smaller room their room.
func (d *draft) makeRoom(a *area, larger []*area) {
	var pieces []sorted
	for _, i := range d.around(a.shape, hugging) {
		if s := d.spans(a, &d.pieces[i]); len(s) > 1 || s[0].inside || d.touches(a, &d.pieces[i]) {
			pieces = append(pieces, sorted{i, s})
		}
	}
	f := d.findings(a, pieces)
	if !d.gated(a, larger, f) {
		return
	}
	d.compounds[a.index].Gated = true
	for _, s := range pieces {
		if f.through[s.piece] || d.flies(&d.pieces[s.piece]) {
			continue
		}
		for _, in := range d.cut(s.piece, s.spans) {
			if p := &d.pieces[in]; p.room == Public {
				p.room = a.room()
			}
		}
	}
}

// touches says whether an end of a piece that lies outside is on the
// perimeter.
func (d *draft) touches(a *area, p *piece) bool {
	u, v := p.ends()
	for _, e := range []int32{u, v} {
		if q := a.plane.of(d.point(e)); a.near(q, hugging) && math.Abs(a.depth(q)) <= hugging {
			return true
		}
	}
	return false
}

// flies says whether a piece is a bridge or a tunnel of a street, which has
// nothing to do with what lies below or above it.
func (d *draft) flies(p *piece) bool {
	w := &d.ways[p.way]
	if w.class.minor() {
		return false
	}
	t := w.src.Tags
	return t["bridge"] != "" && t["bridge"] != "no" || t["tunnel"] != "" && t["tunnel"] != "no" && t["tunnel"] != "building_passage"
}

// gateAt returns the gate at a vertex, nil where there is none or where it
// stops cars only.
func (d *draft) gateAt(v int32) *draftBarrier {
	bar := d.barriers[v]
	if bar == nil {
		return nil
	}
	switch kindOf(bar.kind, bar.tags) {
	case kindBollard, kindNothing:
		return nil
	}
	return bar
}

// gateNear returns a gate at an end of a piece within setBack metres of a
// position on it.
func (d *draft) gateNear(p *piece, at place) *draftBarrier {
	before, after := 0.0, 0.0
	for k := 0; k+1 < len(p.verts); k++ {
		l := geo.Distance(d.point(p.verts[k]), d.point(p.verts[k+1]))
		switch {
		case k < at.seg:
			before += l
		case k > at.seg:
			after += l
		default:
			before, after = before+l*at.t, after+l*(1-at.t)
		}
	}
	u, v := p.ends()
	if bar := d.gateAt(u); bar != nil && before <= setBack {
		return bar
	}
	if bar := d.gateAt(v); bar != nil && after <= setBack {
		return bar
	}
	return nil
}

// habitArea is the size in m² up to which a compound is walled by habit.
const habitArea = 3e6

// gated decides whether an area is a room; see the package's comment.
func (d *draft) gated(a *area, larger []*area, f findings) bool {
	c := &d.compounds[a.index]
	switch {
	case c.Walled, c.Tags["residential"] == "gated", c.Tags["gated"] == "yes", d.walls.along(a.shape):
		c.Walled = true
		return true
	case wantsCalling(c.Tags):
		return true
	case f.mainRoad:
		return false
	case f.gates > 0 && float64(f.gates) >= f.open:
		return true
	}
	if f.namedStreet || !d.habitual(a) {
		return false
	}
	for _, l := range larger {
		if d.habitual(l) && l.contains(l.plane.of(a.middle())) {
			return false
		}
	}
	return true
}

// wantsCalling says that an area is tagged as not for everybody.
func wantsCalling(tags geo.Tags) bool {
	switch classify(tags["access"]) {
	case wordDeliver, wordPermit, wordNo:
		return true
	}
	return false
}

// habitual says whether an area is of a sort that is walled where walls are a
// habit.
func (d *draft) habitual(a *area) bool {
	c := &d.compounds[a.index]
	if c.Name == "" || c.Type == geo.OtherArea || c.Type == "" || a.shape.area > habitArea {
		return false
	}
	byHabit := d.opt.WalledByHabit
	if byHabit == nil {
		byHabit = datum.InChina
	}
	return byHabit(a.middle())
}
