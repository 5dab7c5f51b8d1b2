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
