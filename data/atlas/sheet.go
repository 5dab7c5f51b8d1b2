package atlas

import (
	"errors"
	"log/slog"
	"os"
	"runtime"
	"sync/atomic"

	"yizhan/geo/datum"
	"yizhan/geo/index"
)

const (
	// sheetMemory is how many bytes of features are kept in memory. More are
	// kept in a file that is mapped, and so by the system, which can drop them.
	sheetMemory = 16 << 20
	// sheetMost is how many bytes of features a sheet can hold: its offsets
	// have 32 bits.
	sheetMost = 1<<32 - 1
	// sheetPiece is what is written to the file at a time.
	sheetPiece = 1 << 20
)

// sheet is the features of all places of a table in WGS-84, each with a comma
// behind it, in the order of their rows: those of neighbours are one run of
// bytes. It is immutable and safe for concurrent use.
type sheet struct {
	// starts are where each feature begins, and where the last one ends.
	starts []uint32
	// text holds them. Where they are many it is mapped, and gone when nobody
	// holds the sheet: the file of it has no name any more.
	text   []byte
	mapped *mapping
	// lost says that the file can be read no more.
	lost atomic.Bool
	log  *slog.Logger
}

// sheets says how to make a sheet.
type sheets struct {
	// off says to make none.
	off bool
	// dir is the folder where files are made, that of the system for such
	// where it is "" or nothing can be made there.
	dir string
	// memory is sheetMemory where it is 0.
	memory int
	// log is told of what fails; nil is slog.Default.
	log *slog.Logger
	// temp makes a file, os.CreateTemp where it is nil. Tests set it.
	temp func(dir, pattern string) (*os.File, error)
}

func (o *sheets) logger() *slog.Logger {
	if o.log == nil {
		return slog.Default()
	}
	return o.log
}

func (o *sheets) create() (*os.File, error) {
	temp := o.temp
	if temp == nil {
		temp = os.CreateTemp
	}
	var errs []error
	for _, dir := range [...]string{o.dir, os.TempDir()} {
		if dir == "" {
			continue
		}
		f, err := temp(dir, ".features-*.tmp")
		if err != nil {
			errs = append(errs, err)
			continue
		}
		// Where the system removes no file that is open, none is kept: one
		// would be left behind by a process that is killed.
		if err := os.Remove(f.Name()); err != nil {
			f.Close()
			os.Remove(f.Name()) //nolint:errcheck // there is nothing else to try
			errs = append(errs, err)
			continue
		}
		return f, nil
	}
	return nil, errors.Join(errs...)
}

// sheet writes the features of the places up to Fixed; nil where there are none,
// and where they are not to be kept, or cannot be: then they are joined as they
// are asked for.
func (a *Atlas) sheet() *sheet {
	rows := a.Places.Fixed()
	if rows == 0 || a.sheets.off {
		return nil
	}
	w := sheetWriter{how: &a.sheets, sheet: &sheet{starts: make([]uint32, 1, rows+1), log: a.sheets.logger()}}
	for s := range rows {
		w.buf = append(a.joinFeature(w.buf, index.Slot(s), datum.WGS84, nil, nil), ',')
		if err := w.row(); err != nil {
			w.fail(err, rows)
			return nil
		}
	}
	if err := w.end(); err != nil {
		w.fail(err, rows)
		return nil
	}
	return w.sheet
}

// sheetWriter writes a sheet row by row.
type sheetWriter struct {
	how   *sheets
	sheet *sheet
	buf   []byte
	file  *os.File
	filed int64 // bytes written to the file
}

var errSheetFull = errors.New("too many bytes of features")

// row ends a row, whose feature was appended to buf.
func (w *sheetWriter) row() error {
	at := w.filed + int64(len(w.buf))
	if at > sheetMost {
		return errSheetFull
	}
	w.sheet.starts = append(w.sheet.starts, uint32(at))
	if w.file == nil {
		most := w.how.memory
		if most == 0 {
			most = sheetMemory
		}
		if len(w.buf) <= most {
			return nil
		}
		file, err := w.how.create()
		if err != nil {
			return err
		}
		w.file = file
	} else if len(w.buf) < sheetPiece {
		return nil
	}
	return w.flush()
}

func (w *sheetWriter) flush() error {
	n, err := w.file.Write(w.buf)
	w.filed += int64(n)
	w.buf = w.buf[:0]
	runtime.Gosched() // who answers questions meanwhile goes first
	return err
}

func (w *sheetWriter) end() error {
	s := w.sheet
	if w.file == nil {
		s.text = append(make([]byte, 0, len(w.buf)), w.buf...)
		return nil
	}
	if err := w.flush(); err != nil {
		return err
	}
	m, err := newMapping(w.file, int(w.filed))
	if err != nil {
		return err
	}
	s.text, s.mapped = m.bytes, m
	return w.file.Close()
}

func (w *sheetWriter) fail(err error, rows int) {
	if w.file != nil {
		w.file.Close()
	}
	w.sheet.log.Warn("features cannot be kept ready, large layers are answered more slowly", "places", rows, "error", err)
}

// ready returns the features of the first slots of a run, which is not empty,
// each with a comma behind it, and how many those are; no text is for so many
// that are not there.
func (s *sheet) ready(r index.Run) (text []byte, n int) {
	if s == nil || s.lost.Load() {
		return nil, r.Len()
	}
	most := index.Slot(len(s.starts) - 1)
	if r.From >= most {
		return nil, r.Len()
	}
	until := min(r.Until, most)
	from, to := s.starts[r.From], s.starts[until]
	if s.mapped != nil {
		s.mapped.touch(int(from), int(to))
	}
	return s.text[from:to:to], int(until - r.From)
}

// append appends what ready returned; ok is false where it can be read no more.
func (s *sheet) append(dst, text []byte) (_ []byte, ok bool) {
	if s.mapped == nil {
		return append(dst, text...), true
	}
	ok = fearless(func() { dst = append(dst, text...) })
	runtime.KeepAlive(s)
	if !ok {
		s.lose()
	}
	return dst, ok
}

// lose has the features joined from now on.
func (s *sheet) lose() {
	if !s.lost.Swap(true) {
		s.log.Error("the file of features can be read no more, large layers are answered more slowly until the places are read anew")
	}
}
