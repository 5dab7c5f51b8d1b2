package api

import (
	"context"
	"errors"
	"testing"
	"time"
)

// TestDeadlineOfRequest holds a request's context to what contexts promise.
func TestDeadlineOfRequest(t *testing.T) {
	parent, cancel := context.WithCancel(t.Context())
	d := within(parent, 20*time.Millisecond)
	if at, ok := d.Deadline(); !ok || time.Until(at) > 20*time.Millisecond || d.Err() != nil {
		t.Errorf("at the beginning: %v %v %v", at, ok, d.Err())
	}
	child, stop := context.WithCancel(d)
	defer stop()
	select {
	case <-child.Done():
	case <-time.After(5 * time.Second):
		t.Fatal("a child does not end")
	}
	if !errors.Is(d.Err(), context.DeadlineExceeded) || !errors.Is(child.Err(), context.DeadlineExceeded) {
		t.Errorf("over: %v, %v", d.Err(), child.Err())
	}
	d.end()

	e := within(parent, time.Hour)
	cancel()
	<-e.Done()
	if !errors.Is(e.Err(), context.Canceled) {
		t.Errorf("cancelled: %v", e.Err())
	}
	e.end()

	// Who still waits when the request is answered is let go, with a reason.
	f := within(t.Context(), time.Hour)
	waiting, stop := context.WithCancel(f)
	defer stop()
	f.end()
	<-waiting.Done()
	if !errors.Is(f.Err(), context.Canceled) || !errors.Is(waiting.Err(), context.Canceled) {
		t.Errorf("ended: %v, %v", f.Err(), waiting.Err())
	}
	g := within(t.Context(), time.Hour) // nobody waited
	g.end()
	<-g.Done()
	if !errors.Is(g.Err(), context.Canceled) {
		t.Errorf("ended before anybody waited: %v", g.Err())
	}
}
