package api

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"yizhan/geo/datum"
)

// TestStringsReadBack wants any string, valid UTF-8 or not, read back by
// encoding/json as it would read its own.
func TestStringsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(rapid.String(), rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) })).Draw(t, "s")
		w := jsonWriter{datum: datum.WGS84}
		w.str(s)
		if !utf8.Valid(w.b) {
			t.Fatalf("%q is not UTF-8", w.b)
		}
		var got, want string
		if err := json.Unmarshal(w.b, &got); err != nil {
			t.Fatalf("%q: %v", w.b, err)
		}
		std, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(std, &want); err != nil {
			t.Fatal(err)
		}
		if got != want {
			t.Fatalf("%q became %q, want %q", s, got, want)
		}
	})
}

func TestDecimals(t *testing.T) {
	for _, c := range []struct {
		v    float64
		n    int
		want string
	}{
		{0, 1, "0"}, {100, 1, "100"}, {100.04, 1, "100"}, {100.05, 1, "100"}, {100.16, 1, "100.2"}, {-0.01, 1, "0"},
		{116.3520001, 7, "116.3520001"}, {116.35200004, 7, "116.352"}, {-180, 7, "-180"},
		{math.NaN(), 1, "0"}, {math.Inf(1), 1, "0"}, {1e21, 1, "1000000000000000000000"},
	} {
		w := jsonWriter{}
		w.decimal(c.v, c.n)
		if string(w.b) != c.want {
			t.Errorf("%v: %s, want %s", c.v, w.b, c.want)
		}
	}
}

// TestDecimalsEqualStrconv compares with what strconv writes, trailing zeros
// cut off.
func TestDecimalsEqualStrconv(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.OneOf(
			rapid.Float64(), rapid.Float64Range(-180, 180), rapid.Float64Range(-2, 2), rapid.Float64Range(0, 1e8),
			rapid.Map(rapid.IntRange(-1e9, 1e9), func(n int) float64 { return float64(n) / 2e7 }), // halves of the last decimal
		).Draw(t, "v")
		n := rapid.IntRange(0, 7).Draw(t, "n")
		want := strconv.FormatFloat(v, 'f', n, 64)
		if n > 0 {
			want = strings.TrimSuffix(strings.TrimRight(want, "0"), ".")
		}
		if want == "-0" {
			want = "0"
		}
		w := jsonWriter{}
		w.decimal(v, n)
		if string(w.b) != want {
			t.Fatalf("%v with %d decimals: %s, want %s", v, n, w.b, want)
		}
	})
}

func TestWriterPlacesCommas(t *testing.T) {
	w := jsonWriter{datum: datum.WGS84}
	w.raw("{")
	w.text("a", "1,\n\"")
	w.list("b", []string{"x", "y"})
	w.list("c", nil)
	w.dict("d", map[string]string{"k": "{", "a": "["})
	w.boolean("e", true)
	w.maybe("f", "")
	w.integer("g", -3)
	w.raw("}")
	const want = `{"a":"1,\n\"","b":["x","y"],"c":[],"d":{"a":"[","k":"{"},"e":true,"g":-3}`
	if string(w.b) != want || !json.Valid(w.b) {
		t.Errorf("%s\nwant %s", w.b, want)
	}
}
