package api

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/paulmach/orb"

	"yizhan/data/atlas"
	"yizhan/geo/hours"
	"yizhan/geo/index"
	"yizhan/geo/pack"
)

// board says of one time what is open then. Thousands of places keep the same
// hours: each opening_hours is worked out and written once, and who filters by
// it or shows it looks it up.
type board struct {
	atlas *atlas.Atlas
	at    time.Time

	// numbered are the openings of the hours in the dictionaries of the tables
	// of places, by their numbers.
	numbered [][]atomic.Pointer[opening]

	mu sync.RWMutex
	// others are those of the rest, by opening_hours.
	others map[string]*opening

	once sync.Once
	open uint64
}

// opening is what is said of all places with the same hours.
type opening struct {
	state  hours.State
	member []byte // "open":{…}; nil where places differ
}

func newBoard(a *atlas.Atlas, at time.Time) *board {
	b := &board{atlas: a, at: at, others: map[string]*opening{}}
	for _, table := range a.Places.Tables() {
		b.numbered = append(b.numbered, make([]atomic.Pointer[opening], table.Values(pack.Hours)))
	}
	return b
}

// of returns what is said of a place, nil where that depends on more than its
// hours: on the sun there, or on the dates of a service.
func (b *board) of(p index.Slot) *opening {
	row, table := b.atlas.Places.Row(p)
	if row.Fields().Has(pack.Valid) {
		return nil
	}
	var o *opening
	if v, ok := row.Find(pack.Hours); ok && v.Number >= 0 {
		known := &b.numbered[table][v.Number]
		if o = known.Load(); o == nil {
			o = b.opening(p)
			known.Store(o)
		}
	} else {
		o = b.other(p, v.Text)
	}
	if o.member == nil {
		return nil
	}
	return o
}

// other is what is said of places whose hours have no number.
func (b *board) other(p index.Slot, text string) *opening {
	b.mu.RLock()
	o, known := b.others[text]
	b.mu.RUnlock()
	if known {
		return o
	}
	o = b.opening(p)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.others[text] = o
	return o
}

// opening works out what is said of all places with the hours of one.
func (b *board) opening(p index.Slot) *opening {
	if s := b.atlas.Schedule(p); s != nil && s.HangsOnSun() {
		return &opening{}
	}
	status := statusAt(b.atlas, p, b.at)
	w := jsonWriter{b: make([]byte, 0, 96)}
	w.status(status)
	return &opening{status.State, w.b}
}

// hours returns the index.HoursBit of all hours by which a place may be open.
func (b *board) hours() uint64 {
	b.once.Do(func() {
		for text, s := range b.atlas.Hours() {
			if s != nil && (s.HangsOnSun() || s.StateAt(b.at, b.atlas.At(orb.Point{})) == hours.StateOpen) {
				b.open |= index.HoursBit(text)
			}
		}
	})
	return b.open
}

// state is the state of a place.
func (b *board) state(p index.Slot) hours.State {
	if o := b.of(p); o != nil {
		return o.state
	}
	return stateAt(b.atlas, p, b.at)
}

// boards keeps the boards of one Atlas that were asked for last.
type boards struct {
	// of is the Atlas, nil where there is no board.
	of atomic.Pointer[atlas.Atlas]
	// present is that of the present minute, which most questions are about.
	present atomic.Pointer[board]

	mu     sync.Mutex
	others [8]*board
	next   int // the place of the one that is dropped for another
}

// board returns what is open at a time.
func (r *call) board(at time.Time) *board {
	k := &r.s.boards
	present := at.Equal(r.now)
	if present {
		if b := k.present.Load(); b.shows(r.atlas, at) {
			return b
		}
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, b := range k.others {
		if b.shows(r.atlas, at) {
			return b
		}
	}
	b := newBoard(r.atlas, at)
	k.of.Store(r.atlas)
	if present {
		k.present.Store(b)
	} else {
		k.others[k.next] = b
		k.next = (k.next + 1) % len(k.others)
	}
	return b
}

// shows says whether b is the board of a time.
func (b *board) shows(a *atlas.Atlas, at time.Time) bool {
	return b != nil && b.atlas == a && b.at.Equal(at)
}

// forget lets the boards go of an Atlas that is no longer the current one,
// which they would keep in memory.
func (k *boards) forget(current *atlas.Atlas) {
	if of := k.of.Load(); of == nil || of == current {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.of.Store(nil)
	k.present.Store(nil)
	clear(k.others[:])
}
