package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"yizhan/geo/geotest"
)

func english(name string) string {
	if name == "YIZHAN_LANG" || name == "LANG" {
		return "en"
	}
	return ""
}

// yizhan runs a command line in this process and returns what it printed.
func yizhan(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errOut bytes.Buffer
	code = run(context.Background(), args, english, &out, &errOut)
	return code, out.String(), errOut.String()
}

func mustRun(t *testing.T, args ...string) string {
	t.Helper()
	code, out, errOut := yizhan(t, args...)
	if code != 0 {
		t.Fatalf("yizhan %s: exit %d\n%s", strings.Join(args, " "), code, errOut)
	}
	return out
}

// server is a "yizhan serve" that runs in this process.
type server struct {
	t   *testing.T
	url string
}

// start serves a data folder until the test ends, which it may not do before
// the server has stopped gracefully.
func start(t *testing.T, args ...string) *server {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	out, w := io.Pipe()
	var log lockedBuffer
	var wg sync.WaitGroup
	wg.Go(func() {
		if code := run(ctx, append([]string{"serve", "--listen", "127.0.0.1:0"}, args...), english, w, &log); code != 0 {
			t.Errorf("serve ended with exit %d:\n%s", code, log.String())
		}
		w.Close()
	})
	t.Cleanup(func() { stop(); wg.Wait() })
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("serve did not say where it listens: %v\n%s", err, log.String())
	}
	go io.Copy(io.Discard, out)
	return &server{t, strings.TrimSpace(line)}
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// get decodes the answer to path?key=value&….
func (s *server) get(into any, path string, query ...string) {
	s.t.Helper()
	values := url.Values{}
	for i := 0; i < len(query); i += 2 {
		values.Add(query[i], query[i+1])
	}
	resp, err := http.Get(s.url + path + "?" + values.Encode())
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		s.t.Fatalf("%s: %s %v\n%s", path, resp.Status, err, body)
	}
	if err := json.Unmarshal(body, into); err != nil {
		s.t.Fatalf("%s: %v\n%s", path, err, body)
	}
}

type features struct {
	Features []struct {
		Geometry   struct{ Coordinates json.RawMessage }
		Properties struct {
			ID, Kind, Name string
			Distance       float64 `json:"distance_m"`
			Gate           struct {
				Inferred bool
				Access   map[string]struct {
					Verdict string
					Reason  struct{ Zh, En string }
				}
			}
		}
	}
}

type routes struct {
	Options []struct {
		Gate *struct {
			ID, Name string
			Inferred bool
		}
		Verdict  string
		Reason   struct{ Zh, En string }
		Opens    string
		Distance float64 `json:"distance_m"`
		Legs     []struct {
			Mode     string
			Geometry struct{ Coordinates [][2]float64 }
			Steps    []struct{ Turn string }
		}
	}
}

// TestEveryExtractImports imports each real extract; what is compressed in a
// way that is not read is refused with its name.
func TestEveryExtractImports(t *testing.T) {
	if testing.Short() {
		t.Skip("imports every extract; not with -short")
	}
	for _, name := range []string{"bupt-beijing", "chengdu-roads", "helsinki", "hsinchu", "liechtenstein",
		"longgang-shenzhen", "monaco", "nantong", "porto-alegre", "vancouver", "wangjing-beijing"} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			mustRun(t, "import", "osm", geotest.Data(t, "osm", name+".osm.pbf"), "--data", dir)
			entries, err := os.ReadDir(dir)
			if err != nil {
				t.Fatal(err)
			}
			var names []string
			for _, e := range entries {
				if !strings.HasPrefix(e.Name(), ".lock") {
					names = append(names, e.Name())
				}
			}
			if diff := cmp.Diff([]string{"base.pmtiles", "places.gpkg", "streets.bin"}, names); diff != "" {
				t.Errorf("the data folder (-want +got):\n%s", diff)
			}
		})
	}
	t.Run("lz4", func(t *testing.T) {
		dir := t.TempDir()
		code, _, errOut := yizhan(t, "import", "osm", geotest.Data(t, "osm", "monaco-lz4.osm.pbf"), "--data", dir)
		if code != 1 || !strings.Contains(errOut, "lz4") || strings.Count(errOut, "\n") != 1 {
			t.Errorf("exit %d, want 1 and one line that names lz4:\n%s", code, errOut)
		}
	})
}

// TestGatesOfACampus leads a rider from the street north of a walled campus to
// a building in it, at noon and at three in the morning.
func TestGatesOfACampus(t *testing.T) {
	dir := t.TempDir()
	mustRun(t, "import", "osm", geotest.Data(t, "osm", "bupt-beijing.osm.pbf"), "--data", dir)
	s := start(t, "--data", dir)

	var near features
	s.get(&near, "/api/nearest", "at", "116.3520,39.9600", "kind", "gate", "limit", "5")
	if len(near.Features) != 5 {
		t.Fatalf("%d gates, want 5", len(near.Features))
	}
	last := 0.0
	for _, f := range near.Features {
		if f.Properties.Distance < last {
			t.Errorf("%s at %g m comes after one at %g m", f.Properties.ID, f.Properties.Distance, last)
		}
		last = f.Properties.Distance
		for _, mode := range []string{"foot", "bicycle", "ebike"} {
			if f.Properties.Gate.Access[mode].Verdict == "" {
				t.Errorf("%s says nothing of %s", f.Properties.ID, mode)
			}
		}
	}

	const north, building = "116.3508,39.9642", "osm:w399008979"
	var noon, night routes
	s.get(&noon, "/api/route", "from", north, "to", building, "depart", "2026-11-23T12:00:00+08:00")
	best := noon.Options[0]
	if best.Gate == nil || best.Gate.Name != "北门" || best.Verdict != "open" || len(best.Legs) == 0 {
		t.Errorf("at noon the best way is %+v, want through the open north gate", best)
	}
	s.get(&night, "/api/route", "from", north, "to", building, "depart", "2026-11-23T03:00:00+08:00")
	if g := night.Options[0].Gate; g == nil || g.Name == "北门" || night.Options[0].Verdict == "closed" {
		t.Errorf("at night the best way is through %+v", g)
	}
	end := night.Options[len(night.Options)-1]
	if end.Gate == nil || end.Gate.Name != "北门" || end.Verdict != "closed" ||
		!strings.Contains(end.Reason.Zh, "06:00") || !strings.Contains(end.Reason.En, "06:00") || end.Opens == "" {
		t.Errorf("at night the north gate is told as %+v, want closed until 06:00", end)
	}
	for _, o := range append(noon.Options, night.Options...) {
		if o.Verdict == "closed" && len(o.Legs) > 0 {
			t.Errorf("a way leads through the closed gate %+v", o.Gate)
		}
	}
}

// TestSpreadsheetOfStations imports the stations of a city as their office
// keeps them.
func TestSpreadsheetOfStations(t *testing.T) {
	file := geotest.Data(t, "places", "zhengzhou-stations.gcj02.csv")
	out := mustRun(t, "import", "csv", file, "--kind", "station", "--datum", "gcj02", "--dry-run")
	if !strings.Contains(out, "82 rows: 18 placed, 64 unplaced") {
		t.Errorf("the report does not count 18 placed and 64 unplaced:\n%s", out)
	}
	dir := t.TempDir()
	mustRun(t, "import", "csv", file, "--kind", "station", "--datum", "gcj02", "--data", dir)
	s := start(t, "--data", dir)
	var near features
	s.get(&near, "/api/nearest", "at", "113.56,34.81", "kind", "station", "limit", "100")
	if len(near.Features) != 18 {
		t.Errorf("%d stations are on the map, want 18", len(near.Features))
	}
	mustRun(t, "import", "csv", geotest.Data(t, "places", "chengdu-uestc-ebike-chargers.gcj02.csv"),
		"--kind", "charger", "--datum", "gcj02", "--data", dir)
}

// TestServerFollowsImports imports into a folder that is being served: the new
// data answer within two seconds, and listeners are told.
func TestServerFollowsImports(t *testing.T) {
	dir := t.TempDir()
	mustRun(t, "synth", "--out", dir, "--places", "60", "--seed", "1")
	s := start(t, "--data", dir)
	var before, after struct{ Version string }
	s.get(&before, "/api/about")

	resp, err := http.Get(s.url + "/api/events")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	told := make(chan string, 1)
	go func() {
		// The first event says what is current; layers are named by the next.
		lines := bufio.NewScanner(resp.Body)
		for lines.Scan() {
			if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok && !strings.Contains(data, `"layers":[]`) {
				told <- data
				return
			}
		}
	}()
	mustRun(t, "synth", "--out", dir, "--places", "60", "--seed", "2")
	select {
	case data := <-told:
		if !strings.Contains(data, `"station"`) {
			t.Errorf("the event says %s, want station among the layers", data)
		}
	case <-time.After(5 * time.Second):
		t.Fatal("nobody was told of the import")
	}
	if s.get(&after, "/api/about"); after == before {
		t.Error("the server still answers from the data before")
	}
}

// TestKilledImportLosesNothing kills imports at several moments; the folder
// always holds either the data before or the data after, and serves.
func TestKilledImportLosesNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the binary; not with -short")
	}
	extract := geotest.Data(t, "osm", "helsinki.osm.pbf")
	bin := filepath.Join(t.TempDir(), "yizhan")
	if out, err := exec.Command("go", "build", "-o", bin, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	dir := t.TempDir()
	mustRun(t, "import", "osm", geotest.Data(t, "osm", "bupt-beijing.osm.pbf"), "--data", dir)
	began := time.Now()
	if out, err := exec.Command(bin, "import", "osm", extract, "--data", t.TempDir()).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	whole := time.Since(began)
	for i := range 8 {
		cmd := exec.Command(bin, "import", "osm", extract, "--data", dir)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(whole * time.Duration(i+1) / 8)
		_ = cmd.Process.Kill() // it may have ended
		_ = cmd.Wait()

		s := start(t, "--data", dir)
		var about struct{ Bounds [4]float64 }
		s.get(&about, "/api/about")
		if west := about.Bounds[0]; (west < 116 || west > 117) && (west < 24 || west > 26) {
			t.Errorf("after a kill the folder lies at %v, neither in Beijing nor in Helsinki", about.Bounds)
		}
	}
	mustRun(t, "import", "osm", extract, "--data", dir)
}
