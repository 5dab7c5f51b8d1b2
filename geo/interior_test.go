package geo_test

import (
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"yizhan/geo"
)

func ring(points ...orb.Point) orb.Ring { return append(orb.Ring(points), points[0]) }

func TestInterior(t *testing.T) {
	square := orb.Polygon{ring(orb.Point{0, 0}, orb.Point{2, 0}, orb.Point{2, 2}, orb.Point{0, 2})}
	// ┌─┐   ┌─┐
	// │ └───┘ │   the centroid of a U lies between its arms
	// └───────┘
	u := orb.Polygon{ring(orb.Point{0, 0}, orb.Point{9, 0}, orb.Point{9, 9}, orb.Point{7, 9}, orb.Point{7, 1}, orb.Point{3, 1}, orb.Point{3, 9}, orb.Point{0, 9})}
	holed := orb.Polygon{square[0], ring(orb.Point{0.5, 0.5}, orb.Point{0.5, 1.5}, orb.Point{1.5, 1.5}, orb.Point{1.5, 0.5})}
	for _, c := range []struct {
		name string
		area orb.MultiPolygon
		in   orb.Polygon
	}{
		{"square", orb.MultiPolygon{square}, square},
		{"U", orb.MultiPolygon{u}, u},
		{"ring", orb.MultiPolygon{holed}, holed},
		{"the larger part", orb.MultiPolygon{square, u}, u},
		{"an empty part", orb.MultiPolygon{{}, square}, square},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, ok := geo.Interior(c.area)
			if !ok || !planar.PolygonContains(c.in, p) {
				t.Errorf("%v, %v is not inside", p, ok)
			}
		})
	}
	if p, ok := geo.Interior(orb.MultiPolygon{{}}); ok {
		t.Errorf("an area without a vertex has the point %v", p)
	}
	flat := orb.Polygon{ring(orb.Point{1, 1}, orb.Point{3, 1})}
	if p, ok := geo.Interior(orb.MultiPolygon{flat}); !ok || p != (orb.Point{2, 1}) {
		t.Errorf("a flat area has the point %v, %v", p, ok)
	}
}
