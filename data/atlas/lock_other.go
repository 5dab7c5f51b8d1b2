//go:build !unix

package atlas

import (
	"errors"
	"io/fs"
	"os"
	"strings"
	"time"
)

// Flags of opening a file that these systems have no word for.
const openAtOnce, openNoLink = 0, 0

// staleAfter is when a lock whose holder does not renew it is taken to be left
// over.
const staleAfter = 6 * time.Hour

// lock is a file that only one process can create. On these systems the lock of
// a process that died stays until it is stale.
type lock struct{ path string }

func acquire(path string, what purpose) (*lock, error) {
	for {
		f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
		if err == nil {
			_, err = f.WriteString(holderText(what) + "\n")
			return &lock{path}, errors.Join(err, f.Close())
		}
		if !errors.Is(err, fs.ErrExist) {
			return nil, err
		}
		info, err := os.Stat(path)
		if err == nil && time.Since(info.ModTime()) < staleAfter {
			holder, _ := os.ReadFile(path)
			return nil, &heldError{path, strings.TrimSpace(string(holder))}
		}
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
}

func (l *lock) release() { _ = os.Remove(l.path) }

// syncDir has no counterpart here.
func syncDir(string) error { return nil }
