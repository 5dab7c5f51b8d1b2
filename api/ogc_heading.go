package api

import (
	"strings"

	"yizhan/geo"
)

// heading says for people what stands in a property, given by its path: as the
// queryable of the same value is called, as the table below has it, or as it is
// called itself where its name comes from the data, such as a tag's.
func (c *ogcCollection) heading(path string) geo.Text {
	name := path
	if as, ok := queryableAt(path); ok {
		name = as
	}
	if q, ok := c.queryable(name); ok {
		return q.title
	}
	if known := ogcHeading(path); !known.IsZero() {
		return known
	}
	if tag, ok := strings.CutPrefix(path, "gate.tags."); ok {
		return geo.Text{Zh: "标签 " + tag, En: "Tag " + tag}
	}
	if code, ok := strings.CutPrefix(path, "names."); ok {
		return geo.Text{Zh: "名称（" + code + "）", En: "Name (" + code + ")"}
	}
	return geo.Text{Zh: path, En: path}
}

// queryableAt returns the queryable of a property within another.
func queryableAt(path string) (string, bool) {
	outer, inner, nested := strings.Cut(path, ".")
	if !nested {
		return "", false
	}
	switch outer {
	case "valid":
		return "valid_" + inner, true
	case "station":
		if inner == "type" {
			return "station_type", true
		}
		return inner, true
	case "names":
		return "name_" + inner, inner == "en"
	case "compound":
		return "compound", inner == "id"
	case "gate", "charger", "bus_stop", "parking", "shared_bike":
		return inner, true
	}
	return "", false
}

// ogcHeading is the table of what is no queryable.
func ogcHeading(path string) geo.Text {
	switch path {
	case "kind": // of what is no place
		return geo.Text{Zh: "类别", En: "Kind"}
	case "aliases":
		return geo.Text{Zh: "别名", En: "Other names"}
	case "phone":
		return geo.Text{Zh: "电话", En: "Phone"}
	case "website":
		return geo.Text{Zh: "网址", En: "Web page"}
	case "note":
		return geo.Text{Zh: "备注", En: "Note"}
	case "hours_text":
		return geo.Text{Zh: "开放时间原文", En: "Opening hours as written"}
	case "compound.name":
		return geo.Text{Zh: "所在小区", En: "Compound around it"}
	case "entrances":
		return geo.Text{Zh: "单元入口", En: "Entrances"}
	case "source.feed":
		return geo.Text{Zh: "数据来源", En: "Source"}
	case "source.ref":
		return geo.Text{Zh: "来源中的编号", En: "Id in the source"}
	case "source.time":
		return geo.Text{Zh: "来源时间", En: "Time of the source"}
	case "source.url":
		return geo.Text{Zh: "来源网址", En: "Address of the source"}
	case "station.hub":
		return geo.Text{Zh: "所属总站的编号", En: "Id of its hub"}
	case "station.booking":
		return geo.Text{Zh: "预约方式", En: "How to book"}
	case "charger.vehicles", "parking.vehicles":
		return geo.Text{Zh: "车辆种类", En: "Vehicles"}
	case "gate.compounds":
		return geo.Text{Zh: "通往的小区", En: "Compounds it leads to"}
	}
	return geo.Text{}
}
