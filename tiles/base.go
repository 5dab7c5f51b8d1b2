package tiles

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"runtime"
	"slices"
	"sync"

	"github.com/paulmach/orb"

	"yizhan/geo"
	"yizhan/tiles/pmtiles"
)

// maxBaseZoom is the highest zoom of the base map: clients enlarge from there,
// and its units are 30 cm at the equator.
const maxBaseZoom = 15

// baseBuffer is how far beyond its border a tile of the base map holds lines
// and areas, in units.
const baseBuffer = 64

// BaseOptions says how the base map is made.
type BaseOptions struct {
	// MinZoom to MaxZoom, at most 15, are the zooms made. MaxZoom 0 is 15.
	MinZoom, MaxZoom uint8
	// Name and Attribution go into the archive's metadata.
	Name, Attribution string
	// Bound is the area that the features were taken from. The map is that
	// area, grown to hold those that stick out of it by no more than a tile of
	// zoom 12, some 8 km; what reaches farther is cut off at its border. The
	// zero Bound stands for that of the features.
	Bound orb.Bound
	// Workers is the number of goroutines, 0 for one per processor.
	Workers int
}

// Base builds all tiles of the base map and finishes the archive. The features
// are not changed. Equal features give equal archives, whatever the number of
// workers.
func Base(ctx context.Context, features []geo.MapFeature, opt BaseOptions, out *pmtiles.Writer) error {
	d, err := NewDrawing(opt)
	if err != nil {
		return err
	}
	for i := range features {
		d.Add(&features[i])
	}
	return d.Finish(ctx, opt.Bound, out)
}

// Drawing is a base map whose features come one by one, for an importer that
// need not hold them all. What it keeps of a feature is the third of its
// bytes. It is used once and by one goroutine.
type Drawing struct {
	opt    BaseOptions
	shaper *shaper
	layers map[geo.MapLayer][]*shape
}

// NewDrawing returns an empty drawing. The Bound of opt is not asked.
func NewDrawing(opt BaseOptions) (*Drawing, error) {
	opt.MaxZoom = min(cmp.Or(opt.MaxZoom, maxBaseZoom), maxBaseZoom)
	opt.Workers = cmp.Or(max(opt.Workers, 0), runtime.GOMAXPROCS(0))
	if opt.MinZoom > opt.MaxZoom {
		return nil, geo.NewError(geo.Invalid, "底图的最小级别大于最大级别。", "the base map's lowest zoom is above its highest")
	}
	return &Drawing{opt: opt, shaper: newShaper(), layers: map[geo.MapLayer][]*shape{}}, nil
}

// Add draws a feature, which is not kept. Among the features of a layer the
// later lie on top.
func (d *Drawing) Add(f *geo.MapFeature) {
	if sh := d.shaper.shape(f); sh != nil {
		sh.src.rule(f.Class, d.opt.MaxZoom)
		d.layers[f.Layer] = append(d.layers[f.Layer], sh)
	}
}

// Finish builds all tiles of the map of bound (see [BaseOptions]) and finishes
// the archive.
//
// The pyramid is walked from its top. A tile is given what of the features
// lies in it and its buffer, and hands on to its four children what lies in
// theirs, so each feature is cut only where a border goes through it (the way
// of geojson-vt, https://github.com/mapbox/geojson-vt). Open tiles wait on a
// stack, so at any time the memory taken beside the features is that of a few
// branches; finished ones wait in the archive's spool.
func (d *Drawing) Finish(ctx context.Context, bound orb.Bound, out *pmtiles.Writer) error {
	shapes, text := stacked(d.layers), d.shaper.text
	d.layers, d.shaper = nil, nil
	area, shapes := frame(bound, shapes)
	b := &builder{opt: d.opt, out: out, area: area}
	b.wake = sync.NewCond(&b.mu)
	if len(shapes) > 0 {
		b.stack = []branch{{shapes: shapes, box: around(shapes)}}
	}
	seen := b.run(ctx, text)
	if b.err != nil {
		return errors.Join(b.err, out.Close())
	}
	return b.finish(seen)
}

// branch is a tile with what it shows, and everything below it. box is that of
// the shapes.
type branch struct {
	tile   Tile
	shapes []*shape
	box    box
}

// builder shares the pyramid out among workers.
type builder struct {
	opt  BaseOptions
	out  *pmtiles.Writer
	area box

	mu    sync.Mutex
	wake  *sync.Cond
	stack []branch
	busy  int
	err   error
}

// stacked returns the shapes of all layers, the bottom one first, areas within
// their layer from large to small so that the small ones are drawn on top.
// Houses do not lie on each other and stay as they come.
func stacked(layers map[geo.MapLayer][]*shape) []*shape {
	known := geo.MapLayers()
	names := slices.SortedFunc(maps.Keys(layers), func(a, b geo.MapLayer) int {
		return cmp.Or(cmp.Compare(slices.Index(known[:], a), slices.Index(known[:], b)), cmp.Compare(a, b))
	})
	count := 0
	for _, list := range layers {
		count += len(list)
	}
	all := make([]*shape, 0, count)
	for _, name := range names {
		from := len(all)
		all = append(all, layers[name]...)
		if name != geo.LayerBuilding {
			slices.SortStableFunc(all[from:], func(a, b *shape) int { return cmp.Compare(b.src.area, a.src.area) })
		}
	}
	return all
}

// overhang is how far, in world steps, a feature may stick out of the area that
// the features were taken from and still be drawn whole: a tile of zoom 12.
const overhang = int32(1) << (worldBits - 12)

// frame returns the area of the map and the shapes as far as they lie in it.
//
// What a tile shows must not hang on its zoom, and a tile of a low zoom shows
// more beyond the area than one of a high zoom does. So one box holds for all:
// an extract's ways are whole, and the box grows around them. Yet a sea or the
// outline of a country would make a pyramid of the whole world: what reaches
// too far has no say in the box and is cut to it.
func frame(bound orb.Bound, shapes []*shape) (box, []*shape) {
	if bound.IsZero() || bound.IsEmpty() {
		return around(shapes), shapes
	}
	nw, se := project(orb.Point{bound.Min[0], bound.Max[1]}), project(orb.Point{bound.Max[0], bound.Min[1]})
	area := box{[2]int32{nw.x, nw.y}, [2]int32{se.x, se.y}}
	reach := area
	for i := range 2 {
		reach.min[i], reach.max[i] = reach.min[i]-overhang, reach.max[i]+overhang
	}
	for _, s := range shapes {
		if reach.holds(s.box) {
			area = area.with(s.box)
		}
	}
	var c clipper
	kept := shapes[:0]
	for _, s := range shapes {
		if s = c.clip(s, area); s != nil {
			kept = append(kept, s)
		}
	}
	return area, kept
}

// around returns the box of shapes.
func around(shapes []*shape) box {
	all := noBox()
	for _, s := range shapes {
		all = all.with(s.box)
	}
	return all
}

// run works until the stack is empty and returns the zooms at which each layer
// was seen.
func (b *builder) run(ctx context.Context, text []string) map[geo.MapLayer][2]uint8 {
	painters := make([]*painter, b.opt.Workers)
	var group sync.WaitGroup
	for i := range painters {
		painters[i] = newPainter(text, b.opt.MaxZoom)
		group.Go(func() { b.work(ctx, painters[i]) })
	}
	group.Wait()
	seen := map[geo.MapLayer][2]uint8{}
	for _, p := range painters {
		for l, zooms := range p.seen {
			if all, ok := seen[l]; ok {
				zooms = [2]uint8{min(zooms[0], all[0]), max(zooms[1], all[1])}
			}
			seen[l] = zooms
		}
	}
	return seen
}

func (b *builder) work(ctx context.Context, p *painter) {
	w := &worker{builder: b, painter: p, small: map[string][]byte{}}
	for {
		next, ok := b.take()
		if !ok {
			return
		}
		children, err := w.grow(ctx, next)
		b.give(children, err)
	}
}

// take waits for a branch; ok is false where none is left and none will come.
func (b *builder) take() (next branch, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for len(b.stack) == 0 && b.busy > 0 && b.err == nil {
		b.wake.Wait()
	}
	if len(b.stack) == 0 || b.err != nil {
		return branch{}, false
	}
	last := len(b.stack) - 1
	next = b.stack[last]
	b.stack[last] = branch{}
	b.stack = b.stack[:last]
	b.busy++
	return next, true
}

func (b *builder) give(children []branch, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.stack = append(b.stack, children...)
	b.busy--
	if b.err == nil {
		b.err = err
	}
	b.wake.Broadcast()
}

// worker is one of those who walk the pyramid.
type worker struct {
	*builder
	painter *painter
	clipper clipper
	raw     []byte
	// small holds compressed tiles by content: open water and the like come
	// again and again.
	small    map[string][]byte
	children []branch
}

// smallTile is the size up to which a tile's compressed form is kept.
const smallTile = 128

// grow writes a tile and returns its children.
func (w *worker) grow(ctx context.Context, next branch) ([]branch, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	t := next.tile
	if t.Z >= w.opt.MinZoom {
		w.raw = w.painter.paint(t, next.shapes, w.raw[:0])
		if len(w.raw) > 0 {
			if err := w.out.Add(t.Z, t.X, t.Y, w.compress(w.raw)); err != nil {
				return nil, err
			}
		}
	}
	w.children = w.children[:0]
	if t.Z == w.opt.MaxZoom {
		return nil, nil
	}
	for i := range uint32(4) {
		child := Tile{t.Z + 1, 2*t.X + i&1, 2*t.Y + i>>1}
		if b, ok := w.cut(next, child); ok {
			w.children = append(w.children, b)
		}
	}
	return w.children, nil
}

// cut returns what a tile shows of its parent's shapes: nothing where only its
// buffer has anything. At low zooms a whole city lies in one tile, whose
// shapes are handed on as they are.
func (w *worker) cut(parent branch, t Tile) (branch, bool) {
	size := int32(1) << (worldBits - t.Z)
	core := box{min: [2]int32{int32(t.X) * size, int32(t.Y) * size}}
	core.max = [2]int32{core.min[0] + size - 1, core.min[1] + size - 1}
	if !core.meets(w.area) {
		return branch{}, false
	}
	if core.holds(parent.box) {
		return branch{t, parent.shapes, parent.box}, true
	}
	buffer := int32(int64(size) * baseBuffer / Extent)
	wide := core
	for i := range 2 {
		wide.min[i] -= buffer
		wide.max[i] += buffer + 1
	}
	if !wide.meets(parent.box) {
		return branch{}, false
	}
	count := 0
	for _, s := range parent.shapes {
		if wide.meets(s.box) {
			count++
		}
	}
	if count == 0 {
		return branch{}, false
	}
	out := branch{t, make([]*shape, 0, count), noBox()}
	inside := false
	for _, s := range parent.shapes {
		if c := w.clipper.clip(s, wide); c != nil {
			out.shapes = append(out.shapes, c)
			out.box = out.box.with(c.box)
			inside = inside || core.meets(c.box)
		}
	}
	return out, inside
}

func (w *worker) compress(raw []byte) []byte {
	if len(raw) > smallTile {
		return w.out.Gzip(raw)
	}
	if gz, ok := w.small[string(raw)]; ok {
		return gz
	}
	if len(w.small) >= 4096 {
		clear(w.small)
	}
	gz := w.out.Gzip(raw)
	w.small[string(raw)] = gz
	return gz
}

// finish writes the archive's header and metadata.
func (b *builder) finish(seen map[geo.MapLayer][2]uint8) error {
	bound := worldBound()
	if b.area != noBox() {
		nw := unproject(b.area.min)
		se := unproject(b.area.max)
		bound = orb.Bound{Min: orb.Point{nw[0], se[1]}, Max: orb.Point{se[0], nw[1]}}
	}
	metadata, err := json.Marshal(Metadata{
		Name: b.opt.Name, Attribution: b.opt.Attribution, Type: "baselayer", VectorLayers: vectorLayers(seen),
	})
	if err != nil {
		return err
	}
	c := bound.Center()
	return b.out.Finish(pmtiles.Header{
		TileType: pmtiles.MVT, TileCompression: pmtiles.Gzip, MinZoom: b.opt.MinZoom, MaxZoom: b.opt.MaxZoom,
		MinLon: bound.Min[0], MinLat: bound.Min[1], MaxLon: bound.Max[0], MaxLat: bound.Max[1],
		CenterLon: c[0], CenterLat: c[1], CenterZoom: centerZoom(bound, b.opt.MinZoom, b.opt.MaxZoom),
	}, metadata)
}
