package tiles

import (
	"bytes"
	"hash/maphash"
)

// valueTable numbers the values of a layer and finds equal ones. It is a hash
// table with open addressing that knows values by where they stand among the
// written ones, so it holds on to no string, and forgetting all of them is one
// step. The numbers depend on nothing but the order of values.
type valueTable struct {
	seed  maphash.Seed
	slots []valueSlot
	// round tells the slots in use from those of layers before.
	round uint32
	// used slots, and values numbered.
	used, count uint32
}

type valueSlot struct {
	round, hash, from, until, number uint32
}

const leastSlots = 256

// reset forgets all values.
func (t *valueTable) reset() {
	if t.slots == nil {
		t.seed = maphash.MakeSeed()
		t.slots = make([]valueSlot, leastSlots)
	}
	t.used, t.count = 0, 0
	if t.round++; t.round == 0 {
		clear(t.slots)
		t.round = 1
	}
}

// add numbers a value that no other is equal to.
func (t *valueTable) add() uint32 {
	t.count++
	return t.count - 1
}

// index returns the number of the value that stands last among values, from
// start on. Where an equal one stands there already it takes it off again.
func (t *valueTable) index(values *[]byte, start int) uint32 {
	all := *values
	value := all[start:]
	hash := uint32(maphash.Bytes(t.seed, value))
	mask := uint32(len(t.slots) - 1)
	at := hash & mask
	for ; t.slots[at].round == t.round; at = (at + 1) & mask {
		s := &t.slots[at]
		if s.hash == hash && bytes.Equal(all[s.from:s.until], value) {
			*values = all[:start]
			return s.number
		}
	}
	number := t.add()
	t.slots[at] = valueSlot{round: t.round, hash: hash, from: uint32(start), until: uint32(len(all)), number: number}
	if t.used++; t.used > mask/2 {
		t.grow()
	}
	return number
}

func (t *valueTable) grow() {
	old := t.slots
	t.slots = make([]valueSlot, 2*len(old))
	mask := uint32(len(t.slots) - 1)
	for _, s := range old {
		if s.round != t.round {
			continue
		}
		at := s.hash & mask
		for t.slots[at].round == t.round {
			at = (at + 1) & mask
		}
		t.slots[at] = s
	}
}
