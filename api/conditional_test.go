package api

import "testing"

func TestMatchTag(t *testing.T) {
	const tag = `"abc"`
	for _, c := range []struct {
		list, held string
		ok         bool
	}{
		{`"abc"`, `"abc"`, true},
		{`W/"abc"`, `"abc"`, true},
		{`"abc-gzip"`, `"abc-gzip"`, true},
		{`W/"abc-br"`, `"abc-br"`, true},
		{`"x", W/"y" ,"abc"`, `"abc"`, true},
		{` , "x","abc"`, `"abc"`, true},
		{`*`, `"abc"`, true},
		{` * `, `"abc"`, true},
		{`"a,b", "abc"`, `"abc"`, true},
		{``, ``, false},
		{`abc`, ``, false},
		{`"abcd"`, ``, false},
		{`"ab"`, ``, false},
		{`"abc`, ``, false},
		{`w/"abc"`, ``, false},
		{`"abc-zstd"`, ``, false},
		{`garbage, "abc"`, ``, false},
	} {
		held, ok := matchTag(c.list, tag)
		if ok != c.ok || held != c.held {
			t.Errorf("%s: %q %t, want %q %t", c.list, held, ok, c.held, c.ok)
		}
	}
}

func TestTagDependsOnEachPart(t *testing.T) {
	seen := map[string]bool{}
	for _, parts := range [][]string{{"a", "b"}, {"ab"}, {"ab", ""}, {"", "ab"}, {"a", "b", ""}, {"b", "a"}} {
		tag := tagOf(parts...)
		if seen[tag] {
			t.Errorf("%q has a tag of another", parts)
		}
		seen[tag] = true
	}
}

func TestNegotiateEncoding(t *testing.T) {
	for header, want := range map[string]encoding{
		"": identity, "identity": identity, "gzip": gzipped, "br": brotlied, "gzip, deflate, br, zstd": brotlied,
		"gzip;q=1.0, br;q=0.5": gzipped, "br;q=0, gzip;q=0": identity, "*": brotlied, "*;q=0": identity,
		"br;q=0, *": gzipped, "GZIP": gzipped, "x-gzip": gzipped, "gzip;q=nonsense": identity, "deflate": identity,
		"gzip ; q=0.8 , br ; q=0.8": brotlied, "gzip;q=2": identity,
	} {
		if got := negotiateEncoding(header); got != want {
			t.Errorf("%q: %s, want %s", header, got, want)
		}
	}
}

func TestNegotiateLang(t *testing.T) {
	for header, want := range map[string]string{
		"": "zh", "zh-CN,zh;q=0.9,en;q=0.8": "zh", "en": "en", "en-GB,en;q=0.9": "en", "fr": "zh", "fr, en;q=0.5": "en",
		"*": "zh", "zh;q=0.5, en;q=0.6": "en", "en;q=0": "zh", "zh;q=0, *": "en", "EN-us": "en", ";;;,,": "zh",
	} {
		if got := string(negotiateLang(header)); got != want {
			t.Errorf("%q: %s, want %s", header, got, want)
		}
	}
}
