package api

import (
	"errors"
	"io"
	"log/slog"
	"net"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/valyala/fasthttp"
)

// connSet knows the open connections, so that a shutdown can close those that
// outlast its grace.
type connSet struct {
	mu   sync.Mutex
	open map[net.Conn]struct{}
}

// note is fasthttp's ConnState hook.
func (cs *connSet) note(c net.Conn, state fasthttp.ConnState) {
	switch state {
	case fasthttp.StateNew:
		cs.mu.Lock()
		defer cs.mu.Unlock()
		cs.open[c] = struct{}{}
	case fasthttp.StateClosed, fasthttp.StateHijacked:
		cs.mu.Lock()
		defer cs.mu.Unlock()
		delete(cs.open, c)
	}
}

// closeAll closes every open connection and returns how many there were.
func (cs *connSet) closeAll() int {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	for c := range cs.open {
		c.Close()
	}
	return len(cs.open)
}

// lingering wraps a listener so that its connections can linger, and so that
// it waits out what passes: fasthttp gives up serving at the first error.
type lingering struct {
	net.Listener
	log *slog.Logger
}

// Accept waits for a connection. Where the process has no file descriptor or
// memory left for one, or the client is gone already, it tries again until
// the listener is closed.
func (l lingering) Accept() (net.Conn, error) {
	for wait := 5 * time.Millisecond; ; wait = min(2*wait, time.Second) {
		c, err := l.Listener.Accept()
		if err == nil {
			return &lingerConn{Conn: c}, nil
		}
		if !passing(err) {
			return nil, err
		}
		l.log.Warn("no connection can be accepted, trying again", "cause", err, "wait", wait)
		time.Sleep(wait)
	}
}

// passing says whether an error of accept is one of the moment.
func passing(err error) bool {
	for _, e := range [...]error{syscall.EMFILE, syscall.ENFILE, syscall.ENOBUFS, syscall.ENOMEM, syscall.ECONNABORTED} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}

// Bounds of a lingering close: what is thrown away, and for how long.
const (
	lingerBytes = 8 << 20
	lingerTime  = 2 * time.Second
)

// lingerConn is a connection that, once told to linger, is closed in two
// steps (RFC 9112 §9.6): it stops sending, reads and throws away what the
// client still sends, then closes. Without that, a client busy sending a body
// that is too large sees a reset instead of the answer that tells it so.
type lingerConn struct {
	net.Conn
	linger atomic.Bool
}

func (c *lingerConn) Close() error {
	half, ok := c.Conn.(interface{ CloseWrite() error })
	if ok && c.linger.Swap(false) && half.CloseWrite() == nil {
		if c.SetReadDeadline(time.Now().Add(lingerTime)) == nil {
			io.Copy(io.Discard, io.LimitReader(c.Conn, lingerBytes)) //nolint:errcheck // what fails here is closed next
		}
	}
	return c.Conn.Close()
}

// lingerOnClose makes the connection of a request linger when it is closed.
func lingerOnClose(ctx *fasthttp.RequestCtx) {
	if c, ok := ctx.Conn().(*lingerConn); ok {
		c.linger.Store(true)
	}
}
