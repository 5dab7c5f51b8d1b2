package osm

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"yizhan/geo"
)

// span is a half-open range of an array that many elements share.
type span struct{ from, to uint32 }

func (s span) len() int { return int(s.to - s.from) }

// tagID is a tag whose key and value are indexes into pool.words.
type tagID struct{ key, value uint32 }

// pool keeps each distinct string once: most values occur thousands of times.
type pool struct {
	index map[string]uint32
	words []string
}

func (p *pool) intern(s string) uint32 {
	if i, ok := p.index[s]; ok {
		return i
	}
	s = strings.Clone(s)
	i := uint32(len(p.words))
	p.words = append(p.words, s)
	p.index[s] = i
	return i
}

// tagged is a node with tags that a table may know.
type tagged struct {
	id   int64
	tags span
}

// line is a way; its references are node indexes, missing where the node is
// not in the source.
type line struct {
	id   int64
	refs span
	tags span
}

// relation is a relation of a type that is used.
type relation struct {
	id      int64
	members span
	tags    span
}

// member is a member of a relation.
type member struct {
	ref  int64
	role uint32
	typ  MemberType
}

// elements is what one scan of a source leaves: everything in flat arrays,
// about 16 bytes a node, 4 a reference and 8 a tag, in any order of the source.
type elements struct {
	header    Header
	hasHeader bool
	nodes     nodeTable
	tagged    []tagged
	lines     []line
	refs      []uint32
	relations []relation
	members   []member
	tags      []tagID
	pool      pool

	counts   struct{ nodes, ways, relations int }
	unplaced int
}

// collector fills elements.
type collector struct {
	elements
	m       *mapping
	rawRefs []int64
	keys    map[string]int64 // key → pool index, or -1 where it is let go
}

// tooMany returns the error for a source beyond what the arrays can index.
func tooMany(what geo.Text) error {
	return geo.NewError(geo.TooLarge,
		fmt.Sprintf("文件中的%s太多，超出单次导入的上限。请用 osmium extract 裁剪出所需城市。", what.Zh),
		fmt.Sprintf("the file has too many %s for one import: cut out the city you need with osmium extract", what.En))
}

// maxIndex bounds the arrays that are indexed by uint32.
const maxIndex = 1<<32 - 2

// collect scans a source once.
func collect(ctx context.Context, src Source, m *mapping, progress func(int64)) (*elements, error) {
	c := &collector{m: m, keys: map[string]int64{}}
	c.pool.index = map[string]uint32{}
	err := src.Scan(ctx, Handler{
		Header:   func(h *Header) error { c.header, c.hasHeader = *h, true; return nil },
		Node:     c.node,
		Way:      c.way,
		Relation: c.relation,
		Progress: progress,
	})
	if err != nil {
		return nil, err
	}
	c.nodes.seal()
	c.resolve()
	return &c.elements, nil
}

// keep stores the tags that are read anywhere.
func (c *collector) keep(tags Tags) span {
	from := uint32(len(c.tags))
	for i := range tags {
		k, ok := c.keys[tags[i].Key]
		if !ok {
			k = -1
			if c.m.kept(tags[i].Key) {
				k = int64(c.pool.intern(tags[i].Key))
			}
			if len(c.keys) < 100_000 { // a hostile file has a new key each time
				c.keys[strings.Clone(tags[i].Key)] = k
			}
		}
		if k >= 0 && len(tags[i].Value) <= maxValue {
			c.tags = append(c.tags, tagID{uint32(k), c.pool.intern(tags[i].Value)})
		}
	}
	return span{from, uint32(len(c.tags))}
}

// maxValue is the longest tag value in bytes that is kept. OSM allows 255
// characters.
const maxValue = 4 * 255

func (c *collector) node(n *Node) error {
	c.counts.nodes++
	if !n.Placed() {
		c.unplaced++
		return nil
	}
	if c.nodes.len() >= maxIndex || len(c.tags) >= maxIndex-1<<20 {
		return tooMany(geo.Text{Zh: "节点", En: "nodes"})
	}
	c.nodes.add(n.ID, n.Lon, n.Lat)
	if len(n.Tags) == 0 {
		return nil
	}
	m := c.m
	if m.places.selects(n.Tags) || m.entrances.selects(n.Tags) || m.barriers.selects(n.Tags) || m.base.selects(n.Tags) {
		c.tagged = append(c.tagged, tagged{n.ID, c.keep(n.Tags)})
	}
	return nil
}

func (c *collector) way(w *Way) error {
	c.counts.ways++
	if len(c.rawRefs)+len(w.Nodes) >= maxIndex || len(c.tags) >= maxIndex-1<<20 {
		return tooMany(geo.Text{Zh: "道路", En: "ways"})
	}
	from := uint32(len(c.rawRefs))
	c.rawRefs = append(c.rawRefs, w.Nodes...)
	c.lines = append(c.lines, line{w.ID, span{from, uint32(len(c.rawRefs))}, c.keep(w.Tags)})
	return nil
}

func (c *collector) relation(r *Relation) error {
	c.counts.relations++
	switch r.Tags.Get("type") {
	case "multipolygon":
	case "route":
		if c.m.buses.first(r.Tags, nil) == nil {
			return nil
		}
	default:
		return nil
	}
	if len(c.members)+len(r.Members) >= maxIndex {
		return tooMany(geo.Text{Zh: "关系成员", En: "relation members"})
	}
	from := uint32(len(c.members))
	for _, m := range r.Members {
		c.members = append(c.members, member{m.Ref, c.pool.intern(m.Role), m.Type})
	}
	c.relations = append(c.relations, relation{r.ID, span{from, uint32(len(c.members))}, c.keep(r.Tags)})
	return nil
}

// resolve turns node references into indexes and orders ways and relations by
// id, since sources need not.
func (c *collector) resolve() {
	c.refs = make([]uint32, len(c.rawRefs))
	for i, id := range c.rawRefs {
		c.refs[i] = c.nodes.find(id)
	}
	c.rawRefs = nil
	order(c.lines, func(l line) int64 { return l.id })
	order(c.relations, func(r relation) int64 { return r.id })
	order(c.tagged, func(t tagged) int64 { return t.id })
	c.lines = slices.CompactFunc(c.lines, func(a, b line) bool { return a.id == b.id })
	c.relations = slices.CompactFunc(c.relations, func(a, b relation) bool { return a.id == b.id })
	c.tagged = slices.CompactFunc(c.tagged, func(a, b tagged) bool { return a.id == b.id })
}

// order sorts by id, stably, unless that is so already.
func order[T any](list []T, id func(T) int64) {
	by := func(a, b T) int {
		switch x, y := id(a), id(b); {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	}
	if !slices.IsSortedFunc(list, by) {
		slices.SortStableFunc(list, by)
	}
}

// tagsOf returns the tags of a span in buf.
func (e *elements) tagsOf(s span, buf Tags) Tags {
	buf = buf[:0]
	for _, t := range e.tags[s.from:s.to] {
		buf = append(buf, Tag{Key: e.pool.words[t.key], Value: e.pool.words[t.value]})
	}
	return buf
}

// refsOf returns the node indexes of a way.
func (e *elements) refsOf(l *line) []uint32 { return e.refs[l.refs.from:l.refs.to] }

// way finds a way by its id.
func (e *elements) way(id int64) *line {
	i, ok := slices.BinarySearchFunc(e.lines, id, func(l line, id int64) int {
		switch {
		case l.id < id:
			return -1
		case l.id > id:
			return 1
		}
		return 0
	})
	if !ok {
		return nil
	}
	return &e.lines[i]
}

// closed says whether references make a ring: four or more, the first the
// last, none missing.
func closed(refs []uint32) bool {
	return len(refs) >= 4 && refs[0] == refs[len(refs)-1] && !slices.Contains(refs, missing)
}

// ring returns the positions of references that make a ring.
func (e *elements) ring(refs []uint32) orb.Ring {
	ring := make(orb.Ring, len(refs))
	for i, ref := range refs {
		ring[i] = e.nodes.point(ref)
	}
	return ring
}

// strings returns the unbroken stretches of a line of two or more points.
func (e *elements) strings(refs []uint32) []orb.LineString {
	var out []orb.LineString
	var cur orb.LineString
	flush := func() {
		if len(cur) > 1 {
			out = append(out, cur)
		}
		cur = nil
	}
	for i, ref := range refs {
		if ref == missing {
			flush()
			continue
		}
		if cur == nil {
			cur = make(orb.LineString, 0, len(refs)-i)
		}
		p := e.nodes.point(ref)
		if len(cur) == 0 || cur[len(cur)-1] != p {
			cur = append(cur, p)
		}
	}
	flush()
	return out
}
