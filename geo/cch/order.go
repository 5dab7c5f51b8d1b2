package cch

import (
	"cmp"
	"slices"
)

// Order returns an order of the nodes for New.
func Order(tail, head []uint32, lon, lat []int32) []uint32 {
	n := len(lon)
	first := make([]uint32, n+1)
	for i := range tail {
		first[tail[i]]++
		first[head[i]]++
	}
	for x := range n {
		first[x+1] += first[x]
	}
	adj := make([]uint32, 2*len(tail))
	for i := range tail {
		first[tail[i]]--
		adj[first[tail[i]]] = head[i]
		first[head[i]]--
		adj[first[head[i]]] = tail[i]
	}
	nodes := make([]uint32, n)
	for i := range nodes {
		nodes[i] = uint32(i)
	}
	side := make([]uint8, n)
	var cut func(nodes []uint32)
	cut = func(nodes []uint32) {
		if len(nodes) < 3 {
			return
		}
		minLon, maxLon, minLat, maxLat := lon[nodes[0]], lon[nodes[0]], lat[nodes[0]], lat[nodes[0]]
		for _, x := range nodes {
			minLon, maxLon = min(minLon, lon[x]), max(maxLon, lon[x])
			minLat, maxLat = min(minLat, lat[x]), max(maxLat, lat[x])
		}
		by := lon
		if maxLat-minLat > maxLon-minLon {
			by = lat
		}
		slices.SortFunc(nodes, func(a, b uint32) int { return cmp.Or(cmp.Compare(by[a], by[b]), cmp.Compare(a, b)) })
		mid := len(nodes) / 2
		for _, x := range nodes[:mid] {
			side[x] = 1
		}
		for _, x := range nodes[mid:] {
			side[x] = 2
		}
		// nodes of the first half that touch the second are the separator
		for _, x := range nodes[:mid] {
			for _, y := range adj[first[x]:first[x+1]] {
				if side[y] == 2 {
					side[x] = 3
				}
			}
		}
		slices.SortStableFunc(nodes, func(a, b uint32) int { return cmp.Compare(side[a], side[b]) })
		a := 0
		for a < len(nodes) && side[nodes[a]] == 1 {
			a++
		}
		b := a
		for b < len(nodes) && side[nodes[b]] == 2 {
			b++
		}
		for _, x := range nodes {
			side[x] = 0
		}
		cut(nodes[:a])
		cut(nodes[a:b])
	}
	cut(nodes)
	return nodes
}
