package gpkg

import (
	"bytes"
	"cmp"
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"slices"
	"strings"

	"yizhan/data/store"
	"yizhan/geo"
)

// bulk is how many changed rows make rebuilding the spatial index cheaper than
// keeping it row by row.
const bulk = 2_000

// Replace implements store.Store.
func (s *Store) Replace(ctx context.Context, feed string, places []geo.Place) (store.Diff, error) {
	plan, err := newPlan(ctx, feed, places)
	if err != nil {
		return store.Diff{}, err
	}
	err = s.write(ctx, func(tx *sql.Conn) error {
		if err := plan.compare(ctx, tx); err != nil {
			return err
		}
		return plan.apply(ctx, tx)
	})
	if err != nil {
		return store.Diff{}, err
	}
	return plan.diff, nil
}

// Put implements store.Store.
func (s *Store) Put(ctx context.Context, places ...geo.Place) error {
	plan, err := newPlan(ctx, "", places)
	if err != nil {
		return err
	}
	return s.write(ctx, func(tx *sql.Conn) error {
		if err := plan.find(ctx, tx); err != nil {
			return err
		}
		return plan.apply(ctx, tx)
	})
}

// Delete implements store.Store.
func (s *Store) Delete(ctx context.Context, ids ...string) error {
	return s.write(ctx, func(tx *sql.Conn) error { return deleteRows(ctx, tx, ids) })
}

func deleteRows(ctx context.Context, tx *sql.Conn, ids []string) error {
	plan := &plan{}
	for _, id := range ids {
		var fid int64
		switch err := tx.QueryRowContext(ctx, "SELECT fid FROM places WHERE id = ?", id).Scan(&fid); {
		case errors.Is(err, sql.ErrNoRows):
		case err != nil:
			return err
		default:
			plan.remove = append(plan.remove, fid)
		}
	}
	return plan.apply(ctx, tx)
}

// plan is what a transaction is about to do.
type plan struct {
	feed   string
	places []geo.Place // Normal; the caller's maps and lists, read only
	byID   map[string]int
	// fids of the rows to change, and of those whose only news is where and
	// when they were read, by index of the place.
	change, reread []change
	insert         []int
	remove         []int64
	diff           store.Diff
}

type change struct {
	place int
	fid   int64
}

// newPlan checks the places. With a feed they must be of it and have different
// IDs; without one, of two places with one ID the later counts.
func newPlan(ctx context.Context, feed string, places []geo.Place) (*plan, error) {
	if err := store.CheckText("feed", feed); err != nil {
		return nil, err
	}
	p := &plan{feed: feed, places: make([]geo.Place, 0, len(places)), byID: make(map[string]int, len(places))}
	for i := range places {
		if i%1024 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err := store.Check(&places[i]); err != nil {
			return nil, err
		}
		place := places[i]
		if feed != "" && place.Source.Feed == "" {
			place.Source.Feed = feed
		}
		place = store.Normal(place)
		at, twice := p.byID[place.ID]
		switch {
		case feed != "" && place.Source.Feed != feed:
			return nil, geo.NewError(geo.Invalid,
				fmt.Sprintf("地点 %s 属于来源 %q，不能随 %q 一起替换。", place.ID, place.Source.Feed, feed),
				fmt.Sprintf("place %s is of feed %q and cannot be replaced along with %q", place.ID, place.Source.Feed, feed))
		case feed != "" && twice:
			return nil, geo.NewError(geo.Invalid,
				fmt.Sprintf("编号 %s 出现两次：请让每个地点的编号各不相同。", place.ID),
				fmt.Sprintf("ID %s comes twice: give each place an ID of its own", place.ID))
		case twice:
			p.places[at] = place
		default:
			p.byID[place.ID] = len(p.places)
			p.places = append(p.places, place)
		}
	}
	return p, nil
}

// compare fills the plan of a Replace from what the feed has.
func (p *plan) compare(ctx context.Context, tx *sql.Conn) error {
	seen := make([]bool, len(p.places))
	const feedIs = "ifnull(nullif(feed,''),'" + geo.FeedEntered + "')"
	var row, geom []byte
	err := eachRow(ctx, tx, "WHERE "+feedIs+" = ?", []any{p.feed}, func(fid int64, oldGeom []byte, old string) error {
		id, _, _ := strings.Cut(old, string(rune(sep)))
		i, ok := p.byID[id]
		if !ok {
			p.remove = append(p.remove, fid)
			p.diff.Removed = append(p.diff.Removed, id)
			return nil
		}
		seen[i] = true
		row, geom = appendRow(row[:0], &p.places[i]), appendGeom(geom[:0], &p.places[i])
		same, sameReading := sameRow(old, row)
		switch {
		case !same || !bytes.Equal(oldGeom, geom):
			p.change = append(p.change, change{i, fid})
			p.diff.Changed = append(p.diff.Changed, id)
			return nil
		case !sameReading:
			p.reread = append(p.reread, change{i, fid})
		}
		p.diff.Unchanged++
		return nil
	})
	if err != nil {
		return err
	}
	others, err := tx.QueryContext(ctx, "SELECT id FROM places WHERE "+feedIs+" <> ?", p.feed)
	if err != nil {
		return err
	}
	defer others.Close()
	var id sql.RawBytes
	for others.Next() {
		if err := others.Scan(&id); err != nil {
			return err
		}
		if i, ok := p.byID[string(id)]; ok {
			seen[i] = true
			p.diff.Kept = append(p.diff.Kept, p.places[i].ID)
		}
	}
	if err := others.Err(); err != nil {
		return err
	}
	for i := range p.places {
		if !seen[i] {
			p.insert = append(p.insert, i)
		}
	}
	// Sorted, they also fill the index of IDs from one end.
	slices.SortFunc(p.insert, func(a, b int) int { return strings.Compare(p.places[a].ID, p.places[b].ID) })
	p.diff.Added = make([]string, len(p.insert))
	for k, i := range p.insert {
		p.diff.Added[k] = p.places[i].ID
	}
	slices.Sort(p.diff.Changed)
	slices.Sort(p.diff.Removed)
	slices.Sort(p.diff.Kept)
	return nil
}

// sameRow compares a stored row with a new one, and apart from it where and
// when they were read.
func sameRow(old string, new []byte) (same, sameReading bool) {
	oldHead, oldReading, oldTail := cutReading(old)
	newHead, newReading, newTail := cutReading(string(new))
	return oldHead == newHead && oldTail == newTail, oldReading == newReading
}

// cutReading splits a row around its ref and source_time, which stand side by
// side.
func cutReading(row string) (head, reading, tail string) {
	start := afterCells(row, 0, colRef)
	end := afterCells(row, start, colSourceTime+1-colRef)
	return row[:start], row[start:end], row[end:]
}

// afterCells returns where in a row the cell begins that is n further than the one
// at start.
func afterCells(row string, start, n int) int {
	for range n {
		end := strings.IndexByte(row[start:], sep)
		if end < 0 {
			return len(row)
		}
		start += end + 1
	}
	return start
}

func appendGeom(dst []byte, p *geo.Place) []byte {
	if p.Unplaced {
		return dst
	}
	return appendPoint(dst, p.Point)
}

// find fills the plan of a Put: which places are already there.
func (p *plan) find(ctx context.Context, tx *sql.Conn) error {
	for i := range p.places {
		var fid int64
		switch err := tx.QueryRowContext(ctx, "SELECT fid FROM places WHERE id = ?", p.places[i].ID).Scan(&fid); {
		case errors.Is(err, sql.ErrNoRows):
			p.insert = append(p.insert, i)
		case err != nil:
			return err
		default:
			p.change = append(p.change, change{i, fid})
		}
	}
	return nil
}

// apply carries the plan out. The triggers of the spatial index are set aside
// meanwhile; being part of the transaction, they come back whatever happens.
func (p *plan) apply(ctx context.Context, tx *sql.Conn) error {
	touched := len(p.change) + len(p.insert) + len(p.remove)
	if touched+len(p.reread) == 0 {
		return nil
	}
	if err := dropTriggers(ctx, tx); err != nil {
		return err
	}
	err := tx.Raw(func(dc any) error {
		b := &batch{ctx: ctx, conn: dc, index: touched < bulk}
		defer b.close()
		return p.rows(b)
	})
	if err != nil {
		return err
	}
	if touched >= bulk {
		if err := rebuildIndex(ctx, tx); err != nil {
			return err
		}
	}
	if err := touch(ctx, tx); err != nil {
		return err
	}
	for _, q := range createTriggers() {
		if _, err := tx.ExecContext(ctx, q); err != nil {
			return err
		}
	}
	return nil
}

// rows writes the rows of the plan.
func (p *plan) rows(b *batch) error {
	for _, fid := range p.remove {
		if err := b.exec("DELETE FROM places WHERE fid = ?", fid); err != nil {
			return err
		}
		if err := b.unindex(fid); err != nil {
			return err
		}
	}
	for _, c := range p.reread {
		place := &p.places[c.place]
		if err := b.exec("UPDATE places SET ref = ?, source_time = ? WHERE fid = ?", sourceRef(place), sourceTime(place), c.fid); err != nil {
			return err
		}
	}
	update := "UPDATE places SET geom = ?, " + strings.Join(columnNames(), " = ?, ") + " = ? WHERE fid = ?"
	for _, c := range p.change {
		place := &p.places[c.place]
		if err := b.exec(update, append(b.values(place), c.fid)...); err != nil {
			return err
		}
		if err := errors.Join(b.unindex(c.fid), b.reindex(c.fid, place)); err != nil {
			return err
		}
	}
	insert := "INSERT INTO places (geom, " + strings.Join(columnNames(), ", ") + ") VALUES (?" + strings.Repeat(", ?", numColumns) + ")"
	for _, i := range p.insert {
		if err := b.exec(insert, b.values(&p.places[i])...); err != nil {
			return err
		}
		if err := b.reindex(b.lastID, &p.places[i]); err != nil {
			return err
		}
	}
	return nil
}

func sourceRef(p *geo.Place) driver.Value {
	if p.Source.Ref == "" {
		return nil
	}
	return p.Source.Ref
}

func sourceTime(p *geo.Place) driver.Value {
	if p.Source.Time.IsZero() {
		return nil
	}
	return p.Source.Time.UTC().Format(timeLayout)
}

// batch runs many statements of few kinds on one connection, each prepared
// once, below database/sql for its speed.
type batch struct {
	ctx    context.Context
	conn   any
	index  bool // keep the spatial index row by row
	stmts  map[string]driver.Stmt
	named  []driver.NamedValue
	args   []driver.Value
	row    []byte
	n      int
	lastID int64
}

func (b *batch) exec(query string, args ...driver.Value) error {
	if b.n++; b.n%256 == 0 && b.ctx.Err() != nil {
		return b.ctx.Err()
	}
	stmt, ok := b.stmts[query]
	if !ok {
		p, ok := b.conn.(driver.ConnPrepareContext)
		if !ok {
			return errors.New("gpkg: the driver cannot prepare")
		}
		var err error
		if stmt, err = p.PrepareContext(context.WithoutCancel(b.ctx), query); err != nil {
			return err
		}
		if b.stmts == nil {
			b.stmts = make(map[string]driver.Stmt)
		}
		b.stmts[query] = stmt
	}
	b.named = b.named[:0]
	for i, a := range args {
		b.named = append(b.named, driver.NamedValue{Ordinal: i + 1, Value: a})
	}
	x, ok := stmt.(driver.StmtExecContext)
	if !ok {
		return errors.New("gpkg: the driver cannot execute")
	}
	res, err := x.ExecContext(context.WithoutCancel(b.ctx), b.named)
	if err != nil {
		return err
	}
	b.lastID, err = res.LastInsertId()
	return err
}

// values are the arguments for geom and the columns, the batch's own until the
// next call. An empty cell is NULL.
func (b *batch) values(p *geo.Place) []driver.Value {
	b.row = appendRow(b.row[:0], p)
	rest := string(b.row)
	b.args = b.args[:0]
	if geom := appendGeom(nil, p); geom != nil {
		b.args = append(b.args, geom)
	} else {
		b.args = append(b.args, nil)
	}
	for range numColumns {
		var cell string
		cell, rest, _ = strings.Cut(rest, string(rune(sep)))
		if cell == "" {
			b.args = append(b.args, nil)
		} else {
			b.args = append(b.args, cell)
		}
	}
	return b.args
}

func (b *batch) unindex(fid int64) error {
	if !b.index {
		return nil
	}
	return b.exec("DELETE FROM rtree_places_geom WHERE id = ?", fid)
}

func (b *batch) reindex(fid int64, p *geo.Place) error {
	if !b.index || p.Unplaced {
		return nil
	}
	return b.exec("INSERT INTO rtree_places_geom VALUES (?, ?, ?, ?, ?)", fid, p.Point[0], p.Point[0], p.Point[1], p.Point[1])
}

func (b *batch) close() {
	for _, s := range b.stmts {
		_ = s.Close()
	}
}

// rebuildIndex writes the spatial index anew from all placed rows.
func rebuildIndex(ctx context.Context, tx *sql.Conn) error {
	var entries []entry
	rows, err := tx.QueryContext(ctx, "SELECT fid, geom FROM places WHERE geom IS NOT NULL")
	if err != nil {
		return err
	}
	defer rows.Close()
	var fid int64
	var geom sql.RawBytes
	for rows.Next() {
		if err := rows.Scan(&fid, &geom); err != nil {
			return err
		}
		// A row that cannot be read is reported when it is read.
		if p, ok, err := readPoint(geom); err == nil && ok {
			entries = append(entries, pointEntry(fid, p))
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	// Emptying the tree through SQLite would take it apart node by node.
	for _, q := range [...]string{"DELETE FROM rtree_places_geom_node", "DELETE FROM rtree_places_geom_parent", "DELETE FROM rtree_places_geom_rowid"} {
		if _, err := tx.ExecContext(ctx, q); err != nil {
			return err
		}
	}
	type leafOf struct{ fid, node int64 }
	leaves := make([]leafOf, 0, len(entries))
	return tx.Raw(func(dc any) error {
		b := &batch{ctx: ctx, conn: dc}
		defer b.close()
		err := packedTree(entries, func(no, parent int64, blob []byte, of []entry, leaf bool) error {
			if leaf {
				for _, e := range of {
					leaves = append(leaves, leafOf{e.id, no})
				}
			}
			if err := b.exec("INSERT INTO rtree_places_geom_node VALUES (?, ?)", no, blob); err != nil || parent == 0 {
				return err
			}
			return b.exec("INSERT INTO rtree_places_geom_parent VALUES (?, ?)", no, parent)
		})
		if err != nil {
			return err
		}
		slices.SortFunc(leaves, func(a, b leafOf) int { return cmp.Compare(a.fid, b.fid) })
		for _, l := range leaves {
			if err := b.exec("INSERT INTO rtree_places_geom_rowid VALUES (?, ?)", l.fid, l.node); err != nil {
				return err
			}
		}
		return nil
	})
}
