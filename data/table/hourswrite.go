package table

import (
	"slices"
	"strings"
)

var dayNames = [...]string{"Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"}

// write puts the clauses together as an opening_hours string. A later rule
// overrides an earlier one there, while in a sentence the order means nothing:
// so the general comes first, then what holds on some days, then the days off,
// then public holidays.
func (p *hoursParser) write(text string) (hours string, partly, ok bool) {
	var parts, holidays []string
	known, named, covered := false, false, 0
	workday, holidayRule := false, false
	comment := ""
	if p.booking {
		comment = ` "需预约"`
	}
	slices.SortStableFunc(p.rules, func(a, b hoursRule) int { return a.rank() - b.rank() })
	for i := range p.rules {
		r := &p.rules[i]
		times := joinSpans(r.spans)
		switch {
		case r.off:
			times = "off"
		case r.allDay:
			times = "00:00-24:00"
		case times == "" && r.always:
			// 节假日无休, 全年无休: the other rules hold then too.
			holidayRule = holidayRule || r.holiday || !r.hasDays()
			continue
		case times == "" && r.hasDays():
			times = `unknown "` + strings.ReplaceAll(text, `"`, "'") + `"`
			named = true
			covered |= r.days
		case times == "":
			continue // 营业 and nothing else
		}
		if !r.off && !strings.HasPrefix(times, "unknown") {
			known = true
			times += comment
		}
		if r.holiday {
			holidays = append(holidays, join(r.months, "PH", times))
			holidayRule = true
		}
		workday = workday || r.workday
		if r.holiday && r.days == 0 {
			continue
		}
		parts = append(parts, join(r.months, daySelector(r.days), times))
	}
	if named && known || named && covered == everyDay {
		return "", false, false // 工作日开放,周末9:00-12:00; 每天开放
	}
	if named {
		// The days that are not named are closed.
		if rest := everyDay &^ covered; covered != 0 && !hasOff(p.rules, rest) {
			parts = append(parts, daySelector(rest)+" off")
		}
	}
	if !known && !named {
		return "", false, false // 周一休息, and nothing about when it is open
	}
	if workday && !holidayRule {
		holidays = append(holidays, "PH off")
	}
	parts = append(parts, holidays...)
	hours = strings.Join(parts, "; ")
	if hours == "00:00-24:00" || hours == "Mo-Su 00:00-24:00" {
		hours = "24/7"
	}
	return hours, named, true
}

func joinSpans(spans []span) string {
	parts := make([]string, len(spans))
	for i, s := range spans {
		parts[i] = s.String()
	}
	return strings.Join(parts, ",")
}

// rank orders the rules by how special they are.
func (r *hoursRule) rank() int {
	switch {
	case r.off:
		return 2
	case r.days != 0 && r.days != everyDay:
		return 1
	}
	return 0
}

func hasOff(rules []hoursRule, days int) bool {
	for _, r := range rules {
		if r.off {
			days &^= r.days
		}
	}
	return days == 0
}

func join(parts ...string) string {
	var kept []string
	for _, s := range parts {
		if s != "" {
			kept = append(kept, s)
		}
	}
	return strings.Join(kept, " ")
}

// daySelector writes a set of weekdays: Mo-Fr, Sa-Su, Mo,We,Fr, "" for none.
func daySelector(days int) string {
	var parts []string
	for d := 0; d < 7; d++ {
		if days&(1<<d) == 0 {
			continue
		}
		last := d
		for last < 6 && days&(1<<(last+1)) != 0 {
			last++
		}
		if last == d {
			parts = append(parts, dayNames[d])
		} else {
			parts = append(parts, dayNames[d]+"-"+dayNames[last])
		}
		d = last
	}
	return strings.Join(parts, ",")
}
