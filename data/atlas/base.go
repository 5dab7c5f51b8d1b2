package atlas

import (
	"fmt"

	"yizhan/geo"
)

// described is a base map with a description of its own, as JSON.
type described interface{ Metadata() ([]byte, error) }

// guarded is the base map of a folder. Its file is read as tiles are asked for,
// so somebody can spoil it meanwhile by writing into it; that is a part which
// is not available then, and no fault of the server.
type guarded struct {
	BaseTiles
	path string
}

// guard returns a base map whose errors are *geo.Error, Unavailable. What the
// map says of itself is read now and kept.
func guard(b BaseTiles, path string) (BaseTiles, error) {
	g := guarded{b, path}
	d, ok := b.(described)
	if !ok {
		return g, nil
	}
	meta, err := d.Metadata()
	if err != nil {
		return nil, err
	}
	return guardedDescribed{g, meta}, nil
}

// Tile implements BaseTiles.
func (g guarded) Tile(z uint8, x, y uint32) ([]byte, bool, error) {
	data, ok, err := g.BaseTiles.Tile(z, x, y)
	if err != nil {
		return nil, false, geo.NewError(geo.Unavailable,
			"底图 "+BaseFile+" 已损坏或在使用中被改写：请重新导入；替换文件时请用改名，不要直接覆盖。",
			"the base map "+BaseFile+" is damaged or was written over while in use: import it again, and replace the file by renaming another into its place",
		).Because(fmt.Errorf("%s: %w", g.path, err)) // where it lies is nothing for visitors
	}
	return data, ok, nil
}

// guardedDescribed is guarded with a description.
type guardedDescribed struct {
	guarded
	meta []byte
}

// Metadata returns what the map says of itself. It is not to be changed.
func (g guardedDescribed) Metadata() ([]byte, error) { return g.meta, nil }
