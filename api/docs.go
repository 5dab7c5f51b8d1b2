package api

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"maps"
	"slices"
	"sort"
	"strings"

	"github.com/gofiber/fiber/v2"
	"gopkg.in/yaml.v3"

	"yizhan/geo"
)

//go:embed docs.html
var docsHTML string

//go:embed docs.css
var docsCSS string

// apiDoc is as much of an OpenAPI document as the documentation shows.
type apiDoc struct {
	Info struct {
		Title, Version, Description string
		Zh                          string `yaml:"x-zh"`
	}
	Tags []struct {
		Name, Description string
		Zh                string `yaml:"x-zh"`
	}
	Paths      yaml.Node
	Components struct {
		Parameters map[string]docParam
		Responses  map[string]docResponse
		Schemas    yaml.Node
	}
}

type docOperation struct {
	Tags                 []string
	Summary, Description string
	Zh                   struct{ Summary, Description string } `yaml:"x-zh"`
	Parameters           []docParam
	RequestBody          *struct {
		Content map[string]struct {
			Schema  docSchema
			Example yaml.Node
		}
	} `yaml:"requestBody"`
	Responses map[string]docResponse
}

type docParam struct {
	Ref         string `yaml:"$ref"`
	Name, In    string
	Required    bool
	Description string
	Zh          string `yaml:"x-zh"`
	Schema      docSchema
	Example     any
}

type docResponse struct {
	Ref         string `yaml:"$ref"`
	Description string
	Zh          string `yaml:"x-zh"`
	Content     map[string]struct{ Schema docSchema }
}

type docSchema struct {
	Ref              string `yaml:"$ref"`
	Type             string
	Description      string
	Zh               string `yaml:"x-zh"`
	Format           string
	Enum             []string
	Default          any
	Minimum, Maximum *float64
	Nullable         bool
	Items            *docSchema
	OneOf            []docSchema `yaml:"oneOf"`
	Required         []string
	Properties       yaml.Node
}

// What the template is given.
type docPage struct {
	Lang                 string
	Zh                   bool
	Title                string
	Intro                []template.HTML
	Groups               []docGroup
	Schemas              []docType
	Problems             []docProblem
	Style                template.CSS
	OtherHref, OtherName string
}

type docGroup struct {
	Name string
	Ops  []docOp
}

type docOp struct {
	ID, Method, Path, Summary string
	Text                      []template.HTML
	Params                    []docRow
	Body                      *docRow // what is sent; its example is whole
	Responses                 []docRow
	Try                       string // "" where it takes more than a link
}

type docType struct {
	Name, Note string
	Rows       []docRow
}

// docRow is one line of a table: of a parameter, a property or a response.
type docRow struct {
	Name, Kind string
	Ref        string
	Must       bool
	Note       template.HTML
	Example    string
}

type docProblem struct {
	Slug, Title, Todo string
	Status            int
}

// docsWriter renders the document in one language.
type docsWriter struct {
	api *apiDoc
	zh  bool
}

// renderDocs makes the documentation page in a language. It needs no script.
func renderDocs(api *apiDoc, lang geo.Lang) ([]byte, error) {
	w := &docsWriter{api: api, zh: lang == geo.Chinese}
	tmpl, err := template.New("docs").Parse(docsHTML)
	if err != nil {
		return nil, err
	}
	page := docPage{
		Lang: contentLanguage(lang), Zh: w.zh, Title: api.Info.Title,
		Intro: markdown(w.pick(api.Info.Description, api.Info.Zh)),
		Style: template.CSS(docsCSS), //nolint:gosec // our own file
	}
	if page.OtherHref, page.OtherName = "?lang=en", "English"; !w.zh {
		page.OtherHref, page.OtherName = "?lang=zh", "中文"
	}
	if page.Groups, err = w.groups(); err != nil {
		return nil, err
	}
	if page.Schemas, err = w.schemas(); err != nil {
		return nil, err
	}
	for _, t := range problemTypes {
		page.Problems = append(page.Problems, docProblem{Slug: t.slug, Title: t.title.In(lang), Todo: t.todo.In(lang), Status: t.status})
	}
	var b bytes.Buffer
	if err := tmpl.Execute(&b, page); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func (w *docsWriter) pick(en, zh string) string {
	if w.zh && zh != "" {
		return zh
	}
	return en
}

// groups collects the operations by tag, in the order of the document.
func (w *docsWriter) groups() ([]docGroup, error) {
	byTag := map[string][]docOp{}
	paths := w.api.Paths.Content
	listed := map[string]bool{}
	for i := 0; i+1 < len(paths); i += 2 {
		// A path that differs from another by its last slash is the same thing.
		path := strings.TrimSuffix(paths[i].Value, "/")
		if listed[path] {
			continue
		}
		listed[path] = true
		var item struct{ Get, Post, Put, Delete *docOperation }
		if err := paths[i+1].Decode(&item); err != nil {
			return nil, err
		}
		for _, o := range []struct {
			method string
			op     *docOperation
		}{{"GET", item.Get}, {"POST", item.Post}, {"PUT", item.Put}, {"DELETE", item.Delete}} {
			if o.op == nil {
				continue
			}
			d, err := w.operation(o.method, paths[i].Value, o.op)
			if err != nil {
				return nil, err
			}
			for _, tag := range o.op.Tags {
				byTag[tag] = append(byTag[tag], d)
			}
		}
	}
	var groups []docGroup
	for _, t := range w.api.Tags {
		groups = append(groups, docGroup{Name: w.pick(t.Description, t.Zh), Ops: byTag[t.Name]})
	}
	return groups, nil
}

// operation describes one method of one path.
func (w *docsWriter) operation(method, path string, op *docOperation) (docOp, error) {
	d := docOp{
		ID: "op" + strings.NewReplacer("/", "-", "{", "", "}", "", ".", "-").Replace(path), Method: method, Path: path,
		Summary: w.pick(op.Summary, op.Zh.Summary),
		Text:    markdown(w.pick(op.Description, op.Zh.Description)),
	}
	if method != "GET" {
		d.ID += "-" + strings.ToLower(method)
	}
	var try []string
	target := path
	for _, p := range op.Parameters {
		if p.Ref != "" {
			p = w.api.Components.Parameters[refName(p.Ref)]
		}
		row := w.row(p.Name, p.Schema, p.Required, w.pick(p.Description, p.Zh))
		if list, ok := p.Example.([]any); ok {
			row.Example = strings.Trim(fmt.Sprintln(list...), "\n")
		} else if p.Example != nil {
			row.Example = fmt.Sprint(p.Example)
		}
		d.Params = append(d.Params, row)
		if p.In == "path" {
			target = strings.ReplaceAll(target, "{"+p.Name+"}", row.Example)
		} else if p.Required {
			try = append(try, p.Name+"="+template.URLQueryEscaper(row.Example))
		}
	}
	if len(try) > 0 {
		target += "?" + strings.Join(try, "&")
	}
	if method == "GET" {
		d.Try = target
	}
	if op.RequestBody != nil {
		// Of more media types the first is shown, that of GeoJSON.
		for _, media := range slices.Sorted(maps.Keys(op.RequestBody.Content))[:1] {
			c := op.RequestBody.Content[media]
			var example bytes.Buffer
			if err := writeJSON(&example, &c.Example, 0); err != nil {
				return d, err
			}
			d.Body = &docRow{Kind: media, Ref: refName(c.Schema.Ref), Example: example.String()}
		}
	}
	d.Responses = w.responses(op.Responses)
	return d, nil
}

// responses lists the answers of an operation, by status.
func (w *docsWriter) responses(all map[string]docResponse) []docRow {
	var rows []docRow
	for status, resp := range all {
		if resp.Ref != "" {
			resp = w.api.Components.Responses[refName(resp.Ref)]
		}
		row := docRow{Name: status, Note: inline(w.pick(resp.Description, resp.Zh))}
		for media, c := range resp.Content {
			row.Kind = media
			row.Ref = refName(c.Schema.Ref)
		}
		rows = append(rows, row)
	}
	sort.Slice(rows, func(i, j int) bool { return rows[i].Name < rows[j].Name })
	return rows
}

// schemas lists the components with the properties of each, nested ones
// indented by their path.
func (w *docsWriter) schemas() ([]docType, error) {
	var types []docType
	all := w.api.Components.Schemas.Content
	for i := 0; i+1 < len(all); i += 2 {
		var s docSchema
		if err := all[i+1].Decode(&s); err != nil {
			return nil, err
		}
		t := docType{Name: all[i].Value, Note: w.pick(s.Description, s.Zh)}
		if s.Properties.IsZero() {
			t.Rows = append(t.Rows, w.row("", s, false, ""))
		} else if err := w.properties(&t.Rows, "", &s); err != nil {
			return nil, err
		}
		types = append(types, t)
	}
	return types, nil
}

// properties appends a row for each property of a schema, below a path.
func (w *docsWriter) properties(rows *[]docRow, path string, s *docSchema) error {
	if s.Properties.IsZero() {
		return nil
	}
	members, err := flatten(&s.Properties)
	if err != nil {
		return err
	}
	for _, m := range members {
		var p docSchema
		if err := m.value.Decode(&p); err != nil {
			return err
		}
		must := false
		for _, r := range s.Required {
			must = must || r == m.name
		}
		*rows = append(*rows, w.row(path+m.name, p, must, w.pick(p.Description, p.Zh)))
		inner, below := &p, path+m.name+"."
		for inner.Items != nil {
			inner, below = inner.Items, strings.TrimSuffix(below, ".")+"[]."
		}
		if err := w.properties(rows, below, inner); err != nil {
			return err
		}
	}
	return nil
}

type member struct {
	name  string
	value *yaml.Node
}

// flatten lists the members of a mapping with merged ones in their place.
func flatten(n *yaml.Node) ([]member, error) {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if n.Kind != yaml.MappingNode {
		return nil, fmt.Errorf("line %d: not a mapping", n.Line)
	}
	var all []member
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Tag == "!!merge" {
			merged, err := flatten(n.Content[i+1])
			if err != nil {
				return nil, err
			}
			all = append(all, merged...)
			continue
		}
		all = append(all, member{n.Content[i].Value, n.Content[i+1]})
	}
	return all, nil
}

// row describes one schema in a line.
func (w *docsWriter) row(name string, s docSchema, must bool, note string) docRow {
	r := docRow{Name: name, Must: must, Note: inline(note)}
	r.Kind, r.Ref = s.kind()
	if len(s.Enum) > 0 {
		r.Kind += ": " + strings.Join(s.Enum, " | ")
	}
	switch {
	case s.Minimum != nil && s.Maximum != nil:
		r.Kind += fmt.Sprintf(" %g … %g", *s.Minimum, *s.Maximum)
	case s.Minimum != nil:
		r.Kind += fmt.Sprintf(" ≥ %g", *s.Minimum)
	}
	if s.Default != nil {
		r.Kind += fmt.Sprintf(" = %v", s.Default)
	}
	return r
}

// kind names a schema's type, and the component it refers to.
func (s *docSchema) kind() (text, ref string) {
	switch {
	case s.Ref != "":
		return "", refName(s.Ref)
	case s.Items != nil:
		text, ref = s.Items.kind()
		return "[ ] " + text, ref
	case len(s.OneOf) > 0:
		names := make([]string, len(s.OneOf))
		for i := range s.OneOf {
			names[i] = refName(s.OneOf[i].Ref)
		}
		return strings.Join(names, " | "), ""
	case s.Format != "":
		return s.Format, ""
	}
	return s.Type, ""
}

func refName(ref string) string { return ref[strings.LastIndexByte(ref, '/')+1:] }

// markdown renders the little Markdown that the document uses: paragraphs,
// lists with dashes, and code between backquotes.
func markdown(s string) []template.HTML {
	var blocks []template.HTML
	for _, block := range strings.Split(strings.TrimSpace(s), "\n\n") {
		if block == "" {
			continue
		}
		if !strings.HasPrefix(block, "- ") {
			blocks = append(blocks, "<p>"+inline(block)+"</p>")
			continue
		}
		list := template.HTML("<ul>")
		for _, line := range strings.Split(block, "\n") {
			list += "<li>" + inline(strings.TrimPrefix(line, "- ")) + "</li>"
		}
		blocks = append(blocks, list+"</ul>")
	}
	return blocks
}

// inline escapes a line and renders `code`.
func inline(s string) template.HTML {
	var b strings.Builder
	for i, part := range strings.Split(s, "`") {
		if i%2 == 1 {
			b.WriteString("<code>" + template.HTMLEscapeString(part) + "</code>")
		} else {
			b.WriteString(template.HTMLEscapeString(part))
		}
	}
	return template.HTML(b.String()) //nolint:gosec // every part is escaped above
}

// docsPolicy is the page's content security policy: its one style sheet, by
// hash, and nothing else.
func docsPolicy() string {
	sum := sha256.Sum256([]byte(docsCSS))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) +
		"'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}

// docs answers with the document for people.
func (s *Server) docs(r *call) error {
	lang := r.lang()
	if given, ok := r.query.get("lang"); ok {
		if lang = geo.Lang(given); lang != geo.Chinese && lang != geo.English {
			return badParam("lang", "应为 zh 或 en。", "must be zh or en")
		}
	}
	tag := r.tag(s.doc.tag, string(lang))
	if r.unchanged(tag, cacheRevalidate) {
		return nil
	}
	r.c.Set(fiber.HeaderContentSecurityPolicy, s.doc.csp)
	r.c.Set(fiber.HeaderXFrameOptions, "DENY")
	r.c.Set(fiber.HeaderContentLanguage, contentLanguage(lang))
	return r.send(answer{kind: typeHTML, tag: tag, cache: cacheRevalidate, body: s.doc.pages[lang], vary: fiber.HeaderAcceptLanguage})
}
