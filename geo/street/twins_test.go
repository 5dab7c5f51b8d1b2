package street

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"yizhan/geo"
	"yizhan/geo/hours"
)

// drive is a street with gates one after another; a gate is at its metre.
//
//	=====|=|===|=====
type drive struct {
	*grid
	gates, nodes []float64
}

func (d *drive) gateAt(x float64, barrier string, tags geo.Tags) {
	d.gate(int64(10+len(d.gates)), x, 0, barrier, "", tags)
	d.gates = append(d.gates, x)
	d.nodes = append(d.nodes, x)
}

// branch is a street that leaves the drive at a metre.
func (d *drive) branch(x float64) {
	id := int64(100 + len(d.nodes))
	d.node(id, x, 0)
	d.node(id+100, x, 50)
	d.way(id, "residential", nil, id, id+100)
	d.nodes = append(d.nodes, x)
}

// build lays the street, in two ways that meet at a metre.
func (d *drive) build(t interface{ Fatal(...any) }, parted float64) *Network {
	d.node(1, -100, 0)
	d.node(2, 200, 0)
	d.node(3, parted, 0)
	type stop struct {
		x  float64
		id int64
	}
	stops := []stop{{-100, 1}, {200, 2}, {parted, 3}}
	for i, x := range d.gates {
		stops = append(stops, stop{x, int64(10 + i)})
	}
	for i, x := range d.nodes {
		if !slices.Contains(d.gates, x) {
			stops = append(stops, stop{x, int64(100 + i)})
		}
	}
	slices.SortFunc(stops, func(a, b stop) int {
		if a.x < b.x {
			return -1
		}
		return 1
	})
	var ids []int64
	for _, s := range stops {
		ids = append(ids, s.id)
	}
	k := slices.Index(ids, 3)
	d.way(50, "residential", nil, ids[:k+1]...)
	d.way(51, "residential", nil, ids[k:]...)
	n, _, err := d.b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func (n *Network) at(t interface{ Fatal(...any) }, gate int, m geo.Mode, at time.Time) Access {
	b, ok := n.BarrierOf(fmt.Sprintf("osm:n%d", 10+gate))
	if !ok {
		t.Fatal("no gate", gate)
	}
	return n.BarrierRule(b).At(m, at, hours.Place{Zone: cst})
}

// TestTwins: what is entered of the gate at 0 m, and an opening of it, holds
// for what stands beside it and says nothing.
func TestTwins(t *testing.T) {
	night := time.Date(2026, 11, 23, 3, 0, 0, 0, cst)
	entry := func(gate int, tags geo.Tags) *geo.Place {
		return &geo.Place{ID: fmt.Sprintf("osm:n%d", 10+gate), Kind: geo.KindGate, Gate: &geo.Gate{Tags: tags}, Source: geo.Source{Feed: "table:t"}}
	}
	day := []*geo.Place{entry(0, geo.Tags{"access": "yes", "opening_hours": "06:00-22:00"})}
	opening := []geo.Closure{{Opens: true, Gate: "osm:n10", From: night, To: night.Add(time.Hour)}}
	around := []geo.Closure{{Opens: true, Area: patch(-1, -1, 1, -1, 1, 1, -1, 1)}}
	boom := func(x float64, tags geo.Tags) func(*drive) {
		return func(d *drive) { d.gateAt(x, "lift_gate", tags) }
	}
	// The letters are the verdicts of the gates in their order, on foot and by
	// bicycle, at noon and at night: open, closed, permit, unknown.
	for _, c := range []struct {
		name string
		draw []func(*drive)
		c    Changes
		want []string
	}{
		{"nothing", []func(*drive){boom(1, nil)}, Changes{}, []string{"uu uu", "uu uu"}},
		{"a boom", []func(*drive){boom(1, nil)}, Changes{Gates: day}, []string{"oo cc", "oo cc"}},
		{"on both sides", []func(*drive){boom(1, nil), boom(-1, nil)}, Changes{Gates: day}, []string{"oo cc", "oo cc", "oo cc"}},
		{"one behind another", []func(*drive){boom(6, nil), boom(14, nil)}, Changes{Gates: day}, []string{"oo cc", "oo cc", "oo cc"}},
		{"over the seam of two ways", []func(*drive){boom(14.9, nil)}, Changes{Gates: day}, []string{"oo cc", "oo cc"}},
		{"too far", []func(*drive){boom(6, nil), boom(15.2, nil)}, Changes{Gates: day}, []string{"oo cc", "oo cc", "uu uu"}},
		{"a branch between", []func(*drive){func(d *drive) { d.branch(3) }, boom(6, nil)}, Changes{Gates: day}, []string{"oo cc", "uu uu"}},
		{"a branch behind", []func(*drive){boom(2, nil), func(d *drive) { d.branch(3) }, boom(6, nil)}, Changes{Gates: day}, []string{"oo cc", "oo cc", "uu uu"}},
		{"one that speaks", []func(*drive){boom(6, geo.Tags{"access": "private"})}, Changes{Gates: day}, []string{"oo cc", "pp pp"}},
		{"behind one that speaks", []func(*drive){boom(3, geo.Tags{"foot": "private"}), boom(6, nil)}, Changes{Gates: day}, []string{"oo cc", "pu pu", "pu pu"}},
		{"a turnstile stays one", []func(*drive){func(d *drive) { d.gateAt(1, "turnstile", nil) }}, Changes{Gates: day}, []string{"oo cc", "oc cc"}},
		{"the kind of the record is its own", []func(*drive){boom(1, nil)},
			Changes{Gates: []*geo.Place{{ID: "osm:n10", Kind: geo.KindGate, Gate: &geo.Gate{Barrier: "turnstile", Tags: geo.Tags{"access": "yes"}}}}}, []string{"oc oc", "oo oo"}},
		{"its own record", []func(*drive){boom(1, nil)}, Changes{Gates: append(day, entry(1, geo.Tags{"access": "no"}))}, []string{"oo cc", "cc cc"}},
		{"the nearer record", []func(*drive){boom(6, nil), boom(10, nil)}, Changes{Gates: append(day, entry(2, geo.Tags{"access": "no"}))}, []string{"oo cc", "cc cc", "cc cc"}},
		{"a record that goes unheard", []func(*drive){boom(1, nil)}, Changes{Gates: append(day, entry(1, nil))}, []string{"oo cc", "oo cc"}},
		{"an opening", []func(*drive){boom(1, nil)}, Changes{Closures: opening}, []string{"uu oo", "uu oo"}},
		{"an opening of an area", []func(*drive){boom(6, nil)}, Changes{Closures: around}, []string{"oo oo", "oo oo"}},
		{"an opening over a record", []func(*drive){boom(1, nil)}, Changes{Closures: opening, Gates: day}, []string{"oo oo", "oo oo"}},
		{"an opening, and one that speaks", []func(*drive){boom(6, geo.Tags{"access": "no"})}, Changes{Closures: opening}, []string{"uu oo", "cc cc"}},
		{"an opening, and its own record", []func(*drive){boom(1, nil)}, Changes{Closures: opening, Gates: []*geo.Place{entry(1, geo.Tags{"access": "no"})}}, []string{"cc oo", "cc cc"}},
		{"its own opening over a record", []func(*drive){boom(1, nil)}, Changes{Gates: day, Closures: []geo.Closure{{Opens: true, Gate: "osm:n11"}}}, []string{"oo cc", "oo oo"}},
		{"closed itself", []func(*drive){boom(1, nil)}, Changes{Closures: append(slices.Clone(opening), geo.Closure{Gate: "osm:n11"})}, []string{"uu oo", "cc cc"}},
		{"a closing is not shared", []func(*drive){boom(1, nil)}, Changes{Closures: []geo.Closure{{Gate: "osm:n10"}}}, []string{"cc cc", "uu uu"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := &drive{grid: newGrid(Options{WalledByHabit: abroad})}
			d.gateAt(0, "gate", nil)
			for _, draw := range c.draw {
				draw(d)
			}
			base := d.build(t, 0.5)
			n, effect := base.With(c.c)
			var got []string
			for g := range d.gates {
				s := ""
				for i, at := range []time.Time{night.Add(9 * time.Hour), night} {
					if i > 0 {
						s += " "
					}
					for _, m := range []geo.Mode{geo.Foot, geo.Bicycle} {
						s += n.at(t, g, m, at).Verdict.String()[:1]
					}
				}
				got = append(got, s)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("gates let in %q, want %q", got, c.want)
			}
			// An entered gate speaks for its own, and a closure names its own.
			for i, p := range c.c.Gates {
				if effect.Gates[i] != p.ID {
					t.Errorf("%s speaks for %q", p.ID, effect.Gates[i])
				}
			}
			for i, e := range effect.Closures {
				if e.Gates != 1 {
					t.Errorf("closure %d holds for %d gates", i, e.Gates)
				}
			}
			checkArcs(t, n)
			checkArcs(t, base)
		})
	}
}

// TestTwinsOfTheMap: a boom that took the tags of the gate before it follows
// that gate when somebody enters something else.
func TestTwinsOfTheMap(t *testing.T) {
	d := &drive{grid: newGrid(Options{WalledByHabit: abroad})}
	d.gateAt(0, "gate", geo.Tags{"access": "private"})
	d.gateAt(1, "lift_gate", nil)
	base := d.build(t, 50)
	noon := time.Date(2026, 11, 23, 12, 0, 0, 0, cst)
	if a := base.at(t, 1, geo.Foot, noon); a.Verdict != geo.Permit {
		t.Fatalf("on the map: %+v", a)
	}
	n, _ := base.With(Changes{Gates: []*geo.Place{{ID: "osm:n10", Kind: geo.KindGate, Gate: &geo.Gate{Tags: geo.Tags{"access": "yes"}}}}})
	if a := n.at(t, 1, geo.Foot, noon); a.Verdict != geo.Open || a.Reason.Zh != "据登记资料，可以通行" {
		t.Errorf("entered: %+v", a)
	}
	if b, _ := n.BarrierOf("osm:n11"); n.Barriers()[b].Kind != "lift_gate" || base.Barriers()[b].Tags["access"] != "private" {
		t.Errorf("kind %q, tags of the map %v", n.Barriers()[b].Kind, base.Barriers()[b].Tags)
	}
}

// TestTwinsAgainstModel: along a street each silent gate follows the nearest
// entered one that it sees over silent gates only.
func TestTwinsAgainstModel(t *testing.T) {
	words := []string{"yes", "no", "private", "delivery"}
	rapid.Check(t, func(t *rapid.T) {
		d := &drive{grid: newGrid(Options{WalledByHabit: abroad})}
		var gates []*geo.Place
		type post struct {
			x            float64
			word, mapped string
		}
		var row []post
		x := 0
		for i := range rapid.IntRange(1, 7).Draw(t, "gates") {
			p := post{x: float64(x)}
			var tags geo.Tags
			switch rapid.IntRange(0, 3).Draw(t, "what") {
			case 0:
				p.mapped = "permissive"
				tags = geo.Tags{"access": p.mapped}
			case 1:
				p.word = rapid.SampledFrom(words).Draw(t, "word")
				gates = append(gates, &geo.Place{ID: fmt.Sprintf("osm:n%d", 10+i), Kind: geo.KindGate, Gate: &geo.Gate{Tags: geo.Tags{"access": p.word}}})
			}
			d.gateAt(float64(x), "gate", tags)
			row = append(row, p)
			x += rapid.IntRange(1, 20).Draw(t, "gap")
		}
		base := d.build(t, 190)
		n, _ := base.With(Changes{Gates: gates})
		for i, p := range row {
			want, allowed := p.word, []string(nil)
			if want == "" && p.mapped == "" {
				best := besideGate
				for _, step := range []int{-1, 1} {
					for k := i + step; k >= 0 && k < len(row) && row[k].mapped == ""; k += step {
						if far := max(row[k].x-p.x, p.x-row[k].x); row[k].word != "" {
							if far < best-0.01 {
								best, allowed = far, []string{row[k].word}
							} else if far < best+0.01 {
								allowed = append(allowed, row[k].word) // as far but for rounding
								if best == besideGate {
									allowed = append(allowed, "")
								}
							}
							break
						}
					}
				}
			}
			if allowed == nil {
				allowed = []string{want}
			}
			b, _ := n.BarrierOf(fmt.Sprintf("osm:n%d", 10+i))
			got := n.barriers[b].Tags["access"]
			if entered := n.barrierRules[b].entered; !entered {
				got = ""
			}
			if !slices.Contains(allowed, got) {
				t.Fatalf("gate %d of %+v: %q, want one of %q", i, row, got, allowed)
			}
		}
	})
}
