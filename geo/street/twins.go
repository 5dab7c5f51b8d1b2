package street

// noRef is the arc that nobody came by.
const noRef = ^Ref(0)

// twin is a barrier that a gate speaks for besides itself.
type twin struct {
	barrier uint32
	// metres is how far off it stands, along the street.
	metres float64
}

// twins lists the barriers that are part of the same gate as one, such as the
// boom behind it: silent ones within besideGate metres along a street, with no
// branch and no gate that speaks for itself between.
func (n *Network) twins(barrier uint32) []twin {
	var out []twin
	for _, side := range n.sides[barrier] {
		lo, hi := n.Span(side.Node)
		for _, arc := range n.arcs[lo:hi] {
			if !n.Portal(arc.Ref.Edge()) {
				out = n.twinsAlong(barrier, arc, out)
			}
		}
	}
	return out
}

// twinsAlong adds those on the way that begins with an arc.
func (n *Network) twinsAlong(barrier uint32, arc Arc, out []twin) []twin {
	metres := 0.0
	for {
		if metres += n.Length(arc.Ref.Edge()); metres > besideGate {
			return out
		}
		node := arc.Head
		if b, ok := n.barrierAt(node); ok {
			if b == barrier || !n.silent(b) {
				return out
			}
			nearer := false
			if out, nearer = addTwin(out, twin{b, metres}); !nearer {
				return out
			}
			if node, ok = n.behind(b, node); !ok {
				return out
			}
			arc.Ref = noRef
		}
		var ok bool
		if arc, ok = n.onlyOther(node, arc.Ref); !ok {
			return out
		}
	}
}

// addTwin adds a twin, or the shorter way to one that is there. It is false
// where nothing is new.
func addTwin(list []twin, t twin) ([]twin, bool) {
	for i := range list {
		if list[i].barrier == t.barrier {
			nearer := t.metres < list[i].metres
			list[i].metres = min(list[i].metres, t.metres)
			return list, nearer
		}
	}
	return append(list, t), true
}

// silent says whether a barrier is a gate of the map that says nothing of who
// may pass, but for what it took from its neighbour.
func (n *Network) silent(barrier uint32) bool {
	b := &n.barriers[barrier]
	if b.Gate == None {
		return false
	}
	switch gate := n.gates[b.Gate].Gate; kindOf(b.Kind, gate.Tags) {
	case kindBollard, kindNothing:
		return false
	default:
		return !gate.Inferred && !restricts(gate.Tags)
	}
}

// barrierAt returns the barrier that a node is a side of.
func (n *Network) barrierAt(node uint32) (barrier uint32, ok bool) {
	lo, hi := n.Span(node)
	for _, arc := range n.arcs[lo:hi] {
		if i := int(arc.Ref.Edge()) - len(n.edgeWay); i >= 0 {
			return n.portalBarrier[i], true
		}
	}
	return None, false
}

// behind returns the other side of a barrier that has two.
func (n *Network) behind(barrier, node uint32) (other uint32, ok bool) {
	s := n.sides[barrier]
	if len(s) != 2 {
		return None, false
	}
	return s[0].Node ^ s[1].Node ^ node, true
}

// onlyOther returns the street that goes on at a node from the one that one
// came by; ok is false where there is none, and where there is a choice.
func (n *Network) onlyOther(node uint32, came Ref) (on Arc, ok bool) {
	lo, hi := n.Span(node)
	for _, arc := range n.arcs[lo:hi] {
		e := arc.Ref.Edge()
		switch {
		case n.Portal(e) || e == came.Edge():
		case ok:
			return Arc{}, false
		default:
			on, ok = arc, true
		}
	}
	return on, ok
}

// speakForTwins lets what was entered of a gate hold for its twins, but for
// those that a record of their own speaks for. Of several the nearest gate's
// counts.
func (w *changer) speakForTwins(entered map[uint32]record) {
	type claim struct {
		from   uint32
		metres float64
	}
	claims := map[uint32]claim{}
	for b := range entered {
		for _, t := range w.base.twins(b) {
			if _, own := entered[t.barrier]; own {
				continue
			}
			c, taken := claims[t.barrier]
			if !taken || t.metres < c.metres || t.metres == c.metres && b < c.from {
				claims[t.barrier] = claim{b, t.metres}
			}
		}
	}
	for b, c := range claims {
		r := entered[c.from]
		r.kind = w.base.barriers[b].Kind
		entered[b] = r
	}
}

// openTwins lets an opening of gates hold for their twins, but for those that
// a record of their own speaks for.
func (w *changer) openTwins(gates map[uint32]bool, entered map[uint32]record) {
	var more []uint32
	for b := range gates {
		for _, t := range w.base.twins(b) {
			if _, own := entered[t.barrier]; !own {
				more = append(more, t.barrier)
			}
		}
	}
	for _, b := range more {
		gates[b] = true
	}
}
