package hours

import (
	"fmt"
	"strconv"
	"strings"
)

// String returns the schedule in canonical form: selectors in the order of the
// specification, two digits for hours and days, no superfluous words. It
// parses to a schedule of the same meaning and the same String.
func (s *Schedule) String() string {
	var b strings.Builder
	for i := range s.rules {
		switch {
		case i == 0:
		case s.rules[i].join == joinAdditional:
			b.WriteString(", ")
		case s.rules[i].join == joinFallback:
			b.WriteString(" || ")
		default:
			b.WriteString("; ")
		}
		more := i+1 < len(s.rules) && s.rules[i+1].join == joinAdditional
		s.rules[i].write(&b, more)
	}
	return b.String()
}

// write writes the rule; stated asks for its state even where it goes without
// saying.
func (r *rule) write(b *strings.Builder, stated bool) {
	start := b.Len()
	sep := func() {
		if b.Len() > start {
			b.WriteByte(' ')
		}
	}
	list(b, sep, len(r.years), func(i int) { r.years[i].write(b) })
	if n := len(r.years); n > 0 && len(r.dates) > 0 && r.years[n-1].from == r.years[n-1].to {
		b.WriteByte(':') // else the year would belong to the date
	}
	list(b, sep, len(r.dates), func(i int) { r.dates[i].write(b) })
	if len(r.weeks) > 0 {
		sep()
		b.WriteString("week")
		list(b, func() { b.WriteByte(' ') }, len(r.weeks), func(i int) { r.weeks[i].write(b) })
	}
	list(b, sep, len(r.holidays), func(i int) { r.holidays[i].write(b) })
	list(b, sep, len(r.days), func(i int) { r.days[i].write(b) })
	if len(r.spans) == 1 && r.spans[0] == (span{end: timePoint{minutes: minutesPerDay}}) && !r.hasDates() {
		b.WriteString("24/7")
	} else {
		list(b, sep, len(r.spans), func(i int) { r.spans[i].write(b) })
	}
	switch {
	case r.state == StateClosed:
		sep()
		b.WriteString("off")
	case r.state == StateUnknown && (r.comment == "" || stated):
		sep()
		b.WriteString("unknown")
	case r.state == StateOpen && (r.comment != "" || len(r.spans) == 0 || stated):
		sep()
		b.WriteString("open")
	}
	if r.comment != "" {
		sep()
		b.WriteString(`"` + r.comment + `"`)
	}
}

// list writes n items with commas, after one sep.
func list(b *strings.Builder, sep func(), n int, write func(int)) {
	for i := range n {
		if i == 0 {
			sep()
		} else {
			b.WriteByte(',')
		}
		write(i)
	}
}

func (y yearRange) write(b *strings.Builder) {
	b.WriteString(strconv.Itoa(y.from))
	switch {
	case y.to == endless && y.step == 1:
		b.WriteByte('+')
	case y.to != endless && y.to != y.from:
		b.WriteString("-" + strconv.Itoa(y.to))
	}
	writeStep(b, y.step)
}

func (w weekRange) write(b *strings.Builder) {
	fmt.Fprintf(b, "%02d", w.from)
	if w.to != w.from || w.step > 1 {
		fmt.Fprintf(b, "-%02d", w.to)
	}
	writeStep(b, w.step)
}

func writeStep(b *strings.Builder, step int) {
	if step > 1 {
		b.WriteString("/" + strconv.Itoa(step))
	}
}

func writeOffset(b *strings.Builder, days int) {
	switch {
	case days == 1 || days == -1:
		fmt.Fprintf(b, " %+d day", days)
	case days != 0:
		fmt.Fprintf(b, " %+d days", days)
	}
}

func (d dateRange) write(b *strings.Builder) {
	d.from.write(b)
	if d.from == d.to && d.step == 0 {
		return
	}
	b.WriteByte('-')
	if d.from.kind == dateDay && d.from.day > 0 && d.from.offset == 0 && d.to.kind == dateDay && d.to.offset == 0 &&
		d.from.year == d.to.year && d.from.month == d.to.month && d.to.day >= d.from.day {
		fmt.Fprintf(b, "%02d", d.to.day)
	} else {
		d.to.write(b)
	}
	writeStep(b, d.step)
}

func (e dateEnd) write(b *strings.Builder) {
	if e.year != 0 {
		fmt.Fprintf(b, "%d ", e.year)
	}
	switch e.kind {
	case dateEaster:
		b.WriteString("easter")
	case dateNth:
		fmt.Fprintf(b, "%s %s[%d]", monthNames[e.month], weekdayNames[e.weekday], e.nth)
	default:
		b.WriteString(monthNames[e.month])
		if e.day > 0 {
			fmt.Fprintf(b, " %02d", e.day)
		}
	}
	writeOffset(b, e.offset)
}

func (d daySelector) write(b *strings.Builder) {
	switch d.kind {
	case dayPublic:
		b.WriteString("PH")
	case daySchool:
		b.WriteString("SH")
	case dayWorkday:
		b.WriteString("工作日")
	default:
		b.WriteString(weekdayNames[d.from])
		if d.nth != 0 {
			b.WriteByte('[')
			for i, n := range nthList(d.nth) {
				if i > 0 {
					b.WriteByte(',')
				}
				b.WriteString(strconv.Itoa(n))
			}
			b.WriteByte(']')
		} else if d.from != d.to {
			b.WriteString("-" + weekdayNames[d.to])
		}
	}
	writeOffset(b, d.offset)
}

func (p span) write(b *strings.Builder) {
	p.start.write(b)
	if !p.bare {
		end := p.end
		fixed := p.start.event == eventNone
		if end.event == eventNone {
			over := end.minutes - minutesPerDay
			if over > 0 && (over < p.start.nominal() || fixed && over == p.start.minutes) {
				end.minutes = over
			}
		}
		b.WriteByte('-')
		end.write(b)
	}
	if p.open {
		b.WriteByte('+')
	}
}

func (t timePoint) write(b *strings.Builder) {
	if t.event == eventNone {
		fmt.Fprintf(b, "%02d:%02d", t.minutes/60, t.minutes%60)
		return
	}
	name := eventNames[t.event]
	if t.minutes == 0 {
		b.WriteString(name)
		return
	}
	sign, m := '+', t.minutes
	if m < 0 {
		sign, m = '-', -m
	}
	fmt.Fprintf(b, "(%s%c%02d:%02d)", name, sign, m/60, m%60)
}
