package hours

import (
	"testing"
	"time"

	"github.com/paulmach/orb"
)

var (
	helsinki  = orb.Point{24.94, 60.17}
	vancouver = orb.Point{-123.11, 49.26}
	chengdu   = orb.Point{104.06, 30.66}
)

func zoned(t testing.TB, name string) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func instant(t testing.TB, zone *time.Location, s string) time.Time {
	t.Helper()
	layout := "2006-01-02 15:04"
	if len(s) > len(layout) {
		layout += " MST"
	}
	at, err := time.ParseInLocation(layout, s, zone)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func must(t testing.TB, s string) *Schedule {
	t.Helper()
	schedule, err := Parse(s)
	if err != nil {
		t.Fatalf("%s: %v", s, err)
	}
	return schedule
}

func TestAt(t *testing.T) {
	const never = ""
	for _, c := range []struct {
		name, hours, zone, at string
		state                 State
		comment, until        string
		next                  State
	}{
		{"midnight is joined", "Mo 20:00-24:00; Tu 00:00-02:00", "Asia/Shanghai", "2024-03-04 21:00", StateOpen, "", "2024-03-05 02:00", StateClosed},
		{"past midnight", "Mo 20:00-26:00", "Asia/Shanghai", "2024-03-05 01:30", StateOpen, "", "2024-03-05 02:00", StateClosed},
		{"past midnight into a closed day", "Mo 20:00-26:00; Tu off", "Asia/Shanghai", "2024-03-04 21:00", StateOpen, "", "2024-03-05 00:00", StateClosed},
		{"all week", "Sa-Fr 00:00-24:00", "Asia/Shanghai", "2024-03-05 01:30", StateOpen, "", never, 0},
		{"always", "24/7", "Asia/Shanghai", "2024-03-05 01:30", StateOpen, "", never, 0},
		{"never", `off "gone"`, "Asia/Shanghai", "2024-03-05 01:30", StateClosed, "gone", never, 0},
		{"weekend over the week's end", "Sa-Mo 10:00-12:00", "Asia/Shanghai", "2024-03-04 12:00", StateClosed, "", "2024-03-09 10:00", StateOpen},
		{"until is exclusive", "10:00-12:00", "Asia/Shanghai", "2024-03-04 12:00", StateClosed, "", "2024-03-05 10:00", StateOpen},
		{"comment changes are no change", `Mo 12:00-14:00 open "a", Mo 14:00-16:00 open "b"`, "Asia/Shanghai", "2024-03-04 13:00", StateOpen, "a", "2024-03-04 16:00", StateClosed},
		{"fallback", `Mo-Fr 10:00-18:00 || "call"`, "Asia/Shanghai", "2024-03-09 13:00", StateUnknown, "call", "2024-03-11 10:00", StateOpen},
		{"leap day", "Feb 29 10:00-12:00", "Asia/Shanghai", "2025-01-01 00:00", StateClosed, "", "2028-02-29 10:00", StateOpen},
		{"year's end", "Dec 24-Jan 02 10:00-12:00", "Asia/Shanghai", "2024-12-31 13:00", StateClosed, "", "2025-01-01 10:00", StateOpen},
		{"ISO week 53", "week 53 Mo 10:00-12:00", "Asia/Shanghai", "2026-01-01 00:00", StateClosed, "", "2026-12-28 10:00", StateOpen},
		{"nth weekday with offset", "Mo[2]+1 day 10:00-12:00", "Asia/Shanghai", "2024-07-01 00:00", StateClosed, "", "2024-07-09 10:00", StateOpen},
		{"last weekday", "Fr[-1] 10:00-12:00", "Asia/Shanghai", "2024-02-01 00:00", StateClosed, "", "2024-02-23 10:00", StateOpen},
		{"nth weekday moved out of its month", "Th[1] -2 days 10:00-12:00", "Asia/Shanghai", "2024-01-25 00:00", StateClosed, "", "2024-01-30 10:00", StateOpen},
		{"easter", "easter +1 day 10:00-12:00", "Asia/Shanghai", "2024-01-01 00:00", StateClosed, "", "2024-04-01 10:00", StateOpen},
		{"open end", "17:00+", "Asia/Shanghai", "2024-03-04 18:00", StateUnknown, "", "2024-03-05 03:00", StateClosed},
		{"open end behind a span", "10:00-17:00+", "Asia/Shanghai", "2024-03-04 11:00", StateOpen, "", "2024-03-04 17:00", StateUnknown},
		{"open end before a span", "07:00+,12:00-16:00", "Asia/Shanghai", "2024-03-04 17:00", StateClosed, "", "2024-03-05 07:00", StateUnknown},

		// The clock in Vancouver goes from 01:59 PST to 03:00 PDT on
		// 2024-03-10 and from 01:59 PDT to 01:00 PST on 2024-11-03.
		{"spring: opens in the lost hour", "02:30-05:00", "America/Vancouver", "2024-03-10 01:00", StateClosed, "", "2024-03-10 03:00", StateOpen},
		{"spring: closes in the lost hour", "00:00-02:30", "America/Vancouver", "2024-03-10 01:00", StateOpen, "", "2024-03-10 03:00", StateClosed},
		{"spring: all of it lost", "02:15-02:45", "America/Vancouver", "2024-03-10 01:00", StateClosed, "", "2024-03-11 02:15", StateOpen},
		{"spring: over the night", "22:00-06:00", "America/Vancouver", "2024-03-09 23:00", StateOpen, "", "2024-03-10 06:00", StateClosed},
		{"autumn: first reading", "00:00-01:30", "America/Vancouver", "2024-11-03 00:15", StateOpen, "", "2024-11-03 01:30 PDT", StateClosed},
		{"autumn: read again", "00:00-01:30", "America/Vancouver", "2024-11-03 01:45 PDT", StateClosed, "", "2024-11-03 01:00 PST", StateOpen},
		{"autumn: second reading", "00:00-01:30", "America/Vancouver", "2024-11-03 01:15 PST", StateOpen, "", "2024-11-03 01:30 PST", StateClosed},
		{"autumn: over the night", "22:00-06:00", "Europe/Helsinki", "2024-10-26 23:00", StateOpen, "", "2024-10-27 06:00", StateClosed},
		// In Beirut the clock goes forward at midnight.
		{"midnight does not exist", "Su 00:00-08:00", "Asia/Beirut", "2024-03-30 22:00", StateClosed, "", "2024-03-31 01:00", StateOpen},
		// Samoa had no 30 December 2011.
		{"a date does not exist", "Fr 10:00-12:00", "Pacific/Apia", "2011-12-29 13:00", StateClosed, "", "2012-01-06 10:00", StateOpen},
	} {
		zone := zoned(t, c.zone)
		s := must(t, c.hours)
		place := Place{Zone: zone, Holidays: NoHolidays{}}
		at := instant(t, zone, c.at)
		got := s.At(at, place)
		want := Status{State: c.state, Comment: c.comment}
		if c.until != never {
			want.Until, want.Next = instant(t, zone, c.until), c.next
		}
		if got.State != want.State || got.Comment != want.Comment || !got.Until.Equal(want.Until) || got.Next != want.Next && !want.Until.IsZero() {
			t.Errorf("%s: %s at %s\n\tis   %+v\n\twant %+v", c.name, c.hours, c.at, got, want)
		}
		if quick := s.StateAt(at, place); quick != c.state {
			t.Errorf("%s: StateAt is %s, want %s", c.name, quick, c.state)
		}
	}
}

func TestZoneOfInstant(t *testing.T) {
	s := must(t, "10:00-12:00")
	at := instant(t, zoned(t, "Asia/Shanghai"), "2024-03-04 11:00")
	if got := s.StateAt(at, Place{}); got != StateOpen {
		t.Errorf("in the instant's own zone: %s", got)
	}
	if got := s.StateAt(at, Place{Zone: time.UTC}); got != StateClosed {
		t.Errorf("in UTC: %s", got)
	}
}

func TestHolidaySelectors(t *testing.T) {
	zone := zoned(t, "Asia/Shanghai")
	for _, c := range []struct {
		hours, at string
		holidays  Holidays
		want      State
	}{
		// Thursday 2026-10-01 is National Day, Saturday 2026-10-10 is worked.
		{"Mo-Fr 09:00-18:00; PH off", "2026-10-01 10:00", China(), StateClosed},
		{"Mo-Fr 09:00-18:00; PH off", "2026-10-01 10:00", NoHolidays{}, StateOpen},
		{"Mo-Fr 09:00-18:00; PH off", "2026-10-01 10:00", nil, StateOpen},
		{"Mo-Fr 09:00-18:00; PH off", "2026-10-10 10:00", China(), StateClosed},
		{"工作日 09:00-18:00", "2026-10-10 10:00", China(), StateOpen},
		{"工作日 09:00-18:00", "2026-10-01 10:00", China(), StateClosed},
		{"工作日 09:00-18:00", "2026-10-12 10:00", China(), StateOpen},
		{"工作日 09:00-18:00", "2026-10-10 10:00", NoHolidays{}, StateClosed},
		{"PH -1 day 09:00-18:00", "2026-09-30 10:00", China(), StateOpen},
		{"PH +1 day 09:00-18:00", "2026-10-08 10:00", China(), StateOpen},
		{"PH Sa-Su 09:00-18:00", "2026-10-03 10:00", China(), StateOpen},
		{"PH Sa-Su 09:00-18:00", "2026-10-01 10:00", China(), StateClosed},
		{"PH,Su 09:00-18:00", "2026-10-11 10:00", China(), StateOpen},
		// School holidays are not known in China: unknown where they matter.
		{"Mo-Fr 09:00-18:00; SH off", "2026-07-14 10:00", China(), StateUnknown},
		{"Mo-Fr 09:00-18:00; SH off", "2026-07-14 20:00", China(), StateClosed},
		{"Mo-Fr 09:00-18:00; SH 08:00-12:00", "2026-07-14 10:00", China(), StateOpen},
		{"Mo-Fr 09:00-18:00; SH off", "2026-07-14 10:00", nil, StateOpen},
	} {
		place := Place{Zone: zone, Holidays: c.holidays}
		s, at := must(t, c.hours), instant(t, zone, c.at)
		if got := s.StateAt(at, place); got != c.want {
			t.Errorf("%s at %s: %s, want %s", c.hours, c.at, got, c.want)
		}
		if got := s.At(at, place).State; got != c.want {
			t.Errorf("%s at %s: At is %s, want %s", c.hours, c.at, got, c.want)
		}
	}
	// The unknown school holidays end with the hours they bear on.
	got := must(t, "Mo-Fr 09:00-18:00; SH off").At(instant(t, zone, "2026-07-14 10:00"), Place{Zone: zone, Holidays: China()})
	if want := instant(t, zone, "2026-07-14 18:00"); !got.Until.Equal(want) || got.Next != StateClosed {
		t.Errorf("until %s, want %s", got.Until, want)
	}
}

func TestNextOpen(t *testing.T) {
	zone := zoned(t, "Asia/Shanghai")
	place := Place{Zone: zone, Holidays: China()}
	for _, c := range []struct{ hours, at, want string }{
		{"10:00-12:00", "2024-03-04 11:00", "2024-03-04 11:00"},
		{"10:00-12:00", "2024-03-04 09:00", "2024-03-04 10:00"},
		{"Mo-Fr 10:00-12:00; PH off", "2026-09-30 12:00", "2026-10-08 10:00"},
		{"06:00-08:00 unknown; 10:00+, Su 12:00-13:00", "2024-03-04 05:00", "2024-03-10 12:00"},
		{"2020 10:00-12:00", "2024-03-04 09:00", ""},
		{`"ask"`, "2024-03-04 09:00", ""},
	} {
		got, ok := must(t, c.hours).NextOpen(instant(t, zone, c.at), place)
		if ok != (c.want != "") || ok && !got.Equal(instant(t, zone, c.want)) {
			t.Errorf("%s from %s: %v %v, want %q", c.hours, c.at, got, ok, c.want)
		}
	}
}
