package api

import (
	"iter"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"yizhan/geo"
)

// datedSet is a collection of which only the dates matter.
type datedSet struct {
	ogcSet
	dates []*geo.Period
}

func (s datedSet) byID(string) iter.Seq[uint32] {
	return func(yield func(uint32) bool) {
		for i := range s.dates {
			if !yield(uint32(i)) {
				return
			}
		}
	}
}

func (s datedSet) bound(uint32) (orb.Bound, bool) { return orb.Bound{}, false }
func (s datedSet) valid(row uint32) *geo.Period   { return s.dates[row] }

// TestOGCExtentInTime says when the features of a collection are: one that
// stands always makes it open on both sides.
func TestOGCExtentInTime(t *testing.T) {
	day := func(d int) time.Time { return time.Date(2026, 3, d, 8, 0, 0, 0, time.UTC) }
	for name, c := range map[string]struct {
		dates []*geo.Period
		want  string
	}{
		"nothing":          {nil, ""},
		"none dated":       {[]*geo.Period{nil, nil}, ""},
		"all dated":        {[]*geo.Period{{From: day(4), Until: day(6)}, {From: day(2), Until: day(3)}}, "2026-03-02T08:00:00Z/2026-03-06T08:00:00Z"},
		"no begin":         {[]*geo.Period{{Until: day(6)}, {From: day(2), Until: day(3)}}, "null/2026-03-06T08:00:00Z"},
		"one among others": {[]*geo.Period{nil, {From: day(2), Until: day(3)}, nil}, "null/null"},
	} {
		t.Run(name, func(t *testing.T) {
			got := ""
			if d := newOGCExtent(datedSet{dates: c.dates}).doc(time.UTC); d != nil && d.Temporal != nil {
				var ends []string
				for _, end := range d.Temporal.Interval[0] {
					if end == nil {
						ends = append(ends, "null")
					} else {
						ends = append(ends, *end)
					}
				}
				got = strings.Join(ends, "/")
			}
			if got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

// TestOGCPagesLeadToTiles follows the links that people have.
func TestOGCPagesLeadToTiles(t *testing.T) {
	r := newOGCRig(start(t, Config{}))
	for page, links := range map[string][]string{
		"/ogc?f=html":                      {"/ogc/tiles?f=html", "/ogc/tileMatrixSets?f=html", "/ogc/collections?f=html"},
		"/ogc/collections/station?f=html":  {"/ogc/collections/station/tiles?f=html"},
		"/ogc/collections/building?f=html": {"/ogc/collections/building/tiles?f=html"},
	} {
		body := string(r.get(page).want(t, 200).body)
		for _, link := range links {
			if !strings.Contains(body, `href="`+r.base+link+`"`) {
				t.Errorf("%s has no link to %s", page, link)
			}
			r.get(link).want(t, 200)
		}
	}
}

// TestOGCHeadings wants every property of every feature to have a heading in
// words on the Chinese page, and the same one as the list has.
func TestOGCHeadings(t *testing.T) {
	ogcRigs(t, func(t *testing.T, r *ogcRig) {
		for _, c := range r.server.ogc.collections {
			seen := map[string]bool{}
			for _, f := range r.all(t, c.id, "limit", "500") {
				for _, fact := range factsOf(nil, "", f.Properties) {
					seen[fact.Name] = true
				}
			}
			for name := range seen {
				if h := c.heading(name); h.Zh == name || h.En == name || h.IsZero() {
					t.Errorf("%s: %s has the heading %q", c.id, name, h)
				}
			}
		}
	})
	r := newOGCRig(start(t, Config{}))
	page := string(r.get("/ogc/collections/station/items/t:s7?f=html", "Accept-Language", "zh").want(t, 200).body)
	for _, heading := range []string{"名称", "开放时间", "驿站类型", "限时服务的开始", "数据来源"} {
		if !strings.Contains(page, "<dt>"+heading+"</dt>") {
			t.Errorf("the page of a station has no heading %s", heading)
		}
	}
	for _, raw := range []string{"station.type", "valid.from", "hours", "name"} {
		if strings.Contains(page, "<dt>"+raw+"</dt>") {
			t.Errorf("the page of a station shows %s", raw)
		}
	}
}

// TestOGCQueryableFacilities wants the words of facilities to be listed.
func TestOGCQueryableFacilities(t *testing.T) {
	r := newOGCRig(start(t, Config{}))
	var doc struct {
		Properties map[string]struct{ Items struct{ Enum []string } }
	}
	r.json(t, "/collections/station/queryables?f=json", &doc)
	if got := doc.Properties["facilities"].Items.Enum; len(got) != len(geo.Facilities()) {
		t.Errorf("facilities may be %v", got)
	}
}

// TestOGCMapLabels wants the degrees above the streets and hiding no place.
func TestOGCMapLabels(t *testing.T) {
	r := newOGCRig(start(t, Config{}))
	page := string(r.get("/ogc/collections/station/items?f=html").want(t, 200).body)
	streets, marks, degrees := strings.Index(page, `class="street"`), strings.Index(page, `class="spot"`), strings.Index(page, "<text")
	if streets < 0 || degrees < streets || marks < degrees {
		t.Errorf("streets at %d, places at %d, degrees at %d", streets, marks, degrees)
	}
	if !strings.Contains(page, "paint-order:stroke") {
		t.Error("the degrees have no halo")
	}
}
