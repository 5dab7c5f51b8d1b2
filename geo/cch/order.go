package cch

import (
	"runtime"
	"slices"
)

// Order finds an order for New by nested dissection of a graph whose nodes lie
// at lon and lat, in 1e-7 degrees; with another unit, and with nodes that lie
// nowhere near their neighbours, the order is as right but not as good. The arcs
// from tail[i] to head[i] count in both directions. order[i] is the node of rank
// i.
//
// First go the nodes that have one or two neighbours, which no separator needs:
// dead ends from their tips inwards, chains from every other node on. What is
// left is cut in two by a small set of nodes, found by inertial flow; that set
// comes last, after both parts, which are cut in turn.
//
// The result depends on nothing but the arguments. The parts are worked on in
// parallel, as far as GOMAXPROCS allows. It panics where an arc leads out of
// the graph.
func Order(tail, head []uint32, lon, lat []int32) []uint32 {
	g := simple(tail, head, len(lon))
	order := make([]uint32, 0, len(lon))
	order = g.reduce(order)
	core := g.core(len(lon)-len(order), lon, lat)
	d := dissection{order: order[len(order):len(lon)], spare: make(chan struct{}, runtime.GOMAXPROCS(0)-1)}
	d.split(core, 0, new(flow))
	d.wait.Wait()
	return order[:len(lon)]
}

// links are undirected edges without parallels and loops, each listed at both
// ends: those of x are to[first[x]:][:degree[x]].
type links struct {
	first, degree, to []uint32
}

func (g *links) of(x uint32) []uint32 { return g.to[g.first[x]:][:g.degree[x]] }

// simple makes links of arcs.
func simple(tail, head []uint32, n int) *links {
	g := &links{first: make([]uint32, n+1), degree: make([]uint32, n)}
	for i := range tail {
		if tail[i] != head[i] {
			g.first[tail[i]]++
			g.first[head[i]]++
		}
	}
	for x := range n {
		g.first[x+1] += g.first[x]
	}
	g.to = make([]uint32, g.first[n])
	for i := range tail {
		if a, b := tail[i], head[i]; a != b {
			g.first[a]--
			g.to[g.first[a]] = b
			g.first[b]--
			g.to[g.first[b]] = a
		}
	}
	for x := range n {
		own := g.to[g.first[x]:g.first[x+1]]
		slices.Sort(own)
		g.degree[x] = uint32(len(slices.Compact(own)))
	}
	return g
}

// drop takes y from the neighbours of x.
func (g *links) drop(x, y uint32) {
	own := g.of(x)
	i := slices.Index(own, y)
	own[i] = own[len(own)-1]
	g.degree[x]--
}

// gone is the degree of a node that was contracted.
const gone = ^uint32(0)

// reduce contracts the nodes with at most two neighbours, again and again, and
// appends them to the order.
func (g *links) reduce(order []uint32) []uint32 {
	// Dead ends first: contracted from the tip they leave one edge each.
	lo := len(order)
	for x, degree := range g.degree {
		if degree <= 1 {
			order = append(order, uint32(x))
		}
	}
	for ; lo < len(order); lo++ {
		x := order[lo]
		for _, y := range g.of(x) {
			if g.drop(y, x); g.degree[y] == 1 {
				order = append(order, y)
			}
		}
		g.degree[x] = gone
	}
	// Then chains, in rounds that contract no two neighbours: this keeps the
	// ways up a chain as short as its length halves in each round.
	var next []uint32
	for x, degree := range g.degree {
		if degree <= 2 {
			next = append(next, uint32(x))
		}
	}
	touched := make([]uint32, len(g.degree))
	for round := uint32(1); len(next) > 0; round++ {
		now := next
		next = nil
		for _, x := range now {
			if g.degree[x] == gone {
				continue
			}
			if touched[x] == round {
				next = append(next, x)
				continue
			}
			order = append(order, x)
			for _, y := range g.bypass(x) {
				touched[y] = round
				if g.degree[y] <= 2 {
					next = append(next, y)
				}
			}
			g.degree[x] = gone
		}
	}
	return order
}

// bypass joins the neighbours of a node that has at most two, and returns
// them. The node keeps its links, but nobody has one to it.
func (g *links) bypass(x uint32) []uint32 {
	own := g.of(x)
	for i, y := range own {
		if len(own) == 1 || slices.Contains(g.of(y), own[1-i]) {
			g.drop(y, x)
		} else {
			of := g.of(y)
			of[slices.Index(of, x)] = own[1-i]
		}
	}
	return own
}

// core gathers the n nodes that are left into a piece.
func (g *links) core(n int, lon, lat []int32) *piece {
	number := make([]uint32, len(g.degree))
	p := newPiece(n)
	for x, degree := range g.degree {
		if degree != gone {
			number[x] = uint32(len(p.node))
			p.node = append(p.node, uint32(x))
			p.x, p.y = append(p.x, lon[x]), append(p.y, lat[x])
		}
	}
	for _, x := range p.node {
		for _, y := range g.of(x) {
			p.to = append(p.to, number[y])
		}
		p.first = append(p.first, uint32(len(p.to)))
	}
	return p
}
