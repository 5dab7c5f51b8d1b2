package table

import (
	"yizhan/geo"
	"yizhan/geo/datum"
)

// fieldText names a field, or a facility in the place of one, for people. What
// is neither is a header and is left as it is.
func fieldText(f Field) geo.Text {
	for i := range fieldTable {
		if fieldTable[i].field == f {
			return fieldTable[i].label
		}
	}
	if info, ok := geo.LookupFacility(geo.Facility(f)); ok {
		return info.Name
	}
	return geo.Text{Zh: string(f), En: string(f)}
}

// datumText names a datum for people.
func datumText(d datum.Datum) geo.Text {
	switch d {
	case datum.GCJ02:
		return geo.Text{Zh: "高德、腾讯坐标（GCJ-02）", En: "Amap and Tencent coordinates (GCJ-02)"}
	case datum.BD09:
		return geo.Text{Zh: "百度坐标（BD-09）", En: "Baidu coordinates (BD-09)"}
	}
	return geo.Text{Zh: "GPS 坐标（WGS-84）", En: "GPS coordinates (WGS-84)"}
}

// text says who said the datum.
func (d DatumSource) text() geo.Text {
	switch d {
	case DatumHeader:
		return geo.Text{Zh: "，依据表头", En: " as a header says"}
	case DatumFile:
		return geo.Text{Zh: "，依据文件名", En: " as the name of the file says"}
	case DatumAssumed:
		return geo.Text{Zh: "，未写明", En: ", which nothing says"}
	}
	return geo.Text{}
}

func delimiterText(name string) geo.Text {
	switch name {
	case "tab":
		return geo.Text{Zh: "制表符", En: "tabs"}
	case "semicolon":
		return geo.Text{Zh: "分号", En: "semicolons"}
	}
	return geo.Text{Zh: "逗号", En: "commas"}
}

// text says what became of a column.
func (c Column) text() geo.Text {
	switch c.Use {
	case Guessed, Given:
		label := fieldText(c.Field)
		if c.days != "" {
			label = geo.Text{Zh: label.Zh + "（" + c.days + "）", En: label.En + " (" + c.days + ")"}
		}
		if c.Use == Given {
			label = geo.Text{Zh: label.Zh + "（指定）", En: label.En + " (given)"}
		}
		return label
	case YesNo:
		name := fieldText(Field(c.Facility))
		return geo.Text{Zh: "设施：" + name.Zh, En: "facility: " + name.En}
	case LeftOut:
		return geo.Text{Zh: "不导入（个人信息）", En: "left out (about a person)"}
	}
	return geo.Text{Zh: "附加信息", En: "kept as extra"}
}
