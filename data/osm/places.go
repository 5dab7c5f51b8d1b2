package osm

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"yizhan/geo"
	"yizhan/geo/hours"
)

// element says which OSM element something comes from.
type element struct {
	typ MemberType
	id  int64
}

// ref writes the element as people do: n123, w45, r6.
func (e element) ref() string { return "nwr"[e.typ:e.typ+1] + strconv.FormatInt(e.id, 10) }

// place applies the table of places to an element.
func (b *importer) place(el element, on shape, at orb.Point, tags Tags) {
	if !b.m.places.selects(tags) {
		return
	}
	route := b.calls[member{ref: el.id, typ: el.typ}]
	if route != nil {
		tags = append(tags, Tag{Key: "@bus_route", Value: "yes"})
	}
	row := b.m.places.first(tags, func(r *placeRow) bool { return r.On&on != 0 })
	if row == nil || b.m.gone.first(tags, nil) != nil {
		return
	}
	p := b.newPlace(el, row.Kind, at, tags)
	switch row.Kind {
	case geo.KindStation:
		p.Station = &geo.Station{Type: row.Type}
		p.Facilities = facilitiesOf(tags)
	case geo.KindGate:
		b.gates = append(b.gates, b.asGate(p, tags))
		return
	case geo.KindCharger:
		p.Charger = b.charger(tags)
	case geo.KindBusStop:
		p.BusStop = &geo.BusStop{
			Lines:   append(splitLines(tags.Get("route_ref")+";"+tags.Get("lines")), route...),
			Shelter: tags.Get("shelter") == "yes" || tags.Get("covered") == "yes",
			Bench:   tags.Get("bench") == "yes",
		}
		b.stops = append(b.stops, stop{p, row.Stop})
		return
	case geo.KindParking:
		p.Parking = &geo.Parking{
			Vehicles: vehicles(b.m.parking, tags),
			Capacity: count(tags.Get("capacity")),
			Covered:  b.m.covered.first(tags, nil) != nil,
		}
	case geo.KindSharedBike:
		p.Bikes = &geo.SharedBikes{Capacity: count(tags.Get("capacity")), Network: get(tags, "network", "brand", "operator")}
	}
	b.places = append(b.places, p)
}

// newPlace fills what all kinds have.
func (b *importer) newPlace(el element, kind geo.Kind, at orb.Point, tags Tags) *geo.Place {
	p := &geo.Place{
		ID:       b.id(el),
		Kind:     kind,
		Point:    at,
		Address:  addressOf(tags),
		District: get(tags, "addr:district"),
		Phone:    geo.CleanPhone(get(tags, "phone", "contact:phone")),
		Operator: get(tags, "operator"),
		Website:  website(tags),
		Source:   geo.Source{Feed: b.opt.Feed, Ref: el.ref(), Time: b.opt.Time},
	}
	p.Name, p.Names = namesOf(tags)
	if raw := tags.Get("opening_hours"); raw != "" {
		p.Hours, p.HoursText = b.hours(el, raw)
	}
	for _, k := range extraKeys {
		if v := get(tags, k); v != "" {
			if p.Extra == nil {
				p.Extra = map[string]string{}
			}
			p.Extra[k] = v
		}
	}
	return p
}

// asGate makes a place into a gate. A gate without a name is known by its
// ref; an entrance=* has no barrier value of its own and is called entrance,
// as barrier=entrance is.
func (b *importer) asGate(p *geo.Place, tags Tags) *geo.Place {
	barrier := get(tags, "barrier")
	if barrier == "" {
		barrier = "entrance"
	}
	if p.Name == "" {
		p.Name = get(tags, "ref")
	}
	p.Gate = &geo.Gate{Barrier: barrier, Tags: pick(tags, b.m.access)}
	return p
}

// charger reads what a charging point serves.
func (b *importer) charger(tags Tags) *geo.Charger {
	c := &geo.Charger{Vehicles: vehicles(b.m.chargers, tags), Sockets: count(tags.Get("capacity")), Fee: get(tags, "charge", "fee")}
	if c.Sockets == 0 {
		c.Sockets = count(tags.Get("sockets"))
	}
	if c.Sockets == 0 {
		for _, t := range tags {
			if strings.HasPrefix(t.Key, "socket:") && !strings.Contains(t.Key[7:], ":") {
				c.Sockets += count(t.Value)
			}
		}
	}
	return c
}

// vehicles returns the vehicles of the rows that hold, each once, in table
// order.
func vehicles(t *table[vehicleRow], tags Tags) []string {
	has := map[string]bool{}
	t.all(tags, func(r *vehicleRow) { has[r.Vehicle] = true })
	var out []string
	for _, r := range t.rows {
		if has[r.Vehicle] {
			out = append(out, r.Vehicle)
			delete(has, r.Vehicle)
		}
	}
	return out
}

// count reads a small number, 0 where it is none.
func count(s string) int {
	n, err := strconv.Atoi(strings.TrimSpace(s))
	if err != nil || n < 0 || n > 100_000 {
		return 0
	}
	return n
}

// hours sorts an opening_hours value into what parses and what is only text.
func (b *importer) hours(el element, raw string) (good, text string) {
	raw = clean(raw)
	if raw == "" {
		return "", ""
	}
	if ok, seen := b.hoursSeen[raw]; seen && ok {
		return raw, ""
	}
	_, err := hours.Parse(raw)
	b.hoursSeen[raw] = err == nil
	if err == nil {
		return raw, ""
	}
	b.report.warn(Hours, el.ref(), geo.Text{
		Zh: fmt.Sprintf("营业时间 %q 无法解析，按原文保留", raw),
		En: fmt.Sprintf("opening_hours %q cannot be read and is kept as text", raw),
	})
	return "", raw
}
