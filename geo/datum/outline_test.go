package datum

import (
	"testing"

	"github.com/paulmach/orb"
)

// TestCores checks that the shortcut boxes agree with the outline.
func TestCores(t *testing.T) {
	const steps = 60
	for _, c := range cores {
		for i := range steps + 1 {
			for j := range steps + 1 {
				p := orb.Point{
					c.Min[0] + (c.Max[0]-c.Min[0])*float64(i)/steps,
					c.Min[1] + (c.Max[1]-c.Min[1])*float64(j)/steps,
				}
				if outlineWeight(p) != 1 {
					t.Errorf("%v of the core %v lies outside the outline", p, c)
				}
			}
		}
	}
}

// TestFrame checks that outline and fringe lie inside the frame, whose edge
// would otherwise cut the shift off.
func TestFrame(t *testing.T) {
	for _, p := range outline {
		if !frame.Contains(orb.Point{p[0] - fringe, p[1] - fringe}) || !frame.Contains(orb.Point{p[0] + fringe, p[1] + fringe}) {
			t.Errorf("the fringe of %v leaves the frame", p)
		}
	}
}

// TestSimple checks that no two edges of the outline cross.
func TestSimple(t *testing.T) {
	n := len(outline)
	side := func(a, b, c orb.Point) bool { return (b[0]-a[0])*(c[1]-a[1])-(b[1]-a[1])*(c[0]-a[0]) > 0 }
	for i := range n {
		for j := i + 2; j < n; j++ {
			if i == 0 && j == n-1 {
				continue
			}
			a, b, c, d := outline[i], outline[i+1], outline[j], outline[(j+1)%n]
			if side(a, b, c) != side(a, b, d) && side(c, d, a) != side(c, d, b) {
				t.Errorf("edge %v–%v crosses %v–%v", a, b, c, d)
			}
		}
	}
}
