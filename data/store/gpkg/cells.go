package gpkg

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"yizhan/data/store"
	"yizhan/geo"
)

// cells is a row taken apart; err is the first cell that could not be read. It
// is used for many rows, and remembers what many of them have in common.
type cells struct {
	cell [numColumns]string
	// geom is the geometry where the cells came with it; it stands in blob.
	geom, blob []byte
	err        error

	kinds map[string]geo.Kind
	words map[string]geo.Facility
	// known are the lists of facilities met so far, shared among places.
	known map[string][]geo.Facility
	// moment is the last time read.
	moment struct {
		text string
		time time.Time
	}
}

// maxRow bounds what is taken apart at all: lists and objects are longer in a
// row than the texts in them, which store.Check counts.
const maxRow = 8 * store.MaxPlace

// maxKnown bounds what is remembered.
const maxKnown = 4096

func newCells() cells {
	return cells{kinds: kindWords(), words: facilityWords(), known: make(map[string][]geo.Facility)}
}

// split takes a row apart.
func (c *cells) split(row string) error {
	c.err = nil
	if len(row) > maxRow {
		return badCell("", fmt.Sprintf("%d bytes of text, at most %d are read", len(row), maxRow), fmt.Sprintf("文字共 %d 字节，上限 %d", len(row), maxRow))
	}
	if !utf8.ValidString(row) {
		return badCell("", "text that is not UTF-8", "含非 UTF-8 文字")
	}
	for i := range c.cell {
		if i == numColumns-1 {
			if strings.IndexByte(row, sep) >= 0 {
				return badCell("", "a control character", "含控制字符 U+001F")
			}
			c.cell[i] = row
			break
		}
		at := strings.IndexByte(row, sep)
		if at < 0 {
			return badCell("", "too few cells", "列数不足")
		}
		c.cell[i], row = row[:at], row[at+1:]
	}
	return nil
}

// place fills p from the cells; its point and Unplaced are the caller's. The
// cells may have been typed by people, so forms are taken generously and what
// cannot be understood is an error that names the column.
func (c *cells) place(p *geo.Place) error {
	if err := store.CheckID(c.cell[colID]); err != nil {
		return err
	}
	kind, ok := c.kinds[c.cell[colKind]]
	if !ok {
		return badCell(columns[colKind].name, "unknown kind "+strconv.Quote(c.cell[colKind]), "类别不认识："+strconv.Quote(c.cell[colKind]))
	}
	p.ID, p.Kind, p.Name = c.cell[colID], kind, c.cell[colName]
	p.Names = c.object(colNames)
	if en := c.cell[colNameEn]; en != "" {
		if p.Names == nil {
			p.Names = make(map[string]string, 1)
		}
		p.Names["en"] = en
	}
	p.Address, p.District, p.Phone = c.cell[colAddress], c.cell[colDistrict], geo.CleanPhone(c.cell[colPhone])
	p.Operator, p.Website, p.Note = c.cell[colOperator], geo.CleanURL(c.cell[colWebsite]), c.cell[colNote]
	p.Hours, p.HoursText = c.cell[colHours], c.cell[colHoursText]
	if c.cell[colValidFrom] != "" || c.cell[colValidUntil] != "" {
		p.Valid = &geo.Period{From: c.time(colValidFrom), Until: c.time(colValidUntil)}
	}
	var other string
	p.Facilities, other = c.facilities()
	p.Compound = c.cell[colCompound]
	p.Source = geo.Source{Feed: c.cell[colFeed], Ref: c.cell[colRef], Time: c.time(colSourceTime)}
	if p.Source.Feed == "" {
		p.Source.Feed = geo.FeedEntered
	}
	p.Origin = c.origin()
	c.kind(p)
	p.Extra = c.object(colExtra)
	if other != "" {
		if p.Extra == nil {
			p.Extra = make(map[string]string, 1)
		}
		p.Extra["facilities"] = other
	}
	return c.err
}

// kind fills the fields of the place's kind.
func (c *cells) kind(p *geo.Place) {
	switch p.Kind {
	case geo.KindStation:
		p.Station = &geo.Station{Type: geo.StationType(c.cell[colStationType]), Network: c.cell[colNetwork], Hub: c.cell[colHub], Booking: c.cell[colBooking]}
	case geo.KindGate:
		p.Gate = &geo.Gate{Barrier: c.cell[colBarrier], Inferred: c.flag(colInferred), Tags: c.object(colTags), Compounds: c.list(colCompounds)}
	case geo.KindCharger:
		p.Charger = &geo.Charger{Vehicles: c.list(colVehicles), Sockets: c.number(colSockets), Fee: c.cell[colFee]}
	case geo.KindBusStop:
		p.BusStop = &geo.BusStop{Lines: c.list(colLines), Shelter: c.flag(colShelter), Bench: c.flag(colBench)}
	case geo.KindParking:
		p.Parking = &geo.Parking{Vehicles: c.list(colVehicles), Capacity: c.number(colCapacity), Covered: c.flag(colCovered)}
	case geo.KindSharedBike:
		p.Bikes = &geo.SharedBikes{Capacity: c.number(colCapacity), Network: c.cell[colNetwork]}
	}
}

func (c *cells) fail(col int, zh string) {
	if c.err == nil {
		c.err = badCell(columns[col].name, "cannot read "+strconv.Quote(clip(c.cell[col])), zh+"："+strconv.Quote(clip(c.cell[col])))
	}
}

func clip(s string) string {
	if len(s) > 60 {
		return strings.ToValidUTF8(s[:60], "") + "…"
	}
	return s
}

func (c *cells) flag(col int) bool {
	switch strings.ToLower(c.cell[col]) {
	case "", "0", "false", "no", "否":
		return false
	case "1", "true", "yes", "是":
		return true
	}
	c.fail(col, "不是“是/否”")
	return false
}

func (c *cells) number(col int) int {
	if c.cell[col] == "" {
		return 0
	}
	n, err := strconv.ParseFloat(c.cell[col], 64) // "12.0" from a tool that knows no integers
	if err != nil || n < 0 || n > 1<<31 || n != float64(int(n)) {
		c.fail(col, "不是整数")
		return 0
	}
	return int(n)
}

func (c *cells) time(col int) time.Time {
	s := c.cell[col]
	if s == "" {
		return time.Time{}
	}
	if s == c.moment.text {
		return c.moment.time
	}
	for _, layout := range [...]string{timeLayout, time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02"} {
		if t, err := time.Parse(layout, s); err == nil {
			c.moment.text, c.moment.time = s, t.UTC()
			return t.UTC()
		}
	}
	c.fail(col, "不是时间")
	return time.Time{}
}

func (c *cells) list(col int) []string {
	s := c.cell[col]
	if s == "" {
		return nil
	}
	if s[0] == '[' {
		var list []string
		if err := json.Unmarshal([]byte(s), &list); err != nil {
			c.fail(col, "不是列表")
		}
		return list
	}
	list := make([]string, 0, 1+strings.Count(s, ";"))
	for e := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == ';' || r == '；' }) {
		if e = strings.TrimSpace(e); e != "" {
			list = append(list, e)
		}
	}
	if len(list) == 0 {
		return nil
	}
	return list
}

// facilities takes IDs, and the names that people type for them. Words that
// mean no facility are handed back as one text.
func (c *cells) facilities() (known []geo.Facility, other string) {
	s := c.cell[colFacilities]
	if s == "" {
		return nil, ""
	}
	if known, ok := c.known[s]; ok {
		return known, ""
	}
	if s[0] != '[' && strings.ContainsAny(s, "、，,") {
		c.cell[colFacilities] = strings.NewReplacer("、", ";", "，", ";", ",", ";").Replace(s)
	}
	list := c.list(colFacilities)
	if len(list) == 0 {
		return nil, ""
	}
	known = make([]geo.Facility, 0, len(list))
	for _, e := range list {
		if f, ok := c.words[e]; ok {
			known = append(known, f)
		} else if other == "" {
			other = e
		} else {
			other += "; " + e
		}
	}
	known = known[:len(known):len(known)]
	if other == "" && len(c.known) < maxKnown {
		c.known[s] = known
	}
	return known, other
}

func (c *cells) object(col int) map[string]string {
	s := c.cell[col]
	if s == "" {
		return nil
	}
	var m map[string]string
	if err := json.Unmarshal([]byte(s), &m); err != nil {
		c.fail(col, `应为 JSON 对象，如 {"access":"private"}`)
	}
	if len(m) == 0 {
		return nil
	}
	return m
}

func (c *cells) origin() *geo.Origin {
	s := c.cell[colOrigin]
	if s == "" {
		return nil
	}
	f := strings.Split(s, " ")
	if len(f) == 3 {
		lon, err1 := strconv.ParseFloat(f[1], 64)
		lat, err2 := strconv.ParseFloat(f[2], 64)
		if err1 == nil && err2 == nil {
			return &geo.Origin{Datum: f[0], Lon: lon, Lat: lat}
		}
	}
	c.fail(colOrigin, "应为“坐标系 经度 纬度”")
	return nil
}

func badCell(column, en, zh string) *geo.Error {
	if column == "" {
		return geo.NewError(geo.Invalid, zh, en)
	}
	return geo.NewError(geo.Invalid, fmt.Sprintf("%s 列：%s", column, zh), fmt.Sprintf("column %s: %s", column, en))
}

// facilityWords maps every ID, name and other word of a facility to it.
func facilityWords() map[string]geo.Facility {
	words := make(map[string]geo.Facility)
	for _, f := range geo.Facilities() {
		for _, w := range append([]string{f.Name.Zh, f.Name.En}, f.Words...) {
			words[w] = f.Facility
		}
	}
	for _, f := range geo.Facilities() { // an ID beats another's word
		words[string(f.Facility)] = f.Facility
	}
	return words
}

func kindWords() map[string]geo.Kind {
	kinds := make(map[string]geo.Kind)
	for _, k := range geo.Kinds() {
		kinds[string(k.Kind)] = k.Kind
	}
	return kinds
}
