package street

import (
	"cmp"
	"maps"
	"slices"

	"github.com/paulmach/orb"
	"github.com/tidwall/rtree"

	"yizhan/geo"
)

// draft is a network under construction: vertices, and pieces of ways between
// junctions that are cut and given their rooms step by step.
type draft struct {
	opt    Options
	verts  []node // the table's nodes, then those made by cutting, id 0
	ways   []draftWay
	pieces []piece
	// barriers by vertex; a vertex holds one.
	barriers  map[int32]*draftBarrier
	areas     []*area // gated and open, the smallest first
	compounds []geo.Compound
	report    Report
	pieceTree *rtree.RTreeG[int32]
	walls     *wallIndex
	// parents gives the room around each room, once all are made.
	parents []uint32
}

// draftWay is a usable way. src is its source, or a way made up by the build.
type draftWay struct {
	src     *Way
	class   Class
	profile Profile
}

// piece is a stretch of a way between two ends. room is an index into
// compounds plus one.
type piece struct {
	way   int32
	verts []int32
	room  uint32
}

// draftBarrier is what stands at a vertex.
type draftBarrier struct {
	vertex int32
	place  geo.Place
	kind   string
	tags   geo.Tags
	// gate says that it becomes a place among the gates.
	gate bool
	// portal says that it joins two rooms.
	portal bool
	// joins are the indices of the gated compounds that it joins with another
	// room.
	joins []uint32
}

func (d *draft) point(v int32) orb.Point {
	n := d.verts[v]
	return orb.Point{float64(n.lon) / fixed, float64(n.lat) / fixed}
}

// newDraft sorts the builder's parts and cuts its ways at junctions and
// barriers.
func newDraft(b *Builder) *draft {
	b.nodes.seal()
	slices.SortStableFunc(b.ways, func(x, y Way) int { return cmp.Compare(x.ID, y.ID) })
	b.ways = slices.CompactFunc(b.ways, func(x, y Way) bool { return x.ID == y.ID })
	slices.SortStableFunc(b.compounds, func(x, y geo.Compound) int { return cmp.Compare(x.ID, y.ID) })
	b.compounds = slices.CompactFunc(b.compounds, func(x, y geo.Compound) bool { return x.ID == y.ID })
	slices.SortStableFunc(b.buildings, func(x, y geo.Building) int { return cmp.Compare(x.ID, y.ID) })
	b.buildings = slices.CompactFunc(b.buildings, func(x, y geo.Building) bool { return x.ID == y.ID })
	slices.SortStableFunc(b.barriers, func(x, y barrier) int {
		return cmp.Or(cmp.Compare(x.node, y.node), cmp.Compare(x.place.ID, y.place.ID))
	})
	for i := range b.compounds {
		b.compounds[i].Perimeter = roundMulti(b.compounds[i].Perimeter)
	}
	for i := range b.buildings {
		roundBuilding(&b.buildings[i])
	}
	d := &draft{opt: b.opt, verts: b.nodes.list, barriers: map[int32]*draftBarrier{}, compounds: slices.Clone(b.compounds)}
	for i := range b.barriers {
		d.addBarrier(b, &b.barriers[i])
	}
	d.cutAtJunctions(b)
	return d
}

func (d *draft) addBarrier(b *Builder, src *barrier) {
	v, ok := b.nodes.find(src.node)
	if !ok {
		// A gate whose node was not given still stands at its place.
		d.verts = append(d.verts, node{src.node, toFixed(src.place.Point[0]), toFixed(src.place.Point[1])})
		v = int32(len(d.verts) - 1)
	}
	if d.barriers[v] != nil {
		return
	}
	bar := &draftBarrier{vertex: v, place: src.place}
	bar.place.Kind = geo.KindGate
	bar.place.Point = d.point(v)
	if g := src.place.Gate; g != nil {
		copied := *g
		copied.Tags = maps.Clone(g.Tags)
		copied.Compounds = nil
		bar.place.Gate = &copied
	} else {
		bar.place.Gate = &geo.Gate{}
	}
	bar.kind, bar.tags = bar.place.Gate.Barrier, bar.place.Gate.Tags
	d.barriers[v] = bar
}

// cutAtJunctions makes the pieces.
func (d *draft) cutAtJunctions(b *Builder) {
	type run struct {
		way   int32
		verts []int32
	}
	var runs []run
	uses := make([]uint8, len(d.verts))
	for i := range b.ways {
		w := &b.ways[i]
		class, ok := ParseClass(w.Class)
		if !ok {
			d.report.Skipped++
			continue
		}
		profile := profileOf(class, w.Tags)
		if !profile.usable() {
			d.report.Skipped++
			continue
		}
		index, made := int32(len(d.ways)), false
		for _, verts := range d.resolve(b, w.Nodes) {
			runs = append(runs, run{index, verts})
			made = true
			for k, v := range verts {
				if k == 0 || k == len(verts)-1 {
					uses[v] = 2
				} else {
					uses[v] = min(2, uses[v]+1)
				}
			}
		}
		if !made {
			d.report.Broken++
			continue
		}
		d.ways = append(d.ways, draftWay{w, class, profile})
	}
	for v := range d.barriers {
		uses[v] = 2
	}
	for _, r := range runs {
		from := 0
		for k := 1; k < len(r.verts); k++ {
			if k == len(r.verts)-1 || uses[r.verts[k]] >= 2 {
				d.pieces = append(d.pieces, piece{way: r.way, verts: r.verts[from : k+1 : k+1]})
				from = k
			}
		}
	}
}

// resolve turns node numbers into vertices: one run for each unbroken chain
// of known nodes, as extracts cut ways off at their edge.
func (d *draft) resolve(b *Builder, ids []int64) [][]int32 {
	var out [][]int32
	var cur []int32
	flush := func() {
		if len(cur) > 1 {
			out = append(out, cur)
		}
		cur = nil
	}
	for _, id := range ids {
		v, ok := b.nodes.find(id)
		if !ok {
			flush()
			continue
		}
		if len(cur) > 0 && cur[len(cur)-1] == v {
			continue
		}
		cur = append(cur, v)
	}
	flush()
	return out
}

// length returns a piece's length in metres.
func (d *draft) length(p *piece) float64 {
	var sum float64
	for i := 1; i < len(p.verts); i++ {
		sum += geo.Distance(d.point(p.verts[i-1]), d.point(p.verts[i]))
	}
	return sum
}

// ends returns the first and the last vertex of a piece.
func (p *piece) ends() (int32, int32) { return p.verts[0], p.verts[len(p.verts)-1] }

// incidence lists the pieces that end at each vertex, in order: those of
// vertex v are list[first[v]:first[v+1]].
type incidence struct {
	first []int32
	list  []int32
}

// at returns the pieces that end at each vertex; a loop is listed twice.
func (d *draft) at() incidence {
	x := incidence{make([]int32, len(d.verts)+1), make([]int32, 2*len(d.pieces))}
	for i := range d.pieces {
		a, b := d.pieces[i].ends()
		x.first[a]++
		x.first[b]++
	}
	var sum int32
	for v, k := range x.first {
		sum += k
		x.first[v] = sum
	}
	// Filled from the back, which leaves first[v] where the list begins.
	for i := len(d.pieces) - 1; i >= 0; i-- {
		a, b := d.pieces[i].ends()
		for _, v := range [2]int32{b, a} {
			x.first[v]--
			x.list[x.first[v]] = int32(i)
		}
	}
	return x
}

// of returns the pieces at a vertex, none for one that was made later.
func (x *incidence) of(v int32) []int32 {
	if int(v)+1 >= len(x.first) {
		return nil
	}
	return x.list[x.first[v]:x.first[v+1]:x.first[v+1]]
}
