package cch

import "slices"

// Differ names the first part in which two metrics differ, "" for none.
func Differ(a, b *Metric) string {
	switch {
	case a.h != b.h:
		return "hierarchy"
	case !slices.Equal(a.weight, b.weight):
		return "weight"
	case !slices.Equal(a.edges, b.edges):
		return "edges"
	case !slices.Equal(a.ahead.first, b.ahead.first) || !slices.Equal(a.ahead.links, b.ahead.links):
		return "ahead"
	case !slices.Equal(a.back.first, b.back.first) || !slices.Equal(a.back.links, b.back.links):
		return "back"
	}
	return ""
}
