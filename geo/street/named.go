package street

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/paulmach/orb"
)

// streetGap is the distance in degrees within which two ways of one name are
// the same street: about 300 m.
const streetGap = 0.003

// namedStreets gathers the ways of each name that lie near each other into
// streets.
func namedStreets(d *draft) []Street {
	type part struct {
		way   int
		bound orb.Bound
		mid   orb.Point
		size  float64
	}
	parts := make([]part, len(d.ways))
	for i := range d.pieces {
		p := &d.pieces[i]
		w := &parts[p.way]
		for _, v := range p.verts {
			if w.size == 0 && w.bound.IsZero() {
				w.bound = d.point(v).Bound()
			} else {
				w.bound = w.bound.Extend(d.point(v))
			}
		}
		if l := d.length(p); l > w.size {
			w.size, w.mid = l, d.point(p.verts[len(p.verts)/2])
		}
	}
	byName := map[wayName][]part{}
	for i := range d.ways {
		name := nameOf(d.ways[i].src.Name, d.ways[i].src.Names)
		if name.local != "" && parts[i].size > 0 {
			parts[i].way = i
			byName[name] = append(byName[name], parts[i])
		}
	}
	var out []Street
	for name, list := range byName {
		sets := newDisjoint(len(list))
		for i := range list {
			for k := i + 1; k < len(list); k++ {
				if list[i].bound.Pad(streetGap).Intersects(list[k].bound) {
					sets.join(uint32(i), uint32(k))
				}
			}
		}
		streets := map[uint32]*Street{}
		longest := map[uint32]float64{}
		for i, p := range list {
			root := sets.find(uint32(i))
			s := streets[root]
			if s == nil {
				s = &Street{ID: fmt.Sprintf("street:w%d", d.ways[p.way].src.ID), Name: name.local, Names: d.ways[p.way].src.Names, Bound: p.bound}
				streets[root] = s
			}
			s.Bound = s.Bound.Union(p.bound)
			if p.size > longest[root] {
				longest[root], s.Point = p.size, p.mid
			}
		}
		for _, s := range streets {
			s.Point, s.Bound = round(s.Point), orb.Bound{Min: round(s.Bound.Min), Max: round(s.Bound.Max)}
			out = append(out, *s)
		}
	}
	slices.SortFunc(out, func(a, b Street) int { return cmp.Compare(a.ID, b.ID) })
	return out
}
