package cch

import (
	"math"
	"slices"
)

// The labels of a cut piece: what is connected to the sources, what is
// connected to the sinks, and the separator.
const (
	near   = 0
	far    = 1
	middle = 2
)

const (
	// directions is the number of lines that a piece is swept along.
	directions = 8
	// endsPercent is the part of the nodes that are sources, and of those that
	// are sinks. On street networks a quarter to a third does best.
	endsPercent = 25
)

// flow finds small separators by inertial flow (Schild and Sommer: On Balanced
// Separators in Road Networks, SEA 2015): the nodes are sorted along a line,
// the first ones are sources, the last ones sinks, and the smallest set of nodes
// that parts them is where a maximum flow of node-disjoint ways is held up. Of
// several lines the set is taken that is smallest for the root of the smaller
// side: the length of a border grows with the root of an area.
//
// The flow is found after Dinic (1970) in a graph with two states for each
// node: 2x is where ways come in, 2x+1 where they go out. It is kept as the node
// before and after each node on a way.
type flow struct {
	p          *piece
	key        []uint64
	prev, next []uint32
	sink       []bool
	level      []uint32
	try        []uint32 // the next neighbour to try on the way out
	queue      []uint32
	way        []uint32
	label      []uint32
}

// What stands in prev and next beside nodes.
const (
	idle   = none     // no way leads over the node
	border = none - 1 // the way begins or ends here
)

// separate labels the nodes of a connected piece.
func (f *flow) separate(p *piece) []uint32 {
	f.p = p
	n := len(p.node)
	f.key = slices.Grow(f.key[:0], n)[:n]
	f.prev, f.next = slices.Grow(f.prev[:0], n)[:n], slices.Grow(f.next[:0], n)[:n]
	f.sink = slices.Grow(f.sink[:0], n)[:n]
	f.level = slices.Grow(f.level[:0], 2*n)[:2*n]
	f.try = slices.Grow(f.try[:0], n)[:n]
	f.label = slices.Grow(f.label[:0], n)[:n]
	ends := max(n*endsPercent/100, 1)
	best, score := make([]uint32, n), math.Inf(1)
	for d := range directions {
		f.sort(float64(d)*math.Pi/directions, ends)
		// No separator has a better score than one that parts equal sides.
		limit := int(min(score*math.Sqrt(float64(n)/2+1), float64(n)))
		cut := f.maximum(ends, limit)
		if cut > limit {
			continue
		}
		for _, mark := range []func(int) int{f.markNear, f.markFar} {
			if s := float64(cut) / math.Sqrt(float64(mark(ends))+1); s < score {
				score = s
				copy(best, f.label)
			}
		}
	}
	return best
}

// sort moves the keys of the nodes that are first and last along a line to the
// ends. The lower half of a key is the node.
func (f *flow) sort(angle float64, ends int) {
	p := f.p
	squeeze := 1.0
	if len(p.y) > 0 {
		squeeze = math.Cos(float64(p.y[0]) * 1e-7 * math.Pi / 180)
	}
	dx, dy := math.Cos(angle)*squeeze, math.Sin(angle)
	lo, hi := math.Inf(1), math.Inf(-1)
	for i := range p.x {
		v := float64(p.x[i])*dx + float64(p.y[i])*dy
		lo, hi = min(lo, v), max(hi, v)
	}
	scale := 0.0
	if hi > lo {
		scale = (1<<32 - 1) / (hi - lo)
	}
	for i := range p.x {
		v := float64(p.x[i])*dx + float64(p.y[i])*dy
		f.key[i] = uint64((v-lo)*scale)<<32 | uint64(i)
	}
	part(f.key, ends)
	part(f.key[ends:], len(f.key)-2*ends)
}

// part moves the k least keys, all of which differ, to the front (Hoare: Find,
// 1961).
func part(keys []uint64, k int) {
	for len(keys) > 1 && k > 0 && k < len(keys) {
		a, b, c := keys[0], keys[len(keys)/2], keys[len(keys)-1]
		pivot := max(min(a, b), min(max(a, b), c))
		i, j := 0, len(keys)-1
		for i <= j {
			for keys[i] < pivot {
				i++
			}
			for keys[j] > pivot {
				j--
			}
			if i <= j {
				keys[i], keys[j] = keys[j], keys[i]
				i++
				j--
			}
		}
		switch {
		case k <= j:
			keys = keys[:j+1]
		case k > i:
			keys, k = keys[i:], k-i
		default:
			return
		}
	}
}

// source returns the i-th source.
func (f *flow) source(i int) uint32 { return uint32(f.key[i]) }

// maximum finds the greatest number of node-disjoint ways from the first to the
// last nodes. It gives up at more than a limit.
func (f *flow) maximum(ends, limit int) int {
	n := len(f.p.node)
	for x := range n {
		f.prev[x], f.next[x], f.sink[x] = idle, idle, false
	}
	for _, k := range f.key[n-ends:] {
		f.sink[uint32(k)] = true
	}
	ways := 0
	for f.levels(ends) {
		for x := range f.try {
			f.try[x] = f.p.first[x]
		}
		for i := range ends {
			for f.level[2*f.source(i)] == 0 && f.augment(2*f.source(i)) {
				if ways++; ways > limit {
					return ways
				}
			}
		}
	}
	return ways
}

// levels numbers the states by their distance from the sources, as far as the
// nearest sink, and says whether there is one.
func (f *flow) levels(ends int) bool {
	for i := range f.level {
		f.level[i] = none
	}
	q := f.queue[:0]
	for i := range ends {
		s := 2 * f.source(i)
		f.level[s] = 0
		q = append(q, s)
	}
	found := none
	for i := 0; i < len(q); i++ {
		u := q[i]
		l := f.level[u] + 1
		if l > found {
			break
		}
		x := u >> 1
		if u&1 == 0 {
			if v := f.inward(x); v != none && f.level[v] == none {
				f.level[v] = l
				q = append(q, v)
			}
			continue
		}
		if f.sink[x] && f.next[x] != border {
			found = min(found, l)
		}
		if f.prev[x] != idle && f.level[2*x] == none {
			f.level[2*x] = l
			q = append(q, 2*x)
		}
		for _, y := range f.p.of(x) {
			if f.level[2*y] == none {
				f.level[2*y] = l
				q = append(q, 2*y)
			}
		}
	}
	f.queue = q
	return found != none
}

// inward returns the one state that follows where a way comes in to x: out of
// x where no way leads over it yet, else back to where that one comes from.
func (f *flow) inward(x uint32) uint32 {
	switch p := f.prev[x]; p {
	case idle:
		return 2*x + 1
	case border:
		return none
	default:
		return 2*p + 1
	}
}

// augment adds one more way, from a state to a sink, level by level, and says
// whether there is one.
func (f *flow) augment(from uint32) bool {
	f.way = append(f.way[:0], from)
	for len(f.way) > 0 {
		u := f.way[len(f.way)-1]
		x := u >> 1
		v := none
		if u&1 == 0 {
			if v = f.inward(x); v != none && f.level[v] != f.level[u]+1 {
				v = none
			}
		} else {
			if f.sink[x] && f.next[x] != border {
				f.apply()
				return true
			}
			if f.prev[x] != idle && f.level[2*x] == f.level[u]+1 {
				v = 2 * x
			}
			for hi := f.p.first[x+1]; v == none && f.try[x] < hi; f.try[x]++ {
				if y := f.p.to[f.try[x]]; f.level[2*y] == f.level[u]+1 {
					v = 2 * y
					break
				}
			}
		}
		if v == none {
			f.level[u] = none // a dead end for this phase
			f.way = f.way[:len(f.way)-1]
		} else {
			f.way = append(f.way, v)
		}
	}
	return false
}

// apply adds the way that was found to the flow: first it takes what it goes
// back over, then it joins what it goes along.
func (f *flow) apply() {
	for i, u := range f.way[:len(f.way)-1] {
		if v := f.way[i+1]; u&1 == 0 && u>>1 != v>>1 {
			f.prev[u>>1], f.next[v>>1] = idle, idle
		}
	}
	f.prev[f.way[0]>>1] = border
	for i, u := range f.way[:len(f.way)-1] {
		if v := f.way[i+1]; u&1 == 1 && u>>1 != v>>1 {
			f.next[u>>1], f.prev[v>>1] = v>>1, u>>1
		}
	}
	f.next[f.way[len(f.way)-1]>>1] = border
}

// markNear labels the nodes by what the last search from the sources reached:
// the separator is nearest to them. It returns the size of the smaller side.
func (f *flow) markNear(int) int {
	return f.mark(func(x uint32) uint32 {
		switch {
		case f.level[2*x+1] != none:
			return near
		case f.level[2*x] != none:
			return middle
		}
		return far
	})
}

// markFar labels the nodes by what a search back from the sinks reaches: the
// separator is nearest to those.
func (f *flow) markFar(ends int) int {
	for i := range f.level {
		f.level[i] = none
	}
	q := f.queue[:0]
	reach := func(u uint32) {
		if f.level[u] == none {
			f.level[u] = 0
			q = append(q, u)
		}
	}
	for _, k := range f.key[len(f.key)-ends:] {
		reach(2*uint32(k) + 1)
	}
	for i := 0; i < len(q); i++ {
		x := q[i] >> 1
		if q[i]&1 == 1 {
			if f.prev[x] == idle {
				reach(2 * x)
			} else if y := f.next[x]; y != border {
				reach(2 * y)
			}
			continue
		}
		if f.prev[x] != idle {
			reach(2*x + 1)
		}
		for _, y := range f.p.of(x) {
			reach(2*y + 1)
		}
	}
	f.queue = q
	return f.mark(func(x uint32) uint32 {
		switch {
		case f.level[2*x] != none:
			return far
		case f.level[2*x+1] != none:
			return middle
		}
		return near
	})
}

func (f *flow) mark(label func(x uint32) uint32) int {
	var size [3]int
	for x := range f.label {
		l := label(uint32(x))
		f.label[x] = l
		size[l]++
	}
	return min(size[near], size[far])
}
