package osm

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"yizhan/geo"
	"yizhan/geo/street"
)

// Options change what an import does. The zero value is the rule.
type Options struct {
	// Feed names the import in the places' Source and in every ID; "" is osm.
	Feed string
	// Time is when the source is read; zero is now.
	Time time.Time
	// Progress, if any, is told often how far the import is, in the calling
	// goroutine.
	Progress func(Progress)
	// Street are the options of the street network.
	Street street.Options
	// Canvas, if any, takes the base map in the place of Result.Base.
	Canvas Canvas
}

// Result is what an import gives.
type Result struct {
	// Places are ordered by ID, the network's gates among them.
	Places []geo.Place
	// Network holds streets, compounds and buildings.
	Network *street.Network
	// Base are the features of the base map, in no order that matters; none
	// where Options have a Canvas.
	Base []geo.MapFeature
	// Bound is the box that the source says it covers, or else the box of
	// what it holds.
	Bound  orb.Bound
	Report Report
}

// importer is an import under way.
type importer struct {
	opt     Options
	m       *mapping
	e       *elements
	streets *street.Builder
	report  Report
	calls   calls

	places     []*geo.Place
	gates      []*geo.Place
	stops      []stop
	canvas     Canvas
	candidates []candidate

	// Nodes by index: entrances and the tagged nodes they are, gates, doors of
	// buildings, entrances on perimeters; special holds the first two.
	special   bitset
	fed       bitset
	entrances map[uint32]int32
	gateNodes map[uint32]bool
	doors     map[uint32]bool
	perimeter map[uint32]bool

	taken           map[int64]bool // outer ways whose multipolygon stands for them
	throughRefs     [][]uint32
	coast           [][]uint32
	buildingCenters []orb.Point
	centersSorted   bool
	hoursSeen       map[string]bool
}

// Import reads a source and turns it into places, a street network and a base
// map. It scans the source once; memory is about 16 bytes a node and 4 a
// reference beside the result.
//
// What cannot be used is reported and left out; an error means that the
// source cannot be read, holds nothing, or ctx ended.
func Import(ctx context.Context, src Source, opt Options) (*Result, error) {
	began := time.Now()
	if opt.Feed == "" {
		opt.Feed = geo.FeedOSM
	}
	if opt.Time.IsZero() {
		opt.Time = began
	}
	m, err := newMapping()
	if err != nil {
		return nil, err
	}
	b := &importer{
		opt: opt, m: m, streets: street.NewBuilder(opt.Street),
		entrances: map[uint32]int32{}, gateNodes: map[uint32]bool{}, doors: map[uint32]bool{}, perimeter: map[uint32]bool{},
		taken: map[int64]bool{}, hoursSeen: map[string]bool{}, canvas: opt.Canvas,
	}
	b.report.Features = map[geo.MapLayer]int{}
	var own gallery
	if b.canvas == nil {
		b.canvas = &own
	}
	size := src.Size()
	b.e, err = collect(ctx, src, m, func(done int64) {
		b.progress(geo.Text{Zh: "读取地图数据", En: "reading map data"}, done, size)
	})
	if err != nil {
		return nil, err
	}
	if b.e.counts.nodes == 0 {
		return nil, nothing()
	}
	if err := b.apply(ctx); err != nil {
		return nil, err
	}
	r, err := b.finish(ctx)
	if err != nil {
		return nil, err
	}
	if r.empty() {
		return nil, nothing()
	}
	r.Base = own.features
	r.Report.Took = time.Since(began)
	return r, nil
}

// nothing returns the error for a source without anything to use. To import it
// would empty the feed.
func nothing() error {
	return geo.NewError(geo.Invalid,
		"该文件里没有道路、建筑、地点等可用的地图要素，未导入，原有数据不变。请检查裁剪范围。",
		"the file holds no map elements that can be used, no streets, buildings or places, and the data stay as they are: check the area it was cut out with")
}

// empty says whether the import found nothing at all.
func (r *Result) empty() bool {
	return len(r.Places) == 0 && len(r.Report.Features) == 0 && r.Network.Stats().Edges == 0 &&
		len(r.Network.Buildings()) == 0 && len(r.Network.Compounds()) == 0
}

func (b *importer) progress(phase geo.Text, done, total int64) {
	if b.opt.Progress != nil {
		b.opt.Progress(Progress{phase, done, total})
	}
}

// id names an element in the import's feed.
func (b *importer) id(el element) string { return b.opt.Feed + ":" + el.ref() }

// apply walks over all elements and applies the tables.
func (b *importer) apply(ctx context.Context) error {
	e := b.e
	b.report.Nodes, b.report.Ways, b.report.Relations = e.counts.nodes, e.counts.ways, e.counts.relations
	b.report.Data = e.header.Replication
	if e.unplaced > 0 {
		b.report.warn(MissingNodes, "", geo.Text{
			Zh: fmt.Sprintf("%d 个节点的坐标不在地球上，已忽略", e.unplaced),
			En: fmt.Sprintf("%d nodes have no position on Earth and are left out", e.unplaced),
		})
	}
	b.calls = e.busCalls(b.m)
	b.special, b.fed = newBitset(e.nodes.len()), newBitset(e.nodes.len())
	b.nodes()
	b.multipolygons(b.area)
	phase := geo.Text{Zh: "识别道路、小区和建筑", En: "finding streets, compounds and buildings"}
	var buf Tags
	for i := range e.lines {
		if i%4096 == 0 {
			if err := ctx.Err(); err != nil {
				return err
			}
			b.progress(phase, int64(i), int64(len(e.lines)))
		}
		l := &e.lines[i]
		if l.tags.len() > 0 {
			buf = e.tagsOf(l.tags, buf)
			b.way(l, buf)
		}
	}
	b.compounds()
	b.barriers()
	return ctx.Err()
}

// nodes applies the tables to the tagged nodes.
func (b *importer) nodes() {
	var buf Tags
	for i := range b.e.tagged {
		t := &b.e.tagged[i]
		ref := b.e.nodes.find(t.id)
		buf = b.e.tagsOf(t.tags, buf)
		if b.m.entrances.first(buf, nil) != nil {
			b.entrances[ref] = int32(i)
			b.special.set(ref)
		}
		at := b.e.nodes.point(ref)
		before := len(b.gates)
		b.place(element{NodeMember, t.id}, onNode, at, buf)
		if len(b.gates) > before {
			b.gateNodes[ref] = true
			b.special.set(ref)
		}
		if b.m.base.selects(buf) {
			b.label(at, buf)
		}
	}
}

// way applies the tables to a way.
func (b *importer) way(l *line, tags Tags) {
	refs := b.e.refsOf(l)
	el := element{WayMember, l.id}
	isStreet := b.street(l, refs, tags)
	b.wall(l, refs, tags)
	if b.m.coast.first(tags, nil) != nil {
		b.coast = append(b.coast, refs)
	}
	ring := closed(refs)
	if ring && !b.taken[l.id] && tags.Get("area") != "no" && b.drawn(tags) {
		shape, outer := b.e.nest([][]uint32{refs})
		if len(shape) > 0 {
			b.area(&area{el, tags, shape, outer})
			return
		}
		b.report.warnArea(el.ref(), brokenDistinct)
		return
	}
	if !ring && !isStreet && len(refs) > 2 && slices.Contains(refs, missing) && (b.m.buildings.selects(tags) || b.m.compounds.selects(tags)) {
		b.report.warnArea(el.ref(), brokenNodes)
	}
	if isStreet || ring && b.taken[l.id] {
		return
	}
	if b.m.base.selects(tags) {
		b.baseLine(refs, tags)
	}
	if b.m.places.selects(tags) {
		if lines := b.e.strings(refs); len(lines) > 0 {
			b.place(el, onLine, lines[0][len(lines[0])/2], tags)
		}
	}
}

// finish builds the network and gathers the result.
func (b *importer) finish(ctx context.Context) (*Result, error) {
	b.progress(geo.Text{Zh: "构建路网", En: "building the street network"}, 0, 0)
	bound := b.bound()
	b.sea(bound)
	b.canvas.Drawn(bound)
	b.release()
	net, said, err := b.streets.Build()
	if err != nil {
		return nil, fmt.Errorf("build street network: %w", err)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	for _, text := range said.Warnings {
		b.report.warn(Network, "", text)
	}
	places := b.gather(net.Gates())
	slices.SortFunc(places, func(x, y *geo.Place) int { return strings.Compare(x.ID, y.ID) })
	r := &Result{Places: make([]geo.Place, len(places)), Network: net, Bound: bound}
	b.report.Kinds = map[geo.Kind]int{}
	for i, p := range places {
		if p.Kind != geo.KindGate {
			p.Compound, _ = net.CompoundAt(p.Point)
		}
		b.report.Kinds[p.Kind]++
		r.Places[i] = *p
	}
	r.Report = b.report
	return r, nil
}

// release lets go of all that only apply needs: the network has copied what it
// wants, and to build it takes as much memory again.
func (b *importer) release() {
	b.e, b.coast, b.throughRefs, b.candidates, b.buildingCenters = nil, nil, nil, nil, nil
	b.special, b.fed = nil, nil
	b.entrances, b.gateNodes, b.doors, b.perimeter, b.taken = nil, nil, nil, nil, nil
}

// gather returns all places: those of the tables, and the network's gates in
// the place of what the tables made of the same elements, since the network
// knows where they lead.
func (b *importer) gather(gates []geo.Place) []*geo.Place {
	known := make(map[string]bool, len(gates))
	places := make([]*geo.Place, 0, len(gates)+len(b.places)+len(b.stops)+len(b.gates))
	for _, g := range gates {
		known[g.ID] = true
		g.Source.Time = b.opt.Time
		if g.Source.Feed == "" {
			g.Source.Feed, g.Source.Ref = b.opt.Feed, strings.TrimPrefix(g.ID, b.opt.Feed+":")
		}
		places = append(places, &g)
	}
	for _, list := range [...][]*geo.Place{b.places, mergeStops(b.stops), b.gates} {
		for _, p := range list {
			if !known[p.ID] {
				places = append(places, p)
			}
		}
	}
	return places
}

// bound returns the box that the source says it covers, or that of its ways,
// or that of its nodes.
func (b *importer) bound() orb.Bound {
	if b.e.hasHeader && b.e.header.HasBound {
		return b.e.header.Bound
	}
	nodes := &b.e.nodes
	bound := orb.Bound{Min: orb.Point{180, 90}, Max: orb.Point{-180, -90}}
	some := false
	for i := range nodes.ids {
		if b.fed.has(uint32(i)) {
			bound, some = bound.Extend(nodes.point(uint32(i))), true
		}
	}
	if !some {
		for i := range nodes.ids {
			bound = bound.Extend(nodes.point(uint32(i)))
		}
	}
	return bound
}
