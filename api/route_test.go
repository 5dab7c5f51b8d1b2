package api

import (
	"encoding/json"
	"fmt"
	"math"
	"net/url"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"yizhan/geo"
	"yizhan/geo/datum"
)

// routeAnswer is as much of a route as the tests look at.
type routeAnswer struct {
	To struct {
		ID, Kind, Name string
		Compound       *struct{ ID string }
	}
	By      string
	Depart  time.Time
	Options []struct {
		Gate     *struct{ ID, Name string }
		Verdict  string
		Reason   geo.Text
		Opens    *time.Time
		Distance float64 `json:"distance_m"`
		Duration float64 `json:"duration_s"`
		Arrive   time.Time
		Legs     []struct {
			Mode     string
			Duration float64 `json:"duration_s"`
			Geometry struct{ Coordinates []orb.Point }
			Steps    []struct {
				Text geo.Text
				Turn string
			}
		}
	}
}

func TestRoute(t *testing.T) {
	r := start(t, Config{})
	from := at(-400, 5)
	for _, c := range []struct {
		name, to, more   string
		id, kind, inside string
		gate, verdict    string
		closed           int // gates that are listed as closed
	}{
		{name: "a point on the street", to: at(300, 5), verdict: "open"},
		{name: "a place on the street", to: "t:s7", id: "t:s7", kind: "station", verdict: "open"},
		{name: "a place inside", to: "t:s9", id: "t:s9", kind: "station", inside: compoundID, gate: southGate, verdict: "open", closed: 1},
		{name: "the compound", to: compoundID, id: compoundID, kind: "compound", gate: southGate, verdict: "open", closed: 1},
		{name: "the building", to: buildingID, id: buildingID, kind: "building", inside: compoundID, gate: southGate, verdict: "open", closed: 1},
		{name: "by e-bike", to: buildingID, more: "&by=ebike", id: buildingID, kind: "building", inside: compoundID, gate: southGate, verdict: "open", closed: 1},
		{name: "by bicycle", to: buildingID, more: "&by=bicycle", id: buildingID, kind: "building", inside: compoundID, gate: southGate, verdict: "open", closed: 1},
		{name: "at night", to: buildingID, more: "&depart=2026-05-08T03:00:00%2B08:00", id: buildingID, kind: "building", inside: compoundID, closed: 2},
		{name: "one option", to: buildingID, more: "&limit=1", id: buildingID, kind: "building", inside: compoundID, gate: southGate, verdict: "open", closed: 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got routeAnswer
			r.get("/api/route?from="+from+"&to="+url.QueryEscape(c.to)+c.more).want(t, 200).decode(t, &got)
			inside := ""
			if got.To.Compound != nil {
				inside = got.To.Compound.ID
			}
			if got.To.ID != c.id || got.To.Kind != c.kind || inside != c.inside {
				t.Errorf("to: %+v", got.To)
			}
			closed := 0
			for i, o := range got.Options {
				if o.Verdict == "closed" {
					closed++
					if len(o.Legs) != 0 || o.Gate == nil || o.Reason.Zh == "" || o.Reason.En == "" {
						t.Errorf("closed option %+v", o)
					}
					continue
				}
				if closed > 0 {
					t.Errorf("option %d leads there and stands behind a closed one", i)
				}
				total := 0.0
				for _, l := range o.Legs {
					total += l.Duration
				}
				if len(o.Legs) == 0 || math.Abs(total-o.Duration) > 60 || len(o.Legs[0].Geometry.Coordinates) < 2 || len(o.Legs[0].Steps) == 0 {
					t.Errorf("option %d: %+v", i, o)
				}
				if want := got.Depart.Add(time.Duration(o.Duration * float64(time.Second))); o.Arrive.Sub(want).Abs() > 2*time.Second {
					t.Errorf("option %d: arrives at %s, want %s", i, o.Arrive, want)
				}
			}
			if closed != c.closed {
				t.Errorf("%d closed gates, want %d", closed, c.closed)
			}
			if c.verdict == "" {
				if len(got.Options) != c.closed {
					t.Errorf("options: %+v", got.Options)
				}
				return
			}
			gate := ""
			if g := got.Options[0].Gate; g != nil {
				gate = g.ID
			}
			if gate != c.gate || got.Options[0].Verdict != c.verdict {
				t.Errorf("first by gate %q, %s; want %q, %s", gate, got.Options[0].Verdict, c.gate, c.verdict)
			}
		})
	}
}

// TestRouteSaysWhenAGateOpens asks at 03:00 for a compound whose gate opens at
// six.
func TestRouteSaysWhenAGateOpens(t *testing.T) {
	r := start(t, Config{})
	var got routeAnswer
	r.get("/api/route?from="+at(-400, 5)+"&to="+compoundID+"&depart=2026-05-08T03:00:00%2B08:00").want(t, 200).decode(t, &got)
	for _, o := range got.Options {
		if o.Gate.ID == southGate {
			if o.Opens == nil || !o.Opens.Equal(time.Date(2026, 5, 7, 22, 0, 0, 0, time.UTC)) {
				t.Errorf("opens %v: %s", o.Opens, o.Reason.En)
			}
			return
		}
	}
	t.Errorf("the south gate is not named: %+v", got.Options)
}

func TestRouteCannotBe(t *testing.T) {
	r := start(t, Config{})
	for to, status := range map[string]int{"nothing": 404, "t:s8": 404, "10,10": 404, at(-470, -410): 200} {
		a := r.get("/api/route?from="+at(0, 0)+"&to="+url.QueryEscape(to), "Accept-Language", "en")
		if a.StatusCode != status {
			t.Errorf("to %s: %d, want %d: %s", to, a.StatusCode, status, a.body)
		}
	}
}

// TestRouteWithoutLines leaves out what is not asked for, and nothing else.
func TestRouteWithoutLines(t *testing.T) {
	r := start(t, Config{})
	path := "/api/route?from=" + at(-400, 5) + "&to=" + buildingID
	strip := func(more string, cut ...string) string {
		var got map[string]any
		r.get(path+more).want(t, 200).decode(t, &got)
		for _, o := range got["options"].([]any) {
			for _, l := range o.(map[string]any)["legs"].([]any) {
				for _, name := range cut {
					delete(l.(map[string]any), name)
				}
			}
		}
		b, err := json.Marshal(got)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	for _, c := range []struct {
		more string
		cut  []string
	}{
		{"&geometry=false", []string{"geometry"}}, {"&steps=false", []string{"steps"}}, {"&geometry=false&steps=false", []string{"geometry", "steps"}},
		{"&geometry=true&steps=true", nil},
	} {
		if got, want := strip(c.more), strip("", c.cut...); got != want {
			t.Errorf("%s: %s\nwant %s", c.more, got, want)
		}
	}
}

// TestRouteKeepsItsTag wants the answer for a fixed departure to stay valid,
// that for now only within the minute.
func TestRouteKeepsItsTag(t *testing.T) {
	now := noon
	r := start(t, Config{Now: func() time.Time { return now }})
	fixed := "/api/route?from=" + at(0, 0) + "&to=t:s7&depart=2026-05-08T03:00:00%2B08:00"
	live := "/api/route?from=" + at(0, 0) + "&to=t:s7&depart=now"
	a, b := r.get(fixed).want(t, 200).Header.Get("ETag"), r.get(live).want(t, 200).Header.Get("ETag")
	now = noon.Add(time.Hour)
	r.get(fixed, "If-None-Match", a).want(t, 304)
	r.get(live, "If-None-Match", b).want(t, 200)
}

// TestRouteInAnotherDatum sends and gets positions in GCJ-02.
func TestRouteInAnotherDatum(t *testing.T) {
	r := start(t, Config{})
	d := datum.GCJ02
	p, q := d.FromWGS84(spot(-400, 0)), d.FromWGS84(spot(400, 0))
	var got routeAnswer
	r.get(fmt.Sprintf("/api/route?datum=gcj02&from=%.7f,%.7f&to=%.7f,%.7f", p[0], p[1], q[0], q[1])).want(t, 200).decode(t, &got)
	line := got.Options[0].Legs[0].Geometry.Coordinates
	if off := geo.Distance(line[0], p); off > 2 {
		t.Errorf("begins %g m from the start", off)
	}
	if math.Abs(got.Options[0].Distance-800) > 10 {
		t.Errorf("distance %g", got.Options[0].Distance)
	}
}
