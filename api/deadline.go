package api

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// deadline is the context of one request: context.WithTimeout without its
// timer, which costs more than a short answer takes to write. Err looks at the
// clock; who waits for Done gets a timer then.
type deadline struct {
	context.Context // the parent
	at              time.Time

	mu    sync.Mutex
	timed atomic.Pointer[timer] // nil until somebody waits
	ended atomic.Bool
}

// timer is a context with a timer.
type timer struct {
	context.Context
	cancel context.CancelFunc
}

// within returns a context that ends at most so much later.
func within(parent context.Context, d time.Duration) *deadline {
	return &deadline{Context: parent, at: time.Now().Add(d)}
}

// start makes d a context that ends at an instant at the latest.
func (d *deadline) start(parent context.Context, at time.Time) { d.Context, d.at = parent, at }

// Deadline implements context.Context.
func (d *deadline) Deadline() (time.Time, bool) { return d.at, true }

// Err implements context.Context.
func (d *deadline) Err() error {
	if t := d.timed.Load(); t != nil {
		return t.Err()
	}
	if d.ended.Load() {
		return context.Canceled
	}
	if err := d.Context.Err(); err != nil {
		return err
	}
	if !time.Now().Before(d.at) {
		return context.DeadlineExceeded
	}
	return nil
}

// Done implements context.Context.
func (d *deadline) Done() <-chan struct{} {
	if t := d.timed.Load(); t != nil {
		return t.Done()
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	t := d.timed.Load()
	if t == nil {
		t = new(timer)
		t.Context, t.cancel = context.WithDeadline(d.Context, d.at)
		if d.ended.Load() {
			t.cancel()
		}
		d.timed.Store(t)
	}
	return t.Done()
}

// end cancels the context, and says whether anybody ever waited for that.
func (d *deadline) end() (awaited bool) {
	d.ended.Store(true)
	d.mu.Lock()
	defer d.mu.Unlock()
	t := d.timed.Load()
	if t != nil {
		t.cancel()
	}
	return t != nil
}
