package main

import (
	"context"
	"io"
	"log/slog"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// lineHandler writes the lines that slog's own handlers write, in a fraction of
// their time: every answer has its line. What is not made of plain words,
// whole numbers and durations it leaves to them.
type lineHandler struct {
	slog.Handler
	out  io.Writer
	json bool
	room sync.Pool // of *[]byte
	// last is the second of the line before.
	last atomic.Pointer[second]
}

// second is a second as RFC 3339 writes it.
type second struct {
	unix int64
	zone *time.Location
	text string // up to the seconds
	rest string // the zone
}

// second returns the second of a time.
func (h *lineHandler) second(t time.Time) *second {
	s := h.last.Load()
	if unix, zone := t.Unix(), t.Location(); s == nil || s.unix != unix || s.zone != zone {
		const toSeconds = len("2006-01-02T15:04:05")
		text := t.Format(time.RFC3339)
		s = &second{unix, zone, text[:toSeconds], text[toSeconds:]}
		h.last.Store(s)
	}
	return s
}

func newLineHandler(out io.Writer, json bool) *lineHandler {
	h := &lineHandler{Handler: slog.NewTextHandler(out, nil), out: out, json: json}
	if json {
		h.Handler = slog.NewJSONHandler(out, nil)
	}
	h.room.New = func() any { b := make([]byte, 0, 512); return &b }
	return h
}

// Handle implements slog.Handler.
func (h *lineHandler) Handle(ctx context.Context, r slog.Record) error {
	room := h.room.Get().(*[]byte) //nolint:errcheck // nothing else is kept there
	defer h.room.Put(room)
	line, ok := h.appendLine((*room)[:0], r)
	*room = line[:0]
	if !ok {
		return h.Handler.Handle(ctx, r)
	}
	_, err := h.out.Write(line)
	return err
}

// appendLine appends the line of a record. It reports false where that takes
// more than it knows.
func (h *lineHandler) appendLine(b []byte, r slog.Record) ([]byte, bool) {
	if r.Time.IsZero() || !plain(r.Message) {
		return b, false
	}
	t := r.Time
	if h.json {
		b = t.AppendFormat(append(b, `{"time":"`...), time.RFC3339Nano)
		b = append(append(b, `","level":"`...), r.Level.String()...)
		b = append(append(append(b, `","msg":"`...), r.Message...), '"')
	} else {
		b = h.appendMillis(append(b, "time="...), t)
		b = append(append(b, " level="...), r.Level.String()...)
		b = append(append(b, " msg="...), r.Message...)
	}
	ok := true
	r.Attrs(func(a slog.Attr) bool {
		if ok = plain(a.Key); ok {
			b, ok = h.appendAttr(b, a)
		}
		return ok
	})
	if h.json {
		b = append(b, '}')
	}
	return append(b, '\n'), ok
}

func (h *lineHandler) appendAttr(b []byte, a slog.Attr) ([]byte, bool) {
	if h.json {
		b = append(append(append(b, `,"`...), a.Key...), `":`...)
	} else {
		b = append(append(append(b, ' '), a.Key...), '=')
	}
	switch a.Value.Kind() {
	case slog.KindString:
		s := a.Value.String()
		if !plain(s) {
			return b, false
		}
		if h.json {
			return append(append(append(b, '"'), s...), '"'), true
		}
		return append(b, s...), true
	case slog.KindInt64:
		return strconv.AppendInt(b, a.Value.Int64(), 10), true
	case slog.KindDuration:
		if d := a.Value.Duration(); h.json {
			return strconv.AppendInt(b, int64(d), 10), true
		} else {
			return append(b, d.String()...), true
		}
	}
	return b, false
}

// appendMillis appends a time with its thousandths of a second.
func (h *lineHandler) appendMillis(b []byte, t time.Time) []byte {
	s := h.second(t)
	ms := t.Nanosecond() / int(time.Millisecond)
	b = append(append(b, s.text...), '.', byte('0'+ms/100), byte('0'+ms/10%10), byte('0'+ms%10))
	return append(b, s.rest...)
}

// plain says whether a text needs no quotes in a log, and no escapes in JSON.
func plain(s string) bool {
	for i := range len(s) {
		if c := s[i]; c-'!' >= 0x7f-'!' || c == '"' || c == '\\' || c == '=' {
			return false
		}
	}
	return s != ""
}
