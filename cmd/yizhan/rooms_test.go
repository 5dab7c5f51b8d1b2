package main

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"

	"yizhan/geo/geotest"
)

// rooms lists, for every room, which of our packages its code may import.
// A pattern ending in /... stands for the package and all below it. A package
// that is not listed here has no place in the house yet: decide it first.
var rooms = map[string][]string{
	"yizhan/geo":         {},
	"yizhan/geo/geotest": {},
	"yizhan/geo/cch":     {},

	"yizhan/geo/cql2":   {"yizhan/geo"},
	"yizhan/geo/crs":    {"yizhan/geo"},
	"yizhan/geo/datum":  {"yizhan/geo"},
	"yizhan/geo/hours":  {"yizhan/geo"},
	"yizhan/geo/pack":   {"yizhan/geo"},
	"yizhan/geo/index":  {"yizhan/geo", "yizhan/geo/pack"},
	"yizhan/geo/street": {"yizhan/geo", "yizhan/geo/cch", "yizhan/geo/datum", "yizhan/geo/hours"},
	"yizhan/geo/search": {"yizhan/geo", "yizhan/geo/index", "yizhan/geo/street"},
	"yizhan/geo/route":  {"yizhan/geo", "yizhan/geo/cch", "yizhan/geo/hours", "yizhan/geo/street"},
	"yizhan/geo/reach":  {"yizhan/geo", "yizhan/geo/index", "yizhan/geo/street", "yizhan/geo/route"},

	"yizhan/tiles":         {"yizhan/geo", "yizhan/geo/index", "yizhan/geo/pack", "yizhan/tiles/pmtiles"},
	"yizhan/tiles/pmtiles": {"yizhan/geo"},

	"yizhan/data/osmpbf":              {"yizhan/geo"},
	"yizhan/data/osm":                 {"yizhan/geo/...", "yizhan/data/osmpbf"},
	"yizhan/data/osm/osmtest":         {"yizhan/geo/...", "yizhan/data/osm", "yizhan/data/demo"},
	"yizhan/data/table":               {"yizhan/geo/..."},
	"yizhan/data/demo":                {"yizhan/geo/...", "yizhan/data/osm"},
	"yizhan/data/store":               {"yizhan/geo"},
	"yizhan/data/store/gpkg":          {"yizhan/geo", "yizhan/data/store"},
	"yizhan/data/store/gpkg/gpkgtest": {"yizhan/geo", "yizhan/data/store", "yizhan/data/store/gpkg"},
	"yizhan/data/store/storetest":     {"yizhan/geo", "yizhan/data/store"},
	"yizhan/data/atlas":               {"yizhan/geo/...", "yizhan/data/store", "yizhan/data/store/gpkg"},
	"yizhan/data/flatgeobuf":          {},
	"yizhan/data/export":              {"yizhan/geo/...", "yizhan/tiles", "yizhan/tiles/pmtiles", "yizhan/data/atlas", "yizhan/data/table", "yizhan/data/flatgeobuf", "yizhan/data/store", "yizhan/data/store/gpkg"},

	"yizhan/api":        {"yizhan/geo/...", "yizhan/tiles", "yizhan/data/atlas"},
	"yizhan/static":     {},
	"yizhan/cmd/yizhan": {"yizhan/..."},
	"yizhan/cmd/bench":  {"yizhan/geo/...", "yizhan/data/osmpbf"},
}

// guests lists the third-party modules that stay in one room.
var guests = map[string][]string{
	"github.com/gofiber/":       {"yizhan/api", "yizhan/cmd/bench"},
	"github.com/valyala/":       {"yizhan/api"},
	"github.com/twpayne/":       {"yizhan/data/store/..."},
	"modernc.org/":              {"yizhan/data/store/..."},
	"database/sql":              {"yizhan/data/store/..."},
	"github.com/alecthomas/":    {"yizhan/cmd/yizhan"},
	"github.com/prometheus/":    {"yizhan/api", "yizhan/cmd/yizhan"},
	"github.com/tidwall/rtree":  {"yizhan/geo/...", "yizhan/tiles"},
	"google.golang.org/proto":   {"yizhan/data/osmpbf"},
	"github.com/paulmach/orb/m": {"yizhan/tiles"},
}

// topLevel is the whole of what may stand in the root of the repository.
var topLevel = []string{
	".ci", ".gitignore", "CONTRIBUTING.md", "LICENSE", "Makefile", "README.md", "README.zh-CN.md",
	"api", "cmd", "data", "geo", "go.mod", "go.sum", "static", "tiles",
}

type goPackage struct {
	ImportPath string
	Imports    []string
}

// TestImportsPointDown keeps the import rule of the house: every package's
// non-test code imports only the rooms below it, and a guest module is seen
// only in its own room.
func TestImportsPointDown(t *testing.T) {
	for _, pkg := range listPackages(t) {
		allowed, known := rooms[pkg.ImportPath]
		if !known {
			t.Errorf("%s is not in the table of rooms", pkg.ImportPath)
			continue
		}
		for _, imported := range pkg.Imports {
			if ours(imported) && !matchesAny(imported, allowed) {
				t.Errorf("%s must not import %s", pkg.ImportPath, imported)
			}
			for guest, hosts := range guests {
				if strings.HasPrefix(imported, guest) && !matchesAny(pkg.ImportPath, hosts) {
					t.Errorf("%s must not import %s, which belongs to %v", pkg.ImportPath, imported, hosts)
				}
			}
		}
	}
}

// TestTopLevel keeps the root of the repository to the agreed names.
func TestTopLevel(t *testing.T) {
	out, err := exec.Command("git", "-C", geotest.Root(t), "ls-files", "-z").Output()
	if err != nil {
		t.Skip("not a git checkout: ", err)
	}
	for file := range strings.SplitSeq(strings.TrimRight(string(out), "\x00"), "\x00") {
		top, _, _ := strings.Cut(file, "/")
		if !slices.Contains(topLevel, top) {
			t.Errorf("%s: %q has no place at the top level", file, top)
		}
	}
}

func listPackages(t *testing.T) []goPackage {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports", "./...")
	cmd.Dir = geotest.Root(t)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var all []goPackage
	for dec := json.NewDecoder(out); ; {
		var pkg goPackage
		err := dec.Decode(&pkg)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, pkg)
	}
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	if len(all) < 3 {
		t.Fatalf("only %d packages listed", len(all))
	}
	return all
}

func ours(importPath string) bool { return strings.HasPrefix(importPath, "yizhan/") }

func matchesAny(importPath string, patterns []string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		if base, below := strings.CutSuffix(pattern, "/..."); below {
			return importPath == base || strings.HasPrefix(importPath, base+"/")
		}
		return path.Clean(importPath) == pattern
	})
}
