package atlas

import (
	"crypto/sha256"
	"io"
)

// BaseArchive is a base map whose archive can be read as its file has it.
type BaseArchive interface {
	io.ReaderAt
	// Size is the length of the archive in bytes.
	Size() int64
}

// BaseArchive returns the archive of the base map; ok is false where there is
// no base map or it is none.
func (a *Atlas) BaseArchive() (archive BaseArchive, ok bool) {
	base := a.Base
	switch g := base.(type) {
	case guarded:
		base = g.BaseTiles
	case guardedDescribed:
		base = g.BaseTiles
	}
	archive, ok = base.(BaseArchive)
	return archive, ok
}

// BaseContent stands for the content of the base map: zero where that is not
// known.
func (a *Atlas) BaseContent() [sha256.Size]byte { return a.layers[LayerBase] }
