package hours

import (
	"strings"
	"testing"
	"time"

	"yizhan/geo"
)

func TestConditional(t *testing.T) {
	zone := zoned(t, "Asia/Shanghai")
	place := Place{Point: chengdu, Zone: zone, Holidays: China()}
	for _, c := range []struct {
		in, at, value string
		known         bool
		until         string
	}{
		// 2024-03-04 is a Monday.
		{"no @ (22:00-06:00); delivery @ (Mo-Fr 06:00-22:00)", "2024-03-04 10:00", "delivery", true, "2024-03-04 22:00"},
		{"no @ (22:00-06:00); delivery @ (Mo-Fr 06:00-22:00)", "2024-03-04 23:00", "no", true, "2024-03-05 06:00"},
		{"no @ (22:00-06:00); delivery @ (Mo-Fr 06:00-22:00)", "2024-03-09 10:00", "", true, "2024-03-09 22:00"},
		{"yes @ Mo-Fr 07:00-19:00", "2024-03-04 10:00", "yes", true, "2024-03-04 19:00"},
		{"yes @ Mo-Fr 07:00-19:00; PH off", "2024-05-01 10:00", "", true, "2024-05-06 07:00"},
		{"yes @ (Mo-Fr 07:00-19:00; PH off)", "2024-05-01 10:00", "", true, "2024-05-06 07:00"},
		{"yes @ (Mo-Fr 07:00-09:00,16:00-18:00); no @ (08:00-17:00)", "2024-03-04 08:30", "no", true, "2024-03-04 17:00"},
		{"destination @ (06:30-08:30); destination @ (08:30-10:00)", "2024-03-04 07:30", "destination", true, "2024-03-04 10:00"},
		{"no @ (Mar 15-Sep 15)", "2024-03-04 07:30", "", true, "2024-03-15 00:00"},
		{"no @ sunset-sunrise", "2024-03-04 01:30", "no", true, ""},
		// Conditions that cannot be checked.
		{"no @ wet", "2024-03-04 10:00", "no", false, ""},
		{"yes @ residents", "2024-03-04 10:00", "yes", false, ""},
		{"no @ (weight>3.5)", "2024-03-04 10:00", "no", false, ""},
		{"no @ (Mo-Fr 07:00-09:00 AND weight>3.5)", "2024-03-04 08:00", "no", false, "2024-03-04 09:00"},
		{"no @ (Mo-Fr 07:00-09:00 AND weight>3.5)", "2024-03-04 10:00", "", true, "2024-03-05 07:00"},
		{"no @ ((Mo-Fr 07:00-09:00) and (wet))", "2024-03-04 08:00", "no", false, "2024-03-04 09:00"},
		{"no @ wet; yes @ (Mo-Fr 07:00-19:00)", "2024-03-04 10:00", "yes", true, "2024-03-04 19:00"},
		{"yes @ (Mo-Fr 07:00-19:00); no @ wet", "2024-03-04 10:00", "no", false, ""},
		{"no @ (Mo-Fr 07:00-19:00); no @ wet", "2024-03-04 10:00", "no", true, "2024-03-04 19:00"},
		{`no @ (Mo "ask; or not")`, "2024-03-04 10:00", "no", false, "2024-03-05 00:00"},
		{"maxspeed:30 @ (24/7)", "2024-03-04 10:00", "maxspeed:30", true, ""},
	} {
		r, err := ParseConditional(c.in)
		if err != nil {
			t.Errorf("%s: %v", c.in, err)
			continue
		}
		again, err := ParseConditional(r.String())
		if err != nil || again.String() != r.String() {
			t.Errorf("%s → %s → %s %v", c.in, r, again, err)
		}
		for _, r := range []Conditional{r, again} {
			value, known, until := r.Value(instant(t, zone, c.at), place)
			var want time.Time
			if c.until != "" {
				want = instant(t, zone, c.until)
			} else if strings.Contains(c.in, "sunset") {
				want = until
			}
			if value != c.value || known != c.known || !until.Equal(want) {
				t.Errorf("%s at %s: %q %v until %s, want %q %v until %s", r, c.at, value, known, until, c.value, c.known, want)
			}
			if v, k := r.ValueAt(instant(t, zone, c.at), place); v != value || k != known {
				t.Errorf("%s at %s: ValueAt gives %q %v, Value %q %v", r, c.at, v, k, value, known)
			}
		}
	}
	if value, known, until := (Conditional{}).Value(time.Now(), place); value != "" || !known || !until.IsZero() {
		t.Error("the zero value holds something")
	}
}

func TestConditionalErrors(t *testing.T) {
	for in, say := range map[string]string{
		"":                         "1 to 50 clauses",
		"no":                       "the @",
		"@ (22:00-06:00)":          "value belongs",
		"no @":                     "empty",
		"no @ ()":                  "empty",
		"no @ (22:00-06:00":        "never closed",
		"no @ 22:00-06:00)":        "too many",
		"no @ (22:00-66:00)":       "up to 48",
		"no @ (22:00 AND wet)":     "end of the time",
		"no @ level 0":             "not understood",
		strings.Repeat("x", 3000):  "shorten",
		strings.Repeat("a@b;", 60): "1 to 50 clauses",
	} {
		_, err := ParseConditional(in)
		if err == nil || !strings.Contains(err.Error(), say) {
			t.Errorf("%.40q: %v, want %q", in, err, say)
		}
		if code := geo.CodeOf(err); err != nil && code != geo.Invalid && code != geo.TooLarge {
			t.Errorf("%.40q: code %d", in, code)
		}
	}
}

func FuzzConditional(f *testing.F) {
	for _, s := range []string{
		"no @ (22:00-06:00); delivery @ (Mo-Fr 06:00-22:00)", "yes @ Mo-Fr 07:00-19:00; PH off",
		"no @ (Mo-Fr 07:00-09:00 AND weight>3.5)", `no @ ((sunset-00:30)-sunrise AND wet); x @ "a"`, "yes @ ((Mo) and (residents))",
		`"@"`, `0@"("`, // found before
	} {
		f.Add(s, int64(1_700_000_000))
	}
	f.Fuzz(func(t *testing.T, in string, unix int64) {
		c, err := ParseConditional(in)
		if err != nil {
			return
		}
		at := time.Unix(unix%(1<<34), 0)
		place := Place{Point: chengdu, Zone: time.UTC, Holidays: China()}
		value, known, until := c.Value(at, place)
		if v, k := c.ValueAt(at, place); v != value || k != known {
			t.Fatalf("%q at %s: ValueAt gives %q %v, Value %q %v", in, at, v, k, value, known)
		}
		again, err := ParseConditional(c.String())
		if err != nil {
			if len(c.String()) > maxLength {
				return
			}
			t.Fatalf("%q → %q: %v", in, c, err)
		}
		if v, k, u := again.Value(at, place); v != value || k != known || !u.Equal(until) {
			t.Fatalf("%q → %q at %s: %q %v %s and %q %v %s", in, c, at, value, known, until, v, k, u)
		}
		if !until.IsZero() && !until.After(at) {
			t.Fatalf("%q at %s until %s", in, at, until)
		}
	})
}
