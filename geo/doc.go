// Package geo holds the nouns of yizhan: places and their kinds, stations,
// gates, compounds, facilities, modes and verdicts, and the errors that carry
// a message in the user's language. It imports nothing else of the project;
// every other room imports it.
//
// Conventions everywhere: coordinates are lon,lat in degrees, WGS-84 unless a
// datum is named; lengths are metres; durations are seconds; times carry a
// zone.
package geo
