package api

import (
	"sync"
	"time"

	"github.com/paulmach/orb"

	"yizhan/data/atlas"
	"yizhan/geo/hours"
	"yizhan/geo/index"
)

// board says of one time what is open then. Thousands of places keep the same
// hours: each opening_hours is worked out and written once, and who filters by
// it or shows it looks it up.
type board struct {
	atlas *atlas.Atlas
	at    time.Time

	mu       sync.RWMutex
	openings map[string]*opening // by opening_hours; nil where places differ

	once sync.Once
	open uint64
}

// opening is what is said of all places with the same hours.
type opening struct {
	state  hours.State
	member []byte // "open":{…}
}

func newBoard(a *atlas.Atlas, at time.Time) *board {
	return &board{atlas: a, at: at, openings: map[string]*opening{}}
}

// board returns what is open at a time: where that is the request's own minute,
// the board of the requests before it.
func (r *call) board(at time.Time) *board {
	if !at.Equal(r.now) {
		return newBoard(r.atlas, at)
	}
	b := r.s.present.Load()
	if b == nil || b.atlas != r.atlas || !b.at.Equal(at) {
		b = newBoard(r.atlas, at)
		r.s.present.Store(b)
	}
	return b
}

// forget lets the board of an Atlas go that is no longer the current one,
// which it would keep in memory.
func (s *Server) forget(current *atlas.Atlas) {
	if b := s.present.Load(); b != nil && b.atlas != current {
		s.present.CompareAndSwap(b, nil)
	}
}

// of returns what is said of a place, nil where that depends on more than its
// hours: on the sun there, or on the dates of a service.
func (b *board) of(p index.Slot) *opening {
	if b.atlas.Places.Valid(p) != nil {
		return nil
	}
	text := b.atlas.Places.Hours(p)
	b.mu.RLock()
	o, known := b.openings[text]
	b.mu.RUnlock()
	if known {
		return o
	}
	if s := b.atlas.Schedule(p); s == nil || !s.HangsOnSun() {
		status := statusAt(b.atlas, p, b.at)
		w := jsonWriter{b: make([]byte, 0, 96)}
		w.status(status)
		o = &opening{status.State, w.b}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.openings[text] = o
	return o
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
