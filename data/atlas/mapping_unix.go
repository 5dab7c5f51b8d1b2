//go:build unix

package atlas

import (
	"os"

	"golang.org/x/sys/unix"
)

func mapFile(f *os.File, size int) ([]byte, error) {
	return unix.Mmap(int(f.Fd()), 0, size, unix.PROT_READ, unix.MAP_SHARED)
}

func unmap(b []byte) { unix.Munmap(b) } //nolint:errcheck // there is nothing else to try

// letGo takes the bytes off this process's memory. They come back as they are
// read.
func letGo(b []byte) { unix.Madvise(b, unix.MADV_DONTNEED) } //nolint:errcheck // then they stay
