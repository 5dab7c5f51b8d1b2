package api

import (
	"io"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"yizhan/data/atlas"
	"yizhan/geo"
)

const typePMTiles = "application/vnd.pmtiles"

// baseArchive answers with the archive of the base map, or the part of it that
// a Range asks for: a map can read its tiles from there without this server's
// tile addresses.
func (s *Server) baseArchive(r *call) error {
	if r.atlas.Base == nil {
		return noBase()
	}
	archive, ok := r.atlas.BaseArchive()
	if !ok {
		return notFound("这个底图没有可下载的文件。", "this base map has no archive to download")
	}
	size, content := archive.Size(), r.atlas.BaseContent()
	tag := tagOf(s.edition, string(content[:]), strconv.FormatInt(size, 10))
	h := &r.c.Context().Response.Header
	h.Set(fiber.HeaderAcceptRanges, "bytes")
	if r.unchanged(tag, cacheRevalidate) {
		return nil
	}
	from, until := int64(0), size
	if r.c.Method() == fiber.MethodGet && rangeHolds(r.c.Get(fiber.HeaderIfRange), tag) {
		var kind rangeKind
		from, until, kind = parseRange(r.c.Get(fiber.HeaderRange), size)
		switch kind {
		case rangeOutside:
			h.Set(fiber.HeaderContentRange, "bytes */"+strconv.FormatInt(size, 10))
			return &fault{kind: probRange, detail: geo.Text{
				Zh: "Range 超出文件末尾：文件长 " + strconv.FormatInt(size, 10) + " 字节。",
				En: "The Range begins behind the end: the file has " + strconv.FormatInt(size, 10) + " bytes."}}
		case rangeInside:
			h.Set(fiber.HeaderContentRange, "bytes "+strconv.FormatInt(from, 10)+"-"+strconv.FormatInt(until-1, 10)+"/"+strconv.FormatInt(size, 10))
			r.c.Status(fiber.StatusPartialContent)
		}
	}
	h.SetContentType(typePMTiles)
	h.Set(fiber.HeaderETag, tag)
	h.Set(fiber.HeaderCacheControl, cacheRevalidate)
	h.Set(fiber.HeaderVary, fiber.HeaderAcceptEncoding)
	h.Set(fiber.HeaderContentDisposition, `attachment; filename="base.pmtiles"`)
	h.Set(fiber.HeaderAccessControlExposeHeaders, "Accept-Ranges, Content-Length, Content-Range, ETag, X-Request-Id, Retry-After")
	return r.sendPart(archive, from, until)
}

// sendPart sends a part of an archive: a small one at once, a large one as the
// client takes it.
func (r *call) sendPart(archive atlas.BaseArchive, from, until int64) error {
	if r.c.Method() != fiber.MethodHead && until-from < heldFrom {
		body := make([]byte, until-from)
		if n, err := archive.ReadAt(body, from); n < len(body) {
			return geo.NewError(geo.Unavailable, "底图文件读取失败，请稍后再试。", "the base map's file cannot be read: try again later").Because(err)
		}
		r.c.Context().Response.SetBodyRaw(body)
		return nil
	}
	p := &filePart{archive: archive, at: from, until: until}
	if r.c.Method() != fiber.MethodHead {
		if !r.s.bulks.enter(maxBulk) {
			return &fault{kind: probUnavailable, detail: geo.Text{
				Zh: "同时下载的请求太多，请稍后再试。", En: "Too many downloads are under way: try again later."}}
		}
		p.s, p.conn, p.end = r.s, r.c.Context().Conn(), time.Now().Add(bulkTime)
	}
	r.c.Context().Response.SetBodyStream(p, int(until-from))
	return nil
}

// filePart is a part of an archive on its way to the client, which has to take
// each piece in time.
type filePart struct {
	archive   atlas.BaseArchive
	at, until int64
	// s has counted the part as a bulk answer, nil where it has not.
	s    *Server
	conn net.Conn
	end  time.Time
}

// Read reads the next piece.
func (p *filePart) Read(b []byte) (int, error) {
	if p.at >= p.until {
		return 0, io.EOF
	}
	if p.s != nil {
		limit := time.Now().Add(p.s.stall())
		if limit.After(p.end) {
			limit = p.end
		}
		if err := p.conn.SetWriteDeadline(limit); err != nil {
			return 0, err
		}
	}
	b = b[:min(int64(len(b)), p.until-p.at)]
	n, err := p.archive.ReadAt(b, p.at)
	p.at += int64(n)
	if n == len(b) {
		err = nil
	}
	return n, err
}

// Close counts the part out.
func (p *filePart) Close() error {
	if p.s != nil {
		p.s.bulks.leave()
		p.s = nil
	}
	return nil
}

// rangeHolds says whether a Range counts beside an If-Range (RFC 9110 §13.1.5):
// only where that is absent or the strong ETag of what would be sent. We send
// no dates, so no date holds.
func rangeHolds(ifRange, tag string) bool {
	ifRange = strings.TrimSpace(ifRange)
	return ifRange == "" || ifRange == tag
}

type rangeKind uint8

const (
	// rangeNone: the whole is sent. Several ranges, other units and what is no
	// range at all are passed over, as RFC 9110 §14.2 allows and asks.
	rangeNone rangeKind = iota
	rangeInside
	rangeOutside
)

// parseRange reads a Range of bytes and returns the part of size bytes that it
// stands for, until exclusive.
func parseRange(header string, size int64) (from, until int64, kind rangeKind) {
	unit, spec, ok := strings.Cut(header, "=")
	first, last, dash := strings.Cut(strings.Trim(spec, " \t"), "-")
	if !ok || !dash || !strings.EqualFold(strings.TrimSpace(unit), "bytes") {
		return 0, size, rangeNone
	}
	a, okA := rangeNumber(first)
	b, okB := rangeNumber(last)
	switch {
	case !okA || !okB || first == "" && last == "" || first != "" && last != "" && a > b:
		return 0, size, rangeNone
	case first == "": // the last b bytes
		if b == 0 || size == 0 {
			return 0, size, rangeOutside
		}
		return max(size-b, 0), size, rangeInside
	case a >= size:
		return 0, size, rangeOutside
	case last == "":
		return a, size, rangeInside
	}
	return a, min(b, size-1) + 1, rangeInside
}

// rangeNumber reads digits; "" is 0. Numbers beyond what a file can have are
// the greatest.
func rangeNumber(s string) (int64, bool) {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
	}
	if s == "" {
		return 0, true
	}
	v, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		v = 1<<63 - 1
	}
	return v, true
}
