package reach

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"yizhan/geo/street"
)

// walls are the perimeters of the gated compounds, the largest first, so that
// of nested ones the innermost is painted last.
type walls struct{ list []wall }

type wall struct {
	room  uint32
	bound orb.Bound
	area  float64 // square degrees, to order them
	rings []orb.Ring
}

func newWalls(net *street.Network) *walls {
	w := &walls{}
	compounds := net.Compounds()
	for i := range compounds {
		c := &compounds[i]
		room, ok := net.RoomOf(c.ID)
		if !ok || len(c.Perimeter) == 0 {
			continue
		}
		x := wall{room: room, bound: c.Perimeter.Bound()}
		for _, polygon := range c.Perimeter {
			for k, ring := range polygon {
				if len(ring) < 4 {
					continue
				}
				x.rings = append(x.rings, ring)
				if a := math.Abs(signedArea(ring)); k == 0 {
					x.area += a
				} else {
					x.area -= a
				}
			}
		}
		// A degree of longitude shortens towards the poles.
		x.area *= math.Cos(x.bound.Center()[1] * math.Pi / 180)
		w.list = append(w.list, x)
	}
	slices.SortStableFunc(w.list, func(a, b wall) int {
		return cmp.Or(cmp.Compare(b.area, a.area), cmp.Compare(b.room, a.room))
	})
	return w
}

// signedArea is the area of a ring by the shoelace formula, positive
// where it runs counter-clockwise.
func signedArea(ring orb.Ring) float64 {
	var sum float64
	o := ring[0]
	for i := 1; i < len(ring); i++ {
		a, b := ring[i-1], ring[i]
		sum += (a[0]-o[0])*(b[1]-o[1]) - (b[0]-o[0])*(a[1]-o[1])
	}
	return sum / 2
}

// paint tells each vertex of the grid the room it lies in: scan lines along
// the rows, by the even-odd rule.
func (w *walls) paint(c *canvas) {
	c.rooms = c.rooms[:0]
	box := orb.Bound{Min: c.point(0, 0, 0, 0), Max: c.point(c.wide-1, c.high-1, 0, 0)}
	for i := range w.list {
		x := &w.list[i]
		if !x.bound.Intersects(box) {
			continue
		}
		if len(c.rooms) == 0 {
			c.rooms, c.walls = sized(c.rooms, c.wide*c.high), sized(c.walls, c.high)
			clear(c.rooms)
			for k := range c.walls {
				c.walls[k] = [2]int{c.wide, 0}
			}
		}
		c.fill(x)
	}
}

// fill paints one compound.
func (c *canvas) fill(x *wall) {
	first := max(0, int(math.Ceil((x.bound.Min[1]*1e7-float64(c.lowLat))/float64(c.stepLat))))
	last := min(c.high-1, int(math.Floor((x.bound.Max[1]*1e7-float64(c.lowLat))/float64(c.stepLat))))
	for k := first; k <= last; k++ {
		y := float64(c.lowLat+int64(k)*c.stepLat) / 1e7
		c.cross = c.cross[:0]
		for _, ring := range x.rings {
			for i := 1; i < len(ring); i++ {
				a, b := ring[i-1], ring[i]
				if (a[1] > y) != (b[1] > y) {
					lon := (b[0]-a[0])*(y-a[1])/(b[1]-a[1]) + a[0]
					c.cross = append(c.cross, (lon*1e7-float64(c.lowLon))/float64(c.stepLon))
				}
			}
		}
		slices.Sort(c.cross)
		for i := 0; i+1 < len(c.cross); i += 2 {
			from, to := max(0, int(math.Ceil(c.cross[i]))), min(c.wide-1, int(math.Ceil(c.cross[i+1]))-1)
			if from > to {
				continue
			}
			c.wall(k, from, to+1)
			row := c.rooms[k*c.wide : (k+1)*c.wide]
			for n := from; n <= to; n++ {
				row[n] = x.room
			}
		}
	}
}
