package api

import (
	"bytes"
	"encoding/base64"
	"sync"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
)

// b64 is the alphabet of ETags.
var b64 = base64.RawURLEncoding

// encoding is a content encoding.
type encoding uint8

const (
	identity encoding = iota
	gzipped
	brotlied
)

func (e encoding) String() string { return [...]string{"identity", "gzip", "br"}[e] }

// minCompress is the size in bytes from which an answer is compressed.
const minCompress = 1024

// negotiateEncoding reads Accept-Encoding (RFC 9110 §12.5.3): brotli before
// gzip before nothing where the client likes them equally, identity where it
// accepts nothing we have.
func negotiateEncoding(header string) encoding {
	br, gz, any := -1.0, -1.0, -1.0
	for len(header) > 0 {
		var item string
		item, header = cutComma(header)
		switch word, q := weighted(item); word {
		case "br":
			br = q
		case "gzip", "x-gzip":
			gz = q
		case "*":
			any = q
		}
	}
	if br < 0 {
		br = any
	}
	if gz < 0 {
		gz = any
	}
	switch {
	case br > 0 && br >= gz:
		return brotlied
	case gz > 0:
		return gzipped
	}
	return identity
}

func cutComma(s string) (item, rest string) {
	for i := 0; i < len(s); i++ {
		if s[i] == ',' {
			return s[:i], s[i+1:]
		}
	}
	return s, ""
}

// acceptsGzip says whether a client accepts gzip at all, for bytes that are
// stored gzipped.
func acceptsGzip(header string) bool {
	gz, any := -1.0, -1.0
	for len(header) > 0 {
		var item string
		item, header = cutComma(header)
		switch word, q := weighted(item); word {
		case "gzip", "x-gzip":
			gz = q
		case "*":
			any = q
		}
	}
	if gz < 0 {
		gz = any
	}
	return gz > 0
}

// compressor keeps encoders for reuse. Levels are those where JSON still
// compresses faster than a city's mobile network carries it.
type compressor struct {
	gzips   sync.Pool
	brotlis sync.Pool
}

// encode returns body in an encoding.
func (c *compressor) encode(body []byte, e encoding) []byte {
	var out bytes.Buffer
	out.Grow(len(body) / 3)
	switch e {
	case gzipped:
		w, ok := c.gzips.Get().(*gzip.Writer)
		if !ok {
			w, _ = gzip.NewWriterLevel(nil, 5) //nolint:errcheck // the level is valid
		}
		w.Reset(&out)
		w.Write(body) //nolint:errcheck // a buffer never fails
		w.Close()     //nolint:errcheck // a buffer never fails
		c.gzips.Put(w)
	case brotlied:
		w, ok := c.brotlis.Get().(*brotli.Writer)
		if !ok {
			w = brotli.NewWriterLevel(nil, 4)
		}
		w.Reset(&out)
		w.Write(body) //nolint:errcheck // a buffer never fails
		w.Close()     //nolint:errcheck // a buffer never fails
		c.brotlis.Put(w)
	default:
		return body
	}
	return out.Bytes()
}

// squeeze compresses a file that is served many times as far as it goes.
func squeeze(body []byte, e encoding) []byte {
	var out bytes.Buffer
	switch e {
	case gzipped:
		w, _ := gzip.NewWriterLevel(&out, gzip.BestCompression) //nolint:errcheck // the level is valid
		w.Write(body)                                           //nolint:errcheck // a buffer never fails
		w.Close()                                               //nolint:errcheck // a buffer never fails
	case brotlied:
		w := brotli.NewWriterLevel(&out, 9)
		w.Write(body) //nolint:errcheck // a buffer never fails
		w.Close()     //nolint:errcheck // a buffer never fails
	}
	return out.Bytes()
}

// gunzip undoes gzip, up to a bound on the result.
func gunzip(body []byte, limit int) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return readBounded(r, limit)
}
