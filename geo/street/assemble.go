package street

import (
	"cmp"
	"slices"

	"yizhan/geo"
	"yizhan/geo/cch"
)

// end is one end of a piece: twice its index, plus one for the last.
type end int32

func newEnd(piece int32, last bool) end {
	if last {
		return end(2*piece + 1)
	}
	return end(2 * piece)
}

func (e end) piece() int32 { return int32(e) / 2 }

// group is a node to be: the ends that meet at a vertex on one side of its
// barrier. A hub has no ends.
type group struct {
	vertex int32
	number int32
	order  uint64
	node   uint32
}

// assembler turns a finished draft into a network.
type assembler struct {
	d      *draft
	n      *Network
	groups []group
	// nodeAt gives the group of each end.
	nodeAt  []int32
	portals []portal
}

// portal joins two groups through a barrier.
type portal struct {
	a, b    int32
	barrier *draftBarrier
	spoke   bool
}

// Build makes the network. The builder must not be used again; it is emptied.
func (b *Builder) Build() (*Network, Report, error) {
	// What the draft takes is let go of before the order is worked out.
	n, report := b.assemble()
	n.order = cch.Order(n.edgeA, n.edgeB, n.nodeLon, n.nodeLat)
	if err := n.derive(); err != nil {
		return nil, report, err
	}
	n.count()
	report.Stats = n.stats
	return n, report, nil
}

// assemble makes all of the network that is not derived, and empties the
// builder.
func (b *Builder) assemble() (*Network, Report) {
	d := newDraft(b)
	d.makeRooms(b)
	d.pieceTree, d.walls, d.areas = nil, nil, nil
	a := assembler{d: d, n: new(Network)}
	a.makeGroups()
	a.numberNodes()
	a.fillWays()
	a.fillEdges()
	a.fillGates()
	a.fillRecords(b)
	*b = Builder{}
	return a.n, d.report
}

// makeGroups splits each vertex with an effective barrier into one node for
// each side: for each room where rooms meet, else for each piece.
func (a *assembler) makeGroups() {
	a.nodeAt = make([]int32, 2*len(a.d.pieces))
	at := a.d.at()
	var ends []end
	for v := range int32(len(a.d.verts)) {
		list := at.of(v)
		ends = ends[:0]
		for k, i := range list {
			from, _ := a.d.pieces[i].ends()
			// The second time that a loop is listed is its other end.
			last := from != v || k > 0 && list[k-1] == i
			ends = append(ends, newEnd(i, last))
		}
		if len(ends) > 0 {
			a.groupVertex(v, ends)
		}
	}
}

func (a *assembler) groupVertex(v int32, es []end) {
	bar := a.d.barriers[v]
	if bar == nil || !bar.portal && !bar.obstacle() {
		g := a.newGroup(v, 0)
		for _, e := range es {
			a.nodeAt[e] = g
		}
		return
	}
	var made []int32
	byRoom := map[uint32]int32{}
	for _, e := range es {
		room := a.d.pieces[e.piece()].room
		if g, ok := byRoom[room]; ok && bar.portal {
			a.nodeAt[e] = g
			continue
		}
		g := a.newGroup(v, int32(len(made)))
		byRoom[room] = g
		made = append(made, g)
		a.nodeAt[e] = g
	}
	switch len(made) {
	case 1:
	case 2:
		a.portals = append(a.portals, portal{made[0], made[1], bar, false})
	default:
		hub := a.newGroup(v, int32(len(made)))
		for _, g := range made {
			a.portals = append(a.portals, portal{hub, g, bar, true})
		}
	}
}

func boolCompare(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

func (a *assembler) newGroup(v, number int32) int32 {
	n := a.d.verts[v]
	a.groups = append(a.groups, group{vertex: v, number: number, order: zOrder(n.lon, n.lat)})
	return int32(len(a.groups) - 1)
}

// zOrder interleaves the bits of a position, so that numbers near each other
// are places near each other (Morton 1966).
func zOrder(lon, lat int32) uint64 {
	return spread(uint32(lon)^1<<31) | spread(uint32(lat)^1<<31)<<1
}

func spread(x uint32) uint64 {
	v := uint64(x)
	v = (v | v<<16) & 0x0000ffff0000ffff
	v = (v | v<<8) & 0x00ff00ff00ff00ff
	v = (v | v<<4) & 0x0f0f0f0f0f0f0f0f
	v = (v | v<<2) & 0x3333333333333333
	return (v | v<<1) & 0x5555555555555555
}

// numberNodes orders the nodes along the curve.
func (a *assembler) numberNodes() {
	order := make([]int32, len(a.groups))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(x, y int32) int {
		g, h := &a.groups[x], &a.groups[y]
		return cmp.Or(cmp.Compare(g.order, h.order), cmp.Compare(a.d.verts[g.vertex].id, a.d.verts[h.vertex].id), cmp.Compare(g.vertex, h.vertex), cmp.Compare(g.number, h.number))
	})
	for i, g := range order {
		a.groups[g].node = uint32(i)
		v := a.d.verts[a.groups[g].vertex]
		a.n.nodeLon = append(a.n.nodeLon, v.lon)
		a.n.nodeLat = append(a.n.nodeLat, v.lat)
	}
}

// fillWays makes the table of ways with their names and profiles.
func (a *assembler) fillWays() {
	names := map[wayName]uint32{{}: 0}
	a.n.names = []wayName{{}}
	profiles := map[Profile]uint32{}
	for i := range a.d.ways {
		w := &a.d.ways[i]
		name := nameOf(w.src.Name, w.src.Names)
		at, ok := names[name]
		if !ok {
			at = uint32(len(a.n.names))
			names[name] = at
			a.n.names = append(a.n.names, name)
		}
		pr, ok := profiles[w.profile]
		if !ok {
			pr = uint32(len(a.n.profiles))
			profiles[w.profile] = pr
			a.n.profiles = append(a.n.profiles, w.profile)
		}
		rule := None
		if timed(w.src.Tags) {
			rule = uint32(len(a.n.ruleTags))
			a.n.ruleTags = append(a.n.ruleTags, accessTags(w.src.Tags))
		}
		a.n.wayID = append(a.n.wayID, w.src.ID)
		a.n.wayClass = append(a.n.wayClass, uint32(w.class))
		a.n.wayName = append(a.n.wayName, at)
		a.n.wayProfile = append(a.n.wayProfile, pr)
		a.n.wayRule = append(a.n.wayRule, rule)
	}
}

// nameOf picks what a way is called where it lies, in Chinese and in English.
func nameOf(local string, names map[string]string) wayName {
	first := func(keys ...string) string {
		for _, k := range keys {
			if names[k] != "" {
				return names[k]
			}
		}
		return local
	}
	if local == "" {
		local = first("zh", "zh-Hans", "en")
	}
	return wayName{local, first("zh", "zh-Hans"), first("en")}
}

// fillEdges writes the streets in the order of their nodes, then the portals.
func (a *assembler) fillEdges() {
	n, d := a.n, a.d
	type edge struct {
		piece int32
		a, b  uint32
	}
	edges := make([]edge, len(d.pieces))
	for i := range d.pieces {
		edges[i] = edge{int32(i),
			a.groups[a.nodeAt[newEnd(int32(i), false)]].node,
			a.groups[a.nodeAt[newEnd(int32(i), true)]].node}
	}
	slices.SortFunc(edges, func(x, y edge) int {
		return cmp.Or(cmp.Compare(min(x.a, x.b), min(y.a, y.b)), cmp.Compare(max(x.a, x.b), max(y.a, y.b)), cmp.Compare(x.piece, y.piece))
	})
	n.edgeShape = append(n.edgeShape, 0)
	for _, e := range edges {
		p := &d.pieces[e.piece]
		n.edgeA = append(n.edgeA, e.a)
		n.edgeB = append(n.edgeB, e.b)
		n.edgeWay = append(n.edgeWay, uint32(p.way))
		n.edgeRoom = append(n.edgeRoom, p.room)
		n.edgeLength = append(n.edgeLength, float32(d.length(p)))
		for _, v := range p.verts[1 : len(p.verts)-1] {
			n.shapeLon = append(n.shapeLon, d.verts[v].lon)
			n.shapeLat = append(n.shapeLat, d.verts[v].lat)
		}
		n.edgeShape = append(n.edgeShape, uint32(len(n.shapeLon)))
	}
}

// fillGates makes the barriers, the gates and the portals.
func (a *assembler) fillGates() {
	n := a.n
	var list []*draftBarrier
	used := map[*draftBarrier]bool{}
	for _, p := range a.portals {
		used[p.barrier] = true
	}
	for _, bar := range a.d.barriers {
		if used[bar] || bar.gate {
			list = append(list, bar)
		}
	}
	slices.SortFunc(list, func(x, y *draftBarrier) int {
		return cmp.Or(cmp.Compare(x.place.ID, y.place.ID), cmp.Compare(x.vertex, y.vertex))
	})
	index := map[*draftBarrier]uint32{}
	for _, bar := range list {
		index[bar] = uint32(len(n.barriers))
		out := Barrier{Gate: None, Kind: bar.kind, Tags: accessTags(bar.tags), Compounds: bar.joins}
		if bar.gate {
			out.Gate = uint32(len(n.gates))
			n.gates = append(n.gates, bar.place)
			for _, id := range bar.place.Gate.Compounds {
				c := a.compound(id)
				c.Gates = append(c.Gates, bar.place.ID)
			}
		}
		n.barriers = append(n.barriers, out)
	}
	for _, p := range a.portals {
		n.edgeA = append(n.edgeA, a.groups[p.a].node)
		n.edgeB = append(n.edgeB, a.groups[p.b].node)
		n.portalBarrier = append(n.portalBarrier, index[p.barrier])
		spoke := uint32(0)
		if p.spoke {
			spoke = 1
		}
		n.portalSpoke = append(n.portalSpoke, spoke)
	}
}

func (a *assembler) compound(id string) *geo.Compound {
	i, _ := slices.BinarySearchFunc(a.d.compounds, id, func(c geo.Compound, id string) int { return cmp.Compare(c.ID, id) })
	return &a.d.compounds[i]
}

// fillRecords gives buildings their compounds and lists the named streets.
func (a *assembler) fillRecords(b *Builder) {
	n := a.n
	n.compounds = a.d.compounds
	areas := newAreaIndex(n.compounds)
	n.buildings = b.buildings
	for i := range n.buildings {
		x := &n.buildings[i]
		x.Compound = ""
		if k, ok := areas.at(x.Center, false); ok {
			x.Compound = n.compounds[k].ID
		}
	}
	n.streets = namedStreets(a.d)
}

func (n *Network) count() {
	s := Stats{Nodes: len(n.nodeLon), Edges: len(n.edgeA), Ways: len(n.wayID), Gates: len(n.gates),
		Compounds: len(n.compounds), Buildings: len(n.buildings), Streets: len(n.streets)}
	for _, l := range n.edgeLength {
		s.Kilometres += float64(l) / 1000
	}
	for i := range n.gates {
		if n.gates[i].Gate.Inferred {
			s.Inferred++
		}
	}
	for i := range n.compounds {
		if n.compounds[i].Gated {
			s.Gated++
		}
	}
	for i := range n.buildings {
		s.Entrances += len(n.buildings[i].Entrances)
	}
	n.stats = s
}
