package street

import (
	"cmp"
	"maps"
	"slices"

	"github.com/tidwall/rtree"

	"yizhan/geo"
)

// stubLength is the length in metres of connected ways below which they are
// no inside: the end of a drive that reaches over the perimeter.
const stubLength = 15.0

// dropStubs takes rooms away from the ends of ways that only reach over a
// perimeter, where no gate stands.
func (d *draft) dropStubs() {
	at := d.at()
	seen := make([]bool, len(d.pieces))
	for i := range d.pieces {
		room := d.pieces[i].room
		if room == Public || seen[i] {
			continue
		}
		var length float64
		keep := false
		group := []int32{int32(i)}
		seen[i] = true
		for k := 0; k < len(group); k++ {
			p := &d.pieces[group[k]]
			length += d.length(p)
			u, v := p.ends()
			for _, e := range []int32{u, v} {
				keep = keep || d.barriers[e] != nil
				for _, q := range at.of(e) {
					switch {
					case d.pieces[q].room != room:
						keep = keep || d.pieces[q].room != Public
					case !seen[q]:
						seen[q] = true
						group = append(group, q)
					}
				}
			}
		}
		if !keep && length < stubLength {
			for _, g := range group {
				d.pieces[g].room = Public
			}
		}
	}
}

// besideWay is how far, in metres, a gate that is mapped on no way may stand
// from the crossing of a way and still be the gate there.
const besideWay = 5.0

// adoptGates puts gates that are mapped beside a way, on the wall, where that
// way crosses the perimeter.
func (d *draft) adoptGates() {
	at := d.at()
	var loose []*draftBarrier // nil once adopted
	var tree rtree.RTreeG[int]
	for _, v := range slices.Sorted(maps.Keys(d.barriers)) {
		if len(at.of(v)) == 0 && d.gateAt(v) != nil {
			p := d.barriers[v].place.Point
			tree.Insert(p, p, len(loose))
			loose = append(loose, d.barriers[v])
		}
	}
	for _, b := range d.borders(&at) {
		if d.standing(b.vertex) != nil {
			continue
		}
		best, near := -1, besideWay
		p := d.point(b.vertex)
		lo, hi := planeAt(p).square(2 * besideWay)
		tree.Search(lo, hi, func(_, _ [2]float64, i int) bool {
			if loose[i] == nil {
				return true
			}
			dist := geo.Distance(p, loose[i].place.Point)
			if dist < near || dist == near && i > best {
				best, near = i, dist
			}
			return true
		})
		if best < 0 {
			continue
		}
		bar := loose[best]
		loose[best] = nil
		delete(d.barriers, bar.vertex)
		bar.vertex = b.vertex
		d.barriers[b.vertex] = bar
	}
}

// linkReach is how far, in metres, a gate that is mapped on no street may be
// from the streets it joins: outside and inside.
const (
	linkReachOut = 25.0
	linkReachIn  = 40.0
)

// linkGates joins gates that are mapped on a perimeter but on no way with the
// nearest way outside and the nearest inside.
func (d *draft) linkGates() {
	at, near := d.at(), d.newAreaTree()
	for _, v := range slices.Sorted(maps.Keys(d.barriers)) {
		bar := d.barriers[v]
		if len(at.of(v)) > 0 || d.gateAt(v) == nil {
			continue
		}
		for _, k := range near.around(d.point(v), onPerimeter) {
			a := d.areas[k]
			q := a.plane.of(d.point(v))
			if !d.compounds[a.index].Gated || !a.near(q, onPerimeter) {
				continue
			}
			if depth := a.depth(q); depth > onPerimeter || depth < -onPerimeter {
				continue
			}
			if d.link(bar, a) {
				break
			}
		}
	}
}

// link joins one gate; ok is false where a side has no way near.
func (d *draft) link(bar *draftBarrier, a *area) (ok bool) {
	inside, inAt, inOK := d.nearestPiece(bar.vertex, linkReachIn, func(p *piece) bool { return p.room == a.room() })
	_, _, outOK := d.nearestPiece(bar.vertex, linkReachOut, func(p *piece) bool { return p.room != a.room() })
	if !inOK || !outOK {
		return false
	}
	d.addLink(bar, d.joinAt(inside, inAt), a.room())
	// Again, as joining may have split the pieces.
	outside, outAt, _ := d.nearestPiece(bar.vertex, linkReachOut, func(p *piece) bool { return p.room != a.room() })
	room := d.pieces[outside].room
	d.addLink(bar, d.joinAt(outside, outAt), room)
	return true
}

func (d *draft) addLink(bar *draftBarrier, to int32, room uint32) {
	d.ways = append(d.ways, draftWay{&Way{}, GateLink, profileOf(GateLink, nil)})
	d.pieces = append(d.pieces, piece{int32(len(d.ways) - 1), []int32{bar.vertex, to}, room})
	d.indexPiece(int32(len(d.pieces) - 1))
}

// nearestPiece finds the piece nearest to a vertex that people may walk on.
func (d *draft) nearestPiece(v int32, within float64, want func(*piece) bool) (index int32, at place, ok bool) {
	pl := planeAt(d.point(v))
	best := within
	lo, hi := pl.square(within)
	var hits []int32
	d.pieceTree.Search(lo, hi, func(_, _ [2]float64, i int32) bool {
		hits = append(hits, i)
		return true
	})
	slices.Sort(hits)
	for _, i := range slices.Compact(hits) {
		p := &d.pieces[i]
		w := &d.ways[p.way]
		if !want(p) || w.class == GateLink || w.profile.Speed[geo.Foot][0] == 0 || d.flies(p) {
			continue
		}
		for k := 0; k+1 < len(p.verts); k++ {
			dist, t := nearestOn(vec{}, pl.of(d.point(p.verts[k])), pl.of(d.point(p.verts[k+1])))
			if dist < best {
				index, at, best, ok = i, place{k, t}, dist, true
			}
		}
	}
	return index, at, ok
}

// joinAt splits a piece at a position and returns the vertex there.
func (d *draft) joinAt(index int32, at place) int32 {
	p := d.pieces[index]
	v := d.cutVertex(&p, at)
	k := slices.Index(p.verts, v)
	if k < 0 {
		verts := slices.Insert(slices.Clone(p.verts), at.seg+1, v)
		p.verts, k = verts, at.seg+1
	}
	if k == 0 || k == len(p.verts)-1 {
		return v
	}
	d.pieces[index] = piece{p.way, p.verts[: k+1 : k+1], p.room}
	d.pieces = append(d.pieces, piece{p.way, p.verts[k:], p.room})
	d.indexPiece(int32(len(d.pieces) - 1))
	return v
}

// sliver is the length in metres of connected ways up to which they are no
// room of their own between a gate and a crossing.
const sliver = 60.0

// dropSlivers settles the few ways between a mapped gate and a perimeter that
// is drawn some metres before or behind it: they belong to the other side of
// the perimeter, so that the gate is where the rooms meet.
func (d *draft) dropSlivers() {
	at := d.at()
	seen := make([]bool, len(d.pieces))
	for i := range d.pieces {
		if seen[i] {
			continue
		}
		room := d.pieces[i].room
		var length float64
		gates, group := 0, []int32{int32(i)}
		others := map[uint32]bool{}
		seen[i] = true
		for k := 0; k < len(group); k++ {
			p := &d.pieces[group[k]]
			length += d.length(p)
			u, v := p.ends()
			for _, e := range []int32{u, v} {
				gate := d.gateAt(e) != nil
				for _, q := range at.of(e) {
					switch {
					case d.pieces[q].room != room:
						if !gate {
							others[d.pieces[q].room] = true
						}
					case gate:
						if length <= sliver && !slices.Contains(group, q) {
							gates++
						}
					case !seen[q]:
						seen[q] = true
						group = append(group, q)
					}
				}
			}
		}
		if length > sliver || gates == 0 || len(others) != 1 {
			continue
		}
		for other := range others {
			for _, g := range group {
				d.pieces[g].room = other
			}
		}
	}
}

// border is a vertex where rooms meet.
type border struct {
	vertex int32
	rooms  []uint32 // sorted
}

// borders lists the vertices where rooms meet, along the curve of positions,
// so that the order does not depend on numbers.
func (d *draft) borders(at *incidence) []border {
	var out []border
	for v := range int32(len(d.verts)) {
		list := at.of(v)
		meet := false
		for _, i := range list {
			meet = meet || d.pieces[i].room != d.pieces[list[0]].room
		}
		if !meet {
			continue
		}
		var rooms []uint32
		for _, i := range list {
			rooms = append(rooms, d.pieces[i].room)
		}
		slices.Sort(rooms)
		out = append(out, border{v, slices.Compact(rooms)})
	}
	slices.SortFunc(out, func(a, b border) int {
		x, y := d.verts[a.vertex], d.verts[b.vertex]
		return cmp.Or(cmp.Compare(x.lon, y.lon), cmp.Compare(x.lat, y.lat), cmp.Compare(a.vertex, b.vertex))
	})
	return out
}

// standing returns the barrier at a vertex that rooms may meet at: anything
// but what does not stand in the way.
func (d *draft) standing(v int32) *draftBarrier {
	if bar := d.barriers[v]; bar != nil && kindOf(bar.kind, bar.tags) != kindNothing {
		return bar
	}
	return nil
}

// moveToGates shifts the border of two rooms along a way to a better gate that
// stands a few metres on, where no other way branches off between.
func (d *draft) moveToGates() {
	at := d.at()
	for _, b := range d.borders(&at) {
		var now []uint32
		for _, i := range at.of(b.vertex) {
			now = append(now, d.pieces[i].room)
		}
		slices.Sort(now)
		if len(b.rooms) != 2 || !slices.Equal(slices.Compact(now), b.rooms) {
			continue
		}
		var best []int32
		var bestRoom uint32
		score := float64(d.rankOf(b.vertex)) + 1
		for _, i := range at.of(b.vertex) {
			room := d.pieces[i].room
			alone := true
			for _, k := range at.of(b.vertex) {
				alone = alone && (k == i || d.pieces[k].room != room)
			}
			if !alone {
				continue
			}
			if path, s := d.walkToGate(&at, b.vertex, i); s > score {
				score, best = s, path
				bestRoom = b.rooms[0]
				if bestRoom == room {
					bestRoom = b.rooms[1]
				}
			}
		}
		for _, i := range best {
			d.pieces[i].room = bestRoom
		}
	}
}

// rankOf says how good a vertex is as the place where two rooms meet: 0 where
// nothing stands, more for a bollard, a gate, one with tags, one with a name.
func (d *draft) rankOf(v int32) int {
	bar := d.standing(v)
	switch {
	case bar == nil:
		return 0
	case d.gateAt(v) == nil:
		return 1
	case bar.place.Name != "":
		return 4
	case restricts(bar.tags):
		return 3
	}
	return 2
}

// walkToGate follows a piece away from a vertex, while nothing branches off
// and the room stays the same, to a gate at most setBack metres on. The score
// is the gate's rank, plus up to one for being near; 0 where there is none.
func (d *draft) walkToGate(at *incidence, from, first int32) (path []int32, score float64) {
	room := d.pieces[first].room
	length := 0.0
	var walked []int32
	for i, v := first, from; ; {
		p := &d.pieces[i]
		walked = append(walked, i)
		if length += d.length(p); length > setBack {
			return path, score
		}
		a, b := p.ends()
		next := a
		if a == v {
			next = b
		}
		if rank := d.rankOf(next); rank > 0 {
			if s := float64(rank) + (setBack-length)/setBack; s > score {
				path, score = slices.Clone(walked), s
			}
		}
		both := at.of(next)
		if len(both) != 2 || next == from {
			return path, score
		}
		i, v = both[0]+both[1]-i, next
		if d.pieces[i].room != room || slices.Contains(walked, i) {
			return path, score
		}
	}
}
