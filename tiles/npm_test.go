package tiles

import (
	"encoding/base64"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/paulmach/orb"

	"yizhan/geo/geotest"
	"yizhan/geo/index"
)

// judge is read by node: it decodes tiles with the reference library and
// prints what it finds.
const judge = `
import { VectorTile } from '@mapbox/vector-tile';
import * as pbf from 'pbf';
import { readFileSync } from 'node:fs';
const Reader = pbf.PbfReader ?? pbf.default;
const out = JSON.parse(readFileSync(process.argv[2])).map(b64 => {
  const tile = new VectorTile(new Reader(new Uint8Array(Buffer.from(b64, 'base64'))));
  const layers = {};
  for (const [name, l] of Object.entries(tile.layers)) {
    const features = [];
    for (let i = 0; i < l.length; i++) {
      const f = l.feature(i);
      features.push({ id: f.id ?? 0, type: f.type, properties: f.properties, polygons: f.type === 3 ? f.toGeoJSON(0, 0, 0).geometry : null,
        points: f.loadGeometry().flat().map(p => [p.x, p.y]) });
    }
    layers[name] = { version: l.version, extent: l.extent, features };
  }
  return layers;
});
console.log(JSON.stringify(out));
`

type judged struct {
	Version, Extent int
	Features        []struct {
		ID         float64
		Type       int
		Properties map[string]any
		Points     [][2]float64
		Polygons   *struct{ Type string }
	}
}

// TestAgainstNpm decodes base and place tiles with the npm package
// @mapbox/vector-tile and with orb, and compares what they read.
func TestAgainstNpm(t *testing.T) {
	node, modules := geotest.Node(t, "@mapbox/vector-tile")
	var tiles [][]byte
	_, r := build(t, town(12, orb.Point{104.06, 30.65}), BaseOptions{})
	eachTile(t, r, func(_ Tile, b []byte) { tiles = append(tiles, b) })
	at := orb.Point{104.06, 30.65}
	places := NewPlaces(index.Build(randomPlaces(2000, 11, at, 0.02)), PlacesOptions{})
	for z := uint8(0); z <= 18; z++ {
		if b := places.Tile(TileAt(at, z), nil); b != nil {
			tiles = append(tiles, b)
		}
	}
	dir := t.TempDir()
	script, input := filepath.Join(dir, "judge.mjs"), filepath.Join(dir, "tiles.json")
	var encoded []string
	for _, b := range tiles {
		encoded = append(encoded, base64.StdEncoding.EncodeToString(b))
	}
	data, err := json.Marshal(encoded)
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{script: []byte(judge), input: data} {
		if err := os.WriteFile(name, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(modules, filepath.Join(dir, "node_modules")); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(node, script, input)
	cmd.Stderr = os.Stderr
	said, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var answers []map[string]judged
	if err := json.Unmarshal(said, &answers); err != nil {
		t.Fatal(err)
	}
	if len(answers) != len(tiles) {
		t.Fatalf("%d tiles read of %d", len(answers), len(tiles))
	}
	for i, b := range tiles {
		layers := decode(t, b)
		if len(layers) != len(answers[i]) {
			t.Fatalf("tile %d: %d layers, npm says %d", i, len(layers), len(answers[i]))
		}
		for _, l := range layers {
			theirs := answers[i][l.Name]
			if theirs.Version != 2 || theirs.Extent != Extent || len(theirs.Features) != len(l.Features) {
				t.Fatalf("tile %d, layer %s: version %d, %d features of %d", i, l.Name, theirs.Version, len(theirs.Features), len(l.Features))
			}
			for j, f := range l.Features {
				g := theirs.Features[j]
				if len(f.Properties)+len(g.Properties) > 0 && !reflect.DeepEqual(map[string]any(f.Properties), g.Properties) {
					t.Fatalf("tile %d, layer %s: %v, npm says %v", i, l.Name, f.Properties, g.Properties)
				}
				if id, _ := f.ID.(float64); id != g.ID {
					t.Fatalf("tile %d, layer %s: id %v, npm says %v", i, l.Name, f.ID, g.ID)
				}
				if g.Type == geomPolygon && g.Polygons.Type != f.Geometry.GeoJSONType() {
					t.Fatalf("tile %d, layer %s: %s, npm says %s", i, l.Name, f.Geometry.GeoJSONType(), g.Polygons.Type)
				}
				if ours := points(f.Geometry); !reflect.DeepEqual(ours, g.Points) {
					t.Fatalf("tile %d, layer %s: %v, npm says %v", i, l.Name, ours, g.Points)
				}
			}
		}
	}
}

// points lists the points of a geometry in their order.
func points(g orb.Geometry) (out [][2]float64) {
	switch g := g.(type) {
	case orb.Point:
		out = append(out, g)
	case orb.MultiPoint:
		for _, p := range g {
			out = append(out, p)
		}
	case orb.LineString:
		out = points(orb.MultiPoint(g))
	case orb.MultiLineString:
		for _, l := range g {
			out = append(out, points(l)...)
		}
	case orb.Polygon:
		for _, r := range g {
			out = append(out, points(orb.LineString(r))...)
		}
	case orb.MultiPolygon:
		for _, p := range g {
			out = append(out, points(p)...)
		}
	}
	return out
}
