package search

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold brings text into the form that is compared: compatibility forms (full
// and half width, Ⅱ, ①) are unified, letters are lower case without accents,
// middle dots and control characters are dropped, runs of white space become
// one space.
func Fold(s string) string { return string(AppendFold(make([]byte, 0, len(s)), s)) }

// AppendFold appends the folded form of a text. It allocates nothing for text
// of Chinese characters and unaccented letters.
func AppendFold(dst []byte, s string) []byte {
	if !norm.NFKD.IsNormalString(s) {
		s = norm.NFKD.String(s)
	}
	space, start := false, len(dst)
	for _, r := range s {
		switch {
		case unicode.IsSpace(r):
			space = len(dst) > start
			continue
		case dropped(r):
			continue
		}
		if space {
			dst = append(dst, ' ')
			space = false
		}
		if 'a' <= r && r <= 'z' || '0' <= r && r <= '9' || 0x4e00 <= r && r <= 0x9fff {
			dst = utf8.AppendRune(dst, r) // most of all text, and has no case
			continue
		}
		dst = utf8.AppendRune(dst, unicode.ToLower(r))
	}
	return dst
}

// dropped says whether a character does not count: accents, control
// characters, middle dots.
func dropped(r rune) bool {
	return r >= 0x300 && r <= 0x36f || unicode.IsControl(r) || r > 0x7f && strings.ContainsRune("·•・‧", r)
}

// folds says whether a text surely is folded already: it is of ASCII without
// capitals and double or outer spaces, and of common Chinese characters, which
// have no other forms.
func folds(s string) bool {
	before := ' '
	for _, r := range s {
		switch {
		case r == ' ' && before != ' ', '!' <= r && r <= '@', '[' <= r && r <= '~', 0x4e00 <= r && r <= 0x9fff:
		default:
			return false
		}
		before = r
	}
	return s == "" || before != ' '
}
