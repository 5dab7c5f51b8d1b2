package api

import (
	"fmt"
	"html/template"
	"math"
	"strconv"

	"github.com/paulmach/orb"

	"yizhan/geo"
	"yizhan/geo/street"
)

// ogcMap draws features as SVG, with the streets around them where the area is
// small, degrees along the edges and a scale: a map that needs neither a
// script nor another request.
type ogcMap struct {
	lang  geo.Lang
	marks []ogcMark
	box   orb.Bound
	any   bool
	// points counts vertices, so that a page of large shapes stays one that a
	// phone can show.
	points int
}

type ogcMark struct {
	shape       orb.Geometry
	title, href string
}

// Sizes of the map in its own units, and bounds of what is drawn.
const (
	ogcMapWide, ogcMapHigh = 720.0, 480.0
	ogcMapPoints           = 30_000
	ogcMapStreets          = 4000
	// ogcMapNear is the greatest half diagonal, in metres, of an area whose
	// streets are drawn.
	ogcMapNear = 2500.0
)

func newOGCMap(lang geo.Lang) *ogcMap { return &ogcMap{lang: lang} }

// add adds a feature; href is "" where it leads nowhere.
func (m *ogcMap) add(shape orb.Geometry, title, href string) {
	if shape == nil {
		return
	}
	if b := shape.Bound(); m.any {
		m.box = m.box.Union(b)
	} else {
		m.box, m.any = b, true
	}
	m.marks = append(m.marks, ogcMark{shape, title, href})
}

// bound is the area of all features, false where none has a geometry.
func (m *ogcMap) bound() (orb.Bound, bool) { return m.box, m.any }

// draw returns the picture, "" where there is nothing to show. All text in it
// is escaped.
func (m *ogcMap) draw(net *street.Network, title string) template.HTML {
	if !m.any {
		return ""
	}
	s := newSVG(m.box)
	s.rawf(`<svg viewBox="0 0 %g %g" role="img" aria-label="`, ogcMapWide, ogcMapHigh)
	s.text(title)
	s.raw(`">`)
	s.grid()
	s.streets(net)
	s.degrees()
	for _, mark := range m.marks {
		if m.points += vertices(mark.shape); m.points > ogcMapPoints {
			break
		}
		s.mark(mark)
	}
	s.scale()
	s.raw(`</svg>`)
	return template.HTML(s.b) //nolint:gosec // every text in it went through svg.text
}

// svg writes a picture.
type svg struct {
	b []byte
	// The picture shows box, in Mercator's projection.
	box      orb.Bound
	x0, y0   float64
	perX     float64
	perMetre float64
}

// newSVG shows a box with a margin, in the proportions of the picture.
func newSVG(b orb.Bound) *svg {
	clamp := func(lat float64) float64 { return max(-85, min(85, lat)) }
	y := func(lat float64) float64 { return math.Asinh(math.Tan(clamp(lat)*math.Pi/180)) * 180 / math.Pi }
	mid := b.Center()
	wide := max((b.Max[0]-b.Min[0])*1.15, 0.004)
	high := max((y(b.Max[1])-y(b.Min[1]))*1.15, 0.003)
	s := &svg{}
	s.perX = min(ogcMapWide/wide, ogcMapHigh/high)
	s.x0 = mid[0] - ogcMapWide/2/s.perX
	s.y0 = (y(b.Max[1])+y(b.Min[1]))/2 + ogcMapHigh/2/s.perX
	lat := func(y float64) float64 { return math.Atan(math.Sinh(y*math.Pi/180)) * 180 / math.Pi }
	s.box = orb.Bound{Min: orb.Point{s.x0, lat(s.y0 - ogcMapHigh/s.perX)}, Max: orb.Point{s.x0 + ogcMapWide/s.perX, lat(s.y0)}}
	s.perMetre = s.perX / (geo.EarthRadius * math.Pi / 180 * math.Cos(clamp(mid[1])*math.Pi/180))
	return s
}

func (s *svg) raw(text string) { s.b = append(s.b, text...) }

func (s *svg) rawf(format string, args ...any) { s.b = fmt.Appendf(s.b, format, args...) }

// text writes a text escaped.
func (s *svg) text(text string) { s.raw(template.HTMLEscapeString(text)) }

func (s *svg) at(p orb.Point) (x, y float64) {
	lat := max(-85, min(85, p[1]))
	return (p[0] - s.x0) * s.perX, (s.y0 - math.Asinh(math.Tan(lat*math.Pi/180))*180/math.Pi) * s.perX
}

func (s *svg) number(v float64) { s.b = strconv.AppendFloat(s.b, math.Round(v*10)/10, 'f', -1, 64) }

// path writes a line as path data.
func (s *svg) path(line []orb.Point, closed bool) {
	for i, p := range line {
		if closed && i == len(line)-1 {
			break
		}
		if i == 0 {
			s.raw("M")
		} else {
			s.raw("L")
		}
		x, y := s.at(p)
		s.number(x)
		s.raw(" ")
		s.number(y)
	}
	if closed {
		s.raw("Z")
	}
}

func (s *svg) mark(m ogcMark) {
	if m.href != "" {
		s.raw(`<a href="`)
		s.text(m.href)
		s.raw(`">`)
	} else {
		s.raw(`<g>`)
	}
	s.raw(`<title>`)
	s.text(m.title)
	s.raw(`</title>`)
	switch g := m.shape.(type) {
	case orb.Point:
		x, y := s.at(g)
		s.rawf(`<circle class="spot" cx="%.1f" cy="%.1f" r="7"/>`, x, y)
	case orb.MultiLineString:
		s.raw(`<path class="path" d="`)
		for _, line := range g {
			s.path(line, false)
		}
		s.raw(`"/>`)
	case orb.Polygon:
		s.area(orb.MultiPolygon{g})
	case orb.MultiPolygon:
		s.area(g)
	}
	if m.href != "" {
		s.raw(`</a>`)
	} else {
		s.raw(`</g>`)
	}
}

func (s *svg) area(g orb.MultiPolygon) {
	s.raw(`<path class="area" fill-rule="evenodd" d="`)
	for _, p := range g {
		for _, ring := range p {
			s.path(ring, true)
		}
	}
	s.raw(`"/>`)
}

// streets draws the streets around, where they are few enough to tell apart.
func (s *svg) streets(net *street.Network) {
	center := s.box.Center()
	reach := geo.Distance(center, s.box.Max)
	if reach > ogcMapNear {
		return
	}
	s.raw(`<path class="street" d="`)
	var line orb.LineString
	n := 0
	net.Near(center, reach, func(found street.Snap) bool {
		line = net.Coords(line[:0], street.Ref(2*found.Edge))
		s.path(line, false)
		n++
		return n < ogcMapStreets
	})
	s.raw(`"/>`)
}

// grid draws a few meridians and parallels.
func (s *svg) grid() {
	s.meridians(func(x float64, _ string) { s.rawf(`<path class="grid" d="M%.1f 0V%g"/>`, x, ogcMapHigh) })
	s.parallels(func(y float64, _ string) { s.rawf(`<path class="grid" d="M0 %.1fH%g"/>`, y, ogcMapWide) })
}

// degrees writes what the grid's lines are called, above the streets and below
// the features; a halo keeps them legible where streets cross them.
func (s *svg) degrees() {
	s.meridians(func(x float64, name string) { s.rawf(`<text x="%.1f" y="18">%s</text>`, x+4, name) })
	s.parallels(func(y float64, name string) { s.rawf(`<text x="4" y="%.1f">%s</text>`, y-4, name) })
}

// meridians yields the grid's meridians by their place in the picture and
// their name.
func (s *svg) meridians(yield func(x float64, name string)) {
	step, decimals := s.gridStep()
	for v := math.Ceil(s.box.Min[0]/step) * step; v < s.box.Max[0]; v += step {
		x, _ := s.at(orb.Point{v, 0})
		yield(x, strconv.FormatFloat(v, 'f', decimals, 64)+"°")
	}
}

// parallels is meridians for the grid's parallels.
func (s *svg) parallels(yield func(y float64, name string)) {
	step, decimals := s.gridStep()
	for v := math.Ceil(s.box.Min[1]/step) * step; v < s.box.Max[1]; v += step {
		_, y := s.at(orb.Point{0, v})
		yield(y, strconv.FormatFloat(v, 'f', decimals, 64)+"°")
	}
}

// gridStep is how far apart the grid's lines are, and how many decimals tell
// them apart.
func (s *svg) gridStep() (degrees float64, decimals int) {
	degrees = roundStep((s.box.Max[0] - s.box.Min[0]) / 3)
	return degrees, max(0, int(math.Ceil(-math.Log10(degrees))))
}

// scale draws a length with its name.
func (s *svg) scale() {
	metres := roundStep(ogcMapWide / 5 / s.perMetre)
	name := strconv.FormatFloat(metres, 'f', -1, 64) + " m"
	if metres >= 1000 {
		name = strconv.FormatFloat(metres/1000, 'f', -1, 64) + " km"
	}
	right := ogcMapWide - 16
	s.rawf(`<path class="scale" d="M%.1f %gH%g"/><text x="%.1f" y="%g">%s</text>`, right-metres*s.perMetre, ogcMapHigh-14, right, right-metres*s.perMetre, ogcMapHigh-20, name)
}

// roundStep returns the greatest of 1, 2 and 5 times a power of ten that is
// not above v.
func roundStep(v float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(v)))
	for _, k := range [2]float64{5, 2} {
		if k*power <= v {
			return k * power
		}
	}
	return power
}

// vertices counts the positions of a geometry.
func vertices(g orb.Geometry) int {
	n := 0
	switch g := g.(type) {
	case orb.Point:
		return 1
	case orb.MultiLineString:
		for _, line := range g {
			n += len(line)
		}
	case orb.Polygon:
		for _, ring := range g {
			n += len(ring)
		}
	case orb.MultiPolygon:
		for _, p := range g {
			n += vertices(p)
		}
	}
	return n
}
