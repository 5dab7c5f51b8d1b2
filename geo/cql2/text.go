package cql2

import (
	"strings"
	"unicode/utf8"

	"yizhan/geo"
)

// ParseText reads a filter in CQL2 Text, at most MaxText bytes. Keywords and
// the names of functions may be in any case; names of properties may stand in
// double quotes and must where they are keywords. An error says at which
// character what was expected.
func ParseText(s string) (*Filter, error) {
	if len(s) > MaxText {
		return nil, tooLong(MaxText)
	}
	if !utf8.ValidString(s) {
		return nil, notUTF8()
	}
	p := &textParser{lexer: lexer{input: s}}
	root, problem := p.parse()
	if problem != nil {
		return nil, wrong(s, p.failed, problem)
	}
	return &Filter{root: root}, nil
}

func notUTF8() *geo.Error {
	return geo.NewError(geo.Invalid, "过滤条件不是有效的 UTF-8 文本。", "the filter is not valid UTF-8")
}

// textParser is a recursive descent over the standard's grammar. Wherever it
// descends into itself it counts the depth.
type textParser struct {
	lexer
	token  token
	failed int // where the problem is
	depth  int
	count  vertices
}

func (p *textParser) parse() (*node, *problem) {
	if problem := p.advance(); problem != nil {
		return nil, problem
	}
	root, problem := p.parseOr()
	if problem != nil {
		return nil, problem
	}
	if p.token.kind != tokenEnd {
		return nil, p.unexpected("AND、OR 或结尾", "AND, OR or the end")
	}
	if root.kind() != Boolean {
		return nil, p.unexpected("比较运算符", "a comparison")
	}
	return root, nil
}

// advance reads the next token. Problems found before the next call are
// reported at that token.
func (p *textParser) advance() *problem {
	t, problem := p.lexer.next()
	p.token, p.failed = t, t.at
	return problem
}

func (p *textParser) unexpected(zh, en string) *problem {
	p.failed = p.token.at
	return expected(zh, en, p.token.raw)
}

func (p *textParser) enter() *problem {
	if p.depth++; p.depth > maxDepth {
		return tooDeep()
	}
	return nil
}

func (p *textParser) leave() { p.depth-- }

func (p *textParser) isWord(w string) bool {
	return p.token.kind == tokenWord && strings.EqualFold(p.token.text, w)
}

func (p *textParser) isMark(m string) bool { return p.token.kind == tokenMark && p.token.text == m }

func (p *textParser) expectMark(m string) *problem {
	if !p.isMark(m) {
		return p.unexpected(" "+m+" ", m)
	}
	return p.advance()
}

func (p *textParser) expectWord(w string) *problem {
	if !p.isWord(w) {
		return p.unexpected(" "+w+" ", w)
	}
	return p.advance()
}

// combine makes a node; what is wrong with its operands is told at a token.
func (p *textParser) combine(at int, o op, args ...*node) (*node, *problem) {
	n, problem := combine(o, args...)
	if problem != nil {
		p.failed = at
	}
	return n, problem
}

func (p *textParser) parseOr() (*node, *problem) {
	return p.parseChain("OR", opOr, func() (*node, *problem) {
		return p.parseChain("AND", opAnd, p.parseNot)
	})
}

// parseChain reads operands with one operator between them, which become one
// node.
func (p *textParser) parseChain(word string, o op, operand func() (*node, *problem)) (*node, *problem) {
	first, problem := operand()
	if problem != nil || !p.isWord(word) {
		return first, problem
	}
	at := p.token.at
	args := []*node{first}
	for p.isWord(word) {
		if problem := p.advance(); problem != nil {
			return nil, problem
		}
		next, problem := operand()
		if problem != nil {
			return nil, problem
		}
		args = append(args, next)
	}
	return p.combine(at, o, args...)
}

func (p *textParser) parseNot() (*node, *problem) {
	if !p.isWord("NOT") {
		return p.parsePredicate()
	}
	at := p.token.at
	if problem := p.advance(); problem != nil {
		return nil, problem
	}
	if problem := p.enter(); problem != nil {
		return nil, problem
	}
	defer p.leave()
	arg, problem := p.parseNot()
	if problem != nil {
		return nil, problem
	}
	return p.combine(at, opNot, arg)
}

// parsePredicate reads a value and what is said of it, if anything is.
func (p *textParser) parsePredicate() (*node, *problem) {
	left, problem := p.parseSum()
	if problem != nil {
		return nil, problem
	}
	at := p.token.at
	if p.token.kind == tokenMark {
		for o := opEqual; o <= opGreaterEqual; o++ {
			if p.token.text != opNames[o] {
				continue
			}
			if problem := p.advance(); problem != nil {
				return nil, problem
			}
			right, problem := p.parseSum()
			if problem != nil {
				return nil, problem
			}
			return p.combine(at, o, left, right)
		}
		return left, nil
	}
	if p.isWord("IS") {
		return p.parseIsNull(left)
	}
	negated := p.isWord("NOT")
	if negated {
		if problem := p.advance(); problem != nil {
			return nil, problem
		}
	}
	var is *node
	switch {
	case p.isWord("LIKE"):
		is, problem = p.parseLike(left)
	case p.isWord("BETWEEN"):
		is, problem = p.parseBetween(left)
	case p.isWord("IN"):
		is, problem = p.parseIn(left)
	case negated:
		return nil, p.unexpected(" LIKE、BETWEEN 或 IN ", "LIKE, BETWEEN or IN")
	default:
		return left, nil
	}
	if problem != nil || !negated {
		return is, problem
	}
	return p.combine(at, opNot, is)
}

func (p *textParser) parseIsNull(left *node) (*node, *problem) {
	at := p.token.at
	if problem := p.advance(); problem != nil {
		return nil, problem
	}
	negated := p.isWord("NOT")
	if negated {
		if problem := p.advance(); problem != nil {
			return nil, problem
		}
	}
	if problem := p.expectWord("NULL"); problem != nil {
		return nil, problem
	}
	is, problem := p.combine(at, opIsNull, left)
	if problem != nil || !negated {
		return is, problem
	}
	return p.combine(at, opNot, is)
}

func (p *textParser) parseLike(left *node) (*node, *problem) {
	if problem := p.advance(); problem != nil {
		return nil, problem
	}
	at := p.token.at
	pattern, problem := p.parseSum()
	if problem != nil {
		return nil, problem
	}
	return p.combine(at, opLike, left, pattern)
}

func (p *textParser) parseBetween(left *node) (*node, *problem) {
	if problem := p.advance(); problem != nil {
		return nil, problem
	}
	at := p.token.at
	low, problem := p.parseSum()
	if problem != nil {
		return nil, problem
	}
	if problem := p.expectWord("AND"); problem != nil {
		return nil, problem
	}
	high, problem := p.parseSum()
	if problem != nil {
		return nil, problem
	}
	return p.combine(at, opBetween, left, low, high)
}

func (p *textParser) parseIn(left *node) (*node, *problem) {
	at := p.token.at
	if problem := p.advance(); problem != nil {
		return nil, problem
	}
	args := []*node{left}
	if problem := p.expectMark("("); problem != nil {
		return nil, problem
	}
	for {
		item, problem := p.parseSum()
		if problem != nil {
			return nil, problem
		}
		args = append(args, item)
		if !p.isMark(",") {
			break
		}
		if problem := p.advance(); problem != nil {
			return nil, problem
		}
	}
	if problem := p.expectMark(")"); problem != nil {
		return nil, problem
	}
	return p.combine(at, opIn, args...)
}

func (p *textParser) parseSum() (*node, *problem) {
	return p.parseLeft(p.parseProduct, func() (op, bool) {
		switch {
		case p.isMark("+"):
			return opAdd, true
		case p.isMark("-"):
			return opSub, true
		}
		return 0, false
	})
}

func (p *textParser) parseProduct() (*node, *problem) {
	return p.parseLeft(p.parsePower, func() (op, bool) {
		switch {
		case p.isMark("*"):
			return opMul, true
		case p.isMark("/"):
			return opQuo, true
		case p.isMark("%"):
			return opMod, true
		case p.isWord("DIV"):
			return opDiv, true
		}
		return 0, false
	})
}

// parseLeft reads operands and operators that bind to the left.
func (p *textParser) parseLeft(operand func() (*node, *problem), operator func() (op, bool)) (*node, *problem) {
	left, problem := operand()
	for problem == nil {
		o, ok := operator()
		if !ok {
			return left, nil
		}
		at := p.token.at
		if problem := p.advance(); problem != nil {
			return nil, problem
		}
		right, problem := operand()
		if problem != nil {
			return nil, problem
		}
		if left, problem = p.combine(at, o, left, right); problem != nil {
			return nil, problem
		}
	}
	return nil, problem
}

func (p *textParser) parsePower() (*node, *problem) {
	base, problem := p.parseFactor()
	if problem != nil || !p.isMark("^") {
		return base, problem
	}
	at := p.token.at
	if problem := p.advance(); problem != nil {
		return nil, problem
	}
	if problem := p.enter(); problem != nil {
		return nil, problem
	}
	defer p.leave()
	exponent, problem := p.parsePower()
	if problem != nil {
		return nil, problem
	}
	return p.combine(at, opPow, base, exponent)
}

// parseFactor reads a sign and what it stands before. A minus before anything
// but a number multiplies by -1.
func (p *textParser) parseFactor() (*node, *problem) {
	if !p.isMark("-") && !p.isMark("+") {
		return p.parsePrimary()
	}
	at, negative := p.token.at, p.isMark("-")
	if problem := p.advance(); problem != nil {
		return nil, problem
	}
	if p.token.kind == tokenNumber {
		return p.parseNumber(negative)
	}
	if !negative {
		return nil, p.unexpected("数值", "a number")
	}
	arg, problem := p.parsePrimary()
	if problem != nil {
		return nil, problem
	}
	return p.combine(at, opMul, literal(Num(-1)), arg)
}

func (p *textParser) parseNumber(negative bool) (*node, *problem) {
	f, problem := parseNumber(p.token.text)
	if problem != nil {
		return nil, problem
	}
	if negative {
		f = -f
	}
	return literal(Num(f)), p.advance()
}

func (p *textParser) parsePrimary() (*node, *problem) {
	t := p.token
	switch t.kind {
	case tokenNumber:
		return p.parseNumber(false)
	case tokenText:
		return literal(Text(t.text)), p.advance()
	case tokenQuoted:
		return property(t.text), p.advance()
	case tokenWord:
		return p.parseWord()
	case tokenMark:
		if t.text == "(" {
			return p.parseGroup()
		}
	}
	return nil, p.unexpected("属性、值或左括号", "a property, a value or (")
}

func (p *textParser) parseGroup() (*node, *problem) {
	if problem := p.enter(); problem != nil {
		return nil, problem
	}
	defer p.leave()
	if problem := p.advance(); problem != nil {
		return nil, problem
	}
	inner, problem := p.parseOr()
	if problem != nil {
		return nil, problem
	}
	return inner, p.expectMark(")")
}
