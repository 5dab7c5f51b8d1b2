package api

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"yizhan/data/atlas"
)

// listen opens an event stream and returns its lines.
func listen(t *testing.T, r *rig) (lines <-chan string, hangUp func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, r.base+"/api/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := r.client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode != 200 || resp.Header.Get("Content-Type") != "text/event-stream" {
		t.Fatalf("%d %q", resp.StatusCode, resp.Header.Get("Content-Type"))
	}
	ch := make(chan string, 100)
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer close(ch)
		defer resp.Body.Close()
		for s := bufio.NewScanner(resp.Body); s.Scan(); {
			ch <- s.Text()
		}
	}()
	return ch, func() { cancel(); <-done }
}

// next returns the next line with a prefix, cut off.
func next(t *testing.T, lines <-chan string, prefix string) string {
	t.Helper()
	timeout := time.After(5 * time.Second)
	for {
		select {
		case line, ok := <-lines:
			if !ok {
				t.Fatalf("the stream ended before %q", prefix)
			}
			if rest, ok := strings.CutPrefix(line, prefix); ok {
				return rest
			}
		case <-timeout:
			t.Fatalf("no line %q", prefix)
		}
	}
}

type changeData struct {
	Version string
	Layers  []string
}

func data(t *testing.T, lines <-chan string) changeData {
	t.Helper()
	next(t, lines, "event: change")
	var c changeData
	if err := json.Unmarshal([]byte(next(t, lines, "data: ")), &c); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestEvents(t *testing.T) {
	r := start(t, Config{Heartbeat: 30 * time.Millisecond})
	lines, hangUp := listen(t, r)
	defer hangUp()
	first := data(t, lines)
	if first.Version != r.keeper.Current().Version || len(first.Layers) != 0 {
		t.Errorf("first event %+v", first)
	}
	next(t, lines, ": ") // a heartbeat
	r.keeper.Swap(town(t, func(p *atlas.Parts) { p.Places = p.Places[:3] }))
	c := data(t, lines)
	if c.Version == first.Version || c.Version != r.keeper.Current().Version || !slices.Contains(c.Layers, "station") {
		t.Errorf("change %+v", c)
	}
	if r.get("/metrics"); !strings.Contains(string(r.get("/metrics").body), "yizhan_event_streams 1") {
		t.Error("the stream is not counted")
	}
	hangUp()
	for deadline := time.Now().Add(5 * time.Second); !strings.Contains(string(r.get("/metrics").body), "yizhan_event_streams 0"); {
		if time.Now().After(deadline) {
			t.Fatal("the stream outlives its client")
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func TestEventStreamsAreBounded(t *testing.T) {
	r := start(t, Config{MaxStreams: 2, Heartbeat: 20 * time.Millisecond})
	_, one := listen(t, r)
	defer one()
	_, two := listen(t, r)
	r.get("/api/events").want(t, 503)
	two()
	for deadline := time.Now().Add(5 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		resp, err := r.client.Get(r.base + "/api/events")
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode == 200 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("a closed stream still counts")
		}
	}
	r.do("HEAD", "/api/events", nil).want(t, 200)
}
