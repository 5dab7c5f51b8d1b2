package api

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"yizhan/data/atlas"
	"yizhan/geo"
	"yizhan/geo/cql2"
	"yizhan/geo/crs"
)

// costlyFilter is true of everything and asks much.
var costlyFilter = strings.TrimSuffix(strings.Repeat("S_INTERSECTS(geometry,POINT(1 1)) OR ", 150), "OR ") + "OR id IS NOT NULL"

// TestCostlyFiltersWait wants a question with much work before it to take its
// turn in the lane, and others not to.
func TestCostlyFiltersWait(t *testing.T) {
	r := newOGCRig(startDemo(t, Config{Timeout: time.Second}))
	lane := newLane(1)
	r.server.searchers = lane
	lane.slots <- struct{}{}
	items := "/ogc/collections/building/items?limit=1&filter="
	r.get(items+url.QueryEscape("id IS NOT NULL")).want(t, 200)
	r.get(items+url.QueryEscape(costlyFilter)).want(t, 503)
	if n := lane.waiting.count(); n != 0 {
		t.Errorf("%d wait still", n)
	}
	lane.leave()
	r.get(items+url.QueryEscape(costlyFilter)).want(t, 200)
	if len(lane.slots) != 0 {
		t.Error("a turn was not given back")
	}
}

// slowSet counts what is asked of it.
type slowSet struct {
	ogcSet
	asked int
	end   func()
}

func (s *slowSet) value(row uint32, name string) ogcValue {
	if s.asked++; s.asked == 5 {
		s.end()
	}
	return s.ogcSet.value(row, name)
}

// TestCostlyFiltersEndInTime wants the deadline looked at the sooner the more
// each feature costs.
func TestCostlyFiltersEndInTime(t *testing.T) {
	r := newOGCRig(startDemo(t, Config{}))
	f, err := cql2.ParseText(costlyFilter)
	if err != nil {
		t.Fatal(err)
	}
	for _, back := range []string{"", "zzz"} {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		set := &slowSet{ogcSet: r.set("building"), end: cancel}
		q := &ogcQuestion{set: set, coll: r.server.ogc.collections[7], limit: 10, filter: f, cursor: ogcCursor{before: back}}
		if _, err := q.answer(ctx, &ogcCounts{}); !errors.Is(err, context.Canceled) || set.asked > 6 {
			t.Errorf("%v after %d features", err, set.asked)
		}
	}
}

// TestBeyondMercator wants a place that Web Mercator has no coordinates for to
// stand in an answer without a geometry, beside the others with theirs.
func TestBeyondMercator(t *testing.T) {
	var places []*geo.Place
	for i, at := range []orb.Point{{116, 40}, {0, 85.07}, {0, -90}, {10, 85.05}} {
		places = append(places, &geo.Place{ID: "p:" + string(rune('a'+i)), Kind: geo.KindParking, Name: "x", Point: at})
	}
	keeper := &atlas.Keeper{}
	keeper.Swap(atlas.New(atlas.Parts{Places: places}))
	r := newOGCRig(start(t, Config{Keeper: keeper}))
	page := r.items(t, "parking", "crs", crs.EPSG3857.URI())
	if len(page.Features) != 4 {
		t.Fatalf("%d features", len(page.Features))
	}
	for i, f := range page.Features {
		if want := i == 0 || i == 3; (f.Geometry != nil) != want {
			t.Errorf("%s: geometry %v", f.ID, f.Geometry)
		}
	}
	a := r.get("/ogc/collections/parking/items/p:b?crs="+url.QueryEscape(crs.EPSG3857.URI())).want(t, 200)
	if !strings.Contains(string(a.body), `"geometry":null`) {
		t.Errorf("%s", a.body)
	}
}
