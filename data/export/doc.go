// Package export writes what an Atlas holds into files that other programs
// read: GeoJSON, CSV for spreadsheets, GeoPackage, FlatGeobuf and PMTiles.
//
// A collection is a kind of place, the compounds, the buildings or the streets.
// Features are read and written one after another, so that a million need no
// more memory than the Atlas itself; FlatGeobuf keeps 48 bytes for each.
package export
