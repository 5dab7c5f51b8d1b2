package api

import (
	"bufio"
	"errors"
	"io"
	"log/slog"
	"net"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/valyala/fasthttp"
)

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
			return &conn{Conn: c}, nil
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

// conn is a connection of the server. It says what it is about, so that its
// watch can end what takes too long, and it can linger.
type conn struct {
	net.Conn
	// turn is what it is about, a phase in the lowest bits, and grows whenever
	// that changes.
	turn atomic.Uint64
	// timed says that who writes the answer bounds the time itself, with
	// SetWriteDeadline.
	timed  atomic.Bool
	linger atomic.Bool
	// keep says that Write keeps what it is given. Only who writes the answer
	// knows either.
	keep bool
	kept []byte
}

// phase is what a connection is about.
type phase uint64

const (
	phaseReading phase = iota // waiting for the whole of a request
	phaseWorking              // a request is being worked on
	phaseWriting              // waiting for the client to take the answer
	phaseIdle                 // waiting for another request
	phases       = 4
)

// enter begins a phase.
func (c *conn) enter(p phase) {
	c.turn.Store((c.turn.Load()/phases+1)*phases + uint64(p))
}

func (c *conn) phase() phase { return phase(c.turn.Load() % phases) }

// Write writes a part of an answer.
func (c *conn) Write(b []byte) (int, error) {
	if c.keep {
		c.kept = append(c.kept, b...)
		return len(b), nil
	}
	return c.direct().Write(b)
}

// unwritten takes over what a writer to this connection has not written yet, so
// that it goes with what is written directly: two writes wake the client twice.
// It is valid until the next call.
func (c *conn) unwritten(w *bufio.Writer) ([]byte, error) {
	c.keep, c.kept = true, c.kept[:0]
	err := w.Flush()
	c.keep = false
	return c.kept, err
}

// direct is the connection below, for who writes many pieces at once.
func (c *conn) direct() net.Conn {
	if c.phase() == phaseWorking {
		c.enter(phaseWriting)
	}
	return c.Conn
}

// SetWriteDeadline bounds the time of writing until the next request.
func (c *conn) SetWriteDeadline(t time.Time) error {
	c.timed.Store(true)
	return c.Conn.SetWriteDeadline(t)
}

// request begins the reading of a request.
func (c *conn) request() {
	c.enter(phaseReading)
	if c.timed.Load() {
		c.timed.Store(false)
		c.Conn.SetWriteDeadline(time.Time{}) //nolint:errcheck // then writing fails
	}
}

// Close closes the connection. One that was told to linger is closed in two
// steps (RFC 9112 §9.6): it stops sending, reads and throws away what the
// client still sends, then closes. Without that, a client busy sending a body
// that is too large sees a reset instead of the answer that tells it so.
func (c *conn) Close() error {
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
	if c, ok := ctx.Conn().(*conn); ok {
		c.linger.Store(true)
	}
}
