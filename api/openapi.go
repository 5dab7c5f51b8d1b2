package api

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"maps"

	"gopkg.in/yaml.v3"

	"yizhan/geo"
)

//go:embed openapi.yaml
var openapiYAML []byte

// document is the OpenAPI document in the forms it is served in.
type document struct {
	json []byte
	tag  string
	// pages are the rendered documentation, by language.
	pages map[geo.Lang][]byte
	csp   string
}

// loadDocument reads the embedded document.
func loadDocument() (*document, error) {
	var root yaml.Node
	if err := yaml.Unmarshal(openapiYAML, &root); err != nil {
		return nil, fmt.Errorf("openapi.yaml: %w", err)
	}
	var b bytes.Buffer
	if err := writeJSON(&b, &root, 0); err != nil {
		return nil, fmt.Errorf("openapi.yaml: %w", err)
	}
	d := &document{json: b.Bytes(), tag: tagOf(b.String()), pages: make(map[geo.Lang][]byte, 2)}
	var api apiDoc
	if err := root.Decode(&api); err != nil {
		return nil, fmt.Errorf("openapi.yaml: %w", err)
	}
	for _, lang := range []geo.Lang{geo.Chinese, geo.English} {
		page, err := renderDocs(&api, lang)
		if err != nil {
			return nil, fmt.Errorf("render the documentation: %w", err)
		}
		d.pages[lang] = page
	}
	d.csp = docsPolicy()
	return d, nil
}

// maxDepth bounds the nesting of the document, so that an alias inside itself
// cannot turn it forever.
const maxDepth = 100

// writeJSON writes a YAML node as JSON, its keys in the order of the file, its
// aliases and merge keys resolved.
func writeJSON(b *bytes.Buffer, n *yaml.Node, depth int) error {
	if depth > maxDepth {
		return fmt.Errorf("line %d: nested too deep", n.Line)
	}
	switch n.Kind {
	case yaml.DocumentNode:
		return writeJSON(b, n.Content[0], depth+1)
	case yaml.AliasNode:
		return writeJSON(b, n.Alias, depth+1)
	case yaml.SequenceNode:
		b.WriteByte('[')
		for i, item := range n.Content {
			if i > 0 {
				b.WriteByte(',')
			}
			if err := writeJSON(b, item, depth+1); err != nil {
				return err
			}
		}
		b.WriteByte(']')
		return nil
	case yaml.MappingNode:
		b.WriteByte('{')
		first := true
		if err := writeMembers(b, n, depth, &first, map[string]bool{}); err != nil {
			return err
		}
		b.WriteByte('}')
		return nil
	}
	var v any
	if err := n.Decode(&v); err != nil {
		return err
	}
	return writeValue(b, v)
}

// writeMembers writes the members of a mapping, those of a merged mapping
// where the merge key stands. What the mapping has of its own, and what stands
// in over, it does not take from the merged one: JSON has each name once.
func writeMembers(b *bytes.Buffer, n *yaml.Node, depth int, first *bool, over map[string]bool) error {
	own := maps.Clone(over)
	for i := 0; i+1 < len(n.Content); i += 2 {
		own[n.Content[i].Value] = true
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if key.Tag == "!!merge" {
			if value.Kind == yaml.AliasNode {
				value = value.Alias
			}
			if err := writeMembers(b, value, depth+1, first, own); err != nil {
				return err
			}
			continue
		}
		if over[key.Value] {
			continue
		}
		if !*first {
			b.WriteByte(',')
		}
		*first = false
		if err := writeValue(b, key.Value); err != nil {
			return err
		}
		b.WriteByte(':')
		if err := writeJSON(b, value, depth+1); err != nil {
			return err
		}
	}
	return nil
}

func writeValue(b *bytes.Buffer, v any) error {
	enc := json.NewEncoder(b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return err
	}
	b.Truncate(b.Len() - 1) // Encode ends with a newline
	return nil
}

// openapi answers with the document itself.
func (s *Server) openapi(r *call) error {
	if r.unchanged(s.doc.tag, cacheRevalidate) {
		return nil
	}
	return r.send(answer{kind: typeJSON, tag: s.doc.tag, cache: cacheRevalidate, body: s.doc.json})
}
