package tiles

import (
	"cmp"
	"slices"
	"sync"

	"github.com/paulmach/orb"

	"yizhan/geo"
	"yizhan/geo/index"
	"yizhan/geo/pack"
)

// PlacesOptions says how place tiles are made. Zero fields take the values
// named.
type PlacesOptions struct {
	// PointZoom is the lowest zoom at which every place is a point of its
	// own: 13.
	PointZoom uint8
	// MaxPoints is the number of places of one kind in one tile beyond which
	// they are put together at any zoom: 5000.
	MaxPoints int
	// Buffer is how far beyond its border a tile holds points, in units of
	// 1/4096 of its width: 64.
	Buffer int32
}

// Places makes the tiles of the places of an index. It holds nothing of its
// own, is immutable and safe for concurrent use.
//
// A tile is a square of the quadtree by which the index sorts its places, and
// so is every cell of a grid laid over it. The index tells how many places a
// cell has, where their middle is and at which depth they come apart without
// looking at each, so a tile of a million places costs what its 256 cells cost.
type Places struct {
	ix  *index.Index
	opt PlacesOptions
	// pool keeps brushes, for all Places of a server.
	pool *sync.Pool
}

const (
	// gridBits is the depth of the grid that places are gathered by: 16 cells
	// to a side, each as wide as a marker and its label at 512 pixels a tile.
	gridBits = 4
	// maxNamed bounds the names written among gathered places of a tile.
	maxNamed = 256
)

// NewPlaces returns the maker of the tiles of an index. It costs nothing.
func NewPlaces(ix *index.Index, opt PlacesOptions) *Places {
	opt.PointZoom = min(cmp.Or(opt.PointZoom, 13), MaxZoom)
	opt.MaxPoints = cmp.Or(opt.MaxPoints, 5000)
	opt.Buffer = min(max(cmp.Or(opt.Buffer, 64), 0), Extent)
	return &Places{ix: ix, opt: opt, pool: &sync.Pool{New: func() any { return new(brush) }}}
}

// With returns the maker of the tiles of another index, which shares its
// buffers with this one.
func (p *Places) With(ix *index.Index) *Places { return &Places{ix: ix, opt: p.opt, pool: p.pool} }

// Tile returns the tile of the kinds given, nil for all, as MVT, nil where it
// is empty. There is a layer for each kind, named after it.
//
// A point that is one place has the properties id, name, name_en, kind, class
// (a station's type, a gate's barrier or "inferred"), hours and facilities, as
// far as they are known, and a feature id hashed from the id. A point that
// stands for several has kind, count and expansion_zoom, the zoom at which it
// comes apart. Below PointZoom, and where a tile has more than MaxPoints places
// of a kind, places are put together; those that still stand alone there go
// without hours and facilities.
func (p *Places) Tile(t Tile, kinds []geo.Kind) []byte {
	if !t.Valid() {
		return nil
	}
	return p.draw(t, kinds, p.opt.MaxPoints, nil)
}

// draw appends a tile to dst.
func (p *Places) draw(t Tile, kinds []geo.Kind, maxPoints int, dst []byte) []byte {
	b := p.pool.Get().(*brush)
	defer p.pool.Put(b)
	b.aim(p, t)
	for _, info := range geo.Kinds() {
		if len(kinds) > 0 && !slices.Contains(kinds, info.Kind) {
			continue
		}
		b.kind = info.Kind
		b.encoder.Layer(string(info.Kind))
		cell := p.ix.Cell(info.Kind, t.Z, t.X, t.Y)
		if t.Z < p.opt.PointZoom || cell.Len() > maxPoints {
			b.gather(cell)
		} else {
			b.single(cell)
		}
	}
	dst = b.encoder.Append(dst)
	b.ix = nil
	return dst
}

// reaches says whether a tile of kinds, or one below it, has anything: a place
// inside or in its buffer.
func (p *Places) reaches(t Tile, kinds []geo.Kind) bool {
	b := p.pool.Get().(*brush)
	defer p.pool.Put(b)
	b.aim(p, t)
	defer func() { b.ix = nil }()
	found := false
	for _, info := range geo.Kinds() {
		if len(kinds) > 0 && !slices.Contains(kinds, info.Kind) {
			continue
		}
		if p.ix.Cell(info.Kind, t.Z, t.X, t.Y).Len() > 0 {
			return true
		}
	}
	for _, info := range geo.Kinds() {
		if len(kinds) > 0 && !slices.Contains(kinds, info.Kind) {
			continue
		}
		b.kind = info.Kind
		b.beside(func(index.Slot, uint32, uint32) bool {
			found = true
			return false
		})
		if found {
			return true
		}
	}
	return false
}

// brush draws one tile. It keeps buffers.
type brush struct {
	encoder Encoder
	ix      *index.Index
	tile    Tile
	// wide is the tile and its buffer.
	wide      square
	pointZoom uint8
	kind      geo.Kind
	point     [1]Point
	text      []byte
	// named is how many names gathered places may still have.
	named int
}

// square is a box in world steps, its far edges excluded.
type square struct{ x0, y0, x1, y1 int64 }

// meets says whether a square of the quadtree touches the box, covers whether
// it lies in it.
func (s square) meets(z uint8, x, y uint32) bool {
	size := int64(1) << (worldBits - z)
	x0, y0 := int64(x)*size, int64(y)*size
	return x0 < s.x1 && y0 < s.y1 && x0+size > s.x0 && y0+size > s.y0
}

func (s square) covers(z uint8, x, y uint32) bool {
	size := int64(1) << (worldBits - z)
	x0, y0 := int64(x)*size, int64(y)*size
	return x0 >= s.x0 && y0 >= s.y0 && x0+size <= s.x1 && y0+size <= s.y1
}

func (s square) has(x, y uint32) bool {
	return int64(x) >= s.x0 && int64(x) < s.x1 && int64(y) >= s.y0 && int64(y) < s.y1
}

func (b *brush) aim(p *Places, t Tile) {
	b.encoder.Reset()
	b.ix, b.tile, b.pointZoom, b.named = p.ix, t, p.opt.PointZoom, maxNamed
	size := int64(1) << (worldBits - t.Z)
	buffer := size * int64(p.opt.Buffer) / Extent
	x0, y0 := int64(t.X)*size, int64(t.Y)*size
	b.wide = square{x0 - buffer, y0 - buffer, x0 + size + buffer, y0 + size + buffer}
}

// single writes every place of a tile and its buffer.
func (b *brush) single(cell index.Cell) {
	each := func(s index.Slot, x, y uint32) bool {
		b.place(s, x, y, detailFull)
		return true
	}
	cell.Each(each)
	b.beside(each)
}

// beside yields the places of the buffer round the tile until told to stop.
func (b *brush) beside(each func(s index.Slot, x, y uint32) bool) {
	t, last := b.tile, int64(1)<<b.tile.Z-1
	for dy := int64(-1); dy <= 1; dy++ {
		for dx := int64(-1); dx <= 1; dx++ {
			x, y := int64(t.X)+dx, int64(t.Y)+dy
			if dx == 0 && dy == 0 || x < 0 || y < 0 || x > last || y > last {
				continue
			}
			if !b.descend(t.Z, uint32(x), uint32(y), each) {
				return
			}
		}
	}
}

// fewPlaces is up to how many places of a square are looked at one by one.
const fewPlaces = 24

// descend yields what of a square lies in the wide tile. It is false where it
// was told to stop.
func (b *brush) descend(z uint8, x, y uint32, each func(s index.Slot, x, y uint32) bool) bool {
	if !b.wide.meets(z, x, y) {
		return true
	}
	cell := b.ix.Cell(b.kind, z, x, y)
	n := cell.Len()
	if n == 0 {
		return true
	}
	if n > fewPlaces && z < worldBits && !b.wide.covers(z, x, y) {
		for i := range uint32(4) {
			if !b.descend(z+1, 2*x+i&1, 2*y+i>>1, each) {
				return false
			}
		}
		return true
	}
	more := true
	cell.Each(func(s index.Slot, x, y uint32) bool {
		if b.wide.has(x, y) {
			more = each(s, x, y)
		}
		return more
	})
	return more
}

// at sets the geometry to a world position.
func (b *brush) at(x, y uint32) {
	t := b.tile
	b.point[0] = Point{round(int32(x), t.Z, origin(t.X)), round(int32(y), t.Z, origin(t.Y))}
	b.encoder.Points(b.point[:])
}

// place writes a place: with all that is known of it from detailFull on, its
// names from detailNamed on.
func (b *brush) place(s index.Slot, x, y uint32, d detail) {
	e := &b.encoder
	b.at(x, y)
	id := uint64(0)
	row, _ := b.ix.Row(s)
	for fields := row; ; {
		v, ok := fields.Next()
		if !ok || v.Field > pack.Facilities {
			break
		}
		switch v.Field {
		case pack.ID:
			e.Unique("id", v.Text)
			id = featureID(v.Text)
		case pack.Name:
			if d >= detailNamed {
				e.String("name", v.Text)
			}
		case pack.Names:
			if d >= detailNamed {
				e.String("name_en", english(v.Text))
			}
		case pack.Hours:
			if d == detailFull {
				e.String("hours", v.Text)
			}
		case pack.Facilities:
			if d == detailFull && b.kind == geo.KindStation {
				b.facilities(v.Text)
			}
		}
	}
	e.String("kind", string(b.kind))
	e.String("class", row.Class())
	e.End(id)
}

// detail is how much is written of a place.
type detail uint8

const (
	detailMarker detail = iota
	detailNamed
	detailFull
)

// english finds the English name among names in other languages.
func english(names string) string {
	for r := (pack.Reader{Rest: names}); !r.Done(); {
		if tag, name := r.Text(), r.Text(); tag == string(geo.English) {
			return name
		}
	}
	return ""
}

// facilities writes the facilities of a place, with commas between.
func (b *brush) facilities(list string) {
	b.text = b.text[:0]
	for r := (pack.Reader{Rest: list}); !r.Done(); {
		if len(b.text) > 0 {
			b.text = append(b.text, ',')
		}
		b.text = append(b.text, r.Text()...)
	}
	b.encoder.Bytes("facilities", b.text)
}

// gather writes a cell by the cells of a grid.
func (b *brush) gather(cell index.Cell) {
	e := &b.encoder
	alone := func(s index.Slot, x, y uint32) bool {
		d := detailMarker
		if b.named > 0 {
			b.named--
			d = detailNamed
		}
		b.place(s, x, y, d)
		return true
	}
	cell.Split(gridBits, func(sub index.Cell) bool {
		n := sub.Len()
		if n == 1 {
			sub.Each(alone)
			return true
		}
		b.at(sub.Mean())
		e.String("kind", string(b.kind))
		e.Uint("count", uint64(n))
		e.Uint("expansion_zoom", uint64(expansion(b.tile.Z, b.pointZoom, sub)))
		e.End(0)
		return true
	})
}

// expansion returns the lowest zoom above z at which the places of a cell no
// longer share a cell of the grid, or each becomes a point of its own.
func expansion(z, pointZoom uint8, cell index.Cell) uint8 {
	apart := cell.Shared() + 1
	zoom := max(z+1, apart-min(apart, gridBits))
	if z < pointZoom {
		zoom = min(zoom, pointZoom)
	}
	return min(zoom, MaxZoom)
}

// featureID hashes an id (FNV-1a) to the 53 bits that every client can hold.
func featureID(id string) uint64 {
	const start, prime = 14695981039346656037, 1099511628211
	h := uint64(start)
	for i := range len(id) {
		h = (h ^ uint64(id[i])) * prime
	}
	return h & (1<<53 - 1)
}

// Bound returns the box around the places, WGS-84.
func (p *Places) Bound() orb.Bound { return p.ix.Bound() }

// Reach returns the area in degrees whose places a tile shows: its own and its
// buffer, up to the poles at the map's upper and lower edge.
func (p *Places) Reach(t Tile) orb.Bound {
	b := t.Bound()
	// The buffer by the tile's own size, and a little for rounding. Along a
	// meridian the map grows towards the poles, so a tile's neighbours are
	// lower than itself or not much higher.
	share := (float64(p.opt.Buffer) + 1) / Extent
	dx, dy := (b.Max[0]-b.Min[0])*share, (b.Max[1]-b.Min[1])*share
	b.Min[0], b.Max[0] = b.Min[0]-dx, b.Max[0]+dx
	b.Min[1], b.Max[1] = b.Min[1]-2*dy, b.Max[1]+2*dy
	if t.Y == 0 {
		b.Max[1] = 90
	}
	if t.Y == 1<<t.Z-1 {
		b.Min[1] = -90
	}
	return b
}
