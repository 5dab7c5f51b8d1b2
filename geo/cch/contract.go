package cch

import "errors"

// rows are the arcs of a graph by the rank of their higher end.
type rows struct {
	rank, tail, head []uint32
	first, arcs      []uint32
}

// group sorts the arcs into their rows, loops left out. The slices are used
// where they are given.
func (g *rows) group(first, arcs []uint32) {
	n := len(g.rank)
	if first == nil {
		first, arcs = make([]uint32, n+2), make([]uint32, len(g.tail))
	}
	clear(first)
	for i := range g.tail {
		if a, b := g.rank[g.tail[i]], g.rank[g.head[i]]; a != b {
			first[max(a, b)+2]++
		}
	}
	for x := range n {
		first[x+2] += first[x+1]
	}
	arcs = arcs[:first[n+1]]
	for i := range g.tail {
		if a, b := g.rank[g.tail[i]], g.rank[g.head[i]]; a != b {
			y := max(a, b)
			arcs[first[y+1]] = uint32(i)
			first[y+1]++
		}
	}
	g.first, g.arcs = first, arcs
}

// lower returns the rank of the lower end of an arc.
func (g *rows) lower(arc uint32) uint32 {
	return min(g.rank[g.tail[arc]], g.rank[g.head[arc]])
}

// tree returns the parents in the elimination tree, none for a root (Liu: The
// Role of Elimination Trees in Sparse Factorization, SIMAX 1990, with path
// compression).
func (g *rows) tree() []uint32 {
	n := len(g.rank)
	parent, above := filled(n, none), filled(n, none)
	for y := range uint32(n) {
		for _, arc := range g.arcs[g.first[y]:g.first[y+1]] {
			x := g.lower(arc)
			for above[x] != none && above[x] != y {
				above[x], x = y, above[x]
			}
			if above[x] == none {
				above[x], parent[x] = y, y
			}
		}
	}
	return parent
}

// postorder numbers the nodes of a forest so that each subtree is one range
// that ends with its root. A parent has a greater index than its children.
func postorder(parent []uint32) []uint32 {
	n := len(parent)
	// The nodes of a subtree take up the range that ends where the room left by
	// the parent ends; children take their share from the end.
	size := filled(n, 1)
	for x, p := range parent {
		if p != none {
			size[p] += size[x]
		}
	}
	number, end, roots := make([]uint32, n), make([]uint32, n), uint32(n)
	for x := n - 1; x >= 0; x-- {
		room := &roots
		if p := parent[x]; p != none {
			room = &end[p]
		}
		number[x] = *room - 1
		end[x] = *room - 1
		*room -= size[x]
	}
	return number
}

// fill finds the edges of the contracted graph: y is a higher neighbour of
// every node on the way up the elimination tree from the lower end of an arc
// to y, and of no other. Going through y in order leaves the edges sorted.
func (h *Hierarchy) fill(g *rows) error {
	n := len(h.order)
	h.first = make([]uint32, n+1)
	seen := filled(n, none)
	limit, total := fillFree+fillPerItem*(n+len(g.tail)), 0
	for y := range uint32(n) {
		seen[y] = y
		for _, arc := range g.arcs[g.first[y]:g.first[y+1]] {
			for z := g.lower(arc); seen[z] != y; z = h.parent[z] {
				seen[z] = y
				h.first[z+1]++
				total++
			}
		}
		if total > limit || total >= 1<<30 {
			return errors.New("the order is no order for this graph: the contracted graph would be out of proportion")
		}
	}
	for x := range n {
		h.first[x+1] += h.first[x]
	}
	next := append([]uint32(nil), h.first[:n]...)
	h.high, h.low = make([]uint32, total), make([]uint32, total)
	h.arcEdge = filled(len(g.tail), none)
	for y := range uint32(n) {
		seen[y] = none
		for _, arc := range g.arcs[g.first[y]:g.first[y+1]] {
			x := g.lower(arc)
			for z := x; z != y && (next[z] == h.first[z] || h.high[next[z]-1] != y); z = h.parent[z] {
				h.high[next[z]], h.low[next[z]] = y, z
				next[z]++
			}
			h.arcEdge[arc] = (next[x] - 1) << 1
			if g.rank[g.tail[arc]] == y {
				h.arcEdge[arc]++
			}
		}
	}
	return nil
}
