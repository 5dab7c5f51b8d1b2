package api

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"io/fs"
	"path"
	"strconv"
	"strings"
	"sync"

	"github.com/gofiber/fiber/v2"

	"yizhan/geo"
)

// pages are the front end's files, read once: what a path means is looked up
// in a map, so that no path can leave the folder.
type pages struct {
	assets map[string]*asset
	built  bool
}

// asset is one file in memory.
type asset struct {
	name  string
	body  []byte
	kind  string
	tag   string
	cache string
	// csp is the content security policy of a page; framed says that other
	// sites may frame it.
	csp    string
	framed bool
	// made holds the file in other encodings, from a precompressed sibling or
	// compressed at first use.
	made [3]lazyBytes
	text bool
	// starts says that the page has an aboutMark.
	starts bool
}

type lazyBytes struct {
	once sync.Once
	body []byte
}

// contentTypes are the types of the files a front end is made of. The
// system's table is not asked, so that every host answers the same.
func contentType(ext string) (kind string, text bool) {
	switch ext {
	case ".html":
		return typeHTML, true
	case ".js", ".mjs":
		return "text/javascript; charset=utf-8", true
	case ".css":
		return "text/css; charset=utf-8", true
	case ".json", ".map":
		return "application/json; charset=utf-8", true
	case ".geojson":
		return typeGeoJSON, true
	case ".webmanifest":
		return "application/manifest+json; charset=utf-8", true
	case ".svg":
		return "image/svg+xml; charset=utf-8", true
	case ".txt":
		return "text/plain; charset=utf-8", true
	case ".xml":
		return "application/xml; charset=utf-8", true
	case ".png":
		return "image/png", false
	case ".jpg", ".jpeg":
		return "image/jpeg", false
	case ".webp":
		return "image/webp", false
	case ".avif":
		return "image/avif", false
	case ".ico":
		return "image/x-icon", false
	case ".woff2":
		return "font/woff2", false
	case ".pmtiles":
		return "application/vnd.pmtiles", false
	}
	return "application/octet-stream", false
}

// embedPage is the one page that other sites may frame.
const embedPage = "embed.html"

// pagePolicy is the content security policy of a page: everything comes from
// this server. Leaflet sets styles through the DOM, which needs no exception;
// tiles are drawn to canvases, whose pictures are blobs. Styles and scripts
// that stand in the page itself are allowed by their hashes.
func pagePolicy(name string, body []byte) string {
	framed := "'none'"
	if name == embedPage {
		framed = "*"
	}
	return "default-src 'self'; script-src 'self'" + inlineHashes(body, "script") +
		"; style-src 'self'" + inlineHashes(body, "style") +
		"; img-src 'self' data: blob:; worker-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors " + framed
}

// inlineHashes returns the CSP hash sources of the elements of a name that
// hold their text in the page, each after a space.
func inlineHashes(page []byte, element string) string {
	var b strings.Builder
	rest := string(page)
	for {
		i := strings.Index(rest, "<"+element)
		if i < 0 {
			return b.String()
		}
		rest = rest[i:]
		open, end := strings.IndexByte(rest, '>'), strings.Index(rest, "</"+element)
		if open < 0 || end < open {
			return b.String()
		}
		if text := rest[open+1 : end]; text != "" {
			sum := sha256.Sum256([]byte(text))
			b.WriteString(" 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'")
		}
		rest = rest[end:]
	}
}

// loadPages reads all files of a built front end.
func loadPages(fsys fs.FS) (*pages, error) {
	p := &pages{assets: make(map[string]*asset)}
	if fsys == nil {
		return p, nil
	}
	packed := map[string]encoding{}
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if strings.HasPrefix(path.Base(name), ".") {
			return nil
		}
		body, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		p.assets[name] = newAsset(name, body)
		switch path.Ext(name) {
		case ".br":
			packed[name] = brotlied
		case ".gz":
			packed[name] = gzipped
		}
		return nil
	})
	if err != nil {
		return nil, geo.NewError(geo.Internal, "前端文件无法读取，请重新构建（make build）。",
			"the front end's files cannot be read: build them again with make build").Because(err)
	}
	for name, e := range packed {
		plain, ok := p.assets[strings.TrimSuffix(name, path.Ext(name))]
		if !ok {
			continue
		}
		sibling := p.assets[name].body
		plain.made[e].once.Do(func() { plain.made[e].body = sibling })
		delete(p.assets, name)
	}
	_, p.built = p.assets["index.html"]
	return p, nil
}

func newAsset(name string, body []byte) *asset {
	sum := sha256.Sum256(body)
	a := &asset{name: name, body: body, tag: strconv.Quote(b64.EncodeToString(sum[:12])), cache: cacheRevalidate}
	a.kind, a.text = contentType(path.Ext(name))
	if hashed(name) {
		a.cache = cacheForever
	}
	if path.Ext(name) == ".html" {
		a.csp = pagePolicy(name, body)
		a.framed = name == embedPage
		a.starts = bytes.Contains(body, []byte(aboutMark))
	}
	return a
}

// hashed says whether a file's name holds a hash of its content, as the
// bundler writes it under assets/: name-Xy12_-9z.js.
func hashed(name string) bool {
	if !strings.HasPrefix(name, "assets/") {
		return false
	}
	stem := strings.TrimSuffix(path.Base(name), path.Ext(name))
	if len(stem) < 10 || stem[len(stem)-9] != '-' {
		return false
	}
	for _, r := range stem[len(stem)-8:] {
		if !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_' || r == '-') {
			return false
		}
	}
	return true
}

// find returns the file behind a path: "/" is index.html, "/embed" is
// embed.html, anything else is itself. Without a built front end, pages are
// replaced by the one that says how to build it.
func (p *pages) find(urlPath string) (*asset, bool) {
	name := strings.TrimPrefix(urlPath, "/")
	page := true
	switch {
	case name == "":
		name = "index.html"
	case !strings.Contains(name, "/") && path.Ext(name) == "":
		name += ".html"
	default:
		page = false
	}
	if a, ok := p.assets[name]; ok && (p.built || !page) {
		return a, true
	}
	if !p.built && (name == "index.html" || name == embedPage) {
		a, ok := p.assets["unbuilt.html"]
		return a, ok
	}
	return nil, false
}

// in returns the file's bytes in an encoding.
func (a *asset) in(e encoding) []byte {
	if e == identity {
		return a.body
	}
	v := &a.made[e]
	v.once.Do(func() {
		if a.text && len(a.body) >= minCompress {
			v.body = squeeze(a.body, e)
		}
	})
	return v.body
}

// aboutMark stands in a page where the answer of /api/about is put, so that
// the page need not ask for it first: a round trip on a slow line.
const aboutMark = "<!--about-->"

// begun returns a page with the answer of /api/about inside, or the asset
// itself where it has no place for it.
func (s *Server) begun(a *asset) *asset {
	snapshot := s.cfg.Keeper.Current()
	if !a.starts || snapshot == nil {
		return a
	}
	v := s.views.of(snapshot)
	if made, ok := v.pages.Load(a); ok {
		return made.(*asset) //nolint:errcheck // nothing else is stored
	}
	about, err := v.aboutOf(snapshot)
	if err != nil {
		return a
	}
	data := `<script type="application/json" id="about">` + string(about) + `</script>`
	begun := newAsset(a.name, bytes.Replace(a.body, []byte(aboutMark), []byte(data), 1))
	begun.csp = a.csp // data are no script: their hash would allow nothing
	made, _ := v.pages.LoadOrStore(a, begun)
	return made.(*asset) //nolint:errcheck // nothing else is stored
}

// page answers with a file of the front end. It is the last route: a path it
// does not know is a 404.
func (s *Server) page(c *fiber.Ctx) error {
	name, ok := unescape(c.Path(), false)
	if !ok {
		return &fault{kind: probRequest, detail: geo.Text{
			Zh: "路径的百分号编码或 UTF-8 有误。", En: "the path has a broken percent-encoding or is not UTF-8"}}
	}
	a, ok := s.pages.find(name)
	if !ok {
		return &fault{kind: probNotFound}
	}
	a = s.begun(a)
	switch c.Method() {
	case fiber.MethodGet, fiber.MethodHead:
	case fiber.MethodOptions:
		return preflight(allowed)(c)
	default:
		return &fault{kind: probMethod, allow: allowed}
	}
	h := &c.Context().Response.Header
	h.Set(fiber.HeaderVary, fiber.HeaderAcceptEncoding)
	h.Set(fiber.HeaderCacheControl, a.cache)
	if held, ok := matchTag(c.Get(fiber.HeaderIfNoneMatch), a.tag); ok {
		h.Set(fiber.HeaderETag, held)
		c.Context().SetStatusCode(fiber.StatusNotModified)
		return nil
	}
	e := negotiateEncoding(c.Get(fiber.HeaderAcceptEncoding))
	body := a.in(e)
	if body == nil && e == brotlied && acceptsGzip(c.Get(fiber.HeaderAcceptEncoding)) {
		e = gzipped
		body = a.in(e)
	}
	if body == nil {
		e, body = identity, a.body
	}
	if e != identity {
		h.Set(fiber.HeaderContentEncoding, e.String())
	}
	h.Set(fiber.HeaderETag, variant(a.tag, e))
	h.SetContentType(a.kind)
	if a.csp != "" {
		h.Set(fiber.HeaderContentSecurityPolicy, a.csp)
		h.Set("Permissions-Policy", "geolocation=(self), camera=(), microphone=()")
		if !a.framed {
			h.Set(fiber.HeaderXFrameOptions, "DENY")
		}
	}
	c.Context().Response.SetBodyRaw(body)
	return nil
}
