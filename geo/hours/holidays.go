package hours

import (
	"sync"
	"time"
)

// Date is a date of the civil calendar.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// Holidays is a holiday calendar. Its methods must be safe for concurrent use
// and quick: they are asked for every evaluation that names holidays.
type Holidays interface {
	// Public says whether the date is a public holiday (PH).
	Public(Date) bool
	// School says whether the date lies in school holidays (SH); known is
	// false where the calendar cannot tell.
	School(Date) (holiday, known bool)
	// Workday says whether people work on the date (工作日).
	Workday(Date) bool
}

// NoHolidays is the calendar in which nothing is a holiday and people work
// from Monday to Friday.
type NoHolidays struct{}

var (
	_ Holidays = NoHolidays{}
	_ Holidays = (*chinaCalendar)(nil)
)

// Public returns false.
func (NoHolidays) Public(Date) bool { return false }

// School returns false, known.
func (NoHolidays) School(Date) (holiday, known bool) { return false, true }

// Workday returns true from Monday to Friday.
func (NoHolidays) Workday(d Date) bool { return d.day().weekday() < 5 }

func (d Date) day() day { return civilDay(d.Year, int(d.Month), d.Day) }

// China returns the holiday calendar of mainland China.
//
// Public holds on every day off that the State Council's yearly notice names,
// the days moved from weekends included, for the years whose notice is known:
// 2024 (国办发明电〔2023〕7号), 2025 (国办发明电〔2024〕12号) and 2026
// (国办发明电〔2025〕7号). From 2027 to 2035 it holds on the statutory days
// alone (New Year 1, Spring Festival 4 from the eve on, Qingming 1, Labour Day
// 2, Dragon Boat 1, Mid-Autumn 1, National Day 3), since nobody knows yet which
// weekends will be moved. Before 2024 and after 2035 it holds on the statutory
// days of the solar calendar that law names today (1 January, 1 May, 1 to 3
// October).
//
// Workday holds from Monday to Friday where Public does not, and on the make-up
// workdays of the notices.
//
// School is never known: every province, and often every city, sets its own.
func China() Holidays { return china() }

var china = sync.OnceValue(newChinaCalendar)

// yearBits is a set of days of one year.
type yearBits [6]uint64

func (b *yearBits) set(i int)      { b[i/64] |= 1 << (i % 64) }
func (b *yearBits) has(i int) bool { return b[i/64]>>(i%64)&1 != 0 }

type chinaCalendar struct {
	off    [chinaLast - chinaFirst + 1]yearBits
	makeup [chinaLast - chinaFirst + 1]yearBits
}

func newChinaCalendar() *chinaCalendar {
	c := new(chinaCalendar)
	for y := chinaFirst; y <= chinaLast; y++ {
		off, makeup := &c.off[y-chinaFirst], &c.makeup[y-chinaFirst]
		first := civilDay(y, 1, 1)
		add := func(b *yearBits, md monthDay, days int) {
			start := int(civilDay(y, md.month, md.day) - first)
			for i := range days {
				b.set(start + i)
			}
		}
		if notice, ok := chinaNotices[y]; ok {
			for _, p := range notice.off {
				add(off, p.from, p.days)
			}
			for _, md := range notice.makeup {
				add(makeup, md, 1)
			}
			continue
		}
		for _, p := range statutory(y) {
			add(off, p.from, p.days)
		}
	}
	return c
}

// Public implements Holidays.
func (c *chinaCalendar) Public(d Date) bool {
	if d.Year < chinaFirst || d.Year > chinaLast {
		switch d.Month {
		case time.January, time.May:
			return d.Day == 1
		case time.October:
			return d.Day <= 3
		}
		return false
	}
	return c.off[d.Year-chinaFirst].has(int(d.day() - civilDay(d.Year, 1, 1)))
}

// School implements Holidays.
func (c *chinaCalendar) School(Date) (holiday, known bool) { return false, false }

// Workday implements Holidays.
func (c *chinaCalendar) Workday(d Date) bool {
	if c.Public(d) {
		return false
	}
	n := d.day()
	if n.weekday() < 5 {
		return true
	}
	if d.Year < chinaFirst || d.Year > chinaLast {
		return false
	}
	return c.makeup[d.Year-chinaFirst].has(int(n - civilDay(d.Year, 1, 1)))
}
