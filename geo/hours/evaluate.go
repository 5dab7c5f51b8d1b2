package hours

import "time"

// horizonDays bounds the search for the next change.
const horizonDays = 5*366 + 1

// A cell is what a rule says of a minute: 0 is closed because no rule says
// anything, 1+2i the state of rule i, 2+2i the open end of rule i.
type cell = uint8

// cellSchool says that the state hangs on a school holiday that is not known.
const cellSchool cell = 255

// painted holds the cells of the minutes of one civil date.
type painted [minutesPerDay]cell

// evaluation is the work of one call: the schedule at a place, looking at one
// date after another.
type evaluation struct {
	s     *Schedule
	match matcher
	point Place

	// sun caches the sun times of two dates.
	sun [2]struct {
		n     day
		valid bool
		times sunTimes
	}
}

func (s *Schedule) evaluation(at Place) evaluation {
	e := evaluation{s: s, point: at}
	e.match.holidays = at.Holidays
	if at.Holidays == nil {
		e.match.holidays = NoHolidays{}
	}
	return e
}

// wall returns the civil day and the minute that the place's clock shows.
func wall(t time.Time, zone *time.Location) (n day, minute int) {
	_, offset := t.In(zone).Zone()
	local := t.Unix() + int64(offset)
	days := local / 86400
	rest := local % 86400
	if rest < 0 {
		rest += 86400
		days--
	}
	return day(days), int(rest) / 60
}

func (p Place) in(t time.Time) Place {
	if p.Zone == nil {
		p.Zone = t.Location()
	}
	return p
}

// StateAt returns the state at an instant. It does not allocate and is cheap
// enough to filter places by.
func (s *Schedule) StateAt(t time.Time, at Place) State {
	at = at.in(t)
	n, minute := wall(t, at.Zone)
	if s.weekly != nil {
		return s.cells[s.weekly.cell(n, minute, at.Holidays)]
	}
	e := s.evaluation(at)
	return s.cells[e.cell(n, minute)]
}

// cell returns the cell of one minute.
func (e *evaluation) cell(n day, minute int) cell {
	c := e.cellAssuming(n, minute, false)
	if e.match.sawSchool {
		if d := e.cellAssuming(n, minute, true); e.s.cells[c] != e.s.cells[d] {
			c = cellSchool
		}
		e.match.sawSchool = false
	}
	return c
}

func (e *evaluation) cellAssuming(n day, minute int, school bool) (now cell) {
	e.match.assumeSchool = school
	yesterday := e.match
	e.match.move(n)
	moved := false
	for i := range e.s.rules {
		r := &e.s.rules[i]
		if e.match.rule(r) {
			if r.clears {
				now = 0
			}
			now = e.apply(i, now, minute, n, false)
		}
		if r.wraps {
			if !moved {
				yesterday.move(n - 1)
				moved = true
			}
			if yesterday.rule(r) {
				now = e.apply(i, now, minute, n, true)
			}
		}
	}
	e.match.sawSchool = e.match.sawSchool || yesterday.sawSchool
	return now
}

// apply lets rule i speak on a minute of date n, spilled or not.
func (e *evaluation) apply(i int, now cell, minute int, n day, spilled bool) cell {
	r := &e.s.rules[i]
	if r.join == joinFallback && e.s.cells[now] != StateClosed && !ofRule(now, i) {
		return now
	}
	if len(r.spans) == 0 && !spilled {
		return ruleCell(i)
	}
	for k := range r.spans {
		from, to, tail := e.minutes(&r.spans[k], n, spilled)
		if minute >= from && minute < to {
			now = ruleCell(i)
		} else if minute >= to && minute < tail {
			now = ruleCell(i) + 1
		}
	}
	return now
}

func ruleCell(i int) cell { return cell(1 + 2*i) }

func ofRule(c cell, i int) bool { return c != 0 && (c-1)/2 == cell(i) }

// minutes returns what a span covers of date n, which is the date it starts
// on, or the one after where spilled: open in [from,to), an open end in
// [to,tail).
func (e *evaluation) minutes(p *span, n day, spilled bool) (from, to, tail int) {
	start := n
	if spilled {
		start--
	}
	from, to = p.start.minutes, p.end.minutes
	if p.start.event != eventNone {
		from += e.sunOn(start)[p.start.event]
	}
	if p.bare {
		to = from
	} else if p.end.event != eventNone {
		offset := to
		to = offset + e.sunOn(start)[p.end.event]
		if to < from || to == from && p.wraps {
			to = offset + e.sunOn(start + 1)[p.end.event] + minutesPerDay
		}
	}
	tail = to
	if p.open {
		tail = max(to, p.guess())
	}
	if spilled {
		return from - minutesPerDay, to - minutesPerDay, tail - minutesPerDay
	}
	return from, to, tail
}

// guess returns the minute at which an open end is taken to end.
func (p *span) guess() int {
	at := p.end.nominal()
	if p.bare {
		at = p.start.nominal()
	}
	end := minutesPerDay
	switch {
	case at >= 22*60:
		end = at + 8*60
	case at >= 17*60:
		end = at + 10*60
	}
	if p.cut > 0 {
		end = min(end, p.cut)
	}
	return min(end, 2*minutesPerDay)
}

func (e *evaluation) sunOn(n day) *sunTimes {
	c := &e.sun[n&1]
	if !c.valid || c.n != n {
		c.n, c.valid = n, true
		c.times = sunOn(n, e.point.Point, e.point.Zone, e.s.sun)
	}
	return &c.times
}

// signature is the sets of rules that match a date and the one before. Two
// dates with the same signature are painted alike where the sun plays no part.
type signature struct{ today, before bitset }

// paint fills the cells of date n, of which sig says which rules match.
func (e *evaluation) paint(n day, sig *signature, cells *painted) {
	*cells = painted{}
	for i := range e.s.rules {
		r := &e.s.rules[i]
		if sig.today.has(i) {
			if r.clears {
				*cells = painted{}
			}
			if len(r.spans) == 0 {
				e.fill(cells, i, 0, minutesPerDay, ruleCell(i))
			}
			e.paintSpans(cells, i, n, false)
		}
		if r.wraps && sig.before.has(i) {
			e.paintSpans(cells, i, n, true)
		}
	}
}

func (e *evaluation) paintSpans(cells *painted, i int, n day, spilled bool) {
	r := &e.s.rules[i]
	for k := range r.spans {
		from, to, tail := e.minutes(&r.spans[k], n, spilled)
		e.fill(cells, i, from, to, ruleCell(i))
		e.fill(cells, i, to, tail, ruleCell(i)+1)
	}
}

func (e *evaluation) fill(cells *painted, i, from, to int, c cell) {
	from, to = max(from, 0), min(to, minutesPerDay)
	if e.s.rules[i].join != joinFallback {
		if from >= to {
			return
		}
		run := cells[from:to]
		run[0] = c
		for n := 1; n < len(run); n *= 2 {
			copy(run[n:], run[:n])
		}
		return
	}
	for m := from; m < to; m++ {
		if old := cells[m]; e.s.cells[old] == StateClosed || ofRule(old, i) {
			cells[m] = c
		}
	}
}
