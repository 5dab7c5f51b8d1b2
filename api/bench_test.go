package api

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"testing"
	"time"

	"github.com/valyala/fasthttp"

	"yizhan/data/atlas"
)

// BenchmarkHTTP measures answers over loopback, beside the bare ceiling: an
// endpoint of fixed bytes.
func BenchmarkHTTP(b *testing.B) {
	a, err := demoAtlas()
	if err != nil {
		b.Fatal(err)
	}
	keeper := &atlas.Keeper{}
	keeper.Swap(a)
	fixed := make([]byte, 4096)
	s, err := newServer(Config{Keeper: keeper}, endpoint{path: "/test/fixed", run: func(r *call) error {
		r.c.Context().Response.SetBodyRaw(fixed)
		return nil
	}})
	if err != nil {
		b.Fatal(err)
	}
	addr := listening(b, s)
	c := a.Bound().Center()
	here := fmt.Sprintf("%.6f,%.6f", c[0], c[1])
	compound := a.Streets.Compounds()[0].ID
	client := &fasthttp.HostClient{Addr: addr, MaxConns: 8, Dial: func(addr string) (net.Conn, error) { return net.Dial("tcp", addr) }}
	for _, q := range []struct{ name, path, etag string }{
		{"ceiling", "/test/fixed", ""},
		{"nearest", "/api/nearest?at=" + here, ""},
		{"nearest open", "/api/nearest?open=now&facility=toilet&at=" + here, ""},
		{"nearest by ebike", "/api/nearest?by=ebike&at=" + here, ""},
		{"route", "/api/route?by=ebike&from=" + here + "&to=" + url.QueryEscape(compound), ""},
		{"search", "/api/search?q=" + url.QueryEscape("驿站"), ""},
		{"layer", "/layers/station.geojson", ""},
		{"not modified", "/layers/station.geojson", "*"},
	} {
		b.Run(q.name, func(b *testing.B) {
			b.ReportAllocs()
			b.RunParallel(func(pb *testing.PB) {
				req, resp := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
				req.SetRequestURI("http://" + addr + q.path)
				if q.etag != "" {
					req.Header.Set("If-None-Match", q.etag)
				}
				for pb.Next() {
					if err := client.DoTimeout(req, resp, 10*time.Second); err != nil || resp.StatusCode() >= 400 {
						b.Errorf("%d %v", resp.StatusCode(), err)
						return
					}
				}
			})
		})
	}
	client.CloseIdleConnections()
}

// listening serves on loopback until the benchmark ends, and returns the
// address.
func listening(b *testing.B, s *Server) string {
	b.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx, ln) }()
	b.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			b.Error(err)
		}
	})
	return ln.Addr().String()
}
