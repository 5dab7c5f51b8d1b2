package hours

import "time"

// At returns the state at an instant with its comment and the next change.
func (s *Schedule) At(t time.Time, at Place) Status {
	at = at.in(t)
	n, minute := wall(t, at.Zone)
	w := s.walker(at)
	now := w.cellAt(n, minute)
	status := Status{State: s.cells[now], Comment: s.commentOf(now)}
	if next, cell, ok := w.next(t, target{status.State, false}); ok {
		status.Until, status.Next = next, s.cells[cell]
	}
	return status
}

// NextOpen returns the first instant from t on at which the state is
// StateOpen, t itself where it is open then; false where that does not happen
// within about five years.
func (s *Schedule) NextOpen(t time.Time, at Place) (time.Time, bool) {
	at = at.in(t)
	if s.StateAt(t, at) == StateOpen {
		return t, true
	}
	w := s.walker(at)
	next, _, ok := w.next(t, target{StateOpen, true})
	return next, ok
}

func (s *Schedule) commentOf(c cell) string {
	if c == 0 || c == cellSchool {
		return ""
	}
	return s.rules[(c-1)/2].comment
}

// walker paints one date after another.
type walker struct {
	e evaluation
	// day is the date of sets, which say what matches it and the one before,
	// without and with unknown school holidays taken for holidays.
	day   day
	valid bool
	sets  [2]signature
	// known says that painted holds the cells of the signatures in last, for
	// reuse on the next date.
	known  bool
	last   [2]signature
	buffer painted
	other  painted
}

func (s *Schedule) walker(at Place) *walker { return &walker{e: s.evaluation(at)} }

// target is what a search looks for: a state, or any other than it.
type target struct {
	state State
	equal bool
}

func (w *walker) wanted(c cell, want target) bool {
	return (w.e.s.cells[c] == want.state) == want.equal
}

func (w *walker) cellAt(n day, minute int) cell {
	if s := w.e.s; s.weekly != nil {
		return s.weekly.cell(n, minute, w.e.match.holidays)
	}
	cells, _ := w.cells(n)
	return cells[minute]
}

// cells returns the cells of a date, which hold until the next call, and
// whether they are those of the call before.
func (w *walker) cells(n day) (cells *painted, same bool) {
	s := w.e.s
	if w.valid && w.day == n {
		return &w.buffer, true
	}
	if !w.valid || w.day != n-1 {
		w.sets = [2]signature{}
		w.match(n - 1)
	}
	w.match(n)
	w.day, w.valid = n, true
	if w.known && w.sets == w.last && s.sun == 0 {
		return &w.buffer, true
	}
	w.e.paint(n, &w.sets[0], &w.buffer)
	if w.sets[1] != w.sets[0] {
		w.e.paint(n, &w.sets[1], &w.other)
		for m, c := range &w.other {
			if s.cells[c] != s.cells[w.buffer[m]] {
				w.buffer[m] = cellSchool
			}
		}
	}
	w.known, w.last = true, w.sets
	return &w.buffer, false
}

// match moves the sets on to date n.
func (w *walker) match(n day) {
	w.e.match.move(n)
	w.e.match.assumeSchool, w.e.match.sawSchool = false, false
	sets := [2]bitset{w.e.match.rules(w.e.s)}
	sets[1] = sets[0]
	if w.e.match.sawSchool {
		w.e.match.assumeSchool = true
		sets[1] = w.e.match.rules(w.e.s)
	}
	for i := range sets {
		w.sets[i] = signature{today: sets[i], before: w.sets[i].today}
	}
}

// next returns the first instant after t whose cell is wanted.
func (w *walker) next(t time.Time, want target) (time.Time, cell, bool) {
	s, zone := w.e.s, w.e.point.Zone
	n, minute := wall(t, zone)
	last := n + horizonDays
	if s.constant {
		last = n + 3 // more than one: a span may fall into an hour that is skipped
	}
	// The rest of the first date, then whole ones, by the clock on the wall;
	// a minute that is found is turned to an instant.
	for from, none := minute+1, false; n < last; n, from = n+1, 0 {
		m, same := w.nextMinute(n, from, want, none)
		none = from == 0 && m == minutesPerDay || none && same
		first, regular := time.Time{}, false
		if m < minutesPerDay || from > 0 {
			first, regular = startOf(n, zone)
		}
		switch {
		case from > 0 && !regular:
			first = t // an hour may be read again, so earlier minutes count too
		case m == minutesPerDay:
			continue
		case regular:
			return first.Add(time.Duration(m) * time.Minute), w.cellAt(n, m), true
		}
		if at, c, ok := w.nextIrregular(first, n, want); ok {
			return at, c, true
		}
	}
	return time.Time{}, 0, false
}

// nextMinute returns the first minute of a date, from one on, whose cell is
// wanted, minutesPerDay where there is none; none says that the cells of the
// date before had none.
func (w *walker) nextMinute(n day, from int, want target, none bool) (m int, same bool) {
	if s := w.e.s; s.weekly != nil {
		for _, seg := range s.weekly.timeline(n, w.e.match.holidays) {
			if int(seg.from) >= from && w.wanted(seg.cell, want) {
				return int(seg.from), false
			}
		}
		return minutesPerDay, false
	}
	cells, same := w.cells(n)
	if same && none {
		return minutesPerDay, true
	}
	for m = from; m < minutesPerDay && !w.wanted(cells[m], want); m++ {
	}
	return m, same
}

// nextIrregular looks for a wanted cell after t on a date on which the clock
// is changed, minute by minute of true time. t may lie before the date.
func (w *walker) nextIrregular(t time.Time, n day, want target) (time.Time, cell, bool) {
	zone := w.e.point.Zone
	at := t.In(zone)
	at = at.Add(-time.Duration(at.Second())*time.Second - time.Duration(at.Nanosecond()))
	for {
		on, m := wall(at, zone)
		if on > n {
			return time.Time{}, 0, false
		}
		if on == n && at.After(t) {
			if c := w.cellAt(n, m); w.wanted(c, want) {
				return at, c, true
			}
		}
		at = at.Add(time.Minute)
	}
}

// startOf returns the midnight that begins a date, and whether the clock runs
// through its 24 hours unchanged. Where it does not, the instant returned lies
// before the date.
func startOf(n day, zone *time.Location) (time.Time, bool) {
	y, m, d := n.civil()
	noon := time.Date(y, time.Month(m), d, 12, 0, 0, 0, zone)
	first := noon.Add(-12 * time.Hour)
	_, atNoon := noon.Zone()
	_, atFirst := first.Zone()
	_, atLast := noon.Add(12*time.Hour - time.Second).Zone()
	if atNoon == atFirst && atNoon == atLast && noon.Day() == d {
		return first, true
	}
	return noon.Add(-36 * time.Hour), false
}
