package street

import (
	"cmp"
	"slices"

	"github.com/paulmach/orb"
	"github.com/tidwall/rtree"

	"yizhan/geo"
)

// areaIndex answers which compound a point lies in.
type areaIndex struct {
	shapes []*shape
	gated  []bool
	tree   *rtree.RTreeG[int]
}

func newAreaIndex(compounds []geo.Compound) areaIndex {
	x := areaIndex{tree: new(rtree.RTreeG[int])}
	for i := range compounds {
		c := &compounds[i]
		s := newShape(c.Perimeter)
		x.shapes = append(x.shapes, s)
		x.gated = append(x.gated, c.Gated)
		if len(s.rings) > 0 {
			b := c.Perimeter.Bound()
			x.tree.Insert(b.Min, b.Max, i)
		}
	}
	return x
}

// around lists the compounds around a point, the smallest first.
func (x *areaIndex) around(p orb.Point, yield func(i int) bool) {
	var hits []int
	if x.tree == nil {
		return
	}
	x.tree.Search(p, p, func(_, _ [2]float64, i int) bool {
		if s := x.shapes[i]; s.contains(s.plane.of(p)) {
			hits = append(hits, i)
		}
		return true
	})
	slices.SortFunc(hits, func(a, b int) int {
		return cmp.Or(cmp.Compare(x.shapes[a].area, x.shapes[b].area), cmp.Compare(a, b))
	})
	for _, i := range hits {
		if !yield(i) {
			return
		}
	}
}

// at returns the innermost gated compound around a point; else, unless only
// gated ones are wanted, the smallest open area.
func (x *areaIndex) at(p orb.Point, gatedOnly bool) (index int, ok bool) {
	x.around(p, func(i int) bool {
		switch {
		case x.gated[i]:
			index, ok = i, true
			return false
		case !ok && !gatedOnly:
			index, ok = i, true
		}
		return true
	})
	return index, ok
}

// parents returns for each room the room around it: the smallest larger
// gated compound that holds nine tenths of its perimeter's corners.
func (x *areaIndex) parents() []uint32 {
	out := make([]uint32, len(x.shapes)+1)
	for i, s := range x.shapes {
		if !x.gated[i] || len(s.rings) == 0 {
			continue
		}
		inside := map[int]int{}
		for _, v := range s.rings[0] {
			x.around(s.plane.point(v), func(k int) bool {
				if larger := x.shapes[k]; k != i && x.gated[k] && (larger.area > s.area || larger.area == s.area && k > i) {
					inside[k]++
				}
				return true
			})
		}
		best := -1
		for k, count := range inside {
			if count*10 < len(s.rings[0])*9 {
				continue
			}
			if best < 0 || x.shapes[k].area < x.shapes[best].area || x.shapes[k].area == x.shapes[best].area && k < best {
				best = k
			}
		}
		out[i+1] = uint32(best + 1)
	}
	return out
}
