package cql2

import (
	"strings"
	"unicode/utf8"
)

type tokenKind uint8

const (
	tokenEnd tokenKind = iota
	tokenWord
	tokenQuoted // a name in double quotes
	tokenText
	tokenNumber
	tokenMark
)

// token is one piece of CQL2 Text. Its text is what it stands for; raw is
// what was written.
type token struct {
	kind tokenKind
	at   int
	text string
	raw  string
}

// lexer cuts CQL2 Text into tokens.
type lexer struct {
	input string
	at    int
}

func (l *lexer) next() (token, *problem) {
	for l.at < len(l.input) && strings.IndexByte(" \t\r\n", l.input[l.at]) >= 0 {
		l.at++
	}
	t := token{at: l.at}
	if l.at == len(l.input) {
		return t, nil
	}
	rest := l.input[l.at:]
	r, _ := utf8.DecodeRuneInString(rest)
	var p *problem
	n := 1
	switch {
	case rest[0] == '\'':
		t.kind = tokenText
		t.text, n, p = unquoteText(rest)
	case rest[0] == '"':
		t.kind = tokenQuoted
		t.text, n, p = unquoteName(rest)
	case isDigit(rest[0]) || rest[0] == '.' && len(rest) > 1 && isDigit(rest[1]):
		t.kind = tokenNumber
		n = numberLength(rest)
		t.text = rest[:n]
	case isNameStart(r):
		t.kind = tokenWord
		n = nameLength(rest)
		t.text = rest[:n]
	case strings.IndexByte("(),=<>+-*/%^", rest[0]) >= 0:
		t.kind = tokenMark
		if len(rest) > 1 && (rest[:2] == "<>" || rest[:2] == "<=" || rest[:2] == ">=") {
			n = 2
		}
		t.text = rest[:n]
	default:
		p = &problem{"这里有不认识的字符。", "there is a character that means nothing here"}
	}
	if p != nil {
		return t, p
	}
	t.raw = rest[:n]
	l.at += n
	return t, nil
}

// unquoteText reads a text literal. A quote in it is doubled or
// stands after a \. \a, \b, \t, \n, \v, \f and \r are control characters, and \\ is a \. Before anything
// else a \ is itself, so that LIKE sees \% and \_.
func unquoteText(s string) (string, int, *problem) {
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s) && strings.IndexByte(escapes, s[i+1]) >= 0:
			i++
			b.WriteByte(escaped[strings.IndexByte(escapes, s[i])])
		case s[i] != '\'':
			b.WriteByte(s[i])
		case i+1 < len(s) && s[i+1] == '\'':
			i++
			b.WriteByte('\'')
		default:
			return b.String(), i + 1, checkString(b.String())
		}
	}
	return "", 0, &problem{"文本缺少结尾的单引号。", "the text has no closing quote '"}
}

// escapes are the characters with a meaning after \, escaped what they mean.
const (
	escapes = `abtnvfr'\`
	escaped = "\a\b\t\n\v\f\r'\\"
)

func unquoteName(s string) (string, int, *problem) {
	end := strings.IndexByte(s[1:], '"')
	if end < 0 {
		return "", 0, &problem{`属性名缺少结尾的双引号。`, `the name has no closing quote "`}
	}
	name := s[1 : 1+end]
	return name, end + 2, checkName(name)
}

// checkName says what is wrong with the name of a property.
func checkName(name string) *problem {
	if name == "" || strings.IndexByte(name, '"') >= 0 {
		return &problem{"属性名不能为空，也不能含双引号。", `the name of a property must not be empty or hold a "`}
	}
	return checkString(name)
}

func numberLength(s string) int {
	digits := func(i int) int {
		for i < len(s) && isDigit(s[i]) {
			i++
		}
		return i
	}
	n := digits(0)
	if n < len(s) && s[n] == '.' {
		n = digits(n + 1)
	}
	if n < len(s) && (s[n] == 'e' || s[n] == 'E') {
		e := n + 1
		if e < len(s) && (s[e] == '+' || s[e] == '-') {
			e++
		}
		if end := digits(e); end > e {
			n = end
		}
	}
	return n
}

func nameLength(s string) int {
	for i, r := range s {
		if !isNameStart(r) && !isNamePart(r) {
			return i
		}
	}
	return len(s)
}

// isNameStart and isNamePart are the standard's identifierStart and
// identifierPart, which are those of XML names.
func isNameStart(r rune) bool {
	switch {
	case r == utf8.RuneError:
		return false
	case r < 0x80:
		return r == ':' || r == '_' || 'A' <= r && r <= 'Z' || 'a' <= r && r <= 'z'
	case r < 0x300:
		return r >= 0xc0 && r != 0xd7 && r != 0xf7
	}
	return r >= 0x370 && r <= 0x1ffe && r != 0x37e || r == 0x200c || r == 0x200d ||
		r >= 0x2070 && r <= 0x218f || r >= 0x2c00 && r <= 0x2fef || r >= 0x3001 && r <= 0xd7ff ||
		r >= 0xf900 && r <= 0xfdcf || r >= 0xfdf0 && r <= 0xfffd || r >= 0x10000 && r <= 0xeffff
}

func isNamePart(r rune) bool {
	return r == '.' || r >= '0' && r <= '9' || r >= 0x300 && r <= 0x36f || r == 0x203f || r == 0x2040
}
