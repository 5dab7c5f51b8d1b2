package tiles

import (
	"cmp"
	"hash/fnv"
	"slices"
	"sync"

	"github.com/paulmach/orb"

	"yizhan/geo"
	"yizhan/geo/index"
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

// Places makes the tiles of places of one snapshot. It is immutable and safe
// for concurrent use.
//
// The places of a kind are sorted along the Z-order (Morton) curve of their
// world coordinates. A tile of any zoom is then one run of the list, and so is
// every cell of a grid laid over it: the number of places in a cell is the
// distance between two binary searches, and how many leading bits the first
// and the last code of a cell share tells the zoom at which it comes apart.
// So a tile of a million places costs what its 256 cells cost.
type Places struct {
	opt    PlacesOptions
	bound  orb.Bound
	layers []placeLayer
	pool   sync.Pool
}

// placeLayer holds the places of one kind along the curve.
type placeLayer struct {
	kind   geo.Kind
	codes  []uint64
	places []*geo.Place
	// sums[i] adds up the coordinates of the first i·sumBlock places.
	sums [][2]uint64
}

const (
	// gridBits is the depth of the grid that places are gathered by: 16 cells
	// to a side, each as wide as a marker and its label at 512 pixels a tile.
	gridBits = 4
	sumBlock = 64
	// maxNamed bounds the names written among gathered places.
	maxNamed = 256
)

// NewPlaces sorts the placed places of an index.
func NewPlaces(ix *index.Index, opt PlacesOptions) *Places {
	opt.PointZoom = min(cmp.Or(opt.PointZoom, 13), MaxZoom)
	opt.MaxPoints = cmp.Or(opt.MaxPoints, 5000)
	opt.Buffer = min(cmp.Or(opt.Buffer, 64), Extent)
	p := &Places{opt: opt, bound: ix.Bound()}
	p.pool.New = func() any { return new(Encoder) }
	for _, info := range geo.Kinds() {
		if l := newPlaceLayer(ix, info.Kind); len(l.codes) > 0 {
			p.layers = append(p.layers, l)
		}
	}
	return p
}

func newPlaceLayer(ix *index.Index, kind geo.Kind) placeLayer {
	type keyed struct {
		code  uint64
		place *geo.Place
	}
	list := make([]keyed, 0, ix.Len(kind))
	for slot := range ix.All(kind) {
		place := ix.Place(slot)
		v := project(place.Point)
		// The far edge of the world belongs to its last column and row.
		x, y := uint32(v.x)&(worldSize-1), uint32(min(max(v.y, 0), worldSize-1))
		list = append(list, keyed{interleave(x, y), place})
	}
	slices.SortFunc(list, func(a, b keyed) int {
		if a.code != b.code {
			return cmp.Compare(a.code, b.code)
		}
		return cmp.Compare(a.place.ID, b.place.ID)
	})
	l := placeLayer{
		kind: kind, codes: make([]uint64, len(list)), places: make([]*geo.Place, len(list)),
		sums: make([][2]uint64, len(list)/sumBlock+1),
	}
	var sum [2]uint64
	for i, k := range list {
		if i%sumBlock == 0 {
			l.sums[i/sumBlock] = sum
		}
		l.codes[i], l.places[i] = k.code, k.place
		x, y := deinterleave(k.code)
		sum[0] += uint64(x)
		sum[1] += uint64(y)
	}
	if len(list)%sumBlock == 0 {
		l.sums[len(list)/sumBlock] = sum
	}
	return l
}

// Tile returns the tile of the kinds given, nil for all, as MVT, nil where it
// is empty. There is a layer for each kind, named after it.
//
// A point that is one place has the properties id, name, kind and class (a
// station's type, a gate's barrier or "inferred") and a feature id hashed from
// the id. A point that stands for several has kind, count and expansion_zoom,
// the zoom at which it comes apart. Below PointZoom, and where a tile has more
// than MaxPoints places of a kind, places are put together.
func (p *Places) Tile(t Tile, kinds []geo.Kind) []byte {
	if !t.Valid() {
		return nil
	}
	e := p.pool.Get().(*Encoder)
	defer p.pool.Put(e)
	e.Reset()
	for i := range p.layers {
		l := &p.layers[i]
		if len(kinds) > 0 && !slices.Contains(kinds, l.kind) {
			continue
		}
		lo, hi := l.tile(t)
		if t.Z < p.opt.PointZoom || hi-lo > p.opt.MaxPoints {
			if lo < hi {
				e.Layer(string(l.kind))
				p.gather(e, l, t, lo, hi)
			}
			continue
		}
		e.Layer(string(l.kind))
		p.single(e, l, t)
	}
	if b := e.Append(nil); len(b) > 0 {
		return b
	}
	return nil
}

// tile returns the run of the list that lies in a tile.
func (l *placeLayer) tile(t Tile) (lo, hi int) {
	shift := 2 * (worldBits - uint(t.Z))
	cell := interleave(t.X, t.Y)
	lo, _ = slices.BinarySearch(l.codes, cell<<shift)
	hi, _ = slices.BinarySearch(l.codes[lo:], (cell+1)<<shift)
	return lo, lo + hi
}

// single writes every place of a tile and its buffer.
func (p *Places) single(e *Encoder, l *placeLayer, t Tile) {
	size := int64(1) << (worldBits - t.Z)
	buffer := size * int64(p.opt.Buffer) / Extent
	x0, y0 := int64(t.X)*size, int64(t.Y)*size
	box := square{x0 - buffer, y0 - buffer, x0 + size + buffer, y0 + size + buffer}
	l.within(box, func(i int) {
		x, y := deinterleave(l.codes[i])
		e.place(l.places[i], l.at(t, x, y), true)
	})
}

// at returns a world position in a tile's units.
func (l *placeLayer) at(t Tile, x, y uint32) Point {
	return Point{round(int32(x), t.Z, origin(t.X)), round(int32(y), t.Z, origin(t.Y))}
}

func (e *Encoder) place(place *geo.Place, at Point, named bool) {
	e.Points([]Point{at})
	e.Unique("id", place.ID)
	if named {
		e.String("name", place.Name)
	}
	e.String("kind", string(place.Kind))
	e.String("class", class(place))
	e.End(featureID(place.ID))
}

// class returns what a style tells the places of one kind apart by.
func class(p *geo.Place) string {
	switch {
	case p.Station != nil:
		return string(p.Station.Type)
	case p.Gate != nil && p.Gate.Inferred:
		return "inferred"
	case p.Gate != nil:
		return p.Gate.Barrier
	}
	return ""
}

// featureID hashes an id to the 53 bits that every client can hold.
func featureID(id string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(id))
	return h.Sum64() & (1<<53 - 1)
}

// gather writes the run of a tile by the cells of a grid.
func (p *Places) gather(e *Encoder, l *placeLayer, t Tile, lo, hi int) {
	// Beyond the world's own steps there is no finer cell.
	depth := min(uint(t.Z)+gridBits, worldBits)
	shift := 2 * (worldBits - depth)
	named := maxNamed
	for lo < hi {
		end := lo + l.run(lo, hi, (l.codes[lo]>>shift+1)<<shift)
		if end-lo == 1 {
			x, y := deinterleave(l.codes[lo])
			named--
			e.place(l.places[lo], l.at(t, x, y), named >= 0)
			lo = end
			continue
		}
		x, y := l.mean(lo, end)
		e.Points([]Point{l.at(t, x, y)})
		e.String("kind", string(l.kind))
		e.Uint("count", uint64(end-lo))
		e.Uint("expansion_zoom", uint64(p.expansion(t.Z, l.codes[lo], l.codes[end-1])))
		e.End(0)
		lo = end
	}
}

// run returns how many codes from lo on are below limit, by doubling steps:
// most cells are short.
func (l *placeLayer) run(lo, hi int, limit uint64) int {
	n := 1
	for lo+n < hi && l.codes[lo+n] < limit {
		n *= 2
	}
	from := lo + n/2
	i, _ := slices.BinarySearch(l.codes[from:min(lo+n, hi)], limit)
	return from + i - lo
}

// mean returns the mean position of a run.
func (l *placeLayer) mean(lo, hi int) (x, y uint32) {
	a, b := l.sum(lo), l.sum(hi)
	n := uint64(hi - lo)
	return uint32((b[0] - a[0]) / n), uint32((b[1] - a[1]) / n)
}

// sum adds up the coordinates of the first n places.
func (l *placeLayer) sum(n int) [2]uint64 {
	s := l.sums[n/sumBlock]
	for _, c := range l.codes[n/sumBlock*sumBlock : n] {
		x, y := deinterleave(c)
		s[0] += uint64(x)
		s[1] += uint64(y)
	}
	return s
}

// expansion returns the lowest zoom above z at which places with codes from
// first to last no longer share a cell, or each becomes a point of its own.
func (p *Places) expansion(z uint8, first, last uint64) uint8 {
	apart := uint8(commonDepth(first, last) + 1)
	zoom := max(z+1, apart-min(apart, gridBits))
	if z < p.opt.PointZoom {
		zoom = min(zoom, p.opt.PointZoom)
	}
	return min(zoom, MaxZoom)
}
