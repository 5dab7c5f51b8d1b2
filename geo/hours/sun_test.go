package hours

import (
	"testing"
	"time"

	"github.com/paulmach/orb"
)

func TestSun(t *testing.T) {
	// Computed with the Python library astral 3.2; slack is in minutes.
	for _, c := range []struct {
		name, zone                  string
		point                       orb.Point
		date                        string
		dawn, sunrise, sunset, dusk string
		slack                       int
	}{
		{"Greenwich, equinox", "UTC", orb.Point{0, 51.48}, "2024-03-20", "05:28", "06:02", "18:13", "18:47", 1},
		{"Quito, equator", "America/Guayaquil", orb.Point{-78.5, -0.2}, "2024-06-21", "05:49", "06:12", "18:19", "18:42", 1},
		// The sun only just reaches six degrees: seconds of arc are minutes.
		{"Helsinki, midsummer", "Europe/Helsinki", helsinki, "2024-06-21", "01:58", "03:54", "22:49", "00:45", 4},
		{"Helsinki, midwinter", "Europe/Helsinki", helsinki, "2024-12-21", "08:25", "09:24", "15:12", "16:11", 1},
		{"Sydney", "Australia/Sydney", orb.Point{151.21, -33.87}, "2024-01-15", "05:30", "05:59", "20:08", "20:37", 1},
		{"New York", "America/New_York", orb.Point{-74.01, 40.71}, "2024-11-05", "06:02", "06:31", "16:46", "17:16", 1},
		{"Chengdu", "Asia/Shanghai", chengdu, "2026-11-22", "07:09", "07:35", "18:03", "18:29", 1},
		{"Ürümqi, two hours off its zone", "Asia/Shanghai", orb.Point{87.6, 43.8}, "2026-06-21", "05:50", "06:27", "21:54", "22:31", 1},
	} {
		zone := zoned(t, c.zone)
		at, err := time.Parse(time.DateOnly, c.date)
		if err != nil {
			t.Fatal(err)
		}
		got := sunOn(civilDay(at.Year(), int(at.Month()), at.Day()), c.point, zone, pairHorizon|pairCivil)
		for event, want := range map[sunEvent]string{eventDawn: c.dawn, eventSunrise: c.sunrise, eventSunset: c.sunset, eventDusk: c.dusk} {
			clock, err := time.Parse("15:04", want)
			if err != nil {
				t.Fatal(err)
			}
			minutes := clock.Hour()*60 + clock.Minute()
			if minutes < 60 && event == eventDusk {
				minutes += minutesPerDay
			}
			if d := got[event] - minutes; d < -c.slack || d > c.slack {
				t.Errorf("%s: %s at %02d:%02d, want %s", c.name, eventNames[event], got[event]/60, got[event]%60, want)
			}
		}
	}
}

func TestPolar(t *testing.T) {
	zone := zoned(t, "Europe/Oslo")
	place := Place{Point: orb.Point{18.96, 69.65}, Zone: zone} // Tromsø
	for _, c := range []struct {
		hours, at string
		want      State
	}{
		{"sunrise-sunset", "2024-06-21 00:30", StateOpen},
		{"sunrise-sunset", "2024-06-21 12:30", StateOpen},
		{"sunset-sunrise", "2024-06-21 00:30", StateClosed},
		{"sunset-sunrise", "2024-06-21 23:30", StateClosed},
		{"sunrise-sunset", "2024-12-21 00:30", StateClosed},
		{"sunrise-sunset", "2024-12-21 11:45", StateClosed},
		{"sunset-sunrise", "2024-12-21 00:30", StateOpen},
		{"sunset-sunrise", "2024-12-21 11:30", StateOpen},
		{"sunset-sunrise", "2024-12-21 13:30", StateOpen},
		{"dawn-dusk", "2024-12-21 11:45", StateOpen},
		{"dawn-dusk", "2024-12-21 15:45", StateClosed},
	} {
		s, at := must(t, c.hours), instant(t, zone, c.at)
		if got := s.StateAt(at, place); got != c.want {
			t.Errorf("%s at %s: %s, want %s", c.hours, c.at, got, c.want)
		}
		if got := s.At(at, place); got.State != c.want || got.Until.IsZero() {
			t.Errorf("%s at %s: %v", c.hours, c.at, got)
		}
	}
	for _, lat := range []float64{90, -90, 89.9999} {
		place.Point[1] = lat
		must(t, "(sunrise+01:00)-(dusk-00:30)").At(instant(t, zone, "2024-03-20 12:00"), place)
	}
}
