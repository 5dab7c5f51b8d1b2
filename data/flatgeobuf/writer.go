package flatgeobuf

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"

	"github.com/paulmach/orb"
)

// magic begins a file of version 3.
const magic = "fgb\x03fgb\x00"

// Writer collects features and writes them with their index. It is used by one
// goroutine at a time and must be closed.
type Writer struct {
	schema   Schema
	spool    *os.File
	out      *bufio.Writer
	size     int64
	items    []item
	envelope orb.Bound
	buf      buffer
	values   Properties
	err      error
}

// NewWriter returns a writer of a file with such a header. Features wait in a
// temporary file in dir, "" being the system's folder for these. The error is
// of the schema or of the file.
func NewWriter(schema Schema, dir string) (*Writer, error) {
	if err := schema.check(); err != nil {
		return nil, err
	}
	spool, err := os.CreateTemp(dir, ".features-*.tmp")
	if err != nil {
		return nil, err
	}
	// Where an open file can lose its name it does so now, so that not even a
	// crash leaves it behind; elsewhere Close removes it.
	_ = os.Remove(spool.Name())
	return &Writer{schema: schema, spool: spool, out: bufio.NewWriterSize(spool, 1<<16)}, nil
}

// Properties returns the values of the next feature, none of them set. They are
// good until the next call of Add.
func (w *Writer) Properties() *Properties {
	w.values.reset(w.schema.Columns)
	return &w.values
}

// Add adds a feature with the values set since Properties was called: orb.Point,
// LineString, Polygon or MultiPolygon in WGS-84, as the schema says. An empty
// geometry is ErrEmpty, and one with a coordinate that is no number an error
// too, as the index could not find it; the writer stays usable.
func (w *Writer) Add(g orb.Geometry) error {
	if w.err != nil {
		return w.err
	}
	if err := w.values.err; err != nil {
		return err
	}
	if g == nil {
		return ErrEmpty
	}
	b, err := w.buf.feature(w.buf.b[:0], w.schema.Geometry, g, w.values.b)
	w.values.reset(w.schema.Columns)
	if err != nil {
		return err
	}
	bound := g.Bound()
	if uint64(len(b)) > math.MaxInt32 {
		return fmt.Errorf("flatgeobuf: a feature of %d bytes", len(b))
	}
	if _, w.err = w.out.Write(b); w.err != nil {
		return w.err
	}
	if len(w.items) == 0 {
		w.envelope = bound
	} else {
		w.envelope = w.envelope.Union(bound)
	}
	w.items = append(w.items, item{bound: bound, offset: w.size, length: uint32(len(b))})
	w.size += int64(len(b))
	return nil
}

// Len is how many features were added.
func (w *Writer) Len() int { return len(w.items) }

// Finish writes the file. Nothing may be added afterwards. A cancelled context
// ends it with the context's error, and what was written is no file.
func (w *Writer) Finish(ctx context.Context, to io.Writer) error {
	if w.err != nil {
		return w.err
	}
	w.err = errors.New("flatgeobuf: the file is finished")
	if err := w.out.Flush(); err != nil {
		return err
	}
	sortItems(w.items, w.envelope)
	out := bufio.NewWriterSize(to, 1<<16)
	if _, err := out.WriteString(magic); err != nil {
		return err
	}
	if _, err := out.Write(w.schema.header(len(w.items), w.envelope)); err != nil {
		return err
	}
	if len(w.items) > 0 {
		if err := writeIndex(out, w.items); err != nil {
			return err
		}
	}
	if err := w.copyFeatures(ctx, out); err != nil {
		return err
	}
	return out.Flush()
}

// copyFeatures copies the features from the spool in their final order.
// Neighbours there that were neighbours when they came are read at once.
func (w *Writer) copyFeatures(ctx context.Context, out io.Writer) error {
	const most = 1 << 18
	buf := make([]byte, 0, most)
	for i := 0; i < len(w.items); {
		if err := ctx.Err(); err != nil {
			return err
		}
		from := w.items[i].offset
		n := int64(w.items[i].length)
		for i++; i < len(w.items) && w.items[i].offset == from+n && n+int64(w.items[i].length) <= most; i++ {
			n += int64(w.items[i].length)
		}
		if int64(cap(buf)) < n {
			buf = make([]byte, n)
		}
		buf = buf[:n]
		if _, err := w.spool.ReadAt(buf, from); err != nil {
			return err
		}
		if _, err := out.Write(buf); err != nil {
			return err
		}
	}
	return nil
}

// Close removes the temporary file. It may be called again.
func (w *Writer) Close() error {
	if w.spool == nil {
		return nil
	}
	f := w.spool
	w.spool = nil
	if w.err == nil {
		w.err = os.ErrClosed
	}
	err := f.Close()
	if gone := os.Remove(f.Name()); gone != nil && !errors.Is(gone, fs.ErrNotExist) {
		err = errors.Join(err, gone)
	}
	return err
}
