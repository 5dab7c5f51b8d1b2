package street

import (
	"time"

	"yizhan/geo"
	"yizhan/geo/hours"
)

// Access is what a caller of a mode meets at a barrier at an instant.
type Access struct {
	Verdict geo.Verdict
	// Reason says why, for a person who stands in front of the gate.
	Reason geo.Text
	// Opens is when a closed barrier opens next, or one that wants a permit
	// opens to everybody; zero where that is not known or does not happen.
	Opens time.Time
	// Delay is the time in seconds that passing takes.
	Delay float64
	// Dismount says that a rider has to push the bike through.
	Dismount bool
	// Through says that one may pass to go on elsewhere, not only to call at
	// what lies behind.
	Through bool
}

// Evaluate says what a caller of a mode, who is neither a resident nor the
// public, meets at an instant at a barrier=* with tags. An empty barrier is a
// crossing of a perimeter where nothing is mapped.
//
// What the tags say, the first that applies:
//
//   - the value that holds for the mode closes it where it is no, agricultural,
//     forestry or military. That value is the most specific tag of the mode
//     (foot; bicycle, vehicle; electric_bicycle, bicycle, vehicle), its
//     :conditional form before its plain one; then delivery=*, which turns
//     private and no into a call; then access=*. Of a list the value that is
//     best for a caller counts;
//   - locked=yes closes it, but for a mode whose own tag says yes while
//     opening_hours say open;
//   - opening_hours close it outside them;
//   - yes, permissive and designated open it; delivery, destination and
//     customers open it to call there; private, residents and permit let one
//     in to call there after registering; dismount opens it to those who push.
//
// Where the tags say nothing, a gate or entrance is unknown, or open within
// its opening_hours; a bollard, block or cycle barrier is open; a turnstile,
// kissing gate or stile is open on foot only; a wall, fence or barrier=yes is
// closed; a checkpoint wants registration.
//
// Hours that depend on what nobody can tell make an open gate unknown.
func Evaluate(tags geo.Tags, barrier string, mode geo.Mode, at time.Time, where hours.Place) Access {
	return NewRule(barrier, tags).At(mode, at, where)
}

// NewRule compiles what stands at a barrier; see Evaluate. Values that cannot
// be read count as hours nobody can tell.
func NewRule(barrier string, tags geo.Tags) *Rule {
	k := kindOf(barrier, tags)
	if k == kindNothing {
		k = kindBollard // a gate that is now a kerb, by a record, is still a passage
	}
	r := newRule(k, tags)
	r.tags.keyed = keyed(barrier)
	return r
}

func newTagRule(k kind, tags geo.Tags) *tagRule {
	r := &tagRule{kind: k, timed: timed(tags)}
	for m := range r.own {
		for _, key := range modeKeys[m] {
			r.own[m] = r.sources(r.own[m], key, tags)
		}
	}
	r.general = r.sources(nil, "access", tags)
	r.delivery = r.sources(nil, "delivery", tags)
	r.locked = r.sources(nil, "locked", tags)
	if s := tags["opening_hours"]; s != "" {
		var err error
		if r.sched, err = hours.Parse(s); err != nil {
			r.unread = true
		}
	}
	if !r.timed {
		for m := range r.fixed {
			r.fixed[m] = r.passage(geo.Mode(m), time.Time{}, hours.Place{})
		}
	}
	return r
}

// sources appends the tags of a key: the conditional one first.
func (r *tagRule) sources(list []source, key string, tags geo.Tags) []source {
	if s := tags[key+":conditional"]; s != "" {
		if cond, err := hours.ParseConditional(s); err == nil {
			list = append(list, source{cond: &cond})
			r.varies = true
		} else {
			r.unread = true
		}
	}
	if s := tags[key]; s != "" {
		list = append(list, source{value: s})
	}
	return list
}

// reading is the tags of a rule at an instant.
type reading struct {
	t     time.Time
	where hours.Place
	// unsure says that a condition that nobody here can check may change what
	// was read.
	unsure bool
}

// value returns the first value of the sources that holds and is understood.
// A conditional value that may hold is passed over.
func (rd *reading) value(list []source) string {
	for _, s := range list {
		v := s.value
		if s.cond != nil {
			var known bool
			if v, known = s.cond.ValueAt(rd.t, rd.where); !known && v != "" {
				rd.unsure = true
				continue
			}
		}
		if classify(v) != wordNone {
			return v
		}
	}
	return ""
}

// cause is what a decision rests on.
type cause uint8

const (
	causeBarrier cause = iota
	causeWord
	causeLocked
	causeHours
	causeUnread
)

// decision is an Access before it is put into words.
type decision struct {
	verdict  geo.Verdict
	cause    cause
	word     word
	dismount bool
	through  bool
}

// decide applies the rule.
func (r *tagRule) decide(m geo.Mode, t time.Time, where hours.Place) decision {
	rd := reading{t: t, where: where}
	own := rd.value(r.own[m])
	w := classify(combine(own, rd.value(r.delivery), rd.value(r.general)))
	locked := rd.value(r.locked)
	state := hours.StateOpen
	switch {
	case r.sched != nil:
		state = r.sched.StateAt(t, where)
	case r.unread:
		state = hours.StateUnknown
	}
	if rd.unsure && state == hours.StateOpen {
		state = hours.StateUnknown
	}
	switch {
	case w == wordNo:
		return decision{verdict: geo.Closed, cause: causeWord, word: w}
	case locked == "yes" && (classify(own) != wordYes || r.sched == nil || state == hours.StateUnknown):
		return decision{verdict: geo.Closed, cause: causeLocked}
	case state == hours.StateClosed:
		return decision{verdict: geo.Closed, cause: causeHours, word: w}
	case r.kind == kindTurnstile && m != geo.Foot && classify(own) == wordNone:
		return decision{verdict: geo.Closed}
	case r.kind == kindWall && w == wordNone:
		return decision{verdict: geo.Closed}
	}
	d := r.granted(w, m)
	if state == hours.StateUnknown && d.verdict == geo.Open {
		d.verdict, d.cause = geo.Unknown, causeUnread
	}
	return d
}

// granted is the decision where nothing forbids passing.
func (r *tagRule) granted(w word, m geo.Mode) decision {
	switch w {
	case wordYes:
		return decision{verdict: geo.Open, cause: causeWord, word: w, through: true}
	case wordDismount:
		return decision{verdict: geo.Open, cause: causeWord, word: w, through: true, dismount: m != geo.Foot}
	case wordDeliver:
		return decision{verdict: geo.Open, cause: causeWord, word: w}
	case wordPermit:
		return decision{verdict: geo.Permit, cause: causeWord, word: w}
	}
	switch r.kind {
	case kindGuard:
		return decision{verdict: geo.Permit}
	case kindGate, kindInferred:
		if r.sched != nil {
			return decision{verdict: geo.Open, cause: causeHours, through: true}
		}
		return decision{verdict: geo.Unknown, through: true}
	}
	return decision{verdict: geo.Open, through: true}
}

// The times in milliseconds that passing takes: opening a gate, signing the
// book, trying a gate nobody knows of, squeezing through a turnstile, getting
// off and on a bike. Going round a bollard takes next to nothing, but some
// time: a passage that takes none could be gone through to and fro on a way
// that is no longer for it.
const (
	delayBollard   = 1
	delayGate      = 4_000
	delayPermit    = 60_000
	delayUnknown   = 15_000
	delayInferred  = 5_000
	delayTurnstile = 5_000
	delayDismount  = 8_000
)

// delay returns the milliseconds that passing takes after a decision.
func (r *tagRule) delay(d decision) uint32 {
	var ms uint32
	switch {
	case d.verdict == geo.Closed:
		return 0
	case d.verdict == geo.Permit:
		ms = delayPermit
	case d.verdict == geo.Unknown && r.kind == kindInferred:
		ms = delayInferred
	case d.verdict == geo.Unknown:
		ms = delayUnknown
	case r.kind == kindTurnstile:
		ms = delayTurnstile
	case r.kind == kindGate, r.kind == kindGuard:
		ms = delayGate
	case r.kind != kindNothing:
		ms = delayBollard
	}
	if d.dismount {
		ms += delayDismount
	}
	return ms
}

func (r *tagRule) passage(m geo.Mode, t time.Time, where hours.Place) Passage {
	d := r.decide(m, t, where)
	return Passage{d.verdict, r.delay(d), d.through}
}

// at returns what the tags say of a caller of a mode at an instant, with the
// reason.
func (r *tagRule) at(m geo.Mode, t time.Time, where hours.Place) Access {
	if where.Zone != nil {
		t = t.In(where.Zone)
	}
	d := r.decide(m, t, where)
	a := Access{
		Verdict:  d.verdict,
		Delay:    float64(r.delay(d)) / 1000,
		Dismount: d.dismount,
		Through:  d.through,
	}
	switch {
	case d.verdict == geo.Closed:
		a.Opens, _ = r.first(m, t, where, geo.Verdict.Passable)
	case d.verdict == geo.Permit && r.varies:
		a.Opens, _ = r.first(m, t, where, func(v geo.Verdict) bool { return v == geo.Open })
	}
	a.Reason = r.reason(d, m, t, where, a.Opens)
	return a
}

// changes bounds how many changes of a rule's tags are looked at for the one
// that opens it.
const changes = 60

// first returns the first instant from t on at which the verdict is one that
// is wanted.
func (r *tagRule) first(m geo.Mode, t time.Time, where hours.Place, want func(geo.Verdict) bool) (time.Time, bool) {
	for range changes {
		if want(r.decide(m, t, where).verdict) {
			return t, true
		}
		next := r.nextChange(t, where)
		if next.IsZero() {
			return time.Time{}, false
		}
		t = next
	}
	return time.Time{}, false
}

// lasts returns the first instant after t at which a decision is another one,
// where that is within a day of t, and that decision.
func (r *tagRule) lasts(d decision, m geo.Mode, t time.Time, where hours.Place) (until time.Time, then decision, ok bool) {
	for u := t; ; {
		next := r.nextChange(u, where)
		if next.IsZero() || next.Sub(t) > 24*time.Hour {
			return time.Time{}, d, false
		}
		if e := r.decide(m, next, where); e.verdict != d.verdict || e.word != d.word {
			return next, e, true
		}
		u = next
	}
}

// nextChange returns the first instant after t at which any tag says something
// else, zero where none does.
func (r *tagRule) nextChange(t time.Time, where hours.Place) (next time.Time) {
	if !r.timed {
		return next
	}
	sooner := func(u time.Time) {
		if !u.IsZero() && (next.IsZero() || u.Before(next)) {
			next = u
		}
	}
	if r.sched != nil {
		sooner(r.sched.At(t, where).Until)
	}
	each := func(list []source) {
		for _, s := range list {
			if s.cond != nil {
				_, _, until := s.cond.Value(t, where)
				sooner(until)
			}
		}
	}
	for m := range r.own {
		each(r.own[m])
	}
	each(r.general)
	each(r.delivery)
	each(r.locked)
	return next
}
