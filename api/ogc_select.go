package api

import (
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/paulmach/orb"

	"yizhan/geo/cql2"
	"yizhan/geo/crs"
)

// ogcQuestion is one question for the features of a collection.
type ogcQuestion struct {
	coll   *ogcCollection
	set    ogcSet
	limit  int
	cursor ogcCursor
	box    ogcBox
	span   *ogcSpan
	filter *cql2.Filter
	equals []ogcEqual
	crs    crs.CRS
	// key stands for the conditions, in memory of how many match.
	key string
	// turn waits for the turn of a question that takes long; nil where it need
	// not wait.
	turn func() (ctx context.Context, end func(), err error)
}

// ogcPage is the features of one page, in the order of their IDs.
type ogcPage struct {
	rows []uint32
	// matched is how many features meet the conditions, on all pages.
	matched int
	// more and less say whether there is a page behind and one before.
	more, less bool
}

// ogcCandidates is up to how many features near a box are taken out of the
// order of IDs and sorted: beyond, all are looked at in order.
const ogcCandidates = 20_000

// free says that the question has no conditions.
func (q *ogcQuestion) free() bool {
	return q.box == nil && q.span == nil && q.filter == nil && len(q.equals) == 0
}

// ogcRecord is a feature as filters see it.
type ogcRecord struct {
	set ogcSet
	row uint32
}

func (r *ogcRecord) Value(name string) (cql2.Value, bool) { return r.set.value(r.row, name).cql() }
func (r *ogcRecord) Geometry() orb.Geometry               { return r.set.shape(r.row) }

// match says whether a feature meets the conditions.
func (q *ogcQuestion) match(r *ogcRecord) bool {
	if q.span != nil && !q.span.meets(q.set.valid(r.row)) {
		return false
	}
	if q.box != nil {
		// What has no geometry is found in every box, as the standard wants.
		if b, ok := q.set.bound(r.row); ok && (!q.box.touches(b) || !q.box.meets(q.set.shape(r.row))) {
			return false
		}
	}
	for _, e := range q.equals {
		if !q.set.value(r.row, e.name).equal(e.want) {
			return false
		}
	}
	return q.filter == nil || q.filter.Match(r)
}

// must returns what a queryable has to be where the conditions say so.
func (q *ogcQuestion) must(name string) (string, bool) {
	for _, e := range q.equals {
		if e.name == name {
			return e.want.text, true
		}
	}
	if q.filter == nil {
		return "", false
	}
	s, ok := q.filter.Equals()[name]
	return s, ok
}

// ogcEffort is how much work, as cql2 counts the cost of a filter, is done
// between two looks at the clock: well under a millisecond. A question that
// may take ogcHeavy of it waits for its turn: some hundredths of a second.
const ogcEffort, ogcHeavy = 4096, 1 << 20

// cost is about how much work it is to ask one feature.
func (q *ogcQuestion) cost() int {
	if q.filter == nil {
		return 4
	}
	return 4 + q.filter.Cost()
}

// stride is how many features are asked between two looks at the clock.
func (q *ogcQuestion) stride() int { return max(1, ogcEffort/q.cost()) }

// begin is called before so many features are asked. Where that is much, it
// waits for the question's turn; ctx is then that of the turn.
func (q *ogcQuestion) begin(ctx context.Context, features int) (_ context.Context, end func(), err error) {
	if q.turn == nil || features < ogcHeavy/q.cost() {
		return ctx, func() {}, ctx.Err()
	}
	return q.turn()
}

// answer selects the page. It looks at as few features as the conditions
// allow, at all of them where nothing narrows them down, until ctx ends.
func (q *ogcQuestion) answer(ctx context.Context, counts *ogcCounts) (ogcPage, error) {
	if kind, ok := q.must("kind"); ok && kind != q.coll.id {
		return ogcPage{}, nil
	}
	if id, ok := q.must("id"); ok {
		row, ok := q.set.find(id)
		if !ok {
			return ogcPage{}, nil
		}
		return q.sift(ctx, []uint32{row})
	}
	if rows, ok := q.near(); ok {
		turn, end, err := q.begin(ctx, len(rows))
		if err != nil {
			return ogcPage{}, err
		}
		defer end()
		return q.sift(turn, rows)
	}
	matched, known := 0, q.free()
	if known {
		matched = q.set.count()
	} else {
		matched, known = counts.get(q.key)
	}
	if !q.free() {
		turn, end, err := q.begin(ctx, q.set.count())
		if err != nil {
			return ogcPage{}, err
		}
		defer end()
		ctx = turn
	}
	p, err := q.walk(ctx, known)
	if err != nil {
		return p, err
	}
	if known {
		p.matched = matched
	} else {
		counts.put(q.key, p.matched)
	}
	return p, nil
}

// near lists the features in and near a box that the conditions lie in; ok is
// false where there is none, or too much in it.
func (q *ogcQuestion) near() (rows []uint32, ok bool) {
	var around orb.Bound
	if q.filter != nil {
		around, ok = q.filter.Bound()
	}
	if q.box != nil && (!ok || boxArea(q.box.wide()) < boxArea(around)) {
		around, ok = q.box.wide(), true
	}
	if !ok {
		return nil, false
	}
	within := q.set.within(around, func(row uint32) bool {
		rows = append(rows, row)
		return len(rows) <= ogcCandidates
	})
	return rows, within && len(rows) <= ogcCandidates
}

// boxArea compares boxes; one across the antimeridian counts as wide.
func boxArea(b orb.Bound) float64 {
	w := b.Max[0] - b.Min[0]
	if w < 0 {
		w += 360
	}
	return w * (b.Max[1] - b.Min[1])
}

// sift selects the page from a few features in no order.
func (q *ogcQuestion) sift(ctx context.Context, rows []uint32) (ogcPage, error) {
	r := &ogcRecord{set: q.set}
	kept, stride := rows[:0], q.stride()
	for i, row := range rows {
		if i%stride == stride-1 && ctx.Err() != nil {
			return ogcPage{}, ctx.Err()
		}
		if r.row = row; q.match(r) {
			kept = append(kept, row)
		}
	}
	slices.SortFunc(kept, func(a, b uint32) int { return strings.Compare(q.set.id(a), q.set.id(b)) })
	p := ogcPage{matched: len(kept)}
	begin, end := 0, len(kept)
	if q.cursor.before != "" {
		end = q.position(kept, q.cursor.before, false)
		begin = max(0, end-q.limit)
	} else {
		begin = q.position(kept, q.cursor.after, true)
		end = min(len(kept), begin+q.limit)
	}
	p.rows, p.less, p.more = kept[begin:end], begin > 0, end < len(kept)
	return p, nil
}

// position is where an ID lies among sorted rows, behind its own row where
// behind is true.
func (q *ogcQuestion) position(rows []uint32, id string, behind bool) int {
	i, found := slices.BinarySearchFunc(rows, id, func(row uint32, id string) int { return strings.Compare(q.set.id(row), id) })
	if found && behind {
		i++
	}
	return i
}

// walk selects the page in the order of IDs. Where it is known how many
// features match, it looks at no more than the page needs.
func (q *ogcQuestion) walk(ctx context.Context, known bool) (ogcPage, error) {
	if q.cursor.before != "" {
		return q.walkBack(ctx, known)
	}
	from := ""
	if known {
		from = q.cursor.after
	}
	p := ogcPage{less: known && q.cursor.after != ""}
	r := &ogcRecord{set: q.set}
	seen, free, stride := 0, q.free(), q.stride()
	for row := range q.set.byID(from) {
		if seen++; seen%stride == 0 && ctx.Err() != nil {
			return p, ctx.Err()
		}
		if r.row = row; !free && !q.match(r) {
			continue
		}
		p.matched++
		switch {
		case q.set.id(row) <= q.cursor.after:
			p.less = true
		case len(p.rows) < q.limit:
			p.rows = append(p.rows, row)
		default:
			p.more = true
			if known {
				return p, nil
			}
		}
	}
	return p, nil
}

// walkBack selects the page before an ID: it keeps the last matches up to
// there.
func (q *ogcQuestion) walkBack(ctx context.Context, known bool) (ogcPage, error) {
	p := ogcPage{}
	r := &ogcRecord{set: q.set}
	var ring []uint32
	seen, before, free, stride := 0, 0, q.free(), q.stride()
	for row := range q.set.byID("") {
		if seen++; seen%stride == 0 && ctx.Err() != nil {
			return p, ctx.Err()
		}
		if r.row = row; !free && !q.match(r) {
			continue
		}
		p.matched++
		if q.set.id(row) >= q.cursor.before {
			p.more = true
			if known {
				break
			}
			continue
		}
		if len(ring) < q.limit {
			ring = append(ring, row)
		} else {
			ring[before%q.limit] = row
		}
		before++
	}
	p.less = before > q.limit
	if p.less {
		i := before % q.limit
		ring = append(slices.Clone(ring[i:]), ring[:i]...)
	}
	p.rows = ring
	return p, nil
}

// ogcCounts remembers how many features met the conditions of questions, so
// that the pages behind the first need not look at everything again.
type ogcCounts struct {
	mu   sync.Mutex
	have map[string]int
}

// ogcCountsKept bounds what is remembered.
const ogcCountsKept = 512

func (c *ogcCounts) get(key string) (int, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	n, ok := c.have[key]
	return n, ok
}

func (c *ogcCounts) put(key string, n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.have) >= ogcCountsKept || c.have == nil {
		c.have = make(map[string]int)
	}
	c.have[key] = n
}
