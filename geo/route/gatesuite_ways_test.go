package route_test

import (
	"context"
	"testing"

	"yizhan/geo"
	"yizhan/geo/route"
)

// TestWayBehindOpenGateShut: an open gate is no way in where the way behind it
// is shut, or not for walking.
func TestWayBehindOpenGateShut(t *testing.T) {
	for _, inner := range []geo.Tags{{"opening_hours": "06:00-22:00"}, {"access": "yes", "access:conditional": "no @ (22:00-06:00)"}, {"access": "yes", "foot": "no"}} {
		r, _ := wallSheet("gate", geo.Tags{"access": "yes"}, inner, false).router(t)
		as := to(t, r, newSheet().at(-10, 0), "1号楼", geo.Foot, 3*60)
		if len(as) != 1 || as[0].Verdict == geo.Open {
			t.Errorf("%v at 03:00: %s, %v", inner, names(as), as[0].Reason)
		}
	}
}

// TestWayBehindOpensSoon: the wait for a way to open is told of.
func TestWayBehindOpensSoon(t *testing.T) {
	r, _ := wallSheet("gate", geo.Tags{"access": "yes"}, geo.Tags{"opening_hours": "06:00-22:00"}, false).router(t)
	as := to(t, r, newSheet().at(-10, 0), "1号楼", geo.Foot, 6*60-10)
	if len(as) != 1 || as[0].Wait < 400 || as[0].Opens.IsZero() {
		t.Errorf("%s, wait %.0f, opens %v, %v, takes %.0f s", names(as), as[0].Wait, as[0].Opens, as[0].Reason, as[0].Duration)
	}
}

// TestOpensEarliest: a shut gate opens when the first mode gets in.
func TestOpensEarliest(t *testing.T) {
	r, _ := wallSheet("gate", geo.Tags{"access": "no", "foot:conditional": "yes @ (06:00-22:00)", "bicycle:conditional": "yes @ (11:00-13:00)"}, nil, false).router(t)
	as := to(t, r, newSheet().at(-10, 0), "1号楼", geo.Bicycle, 3*60)
	if len(as) != 1 || !as[0].Opens.Equal(minuteOf(6*60)) {
		t.Errorf("opens %v", as[0].Opens)
	}
}

// TestWayConditional: the verdict of a way is that of the hour.
func TestWayConditional(t *testing.T) {
	for _, c := range []struct {
		inner geo.Tags
		want  geo.Verdict
	}{
		{geo.Tags{"access": "private", "access:conditional": "delivery @ (06:00-22:00)"}, geo.Open},
		{geo.Tags{"access": "yes", "access:conditional": "private @ (06:00-22:00)"}, geo.Permit},
	} {
		r, _ := wallSheet("gate", geo.Tags{"access": "yes"}, c.inner, false).router(t)
		as := to(t, r, newSheet().at(-10, 0), "1号楼", geo.Foot, 12*60)
		if len(as) != 1 || as[0].Verdict != c.want {
			t.Errorf("%v: %s %v", c.inner, names(as), as[0].Reason)
		}
	}
}

// TestThroughWayConditional: whether a way may be passed through depends on
// the hour too.
func TestThroughWayConditional(t *testing.T) {
	for _, said := range [][]statement{
		{say("access", "yes"), during("access", "delivery", "(06:00-22:00)", dayTime)},
		{say("access", "private"), during("access", "yes", "(06:00-22:00)", dayTime)},
		{say("access", "no"), during("access", "yes", "(06:00-22:00)", dayTime)},
		{say("access", "no"), during("access", "delivery", "(06:00-22:00)", dayTime)},
		{say("access", "yes"), during("access", "no", "(22:00-06:00)", nightTime)},
		{openAt("06:00-22:00", dayTime), say("access", "yes")},
	} {
		r, _ := throughSheet("kerb", nil, tagsOf(said), false).router(t)
		for _, h := range suiteHours[:2] {
			c := suiteCase{suiteRow{"street", "path", said}, geo.Foot, h.minute, "path", said}
			o := meets("path", said, c.mode, c.minute)
			if got, metres := c.leadsThrough(t, r); got != (o.verdict == geo.Open && o.onward) {
				t.Errorf("%s: leads through %v, %.0f m", c, got, metres)
			}
		}
	}
}

// TestFarGate: a near gate is shut, the open one is 25 minutes on.
func TestFarGate(t *testing.T) {
	s := wallSheet("gate", geo.Tags{"locked": "yes"}, nil, false)
	s.node(5, 0, 160)
	s.node(6, -700, 160)
	s.node(7, -1400, 160)
	s.node(8, -1400, 0)
	s.way(2, "residential", "后街", nil, 4, 8, 7, 6, 5)
	s.gate(15, 0, 130, "gate", "后门", geo.Tags{"access": "yes"})
	s.way(13, "service", "", nil, 5, 15, 12)
	r, _ := s.router(t)
	as := to(t, r, s.at(-10, 0), "1号楼", geo.Foot, 12*60)
	if names(as) != "后门 open, 前门 closed" {
		t.Errorf("%s", names(as))
	}
}

// TestDriveWithGate: a drive for callers with a gate in its middle is one; who
// starts at its far end leaves by the gate.
func TestDriveWithGate(t *testing.T) {
	s := newSheet()
	s.node(1, 0, 0)
	s.node(2, 100, 0)
	s.gate(3, 100, 50, "gate", "", geo.Tags{"foot": "permissive", "access": "private"})
	s.node(4, 100, 100)
	s.node(5, 800, 100)
	s.node(6, 800, 0)
	s.way(1, "residential", "大街", nil, 1, 2, 6)
	s.way(2, "service", "", geo.Tags{"access": "destination"}, 2, 3, 4)
	s.way(3, "residential", "后街", nil, 4, 5, 6)
	s.way(4, "service", "", geo.Tags{"access": "destination"}, 4, 7)
	s.node(7, 100, 200)
	r, _ := s.router(t)
	for _, p := range []struct{ y, want float64 }{{80, 180}, {190, 290}} {
		as, err := r.Route(context.Background(), route.Request{From: s.at(0, 0), To: route.Target{Point: s.at(100, p.y)}, Depart: at(12, 0)})
		if err != nil || as[0].Distance > p.want+2 {
			t.Errorf("%v: %.0f m, want %.0f, %v", p, as[0].Distance, p.want, err)
		}
	}
}
