package store

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/paulmach/orb"

	"yizhan/geo"
)

// The bounds of what a store takes, in bytes.
const (
	MaxID    = 200
	MaxText  = 64 << 10  // each text
	MaxPlace = 256 << 10 // all texts of a place together
)

// Check says whether a place can be kept: nil, or a *geo.Error (Invalid, or
// TooLarge) that names the place and what is wrong with it. A place can be kept
// that has
//
//   - an ID as CheckID takes it
//   - a kind of the table, and no fields of another kind
//   - facilities of the table
//   - a point within ±180, ±90, or Unplaced
//   - texts that are UTF-8, without control characters but tab and line ends,
//     within MaxText and together within MaxPlace
//   - times within the years 1 to 9999, and counts that are not negative
func Check(p *geo.Place) error {
	if err := CheckID(p.ID); err != nil {
		return err
	}
	c := checker{id: p.ID}
	if _, err := geo.ParseKind(string(p.Kind)); err != nil {
		c.fail("kind", "类别不认识", "its kind is not known")
	}
	if !p.Unplaced && !ValidPoint(p.Point) {
		c.fail("point", "坐标超出范围", "its position is out of range")
	}
	if o := p.Origin; o != nil {
		if math.IsNaN(o.Lon) || math.IsInf(o.Lon, 0) || math.IsNaN(o.Lat) || math.IsInf(o.Lat, 0) || strings.ContainsAny(o.Datum, " \t\r\n") {
			c.fail("origin", "原始坐标不是数字", "its original position is not a number")
		}
		c.text("origin", o.Datum)
	}
	for _, f := range [...]struct{ name, text string }{
		{"name", p.Name}, {"address", p.Address}, {"district", p.District}, {"phone", p.Phone},
		{"operator", p.Operator}, {"website", p.Website}, {"note", p.Note}, {"hours", p.Hours},
		{"hours_text", p.HoursText}, {"compound", p.Compound}, {"feed", p.Source.Feed}, {"ref", p.Source.Ref},
	} {
		c.text(f.name, f.text)
	}
	c.texts("names", p.Names)
	c.texts("extra", p.Extra)
	for _, f := range p.Facilities {
		if _, ok := geo.LookupFacility(f); !ok {
			c.fail("facilities", "设施不认识："+strconv.Quote(string(f)), "unknown facility "+strconv.Quote(string(f)))
		}
	}
	c.time("source_time", p.Source.Time)
	if p.Valid != nil {
		c.time("valid_from", p.Valid.From)
		c.time("valid_until", p.Valid.Until)
	}
	c.kind(p)
	if c.err == nil && c.total > MaxPlace {
		c.err = geo.NewError(geo.TooLarge,
			fmt.Sprintf("地点 %s 的文字共 %d 字节，上限 %d，请缩短。", p.ID, c.total, MaxPlace),
			fmt.Sprintf("place %s has %d bytes of text, the bound is %d: shorten it", p.ID, c.total, MaxPlace))
	}
	if c.err != nil {
		return c.err
	}
	return nil
}

// CheckID says whether a string can be the ID of a place: 1 to MaxID bytes
// without comma, white space, control characters or marks that turn the
// direction of text, and not "." or "..", which an address cannot hold.
func CheckID(id string) error {
	if id == "" || id == "." || id == ".." || len(id) > MaxID || !utf8.ValidString(id) || strings.ContainsFunc(id, func(r rune) bool {
		return r <= ' ' || r == ',' || r == 0x7f || r == 0x85 || r == 0xa0 || r == 0x3000 || r >= 0x2000 && r <= 0x200a || r == 0x2028 || r == 0x2029 || unicode.Is(unicode.Bidi_Control, r) || r == 0xfeff
	}) {
		short := id
		if len(short) > 40 {
			short = short[:40] + "…"
		}
		return geo.NewError(geo.Invalid,
			fmt.Sprintf("编号 %q 不可用：须为 1–%d 字节，不含逗号、空白和控制字符，也不是 . 或 ..。", short, MaxID),
			fmt.Sprintf("ID %q cannot be used: it takes 1 to %d bytes without comma, white space or control characters, and is not . or ..", short, MaxID))
	}
	return nil
}

// CheckText says whether a text that belongs to no place, such as a meta word,
// can be kept.
func CheckText(name, text string) error {
	c := checker{id: name}
	c.text(name, text)
	if c.err != nil {
		return c.err
	}
	return nil
}

// ValidPoint says whether a point is a place on the Earth.
func ValidPoint(p orb.Point) bool {
	// Written so that NaN fails.
	return p[0] >= -180 && p[0] <= 180 && p[1] >= -90 && p[1] <= 90
}

// checker keeps the first fault it finds.
type checker struct {
	id    string
	total int
	err   *geo.Error
}

func (c *checker) fail(field, zh, en string) {
	if c.err == nil {
		c.err = geo.NewError(geo.Invalid,
			fmt.Sprintf("地点 %s 不能保存（%s）：%s。", c.id, field, zh),
			fmt.Sprintf("place %s cannot be kept: %s (%s)", c.id, en, field))
	}
}

func (c *checker) text(field, s string) {
	c.total += len(s)
	if len(s) > MaxText {
		if c.err == nil {
			c.err = geo.NewError(geo.TooLarge,
				fmt.Sprintf("地点 %s 的 %s 有 %d 字节，上限 %d，请缩短。", c.id, field, len(s), MaxText),
				fmt.Sprintf("place %s has %d bytes in %s, the bound is %d: shorten it", c.id, len(s), field, MaxText))
		}
		return
	}
	if !utf8.ValidString(s) {
		c.fail(field, "文字不是 UTF-8", "a text is not UTF-8")
		return
	}
	for i := 0; i < len(s); i++ {
		if b := s[i]; b < ' ' && b != '\t' && b != '\n' && b != '\r' {
			c.fail(field, "文字含控制字符", "a text holds a control character")
			return
		}
	}
}

func (c *checker) texts(field string, m map[string]string) {
	for k, v := range m {
		c.text(field, k)
		c.text(field, v)
	}
}

func (c *checker) time(field string, t time.Time) {
	if !t.IsZero() && (t.UTC().Year() < 1 || t.UTC().Year() > 9999) {
		c.fail(field, "时间超出范围", "a time is out of range")
	}
}

func (c *checker) count(field string, n int) {
	if n < 0 {
		c.fail(field, "数量为负", "a count is negative")
	}
}

// kind checks the fields of the place's own kind, and that it has no others.
func (c *checker) kind(p *geo.Place) {
	for _, other := range [...]struct {
		kind geo.Kind
		set  bool
	}{
		{geo.KindStation, p.Station != nil}, {geo.KindGate, p.Gate != nil}, {geo.KindCharger, p.Charger != nil},
		{geo.KindBusStop, p.BusStop != nil}, {geo.KindParking, p.Parking != nil}, {geo.KindSharedBike, p.Bikes != nil},
	} {
		if other.set && other.kind != p.Kind {
			c.fail(string(other.kind), "带有另一类别的字段", "it has fields of another kind")
		}
	}
	if s := p.Station; s != nil {
		c.text("station", string(s.Type))
		c.text("network", s.Network)
		c.text("hub", s.Hub)
		c.text("booking", s.Booking)
	}
	if g := p.Gate; g != nil {
		c.text("barrier", g.Barrier)
		c.texts("tags", g.Tags)
		c.list("compounds", g.Compounds)
	}
	if x := p.Charger; x != nil {
		c.list("vehicles", x.Vehicles)
		c.count("sockets", x.Sockets)
		c.text("fee", x.Fee)
	}
	if b := p.BusStop; b != nil {
		c.list("lines", b.Lines)
	}
	if k := p.Parking; k != nil {
		c.list("vehicles", k.Vehicles)
		c.count("capacity", k.Capacity)
	}
	if b := p.Bikes; b != nil {
		c.count("capacity", b.Capacity)
		c.text("network", b.Network)
	}
}

func (c *checker) list(field string, list []string) {
	for _, s := range list {
		c.text(field, s)
	}
}

// Normal returns a place as every store gives it back:
//
//   - the fields of its own kind are there, empty where nothing was said
//   - empty maps and lists are nil, and so is a Valid without bounds
//   - times are in UTC, cut to the millisecond
//   - an unplaced place has the point 0,0
//   - the feed is geo.FeedEntered where none was named
//   - the website is what geo.CleanURL makes of it, the phone what geo.CleanPhone
//
// The result shares maps and lists with p.
func Normal(p geo.Place) geo.Place {
	if p.Unplaced {
		p.Point = orb.Point{}
	}
	if p.Source.Feed == "" {
		p.Source.Feed = geo.FeedEntered
	}
	p.Website, p.Phone = geo.CleanURL(p.Website), geo.CleanPhone(p.Phone)
	p.Source.Time = normalTime(p.Source.Time)
	if v := p.Valid; v != nil {
		v := geo.Period{From: normalTime(v.From), Until: normalTime(v.Until)}
		p.Valid = &v
		if v.From.IsZero() && v.Until.IsZero() {
			p.Valid = nil
		}
	}
	p.Names = normalMap(p.Names)
	p.Extra = normalMap(p.Extra)
	p.Facilities = normalList(p.Facilities)
	normalKind(&p)
	return p
}

func normalKind(p *geo.Place) {
	switch p.Kind {
	case geo.KindStation:
		p.Station = orNew(p.Station)
	case geo.KindGate:
		g := *orNew(p.Gate)
		g.Tags, g.Compounds = normalMap(g.Tags), normalList(g.Compounds)
		p.Gate = &g
	case geo.KindCharger:
		x := *orNew(p.Charger)
		x.Vehicles = normalList(x.Vehicles)
		p.Charger = &x
	case geo.KindBusStop:
		b := *orNew(p.BusStop)
		b.Lines = normalList(b.Lines)
		p.BusStop = &b
	case geo.KindParking:
		k := *orNew(p.Parking)
		k.Vehicles = normalList(k.Vehicles)
		p.Parking = &k
	case geo.KindSharedBike:
		p.Bikes = orNew(p.Bikes)
	}
}

func orNew[T any](p *T) *T {
	if p == nil {
		return new(T)
	}
	return p
}

func normalTime(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return t.UTC().Truncate(time.Millisecond)
}

func normalMap[M ~map[string]string](m M) M {
	if len(m) == 0 {
		return nil
	}
	return m
}

func normalList[T any](l []T) []T {
	if len(l) == 0 {
		return nil
	}
	return l
}
