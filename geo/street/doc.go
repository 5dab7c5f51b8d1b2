// Package street holds the street network: a compact graph with travel
// profiles for each mode, compounds as rooms that are joined to the public
// streets at gates only, snapping of points to streets, the rule of who may
// pass a gate at which minute, and the flat file the network rests in.
//
// # The graph
//
// A Network is immutable and safe for any number of readers. Nodes are
// junctions, dead ends and the two sides of a gate; edges are stretches of one
// way between two nodes. Everything that a search touches lies in flat arrays:
// coordinates as int32 in units of 1e-7 degrees, indices as uint32, travel
// times as uint32 milliseconds. An edge has two arcs, one for each direction.
//
// Nodes that streets and portals join make a component, for each mode; a small
// one is an island: a path that was mapped without its link to the rest. A
// way is below where it runs in a tunnel, under the ground or in a building.
// Routes take both into account where they begin and end.
//
// # Gates as portals
//
// A gate or another barrier that can stop somebody is an edge of length zero
// between two nodes at the same spot, so that passing it is a step of the
// search like any other, with its own delay and its own hours. A barrier on a
// compound's perimeter joins the streets outside with the ways inside; one
// that stands elsewhere joins the pieces of the ways that meet there.
//
// # Compounds as rooms
//
// Every edge lies in one room: a gated compound, the innermost where they are
// nested, or the public. A compound is gated, and thus a room, where
//
//   - a wall or fence is mapped or tagged on its perimeter, or it is tagged
//     residential=gated or gated=yes;
//   - or the area itself is tagged as not for everybody (access=private, no,
//     customers, permit, residents, delivery, destination);
//   - or gates stand where ways cross its perimeter, and outweigh the ways
//     that cross it without one (a street counts as a gate does, a service way
//     half, a path a quarter), unless a main road leads through;
//   - or, in mainland China, where compounds are walled by habit and walls are
//     rarely mapped, it is a named residential compound, campus, hospital,
//     office or industrial park of less than 3 km² that neither lies within
//     another compound nor is crossed by a main road or a named street.
//
// Every other area stays an open one: it has a name to be found by, and no
// wall. Main roads (tertiary and above) that lead through a room without a gate
// stay public, and so do bridges and tunnels of streets.
//
// An edge is cut where it crosses the perimeter of a room. A way that keeps
// within a few metres of the perimeter does not cross it: a perimeter is
// often drawn along the middle of the street. Such a way is inside where it is
// a minor one on the inner side, else outside. Where a mapped gate stands on
// the same way a few metres before or behind the crossing, with no branch
// between, that gate is the crossing; so is one that is mapped on the wall
// right beside the way. A gate that is mapped on the wall with no way near is
// linked with the nearest ways outside and inside. Each crossing that is left
// gets an inferred gate: nobody knows what stands there.
//
// Nested compounds: the room of an edge is the smallest one around it, and a
// caller for the inner one may use the ways of the outer ones. A gate on two
// perimeters belongs to both. A gap in a wall that a way leads through is an
// inferred gate. A compound without a perimeter is no room and has no gates;
// it can be found by name only. A compound with no gate to pass is a room all
// the same: a route to it says that no way in is known.
package street
