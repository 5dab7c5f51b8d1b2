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
	Name string   `json:"name"`
	Kind geo.Kind `json:"kind"`
	// Kinds counts the places by kind; KindAssumed those of them whose kind
	// nobody said, and KindHint is another that the table seems to be about.
	Kinds       map[geo.Kind]int `json:"kinds"`
	KindAssumed int              `json:"kind_assumed"`
	KindHint    *KindHint        `json:"kind_hint,omitempty"`
	Encoding    string           `json:"encoding"`
	Delimiter   string           `json:"delimiter"`
	Datum       datum.Datum      `json:"datum"`
	// DatumBy says who said that it is this datum.
	DatumBy DatumSource `json:"datum_by"`
	// InChina says whether a place was put where Chinese maps are shifted.
	InChina bool     `json:"in_china"`
	Columns []Column `json:"columns"`
	// HeaderRow is the row of the headers; HeaderRows is 2 where the row below
	// belongs to them.
	HeaderRow  int `json:"header_row"`
	HeaderRows int `json:"header_rows"`
	// NoPosition says that the table has no columns for a position.
	NoPosition bool `json:"no_position"`

	// Rows are those with anything in them: Placed + len(Unplaced) + Skipped +
	// Elsewhere.Rows.
	Rows   int `json:"rows"`
	Placed int `json:"placed"`
	// Skipped rows gave no place: nameless ones, exact repetitions, totals and
	// footnotes.
	Skipped int `json:"skipped"`
	// Hours counts places with opening hours, of which HoursPartly name days
	// but no times; HoursUnread counts those whose hours were not understood.
	Hours       int `json:"hours"`
	HoursPartly int `json:"hours_partly"`
	HoursUnread int `json:"hours_unread"`

	// Elsewhere tells of rows that are places of other feeds.
	Elsewhere Elsewhere `json:"elsewhere"`

	// Unplaced lists every row without a position, in the order of the file.
	Unplaced []Row `json:"unplaced"`
	// Issues lists everything else worth a look, in the order of the file.
	Issues []Issue `json:"issues"`
}

// DatumSource is who said which datum the coordinates are in.
type DatumSource string

// The sources of a datum: the options, a header, the name of the file, nobody.
const (
	DatumGiven   DatumSource = "option"
	DatumHeader  DatumSource = "header"
	DatumFile    DatumSource = "file"
	DatumAssumed DatumSource = "assumed"
)

// Row is a row that became a place without a position.
type Row struct {
	// Row is the number that a spreadsheet shows; the first row is 1.
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
	r.sayFirst(say)
	r.sayKinds(say)
	say("编码 %s，%s分隔，%s%s", "encoding %s, parted by %s, %s%s", r.Encoding, delimiterText(r.Delimiter).In(lang), datumText(r.Datum).In(lang), r.DatumBy.text().In(lang))
	switch {
	case r.HeaderRows == 2:
		say("表头在第 %d、%d 行", "the headers are in rows %d and %d", r.HeaderRow, r.HeaderRow+1)
	case r.HeaderRow > 1:
		say("表头在第 %d 行，其上不作数据（不对请用 --header-row 指定）", "the headers are in row %d; what stands above was not read (if that is wrong, say the row with --header-row)", r.HeaderRow)
	}
	say("列：", "columns:")
	for _, c := range r.Columns {
		fmt.Fprintf(&b, "  %s → %s\n", c.Header, c.text().In(lang))
	}
	if n := r.Elsewhere.Rows; n > 0 {
		say("共 %d 行：已定位 %d，未定位 %d，跳过 %d，来自别处 %d", "%d rows: %d placed, %d unplaced, %d left out, %d from elsewhere", r.Rows, r.Placed, len(r.Unplaced), r.Skipped, n)
	} else {
		say("共 %d 行：已定位 %d，未定位 %d，跳过 %d", "%d rows: %d placed, %d unplaced, %d left out", r.Rows, r.Placed, len(r.Unplaced), r.Skipped)
	}
	say("开放时间：读懂 %d（其中 %d 只知日期），未读懂 %d", "opening hours: %d understood (%d of them days only), %d not understood", r.Hours, r.HoursPartly, r.HoursUnread)
	if len(r.Unplaced) > 0 {
		say("未定位（%d）：", "unplaced (%d):", len(r.Unplaced))
		for _, row := range r.Unplaced {
			name := row.Name
			if name == "" {
				name = row.ID
			}
			if r.NoPosition {
				say("  第 %d 行 %s", "  row %d %s", row.Row, name)
				continue
			}
			say("  第 %d 行 %s：%s", "  row %d %s: %s", row.Row, name, row.Why.In(lang))
		}
	}
	if len(r.Issues) > 0 {
		say("请检查（%d）：", "please check (%d):", len(r.Issues))
		for _, i := range r.Issues {
			at := ""
			if i.Field != "" {
				at = fieldText(i.Field).In(lang)
			}
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

// sayFirst says what concerns the whole table and must not be overlooked.
func (r *Report) sayFirst(say func(zh, en string, values ...any)) {
	if r.DatumBy == DatumAssumed && r.InChina {
		say("注意：没有写明坐标系，已按 GPS 坐标（WGS-84）放置。若坐标取自高德、腾讯地图，请加 --datum gcj02，取自百度地图请加 --datum bd09，否则位置会偏几百米；确是 GPS 坐标请加 --datum wgs84。",
			"attention: nothing says which datum the coordinates are in, so WGS-84 (GPS) was assumed. Coordinates taken from Amap or Tencent maps need --datum gcj02, those from Baidu maps --datum bd09, or places are off by hundreds of metres; if they are from GPS, say --datum wgs84.")
	}
	if r.NoPosition {
		say("注意：没有找到坐标列，所有行都未定位。若表里有，请用 --column lon=表头 --column lat=表头 指定（经纬度在同一列时用 --column point=表头）。",
			"attention: no columns with coordinates were found, so every row is unplaced. If there are any, say which with --column lon=HEADER --column lat=HEADER (--column point=HEADER where both are in one).")
	}
	r.Elsewhere.say(say)
	if r.Kind == geo.KindGate {
		say("说明：导入的出入口若在路网中某个门 30 米以内，且写明了通行规则，路线就按它说的通行；否则只显示在地图上。",
			"note: an imported gate within 30 m of a gate of the street network, and that says who may pass, is obeyed by routes; any other is shown on the map only.")
	}
}
