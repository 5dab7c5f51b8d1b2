package api

import (
	"bytes"
	"fmt"
	"strings"

	"gopkg.in/yaml.v3"
)

// ogcServer stands where the document names its server.
const ogcServer = "OGC-API-SERVER"

// ogcDocument is the part of the OpenAPI document that is OGC API, with paths
// below its landing page, as clients of OGC API expect. It is split where the
// address of the landing page goes.
type ogcDocument struct {
	before, after []byte
	tag           string
}

// loadOGCDocument takes that part from the whole document.
func loadOGCDocument() (ogcDocument, error) {
	var root yaml.Node
	if err := yaml.Unmarshal(openapiYAML, &root); err != nil {
		return ogcDocument{}, fmt.Errorf("openapi.yaml: %w", err)
	}
	top := root.Content[0]
	for i := 0; i+1 < len(top.Content); i += 2 {
		switch value := top.Content[i+1]; top.Content[i].Value {
		case "servers":
			if err := value.Encode([]map[string]string{{"url": ogcServer}}); err != nil {
				return ogcDocument{}, err
			}
		case "paths":
			top.Content[i+1] = pathsBelow(value, "/ogc")
		}
	}
	dropUnused(top)
	var b bytes.Buffer
	if err := writeJSON(&b, &root, 0); err != nil {
		return ogcDocument{}, fmt.Errorf("openapi.yaml: %w", err)
	}
	before, after, ok := bytes.Cut(b.Bytes(), []byte(ogcServer))
	if !ok {
		return ogcDocument{}, fmt.Errorf("openapi.yaml: names no servers")
	}
	return ogcDocument{before: before, after: after, tag: tagOf(b.String())}, nil
}

// pathsBelow returns the paths that lie below a prefix, without it.
func pathsBelow(paths *yaml.Node, prefix string) *yaml.Node {
	below := *paths
	below.Content = nil
	for i := 0; i+1 < len(paths.Content); i += 2 {
		if rest, ok := strings.CutPrefix(paths.Content[i].Value, prefix+"/"); ok {
			key := *paths.Content[i]
			key.Value = "/" + rest
			below.Content = append(below.Content, &key, paths.Content[i+1])
		}
	}
	return &below
}

// dropUnused takes out the components that nothing outside of them leads to,
// and what guards changes: OGC API is only read here.
func dropUnused(top *yaml.Node) {
	used := map[string]bool{}
	components := nodeOf(top, "components")
	var walk func(n *yaml.Node)
	walk = func(n *yaml.Node) {
		switch {
		case n == nil || n == components:
		case n.Kind == yaml.AliasNode:
			walk(n.Alias)
		default:
			for i, c := range n.Content {
				if ref := c.Value; n.Kind == yaml.MappingNode && i%2 == 1 && n.Content[i-1].Value == "$ref" && !used[ref] {
					used[ref] = true
					if kind, name, ok := strings.Cut(strings.TrimPrefix(ref, "#/components/"), "/"); ok {
						walk(nodeOf(nodeOf(components, kind), name))
					}
				}
				walk(c)
			}
		}
	}
	walk(top)
	var all []*yaml.Node
	for i := 0; components != nil && i+1 < len(components.Content); i += 2 {
		kind, group := components.Content[i].Value, components.Content[i+1]
		var kept []*yaml.Node
		for j := 0; j+1 < len(group.Content); j += 2 {
			if used["#/components/"+kind+"/"+group.Content[j].Value] {
				kept = append(kept, group.Content[j], group.Content[j+1])
			}
		}
		if group.Content = kept; len(kept) > 0 {
			all = append(all, components.Content[i], group)
		}
	}
	if components != nil {
		components.Content = all
	}
}

// nodeOf returns the value of a mapping's key, nil where there is none.
func nodeOf(n *yaml.Node, key string) *yaml.Node {
	for i := 0; n != nil && i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return nil
}

// ogcAPI answers with the definition of the API: as OpenAPI 3.0, or as the
// documentation for people.
func (s *Server) ogcAPI(r *call) error {
	v, err := r.ogcReply("/api")
	if err != nil {
		return err
	}
	if v.html {
		return s.docs(r)
	}
	tag := v.tag(s.ogc.api.tag)
	if v.unchanged(tag, false) {
		return nil
	}
	body := bytes.Join([][]byte{s.ogc.api.before, s.ogc.api.after}, []byte(v.base))
	return v.send(typeOpenAPI, tag, body, false)
}
