package static_test

import (
	"io/fs"
	"strings"
	"testing"

	"yizhan/static"
)

func TestFSHoldsAPageBuiltOrNot(t *testing.T) {
	files := static.FS()
	if !static.Built() {
		page, err := fs.ReadFile(files, "unbuilt.html")
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"make run", "lang=\"zh-CN\"", "lang=\"en\""} {
			if !strings.Contains(string(page), want) {
				t.Errorf("unbuilt.html lacks %q", want)
			}
		}
		return
	}
	for _, name := range []string{"index.html", "embed.html"} {
		page, err := fs.ReadFile(files, name)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if strings.Contains(string(page), "//cdn") || !strings.Contains(string(page), "<!doctype html>") {
			t.Errorf("%s is not a page of ours", name)
		}
		for _, ext := range []string{".br", ".gz"} {
			small, err := fs.Stat(files, name+ext)
			if err != nil {
				t.Errorf("%s%s: %v", name, ext, err)
			} else if small.Size() >= int64(len(page)) {
				t.Errorf("%s%s has %d bytes, not fewer than the %d it compresses", name, ext, small.Size(), len(page))
			}
		}
	}
}

// Every text file an answer may compress has been compressed by the build, so
// that the server need not.
func TestAssetsAreCompressedBeforehand(t *testing.T) {
	if !static.Built() {
		t.Log("the page is not built: nothing to look at")
		return
	}
	files := static.FS()
	err := fs.WalkDir(files, "assets", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(name, ".js") && !strings.HasSuffix(name, ".css") {
			return err
		}
		for _, ext := range []string{".br", ".gz"} {
			if _, err := fs.Stat(files, name+ext); err != nil {
				t.Errorf("%s%s is missing", name, ext)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
