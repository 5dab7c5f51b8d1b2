package api

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"runtime/debug"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
	"unsafe"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"yizhan/geo"
)

// allowed is the Allow header of a path that is only read.
const allowed = "GET, HEAD, OPTIONS"

// requestIDs makes request ids: a random word of the process and a counter.
type requestIDs struct {
	prefix string
	n      atomic.Uint64
}

func newRequestIDs() *requestIDs {
	var b [5]byte
	rand.Read(b[:]) //nolint:errcheck // never fails since Go 1.24
	return &requestIDs{prefix: hex.EncodeToString(b[:]) + "-"}
}

// appendTo appends the client's X-Request-Id where that is 1 to 64 letters,
// digits, dots, dashes or underscores, else a new id.
func (r *requestIDs) appendTo(dst []byte, ctx *fasthttp.RequestCtx) []byte {
	given := ctx.Request.Header.Peek(fiber.HeaderXRequestID)
	if sane := len(given) >= 1 && len(given) <= 64; sane {
		for _, b := range given {
			if !(b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || b == '.' || b == '-' || b == '_') {
				sane = false
				break
			}
		}
		if sane {
			return append(dst, given...)
		}
	}
	return strconv.AppendUint(append(dst, r.prefix...), r.n.Add(1), 36)
}

// requestID returns the id that the answer to a request carries, giving it one
// where it has none yet.
func (s *Server) requestID(ctx *fasthttp.RequestCtx) string {
	h := &ctx.Response.Header
	if id := h.Peek(fiber.HeaderXRequestID); len(id) > 0 {
		return string(id)
	}
	return s.identify(ctx)
}

// identify gives the answer to a request its id.
func (s *Server) identify(ctx *fasthttp.RequestCtx) string {
	var room [64]byte
	id := string(s.ids.appendTo(room[:0], ctx))
	setHeader(&ctx.Response.Header, nameRequestID, id)
	return id
}

// Names of the headers that most answers have, in the form that they are sent
// in: fasthttp need not bring them into it.
var (
	nameRequestID    = []byte(fiber.HeaderXRequestID)
	nameETag         = []byte("Etag")
	nameCacheControl = []byte(fiber.HeaderCacheControl)
	nameVary         = []byte(fiber.HeaderVary)
)

// setHeader sets a header by one of these names. fasthttp copies the value, and
// the compiler, which does not see that, would copy it once more.
func setHeader(h *fasthttp.ResponseHeader, name []byte, value string) {
	h.SetCanonical(name, unsafe.Slice(unsafe.StringData(value), len(value)))
}

// commonHeaders are what every answer carries beside its request's id, with
// their names in the form that they are sent in. The first is all that a 304
// needs: of the others the client has what came with the answer that it holds.
var commonHeaders = [...]struct{ name, value []byte }{
	{[]byte(fiber.HeaderAccessControlAllowOrigin), []byte("*")},
	{[]byte(fiber.HeaderAccessControlExposeHeaders), []byte("ETag, Location, X-Request-Id, Retry-After")},
	{[]byte(fiber.HeaderXContentTypeOptions), []byte("nosniff")},
	{[]byte(fiber.HeaderReferrerPolicy), []byte("strict-origin-when-cross-origin")},
}

// setCommonHeaders sets the common headers of an answer whose status is known.
func setCommonHeaders(r *fasthttp.Response) {
	headers := commonHeaders[:]
	if r.StatusCode() == fiber.StatusNotModified {
		headers = headers[:1]
	}
	for i := range headers {
		r.Header.SetCanonical(headers[i].name, headers[i].value)
	}
}

// observe is what stands around the router: request id, common headers, panics,
// the access log and the metrics. The log names the route's pattern and never
// the query, which holds a rider's position.
func (s *Server) observe(next fasthttp.RequestHandler) fasthttp.RequestHandler {
	return func(ctx *fasthttp.RequestCtx) {
		id := s.identify(ctx)
		s.metrics.inFlight.Add(1)
		defer s.metrics.inFlight.Add(-1)

		s.survive(ctx, next)
		setCommonHeaders(&ctx.Response)
		now := time.Now()
		s.note(ctx, id, verbOf(ctx), tallyOf(ctx), now, now.Sub(ctx.Time()))
	}
}

// AccessLog is implemented by handlers of slog that have a quicker way for the
// line of an answer than Handle, where the record has the message "request" and
// the attributes id, method, route, status and took. All texts are plain words
// without spaces, quotes or signs of equality.
type AccessLog interface {
	Answered(at time.Time, level slog.Level, id, method, route string, status int, took time.Duration)
}

// verbOf is the method of a request: a constant, as it lives on in the metrics.
func verbOf(ctx *fasthttp.RequestCtx) string {
	verb := ctx.Method()
	for _, known := range verbs {
		if string(verb) == known {
			return known
		}
	}
	return otherVerb
}

// verbs are the methods that reach the router, those first that most requests have.
var verbs = [...]string{
	fiber.MethodGet, fiber.MethodHead, fiber.MethodPost, fiber.MethodPut, fiber.MethodDelete,
	fiber.MethodOptions, fiber.MethodPatch, fiber.MethodTrace, fiber.MethodConnect,
}

// otherVerb stands for all that do not.
const otherVerb = "other"

// survive answers a panic with an error.
func (s *Server) survive(ctx *fasthttp.RequestCtx, next fasthttp.RequestHandler) {
	defer func() {
		if p := recover(); p != nil {
			s.fail(ctx, &fault{kind: probInternal, cause: fmt.Errorf("panic: %v\n%s", p, debug.Stack())})
		}
	}()
	next(ctx)
}

// note counts an answer and writes the access log.
func (s *Server) note(ctx *fasthttp.RequestCtx, id, method string, t *tally, now time.Time, took time.Duration) {
	status := ctx.Response.StatusCode()
	s.metrics.count(t, method, status, took)
	level := slog.LevelInfo
	if status >= 500 {
		level = slog.LevelWarn
	}
	log := s.cfg.Log.Handler()
	switch {
	case !log.Enabled(ctx, level):
	case s.access != nil:
		s.access.Answered(now, level, id, method, t.route, status, took)
	default:
		// Without the place in the code, which costs more than the line itself.
		line := slog.NewRecord(now, level, "request", 0)
		line.AddAttrs(
			slog.String("id", id), slog.String("method", method), slog.String("route", t.route),
			slog.Int("status", status), slog.Duration("took", took))
		log.Handle(ctx, line) //nolint:errcheck // there is nobody else to tell
	}
}

// fail answers an error with a problem document. What people must not see goes
// to the log.
func (s *Server) fail(ctx *fasthttp.RequestCtx, err error) {
	f := faultOf(err)
	if f.kind == probMethod && f.allow == "" {
		f.allow = allowed
	}
	id := s.requestID(ctx)
	status := writeProblem(ctx, f, id)
	if status >= 500 {
		s.cfg.Log.Error("fault", "id", id, "route", tallyOf(ctx).route, "problem", problemTypes[f.kind].slug, "cause", f.cause)
	}
}

// preflight answers OPTIONS, CORS preflights too. Other origins may change
// things as well: what counts is the token, which no browser sends by itself.
func preflight(allow string) fiber.Handler {
	return func(c *fiber.Ctx) error {
		c.Set(fiber.HeaderAllow, allow)
		c.Set(fiber.HeaderAccessControlAllowMethods, allow)
		c.Set(fiber.HeaderAccessControlAllowHeaders, "Accept, Accept-Language, Authorization, Content-Type, If-Match, If-None-Match, If-Range, Range, Cache-Control, X-Request-Id")
		c.Set(fiber.HeaderAccessControlMaxAge, "86400")
		c.Status(fiber.StatusNoContent)
		return nil
	}
}

// guard answers what must not reach the router: methods and versions of HTTP
// that it does not know, and targets that are too long.
func (s *Server) guard(next fasthttp.RequestHandler) fasthttp.RequestHandler {
	return func(ctx *fasthttp.RequestCtx) {
		if c, ok := ctx.Conn().(*conn); ok {
			c.enter(phaseWorking)
		}
		if verbOf(ctx) == otherVerb {
			s.reject(ctx, &fault{kind: probMethod, allow: allowed})
			return
		}
		if p := string(ctx.Request.Header.Protocol()); p != "HTTP/1.1" && p != "HTTP/1.0" {
			s.reject(ctx, &fault{kind: probRequest, detail: geo.Text{
				Zh: "只支持 HTTP/1.1 和 HTTP/1.0。", En: "Only HTTP/1.1 and HTTP/1.0 are spoken here."}})
			ctx.SetConnectionClose()
			return
		}
		if len(ctx.Request.Header.RequestURI()) > maxURI {
			s.reject(ctx, &fault{kind: probURI})
			return
		}
		next(ctx)
	}
}

// reject answers a request that did not come as far as the router.
func (s *Server) reject(ctx *fasthttp.RequestCtx, f *fault) {
	id := s.requestID(ctx)
	writeProblem(ctx, f, id)
	method := verbOf(ctx)
	if method != fiber.MethodGet && method != fiber.MethodHead {
		method = otherVerb
	}
	s.note(ctx, id, method, tallyOf(ctx), time.Now(), 0)
}

// transportError answers what fasthttp could not read as a request.
func (s *Server) transportError(ctx *fasthttp.RequestCtx, err error) {
	f := &fault{kind: probRequest, cause: err}
	var small *fasthttp.ErrSmallBuffer
	var netErr net.Error
	switch {
	case errors.As(err, &small):
		f.kind = probHeader
		lingerOnClose(ctx)
	case errors.Is(err, fasthttp.ErrBodyTooLarge):
		f.kind = probBody
		lingerOnClose(ctx)
	case errors.As(err, &netErr) && netErr.Timeout(), strings.Contains(err.Error(), "timeout"):
		f.kind = probTimeoutRead
	}
	s.reject(ctx, f)
}
