package api

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

// badRequest is a request that must be refused: bytes as they go over the
// wire, and what is expected back.
type badRequest struct {
	name   string
	raw    string
	status []int
	// param is the parameter that the problem must name, "" for any.
	param string
}

// target is a GET of a request target, sent as it is.
func target(name, target string, param string, status ...int) badRequest {
	if len(status) == 0 {
		status = []int{400}
	}
	return badRequest{name: name, raw: "GET " + target + " HTTP/1.1\r\nHost: yizhan.test\r\nConnection: close\r\n\r\n", status: status, param: param}
}

// goodQueries are a valid query for each endpoint with parameters, for one of
// them to be broken.
var goodQueries = map[string][]string{
	"/api/nearest":            {"at=116.35,39.96", "kind=station", "limit=5", "by=foot", "within=500", "facility=toilet", "open=now", "q=x", "compound=osm:w100", "datum=wgs84"},
	"/api/places/t:s1":        {"datum=gcj02"},
	"/api/route":              {"from=116.35,39.96", "to=116.351,39.961", "by=ebike", "depart=now", "limit=3", "geometry=true", "steps=false", "datum=wgs84"},
	"/api/isochrone":          {"at=116.35,39.96", "by=foot", "minutes=5,10", "depart=now", "lines=true", "datum=wgs84"},
	"/api/closures":           {"active=now", "datum=wgs84"},
	"/api/closures/c-x":       {"datum=gcj02"},
	"/api/search":             {"q=x", "near=116.35,39.96", "limit=10", "datum=wgs84"},
	"/api/coverage":           {"radius=500", "kind=station", "bbox=116,39,117,40", "facility=toilet", "datum=wgs84"},
	"/layers/station.geojson": {"bbox=116,39,117,40", "limit=10", "datum=wgs84"},
	"/docs":                   {"lang=zh"},
	"/api/about":              nil,
	"/tiles/places.json":      nil,
	"/tiles/base.json":        nil,
	"/tiles/places/1/1/0.mvt": nil,
	"/tiles/base/14/1/1.mvt":  nil,
	"/api/events":             nil,
	"/healthz":                nil,
	"/readyz":                 nil,
	"/openapi.json":           nil,
}

// badValues are what a parameter must refuse, by its name.
func badValues(param string) []string {
	point := []string{"116.35", "116.35,39.96,5", "116.35;39.96", "NaN,39", "39,NaN", "Inf,0", "-Inf,0", "1e400,0", "1e2,3e1", "0x10,0", "181,0",
		"-180.0001,0", "0,90.1", "0,-91", "39.96,116.35", "a,b", ",", "116.35,", ",39.96", "116.35,39.96,", "+-1,2", "--1,2", "1..2,3", ".,.",
		"1_0,2", "%20116.35,39.96", "１１６,３９", strings.Repeat("1", 400) + ",0", "116.,39", "116.35,39.96%00", "null", "undefined,undefined", "[116.35,39.96]"}
	number := func(lo, hi string) []string {
		return []string{"0x10", "NaN", "Inf", "1e2", "-1", lo, hi, "ten", "1,000", "5%20", "%2B", "-", ".", strings.Repeat("9", 300), "٥"}
	}
	when := []string{"later", "NOW", "2026-05-08", "12:00", "2026-05-08T12:00:00", "2026-05-08T12:00:00+08:00", "2026-13-08T12:00:00Z", "2026-02-30T12:00:00Z",
		"1999-12-31T23:59:59Z", "2100-01-01T00:00:00Z", "20260508T120000Z", "1778212800", "0000-00-00T00:00:00Z", "99999-01-01T00:00:00Z", "2026-05-08T25:00:00Z"}
	switch param {
	case "at", "from", "near":
		return point
	case "to":
		return append(slices.DeleteFunc(point, func(s string) bool { return !strings.Contains(s, ",") }), "a%20b", strings.Repeat("x", 300))
	case "bbox":
		return []string{"1,2,3", "1,2,3,4,5", "a,b,c,d", "1,5,2,4", "-181,0,0,1", "0,0,181,1", "0,-91,1,1", "0,0,1,91", "NaN,0,1,1", "0,0,1e1,1", ",,,", "0,0,1,", "1;2;3;4"}
	case "limit":
		return append(number("0", "1000001"), "1.5", "+5", "05000000000")
	case "within":
		return number("0.5", "100001")
	case "radius":
		return number("49", "5001")
	case "kind":
		return []string{"stations", "STATION", "compound", "*", "station,gate", "%3Cscript%3E", "station%20"}
	case "facility":
		return []string{"toilets", "TOILET", "toilet,fridge", "%27%20OR%201=1--", "1"}
	case "by":
		return []string{"car", "walk", "FOOT", "0", "foot,bicycle", "walking"}
	case "open":
		return append(when, "yes", "true", "closed")
	case "depart", "active":
		return append(when, "arrival")
	case "geometry", "steps", "lines":
		return []string{"1", "0", "TRUE", "yes", "no", "on", "truefalse", "True"}
	case "minutes":
		return []string{"0", "121", "5,5", "5,", ",5", "5;10", "1,2,3,4,5,6,7,8,9", "1.5", "-5", "+5", "five", "5,%2010", "1e1", strings.Repeat("9", 300)}
	case "datum":
		return []string{"WGS84", "wgs-84", "GCJ-02", "epsg:4326", "0", "bd09ll"}
	case "compound":
		return []string{"a%20b", "osm:w100,osm:w101", strings.Repeat("x", 300)}
	case "lang":
		return []string{"fr", "ZH", "zh-CN", "zh,en"}
	case "q":
		return []string{"%20%20", strings.Repeat("%E4%B8%AD", 101), strings.Repeat("a", 2000)}
	}
	return nil
}

// generated breaks every parameter of every endpoint in every way.
func generated() []badRequest {
	var all []badRequest
	for path, good := range goodQueries {
		join := func(q ...string) string { return path + "?" + strings.Join(q, "&") }
		all = append(all,
			target("unknown parameter", join(append(slices.Clone(good), "surprise=1")...), "surprise"),
			target("unknown parameter without value", join(append(slices.Clone(good), "surprise")...), "surprise"),
			target("broken encoding in a name", join(append(slices.Clone(good), "%zz=1")...), ""),
			target("name that is not UTF-8", join(append(slices.Clone(good), "%ff=1")...), ""),
			target("case of a name", join(append(slices.Clone(good), "Datum=wgs84")...), "Datum"),
			target("array brackets", join(append(slices.Clone(good), "limit[]=1")...), ""),
			target("huge list", join(append(slices.Clone(good), strings.Split(strings.Repeat("facility=toilet&", 400), "&")...)...), ""))
		for i, pair := range good {
			name, value, _ := strings.Cut(pair, "=")
			without := slices.Delete(slices.Clone(good), i, i+1)
			with := func(s string) string { return join(append(slices.Clone(without), s)...) }
			all = append(all,
				target("empty value", with(name+"="), name),
				target("no value", with(name), name),
				target("broken percent", with(name+"="+value+"%"), name),
				target("broken percent pair", with(name+"="+value+"%4"), name),
				target("percent of no hex", with(name+"="+value+"%g1"), name),
				target("percent with a sign", with(name+"="+value+"%+1"), name),
				target("not UTF-8", with(name+"="+value+"%c3%28"), name),
				target("overlong UTF-8", with(name+"=%c0%af"), name),
				target("surrogate", with(name+"=%ed%a0%80"), name),
				target("NUL", with(name+"="+value+"%00"), name),
				target("line feed", with(name+"="+value+"%0a"), name),
				target("too long", with(name+"="+strings.Repeat("7", 1500)), name),
			)
			if name != "facility" && !(name == "kind" && path == "/api/nearest") {
				all = append(all,
					target("twice", join(append(slices.Clone(good), pair)...), name),
					target("twice, encoded", join(append(slices.Clone(good), "%"+fmt.Sprintf("%02x", name[0])+name[1:]+"="+value)...), name))
			}
			for _, bad := range badValues(name) {
				all = append(all, target("bad "+name, with(name+"="+bad), name))
			}
		}
	}
	for _, c := range []struct{ path, param string }{
		{"/api/nearest", "at"}, {"/api/nearest?kind=gate", "at"}, {"/api/route?from=1,1", "to"}, {"/api/route?to=1,1", "from"}, {"/api/search", "q"},
		{"/api/search?near=1,1", "q"}, {"/api/coverage", "radius"}, {"/api/isochrone", "at"}, {"/api/nearest?at=1,1&open=arrival", "open"}, {"/api/nearest?at=1,1&open=arrival&by=line", "open"},
	} {
		all = append(all, target("required", c.path, c.param))
	}
	slices.SortFunc(all, func(a, b badRequest) int { return strings.Compare(a.raw, b.raw) })
	return all
}

// handwritten are requests that no table of parameters leads to.
func handwritten() []badRequest {
	var all []badRequest
	add := func(name, raw string, status ...int) {
		all = append(all, badRequest{name: name, raw: raw, status: status})
	}
	const tail = " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"
	for _, method := range []string{"POST", "PUT", "PATCH", "DELETE", "TRACE", "BREW", "PROPFIND", "get", "G", "CONNECT", "*", "GET_"} {
		add("method "+method, method+" /api/about"+tail, 405, 400)
	}
	for _, path := range []string{
		"/..", "/../", "/../../etc/passwd", "/..%2f..%2fetc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/assets/../../etc/passwd", "/assets/..%5c..%5cwin.ini",
		"/assets/%00", "/assets/%", "/assets/%zz", "/%ff", "/%c0%ae%c0%ae/", "//etc/passwd", "/./index.htm", "/assets//index-Ab12_-9z.js", "/.git/config", "/.env",
		"/index.php", "/wp-login.php", "/assets/index-Ab12_-9z.js/", "/static/index.html", "/api", "/api/", "/api/nearest/", "/api/places/",
		"/api/places/%20", "/api/places/a,b", "/api/places/%00", "/api/places/%zz", "/api/places/%ff", "/api/places/" + strings.Repeat("a", 300), "/api/places/a/b",
		"/API/ABOUT", "/api/about.json", "/layers/", "/layers/.geojson", "/layers/station", "/layers/station.geojson/", "/layers/%2e%2e.geojson", "/layers/station.geojson%00",
		"/tiles/", "/tiles/base", "/tiles/base/1/1.mvt", "/tiles/base/a/b/c.mvt", "/tiles/base/1/2/3/4.mvt", "/tiles/base/30/1/1.mvt", "/tiles/base/255/1/1.mvt", "/tiles/base/256/1/1.mvt",
		"/tiles/base/14/16384/0.mvt", "/tiles/base/14/0/16384.mvt", "/tiles/base/14/-1/0.mvt", "/tiles/base/14/1.5/0.mvt", "/tiles/base/14/%30/0.mvt", "/tiles/base/14/1e3/0.mvt", "/tiles/base/+4/1/1.mvt",
		"/tiles/places/0/0/1.mvt", "/tiles/places/0/1/0.mvt", "/tiles/places/22/4194304/0.mvt", "/tiles/places/4294967296/0/0.mvt", "/tiles/places/0/0/0.pbf", "/tiles/places/0/0/.mvt", "/tiles/places///.mvt",
		"/metrics/", "/healthz/x", "/openapi.yaml", "/docs/", "/favicon.ico", "/plan",
	} {
		add("path "+path, "GET "+path+tail, 400, 404)
	}
	for _, method := range []string{"GET", "PUT", "DELETE"} {
		add("matrix by "+method, method+" /api/matrix"+tail, 405)
	}
	add("long target", "GET /"+strings.Repeat("a", 9000)+tail, 414)
	add("long query", "GET /api/search?q="+strings.Repeat("a", 9000)+tail, 414)
	add("target beyond the header bound", "GET /"+strings.Repeat("a", 40000)+tail, 414, 431)
	add("large header", "GET /api/about HTTP/1.1\r\nHost: h\r\nX-Big: "+strings.Repeat("b", 40000)+"\r\n\r\n", 431)
	add("many headers", "GET /api/about HTTP/1.1\r\nHost: h\r\n"+strings.Repeat("X-A: b\r\n", 5000)+"\r\n", 431)
	add("large cookie", "GET /api/about HTTP/1.1\r\nHost: h\r\nCookie: a="+strings.Repeat("c", 20000)+"\r\n\r\n", 431)
	add("large body", "POST /api/nearest HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\n"+strings.Repeat("x", 1000000), 413)
	add("large body announced", "POST /api/nearest HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999999\r\n\r\nabc", 413, 400)
	add("large body of a GET", "GET /api/about HTTP/1.1\r\nHost: h\r\nContent-Length: 300000\r\n\r\n"+strings.Repeat("x", 300000), 413)
	add("large chunked body", "POST /api/nearest HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"+strings.Repeat("8000\r\n"+strings.Repeat("x", 0x8000)+"\r\n", 8)+"0\r\n\r\n", 413)
	add("broken chunk", "POST /api/nearest HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n", 400)
	add("negative length", "POST /api/nearest HTTP/1.1\r\nHost: h\r\nContent-Length: -5\r\n\r\n", 400)
	add("length of letters", "POST /api/nearest HTTP/1.1\r\nHost: h\r\nContent-Length: abc\r\n\r\n", 400)
	add("body of a POST", "POST /api/nearest?at=1,1 HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}", 405)
	add("multipart", "POST / HTTP/1.1\r\nHost: h\r\nContent-Type: multipart/form-data\r\nContent-Length: 4\r\nConnection: close\r\n\r\nabcd", 405)
	add("zip of nothing", "POST /api/route HTTP/1.1\r\nHost: h\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\nConnection: close\r\n\r\n\x1f\x8b\x08", 405)
	for _, raw := range []string{
		"\r\n\r\n\r\nX\r\n\r\n", "GARBAGE\r\n\r\n", "GET\r\n\r\n", "GET /\r\n\r\n", "GET / HTTP/9.9\r\nHost: h\r\n\r\n", "GET / FTP/1.0\r\nHost: h\r\n\r\n",
		"GET  /  HTTP/1.1\r\nHost: h\r\n\r\n", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", "SSH-2.0-OpenSSH_9\r\n\r\n", "\x00\x00\x00\x00\r\n\r\n", "{\"at\":[1,1]}\r\n\r\n",
		"GET / HTTP/1.1\r\nHost h\r\n\r\n", "GET / HTTP/1.1\r\n: x\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: h\r\nX: \x00\r\n\r\n", "GET http://[::1/ HTTP/1.1\r\nHost: h\r\n\r\n", "GET /\x00 HTTP/1.1\r\nHost: h\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: h\r\n continued: x\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
	} {
		add(fmt.Sprintf("bytes %.30q", raw), raw, 400, 404, 405)
	}
	return all
}

// TestBadRequests sends every bad request over a connection of its own. Each
// is answered with a problem, none with 5xx, and the server goes on.
func TestBadRequests(t *testing.T) {
	r := start(t, Config{ReadTimeout: 2 * time.Second})
	all := append(generated(), handwritten()...)
	if len(all) < 200 {
		t.Fatalf("only %d requests", len(all))
	}
	statuses := map[int]int{}
	for i, b := range all {
		a := r.raw(b.raw)
		if a == nil {
			t.Errorf("%s: no answer to %.120q", b.name, b.raw)
			continue
		}
		statuses[a.StatusCode]++
		if !slices.Contains(b.status, a.StatusCode) {
			t.Errorf("%s: %d, want %v: %.120q\n%.300s", b.name, a.StatusCode, b.status, b.raw, a.body)
			continue
		}
		var p problem
		if err := json.Unmarshal(a.body, &p); err != nil {
			t.Errorf("%s: %v: %.200s", b.name, err, a.body)
			continue
		}
		if b.param != "" && (p.Parameter != b.param || !strings.Contains(p.Detail, b.param)) {
			t.Errorf("%s: names %q, want %q: %.120q: %s", b.name, p.Parameter, b.param, b.raw, p.Detail)
		}
		if a.StatusCode == 405 && a.Header.Get("Allow") != allowed && !strings.Contains(b.raw, " /api/matrix") && !strings.Contains(b.raw, " /api/places ") {
			t.Errorf("%s: Allow %q", b.name, a.Header.Get("Allow"))
		}
		if i%50 == 0 {
			r.get("/healthz").want(t, 200)
		}
	}
	t.Logf("%d bad requests: %v", len(all), statuses)
	r.get("/api/nearest?at="+at(0, 0)).want(t, 200)
}

// raw sends bytes over a connection of their own and validates the answer; nil
// where there is none.
func (r *rig) raw(data string) *reply {
	r.t.Helper()
	conn, err := net.Dial("tcp", r.addr)
	if err != nil {
		r.t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(8 * time.Second)); err != nil {
		r.t.Fatal(err)
	}
	sent := make(chan struct{})
	go func() {
		defer close(sent)
		io.WriteString(conn, data) //nolint:errcheck // the server may hang up before the end
	}()
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		conn.Close()
		<-sent
		return nil
	}
	a := r.check(r.requestOf(data), resp)
	conn.Close()
	<-sent
	return a
}

// requestOf returns the request that raw bytes stand for, as far as the
// validation needs it; one of an unknown path where they cannot be read.
func (r *rig) requestOf(data string) *http.Request {
	line, _, _ := strings.Cut(data, "\r\n")
	words := strings.Split(line, " ")
	if len(words) == 3 && strings.HasPrefix(words[1], "/") {
		path, query, _ := strings.Cut(words[1], "?")
		if decoded, err := url.PathUnescape(path); err == nil {
			return &http.Request{Method: words[0], URL: &url.URL{Path: decoded, RawPath: path, RawQuery: query}, Header: http.Header{}}
		}
	}
	return &http.Request{Method: http.MethodGet, URL: &url.URL{Path: "/unreadable"}, Header: http.Header{}}
}

// TestSlowRequests drips requests in and leaves connections half open; the
// server answers others meanwhile and ends the slow ones.
func TestSlowRequests(t *testing.T) {
	r := start(t, Config{ReadTimeout: 300 * time.Millisecond})
	var conns []net.Conn
	for range 50 {
		c, err := net.Dial("tcp", r.addr)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if _, err := io.WriteString(c, "GET /api/about HTTP/1.1\r\nHost: h\r\nX-Slow: "); err != nil {
			t.Fatal(err)
		}
		conns = append(conns, c)
	}
	r.get("/healthz").want(t, 200)
	begin := time.Now()
	for i, c := range conns {
		if err := c.SetReadDeadline(begin.Add(5 * time.Second)); err != nil {
			t.Fatal(err)
		}
		resp, err := http.ReadResponse(bufio.NewReader(c), nil)
		if err != nil {
			t.Fatalf("connection %d: %v", i, err)
		}
		if a := r.check(r.requestOf("GET /unreadable HTTP/1.1"), resp); a.StatusCode != 408 {
			t.Fatalf("connection %d: %d", i, a.StatusCode)
		}
	}
	if took := time.Since(begin); took > 3*time.Second {
		t.Errorf("slow requests were held for %s", took)
	}
	r.get("/healthz").want(t, 200)
}

// TestPipelinedGarbage follows a good request by a bad one on one connection.
func TestPipelinedGarbage(t *testing.T) {
	r := start(t, Config{})
	conn, err := net.Dial("tcp", r.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, "GET /healthz HTTP/1.1\r\nHost: h\r\n\r\nNONSENSE\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	in := bufio.NewReader(conn)
	for i, want := range []int{200, 400} {
		resp, err := http.ReadResponse(in, nil)
		if err != nil {
			t.Fatalf("answer %d: %v", i, err)
		}
		if a := r.check(r.requestOf("GET /unreadable HTTP/1.1"), resp); a.StatusCode != want {
			t.Errorf("answer %d: %d, want %d", i, a.StatusCode, want)
		}
	}
}
