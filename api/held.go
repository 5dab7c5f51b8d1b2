package api

import (
	"errors"
	"io"
	"net"
	"sync"
	"time"

	"yizhan/geo"
)

// What is answered stays in memory until the client has taken it, and a client
// may take nothing. Answers from heldFrom on are therefore counted, and are
// written piece by piece, each of which the client has to take in time.
const (
	// heldFrom is the size in bytes from which an answer is counted.
	heldFrom = 64 << 10
	// heldMost is how many bytes of counted answers there may be at once. Those
	// of more than heldLarge each may fill half of it, so that they leave room
	// for the rest.
	heldMost  = 256 << 20
	heldLarge = 1 << 20
	// stallTime is how long a client may take for each bulkChunk, unless
	// Config.WriteTimeout is shorter. heldPiece is what is written at a time:
	// every write wakes the client.
	stallTime = 10 * time.Second
	heldPiece = 4 * bulkChunk
)

// budget counts bytes, up to a bound.
type budget struct {
	mu sync.Mutex
	n  int
}

// take counts n bytes more, unless that makes more than limit.
func (b *budget) take(n, limit int) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.n+n > limit {
		return false
	}
	b.n += n
	return true
}

func (b *budget) give(n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.n -= n
}

// count returns how many bytes there are.
func (b *budget) count() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.n
}

// stall is how long a client may take for one piece of an answer.
func (s *Server) stall() time.Duration { return min(stallTime, s.cfg.WriteTimeout) }

// held is the body of a counted answer on its way to the client.
type held struct {
	body  []byte
	size  int    // what is counted
	draft []byte // the buffer of a draft that body is part of, or nil
	conn  net.Conn
	s     *Server
	until time.Time
}

// hold makes a body, which becomes its own, a counted one.
func (r *call) hold(body []byte) (*held, error) {
	limit := heldMost
	if cap(body) > heldLarge {
		limit /= 2
	}
	if !r.s.held.take(cap(body), limit) {
		return nil, &fault{kind: probUnavailable, detail: geo.Text{
			Zh: "正在发送的大答复太多，请稍后再试，或缩小范围、减少分钟数。",
			En: "Too many large answers are being sent: try again shortly, or ask for less."}}
	}
	return &held{body: body, size: cap(body), conn: r.c.Context().Conn(), s: r.s, until: time.Now().Add(bulkTime)}, nil
}

// next cuts off a piece and gives the client its time to take it.
func (h *held) next(most int) ([]byte, error) {
	if len(h.body) == 0 {
		return nil, io.EOF
	}
	piece := h.body[:min(most, len(h.body))]
	until := time.Now().Add(h.s.stall() * time.Duration((len(piece)+bulkChunk-1)/bulkChunk))
	if until.After(h.until) {
		until = h.until
	}
	if err := h.conn.SetWriteDeadline(until); err != nil {
		return nil, err
	}
	h.body = h.body[len(piece):]
	return piece, nil
}

// WriteTo writes what is left.
func (h *held) WriteTo(w io.Writer) (n int64, err error) {
	for {
		piece, err := h.next(heldPiece)
		if errors.Is(err, io.EOF) {
			return n, nil
		} else if err != nil {
			return n, err
		}
		k, err := w.Write(piece)
		n += int64(k)
		if err != nil {
			return n, err
		}
	}
}

// Read is for who does not know WriteTo.
func (h *held) Read(p []byte) (int, error) {
	piece, err := h.next(len(p))
	return copy(p, piece), err
}

// Close counts the answer out. It is called once at least.
func (h *held) Close() error {
	h.s.held.give(h.size)
	if h.draft != nil {
		h.s.done(&jsonWriter{b: h.draft[:0]})
	}
	h.size, h.body, h.draft = 0, nil, nil
	return nil
}
