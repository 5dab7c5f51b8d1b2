// Package cql2 reads filters in the OGC Common Query Language (CQL2, OGC
// 21-065r2), in its text and its JSON encoding, and says which records they
// match.
//
// Both encodings become one tree, which is evaluated as it is with the three
// truth values of SQL: a comparison with null is neither true nor false, and
// only what is true matches. A filter is bounded when it is read (length,
// nesting, coordinates), so that its evaluation is bounded too.
//
// Geometries are planar in longitude and latitude, as in the standard's
// Simple Features: an edge is a straight line between its ends. Whether two
// edges meet is decided without rounding.
package cql2
