package api

import (
	"fmt"
	"math"
	"strings"
	"testing"
)

// matrixAnswer is the whole answer; null is nil.
type matrixAnswer struct {
	By        string
	Depart    string
	Durations [][]*float64 `json:"durations_s"`
	Distances [][]*float64 `json:"distances_m"`
}

// list writes points as a JSON list.
func list(points ...[2]float64) string {
	parts := make([]string, len(points))
	for i, p := range points {
		parts[i] = fmt.Sprintf("[%.7f,%.7f]", p[0], p[1])
	}
	return "[" + strings.Join(parts, ",") + "]"
}

// TestMatrix compares with routes, one by one; what is out of reach is null.
func TestMatrix(t *testing.T) {
	r := start(t, Config{})
	from := [][2]float64{spot(-400, 0), {10, 10}, spot(0, 200)}
	to := [][2]float64{spot(400, 0), spot(-200, 3), {116.9, 39.5}, spot(300, 300)}
	for _, by := range []string{"foot", "bicycle", "ebike"} {
		var got matrixAnswer
		r.send("/api/matrix", `{"from":`+list(from...)+`,"to":`+list(to...)+`,"by":"`+by+`"}`).want(t, 200).decode(t, &got)
		if len(got.Durations) != len(from) || len(got.Distances) != len(from) || got.By != by {
			t.Fatalf("%+v", got)
		}
		for i, p := range from {
			for j, q := range to {
				d, m := got.Durations[i][j], got.Distances[i][j]
				var one routeAnswer
				a := r.get(fmt.Sprintf("/api/route?by=%s&from=%.7f,%.7f&to=%.7f,%.7f", by, p[0], p[1], q[0], q[1]))
				if a.StatusCode != 200 {
					if d != nil || m != nil {
						t.Errorf("%s %d to %d: a time where there is no way", by, i, j)
					}
					continue
				}
				a.decode(t, &one)
				if d == nil || m == nil || math.Abs(*d-one.Options[0].Duration) > 0.2 || math.Abs(*m-one.Options[0].Distance) > 0.2 {
					t.Errorf("%s %d to %d: %v s, %v m; the route takes %g s, %g m", by, i, j, d, m, one.Options[0].Duration, one.Options[0].Distance)
				}
			}
		}
	}
	r.send("/api/matrix", `{"from":[[10,10]],"to":[[11,11]]}`).want(t, 200)
}

// TestMatrixBounds refuses what is too much or no matrix.
func TestMatrixBounds(t *testing.T) {
	r := start(t, Config{})
	many := func(n int) string {
		points := make([][2]float64, n)
		for i := range points {
			points[i] = spot(float64(i%500)-250, 0)
		}
		return list(points...)
	}
	for _, c := range []struct {
		body   string
		param  string
		status int
	}{
		{`{"to":[[1,1]]}`, "from", 400}, {`{"from":[[1,1]]}`, "to", 400}, {`{"from":[],"to":[[1,1]]}`, "from", 400}, {`{"from":[1,1],"to":[[1,1]]}`, "from", 400},
		{`{"from":[[1,1]],"to":[[1,1,1]]}`, "to", 400}, {`{"from":[[1,91]],"to":[[1,1]]}`, "from", 400}, {`{"from":[[1,1]],"to":[[1,1]],"by":"car"}`, "by", 400},
		{`{"from":[[1,1]],"to":[[1,1]],"depart":"later"}`, "depart", 400}, {`{"from":[[1,1]],"to":[[1,1]],"limit":1}`, "limit", 400}, {`{"from":[[1,1]],"to":[[1,1]],"by":7}`, "by", 400},
		{`{"from":` + many(1001) + `,"to":[[1,1]]}`, "from", 400}, {`{"from":` + many(400) + `,"to":` + many(400) + `}`, "to", 400},
		{`{"from":` + many(8000) + `,"to":[[1,1]]}`, "", 413},
		{`{"from":` + many(1000) + `,"to":` + many(100) + `,"depart":"now"}`, "", 200},
	} {
		a := r.send("/api/matrix", c.body)
		if a.StatusCode != c.status {
			t.Errorf("%.80s: %d, want %d: %.200s", c.body, a.StatusCode, c.status, a.body)
			continue
		}
		var p problem
		if c.status == 200 {
			continue
		}
		if a.decode(t, &p); c.param != "" && p.Parameter != c.param {
			t.Errorf("%.80s: names %q, want %q", c.body, p.Parameter, c.param)
		}
	}
}

// TestMatrixShared: the rows of a large matrix are shared among free
// processors, and come out as they do one by one; then all slots are free.
func TestMatrixShared(t *testing.T) {
	r := start(t, Config{})
	r.server.searchers = newLane(4)
	var from [][2]float64
	for i := range 40 {
		from = append(from, spot(float64(i*20-400), float64(i%5)))
	}
	var all, one matrixAnswer
	r.send("/api/matrix", `{"from":`+list(from...)+`,"to":`+list(from...)+`}`).want(t, 200).decode(t, &all)
	for i := range from {
		r.send("/api/matrix", `{"from":`+list(from[i])+`,"to":`+list(from...)+`}`).want(t, 200).decode(t, &one)
		if fmt.Sprint(deref(one.Durations[0])) != fmt.Sprint(deref(all.Durations[i])) || fmt.Sprint(deref(one.Distances[0])) != fmt.Sprint(deref(all.Distances[i])) {
			t.Errorf("row %d differs", i)
		}
	}
	if n := len(r.server.searchers.slots); n != 0 {
		t.Errorf("%d slots are taken by nobody", n)
	}
}

func deref(row []*float64) []float64 {
	out := make([]float64, len(row))
	for i, v := range row {
		if out[i] = -1; v != nil {
			out[i] = *v
		}
	}
	return out
}
