package street

import (
	"math"
	"sync"

	"github.com/paulmach/orb"
)

// edgeTree finds street edges near a point: a static tree of boxes, built
// bottom-up over the edges in their order, which follows a space-filling
// curve (as in the packed Hilbert R-tree of Kamel and Faloutsos, 1993).
type edgeTree struct {
	boxes  []box
	levels []int // index in boxes where each level begins, leaves first
}

// fanout is the number of children of a tree node.
const fanout = 16

type box struct{ minLon, minLat, maxLon, maxLat int32 }

func (b *box) add(lon, lat int32) {
	b.minLon, b.minLat = min(b.minLon, lon), min(b.minLat, lat)
	b.maxLon, b.maxLat = max(b.maxLon, lon), max(b.maxLat, lat)
}

var emptyBox = box{math.MaxInt32, math.MaxInt32, math.MinInt32, math.MinInt32}

func newEdgeTree(n *Network) edgeTree {
	var t edgeTree
	for e := range n.edgeWay {
		b := emptyBox
		b.add(n.nodeLon[n.edgeA[e]], n.nodeLat[n.edgeA[e]])
		b.add(n.nodeLon[n.edgeB[e]], n.nodeLat[n.edgeB[e]])
		for k := n.edgeShape[e]; k < n.edgeShape[e+1]; k++ {
			b.add(n.shapeLon[k], n.shapeLat[k])
		}
		t.boxes = append(t.boxes, b)
	}
	t.levels = []int{0}
	for lo, hi := 0, len(t.boxes); hi-lo > 1; {
		t.levels = append(t.levels, hi)
		for i := lo; i < hi; i += fanout {
			b := emptyBox
			for _, c := range t.boxes[i:min(i+fanout, hi)] {
				b.add(c.minLon, c.minLat)
				b.add(c.maxLon, c.maxLat)
			}
			t.boxes = append(t.boxes, b)
		}
		lo, hi = hi, len(t.boxes)
	}
	return t
}

// Snap is the point of a street nearest to another point.
type Snap struct {
	Edge uint32
	// At is the distance along the edge from its end A in metres.
	At float64
	// Point lies on the edge, Distance metres from the point asked for.
	Point    orb.Point
	Distance float64
}

// candidate is a tree node or an edge in the queue of a search, by the square
// of its distance in metres. level < 0 marks an edge whose distance is exact.
type candidate struct {
	d2    float64
	index int32
	level int32
}

var queuePool = sync.Pool{New: func() any { return new(queue) }}

// queue is a binary heap of candidates, nearest first.
type queue []candidate

func (q *queue) push(c candidate) {
	h := append(*q, c)
	i := len(h) - 1
	for i > 0 {
		up := (i - 1) / 2
		if !before(h[i], h[up]) {
			break
		}
		h[i], h[up] = h[up], h[i]
		i = up
	}
	*q = h
}

func (q *queue) pop() candidate {
	h := *q
	top := h[0]
	last := len(h) - 1
	h[0] = h[last]
	h = h[:last]
	for i := 0; ; {
		c := 2*i + 1
		if c >= last {
			break
		}
		if c+1 < last && before(h[c+1], h[c]) {
			c++
		}
		if !before(h[c], h[i]) {
			break
		}
		h[i], h[c] = h[c], h[i]
		i = c
	}
	*q = h
	return top
}

// before orders by distance, then by index, so that ties do not depend on the
// order of pushing.
func before(a, b candidate) bool {
	if a.d2 != b.d2 {
		return a.d2 < b.d2
	}
	if a.level != b.level {
		return a.level > b.level
	}
	return a.index < b.index
}

// Near yields the streets within a distance in metres of a point, nearest
// first, each with its nearest point. Distances are measured on a plane around
// p, within 0.5 % of great-circle ones up to 20 km.
func (n *Network) Near(p orb.Point, within float64, yield func(Snap) bool) {
	if len(n.edgeWay) == 0 {
		return
	}
	pl := planeAt(p)
	q := queuePool.Get().(*queue)
	defer func() {
		*q = (*q)[:0]
		queuePool.Put(q)
	}()
	v := viewAt(pl)
	limit := within * within
	push := func(level, index int) {
		if d2 := v.least(&n.tree.boxes[n.tree.levels[level]+index]); d2 <= limit {
			q.push(candidate{d2, int32(index), int32(level)})
		}
	}
	push(len(n.tree.levels)-1, 0)
	for len(*q) > 0 {
		c := q.pop()
		switch {
		case c.level < 0:
			d, at, point := n.nearestOnEdge(uint32(c.index), pl)
			if !yield(Snap{uint32(c.index), at, pl.point(point), d}) {
				return
			}
		case c.level == 0:
			if d, _, _ := n.nearestOnEdge(uint32(c.index), pl); d <= within {
				q.push(candidate{d * d, c.index, -1})
			}
		default:
			below := int(c.level) - 1
			size := n.tree.levels[below+1] - n.tree.levels[below]
			for i := int(c.index) * fanout; i < min((int(c.index)+1)*fanout, size); i++ {
				push(below, i)
			}
		}
	}
}

// view is a point that boxes are seen from, in their units, with the metres
// of a unit in each direction.
type view struct{ lon, lat, kx, ky float64 }

func viewAt(pl plane) view {
	return view{pl.lon * fixed, pl.lat * fixed, pl.kx / fixed, pl.ky / fixed}
}

// least returns a lower bound of the square of the distance in metres to what
// lies in a box. It is less than the distance by more than either is rounded.
func (v *view) least(b *box) float64 {
	dx := max(0, float64(b.minLon)-v.lon, v.lon-float64(b.maxLon)) * v.kx
	dy := max(0, float64(b.minLat)-v.lat, v.lat-float64(b.maxLat)) * v.ky
	return (dx*dx+dy*dy)*(1-1e-9) - 1e-9
}

// nearestOnEdge returns the distance from the plane's origin to an edge, the
// metres along the edge where it is reached, and that point.
func (n *Network) nearestOnEdge(e uint32, pl plane) (d, at float64, point vec) {
	d = math.Inf(1)
	var sum float64
	prev := pl.of(n.Node(n.edgeA[e]))
	lo, hi := n.edgeShape[e], n.edgeShape[e+1]
	for k := lo; k <= hi; k++ {
		var next vec
		if k < hi {
			next = pl.of(orb.Point{float64(n.shapeLon[k]) / fixed, float64(n.shapeLat[k]) / fixed})
		} else {
			next = pl.of(n.Node(n.edgeB[e]))
		}
		l := prev.dist(next)
		if dd, t := nearestOn(vec{}, prev, next); dd < d {
			d, at, point = dd, sum+t*l, lerp(prev, next, t)
		}
		sum += l
		prev = next
	}
	if sum > 0 {
		// The stored length is the great-circle one; keep to its scale.
		at *= float64(n.edgeLength[e]) / sum
	}
	return d, math.Min(at, float64(n.edgeLength[e])), point
}
