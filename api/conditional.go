package api

import (
	"encoding/binary"
	"strings"

	"github.com/cespare/xxhash/v2"
)

// tagOf makes the opaque part of an ETag from what an answer depends on. 64
// bits are enough: a client compares the tags of one address only.
func tagOf(parts ...string) string {
	var h xxhash.Digest
	h.Reset()
	for _, p := range parts {
		tagPart(&h, p)
	}
	return tagFrom(&h)
}

// tagPart adds a part to what a tag is made from: with its length, so that
// parts that give the same text when joined are told apart.
func tagPart(h *xxhash.Digest, part string) {
	var length [8]byte
	binary.LittleEndian.PutUint64(length[:], uint64(len(part)))
	h.Write(length[:])  //nolint:errcheck // a hash never fails
	h.WriteString(part) //nolint:errcheck // a hash never fails
}

// tagFrom ends a tag.
func tagFrom(h *xxhash.Digest) string {
	var sum [8]byte
	binary.BigEndian.PutUint64(sum[:], h.Sum64())
	tag := [13]byte{0: '"', 12: '"'}
	b64.Encode(tag[1:12], sum[:])
	return string(tag[:])
}

// variant returns the ETag of the same answer in a content encoding: strong
// ETags of different bytes must differ (RFC 9110 §8.8.3.3).
func variant(tag string, e encoding) string {
	if e == identity {
		return tag
	}
	return tag[:len(tag)-1] + "-" + e.String() + `"`
}

// isVariant says whether a tag is the same as another, or one of its variants.
func isVariant(item, tag string) bool {
	if item == tag {
		return true
	}
	rest, ok := strings.CutPrefix(item, tag[:len(tag)-1])
	return ok && (rest == `-gzip"` || rest == `-br"`)
}

// matchTag says whether an If-None-Match list holds the tag in one of its
// variants, and in which. Comparison is weak, as RFC 9110 §13.1.2 asks: W/ is
// ignored. A variant in another encoding than would be sent now counts too,
// because it was made from the same version, request and minute.
func matchTag(list, tag string) (string, bool) {
	if list == tag {
		return tag, true
	}
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
		if isVariant(item, tag) {
			return item, true
		}
	}
	return "", false
}
