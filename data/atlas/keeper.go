package atlas

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
)

// Change says that another Atlas is current.
type Change struct {
	// Version is that of the current Atlas.
	Version string `json:"version"`
	// Layers are what differs from before, sorted: kinds of place, "compound",
	// "building", "street", "base", "closure".
	Layers []string `json:"layers"`
}

// Keeper holds the current Atlas. Its zero value holds none yet. It is safe
// for concurrent use; Current never waits.
type Keeper struct {
	current atomic.Pointer[Atlas]

	revising    sync.Mutex // held from reading the current Atlas to swapping it
	mu          sync.Mutex // held by swaps, and to come and go
	subscribers map[*subscriber]struct{}
}

// subscriber has a channel of one: a Change that was not fetched yet is
// replaced by one that covers both.
type subscriber struct{ changes chan Change }

// Current returns the current Atlas, nil where there is none yet.
func (k *Keeper) Current() *Atlas { return k.current.Load() }

// Swap makes an Atlas the current one and tells the subscribers, unless it
// answers everything as the one before does. It never waits for a subscriber.
func (k *Keeper) Swap(a *Atlas) Change {
	k.mu.Lock()
	defer k.mu.Unlock()
	before := k.current.Load()
	if a.Sequence != 0 { // it has been current already, somewhere
		b := *a
		b.basis, a = 0, &b
	}
	a.succeed(before)
	k.current.Store(a)
	change := Change{Version: a.Version, Layers: a.changedSince(before)}
	if before != nil && before.Version == a.Version {
		return change
	}
	for s := range k.subscribers {
		s.offer(change)
	}
	return change
}

// Revise makes the next Atlas of the current one, nil where there is none, and
// swaps. Only one revision is at work at a time, so that none undoes another.
// Where next returns an error, or the current Atlas itself, nothing changes.
func (k *Keeper) Revise(next func(current *Atlas) (*Atlas, error)) (Change, error) {
	k.revising.Lock()
	defer k.revising.Unlock()
	current := k.Current()
	a, err := next(current)
	if err != nil || a == current {
		return Change{}, err
	}
	return k.Swap(a), nil
}

// offer hands a change over, or merges it with the one that still waits. Only
// one goroutine offers at a time.
func (s *subscriber) offer(c Change) {
	select {
	case waiting := <-s.changes:
		c.Layers = union(waiting.Layers, c.Layers)
	default:
	}
	s.changes <- c // there is room: only we send
}

func union(a, b []string) []string {
	all := slices.Concat(a, b)
	slices.Sort(all)
	return slices.Compact(all)
}

// Subscribe returns a channel of the changes from now on. One that is not
// fetched before the next comes is merged with it, so a slow subscriber
// misses no layer and holds nobody up. The channel is closed when ctx ends.
func (k *Keeper) Subscribe(ctx context.Context) <-chan Change {
	s := &subscriber{changes: make(chan Change, 1)}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.subscribers == nil {
		k.subscribers = make(map[*subscriber]struct{})
	}
	k.subscribers[s] = struct{}{}
	context.AfterFunc(ctx, func() {
		k.mu.Lock()
		defer k.mu.Unlock()
		delete(k.subscribers, s)
		close(s.changes)
	})
	return s.changes
}
