package hours

// weekly is a schedule whose dates differ only by weekday and by whether the
// date and the one before are public holidays: the painted dates, made once.
type weekly struct {
	holidays bool
	// table gives the timeline of a date: weekday, holiday, holiday before.
	table     [7][2][2]uint8
	timelines [][]segment
}

// segment is a run of equal cells that begins at a minute.
type segment struct {
	from uint16
	cell cell
}

// newWeekly returns the weekly table of a schedule, nil where it has none.
func newWeekly(s *Schedule) *weekly {
	if s.sun != 0 {
		return nil
	}
	w := new(weekly)
	for i := range s.rules {
		r := &s.rules[i]
		if len(r.years)+len(r.dates)+len(r.weeks) > 0 {
			return nil
		}
		for _, list := range [2][]daySelector{r.days, r.holidays} {
			for _, d := range list {
				switch {
				case d.kind == dayWeekday && d.nth == 0:
				case d.kind == dayPublic && d.offset == 0:
					w.holidays = true
				default:
					return nil
				}
			}
		}
	}
	e := s.evaluation(Place{})
	var sets [7][2]bitset
	for wd := range 7 {
		for ph := range 2 {
			e.match.wd, e.match.fixed = wd, 2*ph-1
			sets[wd][ph] = e.match.rules(s)
		}
	}
	seen := make(map[signature]uint8, 8)
	var cells painted
	for wd := range 7 {
		for ph := range 2 {
			for before := range 2 {
				sig := signature{sets[wd][ph], sets[(wd+6)%7][before]}
				at, ok := seen[sig]
				if !ok {
					e.paint(0, &sig, &cells)
					at = uint8(len(w.timelines))
					seen[sig] = at
					w.timelines = append(w.timelines, segments(&cells))
				}
				w.table[wd][ph][before] = at
			}
		}
	}
	return w
}

func segments(cells *painted) []segment {
	var list []segment
	for m, c := range cells {
		if m == 0 || c != cells[m-1] {
			list = append(list, segment{uint16(m), c})
		}
	}
	return list[:len(list):len(list)]
}

func (w *weekly) timeline(n day, holidays Holidays) []segment {
	var ph, before int
	if w.holidays && holidays != nil {
		if holidays.Public(n.date()) {
			ph = 1
		}
		if holidays.Public((n - 1).date()) {
			before = 1
		}
	}
	return w.timelines[w.table[n.weekday()][ph][before]]
}

func (w *weekly) cell(n day, minute int, holidays Holidays) cell {
	list := w.timeline(n, holidays)
	i := len(list) - 1
	for int(list[i].from) > minute {
		i--
	}
	return list[i].cell
}
