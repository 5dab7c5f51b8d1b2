package table

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"yizhan/geo"
	"yizhan/geo/datum"
)

// reader turns rows into places and keeps the report.
type reader struct {
	opt     Options
	datum   datum.Datum
	columns []Column
	byField map[Field]int
	words   []facilityWord
	hours   map[string]hoursCell
	feed    string
	ids     identities
	claims  []claim
	// chosen says that somebody chose the kind; unsaid are the rows that have
	// the default because neither the options nor their cell says another.
	chosen bool
	unsaid map[int]bool
	places []geo.Place
	rows   []int // row number of each place
	// persons says that a column is about private people, whose own numbers
	// may then stand in other columns.
	persons bool
	// circles are the ○ that were taken for yes, until a ● is seen.
	circles []circle
	filled  bool // a ● was seen
	report  Report
}

func newReader(opt Options, columns []Column, head heading) *reader {
	rd := &reader{
		opt: opt, datum: opt.Datum, columns: columns, byField: map[Field]int{}, words: facilityWords(), hours: map[string]hoursCell{}, unsaid: map[int]bool{},
		feed: "table:" + slug(opt.Name, "table"), ids: newIdentities(),
	}
	rd.report.Name, rd.report.Kind, rd.report.Columns = opt.Name, opt.Kind, columns
	rd.report.HeaderRow, rd.report.HeaderRows = head.row, head.rows
	for i, c := range columns {
		if _, several := rd.byField[c.Field]; c.Field != "" && !several {
			rd.byField[c.Field] = i
		}
		rd.persons = rd.persons || c.Use == LeftOut
	}
	rd.settleDatum()
	return rd
}

// settleDatum decides on the datum: what the options say, else the headers,
// else the name of the file, else WGS-84.
func (rd *reader) settleDatum() {
	rd.report.DatumBy = DatumGiven
	for _, f := range []Field{FieldPoint, FieldLat, FieldLon} {
		i, ok := rd.byField[f]
		if !ok || rd.columns[i].Datum == "" {
			continue
		}
		said := rd.columns[i].Datum
		if rd.datum == "" {
			rd.datum, rd.report.DatumBy = said, DatumHeader
		} else if rd.datum != said {
			rd.issue(rd.report.HeaderRow, f, rd.columns[i].Header, geo.Text{
				Zh: fmt.Sprintf("表头写的是%s，现按%s读取：若有误会偏移数百米，请核对 --datum。", datumText(said).Zh, datumText(rd.datum).Zh),
				En: fmt.Sprintf("the header says %s but it is read as %s: if that is wrong, places are off by hundreds of metres; check --datum", datumText(said).En, datumText(rd.datum).En),
			})
		}
	}
	if rd.datum == "" {
		rd.datum, rd.report.DatumBy = datumInName(rd.opt.File), DatumFile
	}
	if rd.datum == "" {
		rd.datum, rd.report.DatumBy = datum.WGS84, DatumAssumed
	}
	rd.report.Datum = rd.datum
	_, point := rd.byField[FieldPoint]
	_, lon := rd.byField[FieldLon]
	_, lat := rd.byField[FieldLat]
	rd.report.NoPosition = !point && !(lon && lat)
}

func (rd *reader) issue(row int, field Field, value string, message geo.Text) {
	value, _ = clean(value, 200)
	rd.report.Issues = append(rd.report.Issues, Issue{Row: row, Field: field, Value: value, Message: message})
}

// read turns one row into a place.
func (rd *reader) read(row int, record []string) {
	if blank(record) {
		return
	}
	rd.report.Rows++
	if rd.aside(record) {
		rd.report.Skipped++
		rd.issue(row, "", strings.Join(record, " "), geo.Text{
			Zh: "看来是合计或注释，不是地点，未导入。",
			En: "this seems to be a total or a footnote and no place; left out",
		})
		return
	}
	if len(record) > len(rd.columns) {
		rd.issue(row, "", strings.Join(record[len(rd.columns):], " "), geo.Text{
			Zh: fmt.Sprintf("这一行有 %d 格，表头只有 %d 格，多出的未读：请检查是否少了引号。", len(record), len(rd.columns)),
			En: fmt.Sprintf("the row has %d cells, the header %d; those beyond were not read: check for a missing quote", len(record), len(rd.columns)),
		})
	}
	get := func(f Field) string { return rd.cell(row, f, record) }
	p := geo.Place{
		Kind: rd.opt.Kind, Name: get(FieldName), Address: get(FieldAddress), District: get(FieldDistrict),
		Phone: get(FieldPhone), Operator: get(FieldOperator), Website: get(FieldWebsite), Note: get(FieldNote),
		Source: geo.Source{Feed: rd.feed, Ref: fmt.Sprintf("row %d", row), Time: rd.opt.Time},
	}
	if word := get(FieldKind); word != "" {
		if kind, ok := readKind(word); ok {
			p.Kind = kind
		} else {
			setExtra(&p, rd.columns[rd.byField[FieldKind]].Header, word)
			rd.issue(row, FieldKind, word, geo.Text{
				Zh: fmt.Sprintf("类别不认识，按%s导入，原文已留在附加信息里。", kindText(p.Kind).Zh),
				En: fmt.Sprintf("unknown kind; imported as one of %s, the text is kept with the place", kindText(p.Kind).En),
			})
		}
	}
	said := p.Kind != rd.opt.Kind || rd.chosen || get(FieldKind) != "" && p.Extra == nil
	if en := get(FieldNameEn); en != "" {
		p.Names = map[string]string{"en": en}
	}
	key := get(FieldID)
	if p.Name == "" && p.Address == "" && key == "" {
		rd.report.Skipped++
		rd.issue(row, FieldName, "", geo.Text{
			Zh: "这一行没有名称、地址或编号，未导入：请补上名称。",
			En: "the row has no name, address or id and was left out: give it a name",
		})
		return
	}
	// A gate or a charger may well have none.
	if p.Name == "" && p.Kind == geo.KindStation {
		rd.issue(row, FieldName, p.Address, geo.Text{Zh: "没有名称：请补上。", En: "there is no name: give it one"})
	}
	id, repeat := rd.ids.next(rd.feed, key, p.Name, p.Address, record)
	if repeat.row > 0 && repeat.same {
		rd.report.Skipped++
		rd.issue(row, "", cmp.Or(p.Name, p.Address, key), geo.Text{
			Zh: fmt.Sprintf("与第 %d 行完全相同，未导入。", repeat.row),
			En: fmt.Sprintf("the same as row %d in every cell; left out", repeat.row),
		})
		return
	}
	p.ID = id
	rd.ids.take(id, row, record)
	if repeat.row > 0 {
		field, what := FieldID, geo.Text{Zh: "编号", En: "id"}
		if key == "" {
			field, what = FieldName, geo.Text{Zh: "名称和地址", En: "name and address"}
		}
		rd.issue(row, field, cmp.Or(key, p.Name, p.Address), geo.Text{
			Zh: fmt.Sprintf("%s与第 %d 行相同，另作一处导入：若是同一处请删去一行。", what.Zh, repeat.row),
			En: fmt.Sprintf("the same %s as row %d; imported as another place: remove one row if it is the same", what.En, repeat.row),
		})
	}
	p.Phone, p.Note = rd.withoutMobiles(row, FieldPhone, p.Phone), rd.withoutMobiles(row, FieldNote, p.Note)
	rd.setHours(row, rd.hoursText(row, record), &p)
	rd.setKind(row, get, &p)
	rd.setFacilities(row, get(FieldFacilities), record, &p)
	rd.setExtra(row, record, &p)
	rd.place(row, record, &p)
	if readsLikeID(key) {
		rd.claims = append(rd.claims, claim{key, row, len(rd.places), slices.Clone(record), p.Point, p.Unplaced})
	}
	if !said {
		rd.unsaid[row] = true
	}
	rd.places, rd.rows = append(rd.places, p), append(rd.rows, row)
}

// cell returns the cleaned cell of a field, "" where the table has no such
// column or the row ends before it.
func (rd *reader) cell(row int, f Field, record []string) string {
	i, ok := rd.byField[f]
	if !ok || i >= len(record) {
		return ""
	}
	max := 200
	for j := range fieldTable {
		if fieldTable[j].field == f {
			max = fieldTable[j].max
		}
	}
	text, cut := clean(record[i], max)
	if cut {
		rd.issue(row, f, text, geo.Text{
			Zh: fmt.Sprintf("超过 %d 字，已截断。", max),
			En: fmt.Sprintf("longer than %d characters; cut", max),
		})
	}
	if f != FieldID && empty(text) {
		return ""
	}
	return text
}

// empty says whether a cell holds a word for nothing.
func empty(cell string) bool {
	switch strings.ToLower(cell) {
	case "", "-", "--", "—", "/", "无", "暂无", "null", "nil", "none", "n/a", "na", "nan", "\\n", "#n/a":
		return true
	}
	return false
}

func blank(record []string) bool {
	for _, cell := range record {
		if strings.TrimSpace(cell) != "" {
			return false
		}
	}
	return true
}

// setFacilities reads the list of facilities and the yes-or-no columns.
func (rd *reader) setFacilities(row int, text string, record []string, p *geo.Place) {
	found, unknown := readFacilities(text, rd.words)
	for i, c := range rd.columns {
		if c.Use != YesNo || i >= len(record) {
			continue
		}
		cell, _ := clean(record[i], 100)
		has, known := yes(cell)
		if !known {
			rd.issue(row, Field(c.Facility), cell, geo.Text{Zh: "请填“有”或“无”；未采用，原文已留在附加信息里。", En: "write yes or no; not used, the text is kept with the place"})
			setExtra(p, c.Header, cell)
		}
		switch cell {
		case "○":
			rd.circles = append(rd.circles, circle{len(rd.places), row, i})
		case "●":
			rd.filled = true
		}
		if has {
			found = append(found, c.Facility)
		}
	}
	p.Facilities = once(found)
	if len(unknown) > 0 {
		rd.issue(row, FieldFacilities, strings.Join(unknown, "、"), geo.Text{
			Zh: "这些设施不认识，原文已留在附加信息里。",
			En: "unknown facilities; the text is kept with the place",
		})
		setExtra(p, rd.columns[rd.byField[FieldFacilities]].Header, text)
	}
}

// setExtra keeps the cells that no field took, and those of fields that this
// kind of place does not have.
func (rd *reader) setExtra(row int, record []string, p *geo.Place) {
	for i, c := range rd.columns {
		if i >= len(record) || c.Use != Kept && !Foreign(c.Field, p.Kind) {
			continue
		}
		cell, _ := clean(record[i], 1000)
		if cell = rd.withoutMobiles(row, Field(c.Header), cell); !empty(cell) {
			setExtra(p, c.Header, cell)
		}
	}
}

func setExtra(p *geo.Place, key, value string) {
	if p.Extra == nil {
		p.Extra = map[string]string{}
	}
	p.Extra[key] = value
}
