package search

import (
	"cmp"
	"encoding/binary"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/paulmach/orb"
)

// Index finds entries. It is immutable; any number of goroutines may use it.
type Index struct {
	entries []Entry
	// order numbers the entries by ID: entry i is entries[order[i]]. All else
	// here goes by that number, so that ties need no look at the entries.
	order []uint32
	// texts holds, for each entry, its folded name, aliases and address,
	// parted by separators; points holds its position. They lie side by side,
	// as a common word makes a query read most of them.
	texts    []string
	points   []orb.Point
	aliased  []bool // whether an entry has aliases
	postings map[gram]*posting
	// numbers are the numbers of the compounds, compounds the same by folded
	// name and alias,
	// buildings the numbers of the buildings by compound and plain number,
	// numbered those of all buildings by plain number.
	numbers   []uint32
	compounds map[string][]uint32
	buildings map[building][]uint32
	numbered  map[string][]uint32
}

// building is a number in a compound.
type building struct{ compound, number string }

// gram is one character, or two that follow one another, in one number.
type gram uint64

func gramOf(a, b rune) gram { return gram(a)<<32 | gram(b) }

// posting is the ascending list of entries that a gram occurs in, as varints
// of the differences.
type posting struct {
	count int
	last  uint32
	data  []byte
	// blocks are where every blockSize-th entry but the first begins.
	blocks []block
}

// block is a place in a posting to begin reading at: before is the entry that
// stands before it.
type block struct {
	at     int
	before uint32
}

// blockSize is how many entries of a posting one goroutine reads at a time.
const blockSize = 1 << 15

// The separators stand before an alias and before the address. Fold drops
// control characters, so no text and no query holds them.
const (
	aliasMark   = '\x01'
	addressMark = '\x02'
)

// Build makes an index of entries. It keeps the slice, which must not change
// afterwards.
func Build(entries []Entry) *Index {
	x := &Index{
		entries: entries, order: make([]uint32, len(entries)),
		texts: make([]string, len(entries)), points: make([]orb.Point, len(entries)),
		aliased: make([]bool, len(entries)), postings: map[gram]*posting{},
		compounds: map[string][]uint32{}, buildings: map[building][]uint32{}, numbered: map[string][]uint32{},
	}
	for i := range entries {
		x.order[i] = uint32(i)
	}
	slices.SortFunc(x.order, func(a, b uint32) int {
		return cmp.Or(strings.Compare(entries[a].ID, entries[b].ID), cmp.Compare(a, b))
	})
	var arena strings.Builder
	ends := make([]int, len(entries))
	for i := range x.order {
		e := x.entry(uint32(i))
		write(&arena, e)
		ends[i], x.points[i], x.aliased[i] = arena.Len(), e.Point, len(e.Aliases) > 0
	}
	from := 0
	for i, end := range ends {
		x.texts[i] = arena.String()[from:end]
		x.add(uint32(i))
		from = end
	}
	return x
}

// write appends the text of an entry.
func write(b *strings.Builder, e *Entry) {
	b.WriteString(Fold(e.Name))
	for _, a := range e.Aliases {
		b.WriteByte(aliasMark)
		b.WriteString(Fold(a))
	}
	if e.Address != "" {
		b.WriteByte(addressMark)
		b.WriteString(Fold(e.Address))
	}
}

func (x *Index) entry(i uint32) *Entry { return &x.entries[x.order[i]] }

// add enters an entry, whose text is set, into postings and tables.
func (x *Index) add(i uint32) {
	e, text := x.entry(i), x.texts[i]
	var before rune
	for _, r := range text {
		if r == aliasMark || r == addressMark {
			before = 0
			continue
		}
		x.post(gramOf(0, r), i)
		if before != 0 {
			x.post(gramOf(before, r), i)
		}
		before = r
	}
	switch e.Kind {
	case KindCompound:
		x.numbers = append(x.numbers, i)
		names, _, _ := strings.Cut(text, string(addressMark))
		for name := range strings.SplitSeq(names, string(aliasMark)) {
			x.compounds[name] = append(x.compounds[name], i)
		}
	case KindBuilding:
		number := plainNumber(e.Number)
		if number == "" {
			number = plainNumber(e.Name)
		}
		if number != "" {
			x.numbered[number] = append(x.numbered[number], i)
			if e.Compound != "" {
				key := building{e.Compound, number}
				x.buildings[key] = append(x.buildings[key], i)
			}
		}
	}
}

func (x *Index) post(g gram, i uint32) {
	p := x.postings[g]
	switch {
	case p == nil:
		p = &posting{}
		x.postings[g] = p
	case p.last == i:
		return
	}
	if p.count > 0 && p.count%blockSize == 0 {
		p.blocks = append(p.blocks, block{len(p.data), p.last})
	}
	p.data = binary.AppendUvarint(p.data, uint64(i-p.last))
	p.last, p.count = i, p.count+1
}

// each calls yield with the entries of a posting, in order.
func (p *posting) each(yield func(uint32)) {
	for i := 0; i <= len(p.blocks); i++ {
		p.eachOf(i, yield)
	}
}

// eachOf calls yield with the entries of one block.
func (p *posting) eachOf(number int, yield func(uint32)) {
	var i uint32
	data := p.data
	if number < len(p.blocks) {
		data = data[:p.blocks[number].at]
	}
	if number > 0 {
		b := p.blocks[number-1]
		data, i = data[b.at:], b.before
	}
	for len(data) > 0 {
		step, n := binary.Uvarint(data)
		data = data[n:]
		i += uint32(step)
		yield(i)
	}
}

// rarest returns the shortest posting among the grams of the words; nil where
// one of them occurs nowhere.
func (x *Index) rarest(words []string) *posting {
	var best *posting
	for _, w := range words {
		var before rune
		single := utf8.RuneCountInString(w) == 1
		for _, r := range w {
			g := gramOf(before, r)
			if before != 0 || single {
				p := x.postings[g]
				if p == nil {
					return nil
				}
				if best == nil || p.count < best.count {
					best = p
				}
			}
			before = r
		}
	}
	return best
}

// Len returns the number of entries.
func (x *Index) Len() int { return len(x.entries) }
