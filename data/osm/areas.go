package osm

import (
	"fmt"
	"slices"

	"github.com/paulmach/orb"

	"yizhan/geo"
)

// area is a closed way or a multipolygon.
type area struct {
	element
	tags  Tags
	shape orb.MultiPolygon
	outer [][]uint32 // the outer rings as node indexes
}

// candidate is an area that may be a compound.
type candidate struct {
	row      *compoundRow
	compound geo.Compound
	outer    [][]uint32
	bound    orb.Bound
}

// multipolygons assembles the relations of type multipolygon.
func (b *importer) multipolygons(yield func(*area)) {
	e := b.e
	var buf, way Tags
	for i := range e.relations {
		r := &e.relations[i]
		buf = e.tagsOf(r.tags, buf)
		if buf.Get("type") != "multipolygon" {
			continue
		}
		el := element{RelationMember, r.id}
		ways, ids, why := b.memberWays(r)
		tags := buf
		if len(buf) == 1 && len(ids) > 0 {
			// The old way to map: the tags stand on the outer way.
			way = e.tagsOf(e.way(ids[0]).tags, way)
			tags = way
		}
		if !b.drawn(tags) {
			continue
		}
		if why != nil {
			b.report.warnArea(el.ref(), *why)
			continue
		}
		rings := joinRings(ways)
		if rings == nil {
			b.report.warnArea(el.ref(), brokenOpen)
			continue
		}
		a := &area{element: el, tags: tags}
		if a.shape, a.outer = e.nest(rings); len(a.shape) == 0 {
			b.report.warnArea(el.ref(), brokenDistinct)
			continue
		}
		for _, id := range ids {
			way = e.tagsOf(e.way(id).tags, way)
			if sameThing(a.tags, way) {
				b.taken[id] = true
				if len(ids) == 1 {
					a.tags = merge(a.tags, way)
				}
			}
		}
		yield(a)
	}
}

// merge adds the tags of an outer way that its multipolygon does not have:
// often the name stands on one and the rest on the other.
func merge(tags, way Tags) Tags {
	out := slices.Clone(tags)
	for _, t := range way {
		if tags.Get(t.Key) == "" {
			out = append(out, t)
		}
	}
	return out
}

// maxRings bounds the ways of one multipolygon; the largest on Earth have
// some ten thousand.
const maxRings = 20_000

// memberWays returns the node indexes of a multipolygon's ways, each once, the
// ids of those that are not inner ones, and why they cannot be used. A hole
// that the file does not have is reported and left out: an extract cuts it
// away where the outline is whole.
func (b *importer) memberWays(r *relation) (ways [][]uint32, ids []int64, why *geo.Text) {
	e := b.e
	var inner []int64
	for _, m := range e.members[r.members.from:r.members.to] {
		if m.typ != WayMember {
			continue
		}
		if e.pool.words[m.role] == "inner" {
			inner = append(inner, m.ref)
		} else {
			ids = append(ids, m.ref)
		}
	}
	here := func(id int64) bool { return e.way(id) != nil }
	if whole := len(inner); whole > 0 {
		inner = slices.DeleteFunc(inner, func(id int64) bool { return !here(id) })
		if len(inner) < whole {
			b.report.warn(BrokenArea, element{RelationMember, r.id}.ref(), geo.Text{
				Zh: "区域的内环缺失，按无内环处理", En: "holes of the area are missing from the file; it is used without them",
			})
		}
	}
	all := append(slices.Clone(ids), inner...)
	if len(all) == 0 {
		return nil, nil, &brokenEmpty
	}
	if len(all) > maxRings {
		return nil, nil, &geo.Text{Zh: "成员过多", En: "it has too many members"}
	}
	seen := make(map[int64]bool, len(all))
	for _, id := range all {
		if seen[id] {
			continue
		}
		seen[id] = true
		l := e.way(id)
		if l == nil {
			why = &brokenMissing
			continue
		}
		refs := e.refsOf(l)
		if slices.Contains(refs, missing) {
			why = &brokenNodes
		}
		ways = append(ways, refs)
	}
	ids = slices.DeleteFunc(ids, func(id int64) bool { return !here(id) })
	return ways, ids, why
}

// thingKeys are the keys that say what an area is.
var thingKeys = [...]string{"building", "landuse", "natural", "leisure", "amenity", "waterway", "water", "place", "highway"}

// sameThing says whether two elements are tagged as the same thing, as a
// multipolygon and its outer way often are.
func sameThing(a, b Tags) bool {
	for _, k := range thingKeys {
		if v := a.Get(k); v != "" && v == b.Get(k) {
			return true
		}
	}
	return false
}

// drawn says whether any table of areas could know the tags.
func (b *importer) drawn(tags Tags) bool {
	return b.m.base.selects(tags) || b.m.buildings.selects(tags) || b.m.compounds.selects(tags) || b.m.places.selects(tags)
}

// area applies the tables of areas.
func (b *importer) area(a *area) {
	b.building(a)
	b.compoundCandidate(a)
	b.baseArea(a)
	if b.m.places.selects(a.tags) {
		b.place(a.element, onArea, inside(largest(a.shape)), a.tags)
	}
}

// largest returns the polygon with the largest outer ring.
func largest(mp orb.MultiPolygon) orb.Polygon {
	best, size := 0, -1.0
	for i, p := range mp {
		if s := signedArea(p[0]); s > size {
			best, size = i, s
		}
	}
	return mp[best]
}

// building draws a building and, unless it is a minor one, hands it to the
// street network with its doors.
func (b *importer) building(a *area) {
	row := b.m.buildings.first(a.tags, nil)
	if row == nil || b.m.undrawn.first(a.tags, nil) != nil {
		return
	}
	outline := largest(a.shape)
	x := geo.Building{
		ID:      b.id(a.element),
		Number:  numberOf(a.tags),
		Address: addressOf(a.tags),
		Outline: outline,
		Center:  inside(outline),
	}
	x.Name, x.Names = namesOf(a.tags)
	b.draw(geo.MapFeature{
		Layer: geo.LayerBuilding, Name: x.Name, NameEn: x.Names["en"], Ref: x.Number,
		MinZoom: buildingZoom, Geometry: polygonal(a.shape),
	})
	b.buildingCenters = append(b.buildingCenters, x.Center)
	if row.Minor {
		return
	}
	for _, refs := range a.outer {
		for _, ref := range refs[:len(refs)-1] {
			if !b.special.has(ref) {
				continue
			}
			if at, ok := b.entrances[ref]; ok {
				b.doors[ref] = true
				x.Entrances = append(x.Entrances, b.entrance(at))
			}
		}
	}
	b.report.Entrances += len(x.Entrances)
	b.report.Buildings++
	b.streets.Building(x)
}

// entrance makes a door of a tagged node.
func (b *importer) entrance(at int32) geo.Entrance {
	t := &b.e.tagged[at]
	tags := b.e.tagsOf(t.tags, nil)
	name, _ := namesOf(tags)
	return geo.Entrance{
		ID:    b.id(element{NodeMember, t.id}),
		Point: b.e.nodes.point(b.e.nodes.find(t.id)),
		Type:  get(tags, "entrance"),
		Unit:  unitOf(tags),
		Name:  name,
		Tags:  pick(tags, b.m.access),
	}
}

// polygonal returns a polygon where a multipolygon has one part only.
func polygonal(mp orb.MultiPolygon) orb.Geometry {
	if len(mp) == 1 {
		return mp[0]
	}
	return mp
}

// compoundCandidate notes an area that the table of compounds knows. What
// depends on the rest of the map is decided in compounds.
func (b *importer) compoundCandidate(a *area) {
	if !b.m.compounds.selects(a.tags) {
		return
	}
	tags := a.tags
	if b.gateOn(a.outer) {
		tags = append(slices.Clone(tags), Tag{Key: "@gate", Value: "yes"})
	}
	if tags.Get("barrier") != "" {
		tags = append(slices.Clone(tags), Tag{Key: "@buildings", Value: "yes"})
	}
	row := b.m.compounds.first(tags, nil)
	if row == nil {
		return
	}
	c := geo.Compound{
		ID: b.id(a.element), Type: row.Type, Address: addressOf(a.tags),
		Perimeter: a.shape, Walled: row.Walled, Tags: pick(a.tags, b.m.access),
	}
	c.Name, c.Names = namesOf(a.tags)
	c.Aliases = aliasesOf(a.tags, c.Name)
	b.candidates = append(b.candidates, candidate{row, c, a.outer, a.shape.Bound()})
}

// gateOn says whether a gate stands on one of the rings.
func (b *importer) gateOn(rings [][]uint32) bool {
	for _, refs := range rings {
		for _, ref := range refs {
			if b.special.has(ref) && b.gateNodes[ref] {
				return true
			}
		}
	}
	return false
}

// compounds decides which candidates are compounds and hands them to the
// street network.
func (b *importer) compounds() {
	through := b.throughRoads()
	var walls, taken []candidate
	for _, c := range b.candidates {
		el := c.compound.ID[len(b.opt.Feed)+1:]
		switch {
		case firstKey(c.row.When) == "barrier":
			walls = append(walls, c)
		case c.row.Mere && squareMetres(c.compound.Perimeter) > maxMere:
			b.report.warn(Quarter, el, quarterText(c.compound.Name, geo.Text{Zh: "面积过大", En: "it is too large"}))
		case c.row.Mere && publicInside(through, c.compound.Perimeter):
			b.report.warn(Quarter, el, quarterText(c.compound.Name, geo.Text{Zh: "有公共道路穿过", En: "a through road runs inside"}))
		default:
			taken = append(taken, c)
		}
	}
	// A wall is a compound of its own unless it is the wall of one.
	for _, wall := range walls {
		if i := slices.IndexFunc(taken, func(c candidate) bool { return sameArea(&c, &wall) }); i >= 0 {
			taken[i].compound.Walled = true
			continue
		}
		if b.buildingsIn(wall.compound.Perimeter) >= minWalledBuildings {
			taken = append(taken, wall)
		}
	}
	for _, c := range taken {
		for _, refs := range c.outer {
			b.onPerimeter(refs)
		}
		b.report.Compounds++
		b.streets.Compound(c.compound)
		b.draw(geo.MapFeature{
			Layer: geo.LayerCompound, Class: string(c.compound.Type), Name: c.compound.Name, NameEn: c.compound.Names["en"],
			MinZoom: compoundZoom, Geometry: polygonal(c.compound.Perimeter),
		})
	}
	b.candidates = nil
}

// sameArea says whether two outlines are drawn around the same ground: their
// boxes share four fifths, and neither is a third larger than the other.
func sameArea(a, b *candidate) bool {
	x, y := a.bound, b.bound
	if !x.Intersects(y) {
		return false
	}
	box := func(o orb.Bound) float64 { return (o.Max[0] - o.Min[0]) * (o.Max[1] - o.Min[1]) }
	both := box(orb.Bound{
		Min: orb.Point{max(x.Min[0], y.Min[0]), max(x.Min[1], y.Min[1])},
		Max: orb.Point{min(x.Max[0], y.Max[0]), min(x.Max[1], y.Max[1])},
	})
	p, q := squareMetres(a.compound.Perimeter), squareMetres(b.compound.Perimeter)
	return both >= 0.8*(box(x)+box(y)-both) && p*3 <= q*4 && q*3 <= p*4
}

func quarterText(name string, why geo.Text) geo.Text {
	return geo.Text{
		Zh: fmt.Sprintf("%q 按街区处理，不作小区：%s", name, why.Zh),
		En: fmt.Sprintf("%q is taken as a quarter of the town, not as a compound: %s", name, why.En),
	}
}

// buildingsIn counts the buildings whose centre lies in an area, up to
// minWalledBuildings.
func (b *importer) buildingsIn(mp orb.MultiPolygon) int {
	if !b.centersSorted {
		slices.SortFunc(b.buildingCenters, byLon)
		b.centersSorted = true
	}
	n := 0
	self := func(p *orb.Point) orb.Point { return *p }
	inBox(b.buildingCenters, self, mp.Bound(), func(p *orb.Point) bool {
		if inArea(*p, mp) {
			n++
		}
		return n < minWalledBuildings
	})
	return n
}
