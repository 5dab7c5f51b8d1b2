package osm

import (
	"context"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"yizhan/geo"
)

// memory is a Source that holds its elements, in any order.
type memory struct {
	elements []any // Node, Way or Relation
}

func (s *memory) Size() int64 { return int64(len(s.elements)) }

func (s *memory) Scan(ctx context.Context, h Handler) error {
	for i, x := range s.elements {
		var err error
		switch x := x.(type) {
		case Node:
			if h.Node != nil {
				err = h.Node(&x)
			}
		case Way:
			if h.Way != nil {
				err = h.Way(&x)
			}
		case Relation:
			if h.Relation != nil {
				err = h.Relation(&x)
			}
		}
		if err != nil {
			return err
		}
		if h.Progress != nil {
			h.Progress(int64(i + 1))
		}
	}
	return ctx.Err()
}

// shuffled returns the same elements in another order.
func (s *memory) shuffled(seed uint64) *memory {
	out := slices.Clone(s.elements)
	r := rand.New(rand.NewPCG(seed, 1))
	r.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return &memory{out}
}

// load copies a source into memory.
func load(t testing.TB, src Source) *memory {
	t.Helper()
	s := &memory{}
	err := src.Scan(t.Context(), Handler{
		Node: func(n *Node) error {
			c := *n
			c.Tags = slices.Clone(n.Tags)
			s.elements = append(s.elements, c)
			return nil
		},
		Way: func(w *Way) error {
			s.elements = append(s.elements, Way{ID: w.ID, Tags: slices.Clone(w.Tags), Nodes: slices.Clone(w.Nodes)})
			return nil
		},
		Relation: func(r *Relation) error {
			s.elements = append(s.elements, Relation{ID: r.ID, Tags: slices.Clone(r.Tags), Members: slices.Clone(r.Members)})
			return nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// tagsFrom reads "a=b c=d"; a space within a value is written ␣.
func tagsFrom(s string) Tags {
	var tags Tags
	for _, word := range strings.Fields(s) {
		k, v, _ := strings.Cut(word, "=")
		tags = append(tags, Tag{Key: k, Value: strings.ReplaceAll(v, "␣", " ")})
	}
	return tags
}

// town builds sources for tests on a grid of metres around a point in
// Chengdu.
type town struct {
	memory
	next int64
}

// at returns the position x metres east and y metres north of the middle.
func at(x, y float64) orb.Point {
	return orb.Point{104.06 + x/96_500, 30.65 + y/111_195}
}

// node adds a node and returns its id.
func (w *town) node(x, y float64, tags string) int64 {
	w.next++
	p := at(x, y)
	w.elements = append(w.elements, MakeNode(w.next, p[0], p[1], tagsFrom(tags)...))
	return w.next
}

// way adds a way through nodes and returns its id.
func (w *town) way(tags string, nodes ...int64) int64 {
	w.next++
	w.elements = append(w.elements, Way{ID: w.next, Tags: tagsFrom(tags), Nodes: nodes})
	return w.next
}

// box adds a closed way around a box and returns its id and corners.
func (w *town) box(x0, y0, x1, y1 float64, tags string) (id int64, corners []int64) {
	corners = []int64{w.node(x0, y0, ""), w.node(x1, y0, ""), w.node(x1, y1, ""), w.node(x0, y1, "")}
	return w.way(tags, append(slices.Clone(corners), corners[0])...), corners
}

// relation adds a relation and returns its id.
func (w *town) relation(tags string, members ...Member) int64 {
	w.next++
	w.elements = append(w.elements, Relation{ID: w.next, Tags: tagsFrom(tags), Members: members})
	return w.next
}

// importAll imports a source.
func importAll(t testing.TB, src Source) *Result {
	t.Helper()
	r, err := Import(t.Context(), src, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// byID returns the place with an ID, or nil.
func (r *Result) byID(id string) *geo.Place {
	for i := range r.Places {
		if r.Places[i].ID == id {
			return &r.Places[i]
		}
	}
	return nil
}
