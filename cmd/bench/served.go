package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strconv"
	"time"
)

// Every figure of a served answer stands beside the ceiling for the same
// requests and answers of its size: in turns of a fraction of a second one
// after the other, so that what else the machine does comes upon both. A round
// is a turn of each. Where the machine is a virtual one whose host takes its
// processors away, there are more rounds, and those count in which it took the
// least.
const (
	connections = 8
	rounds      = 8
	mostRounds  = 24
	// quiet is what share of the processors may be taken away in a round without
	// another one for it.
	quiet       = 0.02
	ceilingTurn = 400 * time.Millisecond
	answerTurn  = 700 * time.Millisecond
	warmTurn    = 300 * time.Millisecond
)

// served measures yizhan serve on folders of a million and of 20,000 invented
// places, as figures of "serve …": all, or the scenarios wanted.
func served(ctx context.Context, w *workshop, wanted []string) (figures, error) {
	all := figures{}
	for _, set := range [...]struct {
		name      string
		places    int
		scenarios []string
	}{
		{"1M", 1_000_000, []string{"nearest", "common", "rare", "open", "box", "tile", "unchanged"}},
		{"20k", 20_000, []string{"nearest"}},
	} {
		if wanted != nil {
			set.scenarios = slices.DeleteFunc(set.scenarios, func(name string) bool { return !slices.Contains(wanted, set.name+"/"+name) })
			if len(set.scenarios) == 0 {
				continue
			}
		}
		dir, err := w.folder(ctx, set.places)
		if err != nil {
			return all, err
		}
		found, err := serveFolder(ctx, w.bin, dir, set.places, set.scenarios)
		for name, metrics := range found {
			all["serve "+set.name+"/"+name] = metrics
		}
		if err != nil {
			return all, fmt.Errorf("serving %s places: %w", set.name, err)
		}
	}
	if wanted != nil {
		return all, ctx.Err()
	}
	found, err := rebuildFigures(ctx, w)
	maps.Copy(all, found)
	return all, errors.Join(err, ctx.Err())
}

func serveFolder(ctx context.Context, bin, dir string, places int, scenarios []string) (figures, error) {
	server, err := start(ctx, nil, bin, "serve", "--listen", "127.0.0.1:0", "--data", dir)
	if err != nil {
		return nil, err
	}
	defer server.stop()
	found := figures{"start": {"time": server.ready.Seconds()}}
	town, err := look(server.addr)
	if err != nil {
		return found, err
	}
	for _, name := range scenarios {
		requests, status, err := town.requests(name)
		if err != nil {
			return found, fmt.Errorf("%s: %w", name, err)
		}
		metrics, err := beside(ctx, server, status, requests)
		if err != nil {
			return found, fmt.Errorf("%s: %w", name, err)
		}
		found[name] = metrics
		// The share by processor time says on a busy machine what the share by
		// answers says on a quiet one.
		fmt.Fprintf(os.Stderr, "%-10s %8.0f/s of %8.0f/s = %.2f   %.1f of %.1f µs of processors = %.2f   p50 %.3f of %.3f ms   p99 %.3f of %.3f ms   %.0f B   %.0f %% stolen\n", name,
			metrics["req/s"], metrics["ceiling"], metrics["share"], metrics["cpu"]*1e6, metrics["ceiling cpu"]*1e6, metrics["ceiling cpu"]/metrics["cpu"],
			metrics["p50"]*1e3, metrics["ceiling p50"]*1e3, metrics["p99"]*1e3, metrics["ceiling p99"]*1e3, metrics["B"], metrics["stolen"]*100)
	}
	if rss := server.resident(); rss > 0 {
		found["memory"] = map[string]float64{"rss": rss, "B/place": rss / float64(places)}
	}
	return found, nil
}

// round is a turn of the ceiling and one of what is measured.
type round struct{ top, ours turn }

// stolen is what share of the processors was taken away meanwhile.
func (r round) stolen() float64 {
	return (r.top.stolen + r.ours.stolen) / (r.top.spent + r.ours.spent).Seconds() / float64(runtime.NumCPU())
}

// beside measures requests and the ceiling for their answers, turn by turn.
func beside(ctx context.Context, server *child, status int, requests [][]byte) (map[string]float64, error) {
	size, err := meanLength(server.addr, requests[:min(len(requests), 201)])
	if err != nil {
		return nil, err
	}
	spec := strconv.Itoa(size) + "B"
	if status == 304 {
		spec = "304"
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	bare, err := start(ctx, nil, self, "ceiling", spec)
	if err != nil {
		return nil, err
	}
	defer bare.stop()
	top, err := newLoad(bare, connections, status, requests)
	if err != nil {
		return nil, err
	}
	defer top.close()
	ours, err := newLoad(server, connections, status, requests)
	if err != nil {
		return nil, err
	}
	defer ours.close()
	if _, err := top.turn(ctx, warmTurn); err != nil {
		return nil, err
	}
	if _, err := ours.turn(ctx, warmTurn); err != nil {
		return nil, err
	}
	var seen []round
	for calm := 0; calm < rounds && len(seen) < mostRounds; {
		var r round
		if r.top, err = top.turn(ctx, ceilingTurn); err != nil {
			return nil, err
		}
		if r.ours, err = ours.turn(ctx, answerTurn); err != nil {
			return nil, err
		}
		if seen = append(seen, r); r.stolen() <= quiet {
			calm++
		}
	}
	slices.SortStableFunc(seen, func(a, b round) int { return cmp.Compare(a.stolen(), b.stolen()) })
	var t, o []turn
	stolen := 0.0
	for _, r := range seen[:rounds] {
		t, o = append(t, r.top), append(o, r.ours)
		stolen += r.stolen() / rounds
	}
	m, c := metrics(o), metrics(t)
	if m == nil || c == nil {
		return nil, errors.New("nothing was answered")
	}
	m["B"], m["ceiling"], m["share"] = float64(size), c["req/s"], m["req/s"]/c["req/s"]
	m["stolen"] = stolen
	m["ceiling cpu"], m["ceiling p50"], m["ceiling p99"] = c["cpu"], c["p50"], c["p99"]
	return m, nil
}

// meanLength is the length of the answers to some requests in the mean: a few
// large ones among them cost as much as they weigh.
func meanLength(addr string, requests [][]byte) (int, error) {
	c, err := dial(addr)
	if err != nil {
		return 0, err
	}
	defer c.conn.Close()
	total := 0
	for _, request := range requests {
		r, err := c.ask(request, nil)
		if err != nil {
			return 0, err
		}
		total += r.length
	}
	return total / len(requests), nil
}

// townView is what the load is made from: spots with stations near.
type townView struct {
	addr  string
	spots [][2]float64
	rng   *rand.Rand
}

const (
	spotsAsked = 2000
	// blur is how far questions lie from the spots, in degrees.
	blur = 0.002
	// distinct is how many different requests a scenario has.
	distinct = 100_000
	// tilesAsked and boxesAsked are fewer, as each is tried first.
	tilesAsked = 200
	boxesAsked = 1000
	// boxFeatures is how many features each box answers with.
	boxFeatures = 1000
)

// look finds spots in the area of a server that have a station near.
func look(addr string) (*townView, error) {
	v := &townView{addr: addr, rng: rand.New(rand.NewPCG(4, 20))}
	c, err := dial(addr)
	if err != nil {
		return nil, err
	}
	defer c.conn.Close()
	about, err := c.about()
	if err != nil {
		return nil, err
	}
	b := about.Bounds
	for range 20 * spotsAsked {
		p := [2]float64{b[0] + (b[2]-b[0])*v.rng.Float64(), b[1] + (b[3]-b[1])*v.rng.Float64()}
		body, err := c.body(fmt.Sprintf("/api/nearest?at=%.6f,%.6f&limit=1&within=500", p[0], p[1]))
		if err != nil {
			return nil, err
		}
		if bytes.Contains(body, []byte(`"Feature"`)) {
			v.spots = append(v.spots, p)
		}
		if len(v.spots) == spotsAsked {
			return v, nil
		}
	}
	return nil, errors.New("there are hardly any stations in the bounds")
}

// overview is as much of /api/about as is looked at.
type overview struct {
	Bounds [4]float64
	Center [2]float64
	Kinds  []struct{ Count int }
}

func (c *client) about() (a overview, err error) {
	body, err := c.body("/api/about")
	if err == nil {
		err = json.Unmarshal(body, &a)
	}
	return a, err
}

// body asks for a target, which must be answered with 200.
func (c *client) body(target string) ([]byte, error) {
	var all []byte
	r, err := c.ask(get(target), func(piece []byte) { all = append(all, piece...) })
	if err == nil && r.status != 200 {
		err = fmt.Errorf("status %d: %.200s", r.status, all)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", target, err)
	}
	return all, nil
}

// questions are the queries of the scenarios that ask for the nearest.
var questions = map[string]string{
	"nearest": "&limit=10", "common": "&limit=10&facility=fridge", "rare": "&limit=10&facility=battery_swap", "open": "&limit=10&open=now",
}

// requests are those of a scenario, and the status they are answered with.
func (v *townView) requests(scenario string) ([][]byte, int, error) {
	if q, ok := questions[scenario]; ok {
		return v.nearest(q), 200, nil
	}
	c, err := dial(v.addr)
	if err != nil {
		return nil, 0, err
	}
	defer c.conn.Close()
	switch scenario {
	case "box":
		requests, err := v.boxes(c)
		return requests, 200, err
	case "tile":
		requests, err := v.tiles(c, false)
		return requests, 200, err
	case "unchanged":
		requests, err := v.tiles(c, true)
		return requests, 304, err
	}
	return nil, 0, errors.New("there is no such scenario")
}

func (v *townView) spot() (lon, lat float64) {
	p := v.spots[v.rng.IntN(len(v.spots))]
	return p[0] + blur*(2*v.rng.Float64()-1), p[1] + blur*(2*v.rng.Float64()-1)
}

func (v *townView) nearest(query string) [][]byte {
	all := make([][]byte, distinct)
	for i := range all {
		lon, lat := v.spot()
		all[i] = get(fmt.Sprintf("/api/nearest?at=%.6f,%.6f%s", lon, lat, query))
	}
	return all
}

// boxes ask for the stations of a box that holds as many as are answered, and
// hardly more.
func (v *townView) boxes(c *client) ([][]byte, error) {
	all := make([][]byte, boxesAsked)
	half := 0.002
	for i := range all {
		lon, lat := v.spot()
		for n := 0; ; half *= 1.1 {
			target := fmt.Sprintf("/layers/station.geojson?bbox=%.6f,%.6f,%.6f,%.6f&limit=%d", lon-half, lat-half, lon+half, lat+half, boxFeatures)
			body, err := c.body(target)
			if err != nil {
				return nil, err
			}
			all[i] = get(target)
			if n = bytes.Count(body, []byte(`"type":"Feature",`)); n == boxFeatures {
				break
			}
			if half > 1 {
				return nil, fmt.Errorf("there are no %d stations anywhere", boxFeatures)
			}
		}
		half /= 1.4
	}
	return all, nil
}

// tiles ask for tiles with places in them; held says that the client has each
// already.
func (v *townView) tiles(c *client, held bool) ([][]byte, error) {
	const zoom = 14
	seen := map[string][]byte{}
	for range 100 * tilesAsked {
		lon, lat := v.spot()
		x, y := tileAt(lon, lat, zoom)
		target := fmt.Sprintf("/tiles/places/%d/%d/%d.mvt", zoom, x, y)
		if seen[target] != nil {
			continue
		}
		r, err := c.ask(get(target), nil)
		if err != nil {
			return nil, err
		}
		if r.status != 200 {
			continue
		}
		seen[target] = get(target)
		if tag, ok := r.header("\r\nEtag: "); held && ok {
			seen[target] = get(target, "If-None-Match: "+string(tag))
		}
		if len(seen) == tilesAsked {
			break
		}
	}
	if len(seen) == 0 {
		return nil, errors.New("there is no tile with places")
	}
	return slices.Collect(maps.Values(seen)), nil
}

// tileAt is the tile that holds a position.
func tileAt(lon, lat float64, zoom int) (x, y int) {
	n := float64(int(1) << zoom)
	y0 := math.Log(math.Tan(math.Pi/4 + lat*math.Pi/360))
	return int((lon + 180) / 360 * n), int((1 - y0/math.Pi) / 2 * n)
}
