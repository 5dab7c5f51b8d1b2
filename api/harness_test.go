package api

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
	"go.uber.org/goleak"

	"yizhan/data/atlas"
)

func TestMain(m *testing.M) {
	openapi3filter.RegisterBodyDecoder("application/geo+json", openapi3filter.JSONBodyDecoder)
	openapi3filter.RegisterBodyDecoder("application/vnd.mapbox-vector-tile", openapi3filter.FileBodyDecoder)
	openapi3filter.RegisterBodyDecoder("application/vnd.pmtiles", openapi3filter.FileBodyDecoder)
	openapi3filter.RegisterBodyDecoder("text/event-stream", openapi3filter.PlainBodyDecoder)
	openapi3filter.RegisterBodyDecoder("application/schema+json", openapi3filter.JSONBodyDecoder)
	openapi3filter.RegisterBodyDecoder("application/vnd.oai.openapi+json", openapi3filter.JSONBodyDecoder)
	openapi3filter.RegisterBodyDecoder("text/html", openapi3filter.PlainBodyDecoder)
	openapi3filter.RegisterBodyDecoder("application/openmetrics-text", openapi3filter.PlainBodyDecoder)
	goleak.VerifyTestMain(m,
		// fasthttp keeps one goroutine for the Date header for ever.
		goleak.IgnoreAnyFunction("github.com/valyala/fasthttp.updateServerDate.func1"),
		// Its worker pool looks up from a sleep of 10 s to see that it has stopped.
		goleak.IgnoreAnyFunction("github.com/valyala/fasthttp.(*workerPool).Start.func2"),
		// So does the client of the benchmark.
		goleak.IgnoreAnyFunction("github.com/valyala/fasthttp.(*HostClient).connsCleaner"),
	)
}

// noon is the time of the tests: a Friday, 12:00:30 in Shanghai.
var noon = time.Date(2026, 5, 8, 4, 0, 30, 0, time.UTC)

// rig is a running server and a client that validates every answer.
type rig struct {
	t      *testing.T
	server *Server
	keeper *atlas.Keeper
	base   string
	addr   string
	client *http.Client
	log    *lockedBuffer
	*contract
	stop func() error
}

// start serves cfg on a loopback listener until the test ends. Fields that a
// test does not care about are filled.
func start(t *testing.T, cfg Config, more ...endpoint) *rig {
	t.Helper()
	r := &rig{t: t, log: &lockedBuffer{}}
	if cfg.Keeper == nil {
		cfg.Keeper = testKeeper(t)
	}
	if cfg.Static == nil {
		cfg.Static = testPages()
	}
	if cfg.Now == nil {
		cfg.Now = func() time.Time { return noon }
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.NewTextHandler(r.log, nil))
	}
	if cfg.Grace == 0 {
		cfg.Grace = 5 * time.Second
	}
	r.keeper = cfg.Keeper
	var err error
	if r.server, err = newServer(cfg, more...); err != nil {
		t.Fatal(err)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r.addr = ln.Addr().String()
	r.base = "http://" + r.addr
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- r.server.Serve(ctx, ln) }()
	transport := &http.Transport{DisableCompression: true}
	r.client = &http.Client{Transport: transport, Timeout: 20 * time.Second}
	stopped := false
	r.stop = func() error {
		if stopped {
			return nil
		}
		stopped = true
		transport.CloseIdleConnections()
		cancel()
		return <-done
	}
	t.Cleanup(func() {
		if err := r.stop(); err != nil {
			t.Errorf("stop: %v", err)
		}
	})
	c, err := readContract()
	if err != nil {
		t.Fatal(err)
	}
	r.contract = c
	return r
}

// contract is the document as the server serves it, read once.
type contract struct {
	spec   *openapi3.T
	router routers.Router
}

var readContract = sync.OnceValues(func() (*contract, error) {
	doc, err := loadDocument()
	if err != nil {
		return nil, err
	}
	spec, err := openapi3.NewLoader().LoadFromData(doc.json)
	if err != nil {
		return nil, err
	}
	router, err := gorillamux.NewRouter(spec)
	return &contract{spec, router}, err
})

// reply is an answer that was read to its end, decompressed and validated.
type reply struct {
	*http.Response
	body []byte
	wire int
}

// get asks for a path with headers given as name, value pairs.
func (r *rig) get(path string, header ...string) *reply {
	r.t.Helper()
	return r.do(http.MethodGet, path, nil, header...)
}

// do sends a request and validates the answer against the document. No answer
// of the tests is read any other way, but for raw connections, which use
// check too.
func (r *rig) do(method, path string, body io.Reader, header ...string) *reply {
	r.t.Helper()
	req, err := http.NewRequest(method, r.base+path, body)
	if err != nil {
		r.t.Fatalf("%s %s: %v", method, path, err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := r.client.Do(req)
	if err != nil {
		r.t.Fatalf("%s %s: %v", method, path, err)
	}
	return r.check(req, resp)
}

// check reads an answer to its end and validates it.
func (r *rig) check(req *http.Request, resp *http.Response) *reply {
	r.t.Helper()
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		r.t.Fatalf("%s %s: body: %v", req.Method, req.URL, err)
	}
	a := &reply{Response: resp, body: decompress(r.t, resp.Header.Get("Content-Encoding"), raw), wire: len(raw)}
	if id := resp.Header.Get("X-Request-Id"); id == "" {
		r.t.Errorf("%s %s: no X-Request-Id", req.Method, req.URL)
	}
	// Any page may read any answer; a 304 leaves the rest to the answer before.
	if resp.Header.Get("Access-Control-Allow-Origin") != "*" {
		r.t.Errorf("%s %s: %d without Access-Control-Allow-Origin", req.Method, req.URL, resp.StatusCode)
	}
	if got := resp.Header.Get("X-Content-Type-Options"); (got == "nosniff") == (resp.StatusCode == http.StatusNotModified) {
		r.t.Errorf("%s %s: %d with X-Content-Type-Options %q", req.Method, req.URL, resp.StatusCode, got)
	}
	if resp.Header.Get("Server") != "" {
		r.t.Errorf("%s %s: Server header %q", req.Method, req.URL, resp.Header.Get("Server"))
	}
	if resp.StatusCode >= 400 && req.Method != http.MethodHead {
		r.problem(req, a)
	}
	route, params, err := r.router.FindRoute(req)
	if err != nil {
		return a // a page, or no such path or method: problem has judged it
	}
	in := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: req, PathParams: params, Route: route},
		Status:                 resp.StatusCode,
		Header:                 resp.Header,
		Options:                &openapi3filter.Options{IncludeResponseStatus: true, MultiError: true},
	}
	in.SetBodyBytes(a.body)
	if resp.StatusCode == http.StatusNoContent {
		in.Options.ExcludeResponseBody = true
	}
	if err := openapi3filter.ValidateResponse(req.Context(), in); err != nil {
		r.t.Errorf("%s %s: %d does not fit openapi.yaml: %v\n%.600s", req.Method, req.URL, resp.StatusCode, err, a.body)
	}
	return a
}

// problem validates an error answer on any path against the schema of
// problems.
func (r *rig) problem(req *http.Request, a *reply) {
	r.t.Helper()
	if got := a.Header.Get("Content-Type"); got != "application/problem+json" {
		r.t.Errorf("%s %s: %d with content type %q: %.200s", req.Method, req.URL, a.StatusCode, got, a.body)
		return
	}
	var v any
	if err := json.Unmarshal(a.body, &v); err != nil {
		r.t.Errorf("%s %s: %v", req.Method, req.URL, err)
		return
	}
	if err := r.spec.Components.Schemas["Problem"].Value.VisitJSON(v); err != nil {
		r.t.Errorf("%s %s: problem: %v", req.Method, req.URL, err)
	}
	if status := v.(map[string]any)["status"].(float64); int(status) != a.StatusCode {
		r.t.Errorf("%s %s: status %d, in the problem %v", req.Method, req.URL, a.StatusCode, status)
	}
}

// decode reads a JSON body into v.
func (a *reply) decode(t *testing.T, v any) {
	t.Helper()
	dec := json.NewDecoder(bytes.NewReader(a.body))
	if err := dec.Decode(v); err != nil {
		t.Fatalf("%v in %.300s", err, a.body)
	}
}

// want fails the test unless the answer has a status.
func (a *reply) want(t *testing.T, status int) *reply {
	t.Helper()
	if a.StatusCode != status {
		t.Fatalf("%s %s: status %d, want %d: %.400s", a.Request.Method, a.Request.URL, a.StatusCode, status, a.body)
	}
	return a
}

func decompress(t *testing.T, coding string, raw []byte) []byte {
	t.Helper()
	if len(raw) == 0 {
		return raw
	}
	var src io.Reader = bytes.NewReader(raw)
	switch coding {
	case "":
		return raw
	case "gzip":
		z, err := gzip.NewReader(src)
		if err != nil {
			t.Fatal(err)
		}
		src = z
	case "br":
		src = brotli.NewReader(src)
	default:
		t.Fatalf("content encoding %q", coding)
	}
	b, err := io.ReadAll(src)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// testPages is a small built front end.
func testPages() fstest.MapFS {
	long := "/* " + strings.Repeat("style ", 400) + "*/"
	return fstest.MapFS{
		"index.html":                   {Data: []byte("<!doctype html><title>rider</title><style>b{}</style><script type=module src=/assets/index-Ab12_-9z.js></script>")},
		"embed.html":                   {Data: []byte("<!doctype html><title>embed</title>")},
		"favicon.svg":                  {Data: []byte("<svg xmlns='http://www.w3.org/2000/svg'/>")},
		"assets/index-Ab12_-9z.js":     {Data: []byte("console.log(1)//" + strings.Repeat("x", 2000))},
		"assets/index-Cd34efGh.css":    {Data: []byte(long)},
		"assets/packed-00000000.js":    {Data: []byte("plain")},
		"assets/packed-00000000.js.br": {Data: brotlied1("packed by brotli")},
		"assets/packed-00000000.js.gz": {Data: gzipped1("packed by gzip")},
		"icon.png":                     {Data: []byte("\x89PNG")},
		".hidden":                      {Data: []byte("no")},
	}
}

func brotlied1(s string) []byte { return squeeze([]byte(s), brotlied) }
func gzipped1(s string) []byte  { return squeeze([]byte(s), gzipped) }
