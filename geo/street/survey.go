package street

// findings are what the ways across a perimeter say about an area.
type findings struct {
	// gates counts crossings with a gate, open weighs those without one.
	gates int
	open  float64
	// through holds the pieces of main roads that lead through the area without
	// meeting a gate; mainRoad and namedStreet say that there is such a road.
	through               map[int32]bool
	mainRoad, namedStreet bool
}

// openWeight is how much a crossing without a gate speaks against a wall.
func openWeight(c Class) float64 {
	switch {
	case c <= Residential:
		return 1
	case c <= Service:
		return 0.5
	}
	return 0.25
}

// survey gathers findings.
type survey struct {
	d      *draft
	pieces []sorted
	findings
	// inside and outside hold the vertices at which pieces end on that side.
	inside, outside map[int32]bool
	// roads joins the vertices of streets inside, but not through gates; exits
	// are those by which one of them leaves without a gate.
	roads map[int32]int32
	exits []int32
}

// findings looks at every crossing of the perimeter. Streets are followed
// from crossing to crossing: connected ones inside that leave the area without
// a gate in two places or more lead through it.
func (d *draft) findings(a *area, pieces []sorted) findings {
	s := survey{d: d, pieces: pieces, findings: findings{through: map[int32]bool{}},
		inside: map[int32]bool{}, outside: map[int32]bool{}, roads: map[int32]int32{}}
	for _, p := range pieces {
		u, v := d.pieces[p.piece].ends()
		s.see(u, p.spans[0].inside)
		s.see(v, p.spans[len(p.spans)-1].inside)
	}
	for _, p := range pieces {
		s.join(p)
	}
	for _, p := range pieces {
		s.crossings(p)
	}
	s.follow()
	return s.findings
}

func (s *survey) see(v int32, inside bool) {
	if inside {
		s.inside[v] = true
	} else {
		s.outside[v] = true
	}
}

// find returns the vertex that stands for all that roads join with v.
func (s *survey) find(v int32) int32 {
	up, ok := s.roads[v]
	if !ok {
		s.roads[v] = v
		return v
	}
	for up != v {
		v, up = up, s.roads[up]
	}
	return v
}

// join links the ends of a street that lies inside.
func (s *survey) join(p sorted) {
	piece := &s.d.pieces[p.piece]
	if s.d.ways[piece.way].class > Residential || s.d.flies(piece) || !p.spans[0].inside && len(p.spans) == 1 {
		return
	}
	if u, v := piece.ends(); s.d.gateAt(u) == nil && s.d.gateAt(v) == nil {
		s.roads[s.find(u)] = s.find(v)
	}
}

// crossings counts where a piece crosses the perimeter: between its ends, and
// at an end that lies on it.
func (s *survey) crossings(p sorted) {
	piece := &s.d.pieces[p.piece]
	if s.d.flies(piece) {
		return
	}
	class := s.d.ways[piece.way].class
	cross := func(gate *draftBarrier, at int32) {
		if gate != nil {
			s.gates++
			return
		}
		s.open += openWeight(class)
		if class <= Residential {
			s.exits = append(s.exits, at)
		}
	}
	u, v := piece.ends()
	for i := 1; i < len(p.spans); i++ {
		cross(s.d.gateNear(piece, p.spans[i].from), u)
	}
	for k, e := range []int32{u, v} {
		span := p.spans[k*(len(p.spans)-1)]
		if !span.inside || !s.outside[e] {
			continue
		}
		gate := s.d.gateAt(e)
		if gate == nil {
			gate = s.d.gateNear(piece, place{k * (len(piece.verts) - 2), float64(k)})
		}
		cross(gate, e)
	}
}

// follow finds the streets that lead through.
func (s *survey) follow() {
	leaves := map[int32]int{}
	for _, e := range s.exits {
		leaves[s.find(e)]++
	}
	for _, p := range s.pieces {
		piece := &s.d.pieces[p.piece]
		w := &s.d.ways[piece.way]
		if w.class > Residential || !p.spans[0].inside && len(p.spans) == 1 {
			continue
		}
		u, v := piece.ends()
		if max(leaves[s.find(u)], leaves[s.find(v)]) < 2 {
			continue
		}
		if w.class.mainRoad() {
			s.mainRoad, s.through[p.piece] = true, true
		} else if w.src.Name != "" {
			s.namedStreet = true
		}
	}
}
