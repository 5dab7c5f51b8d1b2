package gpkg

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"runtime"

	"golang.org/x/sync/errgroup"

	"yizhan/data/store"
	"yizhan/geo"
)

// parallelRows is how many rows are worth another connection.
const parallelRows = 20_000

// Places implements store.Store. Large files are read over several
// connections at once, each its own range of rows.
func (s *Store) Places(ctx context.Context, bad func(error)) ([]*geo.Place, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	places, err := s.places(ctx, bad)
	return places, explain(s.path, err)
}

func (s *Store) places(ctx context.Context, bad func(error)) ([]*geo.Place, error) {
	// A reading transaction on the first connection keeps other programs
	// from writing while the other connections join in. In write-ahead mode
	// it would not, so there one connection reads all.
	first, err := s.db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	defer first.Close()
	if _, err := first.ExecContext(ctx, "BEGIN"); err != nil {
		return nil, err
	}
	defer func() { _, _ = first.ExecContext(context.WithoutCancel(ctx), "ROLLBACK") }()
	var lo, hi, count sql.NullInt64
	var mode string
	if err := first.QueryRowContext(ctx, "SELECT min(fid), max(fid), count(*) FROM places").Scan(&lo, &hi, &count); err != nil {
		return nil, err
	}
	if err := first.QueryRowContext(ctx, "PRAGMA journal_mode").Scan(&mode); err != nil {
		return nil, err
	}
	if count.Int64 == 0 {
		return nil, nil
	}
	parts := int(min(int64(max(2, runtime.GOMAXPROCS(0))), count.Int64/parallelRows+1))
	if mode == "wal" {
		parts = 1
	}
	results := make([][]*geo.Place, parts)
	faults := make([][]error, parts)
	group, gctx := errgroup.WithContext(ctx)
	step := (hi.Int64-lo.Int64)/int64(parts) + 1
	for i := range parts {
		group.Go(func() error {
			conn := first
			if i > 0 {
				var err error
				if conn, err = s.db.Conn(gctx); err != nil {
					return err
				}
				defer conn.Close()
			}
			r := reader{cells: newCells(), places: make([]*geo.Place, 0, count.Int64/int64(parts)+1)}
			from := lo.Int64 + int64(i)*step
			err := eachRow(gctx, conn, "WHERE fid >= ? AND fid < ?", []any{from, from + step}, r.row)
			results[i], faults[i] = r.places, r.faults
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	for _, f := range faults {
		for _, err := range f {
			if bad == nil {
				return nil, err
			}
			bad(err)
		}
	}
	if parts == 1 {
		return results[0], nil
	}
	all := make([]*geo.Place, 0, count.Int64)
	for _, r := range results {
		all = append(all, r...)
	}
	return all, nil
}

// reader gathers places from rows.
type reader struct {
	places []*geo.Place
	slab   []geo.Place
	faults []error
	cells  cells
}

// slabSize is how many places are made at a time.
const slabSize = 1024

func (r *reader) row(fid int64, geom []byte, text string) error {
	if len(r.slab) == 0 {
		r.slab = make([]geo.Place, slabSize)
	}
	p := &r.slab[0]
	if err := r.fill(p, geom, text); err != nil {
		id := clip(r.cells.cell[colID])
		var e *geo.Error
		if !errors.As(err, &e) {
			return err
		}
		r.faults = append(r.faults, geo.NewError(geo.Invalid,
			fmt.Sprintf("places 表第 %d 行（%s）读不懂，已略过：%s 请在 QGIS 中改正。", fid, id, e.Message.Zh),
			fmt.Sprintf("row %d of places (%s) cannot be read and is left out: %s; correct it in QGIS", fid, id, e.Message.En)).Because(e.Err))
		*p = geo.Place{}
		return nil
	}
	r.slab = r.slab[1:]
	r.places = append(r.places, p)
	return nil
}

func (r *reader) fill(p *geo.Place, geom []byte, text string) error {
	r.cells.cell[colID] = ""
	if err := r.cells.split(text); err != nil {
		return err
	}
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
	if len(text) > store.MaxText {
		return store.Check(p) // only so long a row can be beyond a bound
	}
	return nil
}

// eachRow hands the rows that match a condition to fn. The blob is fn's only
// until it returns. It works below database/sql, whose Scan would double the
// cost of a row.
func eachRow(ctx context.Context, conn *sql.Conn, where string, args []any, fn func(fid int64, geom []byte, text string) error) error {
	return conn.Raw(func(dc any) error {
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
			geom, _ := dest[1].([]byte)
			if dest[1] != nil && geom == nil {
				geom = []byte("not a blob")
			}
			text, _ := dest[2].(string)
			if err := fn(fid, geom, text); err != nil {
				return err
			}
		}
	})
}
