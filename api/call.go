package api

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/cespare/xxhash/v2"
	"github.com/gofiber/fiber/v2"

	"yizhan/data/atlas"
	"yizhan/geo"
	"yizhan/geo/datum"
)

// Content types of our answers.
const (
	typeJSON    = "application/json; charset=utf-8"
	typeGeoJSON = "application/geo+json"
	typeTile    = "application/vnd.mapbox-vector-tile"
	typeHTML    = "text/html; charset=utf-8"
)

// Cache-Control values. Everything may be kept by anyone, and is asked for
// again by its ETag before it is used: a change shows at once, and an
// unchanged answer costs one 304.
const (
	cacheRevalidate = "public, no-cache"
	cacheForever    = "public, max-age=31536000, immutable"
	cacheNever      = "no-store"
)

// endpoint is a row of the routing table.
type endpoint struct {
	// method is GET where it is "".
	method string
	path   string
	params []param
	run    func(*call) error
	// atlas says that the endpoint answers from the Atlas and cannot without.
	atlas bool
	// lenient lets undeclared parameters pass, for scrapers that add their own.
	lenient bool
}

// verb is the endpoint's method.
func (e *endpoint) verb() string {
	if e.method == "" {
		return fiber.MethodGet
	}
	return e.method
}

// call is one request on its way through an endpoint.
type call struct {
	c *fiber.Ctx
	s *Server
	// ctx carries the deadline: that of the request, where nothing else is said.
	ctx context.Context
	end deadline
	// atlas is the one snapshot that the whole answer comes from.
	atlas *atlas.Atlas
	// now is the request's time, cut to the minute and in the Atlas's zone: opening
	// hours know no seconds, and an answer that depends on the minute alone can be
	// told apart by its ETag.
	now   time.Time
	query query
}

// handle makes an endpoint a fiber handler.
func (s *Server) handle(e endpoint) fiber.Handler {
	return s.metrics.tally(e.path).of(func(c *fiber.Ctx) error {
		r := s.take(c)
		defer s.drop(r)
		s.boards.forget(r.atlas)
		zone := time.UTC
		if r.atlas != nil && r.atlas.Zone != nil {
			zone = r.atlas.Zone
		}
		r.now = s.now(c).In(zone).Truncate(time.Minute)
		if !e.lenient {
			if err := r.query.parse(c.Context().URI().QueryString(), e.params); err != nil {
				return err
			}
			r.query.now = r.now
		}
		if e.atlas && r.atlas == nil {
			return &fault{kind: probUnavailable}
		}
		return e.run(r)
	})
}

// now is the time of a request: when it came, unless the server has a clock of
// its own.
func (s *Server) now(c *fiber.Ctx) time.Time {
	if s.cfg.Now == nil {
		return c.Context().Time()
	}
	return s.cfg.Now()
}

// take begins a call.
func (s *Server) take(c *fiber.Ctx) *call {
	r, ok := s.calls.Get().(*call)
	if !ok {
		r = new(call)
	}
	r.c, r.s, r.atlas = c, s, s.cfg.Keeper.Current()
	r.end.start(s.base, c.Context().Time().Add(s.cfg.Timeout))
	r.ctx = &r.end
	return r
}

// drop ends a call, which is then another's, as its fiber.Ctx is. One whose end
// was waited for is not: who waited may still ask why it came.
func (s *Server) drop(r *call) {
	if r.end.end() {
		return
	}
	*r = call{}
	s.calls.Put(r)
}

// pathID reads the id at the end of the path.
func (r *call) pathID(name string) (string, error) {
	s, ok := unescape(strings.Clone(r.c.Params(name)), false)
	if !ok {
		return "", badParam(name, "百分号编码或 UTF-8 有误。", "broken percent-encoding or not UTF-8")
	}
	id, f := parseID(name, s)
	if f != nil {
		return "", f
	}
	return id, nil
}

// live returns a writer of what places are at the request's time.
func (r *call) live(d datum.Datum) *live {
	return &live{atlas: r.atlas, at: r.now, datum: d, members: jsonWriter{datum: d}, access: jsonWriter{datum: d}}
}

// lang returns the language to answer people in.
func (r *call) lang() geo.Lang {
	return negotiateLang(r.c.Get(fiber.HeaderAcceptLanguage))
}

// tag returns the ETag of the answer to this request: it covers the program,
// the Atlas's version, the request's target, and more, such as the minute.
func (r *call) tag(more ...string) string {
	version := ""
	if r.atlas != nil {
		version = r.atlas.Version
	}
	var h xxhash.Digest
	h.Reset()
	tagPart(&h, r.s.edition)
	tagPart(&h, version)
	h.Write(r.c.Context().Request.Header.RequestURI()) //nolint:errcheck // a hash never fails
	for _, part := range more {
		tagPart(&h, part)
	}
	return tagFrom(&h)
}

// minuteTag is tag for answers that hold an open or closed state.
func (r *call) minuteTag() string {
	var room [8]byte
	minute := binary.LittleEndian.AppendUint64(room[:0], uint64(r.now.Unix()))
	return r.tag(string(minute), r.now.Location().String())
}

// unchanged answers 304 and reports true where the client holds the answer
// with this ETag already. Call it before the work.
func (r *call) unchanged(tag, cache string) bool {
	list := r.c.Get(fiber.HeaderIfNoneMatch)
	if list == "" {
		return false
	}
	held, ok := matchTag(list, tag)
	if !ok {
		return false
	}
	h := &r.c.Context().Response.Header
	setHeader(h, nameETag, held)
	setHeader(h, nameCacheControl, cache)
	setHeader(h, nameVary, fiber.HeaderAcceptEncoding)
	r.c.Context().SetStatusCode(fiber.StatusNotModified)
	return true
}

// answer is a body and how it may be kept.
type answer struct {
	kind  string
	tag   string
	cache string
	body  []byte
	// vary names request headers beside Accept-Encoding that shaped the body.
	vary string
	// draft holds the body where it is set. Done takes it back for other answers,
	// with its buffer or, where that is still on its way to the client, without.
	draft *jsonWriter
	// loan, where it is set, is the body in place of all that the draft holds.
	// What is not of the draft is lent by the Atlas; the client takes no
	// encoding.
	loan *loan
}

// encoding is the one that the client likes best.
func (r *call) encoding() encoding {
	accepted := r.c.Context().Request.Header.Peek(fiber.HeaderAcceptEncoding)
	if len(accepted) == 0 {
		return identity
	}
	return negotiateEncoding(string(accepted))
}

// send writes an answer, compressed where that pays.
func (r *call) send(a answer) error {
	lent := a.draft != nil
	if lent {
		a.body = a.draft.b
	}
	h := &r.c.Context().Response.Header
	h.SetContentType(a.kind)
	setHeader(h, nameCacheControl, a.cache)
	vary := fiber.HeaderAcceptEncoding
	if a.vary != "" {
		vary += ", " + a.vary
	}
	setHeader(h, nameVary, vary)
	e := identity
	if len(a.body) >= minCompress && a.loan == nil {
		if e = r.encoding(); e != identity {
			a.body, lent = r.s.squeezer.encode(a.body, e), false
			h.Set(fiber.HeaderContentEncoding, e.String())
		}
	}
	if a.tag != "" {
		setHeader(h, nameETag, variant(a.tag, e))
	}
	if len(a.body) >= heldFrom || a.loan != nil {
		b, err := r.hold(a.body, a.loan)
		if err != nil {
			return err
		}
		if lent { // held gives it back
			b.draft, a.draft.b = a.body, nil
		}
		r.c.Context().Response.SetBodyStream(b, b.left)
		return nil
	}
	if lent || cap(a.body) >= heldFrom { // the buffer is let go, its content copied
		r.c.Context().Response.SetBody(a.body)
	} else {
		r.c.Context().Response.SetBodyRaw(a.body)
	}
	return nil
}

// maxDraft is the size of the largest buffer that is kept for other answers.
const maxDraft = 1 << 20

// draft returns an empty writer whose buffer is kept. It is handed back with
// done, once what is sent of it was sent.
func (s *Server) draft(d datum.Datum) *jsonWriter {
	w, ok := s.drafts.Get().(*jsonWriter)
	if !ok {
		w = &jsonWriter{b: make([]byte, 0, 16<<10)}
	}
	w.datum, w.b = d, w.b[:0]
	return w
}

// done takes a draft back.
func (s *Server) done(w *jsonWriter) {
	if cap(w.b) > 0 && cap(w.b) <= maxDraft {
		s.drafts.Put(w)
	}
}

// sendJSON marshals v and sends it.
func (r *call) sendJSON(tag, cache string, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("marshal answer: %w", err)
	}
	return r.send(answer{kind: typeJSON, tag: tag, cache: cache, body: body})
}

// readBounded reads all of r, or fails beyond limit bytes.
func readBounded(r io.Reader, limit int) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, int64(limit)+1))
	if err == nil && len(b) > limit {
		err = geo.NewError(geo.TooLarge, "解压后的数据过大。", "the data is too large when decompressed")
	}
	return b, err
}
