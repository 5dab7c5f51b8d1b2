// Package pack keeps many places in little memory: a table of rows without a
// pointer in them, so that the collector of garbage sees a handful of objects
// where there are a million places.
//
// # Rows
//
// A row says in 32 bits which fields it has, and then gives them in the order
// of the Field constants. A field is text, or what append.go makes of
// something composite: a list, a map, the particulars of a kind. It stands in
// the row itself, or is the number of a value in the field's dictionary:
//
//	mask     uint32, little-endian; bit f: field f is there; bit 31: no position
//	field    uvarint n<<1|1: value n of the dictionary
//	         uvarint len<<2|plain<<1, then len bytes; plain: text that JSON
//	         takes as it is
//
// A value enters its dictionary when it is met for the second time: a table of
// short hashes remembers what was met, and forgets when it is full. So what
// never repeats costs nothing, and dictionaries stay small whatever comes.
//
// Positions stand beside the rows, as whole numbers of 1e-7 degrees, about a
// centimetre, which is what answers print.
//
// The rows of a table are one string; what is read of a Row is a part of that
// string and costs no allocation. Whoever keeps such a part keeps them all.
package pack
