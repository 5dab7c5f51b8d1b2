package pmtiles

import (
	"bytes"
	"errors"
	"io"
	"sync"

	"github.com/klauspost/compress/gzip"
)

var errTooLong = errors.New("longer than allowed when decompressed")

// gunzip decompresses b, to at most limit bytes.
func gunzip(b []byte, limit int) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	// Text of this kind shrinks to about a third; the buffer grows by what
	// really comes out, so a lying length costs nothing.
	out.Grow(min(3*len(b)+512, limit+1))
	if _, err := out.ReadFrom(io.LimitReader(r, int64(limit)+1)); err != nil {
		return nil, err
	}
	if out.Len() > limit {
		return nil, errTooLong
	}
	return out.Bytes(), nil
}

// A Compressor makes gzip members, reusing its tables. The zero value is ready
// to use, also by several goroutines at once.
type Compressor struct{ pool sync.Pool }

type gzipState struct {
	buf bytes.Buffer
	w   *gzip.Writer
}

// Gzip returns b compressed, in a slice of its own. Equal input gives equal
// output: the member has no name and no time.
func (c *Compressor) Gzip(b []byte) []byte {
	s, _ := c.pool.Get().(*gzipState)
	if s == nil {
		s = &gzipState{}
		// The level is a constant that exists, and a buffer does not fail.
		s.w, _ = gzip.NewWriterLevel(&s.buf, 6)
	}
	s.buf.Reset()
	s.w.Reset(&s.buf)
	_, _ = s.w.Write(b)
	_ = s.w.Close()
	out := bytes.Clone(s.buf.Bytes())
	c.pool.Put(s)
	return out
}
