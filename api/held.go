package api

import (
	"bufio"
	"errors"
	"io"
	"net"
	"sync"
	"syscall"
	"time"

	"yizhan/data/atlas"
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
	// every write wakes the client. Of what is lent, which takes no memory, it is
	// lentPiece, in which the features of a thousand places go at once.
	stallTime = 10 * time.Second
	heldPiece = 4 * bulkChunk
	lentPiece = 6 * bulkChunk
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
	// pieces are what is left of it, and left how many bytes that is.
	pieces net.Buffers
	left   int
	head   []byte // the headers, until they are written
	loan   *loan  // of the pieces, nil where none are lent
	size   int    // what is counted
	draft  []byte // the buffer of a draft that body is part of, or nil
	conn   net.Conn
	s      *Server
	until  time.Time
	// atlas is what lends the pieces.
	atlas *atlas.Atlas
	whole [1][]byte // of pieces, where they are one
	turn  net.Buffers
	room  [2][]byte // of turn
}

// hold makes a body, which becomes its own, a counted one; or a loan of the
// call's Atlas, of whose pieces some are of the body.
func (r *call) hold(body []byte, loan *loan) (*held, error) {
	h := &held{size: cap(body), left: len(body), conn: r.c.Context().Conn(), s: r.s, until: time.Now().Add(bulkTime)}
	if loan == nil {
		h.whole[0] = body
		h.pieces, h.turn = h.whole[:], h.room[:0]
	} else {
		h.pieces, h.turn, h.loan, h.atlas, h.left = loan.pieces, loan.turn, loan, r.atlas, 0
		for _, p := range loan.pieces {
			h.left += len(p)
		}
		h.size = max(h.size, h.left)
	}
	limit := heldMost
	if h.size > heldLarge {
		limit /= 2
	}
	if !r.s.held.take(h.size, limit) {
		return nil, &fault{kind: probUnavailable, detail: geo.Text{
			Zh: "正在发送的大答复太多，请稍后再试，或缩小范围、减少分钟数。",
			En: "Too many large answers are being sent: try again shortly, or ask for less."}}
	}
	return h, nil
}

// next cuts off so many bytes and gives the client its time to take them. It
// adds the headers.
func (h *held) next(most int) (turn net.Buffers, err error) {
	if h.left == 0 {
		return nil, io.EOF
	}
	most = min(most, h.left)
	until := time.Now().Add(h.s.stall() * time.Duration((most+bulkChunk-1)/bulkChunk))
	if until.After(h.until) {
		until = h.until
	}
	if err := h.conn.SetWriteDeadline(until); err != nil {
		return nil, err
	}
	h.left -= most
	h.turn = h.turn[:0]
	if h.head != nil {
		h.turn, h.head = append(h.turn, h.head), nil
	}
	for most > 0 {
		p := &h.pieces[0]
		n := min(most, len(*p))
		h.turn = append(h.turn, (*p)[:n])
		if most -= n; n < len(*p) {
			*p = (*p)[n:]
		} else {
			h.pieces = h.pieces[1:]
		}
	}
	return h.turn, nil
}

// WriteTo writes what is left, and the headers with the first of it.
func (h *held) WriteTo(w io.Writer) (n int64, err error) {
	if b, ok := w.(*bufio.Writer); ok {
		if c, ok := h.conn.(*conn); ok {
			if h.head, err = c.unwritten(b); err != nil {
				return 0, err
			}
			n, w = -int64(len(h.head)), c.direct()
		}
	}
	most := heldPiece
	if h.loan != nil {
		most = lentPiece
	}
	for {
		turn, err := h.next(most)
		if errors.Is(err, io.EOF) {
			return n, nil
		} else if err != nil {
			return n, err
		}
		k, err := turn.WriteTo(w)
		n += k
		if err != nil {
			if h.loan != nil && errors.Is(err, syscall.EFAULT) {
				h.atlas.LoseReadyFeatures()
			}
			return n, err
		}
	}
}

// errNoReader says that a held body is not read: what is lent of it may be on a
// disk that is gone.
var errNoReader = errors.New("the body of a large answer is written, not read")

// Read is there for who takes bodies as readers, and writes them.
func (h *held) Read([]byte) (int, error) { return 0, errNoReader }

// Close counts the answer out. It is called once at least.
func (h *held) Close() error {
	h.s.held.give(h.size)
	if h.draft != nil {
		h.s.done(&jsonWriter{b: h.draft[:0]})
	}
	if h.loan != nil {
		h.loan.turn = h.turn[:0]
		h.s.giveBack(h.loan)
	}
	h.size, h.left, h.pieces, h.turn, h.draft, h.loan, h.atlas = 0, 0, nil, nil, nil, nil, nil
	return nil
}
