package cch

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// plan says which nodes can be worked on side by side: subtrees of the
// elimination tree know nothing of each other.
type plan struct {
	nodes int
	// parts are ranges of ranks, each made of whole subtrees.
	parts [][2]uint32
	// top are the other nodes, in order of rank: above the parts.
	top []uint32
}

// planShare says what part of all work a subtree may make up: one in so many.
// Smaller ones balance better, but leave more to the top, which is worked on
// by one alone.
const planShare = 4

// cutTree finds the subtrees that are small enough to share out.
func (h *Hierarchy) cutTree() plan {
	n := len(h.order)
	work, size := make([]int, n), filled(n, 1)
	total := 0
	for x := range n {
		own := int(h.first[x+1] - h.first[x])
		for _, d := range h.downEdge[h.downFirst[x]:h.downFirst[x+1]] {
			own += int(h.first[h.low[d]+1] - d)
		}
		total += own
		work[x] += own
		if p := h.parent[x]; p != none {
			work[p] += work[x]
			size[p] += size[x]
		}
	}
	p := plan{nodes: n}
	isTop := func(x int) bool { return work[x] > total/planShare }
	var last int // the work of the last part
	for x := range n {
		if isTop(x) {
			p.top = append(p.top, uint32(x))
			continue
		}
		if up := h.parent[x]; up != none && !isTop(int(up)) {
			continue // part of a greater subtree
		}
		lo, hi := uint32(x)+1-size[x], uint32(x)+1
		if k := len(p.parts) - 1; k >= 0 && p.parts[k][1] == lo && last+work[x] <= total/planShare {
			p.parts[k][1] = hi
			last += work[x]
		} else {
			p.parts = append(p.parts, [2]uint32{lo, hi})
			last = work[x]
		}
	}
	return p
}

// upwards calls work for every node, after all nodes below it, with scratch
// room for a number per node.
func (p *plan) upwards(work func(x uint32, at []uint32)) {
	p.each(func(lo, hi uint32, at []uint32) {
		for x := lo; x < hi; x++ {
			work(x, at)
		}
	})
	at := make([]uint32, p.nodes)
	for _, x := range p.top {
		work(x, at)
	}
}

// downwards calls work for every node, after all nodes above it.
func (p *plan) downwards(work func(x uint32, at []uint32)) {
	at := make([]uint32, p.nodes)
	for i := len(p.top) - 1; i >= 0; i-- {
		work(p.top[i], at)
	}
	p.each(func(lo, hi uint32, at []uint32) {
		for x := hi; x > lo; x-- {
			work(x-1, at)
		}
	})
}

// each works on the parts in parallel.
func (p *plan) each(work func(lo, hi uint32, at []uint32)) {
	var next atomic.Int64
	var wait sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(p.parts)) {
		wait.Go(func() {
			at := make([]uint32, p.nodes)
			for i := next.Add(1); i <= int64(len(p.parts)); i = next.Add(1) {
				part := p.parts[i-1]
				work(part[0], part[1], at)
			}
		})
	}
	wait.Wait()
}
