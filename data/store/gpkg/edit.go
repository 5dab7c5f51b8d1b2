package gpkg

import (
	"context"
	"database/sql"
	"sync"

	"yizhan/geo"
)

// An Edit changes a few places in one transaction, for whoever must know what
// there was before, and what else is done to the file meanwhile.
type Edit struct {
	// IDs are the places that Decide is to know.
	IDs []string
	// Decide is called when no other program can write any more, with those of
	// the places that are there and can be read. Its error ends the
	// transaction and is returned as it is.
	Decide func(now map[string]*geo.Place) (put []geo.Place, remove []string, err error)
	// Before, if there is one, is called before the change is made to last; its
	// error ends the transaction.
	Before func() error
	// Done, if there is one, is called when the change is on the disk, while
	// nobody can write. alone is false where somebody may have written between
	// Decide and Done.
	Done func(alone bool)
}

// Edit carries an Edit out.
func (s *Store) Edit(ctx context.Context, e Edit) error {
	var theirs error
	s.mu.Lock()
	defer s.mu.Unlock()
	conn, err := s.db.Conn(ctx)
	if err != nil {
		return explain(s.path, err)
	}
	defer conn.Close()
	var before int64
	err = transact(ctx, conn, func() error {
		if err := conn.QueryRowContext(ctx, "PRAGMA data_version").Scan(&before); err != nil {
			return err
		}
		now, err := s.some(ctx, conn, e.IDs)
		if err != nil {
			return err
		}
		put, remove, err := e.Decide(now)
		if err != nil {
			theirs = err
			return err
		}
		if err := putAndRemove(ctx, conn, put, remove); err != nil || e.Before == nil {
			return err
		}
		return e.Before()
	})
	switch {
	case theirs != nil:
		return theirs
	case err != nil:
		return explain(s.path, err)
	}
	if e.Done != nil {
		watched(context.WithoutCancel(ctx), conn, before, e.Done)
	}
	return nil
}

// putAndRemove puts and removes places.
func putAndRemove(ctx context.Context, conn *sql.Conn, put []geo.Place, remove []string) error {
	if err := deleteRows(ctx, conn, remove); err != nil || len(put) == 0 {
		return err
	}
	plan, err := newPlan(ctx, "", put)
	if err != nil {
		return err
	}
	if err := plan.find(ctx, conn); err != nil {
		return err
	}
	return plan.apply(ctx, conn)
}

// some reads the places with some IDs. One that cannot be read is not there.
func (s *Store) some(ctx context.Context, conn *sql.Conn, ids []string) (map[string]*geo.Place, error) {
	now := make(map[string]*geo.Place, len(ids))
	r := newReader(new(sync.Mutex), func(error) {}, func(batch []geo.Place) error {
		for _, p := range batch {
			now[p.ID] = &p
		}
		return nil
	})
	for _, id := range ids {
		if err := eachRow(ctx, conn, "WHERE id = ?", []any{id}, r.row); err != nil {
			return nil, err
		}
	}
	return now, r.flush()
}

// watched calls done while the file is locked against writing, and says
// whether the connection has been alone with it since its data had a version.
func watched(ctx context.Context, conn *sql.Conn, version int64, done func(alone bool)) {
	var now int64
	var mode, word string
	alone := true
	if _, err := conn.ExecContext(ctx, "BEGIN"); err != nil {
		done(false)
		return
	}
	defer func() { _, _ = conn.ExecContext(ctx, "ROLLBACK") }()
	for query, to := range map[string]any{
		"SELECT key FROM yizhan_meta WHERE key = '" + metaSchema + "'": &word, // takes the lock
		"PRAGMA journal_mode": &mode,
	} {
		alone = conn.QueryRowContext(ctx, query).Scan(to) == nil && alone
	}
	alone = conn.QueryRowContext(ctx, "PRAGMA data_version").Scan(&now) == nil && alone
	// In write-ahead mode a reader keeps nobody from writing.
	done(alone && now == version && mode != "wal")
}
