package api

import (
	"testing"
)

func TestCoverage(t *testing.T) {
	r := start(t, Config{})
	type counts struct{ Inside, Outside int }
	for _, c := range []struct {
		query                string
		stations             int
		compounds, buildings counts
		outside              int
	}{
		{"radius=300", 6, counts{1, 0}, counts{1, 1}, 1},
		{"radius=1000", 6, counts{1, 0}, counts{2, 0}, 0},
		{"radius=50&facility=microwave", 2, counts{0, 1}, counts{0, 2}, 3},
		{"radius=500&facility=legal_aid", 0, counts{0, 1}, counts{0, 2}, 0},
		{"radius=300&kind=parking", 2, counts{1, 0}, counts{1, 1}, 1},
		{"radius=300&bbox=" + at(0, 0) + "," + at(300, 300), 6, counts{1, 0}, counts{1, 0}, 0},
	} {
		var got struct {
			Stations             int
			Compounds, Buildings counts
			Outside              []struct{ ID string }
		}
		r.get("/api/coverage?"+c.query).want(t, 200).decode(t, &got)
		if got.Stations != c.stations || got.Compounds != c.compounds || got.Buildings != c.buildings || len(got.Outside) != c.outside {
			t.Errorf("%s: %+v", c.query, got)
		}
	}
}
