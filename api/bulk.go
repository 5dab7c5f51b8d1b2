package api

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/gofiber/fiber/v2"
	"github.com/klauspost/compress/gzip"

	"yizhan/geo"
)

// A whole layer of a city is tens of megabytes. It is written as the client
// takes it, so that a client that takes nothing holds a chunk and no more.
const (
	// bulkFeatures is from how many features on an answer is sent in bulk.
	bulkFeatures = 2000
	// bulkChunk is what is written at a time, in bytes.
	bulkChunk = 64 << 10
	// bulkTime bounds one bulk answer, however fast the client reads.
	bulkTime = 5 * time.Minute
	// maxBulk is how many bulk answers may be under way at once.
	maxBulk = 64
)

// bulk is a large answer under way. It outlives the request's handler and so
// holds nothing of the fiber context.
type bulk struct {
	s     *Server
	conn  net.Conn
	e     encoding
	write func(ctx context.Context, out io.Writer) error
}

// sendBulk answers with what write writes. The answer has no length; a client
// sees by the broken connection where it was cut off.
func (r *call) sendBulk(a answer, write func(ctx context.Context, out io.Writer) error) error {
	select {
	case <-r.s.closing:
		return &fault{kind: probUnavailable}
	default:
	}
	h := &r.c.Context().Response.Header
	e := negotiateEncoding(r.c.Get(fiber.HeaderAcceptEncoding))
	if r.c.Method() != fiber.MethodHead && !r.s.bulks.enter(maxBulk) {
		return &fault{kind: probUnavailable, detail: geo.Text{
			Zh: "同时下载大图层的请求太多，请稍后再试，或用 bbox、active 缩小范围。",
			En: "Too many large layers are being downloaded: try again later, or ask for less with bbox or active."}}
	}
	h.SetContentType(a.kind)
	h.Set(fiber.HeaderCacheControl, a.cache)
	h.Set(fiber.HeaderVary, fiber.HeaderAcceptEncoding)
	h.Set(fiber.HeaderETag, variant(a.tag, e))
	if e != identity {
		h.Set(fiber.HeaderContentEncoding, e.String())
	}
	if r.c.Method() == fiber.MethodHead {
		return nil
	}
	b := &bulk{s: r.s, conn: r.c.Context().Conn(), e: e, write: write}
	r.c.Context().SetBodyStreamWriter(b.run)
	return nil
}

// run writes the answer. It is called in a goroutine of its own, where a panic
// would take the process down.
func (b *bulk) run(w *bufio.Writer) {
	defer b.s.bulks.leave()
	defer func() {
		if p := recover(); p != nil {
			b.s.cfg.Log.Error("fault", "route", "bulk", "cause", fmt.Sprint("panic: ", p))
			b.conn.Close()
		}
	}()
	ctx, cancel := context.WithTimeout(b.s.base, bulkTime)
	defer cancel()
	if err := b.encode(ctx, w); err != nil {
		b.conn.Close() // else the client would take a part for the whole
	}
}

func (b *bulk) encode(ctx context.Context, w *bufio.Writer) error {
	out := &deadlineWriter{w, b.conn, b.s.stall()}
	switch b.e {
	case gzipped:
		z, err := gzip.NewWriterLevel(out, gzip.BestSpeed)
		if err != nil {
			return err
		}
		if err := b.write(ctx, z); err != nil {
			return err
		}
		return z.Close()
	case brotlied:
		// A small window: the encoder's memory is that of one connection.
		z := brotli.NewWriterOptions(out, brotli.WriterOptions{Quality: 3, LGWin: 18})
		if err := b.write(ctx, z); err != nil {
			return err
		}
		return z.Close()
	}
	return b.write(ctx, out)
}

// deadlineWriter gives the client a time to take each write.
type deadlineWriter struct {
	w       *bufio.Writer
	conn    net.Conn
	timeout time.Duration
}

func (d *deadlineWriter) Write(p []byte) (int, error) {
	if err := d.conn.SetWriteDeadline(time.Now().Add(d.timeout)); err != nil {
		return 0, err
	}
	n, err := d.w.Write(p)
	if err != nil {
		return n, err
	}
	return n, d.w.Flush()
}
