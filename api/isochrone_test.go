package api

import (
	"encoding/json"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"
	"github.com/paulmach/orb/planar"

	"yizhan/geo"
	"yizhan/geo/datum"
)

// isochrones asks and returns the features, checked for order and shape.
func (r *rig) isochrones(query string) []*geojson.Feature {
	r.t.Helper()
	var raw struct{ Features []json.RawMessage }
	r.get("/api/isochrone?"+query).want(r.t, 200).decode(r.t, &raw)
	var all []*geojson.Feature
	last := math.MaxInt
	for _, b := range raw.Features {
		f, err := geojson.UnmarshalFeature(b)
		if err != nil {
			r.t.Fatal(err)
		}
		minutes := f.Properties.MustInt("minutes")
		switch g := f.Geometry.(type) {
		case orb.MultiPolygon:
			if minutes >= last {
				r.t.Errorf("%s: %d minutes after %d", query, minutes, last)
			}
			last = minutes
			for _, p := range g {
				for i, ring := range p {
					if ring[0] != ring[len(ring)-1] || (ring.Orientation() == orb.CCW) != (i == 0) {
						r.t.Errorf("%s: ring %d is open or wound the wrong way", query, i)
					}
				}
			}
		case orb.MultiLineString:
			if minutes != last {
				r.t.Errorf("%s: lines of %d minutes after the area of %d", query, minutes, last)
			}
		default:
			r.t.Errorf("%s: %T", query, g)
		}
		all = append(all, f)
	}
	return all
}

func TestIsochrone(t *testing.T) {
	r := start(t, Config{})
	here := "at=" + at(-400, 0)
	all := r.isochrones(here)
	if len(all) != 3 {
		t.Fatalf("%d features by default", len(all))
	}
	for i, minutes := range []int{15, 10, 5} {
		if all[i].Properties.MustInt("minutes") != minutes || all[i].Properties.MustString("by") != "foot" {
			t.Errorf("feature %d: %v", i, all[i].Properties)
		}
	}
	// Within 5 minutes on foot, some 400 m: the street, not the court behind it.
	five, ok := all[2].Geometry.(orb.MultiPolygon)
	if !ok || !planar.MultiPolygonContains(five, spot(-300, 0)) || planar.MultiPolygonContains(five, spot(300, 0)) || planar.MultiPolygonContains(five, spot(150, 150)) {
		t.Errorf("5 minutes: %v", five)
	}
	if size := all[2].Properties.MustFloat64("area_m2"); size < 1000 || size > 640_000 {
		t.Errorf("area %g m²", size)
	}
	lines := r.isochrones(here + "&lines=true&minutes=3,8&by=ebike")
	if len(lines) != 4 {
		t.Fatalf("%d features with lines", len(lines))
	}
	if g, ok := lines[3].Geometry.(orb.MultiLineString); !ok || len(g) == 0 {
		t.Errorf("no lines: %v", lines[3].Geometry)
	}
	r.get("/api/isochrone?at=10,10").want(t, 404)
}

// TestIsochroneObeysGates asks inside a compound whose gate is shut at night.
func TestIsochroneObeysGates(t *testing.T) {
	r := start(t, Config{Token: secret})
	size := func(more string) float64 {
		return r.isochrones("minutes=10&at=" + at(150, 0) + more)[0].Properties.MustFloat64("area_m2")
	}
	day, night := size(""), size("&depart=2026-05-08T03:00:00%2B08:00")
	if night >= day {
		t.Errorf("%g m² at night, %g by day", night, day)
	}
	r.send("/api/closures", `{"state":"closed","gate":"`+southGate+`"}`).want(t, 201)
	if shut := size(""); math.Abs(shut-night) > 1 {
		t.Errorf("%g m² with the gate closed, %g at night", shut, night)
	}
}

// TestIsochroneKeepsItsTag and answers in the datum of the request.
func TestIsochroneKeepsItsTag(t *testing.T) {
	now := noon
	r := start(t, Config{Now: func() time.Time { return now }})
	fixed := "/api/isochrone?at=" + at(0, 0) + "&depart=2026-05-08T03:00:00%2B08:00"
	live := "/api/isochrone?at=" + at(0, 0)
	a, b := r.get(fixed).Header.Get("ETag"), r.get(live).Header.Get("ETag")
	now = noon.Add(time.Hour)
	r.get(fixed, "If-None-Match", a).want(t, 304)
	r.get(live, "If-None-Match", b).want(t, 200)

	p := datum.GCJ02.FromWGS84(spot(0, 0))
	shifted := r.isochrones(fmt.Sprintf("minutes=5&datum=gcj02&at=%.7f,%.7f", p[0], p[1]))[0].Geometry.Bound().Center()
	plain := r.isochrones("minutes=5&at=" + at(0, 0))[0].Geometry.Bound().Center()
	if off := geo.Distance(shifted, datum.GCJ02.FromWGS84(plain)); off > 5 {
		t.Errorf("%g m off", off)
	}
}

// TestIsochroneLinesOnce: no line stands in two features, and all those up to a
// number of minutes are what that number asked alone gives, or shorter pieces
// of it.
func TestIsochroneLinesOnce(t *testing.T) {
	r := start(t, Config{})
	ask := "lines=true&at=" + at(-400, 0) + "&minutes="
	lines := func(minutes string) map[string]int {
		got := map[string]int{}
		for _, f := range r.isochrones(ask + minutes) {
			if m, ok := f.Geometry.(orb.MultiLineString); ok {
				for _, l := range m {
					got[fmt.Sprint(l)]++
				}
			}
		}
		return got
	}
	all, alone := lines("2,5,10,15"), lines("15")
	for l, n := range all {
		if n > 1 {
			t.Errorf("%d times %s", n, l)
		}
	}
	for l := range alone {
		if all[l] == 0 {
			t.Errorf("missing: %s", l)
		}
	}
	if len(alone) < 5 {
		t.Errorf("%d lines", len(alone))
	}
}
