package street

import (
	"math/bits"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"yizhan/geo"
)

// closureSet names a set of closures that make a difference, 0 the empty one.
// Thousands of streets lie under the same few closures: each set is made once.
type closureSet uint32

// closureSets are the sets of some closures, the terms.
type closureSets struct {
	terms []term
	// valid says which closures can be used; areas are those of closures with
	// an area, nil for the others and before shape.
	valid []bool
	areas []*polygon
	// ordered are the terms in the order of compareTerms, rank is the place of
	// each in it.
	ordered []term
	rank    []uint32
	// list are the sets. index has the last one of each hash, same the one
	// before it with the same hash, 0 for none.
	list  []*overlay
	same  []closureSet
	index map[uint64]closureSet
	// chunks and set are scratch.
	chunks []chunk
	set    termSet
}

// termSet is a set of terms by their rank, a bit for each.
type termSet []uint64

func (s termSet) add(rank uint32) { s[rank/64] |= 1 << (rank % 64) }

func newClosureSets(list []geo.Closure) *closureSets {
	n := len(list)
	s := &closureSets{
		terms: make([]term, n), valid: make([]bool, n), areas: make([]*polygon, n),
		ordered: make([]term, n), rank: make([]uint32, n),
		list: make([]*overlay, 1), same: make([]closureSet, 1), index: map[uint64]closureSet{},
	}
	order := make([]int, n)
	forAll(n, func(i int) {
		c := list[i] // a copy: the rules live longer than the list
		s.terms[i], s.valid[i], order[i] = newTerm(&c), c.Check() == nil, i
	})
	slices.SortStableFunc(order, func(a, b int) int { return compareTerms(&s.terms[a], &s.terms[b]) })
	for rank, i := range order {
		s.ordered[rank], s.rank[i] = s.terms[i], uint32(rank)
	}
	s.set = s.none()
	return s
}

// shape makes the areas ready for questions within a box.
func (s *closureSets) shape(within box) {
	forAll(len(s.terms), func(i int) {
		if area := s.terms[i].Area; s.valid[i] && len(area) > 0 {
			s.areas[i] = newPolygon(area, within)
		}
	})
}

// forAll calls f for the numbers below n, on all processors: areas may have
// thousands of corners to look at.
func forAll(n int, f func(i int)) {
	var next atomic.Int64
	var wait sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		wait.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				f(i)
			}
		})
	}
	wait.Wait()
}

// streetBox is the box around all streets.
func (n *Network) streetBox() box {
	if len(n.tree.boxes) == 0 {
		return emptyBox
	}
	return n.tree.boxes[len(n.tree.boxes)-1]
}

// none returns an empty set.
func (s *closureSets) none() termSet { return make(termSet, (len(s.ordered)+63)/64) }

// with returns a set with more closures.
func (s *closureSets) with(set closureSet, terms ...int) closureSet {
	clear(s.set)
	if set != 0 {
		for _, c := range s.list[set].in {
			s.set[c.base/64] |= uint64(c.bits) << (c.base % 64)
		}
	}
	for _, i := range terms {
		s.set.add(s.rank[i])
	}
	s.prune(s.set)
	return s.name(s.set)
}

// prune takes those closures out of a set that make no difference to it: what
// they do is done by others all the time that they hold, and their reason is
// never the one that is told.
func (s *closureSets) prune(set termSet) {
	// How far those that began earlier reach, by sort and mode: all of them,
	// and those with a reason.
	type reach [geo.NumModes]int64
	var all, told [numSorts]reach
	for sort := range all {
		for m := range all[sort] {
			all[sort][m], told[sort][m] = -endless-1, -endless-1
		}
	}
	for w := range set {
		for b := set[w]; b != 0; b &= b - 1 {
			at := w*64 + bits.TrailingZeros64(b)
			t := &s.ordered[at]
			covers, idle := &told[t.sort], true
			if t.Reason == "" {
				covers = &all[t.sort]
			}
			for m := range covers {
				if t.modes>>m&1 == 0 || t.from >= t.to || covers[m] >= t.to || t.sort == opens && all[closes][m] >= t.to {
					continue
				}
				idle = false
				all[t.sort][m] = max(all[t.sort][m], t.to)
				if t.Reason != "" {
					told[t.sort][m] = max(told[t.sort][m], t.to)
				}
			}
			if idle {
				set[w] &^= 1 << (at % 64)
			}
		}
	}
}

// name returns the name of a pruned set.
func (s *closureSets) name(set termSet) closureSet {
	chunks, size, hash := s.chunks[:0], 0, uint64(0)
	for w, word := range set {
		for half := range uint32(2) {
			if b := uint32(word >> (32 * half)); b != 0 {
				c := chunk{uint32(w)*64 + 32*half, b}
				chunks = append(chunks, c)
				size += bits.OnesCount32(b)
				hash = (hash ^ uint64(c.base)<<32 ^ uint64(b)) * 0x9e3779b97f4a7c15
				hash ^= hash >> 29
			}
		}
	}
	s.chunks = chunks
	if size == 0 {
		return 0
	}
	for at := s.index[hash]; at != 0; at = s.same[at] {
		if slices.Equal(s.list[at].in, chunks) {
			return at
		}
	}
	at := closureSet(len(s.list))
	s.list = append(s.list, &overlay{terms: s.ordered, in: slices.Clone(chunks), large: size >= largeSet})
	s.same = append(s.same, s.index[hash])
	s.index[hash] = at
	return at
}

// overlay returns a set made ready to be asked.
func (s *closureSets) overlay(set closureSet) *overlay { return s.list[set] }

// uses says whether a closure holds for one of the modes in a mask.
func (s *closureSets) uses(term, mask int) bool { return int(s.terms[term].modes)&mask != 0 }

// areaWalk goes down the tree of streets with all areas at once.
type areaWalk struct {
	n    *Network
	sets *closureSets
	out  []under
	// streets counts for each closure the streets that one of its modes uses.
	streets []int
	// For every level of the tree below the box that is looked at, there is
	// room for one step.
	steps []areaStep
}

// areaStep is what is known of a box: open are the areas that may touch it,
// inside those that hold all of it but not of the box above, set all that do,
// named its name.
type areaStep struct {
	open, inside []int
	room, set    termSet
	named        closureSet
}

// tally counts streets by the modes that use them, as bits.
type tally [1 << geo.NumModes]int

// underAreas lists the streets that areas of closures touch, in order. streets
// counts for each closure those that one of its modes uses.
func (n *Network) underAreas(sets *closureSets) (list []under, streets []int) {
	w := areaWalk{n: n, sets: sets, streets: make([]int, len(sets.terms))}
	if len(n.edgeWay) == 0 {
		return nil, w.streets
	}
	top := len(n.tree.levels) - 1
	w.steps = make([]areaStep, top+2)
	for i := range w.steps {
		w.steps[i].room = sets.none()
	}
	root := &w.steps[top+1]
	root.set = root.room
	for i, a := range sets.areas {
		if a != nil {
			root.open = append(root.open, i)
		}
	}
	if len(root.open) > 0 {
		w.visit(top, 0)
	}
	return w.out, w.streets
}

// visit looks at a box of the tree, and returns what streets it listed.
func (w *areaWalk) visit(level, index int) tally {
	tree, above, step := &w.n.tree, &w.steps[level+1], &w.steps[level]
	b := &tree.boxes[tree.levels[level]+index]
	step.open, step.inside, step.set, step.named = step.open[:0], step.inside[:0], above.set, above.named
	for _, i := range above.open {
		switch area := w.sets.areas[i]; area.meets(b) {
		case boxInside:
			step.inside = append(step.inside, i)
		case boxCrossed:
			if level > 0 {
				step.open = append(step.open, i)
			} else if w.n.edgeMeets(uint32(index), area) {
				step.inside = append(step.inside, i)
			}
		}
	}
	if len(step.inside) > 0 {
		step.set = step.room
		copy(step.set, above.set)
		for _, i := range step.inside {
			step.set.add(w.sets.rank[i])
		}
		w.sets.prune(step.set)
		step.named = w.sets.name(step.set)
	}
	var found tally
	switch {
	case len(step.open) == 0 && step.named == 0:
	case len(step.open) == 0:
		size := 1
		for range level {
			size *= fanout
		}
		for e := index * size; e < min((index+1)*size, len(w.n.edgeWay)); e++ {
			w.out = append(w.out, under{uint32(e), step.named})
			found[w.n.users(uint32(e))]++
		}
	default:
		below := level - 1
		size := tree.levels[below+1] - tree.levels[below]
		for i := index * fanout; i < min((index+1)*fanout, size); i++ {
			for mask, k := range w.visit(below, i) {
				found[mask] += k
			}
		}
	}
	for _, i := range step.inside {
		for mask, k := range found {
			if w.sets.uses(i, mask) {
				w.streets[i] += k
			}
		}
	}
	return found
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
