package cql2

import (
	"fmt"
	"math"
	"math/big"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

// cells is the model of a geometry: where the middle of each cell of a grid
// (corner, side or square) lies in it. Coordinates are doubled, so that sides
// and squares have whole middles.
type cells map[[2]int]location

const side = 6 // of the grid

// eachCell calls yield with every cell of the grid and its dimension.
func eachCell(yield func(at [2]int, dim int8)) {
	for x := -1; x <= 2*side+1; x++ {
		for y := -1; y <= 2*side+1; y++ {
			yield([2]int{x, y}, int8(x&1+y&1))
		}
	}
}

func (c cells) at(p [2]int) location {
	if l, ok := c[p]; ok {
		return l
	}
	return exterior
}

// relateCells is the matrix of two models: the greatest dimension of a cell
// that lies so in both.
func relateCells(a, b cells) matrix {
	m := matrix{{none, none, none}, {none, none, none}, {none, none, 2}}
	eachCell(func(at [2]int, dim int8) { m.atLeast(a.at(at), b.at(at), dim) })
	return m
}

// modelled is a geometry on the grid with its model.
type modelled struct {
	geometry orb.Geometry
	cells    cells
}

func drawModelled(t *rapid.T, label string) modelled {
	switch rapid.IntRange(0, 4).Draw(t, label) {
	case 0:
		return drawPoints(t)
	case 1, 2:
		return drawLines(t)
	}
	return drawArea(t)
}

func drawPoints(t *rapid.T) modelled {
	m := modelled{cells: cells{}}
	var all orb.MultiPoint
	for range rapid.IntRange(1, 3).Draw(t, "points") {
		x, y := rapid.IntRange(0, side).Draw(t, "x"), rapid.IntRange(0, side).Draw(t, "y")
		all = append(all, orb.Point{float64(x), float64(y)})
		m.cells[[2]int{2 * x, 2 * y}] = interior
	}
	m.geometry = all
	if len(all) == 1 {
		m.geometry = all[0]
	}
	return m
}

// drawLines draws walks along the sides of the grid.
func drawLines(t *rapid.T) modelled {
	m := modelled{cells: cells{}}
	var all orb.MultiLineString
	ends := map[[2]int]int{}
	for range rapid.IntRange(1, 2).Draw(t, "lines") {
		x, y := rapid.IntRange(0, side).Draw(t, "x"), rapid.IntRange(0, side).Draw(t, "y")
		line := orb.LineString{{float64(x), float64(y)}}
		ends[[2]int{2 * x, 2 * y}]++
		m.cells[[2]int{2 * x, 2 * y}] = interior
		for range rapid.IntRange(1, 4).Draw(t, "steps") {
			to := rapid.IntRange(0, side-1).Draw(t, "to")
			nx, ny := x, y
			if rapid.Bool().Draw(t, "across") {
				nx = (x + 1 + to) % (side + 1)
			} else {
				ny = (y + 1 + to) % (side + 1)
			}
			for cx := min(2*x, 2*nx); cx <= max(2*x, 2*nx); cx++ {
				for cy := min(2*y, 2*ny); cy <= max(2*y, 2*ny); cy++ {
					m.cells[[2]int{cx, cy}] = interior
				}
			}
			x, y = nx, ny
			line = append(line, orb.Point{float64(x), float64(y)})
		}
		ends[[2]int{2 * x, 2 * y}]++
		all = append(all, line)
	}
	for end, n := range ends {
		if n%2 == 1 {
			m.cells[end] = boundary
		}
	}
	m.geometry = all
	if len(all) == 1 {
		m.geometry = all[0]
	}
	return m
}

// drawArea draws one or two rectangles that do not touch, with or without a
// hole, in either sense of rotation.
func drawArea(t *rapid.T) modelled {
	m := modelled{cells: cells{}}
	var all orb.MultiPolygon
	cut := side
	two := rapid.Bool().Draw(t, "two")
	if two {
		cut = rapid.IntRange(1, side-2).Draw(t, "cut")
	}
	for i, span := range [][2]int{{0, cut}, {cut + 1, side}} {
		if i == 1 && !two {
			break
		}
		x0 := rapid.IntRange(span[0], span[1]-1).Draw(t, "x0")
		x1 := rapid.IntRange(x0+1, span[1]).Draw(t, "x1")
		y0 := rapid.IntRange(0, side-1).Draw(t, "y0")
		y1 := rapid.IntRange(y0+1, side).Draw(t, "y1")
		area := orb.Polygon{drawRing(t, x0, y0, x1, y1)}
		m.paint(x0, y0, x1, y1, interior)
		if x1-x0 >= 3 && y1-y0 >= 3 && rapid.Bool().Draw(t, "hole") {
			area = append(area, drawRing(t, x0+1, y0+1, x1-1, y1-1))
			m.paint(x0+1, y0+1, x1-1, y1-1, exterior)
		}
		all = append(all, area)
	}
	m.geometry = all
	if len(all) == 1 {
		m.geometry = all[0]
	}
	return m
}

func drawRing(t *rapid.T, x0, y0, x1, y1 int) orb.Ring {
	b := orb.Bound{Min: orb.Point{float64(x0), float64(y0)}, Max: orb.Point{float64(x1), float64(y1)}}
	ring := b.ToRing()
	if rapid.Bool().Draw(t, "reverse") {
		ring.Reverse()
	}
	return ring
}

// paint gives the inside of a rectangle a location and makes its sides the
// boundary.
func (m modelled) paint(x0, y0, x1, y1 int, inside location) {
	for x := 2 * x0; x <= 2*x1; x++ {
		for y := 2 * y0; y <= 2*y1; y++ {
			l := inside
			if x == 2*x0 || x == 2*x1 || y == 2*y0 || y == 2*y1 {
				l = boundary
			}
			m.cells[[2]int{x, y}] = l
		}
	}
}

// TestRelateIsThatOfTheCells holds the matrix against a model on a grid, which
// is sheared and turned without rounding, so that edges lie in all directions.
func TestRelateIsThatOfTheCells(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawModelled(t, "a"), drawModelled(t, "b")
		var k [4]float64
		for k[0]*k[3] == k[1]*k[2] {
			for i := range k {
				k[i] = float64(rapid.IntRange(-20, 20).Draw(t, "k"))
			}
		}
		// Not whole numbers either: eighths are exact all the same.
		move := func(p orb.Point) orb.Point {
			return orb.Point{(k[0]*p[0] + k[1]*p[1]) / 8, (k[2]*p[0] + k[3]*p[1]) / 8}
		}
		f, o := newShape(mapGeometry(a.geometry, move)), newShape(mapGeometry(b.geometry, move))
		for _, s := range []*shape{f, o} {
			if rapid.Bool().Draw(t, "grid") {
				s.flat.grid = newGrid(&s.flat)
			}
		}
		want := relateCells(a.cells, b.cells)
		if got := relate(&f.flat, &o.flat); got != want {
			t.Fatalf("relate(%v, %v) = %v, want %v", f.geometry, o.geometry, got, want)
		}
		meets := false
		for _, row := range want[:2] {
			meets = meets || row[0] != none || row[1] != none
		}
		if f.flat.meets(&o.flat) != meets || o.flat.meets(&f.flat) != meets {
			t.Fatalf("meets(%v, %v) is not %v", f.geometry, o.geometry, meets)
		}
		p, ok := f.geometry.(orb.Point)
		for do := opIntersects; do <= opContains; do++ {
			got := spatial(do, &f.flat, &o.flat)
			if do != opIntersects && do != opDisjoint && got != want.holds(do, f.flat.dimension(), o.flat.dimension()) {
				t.Fatalf("%s of %v and %v is %v", opNames[do], f.geometry, o.geometry, got)
			}
			if spatial(converse(do), &o.flat, &f.flat) != got {
				t.Fatalf("%s is not the converse for %v, %v", opNames[do], f.geometry, o.geometry)
			}
			if ok && spatialPoint(do, p, &o.flat) != got {
				t.Fatalf("%s of point %v and %v is not %v", opNames[do], p, o.geometry, got)
			}
		}
	})
}

// TestSpatialFunctions is a table of relations, with the names of the
// geometries' dimensions.
func TestSpatialFunctions(t *testing.T) {
	const square = `POLYGON((0 0, 4 0, 4 4, 0 4, 0 0))`
	const holed = `POLYGON((0 0, 9 0, 9 9, 0 9, 0 0), (3 3, 6 3, 6 6, 3 6, 3 3))`
	const bowl = `LINESTRING(0 0, 3 1, 7 2)`
	for _, c := range []struct{ a, b, holds string }{
		{`POINT(2 2)`, square, "intersects within"},
		{`POINT(4 2)`, square, "intersects touches"},
		{`POINT(4 4)`, square, "intersects touches"},
		{`POINT(5 2)`, square, "disjoint"},
		{`POINT(2 2)`, holed, "intersects within"},
		{`POINT(5 5)`, holed, "disjoint"},
		{`POINT(3 5)`, holed, "intersects touches"},
		{`POINT(1 2)`, `POINT(1 2)`, "intersects equals within contains"},
		{`POINT(1 2)`, `MULTIPOINT((1 2), (1 2))`, "intersects equals within contains"},
		{`POINT(1 2)`, `MULTIPOINT((1 2), (3 4))`, "intersects within"},
		{`MULTIPOINT((1 2), (5 6))`, `MULTIPOINT((1 2), (3 4))`, "intersects overlaps"},
		{`MULTIPOINT((1 2), (5 6))`, square, "intersects crosses"},
		{`POINT(0 0)`, bowl, "intersects touches"},
		{`POINT(3 1)`, bowl, "intersects within"},
		{`POINT(5 1.5)`, bowl, "intersects within"},
		{`POINT(5 1.5000000000000002)`, bowl, "disjoint"},
		{`LINESTRING(-1 2, 5 2)`, square, "intersects crosses"},
		{`LINESTRING(1 1, 3 3)`, square, "intersects within"},
		{`LINESTRING(0 0, 4 0)`, square, "intersects touches"},
		{`LINESTRING(0 0, 4 4)`, square, "intersects within"},
		{`LINESTRING(0 0, 1 1)`, `LINESTRING(0 1, 1 0)`, "intersects crosses"},
		{`LINESTRING(0 0, 2 2)`, `LINESTRING(1 1, 3 3)`, "intersects overlaps"},
		{`LINESTRING(0 0, 2 2)`, `LINESTRING(2 2, 3 0)`, "intersects touches"},
		{`LINESTRING(0 0, 2 2)`, `LINESTRING(2 2, 1 1, 0 0)`, "intersects equals within contains"},
		{`LINESTRING(1 1, 2 2)`, `LINESTRING(0 0, 3 3)`, "intersects within"},
		{`LINESTRING(0 0, 1 0, 1 1, 0 0)`, `POINT(0 0)`, "intersects contains"}, // a closed line has no ends
		// The crossing of two edges is where a third one ends, so it is no interior.
		{`MULTILINESTRING((1 1, 1 5), (0 0, 2 2))`, `LINESTRING(0 2, 2 0)`, "intersects touches"},
		{square, `BBOX(0, 0, 4, 4)`, "intersects equals within contains"},
		{square, `BBOX(2, 2, 6, 6)`, "intersects overlaps"},
		{square, `BBOX(4, 0, 6, 4)`, "intersects touches"},
		{square, `BBOX(4, 4, 6, 6)`, "intersects touches"},
		{square, `BBOX(1, 1, 2, 2)`, "intersects contains"},
		{square, `BBOX(0, 0, 2, 2)`, "intersects contains"},
		{`POLYGON((4 4, 5 4, 5 5, 4 4))`, holed, "disjoint"},
		{`POLYGON((3 3, 6 3, 6 6, 3 6, 3 3))`, holed, "intersects touches"},
		{`POLYGON((1 1, 8 1, 8 8, 1 8, 1 1))`, holed, "intersects overlaps"},
		{`POINT(-175 0)`, `BBOX(170, -1, -170, 1)`, "intersects within"},
		{`POINT(0 0)`, `BBOX(170, -1, -170, 1)`, "disjoint"},
		{`POINT(180 0)`, `BBOX(170, -1, -170, 1)`, "intersects within"},
		{`POINT(-180 1)`, `BBOX(170, -1, -170, 1)`, "intersects touches"},
		{`POINT(1 1)`, `BBOX(1, 1, 1, 1)`, "intersects equals within contains"},
		{`POINT(1 1)`, `BBOX(0, 1, 2, 1)`, "intersects within"},
	} {
		got := ""
		for _, do := range []op{opIntersects, opEquals, opDisjoint, opTouches, opWithin, opContains, opOverlaps, opCrosses} {
			text := fmt.Sprintf("%s(%s, %s)", opText(do), c.a, c.b)
			f := mustText(t, text)
			if !f.Match(record{}) {
				continue
			}
			got += " " + opNames[do][2:]
		}
		if got != " "+c.holds {
			t.Errorf("%s and %s:%s, want %s", c.a, c.b, got, c.holds)
		}
		for do := opIntersects; do <= opContains; do++ {
			literals := mustText(t, fmt.Sprintf("%s(%s, %s)", opText(do), c.a, c.b))
			a, b := literals.root.args[0].shape.geometry, literals.root.args[1].shape
			first := mustText(t, fmt.Sprintf("%s(geometry, %s)", opText(do), c.b))
			second := mustText(t, fmt.Sprintf("%s(%s, geometry)", opText(do), c.b))
			if first.Match(record{shape: a}) != literals.Match(record{}) {
				t.Errorf("%s differs for a record", first)
			}
			if second.Match(record{shape: a}) != spatial(do, &b.flat, &newShape(a).flat) {
				t.Errorf("%s differs for a record", second)
			}
		}
	}
}

// TestOrientIsExact holds the side of a line against rational numbers, where
// points are all but on the line.
func TestOrientIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		coordinate := rapid.Float64Range(-180, 180)
		var p [3]orb.Point
		for i := range p {
			p[i] = orb.Point{ordinate(coordinate.Draw(t, "x")), ordinate(coordinate.Draw(t, "y"))}
		}
		if rapid.Bool().Draw(t, "close") {
			at := rapid.Float64Range(0, 1).Draw(t, "at")
			p[2] = between(p[0], p[1], at)
			for range rapid.IntRange(0, 3).Draw(t, "steps") {
				p[2][0] = math.Nextafter(p[2][0], 1000)
			}
			p[2] = orb.Point{ordinate(p[2][0]), ordinate(p[2][1])}
		}
		q := ratPoint{x: rat(p[2][0]), y: rat(p[2][1]), near: p[2]}
		e := &border{a: p[0], b: p[1]}
		want := q.cross(e).Sign()
		if got := orient(p[0], p[1], p[2]); got != want {
			t.Fatalf("orient(%v) = %d, want %d", p, got, want)
		}
		if got := q.sideOf(e); got != want {
			t.Fatalf("sideOf(%v) = %d, want %d", p, got, want)
		}
		if orient(p[1], p[2], p[0]) != want || orient(p[1], p[0], p[2]) != -want {
			t.Fatalf("orient(%v) changes with the order", p)
		}
	})
}

// TestCrossingIsOnBothLines holds the cuts to their meaning.
func TestCrossingIsOnBothLines(t *testing.T) {
	e, g := &border{a: orb.Point{0.1, 0.2}, b: orb.Point{7.3, 5.9}}, &border{a: orb.Point{0.3, 4.4}, b: orb.Point{6.7, 0.7}}
	at := e.at(crossing(e, g))
	if at.cross(e).Sign() != 0 || at.cross(g).Sign() != 0 {
		t.Errorf("%v is not on both lines", at.near)
	}
	if other := g.at(crossing(g, e)); other.x.Cmp(at.x) != 0 || other.y.Cmp(at.y) != 0 {
		t.Errorf("the lines cross in %v and %v", at.near, other.near)
	}
	if crossing(e, g).Cmp(big.NewRat(1, 1)) >= 0 {
		t.Error("the crossing is not on the edge")
	}
}

// relate works out the matrix of two geometries from all that they have near
// each other.
func relate(f, o *flat) matrix {
	fb, fo := f.near(o.bound)
	ob, oo := o.near(f.bound)
	return relateNear(f, o, fb, ob, fo, oo)
}
