package api

import (
	"time"

	"yizhan/data/atlas"
	"yizhan/geo"
	"yizhan/geo/datum"
	"yizhan/geo/hours"
	"yizhan/geo/index"
	"yizhan/geo/street"
)

// running says whether a place stands at an instant: a dated service stands
// within its period only.
func running(v *geo.Period, t time.Time) bool {
	return v == nil || !(!v.From.IsZero() && t.Before(v.From)) && !(!v.Until.IsZero() && !t.Before(v.Until))
}

// stateAt is the cheap form of statusAt, for filters.
func stateAt(a *atlas.Atlas, place index.Slot, t time.Time) hours.State {
	if !running(a.Places.Valid(place), t) {
		return hours.StateClosed
	}
	s := a.Schedule(place)
	if s == nil {
		return hours.StateUnknown
	}
	return s.StateAt(t, a.At(a.Places.Point(place)))
}

// statusAt returns whether a place is open at an instant and the next change.
// A place without hours that can be read is unknown, never open. A dated
// service is closed before and after its dates, and its last hours end with
// them.
func statusAt(a *atlas.Atlas, place index.Slot, t time.Time) hours.Status {
	v := a.Places.Valid(place)
	if v != nil && !running(v, t) {
		st := hours.Status{State: hours.StateClosed}
		if t.Before(v.From) {
			st.Until = v.From.In(t.Location())
			if st.Next = stateAt(a, place, v.From); st.Next == hours.StateClosed {
				st = nextAfter(a, place, v.From, st)
			}
		}
		return st
	}
	var st hours.Status
	if s := a.Schedule(place); s != nil {
		st = s.At(t, a.At(a.Places.Point(place)))
	}
	if v != nil && !v.Until.IsZero() && (st.Until.IsZero() || st.Until.After(v.Until.Add(-time.Second))) {
		st.Until, st.Next = v.Until.In(t.Location()), hours.StateClosed
		if st.State == hours.StateClosed {
			st.Until, st.Next = time.Time{}, hours.StateUnknown
		}
	}
	return st
}

// nextAfter moves the end of a closed state to the first change after from,
// where the dates of a service begin outside its hours.
func nextAfter(a *atlas.Atlas, place index.Slot, from time.Time, st hours.Status) hours.Status {
	first := a.Schedule(place).At(from, a.At(a.Places.Point(place)))
	if first.Until.IsZero() || !running(a.Places.Valid(place), first.Until) {
		st.Until, st.Next = time.Time{}, hours.StateUnknown
		return st
	}
	st.Until, st.Next = first.Until, first.Next
	return st
}

// live is what a place's answer says of the moment, beside the feature that the
// Atlas holds: written anew for each place, into buffers that are kept.
type live struct {
	atlas *atlas.Atlas
	at    time.Time
	datum datum.Datum
	// board knows what is open at a time, mostly the one in at; nil knows none.
	board *board
	// members are further properties, access is the value of a gate's access.
	members, access jsonWriter
}

// of writes the state of a place, and of a gate what a rider may expect there.
func (l *live) of(p index.Slot) {
	l.access.b = l.access.b[:0]
	l.members.b = l.members.b[:0]
	if l.atlas.Places.Kind(p) == geo.KindGate {
		l.gate(p)
	}
	if l.board != nil && l.board.at.Equal(l.at) {
		if o := l.board.of(p); o != nil {
			l.members.b = append(l.members.b, o.member...)
			return
		}
	}
	l.members.status(statusAt(l.atlas, p, l.at))
}

// status writes the member "open".
func (w *jsonWriter) status(st hours.Status) {
	w.key("open")
	w.raw(`{`)
	w.text("state", st.State.String())
	if !st.Until.IsZero() {
		w.instant("until", st.Until)
		w.text("next", st.Next.String())
	}
	w.maybe("comment", st.Comment)
	w.raw(`}`)
}

func (l *live) gate(p index.Slot) {
	w := &l.access
	w.raw(`{`)
	where := l.atlas.At(l.atlas.Places.Point(p))
	rule := l.atlas.GateRule(l.atlas.Places.ID(p))
	var gate geo.Gate
	if rule == nil {
		if g := l.atlas.Places.Place(p).Gate; g != nil {
			gate = *g
		}
	}
	for _, m := range geo.Modes() {
		var x street.Access
		if rule != nil {
			x = rule.At(m, l.at, where) // what routes say of it, closures and all
		} else {
			x = street.Evaluate(gate.Tags, gate.Barrier, m, l.at, where)
		}
		w.key(m.String())
		w.raw(`{`)
		w.text("verdict", x.Verdict.String())
		w.both("reason", x.Reason)
		if !x.Opens.IsZero() {
			w.instant("opens", x.Opens.In(l.at.Location()))
		}
		w.raw(`}`)
	}
	w.raw(`}`)
}

// feature appends the feature of the place that of was called for last.
func (l *live) feature(dst []byte, p index.Slot) []byte {
	return l.atlas.AppendFeature(dst, p, l.datum, l.access.b, l.members.b)
}

// properties appends its properties alone.
func (l *live) properties(dst []byte, p index.Slot) []byte {
	return l.atlas.AppendProperties(dst, p, l.access.b, l.members.b)
}

// compoundNames returns the names of an Atlas's compounds.
func compoundNames(a *atlas.Atlas) namer {
	return func(id string) string {
		if c, ok := a.Streets.Compound(id); ok {
			return c.Name
		}
		return ""
	}
}
