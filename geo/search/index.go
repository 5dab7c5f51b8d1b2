package search

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"yizhan/geo/index"
)

// Index finds entries. It is immutable; any number of goroutines may use it.
//
// Things go by numbers: a place's is its slot, the others follow.
type Index struct {
	source Source
	named  map[string]string // names of compounds by ID
	// slots is the number of slots that the postings know of. Places of the
	// source in later slots are read one by one.
	slots    uint32
	others   []other
	plain    numbers // the slots of places without aliases whose text is folded as it stands
	postings postings
	// compounds are the numbers of the compounds, byName the same by folded
	// name and alias, buildings the numbers of the buildings by compound and
	// plain number, numbered those of all buildings by plain number.
	compounds []uint32
	byName    map[string][]uint32
	buildings map[building][]uint32
	numbered  map[string][]uint32
}

// building is a number in a compound.
type building struct{ compound, number string }

// Build makes an index of a source, on so many processors.
func Build(s Source, workers int) *Index {
	if s.Places == nil {
		s.Places = index.Build(nil)
	}
	x := &Index{
		source: s, slots: uint32(s.Places.Fixed()),
		byName: map[string][]uint32{}, buildings: map[building][]uint32{}, numbered: map[string][]uint32{},
	}
	x.others, x.named = x.source.others()
	x.plain = newNumbers(x.slots)
	for i := range x.slots {
		if x.isPlain(index.Slot(i)) {
			x.plain.set(i)
		}
	}
	x.postings = collect(x.slots+uint32(len(x.others)), workers, func(dst []byte, n uint32) []byte {
		if n < x.slots && !s.Places.Placed(index.Slot(n)) {
			return dst // cannot be pointed at
		}
		return x.appendText(dst, n)
	})
	for i := range x.others {
		x.enter(x.slots + uint32(i))
	}
	return x
}

// With returns the index of the same things but for the places, which are
// those of an Index made by With of the one that x was built with. It costs
// nothing; each place that is new since x was built makes questions a little
// slower.
func (x *Index) With(places *index.Index) *Index {
	y := *x
	y.source.Places = places
	return &y
}

func (x *Index) isPlain(s index.Slot) bool {
	places := x.source.Places
	if !folds(places.Name(s)) || !folds(places.Address(s)) {
		return false
	}
	for range places.Aliases(s) {
		return false
	}
	return true
}

// enter puts something that is no place into the tables.
func (x *Index) enter(n uint32) {
	o := x.others[n-x.slots]
	switch o.kind {
	case KindCompound:
		x.compounds = append(x.compounds, n)
		names, _, _ := strings.Cut(string(x.appendText(nil, n)), string(addressMark))
		for name := range strings.SplitSeq(names, string(aliasMark)) {
			x.byName[name] = append(x.byName[name], n)
		}
	case KindBuilding:
		b := &x.source.Buildings[o.i]
		number := plainNumber(b.Number)
		if number == "" {
			number = plainNumber(b.Name)
		}
		if number != "" {
			x.numbered[number] = append(x.numbered[number], n)
			if b.Compound != "" {
				key := building{b.Compound, number}
				x.buildings[key] = append(x.buildings[key], n)
			}
		}
	}
}

// Bounds of what is read to find what several grams have in common: lists up
// to widest are narrowed down to about narrowest by others that are at most
// farther times as long as what is left.
const (
	narrowest = 512
	widest    = 1 << 18
	farther   = 16
)

// candidates returns a list of all that may answer to the words; ok is false
// where nothing does. It is the shortest among their grams, without what is
// missing in the next shortest.
func (x *Index) candidates(words []string) (best list, ok bool) {
	lists := x.lists(words)
	best = lists[0]
	if best.count == 0 || best.count <= narrowest || best.count > widest || best.until-best.from > 1 {
		return best, best.count > 0
	}
	for _, l := range lists[1:] {
		if best.count <= narrowest || l.count > farther*best.count {
			break
		}
		best = best.also(l)
	}
	return best, best.count > 0
}

// lists returns the lists of the grams of words, shortest first.
func (x *Index) lists(words []string) []list {
	var all []list
	for _, w := range words {
		before, size := utf8.DecodeRuneInString(w)
		if size == len(w) {
			all = append(all, x.postings.beginning(before))
			continue
		}
		for _, r := range w[size:] {
			all = append(all, x.postings.of(gramOf(before, r)))
			before = r
		}
	}
	slices.SortStableFunc(all, func(a, b list) int { return cmp.Compare(a.count, b.count) })
	return all
}

// Len returns the number of things that can be found, but for the places that
// are new since the index was built.
func (x *Index) Len() int { return x.source.Places.Len("") + len(x.others) }
