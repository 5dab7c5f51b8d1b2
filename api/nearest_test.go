package api

import (
	"encoding/json"
	"fmt"
	"math"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"yizhan/geo"
	"yizhan/geo/datum"
	"yizhan/geo/index"
)

// collection is as much of a FeatureCollection as the tests look at.
type collection struct {
	Features []struct {
		ID       string
		Geometry struct {
			Type        string
			Coordinates json.RawMessage
		}
		Properties map[string]any
	}
}

func (c collection) ids() string {
	ids := make([]string, len(c.Features))
	for i, f := range c.Features {
		ids[i] = f.ID
	}
	return strings.Join(ids, " ")
}

// at formats a spot of the town as a parameter.
func at(x, y float64) string {
	p := spot(x, y)
	return fmt.Sprintf("%.7f,%.7f", p[0], p[1])
}

func TestNearest(t *testing.T) {
	r := start(t, Config{})
	for _, c := range []struct{ name, query, want string }{
		{"stations by default, five, dated ones outside their dates left out", "", "t:s4 t:s3 t:s1 t:s9 t:s2"},
		{"limit", "&limit=2", "t:s4 t:s3"},
		{"all", "&limit=100", "t:s4 t:s3 t:s1 t:s9 t:s2 t:s7"},
		{"within", "&within=120", "t:s4 t:s3 t:s1"},
		{"one facility", "&facility=microwave", "t:s1 t:s2"},
		{"two facilities", "&facility=microwave&facility=fridge", "t:s2"},
		{"the same facility twice", "&facility=fridge&facility=fridge", "t:s2"},
		{"no such station", "&facility=legal_aid", ""},
		{"open now leaves out the unknown", "&open=now", "t:s1 t:s2 t:s7"},
		{"open at night", "&open=2026-05-08T03:00:00%2B08:00", "t:s2 t:s7"},
		{"open in the evening", "&open=2026-05-08T20:00:00%2B08:00", "t:s4 t:s1 t:s2 t:s7"},
		{"in another zone", "&open=2026-05-08T12:00:00Z", "t:s4 t:s1 t:s2 t:s7"},
		{"open on a later date", "&open=2026-05-12T10:00:00%2B08:00", "t:s5 t:s1 t:s2"},
		{"a dated service has ended", "&open=2026-05-10T10:00:00%2B08:00", "t:s1 t:s2"},
		{"chargers", "&kind=charger", "t:c1"},
		{"bus stops", "&kind=bus_stop", "t:b1"},
		{"parking", "&kind=parking", "t:p1 t:中文/斜杠%"},
		{"shared bikes", "&kind=shared_bike", "t:k1"},
		{"gates", "&kind=gate", westGate + " " + southGate},
		{"parking has no hours, so is not surely open", "&kind=parking&open=now", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got collection
			r.get("/api/nearest?at="+at(0, 0)+c.query).want(t, 200).decode(t, &got)
			if got.ids() != c.want {
				t.Errorf("got  %s\nwant %s", got.ids(), c.want)
			}
		})
	}
}

func TestNearestProperties(t *testing.T) {
	r := start(t, Config{})
	var got collection
	r.get("/api/nearest?limit=100&at="+at(0, 0)).want(t, 200).decode(t, &got)
	open := map[string]string{}
	for _, f := range got.Features {
		o := f.Properties["open"].(map[string]any)
		open[f.ID] = fmt.Sprint(o["state"], " ", o["until"], " ", o["next"])
		var p orb.Point
		if err := json.Unmarshal(f.Geometry.Coordinates, &p); err != nil {
			t.Fatal(err)
		}
		if d := f.Properties["distance_m"].(float64); math.Abs(d-geo.Distance(spot(0, 0), p)) > 0.1 {
			t.Errorf("%s: distance %v, want %v", f.ID, d, geo.Distance(spot(0, 0), p))
		}
		if _, ok := f.Properties["duration_s"]; ok {
			t.Errorf("%s has a travel time without a mode", f.ID)
		}
	}
	for id, want := range map[string]string{
		"t:s1": "open 2026-05-08T21:00:00+08:00 closed",
		"t:s2": "open <nil> <nil>",
		"t:s3": "unknown <nil> <nil>",
		"t:s4": "closed 2026-05-08T18:00:00+08:00 open",
		"t:s7": "open 2026-05-09T08:00:00+08:00 closed",
	} {
		if open[id] != want {
			t.Errorf("%s: open %s, want %s", id, open[id], want)
		}
	}
	if got.Features[1].Properties["name"] != `老王"便利"店 <b>\` || got.Features[1].Properties["note"] != "第一行\n第二行" {
		t.Errorf("texts: %v", got.Features[1].Properties)
	}
}

func TestNearestGatesSayWhoMayPass(t *testing.T) {
	now := noon
	r := start(t, Config{Now: func() time.Time { return now }})
	verdicts := func() string {
		var got collection
		r.get("/api/nearest?kind=gate&at="+at(0, 0)).want(t, 200).decode(t, &got)
		var s []string
		for _, f := range got.Features {
			access := f.Properties["gate"].(map[string]any)["access"].(map[string]any)
			for _, m := range geo.Modes() {
				a := access[m.String()].(map[string]any)
				s = append(s, fmt.Sprint(f.Properties["name"], " ", m, " ", a["verdict"]))
				if reason := a["reason"].(map[string]any); reason["zh"] == "" || reason["en"] == "" {
					t.Errorf("%s: no reason", f.ID)
				}
			}
		}
		return strings.Join(s, ", ")
	}
	if got, want := verdicts(), "西门 foot closed, 西门 bicycle closed, 西门 ebike closed, 南门 foot open, 南门 bicycle open, 南门 ebike open"; got != want {
		t.Errorf("at noon: %s\nwant %s", got, want)
	}
	now = noon.Add(-9 * time.Hour) // 03:00
	if got, want := verdicts(), "西门 foot closed, 西门 bicycle closed, 西门 ebike closed, 南门 foot closed, 南门 bicycle closed, 南门 ebike closed"; got != want {
		t.Errorf("at 03:00: %s\nwant %s", got, want)
	}
}

// TestNearestInAnotherDatum asks in GCJ-02 and BD-09 for the same spot and
// wants the same places, at positions in that datum.
func TestNearestInAnotherDatum(t *testing.T) {
	r := start(t, Config{})
	for _, d := range []datum.Datum{datum.GCJ02, datum.BD09} {
		p := d.FromWGS84(spot(0, 0))
		var got collection
		r.get(fmt.Sprintf("/api/nearest?limit=2&at=%.9f,%.9f&datum=%s", p[0], p[1], d)).want(t, 200).decode(t, &got)
		if got.ids() != "t:s4 t:s3" {
			t.Fatalf("%s: %s", d, got.ids())
		}
		var q orb.Point
		if err := json.Unmarshal(got.Features[0].Geometry.Coordinates, &q); err != nil {
			t.Fatal(err)
		}
		if off := geo.Distance(q, d.FromWGS84(spot(20, -30))); off > 0.1 {
			t.Errorf("%s: position %v is %g m off", d, q, off)
		}
		if dist := got.Features[0].Properties["distance_m"].(float64); math.Abs(dist-geo.Distance(spot(0, 0), spot(20, -30))) > 0.2 {
			t.Errorf("%s: distance %v", d, dist)
		}
	}
}

// TestNearestByTime wants the order of travel times and, for every station and
// mode, the times that the router gives.
func TestNearestByTime(t *testing.T) {
	r := start(t, Config{})
	a := r.keeper.Current()
	for _, mode := range geo.Modes() {
		for _, from := range []orb.Point{spot(0, 0), spot(-480, 5), spot(160, 130), spot(490, 290), spot(30, 290)} {
			want := slowNearest(t, r, from, mode)
			for _, limit := range []int{1, 2, 4, 100} {
				var got collection
				r.get(fmt.Sprintf("/api/nearest?at=%.7f,%.7f&by=%s&limit=%d", from[0], from[1], mode, limit)).want(t, 200).decode(t, &got)
				if len(got.Features) != min(limit, len(want)) {
					t.Errorf("%s from %v: %d places, want %d", mode, from, len(got.Features), min(limit, len(want)))
				}
				last := 0.0
				for i, f := range got.Features {
					d := f.Properties["duration_s"].(float64)
					if d < last {
						t.Errorf("%s from %v: not in order of time: %s", mode, from, got.ids())
					}
					last = d
					if i < len(want) && math.Abs(d-want[i].duration) > 1 {
						t.Errorf("%s from %v: place %d takes %g s, want %s in %g s", mode, from, i, d, a.Places.ID(want[i].Slot), want[i].duration)
					}
					if f.Properties["route_distance_m"].(float64) < 0 {
						t.Errorf("%s: no length", f.ID)
					}
				}
			}
		}
	}
	if a.Places.Len(geo.KindStation) == 0 {
		t.Fatal("no stations")
	}
}

// TestAmongMany: where places are too many to be pinned, the answer is the
// same.
func TestAmongMany(t *testing.T) {
	r := start(t, Config{})
	a := r.keeper.Current()
	depart := noon.In(a.Zone).Truncate(time.Minute)
	for _, mode := range geo.Modes() {
		for _, from := range []orb.Point{spot(0, 0), spot(-480, 5), spot(160, 130), spot(490, 290)} {
			for _, onArrival := range []bool{false, true} {
				for _, within := range []float64{0, 150} {
					q := index.Query{At: from, Kinds: []geo.Kind{geo.KindStation}, Limit: 4, Within: within, Where: func(p index.Slot) bool { return running(a.Places.Valid(p), depart) }}
					want, err := nearestByTime(t.Context(), a, q, mode, depart, onArrival)
					if err != nil {
						t.Fatal(err)
					}
					got, err := amongMany(t.Context(), a, q, mode, depart, onArrival)
					if err != nil {
						t.Fatal(err)
					}
					// Sums of the same times in another order differ by less than this shows.
					say := func(all []found) (s string) {
						for _, f := range all {
							s += fmt.Sprintf("%d %.6f %.6f %.6f, ", f.Slot, f.Distance, f.duration, f.route)
						}
						return s
					}
					if say(got) != say(want) || within == 0 && len(want) == 0 {
						t.Errorf("%s from %v, on arrival %t, within %g:\n%v\n%v", mode, from, onArrival, within, got, want)
					}
				}
			}
		}
	}
}

// slowNearest times every station, one by one.
func slowNearest(t *testing.T, r *rig, from orb.Point, mode geo.Mode) []found {
	t.Helper()
	a := r.keeper.Current()
	depart := noon.In(a.Zone).Truncate(time.Minute)
	var all []found
	for _, h := range a.Places.Nearest(index.Query{At: from, Kinds: []geo.Kind{geo.KindStation}}) {
		if !running(a.Places.Valid(h.Slot), depart) {
			continue
		}
		c, err := a.Router.Durations(t.Context(), from, mode, depart, []orb.Point{a.Places.Point(h.Slot)}, maxTravel)
		if err != nil {
			t.Fatal(err)
		}
		if c[0].OK {
			all = append(all, found{Hit: h, duration: c[0].Duration})
			if c[0].Duration*topSpeed(a, mode) < h.Distance {
				t.Errorf("%s: %s is reached faster than top speed allows", mode, a.Places.ID(h.Slot))
			}
		}
	}
	slices.SortFunc(all, func(x, y found) int { return int(math.Copysign(1, x.duration-y.duration)) })
	return all
}

// TestNearestOpenOnArrival asks shortly before closing time: near stations are
// open on arrival, those too far are not.
func TestNearestOpenOnArrival(t *testing.T) {
	r := start(t, Config{Now: func() time.Time { return time.Date(2026, 5, 8, 20, 56, 0, 0, time.FixedZone("", 8*3600)) }})
	var near, far collection
	r.get("/api/nearest?by=foot&open=arrival&limit=9&at="+at(-100, 0)).want(t, 200).decode(t, &near)
	r.get("/api/nearest?by=foot&open=arrival&limit=9&at="+at(480, 0)).want(t, 200).decode(t, &far)
	if !strings.Contains(near.ids(), "t:s1") {
		t.Errorf("near: %s lacks t:s1, open until 21:00", near.ids())
	}
	if strings.Contains(far.ids(), "t:s1") || !strings.Contains(far.ids(), "t:s7") {
		t.Errorf("far: %s; t:s1 closes before anybody gets there, t:s7 does not", far.ids())
	}
}

// TestNearestChangesWithTheMinute wants the ETag to hold within the minute and
// to change with it.
func TestNearestChangesWithTheMinute(t *testing.T) {
	now := noon
	r := start(t, Config{Now: func() time.Time { return now }})
	path := "/api/nearest?at=" + url.QueryEscape(at(0, 0))
	first := r.get(path).want(t, 200).Header.Get("ETag")
	now = noon.Add(20 * time.Second)
	r.get(path, "If-None-Match", first).want(t, 304)
	now = noon.Add(40 * time.Second)
	second := r.get(path, "If-None-Match", first).want(t, 200).Header.Get("ETag")
	if second == first {
		t.Error("the ETag outlives its minute")
	}
	now = time.Date(2026, 5, 8, 21, 0, 0, 0, time.FixedZone("", 8*3600))
	var got collection
	r.get(path, "If-None-Match", second).want(t, 200).decode(t, &got)
	i := slices.Index(strings.Fields(got.ids()), "t:s1")
	if state := got.Features[i].Properties["open"].(map[string]any)["state"]; state != "closed" {
		t.Errorf("at 21:00 t:s1 is %v", state)
	}
}
