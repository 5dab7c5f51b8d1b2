package table

import (
	"regexp"
	"strconv"
	"strings"
)

// axis is which of the two coordinates a text says it is.
type axis uint8

const (
	eitherAxis axis = iota
	lonAxis
	latAxis
)

// angleForm reads degrees, with minutes and seconds or without, parted by
// single spaces.
var angleForm = regexp.MustCompile(`^([+-]?)(\d{1,3}(?:\.\d+)?)(?: (\d{1,2}(?:\.\d+)?)(?: (\d{1,2}(?:\.\d+)?))?)?$`)

// angleMark says whether a character parts degrees, minutes and seconds.
func angleMark(r rune) bool { return strings.ContainsRune(" °º度′'’分″\"”秒:", r) }

// parseAngle reads one coordinate in degrees: "113.5645", "113.5645°E",
// "东经113°33′52″", "113 33 52", and "113,5645" with a decimal comma.
func parseAngle(s string) (float64, axis, bool) {
	s = strings.TrimSpace(narrow(s))
	which, sign := eitherAxis, 1.0
	for _, h := range []struct {
		word string
		axis axis
		sign float64
	}{
		{"东经", lonAxis, 1}, {"西经", lonAxis, -1}, {"北纬", latAxis, 1}, {"南纬", latAxis, -1},
		{"e", lonAxis, 1}, {"w", lonAxis, -1}, {"n", latAxis, 1}, {"s", latAxis, -1},
	} {
		rest, before := strings.CutPrefix(s, h.word)
		if !before {
			var after bool
			if rest, after = strings.CutSuffix(s, h.word); !after {
				continue
			}
		}
		s, which, sign = strings.TrimSpace(rest), h.axis, h.sign
		break
	}
	if strings.Count(s, ",") == 1 && !strings.Contains(s, ".") {
		s = strings.Replace(s, ",", ".", 1)
	}
	m := angleForm.FindStringSubmatch(strings.Join(strings.FieldsFunc(s, angleMark), " "))
	if m == nil || which != eitherAxis && m[1] == "-" {
		return 0, 0, false
	}
	degrees, _ := strconv.ParseFloat(m[2], 64)
	if m[3] != "" {
		minutes, _ := strconv.ParseFloat(m[3], 64)
		seconds := 0.0
		if m[4] != "" {
			seconds, _ = strconv.ParseFloat(m[4], 64)
		}
		if minutes >= 60 || seconds >= 60 || strings.Contains(m[2], ".") || m[4] != "" && strings.Contains(m[3], ".") {
			return 0, 0, false
		}
		degrees += minutes/60 + seconds/3600
	}
	if m[1] == "-" {
		sign = -1
	}
	return sign * degrees, which, true
}

// pairForm parts the two halves of a position in one cell.
var pairForm = regexp.MustCompile(`\s*[,;，；、/\s]\s*`)

// parsePair reads a position in one cell: "113.5,34.8", "34.8N 113.5E",
// "POINT(113.5 34.8)". first is the axis of the first number where the text
// itself says it.
func parsePair(s string) (a, b float64, first axis, ok bool) {
	s = strings.TrimSpace(narrow(s))
	if rest, is := strings.CutPrefix(s, "point"); is {
		s = strings.TrimSpace(rest)
		first = lonAxis
	}
	s = strings.Trim(s, "()[]{} ")
	parts := pairForm.Split(s, -1)
	if len(parts) != 2 {
		return 0, 0, 0, false
	}
	a, one, okA := parseAngle(parts[0])
	b, two, okB := parseAngle(parts[1])
	if !okA || !okB || one != eitherAxis && one == two {
		return 0, 0, 0, false
	}
	switch {
	case one == latAxis || two == lonAxis:
		first = latAxis
	case one == lonAxis || two == latAxis:
		first = lonAxis
	}
	return a, b, first, true
}
