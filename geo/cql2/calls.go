package cql2

import (
	"fmt"
	"strings"
)

// parseWord reads what begins with a word: TRUE and FALSE, a function, a
// geometry, or a property.
func (p *textParser) parseWord() (*node, *problem) {
	t := p.token
	if strings.EqualFold(t.text, "TRUE") || strings.EqualFold(t.text, "FALSE") {
		return literal(Bool(strings.EqualFold(t.text, "TRUE"))), p.advance()
	}
	if isKeyword(t.text) {
		return nil, p.unexpected("属性或值", "a property or a value")
	}
	following := p.lexer
	after, problem := following.next()
	if problem != nil {
		p.failed = after.at
		return nil, problem
	}
	tag := strings.ToUpper(t.text)
	if after.raw == "(" && after.kind == tokenMark || isGeometryTag(tag) && strings.EqualFold(after.raw, "Z") {
		return p.parseCall(tag)
	}
	return property(t.text), p.advance()
}

// isKeyword says which words cannot be names of properties without quotes.
func isKeyword(word string) bool {
	switch strings.ToUpper(word) {
	case "AND", "OR", "NOT", "LIKE", "IN", "BETWEEN", "IS", "NULL", "TRUE", "FALSE", "DIV":
		return true
	}
	return false
}

// opText is the name of an operation in CQL2 Text.
func opText(o op) string {
	if o == opIsNull {
		return "IS NULL"
	}
	return strings.ToUpper(opNames[o])
}

func (p *textParser) parseCall(name string) (*node, *problem) {
	if problem := p.enter(); problem != nil {
		return nil, problem
	}
	defer p.leave()
	if isGeometryTag(name) {
		return p.parseGeometry(name)
	}
	switch name {
	case "DATE":
		return p.parseInstant(parseDate)
	case "TIMESTAMP":
		return p.parseInstant(parseTimestamp)
	}
	at := p.token.at
	for o, known := range opNames {
		o := op(o)
		if known == "" || strings.ToUpper(known) != name || !o.isFold() && !o.isSpatial() && !o.isArray() {
			continue
		}
		operand, most := p.parseSum, 2
		if o.isFold() {
			most = 1
		} else if o.isArray() {
			operand = p.parseList
		}
		args, problem := p.parseArguments(most, operand)
		if problem != nil {
			return nil, problem
		}
		return p.combine(at, o, args...)
	}
	p.failed = at
	return nil, unknownFunction(name)
}

// unknownFunction is the problem of a function that there is not.
func unknownFunction(name string) *problem {
	const list = "CASEI, ACCENTI, DATE, TIMESTAMP, S_INTERSECTS, S_DISJOINT, S_EQUALS, S_TOUCHES, S_WITHIN, S_CONTAINS, S_OVERLAPS, S_CROSSES, A_CONTAINS, A_CONTAINEDBY, A_EQUALS, A_OVERLAPS"
	name = shorten(name)
	return &problem{
		fmt.Sprintf("没有函数 %q，可用：%s。", name, list),
		fmt.Sprintf("there is no function %q: use one of %s", name, list),
	}
}

// parseArguments reads a bracket with exactly so many arguments, after the
// name of the function.
func (p *textParser) parseArguments(count int, argument func() (*node, *problem)) ([]*node, *problem) {
	if problem := p.advance(); problem != nil {
		return nil, problem
	}
	if problem := p.expectMark("("); problem != nil {
		return nil, problem
	}
	args := make([]*node, count)
	for i := range args {
		if i > 0 {
			if problem := p.expectMark(","); problem != nil {
				return nil, problem
			}
		}
		var problem *problem
		if args[i], problem = argument(); problem != nil {
			return nil, problem
		}
	}
	return args, p.expectMark(")")
}

// parseInstant reads DATE('…') or TIMESTAMP('…').
func (p *textParser) parseInstant(read func(string) (Value, *problem)) (*node, *problem) {
	args, problem := p.parseArguments(1, func() (*node, *problem) {
		if p.token.kind != tokenText {
			return nil, p.unexpected("引号中的时间", "a time in quotes")
		}
		v, problem := read(p.token.text)
		if problem != nil {
			return nil, problem
		}
		return literal(v), p.advance()
	})
	if problem != nil {
		return nil, problem
	}
	return args[0], nil
}

// parseList reads an operand of an array function: a property or a bracket of
// texts.
func (p *textParser) parseList() (*node, *problem) {
	if !p.isMark("(") {
		return p.parsePrimary()
	}
	if problem := p.advance(); problem != nil {
		return nil, problem
	}
	items := []string{}
	for !p.isMark(")") || len(items) > 0 {
		if p.token.kind != tokenText {
			return nil, p.unexpected("单引号中的文本", "a text in single quotes")
		}
		items = append(items, p.token.text)
		if problem := p.advance(); problem != nil {
			return nil, problem
		}
		if !p.isMark(",") {
			break
		}
		if problem := p.advance(); problem != nil {
			return nil, problem
		}
	}
	return literal(List(items)), p.expectMark(")")
}
