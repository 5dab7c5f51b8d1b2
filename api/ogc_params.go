package api

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/paulmach/orb"

	"yizhan/geo"
	"yizhan/geo/cql2"
	"yizhan/geo/crs"
	"yizhan/geo/pack"
)

// Bounds of what one question for features may ask.
const (
	ogcDefaultLimit = 10
	ogcMaxLimit     = 10_000
	// ogcMaxFilter is the greatest length of a filter in bytes.
	ogcMaxFilter = 6000
)

// ogcBox is a bbox in WGS-84 lon,lat: one bound, or the two on either side of
// the antimeridian.
type ogcBox []orb.Bound

// wide returns the box as one bound, whose west is greater than its east where
// it crosses the antimeridian.
func (b ogcBox) wide() orb.Bound {
	return orb.Bound{Min: b[0].Min, Max: b[len(b)-1].Max}
}

// meets says whether a geometry shares a point with the box.
func (b ogcBox) meets(g orb.Geometry) bool {
	for _, part := range b {
		if meets(g, part) {
			return true
		}
	}
	return false
}

// touches says whether a bound shares a point with the box.
func (b ogcBox) touches(o orb.Bound) bool {
	for _, part := range b {
		if part.Intersects(o) {
			return true
		}
	}
	return false
}

// crs reads a coordinate reference system; CRS84 where it is absent.
func (q *query) crs(name string) crs.CRS {
	s, ok := q.get(name)
	if !ok {
		return crs.CRS84
	}
	c, err := crs.Parse(s)
	if err != nil {
		q.fail(badParamErr(name, err))
	}
	return c
}

// ogcPosition converts a position that was asked for into WGS-84 lon,lat. What
// comes out of a projection is a rounding error off the steps of 1e-7° that all
// positions here lie on, and a box whose edge runs through a feature would miss
// it: such a position is put back onto its step.
func ogcPosition(c crs.CRS, p orb.Point) (orb.Point, error) {
	p, err := c.ToCRS84(p)
	if err != nil || c != crs.EPSG3857 {
		return p, err
	}
	if at, ok := pack.PositionOf(p); ok {
		p = at.Point()
	}
	return p, nil
}

// ogcBox reads a bbox of four numbers, or of six with heights, which nothing
// here has, in the axis order of a system; nil where it is absent.
func (q *query) ogcBox(name string, c crs.CRS) ogcBox {
	s, ok := q.get(name)
	if !ok {
		return nil
	}
	parts := strings.Split(s, ",")
	v := make([]float64, len(parts))
	ok = len(parts) == 4 || len(parts) == 6
	for i := 0; ok && i < len(parts); i++ {
		v[i], ok = finite(parts[i])
	}
	if !ok {
		q.fail(badParam(name, "应为四个或六个数，用逗号分隔，例如 116.30,39.90,116.40,40.00。", "must be four or six numbers parted by commas, such as 116.30,39.90,116.40,40.00"))
		return nil
	}
	if len(v) == 6 {
		if v[2] > v[5] {
			q.fail(badParam(name, "最低高度大于最高高度。", "the least height is above the greatest"))
			return nil
		}
		v = []float64{v[0], v[1], v[3], v[4]}
	}
	lo, err := ogcPosition(c, orb.Point{v[0], v[1]})
	if err == nil {
		var hi orb.Point
		if hi, err = ogcPosition(c, orb.Point{v[2], v[3]}); err == nil {
			return q.spread(name, lo, hi)
		}
	}
	q.fail(badParamErr(name, err))
	return nil
}

// spread makes a box of its corners.
func (q *query) spread(name string, lo, hi orb.Point) ogcBox {
	if lo[1] > hi[1] {
		q.fail(badParam(name, "南界大于北界，顺序应为 先西南角、后东北角。", "south is above north: the lower left corner comes first"))
		return nil
	}
	if lo[0] <= hi[0] {
		return ogcBox{{Min: lo, Max: hi}}
	}
	return ogcBox{{Min: lo, Max: orb.Point{180, hi[1]}}, {Min: orb.Point{-180, lo[1]}, Max: hi}}
}

// finite reads a number as JSON writes it.
func finite(s string) (float64, bool) {
	if s == "" || len(s) > 40 || strings.Trim(s, "0123456789.eE+-") != "" {
		return 0, false
	}
	v, err := strconv.ParseFloat(s, 64)
	return v, err == nil && !math.IsInf(v, 0)
}

// ogcLimit reads how many features a page holds. More than there may be is
// taken for as many as there may be, as the standard wants.
func (q *query) ogcLimit() int {
	s, ok := q.get("limit")
	if !ok {
		return ogcDefaultLimit
	}
	if strings.Trim(s, "0123456789") == "" && strings.Trim(s, "0") != "" {
		if n, ok := digits(strings.TrimLeft(s, "0"), 9); ok {
			return min(n, ogcMaxLimit)
		}
		return ogcMaxLimit
	}
	q.fail(badParam("limit", fmt.Sprintf("应为正整数；一页最多 %d 条。", ogcMaxLimit), fmt.Sprintf("must be a positive whole number; a page holds %d at most", ogcMaxLimit)))
	return 0
}

// ogcSpan is a closed interval of time; zero ends are open.
type ogcSpan struct{ from, to time.Time }

// meets says whether a period shares an instant with the span. What has no
// period is always there.
func (s ogcSpan) meets(p *geo.Period) bool {
	return p == nil ||
		(s.from.IsZero() || p.Until.IsZero() || p.Until.After(s.from)) && (s.to.IsZero() || p.From.IsZero() || !p.From.After(s.to))
}

// ogcTime reads datetime: an instant, or an interval whose ends are instants,
// one of which may be ".." or empty. A day without a time stands for all of it
// in the zone of the data. Nil where it is absent.
func (q *query) ogcTime(name string, zone *time.Location) *ogcSpan {
	s, ok := q.get(name)
	if !ok {
		return nil
	}
	first, last, interval := strings.Cut(s, "/")
	if !interval {
		last = first
	}
	from, ok1 := instant(first, zone, false)
	to, ok2 := instant(last, zone, true)
	switch {
	case !ok1 || !ok2 || from.IsZero() && to.IsZero():
		q.fail(badParam(name, "应为 RFC 3339 时间或区间，例如 2026-05-01T00:00:00Z、2026-05-01T00:00:00Z/2026-05-31T23:59:59Z、2026-05-01T00:00:00Z/..；时区的加号要写成 %2B。", "must be an RFC 3339 time or an interval, such as 2026-05-01T00:00:00Z, 2026-05-01T00:00:00Z/2026-05-31T23:59:59Z or 2026-05-01T00:00:00Z/..; write the plus sign of a zone as %2B"))
		return nil
	case !from.IsZero() && !to.IsZero() && from.After(to):
		q.fail(badParam(name, "区间的开始晚于结束。", "the interval ends before it begins"))
		return nil
	}
	return &ogcSpan{from, to}
}

// instant reads one end of an interval; zero where it is open.
func instant(s string, zone *time.Location, end bool) (time.Time, bool) {
	if s == "" || s == ".." {
		return time.Time{}, true
	}
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return t, t.Year() > 0
	}
	t, err := time.ParseInLocation(time.DateOnly, s, zone)
	if err == nil && end {
		t = t.AddDate(0, 0, 1).Add(-time.Nanosecond)
	}
	return t, err == nil && t.Year() > 0
}

// ogcFilter reads the filter, in the language and the coordinate reference
// system that the question names; nil where it is absent.
func (q *query) ogcFilter(c *ogcCollection) *cql2.Filter {
	lang, given := q.get("filter-lang")
	if given && lang != "cql2-text" && lang != "cql2-json" {
		q.fail(badParam("filter-lang", "应为 cql2-text 或 cql2-json。", "must be cql2-text or cql2-json"))
		return nil
	}
	system := q.crs("filter-crs")
	s, ok := q.get("filter")
	if !ok {
		return nil
	}
	var f *cql2.Filter
	var err error
	if lang == "cql2-json" {
		f, err = cql2.ParseJSON([]byte(s))
	} else {
		f, err = cql2.ParseText(s)
	}
	if err == nil {
		f.Transform(func(p orb.Point) orb.Point {
			p, bad := ogcPosition(system, p)
			if err == nil {
				err = bad
			}
			return p
		})
	}
	if err == nil {
		err = f.Check(c.schema()) // which judges positions too
	}
	if err != nil {
		q.fail(badParamErr("filter", err))
		return nil
	}
	return f
}

// ogcEqual is a condition that a queryable has a value.
type ogcEqual struct {
	name string
	want ogcValue
}

// ogcEquals reads the parameters that are named after queryables. One of
// another collection is refused as an unknown one is.
func (q *query) ogcEquals(c *ogcCollection, declared []string) []ogcEqual {
	var all []ogcEqual
	for _, name := range declared {
		s, ok := q.get(name)
		if !ok {
			continue
		}
		have, ok := c.queryable(name)
		if !ok {
			var names []string
			for _, k := range c.queryables {
				if k.kind != cql2.Geometry {
					names = append(names, k.name)
				}
			}
			list := strings.Join(names, ", ")
			q.fail(badParam(name, fmt.Sprintf("图层 %s 没有这个属性，可用：%s。", c.id, list), fmt.Sprintf("collection %s has no such property: use one of %s", c.id, list)))
			return nil
		}
		want, ok := readValue(s, have.kind)
		if !ok {
			q.fail(badParam(name, "与该属性的类型不符，见 queryables。", "does not fit the type of the property; see the queryables"))
			return nil
		}
		all = append(all, ogcEqual{name, want})
	}
	return all
}

// readValue reads the value of a parameter that is named after a queryable.
func readValue(s string, kind cql2.Type) (ogcValue, bool) {
	v := ogcValue{kind: kind}
	ok := true
	switch kind {
	case cql2.String:
		v.text = s
	case cql2.Number:
		v.num, ok = finite(s)
	case cql2.Boolean:
		v.yes, ok = s == "true", s == "true" || s == "false"
	case cql2.Timestamp:
		t, err := time.Parse(time.RFC3339, s)
		v.time, ok = t, err == nil
	case cql2.StringList:
		v.list = strings.Split(s, ",")
	default:
		ok = false
	}
	return v, ok
}

// ogcCursor is where a page lies in the order of IDs: behind after, or, going
// back, before an ID. The zero value is the first page.
type ogcCursor struct{ after, before string }

// String is the cursor as links carry it: opaque to clients.
func (c ogcCursor) String() string {
	if c.before != "" {
		return b64.EncodeToString([]byte("b" + c.before))
	}
	return b64.EncodeToString([]byte("a" + c.after))
}

// ogcCursor reads a cursor.
func (q *query) ogcCursor() ogcCursor {
	s, ok := q.get("cursor")
	if !ok {
		return ogcCursor{}
	}
	raw, err := b64.Strict().DecodeString(s)
	if err == nil && len(raw) >= 2 && utf8.Valid(raw) {
		id, f := parseID("cursor", string(raw[1:]))
		switch {
		case f != nil:
		case raw[0] == 'a':
			return ogcCursor{after: id}
		case raw[0] == 'b':
			return ogcCursor{before: id}
		}
	}
	q.fail(badParam("cursor", "不是这里给出的翻页位置，请使用回答里 next 或 prev 链接。", "is none that was given here: follow the next and prev links of an answer"))
	return ogcCursor{}
}
