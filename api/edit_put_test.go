package api

import (
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func (r *rig) put(path, body string, header ...string) *reply {
	r.t.Helper()
	return r.do(http.MethodPut, path, strings.NewReader(body), append([]string{"Content-Type", "application/json", "Authorization", "Bearer " + secret}, header...)...)
}

// TestPutPlace changes a place of an import, which is nobody's but ours then.
func TestPutPlace(t *testing.T) {
	r := startFolder(t, townFolder(t))
	list := r.get("/api/nearest?limit=1&at="+at(0, 0)).want(t, 200)
	var c struct{ Features []placeAnswer }
	list.decode(t, &c)
	id := c.Features[0].ID
	var p placeAnswer
	r.put("/api/places/"+id, placeBody("改名", 116.6, 39.8, "")).want(t, 200).decode(t, &p)
	if p.ID != id || p.Properties["name"] != "改名" || p.Properties["source"].(map[string]any)["feed"] != "entered" {
		t.Errorf("%+v", p)
	}
	if a := r.get("/api/nearest?limit=1&at=116.6,39.8"); !strings.Contains(string(a.body), id) {
		t.Errorf("it is not where it was put: %s", a.body)
	}
	// As it is, it changes nothing and tells nobody.
	version := r.keeper.Current().Version
	r.put("/api/places/"+id, placeBody("改名", 116.6, 39.8, "")).want(t, 200)
	if r.keeper.Current().Version != version {
		t.Error("the same again made another version")
	}
	r.put("/api/places/"+id, placeBody("x", 1, 2, `,"id":"other"`)).want(t, 400)
	r.put("/api/places/"+buildingID, placeBody("x", 1, 2, "")).want(t, 400)
	r.put("/api/places/"+strings.Repeat("x", 201), placeBody("x", 1, 2, "")).want(t, 400)
}

// TestIfMatch refuses a change of what somebody else has changed since, and
// only then: not when the minute is another, and not when another place is.
func TestIfMatch(t *testing.T) {
	var minutes atomic.Int64
	r := start(t, Config{Token: secret, Now: func() time.Time { return noon.Add(time.Duration(minutes.Load()) * time.Minute) }})
	path := "/api/places/mine:1"
	tag := r.put(path, placeBody("一", 116, 39, "")).want(t, 201).Header.Get("ETag")
	if got := r.get(path, "If-None-Match", tag); got.StatusCode != 304 {
		t.Errorf("the ETag of a PUT is not that of a GET: %d", got.StatusCode)
	}
	minutes.Add(7)
	r.put("/api/places/mine:2", placeBody("别的", 116, 39, "")).want(t, 201)
	tag2 := r.put(path, placeBody("二", 116, 39, ""), "If-Match", tag).want(t, 200).Header.Get("ETag")
	r.put(path, placeBody("三", 116, 39, ""), "If-Match", tag).want(t, 412)
	r.put(path, placeBody("三", 116, 39, ""), "If-Match", `"nonsense", `+tag2+``).want(t, 200)
	r.put(path, placeBody("四", 116, 39, ""), "If-Match", "*").want(t, 200)
	r.put("/api/places/mine:3", placeBody("四", 116, 39, ""), "If-Match", "*").want(t, 412)
	r.put(path, placeBody("五", 116, 39, ""), "If-None-Match", "*").want(t, 412)
	r.put("/api/places/mine:3", placeBody("四", 116, 39, ""), "If-None-Match", "*").want(t, 201)
	gz := r.get(path, "Accept-Encoding", "gzip").Header.Get("ETag")
	r.put(path, placeBody("六", 116, 39, ""), "If-Match", gz).want(t, 200)
	r.do(http.MethodDelete, path, nil, "Authorization", "Bearer "+secret, "If-Match", gz).want(t, 412)
	if a := r.get(path); !strings.Contains(string(a.body), "六") {
		t.Errorf("%s", a.body)
	}
}

// TestPutTogether has many change one place, each what it has read: every
// change that was accepted builds on the one before.
func TestPutTogether(t *testing.T) {
	r := startFolder(t, townFolder(t))
	path := "/api/places/mine:1"
	r.put(path, placeBody("0", 116, 39, "")).want(t, 201)
	var accepted atomic.Int64
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 6 {
				a := r.get(path)
				var p placeAnswer
				a.decode(t, &p)
				name := p.Properties["name"].(string) + "x"
				if got := r.put(path, placeBody(name, 116, 39, ""), "If-Match", a.Header.Get("ETag")); got.StatusCode == 200 {
					accepted.Add(1)
				} else if got.StatusCode != 412 {
					t.Errorf("status %d: %s", got.StatusCode, got.body)
				}
			}
		})
	}
	wg.Wait()
	var p placeAnswer
	r.get(path).decode(t, &p)
	if got := strings.Count(p.Properties["name"].(string), "x"); int64(got) != accepted.Load() || got == 0 {
		t.Errorf("%d changes were accepted, %d stand", accepted.Load(), got)
	}
}
