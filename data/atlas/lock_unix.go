//go:build unix

package atlas

import (
	"errors"
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

// Flags of opening a file: openAtOnce does not wait for the other end of a pipe,
// openNoLink follows no symbolic link.
const (
	openAtOnce = unix.O_NONBLOCK
	openNoLink = unix.O_NOFOLLOW
)

// lock is an exclusive lock that the system lets go when its process ends,
// however it ends.
type lock struct{ file *os.File }

// acquire takes the lock on a file, made where it is not there, or says who
// has it.
func acquire(path string, what purpose) (*lock, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|openAtOnce|openNoLink, 0o644)
	if err != nil {
		return nil, err
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		var holder [100]byte
		n, _ := f.ReadAt(holder[:], 0)
		_ = f.Close()
		if errors.Is(err, unix.EWOULDBLOCK) {
			return nil, &heldError{path, strings.TrimSpace(string(holder[:n]))}
		}
		return nil, err
	}
	_ = f.Truncate(0)
	_, _ = f.WriteAt([]byte(holderText(what)+"\n"), 0)
	return &lock{f}, nil
}

// release lets the lock go. The file stays: removing it could take it from
// under another's lock.
func (l *lock) release() {
	_ = l.file.Truncate(0)
	_ = l.file.Close()
}

// syncDir brings the names in a folder to the disk.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	err = d.Sync()
	if errors.Is(err, unix.EINVAL) || errors.Is(err, unix.ENOTSUP) { // some file systems know no such thing
		err = nil
	}
	return errors.Join(err, d.Close())
}
