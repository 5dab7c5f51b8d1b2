package atlas

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"yizhan/geo"
)

// openIn counts this process's open files that are, or were, in a folder.
func openIn(t *testing.T, dir string) (n int) {
	t.Helper()
	fds, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	for _, fd := range fds {
		if to, err := os.Readlink(filepath.Join("/proc/self/fd", fd.Name())); err == nil && strings.HasPrefix(to, dir+"/") {
			n++
		}
	}
	return n
}

// TestSheetIsClosed: the file of a sheet is open as long as an Atlas has it,
// and then no more.
func TestSheetIsClosed(t *testing.T) {
	dir := t.TempDir()
	a := New(Parts{Places: row(100), sheets: sheets{dir: dir, memory: 1}})
	b := a.with([]*geo.Place{stationAt("new", "新", 104, 30)}, []string{"t:1"})
	if n := openIn(t, dir); n != 1 {
		t.Fatalf("%d files are open for two snapshots of the same places", n)
	}
	runtime.KeepAlive(a)
	a = nil
	for range 3 {
		runtime.GC()
	}
	if n := openIn(t, dir); n != 1 {
		t.Fatalf("%d files are open for the snapshot that is left", n)
	}
	if got := b.AppendFeatures(nil, liveSlots(b), ""); len(got) == 0 {
		t.Error("nothing is written")
	}
	runtime.KeepAlive(b)
	b = nil
	for deadline := time.Now().Add(10 * time.Second); openIn(t, dir) > 0; time.Sleep(time.Millisecond) {
		if runtime.GC(); time.Now().After(deadline) {
			t.Fatal("the file stays open when nobody has the snapshot")
		}
	}
}
