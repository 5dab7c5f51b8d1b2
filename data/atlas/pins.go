package atlas

import (
	"slices"
	"sync"
	"sync/atomic"

	"github.com/paulmach/orb"

	"yizhan/geo"
	"yizhan/geo/index"
	"yizhan/geo/route"
)

// maxPinned bounds the places of a kind that are pinned to the streets: to
// find the nearest of more, it is quicker to look around.
const maxPinned = 20_000

// Pinned are all the placed places of a kind, pinned to the streets for a
// mode, so that the times of travel to all of them are asked for at once.
type Pinned struct {
	// Slots are of the places in order of their IDs; Set is of them.
	Slots []index.Slot
	Set   *route.PinSet
}

// pinSets keeps what has been pinned to one router.
type pinSets struct {
	mu   sync.Mutex
	made map[pinKey]*pinOnce
}

type pinKey struct {
	kind geo.Kind
	mode geo.Mode
}

type pinOnce struct {
	sync.Once
	pinned atomic.Pointer[Pinned]
}

// Pinned returns the pinned places of a kind for a mode. ok is false where
// they are too many. The first call for a kind and a mode takes some ten
// microseconds a place, others wait for it.
func (a *Atlas) Pinned(kind geo.Kind, mode geo.Mode) (pinned *Pinned, ok bool) {
	if a.Places.Len(kind) > maxPinned {
		return nil, false
	}
	a.pins.mu.Lock()
	if a.pins.made == nil {
		a.pins.made = map[pinKey]*pinOnce{}
	}
	once := a.pins.made[pinKey{kind, mode}]
	if once == nil {
		once = &pinOnce{}
		a.pins.made[pinKey{kind, mode}] = once
	}
	a.pins.mu.Unlock()
	once.Do(func() {
		p := &Pinned{}
		var points []orb.Point
		for s := range a.Places.ByID(kind, "") {
			if a.Places.Placed(s) {
				p.Slots = append(p.Slots, s)
				points = append(points, a.Places.Point(s))
			}
		}
		p.Set = a.Router.PinAll(points, mode)
		once.pinned.Store(p)
	})
	return once.pinned.Load(), true
}

// without returns what holds for an Atlas with the same router whose places
// were made by edits of those that the pins are of, which touched some kinds.
func (s *pinSets) without(kinds map[geo.Kind]bool, places *index.Index) *pinSets {
	kept := &pinSets{made: map[pinKey]*pinOnce{}}
	s.mu.Lock()
	defer s.mu.Unlock()
	for key, once := range s.made {
		if kinds[key.kind] || key.kind == "" {
			continue
		}
		// Slots of places that edits brought may move with the next edit.
		p := once.pinned.Load()
		if p != nil && !slices.ContainsFunc(p.Slots, func(s index.Slot) bool { return int(s) >= places.Fixed() }) {
			kept.made[key] = once
		}
	}
	return kept
}
