package api

import (
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"strings"
	"testing"

	"yizhan/data/atlas"
	"yizhan/geo"
)

// tileJSONFaults holds a document to the rules of TileJSON 3.0.0
// (https://github.com/mapbox/tilejson-spec/tree/master/3.0.0): what is required,
// and of which form each member is.
func tileJSONFaults(data []byte) (faults []string) {
	wrong := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	var doc map[string]any
	if err := json.Unmarshal(data, &doc); err != nil {
		return []string{err.Error()}
	}
	semantic := regexp.MustCompile(`^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$`)
	for _, name := range []string{"tilejson", "tiles", "vector_layers"} {
		if doc[name] == nil {
			wrong("%s is missing", name)
		}
	}
	for name, value := range doc {
		if s, ok := value.(string); ok && s == "" {
			wrong("%s is empty", name)
		}
		switch name {
		case "tilejson", "version":
			if s, _ := value.(string); !semantic.MatchString(s) {
				wrong("%s %v", name, value)
			}
		case "name", "description", "attribution":
			if _, ok := value.(string); !ok {
				wrong("%s %v", name, value)
			}
		case "scheme":
			if value != "xyz" && value != "tms" {
				wrong("scheme %v", value)
			}
		case "tiles":
			list, _ := value.([]any)
			for _, u := range list {
				s, _ := u.(string)
				for _, part := range []string{"{z}", "{x}", "{y}"} {
					if strings.Count(s, part) != 1 {
						wrong("tiles %v", u)
					}
				}
			}
			if len(list) == 0 {
				wrong("no tiles")
			}
		}
	}
	least, _ := doc["minzoom"].(float64)
	greatest, _ := doc["maxzoom"].(float64)
	if least < 0 || greatest > 30 || least > greatest || math.Floor(least) != least || math.Floor(greatest) != greatest {
		wrong("zooms %v to %v", doc["minzoom"], doc["maxzoom"])
	}
	faults = append(faults, boundsFaults(doc, least, greatest)...)
	layers, _ := doc["vector_layers"].([]any)
	seen := map[string]bool{}
	for _, v := range layers {
		l, _ := v.(map[string]any)
		id, _ := l["id"].(string)
		fields, ok := l["fields"].(map[string]any)
		from, _ := l["minzoom"].(float64)
		until, hasUntil := l["maxzoom"].(float64)
		if id == "" || seen[id] || !ok || from < least || hasUntil && until > greatest || hasUntil && from > until {
			wrong("layer %v", l)
		}
		seen[id] = true
		for name, about := range fields {
			if s, _ := about.(string); s == "" || name == "" {
				wrong("layer %s: field %q: %v", id, name, about)
			}
		}
	}
	return faults
}

func boundsFaults(doc map[string]any, least, greatest float64) (faults []string) {
	numbers := func(name string, n int) []float64 {
		list, _ := doc[name].([]any)
		out := make([]float64, 0, n)
		for _, v := range list {
			if x, ok := v.(float64); ok {
				out = append(out, x)
			}
		}
		if len(out) != n || len(list) != n {
			faults = append(faults, fmt.Sprintf("%s %v", name, doc[name]))
			return nil
		}
		return out
	}
	b, c := numbers("bounds", 4), numbers("center", 3)
	if b == nil || c == nil {
		return faults
	}
	if b[0] < -180 || b[2] > 180 || b[1] < -90 || b[3] > 90 || b[0] > b[2] || b[1] > b[3] {
		faults = append(faults, fmt.Sprintf("bounds %v", b))
	}
	if c[0] < b[0] || c[0] > b[2] || c[1] < b[1] || c[1] > b[3] || c[2] < least || c[2] > greatest {
		faults = append(faults, fmt.Sprintf("center %v", c))
	}
	return faults
}

func TestTileJSONRules(t *testing.T) {
	r := start(t, Config{})
	sets := []string{"places", "base"}
	for _, k := range geo.Kinds() {
		sets = append(sets, string(k.Kind))
	}
	check := func(when string) {
		for _, set := range sets {
			a := r.get("/tiles/"+set+".json").want(t, 200)
			if faults := tileJSONFaults(a.body); len(faults) > 0 {
				t.Errorf("%s, %s: %v in %s", when, set, faults, a.body)
			}
			var doc struct {
				Name        string
				Version     string
				Attribution string
				Layers      []struct{ ID string } `json:"vector_layers"`
			}
			a.decode(t, &doc)
			if set != "places" && set != "base" && (len(doc.Layers) != 1 || doc.Layers[0].ID != set) || doc.Name == "" || doc.Version == "" || doc.Attribution == "" {
				t.Errorf("%s, %s: %+v", when, set, doc)
			}
		}
	}
	check("the town")
	r.keeper.Swap(town(t, func(p *atlas.Parts) { p.Places = nil }))
	check("no places")
	r.keeper.Swap(town(t, func(p *atlas.Parts) {
		for i, x := range []float64{-180, 180, 12} {
			p.Places = append(p.Places, &geo.Place{ID: fmt.Sprint("t:edge", i), Kind: geo.KindParking, Parking: &geo.Parking{}})
			p.Places[len(p.Places)-1].Point[0], p.Places[len(p.Places)-1].Point[1] = x, 90-float64(i)*90
		}
	}))
	check("the whole world")
}

// TestTileJSONFaults wants the rules to find what is wrong.
func TestTileJSONFaults(t *testing.T) {
	const good = `{"tilejson":"3.0.0","name":"a","version":"1.0.0+x","scheme":"xyz","tiles":["/{z}/{x}/{y}"],"minzoom":0,"maxzoom":3,"bounds":[0,0,1,1],"center":[0.5,0.5,2],"vector_layers":[{"id":"a","minzoom":0,"maxzoom":3,"fields":{"b":"string"}}]}`
	if faults := tileJSONFaults([]byte(good)); len(faults) > 0 {
		t.Fatal(faults)
	}
	for _, c := range [][2]string{
		{`"tilejson":"3.0.0"`, `"tilejson":"3"`}, {`"tilejson":"3.0.0",`, ``}, {`"name":"a"`, `"name":5`}, {`"1.0.0+x"`, `"1.0.0+_"`}, {`xyz`, `zxy`},
		{`{y}`, `{x}`}, {`"maxzoom":3,"bounds"`, `"maxzoom":31,"bounds"`}, {`[0,0,1,1]`, `[0,0,1]`}, {`[0,0,1,1]`, `[2,0,1,1]`}, {`0.5,2]`, `0.5,4]`},
		{`"id":"a"`, `"id":""`}, {`"fields":{"b":"string"}`, `"fields":[]`}, {`"minzoom":0,"maxzoom":3,"fields"`, `"minzoom":0,"maxzoom":4,"fields"`},
	} {
		if faults := tileJSONFaults([]byte(strings.Replace(good, c[0], c[1], 1))); len(faults) == 0 {
			t.Errorf("%s for %s is not found", c[1], c[0])
		}
	}
}
