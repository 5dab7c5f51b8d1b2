package api

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"testing"
	"time"
)

// TestLargeAnswersAreBounded lets clients ask for large answers and take
// nothing: memory for a bounded number of them is held, those beyond are told to
// come again, small answers go on, and the idle are cut off.
func TestLargeAnswersAreBounded(t *testing.T) {
	const size = 16 << 20
	of := func(n int) func(*call) error {
		return func(r *call) error {
			return r.send(answer{kind: typeJSON, cache: cacheNever, body: bytes.Repeat([]byte("1"), n)})
		}
	}
	r := start(t, Config{WriteTimeout: time.Second}, endpoint{path: "/test/large", run: of(size)}, endpoint{path: "/test/middling", run: of(200 << 10)})
	got := map[int]int{}
	for range heldMost/2/size + 4 {
		c, err := net.Dial("tcp", r.addr)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		c.(*net.TCPConn).SetReadBuffer(4096)
		fmt.Fprintf(c, "GET /test/large HTTP/1.1\r\nHost: x\r\n\r\n")
		var status int
		if _, err := fmt.Fscanf(bufio.NewReaderSize(c, 16), "HTTP/1.1 %d", &status); err != nil {
			t.Fatal(err)
		}
		got[status]++
	}
	if n := r.server.held.count(); got[200] != heldMost/2/size || got[503] != 4 || n > heldMost/2 {
		t.Errorf("statuses %v, %d bytes held", got, n)
	}
	if a := r.get("/test/middling").want(t, 200); len(a.body) != 200<<10 {
		t.Errorf("%d bytes", len(a.body))
	}
	for deadline := time.Now().Add(10 * time.Second); r.server.held.count() > 0; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d bytes are held for clients that take nothing", r.server.held.count())
		}
	}
	if a := r.get("/test/large").want(t, 200); len(a.body) != size || a.ContentLength != size {
		t.Errorf("%d bytes of %d", len(a.body), a.ContentLength)
	}
	if a := r.do(http.MethodHead, "/test/large", nil).want(t, 200); a.ContentLength != size {
		t.Errorf("HEAD says %d bytes", a.ContentLength)
	}
	for deadline := time.Now().Add(5 * time.Second); r.server.held.count() > 0; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d bytes are held for nobody", r.server.held.count())
		}
	}
}

// TestSlowButSteady: who takes an answer piece by piece gets all of it, though
// it takes longer than one piece may.
func TestSlowButSteady(t *testing.T) {
	const size = 24 << 20
	r := start(t, Config{WriteTimeout: 400 * time.Millisecond}, endpoint{path: "/test/large", run: func(r *call) error {
		return r.send(answer{kind: typeJSON, cache: cacheNever, body: make([]byte, size)})
	}})
	c, err := net.Dial("tcp", r.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	c.(*net.TCPConn).SetReadBuffer(64 << 10)
	fmt.Fprintf(c, "GET /test/large HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
	n, buf, begun := 0, make([]byte, 128<<10), time.Now()
	for {
		k, err := io.ReadFull(c, buf)
		n += k
		if err != nil {
			break
		}
		time.Sleep(5 * time.Millisecond)
	}
	if took := time.Since(begun); n < size || took < 400*time.Millisecond {
		t.Errorf("%d bytes of %d in %s", n, size, took)
	}
}

// TestSearchersWait fills the lane: some wait and are answered, those beyond
// are refused at once.
func TestSearchersWait(t *testing.T) {
	r := start(t, Config{Timeout: 2 * time.Second})
	lane := newLane(1)
	r.server.searchers = lane
	lane.slots <- struct{}{}
	ask := "/api/isochrone?at=" + at(-400, 0)
	status := make(chan int)
	get := func() {
		resp, err := http.Get(r.base + ask)
		if err != nil {
			t.Error(err)
			status <- 0
			return
		}
		io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
		status <- resp.StatusCode
	}
	go get()
	for lane.waiting.count() < 1 {
		time.Sleep(time.Millisecond)
	}
	begun := time.Now()
	for lane.waiting.enter(1000) && lane.waiting.count() < 1000 {
	}
	r.get(ask).want(t, 503)
	r.send("/api/matrix", `{"from":`+list(spot(-400, 0))+`,"to":`+list(spot(400, 0))+`}`).want(t, 503)
	if took := time.Since(begun); took > time.Second {
		t.Errorf("refused after %s", took)
	}
	for lane.waiting.count() > 1 {
		lane.waiting.leave()
	}
	lane.leave()
	if got := <-status; got != 200 {
		t.Errorf("who waited got %d", got)
	}
	// Nobody leaves: the wait ends with the time of the request.
	lane.slots <- struct{}{}
	go get()
	if got := <-status; got != 503 {
		t.Errorf("who waited in vain got %d", got)
	}
	lane.leave()
	if lane.waiting.count() != 0 || len(lane.slots) != 0 {
		t.Errorf("%d wait, %d are in", lane.waiting.count(), len(lane.slots))
	}
}
