package table

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"yizhan/geo"
)

// KindHint is a word in a table's name or headers that speaks of a kind.
type KindHint struct {
	Kind geo.Kind `json:"kind"`
	Word string   `json:"word"`
}

// kindWords speak of a kind: zh anywhere in a table's name or a header, en as
// words of the name by themselves. A station's own facilities, such as 充电, are
// none of them in a header.
var kindWords = [...]struct {
	kind    geo.Kind
	zh, en  []string
	headers []string
}{
	{geo.KindCharger, []string{"充电"}, []string{"charger", "chargers", "charging"}, []string{"充电桩", "充电站", "充电口", "插座数", "枪数", "sockets"}},
	{geo.KindBusStop, []string{"公交"}, []string{"bus", "busstop", "busstops"}, []string{"公交线路", "途经线路"}},
	{geo.KindSharedBike, []string{"共享单车", "单车"}, []string{"bikeshare", "bikes"}, []string{"单车"}},
	{geo.KindParking, []string{"停车", "车位"}, []string{"parking"}, []string{"停车", "车位"}},
	{geo.KindGate, []string{"大门", "出入口", "门岗"}, []string{"gate", "gates"}, []string{"大门名称", "出入口名称", "门岗"}},
}

// hintOfKind looks in the names of the table and in its headers for a kind. One
// that calls itself a table of stations is believed.
func hintOfKind(opt Options, columns []Column) *KindHint {
	name := narrow(opt.File + " " + opt.Name)
	words := strings.FieldsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) || r >= 0x80 })
	for _, k := range kindWords {
		if strings.Contains(name, "驿站") {
			return nil
		}
		for _, w := range k.zh {
			if strings.Contains(name, w) {
				return &KindHint{k.kind, w}
			}
		}
		for _, w := range k.en {
			if slices.Contains(words, w) {
				return &KindHint{k.kind, w}
			}
		}
	}
	if slices.Contains(words, "station") || slices.Contains(words, "stations") {
		return nil
	}
	for _, k := range kindWords {
		for _, c := range columns {
			header := narrow(c.Header)
			if c.Use != YesNo && slices.ContainsFunc(k.headers, func(w string) bool { return strings.Contains(header, w) }) {
				return &KindHint{k.kind, c.Header}
			}
		}
	}
	return nil
}

// countKinds counts the places by kind for the report.
func (r *Result) countKinds() {
	r.Report.Kinds = map[geo.Kind]int{}
	for i := range r.Places {
		r.Report.Kinds[r.Places[i].Kind]++
	}
	r.Report.KindAssumed = len(r.unsaid)
}

func kindText(kind geo.Kind) geo.Text {
	for _, info := range geo.Kinds() {
		if info.Kind == kind {
			return info.Name
		}
	}
	return geo.Text{Zh: string(kind), En: string(kind)}
}

// sayKinds says what the rows became, and who said so.
func (r *Report) sayKinds(say func(zh, en string, values ...any)) {
	var zh, en []string
	for _, info := range geo.Kinds() {
		if n := r.Kinds[info.Kind]; n > 0 {
			zh, en = append(zh, fmt.Sprintf("%d %s", n, info.Name.Zh)), append(en, fmt.Sprintf("%d %s", n, info.Name.En))
		}
	}
	if len(zh) == 0 {
		return
	}
	list := geo.Text{Zh: strings.Join(zh, "，"), En: strings.Join(en, ", ")}
	if r.KindAssumed == 0 {
		say("类别：%[1]s", "kinds: %[2]s", list.Zh, list.En)
		return
	}
	if h := r.KindHint; h != nil {
		name := kindText(h.Kind)
		say("注意：名称或表头里有“%[1]s”，像是%[2]s，却没有写明类别，按%[5]s导入了 %[4]d 行。若是%[2]s，请加 --kind %[3]s。",
			"attention: “%[1]s” in the name or the headers speaks of another kind, but nothing says which the rows are: %[4]d became %[6]s. If they are %[7]s, add --kind %[3]s.",
			h.Word, name.Zh, string(h.Kind), r.KindAssumed, kindText(r.Kind).Zh, kindText(r.Kind).En, name.En)
	}
	say("类别：%[1]s；没有写明的 %[3]d 行按默认的%[4]s，不对请加 --kind（如 --kind charger）",
		"kinds: %[2]s; nothing says the kind of %[3]d, which are %[5]s by default: if that is wrong, say --kind, as in --kind charger",
		list.Zh, list.En, r.KindAssumed, kindText(r.Kind).Zh, kindText(r.Kind).En)
}

// setKind fills what only one kind of place has.
func (rd *reader) setKind(row int, get func(Field) string, p *geo.Place) {
	number := func(f Field) int {
		text := get(f)
		if text == "" {
			return 0
		}
		n, err := strconv.ParseFloat(strings.TrimRight(narrow(text), "个辆台位 "), 64)
		if err != nil || n != math.Trunc(n) || n < 1 || n > 100_000 {
			rd.issue(row, f, text, geo.Text{Zh: "不是可信的数目，未采用。", En: "not a plausible number; not used"})
			return 0
		}
		return int(n)
	}
	switch p.Kind {
	case geo.KindStation:
		p.Station = &geo.Station{Network: get(FieldNetwork), Booking: get(FieldBooking), Type: typeInName(p.Name)}
		if text := get(FieldType); text != "" {
			kind, ok := readStationType(text)
			if !ok {
				rd.issue(row, FieldType, text, geo.Text{Zh: "驿站类型不认识，按未知导入。", En: "unknown station type; imported without one"})
			} else {
				p.Station.Type = kind
			}
		}
	case geo.KindCharger:
		p.Charger = &geo.Charger{Sockets: number(FieldCapacity), Fee: get(FieldFee)}
	case geo.KindBusStop:
		p.BusStop = &geo.BusStop{Lines: splitList(get(FieldLines))}
	case geo.KindParking:
		p.Parking = &geo.Parking{Capacity: number(FieldCapacity)}
	case geo.KindSharedBike:
		p.Bikes = &geo.SharedBikes{Capacity: number(FieldCapacity), Network: get(FieldNetwork)}
	case geo.KindGate:
		p.Gate = &geo.Gate{}
	}
}

// splitList parts a cell that lists several things.
func splitList(cell string) []string {
	return strings.FieldsFunc(cell, func(r rune) bool { return strings.ContainsRune(",，、;；/ ", r) })
}

// readKind reads the word of a kind, or its name in Chinese.
func readKind(word string) (geo.Kind, bool) {
	for _, info := range geo.Kinds() {
		if string(info.Kind) == word || info.Name.Zh == word {
			return info.Kind, true
		}
	}
	return "", false
}

// Foreign says whether a field means nothing for a kind of place. What stands in
// its column goes to Place.Extra then.
func Foreign(f Field, kind geo.Kind) bool {
	switch f {
	case FieldType, FieldBooking:
		return kind != geo.KindStation
	case FieldNetwork:
		return kind != geo.KindStation && kind != geo.KindSharedBike
	case FieldCapacity:
		return kind != geo.KindCharger && kind != geo.KindParking && kind != geo.KindSharedBike
	case FieldFee:
		return kind != geo.KindCharger
	case FieldLines:
		return kind != geo.KindBusStop
	}
	return false
}
