package api

import (
	"crypto/sha256"
	"sync/atomic"

	"github.com/gofiber/fiber/v2"

	"yizhan/tiles"
)

// madeTile is a tile in the cache, in the encoding that it was made in and in
// those that were asked for since.
type madeTile struct {
	// tags are the strong ETags by encoding. They stand for the bytes alone, so
	// that a client's copy holds as long as its tile stays the same, whatever
	// changes elsewhere.
	tags [3]string
	// made is the encoding of the first form; a tile of nothing has no bytes.
	made  encoding
	forms [3]atomic.Pointer[[]byte]
	// since is the youngest snapshot that is known to show this tile, base the
	// content of the base map that it was read from.
	since atomic.Uint64
	base  [sha256.Size]byte
	// asked counts the answers in other encodings than it was made in.
	asked atomic.Uint32
}

// noForm marks an encoding that does not pay.
var noForm = []byte{}

// newMadeTile wraps a tile's bytes, which rest in an encoding.
func newMadeTile(body []byte, made encoding) *madeTile {
	sum := sha256.Sum256(body)
	tag := `"` + b64.EncodeToString(sum[:12]) + `"`
	m := &madeTile{made: made}
	for e := range m.tags {
		m.tags[e] = variant(tag, encoding(e))
	}
	m.forms[made].Store(&body)
	return m
}

// madeTileCost is what a madeTile takes beside its bytes.
const madeTileCost = 320

func (m *madeTile) empty() bool { return len(*m.forms[m.made].Load()) == 0 }

// size is what the tile's bytes take.
func (m *madeTile) size() int {
	n := 0
	for e := range m.forms {
		if b := m.forms[e].Load(); b != nil {
			n += len(*b)
		}
	}
	return n
}

// form returns the tile in the encoding that suits an Accept-Encoding best. It
// reports true where it made one that is kept.
//
// A form is kept where it is an eighth smaller than what the tile was made in:
// else the client gets that, if it takes it. What rests gzipped goes out so at
// first, and as brotli, where that pays, from the second time on: most tiles
// are asked for once.
func (m *madeTile) form(accept string, s *Server) (body []byte, e encoding, grown bool, err error) {
	rest := *m.forms[m.made].Load()
	e = negotiateEncoding(accept)
	if m.made == gzipped && e == brotlied && acceptsGzip(accept) && m.asked.Add(1) == 1 {
		e = gzipped
	}
	if e == m.made || len(rest) == 0 {
		return rest, m.made, false, nil
	}
	if e != identity {
		if b := m.forms[e].Load(); b != nil && len(*b) > 0 {
			return *b, e, false, nil
		} else if b != nil || len(rest) < minCompress {
			if m.made == identity || acceptsGzip(accept) {
				return rest, m.made, false, nil
			}
			e = identity
		}
	}
	plain := rest
	if m.made == gzipped {
		if plain, err = gunzip(rest, maxTile); err != nil {
			return nil, e, false, err
		}
	}
	if e == identity {
		return plain, e, false, nil
	}
	body = s.squeezer.encode(plain, e)
	if len(body) > len(rest)-len(rest)/8 {
		m.forms[e].Store(&noForm)
		if m.made == identity || acceptsGzip(accept) {
			return rest, m.made, false, nil
		}
		return plain, identity, false, nil
	}
	m.forms[e].Store(&body)
	return body, e, true, nil
}

// sendMade answers with a tile from the cache: 304 where the client has it, 204
// where it is empty.
func (r *call) sendMade(m *madeTile, key tiles.Key) error {
	if r.unchanged(m.tags[identity], cacheRevalidate) {
		return nil
	}
	h := &r.c.Context().Response.Header
	setHeader(h, nameCacheControl, cacheRevalidate)
	setHeader(h, nameVary, fiber.HeaderAcceptEncoding)
	if m.empty() {
		setHeader(h, nameETag, m.tags[identity])
		r.c.Status(fiber.StatusNoContent)
		return nil
	}
	body, e, grown, err := m.form(r.c.Get(fiber.HeaderAcceptEncoding), r.s)
	if err != nil {
		return err
	}
	if grown {
		r.s.views.cache.Weigh(key)
	}
	h.SetContentType(typeTile)
	setHeader(h, nameETag, m.tags[e])
	if e != identity {
		h.Set(fiber.HeaderContentEncoding, e.String())
	}
	if len(body) < heldLarge {
		// The bytes are the cache's: who takes them slowly holds little that
		// is not there anyway.
		r.c.Context().Response.SetBodyRaw(body)
		return nil
	}
	b, err := r.hold(body, nil)
	if err != nil {
		return err
	}
	r.c.Context().Response.SetBodyStream(b, len(body))
	return nil
}
