package hours

import "fmt"

// timeStarts says whether a time list begins here.
func (p *parser) timeStarts() bool {
	switch t := p.peek(0); t.kind {
	case tokEvent, tokAlways, tokClock, tokOpenParen:
		return true
	case tokNumber:
		if isYear(t) {
			return false // "2026: 08:00-10:00"
		}
		if p.isFrom(1, tokColon, tokNumber) || p.isFrom(1, tokMeridiem) {
			return true
		}
		if p.isFrom(1, tokHyphen, tokNumber) || p.isFrom(1, tokSkip) || p.isFrom(1, tokHyphen, tokEvent) ||
			p.isFrom(1, tokHyphen, tokLate) || p.isFrom(1, tokHyphen, tokAlways) || p.isFrom(1, tokHyphen, tokClock) {
			return t.digits <= 2 && !p.isFrom(3, tokMonth) || isCompact(t)
		}
	}
	return false
}

// isCompact says whether a number is a time without its colon, as in 0800.
func isCompact(t token) bool {
	return t.kind == tokNumber && t.digits == 4 && t.value < firstYear && t.value%100 < 60
}

// times reads a list of time spans.
func (p *parser) times(r *partial) error {
	for {
		if err := p.span(r); err != nil {
			return err
		}
		if !p.is(tokComma) {
			return nil
		}
		p.i++
		if !p.timeStarts() {
			p.i--
			return nil
		}
	}
}

func (p *parser) span(r *partial) error {
	t := p.peek(0)
	if p.spans++; p.spans > maxSpans {
		return p.fail(fmt.Sprintf("时间段超过 %d 个，请缩短", maxSpans),
			fmt.Sprintf("more than %d time spans: shorten them", maxSpans))
	}
	if p.accept(tokAlways) {
		r.spans = append(r.spans, span{end: timePoint{minutes: minutesPerDay}})
		return nil
	}
	compact := isCompact(t) && !p.isFrom(1, tokColon)
	start, err := p.time(compact)
	if err != nil {
		return err
	}
	s := span{start: start}
	if start.event == eventNone && start.minutes >= minutesPerDay {
		return p.failAt(t, "开始时间要早于 24:00", "a span must start before 24:00")
	}
	switch {
	case p.is(tokPlus) && !p.isFrom(1, tokNumber, tokDays):
		p.i++
		s.open, s.bare = true, true
	case p.is(tokHyphen, tokLate):
		p.i += 2
		s.open, s.bare = true, true
	case p.is(tokLate):
		p.i++
		s.open, s.bare = true, true
	case p.accept(tokHyphen):
		if err := p.spanEnd(&s, compact); err != nil {
			return err
		}
	default:
		return p.fail("少了结束时间，请写成 08:00-18:00，结束不定时写 08:00+",
			"the end of the time is missing: write 08:00-18:00, or 08:00+ where it is not known")
	}
	if s.start.event != eventNone || s.end.event != eventNone {
		if p.sun++; p.sun > maxSun {
			return p.failAt(t, fmt.Sprintf("与日出日落有关的时间段超过 %d 个，请缩短", maxSun),
				fmt.Sprintf("more than %d time spans that hang on the sun: shorten them", maxSun))
		}
	}
	if p.is(tokSlash) {
		return p.fail("营业时间里不能有间隔（/），那是班次的写法",
			"opening hours have no step (/): that is for points in time, such as collections")
	}
	r.spans = append(r.spans, s)
	return nil
}

// spanEnd reads the end of a span, after the hyphen, and settles whether it
// lies on the next date.
func (p *parser) spanEnd(s *span, compact bool) (err error) {
	t := p.peek(0)
	if p.accept(tokAlways) { // "10h-24h"
		s.end.minutes = minutesPerDay
	} else if s.end, err = p.time(compact); err != nil {
		return err
	}
	fixed := s.start.event == eventNone && s.end.event == eventNone
	from, to := s.start.nominal(), s.end.nominal()
	s.wraps = to < from || fixed && to == from
	if s.end.event == eventNone {
		if s.wraps {
			s.end.minutes += minutesPerDay
			s.wraps = false
		}
		if s.end.minutes > 2*minutesPerDay {
			return p.failAt(t, "时间段最多到次日 24:00（48:00）", "a span can reach 48:00, the end of the next day, at most")
		}
	}
	if p.is(tokPlus) && !p.isFrom(1, tokNumber, tokDays) {
		p.i++
		s.open = true
	}
	return nil
}

// time reads a time of the day or of the sun.
func (p *parser) time(compact bool) (timePoint, error) {
	for p.accept(tokSkip) {
	}
	t := p.peek(0)
	switch t.kind {
	case tokEvent:
		p.i++
		return timePoint{event: sunEvent(t.value)}, nil
	case tokOpenParen:
		return p.sunTime()
	case tokClock:
		p.i++
		minutes := t.value
		if minutes == minutesPerDay && !p.isFrom(-2, tokHyphen) {
			minutes = 0
		}
		return timePoint{minutes: minutes}, nil
	case tokNumber:
		return p.clock(compact)
	}
	return timePoint{}, p.fail("这里要有时间，如 08:00", "a time belongs here, such as 08:00")
}

// clock reads 08:00, 8, 8pm, 8:00 pm, 08:00:00 and, where compact, 0800.
func (p *parser) clock(compact bool) (timePoint, error) {
	t := p.peek(0)
	p.i++
	hour, minute := t.value, 0
	if compact && t.digits == 4 && !p.is(tokColon) {
		hour, minute = t.value/100, t.value%100
	} else if p.is(tokColon, tokNumber) {
		m := p.peek(1)
		if m.value > 59 || m.digits > 2 {
			return timePoint{}, p.failAt(m, "分钟要是 00 到 59", "minutes go from 00 to 59")
		}
		minute = m.value
		p.i += 2
		if p.is(tokColon, tokNumber) && p.peek(1).digits == 2 && p.peek(1).glued && p.peek(1).value < 60 &&
			!p.isFrom(2, tokColon) {
			p.i += 2 // seconds
		}
	}
	for p.accept(tokSkip) {
	}
	if p.is(tokMeridiem) {
		if hour > 12 {
			return timePoint{}, p.failAt(t, "上午、下午的小时要是 1 到 12", "hours with am or pm go from 1 to 12")
		}
		hour = hour%12 + p.peek(0).value
		p.i++
	}
	if hour > 48 || hour == 48 && minute > 0 {
		return timePoint{}, p.failAt(t, "小时最多到 48", "hours go up to 48")
	}
	return timePoint{minutes: hour*60 + minute}, nil
}

// sunTime reads "(sunrise+01:30)".
func (p *parser) sunTime() (timePoint, error) {
	p.i++
	t := p.peek(0)
	if t.kind != tokEvent {
		return timePoint{}, p.fail("括号里要有 sunrise、sunset、dawn 或 dusk",
			"sunrise, sunset, dawn or dusk belongs in the parentheses")
	}
	p.i++
	point := timePoint{event: sunEvent(t.value)}
	if p.accept(tokCloseParen) {
		return point, nil
	}
	sign := 1
	if p.is(tokHyphen) {
		sign = -1
	} else if !p.is(tokPlus) {
		return timePoint{}, p.fail("这里要有 + 或 -，如 (sunset-00:30)", "+ or - belongs here, as in (sunset-00:30)")
	}
	p.i++
	if !p.is(tokNumber, tokColon, tokNumber, tokCloseParen) {
		return timePoint{}, p.fail("偏移要写成小时和分钟，如 (sunset-00:30)",
			"write the offset as hours and minutes, as in (sunset-00:30)")
	}
	hour, minute := p.peek(0), p.peek(2)
	if hour.value > 23 || minute.value > 59 {
		return timePoint{}, p.failAt(hour, "偏移最多 23:59", "the offset can be 23:59 at most")
	}
	p.i += 4
	point.minutes = sign * (hour.value*60 + minute.value)
	return point, nil
}
