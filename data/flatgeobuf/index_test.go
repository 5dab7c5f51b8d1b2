package flatgeobuf

import (
	"slices"
	"testing"
)

// TestHilbert walks the curve over a coarse grid: each step goes to a cell
// beside the last, and every cell comes once.
func TestHilbert(t *testing.T) {
	const side, step = 32, 1 << hilbertBits / 32
	type cell struct{ key, x, y uint32 }
	var cells []cell
	for x := range uint32(side) {
		for y := range uint32(side) {
			cells = append(cells, cell{hilbert(x*step, y*step), x, y})
		}
	}
	slices.SortFunc(cells, func(a, b cell) int { return int(int64(a.key) - int64(b.key)) })
	for i := 1; i < len(cells); i++ {
		a, b := cells[i-1], cells[i]
		if dx, dy := int(a.x)-int(b.x), int(a.y)-int(b.y); dx*dx+dy*dy != 1 {
			t.Fatalf("from %v to %v", a, b)
		}
	}
}
