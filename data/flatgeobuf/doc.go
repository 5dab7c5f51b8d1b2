// Package flatgeobuf writes FlatGeobuf 3.0, a file of features of one geometry
// type with a spatial index in front, so that a reader, over HTTP too, takes
// only the features of a box (flatgeobuf.org).
//
// A file is the magic bytes, a header, the index, and the features; header and
// features are FlatBuffers with their size before them. The index is a packed
// R-tree over the features in the order of a Hilbert curve. Since it stands in
// front and needs all boxes, the features are spooled to a temporary file
// first; what stays in memory is 48 bytes a feature.
//
// Sizes are kept at multiples of eight, so that every number of a file mapped
// into memory is aligned.
package flatgeobuf
