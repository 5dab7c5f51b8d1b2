package search

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Fold brings text into the form that is compared: compatibility forms (full
// and half width, Ⅱ, ①) are unified, letters are lower case without accents,
// middle dots and control characters are dropped, runs of white space become
// one space.
func Fold(s string) string {
	if !norm.NFKD.IsNormalString(s) {
		s = norm.NFKD.String(s)
	}
	var b strings.Builder
	b.Grow(len(s))
	space := false
	for _, r := range s {
		switch {
		case unicode.IsSpace(r):
			space = b.Len() > 0
			continue
		case r >= 0x300 && r <= 0x36f, unicode.IsControl(r), strings.ContainsRune("·•・‧", r):
			continue
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}
