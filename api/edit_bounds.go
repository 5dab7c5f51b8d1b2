package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"unicode/utf8"

	"yizhan/geo"
)

// bounded refuses texts that are longer than people read them.
func (b *body) bounded(p *geo.Place) {
	most := func(name string, limit int, texts ...string) {
		for _, s := range texts {
			if n := utf8.RuneCountInString(s); n > limit {
				b.fail(badParam(name, fmt.Sprintf("有 %d 个字符，上限 %d，请缩短。", n, limit), fmt.Sprintf("has %d characters; at most %d, shorten it", n, limit)))
			}
		}
	}
	dict := func(name string, limit int, m map[string]string) {
		for key, s := range m {
			most(name, geo.MaxWord, key)
			most(name, limit, s)
		}
	}
	most("name", geo.MaxName, p.Name)
	dict("names", geo.MaxName, p.Names)
	most("address", geo.MaxAddress, p.Address)
	most("district", geo.MaxDistrict, p.District)
	most("phone", geo.MaxPhone, p.Phone)
	most("operator", geo.MaxOperator, p.Operator)
	most("website", geo.MaxWebsite, p.Website)
	most("note", geo.MaxNote, p.Note)
	most("hours", geo.MaxHours, p.Hours)
	most("hours_text", geo.MaxHours, p.HoursText)
	most("source.ref", geo.MaxWord, p.Source.Ref)
	if s := p.Station; s != nil {
		most("station.network", geo.MaxNetwork, s.Network)
		most("station.hub", geo.MaxWord, s.Hub)
		most("station.booking", geo.MaxBooking, s.Booking)
	}
	if c := p.Charger; c != nil {
		most("charger.vehicles", geo.MaxWord, c.Vehicles...)
		most("charger.fee", geo.MaxFee, c.Fee)
	}
	if s := p.BusStop; s != nil {
		most("bus_stop.lines", geo.MaxLines, s.Lines...)
	}
	if k := p.Parking; k != nil {
		most("parking.vehicles", geo.MaxWord, k.Vehicles...)
	}
	if k := p.Bikes; k != nil {
		most("shared_bike.network", geo.MaxNetwork, k.Network)
	}
	if g := p.Gate; g != nil {
		most("gate.barrier", geo.MaxWord, g.Barrier)
		dict("gate.tags", geo.MaxWord, g.Tags)
	}
}

// uniqueTexts reads an object of strings, of different names.
func uniqueTexts(raw []byte) (texts map[string]string, twice string, ok bool) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return nil, "", false
	}
	texts = make(map[string]string)
	for dec.More() {
		name, err := dec.Token()
		key, isText := name.(string)
		value, err2 := dec.Token()
		s, isString := value.(string)
		if err != nil || err2 != nil || !isText || !isString {
			return nil, "", false
		}
		if _, there := texts[key]; there {
			return nil, key, false
		}
		texts[key] = s
	}
	return texts, "", true
}

// halfCharacter says whether a JSON text has an escape of half a character: one
// of a pair of surrogates without the other, which Go reads as U+FFFD.
func halfCharacter(raw []byte) bool {
	unit := func(i int) uint64 { // of the escape at i, 0 where there is none
		if i+6 > len(raw) || raw[i] != '\\' || raw[i+1] != 'u' {
			return 0
		}
		v, _ := strconv.ParseUint(string(raw[i+2:i+6]), 16, 16)
		return v
	}
	for i := 0; i < len(raw); i++ {
		if raw[i] != '\\' {
			continue
		}
		switch u := unit(i); {
		case u < 0xd800 || u > 0xdfff:
			i++ // whatever is escaped
		case u >= 0xdc00:
			return true
		default:
			if low := unit(i + 6); low < 0xdc00 || low > 0xdfff {
				return true
			}
			i += 11
		}
	}
	return false
}
