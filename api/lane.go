package api

import "context"

// lane lets a fixed number in at a time; a bounded number of others wait for
// them, in the order in which they came.
type lane struct {
	slots   chan struct{}
	waiting room
}

func newLane(slots int) *lane { return &lane{slots: make(chan struct{}, slots)} }

// try takes a slot where one is free. Nobody is overtaken: while somebody
// waits, a slot that is left is theirs.
func (l *lane) try() bool {
	select {
	case l.slots <- struct{}{}:
		return true
	default:
		return false
	}
}

// enter takes a slot, waiting for one until ctx ends. It says no at once where
// as many as most wait already.
func (l *lane) enter(ctx context.Context, most int) bool {
	if l.try() {
		return true
	}
	if !l.waiting.enter(most) {
		return false
	}
	defer l.waiting.leave()
	select {
	case l.slots <- struct{}{}:
		return true
	case <-ctx.Done():
		return false
	}
}

// leave gives a slot back.
func (l *lane) leave() { <-l.slots }
