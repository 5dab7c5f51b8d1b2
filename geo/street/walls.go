package street

import (
	"math"

	"github.com/paulmach/orb"
	"github.com/tidwall/rtree"
)

// wallIndex finds stretches of wall.
type wallIndex struct {
	tree rtree.RTreeG[[2]orb.Point]
}

func newWallIndex(b *Builder) *wallIndex {
	x := new(wallIndex)
	for _, w := range b.walls {
		var prev orb.Point
		known := false
		for _, id := range w.nodes {
			i, ok := b.nodes.find(id)
			if !ok {
				known = false
				continue
			}
			n := b.nodes.list[i]
			p := orb.Point{float64(n.lon) / fixed, float64(n.lat) / fixed}
			if known {
				x.tree.Insert(
					[2]float64{math.Min(prev[0], p[0]), math.Min(prev[1], p[1])},
					[2]float64{math.Max(prev[0], p[0]), math.Max(prev[1], p[1])},
					[2]orb.Point{prev, p})
			}
			prev, known = p, true
		}
	}
	return x
}

const (
	// wallStep is the spacing in metres of the points of a perimeter that are
	// looked at, wallNear how near a wall must be, wallShare how much of the
	// perimeter must have one.
	wallStep  = 10.0
	wallNear  = 5.0
	wallShare = 0.4
)

// along says whether walls are mapped along the perimeter.
func (x *wallIndex) along(s *shape) bool {
	if x.tree.Len() == 0 {
		return false
	}
	total, walled := 0, 0
	for _, ring := range s.rings {
		for i := 1; i < len(ring); i++ {
			a, b := ring[i-1], ring[i]
			steps := int(math.Ceil(a.dist(b) / wallStep))
			for k := range steps {
				total++
				if x.near(s.plane, lerp(a, b, (float64(k)+0.5)/float64(steps))) {
					walled++
				}
			}
		}
	}
	return float64(walled) >= wallShare*float64(total) && total > 0
}

func (x *wallIndex) near(pl plane, v vec) bool {
	found := false
	lo, hi := pl.point(vec{v.x - wallNear, v.y - wallNear}), pl.point(vec{v.x + wallNear, v.y + wallNear})
	x.tree.Search(lo, hi, func(_, _ [2]float64, seg [2]orb.Point) bool {
		d, _ := nearestOn(v, pl.of(seg[0]), pl.of(seg[1]))
		found = d <= wallNear
		return !found
	})
	return found
}
