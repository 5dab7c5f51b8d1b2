// Package geotest finds the real data that tests are run against.
package geotest

import (
	"os"
	"path/filepath"
	"testing"
)

// Root returns the module's root folder.
func Root(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		up := filepath.Dir(dir)
		if up == dir {
			t.Fatal("no go.mod above the test's folder")
		}
		dir = up
	}
}

// Data returns the path of a file of real test data, such as
// Data(t, "osm", "monaco.osm.pbf"). The data stands in $YIZHAN_TEST_DATA or
// beside the repository in ../shared/data; where the file is absent the test
// is skipped and says so.
func Data(t testing.TB, elem ...string) string {
	t.Helper()
	root := os.Getenv("YIZHAN_TEST_DATA")
	if root == "" {
		root = filepath.Join(Root(t), "..", "shared", "data")
	}
	path := filepath.Join(append([]string{root}, elem...)...)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("real test data is absent: %s (set YIZHAN_TEST_DATA to its folder)", path)
	}
	return path
}
