package atlas

import (
	"yizhan/geo/index"
	"yizhan/geo/pack"
)

// fragments are the members that the values of a table's dictionaries are in
// JSON, written once for as many places as have them.
type fragments struct {
	table  *pack.Table
	fields [pack.NumFields]column
	// sheet is of the places of the first table, where they could be kept.
	sheet *sheet
}

// column is the fragments of one field.
type column struct {
	text string
	ends []uint32 // where each ends, behind a zero
}

func (c *column) at(number int32) string { return c.text[c.ends[number]:c.ends[number+1]] }

// feed returns the text of a row's feed.
func (f *fragments) feed(v pack.Value) string {
	if v.Number >= 0 {
		return f.table.Value(pack.Feed, int(v.Number))
	}
	return v.Text
}

// ready returns the feature of a place in WGS-84, nil where it is not in memory.
func (f *fragments) ready(s index.Slot) []byte {
	if f == nil || f.sheet == nil || f.sheet.mapped != nil || int(s)+1 >= len(f.sheet.starts) {
		return nil
	}
	return f.sheet.text[f.sheet.starts[s] : f.sheet.starts[s+1]-1] // without its comma
}

// render writes the fragments of the tables of Places, and the sheet of those
// that edits leave alone. What this Atlas, or the one that it is a copy of, has
// already stays.
func (a *Atlas) render() {
	r := renderer{a}
	was := a.fragments
	a.fragments = [2]*fragments{}
	for i, table := range a.Places.Tables() {
		if was[i] != nil && was[i].table == table {
			a.fragments[i] = was[i]
			continue
		}
		if a.fragments[i] = r.fragments(table); i == 0 {
			a.fragments[i].sheet = a.sheet()
		}
	}
}

func (r renderer) fragments(table *pack.Table) *fragments {
	f := &fragments{table: table}
	for field := range pack.Time { // what comes from there on is not shown
		n := table.Values(field)
		if n == 0 {
			continue
		}
		var text []byte
		ends := make([]uint32, 1, n+1)
		for number := range n {
			text = r.value(text, field, table.Value(field, number))
			ends = append(ends, uint32(len(text)))
		}
		f.fields[field] = column{string(text), ends}
	}
	return f
}

// renderer writes values in JSON, with the names of an Atlas's compounds and
// times in its zone.
type renderer struct{ atlas *Atlas }

// names are the members of the fields that are text.
var names = [pack.NumFields]string{
	pack.ID: `,"id":`, pack.Kind: `,"kind":`, pack.Name: `,"name":`, pack.Address: `,"address":`, pack.District: `,"district":`,
	pack.Phone: `,"phone":`, pack.Operator: `,"operator":`, pack.Website: `,"website":`, pack.Note: `,"note":`,
	pack.Hours: `,"hours":`, pack.HoursText: `,"hours_text":`,
}

// value appends the member that a field of a row is, with a comma before. Of
// Feed it is the beginning of the object "source", up to the text of Ref; of
// Gate the beginning of the object "gate", up to what GateCompounds is, whose
// list and object are left open.
func (r renderer) value(dst []byte, f pack.Field, text string) []byte {
	if names[f] != "" {
		return AppendString(append(dst, names[f]...), text)
	}
	v := pack.Reader{Rest: text}
	switch f {
	case pack.Names:
		return appendPairs(append(dst, `,"names":`...), v)
	case pack.Facilities:
		return appendTexts(append(dst, `,"facilities":`...), v)
	case pack.Valid:
		return r.valid(append(dst, `,"valid":{`...), v)
	case pack.Compound:
		return r.ref(append(dst, `,"compound":`...), text)
	case pack.Feed:
		return append(AppendString(append(dst, `,"source":{"feed":`...), text), `,"ref":`...)
	case pack.Ref:
		return append(AppendString(dst, text), '}')
	case pack.Gate:
		inferred := v.Flags()&1 != 0
		dst = appendText(append(dst, `,"gate":{`...), "barrier", v.Text())
		dst = appendBool(dst, "inferred", inferred)
		return append(appendPairs(append(dst, `,"tags":`...), v), `,"compounds":[`...)
	case pack.GateCompounds:
		for more := false; !v.Done(); more = true {
			if more {
				dst = append(dst, ',')
			}
			dst = r.ref(dst, v.Text())
		}
		return dst
	}
	return particulars(dst, f, v)
}

// ref appends a reference to a compound.
func (r renderer) ref(dst []byte, id string) []byte {
	dst = appendText(append(dst, '{'), "id", id)
	return append(appendText(dst, "name", r.atlas.compoundName(id)), '}')
}

func (r renderer) valid(dst []byte, v pack.Reader) []byte {
	zone, period := r.atlas.Zone, v.Period()
	if !period.From.IsZero() {
		dst = appendTime(dst, "from", period.From.In(zone))
	}
	if !period.Until.IsZero() {
		dst = appendTime(dst, "until", period.Until.In(zone))
	}
	return append(dst, '}')
}

// particulars appends what places of one kind have, gates apart.
func particulars(dst []byte, f pack.Field, v pack.Reader) []byte {
	switch f {
	case pack.Station:
		dst = append(dst, `,"station":{`...)
		for _, name := range [...]string{"type", "network", "hub", "booking"} {
			dst = appendMaybe(dst, name, v.Text())
		}
	case pack.Charger:
		dst = append(dst, `,"charger":{`...)
		sockets, fee := v.Int(), v.Text()
		dst = appendTexts(append(dst, `"vehicles":`...), v)
		dst = appendMaybe(appendCount(dst, "sockets", sockets), "fee", fee)
	case pack.BusStop:
		flags := v.Flags()
		dst = appendTexts(append(dst, `,"bus_stop":{"lines":`...), v)
		dst = appendBool(appendBool(dst, "shelter", flags&1 != 0), "bench", flags&2 != 0)
	case pack.Parking:
		flags, capacity := v.Flags(), v.Int()
		dst = appendTexts(append(dst, `,"parking":{"vehicles":`...), v)
		dst = appendBool(appendCount(dst, "capacity", capacity), "covered", flags&1 != 0)
	case pack.Bikes:
		dst = append(dst, `,"shared_bike":{`...)
		dst = appendMaybe(appendCount(dst, "capacity", v.Int()), "network", v.Text())
	default:
		return dst
	}
	return append(dst, '}')
}

// appendTexts appends a list of texts.
func appendTexts(dst []byte, v pack.Reader) []byte {
	dst = append(dst, '[')
	for more := false; !v.Done(); more = true {
		if more {
			dst = append(dst, ',')
		}
		dst = AppendString(dst, v.Text())
	}
	return append(dst, ']')
}

// appendPairs appends an object of texts.
func appendPairs(dst []byte, v pack.Reader) []byte {
	dst = append(dst, '{')
	for more := false; !v.Done(); more = true {
		if more {
			dst = append(dst, ',')
		}
		dst = append(AppendString(dst, v.Text()), ':')
		dst = AppendString(dst, v.Text())
	}
	return append(dst, '}')
}
