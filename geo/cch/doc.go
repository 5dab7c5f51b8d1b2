// Package cch finds cheapest ways in large graphs whose weights change, in
// microseconds: customizable contraction hierarchies (Dibbelt, Strasser and
// Wagner: Customizable Contraction Hierarchies, JEA 2016). It knows nodes, arcs
// and weights, and nothing of streets.
//
// # Order
//
// Order ranks the nodes by nested dissection: a small set of nodes that cuts the
// graph in two halves gets the highest ranks, then each half is cut in turn. The
// cuts are found by inertial flow on the coordinates (Schild and Sommer: On
// Balanced Separators in Road Networks, SEA 2015). No weight is looked at, so
// one order serves all ways to travel, for as long as the graph is the same. It
// takes a second for a city, and is kept in a file.
//
// # Contraction
//
// New takes the nodes away in order of rank, and joins the higher neighbours of
// each with each other:
//
//	y ----- z          x goes first. Whatever leads over x, from y
//	 \     /           to z or back, gets an edge of its own; the
//	  \   /            triangle x y z is a lower one of that edge.
//	   \ /
//	    x
//
// The graph that this leaves is chordal. The lowest higher neighbour of a node is
// its parent in the elimination tree, and all higher neighbours are among its
// ancestors. So the graph is found in time linear in its size, row by row, as in
// sparse matrices (Liu: The Role of Elimination Trees in Sparse Factorization,
// SIMAX 1990).
//
// # Customization
//
// Hierarchy.Customize gives each edge two weights, one for each direction: those
// of its arcs, or of the cheapest way over a lower triangle, from the lowest
// node up. A second pass from the top down finds what the cheapest way between
// the ends of each edge costs in the whole graph, and edges that cost more are
// left out of the searches: the perfect customization of the paper. Subtrees
// of the elimination tree are worked on in parallel. Metric.Update does both
// passes only where something changes: up from the arcs, then down from what
// that changed, into those subtrees whose edges lie under other least costs than
// before.
//
// # Queries
//
// The cheapest way between two nodes goes up and then down. Everything that a
// search up can reach are the ancestors of its source, a few hundred nodes: they
// are walked one by one, without a queue, from both ends. The ranks are a
// postorder of the tree, so whatever a search has labelled and not passed yet
// lies on one way up, for several ends too: links name nodes by their depth
// alone, and the labels of a search are a short array that stays in the nearest
// cache. A label is one word, the cost above the depth of the predecessor.
//
// Where both sides have come to the same way up, the labels known give a bound:
// no node is gone on from that costs as much, with the least that the other side
// adds. A way is unpacked by looking for the triangles that the weights came
// from; a metric remembers those that were found, for all its readers. Each
// triangle leads to a lower node, so this ends, with weights of zero too.
//
// For a fixed set of targets, Hierarchy.Pin selects all their ancestors once; one
// search up from the sources and one sweep down through the selection gives the
// costs to all of them (Delling, Goldberg, Nowatzyk and Werneck: PHAST, JPDC
// 2013; Delling, Goldberg and Werneck: Faster Batched Shortest Paths in Road
// Networks, ATMOS 2011).
//
// # Costs
//
// Costs are 32-bit numbers in any unit. Infinity is the cost of no way; a way
// that would cost as much or more is none.
package cch
