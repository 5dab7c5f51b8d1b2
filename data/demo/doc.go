// Package demo makes an invented district: streets of several classes, gated
// compounds with walls, gates, inner paths, numbered buildings and units, and
// a network of rest stations. The same seed and day give the same district.
//
// Streets, compounds and the base map are made as OpenStreetMap elements and
// go through the same mapping as a real extract; rest stations, for which
// OpenStreetMap has no tag, are made as places.
package demo
