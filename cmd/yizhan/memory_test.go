package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"yizhan/geo/geotest"
)

// BenchmarkServeMemory serves Vancouver in a process of its own, asks five
// thousand questions of every kind and by every mode over four connections,
// and reports how much of the memory is resident then and was at the most. It
// is not repeated.
func BenchmarkServeMemory(b *testing.B) {
	extract := geotest.Data(b, "osm", "vancouver.osm.pbf")
	bin, dir := filepath.Join(b.TempDir(), "yizhan"), b.TempDir()
	if out, err := exec.Command("go", "build", "-o", bin, ".").CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	if out, err := exec.Command(bin, "import", "osm", extract, "--data", dir).CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	cmd := exec.Command(bin, "serve", "--listen", "127.0.0.1:0", "--data", dir, "--tz", "America/Vancouver")
	cmd.Stderr = io.Discard // a line for each request
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	defer func() {
		_ = cmd.Process.Signal(os.Interrupt)
		_ = cmd.Wait()
	}()
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		b.Fatal(err)
	}
	base := strings.TrimSpace(line)
	for b.Loop() {
		began := resident(b, cmd.Process.Pid, "VmRSS")
		askAll(b, base, questions(5000))
		b.ReportMetric(began, "begin-MB")
		b.ReportMetric(resident(b, cmd.Process.Pid, "VmRSS"), "rss-MB")
		b.ReportMetric(resident(b, cmd.Process.Pid, "VmHWM"), "peak-MB")
	}
}

// question is a request: a path, and the body of a POST.
type question struct{ path, body string }

// questions are n requests of every kind around Vancouver, always the same.
func questions(n int) []question {
	rng := rand.New(rand.NewPCG(3, 5))
	at := func() string {
		return fmt.Sprintf("%.5f,%.5f", -123.16+0.10*rng.Float64(), 49.225+0.05*rng.Float64())
	}
	modes := [...]string{"foot", "bicycle", "ebike"}
	kinds := []func(mode string) question{
		func(mode string) question {
			return question{path: "/api/route?" + url.Values{"from": {at()}, "to": {at()}, "by": {mode}}.Encode()}
		},
		func(mode string) question {
			return question{path: "/api/nearest?" + url.Values{"at": {at()}, "by": {mode}, "kind": {"bus_stop"}}.Encode()}
		},
		func(string) question {
			return question{path: "/api/nearest?" + url.Values{"at": {at()}, "open": {"now"}}.Encode()}
		},
		func(mode string) question {
			return question{path: "/api/isochrone?" + url.Values{"at": {at()}, "by": {mode}, "minutes": {"5,10,15"}}.Encode()}
		},
		func(mode string) question {
			from, to := make([]json.RawMessage, 5), make([]json.RawMessage, 20)
			for i := range from {
				from[i] = json.RawMessage("[" + at() + "]")
			}
			for i := range to {
				to[i] = json.RawMessage("[" + at() + "]")
			}
			body, _ := json.Marshal(map[string]any{"from": from, "to": to, "by": mode})
			return question{"/api/matrix", string(body)}
		},
		func(string) question { return question{path: "/api/search?q=" + url.QueryEscape("Main Street")} },
		func(string) question {
			return question{path: fmt.Sprintf("/tiles/base/15/%d/%d.mvt", 5172+rng.IntN(9), 11216+rng.IntN(7))}
		},
		func(string) question {
			return question{path: fmt.Sprintf("/tiles/places/14/%d/%d.mvt", 2586+rng.IntN(5), 5608+rng.IntN(4))}
		},
		func(string) question { return question{path: "/layers/bus_stop.geojson"} },
	}
	list := make([]question, n)
	for i := range list {
		list[i] = kinds[i%len(kinds)](modes[i/len(kinds)%len(modes)])
	}
	return list
}

// askAll asks all questions over four connections. That no way leads to a place
// is an answer like another, though not to most.
func askAll(b *testing.B, base string, list []question) {
	const connections = 4
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: connections}}
	defer client.CloseIdleConnections()
	var none atomic.Int64
	var wg sync.WaitGroup
	for k := range connections {
		wg.Go(func() {
			for i := k; i < len(list); i += connections {
				found, err := ask(client, base, list[i])
				if err != nil {
					b.Error(err)
					return
				}
				if !found {
					none.Add(1)
				}
			}
		})
	}
	wg.Wait()
	if n := none.Load(); n > int64(len(list)/10) {
		b.Errorf("%d of %d questions have no answer", n, len(list))
	}
}

// ask asks a question; found is false where no way leads anywhere.
func ask(client *http.Client, base string, q question) (found bool, err error) {
	var resp *http.Response
	if q.body == "" {
		resp, err = client.Get(base + q.path)
	} else {
		resp, err = client.Post(base+q.path, "application/json", strings.NewReader(q.body))
	}
	if err != nil {
		return false, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	switch {
	case err != nil:
		return false, err
	case resp.StatusCode < 300: // an empty tile is 204
		return true, nil
	case resp.StatusCode == http.StatusNotFound && strings.HasPrefix(q.path, "/api/route"):
		return false, nil
	}
	return false, fmt.Errorf("%s: %s: %.300s", q.path, resp.Status, body)
}

// resident reads a line such as VmRSS of a process, in megabytes.
func resident(b *testing.B, pid int, line string) float64 {
	b.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		b.Skip("no /proc here: ", err)
	}
	_, rest, _ := strings.Cut(string(status), line+":")
	words := strings.Fields(rest)
	if len(words) == 0 {
		b.Fatalf("no %s in the status of a process", line)
	}
	kb, err := strconv.ParseFloat(words[0], 64)
	if err != nil {
		b.Fatal(err)
	}
	return kb * 1024 / 1e6
}
