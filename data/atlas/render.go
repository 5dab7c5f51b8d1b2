package atlas

import (
	"bytes"
	"time"

	"yizhan/geo"
	"yizhan/geo/datum"
	"yizhan/geo/index"
)

// A place's feature is written once, in WGS-84 and without what changes by the
// minute or by the question. It begins with featureHead and the position, and
// ends with the closing braces of the properties and the feature; of a gate,
// whose object "gate" is the last property, with one more. So a position in
// another datum, a distance or the gate's access can be put in by joining
// bytes.
const (
	featureHead = `{"type":"Feature","geometry":{"type":"Point","coordinates":[`
	featureNull = `{"type":"Feature","geometry":null`
	featureTail = `}}`
	gateTail    = `}}}`
)

// AppendFeature appends a place as a GeoJSON feature in a datum. With it go
// properties, members such as `"distance_m":12,"open":{…}` without outer
// commas, and access, the JSON value of a gate's "access"; either may be nil,
// and access counts only for gates. It allocates nothing where dst has room.
func (a *Atlas) AppendFeature(dst []byte, s index.Slot, d datum.Datum, access, properties []byte) []byte {
	f := a.features[s]
	if a.Places.Placed(s) && d != datum.WGS84 && d != "" {
		dst = append(dst, featureHead...)
		dst = appendPosition(dst, d.FromWGS84(a.Places.Point(s)))
		f = f[len(featureHead):]
		f = f[bytes.IndexByte(f, ']'):]
	}
	return appendJoined(dst, a.Places.Kind(s) == geo.KindGate && bytes.HasSuffix(f, []byte(gateTail)), f, featureTail, access, properties)
}

// AppendProperties appends a place's properties alone, as an object, with the
// same additions.
func (a *Atlas) AppendProperties(dst []byte, s index.Slot, access, properties []byte) []byte {
	f := a.features[s]
	// The property "properties" comes after the id, whose text cannot hold a
	// bare quotation mark.
	_, f, _ = bytes.Cut(f, []byte(`,"properties":`))
	return appendJoined(dst, a.Places.Kind(s) == geo.KindGate && bytes.HasSuffix(f, []byte(gateTail)), f[:len(f)-1], featureTail[1:], access, properties)
}

// appendJoined appends f, which ends with tail, and a gate's with one brace
// more, with the additions in their places.
func appendJoined(dst []byte, gate bool, f []byte, tail string, access, properties []byte) []byte {
	if len(access) == 0 && len(properties) == 0 {
		return append(dst, f...)
	}
	f = f[:len(f)-len(tail)]
	if gate {
		f = f[:len(f)-1]
	}
	dst = append(dst, f...)
	if gate {
		if len(access) > 0 {
			dst = append(appendKey(dst, "access"), access...)
		}
		dst = append(dst, '}')
	}
	if len(properties) > 0 {
		dst = append(append(dst, ','), properties...)
	}
	return append(dst, tail...)
}

// renderer writes features.
type renderer struct {
	zone     *time.Location
	compound func(id string) string // its name
}

// feature appends the feature of a place.
func (r renderer) feature(dst []byte, p *geo.Place) []byte {
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
	dst = particulars(dst, p)
	if g := p.Gate; g != nil {
		dst = append(appendKey(dst, "gate"), '{')
		dst = appendText(dst, "barrier", g.Barrier)
		dst = appendBool(dst, "inferred", g.Inferred)
		dst = appendObject(dst, "tags", g.Tags)
		dst = append(appendKey(dst, "compounds"), '[')
		for _, id := range g.Compounds {
			dst = r.ref(appendComma(dst), id)
		}
		return append(dst, "]"+gateTail...)
	}
	return append(dst, featureTail...)
}

// ref appends a reference to a compound.
func (r renderer) ref(dst []byte, id string) []byte {
	dst = appendText(append(dst, '{'), "id", id)
	return append(appendText(dst, "name", r.compound(id)), '}')
}

func (r renderer) valid(dst []byte, v *geo.Period) []byte {
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
func particulars(dst []byte, p *geo.Place) []byte {
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
		dst = appendCount(dst, "sockets", c.Sockets)
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
		dst = appendCount(dst, "capacity", k.Capacity)
		dst = appendBool(dst, "covered", k.Covered)
	case p.Bikes != nil:
		b := p.Bikes
		dst = append(appendKey(dst, "shared_bike"), '{')
		dst = appendCount(dst, "capacity", b.Capacity)
		dst = appendMaybe(dst, "network", b.Network)
	default:
		return dst
	}
	return append(dst, '}')
}
