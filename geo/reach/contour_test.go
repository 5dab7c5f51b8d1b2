package reach

import (
	"fmt"
	"math"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

// micro is a position in millionths of a degree, in which all is exact.
type micro struct{ x, y int64 }

func microOf(p orb.Point) micro {
	return micro{int64(math.Round(p[0] * 1e6)), int64(math.Round(p[1] * 1e6))}
}

// turn is positive where a, b, c turn left.
func turn(a, b, c micro) int64 { return (b.x-a.x)*(c.y-a.y) - (c.x-a.x)*(b.y-a.y) }

// meet says whether two segments have a point in common.
func meet(a, b, c, d micro) bool {
	if max(a.x, b.x) < min(c.x, d.x) || max(c.x, d.x) < min(a.x, b.x) || max(a.y, b.y) < min(c.y, d.y) || max(c.y, d.y) < min(a.y, b.y) {
		return false
	}
	sign := func(v int64) int {
		switch {
		case v > 0:
			return 1
		case v < 0:
			return -1
		}
		return 0
	}
	return sign(turn(a, b, c))*sign(turn(a, b, d)) <= 0 && sign(turn(c, d, a))*sign(turn(c, d, b)) <= 0
}

// Valid says what is wrong with an area by comparing every piece of its rings
// with every other one: rings are closed, have the winding of RFC 7946 and
// neither cross nor touch anything; holes lie in their polygon, and polygons
// outside each other. It is here for the tests of both packages.
func Valid(area orb.MultiPolygon) error {
	type piece struct {
		a, b    micro
		ring, i int
		n       int
	}
	var pieces []piece
	ring := 0
	for _, polygon := range area {
		if len(polygon) == 0 {
			return fmt.Errorf("a polygon without rings")
		}
		for k, r := range polygon {
			if len(r) < 4 || r[0] != r[len(r)-1] {
				return fmt.Errorf("a ring of %d points is not closed", len(r))
			}
			if area := signedArea(r); (area > 0) != (k == 0) {
				return fmt.Errorf("ring %d has the area %g", k, area)
			}
			for i := 1; i < len(r); i++ {
				if r[i-1] == r[i] {
					return fmt.Errorf("a point stands twice")
				}
				pieces = append(pieces, piece{microOf(r[i-1]), microOf(r[i]), ring, i - 1, len(r) - 1})
			}
			if k > 0 && !within(polygon[0], r[0]) {
				return fmt.Errorf("a hole lies outside its polygon")
			}
			for other := 1; other < len(polygon); other++ {
				if other != k && k > 0 && within(polygon[other], r[0]) {
					return fmt.Errorf("a hole lies in another one")
				}
			}
			ring++
		}
	}
	for i := range area {
		for k := range area {
			if i != k && Covers(orb.MultiPolygon{area[k]}, area[i][0][0]) {
				return fmt.Errorf("a polygon lies in another one")
			}
		}
	}
	for i := range pieces {
		p := &pieces[i]
		for k := i + 1; k < len(pieces); k++ {
			q := &pieces[k]
			if !meet(p.a, p.b, q.a, q.b) {
				continue
			}
			if p.ring == q.ring && (q.i-p.i == 1 || q.i-p.i == p.n-1) { // neighbours
				a, b, c := p.a, p.b, q.b
				if q.i-p.i != 1 {
					a, b, c = q.a, q.b, p.b
				}
				if turn(a, b, c) != 0 || (b.x-a.x)*(c.x-b.x)+(b.y-a.y)*(c.y-b.y) > 0 {
					continue
				}
				return fmt.Errorf("a ring runs back on itself at %v", b)
			}
			return fmt.Errorf("%v–%v and %v–%v of rings %d and %d meet", p.a, p.b, q.a, q.b, p.ring, q.ring)
		}
	}
	return nil
}

func within(r orb.Ring, p orb.Point) bool {
	in := false
	for i := 1; i < len(r); i++ {
		a, b := r[i-1], r[i]
		if (a[1] > p[1]) != (b[1] > p[1]) && p[0] < (b[0]-a[0])*(p[1]-a[1])/(b[1]-a[1])+a[0] {
			in = !in
		}
	}
	return in
}

// Covers says whether a point lies in an area.
func Covers(area orb.MultiPolygon, p orb.Point) bool {
	for _, polygon := range area {
		in := false
		for _, r := range polygon {
			if within(r, p) {
				in = !in
			}
		}
		if in {
			return true
		}
	}
	return false
}

// TestContour: out of any grid come valid polygons that hold exactly the
// vertices that are early enough, and of two minutes the earlier lies in the
// later.
func TestContour(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := &canvas{cell: 10, limit: offStreet * perMetre, lowLon: 1163500000, lowLat: 399600000, stepLon: 1173, stepLat: 899}
		c.wide, c.high = rapid.IntRange(3, 9).Draw(t, "wide"), rapid.IntRange(3, 9).Draw(t, "high")
		walled := rapid.Bool().Draw(t, "walled")
		for k := range c.high {
			for i := range c.wide {
				m := nowhere
				if i > 0 && k > 0 && i < c.wide-1 && k < c.high-1 && rapid.IntRange(0, 2).Draw(t, "reached") > 0 {
					m = mark(rapid.IntRange(0, 13000).Draw(t, "time"))<<farBits | mark(rapid.IntRange(0, int(c.limit)-1).Draw(t, "far"))
				}
				c.marks = append(c.marks, m)
				if walled {
					c.rooms = append(c.rooms, uint32(rapid.IntRange(0, 1).Draw(t, "room")))
				}
			}
		}
		for range c.high {
			c.spans = append(c.spans, [2]int{0, c.wide})
		}
		c.trace.begin(len(c.marks))
		var last orb.MultiPolygon
		for _, seconds := range []int{40, 80, 120} {
			area := c.area(seconds)
			if err := Valid(area); err != nil {
				t.Fatalf("within %d s: %v", seconds, err)
			}
			for at, m := range c.marks {
				if in := m < mark(seconds*perSecond)<<farBits; in != Covers(area, c.point(at%c.wide, at/c.wide, 0, 0)) {
					t.Fatalf("within %d s: vertex %d,%d is inside: %v", seconds, at%c.wide, at/c.wide, in)
				}
			}
			if err := Nested(last, area); err != nil {
				t.Fatalf("within %d s: %v", seconds, err)
			}
			last = area
		}
	})
}

// Nested says what is wrong where one area does not lie in another: no corner
// of the inner one may lie outside, and none of the outer one inside, by more
// than rounding makes of it.
func Nested(inner, outer orb.MultiPolygon) error {
	const rounding = 1.5e-6
	for _, polygon := range inner {
		for _, r := range polygon {
			for _, p := range r {
				if !Covers(outer, p) && Border(outer, p) > rounding {
					return fmt.Errorf("the corner %v lies %g outside the later minute's area", p, Border(outer, p))
				}
			}
		}
	}
	for _, polygon := range outer {
		for _, r := range polygon {
			for _, p := range r {
				if Covers(inner, p) && Border(inner, p) > rounding {
					return fmt.Errorf("the corner %v lies inside the earlier minute's area", p)
				}
			}
		}
	}
	return nil
}

// Border returns how far a point is from the border of an area, in degrees.
func Border(area orb.MultiPolygon, p orb.Point) float64 {
	best := math.Inf(1)
	for _, polygon := range area {
		for _, r := range polygon {
			for i := 1; i < len(r); i++ {
				a, b := r[i-1], r[i]
				dx, dy := b[0]-a[0], b[1]-a[1]
				f := 0.0
				if l := dx*dx + dy*dy; l > 0 {
					f = min(1, max(0, ((p[0]-a[0])*dx+(p[1]-a[1])*dy)/l))
				}
				best = min(best, math.Hypot(p[0]-a[0]-f*dx, p[1]-a[1]-f*dy))
			}
		}
	}
	return best
}

// TestStep: sides of cells are left where their neighbours are entered.
func TestStep(t *testing.T) {
	const w = 10
	for _, c := range []struct{ at, dir, turn, side, to int }{
		{55, north, 0, 65, north}, {55, north, 1, 56, east}, {55, north, -1, 55, west},
		{55, south, 0, 45, south}, {55, south, 1, 45, west}, {55, south, -1, 46, east},
		{55, east, 0, 56, east}, {55, east, 1, 55, south}, {55, east, -1, 65, north},
		{55, west, 0, 54, west}, {55, west, 1, 64, north}, {55, west, -1, 54, south},
	} {
		if side, to := step(c.at, c.dir, c.turn, w); side != c.side || to != c.to {
			t.Errorf("from side %d going %d, turning %d: side %d going %d, want %d going %d", c.at, c.dir, c.turn, side, to, c.side, c.to)
		}
	}
}
