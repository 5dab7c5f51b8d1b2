package atlas

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"yizhan/geo"
)

// watched opens a folder and watches it until the test ends.
func watched(t *testing.T, dir string, opt func(*Options)) (k *Keeper, logged func() string, eventually func(string, func() bool)) {
	t.Helper()
	var mu sync.Mutex
	var log strings.Builder
	o := testOptions(slog.New(slog.NewTextHandler(writerFunc(func(b []byte) (int, error) {
		mu.Lock()
		defer mu.Unlock()
		return log.Write(b)
	}), nil)))
	if opt != nil {
		opt(&o)
	}
	logged = func() string { mu.Lock(); defer mu.Unlock(); return log.String() }
	k = &Keeper{}
	a, err := Open(t.Context(), dir, o)
	if err != nil {
		t.Fatal(err)
	}
	k.Swap(a)
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() { Watch(ctx, k, dir, o) })
	t.Cleanup(func() { cancel(); wg.Wait() })
	return k, logged, func(what string, holds func() bool) {
		t.Helper()
		for range 200 {
			if holds() {
				return
			}
			time.Sleep(50 * time.Millisecond)
		}
		t.Fatalf("%s does not come; log:\n%s", what, logged())
	}
}

// TestVanishedFile removes files that are being served.
func TestVanishedFile(t *testing.T) {
	dir := t.TempDir()
	importAll(t, dir, "one")
	k, logged, eventually := watched(t, dir, nil)
	for _, name := range []string{StreetsFile, BaseFile, PlacesFile} {
		path := filepath.Join(dir, name)
		if err := os.Rename(path, path+".away"); err != nil {
			t.Fatal(err)
		}
		eventually("a warning of "+name, func() bool { return strings.Contains(logged(), "files=["+name+"]") })
		time.Sleep(2 * WatchInterval)
		if generationOf(t, k.Current()) != "one" {
			t.Errorf("%s was dropped", name)
		}
		if n := strings.Count(logged(), "files=["+name+"]"); n != 1 {
			t.Errorf("%d warnings of %s", n, name)
		}
		if err := os.Rename(path+".away", path); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * WatchInterval) // to be seen to be back
	}
	if err := os.Remove(filepath.Join(dir, StreetsFile)); err != nil {
		t.Fatal(err)
	}
	importAll(t, dir, "two")
	eventually("another import", func() bool { return generationOf(t, k.Current()) == "two" })
}

// TestRestlessFolder touches a file more often than the folder can be read.
func TestRestlessFolder(t *testing.T) {
	dir := t.TempDir()
	importAll(t, dir, "one")
	var wg sync.WaitGroup
	done := make(chan struct{})
	defer func() { close(done); wg.Wait() }()
	wg.Go(func() {
		for {
			select {
			case <-done:
				return
			case <-time.After(20 * time.Millisecond):
				now := time.Now()
				_ = os.Chtimes(filepath.Join(dir, StreetsFile), now, now)
			}
		}
	})
	slow := func(o *Options) {
		fast := o.OpenBase
		o.OpenBase = func(path string) (BaseTiles, error) {
			time.Sleep(100 * time.Millisecond)
			return fast(path)
		}
	}
	k, _, eventually := watched(t, dir, slow)
	importAll(t, dir, "two")
	eventually("the import", func() bool { return generationOf(t, k.Current()) == "two" })
}

// spoiltBase is a base map whose file is spoilt.
type spoiltBase struct{ namedBase }

func (spoiltBase) Tile(uint8, uint32, uint32) ([]byte, bool, error) {
	return nil, false, errors.New("not a gzip member")
}
func (spoiltBase) Metadata() ([]byte, error) { return []byte("{}"), nil }

func TestSpoiltBase(t *testing.T) {
	dir := t.TempDir()
	importAll(t, dir, "one")
	a, err := Open(t.Context(), dir, Options{OpenBase: func(string) (BaseTiles, error) { return spoiltBase{}, nil }})
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = a.Base.Tile(0, 0, 0)
	var e *geo.Error
	if !errors.As(err, &e) || e.Code != geo.Unavailable || !strings.Contains(e.Message.En, "renaming") || !strings.Contains(e.Message.Zh, "改名") {
		t.Errorf("error %v", err)
	}
	if m, ok := a.Base.(interface{ Metadata() ([]byte, error) }); !ok {
		t.Error("the base map does not describe itself any more")
	} else if b, err := m.Metadata(); err != nil || string(b) != "{}" {
		t.Errorf("metadata %s, %v", b, err)
	}
}

func TestFullDisk(t *testing.T) {
	dir := t.TempDir()
	s := stage(t, dir)
	defer s.Close()
	full := &fs.PathError{Op: "write", Path: filepath.Join(dir, stagingDir, StreetsFile), Err: syscall.ENOSPC}
	err := s.Explain(errors.Join(full, full))
	var e *geo.Error
	if !errors.As(err, &e) || e.Code != geo.Unavailable || !strings.Contains(e.Message.En, "free some space") || !strings.Contains(e.Message.Zh, "清理空间") {
		t.Fatalf("error %v", err)
	}
	for _, text := range []string{e.Message.Zh, e.Error()} {
		if strings.Count(text, dir) != 1 || strings.Contains(text, "no space left") || strings.Contains(text, "\n") {
			t.Errorf("%q", text)
		}
	}
}
