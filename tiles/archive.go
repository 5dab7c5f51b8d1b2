package tiles

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/paulmach/orb"

	"yizhan/geo"
	"yizhan/geo/index"
	"yizhan/tiles/pmtiles"
)

// PlacesArchiveOptions says what goes into an archive of places. The zero
// value takes all kinds.
type PlacesArchiveOptions struct {
	// Kinds are the kinds of place, nil for all.
	Kinds []geo.Kind
	// MaxZoom is the last zoom, 0 for 14. There every place is a point of its
	// own, however many there are: clients enlarge these tiles.
	MaxZoom uint8
	// Name and Attribution go into the archive's metadata.
	Name, Attribution string
	// Workers is the number of goroutines, 0 for one per processor.
	Workers int
}

// archiveZoom is the last zoom of an archive of places where none is asked
// for: its units are 60 cm at the equator.
const archiveZoom = 14

// WritePlaces makes the tiles of all placed places from zoom 0 on, and
// finishes the archive; where it fails it closes the archive. The tiles are
// those of Places, save that none of the last zoom is gathered. Equal places
// give equal archives.
//
// Zoom by zoom, each tile that has something asks for its four children.
// Beside what w holds for each tile, this takes 12 bytes for each tile of two
// zooms, and for each worker a tile.
func WritePlaces(ctx context.Context, ix *index.Index, opt PlacesArchiveOptions, w *pmtiles.Writer) error {
	last := min(cmp.Or(opt.MaxZoom, archiveZoom), MaxZoom)
	p := NewPlaces(ix, PlacesOptions{PointZoom: min(13, last)})
	a := &archivist{places: p, opt: opt, last: last, out: w}
	level := []Tile{{}}
	for z := uint8(0); z <= last; z++ {
		var err error
		if level, err = a.level(ctx, level); err != nil {
			return errors.Join(err, w.Close())
		}
	}
	return a.finish()
}

// archivist writes an archive of places.
type archivist struct {
	places *Places
	opt    PlacesArchiveOptions
	last   uint8
	out    *pmtiles.Writer
}

// archiveBatch is how many tiles a worker takes at a time.
const archiveBatch = 64

// level writes the tiles of a zoom and returns those of the next that are to
// be looked at.
func (a *archivist) level(ctx context.Context, tiles []Tile) ([]Tile, error) {
	workers := cmp.Or(max(a.opt.Workers, 0), runtime.GOMAXPROCS(0))
	var group sync.WaitGroup
	var taken atomic.Int64
	next, errs := make([][]Tile, workers), make([]error, workers)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	for i := range workers {
		group.Go(func() {
			var raw []byte
			for errs[i] == nil {
				from := int(taken.Add(archiveBatch)) - archiveBatch
				if from >= len(tiles) {
					return
				}
				for _, t := range tiles[from:min(from+archiveBatch, len(tiles))] {
					if raw, errs[i] = a.tile(ctx, t, raw[:0], &next[i]); errs[i] != nil {
						cancel()
						return
					}
				}
			}
		})
	}
	group.Wait()
	for _, err := range errs {
		if err != nil && !errors.Is(err, context.Canceled) {
			return nil, err
		}
	}
	return slices.Concat(next...), errors.Join(errs...)
}

// tile writes a tile in the buffer given and adds its children to next.
func (a *archivist) tile(ctx context.Context, t Tile, raw []byte, next *[]Tile) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return raw, err
	}
	if !a.places.reaches(t, a.opt.Kinds) {
		return raw, nil
	}
	most := a.places.opt.MaxPoints
	if t.Z == a.last {
		most = a.places.ix.Slots()
	}
	raw = a.places.draw(t, a.opt.Kinds, most, raw)
	if len(raw) > 0 {
		if err := a.out.Add(t.Z, t.X, t.Y, a.out.Gzip(raw)); err != nil {
			return raw, err
		}
	}
	if t.Z < a.last {
		for i := range uint32(4) {
			*next = append(*next, Tile{t.Z + 1, 2*t.X + i&1, 2*t.Y + i>>1})
		}
	}
	return raw, nil
}

// finish writes the archive's header and metadata.
func (a *archivist) finish() error {
	doc := a.places.TileJSON("", a.opt.Kinds)
	layers := slices.DeleteFunc(doc.VectorLayers, func(l VectorLayer) bool { return a.places.ix.Len(geo.Kind(l.ID)) == 0 })
	for i := range layers {
		layers[i].MaxZoom = a.last
	}
	metadata, err := json.Marshal(Metadata{
		Name: cmp.Or(a.opt.Name, "places"), Description: doc.Description, Attribution: a.opt.Attribution,
		Type: "overlay", VectorLayers: layers,
	})
	if err != nil {
		return errors.Join(err, a.out.Close())
	}
	b := mapped(a.places.ix.Bound())
	c := b.Center()
	return a.out.Finish(pmtiles.Header{
		TileType: pmtiles.MVT, TileCompression: pmtiles.Gzip, MaxZoom: a.last,
		MinLon: b.Min[0], MinLat: b.Min[1], MaxLon: b.Max[0], MaxLat: b.Max[1],
		CenterLon: c[0], CenterLat: c[1], CenterZoom: centerZoom(b, 0, a.last),
	}, metadata)
}

// mapped returns the part of a box that is on the map, all of it where the box
// is empty.
func mapped(b orb.Bound) orb.Bound {
	if b.IsEmpty() {
		return worldBound()
	}
	for _, p := range [...]*orb.Point{&b.Min, &b.Max} {
		p[0] = min(max(p[0], -180), 180)
		p[1] = min(max(p[1], -maxLatitude), maxLatitude)
	}
	return b
}
