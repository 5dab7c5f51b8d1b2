package gpkg

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"time"

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
