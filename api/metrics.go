package api

import (
	"bytes"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/common/expfmt"
	"github.com/valyala/fasthttp"

	"yizhan/data/atlas"
	"yizhan/geo"
)

// metrics are the server's counters. Labels hold route patterns, methods and
// statuses only, so that their number is bounded and no position is in them.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	duration *prometheus.HistogramVec
	inFlight atomic.Int64
	streams  prometheus.Gauge
	// tallies are those of the routes, by their patterns. None is added later.
	tallies map[string]*tally
	// page is that of the files of the front end.
	page *tally
}

// tally holds what was looked up of the metrics of one route.
type tally struct {
	route string
	took  atomic.Pointer[prometheus.Observer]
	// usual are the counters of the usual answers, by usualAnswer.
	usual [8]atomic.Pointer[prometheus.Counter]
}

// tallyKey is the user value under which who answers leaves its tally.
const tallyKey = "tally"

// of counts with the tally what a handler answers.
func (t *tally) of(next fiber.Handler) fiber.Handler {
	return func(c *fiber.Ctx) error {
		c.Context().SetUserValue(tallyKey, t)
		return next(c)
	}
}

// tallyOf is the tally of who answers a request.
func tallyOf(ctx *fasthttp.RequestCtx) *tally {
	if t, ok := ctx.UserValue(tallyKey).(*tally); ok {
		return t
	}
	return &tally{route: "rejected"}
}

// usualAnswer numbers the answers that most requests get, -1 for another.
func usualAnswer(method string, status int) int {
	n := 0
	switch method {
	case http.MethodGet:
	case http.MethodHead:
		n = 4
	default:
		return -1
	}
	switch status {
	case http.StatusOK:
		return n
	case http.StatusNotModified:
		return n + 1
	case http.StatusNoContent:
		return n + 2
	case http.StatusBadRequest:
		return n + 3
	}
	return -1
}

// newMetrics registers the server's metrics with a registry, its own where
// that is nil.
func newMetrics(reg *prometheus.Registry, keeper *atlas.Keeper) (*metrics, error) {
	m := &metrics{
		registry: reg,
		tallies:  map[string]*tally{},
		page:     &tally{route: "page"},
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "yizhan_http_requests_total", Help: "Answers by route pattern, method and status.",
		}, []string{"route", "method", "status"}),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "yizhan_http_request_seconds", Help: "Time to answer, by route pattern.",
			Buckets: []float64{.0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
		}, []string{"route"}),
		streams: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "yizhan_event_streams", Help: "Event streams open now.",
		}),
	}
	inFlight := prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "yizhan_http_in_flight", Help: "Requests being answered now.",
	}, func() float64 { return float64(m.inFlight.Load()) })
	all := []prometheus.Collector{m.requests, m.duration, inFlight, m.streams, &atlasCollector{keeper}}
	if reg == nil {
		m.registry = prometheus.NewRegistry()
		all = append(all, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	}
	for _, c := range all {
		if err := m.registry.Register(c); err != nil {
			return nil, geo.NewError(geo.Internal, "指标重复注册：一个 Registry 只能给一个 Server。",
				"metrics registered twice: hand a registry to one server only").Because(err)
		}
	}
	return m, nil
}

// tally returns the tally of a route. It is called before the first answer.
func (m *metrics) tally(route string) *tally {
	t := m.tallies[route]
	if t == nil {
		t = &tally{route: route}
		m.tallies[route] = t
	}
	return t
}

// count notes one answer. A series begins with its first answer, so that the
// metrics do not list what nobody asked for.
func (m *metrics) count(t *tally, method string, status int, took time.Duration) {
	n := usualAnswer(method, status)
	if n < 0 {
		m.requests.WithLabelValues(t.route, method, strconv.Itoa(status)).Inc()
		m.duration.WithLabelValues(t.route).Observe(took.Seconds())
		return
	}
	counter, observer := t.usual[n].Load(), t.took.Load()
	if counter == nil {
		c := m.requests.WithLabelValues(t.route, method, strconv.Itoa(status))
		counter = &c
		t.usual[n].Store(counter)
	}
	if observer == nil {
		o := m.duration.WithLabelValues(t.route)
		observer = &o
		t.took.Store(observer)
	}
	(*counter).Inc()
	(*observer).Observe(took.Seconds())
}

// serveMetrics writes all metrics in Prometheus's text format, or in the one
// that Accept asks for.
func (s *Server) serveMetrics(r *call) error {
	families, err := s.metrics.registry.Gather()
	if err != nil && len(families) == 0 {
		return err
	}
	format := expfmt.NegotiateAccept(http.Header{fiber.HeaderAccept: {r.c.Get(fiber.HeaderAccept)}}, expfmt.DefaultAcceptedFormats()...)
	var b bytes.Buffer
	enc := expfmt.NewEncoder(&b, format)
	for _, f := range families {
		if err := enc.Encode(f); err != nil {
			return err
		}
	}
	if c, ok := enc.(expfmt.Closer); ok {
		if err := c.Close(); err != nil {
			return err
		}
	}
	return r.send(answer{kind: string(format), cache: cacheNever, body: b.Bytes(), vary: fiber.HeaderAccept})
}

// atlasCollector reports what the current Atlas holds.
type atlasCollector struct{ keeper *atlas.Keeper }

var (
	placesDesc = prometheus.NewDesc("yizhan_places", "Places in the current Atlas, by kind.", []string{"kind"}, nil)
	builtDesc  = prometheus.NewDesc("yizhan_atlas_built_seconds", "When the current Atlas was built, in Unix seconds.", nil, nil)
)

func (c *atlasCollector) Describe(ch chan<- *prometheus.Desc) {
	ch <- placesDesc
	ch <- builtDesc
}

func (c *atlasCollector) Collect(ch chan<- prometheus.Metric) {
	a := c.keeper.Current()
	if a == nil {
		return
	}
	for _, k := range geo.Kinds() {
		ch <- prometheus.MustNewConstMetric(placesDesc, prometheus.GaugeValue, float64(a.Places.Len(k.Kind)), string(k.Kind))
	}
	ch <- prometheus.MustNewConstMetric(builtDesc, prometheus.GaugeValue, float64(a.Built.Unix()))
}
