package api

import (
	"encoding/json"
	"net/url"
	"strings"
	"sync"

	"github.com/gofiber/fiber/v2"

	"yizhan/data/atlas"
	"yizhan/geo"
	"yizhan/geo/crs"
)

// Media types of OGC API.
const (
	typeSchema  = "application/schema+json"
	typeOpenAPI = "application/vnd.oai.openapi+json;version=3.0"
	// ogcVary names the request headers that shape an answer.
	ogcVary = "Accept, Accept-Language, X-Forwarded-Proto"
)

// Relations of links beyond those that IANA registers by a word.
const (
	relConformance = "conformance"
	relData        = "data"
	relQueryables  = "http://www.opengis.net/def/rel/ogc/1.0/queryables"
)

// ogcLink is a link of an OGC API document.
type ogcLink struct {
	Href     string `json:"href"`
	Rel      string `json:"rel"`
	Type     string `json:"type,omitempty"`
	Title    string `json:"title,omitempty"`
	HrefLang string `json:"hreflang,omitempty"`
	// Templated says that Href is a URI template (RFC 6570).
	Templated bool `json:"templated,omitempty"`
}

// ogc is what the server keeps for OGC API.
type ogc struct {
	collections []*ogcCollection
	pages       *ogcPages
	api         ogcDocument
	counts      ogcCounts
	mu          sync.Mutex
	latest      [2]*ogcView
}

func newOGC() (*ogc, error) {
	pages, err := loadOGCPages()
	if err != nil {
		return nil, err
	}
	doc, err := loadOGCDocument()
	if err != nil {
		return nil, err
	}
	return &ogc{collections: ogcCollections(), pages: pages, api: doc}, nil
}

// view returns what the collections are made of in an Atlas. Those of the
// Atlas before are kept too, for requests that began with it.
func (o *ogc) view(a *atlas.Atlas) *ogcView {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, have := range o.latest {
		if have != nil && have.atlas == a {
			return have
		}
	}
	v := &ogcView{atlas: a, extents: make(map[string]func() ogcExtent)}
	v.streets = sync.OnceValue(func() *streetLines { return newStreetLines(a.Streets) })
	if before := o.latest[0]; before != nil && before.atlas.Streets.Base() == a.Streets.Base() {
		v.streets = before.streets // closures change no names and no lines
	}
	for _, c := range o.collections {
		v.extents[c.id] = sync.OnceValue(func() ogcExtent { return newOGCExtent(c.open(v)) })
	}
	o.latest[1], o.latest[0] = o.latest[0], v
	return v
}

// find returns the collection that a path names.
func (o *ogc) find(r *call) (*ogcCollection, error) {
	id, err := r.pathID("collectionId")
	if err != nil {
		return nil, err
	}
	words := make([]string, len(o.collections))
	for i, c := range o.collections {
		if c.id == id {
			return c, nil
		}
		words[i] = c.id
	}
	list := strings.Join(words, ", ")
	return nil, notFound("没有这个图层，可用："+list+"。", "there is no such collection: use one of "+list)
}

// ogcReply is an answer on its way: how it is written and where it stands.
type ogcReply struct {
	r    *call
	html bool
	lang geo.Lang
	// base is the address of the landing page, without a slash at its end;
	// path is what follows it in the address of this answer.
	base, path string
}

// ogcReply begins the answer to a request for a resource below the landing
// page: it settles the format by f, else by Accept.
func (r *call) ogcReply(path string) (*ogcReply, error) {
	v := &ogcReply{r: r, lang: r.lang(), base: r.origin() + "/ogc", path: path}
	switch f, given := r.query.get("f"); {
	case !given:
		v.html = prefersHTML(r.c.Get(fiber.HeaderAccept))
	case f == "html":
		v.html = true
	case f != "json":
		return nil, badParam("f", "应为 json 或 html。", "must be json or html")
	}
	return v, nil
}

// prefersHTML says whether an Accept header would rather have a page than
// JSON. JSON wins ties and whatever cannot be had.
func prefersHTML(header string) bool {
	page, data, any := 0.0, 0.0, -1.0
	for len(header) > 0 {
		var item string
		item, header = cutComma(header)
		switch word, q := weighted(item); {
		case word == "text/html" || word == "application/xhtml+xml":
			page = max(page, q)
		case word == "*/*":
			any = q
		case strings.HasSuffix(word, "json") || word == "application/*":
			data = max(data, q)
		}
	}
	return page > max(data, any)
}

// say picks the language of the answer.
func (v *ogcReply) say(zh, en string) string { return geo.Text{Zh: zh, En: en}.In(v.lang) }

// with returns this answer's address with some parameters replaced, given as
// name, value pairs; an empty value leaves one out.
func (v *ogcReply) with(pairs ...string) string {
	var b strings.Builder
	b.WriteString(v.base + v.path)
	sep := byte('?')
	add := func(name, value string) {
		b.WriteByte(sep)
		sep = '&'
		b.WriteString(url.QueryEscape(name) + "=" + url.QueryEscape(value))
	}
	replaced := func(name string) bool {
		for i := 0; i < len(pairs); i += 2 {
			if pairs[i] == name {
				return true
			}
		}
		return false
	}
	for _, p := range v.r.query.pairs {
		if !replaced(p.name) {
			add(p.name, p.value)
		}
	}
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			add(pairs[i], pairs[i+1])
		}
	}
	return b.String()
}

// own returns the links of this answer to itself: in its own format, and in
// the other.
func (v *ogcReply) own(kind string) []ogcLink {
	json := ogcLink{Href: v.with("f", "json"), Type: kind, Title: v.say("本文档（JSON）", "This document as JSON")}
	html := ogcLink{Href: v.with("f", "html"), Type: "text/html", Title: v.say("本文档（网页）", "This document as a page")}
	json.Rel, html.Rel = "self", "alternate"
	if v.html {
		json.Rel, html.Rel = "alternate", "self"
	}
	if v.html {
		return []ogcLink{html, json}
	}
	return []ogcLink{json, html}
}

// root is the link to the landing page.
func (v *ogcReply) root() ogcLink {
	return ogcLink{Href: v.base, Rel: "root", Type: "application/json", Title: v.say("首页", "Landing page")}
}

// tag is the ETag of the answer.
func (v *ogcReply) tag(more ...string) string {
	format := "json"
	if v.html {
		format = "html"
	}
	return v.r.tag(append(more, format, string(v.lang), v.base)...)
}

// unchanged answers 304 where the client has the answer already. A weak tag
// stands for answers that say when they were made.
func (v *ogcReply) unchanged(tag string, weak bool) bool {
	if !v.r.unchanged(tag, cacheRevalidate) {
		return false
	}
	v.r.c.Set(fiber.HeaderVary, fiber.HeaderAcceptEncoding+", "+ogcVary)
	if weak {
		v.weaken()
	}
	return true
}

func (v *ogcReply) weaken() {
	h := &v.r.c.Context().Response.Header
	h.Set(fiber.HeaderETag, "W/"+string(h.Peek(fiber.HeaderETag)))
}

// system says in which coordinate reference system the answer is.
func (v *ogcReply) system(c crs.CRS) {
	v.r.c.Set("Content-Crs", "<"+c.URI()+">")
	v.r.c.Set(fiber.HeaderAccessControlExposeHeaders, "Content-Crs, ETag, Location, X-Request-Id, Retry-After")
}

// send sends a body.
func (v *ogcReply) send(kind, tag string, body []byte, weak bool) error {
	v.r.c.Set(fiber.HeaderContentLanguage, contentLanguage(v.lang))
	if err := v.r.send(answer{kind: kind, tag: tag, cache: cacheRevalidate, body: body, vary: ogcVary}); err != nil {
		return err
	}
	if weak {
		v.weaken()
	}
	return nil
}

// answer sends a document: doc as JSON, or the page that make makes.
func (v *ogcReply) answer(kind, tag string, doc any, make func() *ogcHTML) error {
	if v.html {
		return v.sendPage(tag, make(), false)
	}
	body, err := json.Marshal(doc)
	if err != nil {
		return err
	}
	return v.send(kind, tag, body, false)
}

// sendPage sends a page.
func (v *ogcReply) sendPage(tag string, page *ogcHTML, weak bool) error {
	o := v.r.s.ogc
	page.Lang, page.Zh = contentLanguage(v.lang), v.lang == geo.Chinese
	body, err := o.pages.render(page)
	if err != nil {
		return err
	}
	v.r.c.Set(fiber.HeaderContentSecurityPolicy, o.pages.csp)
	v.r.c.Set(fiber.HeaderXFrameOptions, "DENY")
	return v.send(typeHTML, tag, body, weak)
}
