package table

import (
	"regexp"
	"slices"
	"strings"

	"yizhan/geo"
)

// facilityWord is a word for a facility, as narrow leaves it.
type facilityWord struct {
	word     string
	facility geo.Facility
}

// facilityWords lists every word for a facility, longest first, so that 热水
// is not read as 水 nor "hot water" as water.
func facilityWords() []facilityWord {
	var words []facilityWord
	for _, info := range geo.Facilities() {
		add := func(w string) {
			words = append(words, facilityWord{narrow(w), info.Facility})
		}
		add(string(info.Facility))
		add(info.Name.Zh)
		add(info.Name.En)
		for _, w := range info.Words {
			add(w)
		}
	}
	slices.SortStableFunc(words, func(a, b facilityWord) int { return len(b.word) - len(a.word) })
	return words
}

// facilityOf reads a word that is the name of a facility.
func facilityOf(word string) (geo.Facility, bool) {
	for _, w := range facilityWords() {
		if w.word == word || strings.ReplaceAll(strings.ReplaceAll(w.word, " ", ""), "_", "") == word {
			return w.facility, true
		}
	}
	return "", false
}

// readFacilities reads a list in free text: "空调、饮水机、微波炉加热", in the
// order of the text. unknown are the items in which no facility was found, as they were written.
func readFacilities(text string, words []facilityWord) (found []geo.Facility, unknown []string) {
	type where struct {
		byte     int
		facility geo.Facility
	}
	items := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("、,，;；/|。\n+＋", r) })
	for _, item := range items {
		rest := strings.TrimSpace(narrow(item))
		if rest == "" || denied(rest) {
			continue
		}
		var at []where
		for _, w := range words {
			if !strings.Contains(rest, w.word) || misread(rest, w) {
				continue
			}
			at = append(at, where{strings.Index(rest, w.word), w.facility})
			rest = strings.ReplaceAll(rest, w.word, strings.Repeat("\x00", len(w.word)))
		}
		slices.SortStableFunc(at, func(a, b where) int { return a.byte - b.byte })
		for _, w := range at {
			found = append(found, w.facility)
		}
		if len(at) == 0 {
			unknown = append(unknown, strings.TrimSpace(item))
		}
	}
	return once(found), unknown
}

// once leaves out what comes again.
func once(found []geo.Facility) []geo.Facility {
	out := found[:0]
	for _, f := range found {
		if !slices.Contains(out, f) {
			out = append(out, f)
		}
	}
	return out
}

// inOrder sorts facilities in the order of the table, each once.
func inOrder(found []geo.Facility) []geo.Facility {
	slices.SortFunc(found, func(a, b geo.Facility) int { return facilityRank(a) - facilityRank(b) })
	return slices.Compact(found)
}

// denied says whether an item says that something is not there.
func denied(item string) bool {
	for _, no := range []string{"无线", "无障碍"} {
		if strings.HasPrefix(item, no) {
			return false
		}
	}
	for _, no := range []string{"无", "没有", "暂无", "不提供", "未提供", "no "} {
		if strings.HasPrefix(item, no) {
			return true
		}
	}
	return item == "no" || item == "否"
}

// misread says whether a word means something else in its place: charging an
// e-bike is not charging a phone, and short Latin words must stand alone.
func misread(item string, w facilityWord) bool {
	if w.facility == "phone_charging" && !strings.Contains(w.word, "手机") {
		for _, vehicle := range []string{"车", "电瓶", "bike", "vehicle"} {
			if strings.Contains(item, vehicle) {
				return true
			}
		}
	}
	if w.word[0] < 0x80 {
		return !slices.Contains(strings.FieldsFunc(item, func(r rune) bool { return r == ' ' || r >= 0x80 || r == '(' || r == ')' }), w.word) && item != w.word &&
			!strings.HasPrefix(item, w.word+" ") && !strings.HasSuffix(item, " "+w.word)
	}
	return false
}

func facilityRank(f geo.Facility) int {
	return slices.IndexFunc(geo.Facilities(), func(i geo.FacilityInfo) bool { return i.Facility == f })
}

// someForm matches 有(2个), 有，在一楼 and 2个.
var someForm = regexp.MustCompile(`^(有([(0-9,;:、].*)?|提供[(,].*|[1-9][0-9]{0,2}[个处台张把套组])$`)

// yes reads a cell of a yes-or-no column; known is false where it says
// neither. ○ is a yes, as in most Chinese tables; see hollow.
func yes(cell string) (yes, known bool) {
	c := narrow(cell)
	switch c {
	case "是", "√", "✓", "✔", "1", "y", "yes", "true", "提供", "o", "○", "◯", "●", "■", "☑":
		return true, true
	case "", "0个", "0处", "0台", "否", "无", "没有", "×", "✗", "✕", "x", "0", "n", "no", "false", "/", "-", "—", "不提供", "暂无", "□":
		return false, true
	}
	return someForm.MatchString(c), someForm.MatchString(c)
}

// stationWords are words for station types beside their names, by which a cell
// of the type column is read. The first that stands in the cell counts.
var stationWords = [...]struct {
	word string
	kind geo.StationType
}{
	{"党群", geo.ServiceCentre}, {"便民服务", geo.ServiceCentre}, {"服务中心", geo.ServiceCentre},
	{"总站", geo.Hub}, {"主站", geo.Hub}, {"中心站", geo.Hub}, {"分站", geo.Branch}, {"子站", geo.Branch},
	{"自取", geo.Pickup}, {"自提", geo.Pickup}, {"取餐", geo.Pickup}, {"医院", geo.Hospital}, {"诊所", geo.Hospital},
	{"学堂", geo.Academy}, {"学校", geo.Academy}, {"书屋", geo.Academy}, {"物业", geo.Property},
	{"流动", geo.Event}, {"活动", geo.Event}, {"商家", geo.Merchant}, {"商户", geo.Merchant}, {"商铺", geo.Merchant}, {"超市", geo.Merchant}, {"药房", geo.Merchant}, {"药店", geo.Merchant},
}

// readStationType reads a cell of the type column.
func readStationType(cell string) (geo.StationType, bool) {
	c := narrow(cell)
	for _, info := range geo.StationTypes() {
		if c == string(info.Type) || c == narrow(info.Name.Zh) || c == narrow(info.Name.En) {
			return info.Type, true
		}
	}
	for _, w := range stationWords {
		if strings.Contains(c, w.word) {
			return w.kind, true
		}
	}
	return "", false
}

// typeInName reads a station's type from its name where that leaves no doubt.
func typeInName(name string) geo.StationType {
	switch {
	case strings.Contains(name, "党群服务中心"):
		return geo.ServiceCentre
	case strings.Contains(name, "医院"):
		return geo.Hospital
	}
	return ""
}
