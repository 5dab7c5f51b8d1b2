package route_test

import (
	"fmt"
	"slices"
	"strings"

	"yizhan/geo"
)

// The oracle of the gate suite: what a caller meets at a gate, worked out from
// statements that know the minutes at which they hold, so that neither the
// grammar of hours nor the rules under test have a part in it.

// statement is one tag of a gate or way: a plain one, or a clause of a
// conditional one that holds in some minutes of the day.
type statement struct {
	key, value string
	// when is how the condition is written, "" for a plain tag; spans are the
	// minutes of the suite's Monday at which it holds.
	when  string
	spans []span
	// doubtful marks a condition that nobody can check from afar.
	doubtful bool
}

// span is a part of the day in minutes, the end not counted.
type span struct{ from, to int }

var (
	dayTime   = []span{{6 * 60, 22 * 60}}
	nightTime = []span{{0, 6 * 60}, {22 * 60, 24 * 60}}
	always    = []span{{0, 24 * 60}}
)

const minutesOfDay = 24 * 60

func (s *statement) holds(minute int) bool {
	for _, p := range s.spans {
		if m := minute % minutesOfDay; m >= p.from && m < p.to {
			return true
		}
	}
	return false
}

// say is a plain tag.
func say(key, value string) statement { return statement{key: key, value: value} }

// during is a clause of a conditional tag.
func during(key, value, when string, spans []span) statement {
	return statement{key: key, value: value, when: when, spans: spans}
}

// perhaps is a clause whose condition cannot be checked.
func perhaps(key, value, when string) statement {
	return statement{key: key, value: value, when: when, doubtful: true}
}

// openAt is opening_hours.
func openAt(text string, spans []span) statement {
	return statement{key: "opening_hours", value: text, when: text, spans: spans}
}

// tagsOf writes statements as tags.
func tagsOf(list []statement) geo.Tags {
	tags := geo.Tags{}
	for _, s := range list {
		switch {
		case s.when == "" || s.key == "opening_hours":
			tags[s.key] = s.value
		default:
			key, clause := s.key+":conditional", s.value+" @ "+s.when
			if tags[key] != "" {
				clause = tags[key] + "; " + clause
			}
			tags[key] = clause
		}
	}
	return tags
}

// outcome is what a caller meets.
type outcome struct {
	verdict geo.Verdict
	// onward says that the gate may be passed on the way to somewhere else.
	onward bool
	// push says that a rider gets off.
	push bool
	// words that the reason has in Chinese and in English.
	zh, en string
}

// The meanings of access values for a caller; the best of a list counts.
const (
	saysNothing = iota
	saysOpen
	saysPush
	saysCall
	saysAsk
	saysNo
)

var meanings = map[string]int{
	"yes": saysOpen, "permissive": saysOpen, "designated": saysOpen,
	"dismount": saysPush,
	"delivery": saysCall, "destination": saysCall, "customers": saysCall,
	"private": saysAsk, "residents": saysAsk, "permit": saysAsk,
	"no": saysNo, "agricultural": saysNo, "forestry": saysNo, "military": saysNo,
}

func meaningOf(value string) int {
	best := saysNothing
	for v := range strings.SplitSeq(value, ";") {
		if m := meanings[strings.TrimSpace(v)]; m != saysNothing && (best == saysNothing || m < best) {
			best = m
		}
	}
	return best
}

// ownKeys are the keys that speak of a mode itself, the most specific first.
func ownKeys(m geo.Mode) []string {
	switch m {
	case geo.Bicycle:
		return []string{"bicycle", "vehicle"}
	case geo.Ebike:
		return []string{"electric_bicycle", "bicycle", "vehicle"}
	}
	return []string{"foot"}
}

// saying is what the tags of a key mean at a minute: of the clauses that hold
// the last, else the plain tag.
func saying(list []statement, key string, minute int) (meaning int, doubt bool) {
	for _, s := range list {
		switch {
		case s.key != key:
		case s.when == "":
			if meaning == saysNothing {
				meaning = meaningOf(s.value)
			}
		case s.doubtful:
			doubt = true
		case s.holds(minute):
			meaning = meaningOf(s.value)
		}
	}
	for _, s := range list { // a clause that holds beats the plain tag, whatever their order
		if s.key == key && s.when != "" && !s.doubtful && s.holds(minute) {
			meaning = meaningOf(s.value)
		}
	}
	return meaning, doubt
}

// meets is what a caller of a mode meets at a barrier at a minute of the day.
func meets(barrier string, list []statement, m geo.Mode, minute int) outcome {
	var meaning, own int
	var doubt bool
	for _, key := range ownKeys(m) {
		v, d := saying(list, key, minute)
		if doubt = doubt || d; v != saysNothing {
			own = v
			break
		}
	}
	if meaning = own; meaning == saysNothing {
		v, d := saying(list, "access", minute)
		meaning, doubt = v, doubt || d
	}
	locked, hours, within := false, false, true
	for _, s := range list {
		switch s.key {
		case "locked":
			locked = locked || s.value == "yes" && (s.when == "" || s.holds(minute))
		case "opening_hours":
			hours, within = true, s.holds(minute)
		}
	}
	gate := slices.Contains([]string{"gate", "lift_gate", "swing_gate", "sliding_gate", "wicket_gate", "entrance", ""}, barrier)
	turnstile := slices.Contains([]string{"turnstile", "full-height_turnstile", "kissing_gate", "stile"}, barrier)
	switch {
	case meaning == saysNo:
		return outcome{verdict: geo.Closed, zh: [...]string{"不让行人", "不让自行车", "不让电动车"}[m], en: [...]string{"No entry on foot", "No bicycles", "No e-bikes"}[m]}
	case locked && !(own == saysOpen && hours):
		return outcome{verdict: geo.Closed, zh: "上锁", en: "Locked"}
	case hours && !within:
		return outcome{verdict: geo.Closed, zh: "现在关闭", en: "Closed now"}
	case turnstile && m != geo.Foot && own == saysNothing:
		return outcome{verdict: geo.Closed, zh: "只能走人", en: "on foot only"}
	case slices.Contains([]string{"wall", "fence", "yes"}, barrier) && meaning == saysNothing:
		return outcome{verdict: geo.Closed, zh: "围墙", en: "wall"}
	}
	var o outcome
	switch meaning {
	case saysOpen:
		o = outcome{onward: true, zh: "可以通行", en: "Open"}
	case saysPush:
		o = outcome{onward: true, push: m != geo.Foot, zh: "下车推行", en: "push"}
		if m == geo.Foot {
			o.zh, o.en = "可以通行", "Open"
		}
	case saysCall:
		o = outcome{zh: "送货", en: "deliveries"}
	case saysAsk:
		o = outcome{verdict: geo.Permit, zh: "登记", en: "register"}
		if turnstile || barrier == "wicket_gate" {
			o.zh, o.en = "持卡", "Cardholders" // nobody sits there with a book
		}
	default:
		switch {
		case barrier == "security_control" || barrier == "checkpoint":
			o = outcome{verdict: geo.Permit, zh: "登记", en: "register"}
		case gate && hours:
			o = outcome{onward: true, zh: "现在开放", en: "Open"}
		case barrier == "":
			o = outcome{verdict: geo.Unknown, onward: true, zh: "没有标注", en: "not mapped"}
		case gate:
			o = outcome{verdict: geo.Unknown, onward: true, zh: "没有标注", en: "Not known"}
		case turnstile:
			o = outcome{onward: true, zh: "行人可通过", en: "on foot"}
		default:
			o = outcome{onward: true, zh: "可以通过", en: "Open"}
		}
	}
	if doubt && o.verdict == geo.Open {
		o.verdict, o.zh, o.en = geo.Unknown, "现场确认", "checked on the spot"
	}
	return o
}

// opensAt is the first minute from one on at which a caller may pass, -1 where
// there is none within a day.
func opensAt(barrier string, list []statement, m geo.Mode, minute int) int {
	for k := minute; k < minute+minutesOfDay; k++ {
		if meets(barrier, list, m, k).verdict != geo.Closed {
			return k
		}
	}
	return -1
}

// manner is one way of getting through the gate: in which mode, after how many
// minutes' wait.
type manner struct {
	outcome
	mode geo.Mode
	wait int // minutes, from the minute asked for
}

// patience is the longest wait at a gate in minutes.
const patience = 15

// refusal is what a rider meets at a gate that does not open soon: the words
// for whichever of riding and walking works first, and the minute at which
// that is, -1 where it is not within a day.
type refusal struct {
	outcome
	opens int
}

// manners lists how a rider may get through, riding first, and what is said
// where none works.
func manners(barrier string, list []statement, m geo.Mode, minute int) (out []manner, shut refusal) {
	modes := []geo.Mode{m}
	if m != geo.Foot {
		modes = append(modes, geo.Foot)
	}
	shut = refusal{meets(barrier, list, m, minute), -1}
	for _, k := range modes {
		at := opensAt(barrier, list, k, minute)
		if at >= 0 && (shut.opens < 0 || at < shut.opens) {
			shut = refusal{meets(barrier, list, k, minute), at}
		}
		if at < 0 || at-minute > patience {
			continue
		}
		o := meets(barrier, list, k, at)
		if at > minute {
			before := meets(barrier, list, k, minute)
			o.zh, o.en = before.zh, before.en
		}
		out = append(out, manner{o, k, at - minute})
	}
	return out, shut
}

// worth is what a manner costs in seconds beside the way: the delay at the
// gate, the chance of being turned away, the wait, and leaving the bike and
// walking on.
func (w manner) worth(m geo.Mode, opening int) float64 {
	s := float64(max(0, opening))
	switch w.verdict {
	case geo.Permit:
		s += 180
	case geo.Unknown:
		s += 195
	}
	if w.push {
		s += 8
	}
	if w.mode != m {
		s += 60
	}
	return s
}

func clockOf(minute int) string {
	return fmt.Sprintf("%02d:%02d", minute%minutesOfDay/60, minute%60)
}
