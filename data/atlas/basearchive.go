package atlas

import (
	"encoding/hex"
	"io"
)

// BaseArchive is a base map whose archive can be read as its file has it.
type BaseArchive interface {
	io.ReaderAt
	// Size is the length of the archive in bytes.
	Size() int64
}

// BaseArchive returns the archive of the base map, and a word that stands for
// its content; ok is false where there is no base map or it is none.
func (a *Atlas) BaseArchive() (archive BaseArchive, content string, ok bool) {
	base := a.Base
	switch g := base.(type) {
	case guarded:
		base = g.BaseTiles
	case guardedDescribed:
		base = g.BaseTiles
	}
	archive, ok = base.(BaseArchive)
	d := a.layers[LayerBase]
	return archive, hex.EncodeToString(d[:]), ok
}
