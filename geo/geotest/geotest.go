// Package geotest finds the real data that tests are run against.
package geotest

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
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
		without(t, "the npm package to compare with is absent (%v): install Node and run npm ci in static", err)
	}
	return node, modules
}

// GDAL runs a program of GDAL, such as GDAL(t, "ogrinfo", path), and returns
// what it wrote and what it said on its standard error. Where the program fails
// the test does; where it is absent the test is skipped and says so, and with
// YIZHAN_REQUIRE_ORACLES=1, as make test has it, that is a failure too.
func GDAL(t testing.TB, args ...string) (out, said string) {
	t.Helper()
	if _, err := exec.LookPath(args[0]); err != nil {
		without(t, "%s is not installed (Debian: apt install gdal-bin)", args[0])
	}
	var stdout, stderr strings.Builder
	cmd := exec.CommandContext(t.Context(), args[0], args[1:]...)
	cmd.Env = append(os.Environ(), "CPL_TMPDIR="+t.TempDir(), "GDAL_HTTP_TIMEOUT=30")
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		t.Fatalf("%q: %v\n%s%s", args, err, &stderr, &stdout)
	}
	return stdout.String(), stderr.String()
}

// without ends a test that needs what is not there.
func without(t testing.TB, say string, args ...any) {
	t.Helper()
	if os.Getenv("YIZHAN_REQUIRE_ORACLES") == "1" {
		t.Fatalf(say, args...)
	}
	t.Skipf(say, args...)
}
