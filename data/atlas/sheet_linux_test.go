package atlas

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"yizhan/geo"
)

// filesIn counts the files of a folder, or that were in it, that this process
// has open, and those that it has mapped.
func filesIn(t *testing.T, dir string) (open, mapped int) {
	t.Helper()
	fds, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	for _, fd := range fds {
		if to, err := os.Readlink(filepath.Join("/proc/self/fd", fd.Name())); err == nil && strings.HasPrefix(to, dir+"/") {
			open++
		}
	}
	maps, err := os.ReadFile("/proc/self/maps")
	if err != nil {
		t.Fatal(err)
	}
	return open, strings.Count(string(maps), " "+dir+"/")
}

// TestSheetIsUnmapped: the file of a sheet is mapped as long as an Atlas has
// it, and then no more.
func TestSheetIsUnmapped(t *testing.T) {
	dir := t.TempDir()
	want := func(mapped int, who string) {
		t.Helper()
		if open, n := filesIn(t, dir); open != 0 || n != mapped {
			t.Fatalf("%d files are open and %d mapped for %s", open, n, who)
		}
	}
	a := New(Parts{Places: row(100), sheets: sheets{dir: dir, memory: 1}})
	b := a.with([]*geo.Place{stationAt("new", "新", 104, 30)}, []string{"t:1"})
	want(1, "two snapshots of the same places")
	runtime.KeepAlive(a)
	a = nil
	for range 3 {
		runtime.GC()
	}
	want(1, "the snapshot that is left")
	if got := b.AppendFeatures(nil, runsOf(liveSlots(b)), ""); len(got) == 0 {
		t.Error("nothing is written")
	}
	runtime.KeepAlive(b)
	b = nil
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(time.Millisecond) {
		runtime.GC()
		if _, n := filesIn(t, dir); n == 0 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatal("the file stays mapped when nobody has the snapshot")
		}
	}
}

// TestSheetLiesInFolder: the file of what is opened lies where the rest does.
func TestSheetLiesInFolder(t *testing.T) {
	dir := t.TempDir()
	importAll(t, dir, "one")
	opt := testOptions(nil)
	opt.sheetMemory = 1
	a, err := Open(context.Background(), dir, opt)
	if err != nil {
		t.Fatal(err)
	}
	if _, n := filesIn(t, dir); n != 1 {
		t.Errorf("%d files of the folder are mapped", n)
	}
	runtime.KeepAlive(a)
}
