package cql2

import (
	"strings"

	"github.com/paulmach/orb"
)

func isGeometryTag(tag string) bool {
	switch tag {
	case "POINT", "LINESTRING", "POLYGON", "MULTIPOINT", "MULTILINESTRING", "MULTIPOLYGON", "GEOMETRYCOLLECTION", "BBOX":
		return true
	}
	return false
}

// parseGeometry reads a geometry in Well-Known Text, or a BBOX. Heights are
// read and dropped.
func (p *textParser) parseGeometry(tag string) (*node, *problem) {
	at := p.token.at
	if tag == "BBOX" {
		box, problem := p.parseBox()
		if problem != nil {
			return nil, problem
		}
		return geometry(newBox(box)), nil
	}
	g, problem := p.parseTagged(tag)
	if problem != nil {
		return nil, problem
	}
	n := geometry(newShape(g))
	if n.height = 1 + nesting(g); n.height > maxDepth {
		p.failed = at
		return nil, tooDeep()
	}
	return n, nil
}

// nesting is how deep the collections of a geometry are.
func nesting(g orb.Geometry) int {
	most := 0
	if c, ok := g.(orb.Collection); ok {
		for _, m := range c {
			most = max(most, 1+nesting(m))
		}
	}
	return most
}

func (p *textParser) parseBox() ([4]float64, *problem) {
	var numbers []float64
	var box [4]float64
	if problem := p.advance(); problem != nil {
		return box, problem
	}
	problem := p.parseSequence(func() *problem {
		f, problem := p.parseOrdinate()
		numbers = append(numbers, f)
		return problem
	})
	if problem != nil {
		return box, problem
	}
	return boxOf(numbers, &p.count)
}

// boxOf takes the four numbers of a box in the plane out of four or six.
func boxOf(numbers []float64, count *vertices) ([4]float64, *problem) {
	var box [4]float64
	switch len(numbers) {
	case 4:
		copy(box[:], numbers)
	case 6:
		box = [4]float64{numbers[0], numbers[1], numbers[3], numbers[4]}
	default:
		return box, &problem{"边界框需要 4 个或 6 个数值。", "a box takes four or six numbers"}
	}
	if problem := count.add(orb.Point{box[0], box[1]}); problem != nil {
		return box, problem
	}
	return box, count.add(orb.Point{box[2], box[3]})
}

// parseTagged reads a geometry whose tag is the token.
func (p *textParser) parseTagged(tag string) (orb.Geometry, *problem) {
	if problem := p.advance(); problem != nil {
		return nil, problem
	}
	if p.isWord("Z") {
		if problem := p.advance(); problem != nil {
			return nil, problem
		}
	}
	switch tag {
	case "POINT":
		return p.parsePointText()
	case "LINESTRING":
		return p.parseLineText()
	case "POLYGON":
		return p.parsePolygonText()
	case "MULTIPOINT":
		return parseMany[orb.MultiPoint](p, func() (orb.Point, *problem) {
			if p.isMark("(") {
				return p.parsePointText()
			}
			return p.parseCoordinate()
		})
	case "MULTILINESTRING":
		return parseMany[orb.MultiLineString](p, p.parseLineText)
	case "MULTIPOLYGON":
		return parseMany[orb.MultiPolygon](p, p.parsePolygonText)
	case "GEOMETRYCOLLECTION":
		return parseMany[orb.Collection](p, p.parseMember)
	}
	return nil, p.unexpected("几何", "a geometry")
}

func (p *textParser) parseMember() (orb.Geometry, *problem) {
	tag := strings.ToUpper(p.token.text)
	if p.token.kind != tokenWord || !isGeometryTag(tag) || tag == "BBOX" {
		return nil, p.unexpected("几何，例如 POINT(…)", "a geometry, such as POINT(…)")
	}
	if problem := p.enter(); problem != nil {
		return nil, problem
	}
	defer p.leave()
	return p.parseTagged(tag)
}

// parseSequence reads a bracket of one or more items.
func (p *textParser) parseSequence(item func() *problem) *problem {
	if problem := p.expectMark("("); problem != nil {
		return problem
	}
	for {
		if problem := item(); problem != nil {
			return problem
		}
		if !p.isMark(",") {
			return p.expectMark(")")
		}
		if problem := p.advance(); problem != nil {
			return problem
		}
	}
}

func parseMany[S ~[]E, E any](p *textParser, one func() (E, *problem)) (S, *problem) {
	var all S
	problem := p.parseSequence(func() *problem {
		e, problem := one()
		all = append(all, e)
		return problem
	})
	return all, problem
}

func (p *textParser) parsePointText() (orb.Point, *problem) {
	if problem := p.expectMark("("); problem != nil {
		return orb.Point{}, problem
	}
	at, problem := p.parseCoordinate()
	if problem != nil {
		return at, problem
	}
	return at, p.expectMark(")")
}

func (p *textParser) parseLineText() (orb.LineString, *problem) {
	at := p.token.at
	line, problem := parseMany[orb.LineString](p, p.parseCoordinate)
	if problem == nil {
		if problem = checkLine(line); problem != nil {
			p.failed = at
		}
	}
	return line, problem
}

func (p *textParser) parseRingText() (orb.Ring, *problem) {
	at := p.token.at
	ring, problem := parseMany[orb.Ring](p, p.parseCoordinate)
	if problem == nil {
		if problem = checkRing(ring); problem != nil {
			p.failed = at
		}
	}
	return ring, problem
}

func (p *textParser) parsePolygonText() (orb.Polygon, *problem) {
	return parseMany[orb.Polygon](p, p.parseRingText)
}

// parseCoordinate reads two numbers, and a third one where it is there.
func (p *textParser) parseCoordinate() (orb.Point, *problem) {
	var at orb.Point
	start := p.token.at
	for axis := range at {
		var problem *problem
		if at[axis], problem = p.parseOrdinate(); problem != nil {
			return at, problem
		}
	}
	if p.token.kind == tokenNumber || p.isMark("-") || p.isMark("+") {
		if _, problem := p.parseOrdinate(); problem != nil {
			return at, problem
		}
	}
	problem := p.count.add(at)
	if problem != nil {
		p.failed = start
	}
	return at, problem
}

func (p *textParser) parseOrdinate() (float64, *problem) {
	negative := p.isMark("-")
	if negative || p.isMark("+") {
		if problem := p.advance(); problem != nil {
			return 0, problem
		}
	}
	if p.token.kind != tokenNumber {
		return 0, p.unexpected("坐标数值", "a number of a coordinate")
	}
	n, problem := p.parseNumber(negative)
	if problem != nil {
		return 0, problem
	}
	return ordinate(n.value.num), nil
}
