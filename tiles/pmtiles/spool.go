package pmtiles

import (
	"io"
	"os"
)

// spoolMemory is how many bytes a spool holds before it opens a file.
const spoolMemory = 16 << 20

// spool keeps bytes until they are asked for again: the youngest in memory,
// older ones in a temporary file.
type spool struct {
	dir  string
	file *os.File
	// filed bytes stand in the file; buf continues it.
	filed int64
	buf   []byte
}

func (s *spool) append(b []byte) (offset int64, err error) {
	if len(s.buf)+len(b) > spoolMemory && len(s.buf) > 0 {
		if err := s.flush(); err != nil {
			return 0, err
		}
	}
	offset = s.filed + int64(len(s.buf))
	s.buf = append(s.buf, b...)
	return offset, nil
}

func (s *spool) flush() error {
	if s.file == nil {
		f, err := os.CreateTemp(s.dir, ".tiles-*.tmp")
		if err != nil {
			return err
		}
		s.file = f
	}
	n, err := s.file.Write(s.buf)
	if err != nil {
		return err
	}
	s.filed += int64(n)
	s.buf = s.buf[:0]
	return nil
}

func (s *spool) read(b []byte, offset int64) error {
	if offset >= s.filed {
		copy(b, s.buf[offset-s.filed:])
		return nil
	}
	_, err := io.ReadFull(io.NewSectionReader(s.file, offset, int64(len(b))), b)
	return err
}

func (s *spool) close() error {
	s.buf = nil
	if s.file == nil {
		return nil
	}
	f := s.file
	s.file = nil
	err := f.Close()
	if removeErr := os.Remove(f.Name()); err == nil {
		err = removeErr
	}
	return err
}
