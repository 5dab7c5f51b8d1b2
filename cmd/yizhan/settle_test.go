package main

import "testing"

// TestGCPercent bounds the garbage by bytes where the heap is large, and does
// not sweep a small one all the time.
func TestGCPercent(t *testing.T) {
	for live, want := range map[uint64]int{0: 50, 1 << 20: 50, 96 << 20: 50, 192 << 20: 25, 400 << 20: 12, 10 << 30: 8} {
		if got := gcPercent(live); got != want {
			t.Errorf("%d MB alive: %d %%, want %d", live>>20, got, want)
		}
	}
}
