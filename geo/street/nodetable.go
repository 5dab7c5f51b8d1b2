package street

import (
	"cmp"
	"slices"

	"github.com/paulmach/orb"
)

// nodeTable maps OSM node numbers to positions: 16 bytes a node, found by
// binary search once sealed.
type nodeTable struct {
	list   []node
	sealed bool
}

type node struct {
	id       int64
	lon, lat int32
}

func (t *nodeTable) add(id int64, p orb.Point) {
	t.list = append(t.list, node{id, toFixed(p[0]), toFixed(p[1])})
	t.sealed = false
}

// seal sorts the table and drops double nodes; of two positions of one node
// the smaller stays, so that the order of adding does not matter.
func (t *nodeTable) seal() {
	byID := func(a, b node) int {
		return cmp.Or(cmp.Compare(a.id, b.id), cmp.Compare(a.lon, b.lon), cmp.Compare(a.lat, b.lat))
	}
	if !slices.IsSortedFunc(t.list, byID) {
		slices.SortFunc(t.list, byID)
	}
	t.list = slices.CompactFunc(t.list, func(a, b node) bool { return a.id == b.id })
	t.sealed = true
}

// find returns the index of a node.
func (t *nodeTable) find(id int64) (int32, bool) {
	i, ok := slices.BinarySearchFunc(t.list, id, func(n node, id int64) int { return cmp.Compare(n.id, id) })
	return int32(i), ok
}
