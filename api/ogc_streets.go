package api

import (
	"fmt"

	"github.com/paulmach/orb"

	"yizhan/geo"
	"yizhan/geo/cql2"
	"yizhan/geo/street"
)

// streetLines says of each named street which edges of the network it is made
// of: the network itself knows that of each edge's way alone.
type streetLines struct {
	net *street.Network
	all []street.Street
	// edges lists the edges of all streets, those of street i from first[i].
	first []uint32
	edges []uint32
}

// wayKey is what the ways of one street have in common.
type wayKey struct {
	name string
	text geo.Text
}

// namedWay is a way while streets are put together.
type namedWay struct {
	id     int64
	bound  orb.Bound
	street uint32
	root   int
}

// sameStreet is the distance in degrees within which two ways of one name are
// taken for one street, as the network does when it names its streets.
const sameStreet = 0.003

// newStreetLines finds the edges of all named streets. It takes about as long
// as reading all edges.
func newStreetLines(net *street.Network) *streetLines {
	l := &streetLines{net: net, all: net.Streets()}
	number := make(map[string]uint32, len(l.all))
	for i := range l.all {
		number[l.all[i].ID] = uint32(i)
	}
	ways, byName := map[int64]*namedWay{}, map[wayKey][]*namedWay{}
	var line orb.LineString
	for e := range uint32(net.NumStreets()) {
		info := net.WayOf(e)
		if info.Name == "" {
			continue
		}
		line = net.Coords(line[:0], street.Ref(2*e))
		w := ways[info.ID]
		if w == nil {
			w = &namedWay{id: info.ID, bound: line.Bound(), street: street.None}
			ways[info.ID] = w
			key := wayKey{info.Name, info.Text}
			byName[key] = append(byName[key], w)
		}
		w.bound = w.bound.Union(line.Bound())
	}
	for key, list := range byName {
		l.gather(list)
		for _, w := range list {
			if i, ok := number[fmt.Sprintf("street:w%d", list[w.root].id)]; ok {
				w.street = i
			} else {
				w.street = l.around(key.name, w.bound)
			}
		}
	}
	l.collect(ways)
	return l
}

// gather sets the root of each way to the one of the lowest number among those
// that lie near it, directly or by way of others.
func (l *streetLines) gather(list []*namedWay) {
	for i, w := range list {
		w.root = i
	}
	find := func(i int) int {
		for list[i].root != i {
			list[i].root = list[list[i].root].root
			i = list[i].root
		}
		return i
	}
	for i, a := range list {
		near := a.bound.Pad(sameStreet)
		for k := i + 1; k < len(list); k++ {
			if x, y := find(i), find(k); x != y && near.Intersects(list[k].bound) {
				if list[x].id > list[y].id {
					x, y = y, x
				}
				list[y].root = x
			}
		}
	}
	for i := range list {
		list[i].root = find(i)
	}
}

// around returns the street of a name that holds a box, None where there is
// none.
func (l *streetLines) around(name string, b orb.Bound) uint32 {
	for i := range l.all {
		if s := &l.all[i]; s.Name == name && s.Bound.Intersects(b) {
			return uint32(i)
		}
	}
	return street.None
}

// collect lists the edges of each street.
func (l *streetLines) collect(ways map[int64]*namedWay) {
	l.first = make([]uint32, len(l.all)+1)
	of := func(e uint32) uint32 {
		if w := ways[l.net.WayOf(e).ID]; w != nil {
			return w.street
		}
		return street.None
	}
	for e := range uint32(l.net.NumStreets()) {
		if i := of(e); i != street.None {
			l.first[i+1]++
		}
	}
	for i := range l.all {
		l.first[i+1] += l.first[i]
	}
	l.edges = make([]uint32, l.first[len(l.all)])
	next := append([]uint32(nil), l.first[:len(l.all)]...)
	for e := range uint32(l.net.NumStreets()) {
		if i := of(e); i != street.None {
			l.edges[next[i]] = e
			next[i]++
		}
	}
}

// lines returns the geometry of a street: its edges, joined where one of a way
// goes on where another ends; nil where it has none.
func (l *streetLines) lines(i uint32) orb.MultiLineString {
	edges := l.edges[l.first[i]:l.first[i+1]]
	type end struct {
		way  int64
		node uint32
	}
	at := make(map[end][]uint32, 2*len(edges))
	for _, e := range edges {
		a, b := l.net.Ends(street.Ref(2 * e))
		way := l.net.WayOf(e).ID
		at[end{way, a}] = append(at[end{way, a}], e)
		at[end{way, b}] = append(at[end{way, b}], e)
	}
	used := make(map[uint32]bool, len(edges))
	// grow extends a line from a node by edges of its way.
	grow := func(line orb.LineString, way int64, node uint32) orb.LineString {
		for {
			var next uint32 = street.None
			for _, e := range at[end{way, node}] {
				if !used[e] {
					next = e
					break
				}
			}
			if next == street.None {
				return line
			}
			used[next] = true
			ref := street.Ref(2 * next)
			if a, _ := l.net.Ends(ref); a != node {
				ref++
			}
			if len(line) > 0 {
				line = line[:len(line)-1] // the node that both have
			}
			line = l.net.Coords(line, ref)
			_, node = l.net.Ends(ref)
		}
	}
	var out orb.MultiLineString
	for _, e := range edges {
		if used[e] {
			continue
		}
		way := l.net.WayOf(e).ID
		a, _ := l.net.Ends(street.Ref(2 * e))
		// Begin where the way begins: go back as far as there are edges.
		back := grow(nil, way, a)
		if ahead := grow(nil, way, a); len(ahead) > 1 {
			back.Reverse()
			back = append(back[:len(back)-1], ahead...)
		}
		out = append(out, back)
	}
	return out
}

// streetSet is the named streets.
type streetSet struct {
	sorted[street.Street]
	lines *streetLines
}

func newStreetSet(l *streetLines) *streetSet {
	return &streetSet{sorted[street.Street]{l.all, func(s *street.Street) string { return s.ID }}, l}
}

func (s *streetSet) shape(row uint32) orb.Geometry {
	if m := s.lines.lines(row); len(m) > 0 {
		return m
	}
	return nil
}

func (s *streetSet) bound(row uint32) (orb.Bound, bool) {
	return s.all[row].Bound, s.lines.first[row] < s.lines.first[row+1]
}

func (s *streetSet) properties(w *jsonWriter, row uint32) {
	x := &s.all[row]
	w.raw("{")
	w.text("id", x.ID)
	w.text("kind", "street")
	w.text("name", x.Name)
	if len(x.Names) > 0 {
		w.dict("names", x.Names)
	}
	w.raw("}")
}

func (s *streetSet) value(row uint32, name string) ogcValue {
	x := &s.all[row]
	switch name {
	case "id":
		return someText(x.ID)
	case "name":
		return someText(x.Name)
	case "name_en":
		return someText(x.Names["en"])
	case "geometry":
		if _, ok := s.bound(row); ok {
			return ogcValue{kind: cql2.Geometry}
		}
	}
	return ogcValue{}
}
