package table

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"yizhan/geo"
	"yizhan/geo/hours"
)

// hoursText puts the cells of the hours together where their headers say for
// which days each holds, unless a cell says so itself.
func (rd *reader) hoursText(row int, record []string) string {
	first, ok := rd.byField[FieldHours]
	if !ok || rd.columns[first].days == "" {
		return rd.cell(row, FieldHours, record)
	}
	var parts, unsaid []string
	for i, c := range rd.columns {
		if c.Field != FieldHours {
			continue
		}
		text := ""
		if i < len(record) {
			text, _ = clean(record[i], 200)
		}
		if empty(text) {
			unsaid = append(unsaid, c.days)
			continue
		}
		tokens, known := hourTokens(narrow(text))
		if days := slices.ContainsFunc(tokens, func(t token) bool { return t.kind <= tHoliday }); known && !days {
			text = c.days + " " + text
		}
		parts = append(parts, text)
	}
	if len(parts) > 0 && len(unsaid) > 0 {
		days := strings.Join(unsaid, "、")
		rd.issue(row, FieldHours, days, geo.Text{
			Zh: "没有填写，按不开放处理：请填时间或“休息”。",
			En: "nothing is said of these days, which are taken as closed: write times or 休息",
		})
	}
	return strings.Join(parts, "；")
}

// setHours reads the opening hours.
func (rd *reader) setHours(row int, text string, p *geo.Place) {
	if text == "" {
		return
	}
	h, known := rd.hours[text]
	if !known {
		h = readCell(text)
		rd.hours[text] = h
	}
	p.Hours = h.hours
	switch {
	case h.hours == "":
		p.HoursText = text
		rd.report.HoursUnread++
		rd.issue(row, FieldHours, text, geo.Text{
			Zh: "开放时间没有读懂，按原文保留，开放状态显示为“未知”：可写成 周一至周五 08:30-17:30 的样子。",
			En: "the opening hours were not understood; kept as text, the state is shown as unknown: write them like Mo-Fr 08:30-17:30",
		})
		return
	case h.partly:
		p.HoursText = text
		rd.report.HoursPartly++
	}
	rd.report.Hours++
}

// hoursCell is what was read from a cell; the cells of a table are much alike.
type hoursCell struct {
	hours  string // "" where the cell was not understood
	partly bool
}

// timesAlone matches a text of nothing but times, which has no mark of the
// grammar of opening_hours and is read as people write.
var timesAlone = regexp.MustCompile(`^[0-9:.,;~ -]+$`)

// clockSpan finds the spans in an opening_hours string.
var clockSpan = regexp.MustCompile(`(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})`)

// readCell reads opening hours. What is an opening_hours string already is
// kept as it is, unless a span in it is empty or it seems written on a clock
// of 12 hours; the rest is read as Chinese. Its result can be parsed.
func readCell(text string) hoursCell {
	parses := func(s string) bool {
		_, err := hours.Parse(s)
		return err == nil
	}
	if ascii(text) && strings.ContainsAny(text, ":/") && !timesAlone.MatchString(text) && parses(text) {
		if !sane(text) {
			return hoursCell{}
		}
		return hoursCell{hours: text}
	}
	if read, partly, ok := ReadHours(text); ok && parses(read) {
		return hoursCell{read, partly}
	}
	return hoursCell{}
}

// sane looks for what no one means in an opening_hours string: 08:00-08:00,
// and 8:30-12:00,1:30-5:30 without a leading zero.
func sane(text string) bool {
	for rule := range strings.SplitSeq(text, ";") {
		latest := 0
		for _, m := range clockSpan.FindAllStringSubmatch(rule, -1) {
			minute := func(h, m string) int {
				hour, _ := strconv.Atoi(h)
				minutes, _ := strconv.Atoi(m)
				return hour*60 + minutes
			}
			from, to := minute(m[1], m[2]), minute(m[3], m[4])
			if from == to || from > 0 && from < latest && len(m[1]) == 1 {
				return false
			}
			latest = max(latest, to)
		}
	}
	return true
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
