package gpkg

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"yizhan/data/store"
	"yizhan/geo"
)

// A row is written and read as one text: its cells in the order of columns,
// joined by sep. SQLite joins the cells itself when a row is read, so that a
// place costs one text instead of forty; the same text, made from a place, is
// what a Replace compares to see whether anything changed. No cell can hold
// sep, because store.Check refuses control characters.
const sep = 0x1f

// The columns that hold a place, beside fid and geom. They are what a planner
// sees in QGIS and the only thing that is read back.
const (
	colID = iota
	colKind
	colName
	colNameEn
	colNames
	colAddress
	colDistrict
	colPhone
	colOperator
	colWebsite
	colNote
	colHours
	colHoursText
	colValidFrom
	colValidUntil
	colFacilities
	colCompound
	colFeed
	colRef
	colSourceTime
	colOrigin
	colStationType
	colNetwork
	colHub
	colBooking
	colBarrier
	colInferred
	colTags
	colCompounds
	colVehicles
	colSockets
	colFee
	colLines
	colShelter
	colBench
	colCapacity
	colCovered
	colExtra
	numColumns
)

type column struct{ name, decl string }

var columns = [numColumns]column{
	colID:          {"id", "TEXT NOT NULL UNIQUE DEFAULT ('entered:' || lower(hex(randomblob(8))))"},
	colKind:        {"kind", "TEXT NOT NULL DEFAULT 'station'"},
	colName:        {"name", "TEXT"},
	colNameEn:      {"name_en", "TEXT"},
	colNames:       {"names", "TEXT"},
	colAddress:     {"address", "TEXT"},
	colDistrict:    {"district", "TEXT"},
	colPhone:       {"phone", "TEXT"},
	colOperator:    {"operator", "TEXT"},
	colWebsite:     {"website", "TEXT"},
	colNote:        {"note", "TEXT"},
	colHours:       {"opening_hours", "TEXT"},
	colHoursText:   {"hours_text", "TEXT"},
	colValidFrom:   {"valid_from", "DATETIME"},
	colValidUntil:  {"valid_until", "DATETIME"},
	colFacilities:  {"facilities", "TEXT"},
	colCompound:    {"compound", "TEXT"},
	colFeed:        {"feed", "TEXT NOT NULL DEFAULT 'entered'"},
	colRef:         {"ref", "TEXT"},
	colSourceTime:  {"source_time", "DATETIME"},
	colOrigin:      {"origin", "TEXT"},
	colStationType: {"station_type", "TEXT"},
	colNetwork:     {"network", "TEXT"},
	colHub:         {"hub", "TEXT"},
	colBooking:     {"booking", "TEXT"},
	colBarrier:     {"barrier", "TEXT"},
	colInferred:    {"inferred", "BOOLEAN"},
	colTags:        {"tags", "TEXT"},
	colCompounds:   {"compounds", "TEXT"},
	colVehicles:    {"vehicles", "TEXT"},
	colSockets:     {"sockets", "INTEGER"},
	colFee:         {"fee", "TEXT"},
	colLines:       {"lines", "TEXT"},
	colShelter:     {"shelter", "BOOLEAN"},
	colBench:       {"bench", "BOOLEAN"},
	colCapacity:    {"capacity", "INTEGER"},
	colCovered:     {"covered", "BOOLEAN"},
	colExtra:       {"extra", "TEXT"},
}

// timeLayout is the DATETIME of GeoPackage: UTC to the millisecond.
const timeLayout = "2006-01-02T15:04:05.000Z"

// writer appends cells; begin sets the separator between them.
type writer struct {
	dst []byte
	n   int
}

func (w *writer) next() {
	if w.n > 0 {
		w.dst = append(w.dst, sep)
	}
	w.n++
}

func (w *writer) text(s string) { w.next(); w.dst = append(w.dst, s...) }

func (w *writer) number(n int) {
	w.next()
	if n != 0 {
		w.dst = strconv.AppendInt(w.dst, int64(n), 10)
	}
}

func (w *writer) flag(b bool) {
	w.next()
	if b {
		w.dst = append(w.dst, '1')
	}
}

func (w *writer) time(t time.Time) {
	w.next()
	if !t.IsZero() {
		w.dst = t.UTC().AppendFormat(w.dst, timeLayout)
	}
}

// list writes the elements joined by "; ", or as a JSON array where that could
// not be taken apart again.
func (w *writer) list(list []string) {
	w.next()
	if len(list) == 0 {
		return
	}
	plain := !strings.HasPrefix(list[0], "[")
	for _, s := range list {
		plain = plain && s != "" && !strings.ContainsAny(s, ";；,，、") && strings.TrimSpace(s) == s
	}
	if !plain {
		w.json(list)
		return
	}
	for i, s := range list {
		if i > 0 {
			w.dst = append(w.dst, "; "...)
		}
		w.dst = append(w.dst, s...)
	}
}

func (w *writer) object(m map[string]string) {
	w.next()
	if len(m) > 0 {
		w.json(m)
	}
}

// json appends v, of strings only, as JSON with sorted keys.
func (w *writer) json(v any) {
	buf := bytes.NewBuffer(w.dst)
	enc := json.NewEncoder(buf)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(v) // strings and their maps and slices always encode
	w.dst = bytes.TrimSuffix(buf.Bytes(), []byte("\n"))
}

// appendRow appends the cells of a place that is Normal.
func appendRow(dst []byte, p *geo.Place) []byte {
	w := writer{dst: dst}
	w.text(p.ID)
	w.text(string(p.Kind))
	w.text(p.Name)
	w.text(p.Names["en"])
	names := p.Names
	if names["en"] != "" {
		if len(names) == 1 {
			names = nil
		} else {
			names = without(names, "en")
		}
	}
	w.object(names)
	w.text(p.Address)
	w.text(p.District)
	w.text(p.Phone)
	w.text(p.Operator)
	w.text(p.Website)
	w.text(p.Note)
	w.text(p.Hours)
	w.text(p.HoursText)
	valid := geo.Period{}
	if p.Valid != nil {
		valid = *p.Valid
	}
	w.time(valid.From)
	w.time(valid.Until)
	facilities := make([]string, len(p.Facilities))
	for i, f := range p.Facilities {
		facilities[i] = string(f)
	}
	w.list(facilities)
	w.text(p.Compound)
	w.text(p.Source.Feed)
	w.text(p.Source.Ref)
	w.time(p.Source.Time)
	w.next()
	if o := p.Origin; o != nil {
		w.dst = append(w.dst, o.Datum...)
		w.dst = strconv.AppendFloat(append(w.dst, ' '), o.Lon, 'g', -1, 64)
		w.dst = strconv.AppendFloat(append(w.dst, ' '), o.Lat, 'g', -1, 64)
	}
	appendKind(&w, p)
	w.object(p.Extra)
	return w.dst
}

func without(m map[string]string, key string) map[string]string {
	out := make(map[string]string, len(m))
	for k, v := range m {
		if k != key {
			out[k] = v
		}
	}
	return out
}

// appendKind writes the columns from colStationType to colCovered.
func appendKind(w *writer, p *geo.Place) {
	var (
		station  geo.Station
		gate     geo.Gate
		charger  geo.Charger
		stop     geo.BusStop
		parking  geo.Parking
		bikes    geo.SharedBikes
		vehicles []string
	)
	switch {
	case p.Station != nil:
		station = *p.Station
	case p.Gate != nil:
		gate = *p.Gate
	case p.Charger != nil:
		charger = *p.Charger
		vehicles = charger.Vehicles
	case p.BusStop != nil:
		stop = *p.BusStop
	case p.Parking != nil:
		parking = *p.Parking
		vehicles = parking.Vehicles
	case p.Bikes != nil:
		bikes = *p.Bikes
	}
	w.text(string(station.Type))
	w.text(station.Network + bikes.Network)
	w.text(station.Hub)
	w.text(station.Booking)
	w.text(gate.Barrier)
	w.flag(gate.Inferred)
	w.object(gate.Tags)
	w.list(gate.Compounds)
	w.list(vehicles)
	w.number(charger.Sockets)
	w.text(charger.Fee)
	w.list(stop.Lines)
	w.flag(stop.Shelter)
	w.flag(stop.Bench)
	w.number(parking.Capacity + bikes.Capacity)
	w.flag(parking.Covered)
}

// cells is a row taken apart; err is the first cell that could not be read. It
// is used for many rows, and remembers what many of them have in common.
type cells struct {
	cell [numColumns]string
	err  error

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

// maxKnown bounds what is remembered.
const maxKnown = 4096

func newCells() cells {
	return cells{kinds: kindWords(), words: facilityWords(), known: make(map[string][]geo.Facility)}
}

// split takes a row apart.
func (c *cells) split(row string) error {
	c.err = nil
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
	p.Address, p.District, p.Phone = c.cell[colAddress], c.cell[colDistrict], c.cell[colPhone]
	p.Operator, p.Website, p.Note = c.cell[colOperator], c.cell[colWebsite], c.cell[colNote]
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
