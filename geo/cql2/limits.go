package cql2

import (
	"fmt"
	"math"
	"strconv"
	"time"
	"unicode/utf8"

	"yizhan/geo"

	"github.com/paulmach/orb"
)

// The bounds of a filter.
const (
	MaxText = 8 << 10  // bytes of CQL2 Text
	MaxJSON = 64 << 10 // bytes of CQL2 JSON

	maxDepth    = 32     // levels of nesting
	maxVertices = 10_000 // coordinates of all geometries
	maxOrdinate = 1e9    // the greatest magnitude of a coordinate

	// maxRelated is how many coordinates a geometry may have in the functions
	// that work out the whole relation, which costs more than S_INTERSECTS;
	// maxRelatedPairs the greatest product of those of two literals.
	maxRelated      = 1_000
	maxRelatedPairs = 50_000
)

// tooLong is the error for a filter of more than limit bytes.
func tooLong(limit int) *geo.Error {
	return geo.NewError(geo.Invalid,
		fmt.Sprintf("过滤条件超过 %d 字节，请缩短。", limit),
		fmt.Sprintf("the filter is longer than %d bytes; make it shorter", limit))
}

// wrong is the error for what is wrong at a byte of the input; people are told
// the number of the character.
func wrong(input string, at int, p *problem) *geo.Error {
	char := utf8.RuneCountInString(input[:min(at, len(input))]) + 1
	return geo.NewError(geo.Invalid,
		fmt.Sprintf("过滤条件第 %d 个字符处：%s", char, p.zh),
		fmt.Sprintf("the filter, at character %d: %s", char, p.en))
}

func expected(zh, en, found string) *problem {
	if found == "" {
		return &problem{"这里应为" + zh + "，条件却已结束。", "expected " + en + ", but the filter ends"}
	}
	found = strconv.Quote(shorten(found))
	return &problem{"这里应为" + zh + "，却是 " + found + "。", "expected " + en + ", found " + found}
}

// shorten cuts a text for a message.
func shorten(s string) string {
	const most = 40
	n := 0
	for i := range s {
		if n++; n > most {
			return s[:i] + "…"
		}
	}
	return s
}

// checkString says what is wrong with a text literal or name: neither holds
// control characters other than those that CQL2 Text has escapes for.
func checkString(s string) *problem {
	for _, r := range s {
		if r < 0x20 && (r < '\a' || r > '\r') || r == 0x7f {
			return &problem{"文本含有控制字符，请删去。", "the text holds a control character; leave it out"}
		}
	}
	return nil
}

// parseNumber reads a number, which must be finite.
func parseNumber(s string) (float64, *problem) {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsInf(f, 0) || math.IsNaN(f) {
		return 0, &problem{
			"数值 " + shorten(s) + " 超出范围。",
			"the number " + shorten(s) + " is out of range",
		}
	}
	return f, nil
}

// parseDate reads a full-date of RFC 3339.
func parseDate(s string) (Value, *problem) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil || len(s) != len(time.DateOnly) {
		return Value{}, expected("日期，例如 '2024-05-01'", "a date, such as '2024-05-01'", s+" ")
	}
	return Day(t), nil
}

// parseTimestamp reads a date-time of RFC 3339 with at most nine decimals.
// The standard asks for Z; other offsets are taken too.
func parseTimestamp(s string) (Value, *problem) {
	if stampForm(s) {
		if t, err := time.Parse(time.RFC3339Nano, s); err == nil {
			if u := t.UTC(); u.Year() >= 0 && u.Year() <= 9999 {
				return At(u), nil
			}
		}
	}
	return Value{}, expected("时间戳，例如 '2024-05-01T08:00:00Z'", "a timestamp, such as '2024-05-01T08:00:00Z'", s+" ")
}

// stampForm checks the shape that time.Parse is lenient about.
func stampForm(s string) bool {
	const form = "0000-00-00T00:00:00"
	if len(s) <= len(form) {
		return false
	}
	for i := range len(form) {
		if form[i] == '0' {
			if !isDigit(s[i]) {
				return false
			}
		} else if s[i] != form[i] {
			return false
		}
	}
	rest := s[len(form):]
	if rest[0] == '.' {
		n := 1
		for n < len(rest) && isDigit(rest[n]) {
			n++
		}
		if n == 1 || n > 10 {
			return false
		}
		rest = rest[n:]
	}
	return rest == "Z" || len(rest) == len("+00:00") && rest[3] == ':' &&
		isDigit(rest[1]) && isDigit(rest[2]) && isDigit(rest[4]) && isDigit(rest[5])
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// ordinate takes what is less than any length for none: products of smaller
// numbers than this have no exact form.
func ordinate(f float64) float64 {
	if math.Abs(f) < 1e-100 {
		return 0
	}
	return f
}

// vertices counts the coordinates that one filter may have.
type vertices int

func (v *vertices) add(p orb.Point) *problem {
	if *v++; *v > maxVertices {
		return &problem{
			fmt.Sprintf("几何的坐标超过 %d 个，请简化。", maxVertices),
			fmt.Sprintf("the geometries have more than %d coordinates; simplify them", maxVertices),
		}
	}
	if math.Abs(p[0]) > maxOrdinate || math.Abs(p[1]) > maxOrdinate {
		return &problem{"坐标超出范围。", "the coordinate is out of range"}
	}
	return nil
}

// checkLine and checkRing ask for what Simple Features ask for.
func checkLine(l orb.LineString) *problem {
	if len(l) < 2 {
		return &problem{"线至少需要两个坐标。", "a line needs at least two coordinates"}
	}
	return nil
}

func checkRing(r orb.Ring) *problem {
	if len(r) < 4 || r[0] != r[len(r)-1] {
		return &problem{"多边形的环至少需要四个坐标，且首尾相同。", "a ring of a polygon needs at least four coordinates, the last one like the first"}
	}
	return nil
}
