package atlas

import (
	"maps"
	"slices"
	"time"

	"yizhan/geo"
)

// plain writes features of places field by field: the model that features
// joined from packed rows are compared with.
type plain struct {
	zone     *time.Location
	compound func(id string) string // its name
}

// feature appends the feature of a place.
func (r plain) feature(dst []byte, p *geo.Place) []byte {
	if p.Unplaced {
		dst = append(dst, featureNull...)
	} else {
		dst = append(dst, featureHead...)
		dst = append(appendPosition(dst, p.Point), "]}"...)
	}
	dst = appendText(dst, "id", p.ID)
	dst = append(dst, `,"properties":{`...)
	dst = appendText(dst, "id", p.ID)
	dst = appendText(dst, "kind", string(p.Kind))
	dst = appendText(dst, "name", p.Name)
	if len(p.Names) > 0 {
		dst = appendObject(dst, "names", p.Names)
	}
	dst = appendMaybe(dst, "address", p.Address)
	dst = appendMaybe(dst, "district", p.District)
	dst = appendMaybe(dst, "phone", p.Phone)
	dst = appendMaybe(dst, "operator", p.Operator)
	dst = appendMaybe(dst, "website", p.Website)
	dst = appendMaybe(dst, "note", p.Note)
	dst = appendMaybe(dst, "hours", p.Hours)
	dst = appendMaybe(dst, "hours_text", p.HoursText)
	dst = appendList(dst, "facilities", p.Facilities)
	dst = r.valid(dst, p.Valid)
	if p.Compound != "" {
		dst = r.ref(appendKey(dst, "compound"), p.Compound)
	}
	dst = append(appendKey(dst, "source"), '{')
	dst = appendText(dst, "feed", p.Source.Feed)
	dst = append(appendText(dst, "ref", p.Source.Ref), '}')
	dst = plainParticulars(dst, p)
	if g := p.Gate; g != nil {
		dst = append(appendKey(dst, "gate"), '{')
		dst = appendText(dst, "barrier", g.Barrier)
		dst = appendBool(dst, "inferred", g.Inferred)
		dst = appendObject(dst, "tags", g.Tags)
		dst = append(appendKey(dst, "compounds"), '[')
		for _, id := range g.Compounds {
			dst = r.ref(appendComma(dst), id)
		}
		return append(dst, "]}}}"...)
	}
	return append(dst, "}}"...)
}

// ref appends a reference to a compound.
func (r plain) ref(dst []byte, id string) []byte {
	dst = appendText(append(dst, '{'), "id", id)
	return append(appendText(dst, "name", r.compound(id)), '}')
}

func (r plain) valid(dst []byte, v *geo.Period) []byte {
	if v == nil {
		return dst
	}
	zone := r.zone
	if zone == nil {
		zone = time.UTC
	}
	dst = append(appendKey(dst, "valid"), '{')
	if !v.From.IsZero() {
		dst = appendTime(dst, "from", v.From.In(zone))
	}
	if !v.Until.IsZero() {
		dst = appendTime(dst, "until", v.Until.In(zone))
	}
	return append(dst, '}')
}

// particulars appends what places of one kind have, gates apart.
func plainParticulars(dst []byte, p *geo.Place) []byte {
	switch {
	case p.Station != nil:
		s := p.Station
		dst = append(appendKey(dst, "station"), '{')
		dst = appendMaybe(dst, "type", string(s.Type))
		dst = appendMaybe(dst, "network", s.Network)
		dst = appendMaybe(dst, "hub", s.Hub)
		dst = appendMaybe(dst, "booking", s.Booking)
	case p.Charger != nil:
		c := p.Charger
		dst = append(appendKey(dst, "charger"), '{')
		dst = appendList(dst, "vehicles", c.Vehicles)
		dst = appendCount(dst, "sockets", int64(c.Sockets))
		dst = appendMaybe(dst, "fee", c.Fee)
	case p.BusStop != nil:
		s := p.BusStop
		dst = append(appendKey(dst, "bus_stop"), '{')
		dst = appendList(dst, "lines", s.Lines)
		dst = appendBool(dst, "shelter", s.Shelter)
		dst = appendBool(dst, "bench", s.Bench)
	case p.Parking != nil:
		k := p.Parking
		dst = append(appendKey(dst, "parking"), '{')
		dst = appendList(dst, "vehicles", k.Vehicles)
		dst = appendCount(dst, "capacity", int64(k.Capacity))
		dst = appendBool(dst, "covered", k.Covered)
	case p.Bikes != nil:
		b := p.Bikes
		dst = append(appendKey(dst, "shared_bike"), '{')
		dst = appendCount(dst, "capacity", int64(b.Capacity))
		dst = appendMaybe(dst, "network", b.Network)
	default:
		return dst
	}
	return append(dst, '}')
}

// appendObject appends an object of strings, its keys in order.
func appendObject[M ~map[string]string](dst []byte, name string, m M) []byte {
	dst = append(appendKey(dst, name), '{')
	switch len(m) {
	case 0:
	case 1:
		for k, v := range m {
			dst = appendMember(dst, k, v)
		}
	default:
		for _, k := range slices.Sorted(maps.Keys(m)) {
			dst = appendMember(dst, k, m[k])
		}
	}
	return append(dst, '}')
}

func appendMember(dst []byte, key, value string) []byte {
	dst = AppendString(appendComma(dst), key)
	return AppendString(append(dst, ':'), value)
}
