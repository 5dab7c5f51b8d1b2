package street

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"

	"yizhan/geo"
	"yizhan/geo/hours"
)

// record is what an entered gate says of who may pass when.
type record struct {
	kind string
	tags geo.Tags
	// hoursOnly says that only the hours of the tags were entered.
	hoursOnly bool
}

// sortedGates lists the gates from south to north.
func sortedGates(gates []geo.Place) []uint32 {
	out := make([]uint32, len(gates))
	for i := range out {
		out[i] = uint32(i)
	}
	slices.SortFunc(out, func(a, b uint32) int {
		return cmp.Or(cmp.Compare(gates[a].Point[1], gates[b].Point[1]), cmp.Compare(a, b))
	})
	return out
}

// gatesBetween returns the part of gatesByLat that lies between two latitudes
// in stored units.
func (n *Network) gatesBetween(south, north int32) (lo, hi int) {
	find := func(lat float64) int {
		i, _ := slices.BinarySearchFunc(n.gatesByLat, lat, func(g uint32, lat float64) int { return cmp.Compare(n.gates[g].Point[1], lat) })
		return i
	}
	return find((float64(south) - 1) / fixed), find((float64(north) + 1) / fixed)
}

// enter finds the gates that entered ones speak for, and what they say.
func (w *changer) enter(list []*geo.Place, effect *Effect) map[uint32]record {
	effect.Gates, effect.Heard = make([]string, len(list)), make([]bool, len(list))
	order := make([]int, len(list))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return precedence(list[a], list[b]) })
	out := map[uint32]record{}
	for _, i := range order {
		gate, ok := w.base.gateFor(list[i])
		if !ok {
			continue
		}
		effect.Gates[i] = w.base.gates[gate].ID
		b, r := w.base.gateBarrier[gate], recordOf(list[i])
		if _, taken := out[b]; taken || len(r.tags) == 0 {
			continue
		}
		if r.kind == "" {
			r.kind = w.base.barriers[b].Kind
		}
		if r.hoursOnly = r.saysHoursOnly(); r.hoursOnly {
			r.tags = withHours(w.base.barriers[b].Tags, r.tags["opening_hours"])
		}
		out[b], effect.Heard[i] = r, true
	}
	return out
}

// HoursOnly says whether an entered gate tells of its opening hours, and of
// nothing else that decides who may pass: then With leaves the rest as mapped.
func HoursOnly(p *geo.Place) bool {
	r := recordOf(p)
	return r.saysHoursOnly()
}

func (r *record) saysHoursOnly() bool {
	return len(r.tags) == 1 && r.tags["opening_hours"] != ""
}

// withHours returns the tags of a gate with other hours. Who enters hours saw
// the gate open in them, so they say when it is unlocked: what the map says of
// a lock goes, unless nobody can read the hours.
func withHours(tags geo.Tags, opening string) geo.Tags {
	out := maps.Clone(tags)
	if out == nil {
		out = geo.Tags{}
	}
	out["opening_hours"] = opening
	if _, err := hours.Parse(opening); err == nil {
		delete(out, "locked")
		delete(out, "locked:conditional")
	}
	return out
}

// precedence orders entered gates, those that others yield to first.
func precedence(a, b *geo.Place) int {
	return cmp.Or(
		boolCompare(b.Source.Feed == geo.FeedEntered, a.Source.Feed == geo.FeedEntered),
		b.Source.Time.Compare(a.Source.Time),
		cmp.Compare(b.ID, a.ID))
}

// gateFor returns the gate that an entered one speaks for: the one with its
// ID, or of those within 30 m the one of its name, then one of its compound,
// then the nearest.
func (n *Network) gateFor(p *geo.Place) (gate uint32, ok bool) {
	if g, ok := n.gateOf[p.ID]; ok {
		return g, true
	}
	if p.Unplaced || p.Gate == nil || !(math.Abs(p.Point[1]) < 90) {
		return 0, false
	}
	pl := planeAt(p.Point)
	reach := nearClosure / metresPerDegree
	lo, hi := n.gatesBetween(toFixed(p.Point[1]-reach), toFixed(p.Point[1]+reach))
	best, fit, dist := uint32(0), -1, 0.0
	for _, g := range n.gatesByLat[lo:hi] {
		q := &n.gates[g]
		d := pl.of(q.Point).dist(vec{})
		if !(d <= nearClosure) {
			continue
		}
		f := fitness(p, q)
		if f > fit || f == fit && (d < dist || d == dist && g < best) {
			best, fit, dist = g, f, d
		}
	}
	return best, fit >= 0
}

// fitness says how well an entered gate and one of the map go together.
func fitness(p, q *geo.Place) int {
	fit := 0
	if sameName(p, q) {
		fit += 2
	}
	if p.Compound != "" && (p.Compound == q.Compound || slices.Contains(q.Gate.Compounds, p.Compound)) {
		fit++
	}
	return fit
}

// sameName says whether two gates share a name in any language.
func sameName(p, q *geo.Place) bool {
	fold := func(s string) string { return strings.ToLower(strings.TrimSpace(s)) }
	names := map[string]bool{}
	add := func(s string) {
		if s = fold(s); s != "" {
			names[s] = true
		}
	}
	add(q.Name)
	for _, s := range q.Names {
		add(s)
	}
	if names[fold(p.Name)] {
		return true
	}
	for _, s := range p.Names {
		if names[fold(s)] {
			return true
		}
	}
	return false
}

// recordOf reads what an entered gate says: its access tags, those that a
// spreadsheet gave in columns of their names, and its opening hours. Hours
// that could not be read say nothing by themselves; beside other tags they
// are hours that nobody can tell.
func recordOf(p *geo.Place) record {
	if p.Gate == nil {
		return record{}
	}
	r := record{kind: p.Gate.Barrier, tags: geo.Tags{}}
	for k, v := range p.Extra {
		if v = strings.TrimSpace(v); accessKey(k) && v != "" {
			r.tags[k] = v
		}
	}
	if v := p.Extra["barrier"]; r.kind == "" {
		r.kind = v
	}
	for k, v := range accessTags(p.Gate.Tags) {
		if v != "" {
			r.tags[k] = v
		}
	}
	if r.tags["opening_hours"] == "" {
		switch {
		case p.Hours != "":
			r.tags["opening_hours"] = p.Hours
		case p.HoursText != "" && len(r.tags) > 0:
			r.tags["opening_hours"] = p.HoursText
		}
	}
	return r
}
