package route_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"yizhan/geo"
	"yizhan/geo/route"
	"yizhan/geo/street"
)

// The gate suite under changes: entered gates, and closures and openings.

// enteredRow is a gate of the map and what a record says of it; mapped and
// barrier are the map's.
type enteredRow struct {
	barrier string
	mapped  []statement
	kind    string // of the record, "" for the map's
	entered []statement
}

func enteredRows() []enteredRow {
	day := openAt("06:00-22:00", dayTime)
	return []enteredRow{
		{"gate", []statement{say("locked", "yes")}, "", []statement{say("access", "yes")}},
		{"gate", []statement{say("access", "yes")}, "", []statement{say("locked", "yes")}},
		{"gate", []statement{say("access", "yes")}, "", []statement{say("access", "no")}},
		{"gate", []statement{say("access", "no")}, "", []statement{say("access", "private;delivery")}},
		{"gate", []statement{say("access", "private")}, "", []statement{say("access", "delivery"), day}},
		{"gate", nil, "", []statement{day}},
		{"gate", []statement{openAt("24/7", always), say("access", "yes")}, "", []statement{day, say("access", "yes")}},
		{"gate", []statement{say("access", "yes"), say("electric_bicycle", "no")}, "", []statement{say("access", "permissive")}},
		{"gate", []statement{say("access", "yes")}, "", []statement{say("access", "yes"), say("electric_bicycle", "no")}},
		{"gate", []statement{say("foot", "no"), say("access", "yes")}, "", []statement{say("foot", "yes"), say("bicycle", "no")}},
		{"gate", []statement{say("access", "yes")}, "", []statement{say("access", "yes"), during("access", "no", "(22:00-06:00)", nightTime)}},
		{"gate", []statement{say("access", "yes")}, "turnstile", []statement{say("foot", "yes")}},
		{"wall", nil, "gate", []statement{say("access", "customers")}},
		{"full-height_turnstile", nil, "lift_gate", []statement{say("access", "private")}},
	}
}

// TestSuiteEntered: what people entered of a gate beats the map, and says so.
func TestSuiteEntered(t *testing.T) {
	for i, row := range enteredRows() {
		kind := row.kind
		if kind == "" {
			kind = row.barrier
		}
		for _, record := range []*geo.Place{
			{ID: "entered:1", Kind: geo.KindGate, Name: "前门", Point: newSheet().at(6, 34), Source: geo.Source{Feed: geo.FeedEntered},
				Gate: &geo.Gate{Barrier: row.kind, Tags: tagsOf(row.entered)}},
			{ID: "table:gates:1", Kind: geo.KindGate, Point: newSheet().at(0, 21), Source: geo.Source{Feed: "table:gates"},
				Gate: &geo.Gate{Barrier: row.kind}, Extra: tagsOf(row.entered)},
		} {
			var routers [2]*route.Router
			for k := range routers {
				mapped := tagsOf(row.mapped)
				mapped["barrier"] = row.barrier
				r, n := wallSheet(row.barrier, mapped, nil, k == 0).router(t)
				net, effect := n.With(street.Changes{Gates: []*geo.Place{record}})
				if effect.Gates[0] != "osm:n10" || !effect.Heard[0] {
					t.Fatalf("row %d: the record speaks for %q", i, effect.Gates[0])
				}
				routers[k] = r.With(net)
			}
			for _, hour := range suiteHours {
				for _, m := range geo.Modes() {
					c := suiteCase{suiteRow{"by " + record.ID, kind, row.entered}, m, hour.minute, kind, row.entered}
					ways, shut := manners(kind, row.entered, m, hour.minute)
					as := c.ask(t, routers[1])
					if len(as) != 1 {
						t.Fatalf("%s: %s", c, names(as))
					}
					if zh, en := as[0].Reason.Zh, as[0].Reason.En; !strings.HasPrefix(zh, "据登记资料，") || !strings.HasPrefix(en, "By the entered record: ") {
						t.Errorf("%s: reason %q, %q does not name its source", c, zh, en)
					}
					c.check(t, as[0], ways, shut)
					first := "前门"
					if len(ways) == 0 {
						first = "后门"
					}
					if both := c.ask(t, routers[0]); len(both) != 2 || both[0].Gate.Name != first {
						t.Errorf("%s: %s, want %s first", c, names(both), first)
					}
				}
			}
		}
	}
}

// TestSuiteBack: without the record the map speaks again, and the network that
// was changed is as it was.
func TestSuiteBack(t *testing.T) {
	s := wallSheet("gate", geo.Tags{"access": "yes"}, nil, false)
	r, n := s.router(t)
	shut, _ := n.With(street.Changes{Gates: []*geo.Place{{ID: "osm:n10", Kind: geo.KindGate, Gate: &geo.Gate{Tags: geo.Tags{"locked": "yes"}}}}})
	back, _ := shut.With(street.Changes{})
	for _, c := range []struct {
		name string
		net  *street.Network
		want string
	}{{"as mapped", n, "前门 open"}, {"with a record", shut, "前门 closed"}, {"without it", back, "前门 open"}} {
		if as := to(t, r.With(c.net), s.at(-10, 0), "1号楼", geo.Foot, 12*60); names(as) != c.want {
			t.Errorf("%s: %s, want %s", c.name, names(as), c.want)
		}
	}
}

// closureSubjects are what a closure may be about: the gate under test, the
// street that leads to it, an area around both.
func closureSubjects() []struct {
	name string
	set  func(*geo.Closure)
} {
	s := newSheet()
	on := s.at(1, 15)
	return []struct {
		name string
		set  func(*geo.Closure)
	}{
		{"gate", func(c *geo.Closure) { c.Gate = "osm:n10" }},
		{"street", func(c *geo.Closure) { c.Street = &on }},
		{"area", func(c *geo.Closure) {
			c.Area = orb.Polygon{{s.at(-9, 20), s.at(9, 20), s.at(9, 36), s.at(-9, 36), s.at(-9, 20)}}
		}},
	}
}

// closureModes are the modes that closures of the suite hold for.
func closureModes() [][]geo.Mode {
	return [][]geo.Mode{nil, {geo.Foot}, {geo.Bicycle}, {geo.Ebike}, {geo.Bicycle, geo.Ebike}}
}

// closureHours are the minutes that are asked for: closures hold from eight to
// six.
var closureHours = []int{7 * 60, 12 * 60, 17*60 + 59, 19 * 60}

const closureFrom, closureTo = 8 * 60, 18 * 60

func under(c *geo.Closure, m geo.Mode, minute int) bool {
	return (len(c.Modes) == 0 || slices.Contains(c.Modes, m)) && minute >= closureFrom && minute < closureTo
}

// TestSuiteClosures: a closed gate, street or area is not passed while it is
// closed, in the modes that it is closed for; it says why and until when, and
// opens by itself.
func TestSuiteClosures(t *testing.T) {
	for _, subject := range closureSubjects() {
		for _, modes := range closureModes() {
			closure := geo.Closure{ID: "closure:1", Modes: modes, From: minuteOf(closureFrom), To: minuteOf(closureTo), Reason: "消防演练"}
			subject.set(&closure)
			r, n := wallSheet("gate", geo.Tags{"access": "yes"}, nil, true).router(t)
			net, effect := n.With(street.Changes{Closures: []geo.Closure{closure}})
			if e := effect.Closures[0]; e.Streets+e.Gates == 0 {
				t.Fatalf("%s: the closure holds for nothing", subject.name)
			}
			r = r.With(net)
			for _, minute := range closureHours {
				for _, m := range geo.Modes() {
					name := fmt.Sprintf("%s closed for %v, %s at %s", subject.name, modes, m, clockOf(minute))
					as := to(t, r, newSheet().at(-10, 0), "1号楼", m, minute)
					rides, walks := !under(&closure, m, minute), !under(&closure, geo.Foot, minute)
					// The bike is left at the gate: the street to it has to be
					// open to riders.
					want := "前门"
					if !rides && !(subject.name == "gate" && walks) && minute != 17*60+59 {
						want = "后门"
					}
					if len(as) == 0 || as[0].Gate.Name != want || as[0].Verdict != geo.Open {
						t.Errorf("%s: %s, want %s", name, names(as), want)
						continue
					}
					if want == "后门" && (passes(as[0], frontGate) || !passes(as[0], backGate)) {
						t.Errorf("%s: leads through what is closed", name)
					}
					if rides && len(as[0].Legs) != 1 {
						t.Errorf("%s: %s", name, legs(as[0]))
					}
					if want == "前门" && !rides && !walks && as[0].Arrive.Before(minuteOf(closureTo)) {
						t.Errorf("%s: arrives %v, before it opens", name, as[0].Arrive)
					}
					if want == "后门" && subject.name == "gate" {
						last := as[len(as)-1]
						if last.Gate.Name != "前门" || last.Verdict != geo.Closed || len(last.Legs) > 0 || !last.Opens.Equal(minuteOf(closureTo)) ||
							!strings.Contains(last.Reason.Zh, "临时封闭至 18:00：消防演练") || !strings.Contains(last.Reason.En, "Closed until 18:00: 消防演练") {
							t.Errorf("%s: %s, %v, opens %v", name, names(as), last.Reason, last.Opens)
						}
					}
				}
			}
		}
	}
}

// openings are what is opened: a gate or a way that is shut.
func openings() []opening {
	night := geo.Tags{"opening_hours": "22:00-23:00"}
	return []opening{
		{"a locked gate", geo.Tags{"locked": "yes"}, nil, closureSubjects()[0].set},
		{"a private gate", geo.Tags{"access": "no"}, nil, closureSubjects()[0].set},
		{"a gate in an area", geo.Tags{"locked": "yes"}, nil, closureSubjects()[2].set},
		{"a way", geo.Tags{"access": "yes"}, night, func(c *geo.Closure) {
			p := newSheet().at(1, 50)
			c.Street = &p
		}},
	}
}

type opening struct {
	name        string
	gate, inner geo.Tags
	set         func(*geo.Closure)
}

// TestSuiteOpenings: a gate or way that is shut is passed while an opening
// holds, in its modes, and says so.
func TestSuiteOpenings(t *testing.T) {
	for _, c := range openings() {
		for _, modes := range closureModes() {
			closure := geo.Closure{ID: "closure:1", Opens: true, Modes: modes, From: minuteOf(closureFrom), To: minuteOf(closureTo), Reason: "临时通道"}
			c.set(&closure)
			r, n := wallSheet("gate", c.gate, c.inner, true).router(t)
			net, effect := n.With(street.Changes{Closures: []geo.Closure{closure}})
			if e := effect.Closures[0]; e.Streets+e.Gates == 0 {
				t.Fatalf("%s: the opening holds for nothing", c.name)
			}
			r = r.With(net)
			for _, minute := range closureHours {
				for _, m := range geo.Modes() {
					name := fmt.Sprintf("%s open for %v, %s at %s", c.name, modes, m, clockOf(minute))
					as := to(t, r, newSheet().at(-10, 0), "1号楼", m, minute)
					want := "后门"
					// The minute before its end is enough to get to the gate.
					if under(&closure, m, minute) || under(&closure, geo.Foot, minute) {
						want = "前门"
					}
					if minute == 17*60+59 && c.inner != nil {
						continue // whether the way is reached by six depends on the mode
					}
					if len(as) == 0 || as[0].Gate.Name != want || as[0].Verdict != geo.Open {
						t.Errorf("%s: %s, want %s", name, names(as), want)
						continue
					}
					if want == "前门" && c.inner == nil && (!strings.Contains(as[0].Reason.Zh, "临时开放至 18:00：临时通道") || !strings.Contains(as[0].Reason.En, "Open until 18:00: 临时通道")) {
						t.Errorf("%s: %v", name, as[0].Reason)
					}
					if want == "后门" && c.inner == nil {
						if last := as[len(as)-1]; last.Verdict != geo.Closed || minute < closureFrom && under(&closure, m, closureFrom) && !last.Opens.Equal(minuteOf(closureFrom)) {
							t.Errorf("%s: %s, opens %v", name, names(as), last.Opens)
						}
					}
				}
			}
		}
	}
}

// TestSuiteStreetClosed: without a compound, a closed street is gone round
// while it is closed, and a destination on it is reached to where it begins.
func TestSuiteStreetClosed(t *testing.T) {
	s := throughSheet("kerb", nil, nil, false)
	r, n := s.router(t)
	middle := s.at(0, 1)
	for _, forever := range []bool{false, true} {
		closure := geo.Closure{ID: "closure:1", Street: &middle, From: minuteOf(closureFrom), To: minuteOf(closureTo)}
		if forever {
			closure.From, closure.To = time.Time{}, time.Time{}
		}
		net, _ := n.With(street.Changes{Closures: []geo.Closure{closure}})
		under := r.With(net)
		for _, minute := range closureHours {
			for _, m := range geo.Modes() {
				as, err := under.Route(context.Background(), route.Request{From: s.at(-150, 0), To: route.Target{Point: s.at(150, 0)}, Mode: m, Depart: minuteOf(minute)})
				if err != nil {
					t.Fatal(err)
				}
				want := 300.0
				if forever || minute >= closureFrom && minute < closureTo-1 {
					want = 900
				}
				if d := as[0].Distance; d < want-2 || d > want+2 {
					t.Errorf("%s at %s: %.0f m, want %.0f", m, clockOf(minute), d, want)
				}
			}
		}
	}
}
