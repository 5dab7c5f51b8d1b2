package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"

	"yizhan/geo"
	"yizhan/geo/cch"
	"yizhan/geo/street"
)

// scale imports one copy of an extract and many, each in a process of its
// own, asks both for ways, and prints what grew by how much.
func scale(ctx context.Context, path string, copies int) (ok bool, err error) {
	dir, err := os.MkdirTemp("", "yizhan-scale")
	if err != nil {
		return false, err
	}
	defer os.RemoveAll(dir)
	bin := filepath.Join(dir, "yizhan")
	if out, err := exec.CommandContext(ctx, "go", "build", "-o", bin, "./cmd/yizhan").CombinedOutput(); err != nil {
		return false, fmt.Errorf("build yizhan: %w\n%s", err, out)
	}
	city, err := readExtract(ctx, path)
	if err != nil {
		return false, err
	}
	found := figures{}
	// One copy takes a second or two: the middle of three.
	for _, part := range [...]struct {
		name           string
		copies, repeat int
	}{{"one", 1, 3}, {"many", copies, 1}} {
		file := filepath.Join(dir, part.name+".osm.pbf")
		if err := city.writeFile(file, part.copies); err != nil {
			return false, err
		}
		fmt.Fprintf(os.Stderr, "%d × %d nodes\n", part.copies, len(city.nodes))
		metrics := map[string]float64{}
		data := filepath.Join(dir, part.name)
		if err := importRepeatedly(ctx, bin, file, data, part.repeat, metrics); err != nil {
			return false, err
		}
		if err := askForWays(filepath.Join(data, "streets.bin"), metrics); err != nil {
			return false, err
		}
		found["scale "+part.name] = metrics
		if err := os.Remove(file); err != nil {
			return false, err
		}
	}
	return report(os.Stdout, scaleRows(copies), found), nil
}

// mostGrowth is how many times as long as one copy an import of 20 may take:
// to order a graph takes a little more than its share.
const mostGrowth = 25.0 / 20

func scaleRows(copies int) []row {
	n := fmt.Sprintf("%d copies", copies)
	return []row{
		{name: "import of one copy", bench: "scale one", metric: "wall", unit: "s", per: 1},
		{name: "import of " + n, bench: "scale many", metric: "wall", unit: "s", per: 1, most: 120,
			than: "import of one copy", times: 1 / (mostGrowth * float64(copies))},
		{name: "  processor time, one copy", bench: "scale one", metric: "cpu", unit: "s", per: 1},
		{name: "  processor time, " + n, bench: "scale many", metric: "cpu", unit: "s", per: 1, than: "  processor time, one copy"},
		{name: "  memory at the most, one copy", bench: "scale one", metric: "rss", unit: "MB", per: 1e6},
		{name: "  memory at the most, " + n, bench: "scale many", metric: "rss", unit: "MB", per: 1e6, most: 4000},
		{name: "street network read, one copy", bench: "scale one", metric: "load", unit: "ms", per: 1e-3},
		{name: "street network read, " + n, bench: "scale many", metric: "load", unit: "ms", per: 1e-3, than: "street network read, one copy"},
		{name: "query, one copy", bench: "scale one", metric: "query", unit: "µs", per: 1e-6},
		{name: "query, " + n, bench: "scale many", metric: "query", unit: "µs", per: 1e-6, than: "query, one copy", times: 0.5},
		{name: "query with its path, one copy", bench: "scale one", metric: "path", unit: "µs", per: 1e-6},
		{name: "query with its path, " + n, bench: "scale many", metric: "path", unit: "µs", per: 1e-6,
			than: "query with its path, one copy", times: 0.5},
	}
}

func (e *extract) writeFile(path string, copies int) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	err = e.write(f, copies)
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	return err
}

// importRepeatedly imports a file and notes the import of middling length.
func importRepeatedly(ctx context.Context, bin, file, data string, times int, metrics map[string]float64) error {
	type used struct{ wall, cpu, rss float64 }
	var all []used
	for range times {
		if err := os.RemoveAll(data); err != nil {
			return err
		}
		cmd := exec.CommandContext(ctx, bin, "import", "osm", file, "--data", data)
		began := time.Now()
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("import: %w\n%s", err, out)
		}
		p := cmd.ProcessState
		all = append(all, used{time.Since(began).Seconds(), (p.UserTime() + p.SystemTime()).Seconds(), peakBytes(p)})
	}
	slices.SortFunc(all, func(a, b used) int { return int((a.wall - b.wall) * 1e6) })
	mid := all[len(all)/2]
	metrics["wall"], metrics["cpu"] = mid.wall, mid.cpu
	if mid.rss > 0 {
		metrics["rss"] = mid.rss
	}
	return nil
}

// pairsAsked is how many ways are asked for, each shortestWay to longestWay
// metres as the crow flies, as riders ask.
const (
	pairsAsked  = 1000
	shortestWay = 500
	longestWay  = 5000
)

// askForWays reads a street network and notes how long that takes and the
// median of queries on foot, as if every gate were open.
func askForWays(path string, metrics map[string]float64) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	began := time.Now()
	net, err := street.Decode(data)
	if err != nil {
		return err
	}
	metrics["load"] = time.Since(began).Seconds()
	h := net.Hierarchy()
	weight := make([]uint32, h.Arcs())
	for i := range weight {
		weight[i] = min(net.Time(geo.Foot, street.Ref(i)), cch.Infinity)
	}
	m, q := h.Customize(weight), cch.NewQuery(h)
	pairs := pairsOf(net, func(from, to uint32) bool {
		q.Begin(m)
		q.From(from, 0)
		q.To(to, 0)
		return q.Run() < cch.Infinity
	})
	if len(pairs) == 0 {
		return fmt.Errorf("no two places of the extract are %d to %d m apart and joined by streets", shortestWay, longestWay)
	}
	var arcs []uint32
	measure := func(ask func()) float64 {
		var took []time.Duration
		for range 3 {
			for _, p := range pairs {
				began := time.Now()
				q.Begin(m)
				q.From(p[0], 0)
				q.To(p[1], 0)
				ask()
				took = append(took, time.Since(began))
			}
		}
		slices.Sort(took)
		return took[len(took)/2].Seconds()
	}
	metrics["query"] = measure(func() { q.Run() })
	metrics["path"] = measure(func() { q.Run(); arcs = q.Path(arcs[:0]) })
	return nil
}

// pairsOf picks pairs of nodes that are joined.
func pairsOf(net *street.Network, joined func(from, to uint32) bool) [][2]uint32 {
	rng := rand.New(rand.NewPCG(20, 26))
	count := net.NumNodes()
	var pairs [][2]uint32
	// Of two nodes of twenty cities one pair in twenty is of one city.
	for range 1000 * pairsAsked {
		if len(pairs) == pairsAsked || count == 0 {
			break
		}
		a, b := uint32(rng.IntN(count)), uint32(rng.IntN(count))
		if d := geo.Distance(net.Node(a), net.Node(b)); d >= shortestWay && d <= longestWay && joined(a, b) {
			pairs = append(pairs, [2]uint32{a, b})
		}
	}
	return pairs
}
