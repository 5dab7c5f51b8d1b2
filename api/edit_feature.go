package api

import (
	"encoding/json"
	"fmt"
	"math"
	"mime"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/paulmach/orb"

	"yizhan/data/atlas"
	"yizhan/geo"
	"yizhan/geo/datum"
	"yizhan/geo/hours"
)

// maxFeature bounds the body of a place in bytes.
const maxFeature = 96 << 10

// readFeature reads a place as GET /api/places/{id} writes one: a GeoJSON
// feature with the same properties, all but id, kind and geometry as wished.
// What is worked out anew for each answer may stand in it and counts for
// nothing: open, access, the feed of the source, names of compounds. The ID is
// the caller's where it is not "", and else has yet to be made.
func (r *call) readFeature(id string, d datum.Datum) (geo.Place, error) {
	req := &r.c.Context().Request
	media, params, err := mime.ParseMediaType(string(req.Header.ContentType()))
	charset, given := params["charset"]
	if err != nil || media != fiber.MIMEApplicationJSON && media != typeGeoJSON || given && !strings.EqualFold(charset, "utf-8") || len(req.Header.ContentEncoding()) > 0 {
		return geo.Place{}, &fault{kind: probMedia}
	}
	raw := req.Body()
	if len(raw) > maxFeature {
		return geo.Place{}, &fault{kind: probBody, detail: geo.Text{
			Zh: fmt.Sprintf("请求体过大，这个接口最多 %d 字节。", maxFeature), En: fmt.Sprintf("The body is too large: %d bytes at most here.", maxFeature)}}
	}
	return parseFeature(raw, id, d, r.now.Location())
}

// parseFeature is the part of readFeature that knows no request.
func parseFeature(raw []byte, id string, d datum.Datum, zone *time.Location) (geo.Place, error) {
	f, err := parseBody(raw, []string{"type", "id", "geometry", "properties"}, zone)
	if err != nil {
		return geo.Place{}, err
	}
	if f.text("type") != "Feature" {
		f.fail(badParam("type", `应为 "Feature"。`, `must be "Feature"`))
	}
	p := geo.Place{ID: id}
	f.sameID("id", id)
	f.geometry(&p, d)
	properties := f.object("properties", propertyNames()...)
	if f.fault == nil && properties == nil {
		f.fail(badParam("properties", "必填，至少要有 kind。", "is required, with kind at least"))
	}
	if f.fault != nil {
		return geo.Place{}, f.err()
	}
	properties.sameID("id", id)
	properties.place(&p)
	return p, properties.err()
}

// propertyNames are the properties that may stand in a place.
func propertyNames() []string {
	return []string{"id", "kind", "name", "names", "address", "district", "phone", "operator", "website", "note", "hours", "hours_text",
		"facilities", "valid", "compound", "source", "station", "gate", "charger", "bus_stop", "parking", "shared_bike", "open"}
}

// place reads the properties of a place.
func (b *body) place(p *geo.Place) {
	kind, err := geo.ParseKind(b.text("kind"))
	if err != nil {
		b.fail(badParamErr("kind", err))
		return
	}
	p.Kind = kind
	p.Name, p.Names = b.text("name"), b.texts("names")
	p.Address, p.District, p.Operator, p.Note = b.text("address"), b.text("district"), b.text("operator"), b.text("note")
	p.Phone, p.Website = b.text("phone"), b.text("website")
	p.Hours, p.HoursText = b.text("hours"), b.text("hours_text")
	for _, word := range b.list("facilities") {
		f, err := geo.ParseFacility(word)
		if err != nil {
			b.fail(badParamErr("properties.facilities", err))
		}
		p.Facilities = append(p.Facilities, f)
	}
	if v := b.object("valid", "from", "until"); v != nil {
		p.Valid = &geo.Period{From: v.when("from"), Until: v.when("until")}
		b.adopt(v)
		if !p.Valid.Until.IsZero() && !p.Valid.Until.After(p.Valid.From) {
			b.fail(badParam("valid", "until 应晚于 from。", "until must be after from"))
		}
	}
	p.Compound = b.ref("compound")
	if s := b.object("source", "feed", "ref"); s != nil {
		p.Source.Ref = s.text("ref")
		b.adopt(s)
	}
	b.particulars(p)
	b.sound(p)
}

// particulars reads what places of one kind have.
func (b *body) particulars(p *geo.Place) {
	if s := b.object("station", "type", "network", "hub", "booking"); s != nil {
		p.Station = &geo.Station{Type: geo.StationType(s.text("type")), Network: s.text("network"), Hub: s.text("hub"), Booking: s.text("booking")}
		b.adopt(s)
	}
	if c := b.object("charger", "vehicles", "sockets", "fee"); c != nil {
		p.Charger = &geo.Charger{Vehicles: c.list("vehicles"), Sockets: c.count("sockets"), Fee: c.text("fee")}
		b.adopt(c)
	}
	if s := b.object("bus_stop", "lines", "shelter", "bench"); s != nil {
		p.BusStop = &geo.BusStop{Lines: s.list("lines"), Shelter: s.flag("shelter"), Bench: s.flag("bench")}
		b.adopt(s)
	}
	if k := b.object("parking", "vehicles", "capacity", "covered"); k != nil {
		p.Parking = &geo.Parking{Vehicles: k.list("vehicles"), Capacity: k.count("capacity"), Covered: k.flag("covered")}
		b.adopt(k)
	}
	if k := b.object("shared_bike", "capacity", "network"); k != nil {
		p.Bikes = &geo.SharedBikes{Capacity: k.count("capacity"), Network: k.text("network")}
		b.adopt(k)
	}
	if g := b.object("gate", "barrier", "inferred", "tags", "compounds", "access"); g != nil {
		p.Gate = &geo.Gate{Barrier: g.text("barrier"), Inferred: g.flag("inferred"), Tags: g.texts("tags"), Compounds: g.refs("compounds")}
		b.adopt(g)
	}
}

// sound refuses what could be kept and would be of no use.
func (b *body) sound(p *geo.Place) {
	if b.fault != nil {
		return
	}
	if p.Name == "" && p.Kind == geo.KindStation {
		b.fail(badParam("name", "驿站要有名称。", "is required of a station"))
	}
	if p.Hours != "" {
		if _, err := hours.Parse(p.Hours); err != nil {
			b.fail(badParamErr("hours", err))
		}
	}
	if p.Website != "" && geo.CleanURL(p.Website) == "" {
		b.fail(badParam("website", "应为网址，例如 https://example.org。", "must be the address of a web page, such as https://example.org"))
	}
	if p.Phone != "" && geo.CleanPhone(p.Phone) == "" {
		b.fail(badParam("phone", "里面没有号码。", "holds no number"))
	}
	if s := p.Station; s != nil && s.Type != "" {
		known := false
		for _, t := range geo.StationTypes() {
			known = known || t.Type == s.Type
		}
		if !known {
			b.fail(badParam("station", "type 不认识，可用的见 /api/about。", "its type is not known: /api/about lists the types"))
		}
	}
	b.bounded(p)
	check := *p
	if check.ID == "" {
		check.ID = yetToName
	}
	if err := atlas.CheckPlace(&check); err != nil {
		f := badParamErr("properties", err)
		if p.ID == "" {
			unnamed := strings.NewReplacer("地点 "+yetToName+" ", "新地点", "place "+yetToName, "the new place")
			f.detail = geo.Text{Zh: unnamed.Replace(f.detail.Zh), En: unnamed.Replace(f.detail.En)}
		}
		b.fail(f)
	}
}

// yetToName stands for the ID of a place that will be given one, while it is
// looked over.
const yetToName = "entered:new"

// sameID wants an ID that stands in the feature to be the one in the path.
func (b *body) sameID(name, id string) {
	switch {
	case !b.has(name) || b.text(name) == id:
	case id == "":
		b.fail(badParam(name, "新地点的编号由服务器给出，请去掉；要自定编号请用 PUT。", "is made by the server: leave it out, or use PUT to choose one"))
	default:
		b.fail(badParam(name, "与网址中的编号不同。", "differs from the id in the address"))
	}
}

// geometry reads a point, or null for a place without a position.
func (b *body) geometry(p *geo.Place, d datum.Datum) {
	raw, ok := b.members["geometry"]
	wrong := badParam("geometry", `必填：{"type":"Point","coordinates":[经度,纬度]}，没有坐标时为 null。`,
		`is required: {"type":"Point","coordinates":[lon,lat]}, or null where the position is not known`)
	switch {
	case !ok:
		b.fail(wrong)
		return
	case string(raw) == "null":
		p.Unplaced = true
		return
	}
	shape, err := parseBody(raw, []string{"type", "coordinates"}, b.zone)
	if err != nil || shape.text("type") != "Point" {
		b.fail(wrong)
		return
	}
	var given []float64
	if json.Unmarshal(shape.members["coordinates"], &given) != nil || len(given) != 2 {
		b.fail(wrong)
		return
	}
	at, f := position("geometry", shape.members["coordinates"], d)
	if f != nil {
		b.fail(f)
		return
	}
	p.Point = at
	if d != datum.WGS84 {
		p.Origin = &geo.Origin{Datum: string(d), Lon: given[0], Lat: given[1]}
	} else {
		p.Point = orb.Point{given[0], given[1]}
	}
}

// adopt takes over the fault of an object within.
func (b *body) adopt(within *body) {
	if within.fault != nil {
		b.fail(within.fault)
	}
}

// object reads an object of declared members, nil where it is absent.
func (b *body) object(name string, declared ...string) *body {
	raw, ok := b.members[name]
	if !ok {
		return nil
	}
	o, err := parseBody(raw, declared, b.zone)
	if err != nil {
		f := faultOf(err)
		if f.param == "" {
			f = badParam(name, "应为 JSON 对象。", "must be a JSON object")
		}
		b.fail(f)
		return nil
	}
	return o
}

// text reads a string member, which may be empty.
func (b *body) text(name string) string {
	raw, ok := b.members[name]
	if !ok {
		return ""
	}
	var s string
	if json.Unmarshal(raw, &s) != nil {
		b.fail(badParam(name, "应为字符串。", "must be a string"))
	}
	return s
}

// texts reads an object of strings.
func (b *body) texts(name string) map[string]string {
	raw, ok := b.members[name]
	if !ok {
		return nil
	}
	texts, twice, ok := uniqueTexts(raw)
	switch {
	case twice != "":
		b.fail(badParam(name, fmt.Sprintf("里的 %.40q 只能出现一次。", twice), fmt.Sprintf("has %.40q twice; it may stand only once", twice)))
	case !ok:
		b.fail(badParam(name, "应为字符串的对象。", "must be an object of strings"))
	}
	return texts
}

// list reads a list of strings.
func (b *body) list(name string) []string {
	raw, ok := b.members[name]
	if !ok {
		return nil
	}
	var all []*string
	list := []string{}
	bad := json.Unmarshal(raw, &all) != nil
	for _, s := range all {
		if bad = bad || s == nil; !bad {
			list = append(list, *s)
		}
	}
	if bad {
		b.fail(badParam(name, "应为字符串的列表。", "must be a list of strings"))
		return nil
	}
	return list
}

// count reads a number of things.
func (b *body) count(name string) int {
	raw, ok := b.members[name]
	if !ok {
		return 0
	}
	var n float64
	if json.Unmarshal(raw, &n) != nil || n < 0 || n > 1<<31 || n != math.Trunc(n) {
		b.fail(badParam(name, "应为不小于 0 的整数。", "must be a whole number, 0 or more"))
		return 0
	}
	return int(n)
}

// flag reads true or false.
func (b *body) flag(name string) bool {
	raw, ok := b.members[name]
	var v bool
	if ok && json.Unmarshal(raw, &v) != nil {
		b.fail(badParam(name, "应为 true 或 false。", "must be true or false"))
	}
	return v
}

// ref reads a reference to a compound, {"id":…,"name":…}, of which the id
// counts.
func (b *body) ref(name string) string {
	o := b.object(name, "id", "name")
	if o == nil {
		return ""
	}
	id := o.text("id")
	if id != "" {
		if err := atlas.CheckID(id); err != nil {
			o.fail(badParamErr(name, err))
		}
	}
	b.adopt(o)
	return id
}

// refs reads a list of references.
func (b *body) refs(name string) []string {
	raw, ok := b.members[name]
	if !ok {
		return nil
	}
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) != nil {
		b.fail(badParam(name, `应为列表，例如 [{"id":"osm:w9"}]。`, `must be a list such as [{"id":"osm:w9"}]`))
		return nil
	}
	var ids []string
	for _, item := range list {
		one := &body{members: map[string]json.RawMessage{name: item}, zone: b.zone}
		if id := one.ref(name); id != "" {
			ids = append(ids, id)
		}
		b.adopt(one)
	}
	return ids
}
