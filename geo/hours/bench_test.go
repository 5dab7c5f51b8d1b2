package hours

import (
	"testing"
	"time"
)

func BenchmarkStateAt(b *testing.B) {
	benchmark(b, func(s *Schedule, t time.Time, p Place) { s.StateAt(t, p) })
}
func BenchmarkAt(b *testing.B) { benchmark(b, func(s *Schedule, t time.Time, p Place) { s.At(t, p) }) }

func benchmark(b *testing.B, f func(*Schedule, time.Time, Place)) {
	for _, c := range []struct{ name, hours, zone string }{
		{"always", "24/7", "Asia/Shanghai"},
		{"weekly", "Mo-Fr 08:00-12:00,13:00-18:00; Sa 09:00-12:00", "Asia/Shanghai"},
		{"weekly-helsinki", "Mo-Fr 08:00-12:00,13:00-18:00; Sa 09:00-12:00", "Europe/Helsinki"},
		{"holidays", "Mo-Sa 09:30-21:00; PH off", "Asia/Shanghai"},
		{"seasons", "Apr-Sep Mo-Fr 08:00-20:00; Oct-Mar Mo-Fr 09:00-18:00; PH off; Dec 24-26 off", "Asia/Shanghai"},
		{"vacation", "Mo-Fr 00:00-02:00, 12:00-24:00 ; Sa 00:00-02:30, 12:00-24:00 ; PH off ; 2021 Mar 26-2021 Apr 16 off", "Asia/Shanghai"},
		{"sun", "sunrise-sunset", "Asia/Shanghai"},
		{"leap-day", "Feb 29 10:00-12:00", "Asia/Shanghai"},
	} {
		b.Run(c.name, func(b *testing.B) {
			s := must(b, c.hours)
			zone := zoned(b, c.zone)
			place := Place{Point: chengdu, Zone: zone, Holidays: China()}
			at := time.Date(2026, 11, 17, 11, 0, 0, 0, zone)
			b.ReportAllocs()
			for b.Loop() {
				f(s, at, place)
			}
		})
	}
}

func BenchmarkParse(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse("Mo-Fr 08:00-12:00,13:00-18:00; Sa 09:00-12:00; PH off"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkConditional(b *testing.B) {
	c, err := ParseConditional("no @ (22:00-06:00); delivery @ (Mo-Fr 06:00-22:00)")
	if err != nil {
		b.Fatal(err)
	}
	zone := zoned(b, "Asia/Shanghai")
	place := Place{Point: chengdu, Zone: zone, Holidays: China()}
	at := time.Date(2026, 11, 17, 11, 0, 0, 0, zone)
	b.Run("Value", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			c.Value(at, place)
		}
	})
	b.Run("ValueAt", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			c.ValueAt(at, place)
		}
	})
}
