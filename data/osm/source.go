package osm

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"yizhan/data/osmpbf"
	"yizhan/geo"
)

// The elements of OpenStreetMap and the handler that receives them, as
// [osmpbf] has them, so that a source which is no file needs only this
// package. What is handed over is valid only during the call.
type (
	Node       = osmpbf.Node
	Way        = osmpbf.Way
	Relation   = osmpbf.Relation
	Member     = osmpbf.Member
	MemberType = osmpbf.MemberType
	Tag        = osmpbf.Tag
	Tags       = osmpbf.Tags
	Header     = osmpbf.Header
	Handler    = osmpbf.Handler
)

// The types of member of a relation.
const (
	NodeMember     = osmpbf.NodeMember
	WayMember      = osmpbf.WayMember
	RelationMember = osmpbf.RelationMember
)

// Source gives OSM elements: a PBF file, or a generator. It may be scanned
// more than once and gives the same elements in the same order each time.
type Source interface {
	// Scan hands every element of the types that h has a function for to h,
	// one after another in one goroutine. It may call h.Header first, with a
	// bound, and h.Progress now and then, with bytes of Size. Errors of h end
	// the scan and are returned as they are.
	Scan(ctx context.Context, h Handler) error
	// Size is what Progress counts towards, 0 where that is not known.
	Size() int64
}

// file is a PBF file as a Source.
type file struct {
	path string
	size int64
}

// File returns the PBF file at a path as a Source. The file is opened anew by
// each scan; an error here says that it is not there or no file.
func File(path string) (Source, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, geo.NewError(geo.NotFound,
			fmt.Sprintf("找不到文件 %s，请检查路径。", path),
			fmt.Sprintf("no such file: %s: check the path", path))
	case err != nil:
		return nil, fmt.Errorf("open OSM file: %w", err)
	case info.IsDir():
		return nil, geo.NewError(geo.Invalid,
			fmt.Sprintf("%s 是文件夹，请给出 .osm.pbf 文件。", path),
			fmt.Sprintf("%s is a folder: name an .osm.pbf file", path))
	}
	return file{path, info.Size()}, nil
}

// Scan reads the file once.
func (f file) Scan(ctx context.Context, h Handler) error {
	r, err := os.Open(f.path)
	if err != nil {
		return fmt.Errorf("open OSM file: %w", err)
	}
	defer r.Close()
	_, err = osmpbf.Decode(ctx, r, h)
	return err
}

// Size is the file's size in bytes.
func (f file) Size() int64 { return f.size }

// MakeNode returns a node at a position in degrees, for sources that are no
// file.
func MakeNode(id int64, lon, lat float64, tags ...Tag) Node {
	return osmpbf.MakeNode(id, lon, lat, tags...)
}
