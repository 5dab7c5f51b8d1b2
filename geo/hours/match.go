package hours

import "math/bits"

// matcher answers whether rules match a date. It is made for one evaluation
// and moved from date to date.
type matcher struct {
	n            day
	y, m, d, wd  int
	holidays     Holidays
	assumeSchool bool
	// sawSchool says that the answer hung on an unknown school holiday.
	sawSchool bool
	// fixed replaces the calendar by one answer while the weekly table is
	// built: 1 public holiday, -1 not, 0 ask.
	fixed int
}

// bitset holds a bit per rule.
type bitset [(maxRules + 63) / 64]uint64

func (b *bitset) set(i int)      { b[i>>6] |= 1 << (i & 63) }
func (b *bitset) has(i int) bool { return b[i>>6]>>(i&63)&1 != 0 }

func (c *matcher) move(n day) {
	c.n = n
	c.y, c.m, c.d = n.civil()
	c.wd = n.weekday()
}

// rules returns the set of rules that match the date.
func (c *matcher) rules(s *Schedule) (set bitset) {
	for i := range s.rules {
		if c.rule(&s.rules[i]) {
			set.set(i)
		}
	}
	return set
}

func (c *matcher) rule(r *rule) bool {
	if len(r.years) > 0 && !c.years(r.years) {
		return false
	}
	if len(r.dates) > 0 && !c.dates(r.dates) {
		return false
	}
	if len(r.weeks) > 0 && !c.weeks(r.weeks) {
		return false
	}
	if len(r.days) > 0 && !c.days(r.days) {
		return false
	}
	return len(r.holidays) == 0 || c.days(r.holidays)
}

func (c *matcher) years(list []yearRange) bool {
	for _, r := range list {
		if c.y >= r.from && c.y <= r.to && (c.y-r.from)%r.step == 0 {
			return true
		}
	}
	return false
}

func (c *matcher) weeks(list []weekRange) bool {
	w := c.n.isoWeek()
	for _, r := range list {
		if r.from <= r.to {
			if w >= r.from && w <= r.to && (w-r.from)%r.step == 0 {
				return true
			}
		} else if w >= r.from && (w-r.from)%r.step == 0 || w <= r.to && (w+53-r.from)%r.step == 0 {
			return true
		}
	}
	return false
}

func (c *matcher) days(list []daySelector) bool {
	for i := range list {
		if c.day(&list[i]) {
			return true
		}
	}
	return false
}

func (c *matcher) day(s *daySelector) bool {
	switch s.kind {
	case dayWeekday:
		if s.nth != 0 {
			return c.nth(s)
		}
		if s.from <= s.to {
			return c.wd >= s.from && c.wd <= s.to
		}
		return c.wd >= s.from || c.wd <= s.to
	case dayPublic:
		if c.fixed != 0 {
			return c.fixed > 0
		}
		return c.holidays.Public((c.n - day(s.offset)).date())
	case daySchool:
		holiday, known := c.holidays.School((c.n - day(s.offset)).date())
		if !known {
			c.sawSchool = true
			return c.assumeSchool
		}
		return holiday
	default:
		return c.holidays.Workday(c.n.date())
	}
}

// nth says whether the date, moved back by the selector's offset, is one of
// the selector's weekdays of its month.
func (c *matcher) nth(s *daySelector) bool {
	n := c.n - day(s.offset)
	if n.weekday() != s.from {
		return false
	}
	y, m, d := n.civil()
	if s.nth>>((d-1)/7)&1 != 0 {
		return true
	}
	return s.nth>>(5+(daysIn(y, m)-d)/7)&1 != 0
}

func daysIn(y, m int) int {
	switch m {
	case 2:
		if y%4 == 0 && (y%100 != 0 || y%400 == 0) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}

func (c *matcher) dates(list []dateRange) bool {
	for i := range list {
		if c.dateRange(&list[i]) {
			return true
		}
	}
	return false
}

func (c *matcher) dateRange(r *dateRange) bool {
	if r.from.kind == dateDay && r.to.kind == dateDay && r.step == 0 && r.from.offset|r.to.offset == 0 {
		// Compare month and day as one number; a date that a year does not
		// have (29 February) then falls between its neighbours.
		at, from, to := c.m<<5+c.d, r.from.monthDay(), r.to.lastMonthDay()
		if r.from.year == 0 {
			if from <= to {
				return at >= from && at <= to
			}
			return at >= from || at <= to
		}
		at += c.y << 9
		return at >= from+r.from.year<<9 && at <= to+r.to.year<<9
	}
	if r.from.year != 0 {
		return c.between(r, r.from.resolve(r.from.year, false), r.to.resolve(r.to.year, true))
	}
	for y := c.y - 1; y <= c.y+1; y++ {
		from, to := r.from.resolve(y, false), r.to.resolve(y, true)
		if to < from {
			to = r.to.resolve(y+1, true)
		}
		if c.between(r, from, to) {
			return true
		}
	}
	return false
}

func (c *matcher) between(r *dateRange, from, to day) bool {
	return c.n >= from && c.n <= to && (r.step == 0 || int(c.n-from)%r.step == 0)
}

func (e *dateEnd) monthDay() int { return e.month<<5 + e.day }

func (e *dateEnd) lastMonthDay() int {
	if e.day == 0 {
		return e.month<<5 + 31
	}
	return e.month<<5 + e.day
}

// resolve returns the day of the end in a year; last asks for the last day
// where it is a whole month. 29 February is 1 March as a beginning and
// 28 February as an end in the years that lack it.
func (e *dateEnd) resolve(y int, last bool) day {
	switch e.kind {
	case dateEaster:
		return easter(y) + day(e.offset)
	case dateNth:
		return nthWeekday(y, e.month, e.weekday, e.nth) + day(e.offset)
	}
	d := e.day
	if last && (d == 0 || d > daysIn(y, e.month)) {
		d = daysIn(y, e.month)
	}
	return civilDay(y, e.month, max(d, 1)) + day(e.offset)
}

// nthList returns the numbers of a daySelector's nth bits, 1..5 before -1..-5.
func nthList(set uint16) []int {
	var list []int
	for ; set != 0; set &= set - 1 {
		if i := bits.TrailingZeros16(set); i < 5 {
			list = append(list, i+1)
		} else {
			list = append(list, 4-i)
		}
	}
	return list
}
