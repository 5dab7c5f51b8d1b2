package api

import (
	"net"
	"runtime"
	"sync"
	"time"

	"github.com/valyala/fasthttp"
)

// connWatch knows the open connections. It ends what takes longer than it may,
// and closes at a shutdown what outlasts its grace.
//
// fasthttp would set three deadlines for each request, which costs more than
// many an answer. One look at all connections now and then does the same a
// little later.
type connWatch struct {
	// most is how long a phase may last, 0 for ever.
	most [phases]time.Duration

	mu   sync.Mutex
	open map[*conn]*sight
}

// sight is what was last seen of a connection.
type sight struct {
	turn uint64
	// since is when it was seen first, or told last.
	since time.Time
	// told is how often it was told that it took too long.
	told int
}

// newConnWatch bounds the time of reading a request, of writing an answer
// whose writer says nothing else, and of waiting for another request.
func newConnWatch(read, write, idle time.Duration) *connWatch {
	w := &connWatch{open: map[*conn]*sight{}}
	w.most[phaseReading], w.most[phaseWriting], w.most[phaseIdle] = read, write, idle
	return w
}

// Bounds of the time between two looks.
const (
	leastLook = 5 * time.Millisecond
	mostLook  = time.Second
)

// every is the time between two looks: how much longer than its time something
// may take.
func (w *connWatch) every() time.Duration {
	every := mostLook
	for _, most := range w.most {
		if most > 0 {
			every = min(every, most/8)
		}
	}
	return max(every, leastLook)
}

// run looks until done is closed.
func (w *connWatch) run(done <-chan struct{}) {
	tick := time.NewTicker(w.every())
	defer tick.Stop()
	for {
		select {
		case <-done:
			return
		case now := <-tick.C:
			w.look(now)
		}
	}
}

// look tells the connections that have been about the same for too long.
func (w *connWatch) look(now time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for c, s := range w.open {
		turn := c.turn.Load()
		if turn != s.turn {
			*s = sight{turn: turn, since: now}
			continue
		}
		p := phase(turn % phases)
		if most := w.most[p]; most == 0 || now.Sub(s.since) < most || p == phaseWriting && c.timed.Load() {
			continue
		}
		s.told++
		s.since = now // and as long again to say so to the client
		c.end(turn, s.told > 1, now)
	}
}

// end ends what a connection waits for in a turn; once more, whatever else it
// may wait for, such as the client to take the answer that it took too long.
func (c *conn) end(turn uint64, more bool, now time.Time) {
	set := c.Conn.SetReadDeadline
	switch {
	case more:
		set = c.Conn.SetDeadline
	case phase(turn%phases) == phaseWriting:
		set = c.Conn.SetWriteDeadline
	}
	set(now) //nolint:errcheck // it is closed already
	if c.turn.Load() != turn {
		set(time.Time{}) //nolint:errcheck // it went on just in time
	}
}

// note is fasthttp's ConnState hook.
func (w *connWatch) note(nc net.Conn, state fasthttp.ConnState) {
	c, ok := nc.(*conn)
	if !ok {
		return
	}
	switch state {
	case fasthttp.StateNew:
		w.mu.Lock()
		defer w.mu.Unlock()
		w.open[c] = &sight{since: time.Now()}
	case fasthttp.StateActive:
		c.request()
	case fasthttp.StateIdle:
		c.enter(phaseIdle)
		// Other connections that wait for a thread go first. On a busy server the
		// client has sent its next request meanwhile, which is then read at once:
		// nothing is asked for in vain, and nobody has to be woken for it.
		runtime.Gosched()
	case fasthttp.StateClosed, fasthttp.StateHijacked:
		w.mu.Lock()
		defer w.mu.Unlock()
		delete(w.open, c)
	}
}

// closeAll closes every open connection and returns how many there were.
func (w *connWatch) closeAll() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	for c := range w.open {
		c.Close()
	}
	return len(w.open)
}
