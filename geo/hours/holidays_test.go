package hours

import (
	"math"
	"testing"
	"time"
)

func TestChina(t *testing.T) {
	cn := China()
	for _, c := range []struct {
		date            string
		public, workday bool
	}{
		{"2024-02-09", false, true}, // New Year's Eve was no day off in 2024
		{"2024-02-10", true, false},
		{"2024-02-17", true, false},
		{"2024-02-18", false, true}, // Sunday, worked
		{"2024-06-08", false, false},
		{"2024-10-12", false, true},
		{"2025-01-26", false, true},
		{"2025-01-28", true, false},
		{"2025-10-06", true, false},
		{"2025-10-08", true, false},
		{"2025-10-09", false, true},
		{"2026-01-02", true, false},
		{"2026-01-04", false, true},
		{"2026-02-15", true, false},
		{"2026-02-23", true, false},
		{"2026-02-24", false, true},
		{"2026-09-20", false, true},
		{"2026-11-22", false, false}, // any Sunday
		{"2027-02-05", true, false},  // statutory from here on: the eve
		{"2027-02-08", true, false},
		{"2027-02-09", false, true},
		{"2027-05-02", true, false},
		{"2027-05-03", false, true},
		{"2028-10-03", true, false}, // Mid-Autumn and National Day together
		{"2031-10-01", true, false},
		{"2035-06-10", true, false},
		{"2040-10-01", true, false},
		{"2040-02-12", false, false}, // lunar New Year, a Sunday, beyond the table
		{"2010-05-01", true, false},
	} {
		at, err := time.Parse(time.DateOnly, c.date)
		if err != nil {
			t.Fatal(err)
		}
		d := Date{at.Year(), at.Month(), at.Day()}
		if got := cn.Public(d); got != c.public {
			t.Errorf("%s: Public is %v", c.date, got)
		}
		if got := cn.Workday(d); got != c.workday {
			t.Errorf("%s: Workday is %v", c.date, got)
		}
		if _, known := cn.School(d); known {
			t.Errorf("%s: school holidays are known", c.date)
		}
	}
	// The number of days off and of make-up workdays of each notice.
	for year, want := range map[int][2]int{2024: {28, 8}, 2025: {28, 5}, 2026: {33, 6}, 2027: {13, 0}, 2028: {12, 0}, 2031: {12, 0}} {
		var got [2]int
		for n := civilDay(year, 1, 1); n < civilDay(year+1, 1, 1); n++ {
			if cn.Public(n.date()) {
				got[0]++
			}
			if cn.Workday(n.date()) && n.weekday() >= 5 {
				got[1]++
			}
		}
		if got != want {
			t.Errorf("%d: %d days off and %d make-up workdays, want %v", year, got[0], got[1], want)
		}
	}
}

// newMoon returns the instant of a mean new moon corrected by its largest
// periodic terms, in days since 1970 UTC, within a few minutes (Meeus,
// "Astronomical Algorithms", chapter 49; k counts from January 2000).
func newMoon(k float64) float64 {
	const rad = math.Pi / 180
	t := k / 1236.85
	jde := 2451550.09766 + 29.530588861*k + 0.00015437*t*t
	e := 1 - 0.002516*t
	m := (2.5534 + 29.10535670*k) * rad
	mm := (201.5643 + 385.81693528*k + 0.0107582*t*t) * rad
	f := (160.7108 + 390.67050284*k) * rad
	omega := (124.7746 - 1.56375588*k) * rad
	jde += -0.40720*math.Sin(mm) + 0.17241*e*math.Sin(m) + 0.01608*math.Sin(2*mm) + 0.01039*math.Sin(2*f) +
		0.00739*e*math.Sin(mm-m) - 0.00514*e*math.Sin(mm+m) + 0.00208*e*e*math.Sin(2*m) - 0.00111*math.Sin(mm-2*f) -
		0.00057*math.Sin(mm+2*f) + 0.00056*e*math.Sin(2*mm+m) - 0.00042*math.Sin(3*mm) + 0.00042*e*math.Sin(m+2*f) +
		0.00038*e*math.Sin(m-2*f) - 0.00024*e*math.Sin(2*mm-m) - 0.00017*math.Sin(omega)
	return jde - 70.0/86400 - 2440587.5
}

// TestLunarTable checks the table of festivals against the sky: a lunar month
// begins on the day of the new moon in China, Qingming is the day on which the
// sun's longitude reaches 15 degrees.
func TestLunarTable(t *testing.T) {
	isNewMoon := func(n day) bool {
		k := math.Round((float64(n) - 10957) / 29.530588861)
		for _, d := range []float64{-1, 0, 1} {
			if day(math.Floor(newMoon(k+d)+8.0/24)) == n {
				return true
			}
		}
		return false
	}
	longitude := func(n day) float64 { // at midnight in China
		// The declination gives the longitude near the equinox.
		_, decl := sunPosition(float64(n)*minutesPerDay - 8*60)
		return math.Asin(math.Sin(decl)/math.Sin(23.4364*math.Pi/180)) * 180 / math.Pi
	}
	for i, l := range lunarTable {
		y := chinaFirst + i
		at := func(md monthDay) day { return civilDay(y, md.month, md.day) }
		for name, first := range map[string]day{
			"春节": at(l.spring), "端午": at(l.dragonBoat) - 4, "中秋": at(l.midAutumn) - 14,
		} {
			if !isNewMoon(first) {
				t.Errorf("%d: the month of %s does not begin at a new moon, on %v", y, name, first.date())
			}
		}
		if n := at(l.qingming); longitude(n) > 15 || longitude(n+1) <= 15 {
			t.Errorf("%d: on %v the sun goes from %.3f to %.3f degrees", y, n.date(), longitude(n), longitude(n+1))
		}
		// The months are the right ones: the new year is the second new moon
		// after the winter solstice, the festivals follow four and seven months
		// later, one more where a leap month lies between.
		if n := at(l.spring); n < civilDay(y, 1, 21) || n > civilDay(y, 2, 20) {
			t.Errorf("%d: new year on %v", y, n.date())
		}
		if gap := at(l.dragonBoat) - at(l.spring); gap < 121 || gap > 153 {
			t.Errorf("%d: %d days from 春节 to 端午", y, gap)
		}
		if gap := at(l.midAutumn) - at(l.dragonBoat); gap < 97 || gap > 130 {
			t.Errorf("%d: %d days from 端午 to 中秋", y, gap)
		}
	}
}

func TestDates(t *testing.T) {
	// Against the standard library, through leap years and centuries.
	for at := time.Date(1895, 1, 1, 0, 0, 0, 0, time.UTC); at.Year() < 2105; at = at.AddDate(0, 0, 1) {
		n := civilDay(at.Year(), int(at.Month()), at.Day())
		if want := day(at.Unix() / 86400); at.Unix() >= 0 && n != want {
			t.Fatalf("%s: day %d, want %d", at, n, want)
		}
		if y, m, d := n.civil(); y != at.Year() || m != int(at.Month()) || d != at.Day() {
			t.Fatalf("%s: back to %d-%d-%d", at, y, m, d)
		}
		if want := (int(at.Weekday()) + 6) % 7; n.weekday() != want {
			t.Fatalf("%s: weekday %d", at, n.weekday())
		}
		if _, want := at.ISOWeek(); n.isoWeek() != want {
			t.Fatalf("%s: week %d, want %d", at, n.isoWeek(), want)
		}
		if want := time.Date(at.Year(), at.Month()+1, 0, 0, 0, 0, 0, time.UTC).Day(); daysIn(at.Year(), int(at.Month())) != want {
			t.Fatalf("%s: %d days in its month", at, daysIn(at.Year(), int(at.Month())))
		}
	}
	for year, want := range map[int][2]int{1961: {4, 2}, 2000: {4, 23}, 2019: {4, 21}, 2024: {3, 31}, 2025: {4, 20}, 2026: {4, 5}, 2038: {4, 25}} {
		if got := easter(year); got != civilDay(year, want[0], want[1]) {
			t.Errorf("easter %d: %v", year, got.date())
		}
	}
}
