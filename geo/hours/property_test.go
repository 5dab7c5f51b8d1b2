package hours

import (
	"math/rand/v2"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestRoundTrip: the canonical form of any schedule parses to the same
// canonical form and evaluates alike.
func TestRoundTrip(t *testing.T) {
	zone := zoned(t, "Europe/Helsinki")
	place := Place{Point: helsinki, Zone: zone, Holidays: China()}
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		in := generate(rng)
		if rapid.Bool().Draw(t, "sun") {
			in += "; " + rapid.SampledFrom(oracleStrings).Draw(t, "more")
		}
		s, err := Parse(in)
		if err != nil {
			t.Fatalf("%s: %v", in, err)
		}
		again, err := Parse(s.String())
		if err != nil {
			t.Fatalf("%s → %s: %v", in, s, err)
		}
		if again.String() != s.String() {
			t.Fatalf("%s → %s → %s", in, s, again)
		}
		for range 5 {
			at := time.Unix(1_700_000_000+rng.Int64N(2*366*86400), 0)
			if a, b := s.At(at, place), again.At(at, place); a != b {
				t.Fatalf("%s → %s at %s: %v and %v", in, s, at, a, b)
			}
		}
	})
}

// TestChangesAgree: At and StateAt agree, the state holds up to Until and
// differs there. The weekly table agrees with the general evaluation.
func TestChangesAgree(t *testing.T) {
	zones := []*time.Location{zoned(t, "Europe/Helsinki"), zoned(t, "America/Vancouver"), zoned(t, "Asia/Shanghai"), zoned(t, "Asia/Beirut")}
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 2))
		in := generate(rng)
		if rapid.Bool().Draw(t, "table") {
			in = rapid.SampledFrom(oracleStrings).Draw(t, "string")
		}
		s, err := Parse(in)
		if err != nil {
			t.Fatal(err)
		}
		slow := *s
		slow.weekly, slow.constant = nil, false
		place := Place{Point: vancouver, Zone: rapid.SampledFrom(zones).Draw(t, "zone"), Holidays: China()}
		at := time.Unix(1_690_000_000+rng.Int64N(3*366*86400), 0)
		if changes := clockChanges(place.Zone); len(changes) > 0 && rng.IntN(2) == 0 {
			at = time.Unix(changes[rng.IntN(len(changes))]+rng.Int64N(90000)-43200, 0)
		}
		status := s.At(at, place)
		if got := s.StateAt(at, place); got != status.State {
			t.Fatalf("%s at %s: At says %s, StateAt %s", in, at, status.State, got)
		}
		if got := slow.At(at, place); got != status {
			t.Fatalf("%s at %s: weekly %v, general %v", in, at, status, got)
		}
		if got := slow.StateAt(at, place); got != status.State {
			t.Fatalf("%s at %s: weekly %v, general %v", in, at, status.State, got)
		}
		until := status.Until
		if until.IsZero() {
			until = at.AddDate(3, 0, 0)
		} else if got := s.StateAt(until, place); got != status.Next || got == status.State || !until.After(at) {
			t.Fatalf("%s at %s: %v, but at that instant %s", in, at, status, got)
		} else if got := s.StateAt(until.Add(-time.Nanosecond), place); got != status.State {
			t.Fatalf("%s at %s: %v, but before that %s", in, at, status, got)
		}
		for range 20 {
			between := at.Add(time.Duration(rng.Int64N(int64(until.Sub(at)))))
			if got := s.StateAt(between, place); got != status.State {
				t.Fatalf("%s at %s: %v, but at %s %s", in, at, status, between, got)
			}
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, s := range oracleStrings {
		f.Add(s, int64(1_700_000_000))
	}
	for _, s := range [...]string{"2000FeB2000", "JAn1-1/1", "00:00-00:00"} { // found before
		f.Add(s, int64(0))
	}
	f.Add(`Mo-Fr 08:00-12:00,We[1,-1] "x" || 工作日 (sunrise+01:00)-26:00+, SH +3 days off`, int64(-5_000_000_000))
	zone, err := time.LoadLocation("America/Vancouver")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, in string, unix int64) {
		s, err := Parse(in)
		if err != nil {
			return
		}
		out := s.String()
		again, err := Parse(out)
		if err != nil {
			if len(out) > maxLength {
				return // the canonical form of a dense string is longer
			}
			t.Fatalf("%q → %q: %v", in, out, err)
		}
		if again.String() != out {
			t.Fatalf("%q → %q → %q", in, out, again)
		}
		at := time.Unix(unix%(1<<34), 0)
		place := Place{Point: vancouver, Zone: zone, Holidays: China()}
		status := s.At(at, place)
		if s.StateAt(at, place) != status.State {
			t.Fatalf("%q at %s: %v and %s", in, at, status, s.StateAt(at, place))
		}
		if other := again.At(at, place); other != status {
			t.Fatalf("%q → %q at %s: %v and %v", in, out, at, status, other)
		}
		if !status.Until.IsZero() && s.StateAt(status.Until, place) != status.Next {
			t.Fatalf("%q at %s: %v", in, at, status)
		}
		s.NextOpen(at, place)
	})
}
