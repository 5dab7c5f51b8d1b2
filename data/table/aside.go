package table

import (
	"regexp"
	"slices"
	"strings"

	"yizhan/geo"
)

// totalForm matches the first cell of a row that sums up others.
var totalForm = regexp.MustCompile(`^(合计|小计|总计|共计|总数|累计|本页小计|本页合计|total|subtotal)(:.*|共?[0-9]+.{0,4})?$`)

// footnoteForm matches the first cell of a row about the table.
var footnoteForm = regexp.MustCompile(`^(备注|注|注释|说明|填表说明|附注|数据来源|来源|制表人?|制表单位|制表日期|填报人|填报单位|填报日期|填表人|填表日期|审核人?|复核人?|负责人|联系人|联系电话|单位负责人|统计时间|统计日期|更新时间|截至日期|note|notes|source)([0-9]{0,2}:.*)?$`)

// aside says whether a row is about the table rather than about a place: a
// total, or a footnote, which has no position.
func (rd *reader) aside(record []string) bool {
	first := slices.IndexFunc(record, func(cell string) bool { return strings.TrimSpace(cell) != "" })
	word := strings.ReplaceAll(strings.Join(strings.Fields(narrow(record[first])), ""), "：", ":")
	if i, ok := rd.byField[FieldName]; ok && i < len(record) && i != first && !totalForm.MatchString(word) {
		if name := strings.Join(strings.Fields(narrow(record[i])), ""); totalForm.MatchString(name) {
			word = name
		}
	}
	if !totalForm.MatchString(word) && !footnoteForm.MatchString(word) {
		return false
	}
	for _, f := range []Field{FieldLon, FieldLat, FieldPoint} {
		if i, ok := rd.byField[f]; ok && i != first && i < len(record) && strings.TrimSpace(record[i]) != "" {
			return false
		}
	}
	return true
}

// mobile matches a number of a Chinese mobile telephone, with the marks that
// people put between its parts.
var mobile = regexp.MustCompile(`(?:\+?86[- ]?)?\b1[3-9]\d[- ]?\d{4}[- ]?\d{4}\b`)

// withoutMobiles takes mobile numbers out of a cell of a table that also names
// people: such a number is theirs. What a header calls a number for the public
// stays.
func (rd *reader) withoutMobiles(row int, f Field, text string) string {
	if !rd.persons || text == "" {
		return text
	}
	header := string(f)
	if i, ok := rd.byField[f]; ok {
		header = rd.columns[i].Header
	}
	for _, public := range []string{"服务", "热线", "咨询", "客服", "hotline", "service"} {
		if strings.Contains(narrow(header), public) {
			return text
		}
	}
	found := mobile.FindString(text)
	if found == "" {
		return text
	}
	rd.issue(row, f, found[:3]+"…", geo.Text{
		Zh: "表中有联系人，手机号视为个人号码，未导入：若是对外公布的号码，请把表头改为“服务电话”。",
		En: "the table names contact persons, so this mobile number is taken for a private one and left out: if it is for the public, call the column 服务电话 or service phone",
	})
	return strings.Trim(strings.Join(strings.Fields(mobile.ReplaceAllString(text, " ")), " "), " ,;/、，；")
}

// circle is a ○ that was read as yes.
type circle struct{ place, row, column int }

// hollow goes back on every ○ in a table that has ● too: one of them then
// means something less than yes, and nobody says what.
func (rd *reader) hollow() {
	if !rd.filled {
		return
	}
	for _, c := range rd.circles {
		if c.place >= len(rd.places) {
			continue
		}
		p, column := &rd.places[c.place], rd.columns[c.column]
		p.Facilities = slices.DeleteFunc(p.Facilities, func(f geo.Facility) bool { return f == column.Facility })
		setExtra(p, column.Header, "○")
		rd.issue(c.row, Field(column.Facility), "○", geo.Text{
			Zh: "表中既有 ● 又有 ○，○ 的意思不明：请填“有”或“无”；未采用，原文已留在附加信息里。",
			En: "the table has both ● and ○, so what ○ means is not known: write yes or no; not used, the text is kept with the place",
		})
	}
}
