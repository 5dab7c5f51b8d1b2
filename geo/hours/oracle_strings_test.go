package hours

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

// oracleStrings are strings for the comparison with the reference
// implementation, beside those of the test data and the generated ones.
var oracleStrings = []string{
	"24/7", "off", "open", `closed "for good"`, `"by appointment"`, "24/7; PH off", "unknown",
	"Mo-Fr 08:00-18:00", "Mo-Fr 08:00-12:00,13:00-17:30; Sa 08:00-12:00", "10:00-26:00", "22:00-02:00",
	"Fr-Sa 20:00-03:00; Su 10:00-16:00", "Sa-Mo 10:00-12:00", "Fr-Mo,We 09:00-17:00", "Mo 20:00-24:00; Tu 00:00-02:00",
	"Mo-Su 00:00-24:00; We 02:00-04:00 off", "10:00-10:00", "00:00-00:00", "Mo 10:00-10:00",
	"17:00+", "22:00+", "Mo-Fr 10:00+", "Fr 18:00+ open \"bar\"", "17:00-02:00+", "Mo-Fr 09:00-12:00,14:00+",
	"We[1] 10:00-12:00", "We[1,3] 10:00-12:00", "Fr[-1] 18:00-22:00", "Mo[2]+1 day 10:00-12:00", "Su[1-2,-1] 10:00-12:00",
	"Th[1] -2 days 10:00-12:00", "Sa[-1] +2 days 10:00-12:00", "Su[5] 10:00-12:00", "Su[-5] 10:00-12:00",
	"Jan 10:00-12:00", "Jan-Mar 10:00-12:00", "Nov-Feb 10:00-12:00", "Jan,Mar,Dec Mo 10:00-12:00", "Oct-Mar Mo-Fr 10:00-16:00; Apr-Sep Mo-Fr 09:00-18:00",
	"Dec 24 off; Mo-Su 10:00-20:00; Dec 25-26 off", "Dec 24-Jan 02 10:00-12:00", "Dec 24,26,31 10:00-12:00",
	"Feb 29 10:00-12:00", "Feb 27-Mar 02 10:00-12:00", "Jan 01-31/3 10:00-12:00", "Jun 15-Sep 15: 08:00-20:00",
	"2024 Feb 20-2024 Mar 10 10:00-12:00", "2023 Dec 20-2024 Jan 10 10:00-12:00", "2024 10:00-12:00", "2024-2025 10:00-12:00",
	"2025+ Mo 10:00-12:00", "2023-2027/2 10:00-12:00", "2024/2 Mo-Fr 10:00-12:00", "2024 Jan 03 10:00-12:00", "2024,2026 Jan-Jun 10:00-12:00",
	"Mar Su[-1]-Oct Su[-1] 10:00-12:00", "Mar Su[1] +2 days-Oct Su[-1] -2 days 10:00-12:00", "Dec Su[1] 10:00-18:00",
	"Oct Su[-1]-Mar Su[-1] 10:00-12:00", "Apr-Oct Su[2] 14:00-18:00", "Mar Su[-1]-Dec Su[1] -2 days: 22:00-23:00; PH off",
	"week 1 10:00-12:00", "week 2-52/2 Mo 10:00-12:00", "week 1-53/2 Fr 10:00-12:00", "week 10,20,30-40 Mo-Fr 10:00-12:00", "week 52-53 10:00-12:00",
	"PH off", "PH 10:00-12:00", "Mo-Fr 10:00-18:00; PH off", "PH,Su 10:00-12:00", "Mo-Fr,PH 10:00-12:00", "PH Mo-Fr 10:00-12:00",
	"Mo-Su 08:00-20:00; PH +1 day off", "PH -1 day 10:00-14:00", "Sa,PH -1 day 10:00-14:00", "SH 10:00-14:00", "SH Mo-Fr 10:00-14:00",
	"Mo-Fr 10:00-18:00; SH,PH off", "SH off; Mo-Fr 08:00-16:00", "Mo-Fr 08:00-16:00; SH 10:00-12:00; PH off", "Su,PH,SH 10:00-11:00",
	"easter 10:00-12:00", "easter -2 days 10:00-12:00", "easter +1 day off; Mo 10:00-12:00", "easter -2 days-easter +1 day: 10:00-12:00", "easter-Oct 31 10:00-12:00",
	"Mo-Fr 10:00-12:00 open \"a\", Mo-Fr 12:00-14:00 open \"b\"", "Mo-Fr 08:00-12:00, We 14:00-18:00", "Mo-Fr 08:00-18:00, PH off",
	"Mo-Fr 10:00-18:00 || \"call us\"", "Mo-Fr 10:00-18:00; Sa off || unknown \"maybe\"", "Mo 10:00-12:00 || Tu 10:00-12:00 || \"ask\"",
	"Mo-Fr 10:00-18:00 unknown; We off", "Mo-Sa 10:00-18:00; We 12:00-14:00 off", "10:00-18:00; 12:00-14:00 off", "10:00-12:00; 14:00-16:00",
	"Mo 10:00-12:00; 08:00-09:00", "Mo-Fr 10:00-12:00; Mo-We 14:00-16:00; We-Fr 18:00-19:00 unknown \"x\"",
	"sunrise-sunset", "sunset-sunrise", "dawn-dusk", "(sunrise+01:00)-(sunset-00:30)", "10:00-sunset", "sunrise-12:00", "20:00-sunrise", "sunset-02:00",
	"Mo-Fr sunrise-sunset; Sa,Su (dawn-00:15)-22:00", "sunset+", "dusk-dawn; We off", "Apr-Sep sunrise-20:00; Oct-Mar 08:00-sunset",
	// around the change of the clock
	"01:00-02:30", "02:15-02:45", "22:00-03:15", "Su 00:00-02:30", "Sa 20:00-26:30", "Su 03:00-05:00; Mo 00:00-00:30", "00:30-01:30", "03:10-03:50", "Mo-Su 00:00-24:00; Su 01:15-01:45 off",
	// spellings
	"mo-fr 8:00-18:00", "Mon - Fri 08:00 – 18:00", "Monday-Friday 9:00-17:00, Saturday 10:00-14:00", "Mo—Fr 08.00-18.00", "Mo-Fr 10am-5pm",
	"Mo-Fr 10:00 am - 5:00 pm", "Mo to Fr 9-17", "daily 10:00-20:00", "weekdays 10:00-12:00", "Mo-Fr 08:00-18:00;", "Mo-Fr08:00-12:00,13:00-17:00",
	"Mo-Fr 10:00-12:00 13:00-17:00", "24/7 ;", "MO-FR 08:00-16:00; SA 08:00-12:00; SU,PH OFF", "Mo,Tu,We 8h-12h", "Sa-Su closed; Mo-Fr 10:00-18:00",
	"10:00-12:00 Mo", "Mo open 10:00-12:00", "open Mo", "Mo-Fr 24/7", "Mo-Fr", "Mo-Fr;We off", "Mo-Fr 10:00-24:00; Sa,Su 00:00-24:00",
	"00:00-24:00 week 6 Mo-Su Feb; PH off", "周一-周五 10:00-12:00",
}

// generate returns a random string of the grammar, of which the reference
// implementation can read all.
func generate(rng *rand.Rand) string {
	pick := func(list ...string) string { return list[rng.IntN(len(list))] }
	weekday := func() string { return weekdayNames[rng.IntN(7)] }
	month := func() string { return monthNames[1+rng.IntN(12)] }
	clock := func(hours int) string { return fmt.Sprintf("%02d:%02d", rng.IntN(hours), 15*rng.IntN(4)) }
	days := func() string {
		switch rng.IntN(9) {
		case 0:
			return weekday()
		case 1, 2:
			return weekday() + "-" + weekday()
		case 3:
			return weekday() + "," + weekday()
		case 4:
			return weekday() + "-" + weekday() + ",PH"
		case 5:
			return fmt.Sprintf("%s[%d]", weekday(), 1+rng.IntN(5))
		case 6:
			return fmt.Sprintf("%s[-%d]", weekday(), 1+rng.IntN(5))
		case 7:
			return fmt.Sprintf("%s[%d] %s%d days", weekday(), 1+rng.IntN(4), pick("+", "-"), 2+rng.IntN(4))
		default:
			return pick("PH", "SH", "PH,SH", "PH -1 day", "PH +1 day", "PH "+weekday()+"-"+weekday())
		}
	}
	wide := func() string {
		switch rng.IntN(8) {
		case 0:
			return month()
		case 1:
			return month() + "-" + month()
		case 2:
			return month() + "," + month()
		case 3:
			return fmt.Sprintf("%s %02d-%s %02d", month(), 1+rng.IntN(27), month(), 1+rng.IntN(27))
		case 4:
			return fmt.Sprintf("2024 %s %02d-2025 %s %02d", month(), 1+rng.IntN(28), month(), 1+rng.IntN(28))
		case 5:
			from := 1 + rng.IntN(40)
			return fmt.Sprintf("week %02d-%02d", from, from+1+rng.IntN(12))
		case 6:
			from := 1 + rng.IntN(20)
			return fmt.Sprintf("week %02d-%02d/%d", from, from+10+rng.IntN(20), 2+rng.IntN(3))
		default:
			return pick("2024", "2025+", "2023-2024", "2024/2", "2023-2027/3")
		}
	}
	span := func() string {
		switch rng.IntN(10) {
		case 0, 1:
			return clock(24) + "-" + clock(24)
		case 2:
			return clock(24) + "-24:00"
		case 3:
			return fmt.Sprintf("%02d:00-%02d:30", 16+rng.IntN(8), 24+rng.IntN(10))
		default:
			from := rng.IntN(20)
			return fmt.Sprintf("%02d:30-%02d:00", from, from+1+rng.IntN(23-from))
		}
	}
	var b strings.Builder
	for i := range 1 + rng.IntN(4) {
		if i > 0 {
			b.WriteString(pick("; ", "; ", "; ", ", "))
		}
		var parts []string
		if rng.IntN(3) == 0 {
			parts = append(parts, wide())
		}
		if rng.IntN(5) > 0 || len(parts) == 0 {
			parts = append(parts, days())
		}
		if rng.IntN(6) > 0 {
			spans := span()
			if rng.IntN(3) == 0 {
				spans += "," + span()
			}
			parts = append(parts, spans)
		} else {
			parts = append(parts, pick("off", "open"))
		}
		switch rng.IntN(8) {
		case 0:
			parts = append(parts, `"ask"`)
		case 1:
			if last := parts[len(parts)-1]; last != "off" && last != "open" {
				parts = append(parts, pick("off", "unknown", `open "a"`))
			}
		}
		b.WriteString(strings.Join(parts, " "))
	}
	if rng.IntN(6) == 0 {
		b.WriteString(` || "call"`)
	}
	return b.String()
}

// The differences by design from the reference implementation, by name.
const (
	byOpenEnd  = "an open end beside other times stays unknown; the oracle says closed, except at the very instant it begins"
	byEaster   = "a range that ends on easter includes that day, as every other range does"
	byFullYear = "a range that ends on the day before it begins is the whole year; to the oracle it is empty"
	byClock    = "hours carried over midnight belong to the date before; the oracle looks 24 hours back, which is another date after a change of the clock"
)

// differs names the difference by design that explains why the answers about
// an instant differ, "" where there is none. until and next are the next
// changes, ours and the oracle's.
func differs(s *Schedule, zone *time.Location, at, until, next time.Time) string {
	for i := range s.rules {
		r := &s.rules[i]
		for _, p := range r.spans {
			if p.open && (!p.bare || len(r.spans) > 1) {
				return byOpenEnd
			}
		}
		for _, d := range r.dates {
			if d.from != d.to && d.to.kind == dateEaster {
				return byEaster
			}
			if d.from.kind == dateDay && d.to.kind == dateDay && d.from.year == 0 && d.from.resolve(2023, false) == d.to.resolve(2023, true)+1 {
				return byFullYear
			}
		}
		if r.wraps {
			for _, t := range [...]time.Time{at, until, next} {
				t = t.In(zone)
				if day := t.AddDate(0, 0, -1); !t.IsZero() && t.Sub(day) != 24*time.Hour {
					return byClock
				}
			}
		}
	}
	return ""
}

// byDesign are the differences from the reference implementation, each with an
// example. Where oracle is "error" it cannot read the string.
var byDesign = []struct {
	value, zone, at string
	ours            State
	oracle          string
	why             string
}{
	{"07:30-19:15+", "Europe/Berlin", "2024-03-04 20:00", StateUnknown, "closed", byOpenEnd},
	{"17:00+,14:00-16:00", "Europe/Berlin", "2024-03-04 18:00", StateUnknown, "closed", byOpenEnd},
	{"07:00+,12:00-16:00", "Europe/Berlin", "2024-03-04 10:00", StateUnknown, "closed", byOpenEnd},
	{"easter -2 days-easter +1 day: 10:00-12:00", "Europe/Berlin", "2024-04-01 11:00", StateOpen, "closed", byEaster},
	{"Mar 05-Mar 04 10:00-12:00", "Europe/Berlin", "2024-04-01 11:00", StateOpen, "closed", byFullYear},
	{"Su 22:00-02:00", "Europe/Berlin", "2024-04-01 00:30", StateOpen, "closed", byClock},
	{"Feb 20-28 10:00-12:00", "Europe/Berlin", "2025-02-21 11:00", StateOpen, "closed",
		"a range to the end of February holds in all years; to the oracle it is empty in those without that day or the next"},
	{"Feb 20-29 10:00-12:00", "Europe/Berlin", "2024-02-21 11:00", StateOpen, "closed",
		"a range to the end of February holds in all years; to the oracle it is empty in those without that day or the next"},
	{"Jan 01-Feb 29 10:00-12:00", "Europe/Berlin", "2025-03-01 11:00", StateClosed, "open",
		"29 February as an end is the 28th in years without it; to the oracle it is 1 March"},
	{"PH,SH Mo-Fr 10:00-12:00", "Europe/Berlin", "2024-03-12 11:00", StateClosed, "open",
		"weekdays narrow a list of holidays, as they narrow one holiday; the oracle joins them to it"},
	{"Mo 10:00-12:00 Tu 14:00-16:00", "Europe/Berlin", "2024-03-05 11:00", StateClosed, "open",
		"a weekday after times begins a rule whose semicolon was forgotten; the oracle gives all times to all days"},
	{"Mo-Fr 10:00-18:00 PH off", "Europe/Berlin", "2024-03-04 11:00", StateOpen, "closed",
		"a holiday after times begins a rule whose semicolon was forgotten; the oracle shuts the whole"},
	{"Mo 00:00-12:00 || Su 20:00-30:00 unknown", "Europe/Berlin", "2024-03-04 01:00", StateOpen, "unknown",
		"what a fallback carries over midnight is still a fallback; to the oracle it overrules"},
	{"2023 Dec-Feb 10:00-12:00", "Europe/Berlin", "2024-01-10 11:00", StateOpen, "closed",
		"a range of months with a year runs on from that year; the oracle cuts it at new year"},
	{"2021 Mar 28-Apr 16 10:00-12:00", "Europe/Berlin", "2021-04-10 11:00", StateOpen, "error",
		"the second year of a range may be left out"},
	{"week 50-03 10:00-12:00", "Europe/Berlin", "2024-01-10 11:00", StateOpen, "error", "weeks may wrap the year"},
	{"PH +2 days 10:00-12:00", "Europe/Berlin", "2024-05-03 11:00", StateOpen, "error", "holidays may be moved by more than a day"},
	{"1 Jan-5 Jan 10:00-12:00", "Europe/Berlin", "2024-01-03 11:00", StateOpen, "error", "the day may stand before the month"},
	{"0800-1200", "Europe/Berlin", "2024-01-03 11:00", StateOpen, "error", "times may lack their colon"},
	{"工作日 10:00-12:00", "Europe/Berlin", "2024-01-03 11:00", StateOpen, "error", "工作日 is a word of ours"},
}
