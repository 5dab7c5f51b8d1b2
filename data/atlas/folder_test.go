package atlas

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"yizhan/data/store/gpkg"
	"yizhan/data/store/gpkg/gpkgtest"
	"yizhan/geo"
	"yizhan/geo/street"
)

// streetsNamed returns a network of one street with a name.
func streetsNamed(t testing.TB, name string) *street.Network {
	t.Helper()
	b := street.NewBuilder(street.Options{})
	b.Node(1, orb.Point{104.06, 30.67})
	b.Node(2, orb.Point{104.07, 30.67})
	b.Way(street.Way{ID: 1, Nodes: []int64{1, 2}, Class: "residential", Name: name})
	n, _, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// fill stages a generation: one place and one street of its name, and a base
// map that is its name.
func fill(t testing.TB, s *Stage, name string) {
	t.Helper()
	st, err := s.Store(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	p := stationAt("osm:n1", name, 104.06, 30.67)
	p.Source.Feed = "osm"
	if _, err := st.Replace(context.Background(), "osm", []geo.Place{*p}); err != nil {
		t.Fatal(err)
	}
	f, err := s.Create(StreetsFile)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := streetsNamed(t, name).WriteTo(f); err != nil {
		t.Fatal(err)
	}
	f, err = s.Create(BaseFile)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString(name); err != nil {
		t.Fatal(err)
	}
}

func stage(t testing.TB, dir string) *Stage {
	t.Helper()
	s, err := At(dir).Stage()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func importAll(t testing.TB, dir, name string) {
	t.Helper()
	s := stage(t, dir)
	defer s.Close()
	fill(t, s, name)
	if err := s.Commit(); err != nil {
		t.Fatal(err)
	}
}

// namedBase is a base map for tests: the text of its file.
type namedBase string

func (namedBase) Tile(uint8, uint32, uint32) ([]byte, bool, error) { return nil, false, nil }
func (namedBase) Zooms() (uint8, uint8)                            { return 0, 14 }
func (namedBase) Bound() orb.Bound                                 { return orb.Bound{} }

func testOptions(log *slog.Logger) Options {
	return Options{Log: log, OpenBase: func(path string) (BaseTiles, error) {
		b, err := os.ReadFile(path)
		return namedBase(b), err
	}}
}

// generation opens a folder and returns the name of its generation; it fails
// where the files are of two.
func generation(t testing.TB, dir string) string {
	t.Helper()
	a, err := Open(context.Background(), dir, testOptions(nil))
	if err != nil {
		t.Fatalf("opening: %v", err)
	}
	return generationOf(t, a)
}

func generationOf(t testing.TB, a *Atlas) string {
	t.Helper()
	p, ok := a.Places.Get("osm:n1")
	if !ok {
		t.Fatal("the place is missing")
	}
	if s := a.Streets.Streets()[0].Name; s != p.Name || string(a.Base.(guarded).BaseTiles.(namedBase)) != s {
		t.Fatalf("places of %q, streets of %q, base of %q", p.Name, s, a.Base)
	}
	return p.Name
}

func TestFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "data")
	if _, err := Open(t.Context(), dir, Options{}); geo.CodeOf(err) != geo.NotFound {
		t.Errorf("an absent folder: %v", err)
	}
	importAll(t, dir, "one")
	if got := generation(t, dir); got != "one" {
		t.Errorf("generation %q", got)
	}
	// Only places.
	s := stage(t, dir)
	st, err := s.Store(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := st.Put(t.Context(), *stationAt("x", "X", 1, 2)); err != nil {
		t.Fatal(err)
	}
	if err := st.SetMeta(t.Context(), MetaNameEn, "Wangxi"); err != nil {
		t.Fatal(err)
	}
	if err := s.Commit(); err != nil {
		t.Fatal(err)
	}
	s.Close()
	a, err := Open(t.Context(), dir, testOptions(nil))
	if err != nil {
		t.Fatal(err)
	}
	if generationOf(t, a) != "one" || a.Places.Len("") != 2 || a.Name.En != "Wangxi" || a.Attribution != osmAttribution || a.Demo {
		t.Errorf("after an import of places: %+v", a)
	}
	// Not committed.
	s = stage(t, dir)
	fill(t, s, "never")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if got := generation(t, dir); got != "one" {
		t.Errorf("generation %q", got)
	}
	names := []string{}
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if got := strings.Join(names, " "); got != ".lock base.pmtiles places.gpkg streets.bin" {
		t.Errorf("left in the folder: %s", got)
	}
	if _, err := stage(t, dir).Create("../x"); err == nil {
		t.Error("a file of any name was made")
	}
}

func TestPartsOfAFolder(t *testing.T) {
	whole := t.TempDir()
	importAll(t, whole, "one")
	for _, keep := range fileNames() {
		dir := t.TempDir()
		b, err := os.ReadFile(filepath.Join(whole, keep))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, keep), b, 0o644); err != nil {
			t.Fatal(err)
		}
		a, err := Open(t.Context(), dir, testOptions(nil))
		if keep == BaseFile {
			if geo.CodeOf(err) != geo.NotFound {
				t.Errorf("only %s: %v", keep, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("only %s: %v", keep, err)
			continue
		}
		if a.Streets == nil || a.Places == nil || a.Search == nil || a.Base != nil {
			t.Errorf("only %s: %+v", keep, a)
		}
		if b := a.Bound(); b.IsEmpty() {
			t.Errorf("only %s: no bound", keep)
		}
	}
}

func TestOneImportAtATime(t *testing.T) {
	dir := t.TempDir()
	first := stage(t, dir)
	_, err := At(dir).Stage()
	var e *geo.Error
	if !errors.As(err, &e) || e.Code != geo.Unavailable || !strings.Contains(e.Message.En, fmt.Sprintf("another import (pid %d", os.Getpid())) {
		t.Errorf("a second import: %v", err)
	}
	first.Close()
	stage(t, dir).Close()
}

// TestImportWaitsForEdits begins an import while an edit has the folder.
func TestImportWaitsForEdits(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, lockFile)
	edit, err := acquire(path, forEdit)
	if err != nil {
		t.Fatal(err)
	}
	var held *heldError
	if _, err := acquire(path, forImport); !errors.As(err, &held) {
		t.Fatalf("the lock was taken twice: %v", err)
	}
	if m := held.busy().Error(); !strings.Contains(m, "edits") || strings.Contains(m, "import") || !strings.Contains(m, fmt.Sprintf("(pid %d", os.Getpid())) {
		t.Errorf("an edit is called %q", m)
	}
	time.AfterFunc(2*importWait, edit.release)
	stage(t, dir).Close()
}

// commitSteps are the moments of a commit at which it is interrupted.
func commitSteps(t *testing.T) []string {
	var steps []string
	s := stage(t, t.TempDir())
	defer s.Close()
	fill(t, s, "x")
	s.step = func(name string) error { steps = append(steps, name); return nil }
	if err := s.Commit(); err != nil {
		t.Fatal(err)
	}
	if len(steps) < 7 {
		t.Fatalf("steps: %v", steps)
	}
	return steps
}

func TestInterruptedCommit(t *testing.T) {
	for _, step := range commitSteps(t) {
		t.Run(step, func(t *testing.T) {
			dir := t.TempDir()
			importAll(t, dir, "old")
			s := stage(t, dir)
			fill(t, s, "new")
			committed := false
			s.step = func(name string) error {
				if name == step {
					return errInterrupted
				}
				committed = committed || name == "commit"
				return nil
			}
			if err := s.Commit(); !errors.Is(err, errInterrupted) {
				t.Fatalf("commit: %v", err)
			}
			want := "old"
			if committed {
				want = "new"
			}
			// A reader beside the holder of the lock, which cannot tidy up.
			if got := generation(t, dir); got != want {
				t.Errorf("a reader meanwhile sees %q, want %q", got, want)
			}
			s.lock.release() // as the system does when a process dies
			if got := generation(t, dir); got != want {
				t.Errorf("a reader afterwards sees %q, want %q", got, want)
			}
			importAll(t, dir, "next")
			if got := generation(t, dir); got != "next" {
				t.Errorf("after the next import: %q", got)
			}
			for _, left := range []string{stagingDir, committedDir} {
				if _, err := os.Stat(filepath.Join(dir, left)); err == nil {
					t.Errorf("%s is left", left)
				}
			}
		})
	}
}

// TestReadersNeverMix opens the folder over and over while imports commit.
func TestReadersNeverMix(t *testing.T) {
	dir := t.TempDir()
	importAll(t, dir, "g0")
	done := make(chan struct{})
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				a, err := Open(context.Background(), dir, testOptions(nil))
				if err != nil {
					if geo.CodeOf(err) != geo.Unavailable {
						t.Errorf("opening: %v", err)
					}
					continue
				}
				generationOf(t, a)
			}
		})
	}
	for i := range 15 {
		for {
			s, err := At(dir).Stage()
			if geo.CodeOf(err) == geo.Unavailable && err != nil {
				continue // a reader is tidying up
			} else if err != nil {
				t.Fatal(err)
			}
			fill(t, s, fmt.Sprintf("g%d", i+1))
			if err := s.Commit(); err != nil {
				t.Error(err)
			}
			s.Close()
			break
		}
	}
	close(done)
	wg.Wait()
}

func TestWatch(t *testing.T) {
	dir := t.TempDir()
	var log strings.Builder
	var mu sync.Mutex
	logger := slog.New(slog.NewTextHandler(writerFunc(func(b []byte) (int, error) {
		mu.Lock()
		defer mu.Unlock()
		return log.Write(b)
	}), nil))
	logged := func() string { mu.Lock(); defer mu.Unlock(); return log.String() }
	importAll(t, dir, "one")
	var k Keeper
	a, err := Open(t.Context(), dir, testOptions(nil))
	if err != nil {
		t.Fatal(err)
	}
	k.Swap(a)
	importAll(t, dir, "two") // between Open and Watch
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() { Watch(ctx, &k, dir, testOptions(logger)) })
	t.Cleanup(func() { cancel(); wg.Wait() })
	waitFor := func(what string, holds func() bool) {
		t.Helper()
		for range 100 {
			if holds() {
				return
			}
			time.Sleep(50 * time.Millisecond)
		}
		t.Fatalf("%s does not come; log:\n%s", what, logged())
	}
	current := func() string { return generationOf(t, k.Current()) }
	waitFor("what changed before", func() bool { return current() == "two" })
	importAll(t, dir, "three")
	waitFor("an import", func() bool { return current() == "three" })

	good, err := os.ReadFile(filepath.Join(dir, StreetsFile))
	if err != nil {
		t.Fatal(err)
	}
	bad := append([]byte(nil), good...)
	bad[len(bad)/2] ^= 1
	if err := os.WriteFile(filepath.Join(dir, StreetsFile), bad, 0o644); err != nil {
		t.Fatal(err)
	}
	waitFor("a word about damage", func() bool { return strings.Contains(logged(), "cannot be used") })
	if current() != "three" {
		t.Errorf("damage was taken over")
	}
	time.Sleep(2 * WatchInterval)
	if n := strings.Count(logged(), "cannot be used"); n != 1 {
		t.Errorf("damage was logged %d times", n)
	}
	importAll(t, dir, "four")
	waitFor("the repair", func() bool { return current() == "four" })

	// An edit in place, as QGIS makes one.
	s, err := gpkg.Open(t.Context(), filepath.Join(dir, PlacesFile), gpkg.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Put(t.Context(), *stationAt("entered", "E", 104, 30)); err != nil {
		t.Fatal(err)
	}
	waitFor("an edit", func() bool { _, ok := k.Current().Places.Get("entered"); return ok })
	s.Close()
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(b []byte) (int, error) { return f(b) }

// TestPlacesOpenElsewhere stages while another program has the places open in
// write-ahead mode.
func TestPlacesOpenElsewhere(t *testing.T) {
	dir := t.TempDir()
	importAll(t, dir, "one")
	holdOpen := gpkgtest.HoldOpen(t, filepath.Join(dir, PlacesFile))
	s := stage(t, dir)
	fill(t, s, "two")
	err := s.Commit()
	if geo.CodeOf(err) != geo.Unavailable {
		t.Errorf("commit under an open file: %v", err)
	}
	s.Close()
	holdOpen()
	importAll(t, dir, "two")
	if got := generation(t, dir); got != "two" {
		t.Errorf("generation %q", got)
	}
}
