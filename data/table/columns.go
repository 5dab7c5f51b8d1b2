package table

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"yizhan/geo"
	"yizhan/geo/datum"
)

// Field is what a column of a table may say of a place.
type Field string

// The fields.
const (
	FieldID         Field = "id"
	FieldName       Field = "name"
	FieldNameEn     Field = "name_en"
	FieldAddress    Field = "address"
	FieldDistrict   Field = "district"
	FieldLon        Field = "lon"
	FieldLat        Field = "lat"
	FieldPoint      Field = "point"
	FieldHours      Field = "hours"
	FieldPhone      Field = "phone"
	FieldOperator   Field = "operator"
	FieldWebsite    Field = "website"
	FieldType       Field = "type"
	FieldFacilities Field = "facilities"
	FieldNetwork    Field = "network"
	FieldBooking    Field = "booking"
	FieldNote       Field = "note"
	FieldCapacity   Field = "capacity"
	FieldFee        Field = "fee"
	FieldLines      Field = "lines"
)

// fieldInfo says under which headers a field is found. A header is compared
// without case, width, spaces and punctuation, and without a datum's name
// behind it. An entry of ends also answers for headers that end in it.
type fieldInfo struct {
	field Field
	max   int // characters kept of a cell
	names []string
	ends  []string
}

var fieldTable = [...]fieldInfo{
	{FieldID, 100, []string{"id", "stationid", "siteid", "poiid", "uid", "code", "编号", "站点编号", "驿站编号", "编码", "站点id"}, []string{"编号", "编码"}},
	{FieldName, 200, []string{"name", "名称", "站点名称", "驿站名称", "stationname", "sitename", "namezh", "title", "站名", "站点", "驿站", "点位名称", "网点名称"}, []string{"名称", "站名", "驿站名"}},
	{FieldNameEn, 200, []string{"nameen", "englishname", "英文名称", "英文名"}, nil},
	{FieldAddress, 300, []string{"address", "地址", "详细地址", "addr", "具体地址", "站点地址", "位置", "所在位置", "地点"}, []string{"地址"}},
	{FieldDistrict, 100, []string{"district", "区", "区县", "所属区", "行政区", "所在区", "区域", "县区", "adname"}, nil},
	{FieldLon, 60, []string{"lon", "lng", "longitude", "经度", "long", "x"}, []string{"经度"}},
	{FieldLat, 60, []string{"lat", "latitude", "纬度", "y"}, []string{"纬度"}},
	{FieldPoint, 120, []string{"坐标", "经纬度", "coordinates", "coordinate", "location", "lnglat", "lonlat", "latlng", "latlon", "纬经度", "point", "geom", "wkt", "经纬度坐标", "坐标经纬度"}, nil},
	{FieldHours, 500, []string{"hours", "openinghours", "openhours", "openhoursraw", "开放时间", "营业时间", "服务时间", "opentime", "businesshours", "工作时间", "运营时间", "开放时段", "服务时段"}, []string{"开放时间", "营业时间", "服务时间", "开放时段"}},
	{FieldPhone, 100, []string{"phone", "电话", "联系电话", "tel", "telephone", "咨询电话", "服务电话", "热线", "联系方式"}, []string{"电话"}},
	{FieldOperator, 200, []string{"operator", "运营单位", "主办单位", "管理单位", "建设单位", "运营方", "运营商"}, nil},
	{FieldWebsite, 300, []string{"website", "url", "网址", "网站", "官网", "链接"}, nil},
	{FieldType, 100, []string{"type", "类型", "站点类型", "驿站类型", "类别", "stationtype", "性质"}, []string{"类型", "类别"}},
	{FieldFacilities, 500, []string{"facilities", "设施", "服务设施", "设施服务", "服务", "服务项目", "服务内容", "配套设施", "配置", "amenities", "services", "设备"}, []string{"设施", "服务内容", "服务项目"}},
	{FieldNetwork, 200, []string{"network", "品牌", "网络", "所属网络", "brand"}, nil},
	{FieldBooking, 300, []string{"booking", "预约", "预约方式", "预约电话"}, nil},
	{FieldNote, 500, []string{"note", "notes", "备注", "说明", "remark", "remarks", "comment", "简介", "描述", "description"}, nil},
	{FieldCapacity, 20, []string{"capacity", "容量", "车位数", "数量", "车位", "sockets", "插座数", "充电口数", "充电口", "接口数", "枪数"}, nil},
	{FieldFee, 200, []string{"fee", "收费", "费用", "价格", "收费标准", "price"}, nil},
	{FieldLines, 500, []string{"lines", "线路", "公交线路", "途经线路", "routes"}, nil},
}

// personal are headers of columns about private people, who are never put on
// a map: such columns are left out altogether.
var personal = []string{"联系人", "负责人", "姓名", "站长", "管理员", "身份证", "contactperson", "contactname", "manager", "owner"}

// Fields lists the fields that Options.Columns may name, in the order of the
// table.
func Fields() []Field {
	out := make([]Field, len(fieldTable))
	for i := range fieldTable {
		out[i] = fieldTable[i].field
	}
	return out
}

// Use is what is done with a column.
type Use string

// The uses of a column.
const (
	// Guessed and Given columns fill a field; Given by Options.Columns.
	Guessed Use = "guessed"
	Given   Use = "given"
	// YesNo columns say of one facility whether it is there.
	YesNo Use = "facility"
	// Kept columns go to Place.Extra under their header.
	Kept Use = "extra"
	// LeftOut columns are about private people.
	LeftOut Use = "left out"
)

// Column is a column of the table and what became of it.
type Column struct {
	Header string `json:"header"`
	Use    Use    `json:"use"`
	Field  Field  `json:"field,omitempty"`
	// Facility is set where Use is YesNo.
	Facility geo.Facility `json:"facility,omitempty"`
	// Datum is the datum that the header names, "" where it names none.
	Datum datum.Datum `json:"datum,omitempty"`
}

// guessColumns decides on every column of a table.
func guessColumns(header []string, opt Options) ([]Column, error) {
	columns := make([]Column, len(header))
	plain := make([]string, len(header))
	seen := map[string]bool{}
	for i, h := range header {
		name, _ := clean(h, 100)
		if name == "" {
			name = fmt.Sprintf("column %d", i+1)
		}
		for base, n := name, 2; seen[name]; n++ {
			name = fmt.Sprintf("%s (%d)", base, n)
		}
		seen[name] = true
		columns[i] = Column{Header: name, Use: Kept}
		plain[i], columns[i].Datum = plainHeader(name)
		if slices.ContainsFunc(personal, func(p string) bool { return strings.Contains(plain[i], p) }) {
			columns[i].Use = LeftOut
		}
	}
	taken, err := givenColumns(columns, opt.Columns)
	if err != nil {
		return nil, err
	}
	for f := range fieldTable {
		if info := &fieldTable[f]; !taken[info.field] {
			if i := bestColumn(info, columns, plain, opt.Datum); i >= 0 {
				columns[i].Use, columns[i].Field, taken[info.field] = Guessed, info.field, true
			}
		}
	}
	if !taken[FieldName] && !taken[FieldAddress] {
		return nil, geo.NewError(geo.Invalid,
			fmt.Sprintf("找不到名称或地址列，表头是：%s。请用 name=表头 指定。", headerList(columns)),
			fmt.Sprintf("no column for a name or an address; the headers are: %s. Say which with name=HEADER", headerList(columns)))
	}
	for i := range columns {
		if columns[i].Use == Kept && opt.Kind == geo.KindStation {
			if f, ok := facilityOf(plain[i]); ok {
				columns[i].Use, columns[i].Facility = YesNo, f
			}
		}
	}
	return columns, nil
}

// givenColumns applies Options.Columns and returns the fields it settles.
func givenColumns(columns []Column, given map[string]string) (map[Field]bool, error) {
	taken := map[Field]bool{}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		field, want := Field(name), given[name]
		if !slices.Contains(Fields(), field) {
			words := fmt.Sprint(Fields())
			return nil, geo.NewError(geo.Invalid,
				fmt.Sprintf("列设置里的字段 %q 不认识，可用：%s。", name, words),
				fmt.Sprintf("unknown field %q for a column: use one of %s", name, words))
		}
		taken[field] = true
		if want == "-" {
			continue
		}
		at := slices.IndexFunc(columns, func(c Column) bool { return c.Header == strings.TrimSpace(want) })
		if at < 0 {
			return nil, geo.NewError(geo.Invalid,
				fmt.Sprintf("表里没有“%s”列（字段 %s），表头是：%s。", want, name, headerList(columns)),
				fmt.Sprintf("the table has no column %q (for the field %s); the headers are: %s", want, name, headerList(columns)))
		}
		if columns[at].Field != "" {
			return nil, geo.NewError(geo.Invalid,
				fmt.Sprintf("“%s”列不能同时作为 %s 和 %s。", want, columns[at].Field, name),
				fmt.Sprintf("the column %q cannot be both %s and %s", want, columns[at].Field, name))
		}
		columns[at].Use, columns[at].Field = Given, field
	}
	return taken, nil
}

// bestColumn returns the column that fits a field best, -1 where none does: an
// earlier name before a later one, names before endings; among those of one
// name the one in the datum wanted, WGS-84 where none is.
func bestColumn(info *fieldInfo, columns []Column, plain []string, want datum.Datum) int {
	best, score := -1, 0
	for i := range columns {
		if columns[i].Use != Kept {
			continue
		}
		s := 2 * slices.Index(info.names, plain[i])
		if s < 0 {
			end := slices.IndexFunc(info.ends, func(e string) bool { return strings.HasSuffix(plain[i], e) })
			if end < 0 {
				continue
			}
			s = 1000 + 2*end
		}
		switch d := columns[i].Datum; {
		case want != "" && d != "" && d != want:
			s += 5000
		case want == "" && d != "" && d != datum.WGS84:
			s++
		}
		if best < 0 || s < score {
			best, score = i, s
		}
	}
	return best
}

// plainHeader reduces a header to what is compared, and takes a datum's name
// off its end.
func plainHeader(h string) (string, datum.Datum) {
	s := strings.Map(func(r rune) rune {
		if strings.ContainsRune(" _-./()[]（）【】:：*\"'#、", r) {
			return -1
		}
		return r
	}, narrow(h))
	for _, suffix := range []struct {
		text  string
		datum datum.Datum
	}{
		{"gcj02", datum.GCJ02}, {"高德", datum.GCJ02}, {"火星", datum.GCJ02}, {"腾讯", datum.GCJ02}, {"gcj", datum.GCJ02},
		{"bd09ll", datum.BD09}, {"bd09", datum.BD09}, {"百度", datum.BD09}, {"bd", datum.BD09},
		{"wgs84", datum.WGS84}, {"gps", datum.WGS84}, {"wgs", datum.WGS84}, {"4326", datum.WGS84},
	} {
		if rest, ok := strings.CutSuffix(s, suffix.text); ok && rest != "" {
			return rest, suffix.datum
		}
		if rest, ok := strings.CutPrefix(s, suffix.text); ok && rest != "" {
			return rest, suffix.datum
		}
	}
	return s, ""
}

func headerList(columns []Column) string {
	names := make([]string, 0, len(columns))
	for _, c := range columns {
		if len(names) == 20 {
			names = append(names, "…")
			break
		}
		names = append(names, c.Header)
	}
	return strings.Join(names, ", ")
}
