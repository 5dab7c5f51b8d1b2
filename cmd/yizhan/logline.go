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

// Answered implements api.AccessLog: Handle, for a record that consists of
// plain words.
func (h *lineHandler) Answered(at time.Time, level slog.Level, id, method, route string, status int, took time.Duration) {
	room := h.room.Get().(*[]byte) //nolint:errcheck // nothing else is kept there
	defer h.room.Put(room)
	b := h.appendHead((*room)[:0], at, level, "request")
	for _, word := range [...]struct{ key, value string }{{"id", id}, {"method", method}, {"route", route}} {
		b = h.appendWord(h.appendKey(b, word.key), word.value)
	}
	b = strconv.AppendInt(h.appendKey(b, "status"), int64(status), 10)
	b = h.appendDuration(h.appendKey(b, "took"), took)
	if h.json {
		b = append(b, '}')
	}
	b = append(b, '\n')
	*room = b[:0]
	h.out.Write(b) //nolint:errcheck // there is nobody else to tell
}

// appendLine appends the line of a record. It reports false where that takes
// more than it knows.
func (h *lineHandler) appendLine(b []byte, r slog.Record) ([]byte, bool) {
	if r.Time.IsZero() || !plain(r.Message) {
		return b, false
	}
	b = h.appendHead(b, r.Time, r.Level, r.Message)
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

// appendHead appends what every line begins with.
func (h *lineHandler) appendHead(b []byte, t time.Time, level slog.Level, message string) []byte {
	if h.json {
		b = t.AppendFormat(append(b, `{"time":"`...), time.RFC3339Nano)
		b = append(append(b, `","level":"`...), level.String()...)
		return append(append(append(b, `","msg":"`...), message...), '"')
	}
	b = h.appendMillis(append(b, "time="...), t)
	b = append(append(b, " level="...), level.String()...)
	return append(append(b, " msg="...), message...)
}

func (h *lineHandler) appendKey(b []byte, key string) []byte {
	if h.json {
		return append(append(append(b, `,"`...), key...), `":`...)
	}
	return append(append(append(b, ' '), key...), '=')
}

// appendWord appends a plain text.
func (h *lineHandler) appendWord(b []byte, word string) []byte {
	if h.json {
		return append(append(append(b, '"'), word...), '"')
	}
	return append(b, word...)
}

func (h *lineHandler) appendDuration(b []byte, d time.Duration) []byte {
	if h.json {
		return strconv.AppendInt(b, int64(d), 10)
	}
	return append(b, d.String()...)
}

func (h *lineHandler) appendAttr(b []byte, a slog.Attr) ([]byte, bool) {
	b = h.appendKey(b, a.Key)
	switch a.Value.Kind() {
	case slog.KindString:
		word := a.Value.String()
		return h.appendWord(b, word), plain(word)
	case slog.KindInt64:
		return strconv.AppendInt(b, a.Value.Int64(), 10), true
	case slog.KindDuration:
		return h.appendDuration(b, a.Value.Duration()), true
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
