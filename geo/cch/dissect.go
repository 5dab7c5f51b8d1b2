package cch

import (
	"math/bits"
	"sync"
)

// piece is a part of the graph, with nodes of its own numbers.
type piece struct {
	node  []uint32 // numbers in the whole graph
	x, y  []int32
	first []uint32
	to    []uint32
}

func newPiece(n int) *piece {
	p := &piece{
		node: make([]uint32, 0, n), x: make([]int32, 0, n), y: make([]int32, 0, n),
		first: make([]uint32, 1, n+1),
	}
	return p
}

func (p *piece) of(x uint32) []uint32 { return p.to[p.first[x]:p.first[x+1]] }

// parts returns the pieces that the nodes with the same label make up, for
// labels below count; other nodes are in none. The nodes keep their order.
func (p *piece) parts(label []uint32, count int) []*piece {
	size := make([]int, count)
	number := make([]uint32, len(p.node))
	for x, l := range label {
		if int(l) < count {
			number[x] = uint32(size[l])
			size[l]++
		}
	}
	all := make([]*piece, count)
	for l := range all {
		all[l] = newPiece(size[l])
	}
	for x, l := range label {
		if int(l) >= count {
			continue
		}
		c := all[l]
		c.node = append(c.node, p.node[x])
		c.x, c.y = append(c.x, p.x[x]), append(c.y, p.y[x])
		for _, y := range p.of(uint32(x)) {
			if label[y] == l {
				c.to = append(c.to, number[y])
			}
		}
		c.first = append(c.first, uint32(len(c.to)))
	}
	return all
}

// components labels the connected parts, by their lowest node.
func (p *piece) components() (label []uint32, count int) {
	label = filled(len(p.node), none)
	var stack []uint32
	for s := range p.node {
		if label[s] != none {
			continue
		}
		label[s] = uint32(count)
		stack = append(stack, uint32(s))
		for len(stack) > 0 {
			x := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			for _, y := range p.of(x) {
				if label[y] == none {
					label[y] = uint32(count)
					stack = append(stack, y)
				}
			}
		}
		count++
	}
	return label, count
}

const (
	// smallPiece is the size at which a piece is no longer cut; at most 64.
	smallPiece = 8
	// ownPiece is the size from which a piece is worth a goroutine.
	ownPiece = 1000
)

// dissection is the work on an order: every piece fills its own part of it.
type dissection struct {
	order []uint32
	spare chan struct{} // one for each goroutine beyond the first
	wait  sync.WaitGroup
}

// split orders a piece, whose part of the order begins at lo.
func (d *dissection) split(p *piece, lo int, f *flow) {
	label, count := p.components()
	if count == 1 {
		d.cut(p, lo, f)
		return
	}
	for _, c := range p.parts(label, count) {
		d.fork(c, lo, f, d.cut)
		lo += len(c.node)
	}
}

// fork works on a piece in a goroutine of its own where one is left, and in
// this one else.
func (d *dissection) fork(p *piece, lo int, f *flow, work func(*piece, int, *flow)) {
	if len(p.node) >= ownPiece {
		select {
		case d.spare <- struct{}{}:
			d.wait.Go(func() {
				work(p, lo, new(flow))
				<-d.spare
			})
			return
		default:
		}
	}
	work(p, lo, f)
}

// cut orders a connected piece: both sides of a separator, then the separator.
func (d *dissection) cut(p *piece, lo int, f *flow) {
	n := len(p.node)
	if n <= smallPiece {
		p.byDegree(d.order[lo : lo+n])
		return
	}
	label := f.separate(p)
	at := lo + n
	for x := n - 1; x >= 0; x-- {
		if label[x] == middle {
			at--
			d.order[at] = p.node[x]
		}
	}
	parts := p.parts(label, 2)
	d.fork(parts[0], lo, f, d.split)
	d.split(parts[1], lo+len(parts[0].node), f)
}

// byDegree orders a piece of at most 64 nodes by taking, again and again, the
// node with the fewest neighbours left.
func (p *piece) byDegree(order []uint32) {
	var near [64]uint64
	n := len(p.node)
	left := uint64(1)<<n - 1
	for x := range n {
		for _, y := range p.of(uint32(x)) {
			near[x] |= 1 << y
		}
	}
	for i := range order {
		best, degree := 0, 65
		for rest := left; rest != 0; rest &= rest - 1 {
			x := bits.TrailingZeros64(rest)
			if c := bits.OnesCount64(near[x]); c < degree {
				best, degree = x, c
			}
		}
		order[i] = p.node[best]
		left &^= 1 << best
		for rest := near[best]; rest != 0; rest &= rest - 1 {
			y := bits.TrailingZeros64(rest)
			near[y] = (near[y] | near[best]) &^ (1<<best | 1<<y)
		}
	}
}
