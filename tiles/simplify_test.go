package tiles

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// douglasPeucker is the textbook's recursion, as the model.
func douglasPeucker(line []vertex, from, to int, limit float32, keep []bool) {
	far, at := limit, -1
	for i := from + 1; i < to; i++ {
		if d := distance2(line[i].p, line[from].p, line[to].p); d > far {
			far, at = d, i
		}
	}
	if at >= 0 {
		keep[at] = true
		douglasPeucker(line, from, at, limit, keep)
		douglasPeucker(line, at, to, limit, keep)
	}
}

func TestWeighAgainstModel(t *testing.T) {
	at := rapid.Int32Range(-500, 500)
	rapid.Check(t, func(t *rapid.T) {
		line := make([]vertex, rapid.IntRange(2, 60).Draw(t, "n"))
		for i := range line {
			line[i].p = [2]int32{at.Draw(t, "x"), at.Draw(t, "y")}
		}
		weigh(line)
		for _, limit := range []float32{0, 1, 100, 10_000, 90_000} {
			keep := make([]bool, len(line))
			keep[0], keep[len(line)-1] = true, true
			douglasPeucker(line, 0, len(line)-1, limit, keep)
			for i, v := range line {
				if (v.weight > limit) != keep[i] {
					t.Fatalf("limit %v, vertex %d with weight %v: the model says %v", limit, i, v.weight, keep[i])
				}
			}
		}
	})
}

func TestWeighLong(t *testing.T) {
	// A comb is what Douglas–Peucker likes least.
	line := make([]vertex, 200_000)
	for i := range line {
		line[i].p = [2]int32{int32(i), int32(i%2) * int32(i)}
	}
	weigh(line)
	if line[weighSpan].weight != forever || line[len(line)-1].weight != forever {
		t.Error("the ends of a span may be left out")
	}
}

func TestCrossesItself(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ring := star(t, 0, 0, 3000)
		var points []Point
		for _, v := range ring {
			points = append(points, Point{v.p[0], v.p[1]})
		}
		points = tidyRing(nil, points)
		var edges []edge
		brute := func() bool {
			for i := range points {
				for j := range points {
					e := edge{a: points[i], b: points[(i+1)%len(points)]}
					if e.crosses(edge{a: points[j], b: points[(j+1)%len(points)]}) {
						return true
					}
				}
			}
			return false
		}
		if len(points) > 3 && rapid.Bool().Draw(t, "swap") {
			i, j := rapid.IntRange(0, len(points)-1).Draw(t, "i"), rapid.IntRange(0, len(points)-1).Draw(t, "j")
			points[i], points[j] = points[j], points[i]
		}
		if got, want := crossesItself(points, &edges), brute(); got != want {
			t.Fatalf("%v: %v, brute force says %v", points, got, want)
		}
	})
	var edges []edge
	for _, c := range []struct {
		name string
		ring []Point
		want bool
	}{
		{"triangle", []Point{{0, 0}, {9, 0}, {0, 9}}, false},
		{"square", []Point{{0, 0}, {9, 0}, {9, 9}, {0, 9}}, false},
		{"bow tie", []Point{{0, 0}, {9, 9}, {9, 0}, {0, 9}}, true},
		{"touching along a border", []Point{{0, 0}, {9, 0}, {9, 9}, {9, 3}, {5, 3}, {9, 3}, {9, 9}, {0, 9}}, false},
	} {
		if got := crossesItself(c.ring, &edges); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

func TestJoinLines(t *testing.T) {
	a, b, c, d, e := Point{0, 0}, Point{1, 0}, Point{2, 1}, Point{3, 1}, Point{4, 4}
	for _, k := range []struct {
		name     string
		directed bool
		lines    [][]Point
		want     string
	}{
		{"in a row", true, [][]Point{{a, b}, {b, c}, {c, d}}, "[[{0 0} {1 0} {2 1} {3 1}]]"},
		{"out of order", true, [][]Point{{b, c}, {c, d}, {a, b}}, "[[{0 0} {1 0} {2 1} {3 1}]]"},
		{"turned, two ways", false, [][]Point{{b, a}, {b, c}, {d, c}}, "[[{3 1} {2 1} {1 0} {0 0}]]"},
		{"turned, one way", true, [][]Point{{b, a}, {b, c}, {d, c}}, "[[{1 0} {0 0}] [{1 0} {2 1}] [{3 1} {2 1}]]"},
		{"a fork stays", false, [][]Point{{a, b}, {b, c}, {b, d}}, "[[{0 0} {1 0}] [{1 0} {2 1}] [{1 0} {3 1}]]"},
		{"a ring", true, [][]Point{{a, b}, {b, c}, {c, a}}, "[[{0 0} {1 0} {2 1} {0 0}]]"},
		{"a closed line", true, [][]Point{{a, b, c, a}, {d, e}}, "[[{0 0} {1 0} {2 1} {0 0}] [{3 1} {4 4}]]"},
		{"one", true, [][]Point{{a, b}}, "[[{0 0} {1 0}]]"},
	} {
		if got := fmt.Sprint(joinLines(k.lines, k.directed)); got != k.want {
			t.Errorf("%s: %s, want %s", k.name, got, k.want)
		}
	}
}

// TestJoinLinesKeepsEdges checks that joining neither loses nor makes an edge,
// nor turns one that has a direction.
func TestJoinLinesKeepsEdges(t *testing.T) {
	at := rapid.Custom(func(t *rapid.T) Point { return Point{rapid.Int32Range(0, 4).Draw(t, "x"), 0} })
	edges := func(lines [][]Point, directed bool) []string {
		var out []string
		for _, l := range lines {
			for i := range l[1:] {
				p, q := l[i], l[i+1]
				if !directed && q.X < p.X {
					p, q = q, p
				}
				if p != q {
					out = append(out, fmt.Sprint(p, q))
				}
			}
		}
		slices.Sort(out)
		return out
	}
	rapid.Check(t, func(t *rapid.T) {
		directed := rapid.Bool().Draw(t, "directed")
		lines := rapid.SliceOfN(rapid.SliceOfN(at, 2, 4), 0, 8).Draw(t, "lines")
		want := edges(lines, directed)
		got := joinLines(lines, directed)
		if !slices.Equal(edges(got, directed), want) {
			t.Fatalf("%v became %v", lines, got)
		}
	})
}

func TestMeasure(t *testing.T) {
	ring := func(points ...[2]int32) part {
		var list []vertex
		for _, p := range points {
			list = append(list, vertex{p: p})
		}
		return part{vertices: list, box: boxOf(list), area: math.Abs(signedArea(list))}
	}
	square := ring([2]int32{0, 0}, [2]int32{100, 0}, [2]int32{100, 100}, [2]int32{0, 100})
	hole := ring([2]int32{10, 10}, [2]int32{20, 10}, [2]int32{20, 20}, [2]int32{10, 20})
	hole.hole = true
	small := ring([2]int32{500, 500}, [2]int32{510, 500}, [2]int32{510, 510}, [2]int32{500, 510})
	// A C, open to the east, whose centroid lies in its mouth.
	c := ring([2]int32{0, 0}, [2]int32{300, 0}, [2]int32{300, 10}, [2]int32{40, 10}, [2]int32{40, 90}, [2]int32{300, 90}, [2]int32{300, 100}, [2]int32{0, 100})
	for _, k := range []struct {
		name  string
		parts []part
		area  float64
		label [2]int32
	}{
		{"square", []part{square}, 10_000, [2]int32{50, 50}},
		{"hole", []part{square, hole}, 9900, [2]int32{50, 50}},
		{"the larger of two", []part{small, square}, 10_100, [2]int32{50, 50}},
		{"beside the centroid", []part{c}, 9200, [2]int32{20, 50}},
	} {
		if area, label := measure(k.parts); area != k.area || label != k.label {
			t.Errorf("%s: %v at %v, want %v at %v", k.name, area, label, k.area, k.label)
		}
	}
}

// TestRingStaysSound simplifies random rings at all zooms: a ring that has
// lost vertices still goes round the right way and does not cross itself.
func TestRingStaysSound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		z := rapid.Uint8Range(8, 14).Draw(t, "z")
		unit := int32(1) << (worldBits - extentBits - z)
		// Between a few units and half a tile across.
		ring := star(t, worldSize/2, worldSize/2, unit*rapid.Int32Range(4, 2000).Draw(t, "radius"))
		if signedArea(ring) <= 0 {
			t.Skip("a star of no area")
		}
		weighRing(ring)
		p := newPainter([]string{""}, 15)
		p.aim(TileAt(unproject(ring[0].p), z))
		full := slices.Clone(p.simplify(ring, -1))
		got := p.ring(&part{vertices: ring, area: signedArea(ring)})
		if !slices.Equal(got, full) && !p.sound(got, false) {
			t.Fatalf("zoom %d: %v became %v", z, full, got)
		}
		if len(got) > len(full) {
			t.Fatalf("zoom %d: %d vertices became %d", z, len(full), len(got))
		}
	})
}
