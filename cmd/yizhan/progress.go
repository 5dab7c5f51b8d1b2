package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"golang.org/x/term"
)

// progress is one line of a terminal that is written over as work goes on. On
// anything but a terminal it is silent, so that logs hold results alone.
type progress struct {
	out io.Writer

	mu      sync.Mutex
	drawn   time.Time
	visible bool
}

// redraw is how often the line is written at the most.
const redraw = 100 * time.Millisecond

// newProgress returns the progress line of a terminal, or one that is silent.
func newProgress(t *terminal) *progress {
	file, ok := t.Err.(*os.File)
	if !ok || t.Quiet || !term.IsTerminal(int(file.Fd())) {
		return &progress{}
	}
	return &progress{out: file}
}

// show draws what is being done and how far it is; total 0 means not known.
func (p *progress) show(what string, done, total int64) {
	if p.out == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if now := time.Now(); now.Sub(p.drawn) >= redraw || done == total {
		p.drawn = now
		p.visible = true
		fmt.Fprintf(p.out, "\r\x1b[K%s", progressLine(what, done, total))
	}
}

// clear removes the line, so that a report begins on a clean one.
func (p *progress) clear() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.out != nil && p.visible {
		fmt.Fprint(p.out, "\r\x1b[K")
		p.visible = false
	}
}

func progressLine(what string, done, total int64) string {
	if total <= 0 {
		return what + " …"
	}
	const width = 24
	share := min(max(float64(done)/float64(total), 0), 1)
	filled := int(share * width)
	return fmt.Sprintf("[%s%s] %3.0f%% %s", strings.Repeat("█", filled), strings.Repeat("░", width-filled), share*100, what)
}
