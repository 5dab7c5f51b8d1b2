package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"yizhan/data/atlas"
	"yizhan/data/export"
)

// countdown is a context that is cancelled when it has been asked so often.
type countdown struct {
	context.Context
	left   atomic.Int64
	cancel context.CancelFunc
}

func newCountdown(ctx context.Context, n int64) *countdown {
	c := new(countdown)
	c.Context, c.cancel = context.WithCancel(ctx)
	c.left.Store(n)
	return c
}

func (c *countdown) Err() error {
	if c.left.Add(-1) < 0 {
		c.cancel()
	}
	return c.Context.Err()
}

// TestExportInterrupted leaves no file, no temporary one and no folder that was
// not there, at whatever moment it is stopped, and what was there stays.
func TestExportInterrupted(t *testing.T) {
	data := t.TempDir()
	mustRun(t, "synth", "--out", data, "--places", "60")
	for _, format := range []string{"geojson", "csv", "gpkg", "pmtiles", "flatgeobuf"} {
		t.Run(format, func(t *testing.T) {
			stopped, finished := 0, false
			for n, round := int64(0), 0; !finished && round < 40; n, round = 2*n+1, round+1 {
				dir := t.TempDir()
				old := filepath.Join(dir, "old."+format)
				if err := os.WriteFile(old, []byte("old"), 0o600); err != nil {
					t.Fatal(err)
				}
				out := []string{filepath.Join(dir, "new."+format), filepath.Join(dir, "folder") + "/", old}[round%3]
				ctx := newCountdown(t.Context(), n)
				var errOut bytes.Buffer
				code := run(ctx, []string{"export", format, "--data", data, "--kind", "station", "--force", "--out", out}, english, new(bytes.Buffer), &errOut)
				ctx.cancel()
				if finished = code == 0; finished {
					break
				}
				stopped++
				if code != 1 || !strings.Contains(errOut.String(), "interrupted") {
					t.Errorf("%s after %d: exit %d, %s", out, n, code, errOut.String())
				}
				entries, _ := os.ReadDir(dir)
				if content, _ := os.ReadFile(old); len(entries) != 1 || string(content) != "old" {
					t.Errorf("%s after %d: there is %v, the old file holds %q", out, n, entries, content)
				}
			}
			if stopped < 3 || !finished {
				t.Errorf("stopped %d times, finished %v", stopped, finished)
			}
		})
	}
}

// TestExportFails halfway through a folder: the files written before go too.
func TestExportFails(t *testing.T) {
	dir := t.TempDir()
	errDisk := errors.New("no room")
	n := 0
	format := exportFormat{ending: "csv", apart: true, stream: export.CSV}
	stream := format.stream
	to := &exportTarget{format: format, path: filepath.Join(dir, "new"), folder: true}
	to.format.file = func(ctx context.Context, path string, a *atlas.Atlas, opt export.Options) ([]export.Count, error) {
		if n++; n == 3 {
			return nil, errDisk
		}
		f, err := os.Create(path)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		return stream(ctx, f, a, opt)
	}
	_, err := to.write(t.Context(), atlas.New(atlas.Parts{}), export.Options{Collections: export.Places()}, false)
	if !errors.Is(err, errDisk) || len(to.files) != 3 {
		t.Fatalf("%v after %d files", err, len(to.files))
	}
	to.close()
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
}

// TestExportKeepsLinks writes what a link leads to, and nothing that is no
// ordinary file.
func TestExportKeepsLinks(t *testing.T) {
	dir := t.TempDir()
	target, link := filepath.Join(dir, "target.csv"), filepath.Join(dir, "link.csv")
	if err := os.WriteFile(target, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(target, link); err != nil {
		t.Skip("links cannot be made here: ", err)
	}
	if code, _, errOut := yizhan(t, "export", "csv", "--kind", "station", "--out", link); code != 1 || !strings.Contains(errOut, "already") {
		t.Errorf("exit %d, %s", code, errOut)
	}
	mustRun(t, "export", "csv", "--kind", "station", "--out", link, "--force")
	info, err := os.Lstat(link)
	if err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link: %v, %v", info, err)
	}
	if b, _ := os.ReadFile(target); !bytes.HasPrefix(b, []byte("\xef\xbb\xbfid,")) {
		t.Errorf("the target holds %.20q", b)
	}
	if code, _, errOut := yizhan(t, "export", "csv", "--out", os.DevNull, "--force"); code != 1 || !strings.Contains(errOut, "ordinary") {
		t.Errorf("exit %d, %s", code, errOut)
	}
}

// TestExportOwnFiles are refused by whichever way one comes to them.
func TestExportOwnFiles(t *testing.T) {
	dir := t.TempDir()
	mustRun(t, "synth", "--out", dir, "--places", "60")
	link := filepath.Join(t.TempDir(), "link.gpkg")
	if err := os.Symlink(filepath.Join(dir, atlas.PlacesFile), link); err != nil {
		t.Skip("links cannot be made here: ", err)
	}
	for _, out := range []string{filepath.Join(dir, atlas.PlacesFile), filepath.Join(dir, "..", filepath.Base(dir), atlas.PlacesFile), link} {
		if code, _, errOut := yizhan(t, "export", "gpkg", "--data", dir, "--out", out, "--force"); code != 1 || !strings.Contains(errOut, "belongs to the data folder") {
			t.Errorf("%s: exit %d, %s", out, code, errOut)
		}
	}
}
