package search

import (
	"encoding/binary"
	"maps"
	"math/bits"
	"slices"
	"sync"
	"unicode/utf8"
)

// gram is two characters that follow one another, in one number; the second is
// 0 where a word ends.
type gram uint64

func gramOf(a, b rune) gram { return gram(a)<<32 | gram(b) }

// postings hold, for each gram, the ascending list of the things it occurs in,
// as varints of the differences, one list after another.
type postings struct {
	grams []gram // ascending
	// ends[i] is where the list of grams[i] ends in data; it begins where the
	// one before ends. counts are the lengths of the lists.
	ends   []uint32
	counts []uint32
	data   []byte
	// blocks are, of the lists longer than a block, where every blockSize-th
	// member but the first begins.
	blocks map[gram][]block
}

// block is a place in a list to begin reading at: before is the member that
// stands before it.
type block struct{ at, before uint32 }

// blockSize is how many members of a list one goroutine reads at a time.
const blockSize = 1 << 14

// collect makes the postings of things numbered below n, with several
// processors where workers is more than 1. text appends the text of a thing.
func collect(n uint32, workers int, text func(dst []byte, n uint32) []byte) postings {
	workers = max(1, min(workers, int(n/4096)))
	parts := make([]drafts, workers)
	var work sync.WaitGroup
	for w := range parts {
		part := func() {
			d := drafts{lists: map[gram]*draft{}}
			var buf []byte
			for i := uint64(n) * uint64(w) / uint64(workers); i < uint64(n)*uint64(w+1)/uint64(workers); i++ {
				buf = text(buf[:0], uint32(i))
				d.add(buf, uint32(i))
			}
			parts[w] = d
		}
		if workers == 1 {
			part() // where it is called: that may be a thread that others go before
			continue
		}
		work.Go(part)
	}
	work.Wait()
	return join(parts)
}

// draft is a list that grows.
type draft struct {
	count, first, last uint32
	data               []byte // of all but the first
}

type drafts struct{ lists map[gram]*draft }

// add enters a thing with its text.
func (d *drafts) add(text []byte, n uint32) {
	var before rune
	for i := 0; i < len(text); {
		r, size := rune(text[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRune(text[i:])
		}
		i += size
		if r == ' ' || r == aliasMark || r == addressMark {
			r = 0
		}
		if before != 0 {
			d.post(gramOf(before, r), n)
		}
		before = r
	}
	if before != 0 {
		d.post(gramOf(before, 0), n)
	}
}

func (d *drafts) post(g gram, n uint32) {
	l := d.lists[g]
	switch {
	case l == nil:
		d.lists[g] = &draft{count: 1, first: n, last: n}
		return
	case l.last == n:
		return
	}
	l.data = binary.AppendUvarint(l.data, uint64(n-l.last))
	l.last, l.count = n, l.count+1
}

// join puts the lists of several ranges of numbers one after another.
func join(parts []drafts) postings {
	sizes := map[gram]int{}
	for _, part := range parts {
		for g, l := range part.lists {
			sizes[g] += len(l.data) + binary.MaxVarintLen32
		}
	}
	p := postings{grams: slices.Sorted(maps.Keys(sizes)), blocks: map[gram][]block{}}
	p.ends, p.counts = make([]uint32, len(p.grams)), make([]uint32, len(p.grams))
	total := 0
	for _, size := range sizes {
		total += size
	}
	p.data = make([]byte, 0, total)
	for i, g := range p.grams {
		last := uint32(0)
		for _, part := range parts {
			l := part.lists[g]
			if l == nil {
				continue
			}
			p.data = binary.AppendUvarint(p.data, uint64(l.first-last))
			p.data = append(p.data, l.data...)
			p.counts[i] += l.count
			last = l.last
			delete(part.lists, g) // it is not needed twice
		}
		p.ends[i] = uint32(len(p.data))
	}
	p.data = slices.Clip(append(make([]byte, 0, len(p.data)), p.data...))
	for i, g := range p.grams {
		if p.counts[i] > blockSize {
			p.blocks[g] = p.divide(i)
		}
	}
	return p
}

// divide finds the blocks of a list.
func (p *postings) divide(i int) []block {
	from := p.from(i)
	var blocks []block
	var n uint32
	data := p.data[from:p.ends[i]]
	for k, at := 0, uint32(0); at < uint32(len(data)); k++ {
		if k > 0 && k%blockSize == 0 {
			blocks = append(blocks, block{from + at, n})
		}
		step, size := binary.Uvarint(data[at:])
		n, at = n+uint32(step), at+uint32(size)
	}
	return blocks
}

func (p *postings) from(i int) uint32 {
	if i == 0 {
		return 0
	}
	return p.ends[i-1]
}

// list is what is to be read of the postings: that of one gram, or the union
// of those that begin with a character.
type list struct {
	p      *postings
	from   int // among the grams
	until  int
	count  int
	blocks []block
	// numbers are the members where they were read already.
	numbers []uint32
}

// of returns the list of a gram; no such gram has an empty one.
func (p *postings) of(g gram) list {
	i, ok := slices.BinarySearch(p.grams, g)
	if !ok {
		return list{p: p}
	}
	return list{p: p, from: i, until: i + 1, count: int(p.counts[i]), blocks: p.blocks[g]}
}

// beginning returns the union of the lists of the grams that begin with a
// character; its count is an upper bound.
func (p *postings) beginning(r rune) list {
	from, _ := slices.BinarySearch(p.grams, gramOf(r, 0))
	until, _ := slices.BinarySearch(p.grams, gramOf(r+1, 0))
	l := list{p: p, from: from, until: until}
	for _, n := range p.counts[from:until] {
		l.count += int(n)
	}
	return l
}

// also returns the list of what is in another one too.
func (l list) also(other list) list {
	if l.numbers == nil {
		all := make([]uint32, 0, l.count)
		for part := range l.parts() {
			l.each(part, func(n uint32) { all = append(all, n) })
		}
		l.numbers = all
	}
	kept, at := l.numbers[:0], 0
	for part := range other.parts() {
		other.each(part, func(n uint32) {
			for at < len(l.numbers) && l.numbers[at] < n {
				at++
			}
			if at < len(l.numbers) && l.numbers[at] == n {
				kept = append(kept, n)
			}
		})
	}
	return list{numbers: kept, count: len(kept)}
}

// parts is the number of pieces that the list may be read in at once.
func (l *list) parts() int {
	if l.numbers != nil {
		return (len(l.numbers) + blockSize - 1) / blockSize
	}
	return len(l.blocks) + 1
}

// each yields the members of a piece, in order.
func (l *list) each(part int, yield func(uint32)) {
	if l.numbers != nil {
		for _, n := range l.numbers[part*blockSize : min((part+1)*blockSize, len(l.numbers))] {
			yield(n)
		}
		return
	}
	if l.until-l.from > 1 {
		l.union(yield)
		return
	}
	if l.until == l.from {
		return
	}
	var n uint32
	from, until := l.p.from(l.from), l.p.ends[l.from]
	if part < len(l.blocks) {
		until = l.blocks[part].at
	}
	if part > 0 {
		from, n = l.blocks[part-1].at, l.blocks[part-1].before
	}
	read(l.p.data[from:until], n, yield)
}

// read yields the members of a list that goes on after n.
func read(data []byte, n uint32, yield func(uint32)) {
	for len(data) > 0 {
		step, size := binary.Uvarint(data)
		data = data[size:]
		n += uint32(step)
		yield(n)
	}
}

// union yields each member of several lists once, in order.
func (l *list) union(yield func(uint32)) {
	var seen []uint64
	for i := l.from; i < l.until; i++ {
		read(l.p.data[l.p.from(i):l.p.ends[i]], 0, func(n uint32) {
			if at := int(n / 64); at >= len(seen) {
				seen = append(seen, make([]uint64, at+1-len(seen))...)
			}
			seen[n/64] |= 1 << (n % 64)
		})
	}
	for at, word := range seen {
		for ; word != 0; word &= word - 1 {
			yield(uint32(at*64 + bits.TrailingZeros64(word)))
		}
	}
}
