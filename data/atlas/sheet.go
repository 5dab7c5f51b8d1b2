package atlas

import (
	"errors"
	"log/slog"
	"os"
	"runtime"
	"slices"

	"yizhan/geo/datum"
	"yizhan/geo/index"
)

const (
	// sheetMemory is how many bytes of features are kept in memory. More are
	// kept in a file, and so by the system, which can drop them.
	sheetMemory = 16 << 20
	// sheetMost is how many bytes of features a sheet can hold: its offsets
	// have 32 bits.
	sheetMost = 1<<32 - 1
	// sheetPiece is what is written to the file at a time.
	sheetPiece = 1 << 20
	// sheetGap is how many bytes between two features that are wanted are read
	// with them: fewer than another call of the system costs.
	sheetGap = 4 << 10
)

// sheet is the features of all places of a table in WGS-84, each with a comma
// behind it, in the order of their rows: those of neighbours are one run of
// bytes. It is immutable and safe for concurrent use.
type sheet struct {
	// starts are where each feature begins, and where the last one ends.
	starts []uint32
	// text holds them, or where they are many, file. That one has no name any
	// more; it is gone when nobody holds the sheet, or the process ends.
	text []byte
	file *os.File
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
	w := sheetWriter{how: &a.sheets, sheet: &sheet{starts: make([]uint32, 1, rows+1)}}
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
	if w.sheet.file == nil {
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
		w.sheet.file = file
	} else if len(w.buf) < sheetPiece {
		return nil
	}
	return w.flush()
}

func (w *sheetWriter) flush() error {
	n, err := w.sheet.file.Write(w.buf)
	w.filed += int64(n)
	w.buf = w.buf[:0]
	runtime.Gosched() // who answers questions meanwhile goes first
	return err
}

func (w *sheetWriter) end() error {
	if w.sheet.file != nil {
		return w.flush()
	}
	w.sheet.text = append(make([]byte, 0, len(w.buf)), w.buf...)
	return nil
}

func (w *sheetWriter) fail(err error, rows int) {
	if w.sheet.file != nil {
		w.sheet.file.Close()
	}
	log := w.how.log
	if log == nil {
		log = slog.Default()
	}
	log.Warn("features cannot be kept ready, large layers are answered more slowly", "places", rows, "error", err)
}

// AppendFeatures appends places, each as AppendFeature does, with a comma
// between two. It is fastest where their slots ascend and are close together,
// as those of a box are. It allocates nothing where dst has room; features that
// are read from a file take some more of it in between.
func (a *Atlas) AppendFeatures(dst []byte, slots []index.Slot, d datum.Datum) []byte {
	if len(slots) == 0 {
		return dst
	}
	var ready *sheet
	if d == datum.WGS84 || d == "" {
		ready = a.fragments[0].sheet
	}
	for len(slots) > 0 {
		n := 0
		if ready != nil {
			n = ready.run(slots)
		}
		if n > 0 {
			more, ok := ready.append(dst, slots[:n])
			if ok {
				dst, slots = more, slots[n:]
				continue
			}
			ready = nil // the disk is broken
		}
		dst = append(a.joinFeature(dst, slots[0], d, nil, nil), ',')
		slots = slots[1:]
	}
	return dst[:len(dst)-1]
}

// run returns how many of the slots, from the first on, are read at once: 0
// where the first one is not in the sheet.
func (s *sheet) run(slots []index.Slot) int {
	most := index.Slot(len(s.starts) - 1)
	if slots[0] >= most {
		return 0
	}
	gap := uint32(sheetGap)
	if s.file == nil {
		gap = 0
	}
	for i := 1; i < len(slots); i++ {
		last, next := slots[i-1], slots[i]
		if next != last+1 && (next <= last || next >= most || s.starts[next]-s.starts[last+1] > gap) || next >= most {
			return i
		}
	}
	return len(slots)
}

// append appends the features of a run of slots; ok is false where they cannot
// be read.
func (s *sheet) append(dst []byte, run []index.Slot) (_ []byte, ok bool) {
	from, until := s.starts[run[0]], s.starts[run[len(run)-1]+1]
	if s.file == nil {
		return append(dst, s.text[from:until]...), true
	}
	at := len(dst)
	dst = slices.Grow(dst, int(until-from))
	read := dst[at : at+int(until-from)]
	if _, err := s.file.ReadAt(read, int64(from)); err != nil {
		return dst, false
	}
	// What lies between those that are wanted is closed up, stretch by stretch.
	end := 0
	for len(run) > 0 {
		n := 1
		for n < len(run) && run[n] == run[n-1]+1 {
			n++
		}
		begin, stop := s.starts[run[0]]-from, s.starts[run[n-1]+1]-from
		if int(begin) == end {
			end = int(stop)
		} else {
			end += copy(read[end:], read[begin:stop])
		}
		run = run[n:]
	}
	return dst[:at+end], true
}
