package main

import (
	"bytes"
	"math"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"yizhan/data/osmpbf"
	"yizhan/geo/geotest"
)

const printed = `goos: linux
goarch: amd64
pkg: yizhan/geo/cch
cpu: Intel(R) Xeon(R) Processor
BenchmarkQuery-2         	   65341	     18250 ns/op	        16.50 p50-µs	       0 B/op	       0 allocs/op
BenchmarkCustomize/one_mode-16	     100	  12000000 ns/op
BenchmarkLog
    some_test.go:12: BenchmarkLog says something
PASS
ok  	yizhan/geo/cch	3.182s
pkg: yizhan/api
BenchmarkHTTP/5_km-x     	    5000	    100000 ns/op	      9000 req/s	         0.1200 p50-ms
PASS
`

func TestParse(t *testing.T) {
	got, failed, err := parse(strings.NewReader(printed))
	if err != nil || failed {
		t.Fatal(failed, err)
	}
	want := figures{
		"geo/cch Query":              {"time": 18250e-9, "p50": 16.5e-6, "B/op": 0, "allocs/op": 0},
		"geo/cch Customize/one_mode": {"time": 12e-3},
		"api HTTP/5_km-x":            {"time": 100e-6, "req/s": 9000, "p50": 120e-6},
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateApprox(1e-9, 0)); diff != "" {
		t.Errorf("figures (-want +got):\n%s", diff)
	}
	for _, bad := range []string{
		"BenchmarkQuery-2 --- FAIL: BenchmarkQuery-2\n--- FAIL: BenchmarkQuery\n", "panic: index out of range\n",
		"FAIL\tyizhan/geo/cch [build failed]\n", "    --- FAIL: BenchmarkHTTP/route\n",
	} {
		if _, failed, _ := parse(strings.NewReader(printed + bad)); !failed {
			t.Errorf("%q is not taken for a failure", bad)
		}
	}
}

func TestReport(t *testing.T) {
	rows := []row{
		{name: "slow", bench: "a Slow", metric: "p50|time", unit: "µs", per: 1e-6},
		{name: "quick", bench: "a Quick", metric: "p50|time", unit: "µs", per: 1e-6, most: 20, than: "slow", times: 25},
		{name: "  allocations", bench: "a Quick", metric: "allocs/op", per: 1, none: true},
		{name: "middling", bench: "a Middling", metric: "p50|time", unit: "µs", per: 1e-6, than: "slow", times: 25},
		{name: "rate", bench: "a Middling", metric: "req/s", unit: "/s", per: 1, least: 12_000},
		{name: "grown", bench: "a Slow", metric: "p50|time", unit: "µs", per: 1e-6, than: "middling", times: 0.5},
		{name: "near the top", bench: "a Served", metric: "req/s", unit: "/s", per: 1, of: "ceiling", share: 0.5},
		{name: "far below it", bench: "a Served", metric: "req/s", unit: "/s", per: 1, of: "ceiling", share: 0.7},
		{name: "gone", bench: "a Gone", metric: "time", unit: "s", per: 1, most: 10},
	}
	found := figures{
		"a Slow":     {"time": 512.4e-6},
		"a Quick":    {"p50": 17.04e-6, "time": 30e-6, "allocs/op": 0},
		"a Middling": {"time": 25.6e-6, "req/s": 11_999.6},
		"a Served":   {"req/s": 600, "ceiling": 1000},
	}
	var out bytes.Buffer
	if report(&out, rows, found) {
		t.Error("a table with a missing figure is whole")
	}
	want := `               measured     target                         compared in this run
slow                512 µs
quick                17 µs  ≤ 20 µs, 25× faster   ok       30.1× faster than slow
  allocations         0     0                     ok
middling           25.6 µs  25× faster            SHORT    20× faster than slow
rate              12000 /s  ≥ 12000 /s            SHORT
grown               512 µs  ≤ 2×                  SHORT    20× middling
near the top        600 /s  ≥ 0.5 of the ceiling  ok       0.6 of 1000 /s
far below it        600 /s  ≥ 0.7 of the ceiling  SHORT    0.6 of 1000 /s
gone                  —     ≤ 10 s                MISSING  a Gone

Figures are missing: a benchmark was renamed or skipped. Rows and benchmarks are in cmd/bench/rows.go.
`
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("table (-want +got):\n%s", diff)
	}
	out.Reset()
	if !report(&out, rows[:2], found) || strings.Contains(out.String(), "short of") {
		t.Errorf("a table in which all is well:\n%s", out.String())
	}
}

// TestRows: every row can be looked up, and compares itself with one above.
func TestRows(t *testing.T) {
	for name, list := range map[string][]row{"bench": append(rows(), servedRows()...), "scale": scaleRows(20)} {
		above := map[string]string{}
		for _, r := range list {
			if r.of == "" && r.share > 0 || r.per <= 0 || r.metric == "" || r.bench == "" {
				t.Errorf("%s: row %q is not whole: %+v", name, r.name, r)
			}
			if r.than != "" && above[r.than] != r.unit {
				t.Errorf("%s: row %q is compared with %q, which does not stand above it in %s", name, r.name, r.than, r.unit)
			}
			above[r.name] = r.unit
		}
	}
	for _, run := range runs(rows()) {
		if run.pkg == "api" && run.bench != "^Benchmark(RouteHTTP)$" {
			t.Errorf("the benchmarks of api are run as %s", run.bench)
		}
	}
}

// TestCopies writes copies of a real city and reads them back: each is the
// city itself but for its ids and its place.
func TestCopies(t *testing.T) {
	city, err := readExtract(t.Context(), geotest.Data(t, "osm", "hsinchu.osm.pbf"))
	if err != nil {
		t.Fatal(err)
	}
	const copies = 3
	var file bytes.Buffer
	if err := city.write(&file, copies); err != nil {
		t.Fatal(err)
	}
	got, err := readElements(t.Context(), &file)
	if err != nil {
		t.Fatal(err)
	}
	if len(got.nodes) != copies*len(city.nodes) || len(got.ways) != copies*len(city.ways) || len(got.relations) != copies*len(city.relations) {
		t.Fatalf("%d nodes, %d ways, %d relations", len(got.nodes), len(got.ways), len(got.relations))
	}
	for k := range int64(copies) {
		lon, lat, scale := city.slot(int(k), copies)
		part := elements{
			got.nodes[int(k)*len(city.nodes):][:len(city.nodes)],
			got.ways[int(k)*len(city.ways):][:len(city.ways)],
			got.relations[int(k)*len(city.relations):][:len(city.relations)],
		}
		for i := range part.nodes {
			n, from := &part.nodes[i], &city.nodes[i]
			n.ID -= k * idStep
			x, y := lon+(osmpbf.Degrees(from.Lon)-city.lon)*scale, lat+osmpbf.Degrees(from.Lat)-city.lat
			if math.Abs(osmpbf.Degrees(n.Lon)-x) > 1e-7 || math.Abs(osmpbf.Degrees(n.Lat)-y) > 1e-7 {
				t.Fatalf("node %d of copy %d lies at %v, want %g %g", n.ID, k, n.Point(), x, y)
			}
			n.Lon, n.Lat = from.Lon, from.Lat
		}
		for i := range part.ways {
			part.ways[i].ID -= k * idStep
			for j := range part.ways[i].Nodes {
				part.ways[i].Nodes[j] -= k * idStep
			}
		}
		for i := range part.relations {
			part.relations[i].ID -= k * idStep
			for j := range part.relations[i].Members {
				part.relations[i].Members[j].Ref -= k * idStep
			}
		}
		if diff := cmp.Diff(city.elements, part, cmp.AllowUnexported(elements{}), cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("copy %d (-want +got):\n%s", k, diff)
		}
	}
}

// TestHistogram: a quantile is no more than a sixteenth below the true one.
func TestHistogram(t *testing.T) {
	var h histogram
	if h.quantile(0.5) != 0 {
		t.Error("an empty histogram has a median")
	}
	for i := range 10_000 {
		h.add(time.Duration(i) * time.Microsecond)
	}
	var both histogram
	both.merge(&h)
	both.merge(&h)
	for _, part := range []float64{0.01, 0.5, 0.99, 0.9999} {
		want, got := part*10_000, both.quantile(part).Seconds()*1e6
		if got > want+1 || got < want*15/16-1 {
			t.Errorf("%g: %g µs, want %g", part, got, want)
		}
	}
	h.add(-time.Second)
	h.add(time.Duration(math.MaxInt64))
}

// TestClient reads answers that come in pieces, and refuses those that a
// figure must not be made of.
func TestClient(t *testing.T) {
	for _, c := range []struct {
		name, answer string
		status       int
		body         string
		fails        bool
	}{
		{"one piece", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nEtag: \"a\"\r\n\r\nhello", 200, "hello", false},
		{"parted in the head", "HTTP/1.1 200 OK\r\nContent-Le|ngth: 5\r\n\r|\nhel|lo", 200, "hello", false},
		{"no body", "HTTP/1.1 304 Not Modified\r\n\r\n", 304, "", false},
		{"empty", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 200, "", false},
		{"no length", "HTTP/1.1 200 OK\r\n\r\nhello", 200, "", true},
		{"too long", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhello", 200, "", true},
		{"cut off", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello", 200, "", true},
		{"not HTTP", "SSH-2.0-OpenSSH_9\r\n\r\n", 0, "", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			near, far := net.Pipe()
			go func() {
				defer far.Close()
				far.Read(make([]byte, 1024)) //nolint:errcheck // the question
				for piece := range strings.SplitSeq(c.answer, "|") {
					far.Write([]byte(piece)) //nolint:errcheck // then the client fails
				}
			}()
			var body []byte
			r, err := (&client{conn: near, buf: make([]byte, clientBuffer)}).ask(get("/"), func(p []byte) { body = append(body, p...) })
			near.Close()
			if (err != nil) != c.fails {
				t.Fatalf("error %v", err)
			}
			if err == nil && (r.status != c.status || string(body) != c.body) {
				t.Errorf("status %d, body %q", r.status, body)
			}
		})
	}
}
