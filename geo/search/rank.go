package search

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"yizhan/geo"
)

// metresPerDegree is just less than a degree of latitude, so that a difference
// of latitude bounds the distance from below.
const metresPerDegree = geo.EarthRadius * math.Pi / 180 * (1 - 1e-9)

// ranking keeps the best hits of a query: a heap with the worst on top.
type ranking struct {
	x     *Index
	near  *orb.Point
	limit int
	heap  []hit
	// doors are the buildings offered by number, each once.
	doors map[uint32]bool
}

// beaten says that a thing cannot be among the best with a match, nor with a
// worse one, as far as a look at its ID and latitude tells.
func (r *ranking) beaten(n uint32, m Match) bool {
	if len(r.heap) < r.limit {
		return false
	}
	worst := &r.heap[0]
	if c := m.compare(worst.match); c != 0 {
		return c > 0
	}
	if r.near == nil {
		return r.x.id(n) > r.x.id(worst.entry)
	}
	return math.Abs(r.x.point(n)[1]-r.near[1])*metresPerDegree > worst.distance
}

// offer takes a hit if it is among the best so far. The distance is measured
// only where the match alone does not decide.
func (r *ranking) offer(n uint32, m Match, unit string) {
	if r.doors[n] || r.beaten(n, m) {
		return
	}
	full := len(r.heap) == r.limit
	h := hit{entry: n, match: m, unit: unit}
	if r.near != nil {
		h.distance = geo.Distance(*r.near, r.x.point(n))
	}
	if m.Degree == Door {
		if r.doors == nil {
			r.doors = map[uint32]bool{}
		}
		r.doors[n] = true
	}
	switch {
	case !full:
		r.heap = append(r.heap, h)
		for at := len(r.heap) - 1; at > 0; {
			up := (at - 1) / 2
			if r.compare(r.heap[at], r.heap[up]) <= 0 {
				break
			}
			r.heap[at], r.heap[up] = r.heap[up], r.heap[at]
			at = up
		}
	case r.compare(h, r.heap[0]) < 0:
		r.heap[0] = h
		r.sink()
	}
}

func (r *ranking) sink() {
	for at := 0; ; {
		worst := at
		for child := 2*at + 1; child <= 2*at+2 && child < len(r.heap); child++ {
			if r.compare(r.heap[child], r.heap[worst]) > 0 {
				worst = child
			}
		}
		if worst == at {
			return
		}
		r.heap[at], r.heap[worst] = r.heap[worst], r.heap[at]
		at = worst
	}
}

func (r *ranking) compare(a, b hit) int {
	if c := cmp.Or(a.match.compare(b.match), cmp.Compare(a.distance, b.distance)); c != 0 || a.entry == b.entry {
		return c
	}
	return cmp.Compare(r.x.id(a.entry), r.x.id(b.entry))
}

// results returns the hits, best first.
func (r *ranking) results() []Result {
	slices.SortFunc(r.heap, r.compare)
	out := make([]Result, len(r.heap))
	for i, h := range r.heap {
		out[i] = Result{Entry: r.x.entry(h.entry), Match: h.match, Distance: h.distance, Unit: h.unit}
	}
	return out
}
