package osm

import (
	"fmt"
	"strings"
)

// expr is a condition on tags, written as words that must all hold:
//
//	key=a|b     the value is a or b; a value with several parts "a;c" has each
//	key=*       the key is there, with a value other than no
//	key~a|b     the value holds a or b as a part
//	!word       the word does not hold
//
// The first word may not be negated: it finds the row.
type expr []term

type term struct {
	key    string
	values []string // empty: any value but no
	part   bool     // ~
	not    bool
}

// parseExpr reads a condition. Tables are fixed, so an error is a mistake in
// a table, which a test finds.
func parseExpr(s string) (expr, error) {
	var e expr
	for _, word := range strings.Fields(s) {
		var t term
		t.not = strings.HasPrefix(word, "!")
		word = strings.TrimPrefix(word, "!")
		at := strings.IndexAny(word, "=~")
		if at <= 0 || at == len(word)-1 {
			return nil, fmt.Errorf("condition %q: %q is not key=value", s, word)
		}
		t.key, t.part = word[:at], word[at] == '~'
		if value := word[at+1:]; value != "*" {
			t.values = strings.Split(value, "|")
		}
		e = append(e, t)
	}
	if len(e) == 0 || e[0].not {
		return nil, fmt.Errorf("condition %q: the first word must be one that holds", s)
	}
	return e, nil
}

// holds says whether the tags fulfil the condition.
func (e expr) holds(tags Tags) bool {
	for i := range e {
		if e[i].holds(tags.Get(e[i].key)) == e[i].not {
			return false
		}
	}
	return true
}

func (t *term) holds(value string) bool {
	switch {
	case value == "":
		return false
	case len(t.values) == 0:
		return value != "no"
	}
	for _, want := range t.values {
		if value == want || t.part && strings.Contains(value, want) {
			return true
		}
	}
	if t.part || !strings.Contains(value, ";") {
		return false
	}
	for one := range strings.SplitSeq(value, ";") {
		one = strings.TrimSpace(one)
		for _, want := range t.values {
			if one == want {
				return true
			}
		}
	}
	return false
}

// rule is a row of a table: something with a condition.
type rule interface{ when() string }

// table is a mapping table made ready: rows by the key that finds them.
type table[R rule] struct {
	rows  []R
	exprs []expr
	byKey map[string][]int
}

// compile makes a table ready, and adds every key its conditions read to keys.
func compile[R rule](rows []R, keys map[string]bool) (*table[R], error) {
	t := &table[R]{rows: rows, exprs: make([]expr, len(rows)), byKey: map[string][]int{}}
	for i, row := range rows {
		e, err := parseExpr(row.when())
		if err != nil {
			return nil, err
		}
		t.exprs[i] = e
		t.byKey[e[0].key] = append(t.byKey[e[0].key], i)
		for _, term := range e {
			keys[term.key] = true
		}
	}
	return t, nil
}

// first returns the first row, in table order, whose condition the tags
// fulfil and that is accepted by ok (nil: every row), or nil.
func (t *table[R]) first(tags Tags, ok func(*R) bool) *R {
	best := len(t.rows)
	for i := range tags {
		for _, at := range t.byKey[tags[i].Key] {
			if at >= best {
				break
			}
			if (ok == nil || ok(&t.rows[at])) && t.exprs[at].holds(tags) {
				best = at
			}
		}
	}
	if best == len(t.rows) {
		return nil
	}
	return &t.rows[best]
}

// all calls yield for every row that the tags fulfil, in table order within
// one key.
func (t *table[R]) all(tags Tags, yield func(*R)) {
	for i := range tags {
		for _, at := range t.byKey[tags[i].Key] {
			if t.exprs[at].holds(tags) {
				yield(&t.rows[at])
			}
		}
	}
}

// selects says whether any row could be found by one of the tags: a cheap
// test that lets most elements go.
func (t *table[R]) selects(tags Tags) bool {
	for i := range tags {
		if len(t.byKey[tags[i].Key]) > 0 {
			return true
		}
	}
	return false
}

// firstKey returns the key of a condition's first word.
func firstKey(when string) string {
	word, _, _ := strings.Cut(when, " ")
	return word[:max(0, strings.IndexAny(word, "=~"))]
}
