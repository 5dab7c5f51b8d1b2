package api

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/paulmach/orb"

	"yizhan/geo"
	"yizhan/geo/datum"
)

// Bounds of a query string.
const (
	maxPairs      = 64
	maxValueBytes = 1000
	maxIDBytes    = 256
)

// param declares a query parameter of an endpoint.
type param struct {
	name string
	// many says that it may be repeated.
	many bool
	// most is the greatest length of its value in bytes, maxValueBytes where it
	// is 0.
	most int
}

// once declares parameters that may stand once each.
func once(names ...string) []param {
	ps := make([]param, len(names))
	for i, n := range names {
		ps[i] = param{name: n}
	}
	return ps
}

// query is a parsed query string. Its readers return the value of a parameter
// or its default; the first that fails is kept and returned by err, the others
// then return zero values. So an endpoint reads all its parameters and asks
// for the error once.
type query struct {
	// raw is the query string as it was sent.
	raw   string
	pairs []pair
	fault *fault
	now   time.Time
	// room is where the pairs of most queries stand.
	room [6]pair
}

type pair struct{ name, value string }

// parse reads a query string strictly: application/x-www-form-urlencoded,
// valid percent-encodings, valid UTF-8 without control characters, only
// declared names, each once unless declared otherwise, no empty value.
func (q *query) parse(raw []byte, declared []param) error {
	if len(raw) == 0 {
		return nil
	}
	q.raw, q.pairs = string(raw), q.room[:0]
	for rest := q.raw; rest != ""; {
		var item string
		if item, rest, _ = strings.Cut(rest, "&"); item == "" {
			continue
		}
		if len(q.pairs) == maxPairs {
			return &fault{kind: probParameter, detail: geo.Text{
				Zh: fmt.Sprintf("参数过多，最多 %d 个。", maxPairs),
				En: fmt.Sprintf("too many parameters: send %d at most", maxPairs)}}
		}
		rawName, rawValue, hasValue := strings.Cut(item, "=")
		name, ok := unescape(rawName, true)
		if !ok {
			return &fault{kind: probParameter, detail: geo.Text{
				Zh: "参数名的百分号编码或 UTF-8 有误。", En: "a parameter's name has a broken percent-encoding or is not UTF-8"}}
		}
		p, ok := find(declared, name)
		if !ok {
			return unknownParam(name, declared)
		}
		value, ok := unescape(rawValue, true)
		most := maxValueBytes
		if p.most > 0 {
			most = p.most
		}
		switch {
		case !ok:
			return badParam(name, "百分号编码或 UTF-8 有误，请用 %XX 形式编码。", "broken percent-encoding or not UTF-8: encode it as %XX")
		case !hasValue || value == "":
			return badParam(name, "值为空；不需要时请去掉这个参数。", "the value is empty: leave the parameter out if it is not wanted")
		case len(value) > most:
			return badParam(name, fmt.Sprintf("值过长，最多 %d 字节。", most), fmt.Sprintf("the value is too long: %d bytes at most", most))
		case !p.many && q.has(name):
			return badParam(name, "只能出现一次。", "may stand only once")
		}
		q.pairs = append(q.pairs, pair{name, value})
	}
	return nil
}

func find(declared []param, name string) (param, bool) {
	for _, p := range declared {
		if p.name == name {
			return p, true
		}
	}
	return param{}, false
}

func unknownParam(name string, declared []param) *fault {
	if len(name) > 40 {
		name = "…"
	}
	names := make([]string, len(declared))
	for i, p := range declared {
		names[i] = p.name
	}
	if len(names) == 0 {
		return badParam(name, "这个接口不接受任何参数，请去掉。", "this endpoint takes no parameters: leave it out")
	}
	list := strings.Join(names, ", ")
	return badParam(name, "不认识这个参数，可用："+list+"。", "is not known here: use "+list)
}

// unescape decodes percent-encodings, and plus signs as spaces where form is
// true. It reports false where an encoding is broken, the result is not UTF-8
// or holds a control character.
func unescape(s string, form bool) (string, bool) {
	plain := true
	for i := 0; i < len(s); i++ {
		if s[i] == '%' || s[i] == '+' && form {
			plain = false
			break
		}
	}
	if !plain {
		b := make([]byte, 0, len(s))
		for i := 0; i < len(s); i++ {
			switch {
			case s[i] == '+' && form:
				b = append(b, ' ')
			case s[i] == '%':
				if i+2 >= len(s) {
					return "", false
				}
				v, err := strconv.ParseUint(s[i+1:i+3], 16, 8)
				if err != nil || s[i+1] == '+' {
					return "", false
				}
				b = append(b, byte(v))
				i += 2
			default:
				b = append(b, s[i])
			}
		}
		s = string(b)
	}
	if printable(s) {
		return s, true
	}
	if !utf8.ValidString(s) {
		return "", false
	}
	for _, r := range s {
		if r < 0x20 || r >= 0x7f && r < 0xa0 || r == '\u2028' || r == '\u2029' || r == '\ufeff' {
			return "", false
		}
	}
	return s, true
}

// printable says whether a text is printable ASCII, as most are.
func printable(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < 0x20 || s[i] >= 0x7f {
			return false
		}
	}
	return true
}

// err returns the first fault of the readers.
func (q *query) err() error {
	if q.fault != nil {
		return q.fault
	}
	return nil
}

func (q *query) fail(f *fault) {
	if q.fault == nil {
		q.fault = f
	}
}

func (q *query) has(name string) bool {
	_, ok := q.get(name)
	return ok
}

func (q *query) get(name string) (string, bool) {
	for _, p := range q.pairs {
		if p.name == name {
			return p.value, true
		}
	}
	return "", false
}

// text reads a text of 1 to limit characters after trimming; required.
func (q *query) text(name string, limit int) string {
	s, ok := q.get(name)
	s = strings.TrimSpace(s)
	switch {
	case !ok || s == "":
		q.fail(badParam(name, "必填，请写要找的名称或地址。", "is required: write the name or address to look for"))
	case utf8.RuneCountInString(s) > limit:
		q.fail(badParam(name, fmt.Sprintf("过长，最多 %d 个字。", limit), fmt.Sprintf("is too long: %d characters at most", limit)))
	default:
		return s
	}
	return ""
}

// integer reads a whole number between lo and hi.
func (q *query) integer(name string, def, lo, hi int) int {
	s, ok := q.get(name)
	if !ok {
		return def
	}
	n, ok := digits(s, 9)
	if !ok || n < lo || n > hi {
		q.fail(badParam(name, fmt.Sprintf("应为 %d 到 %d 之间的整数。", lo, hi), fmt.Sprintf("must be a whole number from %d to %d", lo, hi)))
		return 0
	}
	return n
}

// flag reads true or false.
func (q *query) flag(name string, def bool) bool {
	switch s, ok := q.get(name); {
	case !ok:
		return def
	case s == "true":
		return true
	case s == "false":
		return false
	}
	q.fail(badParam(name, "应为 true 或 false。", "must be true or false"))
	return def
}

// integers reads 1 to limit different whole numbers between lo and hi, parted
// by commas, and returns them in rising order.
func (q *query) integers(name string, def []int, limit, lo, hi int) []int {
	s, ok := q.get(name)
	if !ok {
		return def
	}
	var all []int
	for part := range strings.SplitSeq(s, ",") {
		n, ok := digits(part, 9)
		if !ok || n < lo || n > hi || len(all) == limit || slices.Contains(all, n) {
			q.fail(badParam(name,
				fmt.Sprintf("应为 1 到 %d 个不重复的整数，各在 %d 到 %d 之间，用逗号分隔。", limit, lo, hi),
				fmt.Sprintf("must be 1 to %d different whole numbers from %d to %d, parted by commas", limit, lo, hi)))
			return nil
		}
		all = append(all, n)
	}
	slices.Sort(all)
	return all
}

// digits reads a run of at most limit decimal digits.
func digits(s string, limit int) (int, bool) {
	if s == "" || len(s) > limit {
		return 0, false
	}
	n := 0
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = n*10 + int(s[i]-'0')
	}
	return n, true
}

// metres reads a length between lo and hi metres.
func (q *query) metres(name string, def, lo, hi float64) float64 {
	s, ok := q.get(name)
	if !ok {
		return def
	}
	v, ok := decimal(s)
	if !ok || v < lo || v > hi {
		q.fail(badParam(name, fmt.Sprintf("应为 %g 到 %g 之间的米数。", lo, hi), fmt.Sprintf("must be a number of metres from %g to %g", lo, hi)))
		return 0
	}
	return v
}

// decimal reads a plain decimal number: a sign, digits, a point and digits.
// Exponents, hexadecimals, infinities and NaN are refused, and so is anything
// longer than a coordinate ever is.
func decimal(s string) (float64, bool) {
	if s == "" || len(s) > 32 {
		return 0, false
	}
	body := strings.TrimPrefix(strings.TrimPrefix(s, "-"), "+")
	if len(s)-len(body) > 1 {
		return 0, false
	}
	whole, frac, point := strings.Cut(body, ".")
	if whole == "" || point && frac == "" {
		return 0, false
	}
	for _, part := range [2]string{whole, frac} {
		for i := 0; i < len(part); i++ {
			if part[i] < '0' || part[i] > '9' {
				return 0, false
			}
		}
	}
	v, err := strconv.ParseFloat(s, 64)
	return v, err == nil
}

// point reads LON,LAT in the given datum and returns it in WGS-84; required.
func (q *query) point(name string, d datum.Datum) orb.Point {
	s, ok := q.get(name)
	if !ok {
		q.fail(badParam(name, "必填，写作 经度,纬度，例如 116.3520,39.9600。", "is required: write LON,LAT, such as 116.3520,39.9600"))
		return orb.Point{}
	}
	p, f := parsePoint(name, s)
	if f != nil {
		q.fail(f)
		return orb.Point{}
	}
	return d.ToWGS84(p)
}

// parsePoint reads LON,LAT.
func parsePoint(name, s string) (orb.Point, *fault) {
	lonText, latText, _ := strings.Cut(s, ",")
	lon, ok1 := decimal(lonText)
	lat, ok2 := decimal(latText)
	if !ok1 || !ok2 {
		return orb.Point{}, badParam(name, "应写作 经度,纬度（十进制度数），例如 116.3520,39.9600。", "must be LON,LAT in decimal degrees, such as 116.3520,39.9600")
	}
	if f := onEarth(name, lon, lat); f != nil {
		return orb.Point{}, f
	}
	return orb.Point{lon, lat}, nil
}

// onEarth refuses what is no longitude or latitude.
func onEarth(name string, lon, lat float64) *fault {
	if lon >= -90 && lon <= 90 && (lat < -90 || lat > 90) && lat >= -180 && lat <= 180 {
		return badParam(name, "纬度超出 ±90，顺序可能反了：先经度后纬度。", "the latitude is beyond ±90; the order may be swapped: longitude comes first")
	}
	if lon < -180 || lon > 180 || lat < -90 || lat > 90 {
		return badParam(name, "经度应在 ±180 之内，纬度应在 ±90 之内。", "the longitude must be within ±180 and the latitude within ±90")
	}
	return nil
}

// datum reads the datum of the coordinates in the request and the answer.
func (q *query) datum() datum.Datum {
	s, ok := q.get("datum")
	if !ok {
		return datum.WGS84
	}
	d, err := datum.Parse(s)
	if err != nil || s != string(d) {
		q.fail(badParam("datum", "应为 wgs84、gcj02 或 bd09。", "must be wgs84, gcj02 or bd09"))
		return datum.WGS84
	}
	return d
}

// kind reads a kind of place.
func (q *query) kind(name string, def geo.Kind) geo.Kind {
	s, ok := q.get(name)
	if !ok {
		return def
	}
	k, err := geo.ParseKind(s)
	if err != nil {
		q.fail(badParamErr(name, err))
	}
	return k
}

// kinds reads a repeatable kind of place, without duplicates.
func (q *query) kinds(name string, def geo.Kind) []geo.Kind {
	var all []geo.Kind
	for _, p := range q.pairs {
		if p.name != name {
			continue
		}
		k, err := geo.ParseKind(p.value)
		if err != nil {
			q.fail(badParamErr(name, err))
			return nil
		}
		if !slices.Contains(all, k) {
			all = append(all, k)
		}
	}
	if all == nil {
		all = []geo.Kind{def}
	}
	return all
}

// facilities reads a repeatable facility parameter, without duplicates.
func (q *query) facilities(name string) []geo.Facility {
	var all []geo.Facility
next:
	for _, p := range q.pairs {
		if p.name != name {
			continue
		}
		f, err := geo.ParseFacility(p.value)
		if err != nil {
			q.fail(badParamErr(name, err))
			return nil
		}
		for _, have := range all {
			if have == f {
				continue next
			}
		}
		all = append(all, f)
	}
	return all
}

// mode reads a mode of travel.
func (q *query) mode(name string, def geo.Mode) geo.Mode {
	s, ok := q.get(name)
	if !ok {
		return def
	}
	m, err := geo.ParseMode(s)
	if err != nil {
		q.fail(badParamErr(name, err))
	}
	return m
}

// when reads an instant: "now", one of the extra words, or an RFC 3339 time
// between the years 2000 and 2099. It returns the word where one was given,
// "" where the parameter is absent.
func (q *query) when(name string, words ...string) (time.Time, string) {
	s, ok := q.get(name)
	if !ok {
		return q.now, ""
	}
	for _, w := range append(words, "now") {
		if s == w {
			return q.now, w
		}
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil && strings.Contains(s, " ") {
		q.fail(badParam(name, "时间里有空格；时区的加号要写成 %2B，例如 2026-05-01T08:00:00%2B08:00。", "the time holds a space: write the zone's plus sign as %2B, as in 2026-05-01T08:00:00%2B08:00"))
		return q.now, ""
	}
	if err != nil || !sensible(t) {
		list := strings.Join(append(words, "now"), ", ")
		q.fail(badParam(name, "应为 "+list+" 或带时区的 RFC 3339 时间，例如 2026-05-01T08:00:00%2B08:00。", "must be "+list+" or an RFC 3339 time with a zone, such as 2026-05-01T08:00:00%2B08:00"))
		return q.now, ""
	}
	return t.In(q.now.Location()), s
}

// sensible says whether an instant lies in the years that requests may speak of.
func sensible(t time.Time) bool { return t.Year() >= 2000 && t.Year() <= 2099 }

// parseID reads the id of a place, compound or building.
func parseID(name, s string) (string, *fault) {
	if s == "" || len(s) > maxIDBytes || strings.ContainsAny(s, ", \t") {
		return "", badParam(name, "编号应为 1 到 256 字节，不含逗号和空格，例如 osm:n123。", "an id has 1 to 256 bytes without commas and spaces, such as osm:n123")
	}
	return s, nil
}
