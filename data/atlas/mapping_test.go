//go:build unix

package atlas

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// TestMappingLetsGo: what is read of a mapping is the file, also while it is
// let go, and not more of it counts than may.
func TestMappingLetsGo(t *testing.T) {
	const size = mappedMost + 20*mappedStretch + 5
	want := make([]byte, size)
	for i := range want {
		want[i] = byte(i>>16 + i)
	}
	path := filepath.Join(t.TempDir(), "f")
	if err := os.WriteFile(path, want, 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	m, err := newMapping(f, size)
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
	var readers sync.WaitGroup
	for r := range 4 {
		readers.Go(func() {
			for from := r * 1000; from < size; from += 100_000 {
				until := min(from+70_000, size)
				m.touch(from, until)
				if !bytes.Equal(m.bytes[from:until], want[from:until]) {
					t.Errorf("from %d on it is another", from)
					return
				}
			}
		})
	}
	readers.Wait()
	for range 3 {
		for from := 0; from < size; from += mappedStretch {
			m.touch(from, from+1)
			if n := m.n.Load(); n > mappedMost/mappedStretch {
				t.Fatalf("%d stretches count", n)
			}
		}
	}
	before := m.n.Load()
	last := (size - 1) / mappedStretch * mappedStretch
	if m.touch(last, size); m.n.Load() != before {
		t.Error("what counts already is counted again")
	}
}

// TestFearless: a file that was cut off ends what reads it, and no more.
func TestFearless(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f")
	if err := os.WriteFile(path, make([]byte, 1<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	m, err := newMapping(f, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	var got byte
	read := func() { got = m.bytes[1<<19] }
	if !fearless(read) {
		t.Error("a whole file cannot be read")
	}
	if err := f.Truncate(10); err != nil {
		t.Fatal(err)
	}
	if fearless(read) {
		t.Error("what is not there was read:", got)
	}
	defer func() {
		if recover() == nil {
			t.Error("another panic is swallowed")
		}
	}()
	fearless(func() { panic("other") })
}
