// Package geotest finds the real data that tests are run against.
package geotest

import (
	"os"
	"os/exec"
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
// beside the repository in ../shared/data. Where there is no such folder the
// test is skipped and says so; a file that is missing in it is a failure.
func Data(t testing.TB, elem ...string) string {
	t.Helper()
	root := os.Getenv("YIZHAN_TEST_DATA")
	if root == "" {
		root = filepath.Join(Root(t), "..", "shared", "data")
	}
	path := filepath.Join(append([]string{root}, elem...)...)
	if _, err := os.Stat(root); err != nil {
		t.Skipf("real test data is absent: %s (set YIZHAN_TEST_DATA to its folder)", root)
	}
	if _, err := os.Stat(path); err != nil {
		t.Fatalf("the test data are incomplete: %v", err)
	}
	return path
}

// Node returns the node program and the page's node_modules folder, for tests
// that hold us against an npm package. Where node or the package is absent the
// test is skipped and says so; with YIZHAN_REQUIRE_ORACLES=1, as make test has
// it, that is a failure.
func Node(t testing.TB, pkg string) (node, modules string) {
	t.Helper()
	modules = filepath.Join(Root(t), "static", "node_modules")
	node, err := exec.LookPath("node")
	if err == nil {
		_, err = os.Stat(filepath.Join(modules, filepath.FromSlash(pkg)))
	}
	if err != nil {
		const say = "the npm package to compare with is absent (%v): install Node and run npm ci in static"
		if os.Getenv("YIZHAN_REQUIRE_ORACLES") == "1" {
			t.Fatalf(say, err)
		}
		t.Skipf(say, err)
	}
	return node, modules
}
