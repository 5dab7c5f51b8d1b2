package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestLineHandler: the lines are those of slog's own handlers, to the byte.
func TestLineHandler(t *testing.T) {
	zones := []*time.Location{time.UTC, time.FixedZone("", 8*3600), time.FixedZone("", -3*3600-1800)}
	text := rapid.OneOf(rapid.SampledFrom([]string{"GET", "/api/places/:id", "", "a b", `a"b`, "a=b", `a\b`, "驿站", "<&>", "\x7f", "\x00", "\xff"}), rapid.String())
	rapid.Check(t, func(r *rapid.T) {
		at := time.Unix(rapid.Int64Range(-1e9, 4e9).Draw(r, "second"), rapid.Int64Range(0, 999_999_999).Draw(r, "ns")).In(rapid.SampledFrom(zones).Draw(r, "zone"))
		if rapid.IntRange(0, 9).Draw(r, "no time") == 0 {
			at = time.Time{}
		}
		line := slog.NewRecord(at, rapid.SampledFrom([]slog.Level{slog.LevelInfo, slog.LevelWarn, slog.LevelError, 1}).Draw(r, "level"), text.Draw(r, "message"), 0)
		for range rapid.IntRange(0, 7).Draw(r, "attributes") {
			key := text.Draw(r, "key")
			line.AddAttrs(rapid.SampledFrom([]slog.Attr{
				slog.String(key, text.Draw(r, "value")), slog.Int(key, rapid.Int().Draw(r, "number")),
				slog.Duration(key, time.Duration(rapid.Int64().Draw(r, "duration"))), slog.Any(key, errors.New("broken")),
				slog.Float64(key, 1.5), slog.Bool(key, true), slog.Group(key, slog.Int("in", 1)), {},
			}).Draw(r, "attribute"))
		}
		var want, got bytes.Buffer
		for _, json := range []bool{false, true} {
			model := slog.Handler(slog.NewTextHandler(&want, nil))
			if json {
				model = slog.NewJSONHandler(&want, nil)
			}
			for range 2 { // what is kept from one line does not show in the next
				model.Handle(context.Background(), line)                      //nolint:errcheck // a buffer never fails
				newLineHandler(&got, json).Handle(context.Background(), line) //nolint:errcheck // a buffer never fails
			}
		}
		if got.String() != want.String() {
			t.Fatalf("got  %q\nwant %q", got.String(), want.String())
		}
	})
}

// TestAnswered: the line of an answer is that of a record of the same.
func TestAnswered(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		word := rapid.StringMatching(`[A-Za-z0-9._/:-]{1,64}`)
		at := time.Unix(rapid.Int64Range(-1e9, 4e9).Draw(r, "second"), rapid.Int64Range(0, 999_999_999).Draw(r, "ns"))
		level := rapid.SampledFrom([]slog.Level{slog.LevelInfo, slog.LevelWarn}).Draw(r, "level")
		id, method, route := word.Draw(r, "id"), word.Draw(r, "method"), word.Draw(r, "route")
		status, took := rapid.IntRange(100, 599).Draw(r, "status"), time.Duration(rapid.Int64().Draw(r, "took"))
		line := slog.NewRecord(at, level, "request", 0)
		line.AddAttrs(slog.String("id", id), slog.String("method", method), slog.String("route", route), slog.Int("status", status), slog.Duration("took", took))
		for _, json := range []bool{false, true} {
			var want, got bytes.Buffer
			newLineHandler(&want, json).Handle(context.Background(), line) //nolint:errcheck // a buffer never fails
			newLineHandler(&got, json).Answered(at, level, id, method, route, status, took)
			if got.String() != want.String() {
				t.Fatalf("got  %q\nwant %q", got.String(), want.String())
			}
		}
	})
}

// BenchmarkLine measures the line of an answer, beside slog's own.
func BenchmarkLine(b *testing.B) {
	line := slog.NewRecord(time.Now(), slog.LevelInfo, "request", 0)
	line.AddAttrs(slog.String("id", "40c7a960cb-1"), slog.String("method", "GET"), slog.String("route", "/api/nearest"),
		slog.Int("status", 200), slog.Duration("took", 23456))
	for _, h := range []struct {
		name string
		slog.Handler
	}{{"slog", slog.NewTextHandler(io.Discard, nil)}, {"line", newLineHandler(io.Discard, false)}} {
		b.Run(h.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				h.Handle(context.Background(), line) //nolint:errcheck // nothing fails
			}
		})
	}
}
