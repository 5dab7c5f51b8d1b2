package api

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/valyala/fasthttp"

	"yizhan/data/atlas"
	"yizhan/geo"
)

// Bounds of a request that are the same for every server.
const (
	// maxURI is the longest request target in bytes.
	maxURI = 8 << 10
	// maxHeader is the size of request line and headers together.
	maxHeader = 16 << 10
	// writeBuffer is what is gathered of an answer before it is written: most
	// answers with their headers leave in one piece.
	writeBuffer = 16 << 10
)

// Config is what a Server is handed. Keeper is required; the zero value of
// every other field has a sensible meaning.
type Config struct {
	// Keeper holds the current Atlas.
	Keeper *atlas.Keeper
	// Static holds the built front end at its root: index.html, embed.html,
	// assets/…, and unbuilt.html for when there is no index.html. Each file is
	// read once, by New. Nil serves no pages.
	Static fs.FS
	// Log receives access logs and faults; nil discards them.
	Log *slog.Logger
	// Now is the clock; nil has each request take place when it came.
	Now func() time.Time
	// Timeout bounds the work on one request; 0 is 10 s.
	Timeout time.Duration
	// ReadTimeout bounds how long a client may take to send a request, and
	// WriteTimeout to take each answer; 0 is 10 s and 60 s.
	ReadTimeout, WriteTimeout time.Duration
	// IdleTimeout bounds how long a connection is kept open between requests;
	// 0 is 75 s.
	IdleTimeout time.Duration
	// Grace bounds a graceful shutdown; 0 is 10 s. Connections still busy then
	// are closed.
	Grace time.Duration
	// Heartbeat is the time between comments on an idle event stream; 0 is 15 s.
	Heartbeat time.Duration
	// MaxStreams is how many event streams may be open at once; 0 is 10,000.
	MaxStreams int
	// MaxBody bounds a request's body in bytes; 0 is 128 KiB.
	MaxBody int
	// Closures keeps what closes and opens streets and gates; nil keeps it in
	// memory.
	Closures *atlas.Register
	// Editor changes places; nil changes them in memory.
	Editor *atlas.Editor
	// Token is what a client must show to change something; "" lets nobody.
	Token string
	// Registry receives the server's metrics; nil makes one of its own with
	// the Go runtime's and the process's metrics.
	Registry *prometheus.Registry
}

// withDefaults fills the zero fields.
func (c Config) withDefaults() Config {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	def := func(d *time.Duration, v time.Duration) {
		if *d <= 0 {
			*d = v
		}
	}
	def(&c.Timeout, 10*time.Second)
	def(&c.ReadTimeout, 10*time.Second)
	def(&c.WriteTimeout, time.Minute)
	def(&c.IdleTimeout, 75*time.Second)
	def(&c.Grace, 10*time.Second)
	def(&c.Heartbeat, 15*time.Second)
	if c.MaxStreams <= 0 {
		c.MaxStreams = 10_000
	}
	if c.MaxBody <= 0 {
		c.MaxBody = 128 << 10
	}
	if c.Closures == nil {
		c.Closures = atlas.NewRegister(c.Keeper, "")
	}
	if c.Editor == nil {
		c.Editor = atlas.NewEditor(c.Keeper, "")
	}
	return c
}

// Server answers HTTP from the current Atlas. It is made by New and serves at
// most once.
type Server struct {
	cfg     Config
	http    *fasthttp.Server
	metrics *metrics
	pages   *pages
	doc     *document
	ids     *requestIDs
	// access is where the lines of answers go, nil where they go to Config.Log
	// as any other.
	access AccessLog
	// edition stands for the program in ETags: a newer one may write the same
	// data differently.
	edition string
	views   *views
	ogc     *ogc
	// squeezer compresses answers.
	squeezer compressor
	conns    *connWatch
	// base ends when the server stops without grace: the parent of every
	// request's context.
	base    context.Context
	abandon context.CancelFunc
	// closing is closed when a shutdown begins: event streams end, /readyz
	// says no.
	closing   chan struct{}
	closeOnce sync.Once
	streams   room
	bulks     room
	// writers are the changes under way.
	writers room
	// searchers are the questions that take many searches: as many as Go runs
	// threads are answered at a time.
	searchers *lane
	// held counts the bytes of large answers that clients have yet to take.
	held budget
	// drafts are writers that answers were written with.
	drafts sync.Pool // of *jsonWriter
	loans  sync.Pool // of *loan
	// calls are those that have ended.
	calls sync.Pool // of *call
	// desks are what answers were worked out on.
	desks  sync.Pool // of *desk
	boards boards
}

// New builds a server. It reads all of cfg.Static and fails when that cannot
// be read.
func New(cfg Config) (*Server, error) { return newServer(cfg) }

// newServer is New with endpoints beside those of the table, for tests.
func newServer(cfg Config, more ...endpoint) (*Server, error) {
	if cfg.Keeper == nil {
		return nil, geo.NewError(geo.Internal, "缺少 Config.Keeper。", "Config.Keeper is missing")
	}
	cfg = cfg.withDefaults()
	s := &Server{cfg: cfg, ids: newRequestIDs(), views: newViews(), closing: make(chan struct{}), searchers: newLane(runtime.GOMAXPROCS(0))}
	s.access, _ = cfg.Log.Handler().(AccessLog) //nolint:errcheck // nil where it is none
	s.conns = newConnWatch(cfg.ReadTimeout, cfg.WriteTimeout, cfg.IdleTimeout)
	s.base, s.abandon = context.WithCancel(context.Background())
	var err error
	if s.metrics, err = newMetrics(cfg.Registry, cfg.Keeper); err != nil {
		return nil, err
	}
	if s.pages, err = loadPages(cfg.Static); err != nil {
		return nil, err
	}
	if s.doc, err = loadDocument(); err != nil {
		return nil, err
	}
	if s.ogc, err = newOGC(); err != nil {
		return nil, err
	}
	s.edition = s.doc.tag
	if info, ok := debug.ReadBuildInfo(); ok {
		s.edition = tagOf(s.doc.tag, info.String())
	}
	app := fiber.New(fiber.Config{
		// Strings taken from a request change once it is answered. What outlives
		// it is copied: see call.pathID and verbOf.
		Immutable:             false,
		CaseSensitive:         true,
		StrictRouting:         true,
		DisableStartupMessage: true,
		BodyLimit:             cfg.MaxBody,
		ErrorHandler: func(c *fiber.Ctx, err error) error {
			s.fail(c.Context(), err)
			return nil
		},
	})
	s.route(app, append(s.endpoints(), more...))
	s.http = &fasthttp.Server{
		Handler:                      s.guard(s.observe(app.Handler())),
		ErrorHandler:                 s.transportError,
		ConnState:                    s.conns.note,
		Logger:                       quietLogger{cfg.Log},
		ReadBufferSize:               maxHeader,
		WriteBufferSize:              writeBuffer,
		MaxRequestBodySize:           cfg.MaxBody,
		NoDefaultServerHeader:        true,
		NoDefaultContentType:         true,
		DisablePreParseMultipartForm: true,
		CloseOnShutdown:              true,
	}
	return s, nil
}

// route lays out the table of endpoints. A path answers the methods of the
// table, HEAD where it answers GET, OPTIONS for CORS, and 405 to anything
// else.
func (s *Server) route(app *fiber.App, table []endpoint) {
	methods := map[string][]string{}
	for _, e := range table {
		methods[e.path] = append(methods[e.path], e.verb())
		app.Add(e.verb(), e.path, s.handle(e))
		if e.verb() == fiber.MethodGet {
			app.Add(fiber.MethodHead, e.path, s.handle(e))
		}
	}
	for path, verbs := range methods {
		allow, tally := allowHeader(verbs), s.metrics.tally(path)
		app.Options(path, tally.of(preflight(allow)))
		app.All(path, tally.of(func(*fiber.Ctx) error { return &fault{kind: probMethod, allow: allow} }))
	}
	app.Use(s.metrics.page.of(s.page))
}

// allowHeader lists the methods of a path in the order of the document.
func allowHeader(verbs []string) string {
	var list []string
	for _, verb := range []string{fiber.MethodGet, fiber.MethodPost, fiber.MethodPut, fiber.MethodDelete} {
		if slices.Contains(verbs, verb) {
			list = append(list, verb)
			if verb == fiber.MethodGet {
				list = append(list, fiber.MethodHead)
			}
		}
	}
	return strings.Join(append(list, fiber.MethodOptions), ", ")
}

// endpoints is the table of all endpoints: method and path, the parameters
// that may stand in the query, and what answers.
func (s *Server) endpoints() []endpoint {
	return append([]endpoint{
		{path: "/api/about", run: s.about, atlas: true},
		{path: "/api/nearest", run: s.nearest, atlas: true,
			params: append(once("at", "limit", "by", "within", "open", "q", "compound", "cursor", "datum"),
				param{name: "kind", many: true}, param{name: "facility", many: true})},
		{path: "/api/places/:id", run: s.place, atlas: true, params: once("datum")},
		{path: "/api/route", run: s.routes, atlas: true, params: once("from", "to", "by", "depart", "limit", "geometry", "steps", "datum")},
		{path: "/api/matrix", method: fiber.MethodPost, run: s.matrix, atlas: true},
		{path: "/api/isochrone", run: s.isochrone, atlas: true, params: once("at", "by", "minutes", "depart", "lines", "datum")},
		{path: "/api/closures", run: s.closures, atlas: true, params: once("active", "datum")},
		{path: "/api/closures", method: fiber.MethodPost, run: s.addClosure, atlas: true},
		{path: "/api/closures/:id", run: s.closure, atlas: true, params: once("datum")},
		{path: "/api/closures/:id", method: fiber.MethodDelete, run: s.removeClosure, atlas: true},
		{path: "/api/search", run: s.search, atlas: true, params: once("q", "near", "limit", "datum")},
		{path: "/api/coverage", run: s.coverage, atlas: true,
			params: append(once("radius", "kind", "bbox", "datum"), param{name: "facility", many: true})},
		{path: "/layers/:layer", run: s.layer, atlas: true, params: once("bbox", "limit", "datum")},
		{path: "/api/events", run: s.events, atlas: true},
		{path: "/healthz", run: s.healthz},
		{path: "/readyz", run: s.readyz},
		{path: "/metrics", run: s.serveMetrics, lenient: true},
		{path: "/openapi.json", run: s.openapi},
		{path: "/docs", run: s.docs, params: once("lang")},
	}, slices.Concat(s.editEndpoints(), s.tileEndpoints(), s.ogcEndpoints(), s.ogcTileEndpoints())...)
}

// Serve serves on ln until ctx ends, then stops gracefully: it accepts no more
// connections, ends event streams, lets running requests finish within
// Config.Grace, and closes what is left. It closes ln. It returns nil after a
// graceful stop, and an error where listening failed or connections had to be
// cut off.
func (s *Server) Serve(ctx context.Context, ln net.Listener) error {
	served := make(chan struct{})
	defer close(served)
	go s.conns.run(served)
	stopped := make(chan error, 1)
	go func() { stopped <- s.http.Serve(lingering{ln, s.cfg.Log}) }()
	select {
	case err := <-stopped:
		s.shutdown()
		if err == nil {
			err = errors.New("listener closed")
		}
		return fmt.Errorf("serve %s: %w", ln.Addr(), err)
	case <-ctx.Done():
	}
	err := s.shutdown()
	// A shutdown that comes before fasthttp has begun does not see the
	// listener, and would leave it accepting.
	ln.Close()
	if late := <-stopped; late != nil && !errors.Is(late, net.ErrClosed) {
		err = errors.Join(err, late)
	}
	return err
}

// shutdown stops the server within the grace time.
func (s *Server) shutdown() error {
	s.closeOnce.Do(func() { close(s.closing) })
	ctx, cancel := context.WithTimeout(context.Background(), s.cfg.Grace)
	defer cancel()
	err := s.http.ShutdownWithContext(ctx)
	s.abandon()
	if n := s.conns.closeAll(); n > 0 && err != nil {
		err = fmt.Errorf("%d connections cut off after %s: %w", n, s.cfg.Grace, err)
	}
	s.streams.wait()
	s.bulks.wait()
	return err
}

// quietLogger hands fasthttp's own messages to the log at debug level: they
// tell of clients gone away.
type quietLogger struct{ log *slog.Logger }

func (l quietLogger) Printf(format string, args ...any) {
	l.log.Debug("connection", "message", fmt.Sprintf(format, args...))
}
