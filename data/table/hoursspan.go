package table

import (
	"cmp"
	"fmt"
	"slices"
)

// span is one range of times, in minutes of the day. An end that is not after
// the start is on the next day.
type span struct {
	start, end int
	said       bool // 上午, pm or 次日 stands with it: no doubt about the half of the day
	padded     bool // written 02:00, as on a clock of 24 hours
}

func (s span) String() string {
	return fmt.Sprintf("%02d:%02d-%02d:%02d", s.start/60, s.start%60, s.end/60, s.end%60)
}

// until is the end, counted on where it is on the next day.
func (s span) until() int {
	if s.end <= s.start {
		return s.end + 24*60
	}
	return s.end
}

// overlaps says whether two spans share a minute, on the evening they begin or
// on the morning after.
func (s span) overlaps(t span) bool {
	const day = 24 * 60
	for _, shift := range []int{-day, 0, day} {
		if s.start < t.until()+shift && t.start+shift < s.until() {
			return true
		}
	}
	return false
}

// settle brings together what several clauses say of the same days, decides
// which half of the day bare times mean, and refuses rules that contradict
// one another or leave open which of them holds.
func (p *hoursParser) settle() bool {
	var rules []hoursRule
	for _, r := range p.rules {
		if n := len(rules) - 1; r.after && n >= 0 && len(rules[n].spans) > 0 {
			// 周一至周五：上午9:00-12:00；下午14:00-18:00: the second half of
			// what was said before the semicolon.
			r.months, r.days, r.workday, r.holiday = rules[n].months, rules[n].days, rules[n].workday, rules[n].holiday
		}
		at := slices.IndexFunc(rules, func(q hoursRule) bool { return q.sameDays(&r) })
		switch {
		case at < 0 || !r.hasHours() || !rules[at].hasHours():
			rules = append(rules, r)
		case len(r.spans) > 0 && len(rules[at].spans) > 0:
			rules[at].spans = append(rules[at].spans, r.spans...)
			rules[at].workday = rules[at].workday || r.workday
		case r.always || rules[at].always, r.off && rules[at].off, r.allDay && rules[at].allDay:
			rules = append(rules, r)
		default:
			return false // 周一休息; 周一9:00-17:00
		}
	}
	for i := range rules {
		var ok bool
		if rules[i].spans, ok = settleSpans(rules[i].spans); !ok {
			return false
		}
	}
	for i := range rules {
		for j := range rules[:i] {
			if !decided(&rules[i], &rules[j]) {
				return false
			}
		}
	}
	p.rules = rules
	return true
}

// settleSpans decides on the spans of one rule, which are in the order in
// which they were written.
//
// In 8:30-11:30、1:30-5:00 the second span is of the afternoon: nobody lists
// the small hours behind the morning, and no time of the rule shows a clock of
// 24 hours. Where the afternoon would not follow either, or a bare 1:30-5:00
// stands alone, nobody can say.
func settleSpans(spans []span) ([]span, bool) {
	const noon, day = 12 * 60, 24 * 60
	wide := false // a time shows a clock of 24 hours
	for _, s := range spans {
		wide = wide || !s.said && (s.start > noon+59 || s.end > noon+59 || s.start < 60)
	}
	latest := 0
	for i := range spans {
		s := &spans[i]
		doubtful := !s.said && !wide && s.start >= 60
		small := !s.said && !s.padded && s.start >= 60 && s.start < 5*60
		switch {
		case slices.ContainsFunc(spans[:i], func(t span) bool { return t.start == s.start && t.end == s.end }):
			continue
		case wide && small && s.start < latest:
			return nil, false
		case i == 0 && doubtful && small:
			return nil, false
		case i == 0 || s.start >= latest || !doubtful:
		case s.padded || s.end <= s.start || s.start+noon < latest || s.end+noon > day,
			latest <= noon+59 && s.start >= 6*60:
			return nil, false
		default:
			s.start, s.end = s.start+noon, s.end+noon
		}
		latest = max(latest, s.until())
	}
	slices.SortStableFunc(spans, func(a, b span) int { return cmp.Compare(a.start, b.start) })
	spans = slices.CompactFunc(spans, func(a, b span) bool { return a.start == b.start && a.end == b.end })
	for i := range spans {
		for j := range i {
			if spans[i].overlaps(spans[j]) {
				return nil, false
			}
		}
	}
	return spans, true
}

// sameDays says whether two rules speak of the same days.
func (r *hoursRule) sameDays(q *hoursRule) bool {
	return r.months == q.months && r.holiday == q.holiday && r.mask() == q.mask()
}

// mask is the weekdays a rule speaks of: all where it names no day.
func (r *hoursRule) mask() int {
	if !r.hasDays() {
		return everyDay
	}
	return r.days
}

// decided says whether it is plain which of two rules holds on the days that
// both name. A rule for some of the days of another is an exception to it, as
// 周六9:00-12:00 is to 每天9:00-17:00; where it names other hours altogether it
// may as well add to it.
func decided(r, q *hoursRule) bool {
	both := r.mask() & q.mask()
	if len(r.spans) == 0 || len(q.spans) == 0 || both == 0 || r.sameDays(q) || r.months != q.months && r.months != "" && q.months != "" {
		return true
	}
	if r.months == q.months && both != r.mask() && both != q.mask() {
		return false
	}
	for _, s := range r.spans {
		if slices.ContainsFunc(q.spans, s.overlaps) {
			return true
		}
	}
	return false
}
