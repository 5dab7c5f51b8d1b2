package api

import (
	"time"

	"yizhan/geo"
	"yizhan/geo/cql2"
)

// ogcQueryable is a property that features may be chosen by: in a filter, and
// all but the geometry as a query parameter of its own.
type ogcQueryable struct {
	name  string
	kind  cql2.Type
	title geo.Text
	// words are the values there are, where these are few.
	words []string
	// shape is the GeoJSON type of a geometry.
	shape string
}

// ogcValue is a value of a queryable; the zero value is null.
type ogcValue struct {
	kind cql2.Type
	text string
	num  float64
	yes  bool
	time time.Time
	list []string
}

// cql returns the value as filters take it.
func (v ogcValue) cql() (cql2.Value, bool) {
	switch v.kind {
	case cql2.String:
		return cql2.Text(v.text), true
	case cql2.Number:
		return cql2.Num(v.num), true
	case cql2.Boolean:
		return cql2.Bool(v.yes), true
	case cql2.Timestamp:
		return cql2.At(v.time), true
	case cql2.StringList:
		return cql2.List(v.list), true
	case cql2.Geometry:
		return cql2.Shape(), true
	}
	return cql2.Value{}, false
}

// equal says whether a value is the one asked for; a list has to hold all that
// is asked for. Null equals nothing.
func (v ogcValue) equal(want ogcValue) bool {
	if v.kind != want.kind {
		return false
	}
	switch v.kind {
	case cql2.String:
		return v.text == want.text
	case cql2.Number:
		return v.num == want.num
	case cql2.Boolean:
		return v.yes == want.yes
	case cql2.Timestamp:
		return v.time.Equal(want.time)
	case cql2.StringList:
		for _, w := range want.list {
			found := false
			for _, have := range v.list {
				found = found || have == w
			}
			if !found {
				return false
			}
		}
		return true
	}
	return false
}

// someText is a text, null where it is empty.
func someText(s string) ogcValue {
	if s == "" {
		return ogcValue{}
	}
	return ogcValue{kind: cql2.String, text: s}
}

// someCount is a number, null where it is 0, which stands for not known.
func someCount(n int) ogcValue {
	if n == 0 {
		return ogcValue{}
	}
	return ogcValue{kind: cql2.Number, num: float64(n)}
}

func someTime(t time.Time) ogcValue {
	if t.IsZero() {
		return ogcValue{}
	}
	return ogcValue{kind: cql2.Timestamp, time: t}
}

func truth(b bool) ogcValue { return ogcValue{kind: cql2.Boolean, yes: b} }

// Queryables that several collections share.
func commonQueryables(shape string) []ogcQueryable {
	return []ogcQueryable{
		{name: "id", kind: cql2.String, title: geo.Text{Zh: "编号", En: "Id"}},
		{name: "name", kind: cql2.String, title: geo.Text{Zh: "名称", En: "Name"}},
		{name: "name_en", kind: cql2.String, title: geo.Text{Zh: "英文名", En: "Name in English"}},
		{name: "geometry", kind: cql2.Geometry, title: geo.Text{Zh: "位置", En: "Geometry"}, shape: shape},
	}
}

func placeQueryables(kind geo.Kind) []ogcQueryable {
	facilities := make([]string, 0, 32)
	for _, f := range geo.Facilities() {
		facilities = append(facilities, string(f.Facility))
	}
	all := append(commonQueryables("Point"),
		ogcQueryable{name: "kind", kind: cql2.String, title: geo.Text{Zh: "类别", En: "Kind"}, words: []string{string(kind)}},
		ogcQueryable{name: "address", kind: cql2.String, title: geo.Text{Zh: "地址", En: "Address"}},
		ogcQueryable{name: "district", kind: cql2.String, title: geo.Text{Zh: "行政区", En: "District"}},
		ogcQueryable{name: "operator", kind: cql2.String, title: geo.Text{Zh: "运营方", En: "Operator"}},
		ogcQueryable{name: "hours", kind: cql2.String, title: geo.Text{Zh: "开放时间", En: "Opening hours"}},
		ogcQueryable{name: "compound", kind: cql2.String, title: geo.Text{Zh: "所在小区的编号", En: "Id of the compound around it"}},
		ogcQueryable{name: "facilities", kind: cql2.StringList, title: geo.Text{Zh: "设施", En: "Facilities"}, words: facilities},
		ogcQueryable{name: "valid_from", kind: cql2.Timestamp, title: geo.Text{Zh: "限时服务的开始", En: "Begin of a dated service"}},
		ogcQueryable{name: "valid_until", kind: cql2.Timestamp, title: geo.Text{Zh: "限时服务的结束", En: "End of a dated service"}},
	)
	switch kind {
	case geo.KindStation:
		var types []string
		for _, t := range geo.StationTypes() {
			types = append(types, string(t.Type))
		}
		all = append(all,
			ogcQueryable{name: "station_type", kind: cql2.String, title: geo.Text{Zh: "驿站类型", En: "Type of station"}, words: types},
			ogcQueryable{name: "network", kind: cql2.String, title: geo.Text{Zh: "所属网络", En: "Network"}})
	case geo.KindGate:
		all = append(all,
			ogcQueryable{name: "barrier", kind: cql2.String, title: geo.Text{Zh: "门的形式", En: "Barrier"}},
			ogcQueryable{name: "inferred", kind: cql2.Boolean, title: geo.Text{Zh: "是否推断", En: "Inferred"}})
	case geo.KindCharger:
		all = append(all,
			ogcQueryable{name: "sockets", kind: cql2.Number, title: geo.Text{Zh: "插座数", En: "Sockets"}},
			ogcQueryable{name: "fee", kind: cql2.String, title: geo.Text{Zh: "费用", En: "Fee"}})
	case geo.KindBusStop:
		all = append(all,
			ogcQueryable{name: "lines", kind: cql2.StringList, title: geo.Text{Zh: "线路", En: "Lines"}},
			ogcQueryable{name: "shelter", kind: cql2.Boolean, title: geo.Text{Zh: "有雨棚", En: "Shelter"}},
			ogcQueryable{name: "bench", kind: cql2.Boolean, title: geo.Text{Zh: "有座椅", En: "Bench"}})
	case geo.KindParking:
		all = append(all,
			ogcQueryable{name: "capacity", kind: cql2.Number, title: geo.Text{Zh: "车位数", En: "Capacity"}},
			ogcQueryable{name: "covered", kind: cql2.Boolean, title: geo.Text{Zh: "有顶棚", En: "Covered"}})
	case geo.KindSharedBike:
		all = append(all,
			ogcQueryable{name: "capacity", kind: cql2.Number, title: geo.Text{Zh: "车位数", En: "Capacity"}},
			ogcQueryable{name: "network", kind: cql2.String, title: geo.Text{Zh: "运营网络", En: "Network"}})
	}
	return all
}

func compoundQueryables() []ogcQueryable {
	return append(commonQueryables("MultiPolygon"),
		ogcQueryable{name: "address", kind: cql2.String, title: geo.Text{Zh: "地址", En: "Address"}},
		ogcQueryable{name: "type", kind: cql2.String, title: geo.Text{Zh: "类型", En: "Type"},
			words: []string{string(geo.Residential), string(geo.Campus), string(geo.Clinic), string(geo.Office), string(geo.Industrial), string(geo.OtherArea)}},
		ogcQueryable{name: "walled", kind: cql2.Boolean, title: geo.Text{Zh: "有围墙", En: "Walled"}},
		ogcQueryable{name: "gated", kind: cql2.Boolean, title: geo.Text{Zh: "只能从门进入", En: "Gated"}})
}

func buildingQueryables() []ogcQueryable {
	return append(commonQueryables("Polygon"),
		ogcQueryable{name: "number", kind: cql2.String, title: geo.Text{Zh: "楼号", En: "Number"}},
		ogcQueryable{name: "address", kind: cql2.String, title: geo.Text{Zh: "地址", En: "Address"}},
		ogcQueryable{name: "compound", kind: cql2.String, title: geo.Text{Zh: "所在小区的编号", En: "Id of the compound around it"}})
}

func streetQueryables() []ogcQueryable { return commonQueryables("MultiLineString") }
