package hours

import "time"

// At returns the state at an instant with its comment and the next change.
func (s *Schedule) At(t time.Time, at Place) Status {
	at = at.in(t)
	n, minute := wall(t, at.Zone)
	w := s.walker(at)
	now := w.cells(n)[minute]
	status := Status{State: s.cells[now], Comment: s.commentOf(now)}
	if next, cell, ok := w.next(t, func(c cell) bool { return s.cells[c] != status.State }); ok {
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
	next, _, ok := w.next(t, func(c cell) bool { return s.cells[c] == StateOpen })
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
	// school says that the two sets are to be told apart.
	school bool
	// known says that painted holds the cells of the signatures in last, for
	// reuse on the next date.
	known  bool
	last   [2]signature
	buffer painted
	other  painted
}

func (s *Schedule) walker(at Place) *walker { return &walker{e: s.evaluation(at)} }

// cells returns the cells of a date; they hold until the next call.
func (w *walker) cells(n day) *painted {
	s := w.e.s
	if s.weekly != nil {
		s.weekly.expand(n, w.e.match.holidays, &w.buffer)
		return &w.buffer
	}
	if !w.valid || w.day != n-1 {
		w.sets = [2]signature{}
		w.match(n - 1)
	}
	w.match(n)
	w.day, w.valid = n, true
	if w.known && w.sets == w.last && !s.sun {
		return &w.buffer
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
	return &w.buffer
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
func (w *walker) next(t time.Time, wanted func(cell) bool) (time.Time, cell, bool) {
	zone := w.e.point.Zone
	n, minute := wall(t, zone)
	cells := w.cells(n)
	// The rest of today, minute by minute of the wall where the day is
	// regular.
	if first, regular := startOf(n, zone); regular {
		for m := minute + 1; m < minutesPerDay; m++ {
			if cells[m] != cells[m-1] && wanted(cells[m]) {
				return first.Add(time.Duration(m) * time.Minute), cells[m], true
			}
		}
	} else if at, c, ok := w.nextIrregular(t, n, cells, wanted); ok {
		return at, c, true
	}
	last := n + horizonDays
	if w.e.s.constant {
		last = n + 3 // more than one: a span may fall into an hour that is skipped
	}
	for n < last {
		n++
		cells = w.cells(n)
		m := 0
		for m < minutesPerDay && !wanted(cells[m]) {
			m++
		}
		if m == minutesPerDay {
			continue
		}
		first, regular := startOf(n, zone)
		if regular {
			return first.Add(time.Duration(m) * time.Minute), cells[m], true
		}
		if at, c, ok := w.nextIrregular(first, n, cells, wanted); ok {
			return at, c, true
		}
	}
	return time.Time{}, 0, false
}

// nextIrregular looks for a wanted cell after t on a date on which the clock
// is changed, minute by minute of true time. t may lie before the date.
func (w *walker) nextIrregular(t time.Time, n day, cells *painted, wanted func(cell) bool) (time.Time, cell, bool) {
	zone := w.e.point.Zone
	at := t.In(zone)
	at = at.Add(-time.Duration(at.Second())*time.Second - time.Duration(at.Nanosecond()))
	for {
		if on, m := wall(at, zone); on > n {
			return time.Time{}, 0, false
		} else if on == n && at.After(t) && wanted(cells[m]) {
			return at, cells[m], true
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
