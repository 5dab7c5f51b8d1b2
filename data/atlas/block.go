package atlas

import (
	"sync"
	"sync/atomic"

	"yizhan/geo/datum"
	"yizhan/geo/index"
)

const (
	// blockLen is how many places that follow one another are written out
	// together. Along the index's curve they are neighbours, so that who shows
	// one of them soon shows the others.
	blockLen = 32
	// blocksMost is how many bytes of features are kept.
	blocksMost = 16 << 20
)

// blocks are the features of the places of a table as they were last shown,
// block by block, up to blocksMost. They are safe for concurrent use.
type blocks struct {
	list []atomic.Pointer[block]
	// once stands for a block that was asked for once and is not kept.
	once *block
	held atomic.Int64 // bytes

	making sync.Mutex // held to make room
	hand   int        // the next in the list to be looked at for that
}

// block is the features of blockLen places, one after another.
type block struct {
	text []byte
	ends [blockLen]uint32
	// used says that it was shown since it was last looked at for dropping.
	used atomic.Bool
}

// blockCost is what a block takes beside its text.
const blockCost = 4*blockLen + 40

func newBlocks(rows int) *blocks {
	return &blocks{once: new(block), list: make([]atomic.Pointer[block], (rows+blockLen-1)/blockLen)}
}

// keep puts a block where it belongs, and drops others, those not shown for
// the longest first, about, where there are too many.
func (k *blocks) keep(number int, b *block) {
	if !k.list[number].CompareAndSwap(k.once, b) {
		return // another has made it meanwhile
	}
	if k.held.Add(int64(cap(b.text)+blockCost)) <= blocksMost || !k.making.TryLock() {
		return
	}
	defer k.making.Unlock()
	for k.held.Load() > blocksMost {
		if k.hand++; k.hand >= len(k.list) {
			k.hand = 0
		}
		old := k.list[k.hand].Load()
		if old == nil || old == k.once || old == b || old.used.Swap(false) {
			continue
		}
		if k.list[k.hand].CompareAndSwap(old, nil) {
			k.held.Add(-int64(cap(old.text) + blockCost))
		}
	}
}

// Neighbours writes features of places that lie close together, as those of a
// box do, faster than AppendFeature does: what it writes is kept for the next
// who asks for the same. It is for one goroutine and one answer.
type Neighbours struct {
	atlas *Atlas
	datum datum.Datum
	last  *block // the block of the place before
	at    int    // its number
}

// Neighbours returns a writer of features in a datum.
func (a *Atlas) Neighbours(d datum.Datum) Neighbours {
	return Neighbours{atlas: a, datum: d, at: -1}
}

// AppendFeature appends a place as Atlas.AppendFeature does, with nothing
// beside it.
func (n *Neighbours) AppendFeature(dst []byte, s index.Slot) []byte {
	a := n.atlas
	if int(s) >= a.Places.Fixed() || n.datum != datum.WGS84 && n.datum != "" {
		return a.AppendFeature(dst, s, n.datum, nil, nil)
	}
	if number := int(s) / blockLen; number != n.at {
		n.at, n.last = number, a.block(number)
	}
	if n.last == nil {
		return a.AppendFeature(dst, s, n.datum, nil, nil)
	}
	from := uint32(0)
	if i := s % blockLen; i > 0 {
		from = n.last.ends[i-1]
	}
	return append(dst, n.last.text[from:n.last.ends[s%blockLen]]...)
}

// block returns the features of some places that stay where they are whatever
// is edited; nil where they are asked for the first time: most that is looked
// at is looked at once.
func (a *Atlas) block(number int) *block {
	kept := a.fragments[0].blocks
	switch b := kept.list[number].Load(); {
	case b == nil:
		kept.list[number].CompareAndSwap(nil, kept.once)
		return nil
	case b != kept.once:
		if !b.used.Load() {
			b.used.Store(true)
		}
		return b
	}
	b := new(block)
	room := make([]byte, 0, 16<<10)
	for i := range blockLen {
		if s := number*blockLen + i; s < a.Places.Fixed() {
			room = a.AppendFeature(room, index.Slot(s), datum.WGS84, nil, nil)
		}
		b.ends[i] = uint32(len(room))
	}
	b.text = append(make([]byte, 0, len(room)), room...)
	kept.keep(number, b)
	return b
}
