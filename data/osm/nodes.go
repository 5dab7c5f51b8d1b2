package osm

import (
	"slices"

	"github.com/paulmach/orb"

	"yizhan/data/osmpbf"
)

// missing is the index of a node that the source does not have.
const missing = ^uint32(0)

// nodeTable holds positions by node id: three sorted parallel arrays, 16
// bytes a node, and a radix table over the ids that leaves a search a handful
// of steps. A Go map would take five times the memory.
type nodeTable struct {
	ids      []int64
	lon, lat []int32
	unsorted bool

	// starts[k] is the first index whose id, less the smallest, shifted right
	// by shift, is k or more.
	starts []uint32
	shift  uint
}

func (t *nodeTable) len() int { return len(t.ids) }

func (t *nodeTable) add(id int64, lon, lat int32) {
	if n := len(t.ids); n > 0 && id <= t.ids[n-1] {
		if id == t.ids[n-1] {
			return // given twice in a row
		}
		t.unsorted = true
	}
	t.ids = append(t.ids, id)
	t.lon = append(t.lon, lon)
	t.lat = append(t.lat, lat)
}

// seal makes the table ready for find. Of nodes with one id the first stays.
func (t *nodeTable) seal() {
	if t.unsorted {
		t.sort()
	}
	n := len(t.ids)
	if n == 0 {
		return
	}
	spread := uint64(t.ids[n-1]) - uint64(t.ids[0])
	for spread>>t.shift >= uint64(n) {
		t.shift++
	}
	t.starts = make([]uint32, spread>>t.shift+2)
	at := 0
	for k := range t.starts {
		for at < n && t.slot(t.ids[at]) < uint64(k) {
			at++
		}
		t.starts[k] = uint32(at)
	}
}

func (t *nodeTable) slot(id int64) uint64 { return (uint64(id) - uint64(t.ids[0])) >> t.shift }

func (t *nodeTable) sort() {
	perm := make([]uint32, len(t.ids))
	for i := range perm {
		perm[i] = uint32(i)
	}
	slices.SortStableFunc(perm, func(a, b uint32) int {
		switch x, y := t.ids[a], t.ids[b]; {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	})
	ids := make([]int64, 0, len(perm))
	lon, lat := make([]int32, 0, len(perm)), make([]int32, 0, len(perm))
	for _, i := range perm {
		if n := len(ids); n > 0 && ids[n-1] == t.ids[i] {
			continue
		}
		ids = append(ids, t.ids[i])
		lon = append(lon, t.lon[i])
		lat = append(lat, t.lat[i])
	}
	t.ids, t.lon, t.lat = ids, lon, lat
}

// find returns the index of a node, or missing.
func (t *nodeTable) find(id int64) uint32 {
	n := len(t.ids)
	if n == 0 || id < t.ids[0] || id > t.ids[n-1] {
		return missing
	}
	k := t.slot(id)
	lo, hi := t.starts[k], t.starts[k+1]
	for lo < hi {
		mid := lo + (hi-lo)/2
		if t.ids[mid] < id {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo < uint32(n) && t.ids[lo] == id {
		return lo
	}
	return missing
}

// point returns the position of a node by index.
func (t *nodeTable) point(i uint32) orb.Point {
	return orb.Point{osmpbf.Degrees(t.lon[i]), osmpbf.Degrees(t.lat[i])}
}
