package gpkg

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"runtime"
	"sync"

	"golang.org/x/sync/errgroup"

	"yizhan/data/store"
	"yizhan/geo"
)

// parallelRows is how many rows are worth another connection.
const parallelRows = 20_000

// Places implements store.Store.
func (s *Store) Places(ctx context.Context, bad func(error)) ([]*geo.Place, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var all []*geo.Place
	err := s.read(ctx, runtime.GOMAXPROCS(0), bad, func(batch []geo.Place) error {
		kept := append([]geo.Place(nil), batch...)
		for i := range kept {
			all = append(all, &kept[i])
		}
		return nil
	})
	if err != nil {
		return nil, explain(s.path, err)
	}
	return all, nil
}

// Each implements store.Store.
func (s *Store) Each(ctx context.Context, bad func(error), fn func(*geo.Place) error) error {
	return s.EachWith(ctx, runtime.GOMAXPROCS(0), bad, fn)
}

// EachWith is Each with at most a number of goroutines that read.
func (s *Store) EachWith(ctx context.Context, workers int, bad func(error), fn func(*geo.Place) error) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var theirs error
	err := s.read(ctx, workers, bad, func(batch []geo.Place) error {
		if theirs != nil {
			return theirs // another connection had read on
		}
		for i := range batch {
			if theirs = fn(&batch[i]); theirs != nil {
				return theirs
			}
		}
		return nil
	})
	if theirs != nil {
		return theirs
	}
	return explain(s.path, err)
}

// read hands all places to take, in batches that are take's until it returns,
// one at a time. Large files are read over several connections at once, each
// its own range of rows.
func (s *Store) read(ctx context.Context, workers int, bad func(error), take func([]geo.Place) error) error {
	// A reading transaction on the first connection keeps other programs
	// from writing while the other connections join in. In write-ahead mode
	// it would not, so there one connection reads all.
	first, err := s.db.Conn(ctx)
	if err != nil {
		return err
	}
	defer first.Close()
	if _, err := first.ExecContext(ctx, "BEGIN"); err != nil {
		return err
	}
	defer func() { _, _ = first.ExecContext(context.WithoutCancel(ctx), "ROLLBACK") }()
	var count int64
	var mode string
	// An estimate will do, and counting reads an index through.
	if err := first.QueryRowContext(ctx, "SELECT ifnull(max(fid), 0) FROM places").Scan(&count); err != nil {
		return err
	}
	if err := first.QueryRowContext(ctx, "PRAGMA journal_mode").Scan(&mode); err != nil {
		return err
	}
	if mode == "wal" {
		workers = 1
	}
	parts := max(1, min(int64(max(1, workers)), count/parallelRows+1))
	tree, err := findTree(ctx, first)
	if err != nil {
		return err
	}
	ranges, err := s.ranges(ctx, first, tree, int(parts))
	if err != nil {
		return err
	}
	var turn sync.Mutex
	group, gctx := errgroup.WithContext(ctx)
	for i, r := range ranges {
		share := func() error {
			conn := first
			if i > 0 {
				var err error
				if conn, err = s.db.Conn(gctx); err != nil {
					return err
				}
				defer conn.Close()
			}
			reader := newReader(&turn, bad, take)
			if err := r(gctx, conn, reader); err != nil {
				return err
			}
			return reader.flush()
		}
		if len(ranges) == 1 {
			return share() // where it is called: that may be a thread that others go before
		}
		group.Go(share)
	}
	return group.Wait()
}

// part reads a part of the rows.
type part func(ctx context.Context, conn *sql.Conn, r *reader) error

// ranges divides the rows: by the pages that they stand in where they can be
// read from these, by their numbers where not.
func (s *Store) ranges(ctx context.Context, conn *sql.Conn, t *tree, parts int) ([]part, error) {
	if t != nil {
		leaves, err := t.leaves(ctx, conn)
		if err != nil {
			return nil, err
		}
		list := make([]part, parts)
		for i := range parts {
			mine := leaves[len(leaves)*i/parts : len(leaves)*(i+1)/parts]
			list[i] = func(ctx context.Context, conn *sql.Conn, r *reader) error { return t.read(ctx, conn, mine, r) }
		}
		return list, nil
	}
	var lo, hi sql.NullInt64
	if err := conn.QueryRowContext(ctx, "SELECT min(fid), max(fid) FROM places").Scan(&lo, &hi); err != nil {
		return nil, err
	}
	list := make([]part, parts)
	step := (hi.Int64-lo.Int64)/int64(parts) + 1
	for i := range list {
		from := lo.Int64 + int64(i)*step
		list[i] = func(ctx context.Context, conn *sql.Conn, r *reader) error {
			return eachRow(ctx, conn, "WHERE fid >= ? AND fid < ?", []any{from, from + step}, r.row)
		}
	}
	return list, nil
}

// reader makes places of rows and hands them on, many at a time.
type reader struct {
	turn  *sync.Mutex
	bad   func(error)
	take  func([]geo.Place) error
	batch []geo.Place // those that were made
	cells cells
}

// batchSize is how many places are made at a time.
const batchSize = 512

func newReader(turn *sync.Mutex, bad func(error), take func([]geo.Place) error) *reader {
	return &reader{turn: turn, bad: bad, take: take, batch: make([]geo.Place, 0, batchSize), cells: newCells()}
}

// flush hands over what has been made.
func (r *reader) flush() error {
	if len(r.batch) == 0 {
		return nil
	}
	r.turn.Lock()
	defer r.turn.Unlock()
	err := r.take(r.batch)
	clear(r.batch)
	r.batch = r.batch[:0]
	return err
}

// next is the place to be made.
func (r *reader) next() *geo.Place {
	r.batch = r.batch[:len(r.batch)+1]
	return &r.batch[len(r.batch)-1]
}

// made ends the making of the place that next returned.
func (r *reader) made(fid int64, err error) error {
	if err != nil {
		r.batch[len(r.batch)-1] = geo.Place{}
		r.batch = r.batch[:len(r.batch)-1]
		return r.refuse(fid, err)
	}
	if len(r.batch) == cap(r.batch) {
		return r.flush()
	}
	return nil
}

// refuse tells of a row that cannot be read.
func (r *reader) refuse(fid int64, err error) error {
	id := clip(r.cells.cell[colID])
	var e *geo.Error
	if !errors.As(err, &e) {
		return err
	}
	err = geo.NewError(geo.Invalid,
		fmt.Sprintf("places 表第 %d 行（%s）读不懂，已略过：%s 请在 QGIS 中改正。", fid, id, e.Message.Zh),
		fmt.Sprintf("row %d of places (%s) cannot be read and is left out: %s; correct it in QGIS", fid, id, e.Message.En)).Because(e.Err)
	if r.bad == nil {
		return err
	}
	r.turn.Lock()
	defer r.turn.Unlock()
	r.bad(err)
	return nil
}

// row takes a row as one text.
func (r *reader) row(fid int64, geom []byte, text string) error {
	p := r.next()
	return r.made(fid, r.fill(p, geom, text))
}

func (r *reader) fill(p *geo.Place, geom []byte, text string) error {
	r.cells.cell[colID] = ""
	if err := r.cells.split(text); err != nil {
		return err
	}
	return r.fillSplit(p, geom, len(text))
}

// fillSplit is fill for cells that have been set already, of a length in all.
func (r *reader) fillSplit(p *geo.Place, geom []byte, length int) error {
	point, placed, err := readPoint(geom)
	if err != nil {
		return err
	}
	if placed && !store.ValidPoint(point) {
		return badCell("geom", "out of range", "坐标超出范围")
	}
	p.Point, p.Unplaced = point, !placed
	if err := r.cells.place(p); err != nil {
		return err
	}
	if length > store.MaxText {
		return store.Check(p) // only so long a row can be beyond a bound
	}
	return nil
}

// eachRow hands the rows that match a condition to fn. The blob is fn's only
// until it returns. It works below database/sql, whose Scan would double the
// cost of a row.
func eachRow(ctx context.Context, conn *sql.Conn, where string, args []any, fn func(fid int64, geom []byte, text string) error) error {
	return conn.Raw(func(dc any) error { return eachRowOf(ctx, dc, where, args, fn) })
}

// eachRowOf is eachRow on a connection of the driver.
func eachRowOf(ctx context.Context, dc any, where string, args []any, fn func(fid int64, geom []byte, text string) error) error {
	named := make([]driver.NamedValue, len(args))
	for i, a := range args {
		named[i] = driver.NamedValue{Ordinal: i + 1, Value: a}
	}
	q, ok := dc.(driver.QueryerContext)
	if !ok {
		return errors.New("gpkg: the driver cannot query")
	}
	// Cancelling is looked for here: inside the driver it would cost a
	// goroutine.
	rows, err := q.QueryContext(context.WithoutCancel(ctx), "SELECT fid, geom, "+rowText()+" FROM places "+where, named)
	if err != nil {
		return err
	}
	defer rows.Close()
	var dest [3]driver.Value
	for n := 0; ; n++ {
		if n%256 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		switch err := rows.Next(dest[:]); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
		fid, _ := dest[0].(int64)
		geom, blob := dest[1].([]byte)
		if dest[1] != nil && !blob {
			geom = []byte("not a blob")
		}
		text, _ := dest[2].(string)
		if err := fn(fid, geom, text); err != nil {
			return err
		}
	}
}
