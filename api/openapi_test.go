package api

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/getkin/kin-openapi/openapi3"
	"gopkg.in/yaml.v3"

	"yizhan/geo/search"
)

// TestDocumentIsValid holds the document to OpenAPI 3.0, its examples to its
// own schemas.
func TestDocumentIsValid(t *testing.T) {
	r := start(t, Config{})
	if err := r.spec.Validate(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// TestDocumentKeepsItsContent compares what is served with what a YAML reader
// makes of the file.
func TestDocumentKeepsItsContent(t *testing.T) {
	r := start(t, Config{})
	var want, got any
	if err := yaml.Unmarshal(openapiYAML, &want); err != nil {
		t.Fatal(err)
	}
	r.get("/openapi.json").want(t, 200).decode(t, &got)
	a, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	if string(a) != string(b) {
		t.Errorf("the document served differs from openapi.yaml\n%.500s\n%.500s", a, b)
	}
}

// TestDocumentNamesThingsOnce wants no name twice in one object: readers of
// JSON part ways over that.
func TestDocumentNamesThingsOnce(t *testing.T) {
	r := start(t, Config{})
	var once func(dec *json.Decoder, at string)
	once = func(dec *json.Decoder, at string) {
		t.Helper()
		open, err := dec.Token()
		if err != nil {
			t.Fatal(at, err)
		}
		if open != json.Delim('{') && open != json.Delim('[') {
			return
		}
		seen := map[any]bool{}
		for dec.More() {
			below := at + "/"
			if open == json.Delim('{') {
				name, err := dec.Token()
				if err != nil {
					t.Fatal(at, err)
				}
				if seen[name] {
					t.Errorf("%s has %s twice", at, name)
				}
				seen[name] = true
				below += name.(string)
			}
			once(dec, below)
		}
		if _, err := dec.Token(); err != nil {
			t.Fatal(at, err)
		}
	}
	for _, path := range []string{"/openapi.json", "/ogc/api?f=json"} {
		once(json.NewDecoder(bytes.NewReader(r.get(path).want(t, 200).body)), path)
	}
}

// TestDocumentAndRoutesAgree wants every endpoint documented with exactly the
// query parameters it accepts, and every documented operation answered.
func TestDocumentAndRoutesAgree(t *testing.T) {
	r := start(t, Config{})
	fiberPath := strings.NewReplacer("{y}.mvt", ":y", "{kind}.json", ":kind.json", "{layer}.geojson", ":layer", "{", ":", "}", "")
	documented := map[string]*openapi3.Operation{}
	for path, item := range r.spec.Paths.Map() {
		for method, op := range item.Operations() {
			documented[method+" "+fiberPath.Replace(path)] = op
		}
	}
	for _, e := range r.server.endpoints() {
		name := e.verb() + " " + e.path
		op := documented[name]
		if op == nil {
			t.Errorf("%s is not documented", name)
			continue
		}
		delete(documented, name)
		want := map[string]bool{}
		for _, ref := range op.Parameters {
			if ref.Value.In == "query" {
				// An array that is not exploded is one value, parted by commas.
				whole := ref.Value.Explode != nil && !*ref.Value.Explode
				want[ref.Value.Name] = ref.Value.Schema.Value.Type.Is("array") && !whole
			}
		}
		for _, have := range e.params {
			many, ok := want[have.name]
			if !ok || many != have.many {
				t.Errorf("%s: parameter %s (repeatable %t) is not documented so", name, have.name, have.many)
			}
			delete(want, have.name)
		}
		for param := range want {
			t.Errorf("%s: parameter %s is documented and not accepted", name, param)
		}
	}
	for name := range documented {
		t.Errorf("%s is documented and not served", name)
	}
}

// TestDocumentSpeaksBothLanguages wants Chinese beside each English
// description of an operation, parameter, response or tag.
func TestDocumentSpeaksBothLanguages(t *testing.T) {
	var root yaml.Node
	if err := yaml.Unmarshal(openapiYAML, &root); err != nil {
		t.Fatal(err)
	}
	var walk func(n *yaml.Node)
	walk = func(n *yaml.Node) {
		if n.Kind == yaml.MappingNode {
			has := map[string]*yaml.Node{}
			for i := 0; i+1 < len(n.Content); i += 2 {
				has[n.Content[i].Value] = n.Content[i+1]
			}
			d := has["description"]
			if d != nil && d.Kind == yaml.ScalarNode && has["url"] == nil && has["x-zh"] == nil && has["summary"] == nil && has["zh"] == nil {
				t.Errorf("line %d: no x-zh beside %q", d.Line, d.Value)
			}
		}
		for _, c := range n.Content {
			walk(c)
		}
	}
	walk(&root)
}

// TestDocumentKnowsWords: of the texts that the document allows for q, all hold
// something to look for.
func TestDocumentKnowsWords(t *testing.T) {
	r := start(t, Config{})
	for _, path := range []string{"/api/search", "/api/nearest"} {
		schema := r.spec.Paths.Value(path).Get.Parameters.GetByInAndName("query", "q").Schema.Value
		// White space is that of JavaScript's regular expressions.
		pattern := regexp.MustCompile(strings.ReplaceAll(schema.Pattern, `\s`, `\s\v\p{Z}\x{feff}`))
		for c := rune(0); c <= utf8.MaxRune; c++ {
			if text := string(c); utf8.ValidRune(c) && pattern.MatchString(text) && search.Fold(text) == "" {
				t.Errorf("%s: the document allows %U alone, which nothing is found by", path, c)
			}
		}
		for _, text := range []string{"驿站", "10栋", "é", "a·b", "-", "①"} {
			if !pattern.MatchString(text) {
				t.Errorf("%s: the document forbids %q", path, text)
			}
		}
	}
}
