package street

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"yizhan/geo"
)

// TestOverlayAgainstModel: what a set of closures comes to, and the reason that
// is told, are those of all its closures, though some are left out of it.
func TestOverlayAgainstModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		hour := func(label string) time.Time {
			return someYear.Add(time.Duration(rapid.IntRange(0, 60).Draw(t, label)) * time.Hour)
		}
		var list []geo.Closure
		var all []int
		for i := range rapid.IntRange(1, 3*largeSet).Draw(t, "closures") {
			c := geo.Closure{Gate: "g", Opens: rapid.Bool().Draw(t, "opens"), From: hour("from")}
			if c.To = c.From.Add(time.Duration(rapid.IntRange(1, 8).Draw(t, "hours")) * time.Hour); rapid.IntRange(0, 30).Draw(t, "for ever") == 0 {
				c.To = time.Time{}
			}
			if rapid.Bool().Draw(t, "why") {
				c.Reason = fmt.Sprint(i)
			}
			if rapid.Bool().Draw(t, "some") {
				c.Modes = []geo.Mode{geo.Mode(rapid.IntRange(0, geo.NumModes-1).Draw(t, "mode"))}
			}
			list, all = append(list, c), append(all, i)
		}
		sets := newClosureSets(list)
		o := sets.overlay(sets.with(sets.with(0, all[:len(all)/2]...), all[len(all)/2:]...))
		state := func(m geo.Mode, at time.Time) (s overState) {
			for i := range list {
				if c := &list[i]; c.Holds(m) && !at.Before(c.From) && (c.To.IsZero() || at.Before(c.To)) {
					s = max(s, map[bool]overState{true: overOpen, false: overClosed}[c.Opens])
				}
			}
			return s
		}
		for range 8 {
			m, at := geo.Mode(rapid.IntRange(0, geo.NumModes-1).Draw(t, "mode")), hour("at").Add(-time.Minute*time.Duration(rapid.IntRange(0, 1).Draw(t, "before")))
			want := state(m, at)
			got, until := o.span(m, at.UnixMilli())
			if got != want {
				t.Fatalf("%v at %v: %v, want %v", m, at, got, want)
			}
			end := int64(endless)
			for u := at.Truncate(time.Hour).Add(time.Hour); u.Before(someYear.Add(80 * time.Hour)); u = u.Add(time.Hour) {
				if state(m, u) != want {
					end = u.UnixMilli()
					break
				}
			}
			if until != end {
				t.Fatalf("%v at %v: until %v, want %v", m, at, until, end)
			}
			if want == overNone {
				continue
			}
			// The reason of the one that ends last, of these that began first.
			var best *geo.Closure
			for i := range list {
				c := &list[i]
				if c.Reason == "" || !c.Holds(m) || c.Opens != (want == overOpen) || at.Before(c.From) || !c.To.IsZero() && !at.Before(c.To) {
					continue
				}
				if best == nil || !best.To.IsZero() && (c.To.IsZero() || c.To.After(best.To)) || c.To.Equal(best.To) && c.From.Before(best.From) {
					best = c
				}
			}
			why := ""
			if best != nil {
				why = best.Reason
			}
			sort := uint8(closes)
			if want == overOpen {
				sort = opens
			}
			if got := o.because(m, at.UnixMilli(), sort); got != why {
				t.Fatalf("%v at %v: %q, want %q", m, at, got, why)
			}
		}
	})
}
