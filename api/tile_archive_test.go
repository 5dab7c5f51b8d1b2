package api

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"yizhan/data/atlas"
	"yizhan/tiles/pmtiles"
)

func TestParseRange(t *testing.T) {
	for _, c := range []struct {
		header      string
		from, until int64
		kind        rangeKind
	}{
		{"bytes=0-0", 0, 1, rangeInside},
		{"bytes=0-99", 0, 100, rangeInside},
		{"bytes=10-19", 10, 20, rangeInside},
		{"Bytes = 10-19 ", 10, 20, rangeInside},
		{"bytes=99-", 99, 100, rangeInside},
		{"bytes=90-1000", 90, 100, rangeInside},
		{"bytes=90-99999999999999999999", 90, 100, rangeInside},
		{"bytes=-1", 99, 100, rangeInside},
		{"bytes=-100", 0, 100, rangeInside},
		{"bytes=-5000", 0, 100, rangeInside},
		{"bytes=-99999999999999999999", 0, 100, rangeInside},
		{"bytes=100-", 0, 100, rangeOutside},
		{"bytes=100-200", 0, 100, rangeOutside},
		{"bytes=99999999999999999999-", 0, 100, rangeOutside},
		{"bytes=-0", 0, 100, rangeOutside},
		{"", 0, 100, rangeNone},
		{"bytes", 0, 100, rangeNone},
		{"bytes=", 0, 100, rangeNone},
		{"bytes=-", 0, 100, rangeNone},
		{"bytes=5", 0, 100, rangeNone},
		{"bytes=9-5", 0, 100, rangeNone},
		{"bytes=+1-5", 0, 100, rangeNone},
		{"bytes=0x1-5", 0, 100, rangeNone},
		{"bytes=1 - 5", 0, 100, rangeNone},
		{"bytes=0-1,5-6", 0, 100, rangeNone},
		{"bytes=--5", 0, 100, rangeNone},
		{"items=0-5", 0, 100, rangeNone},
	} {
		from, until, kind := parseRange(c.header, 100)
		if from != c.from || until != c.until || kind != c.kind {
			t.Errorf("%q: %d to %d, kind %d, want %d to %d, kind %d", c.header, from, until, kind, c.from, c.until, c.kind)
		}
	}
}

func FuzzParseRange(f *testing.F) {
	f.Add("bytes=0-5", int64(10))
	f.Fuzz(func(t *testing.T, header string, size int64) {
		if size < 0 {
			return
		}
		from, until, kind := parseRange(header, size)
		if from < 0 || until > size || kind == rangeInside && from >= until || kind != rangeInside && (from != 0 || until != size) {
			t.Errorf("%q of %d: %d to %d, kind %d", header, size, from, until, kind)
		}
	})
}

func TestBaseArchive(t *testing.T) {
	const path = "/tiles/base.pmtiles"
	want, err := baseArchive()
	if err != nil {
		t.Fatal(err)
	}
	r := start(t, Config{})
	whole := r.get(path).want(t, 200)
	tag, size := whole.Header.Get("ETag"), fmt.Sprint(len(want))
	if !bytes.Equal(whole.body, want) || whole.Header.Get("Accept-Ranges") != "bytes" || whole.Header.Get("Content-Length") != size ||
		whole.Header.Get("Content-Type") != typePMTiles || !strings.HasPrefix(tag, `"`) {
		t.Errorf("%d bytes with %v", len(whole.body), whole.Header)
	}
	if _, err := pmtiles.NewReader(bytes.NewReader(whole.body), int64(len(whole.body))); err != nil {
		t.Error(err)
	}
	for _, c := range []struct {
		header  []string
		status  int
		bytes   []byte
		content string
	}{
		{[]string{"Range", "bytes=0-6"}, 206, want[:7], "bytes 0-6/" + size},
		{[]string{"Range", "bytes=127-"}, 206, want[127:], "bytes 127-" + fmt.Sprint(len(want)-1) + "/" + size},
		{[]string{"Range", "bytes=-10"}, 206, want[len(want)-10:], fmt.Sprintf("bytes %d-%d/%s", len(want)-10, len(want)-1, size)},
		{[]string{"Range", "bytes=" + size + "-"}, 416, nil, "bytes */" + size},
		{[]string{"Range", "bytes=0-1,4-5"}, 200, want, ""},
		{[]string{"Range", "rows=0-1"}, 200, want, ""},
		{[]string{"Range", "bytes=0-6", "If-Range", tag}, 206, want[:7], "bytes 0-6/" + size},
		{[]string{"Range", "bytes=0-6", "If-Range", `"other"`}, 200, want, ""},
		{[]string{"Range", "bytes=0-6", "If-Range", "W/" + tag}, 200, want, ""},
		{[]string{"Range", "bytes=0-6", "If-Range", "Fri, 08 May 2026 04:00:00 GMT"}, 200, want, ""},
		{[]string{"Range", "bytes=0-6", "If-None-Match", tag}, 304, nil, ""},
		{[]string{"Accept-Encoding", "gzip, br"}, 200, want, ""},
		{[]string{"Range", "bytes=0-6", "Accept-Encoding", "gzip, br"}, 206, want[:7], "bytes 0-6/" + size},
	} {
		a := r.get(path, c.header...).want(t, c.status)
		if c.bytes != nil && !bytes.Equal(a.body, c.bytes) || a.Header.Get("Content-Range") != c.content || a.Header.Get("Content-Encoding") != "" {
			t.Errorf("%q: %d bytes with %v", c.header, len(a.body), a.Header)
		}
		if c.status < 400 && a.Header.Get("ETag") != tag {
			t.Errorf("%q: ETag %s, want %s", c.header, a.Header.Get("ETag"), tag)
		}
	}
	head := r.do("HEAD", path, nil, "Range", "bytes=0-6").want(t, 200)
	if head.Header.Get("Content-Length") != size || head.Header.Get("ETag") != tag || head.wire != 0 {
		t.Errorf("HEAD: %v", head.Header)
	}
	if n := r.server.bulks.count(); n != 0 {
		t.Errorf("%d downloads are under way", n)
	}
	r.keeper.Swap(town(t, func(p *atlas.Parts) { p.BaseVersion = "another" }))
	if other := r.get(path).Header.Get("ETag"); other == tag {
		t.Error("another base map has the same ETag")
	}
	r.keeper.Swap(town(t, func(p *atlas.Parts) { p.Base = nil }))
	r.get(path).want(t, 404)
	r.keeper.Swap(town(t, func(p *atlas.Parts) { p.Base = onlyTiles{p.Base} }))
	r.get(path).want(t, 404)
	r.get(tilePath("base", 14)).want(t, 200)
}

// onlyTiles is a base map that is no archive.
type onlyTiles struct{ atlas.BaseTiles }

// largeArchive is an archive of zeros.
type largeArchive struct {
	atlas.BaseTiles
	size int64
}

func (l largeArchive) Size() int64 { return l.size }
func (l largeArchive) ReadAt(b []byte, at int64) (int, error) {
	clear(b)
	return len(b), nil
}

// TestBaseArchiveIsStreamed takes a part of an archive that is larger than
// memory.
func TestBaseArchiveIsStreamed(t *testing.T) {
	r := start(t, Config{})
	r.keeper.Swap(town(t, func(p *atlas.Parts) { p.Base = largeArchive{p.Base, 1 << 42} }))
	a := r.get("/tiles/base.pmtiles", "Range", "bytes=4000000000-4020000000").want(t, 206)
	if len(a.body) != 20_000_001 || a.Header.Get("Content-Range") != "bytes 4000000000-4020000000/4398046511104" {
		t.Errorf("%d bytes with %v", len(a.body), a.Header)
	}
	if head := r.do("HEAD", "/tiles/base.pmtiles", nil).want(t, 200); head.Header.Get("Content-Length") != "4398046511104" {
		t.Errorf("HEAD: %v", head.Header)
	}
	if n := r.server.bulks.count(); n != 0 {
		t.Errorf("%d downloads are under way", n)
	}
}
