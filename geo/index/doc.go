// Package index finds places by position: the nearest ones in exact
// great-circle order, and those inside a box.
//
// An Index is an immutable snapshot: one R-tree for each kind, built once and
// then read by any number of goroutines without a lock. The trees hold
// numbers, the places stand beside them in one slice sorted along a Hilbert
// curve, so that what is near on the ground is near in memory.
//
// # Exact order
//
// The R-tree's own box distance is measured in degrees; a degree of longitude
// shrinks with the cosine of the latitude, so its order is wrong away from the
// equator and it knows nothing of the antimeridian. Nearest walks the tree by
// a metric lower bound instead: the least great-circle distance from a point
// to a rectangle of latitude and longitude, after E. Schubert, A. Zimek and
// H.-P. Kriegel, "Geodetic Distance Queries on R-Trees for Indexing
// Geographic Data" (SSTD 2013). Nodes and candidates are ranked by the squared
// chord, which grows with the distance and needs no inverse trigonometry; the
// order of the answer is that of geo.Distance itself, ties broken by ID.
package index
