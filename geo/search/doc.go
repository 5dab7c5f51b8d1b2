// Package search finds places, compounds, buildings and streets by name.
//
// A query is cut at white space into words; a thing answers when each word
// stands somewhere in its name, its aliases or its address, in any letter case
// and in full or half width. Answers are ranked by how a word stands there
// (the whole text, its beginning, inside), then by where (name, alias), then
// by distance; those found by their address alone come last. A query that names a building of a compound,
// "锦江城市花园 10栋3单元", finds that building before anything else.
//
// The index keeps, for each pair of neighbouring characters and for each
// character that ends a word, the list of things it occurs in. Of the pairs of
// a query the rarest is looked up and the texts of its things are then read in
// full, so that the cost depends on how common the rarest pair is and not on
// the size of the index. The texts are those of the places themselves, folded
// again where they need it: a million places cost some twenty bytes each here.
package search
