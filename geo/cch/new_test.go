package cch_test

import (
	"encoding/binary"
	"slices"
	"strings"
	"testing"

	"yizhan/geo/cch"
)

func TestNewRefuses(t *testing.T) {
	for _, test := range []struct {
		name              string
		order, tail, head []uint32
		say               string
	}{
		{"a node twice", []uint32{0, 0}, nil, nil, "permutation"},
		{"a node too many", []uint32{0, 2}, nil, nil, "permutation"},
		{"a tail outside", []uint32{0, 1}, []uint32{2}, []uint32{0}, "leads out"},
		{"a head outside", []uint32{0, 1}, []uint32{0}, []uint32{1<<32 - 1}, "leads out"},
		{"an arc without nodes", nil, []uint32{0}, []uint32{0}, "leads out"},
		{"a head too many", []uint32{0, 1}, []uint32{0}, []uint32{1, 0}, "heads"},
	} {
		t.Run(test.name, func(t *testing.T) {
			h, err := cch.New(test.order, test.tail, test.head)
			if h != nil || err == nil || !strings.Contains(err.Error(), test.say) {
				t.Errorf("%v, %v; want an error with %q", h, err, test.say)
			}
		})
	}
}

// A star contracted from its middle becomes a complete graph.
func TestNewRefusesFill(t *testing.T) {
	const n = 40000
	order, tail, head := make([]uint32, n), make([]uint32, n), make([]uint32, n)
	for i := range order {
		order[i], head[i] = uint32(i), uint32(i)
	}
	if _, err := cch.New(order, tail, head); err == nil || !strings.Contains(err.Error(), "proportion") {
		t.Errorf("%v; want an error that the graph is out of proportion", err)
	}
	slices.Reverse(order)
	h, err := cch.New(order, tail, head)
	if err != nil {
		t.Fatal(err)
	}
	if s := h.Stats(); s.Edges != n-1 || s.Height != 2 {
		t.Errorf("a star from its tips is %+v", s)
	}
}

func TestNewOfNothing(t *testing.T) {
	h, err := cch.New(cch.Order(nil, nil, nil, nil), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	m := h.Customize(nil).Update(nil, nil)
	q := cch.NewQuery(h)
	q.Begin(m)
	q.Costs(h.Pin(nil), nil)
	if c := q.Run(); c != cch.Infinity || len(q.Path(nil)) != 0 {
		t.Errorf("a way that costs %d in a graph of nothing", c)
	}
}

// A long chain contracted from one end is a tree as high as the chain is long.
func TestNewOfChain(t *testing.T) {
	const n = 200000
	order, tail, head, weight := make([]uint32, n), make([]uint32, n-1), make([]uint32, n-1), make([]uint32, n-1)
	for i := range order {
		order[i] = uint32(i)
		if i > 0 {
			tail[i-1], head[i-1], weight[i-1] = uint32(i-1), uint32(i), 1
		}
	}
	h, err := cch.New(order, tail, head)
	if err != nil {
		t.Fatal(err)
	}
	q := cch.NewQuery(h)
	q.Begin(h.Customize(weight))
	q.From(0, 0)
	if c := q.Cost(n - 1); c != n-1 {
		t.Errorf("the end of the chain costs %d, want %d", c, n-1)
	}
	if path := q.Path(nil); len(path) != n-1 {
		t.Errorf("a path of %d arcs, want %d", len(path), n-1)
	}
}

// FuzzNew gives New what may stand in a damaged file, and uses what it takes.
func FuzzNew(f *testing.F) {
	f.Add([]byte{3, 0, 0, 1, 0, 2, 0, 0, 0, 1, 0, 1, 0, 2, 0})
	f.Add([]byte{2, 1, 0, 1, 0, 0, 0, 0, 0})
	f.Add([]byte{1, 9, 0})
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) == 0 {
			return
		}
		n := int(data[0])
		var all []uint32
		for data = data[1:]; len(data) >= 2; data = data[2:] {
			all = append(all, uint32(binary.LittleEndian.Uint16(data)))
		}
		n = min(n, len(all))
		order, rest := all[:n], all[n:]
		tail, head := rest[:len(rest)/2], rest[len(rest)/2:]
		h, err := cch.New(order, tail, head)
		if err != nil {
			return
		}
		weight := make([]uint32, len(tail))
		for i := range weight {
			weight[i] = uint32(i % 5)
		}
		g := graph{n: n, tail: tail, head: head}
		m, d := h.Customize(weight), g.costs(weight)
		q := cch.NewQuery(h)
		for s := range min(n, 4) {
			q.Begin(m)
			q.From(uint32(s), 0)
			for e := range n {
				if got := q.Cost(uint32(e)); uint64(got) != min(d[s][e], uint64(cch.Infinity)) {
					t.Fatalf("cost from %d to %d is %d, want %d", s, e, got, d[s][e])
				}
				sum := uint32(0)
				for _, arc := range q.Path(nil) {
					sum += weight[arc]
				}
				if d[s][e] < uint64(cch.Infinity) && uint64(sum) != d[s][e] {
					t.Fatalf("path from %d to %d sums to %d, want %d", s, e, sum, d[s][e])
				}
			}
		}
	})
}
