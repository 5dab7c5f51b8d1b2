package api

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"yizhan/data/atlas"
	"yizhan/geo"
)

// manyAtlas holds more parking bays than an ordinary answer takes.
func manyAtlas(n int) *atlas.Atlas {
	places := make([]*geo.Place, n)
	for i := range places {
		places[i] = &geo.Place{ID: fmt.Sprintf("t:p%d", i), Kind: geo.KindParking, Name: strings.Repeat("停车点", 20),
			Point: orb.Point{116 + float64(i%200)*1e-4, 39 + float64(i/200)*1e-4}, Source: geo.Source{Feed: "t"}, Parking: &geo.Parking{}}
	}
	return atlas.New(atlas.Parts{Places: places})
}

// TestBulkLayers asks for a layer too large to be sent at once, in every
// encoding, as a whole, in part, and by its tag.
func TestBulkLayers(t *testing.T) {
	const n = bulkFeatures + 500
	r := start(t, Config{})
	r.server.cfg.Keeper.Swap(manyAtlas(n))
	for _, enc := range []string{"identity", "gzip", "br"} {
		a := r.get("/layers/parking.geojson", "Accept-Encoding", enc).want(t, 200)
		var got collection
		a.decode(t, &got)
		if len(got.Features) != n {
			t.Errorf("%s: %d features, want %d", enc, len(got.Features), n)
		}
		tag := a.Header.Get("ETag")
		if tag == "" {
			t.Errorf("%s: no ETag", enc)
		}
		r.get("/layers/parking.geojson", "Accept-Encoding", enc, "If-None-Match", tag).want(t, 304)
	}
	var some collection
	r.get("/layers/parking.geojson?limit=10").want(t, 200).decode(t, &some)
	if len(some.Features) != 10 {
		t.Errorf("limit=10 gave %d", len(some.Features))
	}
	var boxed collection
	r.get("/layers/parking.geojson?bbox=115.99999,38.99999,116.00001,39.00001").want(t, 200).decode(t, &boxed)
	if len(boxed.Features) != 1 {
		t.Errorf("a small box gave %d features, want 1", len(boxed.Features))
	}
}

// TestBulkIsBounded opens more downloads than there is room for, none of which
// reads: the last is told to come again, and the server goes on answering.
func TestBulkIsBounded(t *testing.T) {
	r := start(t, Config{WriteTimeout: 5 * time.Second})
	r.server.cfg.Keeper.Swap(manyAtlas(30_000))
	addr := r.addr
	var conns []net.Conn
	defer func() {
		for _, c := range conns {
			c.Close()
		}
	}()
	for range maxBulk {
		c, err := net.Dial("tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		conns = append(conns, c)
		c.(*net.TCPConn).SetReadBuffer(4096)
		fmt.Fprintf(c, "GET /layers/parking.geojson HTTP/1.1\r\nHost: x\r\n\r\n")
	}
	// The downloads begin one after another, and each is given up five seconds
	// after its client's buffers are full: there is a moment when all are in.
	refused := false
	for deadline := time.Now().Add(15 * time.Second); !refused && time.Now().Before(deadline); time.Sleep(time.Millisecond) {
		if r.server.bulks.count() < maxBulk {
			continue
		}
		resp, err := http.Get(r.base + "/layers/parking.geojson")
		if err != nil {
			t.Fatal(err)
		}
		refused = resp.StatusCode == http.StatusServiceUnavailable && resp.Header.Get("Retry-After") != ""
		resp.Body.Close()
	}
	if !refused {
		t.Errorf("with %d downloads under way another one is not refused", maxBulk)
	}
	r.get("/healthz").want(t, 200)
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(100 * time.Millisecond) {
		if resp, err := http.Get(r.base + "/layers/parking.geojson"); err == nil {
			var all struct{ Features []json.RawMessage }
			err := json.NewDecoder(resp.Body).Decode(&all)
			resp.Body.Close()
			if resp.StatusCode == http.StatusOK && err == nil && len(all.Features) == 30_000 {
				return
			}
		}
		if time.Now().After(deadline) {
			t.Fatal("clients that read nothing still fill the room")
		}
	}
}

// TestAcceptWaitsOutShortage: a process without file descriptors goes on when
// it has some again.
func TestAcceptWaitsOutShortage(t *testing.T) {
	ours, theirs := net.Pipe()
	defer theirs.Close()
	fail := []error{syscall.EMFILE, syscall.ECONNABORTED, syscall.ENFILE}
	ln := lingering{fakeListener{func() (net.Conn, error) {
		if len(fail) == 0 {
			return ours, nil
		}
		err := fail[0]
		fail = fail[1:]
		return nil, &net.OpError{Op: "accept", Err: err}
	}}, Config{}.withDefaults().Log}
	c, err := ln.Accept()
	if err != nil {
		t.Fatal(err)
	}
	c.Close()
	ln.Listener = fakeListener{func() (net.Conn, error) { return nil, net.ErrClosed }}
	if _, err := ln.Accept(); err == nil {
		t.Error("a closed listener is waited for")
	}
}

type fakeListener struct{ accept func() (net.Conn, error) }

func (f fakeListener) Accept() (net.Conn, error) { return f.accept() }
func (f fakeListener) Close() error              { return nil }
func (f fakeListener) Addr() net.Addr            { return &net.TCPAddr{} }
