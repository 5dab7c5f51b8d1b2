package api

import (
	"github.com/paulmach/orb"

	"yizhan/geo"
	"yizhan/geo/cql2"
)

// compoundSet is the compounds.
type compoundSet struct{ sorted[geo.Compound] }

func newCompoundSet(all []geo.Compound) *compoundSet {
	return &compoundSet{sorted[geo.Compound]{all, func(c *geo.Compound) string { return c.ID }}}
}

func (s *compoundSet) properties(w *jsonWriter, row uint32) {
	w.compound(&s.all[row])
	w.raw("}")
}

func (s *compoundSet) bound(row uint32) (orb.Bound, bool) {
	p := s.all[row].Perimeter
	return p.Bound(), len(p) > 0
}

func (s *compoundSet) shape(row uint32) orb.Geometry {
	if len(s.all[row].Perimeter) == 0 {
		return nil
	}
	return s.all[row].Perimeter
}

func (s *compoundSet) value(row uint32, name string) ogcValue {
	c := &s.all[row]
	switch name {
	case "id":
		return someText(c.ID)
	case "name":
		return someText(c.Name)
	case "name_en":
		return someText(c.Names["en"])
	case "address":
		return someText(c.Address)
	case "type":
		if c.Type == "" {
			return someText(string(geo.OtherArea))
		}
		return someText(string(c.Type))
	case "walled":
		return truth(c.Walled)
	case "gated":
		return truth(c.Gated)
	case "geometry":
		if len(c.Perimeter) > 0 {
			return ogcValue{kind: cql2.Geometry}
		}
	}
	return ogcValue{}
}

// buildingSet is the buildings.
type buildingSet struct {
	sorted[geo.Building]
	name namer
}

func newBuildingSet(all []geo.Building, name namer) *buildingSet {
	return &buildingSet{sorted[geo.Building]{all, func(x *geo.Building) string { return x.ID }}, name}
}

func (s *buildingSet) properties(w *jsonWriter, row uint32) { w.building(&s.all[row], s.name) }

func (s *buildingSet) bound(row uint32) (orb.Bound, bool) {
	p := s.all[row].Outline
	return p.Bound(), len(p) > 0
}

func (s *buildingSet) shape(row uint32) orb.Geometry {
	if len(s.all[row].Outline) == 0 {
		return nil
	}
	return s.all[row].Outline
}

func (s *buildingSet) value(row uint32, name string) ogcValue {
	x := &s.all[row]
	switch name {
	case "id":
		return someText(x.ID)
	case "name":
		return someText(x.Name)
	case "name_en":
		return someText(x.Names["en"])
	case "number":
		return someText(x.Number)
	case "address":
		return someText(x.Address)
	case "compound":
		return someText(x.Compound)
	case "geometry":
		if len(x.Outline) > 0 {
			return ogcValue{kind: cql2.Geometry}
		}
	}
	return ogcValue{}
}
