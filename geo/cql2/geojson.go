package cql2

import (
	"encoding/json"

	"github.com/paulmach/orb"
)

// box reads the four or six numbers of a bounding box.
func (p *jsonParser) box(v jsonValue) (*node, *problem) {
	numbers := make([]float64, len(v.items))
	for i, item := range v.items {
		var problem *problem
		if numbers[i], problem = p.number(item); problem != nil {
			return nil, problem
		}
	}
	box, problem := boxOf(numbers, &p.count)
	if problem != nil {
		return nil, p.fail(v, problem)
	}
	return geometry(newBox(box)), nil
}

// geometry reads a GeoJSON geometry. Heights are dropped.
func (p *jsonParser) geometry(v jsonValue) (*node, *problem) {
	g, problem := p.parseGeometry(v)
	if problem != nil {
		return nil, problem
	}
	n := geometry(newShape(g))
	if n.height = 1 + nesting(g); n.height > maxDepth {
		return nil, p.fail(v, tooDeep())
	}
	return n, nil
}

func (p *jsonParser) parseGeometry(v jsonValue) (orb.Geometry, *problem) {
	name, _ := v.object["type"].any.(string)
	coordinates := v.object["coordinates"]
	switch name {
	case "Point":
		return p.point(coordinates)
	case "LineString":
		return p.line(coordinates)
	case "Polygon":
		return p.polygon(coordinates)
	case "MultiPoint":
		return each[orb.MultiPoint](p, coordinates, p.point)
	case "MultiLineString":
		return each[orb.MultiLineString](p, coordinates, p.line)
	case "MultiPolygon":
		return each[orb.MultiPolygon](p, coordinates, p.polygon)
	case "GeometryCollection":
		return each[orb.Collection](p, v.object["geometries"], p.parseGeometry)
	}
	return nil, p.fail(v, &problem{
		"type 应为 Point、LineString、Polygon、MultiPoint、MultiLineString、MultiPolygon 或 GeometryCollection。",
		"type must be Point, LineString, Polygon, MultiPoint, MultiLineString, MultiPolygon or GeometryCollection",
	})
}

// each reads an array of one or more parts.
func each[S ~[]E, E any](p *jsonParser, v jsonValue, one func(jsonValue) (E, *problem)) (S, *problem) {
	if len(v.items) == 0 {
		return nil, p.fail(v, &problem{"这里应为非空的坐标数组。", "expected an array of coordinates that is not empty"})
	}
	all := make(S, len(v.items))
	for i, item := range v.items {
		var problem *problem
		if all[i], problem = one(item); problem != nil {
			return nil, problem
		}
	}
	return all, nil
}

func (p *jsonParser) point(v jsonValue) (orb.Point, *problem) {
	var at orb.Point
	if len(v.items) < 2 || len(v.items) > 3 {
		return at, p.fail(v, &problem{"坐标应为 2 个或 3 个数值。", "a coordinate must be two or three numbers"})
	}
	for i, item := range v.items {
		f, problem := p.number(item)
		if problem != nil {
			return at, problem
		}
		if i < len(at) {
			at[i] = f
		}
	}
	if problem := p.count.add(at); problem != nil {
		return at, p.fail(v, problem)
	}
	return at, nil
}

func (p *jsonParser) line(v jsonValue) (orb.LineString, *problem) {
	line, problem := each[orb.LineString](p, v, p.point)
	if problem == nil {
		if problem = checkLine(line); problem != nil {
			p.fail(v, problem)
		}
	}
	return line, problem
}

func (p *jsonParser) ring(v jsonValue) (orb.Ring, *problem) {
	ring, problem := each[orb.Ring](p, v, p.point)
	if problem == nil {
		if problem = checkRing(ring); problem != nil {
			p.fail(v, problem)
		}
	}
	return ring, problem
}

func (p *jsonParser) polygon(v jsonValue) (orb.Polygon, *problem) {
	return each[orb.Polygon](p, v, p.ring)
}

func (p *jsonParser) number(v jsonValue) (float64, *problem) {
	n, ok := v.any.(json.Number)
	if !ok {
		return 0, p.fail(v, &problem{"这里应为数值。", "expected a number"})
	}
	f, problem := parseNumber(n.String())
	if problem != nil {
		return 0, p.fail(v, problem)
	}
	return ordinate(f), nil
}
