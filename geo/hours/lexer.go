package hours

import (
	"fmt"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"yizhan/geo"
)

// token is a token with its place in the input, in runes from 0.
type token struct {
	kind  tokenKind
	value int
	text  string
	pos   int
	// digits is the number of digits of a number; glued says that nothing
	// stands between it and the token before.
	digits int
	glued  bool
}

// words is the lexicon; longestWord is the length in runes of its longest entry.
var words = sync.OnceValue(lexicon)

const longestWord = 19

// lexer cuts the input into tokens.
type lexer struct {
	src    []rune // as written
	low    []rune // the same in lower case, with lookalikes replaced
	i      int
	tokens []token
}

// lookalikes maps characters of the same meaning to the one of the grammar.
func lookalike(r rune) rune {
	switch r {
	case '–', '—', '‐', '‑', '‒', '−', '－', '～', '~', '〜', 'ー', '→':
		return '-'
	case '：', '∶':
		return ':'
	case '；':
		return ';'
	case '，', '、', '､', '&':
		return ','
	case '＋':
		return '+'
	case '／':
		return '/'
	case '．', '。':
		return '.'
	case '（':
		return '('
	case '）':
		return ')'
	case '［':
		return '['
	case '］':
		return ']'
	case '｜':
		return '|'
	}
	if r >= '０' && r <= '９' {
		return r - '０' + '0'
	}
	if unicode.IsSpace(r) || r == '_' || r == '\u200b' || r == '\ufeff' {
		return ' '
	}
	return unicode.ToLower(r)
}

var quotes = map[rune]rune{'"': '"', '“': '”', '”': '”', '„': '“', '«': '»', '「': '」', '『': '』', '\'': '\'', '‘': '’'}

var symbols = map[rune]tokenKind{
	',': tokComma, ';': tokSemicolon, '-': tokHyphen, '+': tokPlus, ':': tokColon, '/': tokSlash,
	'(': tokOpenParen, ')': tokCloseParen, '[': tokOpenBracket, ']': tokCloseBracket,
}

func lex(s string) ([]token, []rune, error) {
	l := &lexer{src: []rune(s)}
	l.low = make([]rune, len(l.src))
	for i, r := range l.src {
		l.low[i] = lookalike(r)
	}
	for l.i < len(l.src) {
		if err := l.next(); err != nil {
			return nil, l.src, err
		}
	}
	return append(l.tokens, token{kind: tokEnd, pos: len(l.src)}), l.src, nil
}

func (l *lexer) emit(t token, length int) {
	t.pos = l.i
	if n := len(l.tokens); n > 0 {
		t.glued = l.i > 0 && l.low[l.i-1] != ' '
	}
	l.tokens = append(l.tokens, t)
	l.i += length
}

func (l *lexer) next() error {
	r := l.low[l.i]
	switch {
	case r == ' ':
		l.i++
		return nil
	case l.word():
		return nil
	case isDigit(r):
		l.number()
		return nil
	case r == '|' && l.at(1) == '|':
		l.emit(token{kind: tokFallback}, 2)
		return nil
	}
	if kind, ok := symbols[r]; ok {
		l.emit(token{kind: kind}, 1)
		return nil
	}
	if end, ok := quotes[l.src[l.i]]; ok {
		return l.comment(end)
	}
	if r == '.' {
		l.dot()
		return nil
	}
	return l.unknown()
}

func (l *lexer) at(offset int) rune {
	if i := l.i + offset; i >= 0 && i < len(l.low) {
		return l.low[i]
	}
	return 0
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

// word reads the longest entry of the lexicon that begins here and ends where
// a word may end.
func (l *lexer) word() bool {
	w := words()
	if l.i > 0 && isLetter(l.low[l.i]) && isLetter(l.low[l.i-1]) && !isHan(l.low[l.i-1]) && !isHan(l.low[l.i]) {
		return false
	}
	if r := l.low[l.i]; !isLetter(r) && r != '2' && r != '7' { // 24/7, 7 days a week
		return false
	}
	// key holds the text from here, ends where each of its runes ends.
	var key [4 * longestWord]byte
	var ends [longestWord + 1]int
	longest := min(longestWord, len(l.low)-l.i)
	for n := range longest {
		ends[n+1] = ends[n] + utf8.EncodeRune(key[ends[n]:], l.low[l.i+n])
	}
	for n := longest; n > 0; n-- {
		if !l.endsWord(n) {
			continue
		}
		m, ok := w[string(key[:ends[n]])]
		if !ok {
			continue
		}
		at := l.i
		for _, t := range m {
			l.i = at
			l.emit(t, 0)
		}
		l.i = at + n
		if last := m[len(m)-1].kind; last != tokAlways && l.at(0) == '.' && !isDigit(l.at(1)) {
			l.i++ // "Mon."
		}
		return true
	}
	return false
}

// endsWord says whether n runes from here are a whole word.
func (l *lexer) endsWord(n int) bool {
	last, after := l.at(n-1), l.at(n)
	switch {
	case isHan(last) || isHan(after):
		return true
	case isDigit(last):
		// "24/7" must not be the beginning of "24/70".
		return !isDigit(after)
	case last == 'h' && n > 1 && isDigit(l.at(n-2)):
		return !isLetter(after) && !isDigit(after)
	case last == 'h' && n == 1:
		// "10h30" is a time, "10h" and "10 h" an hour.
		return !isLetter(after) && !isDigit(after)
	}
	return !isLetter(after)
}

func isLetter(r rune) bool { return unicode.IsLetter(r) }
func isHan(r rune) bool    { return unicode.Is(unicode.Han, r) }

func (l *lexer) number() {
	n, value := 0, 0
	for isDigit(l.at(n)) {
		if value < 1_000_000 {
			value = value*10 + int(l.at(n)-'0')
		}
		n++
	}
	l.emit(token{kind: tokNumber, value: value, digits: n}, n)
	if (l.at(0) == 'h' || l.at(0) == '点' || l.at(0) == '时') && isDigit(l.at(1)) {
		l.emit(token{kind: tokColon}, 1)
	} else if l.at(0) == '点' || l.at(0) == '时' || l.at(0) == '分' {
		l.i++
	}
}

// dot reads "." as the colon of 08.00, else as nothing.
func (l *lexer) dot() {
	if isDigit(l.at(-1)) && isDigit(l.at(1)) {
		l.emit(token{kind: tokColon}, 1)
		return
	}
	l.i++
}

func (l *lexer) comment(end rune) error {
	for n := l.i + 1; n < len(l.src); n++ {
		if l.src[n] == end || end == '”' && l.src[n] == '"' || end == '“' && l.src[n] == '”' {
			text := strings.TrimSpace(strings.ReplaceAll(string(l.src[l.i+1:n]), `"`, "'"))
			l.emit(token{kind: tokComment, text: text}, n+1-l.i)
			return nil
		}
	}
	return syntaxError(l.src, l.i,
		"引号没有结束，请补上右引号",
		"the quotation mark is never closed: add the closing one")
}

func (l *lexer) unknown() error {
	n := 1
	if isLetter(l.low[l.i]) {
		for isLetter(l.at(n)) {
			n++
		}
	}
	word := string(l.src[l.i:min(l.i+n, l.i+40)])
	return syntaxError(l.src, l.i,
		fmt.Sprintf("不认识 %q，请写成 Mo-Fr 08:00-18:00 这样的格式，说明文字放在引号里", word),
		fmt.Sprintf("%q is not understood: write it like Mo-Fr 08:00-18:00, with remarks in quotes", word))
}

// syntaxError returns an error that names the position, counted in characters
// from 1.
func syntaxError(src []rune, pos int, zh, en string) error {
	near := string(src[min(pos, len(src)):min(pos+12, len(src))])
	if near == "" {
		return geo.NewError(geo.Invalid,
			fmt.Sprintf("营业时间在结尾处（第 %d 个字符）读不懂：%s。", pos+1, zh),
			fmt.Sprintf("opening hours, at the end (character %d): %s", pos+1, en))
	}
	return geo.NewError(geo.Invalid,
		fmt.Sprintf("营业时间从第 %d 个字符 %q 起读不懂：%s。", pos+1, near, zh),
		fmt.Sprintf("opening hours, at character %d (%q): %s", pos+1, near, en))
}
