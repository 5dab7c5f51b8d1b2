package hours

import (
	"time"

	"github.com/paulmach/orb"
)

// State is whether a place is open at an instant. The zero value is
// StateUnknown.
type State uint8

// The states.
const (
	// StateUnknown: the hours say that it depends on something they cannot
	// tell, such as a comment or an open end.
	StateUnknown State = iota
	StateOpen
	StateClosed
)

var stateNames = [...]string{"unknown", "open", "closed"}

// String returns unknown, open or closed.
func (s State) String() string { return stateNames[s] }

// MarshalText writes the state's word.
func (s State) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Status is the state of a place at an instant.
type Status struct {
	State State
	// Comment is what the hours say in quotes of that state, "" where nothing.
	Comment string
	// Until is the first instant after the one asked for at which the state
	// differs, in the zone of the place. It is zero where that does not happen
	// within about five years. A change of comment alone is no change.
	Until time.Time
	// Next is the state from Until on; it means nothing where Until is zero.
	Next State
}

// Place is what the state of a schedule depends on beside the instant.
type Place struct {
	// Point is WGS-84 lon,lat in degrees, for the times of the sun.
	Point orb.Point
	// Zone is the zone of the hours; nil means the zone of the instant asked
	// for.
	Zone *time.Location
	// Holidays is the holiday calendar; nil means NoHolidays.
	Holidays Holidays
}

// Schedule is a parsed opening_hours string. It is immutable and safe for
// concurrent use.
type Schedule struct {
	rules []rule
	// cells holds the state of each value of a cell.
	cells [256]State
	// weekly is the fast path, nil where dates, the sun or school holidays
	// matter.
	weekly *weekly
	// constant says that every day is like every other.
	constant bool
	// sun says which sun times the spans hang on.
	sun sunPairs
}

// HangsOnSun says whether the state depends on where the place lies, beyond its
// zone and its holidays.
func (s *Schedule) HangsOnSun() bool { return s.sun != 0 }

// Bounds of what Parse accepts, so that reading and evaluating stay cheap
// whatever is written.
const (
	maxLength = 2048
	maxRules  = 100
	maxSpans  = 400
	// maxSun bounds the spans that hang on the sun, which are painted anew for
	// every date.
	maxSun = 40
)

const minutesPerDay = 24 * 60

type join uint8

const (
	joinNormal join = iota
	joinAdditional
	joinFallback
)

// rule is one rule of a schedule. Empty selectors match every date.
type rule struct {
	join     join
	years    []yearRange
	dates    []dateRange
	weeks    []weekRange
	holidays []daySelector // all PH or SH; ANDed with days
	days     []daySelector
	spans    []span
	state    State
	comment  string

	// clears says that the rule replaces earlier ones on its dates; wraps that
	// one of its spans runs past midnight.
	clears bool
	wraps  bool
}

func (r *rule) hasDates() bool {
	return len(r.years)+len(r.dates)+len(r.weeks)+len(r.holidays)+len(r.days) > 0
}

// yearRange is from..to every step years; to is endless for "2020+".
type yearRange struct{ from, to, step int }

const endless = 1 << 20

// weekRange is ISO weeks from..to every step weeks, wrapping the year where
// to < from.
type weekRange struct{ from, to, step int }

// dateKind says how an end of a date range is fixed.
type dateKind uint8

const (
	// dateDay is month and day, or a whole month where day is 0.
	dateDay dateKind = iota
	dateEaster
	// dateNth is the nth weekday of a month.
	dateNth
)

// dateEnd is one end of a date range. year is 0 where it holds every year.
type dateEnd struct {
	kind       dateKind
	year       int
	month, day int
	weekday    int
	nth        int
	offset     int
}

// dateRange is from..to, both inclusive; every step days from the first.
type dateRange struct {
	from, to dateEnd
	step     int
}

type dayKind uint8

const (
	dayWeekday dayKind = iota
	dayPublic
	daySchool
	dayWorkday
)

// daySelector is a weekday range, wrapping the week, or constrained to the nth
// of the month; or a kind of holiday; each moved by offset days.
type daySelector struct {
	kind     dayKind
	from, to int    // weekdays, 0 Monday
	nth      uint16 // bit n-1: nth of the month; bit 4+n: nth from its end; 0: every
	offset   int
}

type sunEvent uint8

const (
	eventNone sunEvent = iota
	eventDawn
	eventSunrise
	eventSunset
	eventDusk
)

var eventNames = [...]string{"", "dawn", "sunrise", "sunset", "dusk"}

// nominal is the minute of the day at which an event is taken to happen where
// the order of two times must not depend on the date.
var eventNominal = [...]int{0, 5*60 + 30, 6 * 60, 18 * 60, 18*60 + 30}

// sunPairs is a set of pairs of events.
type sunPairs uint8

const (
	pairHorizon sunPairs = 1 << iota // sunrise and sunset
	pairCivil                        // dawn and dusk
)

func (e sunEvent) pair() sunPairs {
	switch e {
	case eventSunrise, eventSunset:
		return pairHorizon
	case eventDawn, eventDusk:
		return pairCivil
	}
	return 0
}

// timePoint is a minute of the day, or minutes after an event of the sun.
type timePoint struct {
	event   sunEvent
	minutes int
}

func (p timePoint) nominal() int { return eventNominal[p.event] + p.minutes }

// span is a time span. It starts on the date of its rule.
type span struct {
	start, end timePoint
	// wraps says that the end is a sun time that comes before the start in the
	// day, and so on the next date. A fixed end on the next date has 1440
	// minutes or more.
	wraps bool
	// open is an open end; bare that there is no end beside it (17:00+).
	open, bare bool
	// cut ends an open end at the start of the next span, 0: not.
	cut int
}

// newSchedule completes rules to a schedule.
func newSchedule(rules []rule) *Schedule {
	s := &Schedule{rules: rules}
	s.cells[0] = StateClosed
	for i := range rules {
		r := &rules[i]
		c := ruleCell(i)
		s.cells[c], s.cells[c+1] = r.state, r.state
		if r.state == StateOpen {
			s.cells[c+1] = StateUnknown
		}
		// A rule without dates replaces one that has none either; where the
		// earlier one has dates it is taken to add to it.
		bare := !r.hasDates()
		r.clears = r.join == joinNormal && r.state != StateClosed &&
			(!bare || i > 0 && r.state == StateOpen && !rules[i-1].hasDates())
		for k := range r.spans {
			p := &r.spans[k]
			s.sun |= p.start.event.pair() | p.end.event.pair()
			r.wraps = r.wraps || p.mayWrap()
		}
	}
	if s.weekly = newWeekly(s); s.weekly != nil {
		s.constant = len(s.weekly.timelines) == 1
	}
	return s
}

// mayWrap says whether the span may reach into the next date.
func (p *span) mayWrap() bool {
	if p.open && p.guess() > minutesPerDay {
		return true
	}
	return !p.bare && (p.end.event != eventNone || p.end.minutes > minutesPerDay)
}
