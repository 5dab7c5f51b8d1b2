// Package osmpbf reads OpenStreetMap PBF files as a stream.
//
// A PBF file is a row of frames: a four-byte big-endian length, a BlobHeader
// of that length, a Blob of the length which the header names. The first blob
// is the HeaderBlock, the others are PrimitiveBlocks of some thousand
// elements each, compressed one by one
// (https://wiki.openstreetmap.org/wiki/PBF_Format). Since every block stands
// for itself, [Decode] reads frames in one goroutine, inflates and parses
// blocks in GOMAXPROCS others, and hands the elements over in file order in
// the caller's own goroutine.
//
// The input is not trusted. Every length is checked against the bound that
// the format sets before memory is taken for it, every index against its
// table, every message against its end, and what is in flight is bounded in
// bytes, so that a damaged or hostile file costs an error and no more.
package osmpbf
