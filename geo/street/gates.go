package street

import (
	"fmt"
	"slices"

	"yizhan/geo"
)

// inferGates puts a gate wherever rooms still meet without one. Its ID is
// made of the compound and the way that crosses its perimeter, so that it
// stays the same while they do.
func (d *draft) inferGates() {
	at := d.at()
	taken := map[string]int{}
	rank := d.ranks()
	for _, b := range d.borders(&at) {
		if d.standing(b.vertex) != nil {
			continue
		}
		delete(d.barriers, b.vertex)
		inner := d.innermost(b.rooms, rank)
		var way *draftWay
		for _, i := range at.of(b.vertex) {
			if w := &d.ways[d.pieces[i].way]; d.pieces[i].room == inner && (way == nil || w.class < way.class || w.class == way.class && w.src.ID < way.src.ID) {
				way = w
			}
		}
		c := &d.compounds[inner-1]
		id := fmt.Sprintf("inferred:%s:w%d", c.ID, way.src.ID)
		if taken[id]++; taken[id] > 1 {
			id = fmt.Sprintf("%s.%d", id, taken[id])
		}
		tags := accessTags(way.src.Tags)
		d.barriers[b.vertex] = &draftBarrier{
			vertex: b.vertex, tags: tags, gate: true,
			place: geo.Place{
				ID: id, Kind: geo.KindGate, Point: d.point(b.vertex),
				Gate:   &geo.Gate{Tags: tags, Inferred: true},
				Source: geo.Source{Feed: geo.FeedOSM, Ref: fmt.Sprintf("w%d", way.src.ID)},
			},
		}
	}
}

// ranks returns the place of each room among the areas, the smallest first.
func (d *draft) ranks() []int {
	rank := make([]int, len(d.compounds)+1)
	for k, a := range d.areas {
		rank[a.room()] = k
	}
	rank[Public] = len(d.areas)
	return rank
}

// innermost returns the smallest of the rooms.
func (d *draft) innermost(rooms []uint32, rank []int) uint32 {
	return slices.MinFunc(rooms, func(a, b uint32) int { return rank[a] - rank[b] })
}

// assignGates says which compounds each gate belongs to: those between the
// rooms that it joins, and those on whose perimeter it stands.
func (d *draft) assignGates() {
	d.parents = func() []uint32 { x := newAreaIndex(d.compounds); return x.parents() }()
	at, rank := d.at(), d.ranks()
	for _, b := range d.borders(&at) {
		bar := d.barriers[b.vertex]
		bar.portal, bar.gate = true, true
		joined := map[uint32]bool{}
		for i, r := range b.rooms {
			for _, s := range b.rooms[i+1:] {
				d.between(r, s, joined)
				d.between(s, r, joined)
			}
		}
		for r := range joined {
			bar.joins = append(bar.joins, r-1)
		}
		slices.SortFunc(bar.joins, func(a, b uint32) int { return rank[a+1] - rank[b+1] })
	}
	near := d.newAreaTree()
	for _, bar := range d.barriers {
		if !bar.gate {
			continue
		}
		// A gate belongs to the compounds that it joins and to those whose
		// perimeter it stands on, the smallest first.
		list := near.around(bar.place.Point, onPerimeter)
		for _, k := range bar.joins {
			list = append(list, int32(rank[k+1]))
		}
		slices.Sort(list)
		for _, k := range slices.Compact(list) {
			a := d.areas[k]
			c := &d.compounds[a.index]
			if !c.Gated {
				continue
			}
			on := slices.Contains(bar.joins, uint32(a.index))
			if q := a.plane.of(bar.place.Point); !on && a.near(q, onPerimeter) {
				depth := a.depth(q)
				on = depth <= onPerimeter && depth >= -onPerimeter
			}
			if on {
				bar.place.Gate.Compounds = append(bar.place.Gate.Compounds, c.ID)
			}
		}
		if ids := bar.place.Gate.Compounds; len(ids) > 0 {
			bar.place.Compound = ids[0]
		}
	}
	d.shareTags()
	d.warn()
}

// between adds the rooms around r, itself counted, that are not around s.
func (d *draft) between(r, s uint32, joined map[uint32]bool) {
	around := map[uint32]bool{}
	for ; s != Public; s = d.parents[s] {
		around[s] = true
	}
	for ; r != Public && !around[r]; r = d.parents[r] {
		joined[r] = true
	}
}

// besideGate is the distance in metres within which an untagged barrier is
// part of the same gate as a tagged one on its way.
const besideGate = 15.0

// shareTags lets a tagged gate speak for the untagged barrier next to it on
// the same way, such as the boom behind a gate.
func (d *draft) shareTags() {
	given := map[*draftBarrier]geo.Tags{}
	for i := range d.pieces {
		p := &d.pieces[i]
		u, v := p.ends()
		x, y := d.gateAt(u), d.gateAt(v)
		if x == nil || y == nil || x.place.Gate.Inferred || y.place.Gate.Inferred || d.length(p) > besideGate {
			continue
		}
		if restricts(x.tags) && !restricts(y.tags) {
			given[y] = x.tags
		} else if restricts(y.tags) && !restricts(x.tags) {
			given[x] = y.tags
		}
	}
	for bar, tags := range given {
		bar.tags = tags
	}
}

// warn lists the gated compounds that no gate leads into.
func (d *draft) warn() {
	has := map[uint32]bool{}
	for _, bar := range d.barriers {
		for _, k := range bar.joins {
			has[k] = true
		}
	}
	for i := range d.compounds {
		c := &d.compounds[i]
		if c.Gated && !has[uint32(i)] {
			name := geo.Text{Zh: "“" + c.Name + "”（" + c.ID + "）", En: fmt.Sprintf("%q (%s)", c.Name, c.ID)}
			if c.Name == "" {
				name = geo.Text{Zh: c.ID, En: c.ID}
			}
			d.report.Warnings = append(d.report.Warnings, geo.Text{
				Zh: "小区" + name.Zh + "没有路通过的门，路线只能到它附近的街边",
				En: "compound " + name.En + " has no gate that a way leads through: routes end on a street near it",
			})
		}
	}
}
