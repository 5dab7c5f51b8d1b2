package osm

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"yizhan/geo"
)

// maxText is the longest text in characters, OSM's own limit.
const maxText = 255

// clean makes a tag value fit to be shown: valid UTF-8, no control
// characters, no marks that turn the direction of the text around or hide,
// single spaces, at most maxText characters. Most values come back unchanged
// and cost no memory.
func clean(s string) string {
	if plain(s) {
		return s
	}
	var b strings.Builder
	n, space := 0, false
	for _, r := range s {
		if n == maxText {
			break
		}
		switch {
		case unicode.IsSpace(r):
			space = b.Len() > 0
			continue
		case r == utf8.RuneError || hidden(r):
			continue
		}
		if space {
			if n+1 == maxText {
				break // the space would be the last
			}
			b.WriteByte(' ')
			n, space = n+1, false
		}
		b.WriteRune(r)
		n++
	}
	return b.String()
}

// plain says whether clean has nothing to do.
func plain(s string) bool {
	if len(s) > maxText {
		return false
	}
	last := rune(' ')
	for _, r := range s {
		if r == utf8.RuneError || hidden(r) || r != ' ' && unicode.IsSpace(r) || r == ' ' && last == ' ' {
			return false
		}
		last = r
	}
	return last != ' ' || s == ""
}

// hidden says whether a character is a control, a direction mark, a
// non-character or otherwise not for the eye. Joiners stay: scripts need them.
func hidden(r rune) bool {
	switch {
	case r < 0x20, r >= 0x7f && r < 0xa0:
		return true
	case r < 0x2000:
		return r == 0x061c || r == 0x00ad || r == 0x180e
	case r == 0x200b, r == 0x200e, r == 0x200f, r == 0xfeff,
		r >= 0x2028 && r <= 0x202e, r >= 0x2060 && r <= 0x206f,
		r >= 0xe000 && r <= 0xf8ff, r >= 0xfff0 && r <= 0xfffb, r >= 0xe0000 && r <= 0xe0fff, r >= 0xf0000:
		return true
	}
	return false
}

// get returns the first tag that is there, cleaned.
func get(tags Tags, keys ...string) string {
	for _, k := range keys {
		if v := tags.Get(k); v != "" {
			if v = clean(v); v != "" {
				return v
			}
		}
	}
	return ""
}

// namesOf returns the local name and the names in other languages.
func namesOf(tags Tags) (name string, names map[string]string) {
	zh := get(tags, "name:zh", "name:zh-Hans", "name:zh-CN")
	en := get(tags, "name:en", "int_name")
	name = get(tags, "name")
	if name == "" {
		name = zh
	}
	if name == "" {
		name = en
	}
	if zh != "" || en != "" {
		names = make(map[string]string, 2)
		if zh != "" {
			names["zh"] = zh
		}
		if en != "" {
			names["en"] = en
		}
	}
	return name, names
}

// maxAliases bounds the other names of one thing.
const maxAliases = 8

// aliasesOf returns the other names that people search for.
func aliasesOf(tags Tags, name string) []string {
	var out []string
	for _, k := range [...]string{"short_name", "short_name:zh", "alt_name", "alt_name:zh", "official_name", "old_name"} {
		for one := range strings.SplitSeq(tags.Get(k), ";") {
			one = clean(one)
			if one == "" || one == name || len(out) == maxAliases {
				continue
			}
			seen := false
			for _, have := range out {
				seen = seen || have == one
			}
			if !seen {
				out = append(out, one)
			}
		}
	}
	return out
}

// addressOf writes the address as it is read where it stands: Chinese from
// the large to the small without spaces, else street and number.
func addressOf(tags Tags) string {
	if full := get(tags, "addr:full"); full != "" {
		return full
	}
	street := get(tags, "addr:street", "addr:place", "addr:neighbourhood")
	number := get(tags, "addr:housenumber")
	if street == "" {
		return ""
	}
	if han(street) {
		if number != "" && !han(number) {
			number += "号"
		}
		return clean(get(tags, "addr:city") + get(tags, "addr:district") + street + number)
	}
	if number != "" {
		street += " " + number
	}
	if city := get(tags, "addr:city"); city != "" {
		street += ", " + city
	}
	return clean(street)
}

// han says whether the text holds a Chinese character.
func han(s string) bool {
	for _, r := range s {
		if unicode.Is(unicode.Han, r) {
			return true
		}
	}
	return false
}

// website returns the web address, if it is one that may stand in a link.
func website(tags Tags) string {
	return geo.CleanURL(get(tags, "website", "contact:website", "url"))
}

// numberOf returns the number of a building: from the tags that numberKeys
// names, else from the end of its name.
func numberOf(tags Tags) string {
	if n := get(tags, numberKeys...); n != "" {
		return trimNumber(n)
	}
	return trailingNumber(get(tags, "name", "name:zh"))
}

// trimNumber takes the word for building or number off a number that says no
// more: "10号楼" and "10号" are 10, while "3栋" and "B座" are known as such.
func trimNumber(n string) string {
	for _, word := range [...]string{"号楼", "#楼", "号", "#", "楼"} {
		if core, ok := strings.CutSuffix(n, word); ok && core != "" && !han(core) {
			return core
		}
	}
	return n
}

// trailingNumber finds the number at the end of a building's name: 望京西园
// 319号楼 → 319, 学生13号公寓 → 13, 3栋 → 3栋, B座 → B座, 228 → 228. Numbers
// that count storeys or name a year are not ends of names.
func trailingNumber(name string) string {
	if name == "" {
		return ""
	}
	whole := true
	for _, r := range name {
		whole = whole && (r >= '0' && r <= '9')
	}
	if whole {
		if len(name) <= 4 {
			return name
		}
		return ""
	}
	for _, end := range [...]struct{ word, keep string }{
		{"号楼", ""}, {"号公寓", ""}, {"号宿舍", ""}, {"号院", "-"}, {"#楼", ""}, {"栋", "栋"}, {"幢", "幢"}, {"座", "座"}, {"号", ""}, {"#", ""},
	} {
		core, ok := strings.CutSuffix(name, end.word)
		if !ok {
			continue
		}
		at := len(core)
		for at > 0 && numeral(core[at-1]) {
			at--
		}
		if at == len(core) || len(core)-at > 6 || end.keep == "-" {
			return ""
		}
		return strings.Trim(core[at:], "-") + end.keep
	}
	return ""
}

// numeral says whether a byte may stand in a building's number.
func numeral(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c == '-'
}

// unitOf returns the unit of an entrance: 2 from addr:unit=2, ref=2 or
// name=2单元. A ref that is a sentence is no unit.
func unitOf(tags Tags) string {
	for _, k := range unitKeys {
		if u := get(tags, k); u != "" {
			u = strings.TrimSuffix(u, "单元")
			if utf8.RuneCountInString(u) <= 6 {
				return u
			}
		}
	}
	name := get(tags, "name")
	if at := strings.Index(name, "单元"); at > 0 {
		from := at
		for from > 0 && numeral(name[from-1]) {
			from--
		}
		if from < at {
			return name[from:at]
		}
		for _, n := range [...]string{"一", "二", "三", "四", "五", "六", "七", "八", "九", "十"} {
			if strings.HasSuffix(name[:at], n) {
				return n
			}
		}
	}
	return ""
}

// facilityKeys are the keys of the facilities' tags.
func facilityKeys() []string {
	var keys []string
	for _, f := range geo.Facilities() {
		if k, _, ok := strings.Cut(f.Tag, "="); ok {
			keys = append(keys, k)
		}
	}
	return keys
}

// facilitiesOf returns what a station's tags say it offers.
func facilitiesOf(tags Tags) []geo.Facility {
	var out []geo.Facility
	for _, f := range geo.Facilities() {
		k, v, ok := strings.Cut(f.Tag, "=")
		if ok && tags.Get(k) == v {
			out = append(out, f.Facility)
		}
	}
	return out
}
