package osm

import (
	"fmt"
	"slices"

	"github.com/paulmach/orb"

	"yizhan/geo"
	"yizhan/geo/street"
)

// street hands a way to the street network and draws it; it returns false
// where the way is none.
func (b *importer) street(l *line, refs []uint32, tags Tags) bool {
	row := b.m.streets.first(tags, nil)
	if row == nil {
		return false
	}
	w := street.Way{ID: l.id, Class: row.Class, Tags: pick(tags, b.m.street)}
	w.Name, w.Names = namesOf(tags)
	if w.Name == "" {
		w.Name = get(tags, "ref")
	}
	var gaps int
	w.Nodes, gaps = b.nodesOf(refs)
	if gaps > 0 {
		b.report.warn(MissingNodes, element{WayMember, l.id}.ref(), geo.Text{
			Zh: fmt.Sprintf("缺少 %d 个节点，只用现有部分", gaps),
			En: fmt.Sprintf("%d of its nodes are missing; the part that is there is used", gaps),
		})
	}
	b.streets.Way(w)
	b.report.Streets++
	if b.m.through.first(tags, nil) != nil {
		b.throughRefs = append(b.throughRefs, refs)
	}
	if tags.Get("area") == "yes" {
		return true // drawn as a square
	}
	f := geo.MapFeature{
		Layer: geo.LayerRoad, Class: row.Class, MinZoom: row.MinZoom,
		Name: get(tags, "name", "name:zh", "name:en"), NameEn: w.Names["en"], Ref: get(tags, "ref"),
		Bridge: yes(tags.Get("bridge")), Tunnel: yes(tags.Get("tunnel")), Oneway: oneway(tags),
	}
	for _, line := range b.e.strings(refs) {
		f.Geometry = line
		b.draw(f)
	}
	return true
}

// nodesOf returns the ids of the nodes that the source has and hands each,
// once, to the street network. gaps counts the others.
func (b *importer) nodesOf(refs []uint32) (ids []int64, gaps int) {
	ids = make([]int64, 0, len(refs))
	for _, ref := range refs {
		if ref == missing {
			gaps++
			// An id that no node has: the network ends one stretch there and
			// begins the next.
			ids = append(ids, noNode)
			continue
		}
		id := b.e.nodes.ids[ref]
		ids = append(ids, id)
		if !b.fed.has(ref) {
			b.fed.set(ref)
			b.streets.Node(id, b.e.nodes.point(ref))
		}
	}
	return ids, gaps
}

// noNode is the id that stands for a node which the source does not have.
const noNode = -1 << 63

// wall hands a wall to the street network and draws it.
func (b *importer) wall(l *line, refs []uint32, tags Tags) {
	row := b.m.walls.first(tags, nil)
	if row == nil || b.m.undrawn.first(tags, nil) != nil {
		return
	}
	ids, _ := b.nodesOf(refs)
	b.streets.Wall(l.id, ids, pick(tags, b.m.wall))
	b.report.Walls++
	b.onPerimeter(refs)
	f := geo.MapFeature{Layer: geo.LayerBarrier, Class: row.Class, MinZoom: row.MinZoom}
	for _, line := range b.e.strings(refs) {
		f.Geometry = line
		b.draw(f)
	}
}

// onPerimeter notes the entrances that stand on a wall or a perimeter.
func (b *importer) onPerimeter(refs []uint32) {
	for _, ref := range refs {
		if ref != missing && b.special.has(ref) {
			b.perimeter[ref] = true
		}
	}
}

// barriers hands the barriers to the street network: every barrier on a node,
// and the entrances on a perimeter or in a wall that are no doors of a
// building.
func (b *importer) barriers() {
	gates := make(map[string]*geo.Place, len(b.gates))
	for _, p := range b.gates {
		gates[p.ID] = p
	}
	var buf Tags
	for i := range b.e.tagged {
		t := &b.e.tagged[i]
		buf = b.e.tagsOf(t.tags, buf)
		ref := b.e.nodes.find(t.id)
		barrier := b.m.barriers.first(buf, nil) != nil
		entrance := b.m.entrances.first(buf, nil) != nil && b.perimeter[ref] && !b.doors[ref]
		if !barrier && !entrance || b.m.gone.first(buf, nil) != nil {
			continue
		}
		el := element{NodeMember, t.id}
		p := gates[b.id(el)]
		if p == nil {
			p = b.asGate(b.newPlace(el, geo.KindGate, b.e.nodes.point(ref), buf), buf)
		}
		b.streets.Barrier(t.id, *p)
	}
}

// stretch is a piece of through road: its middle and its length in metres.
type stretch struct {
	mid    orb.Point
	metres float64
}

func (s *stretch) at() orb.Point { return s.mid }

// stretchMetres is about how long the pieces are, so that each lies on one
// side of an outline.
const stretchMetres = 40

// throughRoads gathers the through roads, ordered by longitude.
func (b *importer) throughRoads() []stretch {
	var out []stretch
	if len(b.candidates) == 0 {
		return nil
	}
	for _, refs := range b.throughRefs {
		for i := 1; i < len(refs); i++ {
			if refs[i-1] == missing || refs[i] == missing {
				continue
			}
			p, q := b.e.nodes.point(refs[i-1]), b.e.nodes.point(refs[i])
			d := geo.Distance(p, q)
			n := min(1+int(d/stretchMetres), 1000)
			for k := range n {
				t := (float64(k) + 0.5) / float64(n)
				mid := orb.Point{p[0] + (q[0]-p[0])*t, p[1] + (q[1]-p[1])*t}
				out = append(out, stretch{mid, d / float64(n)})
			}
		}
	}
	b.throughRefs = nil
	slices.SortFunc(out, func(a, b stretch) int { return byLon(a.mid, b.mid) })
	return out
}

// maxThrough is how many metres of through road may run inside a compound
// that is known by its land use alone: a corner that its outline cuts off.
const maxThrough = 60

// nearEdge is how close, in metres, a road may run inside the outline of an
// area and still be taken as running along it.
const nearEdge = 20

// publicInside says whether through roads run inside an area and not along
// its edge.
func publicInside(roads []stretch, mp orb.MultiPolygon) bool {
	var sum float64
	inBox(roads, (*stretch).at, mp.Bound(), func(s *stretch) bool {
		if inArea(s.mid, mp) && !along(s.mid, mp) {
			sum += s.metres
		}
		return sum <= maxThrough
	})
	return sum > maxThrough
}

// along says whether a point lies near the edge of an area.
func along(p orb.Point, mp orb.MultiPolygon) bool {
	for _, poly := range mp {
		for _, ring := range poly {
			for i := 1; i < len(ring); i++ {
				if toSegment(p, ring[i-1], ring[i]) < nearEdge {
					return true
				}
			}
		}
	}
	return false
}
