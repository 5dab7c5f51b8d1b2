package pmtiles

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"yizhan/geo/geotest"
)

// judge is read by node: it opens an archive with the format's own library and
// prints ids, header and some tiles.
const judge = `
import { PMTiles, zxyToTileId } from 'pmtiles';
import { open } from 'node:fs/promises';
const file = await open(process.argv[2]);
const source = {
  getKey: () => process.argv[2],
  getBytes: async (offset, length) => {
    const b = Buffer.alloc(length);
    const { bytesRead } = await file.read(b, 0, length, offset);
    return { data: b.buffer.slice(b.byteOffset, b.byteOffset + bytesRead) };
  },
};
const archive = new PMTiles(source);
const tiles = {};
for (let x = 0; x < 256; x += 51) {
  for (let y = 0; y < 256; y += 17) {
    const t = await archive.getZxy(8, x, y);
    tiles[x + '/' + y] = t ? Buffer.from(t.data).toString('base64') : '';
  }
}
const absent = await archive.getZxy(7, 3, 3);
console.log(JSON.stringify({
  header: await archive.getHeader(), metadata: await archive.getMetadata(), tiles, absent: absent === undefined,
  ids: [[0,0,0],[1,1,0],[5,17,9],[12,3423,1763],[20,1048575,524288]].map(t => zxyToTileId(...t)),
}));
`

// TestAgainstNpm reads an archive of ours with the npm package pmtiles, where
// the front end's development packages are installed.
func TestAgainstNpm(t *testing.T) {
	node, modules := geotest.Node(t, "pmtiles")
	dir := t.TempDir()
	archive, script := filepath.Join(dir, "large.pmtiles"), filepath.Join(dir, "judge.mjs")
	large(t, archive)
	if err := os.WriteFile(script, []byte(judge), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(modules, filepath.Join(dir, "node_modules")); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(node, script, archive)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var said struct {
		Header struct {
			NumAddressedTiles, NumTileEntries, NumTileContents uint64
			Clustered                                          bool
			MinZoom, MaxZoom                                   uint8
			TileType, TileCompression                          int
			MinLon, MaxLat, CenterLon                          float64
		}
		Metadata struct{ Name string }
		Tiles    map[string][]byte
		Absent   bool
		IDs      []uint64
	}
	if err := json.Unmarshal(out, &said); err != nil {
		t.Fatal(err)
	}
	h := said.Header
	if h.NumAddressedTiles != 65536 || h.NumTileContents != 65536 || !h.Clustered || h.MinZoom != 8 || h.MaxZoom != 8 ||
		h.TileType != int(MVT) || h.TileCompression != int(Gzip) || h.MinLon != -180 || h.MaxLat != 85.0511288 || h.CenterLon != 104.0668 {
		t.Errorf("header %+v", h)
	}
	if said.Metadata.Name != "large" || !said.Absent {
		t.Errorf("metadata %+v, absent tile %v", said.Metadata, said.Absent)
	}
	for i, c := range []struct {
		z    uint8
		x, y uint32
	}{{0, 0, 0}, {1, 1, 0}, {5, 17, 9}, {12, 3423, 1763}, {20, 1048575, 524288}} {
		if id := TileID(c.z, c.x, c.y); id != said.IDs[i] {
			t.Errorf("id of %d/%d/%d: %d, npm says %d", c.z, c.x, c.y, id, said.IDs[i])
		}
	}
	for name, data := range said.Tiles {
		var x, y uint32
		if _, err := fmt.Sscanf(name, "%d/%d", &x, &y); err != nil {
			t.Fatal(err)
		}
		want, err := gunzip(largeTile(x, y), maxTile)
		if err != nil || string(data) != string(want) {
			t.Errorf("tile %s differs (%v)", name, err)
		}
	}
	if len(said.Tiles) != 96 {
		t.Errorf("%d tiles read", len(said.Tiles))
	}
}
