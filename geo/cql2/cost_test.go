package cql2

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"
)

// star is the text of a polygon of n points on two circles in turn.
func star(n int) string {
	var b strings.Builder
	b.WriteString("POLYGON((")
	for i := range n + 1 {
		angle, r := 2*math.Pi*float64(i%n)/float64(n), 0.144
		if i%2 == 0 {
			r = 0.072
		}
		if i > 0 {
			b.WriteString(",")
		}
		fmt.Fprintf(&b, "%.3f %.3f", 104.06+r*math.Cos(angle), 30.67+r*math.Sin(angle))
	}
	return b.String() + "))"
}

// houses are small areas of eight corners all over the box of the star.
func houses(side int) []record {
	all := make([]record, 0, side*side)
	for x := range side {
		for y := range side {
			at := orb.Point{103.91 + 0.3*float64(x)/float64(side), 30.52 + 0.3*float64(y)/float64(side)}
			ring := orb.Ring{}
			for _, c := range [][2]float64{{0, 0}, {3, 0}, {3, 1}, {2, 1}, {2, 2}, {1, 2}, {1, 1}, {0, 1}, {0, 0}} {
				ring = append(ring, orb.Point{at[0] + c[0]*6e-5, at[1] + c[1]*6e-5})
			}
			all = append(all, record{shape: orb.Polygon{ring}})
		}
	}
	return all
}

// TestManyEdgesCostLittle asks ten thousand buildings about a star of 380
// edges. Each took half a millisecond where every edge was looked at with
// rational numbers.
func TestManyEdgesCostLittle(t *testing.T) {
	all := houses(100)
	text := star(380)
	counts := map[op]int{}
	for _, do := range []op{opIntersects, opDisjoint, opTouches, opWithin, opOverlaps, opCrosses, opContains, opEquals} {
		f := mustText(t, fmt.Sprintf("%s(geometry, %s)", opText(do), text))
		began := time.Now()
		for _, r := range all {
			if f.Match(r) {
				counts[do]++
			}
		}
		each := time.Since(began) / time.Duration(len(all))
		t.Logf("%s: %d match, %v each, cost %d", opNames[do], counts[do], each, f.Cost())
		if each > 200*time.Microsecond { // a few microseconds, on a machine that is not busy
			t.Errorf("%s takes %v for each record", opNames[do], each)
		}
	}
	if counts[opIntersects]+counts[opDisjoint] != len(all) || counts[opCrosses]+counts[opContains]+counts[opEquals] != 0 ||
		counts[opWithin]+counts[opOverlaps]+counts[opTouches] != counts[opIntersects] || counts[opOverlaps] == 0 || counts[opWithin] == 0 {
		t.Errorf("%v", counts)
	}
}

// TestCostCounts wants a filter to cost more that asks more.
func TestCostCounts(t *testing.T) {
	least := 0
	for _, text := range []string{"a = 1", "a = 1 AND b = 2", "S_INTERSECTS(geometry, POINT(1 1))", fmt.Sprintf("S_INTERSECTS(geometry, %s)", star(380))} {
		f := mustText(t, text)
		if f.Cost() <= least {
			t.Errorf("%.40s costs %d, no more than %d", text, f.Cost(), least)
		}
		least = f.Cost()
	}
}
