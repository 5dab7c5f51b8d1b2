package geo

import (
	"fmt"
	"math"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/paulmach/orb"
)

// Closure closes or opens a part of the streets for a time: a street that is
// dug up, a gate that stays shut over a holiday, the blocks around a fair. It
// names exactly one of a gate, a street and an area.
//
// A Closure that has been handed on is never changed again.
type Closure struct {
	// ID names it, "" where none is given yet.
	ID string
	// Opens says that it opens what it names, instead of closing it.
	Opens bool

	// Gate is the ID of a gate, "" where it is about something else.
	Gate string
	// Street is a WGS-84 point: the stretch of street nearest to it, from
	// junction to junction, is meant.
	Street *orb.Point
	// Area is a WGS-84 polygon of closed rings, the first one around the rest,
	// whose sides may touch but not cross each other: every stretch of street
	// and every gate that lies in or crosses it.
	Area orb.Polygon

	// Modes are those it holds for; none means all.
	Modes []Mode
	// It holds in [From, To). A zero From means since ever, a zero To until it
	// is taken back.
	From, To time.Time
	// Reason says why, in whatever words the one who entered it chose.
	Reason string
	// Created is when it was entered.
	Created time.Time
}

// Holds says whether it holds for a mode.
func (c *Closure) Holds(m Mode) bool {
	for _, x := range c.Modes {
		if x == m {
			return true
		}
	}
	return len(c.Modes) == 0
}

// Bounds of a closure that Check accepts.
const (
	maxClosureID     = 200
	maxClosureReason = 500
	maxAreaRings     = 10
	maxRingPoints    = 1001 // the first one comes again at the end
)

// Check returns a *Error that says what to mend where c cannot be used: it
// names none or several of a gate, a street and an area, ends before it
// begins, has a position or polygon that is none, an unknown mode, or texts
// that are too long or no text. An area may have 10 rings of 1000 corners each.
func (c *Closure) Check() error {
	named := 0
	for _, is := range [...]bool{c.Gate != "", c.Street != nil, len(c.Area) > 0} {
		if is {
			named++
		}
	}
	switch {
	case named != 1:
		return NewError(Invalid, "封闭要写明一个对象：出入口编号、路上的一点或一个区域，三者选一。",
			"a closure needs one thing to close: name either a gate's ID, a point on a street, or an area")
	case !c.From.IsZero() && !c.To.IsZero() && !c.From.Before(c.To):
		return NewError(Invalid, "封闭的结束时间要晚于开始时间。", "the closure ends before it begins: give an end after its beginning")
	case c.Street != nil && !onEarth(*c.Street):
		return NewError(Invalid, "封闭路段的坐标不对，请写经度,纬度，如 113.66,34.75。",
			"the point of the closed street is no position: give it as lon,lat, such as 113.66,34.75")
	}
	for _, m := range c.Modes {
		if int(m) >= NumModes {
			return NewError(Invalid, "封闭的出行方式不认识，请用 foot、bicycle 或 ebike。",
				"unknown mode of the closure: use foot, bicycle or ebike")
		}
	}
	for _, f := range [...]struct {
		zh, en, text string
		limit        int
	}{
		{"编号", "ID", c.ID, maxClosureID},
		{"出入口编号", "gate's ID", c.Gate, maxClosureID},
		{"原因", "reason", c.Reason, maxClosureReason},
	} {
		if n := utf8.RuneCountInString(f.text); n > f.limit {
			return NewError(TooLarge, fmt.Sprintf("封闭的%s有 %d 个字，上限 %d，请缩短。", f.zh, n, f.limit),
				fmt.Sprintf("the %s of the closure has %d characters: shorten it to %d", f.en, n, f.limit))
		}
		if !plain(f.text) {
			return NewError(Invalid, fmt.Sprintf("封闭的%s里有控制字符或不是 UTF-8，请改为普通文字。", f.zh),
				fmt.Sprintf("the %s of the closure has control characters or is no UTF-8: write plain text on one line", f.en))
		}
	}
	return checkArea(c.Area)
}

// checkArea checks the polygon of a closure; none is fine.
func checkArea(area orb.Polygon) error {
	if len(area) > maxAreaRings {
		return NewError(TooLarge, fmt.Sprintf("封闭区域有 %d 个环，上限 %d 个，请简化或分成几个区域。", len(area), maxAreaRings),
			fmt.Sprintf("the closed area has %d rings: simplify it to %d, or make several areas of it", len(area), maxAreaRings))
	}
	for _, ring := range area {
		if len(ring) > maxRingPoints {
			return NewError(TooLarge, fmt.Sprintf("封闭区域的一个环有 %d 个点，上限 %d 个，请简化。", len(ring), maxRingPoints),
				fmt.Sprintf("a ring of the closed area has %d points: simplify it to %d", len(ring), maxRingPoints))
		}
		if len(ring) < 4 || ring[0] != ring[len(ring)-1] {
			return NewError(Invalid, "封闭区域的每个环至少要有 4 个点，首尾相同。",
				"each ring of the closed area needs at least 4 points, the last one equal to the first")
		}
		for _, p := range ring {
			if !onEarth(p) {
				return NewError(Invalid, "封闭区域里有不对的坐标，请按 经度,纬度 填写。",
					"the closed area has a point that is no position: give each as lon,lat")
			}
		}
	}
	if a, b := crossing(area); a != nil {
		return NewError(Invalid,
			fmt.Sprintf("封闭区域的边界自相交：第 %d 环第 %d 条边与第 %d 环第 %d 条边交叉。请重画，使各边互不交叉。", a.ring, a.number, b.ring, b.number),
			fmt.Sprintf("the edge of the closed area crosses itself: side %d of ring %d and side %d of ring %d do. Draw it so that no two sides cross", a.number, a.ring, b.number, b.ring))
	}
	return nil
}

// onEarth says whether p is a longitude and a latitude; NaN is neither.
func onEarth(p orb.Point) bool { return math.Abs(p[0]) <= 180 && math.Abs(p[1]) <= 90 }

// plain says whether s is text on one line.
func plain(s string) bool {
	for _, r := range s {
		if unicode.IsControl(r) {
			return false
		}
	}
	return utf8.ValidString(s)
}
