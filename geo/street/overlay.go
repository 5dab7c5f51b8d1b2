package street

import (
	"cmp"
	"math"
	"slices"
	"sort"
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
}

func newTerm(c *geo.Closure) term {
	t := term{c, math.MinInt64, endless}
	if !c.From.IsZero() {
		t.from = c.From.UnixMilli()
	}
	if !c.To.IsZero() {
		t.to = c.To.UnixMilli()
	}
	return t
}

// overlay is a set of closures that lie over one rule, made ready: the spans
// between their beginnings and ends, each with the state of every mode. Spans
// with equal states are one.
type overlay struct {
	terms []term
	spans []overSpan
}

// overSpan lasts to the beginning of the next one.
type overSpan struct {
	from  int64
	state [geo.NumModes]overState
}

func newOverlay(terms []term) *overlay {
	o := &overlay{terms: terms}
	type event struct {
		at   int64
		term int
		ends bool
	}
	var events []event
	for i, t := range terms {
		if t.from < t.to {
			events = append(events, event{t.from, i, false}, event{t.to, i, true})
		}
	}
	slices.SortFunc(events, func(a, b event) int { return cmp.Compare(a.at, b.at) })
	// How many closures of each sort hold, by mode.
	var holding [geo.NumModes][2]int
	o.spans = []overSpan{{from: math.MinInt64}}
	for i := 0; i < len(events); {
		at := events[i].at
		for ; i < len(events) && events[i].at == at; i++ {
			e := events[i]
			kind, step := 0, 1
			if terms[e.term].Opens {
				kind = 1
			}
			if e.ends {
				step = -1
			}
			for m := range holding {
				if terms[e.term].Holds(geo.Mode(m)) {
					holding[m][kind] += step
				}
			}
		}
		if at == endless {
			break
		}
		s := overSpan{from: at}
		for m, h := range holding {
			switch {
			case h[0] > 0:
				s.state[m] = overClosed
			case h[1] > 0:
				s.state[m] = overOpen
			}
		}
		if last := &o.spans[len(o.spans)-1]; last.from == at {
			*last = s
		} else if last.state != s.state {
			o.spans = append(o.spans, s)
		}
	}
	return o
}

// index returns the span that an instant lies in.
func (o *overlay) index(ms int64) int {
	return sort.Search(len(o.spans), func(i int) bool { return o.spans[i].from > ms }) - 1
}

// at returns the state of a mode at an instant.
func (o *overlay) at(m geo.Mode, ms int64) overState { return o.spans[o.index(ms)].state[m] }

// span is at with the instant from which the state is another one.
func (o *overlay) span(m geo.Mode, ms int64) (state overState, until int64) {
	i := o.index(ms)
	state = o.spans[i].state[m]
	for i++; i < len(o.spans); i++ {
		if o.spans[i].state[m] != state {
			return state, o.spans[i].from
		}
	}
	return state, endless
}

// because returns what is said of the closures of a sort that hold for a mode
// at an instant: the reason of the one that ends last, of those with a reason.
func (o *overlay) because(m geo.Mode, ms int64, opens bool) string {
	var best *term
	for i := range o.terms {
		t := &o.terms[i]
		if t.Opens == opens && t.Holds(m) && t.from <= ms && ms < t.to && t.Reason != "" && (best == nil || t.to > best.to) {
			best = t
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
	why := o.because(m, t.UnixMilli(), false)
	if until == endless {
		return said("临时封闭，恢复时间未定", "Closed until further notice", why)
	}
	zh, en := moment(time.UnixMilli(until), t)
	return said("临时封闭至"+apart(zh), "Closed until "+en, why)
}

func (o *overlay) openReason(m geo.Mode, t time.Time, until int64) geo.Text {
	why := o.because(m, t.UnixMilli(), true)
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
	why := o.because(m, begins, false)
	return said(reason.Zh+"；"+zh+" 起临时封闭", reason.En+"; closed from "+en, why)
}
