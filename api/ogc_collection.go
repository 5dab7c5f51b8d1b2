package api

import (
	"iter"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"yizhan/data/atlas"
	"yizhan/geo"
	"yizhan/geo/cql2"
)

// ogcCollection is what OGC API calls a collection: the places of one kind, the
// compounds, the buildings or the named streets.
type ogcCollection struct {
	id          string
	title       geo.Text
	description geo.Text
	// shape is the GeoJSON type of its geometries.
	shape      string
	queryables []ogcQueryable
	// open returns the collection's features in an Atlas, for one request.
	open func(*ogcView) ogcSet
}

// ogcSet gives the features of a collection in one Atlas, for one request.
// Rows are numbers that mean nothing elsewhere.
type ogcSet interface {
	count() int
	// byID yields all rows in the order of their IDs, beginning behind an ID.
	byID(after string) iter.Seq[uint32]
	find(id string) (row uint32, ok bool)
	id(row uint32) string
	// within yields the rows that may meet a box, which crosses the
	// antimeridian where its west is greater than its east, and those without
	// a geometry. It reports false where it cannot narrow anything down.
	within(b orb.Bound, yield func(row uint32) bool) bool
	// shape is the row's geometry in WGS-84 lon,lat; nil where there is none.
	shape(row uint32) orb.Geometry
	// bound is the box around the geometry, false where there is none.
	bound(row uint32) (orb.Bound, bool)
	valid(row uint32) *geo.Period
	// value returns a queryable; the zero value is null.
	value(row uint32, name string) ogcValue
	// properties writes the row's properties as an object.
	properties(w *jsonWriter, row uint32)
}

// ogcView is what the collections are made of in one Atlas, each part worked
// out at first use.
type ogcView struct {
	atlas   *atlas.Atlas
	streets func() *streetLines
	extents map[string]func() ogcExtent
}

// ogcCollections is the table of collections.
func ogcCollections() []*ogcCollection {
	var all []*ogcCollection
	about := map[geo.Kind]geo.Text{
		geo.KindStation:    {Zh: "骑手歇脚、饮水、充电的驿站，含限时服务。", En: "Rest stations for riders: seats, water, charging; dated services too."},
		geo.KindGate:       {Zh: "小区、校园、医院等的出入口，含推断的出入口。", En: "Gates of compounds, campuses and hospitals, inferred ones too."},
		geo.KindCharger:    {Zh: "电动自行车、汽车和手机的充电点。", En: "Charging points for e-bikes, cars and phones."},
		geo.KindBusStop:    {Zh: "公交站。", En: "Stops of public transport."},
		geo.KindParking:    {Zh: "自行车、电动自行车和摩托车的停车点。", En: "Parking for bicycles, e-bikes and motorcycles."},
		geo.KindSharedBike: {Zh: "共享单车的停放点。", En: "Racks of bikes to borrow."},
	}
	for _, k := range geo.Kinds() {
		all = append(all, &ogcCollection{
			id: string(k.Kind), title: k.Name, description: about[k.Kind], shape: "Point", queryables: placeQueryables(k.Kind),
			open: func(v *ogcView) ogcSet { return newPlaceSet(v.atlas, k.Kind) },
		})
	}
	return append(all,
		&ogcCollection{
			id: "compound", title: geo.Text{Zh: "小区与园区", En: "Compounds"}, shape: "MultiPolygon", queryables: compoundQueryables(),
			description: geo.Text{Zh: "有围墙和出入口的区域：小区、校园、医院、园区。", En: "Areas behind a perimeter with gates: residential compounds, campuses, hospitals, parks."},
			open:        func(v *ogcView) ogcSet { return newCompoundSet(v.atlas.Streets.Compounds()) },
		},
		&ogcCollection{
			id: "building", title: geo.Text{Zh: "楼栋", En: "Buildings"}, shape: "Polygon", queryables: buildingQueryables(),
			description: geo.Text{Zh: "楼栋轮廓，含楼号和单元入口。", En: "Outlines of buildings with their numbers and entrances."},
			open: func(v *ogcView) ogcSet {
				return newBuildingSet(v.atlas.Streets.Buildings(), compoundNames(v.atlas))
			},
		},
		&ogcCollection{
			id: "street", title: geo.Text{Zh: "道路", En: "Streets"}, shape: "MultiLineString", queryables: streetQueryables(),
			description: geo.Text{Zh: "有名字的道路。", En: "Streets with a name."},
			open:        func(v *ogcView) ogcSet { return newStreetSet(v.streets()) },
		},
	)
}

// queryable returns the queryable of a name.
func (c *ogcCollection) queryable(name string) (ogcQueryable, bool) {
	for _, q := range c.queryables {
		if q.name == name {
			return q, true
		}
	}
	return ogcQueryable{}, false
}

// schema is what a filter on the collection may speak of.
func (c *ogcCollection) schema() cql2.Schema {
	s := make(cql2.Schema, len(c.queryables))
	for _, q := range c.queryables {
		s[q.name] = q.kind
	}
	return s
}

// sorted is a set whose features lie in a slice in the order of their IDs.
type sorted[T any] struct {
	all []T
	key func(*T) string
}

func (s sorted[T]) count() int           { return len(s.all) }
func (s sorted[T]) id(row uint32) string { return s.key(&s.all[row]) }

func (s sorted[T]) search(id string) (int, bool) {
	return slices.BinarySearchFunc(s.all, id, func(x T, id string) int { return strings.Compare(s.key(&x), id) })
}

func (s sorted[T]) find(id string) (uint32, bool) {
	i, ok := s.search(id)
	return uint32(i), ok
}

func (s sorted[T]) byID(after string) iter.Seq[uint32] {
	return func(yield func(uint32) bool) {
		i, ok := s.search(after)
		if ok {
			i++
		}
		for ; i < len(s.all); i++ {
			if !yield(uint32(i)) {
				return
			}
		}
	}
}

// within narrows nothing down: there are few enough of these to look at all.
func (sorted[T]) within(orb.Bound, func(uint32) bool) bool { return false }
func (sorted[T]) valid(uint32) *geo.Period                 { return nil }
