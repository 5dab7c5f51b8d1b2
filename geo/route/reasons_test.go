package route_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"yizhan/geo"
	"yizhan/geo/route"
	"yizhan/geo/street"
)

// TestReasons: what stands in the way is named, in both languages.
func TestReasons(t *testing.T) {
	outside, north := newSheet().at(-118, -100), newSheet().at(0, 119)
	court := newSheet().at(2, 20)
	byDay := geo.Tags{"opening_hours": "06:30-22:00"}
	locked := geo.Tags{"locked": "yes"}
	for _, c := range []struct {
		name   string
		gates  map[string]geo.Tags
		closed []geo.Closure
		from   orb.Point
		to     route.Target
		depart time.Time
		zh, en string
	}{
		{"a gate on the way out", map[string]geo.Tags{"n": byDay}, nil, court, route.Target{Point: outside}, at(6, 25),
			"途经锦江花园北门：此门 06:30 开", "On the way, North Gate of 锦江花园: closed now, opens 06:30, wait"},
		{"shut when one arrives", map[string]geo.Tags{"n": byDay}, nil, outside, route.Target{Building: "3号楼"}, at(21, 58),
			"到时已关闭", "Closed by the time you arrive, opens tomorrow 06:30"},
		{"shut already", map[string]geo.Tags{"n": byDay}, nil, outside, route.Target{Building: "3号楼"}, at(22, 1),
			"现在关闭", "Closed now, opens tomorrow 06:30"},
		{"a gate as the destination", map[string]geo.Tags{"n": locked}, nil, outside, route.Target{Place: "osm:n22"}, at(12, 0),
			"这个门：此门上锁", "Nothing in the way; the gate itself: locked"},
		{"shut in", map[string]geo.Tags{"s": locked, "n": byDay, "w": {"opening_hours": "08:00-20:00"}}, nil, court, route.Target{Point: outside}, at(3, 0),
			"现在出不了锦江花园（北门：此门 06:30 开，现在关闭；西门：此门 08:00 开，现在关闭；南门：此门上锁）。请等门开", "no way out of 锦江花园 now (North Gate: Closed now, opens 06:30; West Gate: Closed now, opens 08:00; South Gate: Locked): wait until one opens"},
		{"locked in", map[string]geo.Tags{"s": locked}, nil, court, route.Target{Point: outside}, at(3, 0),
			"请换一种出行方式", "try another mode"},
		{"a street under a closure", nil, []geo.Closure{{Street: &north, To: at(18, 0), Reason: "道路施工"}}, outside, route.Target{Point: newSheet().at(2, 122)}, at(12, 0),
			"北街：临时封闭至 18:00：道路施工", "北街: Closed until 18:00: 道路施工"},
	} {
		s := courtSheet(c.gates)
		if c.closed != nil { // the street's end is the only way to it
			s = newSheet()
			s.node(1, -120, -120)
			s.node(2, -120, 120)
			s.node(3, 120, 120)
			s.way(1, "residential", "西街", nil, 1, 2)
			s.way(2, "residential", "北街", nil, 2, 3)
		}
		_, n := s.router(t)
		n, _ = n.With(street.Changes{Closures: c.closed})
		as, err := route.New(n, where).Route(context.Background(), route.Request{From: c.from, To: c.to, Depart: c.depart})
		var got geo.Text
		if said := new(geo.Error); errors.As(err, &said) {
			got = said.Message
		} else {
			got = as[0].Reason
		}
		if !strings.Contains(got.Zh, c.zh) || !strings.Contains(got.En, c.en) {
			t.Errorf("%s: %v, want\n%s\n%s", c.name, got, c.zh, c.en)
		}
	}
}

// TestOpenAreaWithin: a clinic on a walled campus has no wall of its own; the
// way to it is by the gates of the campus.
func TestOpenAreaWithin(t *testing.T) {
	n := extract(t, "bupt-beijing")
	r := route.New(n, where)
	clinic, ok := n.Compound("osm:w344373140")
	if _, gated := n.RoomOf(clinic.ID); !ok || gated {
		t.Fatalf("%v, gated %v", clinic, gated)
	}
	for _, m := range geo.Modes() {
		as, err := r.Route(context.Background(), route.Request{From: orb.Point{116.3548, 39.9600}, To: route.Target{Compound: clinic.ID}, Mode: m, Depart: at(12, 0)})
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range as {
			if a.Gate == nil {
				t.Errorf("%v: %s by no gate: %v", m, names(as), a.Reason)
			}
		}
	}
}
