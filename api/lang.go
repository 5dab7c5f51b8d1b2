package api

import (
	"strconv"
	"strings"

	"yizhan/geo"
)

// negotiateLang reads Accept-Language (RFC 9110 §12.5.4) and returns the
// language to answer people in. Chinese is the default and wins ties, because
// the people on the street are its first readers.
func negotiateLang(header string) geo.Lang {
	zh, en, any := -1.0, -1.0, -1.0
	for len(header) > 0 {
		var item string
		item, header, _ = strings.Cut(header, ",")
		tag, q := weighted(item)
		switch primary, _, _ := strings.Cut(tag, "-"); primary {
		case "zh":
			zh = max(zh, q)
		case "en":
			en = max(en, q)
		case "*":
			any = max(any, q)
		}
	}
	if zh < 0 {
		zh = max(any, 0)
	}
	if en < 0 {
		en = max(any, 0)
	}
	if en > zh {
		return geo.English
	}
	return geo.Chinese
}

// weighted splits one item of a weighted header list into its lower-case word
// and its q value, 1 where none is given and 0 where it cannot be read.
func weighted(item string) (word string, q float64) {
	word, rest, found := strings.Cut(item, ";")
	word = strings.ToLower(strings.TrimSpace(word))
	q = 1
	for found {
		var param string
		param, rest, found = strings.Cut(rest, ";")
		name, value, _ := strings.Cut(strings.TrimSpace(param), "=")
		if strings.EqualFold(strings.TrimSpace(name), "q") {
			v, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
			if err != nil || !(v >= 0 && v <= 1) {
				v = 0
			}
			q = v
		}
	}
	return word, q
}
