package export

import (
	"context"
	"io"
	"math"

	"github.com/paulmach/orb"

	"yizhan/data/atlas"
	"yizhan/geo"
	"yizhan/geo/datum"
	"yizhan/geo/index"
)

// GeoJSON writes a FeatureCollection (RFC 7946), a feature a line, with places
// as the HTTP interface gives them. A place without a position has the geometry
// null. Where the datum is not WGS-84, the collection says so in the member
// "datum"; nothing else reads such a file right.
func GeoJSON(ctx context.Context, w io.Writer, a *atlas.Atlas, opt Options) ([]Count, error) {
	j := newJob(ctx, a, opt, Collections())
	g := &geoJSON{job: j, out: w}
	g.b = append(g.b, `{"type":"FeatureCollection"`...)
	if a.Attribution != "" {
		g.text("attribution", a.Attribution)
	}
	if j.opt.Datum != datum.WGS84 {
		g.text("datum", string(j.opt.Datum))
	}
	g.b = append(g.b, `,"features":[`...)
	counts := make([]Count, len(j.opt.Collections))
	for i, c := range j.opt.Collections {
		g.count = &counts[i]
		g.count.Collection = c
		if err := g.collection(c); err != nil {
			return nil, err
		}
	}
	g.b = append(g.b, "\n]}\n"...)
	return counts, g.flush()
}

// geoJSON writes features.
type geoJSON struct {
	*job
	out   io.Writer
	b     []byte
	any   bool
	count *Count
}

// chunk is how many bytes are gathered before they are handed on.
const chunk = 64 << 10

func (g *geoJSON) flush() error {
	_, err := g.out.Write(g.b)
	g.b = g.b[:0]
	return err
}

// next begins a line.
func (g *geoJSON) next() error {
	if len(g.b) >= chunk {
		if err := g.flush(); err != nil {
			return err
		}
	}
	if g.any {
		g.b = append(g.b, ',')
	}
	g.any = true
	g.b = append(g.b, '\n')
	g.count.Features++
	return nil
}

func (g *geoJSON) collection(c Collection) error {
	switch c {
	case Compounds:
		return g.job.compounds(g.compound)
	case Buildings:
		return g.job.buildings(g.building)
	case Streets:
		return g.job.streets(g.street)
	}
	return g.job.places(c.Kind(), func(s index.Slot) error {
		if err := g.next(); err != nil {
			return err
		}
		if !g.a.Places.Placed(s) {
			g.count.Unplaced++
		}
		g.b = g.a.AppendFeature(g.b, s, g.opt.Datum, nil, nil)
		return nil
	})
}

func (g *geoJSON) compound(c *geo.Compound) error {
	if err := g.begin(c.ID, "MultiPolygon"); err != nil {
		return err
	}
	g.b = append(g.b, '[')
	for i, p := range c.Perimeter {
		if i > 0 {
			g.b = append(g.b, ',')
		}
		g.polygon(p)
	}
	g.b = append(g.b, ']')
	g.properties(c.ID, Compounds, c.Name)
	g.names(c.Names)
	g.list("aliases", c.Aliases)
	g.maybe("address", c.Address)
	kind := c.Type
	if kind == "" {
		kind = geo.OtherArea
	}
	g.text("type", string(kind))
	g.bool("walled", c.Walled)
	g.bool("gated", c.Gated)
	g.list("gates", c.Gates)
	g.b = append(g.b, "}}"...)
	return nil
}

func (g *geoJSON) building(b *geo.Building) error {
	if err := g.begin(b.ID, "Polygon"); err != nil {
		return err
	}
	g.polygon(b.Outline)
	g.properties(b.ID, Buildings, b.Name)
	g.names(b.Names)
	g.maybe("number", b.Number)
	g.maybe("address", b.Address)
	if b.Compound != "" {
		g.b = append(g.b, `,"compound":{"id":`...)
		g.b = atlas.AppendString(g.b, b.Compound)
		g.text("name", g.compoundName(b.Compound))
		g.b = append(g.b, '}')
	}
	if len(b.Entrances) > 0 {
		g.b = append(append(g.b, `,"entrances":`...), g.entrances(b)...)
	}
	g.b = append(g.b, "}}"...)
	return nil
}

// entrances returns the doors of a building as a JSON list.
func (j *job) entrances(b *geo.Building) []byte {
	g := &geoJSON{job: j, b: []byte{'['}}
	for i := range b.Entrances {
		e := &b.Entrances[i]
		if i > 0 {
			g.b = append(g.b, ',')
		}
		g.b = atlas.AppendString(append(g.b, `{"id":`...), e.ID)
		g.b = append(g.b, `,"point":`...)
		g.position(e.Point)
		g.maybe("type", e.Type)
		g.maybe("unit", e.Unit)
		g.maybe("name", e.Name)
		g.b = append(g.b, '}')
	}
	return append(g.b, ']')
}

func (g *geoJSON) street(s *stretch) error {
	if err := g.begin(s.id(), "LineString"); err != nil {
		return err
	}
	g.positions(s.line)
	g.properties(s.id(), Streets, s.way.Name)
	g.maybe("name_zh", s.way.Text.Zh)
	g.maybe("name_en", s.way.Text.En)
	g.text("class", s.way.Class.Word())
	g.text("way", s.wayID())
	g.b = append(g.b, `,"length_m":`...)
	g.b = appendFixed(g.b, s.length, 1)
	g.b = append(g.b, "}}"...)
	return nil
}

// begin writes a feature up to its coordinates.
func (g *geoJSON) begin(id, geometry string) error {
	if err := g.next(); err != nil {
		return err
	}
	g.b = atlas.AppendString(append(g.b, `{"type":"Feature","id":`...), id)
	g.b = append(append(append(g.b, `,"geometry":{"type":"`...), geometry...), `","coordinates":`...)
	return nil
}

// properties ends the geometry and begins the properties.
func (g *geoJSON) properties(id string, c Collection, name string) {
	g.b = atlas.AppendString(append(g.b, `},"properties":{"id":`...), id)
	g.text("kind", string(c))
	g.text("name", name)
}

// text writes a member that is not the first.
func (g *geoJSON) text(name, value string) {
	g.b = append(append(append(g.b, ',', '"'), name...), '"', ':')
	g.b = atlas.AppendString(g.b, value)
}

func (g *geoJSON) maybe(name, value string) {
	if value != "" {
		g.text(name, value)
	}
}

func (g *geoJSON) bool(name string, v bool) {
	word := "false"
	if v {
		word = "true"
	}
	g.b = append(append(append(append(g.b, ',', '"'), name...), '"', ':'), word...)
}

func (g *geoJSON) list(name string, list []string) {
	if len(list) > 0 {
		g.b = append(append(append(g.b, ',', '"'), name...), '"', ':')
		g.b = appendStrings(g.b, list)
	}
}

func (g *geoJSON) names(names map[string]string) {
	if len(names) > 0 {
		g.b = append(append(g.b, `,"names":`...), stringMap(names)...)
	}
}

func (g *geoJSON) polygon(p orb.Polygon) {
	g.b = append(g.b, '[')
	for i, ring := range p {
		if i > 0 {
			g.b = append(g.b, ',')
		}
		g.positions(ring)
	}
	g.b = append(g.b, ']')
}

func (g *geoJSON) positions(points []orb.Point) {
	g.b = append(g.b, '[')
	for i, p := range points {
		if i > 0 {
			g.b = append(g.b, ',')
		}
		g.position(p)
	}
	g.b = append(g.b, ']')
}

func (g *geoJSON) position(p orb.Point) {
	p = g.point(p)
	g.b = appendDegrees(append(g.b, '['), p[0])
	g.b = append(appendDegrees(append(g.b, ','), p[1]), ']')
}

// appendDegrees writes at most 7 decimals, about 1 cm.
func appendDegrees(b []byte, v float64) []byte { return appendFixed(b, v, 7) }

// appendFixed writes a number with at most so many decimals.
func appendFixed(b []byte, v float64, decimals int) []byte {
	scale := math.Pow10(decimals)
	return appendNumber(b, math.Round(v*scale)/scale)
}
