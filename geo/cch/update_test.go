package cch_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"yizhan/geo/cch"
)

// TestUpdateOfGrid changes few and many weights of a town in both directions
// and in one, and back again: little and much is computed anew.
func TestUpdateOfGrid(t *testing.T) {
	g := grid(60, 8)
	h, err := cch.New(cch.Order(g.tail, g.head, g.lon, g.lat), g.tail, g.head)
	if err != nil {
		t.Fatal(err)
	}
	m, rng := h.Customize(g.weight), rand.New(rand.NewPCG(7, 7))
	for _, count := range []int{0, 1, 1, 1, 2, 5, 20, 200, 5000} {
		for _, to := range []uint32{cch.Infinity, 0, 7} {
			weight := slices.Clone(g.weight)
			var arcs, other, was []uint32
			for range count {
				arc := uint32(rng.IntN(len(weight)))
				weight[arc] = to
				arcs, other, was = append(arcs, arc), append(other, to), append(was, g.weight[arc])
			}
			name := fmt.Sprintf("%d arcs to %d", count, to)
			next := m.Update(arcs, other)
			if diff := cch.Differ(next, h.Customize(weight)); diff != "" {
				t.Fatalf("%s: %s differs", name, diff)
			}
			if diff := cch.Differ(next.Update(arcs, was), m); diff != "" {
				t.Fatalf("%s and back: %s differs", name, diff)
			}
		}
	}
}
