package api

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"yizhan/geo"
	"yizhan/geo/datum"
)

// TestBodyReadsBack reads every kind of member.
func TestBodyReadsBack(t *testing.T) {
	zone := time.FixedZone("", 8*3600)
	b, err := parseBody([]byte(` {"s":"100% 中","t":"2026-05-01T00:00:00Z","m":"ebike","ms":["foot","ebike"],"p":[116.35,39.96],"ps":[[1,2],[3,4]],
		"a":{"type":"Polygon","coordinates":[[[1,1],[2,1],[2,2],[1,1]]]},"datum":"bd09"} `), []string{"s", "t", "m", "ms", "p", "ps", "a", "datum"}, zone)
	if err != nil {
		t.Fatal(err)
	}
	if s := b.word("s"); s != "100% 中" {
		t.Errorf("word %q", s)
	}
	if at := b.when("t"); at.Format(time.RFC3339) != "2026-05-01T08:00:00+08:00" {
		t.Errorf("time %s", at)
	}
	if m, ms := b.mode("m", geo.Foot), b.modes("ms"); m != geo.Ebike || len(ms) != 2 {
		t.Errorf("modes %v %v", m, ms)
	}
	if p, ps, a := b.point("p", datum.WGS84), b.points("ps", datum.WGS84, 2), b.polygon("a", datum.WGS84); p == nil || p[0] != 116.35 || len(ps) != 2 || len(a) != 1 || len(a[0]) != 4 {
		t.Errorf("positions %v %v %v", p, ps, a)
	}
	if d := b.datum(); d != datum.BD09 {
		t.Errorf("datum %s", d)
	}
	if b.word("no") != "" || !b.when("no").IsZero() || b.point("no", datum.WGS84) != nil || b.polygon("no", datum.WGS84) != nil || b.modes("no") != nil || b.mode("no", geo.Bicycle) != geo.Bicycle {
		t.Error("an absent member has a value")
	}
	if err := b.err(); err != nil {
		t.Errorf("fault %v", err)
	}
	if b.points("no", datum.WGS84, 1); b.err() == nil {
		t.Error("absent points are no fault")
	}
}

// FuzzBody wants every body read, or refused for a reason that is told, and
// nothing read that encoding/json would refuse.
func FuzzBody(f *testing.F) {
	for _, s := range []string{
		`{"state":"closed","gate":"g"}`, `{"street":[1,2],"from":"2026-05-01T00:00:00Z"}`, `{"area":{"type":"Polygon","coordinates":[[[1,1],[2,1],[2,2],[1,1]]]}}`,
		`{"modes":["foot"],"reason":"\ud800"}`, `{"gate":1e999}`, `{"gate":"a","gate":"b"}`, `{"from":null}`, "{\"reason\":\"\xff\"}", strings.Repeat("[", 100),
	} {
		f.Add([]byte(s))
	}
	names := []string{"state", "gate", "street", "area", "modes", "from", "to", "reason", "datum", "points"}
	f.Fuzz(func(t *testing.T, raw []byte) {
		b, err := parseBody(raw, names, time.UTC)
		if err == nil {
			if !json.Valid(raw) {
				t.Fatalf("%q is read and is no JSON", raw)
			}
			d := b.datum()
			b.word("state")
			b.word("reason")
			b.when("from")
			b.modes("modes")
			b.point("street", d)
			b.polygon("area", d)
			if b.has("points") {
				b.points("points", d, 10)
			}
			err = b.err()
		}
		var told *fault
		if err != nil && (!errors.As(err, &told) || told.detail.IsZero() || told.kind != probParameter) {
			t.Fatalf("%q: %v", raw, err)
		}
	})
}
