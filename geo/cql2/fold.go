package cql2

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
	"unsafe"

	"golang.org/x/text/unicode/norm"
)

// folding says what is dropped from a text before it is compared.
type folding uint8

const (
	foldCase   folding = 1 << iota // CASEI
	foldAccent                     // ACCENTI
)

// scratch is room for one folded text, so that folding a name of usual length
// allocates nothing.
type scratch [256]byte

// folded returns s as it is compared: without accents first, then in one
// case, whatever the order in which the two were asked for. The text lies in
// buf where it fits.
func folded(buf *scratch, s string, how folding) string {
	if how == 0 {
		return s
	}
	b := appendFolded(buf[:0], s, how)
	return unsafe.String(unsafe.SliceData(b), len(b))
}

func appendFolded(dst []byte, s string, how folding) []byte {
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			if how&foldCase != 0 && 'A' <= c && c <= 'Z' {
				c += 'a' - 'A'
			}
			dst = append(dst, c)
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if how&foldAccent != 0 {
			if d := norm.NFD.PropertiesString(s[i:]).Decomposition(); d != nil {
				for j := 0; j < len(d); {
					part, n := utf8.DecodeRune(d[j:])
					dst = appendBare(dst, part, how)
					j += n
				}
				i += size
				continue
			}
		}
		dst = appendBare(dst, r, how)
		i += size
	}
	return dst
}

// appendBare appends one code point that does not decompose further.
func appendBare(dst []byte, r rune, how folding) []byte {
	if how&foldAccent != 0 && isAccent(r) {
		return dst
	}
	if how&foldCase != 0 && !caseless(r) {
		if full, ok := slices.BinarySearchFunc(expansions[:], r, func(e expansion, r rune) int { return int(e.from - r) }); ok {
			return append(dst, expansions[full].to...)
		}
		r = simpleFold(r)
	}
	return utf8.AppendRune(dst, r)
}

// isAccent says whether r is a mark that has no width of its own. The voicing
// marks of kana stay: with and without them are different letters.
func isAccent(r rune) bool {
	return r != 0x3099 && r != 0x309a && unicode.Is(unicode.Mn, r)
}

// caseless says of Han, kana and hangul that they have no case.
func caseless(r rune) bool { return r >= 0x2e80 && r < 0xa640 || r >= 0xac00 && r < 0xd800 }

// simpleFold brings the cases of a letter together, where each is one letter.
func simpleFold(r rune) rune {
	if unicode.SimpleFold(r) == r {
		return r
	}
	return unicode.ToLower(unicode.ToUpper(r))
}

// expansion is a letter that becomes several without case.
type expansion struct {
	from rune
	to   string
}

// pattern is a LIKE pattern, cut at each run of %.
type pattern struct {
	parts    []part
	openHead bool // begins with %
	openTail bool // ends with %
}

// part is a stretch of a pattern without %: texts with a number of _ before
// each. It matches skip[0] characters, text[0], skip[1] characters, …
type part struct {
	skip []int
	text []string
}

// parseLike reads a pattern: % is any text, _ one character, \ takes the next
// one as it is. It reports false where \ is last.
func parseLike(s string, how folding) (*pattern, bool) {
	p := &pattern{}
	var text strings.Builder
	var cur part
	skip, some := 0, false
	flushText := func() {
		if text.Len() > 0 || skip > 0 {
			var buf scratch
			cur.skip, cur.text = append(cur.skip, skip), append(cur.text, strings.Clone(folded(&buf, text.String(), how)))
			text.Reset()
			skip = 0
		}
	}
	flushPart := func() {
		flushText()
		if len(cur.text) > 0 {
			p.parts = append(p.parts, cur)
			cur = part{}
		}
	}
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		i += size
		p.openTail = false
		switch r {
		case '%':
			flushPart()
			p.openHead = p.openHead || !some
			p.openTail = true
		case '_':
			if text.Len() > 0 {
				flushText()
			}
			skip++
		case '\\':
			if i == len(s) {
				return nil, false
			}
			r, size = utf8.DecodeRuneInString(s[i:])
			i += size
			fallthrough
		default:
			text.WriteRune(r)
		}
		some = true
	}
	flushPart()
	return p, true
}

// match says whether the pattern describes the whole of s. Each part takes
// the first place where it fits; it is never tried again. The work is at most
// the length of s times that of the longest part with _ between its letters,
// and linear in s without one.
func (p *pattern) match(s string) bool {
	parts := p.parts
	if len(parts) == 0 {
		return s == "" || p.openTail
	}
	if !p.openHead {
		n, ok := parts[0].at(s)
		if !ok {
			return false
		}
		s = s[n:]
		parts = parts[1:]
		if len(parts) == 0 {
			return s == "" || p.openTail
		}
	}
	if !p.openTail {
		last := &parts[len(parts)-1]
		from, ok := last.fromEnd(s)
		if !ok {
			return false
		}
		s = s[:from]
		parts = parts[:len(parts)-1]
	}
	for i := range parts {
		n, ok := parts[i].find(s)
		if !ok {
			return false
		}
		s = s[n:]
	}
	return true
}

// at returns how much of the beginning of s the part takes.
func (t *part) at(s string) (int, bool) {
	n := 0
	for i, text := range t.text {
		m, ok := skipRunes(s[n:], t.skip[i])
		if !ok {
			return 0, false
		}
		n += m
		if !strings.HasPrefix(s[n:], text) {
			return 0, false
		}
		n += len(text)
	}
	return n, true
}

// find returns the end of the first place in s where the part fits.
func (t *part) find(s string) (int, bool) {
	start, ok := skipRunes(s, t.skip[0])
	if !ok {
		return 0, false
	}
	first := t.text[0]
	rest := part{skip: t.skip[1:], text: t.text[1:]}
	for {
		i := strings.Index(s[start:], first)
		if i < 0 {
			return 0, false
		}
		start += i
		if n, ok := rest.at(s[start+len(first):]); ok {
			return start + len(first) + n, true
		}
		if start == len(s) {
			return 0, false
		}
		_, size := utf8.DecodeRuneInString(s[start:])
		start += size
	}
}

// fromEnd returns where the part begins that ends with s.
func (t *part) fromEnd(s string) (int, bool) {
	n := len(s)
	for i := len(t.text) - 1; i >= 0; i-- {
		if !strings.HasSuffix(s[:n], t.text[i]) {
			return 0, false
		}
		n -= len(t.text[i])
		for range t.skip[i] {
			if n == 0 {
				return 0, false
			}
			_, size := utf8.DecodeLastRuneInString(s[:n])
			n -= size
		}
	}
	return n, true
}

func skipRunes(s string, count int) (int, bool) {
	n := 0
	for range count {
		if n == len(s) {
			return 0, false
		}
		_, size := utf8.DecodeRuneInString(s[n:])
		n += size
	}
	return n, true
}
