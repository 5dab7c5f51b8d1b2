package api

import (
	"fmt"
	"io"
	"log/slog"
	"net"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"yizhan/data/atlas"
)

// replay is a connection without a system under it: a client that asks the
// same some number of times, each time after the answer to the last, and
// throws the answers away.
type replay struct {
	net.Conn
	request []byte
	left    int
}

func (c *replay) Read(b []byte) (int, error) {
	if c.left == 0 {
		return 0, io.EOF
	}
	c.left--
	return copy(b, c.request), nil
}

func (c *replay) Write(b []byte) (int, error)      { return len(b), nil }
func (c *replay) Close() error                     { return nil }
func (c *replay) SetDeadline(time.Time) error      { return nil }
func (c *replay) SetReadDeadline(time.Time) error  { return nil }
func (c *replay) SetWriteDeadline(time.Time) error { return nil }
func (c *replay) LocalAddr() net.Addr              { return &net.TCPAddr{} }
func (c *replay) RemoteAddr() net.Addr             { return &net.TCPAddr{} }

// BenchmarkAround measures what the processor does for an answer but for the
// system's part, beside bare Fiber: a route of fixed bytes, and a 304.
func BenchmarkAround(b *testing.B) {
	a, err := demoAtlas()
	if err != nil {
		b.Fatal(err)
	}
	keeper := &atlas.Keeper{}
	keeper.Swap(a)
	fixed := make([]byte, 1024)
	s, err := newServer(Config{Keeper: keeper, Log: slog.New(slog.NewTextHandler(io.Discard, nil))}, endpoint{path: "/test/fixed", run: func(r *call) error {
		r.c.Context().Response.SetBodyRaw(fixed)
		return nil
	}})
	if err != nil {
		b.Fatal(err)
	}
	bare := fiber.New(fiber.Config{DisableStartupMessage: true})
	bare.Get("/bytes", func(c *fiber.Ctx) error { return c.Send(fixed) })
	bare.Get("/304", func(c *fiber.Ctx) error {
		c.Set(fiber.HeaderETag, `"0123456789abcdef"`)
		c.Status(fiber.StatusNotModified)
		return nil
	})
	bare.Handler()
	c := a.Bound().Center()
	here := fmt.Sprintf("at=%.6f,%.6f", c[0], c[1])
	for _, q := range []struct {
		name   string
		serve  func(net.Conn) error
		target string
	}{
		{"bare/bytes", bare.Server().ServeConn, "/bytes"},
		{"bare/304", bare.Server().ServeConn, "/304"},
		{"ours/bytes", s.http.ServeConn, "/test/fixed"},
		{"ours/304", s.http.ServeConn, "/tiles/places/14/13490/6203.mvt HTTP/1.1\r\nHost: h\r\nIf-None-Match: *\r\n\r\n"},
		{"ours/nearest", s.http.ServeConn, "/api/nearest?" + here + "&limit=10"},
		{"ours/facility", s.http.ServeConn, "/api/nearest?" + here + "&limit=10&facility=fridge"},
	} {
		b.Run(q.name, func(b *testing.B) {
			b.ReportAllocs()
			request := "GET " + q.target
			if request[len(request)-1] != '\n' {
				request += " HTTP/1.1\r\nHost: h\r\n\r\n"
			}
			conn := &replay{request: []byte(request), left: b.N}
			if err := q.serve(conn); err != nil && err != io.EOF {
				b.Fatal(err)
			}
		})
	}
}
