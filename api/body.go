package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"
	"github.com/paulmach/orb"

	"yizhan/geo"
	"yizhan/geo/datum"
)

// body is a JSON object in a request. As with query, its readers return the
// value of a member or its default, and keep the first fault for err.
type body struct {
	members map[string]json.RawMessage
	fault   *fault
	zone    *time.Location
}

// readBody reads the request's body strictly: JSON by its content type, at
// most limit bytes, one object of declared members, each once, none null.
// What a browser sends across origins without asking first is no JSON by its
// content type, so that no other site can send one in a visitor's name.
func (r *call) readBody(limit int, declared ...string) (*body, error) {
	req := &r.c.Context().Request
	media, params, err := mime.ParseMediaType(string(req.Header.ContentType()))
	charset, given := params["charset"]
	if err != nil || media != fiber.MIMEApplicationJSON || given && !strings.EqualFold(charset, "utf-8") || len(req.Header.ContentEncoding()) > 0 {
		return nil, &fault{kind: probMedia}
	}
	raw := req.Body()
	if len(raw) > limit {
		return nil, &fault{kind: probBody, detail: geo.Text{
			Zh: fmt.Sprintf("请求体过大，这个接口最多 %d 字节。", limit), En: fmt.Sprintf("The body is too large: %d bytes at most here.", limit)}}
	}
	return parseBody(raw, declared, r.now.Location())
}

// parseBody is the part of readBody that knows no request.
func parseBody(raw []byte, declared []string, zone *time.Location) (*body, error) {
	broken := func(zh, en string) error {
		return &fault{kind: probParameter, detail: geo.Text{Zh: "请求体：" + zh, En: "body: " + en}}
	}
	if !utf8.Valid(raw) {
		return nil, broken("不是 UTF-8。", "is not UTF-8")
	}
	if halfCharacter(raw) {
		return nil, broken("含有半个字符（不成对的 \\ud800–\\udfff）。", "holds half a character (a surrogate escape, \\ud800 to \\udfff, without its other half)")
	}
	notObject := broken("应为一个 JSON 对象，写法见 /docs。", "must be one JSON object; see /docs for its form")
	dec := json.NewDecoder(bytes.NewReader(raw))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return nil, notObject
	}
	b := &body{members: map[string]json.RawMessage{}, zone: zone}
	for dec.More() {
		t, err := dec.Token()
		name, ok := t.(string)
		if err != nil || !ok {
			return nil, notObject
		}
		if !stands(name, declared) {
			return nil, unknownMember(name, declared)
		}
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			return nil, notObject
		}
		switch _, twice := b.members[name]; {
		case twice:
			return nil, badParam(name, "只能出现一次。", "may stand only once")
		case string(value) == "null" && name != "geometry": // GeoJSON has it for "nowhere"
			return nil, badParam(name, "为 null；不需要时请去掉。", "is null: leave it out if it is not wanted")
		}
		b.members[name] = value
	}
	if t, err := dec.Token(); err != nil || t != json.Delim('}') {
		return nil, notObject
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, notObject
	}
	return b, nil
}

func stands(name string, declared []string) bool {
	for _, d := range declared {
		if d == name {
			return true
		}
	}
	return false
}

func unknownMember(name string, declared []string) *fault {
	ps := make([]param, len(declared))
	for i, d := range declared {
		ps[i].name = d
	}
	return unknownParam(name, ps)
}

func (b *body) err() error {
	if b.fault != nil {
		return b.fault
	}
	return nil
}

func (b *body) fail(f *fault) {
	if b.fault == nil {
		b.fault = f
	}
}

func (b *body) has(name string) bool {
	_, ok := b.members[name]
	return ok
}

// word reads a string member, "" where it is absent. Control characters are
// refused.
func (b *body) word(name string) string {
	raw, ok := b.members[name]
	if !ok {
		return ""
	}
	var s string
	if json.Unmarshal(raw, &s) != nil {
		b.fail(badParam(name, "应为字符串。", "must be a string"))
		return ""
	}
	switch clean, ok := unescape(strings.ReplaceAll(s, "%", "%25"), false); {
	case !ok:
		b.fail(badParam(name, "含有控制字符。", "holds control characters"))
	case clean == "":
		b.fail(badParam(name, "值为空；不需要时请去掉。", "the value is empty: leave it out if it is not wanted"))
	default:
		return clean
	}
	return ""
}

// when reads a time, zero where it is absent.
func (b *body) when(name string) time.Time {
	if !b.has(name) {
		return time.Time{}
	}
	s := b.word(name)
	t, err := time.Parse(time.RFC3339, s)
	if err != nil || !sensible(t) {
		b.fail(badParam(name, "应为带时区的 RFC 3339 时间，例如 2026-05-01T08:00:00+08:00。", "must be an RFC 3339 time with a zone, such as 2026-05-01T08:00:00+08:00"))
		return time.Time{}
	}
	return t.In(b.zone)
}

// datum reads the datum of the coordinates in the request and the answer.
func (b *body) datum() datum.Datum {
	if !b.has("datum") {
		return datum.WGS84
	}
	s := b.word("datum")
	d, err := datum.Parse(s)
	if err != nil || s != string(d) {
		b.fail(badParam("datum", "应为 wgs84、gcj02 或 bd09。", "must be wgs84, gcj02 or bd09"))
		return datum.WGS84
	}
	return d
}

// mode reads a mode of travel.
func (b *body) mode(name string, def geo.Mode) geo.Mode {
	if !b.has(name) {
		return def
	}
	m, err := geo.ParseMode(b.word(name))
	if err != nil {
		b.fail(badParamErr(name, err))
	}
	return m
}

// modes reads a list of different modes, nil where it is absent.
func (b *body) modes(name string) []geo.Mode {
	raw, ok := b.members[name]
	if !ok {
		return nil
	}
	var words []string
	if json.Unmarshal(raw, &words) != nil || len(words) == 0 {
		b.fail(badParam(name, `应为出行方式的列表，例如 ["bicycle","ebike"]；所有方式都算时请去掉。`, `must be a list of modes such as ["bicycle","ebike"]; leave it out for all of them`))
		return nil
	}
	var all []geo.Mode
	for _, w := range words {
		m, err := geo.ParseMode(w)
		if err != nil {
			b.fail(badParamErr(name, err))
			return nil
		}
		for _, have := range all {
			if have == m {
				b.fail(badParam(name, "有重复。", "names a mode twice"))
				return nil
			}
		}
		all = append(all, m)
	}
	return all
}

// position reads [lon,lat].
func position(name string, raw json.RawMessage, d datum.Datum) (orb.Point, *fault) {
	var v []float64
	if json.Unmarshal(raw, &v) != nil || len(v) != 2 || bytes.Contains(raw, []byte("null")) {
		return orb.Point{}, badParam(name, "坐标应写作 [经度,纬度]，例如 [116.3520,39.9600]。", "a position must be [lon,lat], such as [116.3520,39.9600]")
	}
	if f := onEarth(name, v[0], v[1]); f != nil {
		return orb.Point{}, f
	}
	return d.ToWGS84(orb.Point{v[0], v[1]}), nil
}

// point reads a position and returns it in WGS-84, nil where it is absent.
func (b *body) point(name string, d datum.Datum) *orb.Point {
	raw, ok := b.members[name]
	if !ok {
		return nil
	}
	p, f := position(name, raw, d)
	if f != nil {
		b.fail(f)
		return nil
	}
	return &p
}

// points reads 1 to limit positions; required.
func (b *body) points(name string, d datum.Datum, limit int) []orb.Point {
	raw, ok := b.members[name]
	var list []json.RawMessage
	if !ok || json.Unmarshal(raw, &list) != nil || len(list) == 0 || len(list) > limit {
		b.fail(badParam(name, fmt.Sprintf("必填：1 到 %d 个坐标的列表，例如 [[116.3520,39.9600],[116.3600,39.9650]]。", limit),
			fmt.Sprintf("is required: a list of 1 to %d positions, such as [[116.3520,39.9600],[116.3600,39.9650]]", limit)))
		return nil
	}
	all := make([]orb.Point, len(list))
	for i, item := range list {
		p, f := position(name, item, d)
		if f != nil {
			b.fail(f)
			return nil
		}
		all[i] = p
	}
	return all
}

// polygon reads a GeoJSON Polygon and returns it in WGS-84, nil where it is
// absent. Whether its rings make sense is for geo.Closure to say.
func (b *body) polygon(name string, d datum.Datum) orb.Polygon {
	raw, ok := b.members[name]
	if !ok {
		return nil
	}
	shape, err := parseBody(raw, []string{"type", "coordinates"}, b.zone)
	var rings [][]json.RawMessage
	if err != nil || string(shape.members["type"]) != `"Polygon"` || json.Unmarshal(shape.members["coordinates"], &rings) != nil || len(rings) == 0 {
		b.fail(badParam(name, `应为 GeoJSON 多边形：{"type":"Polygon","coordinates":[[[经度,纬度],…]]}，首尾两点相同。`,
			`must be a GeoJSON polygon, {"type":"Polygon","coordinates":[[[lon,lat],…]]}, its last position equal to its first`))
		return nil
	}
	area := make(orb.Polygon, len(rings))
	for i, ring := range rings {
		for _, item := range ring {
			p, f := position(name, item, d)
			if f != nil {
				b.fail(f)
				return nil
			}
			area[i] = append(area[i], p)
		}
	}
	return area
}
