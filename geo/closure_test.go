package geo_test

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"yizhan/geo"
)

func TestClosureCheck(t *testing.T) {
	at := orb.Point{113.66, 34.75}
	day := time.Date(2026, 5, 1, 8, 0, 0, 0, time.UTC)
	square := orb.Polygon{{{0, 0}, {1, 0}, {1, 1}, {0, 0}}}
	var many orb.Polygon
	for range 11 {
		many = append(many, square[0])
	}
	long := make(orb.Ring, 1002)
	for _, c := range []struct {
		name string
		c    geo.Closure
		code geo.Code
		en   string // "" where it is fine
	}{
		{"a gate", geo.Closure{Gate: "osm:n1"}, 0, ""},
		{"a street", geo.Closure{Street: &at, From: day, To: day.Add(1)}, 0, ""},
		{"an area", geo.Closure{Area: square, Modes: []geo.Mode{geo.Foot, geo.Ebike}, Reason: "修路 🚧", To: day}, 0, ""},
		{"nothing", geo.Closure{}, geo.Invalid, "one thing"},
		{"two things", geo.Closure{Gate: "g", Street: &at}, geo.Invalid, "one thing"},
		{"all things", geo.Closure{Gate: "g", Street: &at, Area: square}, geo.Invalid, "one thing"},
		{"no time", geo.Closure{Gate: "g", From: day, To: day}, geo.Invalid, "ends before"},
		{"backwards", geo.Closure{Gate: "g", From: day, To: day.Add(-1)}, geo.Invalid, "ends before"},
		{"off the map", geo.Closure{Street: &orb.Point{34.75, 113.66}}, geo.Invalid, "no position"},
		{"no number", geo.Closure{Street: &orb.Point{math.NaN(), 0}}, geo.Invalid, "no position"},
		{"a mode", geo.Closure{Gate: "g", Modes: []geo.Mode{7}}, geo.Invalid, "unknown mode"},
		{"an open ring", geo.Closure{Area: orb.Polygon{{{0, 0}, {1, 0}, {1, 1}, {0, 1}}}}, geo.Invalid, "equal to the first"},
		{"a short ring", geo.Closure{Area: orb.Polygon{{{0, 0}, {1, 0}, {0, 0}}}}, geo.Invalid, "4 points"},
		{"an empty ring", geo.Closure{Area: orb.Polygon{{}}}, geo.Invalid, "4 points"},
		{"an infinite ring", geo.Closure{Area: orb.Polygon{{{0, 0}, {math.Inf(1), 0}, {1, 1}, {0, 0}}}}, geo.Invalid, "no position"},
		{"many rings", geo.Closure{Area: many}, geo.TooLarge, "simplify"},
		{"many points", geo.Closure{Area: orb.Polygon{long}}, geo.TooLarge, "simplify"},
		{"a bow tie", geo.Closure{Area: orb.Polygon{{{0, 0}, {1, 1}, {1, 0}, {0, 1}, {0, 0}}}}, geo.Invalid, "side 1 of ring 1 and side 3 of ring 1"},
		{"a hole over the edge", geo.Closure{Area: orb.Polygon{{{0, 0}, {4, 0}, {4, 4}, {0, 4}, {0, 0}}, {{1, 1}, {5, 1}, {1, 2}, {1, 1}}}}, geo.Invalid, "side 2 of ring 1 and side "},
		{"a hole", geo.Closure{Area: orb.Polygon{{{0, 0}, {4, 0}, {4, 4}, {0, 4}, {0, 0}}, {{1, 1}, {3, 1}, {1, 2}, {1, 1}}}}, 0, ""},
		{"a hole at the edge", geo.Closure{Area: orb.Polygon{{{0, 0}, {4, 0}, {4, 4}, {0, 4}, {0, 0}}, {{1, 1}, {4, 1}, {1, 2}, {1, 1}}}}, 0, ""},
		{"a pinched ring", geo.Closure{Area: orb.Polygon{{{0, 0}, {2, 2}, {4, 0}, {4, 4}, {2, 2}, {0, 4}, {0, 0}}}}, 0, ""},
		{"there and back", geo.Closure{Area: orb.Polygon{{{0, 0}, {2, 0}, {4, 0}, {1, 0}, {0, 0}}}}, 0, ""},
		{"a point again", geo.Closure{Area: orb.Polygon{{{0, 0}, {1, 0}, {1, 0}, {1, 1}, {0, 0}}}}, 0, ""},
		{"a star", geo.Closure{Area: star(1000, 451)}, geo.Invalid, "crosses itself"},
		{"a circle", geo.Closure{Area: star(1000, 1)}, 0, ""},
		{"a long reason", geo.Closure{Gate: "g", Reason: strings.Repeat("长", 501)}, geo.TooLarge, "shorten"},
		{"the longest reason", geo.Closure{Gate: "g", Reason: strings.Repeat("长", 500)}, 0, ""},
		{"a long gate", geo.Closure{Gate: strings.Repeat("g", 201)}, geo.TooLarge, "gate's ID"},
		{"a line break", geo.Closure{Gate: "g", Reason: "a\nb"}, geo.Invalid, "control"},
		{"no text", geo.Closure{Gate: "g", Reason: "\xff"}, geo.Invalid, "UTF-8"},
		{"a strange ID", geo.Closure{ID: "\x00", Gate: "g"}, geo.Invalid, "control"},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := c.c.Check()
			if c.en == "" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			var e *geo.Error
			if !errors.As(err, &e) || e.Code != c.code || !strings.Contains(e.Message.En, c.en) || e.Message.Zh == "" {
				t.Errorf("got %v, want code %d with %q", err, c.code, c.en)
			}
		})
	}
}

// star is a star of many points on a circle, each tied to the one some steps on.
func star(points, steps int) orb.Polygon {
	ring := make(orb.Ring, points+1)
	for i := range ring {
		sin, cos := math.Sincos(2 * math.Pi * float64(i*steps%points) / float64(points))
		ring[i] = orb.Point{113.66 + 0.05*cos, 34.75 + 0.05*sin}
	}
	return orb.Polygon{ring}
}

// TestClosureCrossing: an area is refused just where two of its sides cross.
func TestClosureCrossing(t *testing.T) {
	crossed, fine := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		var area orb.Polygon
		size := rapid.SampledFrom([]int{2, 5, 30}).Draw(t, "size")
		for range rapid.IntRange(1, 2).Draw(t, "rings") {
			var ring orb.Ring
			for range rapid.IntRange(3, 9).Draw(t, "corners") {
				ring = append(ring, orb.Point{float64(rapid.IntRange(0, size).Draw(t, "x")), float64(rapid.IntRange(0, size).Draw(t, "y"))})
			}
			area = append(area, append(ring, ring[0]))
		}
		side := func(a, b, p orb.Point) float64 { return (b[0]-a[0])*(p[1]-a[1]) - (b[1]-a[1])*(p[0]-a[0]) }
		want := false
		for _, r := range area {
			for _, s := range area {
				for i := 1; i < len(r); i++ {
					for k := 1; k < len(s); k++ {
						a, b, c, d := r[i-1], r[i], s[k-1], s[k]
						want = want || side(a, b, c)*side(a, b, d) < 0 && side(c, d, a)*side(c, d, b) < 0
					}
				}
			}
		}
		err := (&geo.Closure{Area: area}).Check()
		if (err != nil) != want {
			t.Fatalf("%v: %v, want a crossing: %v", area, err, want)
		}
		if want {
			crossed++
		} else {
			fine++
		}
	})
	if crossed == 0 || fine == 0 {
		t.Errorf("%d cross, %d do not", crossed, fine)
	}
}

func BenchmarkClosureCheck(b *testing.B) {
	var comb orb.Ring
	for i := range 499 {
		x := 113 + float64(i)/1000
		comb = append(comb, orb.Point{x, 35}, orb.Point{x + 0.0005, 34})
	}
	comb = append(comb, orb.Point{113.5, 33}, orb.Point{113, 33}, comb[0])
	for name, area := range map[string]orb.Polygon{"circle": star(1000, 1), "star": star(1000, 451), "comb": {comb}, "square": star(4, 1)} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				err := (&geo.Closure{Area: area}).Check()
				if (err != nil) != (name == "star") {
					b.Fatal(err)
				}
			}
		})
	}
}

func TestClosureHolds(t *testing.T) {
	for _, m := range geo.Modes() {
		if all := (&geo.Closure{}); !all.Holds(m) {
			t.Errorf("a closure without modes does not hold for %v", m)
		}
		if one := (&geo.Closure{Modes: []geo.Mode{geo.Ebike}}); one.Holds(m) != (m == geo.Ebike) {
			t.Errorf("a closure for ebikes holds for %v: %v", m, one.Holds(m))
		}
	}
}
