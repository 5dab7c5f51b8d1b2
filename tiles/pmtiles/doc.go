// Package pmtiles reads and writes PMTiles version 3 archives: one file that
// holds a pyramid of map tiles, addressed through a directory sorted along a
// Hilbert curve. It follows the public specification,
// https://github.com/protomaps/PMTiles/blob/main/spec/v3/spec.md.
//
// An archive is a 127-byte header, a root directory that ends within the
// first 16,384 bytes, JSON metadata, leaf directories where the root would
// be too long, and the tiles. Tiles of equal content are stored once, and a
// run of neighbours along the curve with equal content takes one entry.
//
// The reader takes files from anywhere: every length and offset is checked
// against the file's size, every decompression is bounded, and what does not
// fit is a *FormatError, never a panic.
package pmtiles
