package api

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html/template"
	"math"
	"net/url"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"yizhan/geo/cql2"
)

//go:embed ogc.html
var ogcPageHTML string

//go:embed ogc.css
var ogcPageCSS string

// ogcPages renders the pages of OGC API. They need no script.
type ogcPages struct {
	tmpl *template.Template
	csp  string
}

// ogcHTML is what a page shows. Every text in it is escaped by the template.
type ogcHTML struct {
	Lang, Title, Note string
	Zh                bool
	Style             template.CSS
	Crumbs            []ogcEntry
	JSON              string
	Links             []ogcLink
	// Map is a picture of the features, made by ogcMap; Embed the address of
	// the front end's map of the same area.
	Map   template.HTML
	Embed string
	// Pager says which page this is.
	Pager, Prev, Next string
	Empty             string
	Head              []string
	Rows              []ogcRow
	Entries           []ogcEntry
	Facts             []ogcFact
	Attribution       string
}

type ogcEntry struct{ Href, Name, Note string }

type ogcFact struct{ Name, Value, Href string }

type ogcRow struct {
	Href, Name string
	Cells      []string
}

func loadOGCPages() (*ogcPages, error) {
	tmpl, err := template.New("ogc").Parse(ogcPageHTML)
	if err != nil {
		return nil, fmt.Errorf("ogc.html: %w", err)
	}
	sum := sha256.Sum256([]byte(ogcPageCSS))
	return &ogcPages{tmpl: tmpl, csp: "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) +
		"'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"}, nil
}

func (p *ogcPages) render(page *ogcHTML) ([]byte, error) {
	page.Style = template.CSS(ogcPageCSS) //nolint:gosec // our own file
	var b bytes.Buffer
	if err := p.tmpl.Execute(&b, page); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// page begins a page with the way back to the landing page.
func (v *ogcReply) page(title, note string) *ogcHTML {
	p := &ogcHTML{Title: title, Note: note, JSON: v.with("f", "json")}
	p.Links = v.own("application/json")
	if v.path == "" {
		p.Crumbs = []ogcEntry{{"/", v.say("地图", "Map"), ""}}
		return p
	}
	p.Crumbs = []ogcEntry{{v.base + "?f=html", "OGC API", ""}}
	steps := strings.Split(strings.TrimPrefix(v.path, "/"), "/")
	at := v.base
	for _, step := range steps[:len(steps)-1] {
		at += "/" + step
		name := step
		if step == "collections" {
			name = v.say("图层", "Collections")
		} else if step == "items" {
			name = v.say("内容", "Items")
		}
		for _, c := range v.r.s.ogc.collections {
			if c.id == step {
				name = c.title.In(v.lang)
			}
		}
		p.Crumbs = append(p.Crumbs, ogcEntry{at + "?f=html", name, ""})
	}
	return p
}

// itemsPage is a page of features for people.
func (v *ogcReply) itemsPage(q *ogcQuestion, p ogcPage, links []ogcLink) *ogcHTML {
	page := v.page(q.coll.title.In(v.lang), q.coll.description.In(v.lang))
	page.Links = links
	for _, l := range links {
		switch l.Rel {
		case "prev":
			page.Prev = l.Href
		case "next":
			page.Next = l.Href
		}
	}
	if len(p.rows) == 0 {
		page.Empty = v.say("没有符合条件的内容：请放宽 bbox、datetime 或 filter。", "Nothing meets the conditions: widen the bbox, datetime or filter.")
		return page
	}
	page.Pager = fmt.Sprintf(v.say("本页 %d 条，共 %d 条", "%d on this page, %d in all"), len(p.rows), p.matched)
	m := newOGCMap(v.lang)
	var names []string
	for _, k := range q.coll.queryables {
		switch k.name {
		case "id", "address", "hours", "number", "station_type", "barrier", "capacity", "sockets", "type":
			names = append(names, k.name)
			page.Head = append(page.Head, k.title.In(v.lang))
		}
	}
	page.Head = append([]string{v.say("名称", "Name")}, page.Head...)
	for _, row := range p.rows {
		href := v.base + v.path + "/" + escapeID(q.set.id(row)) + "?f=html"
		title := ogcTitle(q.set, row, v.lang)
		r := ogcRow{Href: href, Name: title}
		for _, name := range names {
			r.Cells = append(r.Cells, q.set.value(row, name).show())
		}
		page.Rows = append(page.Rows, r)
		m.add(q.set.shape(row), title, href)
	}
	page.Map = m.draw(v.r.atlas.Streets, page.Title)
	if b, ok := m.bound(); ok {
		page.Embed = v.embed(b, q.coll)
	}
	return page
}

// itemPage is one feature for people.
func (v *ogcReply) itemPage(c *ogcCollection, set ogcSet, row uint32, links []ogcLink) *ogcHTML {
	page := v.page(ogcTitle(set, row, v.lang), "")
	page.Links = links
	w := jsonWriter{}
	set.properties(&w, row)
	dec := json.NewDecoder(bytes.NewReader(w.b))
	dec.UseNumber()
	var properties map[string]any
	if err := dec.Decode(&properties); err == nil {
		page.Facts = factsOf(nil, "", properties)
	}
	for i := range page.Facts {
		page.Facts[i].Name = c.heading(page.Facts[i].Name).In(v.lang)
	}
	if id := set.value(row, "compound").text; id != "" {
		page.Facts = append(page.Facts, ogcFact{v.say("所在小区", "Compound around it"), id, v.base + "/collections/compound/items/" + escapeID(id) + "?f=html"})
	}
	m := newOGCMap(v.lang)
	m.add(set.shape(row), page.Title, "")
	page.Map = m.draw(v.r.atlas.Streets, page.Title)
	if b, ok := m.bound(); ok {
		page.Embed = v.embed(b, c)
	} else {
		page.Note = v.say("没有位置。", "It has no position.")
	}
	return page
}

// factsOf lists the properties of a feature, nested ones by their path.
func factsOf(facts []ogcFact, path string, value any) []ogcFact {
	switch x := value.(type) {
	case map[string]any:
		for _, k := range sortedKeys(x) {
			next := k
			if path != "" {
				next = path + "." + k
			}
			facts = factsOf(facts, next, x[k])
		}
		return facts
	case []any:
		var parts []string
		for _, item := range x {
			if s, ok := item.(string); ok {
				parts = append(parts, s)
				continue
			}
			b, err := json.Marshal(item)
			if err != nil {
				continue // what was JSON is JSON again
			}
			parts = append(parts, string(b))
		}
		if len(parts) == 0 {
			return facts
		}
		value = strings.Join(parts, "\n")
	}
	return append(facts, ogcFact{path, fmt.Sprint(value), ""})
}

// show writes a value for people.
func (v ogcValue) show() string {
	switch v.kind {
	case cql2.Number:
		return strconv.FormatFloat(v.num, 'f', -1, 64)
	case cql2.Boolean:
		return strconv.FormatBool(v.yes)
	case cql2.StringList:
		return strings.Join(v.list, ", ")
	}
	return v.text
}

// outline draws a box alone.
func (v *ogcReply) outline(b orb.Bound) template.HTML {
	m := newOGCMap(v.lang)
	m.add(orb.Polygon{b.ToRing()}, v.say("范围", "Extent"), "")
	return m.draw(v.r.atlas.Streets, v.say("范围", "Extent"))
}

// embed is the address of the front end's map of an area, "" without one.
func (v *ogcReply) embed(b orb.Bound, c *ogcCollection) string {
	if !v.r.s.pages.built {
		return ""
	}
	span := max(b.Max[0]-b.Min[0], (b.Max[1]-b.Min[1])*1.4, 0.002)
	zoom := min(max(int(math.Log2(360*2/span)), 3), 17)
	center := b.Center()
	q := url.Values{}
	q.Set("center", fmt.Sprintf("%.5f,%.5f", center[0], center[1]))
	q.Set("zoom", strconv.Itoa(zoom))
	q.Set("lang", string(v.lang))
	if c.shape == "Point" {
		q.Set("kinds", c.id)
	}
	return "/embed?" + q.Encode()
}

// formatBox writes a box for people.
func formatBox(b [4]float64) string {
	parts := make([]string, len(b))
	for i, v := range b {
		parts[i] = strconv.FormatFloat(v, 'f', -1, 64)
	}
	return strings.Join(parts, ", ")
}

// plainText leaves out the tags of a text that may be HTML.
func plainText(s string) string {
	var b strings.Builder
	for s != "" {
		before, rest, tag := strings.Cut(s, "<")
		b.WriteString(before)
		if !tag {
			break
		}
		_, s, _ = strings.Cut(rest, ">")
	}
	return b.String()
}
