package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"yizhan/geo/geotest"
)

// npmReader reads tiles of an archive over HTTP with the npm package pmtiles,
// as a page does.
const npmReader = `
import { PMTiles } from 'pmtiles';
const archive = new PMTiles(process.argv[2]);
const header = await archive.getHeader();
const tiles = [];
for (const [z, x, y] of JSON.parse(process.argv[3])) {
  const t = await archive.getZxy(z, x, y);
  tiles.push(t ? Buffer.from(t.data).toString('base64') : '');
}
console.log(JSON.stringify({ minZoom: header.minZoom, maxZoom: header.maxZoom, metadata: await archive.getMetadata(), tiles }));
`

// TestBaseArchiveAgainstNpm compares the tiles that a page reads from the
// archive with those of /tiles/base.
func TestBaseArchiveAgainstNpm(t *testing.T) {
	node, modules := geotest.Node(t, "pmtiles")
	r := start(t, Config{})
	dir := t.TempDir()
	script := filepath.Join(dir, "reader.mjs")
	if err := os.WriteFile(script, []byte(npmReader), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(modules, filepath.Join(dir, "node_modules")); err != nil {
		t.Fatal(err)
	}
	var asked [][3]uint32
	var paths []string
	for z := uint8(5); z <= 15; z++ {
		path := tilePath("base", z)
		var x, y uint32
		if _, err := fmt.Sscanf(path, fmt.Sprintf("/tiles/base/%d/%%d/%%d.mvt", z), &x, &y); err != nil {
			t.Fatal(err)
		}
		asked, paths = append(asked, [3]uint32{uint32(z), x, y}), append(paths, path)
	}
	list, err := json.Marshal(asked)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(node, script, r.base+"/tiles/base.pmtiles", string(list))
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var said struct {
		MinZoom, MaxZoom int
		Metadata         struct{ Name string }
		Tiles            [][]byte
	}
	if err := json.Unmarshal(out, &said); err != nil {
		t.Fatal(err)
	}
	if said.MinZoom != 5 || said.MaxZoom != 15 || said.Metadata.Name != "town" || len(said.Tiles) != len(paths) {
		t.Errorf("%+v", said)
	}
	full := 0
	for i, path := range paths {
		ours := r.get(path, "Accept-Encoding", "identity").body
		if !bytes.Equal(ours, said.Tiles[i]) {
			t.Errorf("%s: %d bytes, the archive has %d", path, len(ours), len(said.Tiles[i]))
		}
		if len(ours) > 0 {
			full++
		}
	}
	if full < 4 {
		t.Errorf("%d tiles have anything", full)
	}
}
