// Package gpkgtest plays the other programs that open a GeoPackage.
package gpkgtest

import (
	"database/sql"
	"testing"

	_ "modernc.org/sqlite" // the driver
)

// HoldOpen opens a file of places in write-ahead mode and changes it, as QGIS
// does. The function it returns closes the file.
func HoldOpen(t testing.TB, path string) (closeIt func()) {
	t.Helper()
	db := open(t, path)
	for _, q := range []string{"PRAGMA journal_mode = WAL", "UPDATE yizhan_meta SET value = value"} {
		if _, err := db.Exec(q); err != nil {
			t.Fatal(err)
		}
	}
	return func() { db.Close() }
}

// Exec runs statements on a file.
func Exec(t testing.TB, path string, statements ...string) {
	t.Helper()
	db := open(t, path)
	defer db.Close()
	for _, q := range statements {
		if _, err := db.Exec(q); err != nil {
			t.Fatalf("%s: %v", q, err)
		}
	}
}

// Text returns what a query of one cell gives.
func Text(t testing.TB, path, query string) string {
	t.Helper()
	db := open(t, path)
	defer db.Close()
	var s sql.NullString
	if err := db.QueryRow(query).Scan(&s); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return s.String
}

func open(t testing.TB, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	return db
}
