package hours

import "time"

// A day is the number of days since 1970-01-01 in the proleptic Gregorian
// calendar, negative before.
type day int

// civilDay returns the day of a date; the day of the month may lie outside
// the month, which moves on as a calendar does.
//
// Algorithm: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
func civilDay(y, m, d int) day {
	if m <= 2 {
		y--
		m += 12
	}
	era := floorDiv(y, 400)
	yoe := y - era*400
	doy := (153*(m-3)+2)/5 + d - 1
	doe := yoe*365 + yoe/4 - yoe/100 + doy
	return day(era*146097 + doe - 719468)
}

// civil is the inverse of civilDay.
func (n day) civil() (y, m, d int) {
	z := int(n) + 719468
	era := floorDiv(z, 146097)
	doe := z - era*146097
	yoe := (doe - doe/1460 + doe/36524 - doe/146096) / 365
	doy := doe - (365*yoe + yoe/4 - yoe/100)
	mp := (5*doy + 2) / 153
	d = doy - (153*mp+2)/5 + 1
	m = mp + 3
	y = yoe + era*400
	if m > 12 {
		m -= 12
		y++
	}
	return y, m, d
}

// date returns the day as a Date.
func (n day) date() Date {
	y, m, d := n.civil()
	return Date{Year: y, Month: time.Month(m), Day: d}
}

// weekday returns 0 for Monday to 6 for Sunday.
func (n day) weekday() int { return floorMod(int(n)+3, 7) }

// isoWeek returns the number of the ISO 8601 week: the weeks start on Monday
// and belong to the year of their Thursday.
func (n day) isoWeek() int {
	thursday := n - day(n.weekday()) + 3
	y, _, _ := thursday.civil()
	return int(thursday-civilDay(y, 1, 1))/7 + 1
}

// easter returns Easter Sunday of the Gregorian calendar.
//
// Algorithm: the anonymous one of Nature (1876), after Meeus, "Astronomical
// Algorithms", chapter 8.
func easter(y int) day {
	a, b, c := y%19, y/100, y%100
	h := (19*a + b - b/4 - (b-(b+8)/25+1)/3 + 15) % 30
	l := (32 + 2*(b%4) + 2*(c/4) - h - c%4) % 7
	m := (a + 11*h + 22*l) / 451
	n := h + l - 7*m + 114
	return civilDay(y, n/31, n%31+1)
}

// nthWeekday returns the nth weekday (0 Monday) of a month, counted from its
// end where nth is negative. It may lie outside the month: there is not always
// a fifth.
func nthWeekday(y, m, weekday, nth int) day {
	if nth > 0 {
		first := civilDay(y, m, 1)
		return first + day(floorMod(weekday-first.weekday(), 7)+7*(nth-1))
	}
	next := civilDay(y, m+1, 1)
	if m == 12 {
		next = civilDay(y+1, 1, 1)
	}
	return next + day(floorMod(weekday-next.weekday(), 7)+7*nth)
}

func floorDiv(a, b int) int {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

func floorMod(a, b int) int {
	r := a % b
	if r < 0 {
		r += b
	}
	return r
}
