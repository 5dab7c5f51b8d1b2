package hours

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"yizhan/geo"
)

// Parse reads an opening_hours string. Beside the grammar of OSM it takes the
// spellings that real data has: spaces anywhere, long and lower-case English
// and Chinese names of days, dashes of every kind, 8.00, 8h, 10am-5pm, a
// missing semicolon. What it cannot read is a *geo.Error of code Invalid that
// names the position; a string beyond 2,048 bytes or of more than 100 rules is
// one of code TooLarge.
func Parse(s string) (*Schedule, error) {
	if len(s) > maxLength {
		return nil, geo.NewError(geo.TooLarge,
			fmt.Sprintf("营业时间长 %d 字节，上限 %d，请缩短。", len(s), maxLength),
			fmt.Sprintf("opening hours of %d bytes: shorten them to %d", len(s), maxLength))
	}
	if !utf8.ValidString(s) {
		return nil, geo.NewError(geo.Invalid,
			"营业时间不是有效的 UTF-8 文本，请以 UTF-8 重新保存。",
			"opening hours are not valid UTF-8: save them as UTF-8")
	}
	tokens, src, err := lex(s)
	if err != nil {
		return nil, err
	}
	p := &parser{tokens: tokens, src: src}
	if err := p.schedule(); err != nil {
		return nil, err
	}
	return newSchedule(p.rules), nil
}

// parser reads tokens by recursive descent; the tokens end with a tokEnd.
type parser struct {
	tokens []token
	src    []rune
	i      int
	rules  []rule
	// spans and sun count the spans of all rules, and those of the sun.
	spans, sun int
}

func (p *parser) peek(offset int) token {
	if i := p.i + offset; i >= 0 && i < len(p.tokens) {
		return p.tokens[i]
	}
	return token{kind: tokEnd, pos: len(p.src)}
}

// is says whether the tokens from here on are of these kinds.
func (p *parser) is(kinds ...tokenKind) bool { return p.isFrom(0, kinds...) }

func (p *parser) isFrom(offset int, kinds ...tokenKind) bool {
	for i, k := range kinds {
		if p.peek(offset+i).kind != k {
			return false
		}
	}
	return true
}

func (p *parser) accept(kind tokenKind) bool {
	if !p.is(kind) {
		return false
	}
	p.i++
	return true
}

func (p *parser) fail(zh, en string) error { return p.failAt(p.peek(0), zh, en) }

func (p *parser) failAt(t token, zh, en string) error { return syntaxError(p.src, t.pos, zh, en) }

// schedule reads all rules.
func (p *parser) schedule() error {
	how := joinNormal
	for {
		for p.is(tokSemicolon) || p.is(tokSkip) {
			p.i++
		}
		if p.is(tokEnd) {
			break
		}
		next, err := p.rule(how)
		if err != nil {
			return err
		}
		how = next
	}
	if len(p.rules) == 0 {
		return p.fail("里面什么也没有，请写成 Mo-Fr 08:00-18:00 这样的格式",
			"there is nothing in it: write it like Mo-Fr 08:00-18:00")
	}
	return nil
}

// partial is a rule being read.
type partial struct {
	rule
	// stated says that a state word was read; remarked a comment; timed that a
	// time was read.
	stated, remarked, timed bool
	// ended says that a comma may begin an additional rule here.
	ended bool
	start token
}

// rule reads one rule and its separator; it returns how the next one joins.
func (p *parser) rule(how join) (join, error) {
	r := &partial{start: p.peek(0)}
	r.join, r.state = how, StateOpen
	for {
		next, done, err := p.part(r)
		if err != nil {
			return 0, err
		}
		if !done {
			continue
		}
		return next, p.finish(r)
	}
}

// part reads one selector, time list, state, comment or separator of a rule.
func (p *parser) part(r *partial) (next join, done bool, err error) {
	t := p.peek(0)
	switch {
	case t.kind == tokEnd || t.kind == tokSemicolon:
		return joinNormal, true, nil
	case t.kind == tokFallback:
		p.i++
		if !r.ended && !r.hasDates() {
			return 0, false, p.failAt(t, "|| 前面要有规则", "|| needs a rule before it")
		}
		if p.is(tokEnd) || p.is(tokSemicolon) || p.is(tokFallback) {
			return 0, false, p.fail("|| 后面要有规则", "|| needs a rule after it")
		}
		return joinFallback, true, nil
	case t.kind == tokComma:
		return p.comma(r)
	case t.kind == tokColon && (r.hasDates() || len(r.spans) == 0) && p.i > 0:
		p.i++ // "Jan 10-Feb 10: 07:30-12:00"
		return 0, false, nil
	case t.kind == tokSkip:
		p.i++
		return 0, false, nil
	case p.timeStarts():
		if err := p.times(r); err != nil {
			return 0, false, err
		}
		r.timed, r.ended = true, true
		return 0, false, nil
	case t.kind == tokState:
		p.i++
		if r.stated && r.state != State(t.value) {
			return 0, false, p.failAt(t, "一条规则只能有一种状态，请用 ; 分开", "a rule has one state: separate the rules with ;")
		}
		r.state, r.stated, r.ended = State(t.value), true, true
		return 0, false, nil
	case t.kind == tokComment:
		p.i++
		if r.comment != "" && t.text != "" {
			r.comment += "; "
		}
		r.comment += t.text
		r.remarked, r.ended = true, true
		return 0, false, nil
	}
	return p.selector(r)
}

// comma reads a comma between two parts: it begins an additional rule after
// times, a state or a comment, and means nothing else.
func (p *parser) comma(r *partial) (next join, done bool, err error) {
	t := p.peek(0)
	p.i++
	switch {
	case p.is(tokEnd) || p.is(tokSemicolon) || p.is(tokFallback) || p.is(tokComma):
		return 0, false, nil // trailing
	case r.ended:
		return joinAdditional, true, nil
	case r.hasDates() && (p.timeStarts() || p.is(tokState)):
		return 0, false, nil // "Mo-Fr, 08:00-18:00"
	}
	return 0, false, p.failAt(t,
		"逗号不能放在这里，请用 ; 分开规则",
		"a comma does not belong here: separate the rules with ;")
}

// selector reads one date selector; where one of its kind stands before the
// times already, a semicolon was forgotten and a new rule begins.
func (p *parser) selector(r *partial) (next join, done bool, err error) {
	t := p.peek(0)
	var read func(*partial) error
	var again bool
	switch {
	case p.yearStarts():
		read, again = p.years, len(r.years) > 0 || len(r.dates) > 0
	case p.dateStarts():
		read, again = p.dates, len(r.dates) > 0
	case t.kind == tokWeek:
		read, again = p.weeks, len(r.weeks) > 0
	case t.kind == tokWeekday || t.kind == tokHoliday:
		read, again = p.days, len(r.days)+len(r.holidays) > 0
	default:
		return 0, false, p.unexpected(t)
	}
	if again && r.ended {
		return joinNormal, true, nil
	}
	return 0, false, read(r)
}

func (p *parser) unexpected(t token) error {
	switch t.kind {
	case tokNumber:
		return p.failAt(t,
			"这个数字既不是时间也不是日期，时间请写成 08:00-18:00",
			"this number is neither a time nor a date: write times like 08:00-18:00")
	case tokSlash:
		return p.failAt(t, "这里不能有间隔（/）", "a step (/) cannot stand here")
	}
	return p.failAt(t, "这里接不上，请写成 Mo-Fr 08:00-18:00; PH off 这样的格式",
		"this does not fit here: write it like Mo-Fr 08:00-18:00; PH off")
}

// finish completes a rule and keeps it.
func (p *parser) finish(r *partial) error {
	if !r.ended && !r.hasDates() {
		return p.failAt(r.start, "这条规则是空的", "this rule says nothing")
	}
	if r.remarked && !r.stated {
		r.state = StateUnknown
	}
	if len(p.rules) == maxRules {
		return geo.NewError(geo.TooLarge,
			fmt.Sprintf("营业时间的规则超过 %d 条，请缩短。", maxRules),
			fmt.Sprintf("opening hours of more than %d rules: shorten them", maxRules))
	}
	r.comment = strings.TrimSpace(r.comment)
	cutOpenEnds(r.spans)
	p.rules = append(p.rules, r.rule)
	return nil
}

// cutOpenEnds lets an open end end where the next span of the rule begins.
func cutOpenEnds(spans []span) {
	for i := range spans {
		s := &spans[i]
		if !s.open {
			continue
		}
		at := s.end
		if s.bare {
			at = s.start
		}
		for _, o := range spans {
			if from := o.start.nominal(); from > at.nominal() && (s.cut == 0 || from < s.cut) {
				s.cut = from
			}
		}
	}
}

// number reads a number between two bounds.
func (p *parser) number(low, high int, zh, en string) (int, error) {
	t := p.peek(0)
	if t.kind != tokNumber || t.value < low || t.value > high {
		return 0, p.failAt(t,
			fmt.Sprintf("%s要是 %d 到 %d 的数字", zh, low, high),
			fmt.Sprintf("%s must be a number from %d to %d", en, low, high))
	}
	p.i++
	return t.value, nil
}

// step reads "/2" where it stands, and returns 1 where not.
func (p *parser) step(high int) (int, error) {
	if !p.accept(tokSlash) {
		return 1, nil
	}
	return p.number(1, high, "间隔", "a step")
}

// offset reads "+1 day" or "-2 days" where it stands.
func (p *parser) offset() (int, error) {
	if !(p.is(tokPlus, tokNumber, tokDays) || p.is(tokHyphen, tokNumber, tokDays)) {
		return 0, nil
	}
	sign := 1
	if p.is(tokHyphen) {
		sign = -1
	}
	p.i++
	n, err := p.number(0, 366, "移动的天数", "the days to move by")
	p.i++
	return sign * n, err
}
