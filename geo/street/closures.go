package street

import (
	"slices"

	"yizhan/geo"
)

// closureSet names a set of closures, 0 the empty one. Thousands of streets
// lie under the same few closures: each set is made once, as one closure and a
// smaller set.
type closureSet uint32

// closureSets are the sets of some closures, the terms.
type closureSets struct {
	terms []term
	// valid says which closures can be used; areas are those of closures with
	// an area, nil for the others.
	valid []bool
	areas []*polygon
	list  []setNode
	index map[setNode]closureSet
	// overlays caches the sets made ready.
	overlays map[closureSet]*overlay
}

// setNode is a set: a closure, and the set of the others.
type setNode struct {
	rest closureSet
	term int
}

func newClosureSets(list []geo.Closure) *closureSets {
	s := &closureSets{
		terms: make([]term, len(list)), valid: make([]bool, len(list)), areas: make([]*polygon, len(list)),
		list: make([]setNode, 1), index: map[setNode]closureSet{}, overlays: map[closureSet]*overlay{},
	}
	for i := range list {
		c := list[i] // a copy: the rules live longer than the list
		s.terms[i] = newTerm(&c)
		if s.valid[i] = c.Check() == nil; s.valid[i] && len(c.Area) > 0 {
			s.areas[i] = newPolygon(c.Area)
		}
	}
	return s
}

// with returns a set with one more closure, which it does not have yet.
func (s *closureSets) with(set closureSet, term int) closureSet {
	k := setNode{set, term}
	at, ok := s.index[k]
	if !ok {
		at = closureSet(len(s.list))
		s.list = append(s.list, k)
		s.index[k] = at
	}
	return at
}

// overlay returns a set made ready to be asked.
func (s *closureSets) overlay(set closureSet) *overlay {
	if o := s.overlays[set]; o != nil {
		return o
	}
	var terms []term
	for at := set; at != 0; at = s.list[at].rest {
		terms = append(terms, s.terms[s.list[at].term])
	}
	slices.Reverse(terms)
	o := newOverlay(terms)
	s.overlays[set] = o
	return o
}

// uses says whether a closure holds for one of the modes in a mask.
func (s *closureSets) uses(term, mask int) bool {
	for _, m := range geo.Modes() {
		if mask>>m&1 == 1 && s.terms[term].Holds(m) {
			return true
		}
	}
	return false
}

// areaWalk goes down the tree of streets with all areas at once.
type areaWalk struct {
	n    *Network
	sets *closureSets
	out  []under
}

// underAreas lists the streets that areas of closures touch, in order.
func (n *Network) underAreas(sets *closureSets) []under {
	w := areaWalk{n: n, sets: sets}
	var open []int
	for i, a := range sets.areas {
		if a != nil {
			open = append(open, i)
		}
	}
	if len(open) > 0 && len(n.edgeWay) > 0 {
		w.visit(len(n.tree.levels)-1, 0, 0, open)
	}
	return w.out
}

// visit looks at a box of the tree: set are the areas that hold all of it,
// open those that may touch it.
func (w *areaWalk) visit(level, index int, set closureSet, open []int) {
	b := &w.n.tree.boxes[w.n.tree.levels[level]+index]
	var rest []int
	for _, i := range open {
		switch w.sets.areas[i].meets(b) {
		case boxInside:
			set = w.sets.with(set, i)
		case boxCrossed:
			rest = append(rest, i)
		}
	}
	switch {
	case len(rest) == 0 && set == 0:
	case level == 0:
		e := uint32(index)
		for _, i := range rest {
			if w.n.edgeMeets(e, w.sets.areas[i]) {
				set = w.sets.with(set, i)
			}
		}
		if set != 0 {
			w.out = append(w.out, under{e, set})
		}
	case len(rest) == 0:
		size := 1
		for range level {
			size *= fanout
		}
		for e := index * size; e < min((index+1)*size, len(w.n.edgeWay)); e++ {
			w.out = append(w.out, under{uint32(e), set})
		}
	default:
		below := level - 1
		size := w.n.tree.levels[below+1] - w.n.tree.levels[below]
		for i := index * fanout; i < min((index+1)*fanout, size); i++ {
			w.visit(below, i, set, rest)
		}
	}
}

// edgeMeets says whether a part of a street lies in an area or crosses it.
func (n *Network) edgeMeets(e uint32, area *polygon) bool {
	prev := vec{float64(n.nodeLon[n.edgeA[e]]), float64(n.nodeLat[n.edgeA[e]])}
	if area.contains(prev) {
		return true
	}
	for k := n.edgeShape[e]; k < n.edgeShape[e+1]; k++ {
		next := vec{float64(n.shapeLon[k]), float64(n.shapeLat[k])}
		if area.crossedBy(prev, next) {
			return true
		}
		prev = next
	}
	return area.crossedBy(prev, vec{float64(n.nodeLon[n.edgeB[e]]), float64(n.nodeLat[n.edgeB[e]])})
}
