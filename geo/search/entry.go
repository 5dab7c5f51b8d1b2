package search

import (
	"cmp"

	"github.com/paulmach/orb"

	"yizhan/geo"
	"yizhan/geo/index"
)

// The kinds of entry beside those of places.
const (
	KindCompound = "compound"
	KindBuilding = "building"
	KindStreet   = "street"
)

// Entry is something that can be found.
type Entry struct {
	ID string
	// Kind is a geo.Kind, KindCompound, KindBuilding or KindStreet.
	Kind string
	// Name is what it is called; of a building also its number as people
	// write it, "10号楼".
	Name    string
	Aliases []string
	Address string
	// Context tells it apart from others of its name: an address, the
	// compound around it, what it is.
	Context geo.Text
	Point   orb.Point

	// Compound is the ID of the compound a building stands in, Number its
	// number there, Units the numbers of its units; empty for all else.
	Compound string
	Number   string
	Units    []string
}

// Street is a named street.
type Street struct {
	ID    string
	Name  string
	Names map[string]string
	// Point lies on the street, near its middle.
	Point orb.Point
}

// Source is what entries are made of.
type Source struct {
	Places    *index.Index
	Compounds []geo.Compound
	Buildings []geo.Building
	Streets   []Street
}

// Entries returns an entry for each named thing of a source: for places that
// are placed and have a name or an address; for compounds with a name and a
// perimeter; for streets with a name; for buildings with a name, an address,
// or a number in a named compound.
func Entries(s Source) []Entry {
	var entries []Entry
	if s.Places != nil {
		entries = make([]Entry, 0, s.Places.Len("")+len(s.Compounds)+len(s.Streets))
		for slot := range s.Places.All("") {
			p := s.Places.Place(slot)
			if p.Name != "" || p.Address != "" {
				entries = append(entries, placeEntry(p))
			}
		}
	}
	named := make(map[string]string, len(s.Compounds))
	for i := range s.Compounds {
		x := &s.Compounds[i]
		at, ok := geo.Interior(x.Perimeter)
		if x.Name == "" || !ok {
			continue
		}
		named[x.ID] = x.Name
		entries = append(entries, Entry{
			ID: x.ID, Kind: KindCompound, Name: x.Name, Aliases: aliases(x.Name, x.Names, x.Aliases...), Address: x.Address,
			Context: orText(x.Address, geo.Text{Zh: "小区", En: "Compound"}), Point: at,
		})
	}
	for i := range s.Buildings {
		if e, ok := buildingEntry(&s.Buildings[i], named); ok {
			entries = append(entries, e)
		}
	}
	for _, x := range s.Streets {
		if x.Name != "" {
			entries = append(entries, Entry{
				ID: x.ID, Kind: KindStreet, Name: x.Name, Aliases: aliases(x.Name, x.Names),
				Context: geo.Text{Zh: "街道", En: "Street"}, Point: x.Point,
			})
		}
	}
	return entries
}

func placeEntry(p *geo.Place) Entry {
	e := Entry{
		ID: p.ID, Kind: string(p.Kind), Name: cmp.Or(p.Name, p.Address), Aliases: aliases(p.Name, p.Names),
		Address: p.Address, Point: p.Point,
	}
	var kind geo.Text
	for _, k := range geo.Kinds() {
		if k.Kind == p.Kind {
			kind = k.Name
		}
	}
	e.Context = orText(cmp.Or(p.Address, p.District), kind)
	return e
}

func buildingEntry(x *geo.Building, named map[string]string) (Entry, bool) {
	compound := named[x.Compound]
	label := numberLabel(x.Number)
	if x.Name == "" && x.Address == "" && (compound == "" || label == "") {
		return Entry{}, false
	}
	e := Entry{
		ID: x.ID, Kind: KindBuilding, Address: x.Address, Point: x.Center,
		Context:  orText(cmp.Or(compound, x.Address), geo.Text{Zh: "楼栋", En: "Building"}),
		Compound: x.Compound, Number: x.Number,
	}
	switch {
	case x.Name != "":
		e.Name, e.Aliases = x.Name, aliases(x.Name, x.Names)
		if label != "" && label != x.Name && compound != "" {
			e.Aliases = append(e.Aliases, label)
		}
	case compound != "" && label != "":
		e.Name = label
	default:
		e.Name = x.Address
	}
	for _, door := range x.Entrances {
		if door.Unit != "" {
			e.Units = append(e.Units, door.Unit)
		}
	}
	return e, true
}

// aliases joins the names in other languages and the other names, without the
// name itself.
func aliases(name string, names map[string]string, others ...string) []string {
	var out []string
	add := func(s string) {
		if s == "" || s == name {
			return
		}
		for _, have := range out {
			if have == s {
				return
			}
		}
		out = append(out, s)
	}
	for _, s := range others {
		add(s)
	}
	for _, lang := range sortedKeys(names) {
		add(names[lang])
	}
	return out
}

func orText(s string, otherwise geo.Text) geo.Text {
	if s != "" {
		return geo.Text{Zh: s, En: s}
	}
	return otherwise
}
