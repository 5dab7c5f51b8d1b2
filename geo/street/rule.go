package street

import (
	"time"

	"yizhan/geo"
	"yizhan/geo/hours"
)

// Passage is what a search needs to know of a barrier at a minute.
type Passage struct {
	Verdict geo.Verdict
	// Delay is the time that passing takes, in milliseconds.
	Delay uint32
	// Through says that one may pass to go on elsewhere, not only to call at
	// what lies behind.
	Through bool
}

// Rule is the compiled form of what stands at a barrier or on a way and what
// its tags say. It is immutable and safe for concurrent use.
type Rule struct {
	kind  kind
	sched *hours.Schedule
	// own lists, for each mode, the tags that speak of it, the most specific
	// first; a conditional stands before the plain value of the same key.
	own      [geo.NumModes][]source
	general  []source // access
	delivery []source
	locked   []source
	// timed says that the rule changes with the hour, unread that a tag could
	// not be read.
	timed, unread bool
	// varies says that a conditional tag may change who is let in, not only
	// when.
	varies bool
	// keyed says that it is a door without anybody at it, which opens to a
	// card or a key.
	keyed bool
	// fixed is what a rule that is not timed gives.
	fixed [geo.NumModes]Passage
}

// source is one tag: a plain value, or a conditional one.
type source struct {
	value string
	cond  *hours.Conditional
}

// BarrierRule returns the rule of a barrier.
func (n *Network) BarrierRule(barrier uint32) *Rule { return n.barrierRules[barrier] }

// WayRule returns the rule of a street edge where it changes with the hour,
// nil where it does not.
func (n *Network) WayRule(edge uint32) *Rule {
	if r := n.wayRule[n.edgeWay[edge]]; r != None {
		return n.wayRules[r]
	}
	return nil
}

// Timed says whether the rule changes with the hour.
func (r *Rule) Timed() bool { return r.timed }

// Pass returns what a caller of a mode meets at an instant. It is the cheap
// form of At for searches.
func (r *Rule) Pass(m geo.Mode, t time.Time, where hours.Place) Passage {
	if !r.timed {
		return r.fixed[m]
	}
	return r.passage(m, t, where)
}
