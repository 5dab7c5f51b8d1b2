package demo

import "yizhan/data/osm"

// busLine follows one street of the grid and calls near its crossings.
type busLine struct {
	ref       string
	northward bool
	index     int
}

// drawBuses draws the stops of three lines, one stop for each direction at
// every second crossing, and the routes that call there. Where two lines
// cross they share the name of the stop.
func drawBuses(p *plan, b *board, s *streets) {
	lines := []busLine{
		{"101路", true, len(p.xs) / 2},
		{"204路", false, p.riverRow / 2},
		{"35路", false, p.riverRow + 1 + (len(p.ys)-p.riverRow-1)/2},
	}
	names := map[[2]int]string{}
	for _, line := range lines {
		count := len(p.xs)
		if line.northward {
			count = len(p.ys)
		}
		var there, back []osm.Member
		for i := 0; i < count; i += 2 {
			row, col := line.index, i
			if line.northward {
				row, col = i, line.index
			}
			key := [2]int{row, col}
			if names[key] == "" {
				names[key] = s.lines[col].name.zh + s.lines[len(p.xs)+row].name.zh + "口"
			}
			stop := func(near, off float64) osm.Member {
				at := pos{p.xs[col] + near, p.ys[row] - off}
				if line.northward {
					at = pos{p.xs[col] + off, p.ys[row] + near}
				}
				shelter := ""
				if i%4 == 0 {
					shelter = "yes"
				}
				return busMember(b.place(at, "highway", "bus_stop", "name", names[key], "shelter", shelter, "bench", shelter))
			}
			if i+1 < count { // the last crossing has no street beyond it
				there = append(there, stop(45, 9))
			}
			if i > 0 {
				back = append([]osm.Member{stop(-45, -9)}, back...)
			}
		}
		b.relation(there, "type", "route", "route", "bus", "ref", line.ref, "name", line.ref+"（去程）")
		b.relation(back, "type", "route", "route", "bus", "ref", line.ref, "name", line.ref+"（回程）")
	}
}
