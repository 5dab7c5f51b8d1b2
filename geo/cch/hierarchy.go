package cch

import (
	"errors"
	"fmt"
)

// Infinity is the cost of no way, and the weight of a closed arc. It leaves
// room for one sum: two costs that are no greater do not overflow.
const Infinity uint32 = 1<<31 - 1

// none marks the absence of a node.
const none = ^uint32(0)

// The edges that contraction may leave, against a file that is made to fill
// the memory: an order that is worth the name leaves three or four for each
// node of a street network.
const (
	fillPerItem = 64
	fillFree    = 1 << 20
)

// Hierarchy is a graph with an order, contracted: the part that does not
// depend on weights. It is immutable, safe for concurrent use.
//
// Inside, nodes go by their rank. The rank differs from the order that New was
// given: it is the postorder of its elimination tree, which contracts to the
// same graph and makes each subtree one range of ranks.
type Hierarchy struct {
	order []uint32 // rank → node
	rank  []uint32 // node → rank

	// The edges of the contracted graph, sorted by the lower end and then by
	// the higher: those up from x are first[x] up to, but not, first[x+1].
	first []uint32
	high  []uint32
	low   []uint32
	// The same edges by their higher end, sorted by the lower.
	downFirst []uint32
	downEdge  []uint32
	// parent is the lowest higher neighbour: the elimination tree.
	parent []uint32
	// depth counts the nodes above a node in the tree, fewer than height: the
	// ancestors of a node, and so its higher neighbours, differ in it.
	depth  []uint32
	height int

	// arcEdge is the edge that an arc lies on, doubled, plus one where the arc
	// leads down; none for a loop. lowArc are the arcs that are no loops,
	// sorted by edge; lowFirst is where those of each lower end begin.
	arcEdge  []uint32
	lowFirst []uint32
	lowArc   []uint32

	plan      plan
	triangles int
}

// Stats are counts of a hierarchy.
type Stats struct {
	Nodes, Arcs int
	// Edges counts the undirected edges of the contracted graph.
	Edges int
	// Height is the number of nodes on the longest way up the elimination
	// tree, the size of the largest search space.
	Height int
	// Triangles counts what one customization looks at.
	Triangles int
}

// New contracts a graph along an order: order[i] is the node that is contracted
// as the i-th, and arc i leads from tail[i] to head[i]. Parallel arcs and loops
// are welcome. None of the slices is kept.
//
// It reports an error, and does not panic, where the order is no permutation,
// where an arc leads out of the graph, and where the order is so bad that the
// contracted graph would be out of proportion.
func New(order, tail, head []uint32) (*Hierarchy, error) {
	n := len(order)
	if len(tail) != len(head) {
		return nil, fmt.Errorf("%d tails for %d heads", len(tail), len(head))
	}
	if n >= 1<<31 || len(tail) >= 1<<31 {
		return nil, errors.New("too many nodes or arcs")
	}
	rank := filled(n, none)
	for i, node := range order {
		if int(node) >= n || rank[node] != none {
			return nil, fmt.Errorf("the order is no permutation: node %d at %d of %d", node, i, n)
		}
		rank[node] = uint32(i)
	}
	for i := range tail {
		if int(tail[i]) >= n || int(head[i]) >= n {
			return nil, fmt.Errorf("arc %d from %d to %d leads out of a graph of %d nodes", i, tail[i], head[i], n)
		}
	}
	g := rows{rank: rank, tail: tail, head: head}
	g.group(nil, nil)
	number := postorder(g.tree())
	h := &Hierarchy{rank: rank, order: make([]uint32, n)}
	for node, r := range rank {
		rank[node] = number[r]
		h.order[number[r]] = uint32(node)
	}
	g.group(g.first, g.arcs)
	h.parent = g.tree()
	if err := h.fill(&g); err != nil {
		return nil, err
	}
	h.dive()
	h.turn()
	h.groupArcs()
	h.plan = h.cutTree()
	for x := range h.order {
		up := int(h.first[x+1] - h.first[x])
		h.triangles += up * (up - 1) / 2
	}
	return h, nil
}

// Nodes returns the number of nodes.
func (h *Hierarchy) Nodes() int { return len(h.order) }

// Arcs returns the number of arcs, loops included.
func (h *Hierarchy) Arcs() int { return len(h.arcEdge) }

// Stats counts what is in the hierarchy.
func (h *Hierarchy) Stats() Stats {
	return Stats{
		Nodes: len(h.order), Arcs: len(h.arcEdge), Edges: len(h.high),
		Height: h.height, Triangles: h.triangles,
	}
}

// dive finds how deep in the elimination tree the nodes are.
func (h *Hierarchy) dive() {
	h.depth = make([]uint32, len(h.parent))
	for x := len(h.parent) - 1; x >= 0; x-- {
		if p := h.parent[x]; p != none {
			h.depth[x] = h.depth[p] + 1
		}
		h.height = max(h.height, int(h.depth[x])+1)
	}
}

// turn lists the edges by their higher ends.
func (h *Hierarchy) turn() {
	n := len(h.order)
	h.downFirst = make([]uint32, n+1)
	for _, y := range h.high {
		h.downFirst[y+1]++
	}
	for x := range n {
		h.downFirst[x+1] += h.downFirst[x]
	}
	next := append([]uint32(nil), h.downFirst[:n]...)
	h.downEdge = make([]uint32, len(h.high))
	for e, y := range h.high {
		h.downEdge[next[y]] = uint32(e)
		next[y]++
	}
}

// groupArcs lists the arcs by their edges: first by the higher end, then,
// keeping that order, by the lower.
func (h *Hierarchy) groupArcs() {
	n := len(h.order)
	byHigh := make([]uint32, 0, len(h.arcEdge))
	next := make([]uint32, n+1)
	for _, e := range h.arcEdge {
		if e != none {
			next[h.high[e>>1]+1]++
		}
	}
	for x := range n {
		next[x+1] += next[x]
	}
	byHigh = byHigh[:next[n]]
	for arc, e := range h.arcEdge {
		if e != none {
			y := h.high[e>>1]
			byHigh[next[y]] = uint32(arc)
			next[y]++
		}
	}
	h.lowFirst = make([]uint32, n+1)
	for _, arc := range byHigh {
		h.lowFirst[h.low[h.arcEdge[arc]>>1]+1]++
	}
	for x := range n {
		h.lowFirst[x+1] += h.lowFirst[x]
	}
	copy(next, h.lowFirst)
	h.lowArc = make([]uint32, len(byHigh))
	for _, arc := range byHigh {
		x := h.low[h.arcEdge[arc]>>1]
		h.lowArc[next[x]] = arc
		next[x]++
	}
}

// edge returns the edge between two nodes of which the first is the lower.
func (h *Hierarchy) edge(x, y uint32) (e uint32, ok bool) {
	lo, hi := h.first[x], h.first[x+1]
	for lo < hi {
		mid := (lo + hi) / 2
		if h.high[mid] < y {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo, lo < h.first[x+1] && h.high[lo] == y
}

func filled(n int, value uint32) []uint32 {
	s := make([]uint32, n)
	for i := range s {
		s[i] = value
	}
	return s
}
