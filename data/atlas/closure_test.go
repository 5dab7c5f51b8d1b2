package atlas

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"yizhan/geo"
)

// anyClosure draws a closure that Check accepts, as Register would enter it.
func anyClosure(t *rapid.T, i int) geo.Closure {
	point := func(name string) orb.Point {
		return orb.Point{rapid.Float64Range(-180, 180).Draw(t, name), rapid.Float64Range(-90, 90).Draw(t, name)}
	}
	instant := func(name string) time.Time {
		return time.Unix(rapid.Int64Range(9e8, 4e9).Draw(t, name), 0).UTC()
	}
	c := geo.Closure{ID: fmt.Sprint("c-", i), Opens: rapid.Bool().Draw(t, "opens"), Created: instant("created")}
	switch rapid.IntRange(0, 2).Draw(t, "about") {
	case 0:
		c.Gate = rapid.StringMatching(`[a-z:0-9"\\中]{1,20}`).Draw(t, "gate")
	case 1:
		p := point("street")
		c.Street = &p
	default:
		middle := point("middle")
		off := func(name string) float64 { return rapid.Float64Range(-0.2, 0.2).Draw(t, name) }
		for i := range rapid.IntRange(1, 3).Draw(t, "rings") {
			// Triangles side by side: their sides may not cross.
			ring := orb.Ring{}
			for range 3 {
				east := middle[0] + 0.1*float64(i) + off("east")/5
				ring = append(ring, orb.Point{max(-180, min(180, east)), max(-90, min(90, middle[1]+off("north")))})
			}
			c.Area = append(c.Area, append(ring, ring[0]))
		}
	}
	for _, m := range geo.Modes() {
		if rapid.Bool().Draw(t, "mode") {
			c.Modes = append(c.Modes, m)
		}
	}
	if rapid.Bool().Draw(t, "has from") {
		c.From = instant("from")
	}
	if rapid.Bool().Draw(t, "has to") {
		c.To = c.From.Add(time.Duration(rapid.Int64Range(1, 1e6).Draw(t, "length")) * time.Second)
		if c.From.IsZero() {
			c.To = instant("to")
		}
	}
	c.Reason = rapid.StringOf(rapid.RuneFrom([]rune("路修<>\"\\&, \u2028"))).Draw(t, "reason")
	if !visible(c.Reason) {
		c.Reason = ""
	}
	c, err := clean(c)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestClosuresReadBack wants every list read back from its file as it was.
func TestClosuresReadBack(t *testing.T) {
	zone := DefaultZone()
	rapid.Check(t, func(t *rapid.T) {
		var list []geo.Closure
		for i := range rapid.IntRange(0, 4).Draw(t, "n") {
			list = append(list, anyClosure(t, i))
		}
		data := encodeClosures(list, func(id string) *orb.Point {
			if id == "" || len(id)%2 == 0 {
				return nil
			}
			return &orb.Point{1, 2}
		}, zone)
		got, err := decodeClosures(data)
		if err != nil {
			t.Fatalf("%v\n%s", err, data)
		}
		same := cmp.Comparer(func(a, b time.Time) bool { return a.Equal(b) })
		if len(list) > 0 || len(got) > 0 {
			if d := cmp.Diff(list, got, same); d != "" {
				t.Fatalf("%s\n%s", d, data)
			}
		}
	})
}

// feature makes a file of one feature.
func feature(geometry, properties string) string {
	return `{"type":"FeatureCollection","features":[{"type":"Feature","geometry":` + geometry + `,"properties":{` + properties + `}}]}`
}

// TestClosuresByHand reads what people and QGIS write.
func TestClosuresByHand(t *testing.T) {
	square := `[[[1,1],[1.2,1],[1.2,1.2],[1,1]]]`
	for _, c := range []struct {
		name, file string
		want       func(geo.Closure) bool
	}{
		{"without an id", feature(`{"type":"Point","coordinates":[1,2]}`, `"state":"closed"`),
			func(c geo.Closure) bool {
				return strings.HasPrefix(c.ID, "h-") && *c.Street == orb.Point{1, 2} && !c.Opens
			}},
		{"a byte order mark", "\uFEFF" + feature(`{"type":"Point","coordinates":[1,2]}`, `"id":"x","state":"closed"`), func(c geo.Closure) bool { return c.ID == "x" }},
		{"a reason to be tidied", feature(`{"type":"Point","coordinates":[1,2]}`, `"state":"closed","reason":" \u202e修路\u2066 👨\u200d👩 \u200b"`), func(c geo.Closure) bool { return c.Reason == "修路 👨\u200d👩" }},
		{"members twice", feature(`{"type":"Point","coordinates":[1,2]}`, `"id":"x","state":"open","gate":"g","state":"closed","gate":""`), func(c geo.Closure) bool { return !c.Opens && c.Gate == "" && c.Street != nil }},
		{"properties twice", `{"type":"FeatureCollection","features":[{"type":"Feature","geometry":null,"properties":{"state":"open","reason":"x"},"properties":{"state":"closed","gate":"g"}}]}`,
			func(c geo.Closure) bool { return !c.Opens && c.Reason == "" && c.Gate == "g" }},
		{"nulls for absent", feature(`{"type":"Point","coordinates":[1,2,45.5]}`, `"id":"x","state":"open","gate":null,"modes":null,"from":null,"to":null,"reason":null,"fid":null`),
			func(c geo.Closure) bool { return c.ID == "x" && c.Opens && c.Modes == nil && c.From.IsZero() }},
		{"a gate at its point", feature(`{"type":"Point","coordinates":[1,2]}`, `"state":"closed","gate":"osm:n1"`),
			func(c geo.Closure) bool { return c.Gate == "osm:n1" && c.Street == nil }},
		{"a gate without geometry", feature(`null`, `"state":"closed","gate":"osm:n1"`), func(c geo.Closure) bool { return c.Gate == "osm:n1" }},
		{"an area", feature(`{"type":"Polygon","coordinates":`+square+`}`, `"state":"closed"`), func(c geo.Closure) bool { return len(c.Area[0]) == 4 }},
		{"a multipolygon of one", feature(`{"type":"MultiPolygon","coordinates":[`+square+`]}`, `"state":"closed"`), func(c geo.Closure) bool { return len(c.Area[0]) == 4 }},
		{"modes as a text", feature(`{"type":"Point","coordinates":[1,2]}`, `"state":"closed","modes":"[ \"bicycle\", \"ebike\" ]"`), func(c geo.Closure) bool { return len(c.Modes) == 2 }},
		{"an answer saved", feature(`{"type":"Point","coordinates":[1,2]}`, `"state":"closed","phase":"active","effect":{"streets":1,"gates":0},"lasting":true`), func(c geo.Closure) bool { return true }},
		{"members of QGIS", `{"type":"FeatureCollection","name":"x","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:OGC:1.3:CRS84"}},"features":[` +
			`{"type":"Feature","id":7,"geometry":{"type":"Point","coordinates":[1,2]},"properties":{"state":"closed"}}]}`, func(c geo.Closure) bool { return true }},
	} {
		list, err := decodeClosures([]byte(c.file))
		if err != nil || len(list) != 1 || !c.want(list[0]) {
			t.Errorf("%s: %+v, %v", c.name, list, err)
			continue
		}
		if again, err := decodeClosures([]byte(c.file)); err != nil || again[0].ID != list[0].ID {
			t.Errorf("%s: the id changes from %s to %s", c.name, list[0].ID, again[0].ID)
		}
	}
}

// TestDamagedClosures wants every damage named, with what to do.
func TestDamagedClosures(t *testing.T) {
	point := `{"type":"Point","coordinates":[1,2]}`
	two := `{"type":"FeatureCollection","features":[{"type":"Feature","geometry":` + point + `,"properties":{"id":"a","state":"closed"}},{"type":"Feature","geometry":` + point + `,"properties":{"id":"a","state":"closed"}}]}`
	for _, c := range []struct{ name, file, says string }{
		{"empty", ``, "complete JSON"},
		{"cut off", two[:len(two)-10], "complete JSON"},
		{"rubbish behind", feature(point, `"state":"closed"`) + "x", "after its end"},
		{"another type", `{"type":"Topology","features":[]}`, "FeatureCollection"},
		{"no features", `{"type":"FeatureCollection"}`, "FeatureCollection"},
		{"another datum", `{"type":"FeatureCollection","crs":{"properties":{"name":"EPSG:3857"}},"features":[]}`, "WGS-84"},
		{"no feature", `{"type":"FeatureCollection","features":[7]}`, "closure 1"},
		{"twice", two, "closure 2"},
		{"no state", feature(point, `"reason":"x"`), "state"},
		{"unknown state", feature(point, `"state":"shut"`), "state"},
		{"unknown property", feature(point, `"state":"closed","form":"2026-05-01T00:00:00Z"`), "form"},
		{"a time without a zone", feature(point, `"state":"closed","from":"2026-05-01T00:00:00"`), "from"},
		{"ends before it begins", feature(point, `"state":"closed","from":"2026-05-02T00:00:00Z","to":"2026-05-01T00:00:00Z"`), "ends before"},
		{"unknown mode", feature(point, `"state":"closed","modes":["car"]`), "car"},
		{"modes of numbers", feature(point, `"state":"closed","modes":[1]`), "modes"},
		{"about nothing", feature(`null`, `"state":"closed"`), "closure 1"},
		{"a line", feature(`{"type":"LineString","coordinates":[[1,2],[3,4]]}`, `"state":"closed"`), "Polygon"},
		{"a short position", feature(`{"type":"Point","coordinates":[1]}`, `"state":"closed"`), "Polygon"},
		{"off the earth", feature(`{"type":"Point","coordinates":[1,200]}`, `"state":"closed"`), "lon,lat"},
		{"an open ring", feature(`{"type":"Polygon","coordinates":[[[1,1],[1.2,1],[1.2,1.2],[1,1.2]]]}`, `"state":"closed"`), "ring"},
		{"two polygons", feature(`{"type":"MultiPolygon","coordinates":[[],[]]}`, `"state":"closed"`), "one polygon"},
		{"a gate and an area", feature(`{"type":"Polygon","coordinates":[[[1,1],[1.2,1],[1.2,1.2],[1,1]]]}`, `"state":"closed","gate":"g"`), "either"},
		{"a position of nulls", feature(`{"type":"Point","coordinates":[null,null]}`, `"state":"closed"`), "lon,lat"},
		{"a corner of nulls", feature(`{"type":"Polygon","coordinates":[[[1,1],[null,1],[1.2,1.2],[1,1]]]}`, `"state":"closed"`), "lon,lat"},
		{"a position that is null", feature(`{"type":"Point","coordinates":null}`, `"state":"closed"`), "lon,lat"},
		{"before our time", feature(point, `"state":"closed","from":"0001-01-01T00:00:01Z"`), "1970"},
		{"after our time", feature(point, `"state":"closed","to":"9999-01-01T00:00:00Z"`), "2200"},
		{"a reason that nobody sees", feature(point, `"state":"closed","reason":"\u200b \u202e\u2066"`), "nothing to be seen"},
		{"half a character", feature(point, `"state":"closed","reason":"a\ud800"`), "broken"},
		{"a country", feature(`{"type":"Polygon","coordinates":[[[1,1],[3,1],[3,3],[1,1]]]}`, `"state":"closed"`), "square kilometres"},
		{"around the earth", feature(`{"type":"Polygon","coordinates":[[[-179,1],[179,1],[179,1.001],[-179,1]]]}`, `"state":"closed"`), "180"},
		{"a control character", feature(point, `"state":"closed","reason":"a\u0007"`), "control"},
	} {
		_, err := decodeClosures([]byte(c.file))
		if geo.CodeOf(err) != geo.Invalid || !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), ClosuresFile) || !strings.Contains(err.Error(), noClosures) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// FuzzClosures wants whatever is read to be written and read again the same.
func FuzzClosures(f *testing.F) {
	f.Add([]byte(feature(`{"type":"Point","coordinates":[1,2]}`, `"state":"closed","from":"2026-05-01T00:00:00Z","modes":["foot"]`)))
	f.Add([]byte(feature(`{"type":"Polygon","coordinates":[[[1,1],[1.2,1],[1.2,1.2],[1,1]]]}`, `"state":"open","reason":"x"`)))
	f.Add([]byte(feature(`null`, `"state":"closed","gate":"osm:n1"`)))
	f.Fuzz(func(t *testing.T, data []byte) {
		list, err := decodeClosures(data)
		if err != nil {
			return
		}
		once := encodeClosures(list, func(string) *orb.Point { return nil }, time.UTC)
		again, err := decodeClosures(once)
		if err != nil {
			t.Fatalf("%v\n%s", err, once)
		}
		if twice := encodeClosures(again, func(string) *orb.Point { return nil }, time.UTC); string(once) != string(twice) {
			t.Fatalf("%s\nbecame\n%s", once, twice)
		}
	})
}

func TestPhase(t *testing.T) {
	day := func(d int) time.Time { return time.Date(2026, 5, d, 0, 0, 0, 0, time.UTC) }
	for _, c := range []struct {
		from, to, at time.Time
		want         Phase
	}{
		{time.Time{}, time.Time{}, day(1), Active},
		{day(2), day(3), day(1), Planned}, {day(2), day(3), day(2), Active}, {day(2), day(3), day(3).Add(-1), Active}, {day(2), day(3), day(3), Expired},
		{time.Time{}, day(3), day(1), Active}, {day(2), time.Time{}, day(9), Active},
	} {
		if got := PhaseAt(&geo.Closure{From: c.from, To: c.to}, c.at); got != c.want {
			t.Errorf("%s to %s at %s: %s, want %s", c.from, c.to, c.at, got, c.want)
		}
	}
}

// TestFaultNamesTheClosure: the same fault is told in the same words at every
// reading, with the id wherever that stands.
func TestFaultNamesTheClosure(t *testing.T) {
	file := []byte(feature(`null`, `"created":7,"to":true,"from":8,"gate":9,"state":"closed","id":"mine"`))
	_, first := decodeClosures(file)
	for range 50 {
		if _, err := decodeClosures(file); err.Error() != first.Error() || !strings.Contains(err.Error(), `"mine"`) {
			t.Fatalf("%v\n%v", first, err)
		}
	}
}
