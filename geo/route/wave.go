package route

import (
	"context"
	"math"

	"yizhan/geo"
	"yizhan/geo/street"
)

// The kinds of a run, and what the low bits of a stamp say.
const (
	passing uint32 = 0
	calling uint32 = 2
	settled uint32 = 1
)

// wave is the scratch space of one exact run outwards: Dijkstra's algorithm
// with a queue of buckets (Dial 1969), each put in order when its turn comes,
// so that nodes are settled in the order of their times.
type wave struct {
	r   *Router
	net *street.Network
	out *Reached

	clock
	limit uint32

	labels []waveLabel
	// run0 is the stamp of the run; it grows by four, so that what is less
	// belongs to an earlier run.
	run0 uint32
	kind uint32

	// zones may be passed through; around are the rooms around the start.
	zones, around []uint32
	// roomsOnly keeps to ways within compounds, without private stretches of
	// public ground.
	roomsOnly bool
	// rim are the nodes at which a passing run met what only callers may use,
	// doors those at a gate.
	rim, doors []uint32

	buckets []int32 // the first entry of each, by time; -1 for none
	entries []waveEntry
	now     []uint64 // the bucket at hand in order
	cursor  int      // what stands before it there has had its turn
	first   uint32   // no bucket before it holds anything
	settled int
}

type waveLabel struct {
	time, stamp uint32
	parent      street.Ref
}

// waveEntry is a node in the queue: its time in the high half of key.
type waveEntry struct {
	key  uint64
	next int32
}

// bucketBits is the width of a bucket: 256 ms, so that few entries fall into
// the bucket at hand and few into each.
const bucketBits = 8

// wave makes one of the two waves ready for a run.
func (x *Reached) wave(w **wave, r *Router, mode geo.Mode) *wave {
	if *w == nil || len((*w).labels) != r.net.NumNodes() {
		*w = &wave{labels: make([]waveLabel, r.net.NumNodes())}
	}
	v := *w
	v.r, v.net, v.out, v.clock, v.limit = r, r.net, x, clock{mode, x.Depart, r.where}, x.Limit
	if v.run0 >= math.MaxUint32-7 { // stamps would repeat
		clear(v.labels)
		v.run0 = 0
	}
	v.run0 += 4
	v.rim, v.doors, v.roomsOnly = v.rim[:0], v.doors[:0], false
	n := int(x.Limit>>bucketBits) + 1
	if len(v.buckets) < n {
		v.buckets = make([]int32, n)
	}
	for i := range n {
		v.buckets[i] = -1
	}
	v.entries, v.now, v.first, v.settled = v.entries[:0], v.now[:0], 0, 0
	v.kind = passing
	return v
}

// relax labels a node if that is earlier than what it has.
func (v *wave) relax(node, ms uint32, parent street.Ref) {
	if ms > v.limit {
		return
	}
	l := &v.labels[node]
	if l.stamp >= v.run0 && (l.time <= ms || l.stamp&settled != 0) {
		return
	}
	*l = waveLabel{ms, v.run0 | v.kind, parent}
	key := uint64(ms)<<32 | uint64(node)
	b := ms >> bucketBits
	if b < v.first { // of the bucket at hand
		v.insert(key)
		return
	}
	v.entries = append(v.entries, waveEntry{key, v.buckets[b]})
	v.buckets[b] = int32(len(v.entries) - 1)
}

// insert puts an entry in its place in the bucket at hand, behind what has had
// its turn.
func (v *wave) insert(key uint64) {
	v.now = append(v.now, key)
	i := len(v.now) - 1
	for i > v.cursor && v.now[i-1] > key {
		v.now[i] = v.now[i-1]
		i--
	}
	v.now[i] = key
}

// run settles nodes until the limit.
func (v *wave) run(ctx context.Context, kind uint32) error {
	v.kind, v.first = kind, 0
	for b := uint32(0); b <= v.limit>>bucketBits; b++ {
		head := v.buckets[b]
		if head < 0 {
			continue
		}
		v.buckets[b] = -1
		v.first = b + 1
		v.now, v.cursor = v.now[:0], 0
		for i := head; i >= 0; i = v.entries[i].next {
			v.insert(v.entries[i].key)
		}
		for v.cursor < len(v.now) { // it grows
			key := v.now[v.cursor]
			v.cursor++
			node, ms := uint32(key), uint32(key>>32)
			l := &v.labels[node]
			if l.time != ms || l.stamp&settled != 0 {
				continue
			}
			l.stamp |= settled
			if kind == passing {
				v.pass(node, ms, l.parent)
			} else {
				v.visit(node, ms, l.parent)
			}
			if v.settled++; v.settled%checkEvery == 0 && ctx.Err() != nil {
				return tooFar(ctx)
			}
		}
	}
	v.entries, v.first = v.entries[:0], 0
	return nil
}

func tooFar(ctx context.Context) error {
	return geo.NewError(geo.Timeout,
		"可达范围计算超时，请减少分钟数或稍后再试。",
		"what is within reach took too long: ask for fewer minutes, or try again later").Because(ctx.Err())
}

// barrier returns what the passing of a portal takes at a moment; the wait for
// it to open is part of the delay.
func (v *wave) barrier(ref street.Ref, now uint32) street.Passage {
	barrier := v.net.PortalBarrier(ref)
	if barrier == street.None {
		return street.Passage{Verdict: geo.Open, Through: true}
	}
	return v.gate(v.net, barrier, now)
}

// calls says whether passing a barrier for callers serves who starts here: it
// leads into or out of a room or stretch around the start.
func (v *wave) calls(barrier uint32) bool {
	return len(v.zones) > 0 && calls(v.net, barrier, v.mode, v.zones)
}
