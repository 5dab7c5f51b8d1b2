package table

import (
	"fmt"
	"regexp"
	"strings"
)

// ReadHours turns opening hours written in Chinese into an opening_hours
// string: "周一至周五 08:30-12:00,13:00-17:30" becomes
// "Mo-Fr 08:30-12:00,13:00-17:30", "24小时" becomes "24/7".
//
// It reads a text as a whole or not at all: one word it does not know, a
// season without its months, an end before its beginning that is not plainly
// past midnight, and ok is false.
//
// Where the text names days but no times, as 工作日开放 does, nobody can say
// when on those days it is open, only that on the others it is not: partly is
// then true and the string says unknown for the days named,
// `Mo-Fr unknown "工作日开放"; Sa-Su off; PH off`. "Mo-Fr" alone would say it
// is open at midnight. 工作日 stands for days that are no public holidays.
func ReadHours(text string) (hours string, partly, ok bool) {
	text, cut := clean(text, 200)
	if cut || text == "" {
		return "", false, false
	}
	tokens, ok := hourTokens(exceptForm.ReplaceAllString(narrow(text), " ${1}除外;"))
	if !ok {
		return "", false, false
	}
	p := hoursParser{tokens: tokens}
	if !p.parse() || len(p.rules) == 0 || !p.settle() {
		return "", false, false
	}
	months := 0
	for _, r := range p.rules {
		if r.months != "" {
			months++
		}
	}
	// A season without months beside times means two sets of hours of which
	// nobody says when they change.
	for _, season := range seasonWords {
		if strings.Contains(text, season) && months != strings.Count(text, "季")+strings.Count(text, "令时") {
			return "", false, false
		}
	}
	// 中午不休 beside a break at noon contradicts it.
	for _, r := range p.rules {
		if len(r.spans) > 1 && noBreak.MatchString(text) {
			return "", false, false
		}
	}
	return p.write(text)
}

// exceptForm finds 除周三外, which says the same as 周三除外.
var exceptForm = regexp.MustCompile(`除了?([^除外,;。()]+?)(?:以外|之外|外),?`)

var noBreak = regexp.MustCompile(`(?:中午|午间)不休`)

// hoursRule is one clause: on some days of some months, at some times.
type hoursRule struct {
	months  string // selector, "" for all year
	days    int    // mask, 0 where no day is named
	workday bool
	holiday bool
	spans   []span
	after   bool // begins with 下午 or 晚上, behind the end of another clause
	allDay  bool
	off     bool
	always  bool
	open    bool
}

func (r *hoursRule) hasDays() bool  { return r.days != 0 || r.holiday }
func (r *hoursRule) hasHours() bool { return len(r.spans) > 0 || r.allDay || r.off || r.always }

type hoursParser struct {
	tokens  []token
	at      int
	rules   []hoursRule
	cur     hoursRule
	half    int
	booking bool
}

func (p *hoursParser) peek(ahead int) (token, bool) {
	if p.at+ahead < len(p.tokens) {
		return p.tokens[p.at+ahead], true
	}
	return token{}, false
}

func (p *hoursParser) kindAt(ahead int) (tokenKind, bool) {
	t, ok := p.peek(ahead)
	return t.kind, ok
}

// flush ends the clause under way.
func (p *hoursParser) flush() {
	if p.cur.hasDays() || p.cur.hasHours() || p.cur.open || p.cur.months != "" {
		p.rules = append(p.rules, p.cur)
	}
	p.cur, p.half = hoursRule{}, 0
}

func (p *hoursParser) parse() bool {
	for p.at < len(p.tokens) {
		if !p.step() {
			return false
		}
	}
	p.flush()
	return p.spreadMonths()
}

func (p *hoursParser) step() bool {
	t := p.tokens[p.at]
	switch t.kind {
	case tMonth, tDate, tNumber:
		if months, n := p.monthRange(); n > 0 {
			p.flush()
			p.cur.months = months
			p.at += n
			return true
		}
		if t.kind == tNumber {
			return p.times()
		}
		return false
	case tDay, tDays, tWorkday, tHoliday:
		return p.days()
	case tHalf, tClock:
		return p.times()
	case tAllDay:
		if len(p.cur.spans) > 0 || p.cur.off {
			return false
		}
		p.cur.allDay = true
	case tOff:
		if !p.cur.hasDays() || p.cur.hasHours() {
			return false
		}
		p.cur.off = true
		p.at++
		p.flush()
		return true
	case tAlways:
		p.cur.always = true
	case tOpen:
		p.cur.open = true
	case tBooking:
		p.booking = true
	case tEnd:
		p.flush()
	case tSep:
	default:
		return false
	}
	p.at++
	return true
}

// days reads a list of days. Days that follow times begin the next clause,
// unless the clause has none yet and nothing follows them: "9:00-17:00
// (周一至周五)".
func (p *hoursParser) days() bool {
	var mask int
	var workday, holiday bool
	for {
		t, ok := p.peek(0)
		if !ok {
			break
		}
		switch t.kind {
		case tDay:
			p.at++
			from, to := t.value, t.value
			if k, _ := p.kindAt(0); k == tDash && p.at < len(p.tokens) {
				end, ok := p.peek(1)
				if !ok || end.kind != tDay {
					return false
				}
				to = end.value
				p.at += 2
			}
			for d := from; ; d = (d + 1) % 7 {
				mask |= 1 << d
				if d == to {
					break
				}
			}
		case tDays:
			p.at++
			mask |= t.value
		case tWorkday:
			p.at++
			mask, workday = mask|weekdays, true
		case tHoliday:
			p.at++
			holiday = true
		default:
			return p.takeDays(mask, workday, holiday)
		}
		// A separator goes on only to another day.
		if k, ok := p.kindAt(0); ok && k == tSep {
			if next, ok := p.kindAt(1); ok && next <= tHoliday {
				p.at++
			}
		}
	}
	return p.takeDays(mask, workday, holiday)
}

func (p *hoursParser) takeDays(mask int, workday, holiday bool) bool {
	belongs := true // to what follows, not to the times before
	if !p.cur.hasDays() && (len(p.cur.spans) > 0 || p.cur.allDay) {
		belongs = false
		for ahead := 0; ; ahead++ {
			k, ok := p.kindAt(ahead)
			if !ok || k == tEnd || k == tSep && ahead == 0 || k <= tHoliday || k == tMonth || k == tDate {
				break
			}
			if k == tClock || k == tNumber || k == tHalf || k == tAllDay || k == tOff || k == tAlways {
				belongs = true
				break
			}
		}
	}
	if belongs && (p.cur.hasHours() || p.cur.hasDays()) {
		months := p.cur.months
		p.flush()
		p.cur.months = months
	}
	p.cur.days |= mask
	p.cur.workday = p.cur.workday || workday
	p.cur.holiday = p.cur.holiday || holiday
	if !belongs {
		months := p.cur.months
		p.flush()
		p.cur.months = months
	}
	return true
}

// clock is one end of a range of times.
type clock struct {
	minutes int
	bare    bool // a number without a word for hour
	padded  bool // 08:30, not 8:30
	half    int  // 0 where not said
	nextDay bool
}

func (p *hoursParser) clock() (clock, bool) {
	var c clock
	for {
		t, ok := p.peek(0)
		if !ok {
			return c, false
		}
		switch {
		case t.kind == tHalf && c.half == 0:
			c.half = t.value
		case t.kind == tNextDay && !c.nextDay:
			c.nextDay = true
		case t.kind == tClock, t.kind == tNumber && t.value <= 24:
			p.at++
			c.minutes, c.bare, c.padded = t.value, t.kind == tNumber, t.padded
			if c.bare {
				c.minutes *= 60
			}
			// English puts the half behind: 9:00 am.
			if after, ok := p.peek(0); ok && after.kind == tHalf && c.half == 0 {
				if k, more := p.kindAt(1); !more || k == tDash || k == tSep || k == tEnd {
					c.half = after.value
					p.at++
				}
			}
			return c, true
		default:
			return c, false
		}
		p.at++
	}
}

// times reads one range of times and adds it to the clause.
func (p *hoursParser) times() bool {
	from, ok := p.clock()
	if !ok || from.nextDay {
		return false
	}
	switch k, ok := p.kindAt(0); {
	case ok && k == tDash:
		p.at++
	case ok && k == tHalf && from.bare && from.half != 0: // 早8晚10
	default:
		return false
	}
	to, ok := p.clock()
	if !ok || p.cur.off || p.cur.allDay {
		return false
	}
	// 9-18 without any word for a time may be anything.
	if from.bare && to.bare && from.half == 0 && to.half == 0 {
		return false
	}
	start, ok := inHalf(from.minutes, from.half)
	if !ok {
		return false
	}
	half := to.half
	if half == 0 && from.half >= aroundNoon {
		half = from.half // 下午2:00-5:30
	}
	end, ok := inHalf(to.minutes, half)
	if to.half == 0 && half >= aroundNoon && (!ok || end <= start) {
		end, ok = to.minutes, true // 晚8点-2点
	}
	if !ok {
		return false
	}
	const day = 24 * 60
	if end == 0 && start > 0 {
		end = day
	}
	switch {
	case to.nextDay:
		if end >= day && to.minutes != day {
			return false
		}
		end %= day
		if end > start {
			return false // more than a day
		}
	case end > start:
	case end == start, start >= day:
		return false
	case to.half == smallHours, start >= 17*60, end <= 3*60 && (start >= 13*60 || to.padded):
		// Past midnight. 8:00-2:00 and 14:00-5:30 may mean the afternoon.
	default:
		return false
	}
	if end == start || start >= day {
		return false
	}
	if start == 0 && end == day {
		p.cur.allDay = true
		return true
	}
	if start == 0 && end == 0 {
		return false
	}
	said := from.half != 0 || to.half != 0 || to.nextDay
	if len(p.cur.spans) == 0 && !p.cur.hasDays() && p.cur.months == "" {
		p.cur.after = from.half >= afterNoon
	}
	p.cur.spans = append(p.cur.spans, span{start, end, said, from.padded})
	return true
}

// inHalf places a time of a twelve-hour clock in its half of the day. A time
// beyond noon needs no help and is left alone.
func inHalf(minutes, half int) (int, bool) {
	const noon, day = 12 * 60, 24 * 60
	switch half {
	case beforeNoon:
		return minutes, true
	case smallHours:
		if minutes >= noon && minutes < noon+60 {
			return minutes - noon, true // 凌晨12点半
		}
		return minutes, minutes <= 6*60 || minutes == day
	case aroundNoon:
		if minutes >= 11*60 {
			return minutes, true
		}
		return minutes + noon, minutes <= 3*60
	case afterNoon:
		if minutes >= noon {
			return minutes, true
		}
		return minutes + noon, true
	case atNight:
		switch {
		case minutes == noon:
			return day, true
		case minutes > noon:
			return minutes, true
		}
		return minutes + noon, minutes >= 4*60
	}
	return minutes, true
}

// monthRange reads 5月-9月, 5-9月, 5月1日-9月30日, 7月; n is how many tokens.
func (p *hoursParser) monthRange() (selector string, n int) {
	first, _ := p.peek(0)
	dash, _ := p.kindAt(1)
	second, more := p.peek(2)
	if more && dash == tDash {
		switch {
		case second.kind == tMonth && (first.kind == tMonth || first.kind == tNumber && first.value >= 1 && first.value <= 12):
			return monthNames[first.value] + "-" + monthNames[second.value], 3
		case first.kind == tDate && second.kind == tDate:
			return dateName(first.value) + "-" + dateName(second.value), 3
		}
	}
	if first.kind == tMonth {
		return monthNames[first.value], 1
	}
	return "", 0
}

var monthNames = [...]string{"", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"}

func dateName(d int) string { return fmt.Sprintf("%s %02d", monthNames[d/100], d%100) }

// spreadMonths checks that a clause with months has something to say.
func (p *hoursParser) spreadMonths() bool {
	for _, r := range p.rules {
		if r.months != "" && !r.hasHours() {
			return false
		}
	}
	return true
}
