// Package osm turns OpenStreetMap elements into what yizhan works with:
// places, compounds and buildings, the street network, and the features of
// the base map.
//
// What becomes what is decided by the tables in mapping_*.go and nowhere
// else; they are meant to be read. The rest of the package is plumbing:
// [Import] scans a [Source] once, keeping nodes and way references in flat
// arrays, resolves references, assembles multipolygons, applies the tables,
// and reports what it could not use.
package osm
