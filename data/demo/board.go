package demo

import (
	"strconv"

	"yizhan/data/osm"
)

// board collects elements. A node is made where something stands and shared
// by the ways that meet there.
type board struct {
	ground    ground
	nodes     []osm.Node
	ways      []osm.Way
	relations []osm.Relation
	at        map[int64]pos
	// places counts the nodes that will be places.
	places int
}

func newBoard(g ground) *board { return &board{ground: g, at: map[int64]pos{}} }

// node puts a node with tags given as key, value, key, value …
func (b *board) node(p pos, tags ...string) int64 {
	id := int64(len(b.nodes) + 1)
	lon, lat := b.ground.lonLat(p)
	b.nodes = append(b.nodes, osm.MakeNode(id, lon, lat, pairs(tags)...))
	b.at[id] = p
	return id
}

// place puts a node that is a place of its own.
func (b *board) place(p pos, tags ...string) int64 {
	b.places++
	return b.node(p, tags...)
}

// way draws a line through nodes.
func (b *board) way(nodes []int64, tags ...string) int64 {
	id := int64(len(b.ways) + 1)
	b.ways = append(b.ways, osm.Way{ID: id, Tags: pairs(tags), Nodes: nodes})
	return id
}

// line draws a way through positions, with a node every step metres so that
// it bends with the ground.
func (b *board) line(points []pos, step float64, tags ...string) []int64 {
	var ids []int64
	for i, p := range points {
		if i > 0 {
			ids = b.fill(ids, points[i-1], p, step)
		}
		ids = append(ids, b.node(p))
	}
	b.way(ids, tags...)
	return ids
}

// area draws a closed way around a box.
func (b *board) area(r box, tags ...string) int64 {
	var ids []int64
	corners := r.corners()
	for i, p := range corners {
		ids = append(ids, b.node(p))
		ids = b.fill(ids, p, corners[(i+1)%4], 60)
	}
	return b.way(append(ids, ids[0]), tags...)
}

// fill adds nodes strictly between two positions, at most step metres apart.
func (b *board) fill(ids []int64, from, to pos, step float64) []int64 {
	pieces := int(apart(from, to)/step) + 1
	for i := 1; i < pieces; i++ {
		ids = append(ids, b.node(between(from, to, float64(i)/float64(pieces))))
	}
	return ids
}

func (b *board) relation(members []osm.Member, tags ...string) {
	id := int64(len(b.relations) + 1)
	b.relations = append(b.relations, osm.Relation{ID: id, Tags: pairs(tags), Members: members})
}

// pairs turns key, value, key, value … into tags. A pair whose value is
// empty is left out.
func pairs(words []string) []osm.Tag {
	var tags []osm.Tag
	for i := 0; i+1 < len(words); i += 2 {
		if words[i+1] != "" {
			tags = append(tags, osm.Tag{Key: words[i], Value: words[i+1]})
		}
	}
	return tags
}

func number(n int) string { return strconv.Itoa(n) }
