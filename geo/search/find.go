package search

import (
	"bytes"
	"cmp"
	"context"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"unicode/utf8"

	"github.com/paulmach/orb"

	"yizhan/geo"
	"yizhan/geo/index"
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
// where it is given, by ID. It returns at most limit results and never more
// than MaxResults. A query that is empty or longer than MaxQuery characters
// finds nothing. The error is that of a context that ends meanwhile.
func (x *Index) Find(ctx context.Context, query string, near *orb.Point, limit int) ([]Result, error) {
	if limit = min(limit, MaxResults); limit <= 0 {
		return nil, nil
	}
	q, ok := Ask(query)
	if !ok {
		return nil, nil
	}
	top := ranking{x: x, near: near, limit: limit}
	if d, ok := parseDoor(q.folded); ok {
		x.doors(d, &top)
	}
	x.scan(ctx, q, &top)
	return top.results(), ctx.Err()
}

// Question is a query that is ready to be asked.
type Question struct {
	folded string
	words  []string
	raw    [][]byte // the words again
}

// Ask reads a query. It is not ok where the query is empty or longer than
// MaxQuery characters.
func Ask(query string) (q Question, ok bool) {
	if utf8.RuneCountInString(query) > MaxQuery {
		return q, false
	}
	q.folded = Fold(query)
	q.words = strings.Fields(q.folded)
	for _, w := range q.words {
		q.raw = append(q.raw, []byte(w))
	}
	return q, len(q.words) > 0
}

// Answers says whether a place answers a question. It does not look for doors.
func (x *Index) Answers(q *Question, s index.Slot) bool {
	var room [256]byte
	text := appendPlace(room[:0], x.source.Places, s, x.isKnownPlain(uint32(s)))
	_, ok := matchAll(text, q.raw)
	return ok
}

// Places returns the places that answer a question, in no particular order. It
// is not ok where there may be more of them than most, or where the context
// ends: then nothing is returned.
func (x *Index) Places(ctx context.Context, q *Question, most int) (found []index.Slot, ok bool) {
	places := x.source.Places
	l, any := x.candidates(q.words)
	if l.count > most {
		return nil, false
	}
	look := &patience{ctx: ctx}
	try := func(n uint32) {
		if s := index.Slot(n); !look.over() && x.lives(n) && x.Answers(q, s) {
			found = append(found, s)
		}
	}
	if any {
		for part := range l.parts() {
			l.each(part, func(n uint32) {
				if n < x.slots {
					try(n)
				}
			})
		}
	}
	for n := x.slots; n < uint32(places.Slots()); n++ {
		try(n)
	}
	if ctx.Err() != nil {
		return nil, false
	}
	return found, true
}

// patience says when a context has ended, without asking it each time.
type patience struct {
	ctx   context.Context
	asked int
	ended bool
}

func (p *patience) over() bool {
	if p.asked++; p.asked%256 == 0 && !p.ended {
		p.ended = p.ctx.Err() != nil
	}
	return p.ended
}

// lives says whether a slot holds a place that can be pointed at.
func (x *Index) lives(n uint32) bool {
	places := x.source.Places
	return places.Live(index.Slot(n)) && places.Placed(index.Slot(n))
}

// scan offers what answers to the words. A word that hundreds of thousands of
// things share is read by several goroutines, piece by piece, each with a
// ranking of its own.
func (x *Index) scan(ctx context.Context, q Question, top *ranking) {
	l, ok := x.candidates(q.words)
	if ok {
		workers := max(1, min(l.parts(), runtime.GOMAXPROCS(0), 4))
		parts := make([]ranking, workers)
		var next atomic.Int32
		var work sync.WaitGroup
		for w := range parts {
			parts[w] = ranking{x: x, near: top.near, limit: top.limit, doors: top.doors}
			run := func() {
				visit := x.visitor(ctx, &q, &parts[w])
				for n := int(next.Add(1)) - 1; n < l.parts(); n = int(next.Add(1)) - 1 {
					l.each(n, visit)
				}
			}
			if workers == 1 {
				run()
			} else {
				work.Go(run)
			}
		}
		work.Wait()
		for _, part := range parts {
			for _, h := range part.heap {
				top.offer(h.entry, h.match, "")
			}
		}
	}
	visit := x.visitor(ctx, &q, top)
	for s := x.slots; s < uint32(x.source.Places.Slots()); s++ {
		visit(s | fresh)
	}
}

// fresh marks the slot of a place that is new since the index was built, whose
// number may be that of something else.
const fresh = 1 << 31

// hopeless says that a place cannot be among the best for one word, without
// reading all of its text: the word does not begin its name, and elsewhere it
// would not help.
func (x *Index) hopeless(word string, s index.Slot, top *ranking) bool {
	return top.beaten(uint32(s), Match{Inside, Name}) &&
		!strings.HasPrefix(cmp.Or(x.source.Places.Name(s), x.source.Places.Address(s)), word)
}

// visitor returns what reads a thing and offers it to a ranking.
func (x *Index) visitor(ctx context.Context, q *Question, top *ranking) func(uint32) {
	var buf []byte
	look := &patience{ctx: ctx}
	return func(n uint32) {
		if look.over() {
			return
		}
		if s, ok := x.place(n); ok && (!x.lives(uint32(s)) || len(q.words) == 1 && x.isKnownPlain(n) && x.hopeless(q.words[0], s, top)) {
			return
		}
		buf = x.appendText(buf[:0], n)
		if m, ok := matchAll(buf, q.raw); ok {
			top.offer(n, m, "")
		}
	}
}

// matchAll matches a text against all words.
func matchAll(text []byte, words [][]byte) (Match, bool) {
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

// match finds the best place of a word in a text, in a time that grows with
// the length of the text whatever is in it. The marks are below every byte
// that Fold lets through.
func match(text, word []byte) (best Match, ok bool) {
	if !bytes.Contains(text, word) {
		return Match{}, false
	}
	for field := Name; ; {
		part, mark := text, byte(0)
		if end := nextMark(text); end >= 0 {
			part, mark, text = text[:end], text[end], text[end+1:]
		}
		if m := (Match{degree(part, word), field}); m.Degree != nowhere && (!ok || m.compare(best) < 0) {
			best, ok = m, true
		}
		switch mark {
		case 0:
			return best, ok
		case aliasMark:
			field = Alias
		default:
			field = Address
		}
	}
}

// nextMark returns where the first part of a text ends, -1 where it is the last.
func nextMark(text []byte) int {
	for i, b := range text {
		if b <= addressMark {
			return i
		}
	}
	return -1
}

// nowhere is the degree of a word that is not in a text.
const nowhere Degree = 255

// degree is how a word stands in a text.
func degree(text, word []byte) Degree {
	switch {
	case bytes.HasPrefix(text, word):
		if len(text) == len(word) {
			return Exact
		}
		return Prefix
	case bytes.Contains(text, word):
		return Inside
	}
	return nowhere
}

// doors offers the buildings that a query names by number.
func (x *Index) doors(d door, top *ranking) {
	offer := func(numbers []uint32) {
		for _, n := range numbers {
			unit := ""
			entrances := x.source.Buildings[x.others[n-x.slots].i].Entrances
			if d.unit != "" && slices.ContainsFunc(entrances, func(e geo.Entrance) bool { return e.Unit != "" && plainNumber(e.Unit) == d.unit }) {
				unit = d.unit
			}
			m := Match{Degree: Door}
			if d.unit != "" && unit == "" {
				m.Field = Alias // a building without the unit, after those that have it
			}
			top.offer(n, m, unit)
		}
	}
	if d.compound == "" {
		if d.sure {
			offer(x.numbered[d.number])
		}
		return
	}
	for _, c := range x.compoundsNamed(d.compound) {
		offer(x.buildings[building{x.id(c), d.number}])
	}
}

// compoundsNamed returns the compounds that the text before a building's
// number may mean: those whose name or alias it is or ends with, as a pasted
// address does ("中原区建设路126号锦江城市花园"); where there is none, those
// in whose name or alias all its words stand.
func (x *Index) compoundsNamed(text string) []uint32 {
	for from := range text {
		if found := x.byName[strings.TrimSpace(text[from:])]; len(found) > 0 {
			return found
		}
	}
	words := bytes.Fields([]byte(text))
	var found []uint32
	for _, n := range x.compounds {
		if m, ok := matchAll(x.appendText(nil, n), words); ok && m.Field != Address {
			found = append(found, n)
		}
	}
	return found
}
