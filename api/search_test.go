package api

import (
	"net/url"
	"testing"
)

func TestSearch(t *testing.T) {
	r := start(t, Config{})
	for _, c := range []struct{ q, more, first string }{
		{"喜乐", "", "t:s1"},
		{"喜乐驿站", "&near=" + at(0, 0), "t:s1"},
		{"锦绣苑", "", compoundID},
		{"锦绣苑10号楼", "", buildingID},
		{"锦绣苑 10栋", "", buildingID},
		{"北街", "", ""},
		{"  joy   station ", "", "t:s1"},
		{"ＪＯＹ", "", "t:s1"},
		{"没有这个名字", "", "-"},
	} {
		var got collection
		r.get("/api/search?q="+url.QueryEscape(c.q)+c.more).want(t, 200).decode(t, &got)
		switch {
		case c.first == "-":
			if len(got.Features) != 0 {
				t.Errorf("%s: %s, want nothing", c.q, got.ids())
			}
		case len(got.Features) == 0:
			t.Errorf("%s: nothing", c.q)
		case c.first != "" && got.Features[0].ID != c.first:
			t.Errorf("%s: %s, want %s first", c.q, got.ids(), c.first)
		}
		for _, f := range got.Features {
			if _, ok := f.Properties["distance_m"]; ok != (c.more != "") {
				t.Errorf("%s: distance given %t", c.q, ok)
			}
		}
	}
	var got collection
	r.get("/api/search?limit=1&q="+url.QueryEscape("驿站")).want(t, 200).decode(t, &got)
	if len(got.Features) != 1 {
		t.Errorf("limit=1 gave %s", got.ids())
	}
}
