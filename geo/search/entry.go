package search

import (
	"cmp"
	"slices"

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

// Source is what can be found: places that are placed and have a name or an
// address; compounds with a name and a perimeter; streets with a name;
// buildings with a name, an address, or a number in a named compound. It
// belongs to the Index made of it.
type Source struct {
	Places    *index.Index
	Compounds []geo.Compound
	Buildings []geo.Building
	Streets   []Street
}

// other is something beside places that can be found: its kind and its place
// in the source's list of that kind.
type other struct {
	kind string
	i    uint32
}

// others lists what can be found beside the places, and the names of the
// compounds by ID.
func (s *Source) others() (list []other, named map[string]string) {
	named = make(map[string]string, len(s.Compounds))
	for i := range s.Compounds {
		c := &s.Compounds[i]
		if _, ok := geo.Interior(c.Perimeter); ok && c.Name != "" {
			named[c.ID] = c.Name
			list = append(list, other{KindCompound, uint32(i)})
		}
	}
	for i := range s.Buildings {
		b := &s.Buildings[i]
		if b.Name != "" || b.Address != "" || named[b.Compound] != "" && numberLabel(b.Number) != "" {
			list = append(list, other{KindBuilding, uint32(i)})
		}
	}
	for i := range s.Streets {
		if s.Streets[i].Name != "" {
			list = append(list, other{KindStreet, uint32(i)})
		}
	}
	return slices.Clip(list), named
}

// entry makes the entry of a thing by its number.
func (x *Index) entry(n uint32) Entry {
	if s, ok := x.place(n); ok {
		return placeEntry(x.source.Places.Place(s))
	}
	o := x.others[n-x.slots]
	switch o.kind {
	case KindCompound:
		return compoundEntry(&x.source.Compounds[o.i])
	case KindBuilding:
		return buildingEntry(&x.source.Buildings[o.i], x.named)
	}
	return streetEntry(&x.source.Streets[o.i])
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

func compoundEntry(c *geo.Compound) Entry {
	at, _ := geo.Interior(c.Perimeter)
	return Entry{
		ID: c.ID, Kind: KindCompound, Name: c.Name, Aliases: aliases(c.Name, c.Names, c.Aliases...), Address: c.Address,
		Context: orText(c.Address, geo.Text{Zh: "小区", En: "Compound"}), Point: at,
	}
}

func streetEntry(s *Street) Entry {
	return Entry{
		ID: s.ID, Kind: KindStreet, Name: s.Name, Aliases: aliases(s.Name, s.Names),
		Context: geo.Text{Zh: "街道", En: "Street"}, Point: s.Point,
	}
}

// buildingEntry makes the entry of a building; named gives the names of the
// compounds.
func buildingEntry(b *geo.Building, named map[string]string) Entry {
	compound, label := named[b.Compound], numberLabel(b.Number)
	e := Entry{
		ID: b.ID, Kind: KindBuilding, Address: b.Address, Point: b.Center,
		Context:  orText(cmp.Or(compound, b.Address), geo.Text{Zh: "楼栋", En: "Building"}),
		Compound: b.Compound, Number: b.Number,
	}
	switch {
	case b.Name != "":
		e.Name, e.Aliases = b.Name, aliases(b.Name, b.Names)
		if label != "" && label != b.Name && compound != "" {
			e.Aliases = append(e.Aliases, label)
		}
	case compound != "" && label != "":
		e.Name = label
	default:
		e.Name = b.Address
	}
	for _, door := range b.Entrances {
		if door.Unit != "" {
			e.Units = append(e.Units, door.Unit)
		}
	}
	return e
}

// aliases joins the names in other languages and the other names, without the
// name itself.
func aliases(name string, names map[string]string, others ...string) []string {
	var out []string
	add := func(s string) {
		if s != "" && s != name && !slices.Contains(out, s) {
			out = append(out, s)
		}
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
