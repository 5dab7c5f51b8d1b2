package osm

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/clip"

	"yizhan/geo"
)

// The sea is not in the data: only its shore is, as ways of natural=coastline
// with the land on their left. sea closes the shores along the edge of the
// map:
//
//	+-----b=======+   A shore enters the box at a and leaves it at b, water
//	|    /  sea   |   on its right. Walked back from b to a it has the water
//	|   |         |   on its left, as a ring has its inside; from a the ring
//	|    \        |   goes on counter-clockwise along the edge to the next
//	|     a=======+   shore's b, here its own.
//	+-------------+
//
// Islands are holes. Where a shore ends inside the box the sea cannot be told
// from the land, and there is none.

// coastReach is how far from the edge of the map, in metres, a shore may end
// because the extract cut its last nodes away, and be led to the edge.
const coastReach = 1500

// sea draws the sea inside the bound of the map.
func (b *importer) sea(bound orb.Bound) {
	if len(b.coast) == 0 || bound.Max[0] <= bound.Min[0] || bound.Max[1] <= bound.Min[1] {
		return
	}
	polys, ok := seaOf(b.shores(), bound)
	if !ok {
		b.report.warn(BrokenCoast, "", geo.Text{
			Zh: "海岸线在地图范围内中断，未绘制海面", En: "a coastline ends inside the map; the sea is not drawn",
		})
		return
	}
	for _, p := range polys {
		b.report.Features[geo.LayerWater]++
		b.canvas.Draw(geo.MapFeature{Layer: geo.LayerWater, Class: "sea", Geometry: p})
	}
}

// shores joins the coastline ways, each onto the one that begins where it
// ends.
func (b *importer) shores() []orb.LineString {
	var parts []orb.LineString
	for _, refs := range b.coast {
		parts = append(parts, b.e.strings(refs)...)
	}
	slices.SortFunc(parts, func(x, y orb.LineString) int {
		return cmp.Or(cmp.Compare(x[0][0], y[0][0]), cmp.Compare(x[0][1], y[0][1]), cmp.Compare(len(x), len(y)))
	})
	begins := map[orb.Point]int{}
	ends := map[orb.Point]bool{}
	for i, p := range parts {
		if _, taken := begins[p[0]]; !taken {
			begins[p[0]] = i
		}
		ends[p[len(p)-1]] = true
	}
	used := make([]bool, len(parts))
	follow := func(i int) orb.LineString {
		var line orb.LineString
		for !used[i] {
			used[i] = true
			if line == nil {
				line = slices.Clone(parts[i])
			} else {
				line = append(line, parts[i][1:]...)
			}
			next, ok := begins[line[len(line)-1]]
			if !ok {
				break
			}
			i = next
		}
		return line
	}
	var out []orb.LineString
	// First the lines that nothing leads to, then what is left: rings.
	for _, open := range [...]bool{true, false} {
		for i, p := range parts {
			if !used[i] && (!open || !ends[p[0]]) {
				out = append(out, follow(i))
			}
		}
	}
	return out
}

// seaOf returns the water on the right of the shores, inside a box.
func seaOf(shores []orb.LineString, box orb.Bound) ([]orb.Polygon, bool) {
	var pieces []orb.LineString
	var islands, waters []orb.Ring
	for _, line := range shores {
		if line[0] == line[len(line)-1] && len(line) >= 4 {
			if box.Contains(line.Bound().Min) && box.Contains(line.Bound().Max) {
				if ring := orb.Ring(line); signedArea(ring) > 0 {
					islands = append(islands, ring)
				} else {
					waters = append(waters, ring)
				}
				continue
			}
			line = fromOutside(line, box)
		}
		for _, piece := range clip.LineString(box, line) {
			if len(piece) < 2 {
				continue
			}
			whole, ok := toEdges(piece, box)
			if !ok {
				return nil, false
			}
			if len(whole) > len(piece) && sliver(piece, box) {
				continue // where it would have gone on nobody knows, nor sees
			}
			pieces = append(pieces, whole)
		}
	}
	rings, ok := closeAlong(pieces, box)
	if !ok {
		return nil, false
	}
	if len(rings) == 0 && len(waters) == 0 && len(islands) > 0 {
		rings = []orb.Ring{box.ToRing()}
	}
	for _, w := range waters {
		w.Reverse()
		rings = append(rings, w)
	}
	polys := make([]orb.Polygon, len(rings))
	for i, r := range rings {
		polys[i] = orb.Polygon{r}
	}
	slices.SortFunc(polys, func(a, b orb.Polygon) int { return cmp.Compare(signedArea(a[0]), signedArea(b[0])) })
	for _, island := range islands {
		for i := range polys { // the smallest water around it
			if inRing(island[0], polys[i][0]) {
				island.Reverse()
				polys[i] = append(polys[i], island)
				break
			}
		}
	}
	return polys, true
}

// fromOutside turns a closed line so that it begins outside the box, or
// returns it as it is where it never leaves it.
func fromOutside(line orb.LineString, box orb.Bound) orb.LineString {
	at := slices.IndexFunc(line, func(p orb.Point) bool { return !box.Contains(p) })
	if at <= 0 {
		return line
	}
	out := append(orb.LineString{}, line[at:]...)
	return append(out, line[1:at+1]...)
}

// toEdges leads the ends of a piece to the edge of the box, where they are
// near enough; clipped ends are there already.
func toEdges(piece orb.LineString, box orb.Bound) (orb.LineString, bool) {
	first, ok1 := toEdge(piece[0], box)
	last, ok2 := toEdge(piece[len(piece)-1], box)
	if !ok1 || !ok2 {
		return nil, false
	}
	if first != piece[0] {
		piece = append(orb.LineString{first}, piece...)
	}
	if last != piece[len(piece)-1] {
		piece = append(piece[:len(piece):len(piece)], last)
	}
	return piece, true
}

// sliver says whether a line is too short to matter in a box: under a
// hundredth of it either way.
func sliver(line orb.LineString, box orb.Bound) bool {
	b := line.Bound()
	return b.Max[0]-b.Min[0] < (box.Max[0]-box.Min[0])/100 && b.Max[1]-b.Min[1] < (box.Max[1]-box.Min[1])/100
}

// toEdge returns the nearest point on the edge of the box.
func toEdge(p orb.Point, box orb.Bound) (orb.Point, bool) {
	best, at := math.Inf(1), p
	for _, q := range [...]orb.Point{{p[0], box.Min[1]}, {box.Max[0], p[1]}, {p[0], box.Max[1]}, {box.Min[0], p[1]}} {
		if d := geo.Distance(p, q); d < best {
			best, at = d, q
		}
	}
	return at, best <= coastReach
}

// around returns how far along the edge of the box a point of the edge is,
// counter-clockwise from the lower left corner, each side counting one.
func around(p orb.Point, box orb.Bound) float64 {
	x := (p[0] - box.Min[0]) / (box.Max[0] - box.Min[0])
	y := (p[1] - box.Min[1]) / (box.Max[1] - box.Min[1])
	switch {
	case p[1] == box.Min[1]:
		return x
	case p[0] == box.Max[0]:
		return 1 + y
	case p[1] == box.Max[1]:
		return 3 - x
	default:
		return 4 - y
	}
}

// closeAlong makes rings of pieces that cross the box from edge to edge.
func closeAlong(pieces []orb.LineString, box orb.Bound) ([]orb.Ring, bool) {
	type shore struct {
		line     orb.LineString // walked back: water on the left
		from, to float64
		used     bool
	}
	shores := make([]shore, 0, len(pieces))
	for _, p := range pieces {
		back := slices.Clone(p)
		back.Reverse()
		shores = append(shores, shore{line: back, from: around(back[0], box), to: around(back[len(back)-1], box)})
	}
	slices.SortFunc(shores, func(a, b shore) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to)) })
	corners := [4]orb.Point{box.Min, {box.Max[0], box.Min[1]}, box.Max, {box.Min[0], box.Max[1]}}
	var rings []orb.Ring
	for i := range shores {
		if shores[i].used {
			continue
		}
		var ring orb.Ring
		for at := i; !shores[at].used; {
			shores[at].used = true
			ring = append(ring, shores[at].line...)
			to := shores[at].to
			// The next shore counter-clockwise from here, and the corners
			// passed on the way.
			next := slices.IndexFunc(shores, func(s shore) bool { return s.from > to })
			until := 4.0
			if next < 0 {
				next = 0
				until += shores[0].from
			} else {
				until = shores[next].from
			}
			for k := math.Floor(to) + 1; k < until; k++ {
				ring = append(ring, corners[int(k)%4])
			}
			if shores[next].used && next != i {
				return nil, false // shores cross: they are not what they claim
			}
			at = next
		}
		ring = append(ring, ring[0])
		if signedArea(ring) <= 0 {
			return nil, false
		}
		rings = append(rings, ring)
	}
	return rings, true
}
