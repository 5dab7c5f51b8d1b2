package search

import (
	"cmp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"unicode/utf8"

	"github.com/paulmach/orb"
)

// MaxQuery is the greatest length of a query in characters. MaxResults is the
// greatest number of results.
const (
	MaxQuery   = 100
	MaxResults = 1000
)

// Degree is how a word of the query stands in a text.
type Degree uint8

// The degrees, best first. Door is a building found by its compound and
// number.
const (
	Door Degree = iota
	Exact
	Prefix
	Inside
)

var degreeNames = [...]string{"door", "exact", "prefix", "inside"}

// String returns door, exact, prefix or inside.
func (d Degree) String() string { return degreeNames[d] }

// Field is where a word of the query stands.
type Field uint8

// The fields, best first.
const (
	Name Field = iota
	Alias
	Address
)

var fieldNames = [...]string{"name", "alias", "address"}

// String returns name, alias or address.
func (f Field) String() string { return fieldNames[f] }

// Match is how an entry answers a query: of several words the worst match,
// each word taken at its best.
type Match struct {
	Degree Degree
	Field  Field
}

// compare orders matches, best first. An address comes after every name: that
// thousands of addresses begin with the name of a city makes none of them an
// answer to it.
func (m Match) compare(o Match) int {
	return cmp.Or(cmp.Compare(m.Field/Address, o.Field/Address), cmp.Compare(m.Degree, o.Degree), cmp.Compare(m.Field, o.Field))
}

// Result is an entry that answers a query.
type Result struct {
	Entry
	Match Match
	// Distance in metres, great-circle, from the point searched near; 0 where
	// none was given.
	Distance float64
	// Unit is the unit asked for (3单元) where the building is known to have
	// it.
	Unit string
}

// hit is a result being ranked.
type hit struct {
	entry    uint32
	match    Match
	distance float64
	unit     string
}

// Find returns the entries that answer a query, best first: names and
// aliases before addresses, then by degree, by field, by distance from near
// where it is given, by ID. It returns at most
// limit results and never more than MaxResults. A query that is empty or
// longer than MaxQuery characters finds nothing.
func (x *Index) Find(query string, near *orb.Point, limit int) []Result {
	if limit = min(limit, MaxResults); limit <= 0 || utf8.RuneCountInString(query) > MaxQuery {
		return nil
	}
	folded := Fold(query)
	if folded == "" {
		return nil
	}
	top := ranking{x: x, near: near, limit: limit}
	if d, ok := parseDoor(folded); ok {
		x.doors(d, &top)
	}
	words := strings.Fields(folded)
	if p := x.rarest(words); p != nil {
		x.scan(p, words, &top)
	}
	return top.results()
}

// scan offers the entries of a posting that answer to the words. A word that
// hundreds of thousands of entries share is read by several goroutines, block
// by block, each with a ranking of its own.
func (x *Index) scan(p *posting, words []string, top *ranking) {
	try := func(top *ranking) func(uint32) {
		return func(i uint32) {
			if len(words) == 1 && !x.aliased[i] && top.beaten(i, Match{Inside, Name}) && !strings.HasPrefix(x.texts[i], words[0]) {
				return // no place of the word in its text could help it
			}
			if m, ok := matchAll(x.texts[i], words); ok {
				top.offer(i, m, "")
			}
		}
	}
	workers := min(len(p.blocks)+1, runtime.GOMAXPROCS(0), 4)
	if workers == 1 {
		p.each(try(top))
		return
	}
	parts := make([]ranking, workers)
	var next atomic.Int32
	var work sync.WaitGroup
	for w := range parts {
		parts[w] = ranking{x: x, near: top.near, limit: top.limit, doors: top.doors}
		work.Go(func() {
			visit := try(&parts[w])
			for n := int(next.Add(1)) - 1; n <= len(p.blocks); n = int(next.Add(1)) - 1 {
				p.eachOf(n, visit)
			}
		})
	}
	work.Wait()
	for _, part := range parts {
		for _, h := range part.heap {
			top.offer(h.entry, h.match, "")
		}
	}
}

// matchAll matches a text against all words.
func matchAll(text string, words []string) (Match, bool) {
	var worst Match
	for _, w := range words {
		m, ok := match(text, w)
		if !ok {
			return Match{}, false
		}
		if m.compare(worst) > 0 {
			worst = m
		}
	}
	return worst, true
}

// match finds the best place of a word in a text.
func match(text, word string) (Match, bool) {
	at := strings.Index(text, word)
	if at < 0 {
		return Match{}, false
	}
	best := Match{Inside, Address}
	for from := 0; at >= 0; {
		start := from + at
		end := start + len(word)
		m := Match{Inside, fieldAt(text, start)}
		if start == 0 || text[start-1] <= addressMark {
			m.Degree = Prefix
			if end == len(text) || text[end] <= addressMark {
				m.Degree = Exact
			}
		}
		if m.compare(best) < 0 {
			best = m
		}
		if best.Degree == Exact && best.Field == Name || m.Field == Address && best.Field != Address {
			break // no later one is better
		}
		// The next occurrence may overlap this one: "一一" in "一一一".
		from = start + 1
		at = strings.Index(text[from:], word)
	}
	return best, true
}

// fieldAt returns the field that a position of a text lies in. The marks are
// below every byte that Fold lets through.
func fieldAt(text string, at int) Field {
	for at--; at >= 0; at-- {
		switch text[at] {
		case aliasMark:
			return Alias
		case addressMark:
			return Address
		}
	}
	return Name
}

// doors offers the buildings that a query names by number.
func (x *Index) doors(d door, top *ranking) {
	offer := func(numbers []uint32) {
		for _, i := range numbers {
			unit := ""
			if d.unit != "" && slices.ContainsFunc(x.entry(i).Units, func(u string) bool { return plainNumber(u) == d.unit }) {
				unit = d.unit
			}
			m := Match{Degree: Door}
			if d.unit != "" && unit == "" {
				m.Field = Alias // a building without the unit, after those that have it
			}
			top.offer(i, m, unit)
		}
	}
	if d.compound == "" {
		if d.sure {
			offer(x.numbered[d.number])
		}
		return
	}
	for _, c := range x.compoundsNamed(d.compound) {
		offer(x.buildings[building{x.entry(c).ID, d.number}])
	}
}

// compoundsNamed returns the compounds that the text before a building's
// number may mean: those whose name or alias it is or ends with, as a pasted
// address does ("中原区建设路126号锦江城市花园"); where there is none, those
// in whose name or alias all its words stand.
func (x *Index) compoundsNamed(text string) []uint32 {
	for from := range text {
		if found := x.compounds[strings.TrimSpace(text[from:])]; len(found) > 0 {
			return found
		}
	}
	words := strings.Fields(text)
	var found []uint32
	for _, i := range x.numbers {
		if m, ok := matchAll(x.texts[i], words); ok && m.Field != Address {
			found = append(found, i)
		}
	}
	return found
}
