package tiles

import (
	"math"
	"slices"
)

// measure returns the area of a polygon's rings, holes taken off, and a point
// inside its largest outer ring to hang the name on: the ring's centroid, or
// where that lies outside, the middle of the widest stretch of the ring on the
// centroid's row.
func measure(parts []part) (area float64, label [2]int32) {
	largest := -1
	for i, p := range parts {
		if p.hole {
			area -= p.area
			continue
		}
		area += p.area
		if largest < 0 || p.area > parts[largest].area {
			largest = i
		}
	}
	ring := parts[largest].vertices
	label = centroid(ring)
	row := crossings(ring, label[1])
	best, inside := -1.0, false
	var middle float64
	for i := 0; i+1 < len(row); i += 2 {
		if float64(label[0]) >= row[i] && float64(label[0]) <= row[i+1] {
			inside = true
		}
		if w := row[i+1] - row[i]; w > best {
			best, middle = w, (row[i]+row[i+1])/2
		}
	}
	if !inside && best >= 0 {
		label[0] = int32(math.Round(middle))
	}
	return area, label
}

func centroid(ring []vertex) [2]int32 {
	o := ring[0].p
	var sx, sy, sum float64
	for i := 1; i+1 < len(ring); i++ {
		ax, ay := float64(ring[i].p[0]-o[0]), float64(ring[i].p[1]-o[1])
		bx, by := float64(ring[i+1].p[0]-o[0]), float64(ring[i+1].p[1]-o[1])
		c := ax*by - bx*ay
		sx += (ax + bx) * c
		sy += (ay + by) * c
		sum += c
	}
	b := boxOf(ring)
	clamp := func(v float64, i int) int32 {
		return int32(math.Round(min(max(v, float64(b.min[i])), float64(b.max[i]))))
	}
	return [2]int32{
		clamp(float64(o[0])+sx/(3*sum), 0),
		clamp(float64(o[1])+sy/(3*sum), 1),
	}
}

// crossings returns where the ring crosses a row, from west to east.
func crossings(ring []vertex, y int32) []float64 {
	var row []float64
	for i, v := range ring {
		a, b := v.p, ring[(i+1)%len(ring)].p
		if (a[1] <= y) == (b[1] <= y) {
			continue
		}
		t := float64(y-a[1]) / float64(b[1]-a[1])
		row = append(row, float64(a[0])+t*float64(b[0]-a[0]))
	}
	slices.Sort(row)
	return row
}
