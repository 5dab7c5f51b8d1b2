package main

import (
	"io"
	"sync"
	"time"
)

// lineBuffer gathers the lines of a log and writes them together a moment
// later: a busy server writes thousands of lines a second, and a call of the
// system for each costs more than some of its answers.
type lineBuffer struct {
	out io.Writer

	mu    sync.Mutex
	lines []byte
	// due says that a flush is on its way.
	due bool
}

const (
	// lineDelay is how much later a line may be seen.
	lineDelay = 100 * time.Millisecond
	// lineRoom is how many bytes are gathered at the most.
	lineRoom = 32 << 10
)

func newLineBuffer(out io.Writer) *lineBuffer {
	return &lineBuffer{out: out, lines: make([]byte, 0, lineRoom)}
}

// Write takes a line. It never fails: there is nobody to tell.
func (b *lineBuffer) Write(line []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.lines)+len(line) > lineRoom {
		b.hand()
	}
	b.lines = append(b.lines, line...)
	if !b.due {
		b.due = true
		time.AfterFunc(lineDelay, b.flush)
	}
	return len(line), nil
}

// flush writes what was gathered.
func (b *lineBuffer) flush() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.due = false
	b.hand()
}

func (b *lineBuffer) hand() {
	if len(b.lines) > 0 {
		b.out.Write(b.lines) //nolint:errcheck // there is nobody to tell
		b.lines = b.lines[:0]
	}
}
