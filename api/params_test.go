package api

import (
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"yizhan/geo"
	"yizhan/geo/datum"
)

func parsed(t *testing.T, raw string) *query {
	t.Helper()
	q, err := parseQuery([]byte(raw), append(once("a", "b", "datum", "q"), param{name: "m", many: true}))
	if err != nil {
		t.Fatalf("%s: %v", raw, err)
	}
	q.now = noon
	return &q
}

func TestQueryAccepts(t *testing.T) {
	for raw, want := range map[string]string{
		"": "", "&": "", "a=1": "a=1", "a=1&": "a=1", "&&a=1&&b=2": "a=1,b=2", "m=1&m=2&m=1": "m=1,m=2,m=1",
		"a=%E4%B8%AD": "a=中", "a=中": "a=中", "a=x+y": "a=x y", "a=x%2By": "a=x+y", "%61=1": "a=1", "a=b=c": "a=b=c", "a=%3D%26": "a==&",
		"a=%f0%9f%9a%b2": "a=🚲",
	} {
		q := parsed(t, raw)
		var have []string
		for _, p := range q.pairs {
			have = append(have, p.name+"="+p.value)
		}
		if got := strings.Join(have, ","); got != want {
			t.Errorf("%q: %q, want %q", raw, got, want)
		}
	}
}

func TestReadersKeepTheFirstFault(t *testing.T) {
	q := parsed(t, "a=x&b=y")
	q.integer("a", 1, 1, 9)
	q.point("b", datum.WGS84)
	q.point("datum", datum.WGS84)
	if q.fault == nil || q.fault.param != "a" {
		t.Errorf("%v", q.err())
	}
}

func TestWhen(t *testing.T) {
	zone := time.FixedZone("", 8*3600)
	for raw, want := range map[string]string{
		"a=now": "2026-05-08T04:00:30Z", "": "2026-05-08T04:00:30Z",
		"a=2026-05-08T12:00:00%2B08:00": "2026-05-08T04:00:00Z", "a=2026-05-08T12:00:00Z": "2026-05-08T12:00:00Z",
		"a=2026-05-08T12:00:00.5Z": "2026-05-08T12:00:00Z", "a=2026-05-08T12:00:00-03:30": "2026-05-08T15:30:00Z",
	} {
		q := parsed(t, raw)
		q.now = noon.In(zone)
		got, _ := q.when("a")
		if q.fault != nil || got.UTC().Format(time.RFC3339) != want || got.Location() != zone {
			t.Errorf("%q: %s %v, want %s", raw, got, q.fault, want)
		}
	}
	q := parsed(t, "a=2026-05-08T12:00:00+08:00")
	if q.when("a"); q.fault == nil || !strings.Contains(q.fault.detail.En, "%2B") || !strings.Contains(q.fault.detail.Zh, "%2B") {
		t.Errorf("a plus sign as it is: %v", q.fault)
	}
}

func TestSwappedCoordinatesAreNamed(t *testing.T) {
	q := parsed(t, "a=39.96,116.35")
	if q.point("a", datum.WGS84); q.fault == nil || !strings.Contains(q.fault.detail.En, "swapped") {
		t.Errorf("%v", q.fault)
	}
}

func TestFacilitiesAreKeptOnce(t *testing.T) {
	q := parsed(t, "m=toilet&m=fridge&m=toilet")
	if got := q.facilities("m"); len(got) != 2 || got[0] != "toilet" || got[1] != geo.Facility("fridge") {
		t.Errorf("%v", got)
	}
}

func TestBoxes(t *testing.T) {
	b := func(s string) *box { return parsed(t, "a="+s).bbox("a", datum.WGS84) }
	for _, c := range []struct {
		box string
		x   float64
		has bool
	}{
		{"10,0,20,1", 15, true}, {"10,0,20,1", 20, true}, {"10,0,20,1", 21, false},
		{"170,0,-170,1", 175, true}, {"170,0,-170,1", -175, true}, {"170,0,-170,1", 0, false}, {"-180,0,180,1", 12, true},
	} {
		if got := b(c.box).has([2]float64{c.x, 0.5}); got != c.has {
			t.Errorf("%s has %g: %t", c.box, c.x, got)
		}
	}
}

// FuzzParseQuery holds the strict parser to the standard one: whatever it
// accepts, net/url reads alike.
func FuzzParseQuery(f *testing.F) {
	for _, s := range []string{"a=1&b=2", "a=%41", "a=%zz", "a=%ff", "m=1&m=2", "a", "a=", "=1", "a=1;b=2", "a=+", "a=%00", "&&&", "a=%F0%9F%9A%B2"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		q, err := parseQuery([]byte(raw), append(once("a", "b"), param{name: "m", many: true}))
		if err != nil {
			return
		}
		want, err := url.ParseQuery(raw)
		if err != nil && !strings.Contains(raw, ";") {
			t.Fatalf("%q: accepted, but %v", raw, err)
		}
		if strings.Contains(raw, ";") {
			return // a separator of old that net/url refuses; to us it is a character
		}
		n := 0
		for _, p := range q.pairs {
			if have := want[p.name]; len(have) == 0 {
				t.Fatalf("%q: %s is not there for net/url", raw, p.name)
			}
			n++
		}
		for name, values := range want {
			n -= len(values)
			if name != "m" && len(values) > 1 {
				t.Fatalf("%q: %s was accepted twice", raw, name)
			}
			if got, _ := q.get(name); got != values[0] {
				t.Fatalf("%q: %s is %q, to net/url %q", raw, name, got, values[0])
			}
		}
		if n != 0 {
			t.Fatalf("%q: counts differ by %d", raw, n)
		}
	})
}

// FuzzDecimal holds the number reader to strconv: what it accepts is a finite
// number that strconv reads alike.
func FuzzDecimal(f *testing.F) {
	for _, s := range []string{"1", "-1.5", "+0", "1e5", "NaN", "0x1", ".5", "5.", "1_0", "116.3520001", strings.Repeat("9", 40)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		v, ok := decimal(s)
		if !ok {
			return
		}
		want, err := strconv.ParseFloat(s, 64)
		if err != nil || want != v || math.IsInf(v, 0) || math.IsNaN(v) || strings.ContainsAny(s, "eExX_ nN") {
			t.Fatalf("%q: %g", s, v)
		}
	})
}

// parseQuery reads a query string, as parse does.
func parseQuery(raw []byte, declared []param) (query, error) {
	var q query
	err := q.parse(raw, declared)
	q.pairs = slices.Clone(q.pairs)
	return q, err
}
