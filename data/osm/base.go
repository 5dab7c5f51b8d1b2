package osm

import (
	"cmp"
	"math"
	"slices"
	"sort"

	"github.com/paulmach/orb"

	"yizhan/geo"
)

// Canvas takes the base map of an import over, feature by feature, while the
// import is under way: its tiles can then be cut while the street network is
// built, and nothing holds all features at once. Its methods are called in
// the goroutine of Import.
type Canvas interface {
	// Draw takes a feature, which is not touched again.
	Draw(geo.MapFeature)
	// Drawn says that there are no more. bound is what Result.Bound will be.
	// It is called once, before the network is built, and not at all where the
	// import fails before.
	Drawn(bound orb.Bound)
}

// gallery is the Canvas of Result.Base.
type gallery struct{ features []geo.MapFeature }

func (g *gallery) Draw(f geo.MapFeature) { g.features = append(g.features, f) }
func (g *gallery) Drawn(orb.Bound)       {}

// draw adds a feature to the base map. One whose extent would stay under two
// pixels at its lowest zoom is shown from the zoom on where it does not.
func (b *importer) draw(f geo.MapFeature) {
	if g := f.Geometry.GeoJSONType(); g != "Point" {
		bound := f.Geometry.Bound()
		lat := bound.Center()[1] * math.Pi / 180
		extent := max(bound.Max[0]-bound.Min[0], (bound.Max[1]-bound.Min[1])/max(0.1, math.Cos(lat)))
		if extent > 0 && f.Layer != geo.LayerRoad && f.Layer != geo.LayerBarrier {
			// A pixel of a 256-pixel tile is 360/256/2^z degrees wide.
			zoom := math.Ceil(math.Log2(2 * 360 / 256 / extent))
			f.MinZoom = uint8(max(float64(f.MinZoom), min(zoom, maxMinZoom)))
		}
	}
	b.report.Features[f.Layer]++
	b.canvas.Draw(f)
}

// maxMinZoom is the zoom at which everything is shown.
const maxMinZoom = 15

// lineKeys are keys whose closed ways are lines unless area=yes says
// otherwise: a roundabout, a circular track.
var lineKeys = [...]string{"highway", "railway", "waterway"}

// areaKey says whether a row found by a key may take a closed way with the
// tags as an area.
func areaKey(key string, tags Tags) bool {
	switch tags.Get("area") {
	case "yes":
		return true
	case "no":
		return false
	}
	if !slices.Contains(lineKeys[:], key) {
		return true
	}
	switch tags.Get(key) {
	case "riverbank", "dock", "platform":
		return true
	}
	return false
}

// baseArea draws an area by the table of the base map.
func (b *importer) baseArea(a *area) bool {
	if !b.m.base.selects(a.tags) {
		return false
	}
	row := b.m.base.first(a.tags, func(r *baseRow) bool {
		return r.On&onArea != 0 && (a.typ == RelationMember || areaKey(r.key(), a.tags))
	})
	if row == nil || b.m.undrawn.first(a.tags, nil) != nil {
		return false
	}
	f := b.feature(row, a.tags)
	f.Geometry = polygonal(a.shape)
	b.draw(f)
	return true
}

// baseLine draws a way as a line.
func (b *importer) baseLine(refs []uint32, tags Tags) {
	row := b.m.base.first(tags, func(r *baseRow) bool { return r.On&onLine != 0 })
	if row == nil {
		return
	}
	f := b.feature(row, tags)
	for _, line := range b.e.strings(refs) {
		f.Geometry = line
		b.draw(f)
	}
}

// label draws a node.
func (b *importer) label(at orb.Point, tags Tags) {
	row := b.m.base.first(tags, func(r *baseRow) bool { return r.On&onNode != 0 })
	if row == nil {
		return
	}
	f := b.feature(row, tags)
	if f.Name == "" {
		return
	}
	f.Geometry = at
	b.draw(f)
}

func (b *importer) feature(row *baseRow, tags Tags) geo.MapFeature {
	f := geo.MapFeature{Layer: row.Layer, Class: row.Class, MinZoom: row.MinZoom}
	var names map[string]string
	f.Name, names = namesOf(tags)
	f.NameEn = names["en"]
	f.Bridge, f.Tunnel = yes(tags.Get("bridge")), yes(tags.Get("tunnel"))
	return f
}

// key returns the key of the row's first word.
func (r baseRow) key() string { return firstKey(r.When) }

// yes says whether a tag's value is there and not no.
func yes(v string) bool { return v != "" && v != "no" }

// oneway says whether a street is drawn with arrows.
func oneway(tags Tags) bool {
	switch tags.Get("oneway") {
	case "yes", "true", "1", "-1", "reverse":
		return true
	case "no":
		return false
	}
	j := tags.Get("junction")
	return j == "roundabout" || j == "circular" || tags.Get("highway") == "motorway"
}

// inBox calls yield for each item of a list ordered by longitude whose
// position lies in a box, until it returns false.
func inBox[T any](list []T, at func(*T) orb.Point, bound orb.Bound, yield func(*T) bool) {
	i := sort.Search(len(list), func(i int) bool { return at(&list[i])[0] >= bound.Min[0] })
	for ; i < len(list); i++ {
		p := at(&list[i])
		if p[0] > bound.Max[0] {
			return
		}
		if bound.Contains(p) && !yield(&list[i]) {
			return
		}
	}
}

// byLon orders positions by longitude.
func byLon(a, b orb.Point) int { return cmp.Compare(a[0], b[0]) }
