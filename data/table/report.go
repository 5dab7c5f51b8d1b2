package table

import (
	"fmt"
	"io"
	"strings"

	"yizhan/geo"
	"yizhan/geo/datum"
)

// Report says what a table held, how it was read, and what was wrong with it.
type Report struct {
	Name      string      `json:"name"`
	Kind      geo.Kind    `json:"kind"`
	Encoding  string      `json:"encoding"`
	Delimiter string      `json:"delimiter"`
	Datum     datum.Datum `json:"datum"`
	Columns   []Column    `json:"columns"`

	// Rows are those with anything in them: Placed + len(Unplaced) + Skipped.
	Rows   int `json:"rows"`
	Placed int `json:"placed"`
	// Skipped rows gave no place: nameless ones and exact repetitions.
	Skipped int `json:"skipped"`
	// Hours counts places with opening hours, of which HoursPartly name days
	// but no times; HoursUnread counts those whose hours were not understood.
	Hours       int `json:"hours"`
	HoursPartly int `json:"hours_partly"`
	HoursUnread int `json:"hours_unread"`

	// Unplaced lists every row without a position, in the order of the file.
	Unplaced []Row `json:"unplaced"`
	// Issues lists everything else worth a look, in the order of the file.
	Issues []Issue `json:"issues"`
}

// Row is a row that became a place without a position.
type Row struct {
	// Row is the number that a spreadsheet shows; the header is row 1.
	Row     int      `json:"row"`
	ID      string   `json:"id"`
	Name    string   `json:"name"`
	Address string   `json:"address,omitempty"`
	Why     geo.Text `json:"why"`
}

// Issue is something wrong with one cell, or with a row where Field is "".
type Issue struct {
	Row     int      `json:"row"`
	Field   Field    `json:"field,omitempty"`
	Value   string   `json:"value,omitempty"`
	Message geo.Text `json:"message"`
}

// WriteText writes the report for a terminal in a language.
func (r *Report) WriteText(w io.Writer, lang geo.Lang) error {
	var b strings.Builder
	say := func(zh, en string, values ...any) {
		fmt.Fprintf(&b, geo.Text{Zh: zh, En: en}.In(lang)+"\n", values...)
	}
	say("编码 %s，分隔符 %s，坐标系 %s", "encoding %s, delimiter %s, datum %s", r.Encoding, r.Delimiter, r.Datum)
	say("列：", "columns:")
	for _, c := range r.Columns {
		fmt.Fprintf(&b, "  %s → %s\n", c.Header, c.text().In(lang))
	}
	say("共 %d 行：已定位 %d，未定位 %d，跳过 %d", "%d rows: %d placed, %d unplaced, %d left out", r.Rows, r.Placed, len(r.Unplaced), r.Skipped)
	say("开放时间：读懂 %d（其中 %d 只知日期），未读懂 %d", "opening hours: %d understood (%d of them days only), %d not understood", r.Hours, r.HoursPartly, r.HoursUnread)
	if len(r.Unplaced) > 0 {
		say("未定位（%d）：", "unplaced (%d):", len(r.Unplaced))
		for _, row := range r.Unplaced {
			name := row.Name
			if name == "" {
				name = row.ID
			}
			say("  第 %d 行 %s：%s", "  row %d %s: %s", row.Row, name, row.Why.In(lang))
		}
	}
	if len(r.Issues) > 0 {
		say("请检查（%d）：", "please check (%d):", len(r.Issues))
		for _, i := range r.Issues {
			at := string(i.Field)
			if i.Value != "" {
				at = strings.TrimSpace(at + " “" + i.Value + "”")
			}
			if at != "" {
				at = " " + at
			}
			say("  第 %d 行%s：%s", "  row %d%s: %s", i.Row, at, i.Message.In(lang))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// text says what became of a column.
func (c Column) text() geo.Text {
	switch c.Use {
	case Guessed:
		return geo.Text{Zh: string(c.Field), En: string(c.Field)}
	case Given:
		return geo.Text{Zh: string(c.Field) + "（指定）", En: string(c.Field) + " (given)"}
	case YesNo:
		return geo.Text{Zh: "设施 " + string(c.Facility), En: "facility " + string(c.Facility)}
	case LeftOut:
		return geo.Text{Zh: "不导入（个人信息）", En: "left out (about a person)"}
	}
	return geo.Text{Zh: "附加信息", En: "kept as extra"}
}
