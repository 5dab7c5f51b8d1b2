// Package route finds ways through the street network: to a point of a
// street, and to a door behind the gates of a compound.
//
// # What is searched
//
// Routes are the quickest by the travel times of the mode. Gates and ways with
// hours are judged at the minute of arrival there. A gate that is closed then but
// opens within fifteen minutes is waited for. This makes a search exact as long as
// starting later never means arriving earlier, which holds but for the minute that
// one more question at a gate may cost.
//
// # The through network
//
// Streets that anybody may pass through, and the barriers that let people
// through, make the through network. Nearly all of a route runs on it, and there
// the customizable contraction hierarchy of the streets (package cch) finds ways in
// microseconds: point to point, to a fixed set of places, or to the nearest of
// them.
//
// A hierarchy has fixed weights, hours do not. So a metric is made for a mode and
// a span of time, in which a gate with hours costs the least that it does at any
// moment of the span. No way takes less than the one found; whether that one
// stands is checked by going along it with the clock. Where it does not, since a
// gate on it shuts too early, the plain search has the answer: Dijkstra's
// algorithm with a lower bound by distance towards a single goal (Hart, Nilsson and
// Raphael 1968), which judges each gate as it comes to it. Metrics of spans differ
// in few arcs, and are made one from the other; so is the first one after a
// closure.
//
// What lies off the through network, the inside of compounds and private
// stretches, is small: it is searched around the start forwards, with the clock,
// and around a fixed place backwards, once, up to its inlets, the nodes by which it
// is entered. The hours of gates on the way in are hurdles of the inlet, taken
// when it is known when one comes there.
//
// # Beginnings and ends
//
// A point is on the network at the nearest street of its room: the compound
// around it, or the public. Maps hold paths that nothing joins to the streets,
// so each end has one candidate for each component of the network near it, and
// a route takes the pair of one component whose stretches off the network are
// the shortest. Ways in tunnels, below ground and in buildings are ends only
// where nothing else is near. A straight stretch of more than 50 m between a
// point and its street is nobody's road: reason and steps tell of it, and the
// verdict of a way without a gate is unknown at best.
//
// # Callers and through traffic
//
// A rider calls at the compound of the destination and starts, perhaps, in
// another one. The ways and gates of those two, and of the compounds around
// them, may be used where the tags let callers in; all other compounds, and
// stretches of private ways that neither end of the route lies on, are not
// passed through unless they are tagged yes, permissive or designated. Where
// that leaves no way at all, ways for callers are tried everywhere outside
// compounds, with the verdict permit.
//
// # Gates
//
// For a destination within a compound each of its gates is tried: the way to
// the gate outside the compound, then from the gate inside to the door. Who
// rides may ride in where gate and ways allow it, or leave the bike at the
// gate, or in a bay near it, and walk: the quicker of the two counts. Nested
// compounds are entered through a gate of the outermost that the rider is not
// in yet. Gates are ranked by time and risk: the chance of being turned away
// there, by its verdict, times what that costs. Gates that are shut at the
// hour of arrival come last, with when they open.
package route
