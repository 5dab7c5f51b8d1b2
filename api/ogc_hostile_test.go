package api

import (
	"net/url"
	"strings"
	"testing"

	"yizhan/geo/crs"
)

// TestOGCHostileInput sends what no client should. The answer names the
// parameter at fault.
func TestOGCHostileInput(t *testing.T) {
	r := newOGCRig(start(t, Config{}))
	long := strings.Repeat("x", 1001)
	mercator := url.QueryEscape(crs.EPSG3857.URI())
	cursor := func(s string) string { return b64.EncodeToString([]byte(s)) }
	for _, c := range []struct{ query, param string }{
		{"limit=0", "limit"}, {"limit=-1", "limit"}, {"limit=00", "limit"}, {"limit=1.5", "limit"}, {"limit=1e3", "limit"}, {"limit=%2B5", "limit"},
		{"limit=", "limit"}, {"limit", "limit"}, {"limit=5&limit=6", "limit"}, {"limit=0x10", "limit"}, {"limit=5%00", "limit"}, {"limit=%E4%BA%94", "limit"}, {"limit=NaN", "limit"},
		{"bbox=", "bbox"}, {"bbox=1,2,3", "bbox"}, {"bbox=1,2,3,4,5", "bbox"}, {"bbox=1,2,3,4,5,6,7", "bbox"}, {"bbox=a,b,c,d", "bbox"}, {"bbox=1,2,3,", "bbox"},
		{"bbox=NaN,0,1,1", "bbox"}, {"bbox=Inf,0,1,1", "bbox"}, {"bbox=1e999,0,1,1", "bbox"}, {"bbox=0,1,1,0", "bbox"}, {"bbox=181,0,182,1", "bbox"}, {"bbox=0,-91,1,0", "bbox"},
		{"bbox=0x1,0,1,1", "bbox"}, {"bbox=1_0,0,1,1", "bbox"}, {"bbox=0,0,9,1,1,8", "bbox"}, {"bbox=0%200,0,1,1", "bbox"}, {"bbox=" + strings.Repeat("1,", 400) + "1", "bbox"},
		{"bbox=0,0,30000000,0&bbox-crs=" + mercator, "bbox"}, {"bbox=0,0,0,30000000&bbox-crs=" + mercator, "bbox"},
		{"bbox-crs=4326", "bbox-crs"}, {"crs=EPSG:4326", "crs"}, {"crs=" + url.QueryEscape("http://www.opengis.net/def/crs/OGC/0/GCJ02"), "crs"}, {"crs=%5BEPSG:3857%5D", "crs"}, {"crs=x&crs=y", "crs"},
		{"datetime=", "datetime"}, {"datetime=..", "datetime"}, {"datetime=/", "datetime"}, {"datetime=../..", "datetime"}, {"datetime=now", "datetime"}, {"datetime=2026", "datetime"},
		{"datetime=2026-13-01", "datetime"}, {"datetime=2026-05-01T00:00:00", "datetime"}, {"datetime=2026-05-01T00:00:00+08:00", "datetime"}, {"datetime=2026-05-02/2026-05-01", "datetime"},
		{"datetime=2026-05-01/P1D", "datetime"}, {"datetime=2026-05-01/2026-05-02/2026-05-03", "datetime"}, {"datetime=0000-01-01", "datetime"}, {"datetime=2026-05-01T25:00:00Z", "datetime"},
		{"cursor=", "cursor"}, {"cursor=x", "cursor"}, {"cursor=%00", "cursor"}, {"cursor=" + long, "cursor"}, {"cursor=!!!!", "cursor"}, {"cursor=" + cursor("c"+"osm:n1"), "cursor"},
		{"cursor=" + cursor("a"), "cursor"}, {"cursor=" + cursor("a b"), "cursor"}, {"cursor=" + cursor("a\xff\xfe"), "cursor"}, {"cursor=" + cursor("a"+strings.Repeat("y", 257)), "cursor"},
		{"cursor=" + cursor("a1,2"), "cursor"}, {"cursor=YR", "cursor"},
		{"filter=", "filter"}, {"filter=%27", "filter"}, {"filter=" + strings.Repeat("(", 5000), "filter"}, {"filter=" + strings.Repeat("x", 6001), "filter"}, {"filter=id%3D1", "filter"},
		{"filter=" + url.QueryEscape(strings.Repeat("NOT ", 1400)+"id IS NULL"), "filter"}, {"filter=id%20IS%20NULL%00", "filter"}, {"filter=hop(id)", "filter"},
		{"filter=" + url.QueryEscape("S_INTERSECTS(geometry,POINT(0 95))"), "filter"}, {"filter=" + url.QueryEscape("S_INTERSECTS(name,POINT(0 0))"), "filter"},
		{"filter=%7B%7D&filter-lang=cql2-json", "filter"}, {"filter=" + strings.Repeat("%5B", 2000) + "&filter-lang=cql2-json", "filter"}, {"filter=" + url.QueryEscape("id IS NULL") + "&filter-lang=cql2-json", "filter"},
		{"filter-lang=CQL2-TEXT", "filter-lang"}, {"filter-lang=ecql", "filter-lang"}, {"filter-crs=4326", "filter-crs"},
		{"filter=" + url.QueryEscape("S_INTERSECTS(geometry,POINT(30000000 0))") + "&filter-crs=" + mercator, "filter"},
		{"f=xml", "f"}, {"f=JSON", "f"}, {"f=", "f"}, {"geometry=POINT(0%200)", "geometry"}, {"sockets=5", "sockets"}, {"inferred=yes", "inferred"}, {"inferred=TRUE", "inferred"},
		{"valid_from=2026-05-01", "valid_from"}, {"name=" + long, "name"}, {"NAME=x", "NAME"}, {"name[]=x", "name[]"}, {"datum=gcj02", "datum"}, {"offset=10", "offset"}, {"startIndex=1", "startIndex"},
	} {
		a := r.get("/ogc/collections/gate/items?"+c.query).want(t, 400)
		var p problem
		a.decode(t, &p)
		if p.Parameter != c.param {
			t.Errorf("%.80s: blames %q, want %q: %s", c.query, p.Parameter, c.param, p.Detail)
		}
		if page := r.get("/ogc/collections/gate/items?"+c.query, "Accept", "text/html").want(t, 400); strings.Contains(page.Header.Get("Content-Type"), "html") {
			t.Errorf("%.80s: a page", c.query)
		}
	}
	for _, path := range []string{
		"/ogc/collections/gate/items/%00", "/ogc/collections/gate/items/%ff", "/ogc/collections/gate/items/a,b", "/ogc/collections/gate/items/" + strings.Repeat("x", 257),
		"/ogc/collections/gate/items/osm:n20?crs=x", "/ogc/collections/gate/items/osm:n20?limit=1", "/ogc/collections/%ff", "/ogc/collections/%00/items",
	} {
		r.get(path).want(t, 400)
	}
	for _, path := range []string{
		"/ogc/collections/Gate", "/ogc/collections/gate/", "/ogc/collections//items", "/ogc/collections/gate/items/", "/ogc/collections/gate/items/t:s1", "/ogc/collections/../ogc",
		"/ogc/collections/gate/items/nothing", "/ogc/collections/gate%2Fitems", "/ogc/Collections", "/ogc//", "/ogc/collections/street/items/osm:n20",
	} {
		if a := r.get(path); a.StatusCode != 404 && a.StatusCode != 400 {
			t.Errorf("%s: %d", path, a.StatusCode)
		}
	}
}

// TestOGCHostileHost wants no address of a host that the client made up in a
// form that could break out of the document.
func TestOGCHostileHost(t *testing.T) {
	r := newOGCRig(start(t, Config{}))
	a := r.get("/ogc/collections/gate/items?limit=1&name=%3Cscript%3E%22%27", "Accept", "text/html").want(t, 200)
	if strings.Contains(string(a.body), "<script") {
		t.Error("a parameter's text stands on the page as it is")
	}
	if strings.Contains(string(r.get("/ogc/collections/station/items/t:s3", "Accept", "text/html").want(t, 200).body), "<b>") {
		t.Error("a name's markup stands on the page as it is")
	}
	for _, path := range []string{"/ogc/collections/station/items", "/ogc/collections/parking/items"} {
		page := string(r.get(path, "Accept", "text/html").want(t, 200).body)
		if strings.Contains(page, "<b>") || strings.Contains(page, "ZgotmplZ") || strings.Contains(page, "<script") {
			t.Errorf("%s holds markup of others", path)
		}
	}
}

// TestOGCPages wants pages that show where things are, in both languages,
// under a policy that lets nothing in from elsewhere.
func TestOGCPages(t *testing.T) {
	ogcRigs(t, func(t *testing.T, r *ogcRig) {
		for _, path := range r.pages(t) {
			zh, en := r.get(path, "Accept", "text/html", "Accept-Language", "zh"), r.get(path, "Accept", "text/html", "Accept-Language", "en")
			if !strings.Contains(string(zh.body), `lang="zh-CN"`) || !strings.Contains(string(en.body), `lang="en"`) {
				t.Errorf("%s: not in both languages", path)
			}
			policy := en.Header.Get("Content-Security-Policy")
			if !strings.HasPrefix(policy, "default-src 'none'; style-src 'sha256-") || strings.Contains(policy, "unsafe") {
				t.Errorf("%s: policy %q", path, policy)
			}
			if strings.Contains(string(en.body), " style=") || strings.Contains(string(en.body), "ZgotmplZ") {
				t.Errorf("%s holds what the policy forbids or the template refused", path)
			}
			if strings.Contains(path, "/items") && strings.Contains(string(en.body), "<h1>") {
				shapes := strings.Count(string(en.body), `class="spot"`) + strings.Count(string(en.body), `class="area"`) + strings.Count(string(en.body), `class="path"`)
				if shapes == 0 && !strings.Contains(string(en.body), "no position") && !strings.Contains(string(en.body), `class="empty"`) {
					t.Errorf("%s shows no map", path)
				}
			}
		}
	})
}
