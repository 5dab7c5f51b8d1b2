package geo_test

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"yizhan/geo"
)

func TestClosureCheck(t *testing.T) {
	at := orb.Point{113.66, 34.75}
	day := time.Date(2026, 5, 1, 8, 0, 0, 0, time.UTC)
	square := orb.Polygon{{{0, 0}, {1, 0}, {1, 1}, {0, 0}}}
	var many orb.Polygon
	for range 101 {
		many = append(many, square[0])
	}
	long := make(orb.Ring, 10_001)
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
