package route_test

import (
	"context"
	"testing"

	"github.com/paulmach/orb"

	"yizhan/geo"
	"yizhan/geo/route"
)

// throughSheet has a way of 300 m through two gates, and 900 m around them:
//
//	5 ----------------- 6
//	|     +-------+     |
//	1 ----T       U---- 4
//	      +-------+
//
// Without a court the gates stand across a street.
func throughSheet(barrier string, tags, inner geo.Tags, court bool) sheet {
	s := newSheet()
	s.node(1, -150, 0)
	s.gate(2, -50, 0, barrier, "西门", tags)
	s.gate(3, 50, 0, barrier, "东门", tags)
	s.node(4, 150, 0)
	s.node(5, -150, 300)
	s.node(6, 150, 300)
	s.way(1, "residential", "直街", nil, 1, 2)
	s.way(2, "residential", "直街", inner, 2, 3)
	s.way(3, "residential", "直街", nil, 3, 4)
	s.way(4, "residential", "绕街", nil, 1, 5, 6, 4)
	if court {
		s.court("court", "院", -50, -50, 50, 50)
	}
	return s
}

// throughRows are the gates that are tried for passing on.
func throughRows() []suiteRow {
	rows := []suiteRow{
		{"nothing tagged", "gate", nil},
		{"nothing tagged", "bollard", nil},
		{"nothing tagged", "wall", nil},
		{"nothing tagged", "checkpoint", nil},
		{"nothing tagged", "full-height_turnstile", nil},
	}
	for _, v := range []string{"yes", "permissive", "designated", "delivery", "destination", "customers", "private;delivery",
		"private", "residents", "permit", "no", "agricultural", "forestry", "military"} {
		rows = append(rows, suiteRow{"value", "gate", []statement{say("access", v)}})
	}
	for _, said := range [][]statement{
		{say("access", "no"), say("foot", "delivery"), say("bicycle", "yes")},
		{say("access", "yes"), say("electric_bicycle", "customers")},
		{say("access", "private"), say("foot", "permissive")},
		{say("locked", "yes")},
		{openAt("06:00-22:00", dayTime)},
		{say("access", "yes"), during("access", "delivery", "(06:00-22:00)", dayTime)},
		{say("access", "delivery"), during("access", "yes", "(06:00-22:00)", dayTime)},
	} {
		rows = append(rows, suiteRow{"of a mode or hour", "gate", said})
	}
	return rows
}

// leadsThrough says whether the way to the far side leads between the gates,
// bike: a rider may too where no gate forbids it.
func (c suiteCase) leadsThrough(t *testing.T, r *route.Router) (through bool, metres float64) {
	t.Helper()
	as, err := r.Route(context.Background(), route.Request{
		From: newSheet().at(-150, 0), To: route.Target{Point: newSheet().at(150, 0)}, Mode: c.mode, Depart: minuteOf(c.minute)})
	if err != nil || len(as) == 0 {
		t.Errorf("%s: %v", c, err)
		return false, 0
	}
	return passes(as[0], orb.Point(newSheet().at(0, 0))), as[0].Distance
}

// TestSuiteThrough: who does not call behind a gate passes it only where it is
// open to all; a way in a compound, only where the way is too.
func TestSuiteThrough(t *testing.T) {
	open := geo.Tags{"access": "permissive"}
	for _, row := range throughRows() {
		for _, where := range []struct {
			name  string
			inner geo.Tags
			court bool
			never bool
		}{
			{"across a street", nil, false, false},
			{"a compound with public ways", open, true, false},
			{"a compound", nil, true, true},
			{"a compound with ways for callers", geo.Tags{"access": "delivery"}, true, true},
			{"a compound with private ways", geo.Tags{"access": "private"}, true, true},
		} {
			r, _ := throughSheet(row.barrier, tagsOf(row.said), where.inner, where.court).router(t)
			for _, hour := range suiteHours[:2] {
				for _, m := range geo.Modes() {
					c := suiteCase{row, m, hour.minute, row.barrier, row.said}
					o := meets(row.barrier, row.said, m, hour.minute)
					want := o.verdict != geo.Closed && o.onward && !where.never
					got, metres := c.leadsThrough(t, r)
					if got != want {
						t.Errorf("%s, %s: leads through %v, %.0f m, want %v", where.name, c, got, metres, want)
					}
					if long := metres > 600; long == got {
						t.Errorf("%s, %s: %.0f m", where.name, c, metres)
					}
				}
			}
		}
	}
}

// TestSuiteThroughWays: the same for a street without gates that says who may
// use it.
func TestSuiteThroughWays(t *testing.T) {
	for _, v := range []string{"", "yes", "permissive", "delivery", "destination", "customers", "private", "residents", "private;delivery", "no"} {
		var said []statement
		if v != "" {
			said = []statement{say("access", v)}
		}
		row := suiteRow{"street", "path", said}
		r, _ := throughSheet("kerb", nil, tagsOf(said), false).router(t)
		for _, m := range geo.Modes() {
			c := suiteCase{row, m, 12 * 60, "path", said}
			o := meets("path", said, m, c.minute)
			want := o.verdict == geo.Open && o.onward
			if got, metres := c.leadsThrough(t, r); got != want {
				t.Errorf("%s: leads through %v, %.0f m, want %v", c, got, metres, want)
			}
		}
	}
}
