package api

import (
	"iter"

	"github.com/paulmach/orb"

	"yizhan/data/atlas"
	"yizhan/geo"
	"yizhan/geo/cql2"
	"yizhan/geo/index"
)

// placeSet is the places of a kind. What most filters ask is read from the
// index as it lies; a place is decoded for the rest, once while it is asked
// about.
type placeSet struct {
	atlas *atlas.Atlas
	kind  geo.Kind
	// have is the place that was decoded last, of row at.
	have *geo.Place
	at   uint32
	// words are all facilities there are, list those of the row asked about.
	words []geo.Facility
	list  []string
}

// inferredClass is the class of an inferred gate in the index.
const inferredClass = "inferred"

func newPlaceSet(a *atlas.Atlas, kind geo.Kind) *placeSet {
	s := &placeSet{atlas: a, kind: kind}
	for _, f := range geo.Facilities() {
		s.words = append(s.words, f.Facility)
	}
	return s
}

func (s *placeSet) count() int {
	n := s.atlas.Places.Len(s.kind)
	for range s.atlas.Places.Unplaced(s.kind) {
		n++
	}
	return n
}

func (s *placeSet) byID(after string) iter.Seq[uint32] {
	return func(yield func(uint32) bool) {
		for slot := range s.atlas.Places.ByID(s.kind, after) {
			if !yield(uint32(slot)) {
				return
			}
		}
	}
}

func (s *placeSet) find(id string) (uint32, bool) {
	slot, ok := s.atlas.Places.Find(id)
	return uint32(slot), ok && s.atlas.Places.Kind(slot) == s.kind
}

func (s *placeSet) id(row uint32) string { return s.atlas.Places.ID(index.Slot(row)) }

func (s *placeSet) within(b orb.Bound, yield func(uint32) bool) bool {
	more := true
	s.atlas.Places.Within(b, []geo.Kind{s.kind}, func(slot index.Slot) bool {
		more = yield(uint32(slot))
		return more
	})
	if more {
		for slot := range s.atlas.Places.Unplaced(s.kind) {
			if !yield(uint32(slot)) {
				break
			}
		}
	}
	return true
}

func (s *placeSet) shape(row uint32) orb.Geometry {
	if !s.atlas.Places.Placed(index.Slot(row)) {
		return nil
	}
	return s.atlas.Places.Point(index.Slot(row))
}

func (s *placeSet) bound(row uint32) (orb.Bound, bool) {
	if !s.atlas.Places.Placed(index.Slot(row)) {
		return orb.Bound{}, false
	}
	p := s.atlas.Places.Point(index.Slot(row))
	return orb.Bound{Min: p, Max: p}, true
}

func (s *placeSet) valid(row uint32) *geo.Period { return s.atlas.Places.Valid(index.Slot(row)) }

func (s *placeSet) properties(w *jsonWriter, row uint32) {
	w.b = s.atlas.AppendProperties(w.b, index.Slot(row), nil, nil)
}

// place decodes a row.
func (s *placeSet) place(row uint32) *geo.Place {
	if s.have == nil || s.at != row {
		s.have, s.at = s.atlas.Places.Place(index.Slot(row)), row
	}
	return s.have
}

func (s *placeSet) value(row uint32, name string) ogcValue {
	ix, slot := s.atlas.Places, index.Slot(row)
	switch name {
	case "id":
		return someText(ix.ID(slot))
	case "kind":
		return someText(string(s.kind))
	case "name":
		return someText(ix.Name(slot))
	case "hours":
		return someText(ix.Hours(slot))
	case "compound":
		return someText(ix.Compound(slot))
	case "geometry":
		if !ix.Placed(slot) {
			return ogcValue{}
		}
		return ogcValue{kind: cql2.Geometry}
	case "valid_from":
		if v := ix.Valid(slot); v != nil {
			return someTime(v.From)
		}
		return ogcValue{}
	case "valid_until":
		if v := ix.Valid(slot); v != nil {
			return someTime(v.Until)
		}
		return ogcValue{}
	case "name_en":
		return someText(s.place(row).Names["en"])
	case "address":
		return someText(s.place(row).Address)
	case "district":
		return someText(s.place(row).District)
	case "operator":
		return someText(s.place(row).Operator)
	case "facilities":
		s.list = s.list[:0]
		for i := range s.words {
			if ix.Has(slot, s.words[i:i+1]) {
				s.list = append(s.list, string(s.words[i]))
			}
		}
		return ogcValue{kind: cql2.StringList, list: s.list}
	case "station_type":
		return someText(ix.Class(slot))
	case "barrier":
		if c := ix.Class(slot); c != inferredClass {
			return someText(c)
		}
		return ogcValue{}
	case "inferred":
		return truth(ix.Class(slot) == inferredClass)
	}
	return s.particular(row, name)
}

// particular returns what places of one kind have.
func (s *placeSet) particular(row uint32, name string) ogcValue {
	switch p := s.place(row); {
	case p.Station != nil && name == "network":
		return someText(p.Station.Network)
	case p.Charger != nil && name == "sockets":
		return someCount(p.Charger.Sockets)
	case p.Charger != nil && name == "fee":
		return someText(p.Charger.Fee)
	case p.BusStop != nil && name == "lines":
		return ogcValue{kind: cql2.StringList, list: p.BusStop.Lines}
	case p.BusStop != nil && name == "shelter":
		return truth(p.BusStop.Shelter)
	case p.BusStop != nil && name == "bench":
		return truth(p.BusStop.Bench)
	case p.Parking != nil && name == "capacity":
		return someCount(p.Parking.Capacity)
	case p.Parking != nil && name == "covered":
		return truth(p.Parking.Covered)
	case p.Bikes != nil && name == "capacity":
		return someCount(p.Bikes.Capacity)
	case p.Bikes != nil && name == "network":
		return someText(p.Bikes.Network)
	}
	return ogcValue{}
}
