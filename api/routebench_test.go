package api

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"yizhan/data/atlas"
	"yizhan/data/osm"
	"yizhan/geo"
	"yizhan/geo/geotest"
)

// BenchmarkRouteHTTP measures /api/route over loopback as a load generator
// does: two connections that are kept open and ask as soon as they are
// answered, 1,000 pairs 0.5 to 5 km apart in Vancouver, on foot. Beside it
// stand answers of fixed bytes, of the size of the ones measured: what HTTP
// alone costs here. The clients share the machine with the server.
func BenchmarkRouteHTTP(b *testing.B) {
	a := vancouver(b)
	pairs := apart(b, a, 1000, 500, 5000)
	keeper := &atlas.Keeper{}
	keeper.Swap(a)
	var small, large []byte
	fixed := func(body *[]byte) func(*call) error {
		return func(r *call) error { return r.send(answer{kind: typeJSON, cache: cacheNever, body: *body}) }
	}
	s, err := newServer(Config{Keeper: keeper},
		endpoint{path: "/test/small", run: fixed(&small)}, endpoint{path: "/test/large", run: fixed(&large)})
	if err != nil {
		b.Fatal(err)
	}
	addr := listening(b, s)
	bare, full := make([]string, len(pairs)), make([]string, len(pairs))
	for i, p := range pairs {
		full[i] = fmt.Sprintf("/api/route?from=%.6f,%.6f&to=%.6f,%.6f", p[0][0], p[0][1], p[1][0], p[1][1])
		bare[i] = full[i] + "&geometry=false&steps=false"
	}
	small, large = sample(b, addr, bare), sample(b, addr, full)
	for _, q := range []struct {
		name    string
		targets []string
	}{
		{"ceiling of bare", []string{"/test/small"}}, {"bare", bare},
		{"ceiling of full", []string{"/test/large"}}, {"full", full},
	} {
		b.Run(q.name, func(b *testing.B) { load(b, addr, 2, q.targets) })
	}
}

// vancouver is the real city as an Atlas.
func vancouver(b *testing.B) *atlas.Atlas {
	b.Helper()
	src, err := osm.File(geotest.Data(b, "osm", "vancouver.osm.pbf"))
	if err != nil {
		b.Fatal(err)
	}
	r, err := osm.Import(b.Context(), src, osm.Options{Time: noon})
	if err != nil {
		b.Fatal(err)
	}
	places := make([]*geo.Place, len(r.Places))
	for i := range r.Places {
		places[i] = &r.Places[i]
	}
	zone, err := time.LoadLocation("America/Vancouver")
	if err != nil {
		b.Fatal(err)
	}
	return atlas.New(atlas.Parts{Places: places, Streets: r.Network, Zone: zone})
}

// apart returns pairs of nodes of the network that are so far apart in a
// straight line and joined on foot.
func apart(b *testing.B, a *atlas.Atlas, n int, least, most float64) [][2]orb.Point {
	b.Helper()
	rng := rand.New(rand.NewPCG(7, 7))
	pick := func() orb.Point { return a.Streets.Node(uint32(rng.IntN(a.Streets.NumNodes()))) }
	var pairs [][2]orb.Point
	for len(pairs) < n {
		p, q := pick(), pick()
		if d := geo.Distance(p, q); d < least || d > most {
			continue
		}
		costs, err := a.Router.Durations(b.Context(), p, geo.Foot, noon, []orb.Point{q}, 4*3600)
		if err == nil && costs[0].OK {
			pairs = append(pairs, [2]orb.Point{p, q})
		}
	}
	return pairs
}

// sample returns an answer of the middle size among the first targets.
func sample(b *testing.B, addr string, targets []string) []byte {
	b.Helper()
	c := dialLoad(b, addr)
	defer c.conn.Close()
	var bodies [][]byte
	for _, t := range targets[:101] {
		if err := c.ask(t); err != nil {
			b.Fatal(err)
		}
		bodies = append(bodies, bytes.Clone(c.body))
	}
	slices.SortFunc(bodies, func(x, y []byte) int { return len(x) - len(y) })
	return bodies[len(bodies)/2]
}

// load asks for targets in turn over so many connections, b.N times in all,
// and reports requests a second and the spread of latencies.
func load(b *testing.B, addr string, connections int, targets []string) {
	took := make([][]time.Duration, connections)
	sizes := make([]int, connections)
	var wg sync.WaitGroup
	clients := make([]*loadClient, connections)
	for i := range clients {
		clients[i] = dialLoad(b, addr)
		defer clients[i].conn.Close()
	}
	b.ResetTimer()
	for i, c := range clients {
		wg.Go(func() {
			n := b.N * (i + 1) / connections
			for j := b.N * i / connections; j < n; j++ {
				begin := time.Now()
				if err := c.ask(targets[j%len(targets)]); err != nil {
					b.Error(err)
					return
				}
				took[i] = append(took[i], time.Since(begin))
				sizes[i] += len(c.body)
			}
		})
	}
	wg.Wait()
	b.StopTimer()
	all := slices.Concat(took...)
	if len(all) == 0 {
		return
	}
	slices.Sort(all)
	bytes := 0
	for _, n := range sizes {
		bytes += n
	}
	b.ReportMetric(float64(len(all))/b.Elapsed().Seconds(), "req/s")
	b.ReportMetric(float64(all[len(all)/2])/1e6, "p50-ms")
	b.ReportMetric(float64(all[len(all)*99/100])/1e6, "p99-ms")
	b.ReportMetric(float64(bytes)/float64(len(all)), "B/answer")
}

// loadClient is one connection of HTTP/1.1, as bare as can be: it costs the
// machine little beside the server.
type loadClient struct {
	conn net.Conn
	in   *bufio.Reader
	out  []byte
	body []byte
}

func dialLoad(b *testing.B, addr string) *loadClient {
	b.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		b.Fatal(err)
	}
	return &loadClient{conn: conn, in: bufio.NewReaderSize(conn, 64<<10)}
}

// ask sends a GET and reads the answer, which must be 200, into c.body.
func (c *loadClient) ask(target string) error {
	c.out = append(append(append(c.out[:0], "GET "...), target...), " HTTP/1.1\r\nHost: h\r\n\r\n"...)
	if _, err := c.conn.Write(c.out); err != nil {
		return err
	}
	length, status := -1, ""
	for first := true; ; first = false {
		line, err := c.in.ReadSlice('\n')
		if err != nil {
			return err
		}
		if first {
			status = string(line[9:12])
			continue
		}
		if len(line) <= 2 {
			break
		}
		if value, ok := bytes.CutPrefix(line, []byte("Content-Length: ")); ok {
			if length, err = strconv.Atoi(string(bytes.TrimSpace(value))); err != nil {
				return err
			}
		}
	}
	if length < 0 {
		return fmt.Errorf("%s: no length", target)
	}
	c.body = slices.Grow(c.body[:0], length)[:length]
	if _, err := io.ReadFull(c.in, c.body); err != nil {
		return err
	}
	if status != "200" {
		return fmt.Errorf("%s: %s: %.300s", target, status, c.body)
	}
	return nil
}
