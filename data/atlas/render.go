package atlas

import (
	"yizhan/geo"
	"yizhan/geo/datum"
	"yizhan/geo/index"
	"yizhan/geo/pack"
)

// A place's feature is joined from what is there: the texts of its packed row,
// which are copied as they are where they need no escape, and the fragments of
// its other values. So no memory is needed to keep it.
const (
	featureHead = `{"type":"Feature","geometry":{"type":"Point","coordinates":[`
	featureNull = `{"type":"Feature","geometry":null`
)

// AppendFeature appends a place as a GeoJSON feature in a datum. With it go
// properties, members such as `"distance_m":12,"open":{…}` without outer
// commas, and access, the JSON value of a gate's "access"; either may be nil,
// and access counts only for gates. It allocates nothing where dst has room.
func (a *Atlas) AppendFeature(dst []byte, s index.Slot, d datum.Datum, access, properties []byte) []byte {
	if len(access) == 0 && (d == datum.WGS84 || d == "") {
		if ready := a.fragments[0].ready(s); ready != nil {
			if len(properties) == 0 {
				return append(dst, ready...)
			}
			dst = append(append(dst, ready[:len(ready)-len(`}}`)]...), ',')
			return append(append(dst, properties...), `}}`...)
		}
	}
	return a.joinFeature(dst, s, d, access, properties)
}

// joinFeature is AppendFeature from the row.
func (a *Atlas) joinFeature(dst []byte, s index.Slot, d datum.Datum, access, properties []byte) []byte {
	row, table := a.Places.Row(s)
	switch {
	case !row.Placed():
		dst = append(dst, featureNull...)
	case d == datum.WGS84 || d == "":
		at := a.Places.Position(s)
		dst = appendSteps(append(dst, featureHead...), int64(at.Lon))
		dst = append(appendSteps(append(dst, ','), int64(at.Lat)), "]}"...)
	default:
		dst = appendPosition(append(dst, featureHead...), d.FromWGS84(a.Places.Point(s)))
		dst = append(dst, "]}"...)
	}
	id, _ := row.Next()
	if id.Plain {
		dst = append(append(append(dst, `,"id":"`...), id.Text...), `","properties":{"id":"`...)
		dst = append(append(dst, id.Text...), '"')
	} else {
		dst = AppendString(append(dst, `,"id":`...), id.Text)
		dst = AppendString(append(dst, `,"properties":{"id":`...), id.Text)
	}
	dst = a.appendFields(dst, row, id, s, table, access)
	if len(properties) > 0 {
		dst = append(append(dst, ','), properties...)
	}
	return append(dst, `}}`...)
}

// AppendProperties appends a place's properties alone, as an object, with the
// same additions.
func (a *Atlas) AppendProperties(dst []byte, s index.Slot, access, properties []byte) []byte {
	row, table := a.Places.Row(s)
	id, _ := row.Next()
	dst = AppendString(append(dst, `{"id":`...), id.Text)
	dst = a.appendFields(dst, row, id, s, table, access)
	if len(properties) > 0 {
		dst = append(append(dst, ','), properties...)
	}
	return append(dst, '}')
}

// particularFields are those of which a place has one, by its kind.
const particularFields pack.Mask = 1<<pack.Station | 1<<pack.Charger | 1<<pack.BusStop | 1<<pack.Parking | 1<<pack.Bikes

// appendFields appends the properties of a row behind its ID, which was read.
func (a *Atlas) appendFields(dst []byte, row pack.Row, id pack.Value, s index.Slot, table int, access []byte) []byte {
	parts := a.fragments[table]
	fields := row.Fields()
	skip := fields & particularFields
	skip &= skip - 1 // all but the first
	for v, ok := row.Step(); ok && v.Field < pack.Time; v, ok = row.Step() {
		switch {
		case skip.Has(v.Field):
			continue
		case v.Number >= 0:
			dst = append(dst, parts.fields[v.Field].at(v.Number)...)
		case v.Plain && names[v.Field] != "":
			dst = append(append(dst, names[v.Field]...), '"')
			dst = append(append(dst, v.Text...), '"')
		default:
			dst = renderer{a}.value(dst, v.Field, v.Text)
		}
		switch v.Field {
		case pack.Feed:
			if !fields.Has(pack.Ref) {
				dst = appendRef(dst, id, parts.feed(v))
			}
		case pack.GateCompounds:
			dst = append(dst, ']')
			if len(access) > 0 && a.Places.Kind(s) == geo.KindGate {
				dst = append(append(dst, `,"access":`...), access...)
			}
			dst = append(dst, '}')
		}
	}
	return dst
}

// appendRef appends a reference that is what follows the feed in the ID.
func appendRef(dst []byte, id pack.Value, feed string) []byte {
	ref := id.Text[len(feed)+1:]
	if !id.Plain {
		return append(AppendString(dst, ref), '}')
	}
	return append(append(append(dst, '"'), ref...), `"}`...)
}
