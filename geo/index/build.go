package index

import (
	"runtime"
	"slices"
	"strings"
	"sync"

	"yizhan/geo"
	"yizhan/geo/pack"
)

// Builder makes an Index of places that come one by one. It is not safe for
// concurrent use.
type Builder struct {
	rows pack.Builder
	// ordered says that the IDs came in ascending order so far.
	ordered bool
}

// NewBuilder returns an empty Builder.
func NewBuilder() *Builder { return &Builder{ordered: true} }

// Add adds a place; nil is none. The place is not kept. Of places that share
// an ID the last one counts.
func (b *Builder) Add(p *geo.Place) {
	if p == nil {
		return
	}
	b.follows(p.ID)
	b.rows.Add(p)
}

func (b *Builder) copy(t *pack.Table, row int) {
	b.follows(t.ID(row))
	b.rows.Copy(t, row)
}

func (b *Builder) follows(id string) {
	if n := b.rows.Len(); b.ordered && n > 0 {
		b.ordered = b.rows.ID(n-1) < id
	}
}

// Build makes the index, on all processors. The builder is empty afterwards.
func (b *Builder) Build() *Index { return b.BuildWith(runtime.GOMAXPROCS(0)) }

// BuildWith makes the index on so many processors, at least one: a rebuild
// beside a server that answers is done with one. The builder is empty
// afterwards.
func (b *Builder) BuildWith(workers int) *Index {
	ix := newIndex(b.segment(max(workers, 1)), nil, nil)
	ix.rooms = newRooms()
	return ix
}

// segment is a run of rows with its tree: a part of an Index. Its rows are the
// placed ones, grouped by kind, along the curve, ties by ID, and behind them
// the unplaced ones by ID.
type segment struct {
	table  *pack.Table
	layers []layer
	// nodes are those of all trees, boxes are around what each holds.
	nodes  []node
	boxes  []box
	stocks []stock
	codes  []uint64 // of the placed rows, along the curve
	// sums[i] adds up the positions on the map of the first i*sumBlock rows.
	sums [][2]uint64
	byID []uint32 // all rows by ID
	// stocked says what each placed row has: the number of one of different, or
	// manyStocks where it is none of those.
	stocked   []uint16
	different []stock
	dated     bool     // any is
	hourBits  []uint64 // of the hours in the table's dictionary
	digests   map[geo.Kind]pack.Digest
}

// layer is the rows of one kind, and its tree.
type layer struct {
	kind        geo.Kind
	from, until uint32
	root        uint32 // its node
}

const sumBlock = 16

// keyed is something to be sorted by a number.
type keyed struct {
	key uint64
	row uint32
}

func (b *Builder) segment(workers int) *segment {
	inOrder := b.byID()
	seg := &segment{digests: map[geo.Kind]pack.Digest{}}
	groups, unplaced := b.groups(inOrder)
	order := make([]uint32, 0, len(inOrder))
	seg.codes = make([]uint64, 0, len(inOrder)-len(unplaced))
	for _, g := range groups {
		parallel(workers, len(g.rows), func(from, to int) {
			for i := from; i < to; i++ {
				at, _ := b.rows.Position(int(g.rows[i].row))
				g.rows[i].key = hilbert(project(at.Point()))
			}
		})
		radix(g.rows)
		seg.layers = append(seg.layers, layer{kind: g.kind, from: uint32(len(order)), until: uint32(len(order) + len(g.rows))})
		for _, k := range g.rows {
			order, seg.codes = append(order, k.row), append(seg.codes, k.key)
		}
	}
	order = append(order, unplaced...)
	seg.table = b.rows.Table(order)

	// Where each added row went, and so the order of the IDs.
	slot := make([]uint32, b.rows.Len())
	for s, row := range order {
		slot[row] = uint32(s)
	}
	b.rows, b.ordered = pack.Builder{}, true // the table has it all
	seg.byID = inOrder
	for i, row := range inOrder {
		seg.byID[i] = slot[row]
	}
	seg.plant()
	seg.sumUp(workers)
	seg.digest(workers)
	return seg
}

// group is the placed rows of a kind.
type group struct {
	kind geo.Kind
	rows []keyed
}

// groups returns the placed rows by kind and the unplaced ones, each in the
// order given.
func (b *Builder) groups(order []uint32) (groups []group, unplaced []uint32) {
	count := map[string]int{}
	for _, row := range order {
		if _, ok := b.rows.Position(int(row)); ok {
			count[b.rows.Kind(int(row))]++
		}
	}
	byKind := make(map[string]*group, len(count))
	for kind, n := range count {
		byKind[kind] = &group{geo.Kind(strings.Clone(kind)), make([]keyed, 0, n)}
	}
	for _, row := range order {
		if _, ok := b.rows.Position(int(row)); !ok {
			unplaced = append(unplaced, row)
			continue
		}
		g := byKind[b.rows.Kind(int(row))]
		g.rows = append(g.rows, keyed{row: row})
	}
	for _, g := range byKind {
		groups = append(groups, *g)
	}
	slices.SortFunc(groups, func(a, b group) int { return strings.Compare(string(a.kind), string(b.kind)) })
	return groups, unplaced
}

// byID returns the rows in the order of their IDs, of each ID the last.
func (b *Builder) byID() []uint32 {
	order := make([]uint32, 0, b.rows.Len())
	if b.ordered {
		for i := range b.rows.Len() {
			order = append(order, uint32(i))
		}
		return order
	}
	rows := make([]keyed, b.rows.Len())
	for i := range rows {
		rows[i].row = uint32(i)
	}
	b.sortIDs(rows, make([]keyed, len(rows)), 0)
	for i, k := range rows {
		if i+1 == len(rows) || b.rows.ID(int(k.row)) != b.rows.ID(int(rows[i+1].row)) {
			order = append(order, k.row)
		}
	}
	return slices.Clip(order)
}

// sortIDs sorts rows whose IDs are the same up to depth by their IDs, and where
// those are the same by the order in which they came: eight bytes at a time.
func (b *Builder) sortIDs(rows, room []keyed, depth int) {
	const few = 48
	ends := true // all IDs within these eight bytes
	for i := range rows {
		id := b.rows.ID(int(rows[i].row))
		var key uint64
		for j := depth; j < depth+8; j++ {
			key <<= 8
			if j < len(id) {
				key |= uint64(id[j])
			}
		}
		ends = ends && len(id) < depth+8
		rows[i].key = key
	}
	if len(rows) < few {
		slices.SortFunc(rows, b.compareIDs)
		return
	}
	radixIn(rows, room)
	for from := 0; from < len(rows); {
		to := from + 1
		for to < len(rows) && rows[to].key == rows[from].key {
			to++
		}
		switch {
		case to-from == 1:
		case ends:
			// They differ at most in zero bytes at the end.
			slices.SortFunc(rows[from:to], b.compareIDs)
		default:
			b.sortIDs(rows[from:to], room, depth+8)
		}
		from = to
	}
}

func (b *Builder) compareIDs(x, y keyed) int {
	if c := strings.Compare(b.rows.ID(int(x.row)), b.rows.ID(int(y.row))); c != 0 {
		return c
	}
	return int(x.row) - int(y.row)
}

// radix sorts by key and leaves the order of what has the same.
func radix(rows []keyed) { radixIn(rows, make([]keyed, len(rows))) }

// radixIn is radix with room that is at least as long.
func radixIn(rows, room []keyed) {
	if len(rows) < 2 {
		return
	}
	var counts [8][256]uint32
	for _, k := range rows {
		for i := range counts {
			counts[i][byte(k.key>>(8*i))]++
		}
	}
	from, to := rows, room[:len(rows)]
	for i := range counts {
		c := &counts[i]
		if c[byte(rows[0].key>>(8*i))] == uint32(len(rows)) {
			continue // all have the same byte here
		}
		sum := uint32(0)
		for v, n := range c {
			c[v], sum = sum, sum+n
		}
		for _, k := range from {
			v := byte(k.key >> (8 * i))
			to[c[v]] = k
			c[v]++
		}
		from, to = to, from
	}
	if &from[0] != &rows[0] {
		copy(rows, from)
	}
}

// sumUp adds up the positions on the map.
func (seg *segment) sumUp(workers int) {
	seg.sums = make([][2]uint64, len(seg.codes)/sumBlock+1)
	parallel(workers, len(seg.sums)-1, func(from, to int) {
		for i := from; i < to; i++ {
			for row := i * sumBlock; row < (i+1)*sumBlock; row++ {
				x, y := seg.project(uint32(row))
				seg.sums[i+1][0] += uint64(x)
				seg.sums[i+1][1] += uint64(y)
			}
		}
	})
	for i := 1; i < len(seg.sums); i++ {
		seg.sums[i][0] += seg.sums[i-1][0]
		seg.sums[i][1] += seg.sums[i-1][1]
	}
}

// project returns where a row is on the map.
func (seg *segment) project(row uint32) (x, y uint32) {
	return project(seg.table.Position(int(row)).Point())
}

func (seg *segment) digest(workers int) {
	var mu sync.Mutex
	sum := func(from, to int) {
		sums := map[string]*pack.Digest{}
		var scratch []byte
		for row := from; row < to; row++ {
			var d pack.Digest
			d, scratch = seg.table.Digest(row, scratch)
			kind := seg.table.Row(row).Text(pack.Kind)
			if sums[kind] == nil {
				sums[kind] = new(pack.Digest)
			}
			sums[kind].Add(d)
		}
		mu.Lock()
		defer mu.Unlock()
		for kind, d := range sums {
			all := seg.digests[geo.Kind(kind)]
			all.Add(*d)
			seg.digests[geo.Kind(strings.Clone(kind))] = all
		}
	}
	parallel(workers, seg.table.Len(), sum)
}

// find returns the row with an ID.
func (seg *segment) find(id string) (uint32, bool) {
	i, ok := slices.BinarySearchFunc(seg.byID, id, func(row uint32, id string) int {
		return strings.Compare(seg.table.ID(int(row)), id)
	})
	if !ok {
		return 0, false
	}
	return seg.byID[i], true
}

// parallel calls do for ranges that cover 0 to n, on so many processors.
func parallel(workers, n int, do func(from, to int)) {
	const least = 4096
	parts := min(workers, n/least+1)
	if parts <= 1 {
		do(0, n)
		return
	}
	var wg sync.WaitGroup
	for i := range parts {
		wg.Go(func() { do(n*i/parts, n*(i+1)/parts) })
	}
	wg.Wait()
}
