// Package index keeps places and finds them by position: the nearest ones in
// exact great-circle order, those inside a box, those of a square of the map.
//
// An Index is an immutable snapshot, built once and then read by any number of
// goroutines without a lock. It holds no places but their packed rows (package
// pack), and names each by its Slot. The slots of a kind lie along a Hilbert
// curve over the Web Mercator map, ties by ID, so that what is near on the
// ground is near in memory, and each square of the map's quadtree is one run
// of slots.
//
// # The tree
//
// Over the slots of a kind stands a packed Hilbert R-tree (I. Kamel and
// C. Faloutsos, "On Packing R-trees", CIKM 1993): each node is the box around
// 16 neighbours on the curve, each node above the box around 16 of those, up
// to one. Nothing is ever inserted, so there are no half-filled nodes, and
// what a node holds follows from where it stands. A node also knows what
// facilities are offered anywhere below it, so a query for what is rare leaves
// out whole regions.
//
// # Exact order
//
// Nearest takes nodes and places from a queue in the order of a lower bound of
// their distance: the least great-circle distance from a point to a rectangle
// of latitude and longitude, after E. Schubert, A. Zimek and H.-P. Kriegel,
// "Geodetic Distance Queries on R-Trees for Indexing Geographic Data" (SSTD
// 2013). They are ranked by the squared chord, which grows with the distance
// and needs no inverse trigonometry; near the point, a short polynomial stands
// in for the sines. The order of the answer is that of geo.Distance itself,
// ties broken by ID.
//
// # Changes
//
// With makes another Index that shares almost everything: the rows that stay
// are the base, what was put is a second, small index of its own beside it,
// and of the base it is noted which slots are dead. All methods see the two as
// one. Compacted makes one of them again.
package index
