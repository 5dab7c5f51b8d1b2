package hours

import (
	"fmt"
	"strings"
	"time"
	"unicode"

	"yizhan/geo"
)

// Conditional is a parsed conditional restriction of OSM, the value of a key
// such as access:conditional: values that each hold on a condition,
//
//	no @ (22:00-06:00); delivery @ (Mo-Fr 06:00-22:00 AND weight<3.5)
//
// It is immutable and safe for concurrent use. The zero value has no clause.
type Conditional struct{ clauses []clause }

// clause is a value with the conditions that must all hold.
type clause struct {
	value      string
	conditions []condition
}

// condition is a schedule, or words about something else than time, which
// nobody here can check: wet, residents, weight>3.5.
type condition struct {
	hours *Schedule
	other string
}

// maxClauses bounds a conditional restriction, maxSteps the search for its
// next change.
const (
	maxClauses = 50
	maxSteps   = 200
)

// ParseConditional reads a conditional restriction. The conditions are
// opening_hours strings and words about other things, joined by AND; parens
// around them may be left out. Errors are those of Parse.
func ParseConditional(s string) (Conditional, error) {
	if len(s) > maxLength {
		return Conditional{}, geo.NewError(geo.TooLarge,
			fmt.Sprintf("限时规定长 %d 字节，上限 %d，请缩短。", len(s), maxLength),
			fmt.Sprintf("conditional restriction of %d bytes: shorten it to %d", len(s), maxLength))
	}
	parts, err := splitClauses(s)
	if err != nil {
		return Conditional{}, err
	}
	var c Conditional
	for _, part := range parts {
		value, text, _ := strings.Cut(part, "@")
		value = strings.TrimSpace(value)
		if value == "" || strings.ContainsAny(value, `()"`) {
			return Conditional{}, conditionalError(part, "@ 前面要有取值，如 no @ (22:00-06:00)",
				"a value belongs before the @, as in no @ (22:00-06:00)")
		}
		conditions, err := parseConditions(text)
		if err != nil {
			return Conditional{}, err
		}
		c.clauses = append(c.clauses, clause{value, conditions})
	}
	if len(c.clauses) == 0 || len(c.clauses) > maxClauses {
		return Conditional{}, conditionalError(s, fmt.Sprintf("要有 1 到 %d 条“取值 @ 条件”", maxClauses),
			fmt.Sprintf("it needs 1 to %d clauses of the form: value @ condition", maxClauses))
	}
	return c, nil
}

func conditionalError(near, zh, en string) error {
	if r := []rune(near); len(r) > 40 {
		near = string(r[:40])
	}
	return geo.NewError(geo.Invalid,
		fmt.Sprintf("限时规定 %q 读不懂：%s。", near, zh),
		fmt.Sprintf("conditional restriction, at %q: %s", near, en))
}

// splitClauses cuts at the semicolons outside parens and quotes. A piece
// without @ is a further rule of an unparenthesised condition before it.
func splitClauses(s string) ([]string, error) {
	var parts []string
	depth, quoted, start := 0, false, 0
	cut := func(end int) {
		piece := strings.TrimSpace(s[start:end])
		start = end + 1
		switch {
		case piece == "":
		case !strings.Contains(piece, "@") && len(parts) > 0:
			parts[len(parts)-1] += "; " + piece
		default:
			parts = append(parts, piece)
		}
	}
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '(':
			depth++
		case c == ')':
			if depth--; depth < 0 {
				return nil, conditionalError(s[:i+1], "右括号多了", "there is a closing parenthesis too many")
			}
		case c == ';' && depth == 0:
			cut(i)
		}
	}
	if depth > 0 || quoted {
		return nil, conditionalError(s, "括号或引号没有结束", "a parenthesis or quotation mark is never closed")
	}
	cut(len(s))
	for _, p := range parts {
		if !strings.Contains(p, "@") {
			return nil, conditionalError(p, "少了 @ 和条件，如 no @ (22:00-06:00)",
				"the @ and its condition are missing, as in no @ (22:00-06:00)")
		}
	}
	return parts, nil
}

func parseConditions(text string) ([]condition, error) {
	text = strings.TrimSpace(text)
	if strings.HasPrefix(text, "(") && matchingParen(text) == len(text)-1 {
		text = strings.TrimSpace(text[1 : len(text)-1])
	}
	var list []condition
	for _, part := range splitAnd(text) {
		part = strings.TrimSpace(part)
		if strings.HasPrefix(part, "(") && matchingParen(part) == len(part)-1 && !strings.HasPrefix(part, "(su") && !strings.HasPrefix(part, "(d") {
			part = strings.TrimSpace(part[1 : len(part)-1])
		}
		if part == "" {
			return nil, conditionalError(text, "条件是空的", "a condition is empty")
		}
		hours, err := Parse(part)
		switch {
		case err == nil:
			list = append(list, condition{hours: hours})
		case isOther(part):
			list = append(list, condition{other: part})
		default:
			return nil, err
		}
	}
	return list, nil
}

// matchingParen returns the index of the paren that closes the one at 0; those
// in quotes are none.
func matchingParen(s string) int {
	depth, quoted := 0, false
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '(':
			depth++
		case c == ')':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

// splitAnd cuts at the word AND outside quotes.
func splitAnd(s string) []string {
	var parts []string
	quoted, start := false, 0
	for i := 0; i < len(s); i++ {
		if s[i] == '"' {
			quoted = !quoted
		}
		if !quoted && i > 0 && i+4 < len(s) && s[i-1] == ' ' && s[i+3] == ' ' && strings.EqualFold(s[i:i+3], "and") {
			parts = append(parts, s[start:i])
			start = i + 3
		}
	}
	return append(parts, s[start:])
}

// isOther says whether a condition is about something else than time: a
// comparison, or words without digits.
func isOther(s string) bool {
	if strings.ContainsAny(s, "<>=") {
		return true
	}
	for _, r := range s {
		if !unicode.IsLetter(r) && !strings.ContainsRune(` _-:,'/"`, r) {
			return false
		}
	}
	return true
}

// String returns the restriction in canonical form; it parses to the same
// meaning.
func (c Conditional) String() string {
	var b strings.Builder
	for i, cl := range c.clauses {
		if i > 0 {
			b.WriteString("; ")
		}
		b.WriteString(cl.value + " @ (")
		for k, cond := range cl.conditions {
			if k > 0 {
				b.WriteString(" AND ")
			}
			if cond.hours != nil {
				b.WriteString(cond.hours.String())
			} else {
				b.WriteString(cond.other)
			}
		}
		b.WriteByte(')')
	}
	return b.String()
}

// Value returns the value that the restriction gives at an instant; where
// several clauses hold, the last one's; "" where none does, so that the plain
// key holds. known is false where that hangs on a condition that cannot be
// checked; value is then the one that may hold. until is the first instant
// after t at which value or known differs, zero where that does not happen
// within about five years and 200 changes of the conditions.
func (c Conditional) Value(t time.Time, at Place) (value string, known bool, until time.Time) {
	at = at.in(t)
	var buffer [8]Status
	status := buffer[:0]
	for _, cl := range c.clauses {
		for _, cond := range cl.conditions {
			if cond.hours != nil {
				status = append(status, cond.hours.At(t, at))
			} else {
				status = append(status, Status{})
			}
		}
	}
	value, known = c.value(status)
	for range maxSteps {
		if until = earliest(status); until.IsZero() {
			return value, known, until
		}
		i := 0
		for _, cl := range c.clauses {
			for _, cond := range cl.conditions {
				if status[i].Until.Equal(until) {
					status[i] = cond.hours.At(until, at)
				}
				i++
			}
		}
		if v, k := c.value(status); v != value || k != known {
			return value, known, until
		}
	}
	return value, known, time.Time{}
}

// ValueAt is Value without the next change, which is most of its cost: for
// searches that ask at many instants.
func (c Conditional) ValueAt(t time.Time, at Place) (value string, known bool) {
	at = at.in(t)
	var buffer [8]Status
	status := buffer[:0]
	for _, cl := range c.clauses {
		for _, cond := range cl.conditions {
			var s Status
			if cond.hours != nil {
				s.State = cond.hours.StateAt(t, at)
			}
			status = append(status, s)
		}
	}
	return c.value(status)
}

// earliest returns the first of the next changes, zero where there is none.
func earliest(list []Status) (first time.Time) {
	for _, s := range list {
		if !s.Until.IsZero() && (first.IsZero() || s.Until.Before(first)) {
			first = s.Until
		}
	}
	return first
}

// value returns the value, given the status of all conditions in their order;
// that of a condition which cannot be checked is unknown.
func (c Conditional) value(status []Status) (value string, known bool) {
	known = true
	for i := len(c.clauses) - 1; i >= 0; i-- {
		cl := &c.clauses[i]
		mine := status[len(status)-len(cl.conditions):]
		status = status[:len(status)-len(cl.conditions)]
		holds := StateOpen
		for _, s := range mine {
			holds = and(holds, s.State)
		}
		switch {
		case holds == StateClosed:
		case known && holds == StateOpen:
			return cl.value, true
		case known: // may hold: what stands before it decides whether that matters
			value, known = cl.value, false
		case holds == StateOpen:
			return value, cl.value == value
		case cl.value != value:
			return value, false
		}
	}
	return value, known
}

// and joins two conditions: closed, which is false, beats unknown.
func and(a, b State) State {
	switch {
	case a == StateClosed || b == StateClosed:
		return StateClosed
	case a == StateUnknown || b == StateUnknown:
		return StateUnknown
	}
	return StateOpen
}
