// Package gpkg keeps the places in a GeoPackage: one SQLite file that QGIS and
// GDAL open as they would any layer (OGC GeoPackage 1.3). The feature table
// places has a readable column for everything; the columns are what is read
// back, so an edit made in QGIS counts.
//
// In lists (facilities, lines, vehicles …) the elements are separated by "; ";
// names, tags and extra are JSON objects of strings. A row added elsewhere
// needs a point and a name: id, kind and feed have defaults.
package gpkg

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"

	"modernc.org/sqlite" // the driver "sqlite", without C

	"yizhan/data/store"
	"yizhan/geo"
)

var _ store.Store = (*Store)(nil)

// Store is a GeoPackage of places. It keeps a rollback journal, not a
// write-ahead log, so that between transactions the file stands alone and may
// be copied or renamed.
type Store struct {
	path string
	db   *sql.DB
	// mu lets any number read or one write: with a rollback journal SQLite
	// would make one of them wait and retry instead.
	mu sync.RWMutex
}

// Options says how to open a file.
type Options struct {
	// Create makes the file where there is none.
	Create bool
	// ReadOnly promises not to write. A file left with an unfinished
	// transaction is still set right.
	ReadOnly bool
}

// Open opens the GeoPackage at path. Errors are *geo.Error: NotFound where
// there is no file, Invalid for a file that is damaged, not a GeoPackage, not
// one of yizhan's or of a newer version.
func Open(ctx context.Context, path string, opt Options) (*Store, error) {
	info, err := os.Stat(path)
	isNew := err == nil && info.Size() == 0 || errors.Is(err, fs.ErrNotExist)
	switch {
	case isNew && opt.Create && !opt.ReadOnly:
	case err != nil:
		return nil, explain(path, err)
	case isNew:
		return nil, damaged(path, errors.New("empty file"))
	}
	db, err := sql.Open("sqlite", dsn(path, opt))
	if err != nil {
		return nil, explain(path, err)
	}
	db.SetMaxOpenConns(2 + runtime.GOMAXPROCS(0))
	db.SetMaxIdleConns(1)
	s := &Store{path: path, db: db}
	if isNew {
		err = s.create(ctx)
	} else {
		err = s.verify(ctx, opt)
	}
	if err != nil {
		_ = db.Close()
		return nil, explain(path, err)
	}
	return s, nil
}

func dsn(path string, opt Options) string {
	abs, err := filepath.Abs(path)
	if err != nil {
		abs = path
	}
	q := url.Values{"_pragma": {"busy_timeout(5000)", "cache_size(-65536)", "trusted_schema(off)"}, "mode": {"rw"}}
	if opt.Create && !opt.ReadOnly {
		q.Set("mode", "rwc")
	}
	return (&url.URL{Scheme: "file", Path: filepath.ToSlash(abs), RawQuery: q.Encode()}).String()
}

// checkHeader asks for the marks of a GeoPackage. It goes through SQLite:
// opening and closing the file ourselves would drop the locks that another
// Store of this process holds on it.
func (s *Store) checkHeader(ctx context.Context) error {
	var id, version int64
	err := s.db.QueryRowContext(ctx, "SELECT application_id, user_version FROM pragma_application_id, pragma_user_version").Scan(&id, &version)
	var se *sqlite.Error
	switch {
	case errors.As(err, &se) && se.Code()&0xff == sqliteNotADB:
		return geo.NewError(geo.Invalid,
			fmt.Sprintf("%s 不是 GeoPackage 文件：请选用 yizhan 导入生成的 places.gpkg。", s.path),
			fmt.Sprintf("%s is not a GeoPackage: use the places.gpkg that yizhan's import wrote", s.path)).Because(err)
	case err != nil:
		return err
	case id != applicationID:
		return foreign(s.path)
	}
	return nil
}

func foreign(path string) error {
	return geo.NewError(geo.Invalid,
		fmt.Sprintf("%s 不是 yizhan 的地点文件：请用 yizhan import 把其中的数据导入。", path),
		fmt.Sprintf("%s is not a places file of yizhan: bring its data in with yizhan import", path))
}

func (s *Store) create(ctx context.Context) error {
	return s.write(ctx, func(tx *sql.Conn) error {
		for _, q := range schema() {
			if _, err := tx.ExecContext(ctx, q); err != nil {
				return err
			}
		}
		return nil
	})
}

// verify refuses what this program could not read or would spoil.
func (s *Store) verify(ctx context.Context, opt Options) error {
	if err := s.checkHeader(ctx); err != nil {
		return err
	}
	has := make(map[string]bool)
	rows, err := s.db.QueryContext(ctx, `SELECT name FROM pragma_table_info('places') UNION ALL
		SELECT name FROM sqlite_master WHERE name IN ('yizhan_meta', 'rtree_places_geom')`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return err
		}
		has[name] = true
	}
	if err := rows.Err(); err != nil {
		return err
	}
	if len(has) == 0 || !has["yizhan_meta"] {
		return foreign(s.path)
	}
	version, err := s.Meta(ctx, metaSchema)
	if err != nil {
		return err
	}
	if v, err := strconv.Atoi(version); err != nil || v < 1 {
		return damaged(s.path, fmt.Errorf("schema version %q", version))
	} else if v > schemaVersion {
		return geo.NewError(geo.Invalid,
			fmt.Sprintf("%s 由更新版本的 yizhan 写成（格式 %d，本程序支持到 %d）：请升级程序。", s.path, v, schemaVersion),
			fmt.Sprintf("%s was written by a newer yizhan (format %d, this program reads up to %d): update the program", s.path, v, schemaVersion))
	}
	missing := []string{}
	for _, name := range append([]string{"fid", "geom", "rtree_places_geom"}, columnNames()...) {
		if !has[name] {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 {
		list := strings.Join(missing, ", ")
		return geo.NewError(geo.Invalid,
			fmt.Sprintf("%s 缺少 %s：可能在别的程序里被删除，请从备份恢复或重新导入。", s.path, list),
			fmt.Sprintf("%s lacks %s, perhaps deleted in another program: restore a backup or import again", s.path, list))
	}
	if !opt.ReadOnly {
		// What QGIS leaves in write-ahead mode becomes one file again. Where
		// it is still open there, this waits for our Close.
		_ = s.selfContained(ctx)
	}
	return nil
}

func columnNames() []string {
	names := make([]string, numColumns)
	for i, c := range columns {
		names[i] = c.name
	}
	return names
}

func (s *Store) selfContained(ctx context.Context) error {
	var mode string
	return s.db.QueryRowContext(ctx, "PRAGMA journal_mode = DELETE").Scan(&mode)
}

// Close finishes with the file and leaves it standing alone.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return explain(s.path, s.db.Close())
}

// write runs one writing transaction, alone.
func (s *Store) write(ctx context.Context, do func(tx *sql.Conn) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	conn, err := s.db.Conn(ctx)
	if err != nil {
		return explain(s.path, err)
	}
	defer conn.Close()
	return explain(s.path, transact(ctx, conn, func() error { return do(conn) }))
}

// transact runs one writing transaction on a connection.
func transact(ctx context.Context, conn *sql.Conn, do func() error) error {
	if _, err := conn.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		return err
	}
	err := do()
	if err == nil {
		err = ctx.Err()
	}
	if err == nil {
		_, err = conn.ExecContext(context.WithoutCancel(ctx), "COMMIT")
	}
	if err != nil {
		_, _ = conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK")
	}
	return err
}

// Meta implements store.Store.
func (s *Store) Meta(ctx context.Context, key string) (string, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var value string
	err := s.db.QueryRowContext(ctx, "SELECT value FROM yizhan_meta WHERE key = ?", key).Scan(&value)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return value, explain(s.path, err)
}

// SetMeta implements store.Store. The key schema_version is the store's own.
func (s *Store) SetMeta(ctx context.Context, key, value string) error {
	if key == "" || key == metaSchema {
		return geo.NewError(geo.Invalid, fmt.Sprintf("键 %q 不可用，请换一个。", key), fmt.Sprintf("key %q cannot be used: take another", key))
	}
	if err := errors.Join(store.CheckText("key", key), store.CheckText(key, value)); err != nil {
		return err
	}
	return s.write(ctx, func(tx *sql.Conn) error {
		if value == "" {
			_, err := tx.ExecContext(ctx, "DELETE FROM yizhan_meta WHERE key = ?", key)
			return err
		}
		_, err := tx.ExecContext(ctx, "INSERT INTO yizhan_meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value", key, value)
		return err
	})
}

// Copy copies the GeoPackage at from, as it is between two transactions, to a
// new file. Other programs may have it open.
func Copy(ctx context.Context, from, to string) error {
	s, err := Open(ctx, from, Options{ReadOnly: true})
	if err != nil {
		return err
	}
	defer s.Close()
	conn, err := s.db.Conn(ctx)
	if err != nil {
		return explain(from, err)
	}
	defer conn.Close()
	err = conn.Raw(func(dc any) error {
		c, ok := dc.(interface {
			NewBackup(string) (*sqlite.Backup, error)
		})
		if !ok {
			return errors.New("gpkg: the driver cannot copy")
		}
		b, err := c.NewBackup(to)
		if err != nil {
			return err
		}
		const pages = 4096
		for more := true; more; {
			if err := ctx.Err(); err != nil {
				return errors.Join(err, b.Finish())
			}
			if more, err = b.Step(pages); err != nil {
				return errors.Join(err, b.Finish())
			}
		}
		return b.Finish()
	})
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return explain(from, err)
}

// touch notes in gpkg_contents that the places changed, and where they lie.
func touch(ctx context.Context, tx *sql.Conn) error {
	var root []byte
	if err := tx.QueryRowContext(ctx, "SELECT data FROM rtree_places_geom_node WHERE nodeno = ?", rtreeRoot).Scan(&root); err != nil {
		return err
	}
	args := []any{time.Now().UTC().Format(timeLayout), nil, nil, nil, nil}
	if b, ok := rootBound(root); ok {
		args = []any{args[0], b.Min[0], b.Min[1], b.Max[0], b.Max[1]}
	}
	_, err := tx.ExecContext(ctx, "UPDATE gpkg_contents SET last_change = ?, min_x = ?, min_y = ?, max_x = ?, max_y = ? WHERE table_name = 'places'", args...)
	return err
}
