package hours

import "fmt"

// Numbers of four digits are years from firstYear on, and times below.
const (
	firstYear = 1900
	lastYear  = 9999
)

func isYear(t token) bool {
	return t.kind == tokNumber && t.digits == 4 && t.value >= firstYear
}

// yearStarts says whether a list of years begins here, other than the year of
// a date.
func (p *parser) yearStarts() bool {
	return isYear(p.peek(0)) && !p.datedFrom(1)
}

// datedFrom says whether what follows a year makes it the year of a date.
func (p *parser) datedFrom(offset int) bool {
	return p.isFrom(offset, tokMonth) || p.isFrom(offset, tokEaster) || p.isFrom(offset, tokNumber, tokMonth) && p.peek(offset).digits <= 2
}

func (p *parser) dateStarts() bool {
	t := p.peek(0)
	if isYear(t) {
		return p.datedFrom(1)
	}
	return t.kind == tokMonth || t.kind == tokEaster || t.kind == tokNumber && t.digits <= 2 && p.dayFirst(0)
}

// dayFirst says whether a date written "24 Dec" or "24-26 Dec" begins here.
func (p *parser) dayFirst(offset int) bool {
	return p.isFrom(offset, tokNumber, tokMonth)
}

// years reads 2013,2015-2020/2,2030+.
func (p *parser) years(r *partial) error {
	for {
		t := p.peek(0)
		if !isYear(t) {
			return p.fail("这里要有年份", "a year belongs here")
		}
		p.i++
		y := yearRange{from: t.value, to: t.value, step: 1}
		switch {
		case p.is(tokHyphen) && isYear(p.peek(1)):
			p.i++
			y.to = p.peek(0).value
			if y.to < y.from {
				return p.fail("年份范围颠倒了", "the range of years is reversed")
			}
			p.i++
		case p.accept(tokPlus):
			y.to = endless
		case p.is(tokSlash):
			y.to = endless
		}
		step, err := p.step(1000)
		if err != nil {
			return err
		}
		y.step = step
		r.years = append(r.years, y)
		if !p.is(tokComma) || !isYear(p.peek(1)) {
			return nil
		}
		p.i++
	}
}

// weeks reads "week 1-53/2,7".
func (p *parser) weeks(r *partial) error {
	p.i++
	for {
		from, err := p.number(1, 53, "周数", "a week")
		if err != nil {
			return err
		}
		w := weekRange{from: from, to: from, step: 1}
		if p.is(tokHyphen, tokNumber) {
			p.i++
			if w.to, err = p.number(1, 53, "周数", "a week"); err != nil {
				return err
			}
			if w.step, err = p.step(53); err != nil {
				return err
			}
		}
		r.weeks = append(r.weeks, w)
		if !p.is(tokComma) || !p.isFrom(1, tokNumber) && !p.isFrom(1, tokWeek) || p.isFrom(1, tokNumber, tokColon) {
			return nil
		}
		p.i++
		p.accept(tokWeek)
	}
}

// dates reads a list of dates, months and their ranges.
func (p *parser) dates(r *partial) error {
	for {
		d, err := p.dateRange()
		if err != nil {
			return err
		}
		r.dates = append(r.dates, d)
		// "Dec 24,25" goes on with days of the same month.
		for d.to.kind == dateDay && d.to.day > 0 && p.is(tokComma, tokNumber) && p.peek(1).digits <= 2 &&
			!p.isTimeAt(1) && !p.dayFirst(1) {
			p.i++
			if d, err = p.laterDay(d.to); err != nil {
				return err
			}
			r.dates = append(r.dates, d)
		}
		if !p.is(tokComma) {
			return nil
		}
		p.i++
		if !p.dateStarts() {
			p.i--
			return nil
		}
	}
}

// laterDay reads the next days of a list, in the month of the last one.
func (p *parser) laterDay(last dateEnd) (d dateRange, err error) {
	e := dateEnd{year: last.year, month: last.month}
	if e.day, err = p.dayOf(e.month); err != nil {
		return d, err
	}
	return p.dateRangeFrom(e)
}

// isTimeAt says whether a time begins at an offset.
func (p *parser) isTimeAt(offset int) bool {
	p.i += offset
	defer func() { p.i -= offset }()
	return p.timeStarts()
}

func (p *parser) dateRange() (dateRange, error) {
	from, err := p.dateEnd(nil)
	if err != nil {
		return dateRange{}, err
	}
	return p.dateRangeFrom(from)
}

// dateRangeFrom reads the rest of a date range.
func (p *parser) dateRangeFrom(from dateEnd) (d dateRange, err error) {
	d = dateRange{from: from, to: from}
	t := p.peek(0)
	switch {
	case !p.is(tokHyphen):
		return d, nil
	case from.kind == dateDay && from.day > 0 && p.isFrom(1, tokNumber) && !isYear(p.peek(1)) && !p.dayFirst(1):
		p.i++
		d.to = dateEnd{year: from.year, month: from.month}
		if d.to.day, err = p.dayOf(from.month); err != nil {
			return d, err
		}
		if d.to.day < from.day {
			return d, p.failAt(t, "日期范围颠倒了", "the range of days is reversed")
		}
	default:
		p.i++
		if d.to, err = p.dateEnd(&from); err != nil {
			return d, err
		}
		if d.to.year != 0 && from.year == 0 {
			return d, p.failAt(t, "范围的结束有年份，开始也要有", "the range has a year at its end: give its beginning one too")
		}
		if from.year != 0 && d.to.year == 0 {
			d.to.year = from.year
			if d.to.resolve(from.year, true) < from.resolve(from.year, false) {
				d.to.year++
			}
		}
		if from.year != 0 && d.to.resolve(d.to.year, true) < from.resolve(from.year, false) {
			return d, p.failAt(t, "日期范围颠倒了", "the range of dates is reversed")
		}
	}
	if p.is(tokSlash) {
		if d.step, err = p.step(366); err != nil {
			return d, err
		}
		if d.step == 1 || d.from == d.to {
			d.step = 0
		}
	}
	return d, nil
}

// dateEnd reads a month, a day of a month, the nth weekday of a month at an
// end of a range, or easter, with a year where there is one; from is the
// beginning where the end of a range is read.
func (p *parser) dateEnd(from *dateEnd) (e dateEnd, err error) {
	if t := p.peek(0); isYear(t) {
		e.year = t.value
		p.i++
	}
	t := p.peek(0)
	switch {
	case p.accept(tokEaster):
		e.kind = dateEaster
		e.offset, err = p.offset()
		return e, err
	case p.is(tokNumber, tokMonth):
		p.i++
		e.month = p.peek(0).value
		p.i--
		if e.day, err = p.dayOf(e.month); err != nil {
			return e, err
		}
		p.i++
	case p.accept(tokMonth):
		e.month = t.value
		switch {
		case p.nthEnd(from):
			return e, p.nthDate(&e)
		case p.is(tokNumber) && p.peek(0).digits <= 2 && !p.hourAfterMonth():
			if e.day, err = p.dayOf(e.month); err != nil {
				return e, err
			}
		}
	default:
		return e, p.fail("这里要有月份，如 Jan 10", "a month belongs here, such as Jan 10")
	}
	if e.year == 0 && isYear(p.peek(0)) && !p.isFrom(1, tokColon) && !p.isFrom(1, tokHyphen, tokNumber) {
		e.year = p.peek(0).value // "24 Dec 2026"
		p.i++
	}
	e.offset, err = p.offset()
	return e, err
}

// hourAfterMonth says whether the number after a month is the hour of a time:
// "Jan 10:00-12:00", but not "Jan 10: 08:00-12:00".
func (p *parser) hourAfterMonth() bool {
	if p.isFrom(1, tokMeridiem) {
		return true
	}
	if !p.isFrom(1, tokColon, tokNumber) || !p.peek(2).glued || p.peek(2).digits != 2 {
		return false
	}
	return !p.isFrom(3, tokColon) || p.isFrom(4, tokNumber) && p.isFrom(5, tokHyphen)
}

// nthEnd says whether a weekday with its number follows and makes an end of a
// range: "Mar Su[-1]-Oct Su[-1]". Elsewhere, as in "Oct Su[-1] 10:00-12:00" and
// "Apr-Oct Su[2]", months and weekday are two selectors.
func (p *parser) nthEnd(from *dateEnd) bool {
	if !p.is(tokWeekday, tokOpenBracket) {
		return false
	}
	i := 2
	if p.isFrom(i, tokHyphen) {
		i++
	}
	if !p.isFrom(i, tokNumber, tokCloseBracket) {
		return false
	}
	if from != nil {
		return from.kind != dateDay || from.day > 0
	}
	i += 2
	if p.isFrom(i, tokPlus, tokNumber, tokDays) || p.isFrom(i, tokHyphen, tokNumber, tokDays) {
		i += 3
	}
	return p.isFrom(i, tokHyphen) && (p.datedFrom(i+1) || isYear(p.peek(i+1)))
}

// nthDate reads "Su[-1] +1 day" behind a month.
func (p *parser) nthDate(e *dateEnd) (err error) {
	e.kind = dateNth
	e.weekday = p.peek(0).value
	p.i += 2
	sign := 1
	if p.accept(tokHyphen) {
		sign = -1
	}
	n, err := p.number(1, 5, "第几个星期几", "the number of a weekday")
	if err != nil {
		return err
	}
	e.nth = sign * n
	p.i++
	e.offset, err = p.offset()
	return err
}

func (p *parser) dayOf(month int) (int, error) {
	longest := daysIn(2000, month)
	return p.number(1, longest, fmt.Sprintf("%d 月的日期", month), fmt.Sprintf("a day of %s", monthNames[month]))
}

// days reads a list of weekdays and holidays. A list of holidays alone narrows
// the weekdays beside it (PH Mo-Fr); a mixed list is one set (PH,Su).
func (p *parser) days(r *partial) error {
	var list []daySelector
	mixed := false
	for {
		t := p.peek(0)
		d := daySelector{}
		var err error
		switch t.kind {
		case tokHoliday:
			p.i++
			d.kind = dayKind(t.value)
			if d.kind != dayWorkday {
				d.offset, err = p.offset()
			} else {
				mixed = true
			}
		case tokWeekday:
			mixed = true
			d, err = p.weekdays()
		default:
			err = p.fail("这里要有星期几，如 Mo-Fr", "a weekday belongs here, such as Mo-Fr")
		}
		if err != nil {
			return err
		}
		list = append(list, d)
		if !p.is(tokComma) || !p.isFrom(1, tokWeekday) && !p.isFrom(1, tokHoliday) {
			break
		}
		p.i++
	}
	if mixed {
		r.days = append(r.days, list...)
	} else {
		r.holidays = append(r.holidays, list...)
	}
	return nil
}

// weekdays reads Mo, Mo-Fr, Sa-Mo or Mo[1,3-4,-1] +1 day.
func (p *parser) weekdays() (d daySelector, err error) {
	d.from = p.peek(0).value
	d.to = d.from
	p.i++
	if p.accept(tokOpenBracket) {
		if d.nth, err = p.nths(); err != nil {
			return d, err
		}
		d.offset, err = p.offset()
		return d, err
	}
	if !p.is(tokHyphen) {
		return d, nil
	}
	p.i++
	if !p.is(tokWeekday) {
		return d, p.fail("这里要有星期几，如 Mo-Fr", "a weekday belongs here, such as Mo-Fr")
	}
	d.to = p.peek(0).value
	p.i++
	return d, nil
}

// nths reads "1,3-4,-1]" to its bits.
func (p *parser) nths() (set uint16, err error) {
	one := func() (int, error) {
		sign := 1
		if p.accept(tokHyphen) {
			sign = -1
		}
		n, err := p.number(1, 5, "第几个星期几", "the number of a weekday")
		return sign * n, err
	}
	for {
		t := p.peek(0)
		from, err := one()
		if err != nil {
			return 0, err
		}
		to := from
		if p.accept(tokHyphen) {
			if to, err = one(); err != nil {
				return 0, err
			}
		}
		if to < from || from < 0 && to > 0 {
			return 0, p.failAt(t, "范围颠倒了", "the range is reversed")
		}
		for n := from; n <= to; n++ {
			if n > 0 {
				set |= 1 << (n - 1)
			} else {
				set |= 1 << (4 - n)
			}
		}
		if p.accept(tokCloseBracket) {
			return set, nil
		}
		if !p.accept(tokComma) {
			return 0, p.fail("少了右方括号", "the closing bracket is missing")
		}
	}
}
