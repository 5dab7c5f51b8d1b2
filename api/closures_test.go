package api

import (
	"fmt"
	"io"
	"math"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"yizhan/data/atlas"
	"yizhan/geo"
	"yizhan/geo/datum"
)

// secret is the token of the tests.
const secret = "correct-horse-battery-staple"

// send posts JSON with the token and further headers.
func (r *rig) send(path, body string, header ...string) *reply {
	r.t.Helper()
	return r.do(http.MethodPost, path, strings.NewReader(body), append([]string{"Content-Type", "application/json", "Authorization", "Bearer " + secret}, header...)...)
}

func (r *rig) remove(path string) *reply {
	r.t.Helper()
	return r.do(http.MethodDelete, path, nil, "Authorization", "Bearer "+secret)
}

// closureAnswer is as much of a closure as the tests look at.
type closureAnswer struct {
	ID         string
	Geometry   *struct{ Type string }
	Properties struct {
		State, Gate, Phase, Reason string
		Modes                      []string
		From, To, Created          *time.Time
		Effect                     struct {
			Streets, Gates int
			Name           string
			Line           [][2]float64
		}
		Lasting bool
	}
}

type closureList struct{ Features []closureAnswer }

// polygonOf is a rectangle in metres as GeoJSON.
func polygonOf(x0, y0, x1, y1 float64) string {
	var b strings.Builder
	for i, p := range ring(x0, y0, x1, y1) {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "[%.7f,%.7f]", p[0], p[1])
	}
	return `{"type":"Polygon","coordinates":[[` + b.String() + `]]}`
}

// townFolder makes a data folder of the town.
func townFolder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	s, err := atlas.At(dir).Stage()
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	streets, err := townStreets()
	if err != nil {
		t.Fatal(err)
	}
	f, err := s.Create(atlas.StreetsFile)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := streets.WriteTo(f); err != nil {
		t.Fatal(err)
	}
	st, err := s.Store(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range townPlaces() {
		if err := st.Put(t.Context(), *p); err != nil {
			t.Fatal(err)
		}
	}
	gates := streets.Gates()
	if err := st.Put(t.Context(), gates...); err != nil {
		t.Fatal(err)
	}
	if err := s.Commit(); err != nil {
		t.Fatal(err)
	}
	return dir
}

// startFolder serves a data folder.
func startFolder(t *testing.T, dir string) *rig {
	t.Helper()
	a, err := atlas.Open(t.Context(), dir, atlas.Options{})
	if err != nil {
		t.Fatal(err)
	}
	k := &atlas.Keeper{}
	k.Swap(a)
	return start(t, Config{Keeper: k, Token: secret, Closures: atlas.NewRegister(k, dir), Editor: atlas.NewEditor(k, dir)})
}

// entered tells how the way into the compound is judged at noon: by the gate it
// takes, or "shut".
func (r *rig) entered() string { r.t.Helper(); return r.routeAt("now") }

// TestClosureFollowsAtOnce closes and opens a gate, a street and an area, and
// asks after each; then starts again on the same folder.
func TestClosureFollowsAtOnce(t *testing.T) {
	dir := townFolder(t)
	r := startFolder(t, dir)
	if by := r.entered(); by != southGate {
		t.Fatalf("in by %s before anything", by)
	}
	route := "/api/route?from=" + at(-400, 5) + "&to=" + buildingID
	tag := r.get(route).Header.Get("ETag")

	var c closureAnswer
	a := r.send("/api/closures", `{"state":"closed","gate":"`+southGate+`","reason":"检修 <b>","to":"2026-05-09T00:00:00+08:00"}`).want(t, 201)
	a.decode(t, &c)
	if c.Properties.Effect.Gates != 1 || c.Properties.Phase != "active" || !c.Properties.Lasting || c.Properties.Gate != southGate || c.Geometry.Type != "Point" ||
		a.Header.Get("Location") != "/api/closures/"+c.ID {
		t.Errorf("closed: %+v at %s", c, a.Header.Get("Location"))
	}
	if by := r.entered(); by != "shut" {
		t.Errorf("in by %s though the gate is closed", by)
	}
	if body := string(r.get(route, "If-None-Match", tag).want(t, 200).body); !strings.Contains(body, "检修 <b>") {
		t.Errorf("the reason is not told: %s", body)
	}
	if body := string(r.get("/api/places/"+southGate).want(t, 200).body); !strings.Contains(body, `"verdict":"closed"`) {
		t.Errorf("the gate's own page: %s", body)
	}
	if got := r.get("/api/nearest?kind=station&by=foot&limit=50&at="+at(150, 5)).want(t, 200); strings.Contains(string(got.body), "t:s9") {
		t.Error("nearest reaches the station inside the closed compound")
	}
	// It is over tomorrow.
	if by := r.routeAt("2026-05-09T12:00:00%2B08:00"); by != southGate {
		t.Errorf("tomorrow in by %s", by)
	}

	// Opening the west gate leads in there, and by its own ID out again.
	var open closureAnswer
	r.send("/api/closures", `{"state":"open","gate":"`+westGate+`","modes":["foot"]}`).want(t, 201).decode(t, &open)
	if by := r.entered(); by != westGate {
		t.Errorf("in by %s though the west gate is opened", by)
	}

	// The server is started again.
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	r = startFolder(t, dir)
	if by := r.entered(); by != westGate {
		t.Errorf("after a restart in by %s", by)
	}
	var list closureList
	r.get("/api/closures").want(t, 200).decode(t, &list)
	if len(list.Features) != 2 || list.Features[0].Properties.Reason != "检修 <b>" {
		t.Errorf("after a restart: %+v", list)
	}

	// An area over the street in the north, and the street in the south.
	var area, street closureAnswer
	r.send("/api/closures", `{"state":"closed","area":`+polygonOf(100, 290, 200, 310)+`}`).want(t, 201).decode(t, &area)
	if area.Properties.Effect.Streets != 1 || area.Geometry.Type != "Polygon" {
		t.Errorf("area: %+v", area)
	}
	r.remove("/api/closures/"+open.ID).want(t, 204)
	r.remove("/api/closures/"+c.ID).want(t, 204)
	if by := r.entered(); by != southGate {
		t.Errorf("in by %s with the gates as they are", by)
	}
	p := spot(75, 3)
	r.send("/api/closures", fmt.Sprintf(`{"state":"closed","street":[%.7f,%.7f]}`, p[0], p[1])).want(t, 201).decode(t, &street)
	if street.Properties.Effect.Streets != 1 || street.Properties.Effect.Name != "测试路" {
		t.Errorf("street: %+v", street)
	}
	if by := r.entered(); by != "shut" {
		t.Errorf("in by %s though the street to it is closed", by)
	}
	for _, id := range []string{area.ID, street.ID} {
		r.get("/api/closures/"+id).want(t, 200)
		r.remove("/api/closures/"+id).want(t, 204)
		r.get("/api/closures/"+id).want(t, 404)
		r.remove("/api/closures/"+id).want(t, 404)
	}
	if by := r.entered(); by != southGate {
		t.Errorf("in by %s after all is taken back", by)
	}
	if again := r.get(route).Header.Get("ETag"); again != tag {
		t.Errorf("ETag %s after all is taken back, %s before", again, tag)
	}
}

// routeAt is entered at another time.
func (r *rig) routeAt(depart string) string {
	r.t.Helper()
	a := r.get("/api/route?from=" + at(-400, 5) + "&to=" + buildingID + "&depart=" + depart)
	if a.StatusCode == 404 {
		return "shut"
	}
	var got routeAnswer
	a.want(r.t, 200).decode(r.t, &got)
	if len(got.Options) == 0 || got.Options[0].Verdict == "closed" {
		return "shut"
	}
	return got.Options[0].Gate.ID
}

// TestClosurePhases asks which hold when.
func TestClosurePhases(t *testing.T) {
	r := start(t, Config{Token: secret})
	gate := `"gate":"` + southGate + `"`
	for name, body := range map[string]string{
		"planned": `{"state":"closed",` + gate + `,"from":"2026-05-09T00:00:00+08:00"}`,
		"active":  `{"state":"closed",` + gate + `,"from":"2026-05-08T00:00:00+08:00","to":"2026-05-08T13:00:00+08:00"}`,
	} {
		var c closureAnswer
		r.send("/api/closures", body).want(t, 201).decode(t, &c)
		if c.Properties.Phase != name || c.Properties.Lasting {
			t.Errorf("%s: %+v", name, c.Properties)
		}
	}
	for query, want := range map[string]int{"": 2, "?active=now": 1, "?active=2026-05-08T14:00:00%2B08:00": 0, "?active=2026-05-09T00:00:00%2B08:00": 1, "?datum=gcj02": 2} {
		var list closureList
		r.get("/api/closures"+query).want(t, 200).decode(t, &list)
		if len(list.Features) != want {
			t.Errorf("%q: %d, want %d", query, len(list.Features), want)
		}
	}
}

// TestClosureTellsBrowsers wants an event of the layer.
func TestClosureTellsBrowsers(t *testing.T) {
	r := start(t, Config{Token: secret})
	lines, hangUp := listen(t, r)
	defer hangUp()
	data(t, lines) // the first names the version
	r.send("/api/closures", `{"state":"closed","gate":"`+southGate+`"}`).want(t, 201)
	if e := data(t, lines); fmt.Sprint(e.Layers) != "[closure]" || e.Version != r.keeper.Current().Version {
		t.Errorf("event %+v", e)
	}
}

// TestClosureToken walks through who may change something.
func TestClosureToken(t *testing.T) {
	body := `{"state":"closed","gate":"` + southGate + `"}`
	closed := start(t, Config{})
	a := closed.do("POST", "/api/closures", strings.NewReader(body), "Content-Type", "application/json", "Authorization", "Bearer "+secret, "Accept-Language", "en").want(t, 403)
	if !strings.Contains(string(a.body), "--token-file") {
		t.Errorf("does not say how to set a token: %s", a.body)
	}
	closed.remove("/api/closures/x").want(t, 403)
	r := start(t, Config{Token: secret})
	for _, given := range []string{"", "Bearer", "Bearer ", "Bearer wrong", "Bearer " + secret + "x", "Bearer " + secret[:len(secret)-1], "Basic " + secret, secret, "Bearer " + strings.ToUpper(secret)} {
		for _, method := range []string{"POST", "DELETE"} {
			path, sent := "/api/closures", io.Reader(strings.NewReader(body))
			if method == "DELETE" {
				path, sent = "/api/closures/x", nil
			}
			a := r.do(method, path, sent, "Content-Type", "application/json", "Authorization", given)
			if a.StatusCode != 401 || !strings.HasPrefix(a.Header.Get("WWW-Authenticate"), "Bearer ") {
				t.Errorf("%s with %q: %d, %q", method, given, a.StatusCode, a.Header.Get("WWW-Authenticate"))
			}
		}
	}
	if len(r.keeper.Current().Closures()) != 0 {
		t.Error("something was entered without the token")
	}
	r.do("POST", "/api/closures", strings.NewReader(body), "Content-Type", "application/json", "Authorization", "bearer "+secret).want(t, 201)
	if strings.Contains(r.log.String(), secret) {
		t.Error("the token is in the log")
	}
}

// TestClosureBodies wants every bad body refused by name, and nothing entered.
func TestClosureBodies(t *testing.T) {
	r := start(t, Config{Token: secret})
	gate := `"gate":"` + southGate + `"`
	for _, c := range []struct {
		body, param string
		status      int
	}{
		{``, "", 400}, {`{`, "", 400}, {`[]`, "", 400}, {`null`, "", 400}, {`"x"`, "", 400}, {`{}{}`, "", 400}, {`{"state":"closed"} x`, "", 400}, {"\xff", "", 400},
		{`{}`, "state", 400}, {`{"state":"closed"}`, "", 400}, {`{"state":"shut",` + gate + `}`, "state", 400}, {`{"state":1,` + gate + `}`, "state", 400},
		{`{"State":"closed",` + gate + `}`, "State", 400}, {`{"state":"closed",` + gate + `,"surprise":1}`, "surprise", 400}, {`{"state":"closed","state":"open",` + gate + `}`, "state", 400},
		{`{"state":"closed",` + gate + `,"from":null}`, "from", 400}, {`{"state":"closed",` + gate + `,"from":"later"}`, "from", 400}, {`{"state":"closed",` + gate + `,"from":"1999-01-01T00:00:00Z"}`, "from", 400},
		{`{"state":"closed",` + gate + `,"to":"2026-05-01T00:00:00Z"}`, "to", 400}, {`{"state":"closed",` + gate + `,"to":1778212800}`, "to", 400},
		{`{"state":"closed",` + gate + `,"from":"2026-06-02T00:00:00Z","to":"2026-06-01T00:00:00Z"}`, "", 400},
		{`{"state":"closed",` + gate + `,"modes":[]}`, "modes", 400}, {`{"state":"closed",` + gate + `,"modes":["car"]}`, "modes", 400}, {`{"state":"closed",` + gate + `,"modes":["foot","foot"]}`, "modes", 400}, {`{"state":"closed",` + gate + `,"modes":"foot"}`, "modes", 400},
		{`{"state":"closed",` + gate + `,"reason":"a\u0000b"}`, "reason", 400}, {`{"state":"closed",` + gate + `,"reason":""}`, "reason", 400}, {`{"state":"closed",` + gate + `,"reason":"` + strings.Repeat("长", 501) + `"}`, "", 400},
		{`{"state":"closed",` + gate + `,"datum":"WGS84"}`, "datum", 400}, {`{"state":"closed",` + gate + `,"street":[116.35,39.96]}`, "", 400},
		{`{"state":"closed","street":[116.35]}`, "street", 400}, {`{"state":"closed","street":["116","39"]}`, "street", 400}, {`{"state":"closed","street":[39.96,116.35]}`, "street", 400}, {`{"state":"closed","street":[null,1]}`, "street", 400}, {`{"state":"closed","street":[1e999,1]}`, "street", 400}, {`{"state":"closed","street":[116.35,39.96,5]}`, "street", 400},
		{`{"state":"closed","area":[]}`, "area", 400}, {`{"state":"closed","area":{"type":"Point","coordinates":[1,2]}}`, "area", 400}, {`{"state":"closed","area":{"type":"Polygon","coordinates":[]}}`, "area", 400}, {`{"state":"closed","area":{"type":"Polygon","coordinates":[[[1,1],[2,2]]]}}`, "", 400},
		{`{"state":"closed","area":{"type":"Polygon","coordinates":[[[1,1],[2,2],[3,1],[1,1]]],"bbox":[1,2,3,4]}}`, "area", 400}, {`{"state":"closed","area":` + strings.Repeat("[", 20000) + strings.Repeat("]", 20000) + `}`, "", 400},
		{`{"state":"closed","gate":"osm:n999"}`, "", 422}, {`{"state":"closed","street":[10,10]}`, "", 422}, {`{"state":"closed","area":{"type":"Polygon","coordinates":[[[1,1],[1.2,1],[1.2,1.2],[1,1]]]}}`, "", 422},
		{`{"state":"closed","area":{"type":"Polygon","coordinates":[[[1,1],[3,1],[3,3],[1,1]]]}}`, "", 400}, {`{"state":"closed","area":{"type":"Polygon","coordinates":[[[-179,1],[179,1],[179,1.01],[-179,1]]]}}`, "", 400},
		{`{"state":"closed",` + gate + `,"reason":"\u200b\u202e "}`, "", 400}, {`{"state":"closed",` + gate + `,"reason":"a\ud800"}`, "", 400},
		{`{"state":"closed","reason":"` + strings.Repeat("x", 70000) + `",` + gate + `}`, "", 413},
	} {
		a := r.send("/api/closures", c.body, "Accept-Language", "en")
		if a.StatusCode != c.status {
			t.Errorf("%.120s: %d, want %d: %s", c.body, a.StatusCode, c.status, a.body)
			continue
		}
		var p problem
		if a.decode(t, &p); c.param != "" && p.Parameter != c.param {
			t.Errorf("%.120s: names %q, want %q: %s", c.body, p.Parameter, c.param, p.Detail)
		}
	}
	for _, header := range [][]string{
		{"Content-Type", "text/plain"}, {"Content-Type", "application/x-www-form-urlencoded"}, {"Content-Type", "multipart/form-data; boundary=x"}, {"Content-Type", ""},
		{"Content-Type", "application/json; charset=gbk"}, {"Content-Type", "application/json", "Content-Encoding", "gzip"},
	} {
		r.send("/api/closures", `{"state":"closed",`+gate+`}`, header...).want(t, 415)
	}
	if n := len(r.keeper.Current().Closures()); n != 0 {
		t.Errorf("%d closures were entered", n)
	}
	r.send("/api/closures", `{"state":"closed",`+gate+`}`, "Content-Type", "application/json; charset=UTF-8").want(t, 201)
	r.send("/api/closures?x=1", `{"state":"closed",`+gate+`}`).want(t, 400)
}

// TestClosureInAnotherDatum enters and lists in GCJ-02.
func TestClosureInAnotherDatum(t *testing.T) {
	r := start(t, Config{Token: secret})
	p := datum.GCJ02.FromWGS84(spot(-350, 2))
	var c struct {
		ID       string
		Geometry struct{ Coordinates [2]float64 }
	}
	body := fmt.Sprintf(`{"state":"closed","street":[%.7f,%.7f],"datum":"gcj02"}`, p[0], p[1])
	r.send("/api/closures", body).want(t, 201).decode(t, &c)
	if d := c.Geometry.Coordinates; math.Abs(d[0]-p[0]) > 2e-7 || math.Abs(d[1]-p[1]) > 2e-7 {
		t.Errorf("%v came back as %v", p, d)
	}
	r.get("/api/closures/"+url.PathEscape(c.ID)).want(t, 200).decode(t, &c)
	if d, q := c.Geometry.Coordinates, spot(-350, 2); math.Abs(d[0]-q[0]) > 1e-6 || math.Abs(d[1]-q[1]) > 1e-6 {
		t.Errorf("in WGS-84 it is %v, want %v", d, q)
	}
}

// TestClosuresWhileAsked changes closures while others ask; every answer is
// whole, and the last state is the true one.
func TestClosuresWhileAsked(t *testing.T) {
	r := start(t, Config{Token: secret})
	var wg sync.WaitGroup
	done := make(chan struct{})
	for range 3 {
		wg.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
					r.entered()
				}
			}
		})
	}
	for range 2 {
		wg.Go(func() {
			for range 10 {
				var c closureAnswer
				r.send("/api/closures", `{"state":"closed","gate":"`+southGate+`"}`).want(t, 201).decode(t, &c)
				if by := r.entered(); by != "shut" {
					t.Errorf("in by %s right after closing", by)
				}
				r.remove("/api/closures/"+c.ID).want(t, 204)
			}
		})
	}
	time.AfterFunc(300*time.Millisecond, func() { close(done) })
	wg.Wait()
	if by := r.entered(); by != southGate || len(r.keeper.Current().Closures()) != 0 {
		t.Errorf("in by %s in the end", by)
	}
}

// TestClosureCannotBeKept wants nothing changed where the folder is lost.
func TestClosureCannotBeKept(t *testing.T) {
	a, err := plainTown()
	if err != nil {
		t.Fatal(err)
	}
	k := &atlas.Keeper{}
	k.Swap(a)
	dir := filepath.Join(t.TempDir(), "gone")
	r := start(t, Config{Keeper: k, Token: secret, Closures: atlas.NewRegister(k, dir)})
	got := r.send("/api/closures", `{"state":"closed","gate":"`+southGate+`"}`).want(t, 503)
	if strings.Contains(string(got.body), dir) {
		t.Errorf("visitors are told of the folder: %s", got.body)
	}
	if by := r.entered(); by != southGate {
		t.Errorf("in by %s", by)
	}
}

// TestClosureLine: the closure of a street carries the stretch it closes, in the
// datum asked for.
func TestClosureLine(t *testing.T) {
	r := startFolder(t, townFolder(t))
	var c, other closureAnswer
	r.send("/api/closures", `{"state":"closed","street":[`+at(-300, 0)+`]}`).want(t, 201).decode(t, &c)
	line := c.Properties.Effect.Line
	if len(line) < 2 || math.Abs(line[0][1]-spot(0, 0)[1]) > 1e-4 {
		t.Fatalf("line %v", line)
	}
	r.get("/api/closures/"+c.ID+"?datum=gcj02").want(t, 200).decode(t, &other)
	if got := other.Properties.Effect.Line; len(got) != len(line) || math.Abs(got[0][0]-line[0][0]) < 1e-3 {
		t.Errorf("%v in GCJ-02 is %v", line, got)
	}
}

// TestManyClosures: a list of many is written as the client takes it.
func TestManyClosures(t *testing.T) {
	r := start(t, Config{})
	r.keeper.Swap(r.keeper.Current().WithClosures(manyClosures(bulkFeatures + 10)))
	for _, enc := range []string{"identity", "gzip"} {
		a := r.get("/api/closures", "Accept-Encoding", enc).want(t, 200)
		var got closureList
		if a.decode(t, &got); len(got.Features) != bulkFeatures+10 || a.ContentLength != -1 {
			t.Errorf("%s: %d closures, length %d", enc, len(got.Features), a.ContentLength)
		}
		r.get("/api/closures", "Accept-Encoding", enc, "If-None-Match", a.Header.Get("ETag")).want(t, 304)
	}
}

func manyClosures(n int) []geo.Closure {
	list := make([]geo.Closure, n)
	for i := range list {
		list[i] = geo.Closure{ID: fmt.Sprint("c-", i), Gate: "osm:none", Created: noon}
	}
	return list
}
