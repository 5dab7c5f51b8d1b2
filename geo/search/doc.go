// Package search finds places, compounds, buildings and streets by name.
//
// A query is cut at white space into words; an entry answers when each word
// stands somewhere in its name, its aliases or its address, in any letter case
// and in full or half width. Answers are ranked by how a word stands there
// (the whole text, its beginning, inside), then by where (name, alias), then
// by distance; those found by their address alone come last. A query that names a building of a compound,
// "锦江城市花园 10栋3单元", finds that building before anything else.
//
// The index keeps, for each character and each pair of neighbouring
// characters, the list of entries it occurs in. Of the pairs of a query the
// rarest is looked up and its entries are then read in full, so that the cost
// depends on how common the rarest pair is and not on the size of the index.
package search
