package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"slices"
	"strconv"
	"sync"
	"time"
)

// client is one connection of HTTP/1.1 that is kept open, as bare as can be:
// it shares the machine with the server that it asks.
type client struct {
	conn net.Conn
	buf  []byte
	have int // bytes of buf that hold what was read and not yet taken
}

// clientBuffer is what a client reads at most at a time. Those of all clients
// find room in a processor's own cache.
const clientBuffer = 64 << 10

func dial(addr string) (*client, error) {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return nil, err
	}
	return &client{conn: conn, buf: make([]byte, clientBuffer)}, nil
}

// reply is what a client takes note of in an answer.
type reply struct {
	status int
	length int
	// head holds the status line and the headers until the next question.
	head []byte
}

// askTime bounds one question with its answer.
const askTime = 10 * time.Second

// ask sends a request, and reads its answer to the end; body is called with
// the pieces of the answer's body, unless it is nil.
func (c *client) ask(request []byte, body func([]byte)) (reply, error) {
	if _, err := c.conn.Write(request); err != nil {
		return reply{}, err
	}
	end := -1
	for end < 0 {
		if c.have == len(c.buf) {
			return reply{}, errors.New("the headers of an answer do not end")
		}
		n, err := c.conn.Read(c.buf[c.have:])
		if err != nil {
			return reply{}, err
		}
		c.have += n
		end = bytes.Index(c.buf[:c.have], []byte("\r\n\r\n"))
	}
	r, err := parseHead(c.buf[:end+2])
	if err != nil {
		return r, err
	}
	piece := c.buf[end+4 : c.have]
	c.have = 0
	for left := r.length; ; {
		if len(piece) > left {
			return r, errors.New("an answer is longer than it says")
		}
		if body != nil {
			body(piece)
		}
		if left -= len(piece); left == 0 {
			return r, nil
		}
		// What the reply shows of the headers stays where it is.
		n, err := c.conn.Read(c.buf[end+4:])
		if err != nil {
			return r, err
		}
		piece = c.buf[end+4:][:n]
	}
}

// parseHead reads the status and the length of an answer.
func parseHead(head []byte) (reply, error) {
	r := reply{length: -1, head: head}
	if len(head) < 12 || !bytes.HasPrefix(head, []byte("HTTP/1.1 ")) {
		return r, fmt.Errorf("no answer of HTTP/1.1: %.40q", head)
	}
	for _, digit := range head[9:12] {
		r.status = r.status*10 + int(digit-'0')
	}
	if v, ok := r.header("\r\nContent-Length: "); ok {
		n, err := strconv.Atoi(string(v))
		if err != nil || n < 0 {
			return r, fmt.Errorf("Content-Length: %q", v)
		}
		r.length = n
	}
	switch {
	case r.status == 304 || r.status == 204:
		r.length = 0
	case r.length < 0:
		return r, fmt.Errorf("an answer with status %d does not say how long it is", r.status)
	}
	return r, nil
}

// header returns the value behind the name of a header, which is given as it
// stands between two lines.
func (r *reply) header(name string) ([]byte, bool) {
	_, rest, ok := bytes.Cut(r.head, []byte(name))
	if !ok {
		return nil, false
	}
	v, _, _ := bytes.Cut(rest, []byte("\r\n"))
	return v, true
}

// get returns the request for a target; headers are whole lines.
func get(target string, headers ...string) []byte {
	b := append(append([]byte("GET "), target...), " HTTP/1.1\r\nHost: h\r\n"...)
	for _, h := range headers {
		b = append(append(b, h...), "\r\n"...)
	}
	return append(b, "\r\n"...)
}

// load is a stream of requests to one server: over so many connections, each
// asks as soon as it is answered.
type load struct {
	server   *child
	clients  []*client
	requests [][]byte
	// status is what every answer must have.
	status int
	next   int // where in requests the next turn begins
}

func newLoad(server *child, connections, status int, requests [][]byte) (*load, error) {
	l := &load{server: server, requests: requests, status: status}
	for range connections {
		c, err := dial(server.addr)
		if err != nil {
			return nil, errors.Join(err, l.close())
		}
		l.clients = append(l.clients, c)
	}
	return l, nil
}

func (l *load) close() error {
	var errs []error
	for _, c := range l.clients {
		errs = append(errs, c.conn.Close())
	}
	return errors.Join(errs...)
}

// turn is what was seen while a load asked for a while.
type turn struct {
	took  []time.Duration // of each answer
	spent time.Duration
	// worked is what processors did for both sides, stolen what was taken from
	// them for others, in seconds.
	worked, stolen float64
}

// turn asks for a while.
func (l *load) turn(ctx context.Context, d time.Duration) (turn, error) {
	took, errs := make([][]time.Duration, len(l.clients)), make([]error, len(l.clients))
	asked := make([]int, len(l.clients))
	worked, stolen := l.work(), stolenTime()
	began := time.Now()
	var wg sync.WaitGroup
	for i, c := range l.clients {
		wg.Go(func() {
			c.conn.SetDeadline(began.Add(d + askTime)) //nolint:errcheck // then the next read fails
			n := l.next + i*len(l.requests)/len(l.clients)
			for at := began; at.Sub(began) < d && ctx.Err() == nil; asked[i]++ {
				request := l.requests[n%len(l.requests)]
				r, err := c.ask(request, nil)
				if err == nil && r.status != l.status {
					err = fmt.Errorf("status %d", r.status)
				}
				if err != nil {
					line, _, _ := bytes.Cut(request, []byte("\r\n"))
					errs[i] = fmt.Errorf("%s: %w", line, err)
					return
				}
				done := time.Now()
				took[i] = append(took[i], done.Sub(at))
				at = done
				n++
			}
		})
	}
	wg.Wait()
	l.next += slices.Max(asked)
	return turn{slices.Concat(took...), time.Since(began), l.work() - worked, stolenTime() - stolen}, errors.Join(append(errs, ctx.Err())...)
}

// work is how long processors have worked for the server and for us.
func (l *load) work() float64 { return processor(l.server.cmd.Process.Pid) + processor(os.Getpid()) }

// metrics are the rate and the spread of the latencies of some turns, in
// seconds; nil where nothing was answered.
func metrics(turns []turn) map[string]float64 {
	var all turn
	for _, t := range turns {
		all.took = append(all.took, t.took...)
		all.spent += t.spent
		all.worked += t.worked
	}
	n := len(all.took)
	if n == 0 {
		return nil
	}
	slices.Sort(all.took)
	return map[string]float64{
		"req/s": float64(n) / all.spent.Seconds(),
		"cpu":   all.worked / float64(n),
		"p50":   all.took[n/2].Seconds(),
		"p99":   all.took[n*99/100].Seconds(),
	}
}
