package atlas

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"time"
	"unicode"

	"github.com/paulmach/orb"
	sphere "github.com/paulmach/orb/geo"

	"yizhan/geo"
)

// Bounds of what is entered, beside those of geo.Closure.Check.
const (
	// maxAreaKm2 is the largest area of a closure in square kilometres, that of
	// a large city. Positions in the wrong order or datum make larger ones.
	maxAreaKm2 = 5000
	// firstYear and lastYear are those that times in the file may lie in.
	firstYear, lastYear = 1970, 2200
)

// clean returns a closure as it reads back from the file, its reason made fit to
// be shown, or says in a *geo.Error, Invalid or TooLarge, what to mend.
func clean(c geo.Closure) (geo.Closure, error) {
	given := c.Reason
	switch c.Reason = strings.TrimSpace(strings.Map(shown, given)); {
	case given != "" && !visible(c.Reason):
		return c, geo.NewError(geo.Invalid, "封闭的原因里没有看得见的文字，请写明原因，或不填。",
			"the reason of the closure has nothing to be seen: write some words, or leave it out")
	case strings.ContainsRune(c.Reason, unicode.ReplacementChar):
		return c, geo.NewError(geo.Invalid, "封闭的原因里有损坏的字符，请重新填写。",
			"the reason of the closure has broken characters: write it again")
	}
	if err := c.Check(); err != nil {
		return c, err
	}
	c = normal(c)
	if err := c.Check(); err != nil { // what is shorter than a second, or a centimetre
		return c, err
	}
	return c, checkExtent(c.Area)
}

// shown drops what turns the direction of the text around it, or has no width
// and joins nothing: a reason may stand in the middle of another text.
func shown(r rune) rune {
	switch {
	case r == 0x061C, r == 0x180E, r == 0x200B, r == 0x200E, r == 0x200F, r == 0xFEFF,
		r >= 0x202A && r <= 0x202E, r >= 0x2060 && r <= 0x206F:
		return -1
	case r == 0x2028, r == 0x2029:
		return ' '
	}
	return r
}

// visible says whether a text has a letter, a digit or a sign to be seen.
func visible(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool {
		switch r {
		case 0x115F, 0x1160, 0x2800, 0x3164, 0xFFA0: // letters and signs that are blank
			return false
		}
		return unicode.In(r, unicode.L, unicode.N, unicode.P, unicode.S)
	})
}

// checkExtent refuses areas that nobody means.
func checkExtent(area orb.Polygon) error {
	for _, ring := range area {
		for i := 1; i < len(ring); i++ {
			if math.Abs(ring[i][0]-ring[i-1][0]) > 180 {
				return geo.NewError(geo.Invalid, "封闭区域有一条边跨过 180 度以上的经度：请检查坐标，跨 180 度经线的请分成两条。",
					"an edge of the closed area spans more than 180 degrees of longitude: check the positions; make two of an area that crosses the 180th meridian")
			}
		}
		if km2 := math.Abs(sphere.Area(ring)) / 1e6; km2 > maxAreaKm2 {
			return geo.NewError(geo.TooLarge, fmt.Sprintf("封闭区域有 %.0f 平方公里，上限 %d：请检查坐标，或分成几条。", km2, maxAreaKm2),
				fmt.Sprintf("the closed area has %.0f square kilometres, more than %d: check its positions, or make several of it", km2, maxAreaKm2))
		}
	}
	return nil
}

// closureTime reads a time of the file, zero where it is null or empty.
func closureTime(raw json.RawMessage) (time.Time, error) {
	var s string
	if err := json.Unmarshal(raw, &s); err != nil || s == "" {
		return time.Time{}, err
	}
	t, err := time.Parse(time.RFC3339, s)
	if y := t.UTC().Year(); err == nil && (y < firstYear || y > lastYear) {
		err = fmt.Errorf("year %d", y)
	}
	return t, err
}

// closurePosition makes a point of a position by hand: longitude, latitude, and
// perhaps a height, which is no matter here. A null among them is none.
func closurePosition(v []*float64) (orb.Point, bool) {
	if len(v) < 2 || v[0] == nil || v[1] == nil {
		return orb.Point{}, false
	}
	return orb.Point{*v[0], *v[1]}, true
}
