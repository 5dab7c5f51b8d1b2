package index

import "math"

// bound is a node or a place with a lower bound of its squared chord, a
// float32, in the upper half: what is nearer is less. In the lower half is the
// number of a node, those of the delta behind those of the base; or a slot with
// placeBit.
type bound uint64

const (
	// placeBit tells slots from nodes. No machine has the memory for so many
	// places that a slot would need it.
	placeBit = 1 << 31
	// nothing is farther than everything.
	nothing = ^bound(0)
)

func boundOf(chord2 float64, number uint32) bound {
	return bound(math.Float32bits(float32(chord2)))<<32 | bound(number)
}

// lastOf is the greatest bound that does not exceed a squared chord.
func lastOf(chord2 float64) bound {
	bits := math.Float32bits(float32(chord2))
	if float64(math.Float32frombits(bits)) < chord2 {
		bits++
	}
	return bound(bits)<<32 | math.MaxUint32
}

func (b bound) chord2() float64 { return float64(math.Float32frombits(uint32(b >> 32))) }

func (b bound) number() uint32 { return uint32(b) }

func (b bound) slot() Slot { return Slot(uint32(b) &^ placeBit) }

// queue is a heap with the nearest on top, unless it is said to be out of
// order.
type queue []bound

// nearestFirst puts a queue in order.
func (q queue) nearestFirst() {
	for i := range q {
		q[:i+1].rise(q[i])
	}
}

func (q *queue) push(b bound) {
	*q = append(*q, b)
	q.rise(b)
}

// rise moves what is last to where it belongs.
func (q queue) rise(b bound) { q.riseFrom(len(q)-1, b) }

func (q queue) riseFrom(i int, b bound) {
	for i > 0 {
		up := (i - 1) / 2
		if q[up] <= b {
			break
		}
		q[i] = q[up]
		i = up
	}
	q[i] = b
}

// pop takes the nearest out, nothing where there is none.
func (q *queue) pop() bound {
	h := *q
	if len(h) == 0 {
		return nothing
	}
	top, last := h[0], h[len(h)-1]
	h = h[:len(h)-1]
	*q = h
	if len(h) > 0 {
		h.refill(last)
	}
	return top
}

// refill puts something that was at the bottom in the place of the top. It
// lets the nearest rise all the way, as it belongs to the bottom most likely:
// asking on the way costs more, since the answer is hard to foresee.
func (q queue) refill(b bound) {
	i, child := 0, 1
	for ; child+1 < len(q); child = 2*i + 1 {
		l, r := q[child], q[child+1]
		child += int((r - l) >> 63) // one on where r < l: no chord has the top bit
		q[i] = min(l, r)
		i = child
	}
	if child < len(q) {
		q[i] = q[child]
		i = child
	}
	q.riseFrom(i, b)
}

// swap puts something in, unless it is nothing, and takes the nearest out.
func (q *queue) swap(b bound) bound {
	h := *q
	switch {
	case b == nothing:
		return q.pop()
	case len(h) == 0 || b <= h[0]:
		return b
	}
	top := h[0]
	h.sink(b)
	return top
}

// sink puts something in the place of the top, and then where it belongs.
func (q queue) sink(b bound) {
	i := 0
	for child := 1; child < len(q); child = 2*i + 1 {
		if child+1 < len(q) && q[child+1] < q[child] {
			child++
		}
		if q[child] >= b {
			break
		}
		q[i] = q[child]
		i = child
	}
	q[i] = b
}
