package search

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// door is a query that names a building: what stands before the number, the
// number, and the unit where one is given.
type door struct {
	compound string
	number   string
	unit     string
	// sure is true where the number carries a word for building; a bare
	// number at the end is a building only after a compound's name.
	sure bool
}

const (
	arabic  = `[0-9]{1,4}`
	chinese = `[一二三四五六七八九十百零]{1,6}`
)

// doorForm reads "锦江城市花园 10栋 3单元 502室", folded. "号" alone may be a
// house number of a street as well, so it is not sure.
var doorForm = regexp.MustCompile(`^(.*?) ?((?:` + arabic + `|` + chinese + `)[a-z]?|[a-z][0-9]{0,3}) ?(号楼|号院|栋|幢|座|#楼|#|号|$)` +
	` ?(?:((?:` + arabic + `|` + chinese + `)|[a-z]) ?单元)? ?(?:` + arabic + `(?:室|号|层|楼)?)?$`)

// parseDoor reads a folded query as a building.
func parseDoor(query string) (door, bool) {
	m := doorForm.FindStringSubmatch(query)
	if m == nil {
		return door{}, false
	}
	d := door{compound: strings.TrimSpace(m[1]), number: plainNumber(m[2]), unit: plainNumber(m[4])}
	switch m[3] {
	case "号", "":
	default:
		d.sure = true
	}
	if d.number == "" || m[3] == "" && m[4] == "" && d.compound == "" {
		return door{}, false
	}
	// A number that goes on to the left, or the last letter of a word, is
	// none: "12345", "cafe".
	before, _ := utf8.DecodeLastRuneInString(m[1])
	first, _ := utf8.DecodeRuneInString(m[2])
	if separate := len(m[1])+len(m[2]) < len(m[0]) && m[0][len(m[1])] == ' '; !separate && script(before) != 0 && script(before) == script(first) {
		return door{}, false
	}
	return d, true
}

// script classes a character: 1 Arabic digits, 2 Chinese ones, 3 Latin
// letters, 0 all else.
func script(r rune) int {
	switch {
	case r >= '0' && r <= '9':
		return 1
	case strings.ContainsRune("一二三四五六七八九十百零", r):
		return 2
	case r >= 'a' && r <= 'z':
		return 3
	}
	return 0
}

// plainNumber reduces a building's or unit's number to what identifies it: "3"
// for 3栋, 3号楼, 三栋, 03; "a" for A座; "12b" for 12B幢. It returns "" for
// what is no number.
func plainNumber(s string) string {
	s = Fold(s)
	for _, word := range []string{"号楼", "#楼", "栋", "幢", "座", "单元", "楼", "号", "#", "building", "block"} {
		s = strings.TrimSpace(strings.TrimSuffix(strings.TrimPrefix(s, word), word))
	}
	if s == "" || len(s) > 15 {
		return ""
	}
	if n, ok := chineseNumber(s); ok {
		return n
	}
	for _, r := range s {
		if (r < '0' || r > '9') && (r < 'a' || r > 'z') && r != '-' {
			return ""
		}
	}
	if s = strings.TrimLeft(s, "0"); s == "" {
		return "0"
	}
	return s
}

// chineseNumber reads 一 to 九百九十九.
func chineseNumber(s string) (string, bool) {
	const digits = "一二三四五六七八九"
	total, digit := 0, 0
	for _, r := range s {
		at := strings.IndexRune(digits, r)
		switch {
		case r == '零' && total > 0 && digit == 0:
		case at >= 0 && digit == 0:
			digit = at/len("一") + 1
		case r == '十' && total%100 == 0:
			total, digit = total+max(digit, 1)*10, 0
		case r == '百' && total == 0 && digit > 0:
			total, digit = digit*100, 0
		default:
			return "", false
		}
	}
	if total += digit; total == 0 {
		return "", false
	}
	return strconv.Itoa(total), true
}

// numberLabel is how a building's number is written for people: "10号楼" for a
// bare 10, itself where it says what it is.
func numberLabel(number string) string {
	if number == "" {
		return ""
	}
	for _, r := range number {
		if (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') {
			return number
		}
	}
	if number[0] >= '0' && number[0] <= '9' {
		return number + "号楼"
	}
	return number + "座"
}

func sortedKeys(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }
