package api

import (
	"hash/fnv"
	"strconv"
	"strings"
)

// tagOf makes the opaque part of an ETag from what an answer depends on.
func tagOf(parts ...string) string {
	h := fnv.New128a()
	for _, p := range parts {
		h.Write([]byte(p)) //nolint:errcheck // a hash never fails
		h.Write([]byte{0}) //nolint:errcheck // a hash never fails
	}
	return strconv.Quote(b64.EncodeToString(h.Sum(nil)[:12]))
}

// variant returns the ETag of the same answer in a content encoding: strong
// ETags of different bytes must differ (RFC 9110 §8.8.3.3).
func variant(tag string, e encoding) string {
	if e == identity {
		return tag
	}
	return tag[:len(tag)-1] + "-" + e.String() + `"`
}

// matchTag says whether an If-None-Match list holds the tag in one of its
// variants, and in which. Comparison is weak, as RFC 9110 §13.1.2 asks: W/ is
// ignored. A variant in another encoding than would be sent now counts too,
// because it was made from the same version, request and minute.
func matchTag(list, tag string) (string, bool) {
	list = strings.TrimSpace(list)
	if list == "*" {
		return tag, true
	}
	for list != "" {
		list = strings.TrimLeft(list, " \t,")
		list = strings.TrimPrefix(list, "W/")
		if len(list) == 0 || list[0] != '"' {
			return "", false
		}
		end := strings.IndexByte(list[1:], '"')
		if end < 0 {
			return "", false
		}
		item := list[:end+2]
		list = list[end+2:]
		for _, e := range [...]encoding{identity, gzipped, brotlied} {
			if item == variant(tag, e) {
				return item, true
			}
		}
	}
	return "", false
}
