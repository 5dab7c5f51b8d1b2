package api

import (
	"fmt"
	"io"
	"net"
	"strings"
	"testing"

	"yizhan/data/atlas"
)

func TestHealth(t *testing.T) {
	r := start(t, Config{})
	r.get("/healthz").want(t, 200)
	r.get("/readyz").want(t, 200)

	empty := start(t, Config{Keeper: &atlas.Keeper{}})
	empty.get("/healthz").want(t, 200)
	if a := empty.get("/readyz").want(t, 503); a.Header.Get("Retry-After") == "" {
		t.Error("503 without Retry-After")
	}
}

func TestMetrics(t *testing.T) {
	r := start(t, Config{})
	r.get("/healthz")
	r.get("/nothing-here?at=116.3520,39.9600")
	c, err := net.Dial("tcp", r.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	// What is no request counts as that, whatever came before it.
	fmt.Fprint(c, "POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\nnonsense\r\n\r\n")
	if _, err := io.ReadAll(c); err != nil {
		t.Fatal(err)
	}
	text := string(r.get("/metrics").want(t, 200).body)
	for _, want := range []string{
		`yizhan_http_requests_total{method="GET",route="/healthz",status="200"} 1`,
		`yizhan_http_requests_total{method="GET",route="page",status="404"} 1`,
		`yizhan_http_requests_total{method="POST",route="/healthz",status="405"} 1`,
		`route="rejected",status="400"} 1`,
		`yizhan_http_in_flight 1`, `yizhan_places{kind="station"}`, "go_goroutines",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("metrics lack %s", want)
		}
	}
	if strings.Contains(text, "116.3520") {
		t.Error("metrics hold a position")
	}
	r.get("/metrics", "Accept", "application/openmetrics-text;version=1.0.0").want(t, 200)
}
