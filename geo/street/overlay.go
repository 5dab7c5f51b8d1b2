package street

import (
	"cmp"
	"math"
	"math/bits"
	"sync/atomic"
	"time"

	"yizhan/geo"
)

// overState is what closures make of a rule for a mode.
type overState uint8

const (
	overNone   overState = iota // nothing: the tags rule
	overOpen                    // open
	overClosed                  // closed, whatever opens it
)

// endless is the instant of what never ends, in milliseconds.
const endless = math.MaxInt64

// term is a closure with its times as Unix milliseconds: it holds in
// [from, to).
type term struct {
	*geo.Closure
	from, to int64
	// modes are those that it holds for, as bits; sort is whether it closes
	// or opens.
	modes uint8
	sort  uint8
}

// The sorts of closures.
const (
	closes = iota
	opens
	numSorts
)

func newTerm(c *geo.Closure) term {
	t := term{Closure: c, from: math.MinInt64, to: endless}
	if !c.From.IsZero() {
		t.from = c.From.UnixMilli()
	}
	if !c.To.IsZero() {
		t.to = c.To.UnixMilli()
	}
	for _, m := range geo.Modes() {
		if c.Holds(m) {
			t.modes |= 1 << m
		}
	}
	if c.Opens {
		t.sort = opens
	}
	return t
}

// compareTerms orders closures by their beginning; of those that begin
// together the one that ends last is the first.
func compareTerms(a, b *term) int {
	return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(b.to, a.to))
}

// overlay is the set of closures that lie over one rule, but for those that
// never make a difference to it. It is no more than a set, as every street may
// lie under its own thousand of them: what they come to at an instant is found
// out when it is asked for.
type overlay struct {
	// terms are all closures, in order; in says which of them are in the set.
	terms []term
	in    []chunk
	// large is a set that takes a while to go through. What was found last for
	// a mode is kept then.
	large bool
	last  [geo.NumModes]atomic.Pointer[overSpan]
}

// chunk is a part of a set of numbers: bit i stands for base+i.
type chunk struct{ base, bits uint32 }

// largeSet is the least size of a set that is large.
const largeSet = 24

// overSpan is a time in which a mode has one state: from an instant to before
// another.
type overSpan struct {
	from, until int64
	state       overState
}

// find goes through the set for what holds for a mode at an instant. The span
// may have begun earlier than it says, but ends where it says.
func (o *overlay) find(m geo.Mode, ms int64) overSpan {
	// How far what holds now of each sort reaches, with what follows upon it
	// without a break; when the next of a sort begins that holds none now.
	reach, next := [numSorts]int64{math.MinInt64, math.MinInt64}, [numSorts]int64{endless, endless}
	s := overSpan{from: math.MinInt64}
	for _, c := range o.in {
		for b := c.bits; b != 0; b &= b - 1 {
			t := &o.terms[c.base+uint32(bits.TrailingZeros32(b))]
			switch {
			case t.modes>>m&1 == 0:
			case t.from > ms:
				if reach[t.sort] >= t.from {
					reach[t.sort] = max(reach[t.sort], t.to)
				} else {
					next[t.sort] = min(next[t.sort], t.from)
				}
			case t.to <= ms:
				s.from = max(s.from, t.to)
			default:
				s.from, reach[t.sort] = max(s.from, t.from), max(reach[t.sort], t.to)
			}
		}
	}
	switch {
	case reach[closes] > ms:
		s.state, s.until = overClosed, reach[closes]
	case reach[opens] > ms:
		s.state, s.until = overOpen, min(reach[opens], next[closes])
	default:
		s.until = min(next[closes], next[opens])
	}
	return s
}

// span returns the state of a mode at an instant, with the instant from which
// it is another one.
func (o *overlay) span(m geo.Mode, ms int64) (state overState, until int64) {
	if !o.large {
		s := o.find(m, ms)
		return s.state, s.until
	}
	s := o.last[m].Load()
	if s == nil || ms < s.from || ms >= s.until {
		found := o.find(m, ms)
		s = &found
		o.last[m].Store(s)
	}
	return s.state, s.until
}

// at returns the state of a mode at an instant.
func (o *overlay) at(m geo.Mode, ms int64) overState {
	state, _ := o.span(m, ms)
	return state
}

// because returns what is said of the closures of a sort that hold for a mode
// at an instant: the reason of the one that ends last, of those with a reason.
// Where several do, it is the one that began first.
func (o *overlay) because(m geo.Mode, ms int64, sort uint8) string {
	var best *term
	for _, c := range o.in {
		for b := c.bits; b != 0; b &= b - 1 {
			t := &o.terms[c.base+uint32(bits.TrailingZeros32(b))]
			if t.sort == sort && t.modes>>m&1 == 1 && t.from <= ms && ms < t.to && t.Reason != "" && (best == nil || t.to > best.to) {
				best = t
			}
		}
	}
	if best == nil {
		return ""
	}
	return best.Reason
}

// said puts a sentence and a reason together.
func said(zh, en, why string) geo.Text {
	if why == "" {
		return geo.Text{Zh: zh, En: en}
	}
	return geo.Text{Zh: zh + "：" + why, En: en + ": " + why}
}

func (o *overlay) closedReason(m geo.Mode, t time.Time, until int64) geo.Text {
	why := o.because(m, t.UnixMilli(), closes)
	if until == endless {
		return said("临时封闭，恢复时间未定", "Closed until further notice", why)
	}
	zh, en := moment(time.UnixMilli(until), t)
	return said("临时封闭至"+apart(zh), "Closed until "+en, why)
}

func (o *overlay) openReason(m geo.Mode, t time.Time, until int64) geo.Text {
	why := o.because(m, t.UnixMilli(), opens)
	if until == endless {
		return said("临时开放", "Open for the time being", why)
	}
	zh, en := moment(time.UnixMilli(until), t)
	return said("临时开放至"+apart(zh), "Open until "+en, why)
}

// soonReason adds to the reason of what may be passed now that a closure
// begins within a day.
func (o *overlay) soonReason(reason geo.Text, m geo.Mode, t time.Time, begins int64) geo.Text {
	if o.at(m, begins) != overClosed || begins-t.UnixMilli() > dayMillis {
		return reason
	}
	zh, en := moment(time.UnixMilli(begins), t)
	why := o.because(m, begins, closes)
	return said(reason.Zh+"；"+zh+" 起临时封闭", reason.En+"; closed from "+en, why)
}
