package api

import (
	"bufio"
	"context"
	"errors"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"yizhan/geo"
)

func TestRequestID(t *testing.T) {
	r := start(t, Config{})
	for given, kept := range map[string]bool{
		"abc-1.2_Z": true, strings.Repeat("a", 64): true, strings.Repeat("a", 65): false,
		"with space": false, "<script>": false, "é": false,
	} {
		got := r.get("/healthz", "X-Request-Id", given).Header.Get("X-Request-Id")
		if (got == given) != kept {
			t.Errorf("%q became %q", given, got)
		}
	}
	if a, b := r.get("/healthz").Header.Get("X-Request-Id"), r.get("/healthz").Header.Get("X-Request-Id"); a == b {
		t.Errorf("two requests share the id %q", a)
	}
}

// TestLogKeepsPositionsOut wants the route's pattern, status and id in the
// log and nothing of where a rider is.
func TestLogKeepsPositionsOut(t *testing.T) {
	r := start(t, Config{})
	r.get("/api/nearest?at=116.352077,39.960033", "X-Request-Id", "trace-me")
	r.get("/api/nearest?at=116.352077,939.960033")
	r.get("/api/places/secret-place")
	r.get("/secret-place")
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	log := r.log.String()
	for _, want := range []string{"route=/api/nearest", "id=trace-me", "status=400", "took=", "method=GET"} {
		if !strings.Contains(log, want) {
			t.Errorf("the log lacks %s:\n%s", want, log)
		}
	}
	for _, secret := range []string{"116.352", "39.96", "127.0.0.1:", "secret-place"} {
		if strings.Contains(log, secret) {
			t.Errorf("the log holds %s:\n%s", secret, log)
		}
	}
}

func TestPanicIsAnsweredAndLogged(t *testing.T) {
	r := start(t, Config{},
		endpoint{path: "/test/panic", run: func(*call) error { panic("kaboom") }},
		endpoint{path: "/test/error", run: func(*call) error { return errors.New("secret cause") }})
	a := r.get("/test/panic", "X-Request-Id", "p-1", "Accept-Language", "en").want(t, 500)
	if strings.Contains(string(a.body), "kaboom") || !strings.Contains(string(a.body), `"#p-1"`) {
		t.Errorf("answer: %s", a.body)
	}
	b := r.get("/test/error").want(t, 500)
	if strings.Contains(string(b.body), "secret") {
		t.Errorf("answer: %s", b.body)
	}
	r.get("/healthz").want(t, 200)
	if log := r.log.String(); !strings.Contains(log, "kaboom") || !strings.Contains(log, "secret cause") || !strings.Contains(log, "id=p-1") {
		t.Errorf("log: %s", log)
	}
}

// TestErrorsByCode maps what the other rooms return to statuses.
func TestErrorsByCode(t *testing.T) {
	var err error
	r := start(t, Config{}, endpoint{path: "/test/error", run: func(*call) error { return err }})
	for _, c := range []struct {
		err    error
		status int
	}{
		{geo.NewError(geo.Invalid, "甲", "a"), 400},
		{geo.NewError(geo.TooLarge, "甲", "a"), 400},
		{geo.NewError(geo.NotFound, "甲", "a"), 404},
		{geo.NewError(geo.Unavailable, "甲", "a"), 503},
		{geo.NewError(geo.Timeout, "甲", "a"), 503},
		{geo.NewError(geo.Internal, "甲", "a"), 500},
		{context.DeadlineExceeded, 503},
		{context.Canceled, 503},
	} {
		err = c.err
		r.get("/test/error").want(t, c.status)
	}
	err = geo.NewError(geo.NotFound, "没有甲", "no such a")
	if a := r.get("/test/error", "Accept-Language", "en"); !strings.Contains(string(a.body), "no such a") || a.Header.Get("Content-Language") != "en" {
		t.Errorf("%s", a.body)
	}
	if a := r.get("/test/error", "Accept-Language", "zh-CN"); !strings.Contains(string(a.body), "没有甲") || a.Header.Get("Vary") != "Accept-Language" {
		t.Errorf("%s", a.body)
	}
}

func TestDeadline(t *testing.T) {
	r := start(t, Config{Timeout: 20 * time.Millisecond}, endpoint{path: "/test/slow", run: func(r *call) error {
		<-r.ctx.Done()
		return r.ctx.Err()
	}})
	if a := r.get("/test/slow").want(t, 503); a.Header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
}

func TestMethods(t *testing.T) {
	r := start(t, Config{})
	for _, path := range []string{"/api/nearest", "/healthz", "/openapi.json", "/", "/docs", "/tiles/base/1/1/1.mvt"} {
		for _, method := range []string{"POST", "PUT", "PATCH", "DELETE", "TRACE"} {
			a := r.do(method, path, nil).want(t, 405)
			if got := a.Header.Get("Allow"); got != "GET, HEAD, OPTIONS" {
				t.Errorf("%s %s: Allow %q", method, path, got)
			}
		}
		a := r.do("OPTIONS", path, nil, "Origin", "https://example.org", "Access-Control-Request-Method", "GET").want(t, 204)
		if a.Header.Get("Access-Control-Allow-Origin") != "*" || !strings.Contains(a.Header.Get("Access-Control-Allow-Methods"), "GET") {
			t.Errorf("OPTIONS %s: %v", path, a.Header)
		}
	}
	r.do("POST", "/nothing", nil).want(t, 404)
	if got := r.get("/healthz", "Origin", "https://example.org").Header.Get("Access-Control-Allow-Origin"); got != "*" {
		t.Errorf("Access-Control-Allow-Origin %q", got)
	}
}

// TestStopWaitsForRequests begins a shutdown while a request runs and an event
// stream is open: the request is answered, the stream ends.
func TestStopWaitsForRequests(t *testing.T) {
	started, release := make(chan struct{}), make(chan struct{})
	r := start(t, Config{}, endpoint{path: "/test/slow", run: func(r *call) error {
		close(started)
		<-release
		return r.sendJSON("", cacheNever, "done")
	}})
	streamed := make(chan error, 1)
	resp, err := r.client.Get(r.base + "/api/events")
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		defer resp.Body.Close()
		lines := bufio.NewScanner(resp.Body)
		for lines.Scan() {
		}
		streamed <- lines.Err()
	}()
	answered := make(chan int, 1)
	go func() {
		resp, err := r.client.Get(r.base + "/test/slow")
		if err != nil {
			answered <- 0
			return
		}
		resp.Body.Close()
		answered <- resp.StatusCode
	}()
	<-started
	stopped := make(chan error, 1)
	go func() { stopped <- r.stop() }()
	select {
	case err := <-streamed:
		if err != nil {
			t.Errorf("the stream was cut off: %v", err)
		}
	case <-time.After(5 * time.Second):
		t.Fatal("the event stream outlives the shutdown")
	}
	select {
	case err := <-stopped:
		t.Fatalf("stopped under a running request: %v", err)
	case <-time.After(50 * time.Millisecond):
	}
	close(release)
	if status := <-answered; status != 200 {
		t.Errorf("the running request got %d", status)
	}
	if err := <-stopped; err != nil {
		t.Errorf("stop: %v", err)
	}
}

// TestStopCutsOffAfterGrace has a request that does not end in time.
func TestStopCutsOffAfterGrace(t *testing.T) {
	started := make(chan struct{})
	r := start(t, Config{Grace: 150 * time.Millisecond}, endpoint{path: "/test/stuck", run: func(r *call) error {
		close(started)
		<-r.ctx.Done()
		return r.ctx.Err()
	}})
	go func() {
		if resp, err := r.client.Get(r.base + "/test/stuck"); err == nil {
			resp.Body.Close()
		}
	}()
	<-started
	begin := time.Now()
	if err := r.stop(); err == nil {
		t.Error("a cut-off request is not reported")
	}
	if took := time.Since(begin); took > 3*time.Second {
		t.Errorf("took %s", took)
	}
}

func TestNew(t *testing.T) {
	if _, err := New(Config{}); err == nil {
		t.Error("a server without a keeper was made")
	}
	if _, err := New(Config{Keeper: testKeeper(t), Static: fstest.MapFS{"a": {Mode: 0, Data: nil}}}); err != nil {
		t.Errorf("odd files: %v", err)
	}
}

// TestServerWithoutPages serves the API alone.
func TestServerWithoutPages(t *testing.T) {
	s, err := New(Config{Keeper: testKeeper(t)})
	if err != nil {
		t.Fatal(err)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx, ln) }()
	resp, err := http.Get("http://" + ln.Addr().String() + "/")
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	http.DefaultClient.CloseIdleConnections()
	if resp.StatusCode != 404 {
		t.Errorf("status %d", resp.StatusCode)
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}
