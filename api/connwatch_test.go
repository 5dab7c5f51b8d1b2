package api

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"
)

// dialRig opens a connection that a test cannot hang on.
func dialRig(t *testing.T, r *rig) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", r.addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	if err := c.SetDeadline(time.Now().Add(20 * time.Second)); err != nil {
		t.Fatal(err)
	}
	return c
}

// TestIdleConnectionIsClosed leaves a connection alone after an answer: it is
// closed without a word, and not before its time.
func TestIdleConnectionIsClosed(t *testing.T) {
	const idle = 400 * time.Millisecond
	r := start(t, Config{IdleTimeout: idle, ReadTimeout: 100 * time.Millisecond})
	c := dialRig(t, r)
	in := bufio.NewReader(c)
	for n := range 3 {
		if n > 0 {
			time.Sleep(idle / 2) // longer than a request may take, shorter than idling
		}
		if _, err := io.WriteString(c, "GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n"); err != nil {
			t.Fatal(err)
		}
		resp, err := http.ReadResponse(in, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, resp.Body); err != nil || resp.StatusCode != 200 {
			t.Fatalf("%d %v", resp.StatusCode, err)
		}
	}
	began := time.Now()
	rest, err := io.ReadAll(in)
	if err != nil || len(rest) > 0 {
		t.Errorf("the connection ends with %q, %v", rest, err)
	}
	if took := time.Since(began); took < idle*3/4 || took > idle+2*time.Second {
		t.Errorf("closed after %s", took)
	}
}

// TestClientThatTakesNothing asks for more and more on one connection and
// reads no answer: it is cut off, and what is busy beside it goes on.
func TestClientThatTakesNothing(t *testing.T) {
	r := start(t, Config{WriteTimeout: 400 * time.Millisecond})
	c := dialRig(t, r)
	request := strings.Repeat("GET /openapi.json HTTP/1.1\r\nHost: h\r\n\r\n", 50)
	began := time.Now()
	var failed error
	for failed == nil && time.Since(began) < 15*time.Second {
		_, failed = io.WriteString(c, request)
		if a := r.get("/healthz"); a.StatusCode != 200 {
			t.Fatalf("another is answered %d", a.StatusCode)
		}
	}
	if failed == nil || errors.Is(failed, os.ErrDeadlineExceeded) {
		t.Fatalf("nobody was cut off: %v", failed)
	}
}

// TestBusyConnectionLives asks again and again, for longer than any of the
// times that are bounded.
func TestBusyConnectionLives(t *testing.T) {
	const most = 100 * time.Millisecond
	r := start(t, Config{IdleTimeout: most, ReadTimeout: most, WriteTimeout: most}, endpoint{path: "/test/slow", run: func(r *call) error {
		time.Sleep(2 * most) // work has bounds of its own
		return r.sendJSON("", cacheNever, true)
	}})
	c := dialRig(t, r)
	in := bufio.NewReader(c)
	began := time.Now()
	for n := 0; time.Since(began) < 8*most; n++ {
		target := "/healthz"
		if n%10 == 9 {
			target = "/test/slow"
		}
		if _, err := io.WriteString(c, "GET "+target+" HTTP/1.1\r\nHost: h\r\n\r\n"); err != nil {
			t.Fatal(err)
		}
		resp, err := http.ReadResponse(in, nil)
		if err != nil {
			t.Fatalf("after %s: %v", time.Since(began), err)
		}
		if _, err := io.Copy(io.Discard, resp.Body); err != nil || resp.StatusCode != 200 {
			t.Fatalf("after %s: %d %v", time.Since(began), resp.StatusCode, err)
		}
	}
}
