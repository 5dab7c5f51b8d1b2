package table

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
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
	FieldKind       Field = "kind"
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
// without case, width, spaces and punctuation, and without the name of a datum
// in it, first as a whole and then without what stands in brackets. An entry
// of ends also answers for headers that end in it. A position of both numbers
// comes before either of them: 经纬度 ends in 纬度.
type fieldInfo struct {
	field Field
	max   int // characters kept of a cell
	label geo.Text
	names []string
	ends  []string
}

var fieldTable = [...]fieldInfo{
	{FieldID, 100, geo.Text{Zh: "编号", En: "id"}, []string{"id", "stationid", "siteid", "poiid", "uid", "code", "编号", "站点编号", "驿站编号", "编码", "站点id"}, []string{"编号", "编码"}},
	{FieldKind, 40, geo.Text{Zh: "地点类别", En: "kind"}, []string{"kind"}, nil},
	{FieldName, geo.MaxName, geo.Text{Zh: "名称", En: "name"}, []string{"name", "名称", "站点名称", "驿站名称", "stationname", "sitename", "namezh", "title", "站名", "站点名", "驿站名", "站点", "驿站", "点位名称", "网点名称"}, []string{"名称", "站名", "驿站名", "站点名"}},
	{FieldNameEn, geo.MaxName, geo.Text{Zh: "英文名称", En: "English name"}, []string{"nameen", "englishname", "英文名称", "英文名"}, nil},
	{FieldAddress, geo.MaxAddress, geo.Text{Zh: "地址", En: "address"}, []string{"address", "地址", "详细地址", "addr", "具体地址", "站点地址", "位置", "所在位置", "地点", "具体位置", "详细位置"}, []string{"地址"}},
	{FieldDistrict, geo.MaxDistrict, geo.Text{Zh: "所属区", En: "district"}, []string{"district", "区", "区县", "所属区", "行政区", "所在区", "区域", "县区", "adname"}, nil},
	{FieldPoint, 120, geo.Text{Zh: "经纬度", En: "position"}, []string{"坐标", "经纬度", "coordinates", "coordinate", "location", "lnglat", "lonlat", "latlng", "latlon", "纬经度", "point", "geom", "wkt", "经纬度坐标", "坐标经纬度", "地理坐标", "坐标系", "gps"}, []string{"经纬度", "纬经度", "坐标"}},
	{FieldLon, 60, geo.Text{Zh: "经度", En: "longitude"}, []string{"lon", "lng", "longitude", "经度", "long", "x", "x坐标"}, []string{"经度"}},
	{FieldLat, 60, geo.Text{Zh: "纬度", En: "latitude"}, []string{"lat", "latitude", "纬度", "y", "y坐标"}, []string{"纬度"}},
	{FieldHours, geo.MaxHours, geo.Text{Zh: "开放时间", En: "opening hours"}, []string{"hours", "openinghours", "openhours", "openhoursraw", "开放时间", "营业时间", "服务时间", "opentime", "businesshours", "工作时间", "运营时间", "开放时段", "服务时段"}, []string{"开放时间", "营业时间", "服务时间", "开放时段", "开放时间段", "营业时间段", "服务时间段", "营业时段"}},
	{FieldPhone, geo.MaxPhone, geo.Text{Zh: "电话", En: "phone"}, []string{"phone", "电话", "联系电话", "tel", "telephone", "咨询电话", "服务电话", "热线", "服务热线", "联系方式", "手机", "手机号", "手机号码"}, []string{"电话", "热线"}},
	{FieldOperator, geo.MaxOperator, geo.Text{Zh: "运营单位", En: "operator"}, []string{"operator", "运营单位", "主办单位", "管理单位", "建设单位", "运营方", "运营商"}, nil},
	{FieldWebsite, geo.MaxWebsite, geo.Text{Zh: "网址", En: "website"}, []string{"website", "url", "网址", "网站", "官网", "链接"}, nil},
	{FieldType, 100, geo.Text{Zh: "类型", En: "type"}, []string{"type", "类型", "站点类型", "驿站类型", "类别", "stationtype", "性质"}, []string{"类型", "类别"}},
	{FieldFacilities, 500, geo.Text{Zh: "服务设施", En: "facilities"}, []string{"facilities", "设施", "服务设施", "设施服务", "服务", "服务项目", "服务内容", "配套设施", "配置", "amenities", "services", "设备", "可提供服务", "服务功能", "服务设施及功能"}, []string{"设施", "服务内容", "服务项目", "设施情况", "服务功能", "设施及功能", "设施和功能", "提供服务", "提供的服务"}},
	{FieldNetwork, geo.MaxNetwork, geo.Text{Zh: "品牌", En: "network"}, []string{"network", "品牌", "网络", "所属网络", "brand"}, nil},
	{FieldBooking, geo.MaxBooking, geo.Text{Zh: "预约", En: "booking"}, []string{"booking", "预约", "预约方式", "预约电话"}, nil},
	{FieldNote, geo.MaxNote, geo.Text{Zh: "备注", En: "note"}, []string{"note", "notes", "备注", "说明", "remark", "remarks", "comment", "简介", "描述", "description"}, nil},
	{FieldCapacity, 20, geo.Text{Zh: "容量", En: "capacity"}, []string{"capacity", "容量", "车位数", "数量", "车位", "sockets", "插座数", "充电口数", "充电口", "接口数", "枪数"}, nil},
	{FieldFee, geo.MaxFee, geo.Text{Zh: "收费", En: "fee"}, []string{"fee", "收费", "费用", "价格", "收费标准", "price"}, nil},
	{FieldLines, geo.MaxLines, geo.Text{Zh: "线路", En: "bus lines"}, []string{"lines", "线路", "公交线路", "途经线路", "routes"}, nil},
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
	// days are those on which the hours of a FieldHours column hold.
	days string
}

// guessColumns decides on every column of a table.
func guessColumns(header []headerCell, opt Options) ([]Column, error) {
	columns := make([]Column, len(header))
	read := make([]headerText, len(header))
	seen := map[string]bool{}
	for i, cell := range header {
		name := cell.text
		if cell.group != "" {
			name = cell.group + "/" + cell.text
		}
		if name == "" {
			name = fmt.Sprintf("column %d", i+1)
		}
		for base, n := name, 2; seen[name]; n++ {
			name = fmt.Sprintf("%s (%d)", base, n)
		}
		seen[name] = true
		columns[i] = Column{Header: name, Use: Kept}
		read[i] = readHeader(cell.text)
		group := readHeader(cell.group)
		columns[i].Datum = cmp.Or(read[i].datum, group.datum)
		if slices.ContainsFunc(personal, func(p string) bool { return strings.Contains(group.plain+read[i].plain, p) }) {
			columns[i].Use = LeftOut
		}
	}
	taken, err := givenColumns(columns, opt.Columns)
	if err != nil {
		return nil, err
	}
	for f := range fieldTable {
		if info := &fieldTable[f]; !taken[info.field] {
			if i := bestColumn(info, columns, read, opt.Datum); i >= 0 {
				columns[i].Use, columns[i].Field, taken[info.field] = Guessed, info.field, true
			}
		}
	}
	if !taken[FieldName] && !taken[FieldAddress] {
		return nil, geo.NewError(geo.Invalid,
			fmt.Sprintf("找不到名称或地址列，表头是：%s。请用 --column name=表头 指定名称列，表头不在第一行时用 --header-row 指定行号。", headerList(columns)),
			fmt.Sprintf("no column for a name or an address; the headers are: %s. Say which with --column name=HEADER, and which row holds the headers with --header-row", headerList(columns)))
	}
	dayColumns(columns, header, taken)
	for i := range columns {
		if columns[i].Use == Kept && opt.Kind == geo.KindStation {
			if f, ok := facilityOf(read[i].plain); ok {
				columns[i].Use, columns[i].Facility = YesNo, f
			}
		}
	}
	return columns, nil
}

// dayColumns finds the days that headers say of the hours below them: in
// brackets, 开放时间（周一至周五）, or in a second row, 工作日 and 周末 below
// 开放时间, which make up the hours together.
func dayColumns(columns []Column, header []headerCell, taken map[Field]bool) {
	group := ""
	for i := range columns {
		cell := header[i]
		if columns[i].Field == FieldHours {
			if inside := bracketed.FindString(cell.text); namesDays(inside) {
				columns[i].days = strings.Trim(inside, "()（）[]【】 ")
			}
			continue
		}
		f, ok := fieldOf(cell.group)
		if !ok || f != FieldHours || !namesDays(cell.text) || columns[i].Use != Kept || taken[FieldHours] && group != cell.group {
			continue
		}
		group, taken[FieldHours] = cell.group, true
		columns[i].Use, columns[i].Field, columns[i].days = Guessed, FieldHours, cell.text
	}
}

// givenColumns applies Options.Columns and returns the fields it settles.
func givenColumns(columns []Column, given map[string]string) (map[Field]bool, error) {
	taken := map[Field]bool{}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		field, want := Field(name), given[name]
		if i := slices.IndexFunc(fieldTable[:], func(info fieldInfo) bool { return info.label.Zh == name }); i >= 0 {
			field = fieldTable[i].field
		}
		if !slices.Contains(Fields(), field) {
			var zh, en []string
			for i := range fieldTable {
				zh = append(zh, fmt.Sprintf("%s（%s）", fieldTable[i].field, fieldTable[i].label.Zh))
				en = append(en, string(fieldTable[i].field))
			}
			return nil, geo.NewError(geo.Invalid,
				fmt.Sprintf("--column %s=… 里的字段 %q 不认识，可用：%s。", name, name, strings.Join(zh, "、")),
				fmt.Sprintf("unknown field %q in --column %s=…: use one of %s", name, name, strings.Join(en, ", ")))
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
// earlier name before a later one, names before endings, whole headers before
// those with something in brackets; among those of one name the one in the
// datum wanted, WGS-84 where none is.
func bestColumn(info *fieldInfo, columns []Column, read []headerText, want datum.Datum) int {
	best, score := -1, 0
	for i := range columns {
		if columns[i].Use != Kept {
			continue
		}
		s, ok := info.fits(read[i])
		if !ok {
			continue
		}
		switch d := columns[i].Datum; {
		case want != "" && d != "" && d != want:
			s += 50_000
		case want == "" && d != "" && d != datum.WGS84:
			s++
		}
		if best < 0 || s < score {
			best, score = i, s
		}
	}
	return best
}

// fits says whether a header names a field, and how well: less is better.
func (info *fieldInfo) fits(h headerText) (score int, ok bool) {
	for form, s := range []string{h.plain, h.short} {
		if i := slices.Index(info.names, s); i >= 0 {
			return 8*i + 2*form, true
		}
	}
	for form, s := range []string{h.plain, h.short} {
		i := slices.IndexFunc(info.ends, func(e string) bool { return strings.HasSuffix(s, e) })
		// 横坐标 is half a position, and 经纬度 no latitude.
		half := info.field == FieldPoint && (strings.HasSuffix(s, "横坐标") || strings.HasSuffix(s, "纵坐标") || s == "x坐标" || s == "y坐标")
		both := info.field != FieldPoint && (strings.HasSuffix(s, "经纬度") || strings.HasSuffix(s, "纬经度"))
		if i >= 0 && !half && !both {
			return 10_000 + 8*i + 2*form, true
		}
	}
	return 0, false
}

// headerText is a header reduced to what is compared.
type headerText struct {
	plain string // all of it
	short string // without what stands in brackets
	datum datum.Datum
}

var bracketed = regexp.MustCompile(`[(（\[【][^)）\]】]*[)）\]】]`)

// readHeader reduces a header to what is compared, and takes the name of a
// datum out of it. CGCS2000, which 天地图 uses, differs from WGS-84 by
// centimetres.
func readHeader(header string) headerText {
	plain, named := plainHeader(header)
	short, _ := plainHeader(bracketed.ReplaceAllString(header, ""))
	return headerText{plain, short, named}
}

func plainHeader(header string) (string, datum.Datum) {
	s := strings.Map(func(r rune) rune {
		if strings.ContainsRune(" _-./()[]（）【】:：*\"'#、", r) {
			return -1
		}
		return r
	}, narrow(header))
	for _, w := range datumWords {
		for _, word := range w.words {
			if at := strings.Index(s, word); at >= 0 && len(word) < len(s) {
				return s[:at] + s[at+len(word):], w.datum
			}
		}
	}
	for _, w := range []struct {
		word  string
		datum datum.Datum
	}{{"gcj", datum.GCJ02}, {"bd", datum.BD09}, {"wgs", datum.WGS84}} {
		rest, ok := strings.CutSuffix(s, w.word)
		if !ok {
			rest, ok = strings.CutPrefix(s, w.word)
		}
		if ok && rest != "" {
			return rest, w.datum
		}
	}
	return s, ""
}

// datumWords name a datum in a header or in the name of a file.
var datumWords = [...]struct {
	datum datum.Datum
	words []string
}{
	{datum.GCJ02, []string{"gcj02", "高德地图", "腾讯地图", "高德", "火星", "腾讯", "国测局"}},
	{datum.BD09, []string{"bd09ll", "bd09", "百度地图", "百度"}},
	{datum.WGS84, []string{"wgs84", "cgcs2000", "天地图", "gps", "4326"}},
}

// datumInName reads the datum that the name of a file says; "" where it says
// none. gps is left out, because a file of positions may be called that.
func datumInName(name string) datum.Datum {
	s := strings.NewReplacer("-", "", "_", "", " ", "").Replace(narrow(name))
	for _, w := range datumWords {
		for _, word := range w.words {
			if word != "gps" && strings.Contains(s, word) {
				return w.datum
			}
		}
	}
	return ""
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
