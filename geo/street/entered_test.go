package street

import (
	"slices"
	"testing"
	"time"

	"yizhan/geo"
	"yizhan/geo/hours"
)

// twoGates is a walled court with two gates 15 m apart on a street.
//
//	   +--+    inside
//	---+--+--- the wall at 10 m, 东门 at 60 m, 西门 at 75 m
//	===+==+=== the street
func twoGates(t *testing.T) *Network {
	g := newGrid(Options{WalledByHabit: abroad})
	g.compound("court", "大院", true, g.rect(20, 10, 180, 190))
	g.gate(20, 60, 10, "gate", "东门", geo.Tags{"access": "private"})
	g.gate(21, 75, 10, "gate", "西门", geo.Tags{"access": "yes"})
	g.node(1, 0, 0)
	g.node(2, 200, 0)
	for i := range int64(2) {
		x := float64(60 + 15*i)
		g.node(30+i, x, 0)
		g.node(40+i, x, 60)
		g.way(10+i, "service", nil, 30+i, 20+i, 40+i)
	}
	g.way(12, "service", nil, 40, 41)
	g.way(13, "residential", nil, 1, 30, 31, 2)
	n, _, err := g.b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestEntered: which gate an entered one speaks for, and what it says.
func TestEntered(t *testing.T) {
	n := twoGates(t)
	noon := time.Date(2026, 11, 23, 12, 0, 0, 0, cst)
	place := func(id string, x, y float64, tags geo.Tags) *geo.Place {
		return &geo.Place{ID: id, Kind: geo.KindGate, Point: lie(x, y), Gate: &geo.Gate{Tags: tags}, Source: geo.Source{Feed: "table:t"}}
	}
	with := func(p *geo.Place, change func(*geo.Place)) *geo.Place { change(p); return p }
	east, west := n.gateNamed(t, "东门"), n.gateNamed(t, "西门")
	for _, c := range []struct {
		name   string
		list   []*geo.Place
		speaks []string
		heard  []bool
		gate   string
		want   geo.Verdict
		zh, en string
	}{
		{"nearest", []*geo.Place{place("a", 62, 0, geo.Tags{"access": "no"})}, []string{east}, []bool{true}, east, geo.Closed,
			"据登记资料，此门不让行人通过", "By the entered record: no entry on foot"},
		{"its own name", []*geo.Place{with(place("a", 62, 0, geo.Tags{"access": "no"}), func(p *geo.Place) { p.Name = "西门 " })}, []string{west}, []bool{true}, west, geo.Closed,
			"据登记资料，此门不让行人通过", "By the entered record: no entry on foot"},
		{"its hours alone", []*geo.Place{with(place("a", 62, 0, nil), func(p *geo.Place) { p.Hours = "06:00-20:00" })}, []string{east}, []bool{true}, east, geo.Permit,
			"仅限内部人员，外来人员须登记，到 20:00（开放时间据登记资料）", "Private: register to enter until 20:00 (hours by the entered record)"},
		{"its hours alone, which are over", []*geo.Place{with(place("a", 62, 0, nil), func(p *geo.Place) { p.Hours = "06:00-10:00" })}, []string{east}, []bool{true}, east, geo.Closed,
			"据登记资料，此门明天 06:00 开，现在关闭", "By the entered record: closed now, opens tomorrow 06:00"},
		{"columns of a table", []*geo.Place{with(place("a", 62, 0, nil), func(p *geo.Place) { p.Extra = map[string]string{"foot": "delivery", "colour": "red"} })}, []string{east}, []bool{true}, east, geo.Open,
			"据登记资料，送货、访客可进", "By the entered record: open for deliveries and callers"},
		{"another barrier", []*geo.Place{with(place("a", 62, 0, geo.Tags{"opening_hours": "24/7", "locked": "no"}), func(p *geo.Place) { p.Gate.Barrier = "security_control" })}, []string{east}, []bool{true}, east, geo.Permit,
			"据登记资料，有门岗，登记后可进", "By the entered record: guarded: register to enter"},
		{"its ID", []*geo.Place{place(east, 5000, 0, geo.Tags{"access": "yes"})}, []string{east}, []bool{true}, east, geo.Open,
			"据登记资料，可以通行", "By the entered record: open"},
		{"too far", []*geo.Place{place("a", 60, -25, geo.Tags{"access": "no"})}, []string{""}, []bool{false}, east, geo.Permit,
			"仅限内部人员，外来人员须登记", "Private: register to enter"},
		{"without a position", []*geo.Place{with(place("a", 62, 0, geo.Tags{"access": "no"}), func(p *geo.Place) { p.Unplaced = true })}, []string{""}, []bool{false}, east, geo.Permit,
			"仅限内部人员，外来人员须登记", "Private: register to enter"},
		{"silent", []*geo.Place{place("a", 62, 0, geo.Tags{"name": "x"})}, []string{east}, []bool{false}, east, geo.Permit,
			"仅限内部人员，外来人员须登记", "Private: register to enter"},
		{"hours nobody can read", []*geo.Place{with(place("a", 62, 0, nil), func(p *geo.Place) { p.HoursText = "see notice" })}, []string{east}, []bool{false}, east, geo.Permit,
			"仅限内部人员，外来人员须登记", "Private: register to enter"},
		{"the greater ID", []*geo.Place{place("a", 62, 0, geo.Tags{"access": "no"}), place("b", 61, 0, geo.Tags{"access": "yes"})}, []string{east, east}, []bool{false, true}, east, geo.Open,
			"据登记资料，可以通行", "By the entered record: open"},
		{"the newer one", []*geo.Place{with(place("a", 62, 0, geo.Tags{"access": "no"}), func(p *geo.Place) { p.Source.Time = noon }), place("b", 61, 0, geo.Tags{"access": "yes"})}, []string{east, east}, []bool{true, false}, east, geo.Closed,
			"据登记资料，此门不让行人通过", "By the entered record: no entry on foot"},
		{"the typed one", []*geo.Place{with(place("a", 62, 0, geo.Tags{"access": "no"}), func(p *geo.Place) { p.Source.Time = noon }),
			with(place("b", 61, 0, geo.Tags{"access": "yes"}), func(p *geo.Place) { p.Source.Feed = geo.FeedEntered })}, []string{east, east}, []bool{false, true}, east, geo.Open,
			"据登记资料，可以通行", "By the entered record: open"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, effect := n.With(Changes{Gates: c.list})
			if !slices.Equal(effect.Gates, c.speaks) || !slices.Equal(effect.Heard, c.heard) {
				t.Errorf("speaks for %v, heard %v; want %v, %v", effect.Gates, effect.Heard, c.speaks, c.heard)
			}
			b, _ := got.BarrierOf(c.gate)
			a := got.BarrierRule(b).At(geo.Foot, noon, hours.Place{Zone: cst})
			if a.Verdict != c.want || a.Reason.Zh != c.zh || a.Reason.En != c.en {
				t.Errorf("%v %q %q, want %v %q %q", a.Verdict, a.Reason.Zh, a.Reason.En, c.want, c.zh, c.en)
			}
			checkArcs(t, got)
			// A closure lies over the record as over the map.
			shut, _ := n.With(Changes{Gates: c.list, Closures: []geo.Closure{{Gate: c.gate, To: noon}}})
			if at := shut.BarrierRule(b).Pass(geo.Foot, noon.Add(-1), hours.Place{Zone: cst}); at.Verdict != geo.Closed {
				t.Errorf("under a closure: %v", at)
			}
			if after := shut.BarrierRule(b).At(geo.Foot, noon, hours.Place{Zone: cst}); after != a {
				t.Errorf("after a closure: %+v, want %+v", after, a)
			}
		})
	}
}

// TestEnteredHours: hours alone change the hours of the map and leave its other
// tags, but for a lock: within the hours it is open.
func TestEnteredHours(t *testing.T) {
	day := time.Date(2026, 11, 23, 0, 0, 0, 0, cst)
	for _, c := range []struct {
		name, barrier string
		mapped        geo.Tags
		kind, hours   string
		// want are the verdicts at 23:30 and 12:00 on foot, by bicycle and by
		// e-bike: open, closed, permit, unknown.
		want, reason string
	}{
		{"untagged", "gate", nil, "", "05:00-23:00", "ccc ooo", "据登记资料，现在开放，到 23:00"},
		{"private, locked, no bikes", "gate", geo.Tags{"access": "private", "foot": "yes", "bicycle": "no", "locked": "yes", "opening_hours": "06:00-24:00"}, "", "05:00-23:00", "ccc occ", "可以通行，到 23:00（开放时间据登记资料）"},
		{"longer hours", "gate", geo.Tags{"access": "private", "opening_hours": "06:00-22:00"}, "", "05:00-23:45", "ppp ppp", "仅限内部人员，外来人员须登记，到 23:45（开放时间据登记资料）"},
		{"forbidden", "gate", geo.Tags{"access": "no"}, "", "05:00-23:00", "ccc ccc", "此门不让行人通过"},
		{"locked", "gate", geo.Tags{"locked": "yes"}, "", "05:00-23:00", "ccc ooo", "据登记资料，现在开放，到 23:00"},
		{"locked at times", "gate", geo.Tags{"access": "yes", "locked:conditional": "yes @ (10:00-24:00)"}, "", "05:00-23:00", "ccc ooo", "可以通行，到 23:00（开放时间据登记资料）"},
		{"locked, and hours nobody can read", "gate", geo.Tags{"access": "yes", "locked": "yes"}, "", "ask Bob", "ccc ccc", "此门上锁"},
		{"hours nobody can read", "gate", geo.Tags{"access": "yes"}, "", "ask Bob", "uuu uuu", "据登记资料，开放时间要到现场确认"},
		{"a condition stays", "gate", geo.Tags{"access": "yes", "bicycle:conditional": "no @ (10:00-13:00)"}, "", "05:00-23:45", "ooo occ", "可以通行，到 23:45（开放时间据登记资料）"},
		{"a turnstile stays", "turnstile", nil, "", "05:00-23:00", "ccc occ", "行人可通过（开放时间据登记资料）"},
		{"a kind that was entered", "gate", geo.Tags{"bicycle": "no"}, "turnstile", "05:00-23:00", "ccc occ", "行人可通过（开放时间据登记资料）"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := &drive{grid: newGrid(Options{WalledByHabit: abroad})}
			d.gateAt(0, c.barrier, c.mapped)
			d.gateAt(1, "lift_gate", nil)
			p := &geo.Place{ID: "osm:n10", Kind: geo.KindGate, Gate: &geo.Gate{Barrier: c.kind, Tags: geo.Tags{"opening_hours": c.hours}}}
			if !HoursOnly(p) {
				t.Error("it says more than hours")
			}
			n, effect := d.build(t, 50).With(Changes{Gates: []*geo.Place{p}})
			if !effect.Heard[0] {
				t.Error("not heard")
			}
			got := ""
			for _, hour := range []time.Duration{23*time.Hour + 30*time.Minute, 12 * time.Hour} {
				for _, m := range geo.Modes() {
					a := n.at(t, 0, m, day.Add(hour))
					got += a.Verdict.String()[:1]
					if boom := n.at(t, 1, m, day.Add(hour)); c.barrier+c.kind == "gate" && boom != a {
						t.Errorf("%v: the boom behind it says %+v, the gate %+v", m, boom, a)
					}
				}
				got += " "
			}
			if got != c.want+" " {
				t.Errorf("lets in %q, want %q", got, c.want)
			}
			if a := n.at(t, 0, geo.Foot, day.Add(12*time.Hour)); a.Reason.Zh != c.reason {
				t.Errorf("says %q, want %q", a.Reason.Zh, c.reason)
			}
		})
	}
	for _, tags := range []geo.Tags{nil, {"access": "yes"}, {"opening_hours": "24/7", "foot": "yes"}, {"locked": "no"}} {
		if HoursOnly(&geo.Place{Gate: &geo.Gate{Tags: tags}}) {
			t.Errorf("%v counts as hours only", tags)
		}
	}
}

func (n *Network) gateNamed(t *testing.T, name string) string {
	for i := range n.gates {
		if n.gates[i].Name == name {
			return n.gates[i].ID
		}
	}
	t.Fatalf("no gate %s", name)
	return ""
}
