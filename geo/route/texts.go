package route

import (
	"fmt"
	"math"
	"strings"
	"unicode"

	"yizhan/geo"
	"yizhan/geo/street"
)

// nameIn returns a name in both languages: the translation where one is
// given, else the local name.
func nameIn(local string, names map[string]string) geo.Text {
	t := geo.Text{Zh: local, En: local}
	if n := names["zh"]; n != "" {
		t.Zh = n
	}
	if n := names["en"]; n != "" {
		t.En = n
	}
	return t
}

func buildingName(b *geo.Building) geo.Text {
	t := nameIn(b.Name, b.Names)
	if t.IsZero() && b.Number != "" {
		t = geo.Text{Zh: b.Number, En: "building " + b.Number}
		if isNumber(b.Number) {
			t.Zh += "号楼"
		}
	}
	return t
}

// isNumber says whether a name is a bare number: 4, 12A, 3-1.
func isNumber(name string) bool {
	return name != "" && name[0] >= '0' && name[0] <= '9' && strings.Trim(name, "0123456789-/ABCDEFabcdef") == ""
}

// numbered makes the name of a destination that is a bare number into a house
// number.
func numbered(t geo.Text) geo.Text {
	if isNumber(t.Zh) {
		t.Zh += "号"
	}
	if isNumber(t.En) {
		t.En = "no. " + t.En
	}
	return t
}

// bayName is what a bay to leave the bike in is called. A name in Chinese alone
// tells a reader of English nothing.
func bayName(bay *geo.Place) geo.Text {
	t := nameIn(bay.Name, bay.Names)
	if t.Zh == "" {
		t.Zh = "停车点"
	}
	if t.En == "" || bay.Names["en"] == "" && strings.IndexFunc(t.En, func(r rune) bool { return unicode.Is(unicode.Han, r) }) >= 0 {
		t.En = "the bike parking"
	}
	return t
}

var compass = [8]geo.Text{{Zh: "北", En: "north"}, {Zh: "东北", En: "northeast"}, {Zh: "东", En: "east"}, {Zh: "东南", En: "southeast"}, {Zh: "南", En: "south"}, {Zh: "西南", En: "southwest"}, {Zh: "西", En: "west"}, {Zh: "西北", En: "northwest"}}

func compassOf(deg float64) geo.Text { return compass[int(math.Round(deg/45))%8] }

// gateName is what a gate is called: its name or number, in English after its
// side where it is named after one.
func (r *Router) gateName(gate *geo.Place) geo.Text {
	t := nameIn(gate.Name, gate.Names)
	if t.IsZero() {
		if ref := gate.Gate.Tags["ref"]; ref != "" {
			t = geo.Text{Zh: ref, En: ref}
		}
	}
	if gate.Names["en"] == "" {
		if en := englishGate(t.Zh); en != "" {
			t.En = en
		}
	}
	return t
}

// gateText names a gate, or describes one without a name by the side of the
// compound it stands on.
func (r *Router) gateText(gate *geo.Place) geo.Text {
	if gate == nil {
		return geo.Text{Zh: "入口", En: "the entrance"}
	}
	if t := r.gateName(gate); !t.IsZero() {
		return t
	}
	noun := geo.Text{Zh: "门", En: "gate"}
	if gate.Gate.Inferred || gate.Gate.Barrier == "entrance" {
		noun = geo.Text{Zh: "入口", En: "entrance"}
	}
	for _, id := range gate.Gate.Compounds {
		c, ok := r.net.Compound(id)
		if !ok || len(c.Perimeter) == 0 {
			continue
		}
		if deg, ok := bearingOf(c.Perimeter.Bound().Center(), gate.Point); ok {
			side := compassOf(deg)
			return geo.Text{Zh: side.Zh + "侧" + noun.Zh, En: "the " + side.En + " " + noun.En}
		}
	}
	return geo.Text{Zh: noun.Zh, En: "the " + noun.En}
}

// englishGate translates the names that most gates in China have: 东门, 小西门,
// 东北门, 正门.
func englishGate(zh string) string {
	stem, ok := strings.CutSuffix(zh, "门")
	if !ok {
		return ""
	}
	prefix := ""
	for _, p := range [...]geo.Text{{Zh: "小", En: "Small "}, {Zh: "大", En: "Great "}, {Zh: "新", En: "New "}, {Zh: "老", En: "Old "}} {
		if rest, ok := strings.CutPrefix(stem, p.Zh); ok {
			stem, prefix = rest, p.En
			break
		}
	}
	for _, w := range [...]geo.Text{{Zh: "东", En: "East"}, {Zh: "南", En: "South"}, {Zh: "西", En: "West"}, {Zh: "北", En: "North"}, {Zh: "东南", En: "Southeast"}, {Zh: "东北", En: "Northeast"}, {Zh: "西南", En: "Southwest"}, {Zh: "西北", En: "Northwest"}, {Zh: "正", En: "Main"}, {Zh: "中", En: "Middle"}, {Zh: "后", En: "Back"}, {Zh: "侧", En: "Side"}} {
		if stem == w.Zh {
			return prefix + w.En + " Gate"
		}
	}
	return ""
}

func enterText(gate, compound geo.Text) geo.Text {
	t := geo.Text{Zh: "从" + gate.Zh + "进入", En: "Enter by " + gate.En}
	if !compound.IsZero() {
		t = geo.Text{Zh: t.Zh + compound.Zh, En: "Enter " + compound.En + " by " + gate.En}
	}
	return t
}

// passText tells of a gate on the way between two rooms.
func (r *Router) passText(gate *geo.Place, from, to uint32) geo.Text {
	name := r.gateText(gate)
	inward := func(room, other uint32) *geo.Compound {
		for _, around := range r.net.Outer(other) {
			if around == room {
				return nil
			}
		}
		return r.net.RoomCompound(room)
	}
	if c := inward(to, from); c != nil && from != to {
		return enterText(name, nameIn(c.Name, c.Names))
	}
	if c := inward(from, to); c != nil && from != to {
		of := nameIn(c.Name, c.Names)
		if of.IsZero() {
			return geo.Text{Zh: "从" + name.Zh + "出去", En: "Leave by " + name.En}
		}
		return geo.Text{Zh: "从" + name.Zh + "离开" + of.Zh, En: "Leave " + of.En + " by " + name.En}
	}
	return geo.Text{Zh: "通过" + name.Zh, En: "Go through " + name.En}
}

// barrierText names what stands at a barrier.
func (r *Router) barrierText(barrier uint32) geo.Text {
	var gate *geo.Place
	if i := r.net.Barriers()[barrier].Gate; i != street.None {
		gate = &r.net.Gates()[i]
	}
	return r.gateText(gate)
}

// onTheWay names a gate that is passed on the way to another one.
func (r *Router) onTheWay(barrier uint32) geo.Text {
	name := r.barrierText(barrier)
	for _, c := range r.net.Barriers()[barrier].Compounds {
		x := &r.net.Compounds()[c]
		if of := nameIn(x.Name, x.Names); !of.IsZero() {
			name = geo.Text{Zh: of.Zh + name.Zh, En: name.En + " of " + of.En}
			break
		}
	}
	return geo.Text{Zh: "途经" + name.Zh, En: "On the way, " + name.En}
}

// lateReason says of a gate that is open at departure why it is shut when one
// comes there.
func lateReason(t geo.Text) geo.Text {
	if zh := strings.Replace(t.Zh, "现在关闭", "到时已关闭", 1); zh != t.Zh {
		return geo.Text{Zh: zh, En: strings.Replace(t.En, "Closed now", "Closed by the time you arrive", 1)}
	}
	return geo.Text{Zh: "你到的时候：" + t.Zh, En: "By the time you arrive: " + lower(t.En)}
}

// waitText adds a wait of some milliseconds to a step.
func waitText(t geo.Text, ms uint32) geo.Text {
	minutes := (ms + 59_999) / 60_000
	return geo.Text{Zh: fmt.Sprintf("%s（等 %d 分钟开门）", t.Zh, minutes), En: fmt.Sprintf("%s (wait %d min for it to open)", t.En, minutes)}
}

// wayText names a way, or describes one without a name by its class.
func wayText(w street.WayInfo) (t geo.Text, named bool) {
	if w.Name != "" {
		return geo.Text{Zh: w.Text.Zh, En: w.Text.En}, true
	}
	c := w.Class.Text()
	return geo.Text{Zh: c.Zh, En: "the " + c.En}, false
}

func departText(w street.WayInfo, heading float64) geo.Text {
	way, _ := wayText(w)
	side := compassOf(heading)
	return geo.Text{Zh: "沿" + way.Zh + "向" + side.Zh + "出发", En: "Head " + side.En + " on " + way.En}
}

var turnTexts = map[string]geo.Text{
	"left": {Zh: "左转", En: "Turn left"}, "right": {Zh: "右转", En: "Turn right"},
	"slight_left": {Zh: "靠左", En: "Bear left"}, "slight_right": {Zh: "靠右", En: "Bear right"},
	"sharp_left": {Zh: "向左后方转", En: "Turn sharply left"}, "sharp_right": {Zh: "向右后方转", En: "Turn sharply right"},
	"straight": {Zh: "直行", En: "Continue"}, "uturn": {Zh: "掉头", En: "Turn back"},
}

// turnText says where to turn; stay means that the way keeps its name.
func turnText(turn string, w street.WayInfo, stay bool) geo.Text {
	t := turnTexts[turn]
	way, named := wayText(w)
	switch {
	case stay && named:
		return geo.Text{Zh: t.Zh + "，继续沿" + way.Zh, En: t.En + " to stay on " + way.En}
	case stay:
		return t
	case turn == "straight":
		return geo.Text{Zh: "直行进入" + way.Zh, En: "Continue onto " + way.En}
	}
	return geo.Text{Zh: t.Zh + "进入" + way.Zh, En: t.En + " onto " + way.En}
}

func pushText(t geo.Text) geo.Text {
	return geo.Text{Zh: "下车推行，" + t.Zh, En: "Get off and push: " + lower(t.En)}
}

func rideText(t geo.Text) geo.Text {
	return geo.Text{Zh: "上车，" + t.Zh, En: "Ride again: " + lower(t.En)}
}

func lower(s string) string {
	if s == "" {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}

func straightText(metres float64) geo.Text {
	m := tens(metres)
	return geo.Text{
		Zh: fmt.Sprintf("里面的路没有地图，朝目的地直走约 %d 米", m),
		En: fmt.Sprintf("The ways inside are not mapped: about %d m straight to the destination", m),
	}
}

// toStreetText and fromStreetText tell of a long stretch without a mapped way
// at the beginning and at the end of a route.
func toStreetText(metres float64) geo.Text {
	m := tens(metres)
	return geo.Text{
		Zh: fmt.Sprintf("先朝最近的道路直走约 %d 米，这一段没有路的数据", m),
		En: fmt.Sprintf("Make for the nearest street, about %d m; that stretch is not mapped", m),
	}
}

func fromStreetText(metres float64) geo.Text {
	m := tens(metres)
	return geo.Text{
		Zh: fmt.Sprintf("朝目的地直走约 %d 米，这一段没有路的数据", m),
		En: fmt.Sprintf("Make for the destination, about %d m; that stretch is not mapped", m),
	}
}

func arriveText(name geo.Text) geo.Text {
	if name.IsZero() {
		return geo.Text{Zh: "到达目的地", En: "Arrive at the destination"}
	}
	name = numbered(name)
	return geo.Text{Zh: "到达" + name.Zh, En: "Arrive at " + name.En}
}

func waitReason(t geo.Text, minutes int) geo.Text {
	en := fmt.Sprintf("wait %d min", minutes)
	return geo.Text{Zh: fmt.Sprintf("%s，等 %d 分钟", t.Zh, minutes), En: t.En + ", " + en}
}
