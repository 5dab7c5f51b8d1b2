//go:build unix

package atlas

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"yizhan/geo"
)

// soon fails the test where what it does does not end.
func soon(t *testing.T, what string, do func()) {
	t.Helper()
	done := make(chan struct{})
	go func() { defer close(done); do() }()
	select {
	case <-done:
	case <-time.After(20 * time.Second):
		t.Fatalf("%s waits for ever", what)
	}
}

// TestClosuresFileOfAnotherKind: what is no regular file is said to be none, at
// a start and at a change.
func TestClosuresFileOfAnotherKind(t *testing.T) {
	for name, put := range map[string]func(path string) error{
		"pipe":   func(path string) error { return unix.Mkfifo(path, 0o644) },
		"folder": func(path string) error { return os.Mkdir(path, 0o755) },
	} {
		dir := courtFolder(t)
		k := keeping(t, dir)
		if err := put(filepath.Join(dir, ClosuresFile)); err != nil {
			t.Fatal(err)
		}
		soon(t, name, func() {
			if _, err := Open(t.Context(), dir, testOptions(nil)); geo.CodeOf(err) != geo.Invalid || !strings.Contains(err.Error(), "regular") {
				t.Errorf("%s: opened: %v", name, err)
			}
			if _, _, err := NewRegister(k, dir).Add(t.Context(), geo.Closure{Gate: courtGate}, may); geo.CodeOf(err) != geo.Unavailable || !strings.Contains(err.Error(), "regular") {
				t.Errorf("%s: added: %v", name, err)
			}
		})
	}
}

// TestLinkedClosures: a file that lies elsewhere stays there, and a link in the
// way of the new file leads nobody to another.
func TestLinkedClosures(t *testing.T) {
	dir, elsewhere := courtFolder(t), t.TempDir()
	target, victim := filepath.Join(elsewhere, "shared.json"), filepath.Join(elsewhere, "victim")
	for path, content := range map[string]string{target: noClosures, victim: "precious"} {
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	link := func(to, path string) {
		if err := os.Symlink(to, path); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(dir, ClosuresFile)
	link(target, path)
	link(victim, target+".new")
	link(victim, path+".new")
	closeGate(t, NewRegister(keeping(t, dir), dir))
	if info, err := os.Lstat(path); err != nil || info.Mode()&fs.ModeSymlink == 0 {
		t.Errorf("the link is gone: %v", err)
	}
	if b, err := os.ReadFile(target); err != nil || !strings.Contains(string(b), courtGate) {
		t.Errorf("not written through the link: %s, %v", b, err)
	}
	if err := os.Remove(path); err != nil { // now the plain file, with a link in the way
		t.Fatal(err)
	}
	closeGate(t, NewRegister(keeping(t, dir), dir))
	if info, err := os.Lstat(path); err != nil || !info.Mode().IsRegular() {
		t.Errorf("no plain file: %v", err)
	}
	if b, _ := os.ReadFile(victim); string(b) != "precious" {
		t.Errorf("another file was written to: %q", b)
	}
	// A lock is no way to another file either.
	lock := filepath.Join(dir, closuresLock)
	if err := os.Remove(lock); err != nil {
		t.Fatal(err)
	}
	link(victim, lock)
	if _, _, err := NewRegister(keeping(t, dir), dir).Add(t.Context(), geo.Closure{Gate: courtGate}, may); geo.CodeOf(err) != geo.Unavailable {
		t.Errorf("locked by another file: %v", err)
	}
	if b, _ := os.ReadFile(victim); string(b) != "precious" {
		t.Errorf("another file was written to: %q", b)
	}
}

// TestLateChange: a change that could not be made in time is not made, and says
// so in words of closures.
func TestLateChange(t *testing.T) {
	dir := courtFolder(t)
	k := keeping(t, dir)
	r := NewRegister(k, dir)
	l, err := acquire(filepath.Join(dir, closuresLock), forEdit)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			_, _, err := r.Add(ctx, geo.Closure{Gate: courtGate}, may)
			if geo.CodeOf(err) != geo.Unavailable || strings.Contains(err.Error(), "import") {
				t.Errorf("under another's lock: %v", err)
			}
		})
	}
	wg.Wait()
	l.release()
	// The lock is free, but another revision takes longer than there is time.
	ctx, cancel = context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := k.Revise(func(a *Atlas) (*Atlas, error) {
		wg.Go(func() {
			if _, _, err := r.Add(ctx, geo.Closure{Gate: courtGate}, may); geo.CodeOf(err) != geo.Timeout {
				t.Errorf("too late: %v", err)
			}
		})
		<-ctx.Done()
		return a, nil
	}); err != nil {
		t.Fatal(err)
	}
	wg.Wait()
	if n := len(k.Current().Closures()); n != 0 {
		t.Errorf("%d closures were entered late", n)
	}
	closeGate(t, r)
}

// TestOwnChangesAreNotReadAgain: however a look at the folder and a change
// interleave, what this process wrote is not taken for news.
func TestOwnChangesAreNotReadAgain(t *testing.T) {
	dir := courtFolder(t)
	k := keeping(t, dir)
	r := NewRegister(k, dir)
	id := closeGate(t, r)
	opt := testOptions(nil)
	look := make(chan found, 1)
	// The look begins while the change is being written, and waits for it.
	r.step = func(name string) error {
		if name == "rename" {
			go func() { look <- reloadClosures(k, At(dir), opt.log()) }()
			time.Sleep(20 * time.Millisecond)
		}
		return nil
	}
	a, err := r.Remove(t.Context(), id, may)
	if err != nil {
		t.Fatal(err)
	}
	if now := <-look; !now.same(At(dir).find(ClosuresFile)) || k.Current() != a {
		t.Error("the change of this process was read again")
	}
}
