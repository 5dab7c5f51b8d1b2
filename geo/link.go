package geo

import (
	"net/url"
	"strings"
	"unicode"
)

// maxURL is the longest address in bytes that CleanURL takes; browsers and
// servers agree on about this much.
const maxURL = 2048

// CleanURL returns the address of a web page as it may be put in a link, or ""
// where s is none. What people enter for a website is text: only http and
// https go through, so that no link can run a script or open a file; a bare
// domain gets https; of several addresses it is the first. It is idempotent.
func CleanURL(s string) string {
	if s = firstWord(s); s == "" || len(s) > maxURL {
		return ""
	}
	scheme, rest, ok := strings.Cut(s, "://")
	switch {
	case !ok:
		scheme, rest = "https", strings.TrimPrefix(s, "//")
	case strings.EqualFold(scheme, "http"), strings.EqualFold(scheme, "https"):
		scheme = strings.ToLower(scheme)
	default:
		return ""
	}
	if strings.ContainsAny(rest, "\"'<>`\\{}|^") || strings.ContainsFunc(rest, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return ""
	}
	clean := scheme + "://" + rest
	u, err := url.Parse(clean)
	if err != nil || u.Hostname() == "" || u.User != nil {
		return ""
	}
	// Without a scheme any word would do: it must look like a domain.
	if !ok && !isDomain(u.Hostname()) {
		return ""
	}
	return clean
}

// firstWord returns the first of several addresses that stand in one text.
func firstWord(s string) string {
	fields := strings.FieldsFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || r == '；' || r == '，' || r == '、'
	})
	if len(fields) == 0 {
		return ""
	}
	s = fields[0]
	lower := strings.ToLower(s)
	for _, mark := range [...]string{";http", ",http"} {
		if len(lower) != len(s) {
			break // letters of another length in lower case: no place to cut
		}
		if i := strings.Index(lower, mark); i >= 0 {
			s, lower = s[:i], lower[:i]
		}
	}
	return strings.TrimRight(s, ";,")
}

// isDomain says whether a host is at least two labels of letters, digits and
// hyphens, the last of which is no number.
func isDomain(host string) bool {
	labels := strings.Split(strings.TrimSuffix(host, "."), ".")
	if len(labels) < 2 {
		return false
	}
	for _, l := range labels {
		if l == "" || strings.ContainsFunc(l, func(r rune) bool { return r != '-' && !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
			return false
		}
	}
	return strings.ContainsFunc(labels[len(labels)-1], unicode.IsLetter)
}

// CleanPhone returns what stands for a phone number without the white space
// around it, or "" where it has no digit and so cannot be called: "无", "-".
func CleanPhone(s string) string {
	if !strings.ContainsFunc(s, unicode.IsDigit) {
		return ""
	}
	return strings.TrimSpace(s)
}
